#include "fetch/http.h"

#include <errno.h>

#include "base/macros.h"
#include "unit.h"

#define SEC        ((int64_t) FW_USEC_PER_SEC)
#define NOV_6_1994 (784111777 * SEC) /* RFC 9110's example */

static int64_t parse(const char *text)
{
        int64_t usec = FW_TIME_NONE;
        ck_assert_msg(fw_parse_http_date(fw_str_c(text), &usec) == 0, "%s", text);
        return usec;
}

START_TEST(all_three_date_forms_name_the_same_instant)
{
        ck_assert_int_eq(parse("Sun, 06 Nov 1994 08:49:37 GMT"), NOV_6_1994);
        ck_assert_int_eq(parse("Sunday, 06-Nov-94 08:49:37 GMT"), NOV_6_1994);
        ck_assert_int_eq(parse("Sun Nov  6 08:49:37 1994"), NOV_6_1994);
        ck_assert_int_eq(parse("Wed Nov 16 08:49:37 1994"), NOV_6_1994 + 10 * 86400 * SEC);
}
END_TEST

START_TEST(two_digit_years_are_of_this_century_below_70)
{
        ck_assert_int_eq(parse("Thursday, 24-Oct-24 09:31:02 GMT"), parse("Thu, 24 Oct 2024 09:31:02 GMT"));
        ck_assert_int_eq(parse("Thursday, 01-Jan-70 00:00:00 GMT"), 0);
}
END_TEST

START_TEST(what_is_no_date_is_refused)
{
        static const char *const texts[] = {
                "",
                "0",
                "-1",
                "Sun",
                "Sun, ",
                "Sun, 06 Nov 1994",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 GMT ",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:00:00 GMT",
                "Sun, 06 Nov 1994 08:60:00 GMT",
                "Sun, 06 Nov 1994 08:49:61 GMT",
                "Sun, 00 Nov 1994 08:49:37 GMT",
                "Sun, 31 Nov 1994 08:49:37 GMT",
                "Wed, 29 Feb 2023 08:49:37 GMT",
                "Sun, 06 Nox 1994 08:49:37 GMT",
                "Sun, 06-Nov-1994 08:49:37 GMT",
                "Sun Nov 6 08:49:37 1994",
                "Sun, -6 Nov 1994 08:49:37 GMT",
        };
        int64_t usec = 0;
        for (size_t i = 0; i < FW_ARRAY_LEN(texts); i++)
                ck_assert_msg(fw_parse_http_date(fw_str_c(texts[i]), &usec) == -EINVAL, "%s", texts[i]);
        ck_assert_int_eq(parse("Thu, 29 Feb 2024 23:59:60 GMT"), parse("Fri, 01 Mar 2024 00:00:00 GMT"));
}
END_TEST

START_TEST(retry_after_is_seconds_or_a_date)
{
        uint64_t usec = 1;
        ck_assert_int_eq(fw_parse_retry_after(FW_STR(" 120 "), NOV_6_1994, &usec), 0);
        ck_assert_uint_eq(usec, 120 * FW_USEC_PER_SEC);
        ck_assert_int_eq(fw_parse_retry_after(FW_STR("Sun, 06 Nov 1994 09:49:37 GMT"), NOV_6_1994, &usec), 0);
        ck_assert_uint_eq(usec, FW_USEC_PER_HOUR);
        ck_assert_int_eq(fw_parse_retry_after(FW_STR("Sun, 06 Nov 1994 07:49:37 GMT"), NOV_6_1994, &usec), 0);
        ck_assert_uint_eq(usec, 0);
        ck_assert_int_eq(fw_parse_retry_after(FW_STR_NONE, NOV_6_1994, &usec), -ENODATA);
        ck_assert_int_eq(fw_parse_retry_after(FW_STR("soon"), NOV_6_1994, &usec), -EINVAL);
}
END_TEST

