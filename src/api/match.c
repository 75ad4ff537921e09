#include "api/api.h"

#include "base/alloc.h"

/* The public names of fields are the engine's, by number. */
#define FW_X(name, text) _Static_assert((int) FEEDWATCH_FIELD_##name == (int) FW_FIELD_##name, "field " text);
FW_FIELDS(FW_X)
#undef FW_X

struct feedwatch_matcher {
        struct fw_ruleset *ruleset;
        struct fw_match_context *context;
        FW_VEC(const struct fw_rule_match *) matches; /* of the last document, without those that `unless` takes away */
        size_t limited;
        FW_VEC(const struct fw_mention *) mentions; /* of the last document, those that count */
};

/* ---- documents ---- */

struct feedwatch_document *feedwatch_document_new(void)
{
        struct feedwatch_document *document = fw_calloc(1, sizeof(*document));
        document->arena = fw_arena_new();
        return document;
}

void feedwatch_document_free(struct feedwatch_document *document)
{
        if (!document)
                return;
        (void) fw_arena_free(document->arena);
        fw_vec_done(&document->fields);
        free(document);
}

void feedwatch_document_reset(struct feedwatch_document *document)
{
        fw_arena_reset(document->arena);
        document->fields.len = 0;
        document->language = FW_STR_NONE;
}

static size_t add(struct feedwatch_document *document, enum fw_field field, bool html, struct fw_str value)
{
        struct fw_document_field added = { .field = field,
                                           .value = fw_arena_copy(document->arena, value),
                                           .html = html };
        fw_vec_push(&document->fields, added);
        return document->fields.len - 1;
}

static void add_unless_empty(struct feedwatch_document *document, enum fw_field field, bool html, struct fw_str value)
{
        if (value.len > 0)
                (void) add(document, field, html, value);
}

size_t feedwatch_document_add(struct feedwatch_document *document, enum feedwatch_field field,
                              enum feedwatch_markup markup, const char *value, size_t size)
{
        return add(document, (enum fw_field) field, markup == FEEDWATCH_HTML, fw_str_n(value, size));
}

void feedwatch_document_set_language(struct feedwatch_document *document, const char *tag)
{
        document->language = fw_arena_copy(document->arena, fw_str_c(tag));
}

void feedwatch_document_add_item(struct feedwatch_document *document, const struct feedwatch_feed *feed, size_t index)
{
        const struct fw_item *item = &feed->items.p[index];
        struct fw_str language = item->language.len > 0 ? item->language : feed->feed->language;
        add_unless_empty(document, FW_FIELD_TITLE, false, item->title);
        add_unless_empty(document, FW_FIELD_SUMMARY, false, item->summary);
        if (item->content_html.len > 0)
                (void) add(document, FW_FIELD_BODY, true, item->content_html);
        else
                add_unless_empty(document, FW_FIELD_BODY, false, item->content_text);
        add_unless_empty(document, FW_FIELD_URL, false, item->url);
        for (size_t i = 0; i < item->tags_len; i++)
                add_unless_empty(document, FW_FIELD_CATEGORY, false, item->tags[i]);
        for (size_t i = 0; i < item->authors_len; i++)
                add_unless_empty(document, FW_FIELD_AUTHOR, false, item->authors[i].name);
        add_unless_empty(document, FW_FIELD_LANG, false, language);
        document->language = fw_arena_copy(document->arena, language);
}

struct feedwatch_text feedwatch_document_value(const struct feedwatch_document *document, size_t index)
{
        return api_text(document->fields.p[index].value);
}

enum feedwatch_field feedwatch_document_field(const struct feedwatch_document *document, size_t index)
{
        return (enum feedwatch_field) document->fields.p[index].field;
}

/* ---- matching ---- */

struct feedwatch_matcher *feedwatch_matcher_new(struct feedwatch_rules *rules)
{
        struct feedwatch_matcher *matcher = fw_calloc(1, sizeof(*matcher));
        matcher->ruleset = fw_ruleset_ref((struct fw_ruleset *) rules);
        matcher->context = fw_match_context_new(matcher->ruleset);
        return matcher;
}

void feedwatch_matcher_free(struct feedwatch_matcher *matcher)
{
        if (!matcher)
                return;
        (void) fw_match_context_free(matcher->context);
        (void) fw_ruleset_unref(matcher->ruleset);
        fw_vec_done(&matcher->matches);
        fw_vec_done(&matcher->mentions);
        free(matcher);
}

static struct fw_document document_of(const struct feedwatch_document *document)
{
        return (struct fw_document){
                .fields = document->fields.p,
                .fields_len = document->fields.len,
                .language = document->language,
        };
}

size_t feedwatch_match(struct feedwatch_matcher *matcher, const struct feedwatch_document *document)
{
        struct fw_document input = document_of(document);
        const struct fw_match_result *result = fw_match(matcher->context, &input);
        matcher->matches.len = matcher->mentions.len = 0;
        matcher->limited = result->limited_len;
        for (size_t i = 0; i < result->matches_len; i++)
                if (result->matches[i].outcome == FW_MATCHED)
                        fw_vec_push(&matcher->matches, &result->matches[i]);
        return matcher->matches.len;
}

size_t feedwatch_match_rule(const struct feedwatch_matcher *matcher, size_t match)
{
        return matcher->matches.p[match]->rule_index;
}

size_t feedwatch_match_hits(const struct feedwatch_matcher *matcher, size_t match)
{
        return matcher->matches.p[match]->hits_len;
}

struct feedwatch_hit feedwatch_match_hit(const struct feedwatch_matcher *matcher, size_t match, size_t hit)
{
        const struct fw_hit *found = &matcher->matches.p[match]->hits[hit];
        return (struct feedwatch_hit){
                .value = found->field_index,
                .start = found->start,
                .end = found->end,
                .term = api_text(found->term),
        };
}

size_t feedwatch_match_limited(const struct feedwatch_matcher *matcher)
{
        return matcher->limited;
}

/* ---- entities ---- */

size_t feedwatch_find_mentions(struct feedwatch_matcher *matcher, const struct feedwatch_document *document)
{
        struct fw_document input = document_of(document);
        size_t len;
        const struct fw_mention *mentions = fw_find_mentions(matcher->context, &input, &len);
        matcher->matches.len = matcher->mentions.len = matcher->limited = 0;
        for (size_t i = 0; i < len; i++)
                if (mentions[i].counts)
                        fw_vec_push(&matcher->mentions, &mentions[i]);
        return matcher->mentions.len;
}

struct feedwatch_mention feedwatch_mention(const struct feedwatch_matcher *matcher, size_t index)
{
        const struct fw_mention *found = matcher->mentions.p[index];
        return (struct feedwatch_mention){
                .entity = api_text(fw_ruleset_entity(matcher->ruleset, found->entity_index)->id),
                .name = api_text(found->name),
                .value = found->field_index,
                .start = found->start,
                .end = found->end,
        };
}
