/*
 * cut: the rules.
 *
 * A word is a run of letters and digits with their marks. What may stand inside it is decided by what stands on both sides:
 * an apostrophe between letters, a point or comma between digits, '_' between any. Three things are peculiar to us:
 *
 *     Korea's        → korea          the possessive goes
 *     l'armée        → l, armée       an elided article or pronoun is a word of its own
 *     U.S. / U.S.A   → us / usa       single letters with dots are one word
 *
 * Letters of Hangul part from others: in "NATO는" the name is a word and the particle another.
 */
#include "text/cut.h"

#include <string.h>

#include "base/macros.h"
#include "base/str.h"
#include "text/text.h"

/* Articles, pronouns and prepositions that lose their vowel before another word, in French, Italian, Catalan and Irish. */
static const char *const ELISIONS[] = {
        "l",      "d",      "j",   "m",    "t",    "s",    "n",    "c",    "qu",   "jusqu", "lorsqu",
        "puisqu", "quoiqu", "v",   "un",   "gl",   "all",  "dall", "dell", "nell", "sull",  "coll",
        "quell",  "quest",  "agl", "dagl", "degl", "negl", "sugl", "sant", "bell", "tutt",  "b",
};

#define LONGEST_ELISION 6

static bool is_letter(enum fw_character_class class)
{
        return class == FW_CHAR_LETTER || class == FW_CHAR_HEBREW;
}

static bool is_word_part(enum fw_character_class class)
{
        return is_letter(class) || class == FW_CHAR_DIGIT;
}

static bool begins_word(enum fw_character_class class)
{
        return is_word_part(class) || class == FW_CHAR_SEQUENCE || class == FW_CHAR_HANGUL;
}

/* The class at `i`, FW_CHAR_OTHER beyond the end. */
static enum fw_character_class class_at(const struct fw_units *units, size_t i)
{
        return i < units->list.len ? units->list.p[i].class : FW_CHAR_OTHER;
}

static size_t skip_marks(const struct fw_units *units, size_t i)
{
        while (class_at(units, i) == FW_CHAR_MARK)
                i++;
        return i;
}

/* "'s" at unit `i`, with nothing of a word behind it. */
static bool is_possessive(const struct fw_units *units, size_t i)
{
        if (class_at(units, i) != FW_CHAR_APOSTROPHE || i + 1 >= units->list.len)
                return false;
        uint32_t code = units->list.p[i + 1].code;
        if (code != 's' && code != 'S')
                return false;
        return i + 2 >= units->list.len ||
               (!is_word_part(units->list.p[i + 2].class) && class_at(units, i + 2) != FW_CHAR_MARK);
}

static bool is_elision(const struct fw_units *units, size_t from, size_t to)
{
        char word[LONGEST_ELISION + 1] = { 0 };
        if (to - from > LONGEST_ELISION)
                return false;
        for (size_t i = from; i < to; i++) {
                if (units->list.p[i].code > 0x7F)
                        return false;
                word[i - from] = fw_lower((char) units->list.p[i].code);
        }
        for (size_t i = 0; i < FW_ARRAY_LEN(ELISIONS); i++)
                if (strcmp(word, ELISIONS[i]) == 0)
                        return true;
        return false;
}

/* Behind an acronym of at least two letters that begins at `from`, or `from`. */
static size_t skip_acronym(const struct fw_units *units, size_t from)
{
        size_t end = from;
        unsigned letters = 0;
        for (size_t i = from; is_letter(class_at(units, i));) {
                size_t next = skip_marks(units, i + 1);
                if (class_at(units, next) == FW_CHAR_DOT) {
                        i = end = next + 1;
                        letters++;
                        continue;
                }
                if (!is_word_part(class_at(units, next)) && class_at(units, next) != FW_CHAR_JOINER) {
                        end = next;
                        letters++;
                }
                break;
        }
        return letters > 1 ? end : from;
}

