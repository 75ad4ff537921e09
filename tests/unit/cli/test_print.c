#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "unit.h"

static FILE *real_stdout;
static char *printed;
static size_t printed_len;
static struct fw_cli cli;

static void setup(void)
{
        cli = (struct fw_cli){ 0 };
        real_stdout = stdout;
        stdout = open_memstream(&printed, &printed_len);
        ck_assert_ptr_nonnull(stdout);
}

static void teardown(void)
{
        fclose(stdout);
        stdout = real_stdout;
        free(printed);
}

static void assert_printed(const char *expected)
{
        ck_assert_int_eq(fflush(stdout), 0);
        ck_assert_str_eq(printed, expected);
}

static const struct fw_column columns[] = {
        { .heading = "NAME" },
        { .heading = "N", .right = true },
        { .heading = "REST", .shrink = true },
        { 0 },
};

static void add_row(struct fw_table *table, const char *name, unsigned number, const char *rest)
{
        fw_table_cell(table, fw_str_c(name), FW_STYLE_BAD);
        fw_table_cellf(table, FW_STYLE_PLAIN, "%u", number);
        fw_table_cell(table, fw_str_c(rest), FW_STYLE_PLAIN);
}

START_TEST(columns_are_aligned_by_display_width)
{
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        add_row(table, "北朝鮮", 7, "a");
        add_row(table, "Köln", 1234, "b");
        add_row(table, "e\xcc\x81", 0, "");
        fw_table_print(table, &cli);
        assert_printed("NAME       N  REST\n"
                       "北朝鮮     7  a\n"
                       "Köln    1234  b\n"
                       "e\xcc\x81          0\n");
}
END_TEST

START_TEST(without_rows_nothing_is_printed)
{
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        fw_table_print(table, &cli);
        assert_printed("");
}
END_TEST

START_TEST(colour_does_not_count_as_width)
{
        cli.color = true;
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        add_row(table, "ab", 1, "c");
        fw_table_print(table, &cli);
        assert_printed("\033[1mNAME\033[0m  \033[1mN\033[0m  \033[1mREST\033[0m\n"
                       "\033[31mab\033[0m    1  c\n");
}
END_TEST

START_TEST(cells_cannot_act_on_the_terminal)
{
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        add_row(table, "a\033[2J\nb", 1, "c");
        fw_table_print(table, &cli);
        assert_printed("NAME         N  REST\n"
                       "a\\x1b[2J\\nb  1  c\n");
}
END_TEST

START_TEST(direction_marks_vanish)
{
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        add_row(table, "\u202Eab\u200F\uFEFF", 1, "\u2028c");
        fw_table_print(table, &cli);
        fw_cli_print_text(&cli, FW_STR("a\u2066b\n"), FW_STYLE_PLAIN);
        assert_printed("NAME  N  REST\n"
                       "ab    1  \\u2028c\n"
                       "ab\\n");
}
END_TEST

START_TEST(a_long_text_is_cut_even_on_a_pipe)
{
        static const struct fw_column shrinking[] = { { .heading = "A", .shrink = true }, { .heading = "B" }, { 0 } };
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(shrinking);
        char text[1001] = { 0 }, expected[1000];
        memset(text, 'x', sizeof(text) - 1);
        fw_table_cell(table, fw_str_c(text), FW_STYLE_PLAIN);
        fw_table_cell(table, FW_STR("b"), FW_STYLE_PLAIN);
        fw_table_cell(table, FW_STR("y"), FW_STYLE_PLAIN);
        fw_table_cell(table, FW_STR(""), FW_STYLE_PLAIN);
        fw_table_print(table, &cli);
        (void) snprintf(expected, sizeof(expected), "A%201sB\n%.199s…  b\ny\n", "", text);
        assert_printed(expected);
}
END_TEST

START_TEST(marks_are_colours_or_quotes)
{
        static const struct fw_span spans[] = { { 0, 5 }, { 9, 14 } };
        fw_cli_print_marked(&cli, FW_STR("North to South\n"), spans, 2);
        assert_printed("»North« to »South«\\n");
        cli.color = true;
        fw_cli_print_marked(&cli, FW_STR("North to South"), spans, 1);
        assert_printed("»North« to »South«\\n\033[1;33mNorth\033[0m to South");
}
END_TEST

START_TEST(a_bar_is_for_terminals)
{
        struct fw_progress progress;
        fw_progress_begin(&progress, "checking", 10);
        ck_assert(!progress.shown || isatty(STDERR_FILENO));
        fw_progress_set(&progress, 20);
        ck_assert_uint_eq(progress.done, 10);
        fw_progress_end(&progress);
        ck_assert(!progress.drawn);
}
END_TEST

UNIT_MAIN_WITH("print", setup, teardown, columns_are_aligned_by_display_width, without_rows_nothing_is_printed,
               colour_does_not_count_as_width, cells_cannot_act_on_the_terminal, direction_marks_vanish,
               a_long_text_is_cut_even_on_a_pipe, marks_are_colours_or_quotes, a_bar_is_for_terminals)
