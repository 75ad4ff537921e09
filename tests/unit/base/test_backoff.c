#include "base/backoff.h"

#include "unit.h"

START_TEST(the_back_off_doubles_within_its_half)
{
        ck_assert_uint_eq(fw_backoff_delay_usec(0, 100, 1000, 0), 100);
        ck_assert_uint_eq(fw_backoff_delay_usec(1, 100, 1000, 0), 100);
        ck_assert_uint_eq(fw_backoff_delay_usec(2, 100, 1000, 0), 200);
        ck_assert_uint_eq(fw_backoff_delay_usec(4, 100, 1000, 0), 800);
        ck_assert_uint_eq(fw_backoff_delay_usec(5, 100, 1000, 0), 1000);
        ck_assert_uint_eq(fw_backoff_delay_usec(UINT32_MAX, 100, UINT64_MAX, 0), UINT64_MAX);
        ck_assert_uint_eq(fw_backoff_delay_usec(5, 100, 1000, UINT32_C(1) << 31), 750);
        ck_assert_uint_eq(fw_backoff_delay_usec(5, 100, 1000, UINT32_MAX), 501);
        ck_assert_uint_eq(fw_backoff_delay_usec(1, 5000, 1000, 0), 1000);
}
END_TEST

START_TEST(a_spread_is_a_part_of_the_span)
{
        ck_assert_uint_eq(fw_spread_usec(1000, 0), 0);
        ck_assert_uint_eq(fw_spread_usec(1000, UINT32_C(1) << 31), 500);
        ck_assert_uint_eq(fw_spread_usec(1000, UINT32_MAX), 999);
        ck_assert_uint_eq(fw_spread_usec(UINT64_MAX, UINT32_C(1) << 31), UINT64_MAX / 2);
}
END_TEST

UNIT_MAIN("backoff", the_back_off_doubles_within_its_half, a_spread_is_a_part_of_the_span)
