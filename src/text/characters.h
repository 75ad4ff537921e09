/*
 * characters: what each code point is to the tokenizer. From ICU's properties, remembered in a table that fills as it is
 * asked; one table a tokenizer, so nothing is shared between threads. Private to this room.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <unicode/unorm2.h>

enum fw_character_class {
        FW_CHAR_UNKNOWN, /* not asked for yet; never returned */
        FW_CHAR_OTHER,   /* parts words */
        FW_CHAR_SPACE,   /* parts words, but not sequences of characters */
        FW_CHAR_IGNORED, /* as if it were not there: soft hyphen, zero width, direction marks, tatweel */
        FW_CHAR_LETTER,
        FW_CHAR_HEBREW, /* a letter that '"' may stand between */
        FW_CHAR_HANGUL,
        FW_CHAR_DIGIT,
        FW_CHAR_SEQUENCE, /* of a script without spaces: a word by itself */
        FW_CHAR_MARK,     /* belongs to what stands before it */
        FW_CHAR_JOINER,   /* '_' */
        FW_CHAR_APOSTROPHE,
        FW_CHAR_DOT,
        FW_CHAR_COMMA,        /* joins digits, and groups them */
        FW_CHAR_INNER_NUMBER, /* joins digits */
        FW_CHAR_INNER_LETTER, /* joins letters */
        FW_CHAR_QUOTE,        /* joins Hebrew letters */
        FW_CHAR_COMPLEX,      /* something else once it is normalised */
};

#define FW_CHAR_CLASS_MASK 0x1Fu
#define FW_CHAR_FIXED      0x20u /* folding leaves it as it is, and it is no mark that folding drops */
#define FW_CHAR_ATTACHES   0x40u /* normalisation may change it together with what stands before it */
/* Bits 8 to 11: its UAX #29 sentence-break class, a ULineBreak-like ICU value (USentenceBreak). */
#define FW_CHAR_SENTENCE_SHIFT 8
#define FW_CHAR_KNOWN          0x8000u

struct fw_characters {
        uint16_t table[0x10000];
        const UNormalizer2 *nfkc;
        const UNormalizer2 *nfkc_casefold;
        const UNormalizer2 *nfd;
        const UNormalizer2 *nfc;
};

/* Fetches ICU's normalisers. Their data is part of ICU's library. */
void fw_characters_init(struct fw_characters *characters);

/* Computes and remembers. */
uint16_t fw_character_look_up(struct fw_characters *characters, uint32_t code);

/* Class and flags. */
static inline uint16_t fw_character(struct fw_characters *characters, uint32_t code)
{
        if (code < 0x10000 && characters->table[code] != 0)
                return characters->table[code];
        return fw_character_look_up(characters, code);
}

static inline enum fw_character_class fw_character_class(uint16_t info)
{
        return (enum fw_character_class)(info & FW_CHAR_CLASS_MASK);
}

static inline unsigned fw_character_sentence_class(uint16_t info)
{
        return (info >> FW_CHAR_SENTENCE_SHIFT) & 0xFu;
}

/* What stands for the code point in a word: apostrophes are one, so are Hebrew's double marks. */
uint32_t fw_character_unified(uint32_t code);
bool fw_character_is_latin(uint32_t code);
/* True for the marks and letters whose script lets its accents go: Latin, Greek, Cyrillic, Arabic, Hebrew. */
bool fw_character_sheds_accents(uint32_t code);
