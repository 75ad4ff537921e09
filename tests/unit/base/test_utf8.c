#include "base/utf8.h"

#include <errno.h>

#include "unit.h"

START_TEST(every_scalar_value_comes_back)
{
        for (uint32_t code = 0; code <= 0x10FFFF; code++) {
                if (code >= 0xD800 && code <= 0xDFFF)
                        continue;
                char bytes[4];
                size_t len = fw_utf8_encode(code, bytes), decoded_len;
                assert_in_loop(fw_utf8_decode(fw_str_n(bytes, len), 0, &decoded_len) == code);
                assert_in_loop(decoded_len == len);
        }
}
END_TEST

/* The Unicode standard, table 3-8: each maximal valid prefix is one replacement. */
START_TEST(invalid_sequences_are_replaced_as_recommended)
{
        static const struct {
                const char *bytes, *repaired;
        } cases[] = {
                { "\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41" },
                { "\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41" },
                { "\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41\uFFFD\uFFFD\x42" },
                { "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\x41" },
                { "a\xE2\x82", "a\uFFFD" },
                { "\uFFFD", "\uFFFD" },
        };
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                ck_assert_int_eq(fw_utf8_append_repaired(&buf, fw_str_c(cases[i].bytes)), 0);
                assert_buf(&buf, cases[i].repaired);
        }
}
END_TEST

START_TEST(valid_text_is_known_from_invalid)
{
        ck_assert(fw_utf8_valid(FW_STR("")));
        ck_assert(fw_utf8_valid(FW_STR("a\0é\uFFFD\U0001F680")));
        ck_assert(!fw_utf8_valid(FW_STR("\xE2\x82")));
        ck_assert(!fw_utf8_valid(FW_STR("\xED\xA0\x80")));
        ck_assert(!fw_utf8_valid(FW_STR("a\x80")));
}
END_TEST

START_TEST(a_repair_that_does_not_fit_is_an_error)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(4);
        ck_assert_int_eq(fw_utf8_append_repaired(&buf, FW_STR("\xFF\xFF")), -EMSGSIZE);
}
END_TEST

START_TEST(cut_does_not_split_a_character)
{
        struct fw_str s = FW_STR("a\u00E9\uBD81\U0001F680");
        const size_t expected[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10 };
        for (size_t max = 0; max < FW_ARRAY_LEN(expected); max++)
                ck_assert_uint_eq(fw_utf8_cut(s, max).len, expected[max]);
}
END_TEST

START_TEST(what_acts_on_a_terminal_is_escaped)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_utf8_append_escaped(&buf, FW_STR("a\n\t\r\x1B[31m\x7F \xC2\x85\u202E\u2028\xFFz \u00E9\uFFFD'\\"));
        assert_buf(&buf, "a\\n\\t\\r\\x1b[31m\\x7f \\u0085\\u202e\\u2028\\xffz \u00E9\uFFFD'\\");
        fw_buf_reset(&buf);
        (void) fw_utf8_append_displayed(&buf, FW_STR("\uFEFFa\n\xC2\x85\u202E\u2028\u200F\u061C\u2066\xFFz"));
        assert_buf(&buf, "a\\n\\u0085\\u2028\\xffz");
}
END_TEST

START_TEST(widths_are_those_of_a_terminal)
{
        ck_assert_uint_eq(fw_utf8_width(FW_STR("Korea")), 5);
        ck_assert_uint_eq(fw_utf8_width(FW_STR("\uBD81\uD55C")), 4);
        ck_assert_uint_eq(fw_utf8_width(FW_STR("\u671D\u9BAE")), 4);
        ck_assert_uint_eq(fw_utf8_width(FW_STR("e\u0301")), 1);
        ck_assert_uint_eq(fw_utf8_width(FW_STR("\U0001F680")), 2);
        ck_assert_uint_eq(fw_utf8_width(FW_STR("\u200B")), 0);
        ck_assert_uint_eq(fw_utf8_width(FW_STR("\u0378")), 1);
        /* Hangul written as conjoining letters: one wide syllable */
        ck_assert_uint_eq(fw_utf8_width(FW_STR("\u1112\u1161\u11AB")), 2);
}
END_TEST

UNIT_MAIN("utf8", every_scalar_value_comes_back, invalid_sequences_are_replaced_as_recommended,
          valid_text_is_known_from_invalid, a_repair_that_does_not_fit_is_an_error, cut_does_not_split_a_character,
          what_acts_on_a_terminal_is_escaped, widths_are_those_of_a_terminal)
