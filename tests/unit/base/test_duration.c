#include <errno.h>

#include "base/clock.h"
#include "unit.h"

START_TEST(durations_are_read_in_each_unit_and_joined)
{
        static const struct {
                const char *text;
                uint64_t usec;
        } cases[] = {
                { "90s", 90 * FW_USEC_PER_SEC },
                { "15m", 15 * FW_USEC_PER_MINUTE },
                { "6h", 6 * FW_USEC_PER_HOUR },
                { "7d", 7 * FW_USEC_PER_DAY },
                { "2w", 14 * FW_USEC_PER_DAY },
                { "500ms", 500 * FW_USEC_PER_MSEC },
                { "20us", 20 },
                { "1h30m", 90 * FW_USEC_PER_MINUTE },
                { "1w1d1h1m1s1ms1us", 694861001001 },
                { "0s", 0 },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                uint64_t usec;
                ck_assert_msg(fw_parse_duration(fw_str_c(cases[i].text), &usec) == 0, "%s", cases[i].text);
                ck_assert_uint_eq(usec, cases[i].usec);
        }
}
END_TEST

START_TEST(what_is_no_duration_is_refused)
{
        const char *const wrong[] = { "",      "15",   "m",  "15 m", "15x", "-5m",   "1.5h",
                                      "30m1h", "1h1h", "5M", "1h30", "h1",  "1h 30m" };
        for (size_t i = 0; i < FW_ARRAY_LEN(wrong); i++) {
                uint64_t usec = 5;
                ck_assert_msg(fw_parse_duration(fw_str_c(wrong[i]), &usec) == -EINVAL, "'%s'", wrong[i]);
                ck_assert_uint_eq(usec, 5);
        }
}
END_TEST

START_TEST(a_hundred_years_are_the_limit)
{
        uint64_t usec;
        ck_assert_int_eq(fw_parse_duration(FW_STR("36525d"), &usec), 0);
        ck_assert_int_eq(fw_parse_duration(FW_STR("36525d1us"), &usec), -ERANGE);
        ck_assert_int_eq(fw_parse_duration(FW_STR("99999999999999999999w"), &usec), -ERANGE);
        ck_assert_int_eq(fw_parse_duration(FW_STR("18446744073709551615w5s"), &usec), -ERANGE);
        /* a wrong unit is the better message */
        ck_assert_int_eq(fw_parse_duration(FW_STR("99999999999w5x"), &usec), -EINVAL);
}
END_TEST

static void assert_written(uint64_t usec, const char *exact, const char *words)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(100);
        ck_assert_int_eq(fw_append_duration(&buf, usec), 0);
        assert_buf(&buf, exact);
        ck_assert_int_eq(fw_append_duration_words(&buf, usec), 0);
        assert_buf(&buf, words);
}

START_TEST(durations_are_written_exactly_and_in_words)
{
        assert_written(0, "0s", "0 s");
        assert_written(20, "20us", "20 µs");
        assert_written(350 * FW_USEC_PER_MSEC, "350ms", "350 ms");
        assert_written(1300 * FW_USEC_PER_MSEC, "1s300ms", "1.3 s");
        assert_written(2 * FW_USEC_PER_SEC, "2s", "2 s");
        assert_written(42400 * FW_USEC_PER_MSEC, "42s400ms", "42 s");
        assert_written(120 * FW_USEC_PER_SEC, "2m", "2 min");
        assert_written(150 * FW_USEC_PER_SEC, "2m30s", "2 min 30 s");
        assert_written(90 * FW_USEC_PER_MINUTE, "1h30m", "1 h 30 min");
        assert_written(FW_USEC_PER_DAY, "1d", "1 day");
        assert_written(76 * FW_USEC_PER_HOUR, "3d4h", "3 days 4 h");
        assert_written(90 * FW_USEC_PER_DAY, "90d", "90 days");
}
END_TEST

START_TEST(words_round_up_into_the_next_unit)
{
        assert_written(59960 * FW_USEC_PER_MSEC, "59s960ms", "1 min");
        assert_written(FW_USEC_PER_HOUR - 1, "59m59s999ms999us", "1 h");
        assert_written(FW_USEC_PER_DAY - FW_USEC_PER_SEC, "23h59m59s", "1 day");
        assert_written(2 * FW_USEC_PER_DAY - FW_USEC_PER_MINUTE, "1d23h59m", "2 days");
        assert_written(9960 * FW_USEC_PER_MSEC, "9s960ms", "10 s");
        assert_written(999960, "999ms960us", "1 s");
}
END_TEST

START_TEST(sizes_are_read_with_both_kinds_of_units)
{
        uint64_t bytes;
        ck_assert_int_eq(fw_parse_size(FW_STR("64KiB"), &bytes), 0);
        ck_assert_uint_eq(bytes, 65536);
        ck_assert_int_eq(fw_parse_size(FW_STR("10kB"), &bytes), 0);
        ck_assert_uint_eq(bytes, 10000);
        ck_assert_int_eq(fw_parse_size(FW_STR("512B"), &bytes), 0);
        ck_assert_uint_eq(bytes, 512);
        ck_assert_int_eq(fw_parse_size(FW_STR("1GiB"), &bytes), 0);
        ck_assert_uint_eq(bytes, UINT64_C(1) << 30);
        ck_assert_int_eq(fw_parse_size(FW_STR("99999999999TiB"), &bytes), -ERANGE);
        const char *const wrong[] = { "", "64", "KiB", "64 KiB", "64K", "64kib", "64KiB64KiB", "1.5MiB", "-1B" };
        for (size_t i = 0; i < FW_ARRAY_LEN(wrong); i++)
                ck_assert_msg(fw_parse_size(fw_str_c(wrong[i]), &bytes) == -EINVAL, "'%s'", wrong[i]);
}
END_TEST

START_TEST(sizes_are_written_with_one_decimal)
{
        static const struct {
                uint64_t bytes;
                const char *text;
        } cases[] = {
                { 0, "0 B" },
                { 1023, "1023 B" },
                { 1024, "1 KiB" },
                { 12600, "12.3 KiB" },
                { 1048575, "1 MiB" },
                { 16 * 1024 * 1024, "16 MiB" },
                { UINT64_MAX, "16 EiB" },
        };
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(100);
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                (void) fw_append_size(&buf, cases[i].bytes);
                assert_buf(&buf, cases[i].text);
        }
}
END_TEST

UNIT_MAIN("duration", durations_are_read_in_each_unit_and_joined, what_is_no_duration_is_refused,
          a_hundred_years_are_the_limit, durations_are_written_exactly_and_in_words, words_round_up_into_the_next_unit,
          sizes_are_read_with_both_kinds_of_units, sizes_are_written_with_one_decimal)
