/*
 * query: a query's text → tree. Lexer, parser, checks and printer of the rule language; the matcher is elsewhere.
 *
 * A tree lives in the arena that it was parsed into and points into its query's text. Every node remembers its bytes
 * [from, to) there, so that each later message can point into the file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/str.h"
#include "base/vec.h"
#include "base/yaml.h"
#include "rule/rule.h"
#include "text/text.h"

/* Longest query, in bytes, and the most terms of one; word lists are not counted. Beyond: an error. */
#define FW_LIMIT_QUERY_BYTES ((size_t) 256 * 1024)
/* Largest n of NEAR/n, FIRST/n, ATLEAST/n, and of n OF. */
#define FW_LIMIT_QUERY_NUMBER 1000000u

/* Where a query's text came from. `node` NULL: its first byte stands at `location`. */
struct fw_query_origin {
        struct fw_str text;
        const struct fw_yaml_node *node;
        struct fw_location location;
};
/* Bytes [from, to) of the query's text, in the file. */
struct fw_location fw_query_location(const struct fw_query_origin *origin, size_t from, size_t to);

/* ---- words of terms ---- */

enum fw_word_kind {
        FW_WORD_LITERAL,
        FW_WORD_WILDCARD, /* `folded` is the pattern */
        FW_WORD_ANY,      /* a lone `*` inside a phrase: any one word */
        FW_WORD_STEM,
};

struct fw_query_word {
        enum fw_word_kind kind;
        struct fw_str folded;
        struct fw_str cased;
        struct fw_str accented;
        uint32_t start, end; /* bytes of the term's text */
        uint32_t flags;      /* enum fw_token_flags */
        bool joined;         /* of a sequence with the word before it: nothing but white space may part them */
};

struct fw_query_words {
        struct fw_query_word *p;
        size_t len;
};

/* What bare and quoted terms share. */
enum fw_cut_flags {
        FW_CUT_WILDCARDS = 1 << 0, /* `*` and `?` are wildcards */
        FW_CUT_STEM = 1 << 1,      /* the last word is a stem */
};
/* Cuts a term as texts are cut. Strings live in `arena`. No words: nothing in it can be looked for. */
struct fw_query_words fw_query_cut(struct fw_tokenizer *tokenizer, struct fw_arena *arena, struct fw_str text,
                                   unsigned flags);
/* True if `word` (folded) is met by the pattern: `*` any run, `?` one code point. */
bool fw_wildcard_matches(struct fw_str pattern, struct fw_str word);

/* ---- tree ---- */

enum fw_query_kind {
        FW_QUERY_WORDS, /* a bare term or a phrase */
        FW_QUERY_EXACT,
        FW_QUERY_REGEX,
        FW_QUERY_ENTITY,
        FW_QUERY_NAME, /* $name */
        FW_QUERY_AND,
        FW_QUERY_OR,
        FW_QUERY_NOT, /* one child: what is excluded; only below AND, and what may stand between */
        FW_QUERY_NEAR,
        FW_QUERY_FIRST,
        FW_QUERY_OF,
        FW_QUERY_ATLEAST,
        FW_QUERY_FIELD,
};

enum fw_near_unit {
        FW_NEAR_WORDS,
        FW_NEAR_SENTENCE,
        FW_NEAR_PARAGRAPH,
};

struct fw_definition;

struct fw_query_node {
        enum fw_query_kind kind;
        const struct fw_query_origin *origin;
        uint32_t from, to;
        struct fw_query_node **children;
        size_t children_len;
        bool parenthesised; /* stands in parentheses of its own */

        struct fw_str text;          /* term, phrase, pattern: unescaped; entity and name: without @ and $ */
        struct fw_query_words words; /* WORDS, EXACT */
        bool quoted;                 /* WORDS: a phrase in quotation marks */
        bool stem;                   /* WORDS: term~ */
        bool implicit;               /* AND: some operator was left out */
        struct fw_str flags;         /* REGEX */
        uint32_t number;             /* NEAR: distance; FIRST, ATLEAST, OF: count */
        enum fw_near_unit unit;
        bool ordered;                              /* BEFORE */
        bool negated;                              /* NOT NEAR */
        uint32_t fields;                           /* FIELD: bit mask of enum fw_field */
        bool lead;                                 /* FIELD: lead */
        const struct fw_definition *definition;    /* NAME: set when names are resolved */
        const struct fw_entity_selector *selector; /* ENTITY: set when entities are resolved */
};

