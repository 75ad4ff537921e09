#include <check.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/macros.h"
#include "feed/date.h"
#include "feed/limits.h"

struct date_case {
        const char *text, *instant; /* NULL: no date */
};

static const struct date_case good[] = {
        { "Tue, 03 Feb 2026 04:05:06 GMT", "2026-02-03T04:05:06Z" },
        { "3 Feb 2026 04:05 UT", "2026-02-03T04:05:00Z" },
        { "Tue,3 Feb 26 04:05:06 EST", "2026-02-03T09:05:06Z" },
        { "Fri, 09 Feb 96 23:59:45 +0000", "1996-02-09T23:59:45Z" },
        { "Thu, 04 Jul 1776 18:30:02 GMT", "1776-07-04T18:30:02Z" },
        { "Thu(a day), 9(th) Feb(ruary (the (cold) one)) 2006 23:59:45 +0000(GMT \\) x)", "2006-02-09T23:59:45Z" },
        { "Thu, 09 Feb 2006 16:59:45 G", "2006-02-09T23:59:45Z" },
        { "Fri, 10 Feb 2006 03:59:45 Q", "2006-02-09T23:59:45Z" },
        { "Thu, 09 Feb 2006 21:25:45 -0234", "2006-02-09T23:59:45Z" },
        { "tHu , \t09  fEb\n2006 23:59:45 \t pDt", "2006-02-10T06:59:45Z" },
        { "Thu Jan  1 19:48:21 2004", "2004-01-01T19:48:21Z" },
        { "Thu Jan 1 19:48:21 EST 2004", "2004-01-02T00:48:21Z" },
        { "Sun, 19 May 2002 15:21:36 GMT+03:00", "2002-05-19T12:21:36Z" },
        { "January 5, 2004 3:04 PM", "2004-01-05T15:04:00Z" },
        { "2026-02-03T04:05:06Z", "2026-02-03T04:05:06Z" },
        { "2026-02-03t04:05:06.25z", "2026-02-03T04:05:06.250000Z" },
        { "2026-02-03 13:05:06+09:00", "2026-02-03T04:05:06Z" },
        { "2003-07-01 T 01:55:07 -05:00", "2003-07-01T06:55:07Z" },
        { "2002-12-31T192030+01:00", "2002-12-31T18:20:30Z" },
        { "20021231T19:20:30+0100", "2002-12-31T18:20:30Z" },
        { "20031231101455Z", "2003-12-31T10:14:55Z" },
        { "2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z" },
        { "2005-12-31T23:59:60Z", "2006-01-01T00:00:00Z" },
        { "2003-335", "2003-12-01T00:00:00Z" },
        { "2003335", "2003-12-01T00:00:00Z" },
        { "2009-W53-7", "2010-01-03T00:00:00Z" },
        { "2003-12", "2003-12-01T00:00:00Z" },
        { "2003", "2003-01-01T00:00:00Z" },
        { "2004.05.25 11:23:17", "2004-05-25T11:23:17Z" },
        { "25.05.2004 11:23", "2004-05-25T11:23:00Z" },
        { "25/05/2004", "2004-05-25T00:00:00Z" },
        { "4/25/2004", "2004-04-25T00:00:00Z" },
        { "4/5/2004 12:30:00 AM", "2004-04-05T00:30:00Z" },
        { "2004-05-25 오후 11:23:17", "2004-05-25T23:23:17Z" },
        { "2004년 05월 28일  01:31:15", "2004-05-28T01:31:15Z" },
        { "2026年2月3日(火) 午後4時5分", "2026-02-03T16:05:00Z" },
        { "Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z" },
        { "2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z" },
        { "Mar, 03 févr. 2026 04:05:06 +0100", "2026-02-03T03:05:06Z" },
        { "вт, 3 фев 2026 04:05:06 MSK", "2026-02-03T01:05:06Z" },
        { "3. März 2026, 04:05 Uhr", "2026-03-03T04:05:00Z" },
};

static const char *const bad[] = {
        "",
        "soon",
        "yesterday 12:00",
        "Tue, 45 Feb 2026 99:99:99 GMT",
        "2003-07-01T25:51:30-05:00",
        "31 Feb 2026",
        "0000-00-00 00:00:00",
        "-0001-11-30T00:00:00+00:00",
        "3/4/2026",
        "Feb 2026 12:00",
        "29 Feb 2025",
        "2003-366",
        "12:34",
        "99999999999999999999",
        "2026-13-01",
        "2026-02-03T04:60:00Z",
};

static void check_instant(const char *text, const char *instant)
{
        int64_t wanted = FW_TIME_NONE, got = fw_date_parse(fw_str_c(text));
        if (instant)
                ck_assert_msg(fw_parse_rfc3339(fw_str_c(instant), &wanted) == 0, "the test's own '%s'", instant);
        fw_cleanup(fw_buf_done) struct fw_buf shown = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_rfc3339(&shown, got);
        ck_assert_msg(got == wanted, "'%s' is %s, wanted %s", text, fw_buf_c(&shown), instant ? instant : "none");
}

START_TEST(reads_dates_of_all_kinds)
{
        check_instant(good[_i].text, good[_i].instant);
}
END_TEST

START_TEST(refuses_what_is_no_certain_date)
{
        check_instant(bad[_i], NULL);
}
END_TEST

START_TEST(a_date_longer_than_the_limit_is_none)
{
        char text[FW_LIMIT_DATE_BYTES + 2];
        for (size_t len = FW_LIMIT_DATE_BYTES; len <= FW_LIMIT_DATE_BYTES + 1; len++) {
                memset(text, '(', len);
                memcpy(text, "2026-02-03 ", 11);
                ck_assert_int_eq(fw_date_parse(fw_str_n(text, len)) == FW_TIME_NONE, len > FW_LIMIT_DATE_BYTES);
        }
}
END_TEST

int main(void)
{
        Suite *suite = suite_create("date");
        TCase *tcase = tcase_create("date");
        tcase_add_loop_test(tcase, reads_dates_of_all_kinds, 0, FW_ARRAY_LEN(good));
        tcase_add_loop_test(tcase, refuses_what_is_no_certain_date, 0, FW_ARRAY_LEN(bad));
        tcase_add_test(tcase, a_date_longer_than_the_limit_is_none);
        suite_add_tcase(suite, tcase);
        SRunner *runner = srunner_create(suite);
        srunner_run_all(runner, CK_ENV);
        int failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
