#include "rule/context.h"

#include <stdlib.h>

/*
 * One item: its words are looked up once, what occurred fires triggers, triggers name candidates, candidates in scope are
 * decided. A rule none of whose words are there is never touched.
 */

/* ---- candidates ---- */

static void add_candidate(struct fw_match_context *context, uint32_t rule)
{
        if (context->rule_items[rule] == context->item)
                return;
        context->rule_items[rule] = context->item;
        fw_vec_push(&context->candidates, rule);
}

/* Tells the targets of a trigger that it occurred in `fields`. */
static void fire(struct fw_match_context *context, uint32_t trigger, uint32_t fields)
{
        const struct fw_program *program = &context->ruleset->program;
        uint32_t next = program->posting_starts[trigger], end = program->posting_starts[trigger + 1];
        if (next == end)
                return;
        struct fw_trigger_state *state = &context->trigger_states[trigger];
        if (state->item != context->item)
                *state = (struct fw_trigger_state){ .item = context->item };
        uint32_t new = fields & ~state->fields;
        state->fields |= fields;
        for (; new &&next < end; next++) {
                const struct fw_posting *posting = &program->postings[next];
                if (!(posting->fields & new) ||
                    (posting->companion != FW_NONE && context->term_states[posting->companion].item != context->item))
                        continue;
                if (posting->target & FW_TARGET_TRIGGER)
                        fire(context, posting->target & ~FW_TARGET_TRIGGER, UINT32_MAX);
                else
                        add_candidate(context, posting->target);
        }
}

static void fire_words(struct fw_match_context *context)
{
        for (size_t i = 0; i < context->seen_terms.len; i++) {
                uint32_t term = context->seen_terms.p[i];
                fire(context, term, context->term_states[term].fields);
        }
}

static void fire_pairs(struct fw_match_context *context)
{
        const struct fw_ruleset *ruleset = context->ruleset;
        for (size_t f = 0; f < context->fields.len; f++) {
                const struct fw_item_field *field = &context->fields.p[f];
                for (uint32_t i = field->first; i + 1 < field->end; i++) {
                        const struct fw_token_terms *left = &context->terms.p[i];
                        if (left->word == FW_NONE || left[1].literal == FW_NONE ||
                            !(ruleset->vocabulary.words.p[left->word].flags & FW_WORD_STARTS_PAIR))
                                continue;
                        uint32_t trigger = fw_program_pair(&ruleset->program, left->literal, left[1].literal);
                        if (trigger != FW_NONE)
                                fire(context, trigger, 1u << field->field);
                }
        }
}

static void fire_entities(struct fw_match_context *context)
{
        const struct fw_program *program = &context->ruleset->program;
        for (uint32_t i = 0; i < program->selectors_len; i++) {
                const struct fw_selector_state *state = &context->selector_states[i];
                uint32_t fields = 0;
                for (uint32_t k = 0; state->item == context->item && k < state->spans.len; k++)
                        fields |= 1u << context->fields.p[state->spans.p[k].field].field;
                if (fields)
                        fire(context, program->terms_len + i, fields);
        }
}

static int by_index(const void *a, const void *b)
{
        uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
        return x < y ? -1 : x > y;
}

static void find_candidates(struct fw_match_context *context)
{
        const struct fw_program *program = &context->ruleset->program;
        fire_words(context);
        if (program->pairs_len)
                fire_pairs(context);
        if (program->uses_entities) {
                fw_context_find_mentions(context, false);
                fire_entities(context);
        }
        for (size_t i = 0; i < program->always_len; i++)
                add_candidate(context, program->always[i]);
        if (context->candidates.len)
                qsort(context->candidates.p, context->candidates.len, sizeof(uint32_t), by_index);
}

/* ---- scope ---- */

static bool speaks(const struct fw_rule *rule, struct fw_str language)
{
        if (rule->languages_len == 0 || language.len == 0)
                return true;
        for (size_t i = 0; i < rule->languages_len; i++) {
                if (fw_language_same_primary(rule->languages[i], language))
                        return true;
        }
        return false;
}

