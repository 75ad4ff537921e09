/*
 * program: what queries are compiled into, and how rules find their candidates.
 *
 * All rules of a set share one acyclic graph of operations: equal parts of queries are one node, decided once for an item.
 * Children have smaller indexes than their parents.
 *
 * Triggers decide which rules are looked at. Every rule is filed under something that must occur for it to hold: its rarest
 * word, pair of adjacent words, or entity; under each branch of an OR. A trigger fires rules, or the trigger of an OR that
 * several rules share. Rules for which there is no such thing (a regular expression alone) run on every item.
 */
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "rule/gazetteer.h"
#include "rule/query.h"
#include "rule/vocabulary.h"

enum fw_operation {
        FW_OP_NEVER,
        FW_OP_WORDS, /* a word or phrase: elements[first_element …] */
        FW_OP_EXACT, /* the same with exact terms, and signs about them */
        FW_OP_ENTITY,
        FW_OP_REGEX,
        FW_OP_AND, /* the first `required` children, none of the others */
        FW_OP_OR,
        FW_OP_OF,
        FW_OP_ATLEAST,
        FW_OP_NEAR,
};

/* Where a leaf looks: fields, and how many words of each count. */
struct fw_scope {
        uint32_t fields;
        uint32_t title_words, other_words; /* UINT32_MAX: all */
};

/* The scope inside of a field, lead or FIRST. */
struct fw_scope fw_query_narrow(struct fw_scope scope, const struct fw_query_node *tree);

/* One word of a term or phrase. */
struct fw_element {
        uint32_t term; /* FW_NONE: any one word */
        bool joined;
};

struct fw_exact_text {
        struct fw_str text;                /* as written */
        const struct fw_query_word *words; /* its words, with their places in `text` */
};

struct fw_regex {
        pcre2_code *code;
};

/* Half a cache line: among very many rules, what a candidate costs is the memory that it touches. */
struct fw_operation_node {
        uint8_t op;   /* enum fw_operation */
        uint8_t unit; /* NEAR: enum fw_near_unit */
        bool ordered, negated;
        uint32_t scope;
        uint32_t first, len; /* children in `children`, or elements in `elements` */
        uint32_t required;   /* AND */
        uint32_t number;     /* OF, ATLEAST: count; NEAR: distance; ENTITY: selector; EXACT, REGEX: index */
        uint32_t anchor;     /* WORDS, EXACT: the rarest element, by which occurrences are found */
        float weight;        /* how often it might occur; FW_WEIGHT_ALWAYS: nothing must */
};

#define FW_WEIGHT_ALWAYS 1e9f

/* Who is told when a trigger fires: a rule, or with this bit another trigger. */
#define FW_TARGET_TRIGGER 0x80000000u
struct fw_posting {
        uint32_t target;
        uint32_t fields; /* only occurrences in these count */
        uint32_t
                companion; /* a term that must occur as well, or FW_NONE: spares looking at most rules of a frequent trigger */
};

struct fw_program_rule {
        uint32_t match;  /* node */
        uint32_t unless; /* node, or FW_NONE */
        bool scoped;     /* its feeds or languages are limited */
};

struct fw_program {
        FW_VEC(struct fw_operation_node) nodes;
        FW_VEC(struct fw_str) labels; /* by node: leaves as they are written in queries */
        FW_VEC(uint32_t) children;
        FW_VEC(struct fw_element) elements;
        FW_VEC(struct fw_scope) scopes;
        FW_VEC(struct fw_exact_text) exacts;
        FW_VEC(struct fw_regex) regexes;
        FW_VEC(struct fw_program_rule) rules; /* as the rule set's rules */
        FW_VEC(uint32_t) needs;               /* by entity: node, or FW_NONE */
        uint32_t unless;                      /* the configuration's, or FW_NONE */
        uint32_t fields;                      /* all that any part looks at */
        bool uses_entities;

        /* Triggers: [0, terms) words, [terms, terms + selectors) entities, then pairs and ORs. */
        uint32_t terms_len, selectors_len, triggers_len;
        uint32_t *posting_starts; /* triggers_len + 1 */
        struct fw_posting *postings;
        uint32_t *always; /* rules that run on every item */
        size_t always_len;
        uint64_t *pair_keys; /* (left term << 32 | right term) + 1, 0: free */
        uint32_t *pair_triggers;
        size_t pairs_cap, pairs_len;

        /* The selectors of each entity: selector_list[selector_starts[entity] …]. */
        uint32_t *selector_starts, *selector_list;
        int *selector_classes; /* by selector; -1: any */
};

void fw_program_init(struct fw_program *program);
void fw_program_done(struct fw_program *program);

/* The trigger of two adjacent plain words, or FW_NONE. */
uint32_t fw_program_pair(const struct fw_program *program, uint32_t left, uint32_t right);

/* ---- building ---- */

struct fw_compiler {
        struct fw_program *program;
        struct fw_vocabulary *vocabulary;
        struct fw_arena *arena; /* the rule set's */
        struct fw_draft *draft;
        struct fw_map nodes;       /* content of a node → its index */
        struct fw_map names;       /* definition and scope → node */
        FW_VEC(uint32_t) triggers; /* by node: the trigger of an OR or OF, or FW_NONE */
        FW_VEC(struct fw_pending_posting {
                uint32_t trigger;
                struct fw_posting posting;
        })
        postings;
        FW_VEC(uint32_t) always;
};

void fw_compiler_init(struct fw_compiler *compiler, struct fw_program *program, struct fw_vocabulary *vocabulary,
                      struct fw_arena *arena, struct fw_draft *draft);
void fw_compiler_done(struct fw_compiler *compiler);
/* The node of a checked tree. FW_NONE if a regular expression in it is wrong, which was told. */
uint32_t fw_compile_query(struct fw_compiler *compiler, const struct fw_query_node *tree);
/* The node of a list of words and phrases, any of which must occur in title, summary or body. */
uint32_t fw_compile_needs(struct fw_compiler *compiler, const struct fw_str *needs, size_t needs_len);
/* The selectors of entities, by index; then every entity's selectors. */
void fw_compile_selectors(struct fw_compiler *compiler, const struct fw_entity_selector *const *selectors, size_t len);
/* After all of this: files all rules. What runs on every item is in program->always afterwards. */
void fw_compile_triggers(struct fw_compiler *compiler);
/* How often a word might occur, from its looks alone: 1 is rare, 1000 is "the". */
float fw_word_weight(struct fw_str folded);

/* Compiles a pattern into `program`; its index, or FW_NONE with an error at the node. regex.c. */
uint32_t fw_regex_add(struct fw_program *program, const struct fw_query_node *node, struct fw_diag *diag);
