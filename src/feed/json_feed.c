#include "feed/json_feed.h"

#include <errno.h>

#include "base/macros.h"
#include "feed/draft.h"
#include "feed/json_mend.h"
#include "feed/limits.h"
#include "feed/link.h"

/* https://www.jsonfeed.org/version/1.1/; 1.0 differs by `author` in place of `authors`. Both are taken from either. */
struct reading {
        struct fw_arena *arena;
        struct fw_finisher finisher;
        struct fw_feed_draft feed;
        struct fw_item_draft item;
        struct fw_str base;
};

/* A string; of numbers and truth values what they look like, since ids come as all of these. */
static struct fw_str text_of(const json_t *value, struct fw_arena *arena)
{
        if (json_is_string(value))
                return fw_str_n(json_string_value(value), json_string_length(value));
        if (json_is_integer(value))
                return fw_arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return FW_STR_NONE;
}

static void set_string(const struct reading *r, struct fw_draft_string *target, const json_t *object, const char *key,
                       unsigned rank)
{
        fw_draft_set_string(target, text_of(json_object_get(object, key), r->arena), FW_STR_NONE, rank, r->arena);
}

static void set_text(const struct reading *r, struct fw_draft_text *target, const json_t *object, const char *key,
                     enum fw_text_kind kind)
{
        fw_draft_set_text(target, kind, text_of(json_object_get(object, key), r->arena), FW_STR_NONE,
                          kind == FW_TEXT_HTML ? 0 : 1, r->arena);
}

static struct fw_str copy_of(const struct reading *r, const json_t *object, const char *key)
{
        return fw_arena_copy(r->arena, fw_str_trim(text_of(json_object_get(object, key), r->arena)));
}

static struct fw_str link_of(const struct reading *r, const json_t *object, const char *key)
{
        struct fw_str link = copy_of(r, object, key);
        return link.len > 0 ? fw_link_resolve(r->base, link, r->arena) : link;
}

static void add_person(const struct reading *r, fw_person_list *people, const json_t *author)
{
        struct fw_person person = {
                .name = json_is_string(author) ? fw_arena_copy(r->arena, text_of(author, r->arena))
                                               : copy_of(r, author, "name"),
                .url = link_of(r, author, "url"),
                .avatar = link_of(r, author, "avatar"),
        };
        fw_draft_add_person(people, &person);
}

/* `authors`, or 1.0's `author`; either may be a list, an object or a mere name. */
static void add_people(const struct reading *r, fw_person_list *people, const json_t *object)
{
        static const char *const keys[] = { "authors", "author" };
        for (size_t i = 0; i < FW_ARRAY_LEN(keys) && people->len == 0; i++) {
                const json_t *value = json_object_get(object, keys[i]), *author;
                size_t index;
                if (value && !json_is_array(value))
                        add_person(r, people, value);
                json_array_foreach(value, index, author) add_person(r, people, author);
        }
}

static double number_of(const json_t *value)
{
        double number = 0;
        if (json_is_integer(value))
                return (double) json_integer_value(value);
        return fw_str_to_double(fw_str_n(json_string_value(value), json_string_length(value)), &number) == 0 ? number
                                                                                                             : 0;
}

static void add_attachments(struct reading *r, const json_t *attachments)
{
        const json_t *object;
        size_t index;
        json_array_foreach(attachments, index, object)
        {
                const json_t *size = json_object_get(object, "size_in_bytes");
                double size_number = number_of(size),
                       duration = number_of(json_object_get(object, "duration_in_seconds"));
                struct fw_attachment attachment = {
                        .url = link_of(r, object, "url"),
                        .mime_type = copy_of(r, object, "mime_type"),
                        .title = copy_of(r, object, "title"),
                        .duration_seconds = duration > 0 && duration < 1e9 ? duration : 0,
                };
                if (json_is_integer(size) && json_integer_value(size) > 0)
                        attachment.size_bytes = (uint64_t) json_integer_value(size);
                else if (size_number >= 1 && size_number < 9e15)
                        attachment.size_bytes = (uint64_t) size_number;
                fw_draft_add_attachment(&r->item.attachments, &attachment);
        }
}

static void add_tags(const struct reading *r, fw_str_list *list, const json_t *tags)
{
        const json_t *tag;
        size_t index;
        json_array_foreach(tags, index, tag) fw_draft_add_tag(list, text_of(tag, r->arena), r->arena);
}

static struct fw_item *read_item(struct reading *r, const json_t *object)
{
        struct fw_item_draft *draft = &r->item;
        fw_item_draft_reset(draft);
        set_string(r, &draft->id, object, "id", 0);
        set_string(r, &draft->url, object, "url", 0);
        set_string(r, &draft->external_url, object, "external_url", 0);
        set_string(r, &draft->image, object, "image", 0);
        set_string(r, &draft->image, object, "banner_image", 1);
        set_string(r, &draft->language, object, "language", 0);
        set_text(r, &draft->title, object, "title", FW_TEXT_PLAIN);
        set_text(r, &draft->summary, object, "summary", FW_TEXT_PLAIN);
        set_text(r, &draft->content, object, "content_html", FW_TEXT_HTML);
        set_text(r, &draft->content, object, "content_text", FW_TEXT_PLAIN);
        fw_draft_set_date(&draft->published, text_of(json_object_get(object, "date_published"), r->arena), 0);
        fw_draft_set_date(&draft->modified, text_of(json_object_get(object, "date_modified"), r->arena), 0);
        add_people(r, &draft->authors, object);
        add_tags(r, &draft->tags, json_object_get(object, "tags"));
        add_attachments(r, json_object_get(object, "attachments"));
        struct fw_item *item = fw_item_finish(draft, r->base, &r->finisher);
        struct fw_str text =
                copy_of(r, object, "content_text"); /* the author's own words for the HTML, if there are any */
        if (text.len > 0)
                item->content_text = text;
        return item;
}

