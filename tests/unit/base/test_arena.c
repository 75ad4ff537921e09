#include "base/arena.h"

#include <stdint.h>

#include "unit.h"

static struct fw_arena *arena;

static void setup(void)
{
        arena = fw_arena_new();
}

static void teardown(void)
{
        arena = fw_arena_free(arena);
        ck_assert_ptr_null(arena);
}

START_TEST(allocations_do_not_overlap_and_are_aligned)
{
        unsigned char *blocks[300];
        for (size_t i = 0; i < FW_ARRAY_LEN(blocks); i++) {
                blocks[i] = fw_arena_alloc(arena, i + 1);
                ck_assert_uint_eq((uintptr_t) blocks[i] % _Alignof(max_align_t), 0);
                memset(blocks[i], (int) (i % 251), i + 1);
        }
        for (size_t i = 0; i < FW_ARRAY_LEN(blocks); i++)
                for (size_t b = 0; b <= i; b++)
                        ck_assert_uint_eq(blocks[i][b], i % 251);
}
END_TEST

START_TEST(large_blocks_have_room_and_small_ones_go_on)
{
        char *small = fw_arena_alloc(arena, 10);
        char *large = fw_arena_zalloc(arena, 5 * 1024 * 1024);
        char *next = fw_arena_alloc(arena, 10);
        memset(large, 'x', 5 * 1024 * 1024);
        /* the chunk that was open stays in use */
        ck_assert_ptr_eq(next, small + 16);
}
END_TEST

START_TEST(used_counts_since_the_reset)
{
        ck_assert_uint_eq(fw_arena_used(arena), 0);
        (void) fw_arena_alloc(arena, 1000);
        ck_assert_uint_ge(fw_arena_used(arena), 1000);
        ck_assert_uint_lt(fw_arena_used(arena), 1100);
        fw_arena_reset(arena);
        ck_assert_uint_eq(fw_arena_used(arena), 0);
}
END_TEST

START_TEST(reset_keeps_memory_for_the_next_round)
{
        for (int i = 0; i < 100; i++)
                (void) fw_arena_alloc(arena, 1000);
        fw_arena_reset(arena);
        char *first = fw_arena_zalloc(arena, 100);
        fw_arena_reset(arena);
        ck_assert_ptr_eq(fw_arena_zalloc(arena, 100), first);
}
END_TEST

START_TEST(reset_gives_back_what_was_huge)
{
        (void) fw_arena_alloc(arena, 64 * 1024 * 1024);
        fw_arena_reset(arena);
        /* nothing is kept here, so the arena must find new memory */
        memset(fw_arena_alloc(arena, 100), 1, 100);
}
END_TEST

START_TEST(zalloc_is_zeroed_after_a_reset_too)
{
        memset(fw_arena_alloc(arena, 500), 'x', 500);
        fw_arena_reset(arena);
        const char *zeroed = fw_arena_zalloc(arena, 500);
        for (size_t i = 0; i < 500; i++)
                ck_assert_int_eq(zeroed[i], 0);
}
END_TEST

START_TEST(copies_are_ended_and_may_be_empty)
{
        struct fw_str copy = fw_arena_copy(arena, FW_STR("a\0b"));
        ck_assert_uint_eq(copy.len, 3);
        ck_assert_mem_eq(copy.p, "a\0b", 4);
        ck_assert_str_eq(fw_arena_copy(arena, FW_STR_NONE).p, "");
        ck_assert_str_eq(fw_arena_strdup(arena, "text"), "text");
        assert_text(fw_arena_printf(arena, "%s %d", "n", 7), "n 7");
}
END_TEST

UNIT_MAIN_WITH("arena", setup, teardown, allocations_do_not_overlap_and_are_aligned,
               large_blocks_have_room_and_small_ones_go_on, used_counts_since_the_reset,
               reset_keeps_memory_for_the_next_round, reset_gives_back_what_was_huge,
               zalloc_is_zeroed_after_a_reset_too, copies_are_ended_and_may_be_empty)
