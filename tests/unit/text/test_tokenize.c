#include "words.h"

#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/random.h"
#include "base/utf8.h"
#include "unit.h"

struct example {
        const char *text, *expected;
};

static struct words words;

static void setup(void)
{
        words_init(&words);
}

static void teardown(void)
{
        words_done(&words);
}

enum form { FOLDED, ACCENTED, CASED, SOURCE };

static struct fw_str form_of(size_t index, enum form form)
{
        const struct fw_token *token = &words.tokens.list.p[index];
        switch (form) {
        case FOLDED:
                return token->folded;
        case ACCENTED:
                return token->accented;
        case CASED:
                return token->cased;
        default:
                return words_source(&words, index);
        }
}

/* The words of `text`, each form followed by a blank, but the last. */
static void check_form(enum form form, const char *text, const char *expected)
{
        fw_cleanup(fw_buf_done) struct fw_buf shown = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        words_of(&words, fw_str_c(text), false);
        for (size_t i = 0; i < words.tokens.list.len; i++) {
                (void) fw_buf_append_c(&shown, i > 0 ? " " : "");
                (void) fw_buf_append(&shown, form_of(i, form));
        }
        ck_assert_msg(strcmp(fw_buf_c(&shown), expected) == 0, "'%s' gives '%s', not '%s'", text, fw_buf_c(&shown),
                      expected);
}

static void check_words(const struct example *examples, size_t count)
{
        for (size_t i = 0; i < count; i++)
                check_form(FOLDED, examples[i].text, examples[i].expected);
}

