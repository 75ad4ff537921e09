#include "feed/opml.h"

#include <errno.h>

#include "base/limits.h"
#include "base/macros.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "feed/link.h"
#include "feed/sniff.h"
#include "feed/xml.h"

/*
 * http://opml.org/spec2.opml, as readers write it: attributes in any case, folders of any depth, HTML's entities,
 * bare '&' in URLs. Read by the tolerant reader alone, since lists are small and it knows where each outline stands.
 */
struct outline {
        struct fw_str folder; /* its name, if it is one */
};

struct opml {
        struct fw_arena *arena;
        struct fw_diag *diag;
        const struct fw_source_text *source;
        size_t document_offset; /* in the source, of the text that is read */
        bool has_root, is_opml;
        struct fw_str root_name;
        struct outline open[FW_LIMIT_NESTING];
        size_t depth;
        size_t title_depth; /* of the <title> that is open; 0: none */
        struct fw_buf title;
        FW_VEC(struct fw_subscription) feeds;
        FW_VEC(struct fw_str) tags; /* scratch */
};

static struct fw_str attribute(const struct fw_xml_element *element, const char *name)
{
        const struct fw_str *value = fw_xml_attribute(element, FW_NS_NONE, fw_str_c(name));
        return value ? fw_str_trim(*value) : FW_STR_NONE;
}

static struct fw_str first_of(struct fw_str a, struct fw_str b)
{
        return a.len > 0 ? a : b;
}

static void add_tag(struct opml *opml, struct fw_str tag)
{
        tag = fw_str_trim(tag);
        while (fw_str_starts(tag, FW_STR("/")))
                tag = fw_str_slice(tag, 1, tag.len);
        for (size_t i = 0; i < opml->tags.len; i++)
                if (fw_str_eq(opml->tags.p[i], tag))
                        return;
        if (tag.len > 0)
                fw_vec_push(&opml->tags, fw_arena_copy(opml->arena, tag));
}

/* The folders about the outline, and its categories: "/a/b,c". */
static void collect_tags(struct opml *opml, const struct fw_xml_element *element, struct fw_subscription *feed)
{
        opml->tags.len = 0;
        for (size_t i = 0; i < opml->depth; i++)
                add_tag(opml, opml->open[i].folder);
        struct fw_str rest = attribute(element, "category"), category;
        while (fw_str_split(&rest, ',', &category))
                add_tag(opml, category);
        feed->tags = memcpy(fw_arena_alloc(opml->arena, sizeof(struct fw_str) * (opml->tags.len + 1)),
                            opml->tags.len > 0 ? opml->tags.p : &(struct fw_str){ 0 },
                            sizeof(struct fw_str) * opml->tags.len);
        feed->tags_len = opml->tags.len;
}

/* feed://host/… and feed:https://… are what some browsers made of links to feeds. */
static struct fw_str usable_url(struct fw_str url, struct fw_arena *arena)
{
        if (fw_str_starts_nocase(url, FW_STR("feed://")))
                return fw_arena_printf(arena, "http%.*s", FW_STR_ARG(fw_str_slice(url, strlen("feed"), url.len)));
        if (fw_str_starts_nocase(url, FW_STR("feed:")))
                url = fw_str_slice(url, strlen("feed:"), url.len);
        return fw_arena_copy(arena, url);
}

static bool is_url_of_feed(struct fw_str url)
{
        return fw_link_is_http(url) || (fw_str_starts_nocase(url, FW_STR("file:///")) && url.len > strlen("file:///"));
}

static void add_feed(struct opml *opml, const struct fw_xml_element *element, struct fw_str url)
{
        struct fw_arena *arena = opml->arena;
        struct fw_location location = { .source = opml->source,
                                        .offset = opml->document_offset + element->offset,
                                        .length = strlen("<outline") };
        struct fw_subscription feed = {
                .url = usable_url(url, arena),
                .title = fw_arena_copy(arena, first_of(attribute(element, "title"), attribute(element, "text"))),
                .home_page_url = fw_arena_copy(arena, attribute(element, "htmlUrl")),
                .type = fw_arena_copy(arena, attribute(element, "type")),
                .language = fw_arena_copy(arena, attribute(element, "language")),
                .location = location,
        };
        if (!is_url_of_feed(feed.url)) {
                fw_diag_add(opml->diag, FW_WARNING, location,
                            "the outline '%.*s' has the xmlUrl '%.*s', which is no http, https or file URL; left out",
                            FW_STR_ARG(fw_utf8_cut(feed.title, 80)), FW_STR_ARG(fw_utf8_cut(feed.url, 200)));
                return;
        }
        collect_tags(opml, element, &feed);
        fw_vec_push(&opml->feeds, feed);
}

