#include "base/clock.h"

#include <errno.h>

#include "unit.h"

START_TEST(a_manual_clock_moves_only_when_told)
{
        struct fw_manual_clock manual = { .wall_usec = 100, .monotonic_usec = 5 };
        struct fw_clock clock = fw_clock_manual(&manual);
        ck_assert_int_eq(fw_clock_wall(&clock), 100);
        fw_manual_clock_advance(&manual, FW_USEC_PER_SEC);
        ck_assert_int_eq(fw_clock_wall(&clock), 1000100);
        ck_assert_uint_eq(fw_clock_monotonic(&clock), 1000005);
}
END_TEST

START_TEST(the_system_clock_is_in_this_century)
{
        struct fw_clock clock = fw_clock_system();
        ck_assert_int_gt(fw_clock_wall(&clock), INT64_C(1700000000000000));
        uint64_t before = fw_clock_monotonic(&clock);
        ck_assert_uint_ge(fw_clock_monotonic(&clock), before);
}
END_TEST

static int64_t civil(int64_t year, int month, int day, int hour, int minute, int second)
{
        return fw_civil_to_usec(&(struct fw_civil){ year, month, day, hour, minute, second, 0, 0 });
}

START_TEST(known_days_have_their_numbers)
{
        ck_assert_int_eq(civil(1970, 1, 1, 0, 0, 0), 0);
        ck_assert_int_eq(civil(2024, 10, 24, 9, 31, 2), INT64_C(1729762262000000));
        ck_assert_int_eq(civil(2000, 2, 29, 0, 0, 0), INT64_C(951782400000000));
        ck_assert_int_eq(civil(1969, 12, 31, 23, 59, 59), -1000000);
        ck_assert_int_eq(civil(1, 1, 1, 0, 0, 0), INT64_C(-62135596800000000));
        /* a leap second counts as the next one */
        ck_assert_int_eq(civil(2016, 12, 31, 23, 59, 60), civil(2017, 1, 1, 0, 0, 0));
        ck_assert(civil(1000000, 1, 1, 0, 0, 0) == FW_TIME_NONE);
        ck_assert(civil(INT64_MAX, 1, 1, 0, 0, 0) == FW_TIME_NONE);
}
END_TEST

START_TEST(each_day_of_four_centuries_comes_back)
{
        int64_t day_usec = (int64_t) FW_USEC_PER_DAY;
        int weekday = 6; /* 1800-01-01 was a Wednesday, and the loop begins on the Saturday after */
        for (int64_t usec = civil(1800, 1, 4, 12, 0, 0); usec < civil(2200, 1, 1, 0, 0, 0); usec += day_usec) {
                struct fw_civil date = fw_civil_from_usec(usec);
                assert_in_loop(fw_civil_to_usec(&date) == usec);
                assert_in_loop(date.weekday == weekday);
                weekday = (weekday + 1) % 7;
        }
}
END_TEST

START_TEST(the_ends_of_time_do_not_overflow)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(100);
        ck_assert_int_eq(fw_append_rfc3339(&buf, INT64_MAX), 0);
        assert_buf(&buf, "294247-01-10T04:00:54.775807Z");
        ck_assert_int_eq(fw_append_rfc3339(&buf, INT64_MIN + 1), 0);
        assert_buf(&buf, "-290308-12-21T19:59:05.224193Z");
}
END_TEST

START_TEST(rfc3339_is_written_with_a_fraction_if_there_is_one)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(100);
        (void) fw_append_rfc3339(&buf, INT64_C(1729762262000000));
        assert_buf(&buf, "2024-10-24T09:31:02Z");
        (void) fw_append_rfc3339(&buf, INT64_C(1729762262000120));
        assert_buf(&buf, "2024-10-24T09:31:02.000120Z");
        (void) fw_append_rfc3339(&buf, -1);
        assert_buf(&buf, "1969-12-31T23:59:59.999999Z");
        (void) fw_append_rfc3339(&buf, FW_TIME_NONE);
        assert_buf(&buf, "");
}
END_TEST

START_TEST(rfc3339_is_read_with_any_zone_and_fraction)
{
        static const struct {
                const char *text;
                int64_t usec;
        } cases[] = {
                { "2024-10-24T09:31:02Z", 1729762262000000 },
                { "2024-10-24t09:31:02z", 1729762262000000 },
                { "2024-10-24 18:31:02+09:00", 1729762262000000 },
                { "2024-10-24T05:01:02.5-04:30", 1729762262500000 },
                { "2024-10-24T09:31:02.1234567899Z", 1729762262123456 },
                { "2016-12-31T23:59:60Z", 1483228800000000 },
                { "2024-02-29T00:00:00-00:00", 1709164800000000 },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                int64_t usec;
                ck_assert_msg(fw_parse_rfc3339(fw_str_c(cases[i].text), &usec) == 0, "%s", cases[i].text);
                ck_assert_int_eq(usec, cases[i].usec);
        }
}
END_TEST

START_TEST(what_is_no_rfc3339_is_refused)
{
        const char *const wrong[] = {
                "",
                "2024-10-24",
                "2024-10-24T09:31:02",
                "2024-10-24T09:31Z",
                "2024-10-24T09:31:02.Z",
                "2024-10-24T09:31:02+0900",
                "2024-10-24T09:31:02+09",
                "2024-10-24T09:31:02+24:00",
                "2024-10-24T09:31:02Zx",
                " 2024-10-24T09:31:02Z",
                "2023-02-29T00:00:00Z",
                "2024-13-01T00:00:00Z",
                "2024-00-01T00:00:00Z",
                "2024-04-31T00:00:00Z",
                "2024-10-24T24:00:00Z",
                "2024-10-24T09:60:00Z",
                "2024-10-24T09:31:61Z",
                "24-10-24T09:31:02Z",
                "2024-1-024T09:31:02Z",
                "-024-10-24T09:31:02Z",
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(wrong); i++) {
                int64_t usec = 5;
                ck_assert_msg(fw_parse_rfc3339(fw_str_c(wrong[i]), &usec) == -EINVAL, "'%s'", wrong[i]);
                ck_assert_int_eq(usec, 5);
        }
}
END_TEST

START_TEST(local_time_is_the_zones)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(100);
        setenv("TZ", "KST-9", 1);
        (void) fw_append_local_time(&buf, INT64_C(1729762262999999));
        assert_buf(&buf, "2024-10-24 18:31:02");
        (void) fw_append_local_time(&buf, FW_TIME_NONE);
        assert_buf(&buf, "");
}
END_TEST

UNIT_MAIN("clock", a_manual_clock_moves_only_when_told, the_system_clock_is_in_this_century,
          known_days_have_their_numbers, each_day_of_four_centuries_comes_back, the_ends_of_time_do_not_overflow,
          rfc3339_is_written_with_a_fraction_if_there_is_one, rfc3339_is_read_with_any_zone_and_fraction,
          what_is_no_rfc3339_is_refused, local_time_is_the_zones)