START_TEST(retry_after_beyond_a_day_is_a_day)
{
        uint64_t usec = 0;
        ck_assert_int_eq(fw_parse_retry_after(FW_STR("86400"), 0, &usec), 0);
        ck_assert_uint_eq(usec, FW_LIMIT_RETRY_AFTER_USEC);
        ck_assert_int_eq(fw_parse_retry_after(FW_STR("86401"), 0, &usec), 0);
        ck_assert_uint_eq(usec, FW_LIMIT_RETRY_AFTER_USEC);
        ck_assert_int_eq(fw_parse_retry_after(FW_STR("99999999999999999999999"), 0, &usec), 0);
        ck_assert_uint_eq(usec, FW_LIMIT_RETRY_AFTER_USEC);
}
END_TEST

START_TEST(cache_control_is_read_through_quotes_and_case)
{
        struct fw_cache_control control = fw_parse_cache_control(FW_STR("public, Max-Age=\"60\""));
        ck_assert(control.max_age_given && !control.no_cache);
        ck_assert_uint_eq(control.max_age_seconds, 60);
        control = fw_parse_cache_control(FW_STR("private=\"a, max-age=5\", max-age=7, max-age=9"));
        ck_assert_uint_eq(control.max_age_seconds, 7);
        control = fw_parse_cache_control(FW_STR("x=\"\\\", max-age=5\", NO-STORE"));
        ck_assert(control.no_cache && !control.max_age_given);
        control = fw_parse_cache_control(FW_STR(",, ,max-age=,max-age=-1, max-age=1.5,s-maxage=4"));
        ck_assert(!control.max_age_given);
        control = fw_parse_cache_control(FW_STR("max-age=999999999999999999999999"));
        ck_assert_uint_eq(control.max_age_seconds, (uint64_t) 1 << 31);
}
END_TEST

static uint64_t freshness(const char *cache_control, const char *expires, const char *age, const char *date)
{
        struct fw_freshness_fields fields = { fw_str_c(cache_control), fw_str_c(expires), fw_str_c(age),
                                              fw_str_c(date) };
        return fw_http_freshness_usec(&fields, NOV_6_1994) / FW_USEC_PER_SEC;
}

START_TEST(freshness_is_max_age_else_expires_less_age)
{
        ck_assert_uint_eq(freshness("max-age=600", "Sun, 06 Nov 1994 09:49:37 GMT", NULL, NULL), 600);
        ck_assert_uint_eq(freshness("max-age=600", NULL, "100", NULL), 500);
        ck_assert_uint_eq(freshness("max-age=600", NULL, "700", NULL), 0);
        ck_assert_uint_eq(freshness("max-age=600", NULL, "old", NULL), 600);
        ck_assert_uint_eq(freshness("max-age=600, no-cache", NULL, NULL, NULL), 0);
        ck_assert_uint_eq(freshness(NULL, "Sun, 06 Nov 1994 09:49:37 GMT", NULL, NULL), 3600);
        /* the server's clock is an hour ahead */
        ck_assert_uint_eq(freshness(NULL, "Sun, 06 Nov 1994 10:49:37 GMT", "60", "Sun, 06 Nov 1994 09:49:37 GMT"),
                          3540);
        ck_assert_uint_eq(freshness(NULL, "0", NULL, NULL), 0);
        ck_assert_uint_eq(freshness(NULL, "Sun, 06 Nov 1994 08:00:00 GMT", NULL, NULL), 0);
        ck_assert_uint_eq(freshness(NULL, NULL, NULL, NULL), 0);
}
END_TEST

START_TEST(statuses_have_their_registered_words)
{
        ck_assert_str_eq(fw_http_status_text(404), "Not Found");
        ck_assert_str_eq(fw_http_status_text(599), "");
}
END_TEST

UNIT_MAIN("http", all_three_date_forms_name_the_same_instant, two_digit_years_are_of_this_century_below_70,
          what_is_no_date_is_refused, retry_after_is_seconds_or_a_date, retry_after_beyond_a_day_is_a_day,
          cache_control_is_read_through_quotes_and_case, freshness_is_max_age_else_expires_less_age,
          statuses_have_their_registered_words)
