/*
 * unit: what the Check programs share: a main() that names its tests, and assertions on views.
 */
#pragma once

#include <check.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/macros.h"
#include "base/str.h"

/* For loops of many thousand rounds: Check notes every assertion that it passes in a file. */
#define assert_in_loop(condition)                                      \
        do {                                                           \
                if (!(condition))                                      \
                        ck_abort_msg("does not hold: %s", #condition); \
        } while (0)

/* `actual` is exactly the bytes of the string `expected`. */
#define assert_text(actual, expected)                                                                         \
        do {                                                                                                  \
                struct fw_str unit_actual_ = (actual), unit_expected_ = fw_str_c(expected);                   \
                ck_assert_msg(fw_str_eq(unit_actual_, unit_expected_), "'%s' is '%.*s', not '%.*s'", #actual, \
                              FW_STR_ARG(unit_actual_), FW_STR_ARG(unit_expected_));                          \
        } while (0)

/* The same for the content of a buffer, which is emptied. */
#define assert_buf(buf, expected)                       \
        do {                                            \
                assert_text(fw_buf_str(buf), expected); \
                fw_buf_reset(buf);                      \
        } while (0)

/* For one test; ends what hangs, even on a busy machine under a checker. */
#define UNIT_TIMEOUT_SECONDS 60

/* Runs tests with a fixture around each (NULL: none); the status for main(). */
static inline int unit_run(const char *name, SFun setup, SFun teardown, const TTest *const *tests, size_t count)
{
        Suite *suite = suite_create(name);
        TCase *cases = tcase_create(name);
        suite_add_tcase(suite, cases);
        tcase_set_timeout(cases, UNIT_TIMEOUT_SECONDS);
        if (setup || teardown)
                tcase_add_checked_fixture(cases, setup, teardown);
        for (size_t i = 0; i < count; i++)
                tcase_add_test(cases, tests[i]);
        SRunner *runner = srunner_create(suite);
        srunner_run_all(runner, CK_NORMAL);
        int failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* UNIT_MAIN_WITH(NAME, SETUP, TEARDOWN, TEST…) is the main() of a test program; UNIT_MAIN(NAME, TEST…) has no fixture. */
#define UNIT_MAIN_WITH(name, setup, teardown, ...)                                        \
        int main(void)                                                                    \
        {                                                                                 \
                const TTest *const tests[] = { __VA_ARGS__ };                             \
                return unit_run((name), (setup), (teardown), tests, FW_ARRAY_LEN(tests)); \
        }
#define UNIT_MAIN(name, ...) UNIT_MAIN_WITH(name, NULL, NULL, __VA_ARGS__)
