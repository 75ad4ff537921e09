/*
 * sentence: only what can end a sentence is looked at closely: a full stop (ATerm), another terminator (STerm), a paragraph
 * separator. What follows it, and for a full stop what stands before it, decides.
 */
#include "text/sentence.h"

#include <stdbool.h>
#include <string.h>

#include <unicode/uchar.h>

#include "base/utf8.h"

/* The class of the character at `at`, past the ones that rules look through (SB5); U_SB_OTHER at the end. */
static unsigned class_at(struct fw_characters *characters, struct fw_str text, size_t *at, size_t *ret_len)
{
        while (*at < text.len) {
                uint32_t code = fw_utf8_decode(text, *at, ret_len);
                unsigned class = fw_character_sentence_class(fw_character(characters, code));
                if (class != U_SB_EXTEND && class != U_SB_FORMAT)
                        return class == U_SB_CR || class == U_SB_LF ? U_SB_SP : class;
                *at += *ret_len;
        }
        *ret_len = 0;
        return U_SB_OTHER;
}

static size_t skip(struct fw_characters *characters, struct fw_str text, size_t at, unsigned class)
{
        size_t len, next = at;
        while (class_at(characters, text, &next, &len) == class && len > 0)
                at = next += len;
        return at;
}

/* The class of what stands before `at`, past the ones that rules look through. */
static unsigned class_before(struct fw_characters *characters, struct fw_str text, size_t from, size_t at)
{
        while (at > from) {
                do
                        at--;
                while (at > from && ((unsigned char) text.p[at] & 0xC0) == 0x80);
                size_t len;
                uint32_t code = fw_utf8_decode(text, at, &len);
                unsigned class = fw_character_sentence_class(fw_character(characters, code));
                if (class != U_SB_EXTEND && class != U_SB_FORMAT)
                        return class;
        }
        return U_SB_OTHER;
}

/* SB8: behind a full stop, a small letter before any other letter or terminator goes on with the sentence. */
static bool goes_on_small(struct fw_characters *characters, struct fw_str text, size_t at)
{
        for (size_t len; at < text.len; at += len) {
                switch (class_at(characters, text, &at, &len)) {
                case U_SB_LOWER:
                        return true;
                case U_SB_OLETTER:
                case U_SB_UPPER:
                case U_SB_SEP:
                case U_SB_ATERM:
                case U_SB_STERM:
                        return false;
                default:
                        break;
                }
        }
        return false;
}

/* The end of the sentence that the terminator at [at, after) may end, or 0. */
static size_t end_at_terminator(struct fw_characters *characters, struct fw_str text, size_t from, size_t at,
                                size_t after, bool is_full_stop)
{
        size_t len, next = after;
        unsigned class = class_at(characters, text, &next, &len);
        if (is_full_stop && class == U_SB_NUMERIC) /* SB6 */
                return 0;
        if (is_full_stop && class == U_SB_UPPER) { /* SB7 */
                unsigned before = class_before(characters, text, from, at);
                if (before == U_SB_UPPER || before == U_SB_LOWER)
                        return 0;
        }
        size_t end = skip(characters, text, after, U_SB_CLOSE);
        end = skip(characters, text, end, U_SB_SP);
        next = end;
        class = class_at(characters, text, &next, &len);
        if (class == U_SB_SCONTINUE || class == U_SB_ATERM || class == U_SB_STERM) /* SB8a */
                return 0;
        if (is_full_stop && goes_on_small(characters, text, end))
                return 0;
        return class == U_SB_SEP ? next + len : next;
}

static bool may_end(char byte)
{
        return (unsigned char) byte >= 0x80 || byte == '.' || byte == '!' || byte == '?';
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* High bits of the bytes that are zero, and perhaps of some above them. */
static uint64_t zero_bytes(uint64_t word)
{
        return (word - EACH(1)) & ~word & EACH(0x80);
}

/* The next byte that may end a sentence, from `at` on: eight at once where there is none. */
static size_t skip_plain(struct fw_str text, size_t at)
{
        for (uint64_t word; at + sizeof(word) <= text.len; at += sizeof(word)) {
                memcpy(&word, text.p + at, sizeof(word));
                uint64_t ends =
                        zero_bytes(word ^ EACH('.')) | zero_bytes(word ^ EACH('!')) | zero_bytes(word ^ EACH('?'));
                if (ends || (word & EACH(0x80)))
                        break;
        }
        while (at < text.len && !may_end(text.p[at]))
                at++;
        return at;
}

size_t fw_sentence_end(struct fw_characters *characters, struct fw_str text, size_t from)
{
        size_t len;
        for (size_t at = skip_plain(text, from); at < text.len; at = skip_plain(text, at + len)) {
                uint32_t code = fw_utf8_decode(text, at, &len);
                unsigned class = fw_character_sentence_class(fw_character(characters, code));
                if (class == U_SB_SEP)
                        return at + len;
                if (class != U_SB_ATERM && class != U_SB_STERM)
                        continue;
                size_t end = end_at_terminator(characters, text, from, at, at + len, class == U_SB_ATERM);
                if (end != 0)
                        return end;
        }
        return text.len;
}
