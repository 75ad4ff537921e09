#include "base/buf.h"

#include <errno.h>

#include "unit.h"

START_TEST(appends_of_each_kind_follow_each_other)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_buf_append(&buf, FW_STR("a\0b")), 0);
        ck_assert_int_eq(fw_buf_append_c(&buf, "cd"), 0);
        ck_assert_int_eq(fw_buf_append_byte(&buf, 'e'), 0);
        ck_assert_int_eq(fw_buf_printf(&buf, "%03d", 7), 0);
        ck_assert_int_eq(fw_buf_append(&buf, FW_STR_NONE), 0);
        ck_assert_uint_eq(buf.len, 9);
        ck_assert_mem_eq(buf.p, "a\0bcde007", 10);
}
END_TEST

START_TEST(the_maximum_fits_and_one_more_does_not)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(100);
        for (int i = 0; i < 100; i++)
                ck_assert_int_eq(fw_buf_append_byte(&buf, 'x'), 0);
        ck_assert_int_eq(fw_buf_append_byte(&buf, 'y'), -EMSGSIZE);
        ck_assert_uint_eq(buf.len, 100);
        ck_assert_int_eq(buf.p[99], 'x');
        ck_assert_int_eq(buf.p[100], '\0');
}
END_TEST

START_TEST(an_append_is_whole_or_not_at_all)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(5);
        ck_assert_int_eq(fw_buf_append_c(&buf, "abc"), 0);
        ck_assert_int_eq(fw_buf_printf(&buf, "%d", 12345), -EMSGSIZE);
        assert_text(fw_buf_str(&buf), "abc");
}
END_TEST

START_TEST(the_first_failure_is_kept_until_reset)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(3);
        ck_assert_int_eq(fw_buf_append_c(&buf, "abcd"), -EMSGSIZE);
        ck_assert_int_eq(fw_buf_append_c(&buf, "a"), -EMSGSIZE);
        ck_assert_int_eq(buf.error, -EMSGSIZE);
        fw_buf_reset(&buf);
        ck_assert_int_eq(fw_buf_append_c(&buf, "a"), 0);
        assert_buf(&buf, "a");
}
END_TEST

START_TEST(a_zeroed_buffer_holds_nothing)
{
        struct fw_buf buf = { 0 };
        ck_assert_int_eq(fw_buf_append_byte(&buf, 'x'), -EMSGSIZE);
        ck_assert_str_eq(fw_buf_c(&buf), "");
}
END_TEST

START_TEST(reserved_room_is_written_by_the_caller)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(1000);
        ck_assert_int_eq(fw_buf_reserve(&buf, 1000), 0);
        memset(buf.p, 'r', 1000);
        buf.len = 1000;
        ck_assert_uint_eq(strlen(fw_buf_c(&buf)), 1000);
        ck_assert_int_eq(fw_buf_reserve(&buf, 1), -EMSGSIZE);
}
END_TEST

START_TEST(consume_takes_from_the_front)
{
        fw_cleanup(fw_buf_done) struct fw_buf buf = FW_BUF_INIT(100);
        fw_buf_consume(&buf, 5);
        (void) fw_buf_append_c(&buf, "hello world");
        fw_buf_consume(&buf, 6);
        ck_assert_str_eq(fw_buf_c(&buf), "world");
        fw_buf_consume(&buf, 100);
        ck_assert_str_eq(fw_buf_c(&buf), "");
}
END_TEST

START_TEST(steal_leaves_an_empty_buffer)
{
        struct fw_buf buf = FW_BUF_INIT(100);
        (void) fw_buf_append_c(&buf, "mine");
        char *stolen = fw_buf_steal(&buf);
        ck_assert_str_eq(stolen, "mine");
        free(stolen);
        ck_assert_uint_eq(buf.len, 0);
        stolen = fw_buf_steal(&buf);
        ck_assert_str_eq(stolen, "");
        free(stolen);
}
END_TEST

UNIT_MAIN("buf", appends_of_each_kind_follow_each_other, the_maximum_fits_and_one_more_does_not,
          an_append_is_whole_or_not_at_all, the_first_failure_is_kept_until_reset, a_zeroed_buffer_holds_nothing,
          reserved_room_is_written_by_the_caller, consume_takes_from_the_front, steal_leaves_an_empty_buffer)