/* The unit that goes on with the word over what joins at `i`, whose last part is of class `before`; 0 if nothing joins. */
static size_t join(const struct fw_units *units, size_t i, enum fw_character_class before)
{
        enum fw_character_class joiner = class_at(units, i);
        if (is_word_part(joiner))
                return i;
        size_t next = i + 1;
        while (joiner == FW_CHAR_JOINER && class_at(units, next) == FW_CHAR_JOINER)
                next++;
        enum fw_character_class after = class_at(units, skip_marks(units, next));
        bool digits = before == FW_CHAR_DIGIT && after == FW_CHAR_DIGIT;
        bool letters = is_letter(before) && is_letter(after);
        bool joins = false;
        if (joiner == FW_CHAR_JOINER)
                joins = is_word_part(after);
        else if (joiner == FW_CHAR_APOSTROPHE)
                joins = (digits || letters) && !is_possessive(units, i);
        else if (joiner == FW_CHAR_DOT || joiner == FW_CHAR_COMMA || joiner == FW_CHAR_INNER_NUMBER)
                joins = digits;
        else if (joiner == FW_CHAR_INNER_LETTER)
                joins = letters;
        else if (joiner == FW_CHAR_QUOTE)
                joins = before == FW_CHAR_HEBREW && after == FW_CHAR_HEBREW;
        return joins ? skip_marks(units, next) : 0;
}

static size_t skip_word(const struct fw_units *units, size_t from)
{
        size_t end = skip_marks(units, from + 1);
        enum fw_character_class before = units->list.p[from].class;
        bool may_elide = true;
        for (size_t next = join(units, end, before); next != 0; next = join(units, end, before)) {
                if (class_at(units, end) == FW_CHAR_APOSTROPHE) {
                        if (may_elide && is_elision(units, from, end))
                                break;
                        may_elide = false;
                }
                before = units->list.p[next].class;
                end = skip_marks(units, next + 1);
        }
        return end;
}

static size_t skip_hangul(const struct fw_units *units, size_t from)
{
        size_t end = from;
        while (class_at(units, end) == FW_CHAR_HANGUL)
                end = skip_marks(units, end + 1);
        return end;
}

bool fw_next_word(const struct fw_units *units, size_t *at, bool *gap, struct fw_word *ret_word)
{
        size_t from = *at;
        for (; from < units->list.len && !begins_word(units->list.p[from].class); from++)
                if (units->list.p[from].class != FW_CHAR_SPACE)
                        *gap = true;
        *at = from;
        if (from == units->list.len)
                return false;
        size_t to = from;
        uint32_t flags = 0;
        if (class_at(units, from) == FW_CHAR_SEQUENCE) {
                to = skip_marks(units, from + 1);
                flags = FW_TOKEN_SEQUENCE;
        } else if (class_at(units, from) == FW_CHAR_HANGUL) {
                to = skip_hangul(units, from);
                flags = FW_TOKEN_HANGUL;
        } else if ((to = skip_acronym(units, from)) > from) {
                flags = FW_TOKEN_ACRONYM;
        } else {
                to = skip_word(units, from);
        }
        *at = is_possessive(units, to) ? to + 2 : to;
        *ret_word = (struct fw_word){ .from = from, .to = to, .flags = flags };
        return true;
}

/*
 * True if the comma at `i` groups digits: what is on both sides of it are groups as people write them, "12,000,000" or
 * "12,00,000", up to a last one of three.
 */
static bool groups_digits(const struct fw_units *units, const struct fw_word *word, size_t i)
{
        size_t from = i, to = i;
        while (from > word->from &&
               (class_at(units, from - 1) == FW_CHAR_DIGIT || class_at(units, from - 1) == FW_CHAR_COMMA))
                from--;
        while (to < word->to && (class_at(units, to) == FW_CHAR_DIGIT || class_at(units, to) == FW_CHAR_COMMA))
                to++;
        size_t group = 0;
        bool is_first = true;
        for (size_t k = from; k < to; k++) {
                if (class_at(units, k) != FW_CHAR_COMMA) {
                        group++;
                        continue;
                }
                if (group > 3 || (!is_first && group < 2))
                        return false;
                is_first = false;
                group = 0;
        }
        return group == 3;
}

void fw_word_characters(const struct fw_units *units, const struct fw_word *word, struct fw_units *ret_characters)
{
        bool commas_known = false, drop_commas = false;
        for (size_t i = word->from; i < word->to; i++) {
                enum fw_character_class class = units->list.p[i].class;
                if (class == FW_CHAR_DOT && (word->flags & FW_TOKEN_ACRONYM))
                        continue;
                if (class == FW_CHAR_COMMA) {
                        if (!commas_known)
                                drop_commas = groups_digits(units, word, i);
                        commas_known = true;
                        if (drop_commas)
                                continue;
                } else if (class != FW_CHAR_DIGIT) {
                        commas_known = false;
                }
                fw_vec_push(&ret_characters->list, units->list.p[i]);
        }
}
