/*
 * context: all that matching one item needs beside the rule set. One a thread; memory is kept from item to item.
 *
 * Per-item state of terms, triggers, rules and nodes lies in arrays that are never cleared: each entry carries the number of the
 * item it belongs to, and an entry of another item counts as empty.
 */
#pragma once

#include "rule/ruleset.h"

/* Pairs looked at and pattern matches found for one rule and item. Beyond: the rule is told of in fw_match_result.limited. */
#define FW_LIMIT_MATCH_STEPS 2000000u
/* PCRE2's match limit for one search in one field. Beyond: no match, and told of. */
#define FW_LIMIT_REGEX_STEPS   300000u
#define FW_LIMIT_REGEX_MATCHES 1000u
/* Words remembered with the wildcards and stems that they meet. Beyond: forgotten, and learnt anew. */
#define FW_LIMIT_MEMO_WORDS 50000u

/* A field of the item as the matcher sees it. */
struct fw_item_field {
        enum fw_field field;
        uint32_t index;      /* in the document, or FW_NONE: made of the document's feed or language, and not quoted */
        uint32_t first, end; /* its tokens */
        struct fw_plain_text *plain;
};

/* What a token met in the vocabulary. */
struct fw_token_terms {
        uint32_t field;   /* in `fields` */
        uint32_t literal; /* plain term, or FW_NONE */
        uint32_t word;    /* of the vocabulary, or FW_NONE */
        uint32_t extra;   /* other terms: extras[extra … extra + extra_len) */
        uint32_t extra_len;
};

/* An occurrence: tokens [first, last] and bytes [from, to) of the plain text. `first` > `last`: between two words. */
struct fw_span {
        uint32_t field;
        int32_t first, last;
        uint32_t from, to;
};

/* Sorted by field, first, last; distinct. In the item's arena. */
struct fw_spans {
        struct fw_span *p;
        uint32_t len, cap;
};

struct fw_term_state {
        uint32_t item;
        uint32_t head, tail; /* in `occurrences` */
        uint32_t fields;
};

struct fw_occurrence {
        uint32_t token;
        uint32_t next;
};

struct fw_trigger_state {
        uint32_t item;
        uint32_t fields;
};

enum fw_verdict {
        FW_UNDECIDED,
        FW_HOLDS,
        FW_FAILS,
};

struct fw_node_state {
        uint32_t item;
        uint8_t verdict; /* enum fw_verdict */
        bool has_spans;
        bool limited; /* a limit was met on the way */
        struct fw_spans spans;
};

struct fw_selector_state {
        uint32_t item;
        struct fw_spans spans;
};

/* Stems of the rules' words in one language, and words already looked up. */
struct fw_stem_table;

/* The lists that words were found to meet, by folded word. */
struct fw_memo {
        struct fw_map map;
        struct fw_arena *arena;
};

struct fw_match_context {
        struct fw_ruleset *ruleset;
        struct fw_tokenizer *tokenizer;
        struct fw_arena *arena; /* of the item */

        uint32_t item;      /* number of the item, from 1 */
        uint64_t languages; /* the gazetteer's bits of its language */
        const struct fw_document *document;
        struct fw_tokens tokens;
        FW_VEC(struct fw_token_terms) terms;
        FW_VEC(uint32_t) extras;
        FW_VEC(struct fw_item_field) fields;
        FW_VEC(struct fw_plain_text *) plains; /* as many as any item had fields */
        FW_VEC(struct fw_occurrence) occurrences;
        FW_VEC(uint32_t) seen_terms;
        FW_VEC(uint32_t) candidates;
        FW_VEC(struct fw_mention) mentions;

        struct fw_term_state *term_states;
        struct fw_trigger_state *trigger_states;
        struct fw_node_state *node_states;
        struct fw_selector_state *selector_states;
        uint32_t *rule_items; /* by rule: the item it was last a candidate for */

        struct fw_memo memo;
        FW_VEC(struct fw_stem_table *) stem_tables;
        struct fw_term_list scratch_terms;

        pcre2_match_data *match_data;
        pcre2_match_context *match_limits;
        pcre2_jit_stack *jit_stack;
        uint32_t steps; /* left for this rule */
        bool limited;   /* a limit was met since this was last cleared */

        struct fw_match_result result;
};

/* ---- document.c: fields → tokens → terms ---- */

/* Cuts the fields of `mask` and looks their words up. Everything of the item before is gone. */
void fw_context_load(struct fw_match_context *context, const struct fw_document *document, uint32_t mask);
void fw_stem_tables_done(struct fw_match_context *context);
void fw_memo_init(struct fw_memo *memo);
void fw_memo_done(struct fw_memo *memo);

static inline bool fw_token_meets(const struct fw_match_context *context, uint32_t token, uint32_t term)
{
        const struct fw_token_terms *terms = &context->terms.p[token];
        if (terms->literal == term)
                return true;
        for (uint32_t i = 0; i < terms->extra_len; i++) {
                if (context->extras.p[terms->extra + i] == term)
                        return true;
        }
        return false;
}

/* ---- mentions.c ---- */

/* Finds the entities; fills the selectors' spans, and `mentions` if `all`, with those that lost. */
void fw_context_find_mentions(struct fw_match_context *context, bool all);

/* ---- spans.c ---- */

void fw_spans_add(struct fw_match_context *context, struct fw_spans *spans, struct fw_span span);
/* Sorts, and drops what is there twice. */
void fw_spans_tidy(struct fw_spans *spans);
/* Decides pairs of a NEAR: the union of each that is near, or for NOT NEAR the left ones without. `any`: one is enough. */
void fw_spans_near(struct fw_match_context *context, const struct fw_operation_node *node, const struct fw_spans *left,
                   const struct fw_spans *right, bool any, struct fw_spans *ret);
/* Those of `left` and `right` that have a partner; for hits. */
void fw_spans_partners(struct fw_match_context *context, const struct fw_operation_node *node,
                       const struct fw_spans *left, const struct fw_spans *right, const struct fw_spans *within,
                       struct fw_spans *ret_left, struct fw_spans *ret_right);

/* ---- leaves.c, evaluate.c ---- */

void fw_leaf_spans(struct fw_match_context *context, const struct fw_operation_node *node, struct fw_spans *ret);
bool fw_node_holds(struct fw_match_context *context, uint32_t index);
/* The occurrences of a leaf, an OR of them, or a NEAR. Valid for this item. */
const struct fw_spans *fw_node_spans(struct fw_match_context *context, uint32_t index);

/* ---- hits.c ---- */

/* The words that made `index` hold, by field and start, distinct, at most FW_LIMIT_HITS. */
const struct fw_hit *fw_collect_hits(struct fw_match_context *context, uint32_t index, size_t *ret_len);
