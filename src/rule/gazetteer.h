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
        uint32_t next; /* at the same node, or FW_NONE */
};

struct fw_gazetteer {
        uint64_t *keys; /* (node << 33 | term << 1 | joined) + 1, 0: free */
        uint32_t *values;
        size_t cap, len;
        FW_VEC(uint32_t) names_of; /* by node: first of its names, or FW_NONE */
        FW_VEC(struct fw_gazetteer_name) names;
};

void fw_gazetteer_init(struct fw_gazetteer *gazetteer);
void fw_gazetteer_done(struct fw_gazetteer *gazetteer);

/*
 * Adds every name of an entity, its terms into `vocabulary`. Errors for names without a word. Strings are copied into the
 * draft's arena.
 */
void fw_gazetteer_add(struct fw_gazetteer *gazetteer, struct fw_vocabulary *vocabulary, struct fw_draft *draft,
                      uint32_t entity_index);
/* The node after `node` by a word that is `term`; FW_NONE if no name goes on so. `joined`: nothing parts it from the last. */
uint32_t fw_gazetteer_step(const struct fw_gazetteer *gazetteer, uint32_t node, uint32_t term, bool joined);
/* Warns of names that two entities share. */
void fw_gazetteer_lint(const struct fw_gazetteer *gazetteer, struct fw_draft *draft);

/* The term of one word of a term, phrase or name. */
uint32_t fw_vocabulary_add_word(struct fw_vocabulary *vocabulary, struct fw_arena *arena,
                                const struct fw_query_word *word);
