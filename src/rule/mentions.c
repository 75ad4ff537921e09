#include "rule/context.h"

/*
 * Entities, leftmost-longest over the whole gazetteer: from each word the longest name that begins there is taken, and the
 * search goes on behind it. "Longest" is in words, then, because a Hangul name need not fill its last word, in bytes of that.
 *
 *     … the Democratic People's Republic of Korea …      one mention of north-korea; "Republic of Korea" is never looked at
 */

/* Names that end at one node of the trie. */
struct found {
        uint32_t node;
        uint32_t words;
        uint32_t bytes; /* of the last word */
};

/* The longest found so far from one word; several when they are of the same length. */
struct best {
        struct found list[8];
        size_t len;
};

struct search {
        struct fw_match_context *context;
        const struct fw_item_field *field;
        uint32_t start;
        struct best best;
        void (*on_found)(struct search *search, const struct found *found);
        void *userdata;
};

static int compare_length(const struct found *a, const struct found *b)
{
        if (a->words != b->words)
                return a->words < b->words ? -1 : 1;
        return a->bytes < b->bytes ? -1 : a->bytes > b->bytes;
}

static void keep_longest(struct best *best, const struct found *found)
{
        int order = best->len ? compare_length(found, &best->list[0]) : 1;
        if (order > 0)
                best->len = 0;
        if (order >= 0 && best->len < FW_ARRAY_LEN(best->list))
                best->list[best->len++] = *found;
}

/* True if a Katakana word goes on from the token at `token` - 1 to that at `token`. */
static bool katakana_goes_on(const struct search *search, uint32_t token)
{
        if (token <= search->field->first || token >= search->field->end)
                return false;
        const struct fw_token *after = &search->context->tokens.list.p[token], *before = after - 1;
        return before->end == after->start && fw_text_is_katakana(before->folded) && fw_text_is_katakana(after->folded);
}

/* Whether a name of so many words counts at the search's word: in the item's language, and looking like a name. */
static bool counts_here(const struct search *search, const struct fw_gazetteer_name *name, uint32_t words)
{
        if (!fw_gazetteer_name_counts(name, search->context->languages))
                return false;
        const struct fw_token *token = &search->context->tokens.list.p[search->start];
        if (name->capital && fw_text_begins_small(token->cased, token->accented))
                return false;
        return !name->proper ||
               (!katakana_goes_on(search, search->start) && !katakana_goes_on(search, search->start + words));
}

/* The next name from `index` on that counts, or FW_NONE. */
static uint32_t counting_name(const struct search *search, uint32_t index, uint32_t words)
{
        const struct fw_gazetteer *gazetteer = &search->context->ruleset->gazetteer;
        while (index != FW_NONE && !counts_here(search, &gazetteer->names.p[index], words))
                index = gazetteer->names.p[index].next;
        return index;
}

static uint32_t first_name(const struct search *search, uint32_t node, uint32_t words)
{
        return counting_name(search, search->context->ruleset->gazetteer.names_of.p[node], words);
}

static uint32_t next_name(const struct search *search, uint32_t index, uint32_t words)
{
        return counting_name(search, search->context->ruleset->gazetteer.names.p[index].next, words);
}

static void extend(struct search *search, uint32_t node, uint32_t token);

static void follow(struct search *search, uint32_t node, uint32_t token, uint32_t term, uint32_t bytes)
{
        const struct fw_gazetteer *gazetteer = &search->context->ruleset->gazetteer;
        const struct fw_token *at = &search->context->tokens.list.p[token];
        for (int joined = 0; joined < 2; joined++) {
                if (joined && (at->flags & FW_TOKEN_GAP_BEFORE))
                        break;
                uint32_t next = fw_gazetteer_step(gazetteer, node, term, joined);
                if (next == FW_NONE)
                        continue;
                if (first_name(search, next, token - search->start + 1) != FW_NONE) {
                        struct found found = { .node = next, .words = token - search->start + 1, .bytes = bytes };
                        keep_longest(&search->best, &found);
                        if (search->on_found)
                                search->on_found(search, &found);
                }
                extend(search, next, token + 1);
        }
}

