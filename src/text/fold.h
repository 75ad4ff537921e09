/*
 * fold: the three forms of a word. Private to this room.
 */
#pragma once

#include <stddef.h>

#include <unicode/umachine.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "text/characters.h"
#include "text/cut.h"

struct fw_forms {
        struct fw_str cased, accented, folded; /* as in struct fw_token; equal ones share their bytes */
};

struct fw_utf16 {
        FW_VEC(UChar) list;
};

/* Scratch memory for folding; zeroed at first, freed with fw_folder_done(). */
struct fw_folder {
        struct fw_utf16 word, normal, other;
};

void fw_folder_done(struct fw_folder *folder);

/* Normalises UTF-16 text from one buffer into another. */
void fw_normalize(const UNormalizer2 *normalizer, const struct fw_utf16 *from, struct fw_utf16 *to);
void fw_utf16_push(struct fw_utf16 *text, uint32_t code);
/* The code point at `*at`, which moves behind it. */
uint32_t fw_utf16_next(const struct fw_utf16 *text, size_t *at);

/* The forms of a word of normalised characters, in `arena`. */
struct fw_forms fw_fold_characters(struct fw_folder *folder, const struct fw_characters *characters,
                                   const struct fw_units *word, struct fw_arena *arena);
/* UTF-8 text without the accents that its scripts let go. */
struct fw_str fw_fold_accents(struct fw_folder *folder, const struct fw_characters *characters, struct fw_str text,
                              struct fw_arena *arena);
