#include "base/str.h"

#include <errno.h>

#include "unit.h"

START_TEST(slices_are_cut_to_the_string)
{
        struct fw_str s = FW_STR("hello");
        assert_text(fw_str_slice(s, 1, 3), "el");
        assert_text(fw_str_slice(s, 3, 100), "lo");
        assert_text(fw_str_slice(s, 4, 2), "");
        assert_text(fw_str_slice(s, 100, 200), "");
        ck_assert_ptr_null(fw_str_slice(FW_STR_NONE, 0, 5).p);
}
END_TEST

START_TEST(comparison_is_by_bytes_shorter_first)
{
        ck_assert_int_lt(fw_str_cmp(FW_STR("a"), FW_STR("b")), 0);
        ck_assert_int_lt(fw_str_cmp(FW_STR("a"), FW_STR("aa")), 0);
        ck_assert_int_gt(fw_str_cmp(FW_STR("\xC3"), FW_STR("z")), 0);
        ck_assert_int_eq(fw_str_cmp(FW_STR_NONE, FW_STR("")), 0);
        ck_assert(fw_str_eq(FW_STR_NONE, FW_STR("")));
        ck_assert(!fw_str_eq(FW_STR("a"), FW_STR("A")));
}
END_TEST

START_TEST(ascii_case_is_ignored_only_where_asked)
{
        ck_assert(fw_str_eq_nocase(FW_STR("Content-TYPE"), FW_STR("content-type")));
        ck_assert(!fw_str_eq_nocase(FW_STR("a"), FW_STR("ab")));
        /* @ and ` differ by the same bit as letters do */
        ck_assert(!fw_str_eq_nocase(FW_STR("@"), FW_STR("`")));
        ck_assert(fw_str_starts_nocase(FW_STR("HTTPS://x"), FW_STR("https:")));
        ck_assert(!fw_str_starts(FW_STR("HTTPS://x"), FW_STR("https:")));
}
END_TEST

START_TEST(starts_and_ends)
{
        ck_assert(fw_str_starts(FW_STR("abc"), FW_STR("ab")));
        ck_assert(fw_str_starts(FW_STR("abc"), FW_STR("")));
        ck_assert(!fw_str_starts(FW_STR("ab"), FW_STR("abc")));
        ck_assert(fw_str_ends(FW_STR("abc"), FW_STR("bc")));
        ck_assert(!fw_str_ends(FW_STR("bc"), FW_STR("abc")));
        ck_assert(fw_str_ends(FW_STR_NONE, FW_STR("")));
}
END_TEST

START_TEST(find_gives_the_first_at_or_after)
{
        struct fw_str s = FW_STR("abcabc");
        ck_assert_uint_eq(fw_str_find(s, FW_STR("bc"), 0), 1);
        ck_assert_uint_eq(fw_str_find(s, FW_STR("bc"), 2), 4);
        ck_assert_uint_eq(fw_str_find(s, FW_STR("bc"), 5), SIZE_MAX);
        ck_assert_uint_eq(fw_str_find(s, FW_STR(""), 3), 3);
        ck_assert_uint_eq(fw_str_find(s, FW_STR(""), 7), SIZE_MAX);
        ck_assert_uint_eq(fw_str_find(FW_STR_NONE, FW_STR("a"), 0), SIZE_MAX);
        ck_assert_uint_eq(fw_str_find_byte(s, 'c', 3), 5);
        ck_assert_uint_eq(fw_str_find_byte(s, 'x', 0), SIZE_MAX);
        ck_assert_uint_eq(fw_str_find_byte(FW_STR_NONE, 'x', 0), SIZE_MAX);
}
END_TEST

START_TEST(trim_takes_ascii_white_space_only)
{
        assert_text(fw_str_trim(FW_STR(" \t\r\n\f\v a b \n")), "a b");
        assert_text(fw_str_trim(FW_STR(" \n ")), "");
        /* a no-break space is text */
        assert_text(fw_str_trim(FW_STR("\xC2\xA0x")), "\xC2\xA0x");
}
END_TEST

START_TEST(split_gives_empty_parts_too)
{
        struct fw_str rest = FW_STR("a,,b"), part;
        ck_assert(fw_str_split(&rest, ',', &part));
        assert_text(part, "a");
        ck_assert(fw_str_split(&rest, ',', &part));
        assert_text(part, "");
        ck_assert(fw_str_split(&rest, ',', &part));
        assert_text(part, "b");
        ck_assert(!fw_str_split(&rest, ',', &part));

        rest = FW_STR("");
        ck_assert(!fw_str_split(&rest, ',', &part));
        rest = FW_STR_NONE;
        ck_assert(!fw_str_split(&rest, ',', &part));
}
END_TEST

START_TEST(unsigned_numbers_are_digits_within_the_type)
{
        uint64_t value = 42;
        ck_assert_int_eq(fw_str_to_u64(FW_STR("18446744073709551615"), &value), 0);
        ck_assert(value == UINT64_MAX);
        ck_assert_int_eq(fw_str_to_u64(FW_STR("0007"), &value), 0);
        ck_assert_uint_eq(value, 7);
        ck_assert_int_eq(fw_str_to_u64(FW_STR("18446744073709551616"), &value), -ERANGE);
        ck_assert_int_eq(fw_str_to_u64(FW_STR("99999999999999999999999"), &value), -ERANGE);
        const char *const wrong[] = { "", "-1", "+1", " 1", "1 ", "1x", "0x10", "1.0", "99999999999999999999999x" };
        for (size_t i = 0; i < FW_ARRAY_LEN(wrong); i++)
                ck_assert_msg(fw_str_to_u64(fw_str_c(wrong[i]), &value) == -EINVAL, "'%s'", wrong[i]);
        ck_assert_uint_eq(value, 7);
}
END_TEST

