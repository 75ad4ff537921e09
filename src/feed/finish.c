#include "base/macros.h"
#include "feed/draft.h"
#include "feed/html_links.h"
#include "feed/link.h"

void fw_finisher_init(struct fw_finisher *finisher, struct fw_arena *arena)
{
        finisher->arena = arena;
        fw_plain_text_init(&finisher->plain);
        fw_buf_init(&finisher->scratch, FW_BUF_UNBOUNDED);
}

void fw_finisher_done(struct fw_finisher *finisher)
{
        fw_plain_text_done(&finisher->plain);
        fw_buf_done(&finisher->scratch);
}

/* Runs of white space become one blank; with `keep_lines`, one line end if there is one among them. */
static struct fw_str collapse(struct fw_str text, bool keep_lines, struct fw_arena *arena)
{
        text = fw_str_trim(text);
        char *out = fw_arena_alloc(arena, text.len + 1);
        size_t len = 0;
        for (size_t i = 0; i < text.len;) {
                if (!fw_is_space(text.p[i])) {
                        out[len++] = text.p[i++];
                        continue;
                }
                bool has_line_end = false;
                for (; i < text.len && fw_is_space(text.p[i]); i++)
                        has_line_end |= text.p[i] == '\n';
                out[len++] = keep_lines && has_line_end ? '\n' : ' ';
        }
        out[len] = '\0';
        return fw_str_n(out, len);
}

static bool has_markup(struct fw_str html)
{
        return fw_str_find_byte(html, '<', 0) != SIZE_MAX || fw_str_find_byte(html, '&', 0) != SIZE_MAX;
}

static bool has_white_space(struct fw_str text)
{
        for (size_t i = 0; i < text.len; i++)
                if (fw_is_space(text.p[i]) && (text.p[i] != ' ' || (i > 0 && text.p[i - 1] == ' ')))
                        return true;
        return false;
}

struct fw_str fw_line_of(enum fw_text_kind kind, struct fw_str text, struct fw_finisher *finisher)
{
        if (kind == FW_TEXT_HTML && has_markup(text)) {
                fw_html_to_text(text, &finisher->plain);
                return collapse(fw_buf_str(&finisher->plain.text), false, finisher->arena);
        }
        return has_white_space(text) ? collapse(text, false, finisher->arena) : fw_arena_copy(finisher->arena, text);
}

static struct fw_str line_of_draft(const struct fw_draft_text *text, struct fw_finisher *finisher)
{
        return text->kind == FW_TEXT_NONE ? FW_STR_NONE : fw_line_of(text->kind, text->raw, finisher);
}

/* Without words that are addresses, and without "mailto:". */
static void append_without_addresses(struct fw_buf *out, struct fw_str text)
{
        for (size_t i = 0, end; i < text.len; i = end + 1) {
                bool is_address = false;
                for (end = i; end < text.len && !fw_is_space(text.p[end]); end++)
                        is_address |= text.p[end] == '@' && end > i;
                if (end == i || is_address)
                        continue;
                if (out->len > 0)
                        (void) fw_buf_append_byte(out, ' ');
                (void) fw_buf_append(out, fw_str_slice(text, i, end));
        }
}

static struct fw_str without_brackets(struct fw_str name)
{
        name = fw_str_trim(name);
        bool round = fw_str_starts(name, FW_STR("(")) && fw_str_ends(name, FW_STR(")"));
        bool quoted = name.len >= 2 && fw_str_starts(name, FW_STR("\"")) && fw_str_ends(name, FW_STR("\""));
        return round || quoted ? fw_str_trim(fw_str_slice(name, 1, name.len - 1)) : name;
}

struct fw_str fw_person_name(struct fw_str text, struct fw_finisher *finisher)
{
        fw_buf_reset(&finisher->scratch);
        append_without_addresses(&finisher->scratch, text);
        struct fw_str name = without_brackets(fw_buf_str(&finisher->scratch));
        return fw_line_of(FW_TEXT_HTML, name.len > 0 ? name : fw_str_trim(text), finisher);
}

static struct fw_str finish_link(const struct fw_draft_string *link, struct fw_str base, struct fw_arena *arena)
{
        if (link->value.len == 0)
                return FW_STR_NONE;
        return fw_link_resolve(link->base.len > 0 ? link->base : base, link->value, arena);
}

static void finish_content(struct fw_item *item, const struct fw_draft_text *content, struct fw_str base,
                           struct fw_finisher *finisher)
{
        if (content->kind == FW_TEXT_PLAIN) {
                item->content_text = content->raw;
        } else if (content->kind == FW_TEXT_HTML) {
                item->content_html = fw_html_resolve_links(content->raw, content->base.len > 0 ? content->base : base,
                                                           finisher->arena);
                fw_html_to_text(content->raw, &finisher->plain);
                item->content_text = collapse(fw_buf_str(&finisher->plain.text), true, finisher->arena);
        }
}

/*
 * Without an id the link serves, or a podcast's file; else a fingerprint of what there is, whose prefix says that it
 * is ours.
 */