START_TEST(words_are_letters_and_digits)
{
        static const struct example EXAMPLES[] = {
                { "", "" },
                { " \n.,!", "" },
                { "The Troops (left), “now”!", "the troops left now" },
                { "G7 COVID19", "g7 covid19" },
                { "foo_bar __x__ a__b _", "foo_bar x a__b" },
                { "troops🚀russia", "troops russia" },
                { "a:b a/b a@b #tag x\xC2\xA0y", "a b a b a b tag x y" },
                { "bad\xFF"
                  "bytes \xC3",
                  "bad bytes" },
                { "Kia™ R&D C++", "kia r d c" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(possessives_go)
{
        static const struct example EXAMPLES[] = {
                { "Korea's army", "korea army" },
                { "Korea’s Korea‘s Koreaʼs KOREA'S Korea＇s", "korea korea korea korea korea" },
                { "the soldiers' boots", "the soldiers boots" },
                { "U.N.’s U.S.'s café's", "un us cafe" },
                { "1990's G7's", "1990 g7" },
                { "북한's 北京’s Россия's", "북한 北 京 россия" },
                { "it's let's", "it let" },
                { "Korea'so a's'", "korea'so a" },
                { "'s", "s" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(apostrophes_inside_a_word_are_one)
{
        static const struct example EXAMPLES[] = {
                { "O'Brien O’Brien O‘Brien OʼBrien O＇Brien", "o'brien o'brien o'brien o'brien o'brien" },
                { "rock 'n' roll", "rock n roll" },
                { "п’ять can’t aujourd’hui", "п'ять can't aujourd'hui" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(elisions_are_words_of_their_own)
{
        static const struct example EXAMPLES[] = {
                { "l'armée d’Ivoire qu'il jusqu’à", "l armee d ivoire qu il jusqu a" },
                { "dell'Italia ALL'estero un'altra", "dell italia all estero un altra" },
                { "l'd'accord", "l d accord" },
                { "l' armée", "l armee" },
                { "D'Angelo's", "d angelo" },
                { "L'S", "l" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(hyphens_and_dashes_part_words)
{
        static const struct example EXAMPLES[] = {
                { "anti-tank T-54", "anti tank t 54" },
                { "North‐Korean Russia–Ukraine a—b", "north korean russia ukraine a b" },
                { "2024-10-24", "2024 10 24" },
                { "co\xC2\xADoperate", "cooperate" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(acronyms_lose_their_dots_and_other_dots_part)
{
        static const struct example EXAMPLES[] = {
                { "U.S. U.S.A. U.S.A U.N.", "us usa usa un" },
                { "the U.S.-led", "the us led" },
                { "С.Ш.А. É.U.", "сша eu" },
                { "J. Smith J.K.Rowling Ph.D.", "j smith jk rowling ph d" },
                { "left.Then example.com x.com", "left then example com x com" },
                { "a.m. e.g.", "am eg" },
                { "F.16 v2.0", "f 16 v2.0" },
                { "Ｕ．Ｓ．", "us" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
        words_of(&words, FW_STR("U.S. US J. U.S"), false);
        static const uint32_t ACRONYM[] = { FW_TOKEN_ACRONYM, 0, 0, FW_TOKEN_ACRONYM };
        for (size_t i = 0; i < FW_ARRAY_LEN(ACRONYM); i++)
                ck_assert_uint_eq(words.tokens.list.p[i].flags & FW_TOKEN_ACRONYM, ACRONYM[i]);
}
END_TEST

START_TEST(digits_grouped_by_commas_are_one_number)
{
        static const struct example EXAMPLES[] = {
                { "12,000 soldiers", "12000 soldiers" },          { "1,234,567.50 12,34,567", "1234567.50 1234567" },
                { "12,000km $12,000, and", "12000km 12000 and" }, { "1,5 2020,2021 1,2,3", "1,5 2020,2021 1,2,3" },
                { "3.5 1.234.567 5'6", "3.5 1.234.567 5'6" },     { "12, 000", "12 000" },
                { "１２，０００ ١٢٬٠٠٠", "12000 ١٢٠٠٠" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(what_is_not_seen_is_not_there)
{
        static const struct example EXAMPLES[] = {
                { "sol\xC2\xAD"
                  "diers",
                  "soldiers" },
                { "a\xE2\x80\x8B"
                  "b a\xE2\x80\x8C"
                  "b a\xE2\x80\x8D"
                  "b a\xEF\xBB\xBF"
                  "b",
                  "ab ab ab ab" },
                { "\xE2\x80\x8Fשלום\xE2\x80\x8E", "שלום" },
                { "ســـلام", "سلام" },
                { "U\xC2\xAD.\xC2\xADS.", "us" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(text_is_normalised_and_folded)
{
        static const struct example EXAMPLES[] = {
                { "ＮＡＴＯ ﬁle ㎏ CO₂ Ⅷ ½", "nato file kg co2 viii 1⁄2" },
                { "STRASSE Straße STRAẞE", "strasse strasse strasse" },
                { "ΠΌΛΕΜΟΣ πόλεμος", "πολεμοσ πολεμοσ" },
                { "İstanbul ISPARTA ıspanak", "istanbul isparta ıspanak" },
                { "cafe\xCC\x81 café", "cafe cafe" },
                { "ﾛｼｱ ｶﾞ", "ロ シ ア ガ" },
                { "ﷺ", "صلى الله عليه وسلم" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(accents_come_off_where_the_script_lets_them_go)
{
        static const struct example EXAMPLES[] = {
                { "Zürich señor Việt Ångström", "zurich senor viet angstrom" },
                { "ø ł đ Æ", "ø ł đ æ" },
                { "Ελλάδα ΐ", "ελλαδα ι" },
                { "Корейский ёлка їжак", "кореискии елка іжак" },
                { "سَلَام أحمد آب", "سلام احمد اب" },
                { "שָׁלוֹם", "שלום" },
                { "が パ", "が パ" },
                { "हिन्दी বাংলা", "हिन्दी বাংলা" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(scripts_without_spaces_are_one_word_a_character)
{
        static const struct example EXAMPLES[] = {
                { "北朝鮮軍がロシア", "北 朝 鮮 軍 が ロ シ ア" },
                { "か\xE3\x82\x99", "が" },
                { "ラーメン 々", "ラ ー メ ン 々" },
                { "ที่ทหาร", "ที่ ท ห า ร" },
                { "ລາວ ខ្មែរ", "ລ າ ວ ខ្ មែ រ" },
                { "မြန်မာ", "မြ န် မာ" },
                { "10月5日F-16機", "10 月 5 日 f 16 機" },
                { "개발", "개발" },
        };
        check_words(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
        words_of(&words, FW_STR("北朝 鮮・軍x"), false);
        static const uint32_t FLAGS[] = { FW_TOKEN_SEQUENCE, FW_TOKEN_SEQUENCE, FW_TOKEN_SEQUENCE,
                                          FW_TOKEN_SEQUENCE | FW_TOKEN_GAP_BEFORE, 0 };
        ck_assert_uint_eq(words.tokens.list.len, FW_ARRAY_LEN(FLAGS));
        for (size_t i = 0; i < FW_ARRAY_LEN(FLAGS); i++)
                ck_assert_uint_eq(words.tokens.list.p[i].flags, FLAGS[i]);
}
END_TEST

START_TEST(hangul_parts_from_other_letters)
{
        check_form(FOLDED, "북한군이 NATO는 16기 K팝", "북한군이 nato 는 16 기 k 팝");
        check_form(FOLDED, "\xE1\x84\x87\xE1\x85\xAE\xE1\x86\xA8", "북");
        words_of(&words, FW_STR("NATO는 북"), false);
        ck_assert_uint_eq(words.tokens.list.p[0].flags, 0);
        ck_assert_uint_eq(words.tokens.list.p[1].flags, FW_TOKEN_HANGUL);
        ck_assert_uint_eq(words.tokens.list.p[2].flags, FW_TOKEN_HANGUL);
}
END_TEST

START_TEST(hebrew_keeps_its_double_marks)
{
        check_form(FOLDED, "צה\"ל צה״ל \"שלום\"", "צה\"ל צה\"ל שלום");
        check_form(FOLDED, "a\"b", "a b");
}
END_TEST

START_TEST(a_gap_is_anything_but_white_space)
{
        static const char TEXT[] = "a b, c\xC2\xA0"
                                   "d (e \xC2\xAD f's g U.S. h\n\ni";
        static const bool GAP[] = { false, false, true, false, true, false, false, false, false, false };
        words_of(&words, fw_str_c(TEXT), false);
        ck_assert_uint_eq(words.tokens.list.len, FW_ARRAY_LEN(GAP));
        for (size_t i = 0; i < FW_ARRAY_LEN(GAP); i++)
                ck_assert_msg(((words.tokens.list.p[i].flags & FW_TOKEN_GAP_BEFORE) != 0) == GAP[i], "word %zu", i);
}
END_TEST

START_TEST(forms_keep_what_they_promise)
{
        check_form(CASED, "Zürich’s U.S. O’Brien 12,000 ﬁle ＮＡＴＯ STRAẞE",
                   "Zürich US O'Brien 12000 file NATO STRAẞE");
        check_form(ACCENTED, "Zürich’s U.S. Корейский Straße 12,000", "zürich us корейский strasse 12000");
}
END_TEST

START_TEST(ranges_are_those_of_the_text)
{
        check_form(SOURCE, "Zürich’s U.S. Army (ﬁle) 12,000,", "Zürich U.S. Army ﬁle 12,000");
        check_form(SOURCE,
                   "sol\xC2\xAD"
                   "diers\xC2\xAD 북한군이 cafe\xCC\x81!",
                   "sol\xC2\xAD"
                   "diers 북한군이 cafe\xCC\x81");
        check_form(SOURCE, "北朝ｶﾞ", "北 朝 ｶﾞ");
        check_form(SOURCE, "l'armée", "l armée");
}
END_TEST

START_TEST(positions_count_words)
{
        words_of(&words, FW_STR("l'armée de Korea’s U.S. 北京 12,000"), false);
        ck_assert_uint_eq(words.tokens.list.len, 8);
        for (uint32_t i = 0; i < 8; i++)
                ck_assert_uint_eq(words.tokens.list.p[i].position, i);
}
END_TEST

/* One digit a word: its block, or its sentence. */
static void check_numbers(const char *html, const char *blocks, const char *sentences)
{
        words_of(&words, fw_str_c(html), true);
        ck_assert_uint_eq(words.tokens.list.len, strlen(blocks));
        for (size_t i = 0; i < words.tokens.list.len; i++) {
                const struct fw_token *token = &words.tokens.list.p[i];
                ck_assert_msg((char) ('0' + token->block) == blocks[i], "'%s': word %zu is in block %u", html, i,
                              token->block);
                ck_assert_msg((char) ('0' + token->sentence) == sentences[i], "'%s': word %zu is in sentence %u", html,
                              i, token->sentence);
        }
}

START_TEST(blocks_and_sentences_are_counted)
{
        check_numbers("Troops left. Russia was silent. Why?", "000000", "001112");
        check_numbers("<p>The troops</p><p>Russia. Said</p>x", "00112", "00123");
        check_numbers("<p>One.</p><p>Two.</p> <p>...</p><p>Four", "013", "012");
        check_numbers("The U.S. said 3.5 percent. No", "000000", "000001");
        check_numbers("He left\nthe room\n\nNow", "00000", "00000");
        check_numbers("北。朝！鮮", "000", "012");
        check_numbers("a<br>B", "00", "00");
        words_of(&words, FW_STR("One\ntwo.\n\nthree"), false);
        ck_assert_uint_eq(words.tokens.list.p[1].block, 0);
        ck_assert_uint_eq(words.tokens.list.p[2].block, 1);
        ck_assert_uint_eq(words.tokens.list.p[2].sentence, 1);
}
END_TEST

START_TEST(fold_leaves_wildcards)
{
        static const struct example EXAMPLES[] = {
                { "Troop*", "troop*" }, { "organi?ation", "organi?ation" }, { "*É", "*e" }, { "O’Br*", "o'br*" },
                { "ﬁ*", "fi*" },        { "sol\xC2\xAD*", "sol*" },         { "", "" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(EXAMPLES); i++) {
                struct fw_str folded = fw_text_fold(words.tokenizer, fw_str_c(EXAMPLES[i].text), words.arena);
                ck_assert(fw_str_eq(folded, fw_str_c(EXAMPLES[i].expected)));
        }
}
END_TEST

/* The tokens of the last text, copied out of the way of the next one. */
static struct fw_token *keep_tokens(size_t *ret_len)
{
        *ret_len = words.tokens.list.len;
        struct fw_token *kept = fw_arena_new_array(words.arena, struct fw_token, *ret_len + 1);
        for (size_t i = 0; i < *ret_len; i++) {
                kept[i] = words.tokens.list.p[i];
                kept[i].folded = fw_arena_copy(words.arena, kept[i].folded);
                kept[i].cased = fw_arena_copy(words.arena, kept[i].cased);
                kept[i].accented = fw_arena_copy(words.arena, kept[i].accented);
        }
        return kept;
}

static void check_same_tokens(const struct fw_token *kept, size_t kept_len, const char *text)
{
        ck_assert_msg(words.tokens.list.len == kept_len, "'%s'", text);
        for (size_t i = 0; i < kept_len; i++) {
                const struct fw_token *a = &kept[i], *b = &words.tokens.list.p[i];
                ck_assert_msg(fw_str_eq(a->folded, b->folded) && fw_str_eq(a->cased, b->cased) &&
                                      fw_str_eq(a->accented, b->accented) && a->flags == b->flags &&
                                      a->position == b->position && a->sentence == b->sentence && a->block == b->block,
                              "'%s': word %zu is '%.*s' and '%.*s'", text, i, FW_STR_ARG(a->folded),
                              FW_STR_ARG(b->folded));
        }
}

/* ASCII with soft hyphens in it takes the long way, and must come to the same. */
START_TEST(the_short_ways_agree_with_the_long_one)
{
        static const char ALPHABET[] = "aaabBsSUlLdD1203''''....,,,,__ ;;:\"-!?\n";
        struct fw_random random;
        fw_random_init_seed(&random, 7);
        for (unsigned round = 0; round < 20000; round++) {
                char plain[25] = { 0 }, slow[73] = { 0 };
                size_t slow_len = 0, len = fw_random_u32(&random) % (sizeof(plain) - 1);
                for (size_t i = 0; i < len; i++) {
                        plain[i] = ALPHABET[fw_random_u32(&random) % (sizeof(ALPHABET) - 1)];
                        slow[slow_len++] = plain[i];
                        if (plain[i] != ' ' && plain[i] != '\n') {
                                memcpy(slow + slow_len, "\xC2\xAD", 2);
                                slow_len += 2;
                        }
                }
                size_t kept_len;
                words_of(&words, fw_str_c(plain), false);
                struct fw_token *kept = keep_tokens(&kept_len);
                words_of(&words, fw_str_c(slow), false);
                check_same_tokens(kept, kept_len, plain);
        }
}
END_TEST

/* What was remembered comes out as it did at first, also after more words than can be remembered. */
START_TEST(remembering_changes_nothing)
{
        static const char TEXT[] = "Korea’s войска l’armée U.S.’s 12,000 NATO는 Корейский café. Zürich-Ost “É”";
        size_t kept_len;
        words_of(&words, fw_str_c(TEXT), false);
        struct fw_token *kept = keep_tokens(&kept_len);
        words_of(&words, fw_str_c(TEXT), false);
        check_same_tokens(kept, kept_len, TEXT);
        for (unsigned i = 0; i < 60000; i++) {
                char *word = fw_asprintf("é%uÀ-ö%ux", i * 7919, i);
                words_of(&words, fw_str_c(word), false);
                free(word);
        }
        words_of(&words, fw_str_c(TEXT), false);
        check_same_tokens(kept, kept_len, TEXT);
}
END_TEST

START_TEST(long_words_are_words)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (size_t i = 0; i < 100000; i++)
                (void) fw_buf_append_c(&text, "é");
        words_of(&words, fw_buf_str(&text), false);
        ck_assert_uint_eq(words.tokens.list.len, 1);
        ck_assert_uint_eq(words.tokens.list.p[0].folded.len, 100000);
        fw_buf_reset(&text);
        for (size_t i = 0; i < 100000; i++)
                (void) fw_buf_append_c(&text, "\xCC\x81");
        words_of(&words, fw_buf_str(&text), false);
        ck_assert_uint_eq(words.tokens.list.len, 0);
}
END_TEST

UNIT_MAIN_WITH("tokenize", setup, teardown, words_are_letters_and_digits, possessives_go,
               apostrophes_inside_a_word_are_one, elisions_are_words_of_their_own, hyphens_and_dashes_part_words,
               acronyms_lose_their_dots_and_other_dots_part, digits_grouped_by_commas_are_one_number,
               what_is_not_seen_is_not_there, text_is_normalised_and_folded,
               accents_come_off_where_the_script_lets_them_go, scripts_without_spaces_are_one_word_a_character,
               hangul_parts_from_other_letters, hebrew_keeps_its_double_marks, a_gap_is_anything_but_white_space,
               forms_keep_what_they_promise, ranges_are_those_of_the_text, positions_count_words,
               blocks_and_sentences_are_counted, fold_leaves_wildcards, the_short_ways_agree_with_the_long_one,
               remembering_changes_nothing, long_words_are_words)
