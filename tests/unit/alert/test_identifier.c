#include "alert/identifier.h"

#include "fixture.h"

static struct fw_random randomness;

static const char *next(const char *previous, int64_t now_usec)
{
        static char out[2][FW_ULID_LEN + 1];
        static unsigned turn;
        char *id = out[turn++ % 2];
        fw_alert_next_id(fw_str_c(previous), &randomness, now_usec, id);
        return id;
}

START_TEST(ids_increase_within_a_millisecond_and_after)
{
        fw_random_init_seed(&randomness, 7);
        char previous[FW_ULID_LEN + 1] = "";
        for (int i = 0; i < 5000; i++) {
                const char *id = next(previous, NOW + i / 100 * 500);
                ck_assert_uint_eq(strlen(id), FW_ULID_LEN);
                ck_assert_msg(strcmp(previous, id) < 0, "%s is not before %s", previous, id);
                memcpy(previous, id, sizeof(previous));
        }
}
END_TEST

START_TEST(a_clock_set_back_a_little_does_not_turn_ids_back)
{
        fw_random_init_seed(&randomness, 7);
        char first[FW_ULID_LEN + 1];
        memcpy(first, next("", NOW), sizeof(first));
        ck_assert_int_gt(strcmp(next(first, NOW - 30 * (int64_t) FW_USEC_PER_SEC), first), 0);
}
END_TEST

START_TEST(an_id_from_a_wrong_clock_does_not_last)
{
        fw_random_init_seed(&randomness, 7);
        char first[FW_ULID_LEN + 1];
        memcpy(first, next("", NOW + 365 * DAY), sizeof(first));
        ck_assert_int_lt(strcmp(next(first, NOW), first), 0);
}
END_TEST

START_TEST(counting_on_carries)
{
        fw_random_init_seed(&randomness, 7);
        char id[FW_ULID_LEN + 1];
        memcpy(id, next("", NOW), sizeof(id));
        memcpy(id + 10, "ABCDZZZZZZZZZZZZ", 16);
        const char *after = next(id, NOW);
        ck_assert_int_eq(memcmp(after, id, 10), 0);
        ck_assert_str_eq(after + 10, "ABCE000000000000");
}
END_TEST

START_TEST(what_cannot_be_counted_on_from_is_ignored)
{
        fw_random_init_seed(&randomness, 7);
        char full[FW_ULID_LEN + 1];
        memcpy(full, next("", NOW), sizeof(full));
        memcpy(full + 10, "ZZZZZZZZZZZZZZZZ", 16);
        ck_assert_uint_eq(strlen(next(full, NOW)), FW_ULID_LEN);
        memcpy(full + 10, "zzzzzzzzzzzzzzz!", 16);
        ck_assert_ptr_null(strchr(next(full, NOW), '!'));
        ck_assert_uint_eq(strlen(next("short", NOW)), FW_ULID_LEN);
}
END_TEST

UNIT_MAIN_WITH("alert identifier", make_folder, remove_folder, ids_increase_within_a_millisecond_and_after,
               a_clock_set_back_a_little_does_not_turn_ids_back, an_id_from_a_wrong_clock_does_not_last,
               counting_on_carries, what_cannot_be_counted_on_from_is_ignored)
