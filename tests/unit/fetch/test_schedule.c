#include "fetch/schedule.h"

#include "base/clock.h"
#include "base/random.h"
#include "unit.h"

START_TEST(feeds_come_out_when_due_earliest_first)
{
        struct fw_schedule *schedule = fw_schedule_new();
        int64_t key = 0;
        ck_assert_int_eq(fw_schedule_next(schedule), INT64_MAX);
        ck_assert(!fw_schedule_pop_due(schedule, INT64_MAX, &key));
        fw_schedule_set(schedule, 1, 300);
        fw_schedule_set(schedule, 2, 100);
        fw_schedule_set(schedule, 3, 200);
        ck_assert_int_eq(fw_schedule_next(schedule), 100);
        ck_assert(!fw_schedule_pop_due(schedule, 99, &key));
        ck_assert(fw_schedule_pop_due(schedule, 250, &key));
        ck_assert_int_eq(key, 2);
        ck_assert(fw_schedule_pop_due(schedule, 250, &key));
        ck_assert_int_eq(key, 3);
        ck_assert(!fw_schedule_pop_due(schedule, 250, &key));
        ck_assert_uint_eq(fw_schedule_len(schedule), 1);
        (void) fw_schedule_free(schedule);
}
END_TEST

START_TEST(a_feed_stands_once_and_can_be_moved)
{
        struct fw_schedule *schedule = fw_schedule_new();
        int64_t key = 0;
        fw_schedule_set(schedule, 1, 100);
        fw_schedule_set(schedule, 2, 200);
        fw_schedule_set(schedule, 1, 300);
        ck_assert_uint_eq(fw_schedule_len(schedule), 2);
        ck_assert(fw_schedule_pop_due(schedule, 1000, &key));
        ck_assert_int_eq(key, 2);
        fw_schedule_set(schedule, 1, 50);
        ck_assert_int_eq(fw_schedule_next(schedule), 50);
        (void) fw_schedule_free(schedule);
}
END_TEST

START_TEST(never_due_and_removed_feeds_are_out)
{
        struct fw_schedule *schedule = fw_schedule_new();
        fw_schedule_set(schedule, 1, 100);
        fw_schedule_set(schedule, 2, 200);
        fw_schedule_set(schedule, 1, FW_TIME_NONE);
        fw_schedule_set(schedule, 3, FW_TIME_NONE);
        ck_assert_int_eq(fw_schedule_next(schedule), 200);
        ck_assert(fw_schedule_remove(schedule, 2));
        ck_assert(!fw_schedule_remove(schedule, 2));
        ck_assert_uint_eq(fw_schedule_len(schedule), 0);
        (void) fw_schedule_free(schedule);
}
END_TEST

START_TEST(order_holds_through_random_changes)
{
        enum { KEYS = 500 };
        int64_t due[KEYS];
        struct fw_random random;
        fw_random_init_seed(&random, 42);
        struct fw_schedule *schedule = fw_schedule_new();
        for (int i = 0; i < KEYS; i++)
                due[i] = FW_TIME_NONE;
        for (int i = 0; i < 20000; i++) {
                int64_t key = fw_random_u32(&random) % KEYS;
                due[key] = fw_random_u32(&random) % 8 == 0 ? FW_TIME_NONE : fw_random_u32(&random) % 1000;
                fw_schedule_set(schedule, key, due[key]);
        }
        int64_t key = 0;
        int64_t last = INT64_MIN;
        while (fw_schedule_pop_due(schedule, 1000, &key)) {
                ck_assert_int_ge(due[key], last);
                last = due[key];
                due[key] = FW_TIME_NONE;
        }
        for (int i = 0; i < KEYS; i++)
                ck_assert(due[i] == FW_TIME_NONE);
        (void) fw_schedule_free(schedule);
}
END_TEST

UNIT_MAIN("schedule", feeds_come_out_when_due_earliest_first, a_feed_stands_once_and_can_be_moved,
          never_due_and_removed_feeds_are_out, order_holds_through_random_changes)
