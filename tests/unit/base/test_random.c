#include "base/random.h"

#include <string.h>

#include "unit.h"

START_TEST(a_seed_gives_the_same_sequence)
{
        struct fw_random a, b, c;
        fw_random_init_seed(&a, 7);
        fw_random_init_seed(&b, 7);
        fw_random_init_seed(&c, 8);
        bool all_same = true;
        for (int i = 0; i < 100; i++) {
                uint64_t number = fw_random_u64(&a);
                ck_assert(number == fw_random_u64(&b));
                all_same = all_same && number == fw_random_u64(&c);
        }
        ck_assert(!all_same);
}
END_TEST

/* The reference implementation's first numbers for the state 1, 2, 3, 4. */
START_TEST(the_generator_is_xoshiro256_plus_plus)
{
        struct fw_random random = { .state = { 1, 2, 3, 4 } };
        ck_assert(fw_random_u64(&random) == UINT64_C(41943041));
        ck_assert(fw_random_u64(&random) == UINT64_C(58720359));
        ck_assert(fw_random_u64(&random) == UINT64_C(3588806011781223));
}
END_TEST

START_TEST(the_kernel_gives_different_states)
{
        struct fw_random a, b;
        fw_random_init(&a);
        fw_random_init(&b);
        ck_assert_mem_ne(a.state, b.state, sizeof(a.state));
}
END_TEST

START_TEST(ulids_sort_by_time_and_differ)
{
        struct fw_random random;
        fw_random_init_seed(&random, 1);
        char earlier[FW_ULID_LEN + 1], same[FW_ULID_LEN + 1], later[FW_ULID_LEN + 1];
        fw_ulid(&random, 1729762262000000, earlier);
        fw_ulid(&random, 1729762262000000, same);
        fw_ulid(&random, 1729762262001000, later);
        ck_assert_uint_eq(strlen(earlier), FW_ULID_LEN);
        ck_assert_mem_eq(earlier, same, 10);
        ck_assert_str_ne(earlier, same);
        ck_assert_int_lt(strcmp(earlier, later), 0);
        ck_assert_int_lt(strcmp(same, later), 0);
        ck_assert_uint_eq(strspn(earlier, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), FW_ULID_LEN);
}
END_TEST

/* The example of the ULID specification. */
START_TEST(the_time_of_a_ulid_is_its_first_ten_characters)
{
        struct fw_random random;
        fw_random_init_seed(&random, 1);
        char ulid[FW_ULID_LEN + 1];
        fw_ulid(&random, INT64_C(1469918176385) * 1000 + 999, ulid);
        ck_assert_mem_eq(ulid, "01ARYZ6S41", 10);
        fw_ulid(&random, INT64_MIN, ulid);
        ck_assert_mem_eq(ulid, "0000000000", 10);
}
END_TEST

UNIT_MAIN("random", a_seed_gives_the_same_sequence, the_generator_is_xoshiro256_plus_plus,
          the_kernel_gives_different_states, ulids_sort_by_time_and_differ,
          the_time_of_a_ulid_is_its_first_ten_characters)
