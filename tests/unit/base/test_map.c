#include "base/map.h"

#include <stdio.h>

#include "base/random.h"
#include "unit.h"

#define KEYS 5000

static char names[KEYS][16];
static struct fw_map map;

static void setup(void)
{
        fw_map_init(&map);
        for (int i = 0; i < KEYS; i++)
                snprintf(names[i], sizeof(names[i]), "key %d", i);
}

static void teardown(void)
{
        fw_map_done(&map);
}

START_TEST(an_empty_map_has_nothing)
{
        size_t position = 0;
        ck_assert_ptr_null(fw_map_get(&map, FW_STR("a")));
        ck_assert(!fw_map_remove(&map, FW_STR("a")));
        ck_assert_ptr_null(fw_map_next(&map, &position));
}
END_TEST

START_TEST(put_finds_the_same_place_again)
{
        bool is_new;
        fw_map_put(&map, FW_STR("a"), &is_new)->number = 7;
        ck_assert(is_new);
        ck_assert_uint_eq(fw_map_put(&map, FW_STR("a"), &is_new)->number, 7);
        ck_assert(!is_new);
        ck_assert_uint_eq(map.len, 1);
        ck_assert_uint_eq(fw_map_put(&map, FW_STR(""), NULL)->number, 0);
        ck_assert_ptr_nonnull(fw_map_get(&map, FW_STR_NONE));
}
END_TEST

START_TEST(many_keys_are_all_found_and_visited_once)
{
        for (uint64_t i = 0; i < KEYS; i++)
                fw_map_put(&map, fw_str_c(names[i]), NULL)->number = i;
        ck_assert_uint_eq(map.len, KEYS);
        for (uint64_t i = 0; i < KEYS; i++)
                ck_assert_uint_eq(fw_map_get(&map, fw_str_c(names[i]))->number, i);

        bool seen[KEYS] = { 0 };
        size_t position = 0, count = 0;
        for (const struct fw_map_entry *entry; (entry = fw_map_next(&map, &position)); count++) {
                ck_assert(!seen[entry->value.number]);
                seen[entry->value.number] = true;
        }
        ck_assert_uint_eq(count, KEYS);
}
END_TEST

/* Runs of neighbours that wrap around the end of the table are where removal goes wrong. */
START_TEST(random_changes_agree_with_a_plain_table)
{
        enum { FEW = 40 };
        bool present[FEW] = { 0 };
        struct fw_random random;
        fw_random_init_seed(&random, 1);
        for (int step = 0; step < 20000; step++) {
                uint64_t i = fw_random_u64(&random) % FEW;
                if (fw_random_u64(&random) % 2) {
                        fw_map_put(&map, fw_str_c(names[i]), NULL)->number = i;
                        present[i] = true;
                } else {
                        assert_in_loop(fw_map_remove(&map, fw_str_c(names[i])) == present[i]);
                        present[i] = false;
                }
                uint64_t asked = fw_random_u64(&random) % FEW;
                const union fw_map_value *found = fw_map_get(&map, fw_str_c(names[asked]));
                assert_in_loop((found != NULL) == present[asked]);
                assert_in_loop(!found || found->number == asked);
        }
}
END_TEST

UNIT_MAIN_WITH("map", setup, teardown, an_empty_map_has_nothing, put_finds_the_same_place_again,
               many_keys_are_all_found_and_visited_once, random_changes_agree_with_a_plain_table)
