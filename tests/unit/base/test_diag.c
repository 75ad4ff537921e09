#include "base/diag.h"

#include "base/limits.h"
#include "unit.h"

static struct fw_diag *diag;
static struct fw_buf out;

static void setup(void)
{
        diag = fw_diag_new();
        fw_buf_init(&out, FW_BUF_UNBOUNDED);
}

static void teardown(void)
{
        diag = fw_diag_free(diag);
        fw_buf_done(&out);
}

static const struct fw_source_text *source(const char *name, const char *content)
{
        return fw_diag_source(diag, fw_str_c(name), fw_str_c(content));
}

/* An error at the first `marked` in `content`, rendered. */
static void render(const char *content, const char *marked)
{
        struct fw_str text = fw_str_c(content);
        size_t offset = fw_str_find(text, fw_str_c(marked), 0);
        ck_assert_uint_ne(offset, SIZE_MAX);
        fw_diag_add(diag, FW_ERROR, (struct fw_location){ source("f", content), offset, strlen(marked) }, "wrong");
        ck_assert_int_eq(fw_diag_render(diag, fw_diag_len(diag) - 1, /* color= */ false, &out), 0);
}

START_TEST(a_message_shows_its_line_and_marks_the_place)
{
        render("rules:\n  - id: a\n    match: 'titel:(CVE OR exploit)'\n", "titel");
        assert_buf(&out, "f:3:13: error: wrong\n"
                         "    3 |     match: 'titel:(CVE OR exploit)'\n"
                         "      |             ^~~~~\n");
}
END_TEST

START_TEST(a_place_without_length_is_a_caret)
{
        fw_diag_add(diag, FW_WARNING, (struct fw_location){ source("f", "ab\ncd"), 5, 0 }, "at the end");
        fw_diag_add(diag, FW_NOTE, (struct fw_location){ source("f", ""), 0, 0 }, "empty");
        (void) fw_diag_render_all(diag, false, &out);
        assert_buf(&out, "f:2:3: warning: at the end\n"
                         "    2 | cd\n"
                         "      |   ^\n"
                         "f:1:1: note: empty\n");
}
END_TEST

START_TEST(a_message_without_a_place_is_one_line)
{
        fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "no rules");
        (void) fw_diag_render_all(diag, false, &out);
        assert_buf(&out, "error: no rules\n");
}
END_TEST

START_TEST(a_text_without_a_name_has_line_and_column)
{
        fw_diag_add(diag, FW_ERROR, (struct fw_location){ source("", "a OR"), 2, 2 }, "wrong");
        (void) fw_diag_render_all(diag, false, &out);
        assert_buf(&out, "1:3: error: wrong\n    1 | a OR\n      |   ^~\n");
}
END_TEST

START_TEST(wide_and_combining_characters_keep_the_caret_in_place)
{
        render("\uBD81\uD55C e\u0301 x", "x");
        assert_buf(&out, "f:1:7: error: wrong\n"
                         "    1 | \uBD81\uD55C e\u0301 x\n"
                         "      |        ^\n");
        render("a \uBD81\uD55C b", "\uBD81\uD55C");
        assert_buf(&out, "f:1:3: error: wrong\n"
                         "    1 | a \uBD81\uD55C b\n"
                         "      |   ^~~~\n");
}
END_TEST

START_TEST(tabs_are_spaces_up_to_the_next_stop)
{
        render("\ta\tbc", "bc");
        assert_buf(&out, "f:1:4: error: wrong\n"
                         "    1 |         a       bc\n"
                         "      |                 ^~\n");
}
END_TEST

START_TEST(nothing_in_a_quoted_line_acts_on_the_terminal)
{
        render("a\x1B[2J\u202E\xFF"
               "b\r\nc",
               "b");
        assert_buf(&out, "f:1:8: error: wrong\n"
                         "    1 | a\uFFFD[2J\uFFFD\uFFFDb\n"
                         "      |        ^\n");
}
END_TEST

START_TEST(a_mark_over_several_lines_ends_with_the_first)
{
        render("one two\nthree", "two\nth");
        assert_buf(&out, "f:1:5: error: wrong\n"
                         "    1 | one two\n"
                         "      |     ^~~\n");
}
END_TEST

START_TEST(a_long_line_is_cut_around_the_place)
{
        fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (int i = 0; i < 100; i++)
                (void) fw_buf_append_c(&line, "\u00E9234567890");
        (void) fw_buf_append_c(&line, "HERE");
        for (int i = 0; i < 100; i++)
                (void) fw_buf_append_c(&line, "1234567890");
        render(fw_buf_c(&line), "HERE");
        assert_buf(&out, "f:1:1001: error: wrong\n"
                         "    1 | …890é234567890é234567890é234567890é234567890é234567890é234567890é234567890HERE"
                         "1234567890123456789012345678901234567890123456789012345678901234567890123456…\n"
                         "      |                                                                           ^~~~\n");
}
END_TEST

START_TEST(a_cut_line_begins_and_ends_with_a_whole_character)
{
        fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (int i = 0; i < 200; i++)
                (void) fw_buf_append_c(&line, "\uBD81");
        const struct fw_source_text *text = fw_diag_source(diag, FW_STR("f"), fw_buf_str(&line));
        for (size_t i = 0; i < 3; i++) {
                fw_diag_add(diag, FW_ERROR, (struct fw_location){ text, 300 + i, 1 }, "m");
                ck_assert_int_eq(fw_diag_render(diag, i, /* color= */ false, &out), 0);
                ck_assert_uint_eq(fw_str_find(fw_buf_str(&out), FW_STR("\uFFFD"), 0), SIZE_MAX);
                fw_buf_reset(&out);
        }
}
END_TEST

