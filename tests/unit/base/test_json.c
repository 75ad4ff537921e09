#include "base/json.h"

#include <errno.h>

#include "base/clock.h"
#include "base/limits.h"
#include "unit.h"

START_TEST(invalid_bytes_are_repaired)
{
        fw_cleanup(fw_json_decrefp) json_t *json = fw_json_str(FW_STR("a\xFFz"));
        ck_assert_str_eq(json_string_value(json), "a\uFFFDz");
        fw_cleanup(fw_json_decrefp) json_t *empty = fw_json_str(FW_STR_NONE);
        ck_assert_str_eq(json_string_value(empty), "");
}
END_TEST

START_TEST(members_that_say_nothing_are_left_out)
{
        fw_cleanup(fw_json_decrefp) json_t *object = json_object();
        fw_json_set_str(object, "empty", FW_STR_NONE);
        fw_json_set_time(object, "never", FW_TIME_NONE);
        ck_assert_uint_eq(json_object_size(object), 0);
        fw_json_set(object, "null", fw_json_time(FW_TIME_NONE));
        ck_assert(json_is_null(json_object_get(object, "null")));
}
END_TEST

START_TEST(what_is_set_is_got)
{
        fw_cleanup(fw_json_decrefp) json_t *object = json_object();
        fw_json_set_str(object, "text", FW_STR("a\0b"));
        fw_json_set_time(object, "time", 1729762262000120);
        fw_json_set_int(object, "number", INT64_MIN);
        struct fw_str text = fw_json_get_str(object, "text");
        ck_assert_uint_eq(text.len, 3);
        ck_assert_mem_eq(text.p, "a\0b", 3);
        ck_assert_int_eq(fw_json_get_time(object, "time"), 1729762262000120);
        ck_assert(fw_json_get_int(object, "number", 5) == INT64_MIN);
}
END_TEST

START_TEST(wrong_types_and_missing_members_give_the_default)
{
        fw_cleanup(fw_json_decrefp) json_t *object =
                fw_json_parse(FW_STR("{\"n\": 1.5, \"s\": 5, \"t\": \"soon\"}"), NULL);
        ck_assert_int_eq(fw_json_get_int(object, "n", 7), 7);
        ck_assert_int_eq(fw_json_get_int(object, "missing", 7), 7);
        ck_assert(fw_str_empty(fw_json_get_str(object, "s")));
        ck_assert(fw_str_empty(fw_json_get_str(object, "missing")));
        ck_assert(fw_json_get_time(object, "t") == FW_TIME_NONE);
        ck_assert(fw_json_get_time(object, "missing") == FW_TIME_NONE);
}
END_TEST

START_TEST(output_is_one_line_in_the_order_of_insertion)
{
        fw_cleanup(fw_json_decrefp) json_t *object = json_object();
        fw_json_set_str(object, "z", FW_STR("é\n"));
        fw_json_set_int(object, "a", 1);
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(1000);
        ck_assert_int_eq(fw_json_append(&out, object), 0);
        assert_text(fw_buf_str(&out), "{\"z\":\"é\\n\",\"a\":1}");
}
END_TEST

START_TEST(output_that_does_not_fit_is_taken_back)
{
        fw_cleanup(fw_json_decrefp) json_t *text = fw_json_str(FW_STR("longer than this"));
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(10);
        (void) fw_buf_append_c(&out, "before");
        ck_assert_int_eq(fw_json_append(&out, text), -EMSGSIZE);
        ck_assert_str_eq(fw_buf_c(&out), "before");
}
END_TEST

START_TEST(errors_have_a_place)
{
        fw_cleanup(fw_freep) char *error = NULL;
        ck_assert_ptr_null(fw_json_parse(FW_STR("{\n \"a\": tru }"), &error));
        ck_assert_str_eq(error, "2:9: invalid token near 'tru'");
        ck_assert_ptr_null(fw_json_parse(FW_STR_NONE, NULL));
        ck_assert_ptr_null(fw_json_parse(FW_STR("{} x"), NULL));
}
END_TEST

static json_t *parse_nested(size_t depth, char **ret_error)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&text, "[\"[[{\\\"[[\",");
        for (size_t i = 1; i < depth; i++)
                (void) fw_buf_append_byte(&text, '[');
        for (size_t i = 1; i < depth; i++)
                (void) fw_buf_append_byte(&text, ']');
        (void) fw_buf_append_byte(&text, ']');
        return fw_json_parse(fw_buf_str(&text), ret_error);
}

START_TEST(nesting_ends_at_the_limit)
{
        fw_cleanup(fw_freep) char *error = NULL;
        fw_cleanup(fw_json_decrefp) json_t *deepest = parse_nested(FW_LIMIT_NESTING, NULL);
        ck_assert_ptr_nonnull(deepest);
        ck_assert_ptr_null(parse_nested(FW_LIMIT_NESTING + 1, &error));
        ck_assert_str_eq(error, "nested more than 256 deep");
}
END_TEST

UNIT_MAIN("json", invalid_bytes_are_repaired, members_that_say_nothing_are_left_out, what_is_set_is_got,
          wrong_types_and_missing_members_give_the_default, output_is_one_line_in_the_order_of_insertion,
          output_that_does_not_fit_is_taken_back, errors_have_a_place, nesting_ends_at_the_limit)
