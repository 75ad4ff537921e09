#include "engine/examine.h"

#include "base/alloc.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/vec.h"
#include "engine/excerpt.h"
#include "engine/limits.h"
#include "text/html.h"

/* A field of the document under examination, as a reader sees it; made when the first hit in it is shown. */
struct field_text {
        struct fw_plain_text plain;
        bool made;
};

struct fw_examiner {
        struct fw_ruleset *ruleset;
        struct fw_match_context *context;
        FW_VEC(struct fw_document_field) fields;
        FW_VEC(struct field_text) texts; /* by field; the memory is kept from item to item */
        FW_VEC(struct fw_mark) marks;
};

/* One job. */
struct examination {
        struct fw_examiner *examiner;
        const struct fw_job *job;
        struct fw_arena *arena;
        struct fw_rule_feed rule_feed;
        FW_VEC(struct fw_item) items; /* of the document */
        FW_VEC(struct fw_result_item) found;
        FW_VEC(struct fw_known_item) seen;
        FW_VEC(struct fw_str) limited;
        struct fw_map known; /* key → content hash */
        struct fw_map seen_keys;
        struct fw_map limited_rules; /* rule ids */
};

struct fw_examiner *fw_examiner_new(struct fw_ruleset *ruleset)
{
        struct fw_examiner *examiner = fw_calloc(1, sizeof(*examiner));
        examiner->ruleset = fw_ruleset_ref(ruleset);
        examiner->context = fw_match_context_new(ruleset);
        return examiner;
}

struct fw_examiner *fw_examiner_free(struct fw_examiner *examiner)
{
        if (!examiner)
                return NULL;
        for (size_t i = 0; i < examiner->texts.len; i++)
                fw_plain_text_done(&examiner->texts.p[i].plain);
        fw_vec_done(&examiner->texts);
        fw_vec_done(&examiner->fields);
        fw_vec_done(&examiner->marks);
        (void) fw_match_context_free(examiner->context);
        (void) fw_ruleset_unref(examiner->ruleset);
        free(examiner);
        return NULL;
}

/* ---- the document ---- */

static void add_field(struct fw_examiner *examiner, enum fw_field field, struct fw_str value, bool html)
{
        if (fw_str_empty(value))
                return;
        fw_vec_push(&examiner->fields, (struct fw_document_field){ .field = field, .value = value, .html = html });
}

static void add_fields(struct fw_examiner *examiner, enum fw_field field, const struct fw_str *values, size_t len)
{
        for (size_t i = 0; i < len; i++)
                add_field(examiner, field, values[i], false);
}

/* An item as the rules see it. */
static void fill_fields(struct fw_examiner *examiner, const struct fw_job *job, const struct fw_item *item,
                        struct fw_str language)
{
        bool html = !fw_str_empty(item->content_html);
        examiner->fields.len = 0;
        add_field(examiner, FW_FIELD_TITLE, item->title, false);
        add_field(examiner, FW_FIELD_SUMMARY, item->summary, false);
        add_field(examiner, FW_FIELD_BODY, html ? item->content_html : item->content_text, html);
        add_fields(examiner, FW_FIELD_CATEGORY, item->tags, item->tags_len);
        for (size_t i = 0; i < item->authors_len; i++)
                add_field(examiner, FW_FIELD_AUTHOR, item->authors[i].name, false);
        add_field(examiner, FW_FIELD_URL, item->url, false);
        add_field(examiner, FW_FIELD_FEED, job->feed_id, false);
        add_field(examiner, FW_FIELD_FEED, job->feed_title, false);
        add_fields(examiner, FW_FIELD_TAG, job->feed_tags, job->feed_tags_len);
        add_field(examiner, FW_FIELD_LANG, language, false);

        for (size_t i = 0; i < examiner->texts.len; i++)
                examiner->texts.p[i].made = false;
        while (examiner->texts.len < examiner->fields.len) {
                struct field_text text = { .made = false };
                fw_plain_text_init(&text.plain);
                fw_vec_push(&examiner->texts, text);
        }
}

static const struct fw_plain_text *plain_text_of(struct fw_examiner *examiner, size_t field_index)
{
        struct field_text *text = &examiner->texts.p[field_index];
        const struct fw_document_field *field = &examiner->fields.p[field_index];
        if (!text->made && field->html)
                fw_html_to_text(field->value, &text->plain);
        else if (!text->made)
                fw_text_as_plain(field->value, &text->plain);
        text->made = true;
        return &text->plain;
}

/* ---- what matched ---- */

