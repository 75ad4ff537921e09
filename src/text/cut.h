/*
 * cut: where words begin and end, as docs/words.md tells: UAX #29 with the fine print about possessives, elisions,
 * acronyms, numbers and scripts without spaces. Works on normalised characters. Private to this room.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "text/characters.h"

/* A character after NFKC, and the bytes of the text that it comes from. Ignored ones are not there. */
struct fw_unit {
        uint32_t code;
        uint32_t start, end;
        enum fw_character_class class;
        bool fixed;    /* folding leaves it as it is */
        bool verbatim; /* the bytes are those of the character */
};

struct fw_units {
        FW_VEC(struct fw_unit) list;
};

struct fw_word {
        size_t from, to; /* units; a possessive is not in it, an acronym's last dot is */
        uint32_t flags;  /* enum fw_token_flags */
};

/*
 * The next word at or after unit `*at`; false at the end. `*at` moves behind it, and behind a possessive. `*gap` is set when
 * anything but white space was passed over on the way to the word, and left alone otherwise.
 */
bool fw_next_word(const struct fw_units *units, size_t *at, bool *gap, struct fw_word *ret_word);
/* Appends the characters of a word as they count: without the dots of an acronym and the commas that group digits. */
void fw_word_characters(const struct fw_units *units, const struct fw_word *word, struct fw_units *ret_characters);
