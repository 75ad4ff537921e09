/*
 * text: the words of a text, as docs/words.md tells. The door of this room, with text/html.h and text/country.h.
 *
 * Unicode words (UAX #29) of the NFKC-normalised text, case-folded, without accents where the script lets them go, `’s`
 * dropped, hyphens split, dots of acronyms dropped, digits grouped by commas joined; in scripts without spaces each
 * character with its marks is a word. Pure. ICU's home.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "text/html.h"

enum fw_token_flags {
        FW_TOKEN_SEQUENCE = 1 << 0, /* one character of a script without spaces: matched as a sequence */
        FW_TOKEN_HANGUL = 1 << 1,   /* begins with a Hangul syllable: a term matches at its start */
        FW_TOKEN_ACRONYM = 1 << 2,  /* dots were dropped: 'UK' is not U.K. */
        FW_TOKEN_GAP_BEFORE =
                1 << 3 /* something other than white space parts it from the word before: sequences end here */
};

struct fw_token {
        struct fw_str folded;   /* what plain terms compare: case-folded, accents off */
        struct fw_str cased;    /* NFKC, case and accents as written, possessive dropped: what exact terms compare */
        struct fw_str accented; /* case-folded, accents on: what stemmers take */
        uint32_t start, end;    /* bytes of the plain text; possessive not included */
        uint32_t position;      /* 0, 1, 2 … in the field */
        uint32_t sentence;      /* increasing, from 0 */
        uint32_t block;         /* increasing, from 0: a block element or a paragraph of plain text */
        uint32_t flags;
};

struct fw_tokens {
        FW_VEC(struct fw_token) list;
};

/*
 * A tokenizer holds what it learnt of characters and words; one a thread. Made before a sandbox closes: afterwards it opens
 * no file. Never fails but for memory.
 */
struct fw_tokenizer;
struct fw_tokenizer *fw_tokenizer_new(void);
struct fw_tokenizer *fw_tokenizer_free(struct fw_tokenizer *tokenizer);
FW_DEFINE_CLEANUP(struct fw_tokenizer, fw_tokenizer_free);

/*
 * Cuts `plain` into words, appended to `tokens`; their strings live in `arena` or in `plain`. The same function cuts the
 * text of items, of query terms and of entity names, so they can never disagree.
 */
void fw_tokenize(struct fw_tokenizer *tokenizer, const struct fw_plain_text *plain, struct fw_arena *arena,
                 struct fw_tokens *ret_tokens);

/* Folding of one word without cutting it, for the parts about a wildcard: "Troop*" → "troop*" (`*` and `?` stay). */
struct fw_str fw_text_fold(struct fw_tokenizer *tokenizer, struct fw_str word, struct fw_arena *arena);

/*
 * The stem of an accented, case-folded word by Snowball in `language` (a BCP 47 tag; its primary subtag counts), then with
 * accents off. Without a stemmer for the language, or without a language: the folded word.
 */
struct fw_str fw_text_stem(struct fw_tokenizer *tokenizer, struct fw_str accented, struct fw_str language,
                           struct fw_arena *arena);
bool fw_text_has_stemmer(struct fw_str language);
/* True if a token (its forms of these names) begins with a small letter, or with a letter that has no case. */
bool fw_text_begins_small(struct fw_str cased, struct fw_str accented);
/* True if the text begins with a letter of the Latin script, with a sign of Katakana (its long sound mark is one). */
bool fw_text_is_latin(struct fw_str text);
bool fw_text_is_katakana(struct fw_str text);
/* True if the two tags have the same primary subtag, whatever their case ("en" and "en-GB"); Norwegian is one language. */
bool fw_language_same_primary(struct fw_str a, struct fw_str b);