/* Follows all edges from `node` that the word at `token` allows. */
static void extend(struct search *search, uint32_t node, uint32_t token)
{
        const struct fw_match_context *context = search->context;
        if (token >= search->field->end ||
            (token > search->start && context->tokens.list.p[token].block != context->tokens.list.p[token - 1].block))
                return;
        const struct fw_token_terms *terms = &context->terms.p[token];
        uint32_t length = (uint32_t) context->tokens.list.p[token].folded.len;
        if (terms->literal != FW_NONE)
                follow(search, node, token, terms->literal, length);
        for (uint32_t i = 0; i < terms->extra_len; i++) {
                uint32_t term = context->extras.p[terms->extra + i];
                follow(search, node, token, term,
                       fw_vocabulary_term_bytes(&context->ruleset->vocabulary, term, length));
        }
}

/* ---- mentions ---- */

static bool needs_met(struct fw_match_context *context, uint32_t entity)
{
        uint32_t needs = context->ruleset->program.needs.p[entity];
        return needs == FW_NONE || fw_node_holds(context, needs);
}

static void add_to_selectors(struct fw_match_context *context, uint32_t entity, enum fw_name_class class,
                             const struct fw_span *span)
{
        const struct fw_program *program = &context->ruleset->program;
        uint32_t end = program->selector_starts[entity + 1];
        for (uint32_t i = program->selector_starts[entity]; i < end; i++) {
                uint32_t selector = program->selector_list[i];
                if (program->selector_classes[selector] >= 0 && program->selector_classes[selector] != (int) class)
                        continue;
                struct fw_selector_state *state = &context->selector_states[selector];
                if (state->item != context->item)
                        *state = (struct fw_selector_state){ .item = context->item };
                struct fw_spans *spans = &state->spans;
                if (spans->len == 0 || spans->p[spans->len - 1].field != span->field ||
                    spans->p[spans->len - 1].first != span->first)
                        fw_spans_add(context, spans, *span);
        }
}

static struct fw_span span_of(const struct search *search, const struct found *found)
{
        const struct fw_token *tokens = search->context->tokens.list.p;
        return (struct fw_span){ .field = (uint32_t) (search->field - search->context->fields.p),
                                 .first = (int32_t) search->start,
                                 .last = (int32_t) (search->start + found->words - 1),
                                 .from = tokens[search->start].start,
                                 .to = tokens[search->start + found->words - 1].end };
}

static void record(struct search *search, const struct found *found, const struct fw_gazetteer_name *name,
                   const char *lost_to, uint32_t winner)
{
        struct fw_match_context *context = search->context;
        if (search->field->index == FW_NONE)
                return;
        struct fw_span span = span_of(search, found);
        struct fw_mention mention = { .entity_index = name->entity,
                                      .class = name->class,
                                      .field_index = search->field->index,
                                      .name = name->text,
                                      .counts = !lost_to,
                                      .lost_to = lost_to,
                                      .winner = winner };
        fw_plain_to_source(search->field->plain, span.from, span.to, &mention.start, &mention.end);
        fw_vec_push(&context->mentions, mention);
}

/* Whether a `not` is among the longest. */
static bool is_excluded(const struct search *search)
{
        const struct fw_gazetteer *gazetteer = &search->context->ruleset->gazetteer;
        for (size_t i = 0; i < search->best.len; i++) {
                for (uint32_t k = first_name(search, search->best.list[i].node, search->best.list[i].words);
                     k != FW_NONE; k = next_name(search, k, search->best.list[i].words)) {
                        if (gazetteer->names.p[k].class == FW_NAME_NOT)
                                return true;
                }
        }
        return false;
}