static void read_hubs(struct reading *r, const json_t *hubs)
{
        const json_t *hub;
        size_t index;
        json_array_foreach(hubs, index,
                           hub) if (fw_str_eq_nocase(text_of(json_object_get(hub, "type"), r->arena), FW_STR("WebSub")))
                set_string(r, &r->feed.hub_url, hub, "url", 0);
}

static void read_head(struct reading *r, const json_t *root, const struct fw_feed_hints *hints)
{
        struct fw_feed_draft *feed = &r->feed;
        set_text(r, &feed->title, root, "title", FW_TEXT_PLAIN);
        set_text(r, &feed->description, root, "description", FW_TEXT_PLAIN);
        set_string(r, &feed->home_page_url, root, "home_page_url", 0);
        set_string(r, &feed->feed_url, root, "feed_url", 0);
        set_string(r, &feed->next_url, root, "next_url", 0);
        set_string(r, &feed->icon, root, "icon", 0);
        set_string(r, &feed->favicon, root, "favicon", 0);
        set_string(r, &feed->language, root, "language", 0);
        feed->feed.expired = json_is_true(json_object_get(root, "expired"));
        read_hubs(r, json_object_get(root, "hubs"));
        const struct fw_str bases[] = { hints->url, feed->feed_url.value, feed->home_page_url.value };
        for (size_t i = FW_ARRAY_LEN(bases); i > 0; i--)
                if (fw_link_is_http(bases[i - 1]) && bases[i - 1].len <= FW_LIMIT_LINK_BASE_BYTES)
                        r->base = bases[i - 1];
        add_people(r, &feed->authors, root);
}

/* True for a JSON Feed: by the URL of its version, or without that by what only a feed has. */
static bool is_feed(const json_t *root, enum fw_feed_format *ret_format)
{
        struct fw_str version = fw_json_get_str(root, "version");
        size_t slash = FW_MIN(fw_str_find(version, FW_STR("/version/"), 0), version.len);
        struct fw_str number =
                slash < version.len ? fw_str_slice(version, slash + strlen("/version/"), version.len) : version;
        *ret_format =
                fw_str_eq(number, FW_STR("1")) || fw_str_eq(number, FW_STR("1.0")) ? FW_FEED_JSON_10 : FW_FEED_JSON_11;
        bool looks_like_one = json_is_array(json_object_get(root, "items")) &&
                              json_is_string(json_object_get(root, "title")) &&
                              (json_object_get(root, "home_page_url") || json_object_get(root, "feed_url"));
        return fw_str_find(version, FW_STR("jsonfeed.org/version/"), 0) != SIZE_MAX || looks_like_one;
}

static void read_items(struct reading *r, const json_t *items, struct fw_json_feed *ret_feed)
{
        size_t len = FW_MIN(json_array_size(items), FW_LIMIT_FEED_ITEMS), used = 0, index;
        const struct fw_item **list = fw_arena_new_array(r->arena, const struct fw_item *, len);
        const json_t *object;
        json_array_foreach(items, index, object) if (json_is_object(object) && used < len) list[used++] =
                read_item(r, object);
        if (json_array_size(items) > len && ret_feed->problem.len == 0)
                ret_feed->problem = fw_arena_printf(r->arena, "more than %zu items; the rest is left out", len);
        ret_feed->items = list;
        ret_feed->feed->items_len = used;
}

static void read_root(const json_t *root, const struct fw_feed_hints *hints, struct fw_arena *arena,
                      struct fw_json_feed *ret_feed)
{
        struct reading r = { .arena = arena };
        fw_finisher_init(&r.finisher, arena);
        read_head(&r, root, hints);
        ret_feed->feed = fw_feed_finish(&r.feed, r.base, &r.finisher);
        read_items(&r, json_object_get(root, "items"), ret_feed);
        fw_item_draft_done(&r.item);
        fw_feed_draft_done(&r.feed);
        fw_finisher_done(&r.finisher);
}

int fw_json_feed_read(struct fw_str text, const struct fw_feed_hints *hints, struct fw_arena *arena,
                      struct fw_json_feed *ret_feed, const char **ret_what)
{
        *ret_feed = (struct fw_json_feed){ 0 };
        fw_cleanup(fw_buf_done) struct fw_buf mended = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_json_mend(text, arena, &mended, &ret_feed->problem);
        fw_cleanup(fw_json_decrefp) json_t *root = fw_json_parse(fw_buf_str(&mended), NULL);
        enum fw_feed_format format;
        if (!json_is_object(root) || !is_feed(root, &format)) {
                *ret_what = "JSON without the 'version' of a JSON Feed";
                return -EBADMSG;
        }
        read_root(root, hints, arena, ret_feed);
        ret_feed->feed->format = format;
        if (ret_feed->problem.len == 0 &&
            fw_str_find(fw_json_get_str(root, "version"), FW_STR("jsonfeed.org/version/"), 0) == SIZE_MAX)
                ret_feed->problem = FW_STR("the 'version' is not that of a JSON Feed");
        return 0;
}
