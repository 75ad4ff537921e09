/*
 * chunks: the words of a short run of text without white space, remembered by its bytes. Private to this room.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "text/characters.h"
#include "text/cut.h"
#include "text/fold.h"

struct fw_chunk_word {
        uint32_t start, end;   /* bytes of the chunk */
        uint32_t flags;        /* enum fw_token_flags */
        bool gap_before;       /* something other than white space stands before it in the chunk */
        struct fw_forms forms; /* a form with p NULL is the bytes of the chunk as they are */
};

struct fw_chunk {
        const struct fw_chunk_word *words;
        size_t words_len;
        bool gap_behind; /* something stands behind the last word */
};

struct fw_chunks;

struct fw_chunks *fw_chunks_new(void);
struct fw_chunks *fw_chunks_free(struct fw_chunks *chunks);
/* Valid until the next call of fw_chunks_add(); NULL if it is not remembered. */
const struct fw_chunk *fw_chunks_find(const struct fw_chunks *chunks, struct fw_str bytes);
/* Cuts and folds the characters of a chunk, whose offsets are those of `bytes`, and remembers it if it is short. Valid as above. */
const struct fw_chunk *fw_chunks_add(struct fw_chunks *chunks, struct fw_str bytes, const struct fw_units *units,
                                     struct fw_folder *folder, const struct fw_characters *characters);