/* The names of the longest found: all count, unless one is a `not` or needs are not met. */
static void take_best(struct search *search, bool all)
{
        struct fw_match_context *context = search->context;
        const struct fw_gazetteer *gazetteer = &context->ruleset->gazetteer;
        bool excluded = is_excluded(search);
        for (size_t i = 0; i < search->best.len; i++) {
                const struct found *found = &search->best.list[i];
                struct fw_span span = span_of(search, found);
                for (uint32_t k = first_name(search, found->node, found->words); k != FW_NONE;
                     k = next_name(search, k, found->words)) {
                        const struct fw_gazetteer_name *name = &gazetteer->names.p[k];
                        const char *lost_to = excluded                            ? "'not' name"
                                              : !needs_met(context, name->entity) ? "needs not met"
                                                                                  : NULL;
                        if (!lost_to)
                                add_to_selectors(context, name->entity, name->class, &span);
                        if (all && name->class != FW_NAME_NOT)
                                record(search, found, name, lost_to, UINT32_MAX);
                }
        }
}

/* ---- names that lost ---- */

/* What a loser lost to: the longest from `winner_start` on. */
struct loss {
        uint32_t start, words;
        const struct found *winner;
        uint32_t entity; /* its */
};

static void record_loser(struct search *search, const struct found *found)
{
        const struct loss *loss = search->userdata;
        const struct fw_gazetteer *gazetteer = &search->context->ruleset->gazetteer;
        if (search->start == loss->start && compare_length(found, loss->winner) == 0)
                return;
        for (uint32_t k = first_name(search, found->node, found->words); k != FW_NONE;
             k = next_name(search, k, found->words)) {
                if (gazetteer->names.p[k].class != FW_NAME_NOT)
                        record(search, found, &gazetteer->names.p[k], "a longer name", loss->entity);
        }
}

static void record_losers(const struct search *won)
{
        const struct found *winner = &won->best.list[0];
        uint32_t entity = won->context->ruleset->gazetteer.names.p[first_name(won, winner->node, winner->words)].entity;
        struct loss loss = { .start = won->start, .words = winner->words, .winner = winner, .entity = entity };
        for (uint32_t start = loss.start; start < loss.start + loss.words; start++) {
                struct search search = { .context = won->context,
                                         .field = won->field,
                                         .start = start,
                                         .on_found = record_loser,
                                         .userdata = &loss };
                extend(&search, 0, start);
        }
}

/* ---- the scan ---- */

static bool may_start(const struct fw_match_context *context, uint32_t token)
{
        const struct fw_token_terms *terms = &context->terms.p[token];
        if (terms->extra_len)
                return true;
        return terms->word != FW_NONE &&
               (context->ruleset->vocabulary.words.p[terms->word].flags & FW_WORD_STARTS_NAME);
}

static void scan_field(struct fw_match_context *context, const struct fw_item_field *field, bool all)
{
        for (uint32_t token = field->first; token < field->end;) {
                struct search search = { .context = context, .field = field, .start = token };
                if (may_start(context, token))
                        extend(&search, 0, token);
                if (search.best.len == 0) {
                        token++;
                        continue;
                }
                take_best(&search, all);
                if (all)
                        record_losers(&search);
                token += search.best.list[0].words;
        }
}

static int by_place(const void *a, const void *b)
{
        const struct fw_mention *x = a, *y = b;
        if (x->field_index != y->field_index)
                return x->field_index < y->field_index ? -1 : 1;
        if (x->start != y->start)
                return x->start < y->start ? -1 : 1;
        if (x->end != y->end)
                return x->end > y->end ? -1 : 1;
        return x->entity_index < y->entity_index ? -1 : x->entity_index > y->entity_index;
}

void fw_context_find_mentions(struct fw_match_context *context, bool all)
{
        if (context->ruleset->gazetteer.names.len == 0)
                return;
        for (size_t i = 0; i < context->fields.len; i++)
                scan_field(context, &context->fields.p[i], all);
        if (context->mentions.len)
                qsort(context->mentions.p, context->mentions.len, sizeof(*context->mentions.p), by_place);
}