static void record_hits(struct examination *examination, const struct fw_rule_match *match,
                        struct fw_match_record *record)
{
        struct fw_hit_record *hits = fw_arena_new_array(examination->arena, struct fw_hit_record, match->hits_len);
        for (size_t i = 0; i < match->hits_len; i++) {
                const struct fw_hit *hit = &match->hits[i];
                const struct fw_plain_text *plain = plain_text_of(examination->examiner, hit->field_index);
                struct fw_mark range = fw_plain_from_source(plain, hit->start, hit->end);
                struct fw_str text = fw_str_slice(fw_buf_str(&plain->text), range.start, range.end);
                hits[i] =
                        (struct fw_hit_record){ .field = examination->examiner->fields.p[hit->field_index].field,
                                                .start = hit->start,
                                                .end = hit->end,
                                                .text = fw_one_line(text, FW_LIMIT_HIT_TEXT_BYTES, examination->arena),
                                                .term = hit->term };
        }
        record->hits = hits;
        record->hits_len = match->hits_len;
}

/*
 * The title is shown anyway: the text with most to say beside it is the body, then the summary, with hits if one has
 * any.
 */
static size_t field_to_show(const struct fw_examiner *examiner, const struct fw_rule_match *match)
{
        static const enum fw_field order[] = { FW_FIELD_BODY, FW_FIELD_SUMMARY };
        for (size_t o = 0; o < FW_ARRAY_LEN(order); o++)
                for (size_t i = 0; i < match->hits_len; i++)
                        if (examiner->fields.p[match->hits[i].field_index].field == order[o])
                                return match->hits[i].field_index;
        for (size_t o = FW_ARRAY_LEN(order); o-- > 0;)
                for (size_t i = 0; i < examiner->fields.len; i++)
                        if (examiner->fields.p[i].field == order[o])
                                return i;
        return SIZE_MAX;
}

static void record_excerpt(struct examination *examination, const struct fw_rule_match *match,
                           struct fw_match_record *record)
{
        struct fw_examiner *examiner = examination->examiner;
        size_t field_index = field_to_show(examiner, match);
        if (field_index == SIZE_MAX)
                return;
        const struct fw_plain_text *plain = plain_text_of(examiner, field_index);
        examiner->marks.len = 0;
        for (size_t i = 0; i < match->hits_len; i++)
                if (match->hits[i].field_index == field_index)
                        fw_vec_push(&examiner->marks,
                                    fw_plain_from_source(plain, match->hits[i].start, match->hits[i].end));
        fw_excerpt(fw_buf_str(&plain->text), examiner->marks.p, examiner->marks.len, examination->arena,
                   &record->excerpt, &record->excerpt_marks, &record->excerpt_marks_len);
}

static void note_limited(struct examination *examination, const struct fw_match_result *result)
{
        for (size_t i = 0; i < result->limited_len; i++) {
                struct fw_str id = fw_ruleset_rule(examination->examiner->ruleset, result->limited[i])->id;
                bool is_new = false;
                (void) fw_map_put(&examination->limited_rules, id, &is_new);
                if (is_new)
                        fw_vec_push(&examination->limited, id);
        }
}

static void match_item(struct examination *examination, struct fw_result_item *found)
{
        struct fw_examiner *examiner = examination->examiner;
        fill_fields(examiner, examination->job, &found->item, found->language);
        const struct fw_document document = { .fields = examiner->fields.p,
                                              .fields_len = examiner->fields.len,
                                              .language = found->language,
                                              .feed = &examination->rule_feed };
        const struct fw_match_result *result = fw_match(examiner->context, &document);
        note_limited(examination, result);
        struct fw_match_record *records =
                fw_arena_new_array(examination->arena, struct fw_match_record, result->matches_len);
        for (size_t i = 0; i < result->matches_len; i++) {
                const struct fw_rule_match *match = &result->matches[i];
                records[i].rule_id = fw_ruleset_rule(examiner->ruleset, match->rule_index)->id;
                records[i].outcome = match->outcome;
                record_hits(examination, match, &records[i]);
                record_excerpt(examination, match, &records[i]);
        }
        found->matches = records;
        found->matches_len = result->matches_len;
}

/* ---- what is new ---- */

static struct fw_str key_bytes(const struct fw_hash128 *key)
{
        return fw_str_n((const char *) key->bytes, sizeof(key->bytes));
}

static int keep_item(void *userdata, const struct fw_item *item)
{
        struct examination *examination = userdata;
        fw_vec_push(&examination->items, *item);
        return 0;
}

static struct fw_str first_of(struct fw_str a, struct fw_str b, struct fw_str c)
{
        return !fw_str_empty(a) ? a : !fw_str_empty(b) ? b : c;
}