START_TEST(text_from_outside_is_escaped_in_names_and_messages)
{
        fw_diag_add(diag, FW_ERROR, (struct fw_location){ source("a\nb", "x"), 0, 1 }, "unknown '%s'", "\x1B]0;t\x07");
        (void) fw_diag_render_all(diag, false, &out);
        assert_buf(&out, "a\\nb:1:1: error: unknown '\\x1b]0;t\\x07'\n    1 | x\n      | ^\n");
}
END_TEST

START_TEST(colours_are_there_only_when_asked_for)
{
        fw_diag_add(diag, FW_ERROR, (struct fw_location){ source("f", "x"), 0, 1 }, "m");
        (void) fw_diag_render_all(diag, /* color= */ true, &out);
        assert_buf(&out, "\033[1mf:1:1: \033[0m\033[1;31merror: \033[0mm\n    1 | x\n      | \033[1;32m^\033[0m\n");
}
END_TEST

START_TEST(messages_are_counted_by_level_and_kept_in_order)
{
        fw_diag_add(diag, FW_WARNING, FW_NOWHERE, "one");
        ck_assert(!fw_diag_has_errors(diag));
        fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "two");
        ck_assert(fw_diag_has_errors(diag));
        ck_assert_uint_eq(fw_diag_count(diag, FW_WARNING), 1);
        ck_assert_uint_eq(fw_diag_count(diag, FW_NOTE), 0);
        ck_assert_str_eq(fw_diag_entry(diag, 0)->message, "one");
        ck_assert_str_eq(fw_diag_entry(diag, 1)->message, "two");
        fw_diag_add(NULL, FW_ERROR, FW_NOWHERE, "dropped");
}
END_TEST

START_TEST(sorting_is_by_source_and_place_and_stable)
{
        const struct fw_source_text *first = source("1", "abc"), *second = source("2", "abc");
        fw_diag_add(diag, FW_ERROR, (struct fw_location){ second, 0, 1 }, "d");
        fw_diag_add(diag, FW_ERROR, (struct fw_location){ first, 2, 1 }, "b");
        fw_diag_add(diag, FW_NOTE, (struct fw_location){ first, 2, 0 }, "c");
        fw_diag_add(diag, FW_ERROR, (struct fw_location){ first, 0, 1 }, "a");
        fw_diag_sort(diag);
        for (size_t i = 0; i < 4; i++)
                ck_assert_int_eq(fw_diag_entry(diag, i)->message[0], "abcd"[i]);
}
END_TEST

START_TEST(beyond_the_limit_messages_are_only_counted)
{
        for (size_t i = 0; i < FW_LIMIT_DIAG_ENTRIES + 5; i++)
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "e");
        ck_assert_uint_eq(fw_diag_len(diag), FW_LIMIT_DIAG_ENTRIES);
        ck_assert_uint_eq(fw_diag_count(diag, FW_ERROR), FW_LIMIT_DIAG_ENTRIES + 5);
        (void) fw_diag_render_all(diag, false, &out);
        ck_assert(fw_str_ends(fw_buf_str(&out), FW_STR("(and 5 more messages)\n")));
}
END_TEST

START_TEST(the_first_error_is_one_line_for_a_log)
{
        (void) fw_diag_first_error(diag, &out);
        assert_buf(&out, "");
        fw_diag_add(diag, FW_WARNING, FW_NOWHERE, "w");
        fw_diag_add(diag, FW_ERROR, (struct fw_location){ source("f", "a\nb"), 2, 1 }, "e");
        fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "later");
        (void) fw_diag_first_error(diag, &out);
        assert_buf(&out, "f:2:1: e");
}
END_TEST

START_TEST(a_place_beyond_the_end_is_the_end)
{
        fw_diag_add(diag, FW_ERROR, (struct fw_location){ source("f", "ab"), 100, 100 }, "m");
        ck_assert_uint_eq(fw_diag_entry(diag, 0)->column, 3);
        (void) fw_diag_render_all(diag, false, &out);
}
END_TEST

/* A line of 8 MB with a thousand messages: each place must not be counted from the start of the line. */
START_TEST(many_messages_in_one_long_line_take_linear_time)
{
        enum { SIZE = 8 * 1024 * 1024 };
        fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_buf_reserve(&line, SIZE), 0);
        memset(line.p, 'x', SIZE);
        line.len = SIZE;
        const struct fw_source_text *text = fw_diag_source(diag, FW_STR("f"), fw_buf_str(&line));
        for (size_t i = 0; i < FW_LIMIT_DIAG_ENTRIES; i++)
                fw_diag_add(diag, FW_ERROR, (struct fw_location){ text, SIZE - 2000 + i, 1 }, "m");
        ck_assert_uint_eq(fw_diag_entry(diag, 999)->column, SIZE - 2000 + 1000);
}
END_TEST

UNIT_MAIN_WITH("diag", setup, teardown, a_message_shows_its_line_and_marks_the_place, a_place_without_length_is_a_caret,
               a_message_without_a_place_is_one_line, a_text_without_a_name_has_line_and_column,
               wide_and_combining_characters_keep_the_caret_in_place, tabs_are_spaces_up_to_the_next_stop,
               nothing_in_a_quoted_line_acts_on_the_terminal, a_mark_over_several_lines_ends_with_the_first,
               a_long_line_is_cut_around_the_place, a_cut_line_begins_and_ends_with_a_whole_character,
               text_from_outside_is_escaped_in_names_and_messages, colours_are_there_only_when_asked_for,
               messages_are_counted_by_level_and_kept_in_order, sorting_is_by_source_and_place_and_stable,
               beyond_the_limit_messages_are_only_counted, the_first_error_is_one_line_for_a_log,
               a_place_beyond_the_end_is_the_end, many_messages_in_one_long_line_take_linear_time)
