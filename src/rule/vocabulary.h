/*
 * vocabulary: every word, wildcard, stem and exact form of any rule or entity name, as numbered terms, and the way from a
 * word of a text to the terms that it meets.
 *
 * Built once, then read by any number of threads. A word costs one probe of a hash; wildcards are found in tries by their
 * literal beginning, end or middle, and only for words that were not seen before (the caller remembers).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"

#define FW_NONE UINT32_MAX

enum fw_vocabulary_flags {
        FW_WORD_STARTS_NAME = 1 << 0, /* of an entity */
        FW_WORD_STARTS_PAIR = 1 << 1, /* of adjacent words under which a rule is filed */
};

/* A folded word that some term needs. */
struct fw_vocabulary_word {
        struct fw_str folded;
        uint32_t literal; /* the plain term, or FW_NONE */
        uint32_t exact;   /* first of its exact forms in `exacts`, or FW_NONE */
        uint32_t flags;
};

struct fw_vocabulary_exact {
        struct fw_str cased;
        uint32_t term;
        uint32_t next; /* of the same folded word, or FW_NONE */
};

struct fw_vocabulary_pattern {
        struct fw_str pattern;
        uint32_t term;
        uint32_t next; /* at the same trie node, or FW_NONE */
};

struct fw_vocabulary_stem {
        struct fw_str accented, folded;
        uint32_t term;
        bool hangul; /* without a stemmer, a beginning of a word is enough */
};

/* Bytes → nodes, the edges in one hash table. */
struct fw_trie {
        uint64_t *keys; /* (node << 8 | byte) + 1, 0: free */
        uint32_t *values;
        size_t cap, len;
        FW_VEC(uint32_t) patterns; /* by node: first of its patterns, or FW_NONE */
};

struct fw_vocabulary {
        FW_VEC(struct fw_vocabulary_word) words;
        FW_VEC(struct fw_vocabulary_exact) exacts;
        FW_VEC(struct fw_vocabulary_pattern) patterns;
        FW_VEC(struct fw_vocabulary_stem) stems;
        struct fw_trie prefixes, suffixes, infixes;
        uint32_t loose;              /* patterns without a letter: first of them, or FW_NONE */
        FW_VEC(uint32_t) term_words; /* by term: the word of a plain one, or FW_NONE */
        FW_VEC(uint32_t) term_bytes; /* by term: letters that a wildcard spells out, else 0 */
        uint32_t *slots;             /* hash of words: index + 1, 0: free */
        uint32_t *slot_hashes;
        size_t slots_cap;
        struct fw_map pattern_terms, stem_terms;
        struct fw_arena *arena; /* not owned */
};

void fw_vocabulary_init(struct fw_vocabulary *vocabulary, struct fw_arena *arena);
void fw_vocabulary_done(struct fw_vocabulary *vocabulary);

/* The term of a form, made when new. Strings must live as long as the vocabulary. */
uint32_t fw_vocabulary_add_literal(struct fw_vocabulary *vocabulary, struct fw_str folded);
uint32_t fw_vocabulary_add_exact(struct fw_vocabulary *vocabulary, struct fw_str folded, struct fw_str cased);
uint32_t fw_vocabulary_add_wildcard(struct fw_vocabulary *vocabulary, struct fw_str pattern);
uint32_t fw_vocabulary_add_stem(struct fw_vocabulary *vocabulary, struct fw_str accented, struct fw_str folded,
                                bool hangul);

/* Index of a folded word in `words`, or FW_NONE. */
uint32_t fw_vocabulary_find(const struct fw_vocabulary *vocabulary, struct fw_str folded);

struct fw_term_list {
        FW_VEC(uint32_t) terms;
};
/* Appends the wildcard terms that a word meets, each once. */
void fw_vocabulary_match_wildcards(const struct fw_vocabulary *vocabulary, struct fw_str folded,
                                   struct fw_term_list *ret_terms);
/* How much of a word of `length` bytes a term covers: for 북한* the bytes of 북한, otherwise all of it. */
static inline uint32_t fw_vocabulary_term_bytes(const struct fw_vocabulary *vocabulary, uint32_t term, uint32_t length)
{
        return vocabulary->term_bytes.p[term] ? vocabulary->term_bytes.p[term] : length;
}
static inline bool fw_vocabulary_has_wildcards(const struct fw_vocabulary *vocabulary)
{
        return vocabulary->patterns.len > 0;
}