START_TEST(signed_numbers_reach_both_ends)
{
        int64_t value;
        ck_assert_int_eq(fw_str_to_i64(FW_STR("-9223372036854775808"), &value), 0);
        ck_assert(value == INT64_MIN);
        ck_assert_int_eq(fw_str_to_i64(FW_STR("9223372036854775807"), &value), 0);
        ck_assert(value == INT64_MAX);
        ck_assert_int_eq(fw_str_to_i64(FW_STR("-0"), &value), 0);
        ck_assert_int_eq(value, 0);
        ck_assert_int_eq(fw_str_to_i64(FW_STR("9223372036854775808"), &value), -ERANGE);
        ck_assert_int_eq(fw_str_to_i64(FW_STR("-9223372036854775809"), &value), -ERANGE);
        ck_assert_int_eq(fw_str_to_i64(FW_STR("--1"), &value), -EINVAL);
        ck_assert_int_eq(fw_str_to_i64(FW_STR("-"), &value), -EINVAL);
}
END_TEST

START_TEST(decimals_are_read_as_json_writes_them)
{
        double value = 0;
        ck_assert_int_eq(fw_str_to_double(FW_STR("-12.5e-1"), &value), 0);
        ck_assert_double_eq(value, -1.25);
        ck_assert_int_eq(fw_str_to_double(FW_STR("0"), &value), 0);
        ck_assert_double_eq(value, 0);
        ck_assert_int_eq(fw_str_to_double(FW_STR("1e999"), &value), -ERANGE);
        const char *const wrong[] = {
                "", "-", ".5", "5.", "01", "1e", "1e+", "nan", "inf", "0x1p3", " 1", "1,5", "1.5x"
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(wrong); i++)
                ck_assert_msg(fw_str_to_double(fw_str_c(wrong[i]), &value) == -EINVAL, "'%s'", wrong[i]);
}
END_TEST

START_TEST(distance_counts_each_kind_of_slip_once)
{
        ck_assert_uint_eq(fw_str_distance(FW_STR("severity"), FW_STR("severity"), 3), 0);
        ck_assert_uint_eq(fw_str_distance(FW_STR("severity"), FW_STR("SEVERITY"), 3), 0);
        ck_assert_uint_eq(fw_str_distance(FW_STR("severty"), FW_STR("severity"), 3), 1);
        ck_assert_uint_eq(fw_str_distance(FW_STR("severiity"), FW_STR("severity"), 3), 1);
        ck_assert_uint_eq(fw_str_distance(FW_STR("seberity"), FW_STR("severity"), 3), 1);
        ck_assert_uint_eq(fw_str_distance(FW_STR("titel"), FW_STR("title"), 3), 1);
        ck_assert_uint_eq(fw_str_distance(FW_STR("kitten"), FW_STR("sitting"), 9), 3);
        ck_assert_uint_eq(fw_str_distance(FW_STR("kitten"), FW_STR("sitting"), 1), 2);
        ck_assert_uint_eq(fw_str_distance(FW_STR(""), FW_STR("abc"), 9), 3);
}
END_TEST

START_TEST(words_of_any_length_can_be_compared)
{
        char long_word[200];
        memset(long_word, 'x', sizeof(long_word));
        struct fw_str word = fw_str_n(long_word, sizeof(long_word));
        ck_assert_uint_eq(fw_str_distance(word, word, 3), 0);
        ck_assert_uint_eq(fw_str_distance(word, FW_STR("x"), 3), 4);
}
END_TEST

START_TEST(nearest_is_near_or_nothing)
{
        const struct fw_str names[] = { FW_STR("title"), FW_STR("text"), FW_STR("category") };
        assert_text(fw_str_nearest(FW_STR("titel"), names, FW_ARRAY_LEN(names)), "title");
        assert_text(fw_str_nearest(FW_STR("catgory"), names, FW_ARRAY_LEN(names)), "category");
        assert_text(fw_str_nearest(FW_STR("elephant"), names, FW_ARRAY_LEN(names)), "");
        /* one slip is allowed in the shortest word too */
        assert_text(fw_str_nearest(FW_STR("tet"), names, FW_ARRAY_LEN(names)), "text");
        assert_text(fw_str_nearest(FW_STR("x"), names, 0), "");
}
END_TEST

UNIT_MAIN("str", slices_are_cut_to_the_string, comparison_is_by_bytes_shorter_first,
          ascii_case_is_ignored_only_where_asked, starts_and_ends, find_gives_the_first_at_or_after,
          trim_takes_ascii_white_space_only, split_gives_empty_parts_too, unsigned_numbers_are_digits_within_the_type,
          signed_numbers_reach_both_ends, decimals_are_read_as_json_writes_them, distance_counts_each_kind_of_slip_once,
          words_of_any_length_can_be_compared, nearest_is_near_or_nothing)