/* Notes an item as seen; if it is new or has changed, as found. */
static void sort_item(struct examination *examination, const struct fw_feed *feed, const struct fw_item *item,
                      struct fw_hash128 key)
{
        uint64_t content_hash = fw_item_content_hash(item);
        struct fw_known_item *seen = fw_arena_new_object(examination->arena, struct fw_known_item);
        *seen = (struct fw_known_item){ .key = key, .content_hash = content_hash };
        bool first_time = false;
        (void) fw_map_put(&examination->seen_keys, key_bytes(&seen->key), &first_time);
        if (!first_time)
                return;
        fw_vec_push(&examination->seen, *seen);

        const union fw_map_value *known = fw_map_get(&examination->known, key_bytes(&key));
        if (known && known->number == content_hash)
                return;
        struct fw_result_item found = { .news = known ? FW_ITEM_UPDATED : FW_ITEM_NEW,
                                        .key = key,
                                        .content_hash = content_hash,
                                        .link_key = fw_item_link_key(item),
                                        .item = *item };
        found.language = first_of(item->language, examination->job->feed_language, feed->language);
        fw_vec_push(&examination->found, found);
}

static void sort_items(struct examination *examination, const struct fw_feed *feed)
{
        fw_cleanup(fw_identity_freep) struct fw_identity *identity = fw_identity_new();
        const struct fw_job *job = examination->job;
        for (size_t i = 0; i < job->known_len; i++)
                fw_map_put(&examination->known, key_bytes(&job->known[i].key), NULL)->number =
                        job->known[i].content_hash;
        for (size_t i = 0; i < examination->items.len; i++)
                fw_identity_add(identity, &examination->items.p[i]);
        for (size_t i = 0; i < examination->items.len; i++)
                sort_item(examination, feed, &examination->items.p[i], fw_identity_key(identity, i));
}

/* ---- the door ---- */

/* The arrays go to the arena, for the result outlives the examination. */
static void fill_result(struct examination *examination, const struct fw_feed *feed, struct fw_result *result)
{
        struct fw_arena *arena = examination->arena;
        struct fw_result_item *items = fw_arena_new_array(arena, struct fw_result_item, examination->found.len);
        struct fw_known_item *seen = fw_arena_new_array(arena, struct fw_known_item, examination->seen.len);
        struct fw_str *limited = fw_arena_new_array(arena, struct fw_str, examination->limited.len);
        for (size_t i = 0; i < examination->found.len; i++)
                items[i] = examination->found.p[i];
        for (size_t i = 0; i < examination->seen.len; i++)
                seen[i] = examination->seen.p[i];
        for (size_t i = 0; i < examination->limited.len; i++)
                limited[i] = examination->limited.p[i];
        *result = (struct fw_result){ .status = FW_JOB_DONE,
                                      .feed = *feed,
                                      .items = items,
                                      .items_len = examination->found.len,
                                      .seen = seen,
                                      .seen_len = examination->seen.len,
                                      .limited_rules = limited,
                                      .limited_rules_len = examination->limited.len };
}

static void fill_no_feed(struct examination *examination, const struct fw_diag *diag, struct fw_result *result)
{
        const char *words = fw_diag_len(diag) > 0 ? fw_diag_entry(diag, 0)->message : "no feed";
        *result = (struct fw_result){ .status = FW_JOB_NO_FEED,
                                      .error = fw_arena_copy(examination->arena, fw_str_c(words)) };
}

static void examination_done(struct examination *examination)
{
        fw_vec_done(&examination->items);
        fw_vec_done(&examination->found);
        fw_vec_done(&examination->seen);
        fw_vec_done(&examination->limited);
        fw_map_done(&examination->known);
        fw_map_done(&examination->seen_keys);
        fw_map_done(&examination->limited_rules);
}

void fw_examine(struct fw_examiner *examiner, const struct fw_job *job, struct fw_arena *arena,
                struct fw_result *ret_result)
{
        const struct fw_feed_hints hints = { .url = job->url, .content_type = job->content_type };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(examination_done) struct examination examination = {
                .examiner = examiner,
                .job = job,
                .arena = arena,
                .rule_feed = { .id = job->feed_id,
                               .url = job->feed_url,
                               .title = job->feed_title,
                               .tags = job->feed_tags,
                               .tags_len = job->feed_tags_len },
        };
        fw_map_init(&examination.known);
        fw_map_init(&examination.seen_keys);
        fw_map_init(&examination.limited_rules);

        const struct fw_feed *feed = NULL;
        if (fw_feed_parse(job->body, &hints, arena, keep_item, &examination, diag, &feed) < 0) {
                fill_no_feed(&examination, diag, ret_result);
                return;
        }
        sort_items(&examination, feed);
        for (size_t i = 0; i < examination.found.len; i++)
                match_item(&examination, &examination.found.p[i]);
        fill_result(&examination, feed, ret_result);
}
