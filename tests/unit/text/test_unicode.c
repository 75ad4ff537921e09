/*
 * Our words and sentences against ICU's iterators, which follow UAX #29, on texts without what the fine print changes.
 */
#include "words.h"

#include <string.h>

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "base/macros.h"
#include "base/random.h"
#include "base/utf8.h"
#include "text/sentence.h"
#include "unit.h"

static struct words words;

static void setup(void)
{
        words_init(&words);
}

static void teardown(void)
{
        words_done(&words);
}

static UBreakIterator *open_iterator(UBreakIteratorType type, struct fw_str text, UText **ret_utext)
{
        UErrorCode status = U_ZERO_ERROR;
        UBreakIterator *iterator = ubrk_open(type, "", NULL, 0, &status);
        *ret_utext = utext_openUTF8(NULL, text.p, (int64_t) text.len, &status);
        ubrk_setUText(iterator, *ret_utext, &status);
        ck_assert(U_SUCCESS(status));
        return iterator;
}

static void check_words_like_icu(const char *text)
{
        UText *utext;
        UBreakIterator *iterator = open_iterator(UBRK_WORD, fw_str_c(text), &utext);
        words_of(&words, fw_str_c(text), false);
        size_t count = 0;
        int32_t from = ubrk_first(iterator);
        for (int32_t to = ubrk_next(iterator); to != UBRK_DONE; from = to, to = ubrk_next(iterator)) {
                if (ubrk_getRuleStatus(iterator) < UBRK_WORD_NONE_LIMIT)
                        continue;
                ck_assert_uint_lt(count, words.tokens.list.len);
                ck_assert_msg(words.tokens.list.p[count].start == (uint32_t) from &&
                                      words.tokens.list.p[count].end == (uint32_t) to,
                              "'%s': word %zu is '%.*s', not '%.*s'", text, count,
                              FW_STR_ARG(words_source(&words, count)), (int) (to - from), text + from);
                count++;
        }
        ck_assert_uint_eq(words.tokens.list.len, count);
        ubrk_close(iterator);
        utext_close(utext);
}

START_TEST(words_are_those_of_uax_29)
{
        check_words_like_icu("The quick (“brown”) fox can't jump 32.3 feet, right? O'Neill said: 5;6 and col·lecció.");
        check_words_like_icu("Северная Корея отправила солдат, сообщает Сеул — «Известия» 2024-10-24");
        check_words_like_icu("Ο πρωθυπουργός της Ελλάδας, είπε· ναι");
        check_words_like_icu("قال رئيس الوزراء، إن الحكومة ٣٫٥ في المئة");
        check_words_like_icu("प्रधानमंत्री ने कहा, कि सरकार। বাংলাদেশের প্রধানমন্ত্রী");
        check_words_like_icu("북한이 러시아에 병력을 보냈다고 국정원이 밝혔다.");
        check_words_like_icu("Thủ tướng Việt Nam, “nói” rằng; የኢትዮጵያ መንግሥት Հայաստան საქართველო");
        check_words_like_icu("foo_bar x1y2 3a 🇰🇷 👩‍🚀 #tag 50% €20 A&B");
}
END_TEST

static void check_sentences_like_icu(struct fw_str text)
{
        UText *utext;
        UBreakIterator *iterator = open_iterator(UBRK_SENTENCE, text, &utext);
        static struct fw_characters characters;
        fw_characters_init(&characters);
        size_t at = 0;
        (void) ubrk_first(iterator);
        for (int32_t to = ubrk_next(iterator); to != UBRK_DONE; to = ubrk_next(iterator)) {
                at = fw_sentence_end(&characters, text, at);
                ck_assert_msg(at == (size_t) to, "'%.*s': a sentence ends at %zu, not at %d", FW_STR_ARG(text), at, to);
        }
        ck_assert_uint_eq(at, text.len);
        ubrk_close(iterator);
        utext_close(utext);
}

START_TEST(sentences_are_those_of_uax_29)
{
        static const char *const PIECES[] = {
                "a",
                "B",
                "1",
                ".",
                "?",
                "!",
                " ",
                " ",
                ")",
                "\"",
                ",",
                ":",
                "-",
                "北",
                "。",
                "\xCC\x81",
                "\xE2\x80\xA9",
                "\xC2\xAD",
                "…",
                "é",
                "Ж",
                "\xC2\xA0",
                "«",
                "।",
                "/",
                "‥",
        };
        struct fw_random random;
        fw_random_init_seed(&random, 29);
        for (unsigned round = 0; round < 20000; round++) {
                fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                for (unsigned n = 1 + fw_random_u32(&random) % 12; n > 0; n--)
                        (void) fw_buf_append_c(&text, PIECES[fw_random_u32(&random) % FW_ARRAY_LEN(PIECES)]);
                check_sentences_like_icu(fw_buf_str(&text));
        }
        check_sentences_like_icu(
                FW_STR("Mr. Kim met the U.S. envoy. \"No!\" he said... and left. 3.5 is it? (Yes.) OK"));
}
END_TEST

UNIT_MAIN_WITH("unicode", setup, teardown, words_are_those_of_uax_29, sentences_are_those_of_uax_29)
