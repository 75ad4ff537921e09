/*
 * chunks: a table of fixed size, in which a key has a few places. When a new chunk finds them taken, or the memory is used up,
 * it is not remembered, or everything is forgotten: texts that are made to fill the table cost what they would without it.
 */
#include "text/chunks.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/hash.h"

/* Longer ones are rarely met again. */
#define LONGEST_CHUNK ((size_t) 48)
#define TABLE_SIZE    ((size_t) 1 << 14)
#define PLACES        ((size_t) 4)
/* Words, keys and forms of what is remembered. Beyond: all is forgotten. */
#define MEMORY_BYTES ((size_t) 4 * 1024 * 1024)

struct slot {
        uint64_t hash;
        struct fw_str bytes;
        struct fw_chunk chunk;
};

struct fw_chunks {
        struct slot *table;
        struct fw_arena *remembered;
        struct fw_arena *passing; /* of the last chunk that was not remembered */
        struct fw_chunk last;
        struct fw_units characters;
        FW_VEC(struct fw_chunk_word) words;
};

struct fw_chunks *fw_chunks_new(void)
{
        struct fw_chunks *chunks = fw_calloc(1, sizeof(*chunks));
        chunks->table = fw_calloc(TABLE_SIZE, sizeof(*chunks->table));
        chunks->remembered = fw_arena_new();
        chunks->passing = fw_arena_new();
        return chunks;
}

struct fw_chunks *fw_chunks_free(struct fw_chunks *chunks)
{
        if (!chunks)
                return NULL;
        free(chunks->table);
        (void) fw_arena_free(chunks->remembered);
        (void) fw_arena_free(chunks->passing);
        fw_vec_done(&chunks->characters.list);
        fw_vec_done(&chunks->words);
        free(chunks);
        return NULL;
}

/* The place of the chunk, else a free one for it, else NULL. */
static struct slot *find_slot(const struct fw_chunks *chunks, struct fw_str bytes, uint64_t hash)
{
        for (size_t i = 0; i < PLACES; i++) {
                struct slot *slot = &chunks->table[(hash + i) & (TABLE_SIZE - 1)];
                if (slot->bytes.p == NULL || (slot->hash == hash && fw_str_eq(slot->bytes, bytes)))
                        return slot;
        }
        return NULL;
}

const struct fw_chunk *fw_chunks_find(const struct fw_chunks *chunks, struct fw_str bytes)
{
        if (bytes.len > LONGEST_CHUNK)
                return NULL;
        struct slot *slot = find_slot(chunks, bytes, fw_hash64(bytes));
        return slot && slot->bytes.p ? &slot->chunk : NULL;
}

/* True if the word's characters are its bytes, and folding leaves them. */
static bool is_verbatim(const struct fw_units *units, const struct fw_word *word, size_t characters)
{
        if (characters != word->to - word->from)
                return false;
        for (size_t i = word->from; i < word->to; i++) {
                const struct fw_unit *unit = &units->list.p[i];
                if (!unit->fixed || !unit->verbatim || (i > word->from && unit->start != unit[-1].end))
                        return false;
        }
        return true;
}

/* Forms that are the bytes as they are need no copy. */
static void share_source(struct fw_forms *forms, struct fw_str source)
{
        if (fw_str_eq(forms->cased, source))
                forms->cased = FW_STR_NONE;
        if (fw_str_eq(forms->accented, source))
                forms->accented = FW_STR_NONE;
        if (fw_str_eq(forms->folded, source))
                forms->folded = FW_STR_NONE;
}

static struct fw_chunk cut(struct fw_chunks *chunks, struct fw_str bytes, const struct fw_units *units,
                           struct fw_folder *folder, const struct fw_characters *characters, struct fw_arena *arena)
{
        chunks->words.len = 0;
        struct fw_word word;
        bool gap = false;
        for (size_t at = 0; fw_next_word(units, &at, &gap, &word); gap = false) {
                struct fw_chunk_word cut_word = {
                        .start = units->list.p[word.from].start,
                        .end = units->list.p[word.to - 1].end,
                        .flags = word.flags,
                        .gap_before = gap,
                };
                chunks->characters.list.len = 0;
                fw_word_characters(units, &word, &chunks->characters);
                if (!is_verbatim(units, &word, chunks->characters.list.len))
                        cut_word.forms = fw_fold_characters(folder, characters, &chunks->characters, arena);
                share_source(&cut_word.forms, fw_str_slice(bytes, cut_word.start, cut_word.end));
                fw_vec_push(&chunks->words, cut_word);
        }
        struct fw_chunk chunk = { .words_len = chunks->words.len, .gap_behind = gap };
        size_t size = chunks->words.len * sizeof(chunks->words.p[0]);
        if (size > 0)
                chunk.words = memcpy(fw_arena_alloc(arena, size), chunks->words.p, size);
        return chunk;
}

static void forget(struct fw_chunks *chunks)
{
        memset(chunks->table, 0, TABLE_SIZE * sizeof(*chunks->table));
        fw_arena_reset(chunks->remembered);
}

const struct fw_chunk *fw_chunks_add(struct fw_chunks *chunks, struct fw_str bytes, const struct fw_units *units,
                                     struct fw_folder *folder, const struct fw_characters *characters)
{
        uint64_t hash = fw_hash64(bytes);
        if (fw_arena_used(chunks->remembered) > MEMORY_BYTES)
                forget(chunks);
        struct slot *slot = bytes.len <= LONGEST_CHUNK ? find_slot(chunks, bytes, hash) : NULL;
        if (!slot) {
                fw_arena_reset(chunks->passing);
                chunks->last = cut(chunks, bytes, units, folder, characters, chunks->passing);
                return &chunks->last;
        }
        slot->hash = hash;
        slot->bytes = fw_arena_copy(chunks->remembered, bytes);
        slot->chunk = cut(chunks, bytes, units, folder, characters, chunks->remembered);
        return &slot->chunk;
}
