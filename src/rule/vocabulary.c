#include "rule/vocabulary.h"

#include "base/hash.h"
#include "rule/query.h"

/* ---- hash of words ---- */

static uint32_t *find_slot(const struct fw_vocabulary *vocabulary, struct fw_str folded, uint32_t hash)
{
        size_t mask = vocabulary->slots_cap - 1;
        for (size_t i = hash & mask;; i = (i + 1) & mask) {
                uint32_t slot = vocabulary->slots[i];
                if (slot == 0)
                        return &vocabulary->slots[i];
                if (vocabulary->slot_hashes[i] == hash && fw_str_eq(vocabulary->words.p[slot - 1].folded, folded))
                        return &vocabulary->slots[i];
        }
}

static void grow_slots(struct fw_vocabulary *vocabulary)
{
        free(vocabulary->slots);
        free(vocabulary->slot_hashes);
        vocabulary->slots_cap = vocabulary->slots_cap ? vocabulary->slots_cap * 2 : 1024;
        vocabulary->slots = fw_calloc(vocabulary->slots_cap, sizeof(*vocabulary->slots));
        vocabulary->slot_hashes = fw_calloc(vocabulary->slots_cap, sizeof(*vocabulary->slot_hashes));
        for (size_t i = 0; i < vocabulary->words.len; i++) {
                uint32_t hash = (uint32_t) fw_hash64(vocabulary->words.p[i].folded);
                uint32_t *slot = find_slot(vocabulary, vocabulary->words.p[i].folded, hash);
                *slot = (uint32_t) i + 1;
                vocabulary->slot_hashes[slot - vocabulary->slots] = hash;
        }
}

uint32_t fw_vocabulary_find(const struct fw_vocabulary *vocabulary, struct fw_str folded)
{
        return *find_slot(vocabulary, folded, (uint32_t) fw_hash64(folded)) - 1;
}

/* The word's record, made when new. Valid until the next word. */
static struct fw_vocabulary_word *put_word(struct fw_vocabulary *vocabulary, struct fw_str folded)
{
        if (vocabulary->words.len * 2 >= vocabulary->slots_cap)
                grow_slots(vocabulary);
        uint32_t hash = (uint32_t) fw_hash64(folded);
        uint32_t *slot = find_slot(vocabulary, folded, hash);
        if (*slot == 0) {
                fw_vec_push(&vocabulary->words,
                            (struct fw_vocabulary_word){ .folded = folded, .literal = FW_NONE, .exact = FW_NONE });
                *slot = (uint32_t) vocabulary->words.len;
                vocabulary->slot_hashes[slot - vocabulary->slots] = hash;
        }
        return &vocabulary->words.p[*slot - 1];
}

/* ---- tries ---- */