static struct fw_str make_id(const struct fw_item *item, struct fw_arena *arena)
{
        if (item->url.len > 0)
                return item->url;
        if (item->attachments_len > 0)
                return item->attachments[0].url;
        const struct fw_str parts[] = {
                item->title,
                item->title.len > 0 ? FW_STR_NONE : item->content_text,
                fw_str_n((const char *) &item->published_usec, sizeof(item->published_usec)),
        };
        struct fw_hash128 hash = fw_hash128_parts(parts, FW_ARRAY_LEN(parts));
        char hex[2 * sizeof(hash.bytes)];
        for (size_t i = 0; i < sizeof(hash.bytes); i++) {
                hex[2 * i] = "0123456789abcdef"[hash.bytes[i] >> 4];
                hex[2 * i + 1] = "0123456789abcdef"[hash.bytes[i] & 15];
        }
        return fw_arena_printf(arena, "urn:feedwatch:%.*s", (int) sizeof(hex), hex);
}

#define copy_list(arena, type, list) \
        ((list)->len == 0            \
                 ? NULL              \
                 : memcpy(fw_arena_alloc((arena), sizeof(type) * (list)->len), (list)->p, sizeof(type) * (list)->len))

static void finish_lists(struct fw_item *item, struct fw_item_draft *draft, struct fw_str base, struct fw_arena *arena)
{
        fw_person_list *authors = draft->authors.len > 0 ? &draft->authors : &draft->source_authors;
        for (size_t i = 0; i < authors->len; i++)
                if (authors->p[i].url.len > 0)
                        authors->p[i].url = fw_link_resolve(base, authors->p[i].url, arena);
        for (size_t i = 0; i < draft->attachments.len; i++)
                draft->attachments.p[i].url = fw_link_resolve(base, draft->attachments.p[i].url, arena);
        if (draft->attachments.len > 0 && !(draft->attachments.p[0].duration_seconds > 0))
                draft->attachments.p[0].duration_seconds = draft->duration_seconds;
        item->authors = copy_list(arena, struct fw_person, authors);
        item->authors_len = authors->len;
        item->tags = copy_list(arena, struct fw_str, &draft->tags);
        item->tags_len = draft->tags.len;
        item->attachments = copy_list(arena, struct fw_attachment, &draft->attachments);
        item->attachments_len = draft->attachments.len;
}

struct fw_item *fw_item_finish(struct fw_item_draft *draft, struct fw_str base, struct fw_finisher *finisher)
{
        struct fw_arena *arena = finisher->arena;
        struct fw_item *item = fw_arena_new_object(arena, struct fw_item);
        item->url = finish_link(&draft->url, base, arena);
        if (base.len == 0 && fw_link_is_http(item->url))
                base = item->url;
        item->external_url = finish_link(&draft->external_url, base, arena);
        item->image = finish_link(&draft->image, base, arena);
        item->language = draft->language.value;
        item->published_usec = draft->published.usec;
        item->modified_usec = draft->modified.usec;
        item->title = line_of_draft(&draft->title, finisher);
        bool has_both = draft->content.kind != FW_TEXT_NONE;
        finish_content(item, has_both ? &draft->content : &draft->description, base, finisher);
        item->summary = line_of_draft(
                draft->summary.kind != FW_TEXT_NONE || !has_both ? &draft->summary : &draft->description, finisher);
        finish_lists(item, draft, base, arena);
        item->id_is_given = draft->id.value.len > 0;
        item->id = item->id_is_given ? draft->id.value : make_id(item, arena);
        return item;
}

void fw_item_draft_reset(struct fw_item_draft *draft)
{
        struct fw_item_draft old = *draft;
        *draft = (struct fw_item_draft){
                .published.usec = FW_TIME_NONE,
                .modified.usec = FW_TIME_NONE,
                .authors = old.authors,
                .source_authors = old.source_authors,
                .tags = old.tags,
                .attachments = old.attachments,
        };
        draft->authors.len = draft->source_authors.len = draft->tags.len = draft->attachments.len = 0;
}

void fw_item_draft_done(struct fw_item_draft *draft)
{
        fw_vec_done(&draft->authors);
        fw_vec_done(&draft->source_authors);
        fw_vec_done(&draft->tags);
        fw_vec_done(&draft->attachments);
}

void fw_feed_draft_done(struct fw_feed_draft *draft)
{
        fw_vec_done(&draft->authors);
        fw_vec_done(&draft->tags);
}

struct fw_feed *fw_feed_finish(struct fw_feed_draft *draft, struct fw_str base, struct fw_finisher *finisher)
{
        struct fw_arena *arena = finisher->arena;
        struct fw_feed *feed = fw_arena_new_object(arena, struct fw_feed);
        *feed = draft->feed;
        feed->title = line_of_draft(&draft->title, finisher);
        feed->description = line_of_draft(&draft->description, finisher);
        feed->home_page_url = finish_link(&draft->home_page_url, base, arena);
        feed->feed_url = finish_link(&draft->feed_url, base, arena);
        feed->icon = finish_link(&draft->icon, base, arena);
        feed->favicon = finish_link(&draft->favicon, base, arena);
        feed->hub_url = finish_link(&draft->hub_url, base, arena);
        feed->next_url = finish_link(&draft->next_url, base, arena);
        feed->language = draft->language.value;
        for (size_t i = 0; i < draft->authors.len; i++)
                if (draft->authors.p[i].url.len > 0)
                        draft->authors.p[i].url = fw_link_resolve(base, draft->authors.p[i].url, arena);
        feed->authors = copy_list(arena, struct fw_person, &draft->authors);
        feed->authors_len = draft->authors.len;
        feed->tags = copy_list(arena, struct fw_str, &draft->tags);
        feed->tags_len = draft->tags.len;
        if (draft->update_period_minutes > 0)
                feed->update_period_minutes =
                        FW_MAX(draft->update_period_minutes / FW_MAX(draft->update_frequency, 1u), 1u);
        return feed;
}