/* A named sub-query of `define:`. */
struct fw_definition {
        struct fw_str name;
        struct fw_location location; /* of its key */
        struct fw_query_node *tree;  /* NULL: it has errors of its own, which were told */
        bool checking;               /* on the way of the check, to find circles */
        bool checked;
        bool broken;
};

/* Which entities an `@…` means. */
struct fw_entity_selector {
        uint32_t index;
        const uint32_t *entities; /* indexes, increasing */
        size_t entities_len;
        int class; /* enum fw_name_class, or -1: any */
};

#define FW_SEARCHED_FIELDS ((1u << FW_FIELD_TITLE) | (1u << FW_FIELD_SUMMARY) | (1u << FW_FIELD_BODY))
#define FW_TEXT_FIELDS     ((1u << FW_FIELD_SUMMARY) | (1u << FW_FIELD_BODY))
#define FW_LEAD_WORDS      50u

/* ---- parser ---- */

struct fw_query_parser_context {
        struct fw_arena *arena;
        struct fw_tokenizer *tokenizer;
        struct fw_diag *diag;
};

/* The tree of a query, or NULL with at least one error in the context's diag. `origin` must live as long as the tree. */
struct fw_query_node *fw_query_parse(const struct fw_query_parser_context *context,
                                     const struct fw_query_origin *origin);
/*
 * The tree of a word list: an OR of terms, one a line, a line of several words a phrase; `*` and `?` are wildcards, "…", '…',
 * term~ and @entity as in queries, nothing else means anything. Empty lines and those that begin with # are skipped.
 * NULL with errors.
 */
struct fw_query_node *fw_query_parse_list(const struct fw_query_parser_context *context,
                                          const struct fw_query_origin *origin);
/* The same for one line of it; `from` to `to` are its bytes of the origin. */
struct fw_query_node *fw_query_parse_line(const struct fw_query_parser_context *context,
                                          const struct fw_query_origin *origin, size_t from, size_t to);
/* An OR over `children`; the array is the caller's and must live as long as the tree. */
struct fw_query_node *fw_query_make_or(struct fw_arena *arena, const struct fw_query_origin *origin,
                                       struct fw_query_node **children, size_t children_len);

/* What a query's names stand for. */
struct fw_query_world {
        struct fw_definition *(*find_definition)(void *userdata, struct fw_str name);
        /* NULL with a message in `diag` at `location` if there is no such entity. */
        const struct fw_entity_selector *(*find_entity)(void *userdata, struct fw_str name, struct fw_location location,
                                                        struct fw_diag *diag);
        /* The defined name nearest to a wrong one, or an empty view. */
        struct fw_str (*nearest_definition)(void *userdata, struct fw_str name);
        void *userdata;
};
/*
 * Resolves names and entities and checks what the grammar cannot: only excluding, sides of NEAR, fields in fields, circles.
 * 0, or -EINVAL with errors.
 */
int fw_query_check(struct fw_query_node *tree, const struct fw_query_world *world, struct fw_diag *diag);
/* The same, once, for a definition, which may exclude only. -EINVAL for a broken one, every time. */
int fw_query_check_definition(struct fw_definition *definition, const struct fw_query_world *world,
                              struct fw_diag *diag);

/* Appends the query fully parenthesised. `expand`: names are replaced by what they stand for. */
int fw_query_print(const struct fw_query_node *tree, bool expand, struct fw_buf *out);

/* A field's mask by its name in queries ("text" is two fields); 0 if there is none. "lead" is none. */
uint32_t fw_query_field_mask(struct fw_str name);

/* Warnings about a query that is right but perhaps not meant: lint.c. */
void fw_lint_query(const struct fw_query_node *tree, struct fw_diag *diag);

static inline struct fw_location fw_query_node_location(const struct fw_query_node *node)
{
        return fw_query_location(node->origin, node->from, node->to);
}