static void start_outline(struct opml *opml, const struct fw_xml_element *element)
{
        struct fw_str url = attribute(element, "xmlUrl"), type = attribute(element, "type");
        bool is_feed_type = fw_str_eq_nocase(type, FW_STR("rss")) || fw_str_eq_nocase(type, FW_STR("atom"));
        if (url.len == 0 && is_feed_type)
                url = attribute(element, "url");
        struct fw_str name = first_of(attribute(element, "text"), attribute(element, "title"));
        if (url.len > 0)
                add_feed(opml, element, url);
        else if (is_feed_type)
                fw_diag_add(opml->diag, FW_WARNING,
                            (struct fw_location){ opml->source, opml->document_offset + element->offset,
                                                  strlen("<outline") },
                            "the outline '%.*s' has no xmlUrl; left out", FW_STR_ARG(fw_utf8_cut(name, 80)));
        else
                opml->open[opml->depth].folder = fw_arena_copy(opml->arena, name);
}

static void on_start(void *userdata, const struct fw_xml_element *element)
{
        struct opml *opml = userdata;
        opml->open[opml->depth] = (struct outline){ 0 };
        if (!opml->has_root) {
                opml->has_root = true;
                opml->root_name = fw_arena_copy(opml->arena, element->name);
                opml->is_opml = fw_str_eq_nocase(element->name, FW_STR("opml"));
        } else if (opml->is_opml && fw_str_eq_nocase(element->name, FW_STR("outline"))) {
                start_outline(opml, element);
        } else if (fw_str_eq_nocase(element->name, FW_STR("title")) && opml->title.len == 0) {
                opml->title_depth = opml->depth + 1;
        }
        opml->depth++;
}

static void on_end(void *userdata)
{
        struct opml *opml = userdata;
        if (opml->depth == opml->title_depth)
                opml->title_depth = 0;
        opml->depth--;
}

static void on_text(void *userdata, struct fw_str text)
{
        struct opml *opml = userdata;
        if (opml->title_depth > 0)
                (void) fw_buf_append(&opml->title, text);
}

static const struct fw_xml_handler handler = { .start = on_start, .end = on_end, .text = on_text };

static int check(const struct opml *opml, struct fw_str problem)
{
        struct fw_location start = { .source = opml->source };
        if (!opml->is_opml) {
                fw_diag_add(opml->diag, FW_ERROR, start, "this is no OPML: %s%.*s%s",
                            opml->has_root ? "its root is <" : "there is no XML",
                            FW_STR_ARG(fw_utf8_cut(opml->root_name, 64)), opml->has_root ? ">" : " in it");
                return -EINVAL;
        }
        if (problem.len > 0)
                fw_diag_add(opml->diag, FW_WARNING, start, "not well-formed XML, read as far as it makes sense: %.*s",
                            FW_STR_ARG(problem));
        if (opml->feeds.len == 0) {
                fw_diag_add(opml->diag, FW_ERROR, start,
                            "there is no feed in this list: no <outline> has a usable xmlUrl");
                return -EINVAL;
        }
        return 0;
}

static void give_list(struct opml *opml, struct fw_subscription_list *ret_list)
{
        struct fw_subscription *feeds = fw_arena_new_array(opml->arena, struct fw_subscription, opml->feeds.len);
        memcpy(feeds, opml->feeds.p, sizeof(*feeds) * opml->feeds.len);
        *ret_list = (struct fw_subscription_list){
                .title = fw_arena_copy(opml->arena, fw_str_trim(fw_buf_str(&opml->title))),
                .feeds = feeds,
                .feeds_len = opml->feeds.len,
        };
}

int fw_opml_parse(struct fw_str name, struct fw_str content, struct fw_arena *arena, struct fw_diag *diag,
                  struct fw_subscription_list *ret_list)
{
        struct fw_sniffed sniffed;
        fw_sniff(content, FW_STR_NONE, arena, &sniffed);
        struct opml opml = { .arena = arena, .diag = diag };
        fw_buf_init(&opml.title, FW_BUF_UNBOUNDED);
        if (diag)
                opml.source = fw_diag_source(diag, name, sniffed.whole);
        opml.document_offset = sniffed.whole.len - sniffed.text.len;
        struct fw_str problem = FW_STR_NONE;
        if (sniffed.kind == FW_BODY_XML)
                fw_xml_read_tolerant(sniffed.text, sniffed.first_line, true, &handler, &opml, arena, &problem);
        int r = check(&opml, sniffed.complaint.len > 0 ? sniffed.complaint : problem);
        if (r == 0)
                give_list(&opml, ret_list);
        fw_buf_done(&opml.title);
        fw_vec_done(&opml.feeds);
        fw_vec_done(&opml.tags);
        return r;
}