static size_t trie_slot(const struct fw_trie *trie, uint64_t key)
{
        size_t i = (size_t) ((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (trie->cap - 1);
        while (trie->keys[i] != 0 && trie->keys[i] != key)
                i = (i + 1) & (trie->cap - 1);
        return i;
}

static uint64_t trie_key(uint32_t node, char byte)
{
        return ((uint64_t) node << 8 | (unsigned char) byte) + 1;
}

static uint32_t trie_step(const struct fw_trie *trie, uint32_t node, char byte)
{
        if (trie->cap == 0)
                return FW_NONE;
        size_t slot = trie_slot(trie, trie_key(node, byte));
        return trie->keys[slot] ? trie->values[slot] : FW_NONE;
}

static void trie_grow(struct fw_trie *trie)
{
        struct fw_trie old = *trie;
        trie->cap = old.cap ? old.cap * 2 : 256;
        trie->keys = fw_calloc(trie->cap, sizeof(*trie->keys));
        trie->values = fw_calloc(trie->cap, sizeof(*trie->values));
        for (size_t i = 0; i < old.cap; i++) {
                if (old.keys[i]) {
                        size_t slot = trie_slot(trie, old.keys[i]);
                        trie->keys[slot] = old.keys[i];
                        trie->values[slot] = old.values[i];
                }
        }
        free(old.keys);
        free(old.values);
}

static uint32_t trie_put(struct fw_trie *trie, uint32_t node, char byte)
{
        if (trie->len * 2 >= trie->cap)
                trie_grow(trie);
        size_t slot = trie_slot(trie, trie_key(node, byte));
        if (trie->keys[slot] == 0) {
                trie->keys[slot] = trie_key(node, byte);
                trie->values[slot] = (uint32_t) trie->patterns.len;
                trie->len++;
                fw_vec_push(&trie->patterns, FW_NONE);
        }
        return trie->values[slot];
}

static void trie_done(struct fw_trie *trie)
{
        free(trie->keys);
        free(trie->values);
        fw_vec_done(&trie->patterns);
}

/* Where the literal part of a pattern ends: its last byte first if `backward`. */
static uint32_t trie_put_path(struct fw_trie *trie, struct fw_str path, bool backward)
{
        uint32_t node = 0;
        for (size_t i = 0; i < path.len; i++)
                node = trie_put(trie, node, path.p[backward ? path.len - 1 - i : i]);
        return node;
}

/* ---- building ---- */

void fw_vocabulary_init(struct fw_vocabulary *vocabulary, struct fw_arena *arena)
{
        *vocabulary = (struct fw_vocabulary){ .arena = arena, .loose = FW_NONE };
        fw_vec_push(&vocabulary->prefixes.patterns, FW_NONE);
        fw_vec_push(&vocabulary->suffixes.patterns, FW_NONE);
        fw_vec_push(&vocabulary->infixes.patterns, FW_NONE);
        fw_map_init(&vocabulary->pattern_terms);
        fw_map_init(&vocabulary->stem_terms);
        grow_slots(vocabulary);
}

void fw_vocabulary_done(struct fw_vocabulary *vocabulary)
{
        fw_vec_done(&vocabulary->words);
        fw_vec_done(&vocabulary->exacts);
        fw_vec_done(&vocabulary->patterns);
        fw_vec_done(&vocabulary->stems);
        fw_vec_done(&vocabulary->term_words);
        fw_vec_done(&vocabulary->term_bytes);
        trie_done(&vocabulary->prefixes);
        trie_done(&vocabulary->suffixes);
        trie_done(&vocabulary->infixes);
        free(vocabulary->slots);
        free(vocabulary->slot_hashes);
        fw_map_done(&vocabulary->pattern_terms);
        fw_map_done(&vocabulary->stem_terms);
}

static uint32_t new_term(struct fw_vocabulary *vocabulary, uint32_t word)
{
        fw_vec_push(&vocabulary->term_words, word);
        fw_vec_push(&vocabulary->term_bytes, 0);
        return (uint32_t) vocabulary->term_words.len - 1;
}

uint32_t fw_vocabulary_add_literal(struct fw_vocabulary *vocabulary, struct fw_str folded)
{
        struct fw_vocabulary_word *word = put_word(vocabulary, folded);
        if (word->literal == FW_NONE)
                word->literal = new_term(vocabulary, (uint32_t) (word - vocabulary->words.p));
        return word->literal;
}

uint32_t fw_vocabulary_add_exact(struct fw_vocabulary *vocabulary, struct fw_str folded, struct fw_str cased)
{
        struct fw_vocabulary_word *word = put_word(vocabulary, folded);
        for (uint32_t i = word->exact; i != FW_NONE; i = vocabulary->exacts.p[i].next) {
                if (fw_str_eq(vocabulary->exacts.p[i].cased, cased))
                        return vocabulary->exacts.p[i].term;
        }
        uint32_t term = new_term(vocabulary, FW_NONE);
        fw_vec_push(&vocabulary->exacts,
                    (struct fw_vocabulary_exact){ .cased = cased, .term = term, .next = word->exact });
        word->exact = (uint32_t) vocabulary->exacts.len - 1;
        return term;
}

static bool is_wild(char c)
{
        return c == '*' || c == '?';
}

/* The longest run of letters between wildcards. */
static struct fw_str longest_literal(struct fw_str pattern)
{
        struct fw_str best = FW_STR_NONE;
        for (size_t i = 0; i < pattern.len;) {
                size_t end = i;
                while (end < pattern.len && !is_wild(pattern.p[end]))
                        end++;
                if (end - i > best.len)
                        best = fw_str_slice(pattern, i, end);
                i = end + 1;
        }
        return best;
}

/* The head of the list that a pattern belongs to: by its beginning, else its end, else its longest part. */
static uint32_t *pattern_list(struct fw_vocabulary *vocabulary, struct fw_str pattern)
{
        size_t head = 0, tail = 0;
        while (head < pattern.len && !is_wild(pattern.p[head]))
                head++;
        while (tail < pattern.len && !is_wild(pattern.p[pattern.len - 1 - tail]))
                tail++;
        struct fw_trie *trie = head ? &vocabulary->prefixes : tail ? &vocabulary->suffixes : &vocabulary->infixes;
        struct fw_str path = head   ? fw_str_slice(pattern, 0, head)
                             : tail ? fw_str_slice(pattern, pattern.len - tail, pattern.len)
                                    : longest_literal(pattern);
        if (path.len == 0)
                return &vocabulary->loose;
        uint32_t node = trie_put_path(trie, path, !head && tail); /* moves the array */
        return &trie->patterns.p[node];
}

uint32_t fw_vocabulary_add_wildcard(struct fw_vocabulary *vocabulary, struct fw_str pattern)
{
        bool new;
        union fw_map_value *known = fw_map_put(&vocabulary->pattern_terms, pattern, &new);
        if (!new)
                return (uint32_t) known->number;
        uint32_t term = new_term(vocabulary, FW_NONE);
        known->number = term;
        uint32_t *list = pattern_list(vocabulary, pattern);
        fw_vec_push(&vocabulary->patterns,
                    (struct fw_vocabulary_pattern){ .pattern = pattern, .term = term, .next = *list });
        *list = (uint32_t) vocabulary->patterns.len - 1;
        for (size_t i = 0; i < pattern.len; i++)
                vocabulary->term_bytes.p[term] += !is_wild(pattern.p[i]);
        return term;
}

uint32_t fw_vocabulary_add_stem(struct fw_vocabulary *vocabulary, struct fw_str accented, struct fw_str folded,
                                bool hangul)
{
        bool new;
        union fw_map_value *known = fw_map_put(&vocabulary->stem_terms, accented, &new);
        if (!new)
                return (uint32_t) known->number;
        uint32_t term = new_term(vocabulary, FW_NONE);
        known->number = term;
        fw_vec_push(
                &vocabulary->stems,
                (struct fw_vocabulary_stem){ .accented = accented, .folded = folded, .term = term, .hangul = hangul });
        return term;
}

/* ---- matching ---- */

static void add_once(struct fw_term_list *list, uint32_t term)
{
        for (size_t i = 0; i < list->terms.len; i++) {
                if (list->terms.p[i] == term)
                        return;
        }
        fw_vec_push(&list->terms, term);
}

static void try_patterns(const struct fw_vocabulary *vocabulary, uint32_t first, struct fw_str folded,
                         struct fw_term_list *list)
{
        for (uint32_t i = first; i != FW_NONE; i = vocabulary->patterns.p[i].next) {
                const struct fw_vocabulary_pattern *pattern = &vocabulary->patterns.p[i];
                if (fw_wildcard_matches(pattern->pattern, folded))
                        add_once(list, pattern->term);
        }
}

/* Tries the patterns at each node on the way of word[from…], backward from its end if `backward`. */
static void walk(const struct fw_vocabulary *vocabulary, const struct fw_trie *trie, struct fw_str folded, size_t from,
                 bool backward, struct fw_term_list *list)
{
        uint32_t node = 0;
        for (size_t i = from; i < folded.len; i++) {
                node = trie_step(trie, node, folded.p[backward ? folded.len - 1 - i : i]);
                if (node == FW_NONE)
                        return;
                try_patterns(vocabulary, trie->patterns.p[node], folded, list);
        }
}

void fw_vocabulary_match_wildcards(const struct fw_vocabulary *vocabulary, struct fw_str folded,
                                   struct fw_term_list *ret_terms)
{
        walk(vocabulary, &vocabulary->prefixes, folded, 0, false, ret_terms);
        walk(vocabulary, &vocabulary->suffixes, folded, 0, true, ret_terms);
        for (size_t i = 0; i < folded.len && vocabulary->infixes.len; i++)
                walk(vocabulary, &vocabulary->infixes, folded, i, false, ret_terms);
        try_patterns(vocabulary, vocabulary->loose, folded, ret_terms);
}