static bool in_scope(const struct fw_rule *rule, const struct fw_document *document)
{
        if (!speaks(rule, document->language))
                return false;
        if (!document->feed)
                return true;
        if (!fw_feed_selector_empty(&rule->except) && fw_feed_selector_matches(&rule->except, document->feed))
                return false;
        return fw_feed_selector_matches(&rule->feeds, document->feed);
}

/* ---- verdicts ---- */

struct results {
        FW_VEC(struct fw_rule_match) matches;
        FW_VEC(uint32_t) limited;
};

static enum fw_match_outcome outcome_of(struct fw_match_context *context, const struct fw_program_rule *rule)
{
        if (rule->unless != FW_NONE && fw_node_holds(context, rule->unless))
                return FW_EXCLUDED_BY_RULE;
        uint32_t unless = context->ruleset->program.unless;
        return unless != FW_NONE && fw_node_holds(context, unless) ? FW_EXCLUDED_BY_CONFIG : FW_MATCHED;
}

static void decide_rule(struct fw_match_context *context, uint32_t index, struct results *results)
{
        const struct fw_program_rule *rule = &context->ruleset->program.rules.p[index];
        context->limited = false;
        context->steps = FW_LIMIT_MATCH_STEPS;
        if (fw_node_holds(context, rule->match)) {
                struct fw_rule_match match = { .rule_index = index, .outcome = outcome_of(context, rule) };
                match.hits = fw_collect_hits(context, rule->match, &match.hits_len);
                fw_vec_push(&results->matches, match);
        }
        if (context->limited)
                fw_vec_push(&results->limited, index);
}

static void keep_results(struct fw_match_context *context, struct results *results)
{
        struct fw_rule_match *matches = fw_arena_new_array(context->arena, struct fw_rule_match, results->matches.len);
        uint32_t *limited = fw_arena_new_array(context->arena, uint32_t, results->limited.len);
        for (size_t i = 0; i < results->matches.len; i++)
                matches[i] = results->matches.p[i];
        for (size_t i = 0; i < results->limited.len; i++)
                limited[i] = results->limited.p[i];
        context->result = (struct fw_match_result){ .matches = matches,
                                                    .matches_len = results->matches.len,
                                                    .limited = limited,
                                                    .limited_len = results->limited.len };
        fw_vec_done(&results->matches);
        fw_vec_done(&results->limited);
}

/* Among very many rules the memory of each is cold; it is asked for a few candidates before it is needed. */
#define AHEAD 4
static void fetch_ahead(const struct fw_match_context *context, size_t candidate)
{
        const struct fw_program *program = &context->ruleset->program;
        if (candidate + 2 * AHEAD < context->candidates.len)
                __builtin_prefetch(&program->rules.p[context->candidates.p[candidate + 2 * AHEAD]]);
        if (candidate + AHEAD < context->candidates.len) {
                uint32_t node = program->rules.p[context->candidates.p[candidate + AHEAD]].match;
                __builtin_prefetch(&program->nodes.p[node]);
                __builtin_prefetch(&context->node_states[node]);
                /* Children were made just before their parent. */
                __builtin_prefetch(&context->node_states[node - (node > 1)]);
        }
}

const struct fw_match_result *fw_match(struct fw_match_context *context, const struct fw_document *document)
{
        struct results results = { 0 };
        fw_context_load(context, document, context->ruleset->program.fields);
        find_candidates(context);
        for (size_t i = 0; i < context->candidates.len; i++) {
                uint32_t index = context->candidates.p[i];
                fetch_ahead(context, i);
                if (!context->ruleset->program.rules.p[index].scoped ||
                    in_scope(&context->ruleset->rules[index], document))
                        decide_rule(context, index, &results);
        }
        keep_results(context, &results);
        return &context->result;
}

const struct fw_mention *fw_find_mentions(struct fw_match_context *context, const struct fw_document *document,
                                          size_t *ret_len)
{
        fw_context_load(context, document, context->ruleset->program.fields | FW_SEARCHED_FIELDS);
        fw_context_find_mentions(context, true);
        *ret_len = context->mentions.len;
        return context->mentions.p;
}
