/*
 * gazetteer: all names of all entities in one trie over terms, found leftmost-longest over all of them.
 *
 * Names are cut into words as texts are; an edge is a term of the vocabulary. Plain words match folded, exact names by their
 * cased form, a Hangul word at the start of a word. Where several names of the same length stand at one place, all are
 * mentioned, unless one of them is a `not`.
 */
#pragma once

#include "rule/files.h"
#include "rule/vocabulary.h"

/* A name at the end of a path. */
struct fw_gazetteer_name {
        uint32_t entity;
        enum fw_name_class class;
        struct fw_str text;
        uint64_t languages; /* bits of fw_gazetteer.languages; all: any */
        bool proper;        /* as in struct fw_entity_name */
        bool capital;       /* proper, and the word of the text must begin with one */
        uint32_t next;      /* at the same node, or FW_NONE */
};

#define FW_ANY_LANGUAGE UINT64_MAX

struct fw_gazetteer {
        struct fw_str languages[63]; /* primary subtags that names are bound to, by bit */
        size_t languages_len;
        uint64_t *keys; /* (node << 33 | term << 1 | joined) + 1, 0: free */
        uint32_t *values;
        size_t cap, len;
        FW_VEC(uint32_t) names_of; /* by node: first of its names, or FW_NONE */
        FW_VEC(struct fw_gazetteer_name) names;
        size_t written_len; /* the first so many names are written in files, the others are CLDR's */
};

void fw_gazetteer_init(struct fw_gazetteer *gazetteer);
void fw_gazetteer_done(struct fw_gazetteer *gazetteer);

/* The bit of an item's language (of `und` if it is not known), 0 if no name is bound to it. */
uint64_t fw_gazetteer_language(const struct fw_gazetteer *gazetteer, struct fw_str language);

/*
 * Adds all names of all entities, their terms into `vocabulary`. Errors for names without a word. A name that is only CLDR's
 * gives way to one that a file writes for another entity.
 */
void fw_gazetteer_build(struct fw_gazetteer *gazetteer, struct fw_vocabulary *vocabulary, struct fw_draft *draft);
/* True if a name counts in an item of this language. */
static inline bool fw_gazetteer_name_counts(const struct fw_gazetteer_name *name, uint64_t languages)
{
        return name->languages == FW_ANY_LANGUAGE || (name->languages & languages);
}
/* The node after `node` by a word that is `term`; FW_NONE if no name goes on so. `joined`: nothing parts it from the last. */
uint32_t fw_gazetteer_step(const struct fw_gazetteer *gazetteer, uint32_t node, uint32_t term, bool joined);
/* Warns of names that two entities share. */
void fw_gazetteer_lint(const struct fw_gazetteer *gazetteer, struct fw_draft *draft);

/* The term of one word of a term, phrase or name. */
uint32_t fw_vocabulary_add_word(struct fw_vocabulary *vocabulary, struct fw_arena *arena,
                                const struct fw_query_word *word);
