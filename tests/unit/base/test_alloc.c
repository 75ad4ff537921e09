#include "base/alloc.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

START_TEST(no_bytes_are_still_memory)
{
        fw_cleanup(fw_freep) void *memory = fw_malloc(0);
        fw_cleanup(fw_freep) void *zeroed = fw_calloc(0, 0);
        fw_cleanup(fw_freep) void *moved = fw_realloc(NULL, 0);
        ck_assert_ptr_nonnull(memory);
        ck_assert_ptr_nonnull(zeroed);
        ck_assert_ptr_nonnull(moved);
}
END_TEST

START_TEST(calloc_is_zeroed)
{
        fw_cleanup(fw_freep) char *zeroed = fw_calloc(100, 3);
        for (size_t i = 0; i < 300; i++)
                ck_assert_int_eq(zeroed[i], 0);
}
END_TEST

START_TEST(strings_are_copied_and_ended)
{
        fw_cleanup(fw_freep) char *whole = fw_strdup("troops");
        fw_cleanup(fw_freep) char *part = fw_strndup("troops", 3);
        fw_cleanup(fw_freep) char *empty = fw_strndup(NULL, 0);
        fw_cleanup(fw_freep) char *printed = fw_asprintf("%s-%d", "a", 12);
        ck_assert_str_eq(whole, "troops");
        ck_assert_str_eq(part, "tro");
        ck_assert_str_eq(empty, "");
        ck_assert_str_eq(printed, "a-12");
}
END_TEST

START_TEST(a_product_that_overflows_aborts)
{
        /* unreachable when the test does what its name says */
        free(fw_reallocarray(NULL, SIZE_MAX / 2, 3));
}
END_TEST

int main(void)
{
        Suite *suite = suite_create("alloc");
        TCase *tests = tcase_create("alloc");
        suite_add_tcase(suite, tests);
        tcase_add_test(tests, no_bytes_are_still_memory);
        tcase_add_test(tests, calloc_is_zeroed);
        tcase_add_test(tests, strings_are_copied_and_ended);
        tcase_add_test_raise_signal(tests, a_product_that_overflows_aborts, SIGABRT);
        SRunner *runner = srunner_create(suite);
        srunner_run_all(runner, CK_NORMAL);
        int failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed > 0;
}
