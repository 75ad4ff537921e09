#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "cli/cli.h"

#define GAP           2   /* columns between two columns */
#define LEAST_COLUMNS 10  /* a column is not cut below this */
#define MOST_COLUMNS  200 /* nor is one that may be cut longer than this, even where no terminal limits it */

struct cell {
        char *text;
        enum fw_style style;
};

struct fw_table {
        const struct fw_column *columns;
        size_t columns_len;
        FW_VEC(struct cell) cells;
};

struct fw_table *fw_table_new(const struct fw_column *columns)
{
        struct fw_table *table = fw_calloc(1, sizeof(*table));
        table->columns = columns;
        while (columns[table->columns_len].heading)
                table->columns_len++;
        return table;
}

struct fw_table *fw_table_free(struct fw_table *table)
{
        if (!table)
                return NULL;
        for (size_t i = 0; i < table->cells.len; i++)
                free(table->cells.p[i].text);
        fw_vec_done(&table->cells);
        free(table);
        return NULL;
}

void fw_table_cell(struct fw_table *table, struct fw_str text, enum fw_style style)
{
        struct fw_buf harmless = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_utf8_append_displayed(&harmless, text);
        (void) fw_buf_c(&harmless);
        fw_vec_push(&table->cells, (struct cell){ .text = fw_buf_steal(&harmless), .style = style });
}

void fw_table_cellf(struct fw_table *table, enum fw_style style, const char *format, ...)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&text, format, args);
        va_end(args);
        fw_table_cell(table, fw_buf_str(&text), style);
}

/* The longest beginning of `text` that fits, with a … if anything is missing. Its width in `*ret_width`. */
static struct fw_str cut(struct fw_str text, size_t columns, bool *ret_cut)
{
        *ret_cut = fw_utf8_width(text) > columns;
        if (!*ret_cut)
                return text;
        size_t at = 0, width = 1, len; /* 1: the … */
        while (at < text.len) {
                width += fw_code_width(fw_utf8_decode(text, at, &len));
                if (width > columns)
                        break;
                at += len;
        }
        return fw_str_slice(text, 0, at);
}

/* `*blank`: the columns that are to be left blank before this cell, if anything follows in its line; then those after it. */
static void print_cell(const struct fw_cli *cli, const struct fw_column *column, struct fw_str text,
                       enum fw_style style, size_t columns, size_t *blank)
{
        bool is_cut;
        struct fw_str shown = cut(text, columns, &is_cut);
        size_t width = fw_utf8_width(shown) + (is_cut ? 1 : 0);
        size_t pad = columns > width ? columns - width : 0;
        if (shown.len == 0 && !is_cut) {
                *blank += pad + GAP;
                return;
        }
        printf("%*s%s%.*s%s%s", (int) (*blank + (column->right ? pad : 0)), "", fw_cli_style(cli, style),
               FW_STR_ARG(shown), is_cut ? "…" : "", style != FW_STYLE_PLAIN ? fw_cli_style_end(cli) : "");
        *blank = (column->right ? 0 : pad) + GAP;
}

static void measure(const struct fw_table *table, size_t *widths)
{
        for (size_t c = 0; c < table->columns_len; c++) {
                widths[c] = fw_utf8_width(fw_str_c(table->columns[c].heading));
                for (size_t i = c; i < table->cells.len; i += table->columns_len)
                        widths[c] = FW_MAX(widths[c], fw_utf8_width(fw_str_c(table->cells.p[i].text)));
                if (table->columns[c].shrink)
                        widths[c] = FW_MIN(widths[c], MOST_COLUMNS);
        }
        size_t available = fw_cli_terminal_columns(), total = 0;
        for (size_t c = 0; c < table->columns_len; c++)
                total += widths[c] + (c > 0 ? GAP : 0);
        for (size_t c = 0; c < table->columns_len && available > 0 && total > available; c++) {
                if (!table->columns[c].shrink)
                        continue;
                size_t excess = total - available;
                size_t shrunk = widths[c] > excess ? widths[c] - excess : 0;
                widths[c] = FW_MIN(widths[c], FW_MAX(shrunk, LEAST_COLUMNS));
        }
}

void fw_table_print(const struct fw_table *table, const struct fw_cli *cli)
{
        if (table->columns_len == 0 || table->cells.len == 0)
                return;
        fw_cleanup(fw_freep) size_t *widths = fw_calloc(table->columns_len, sizeof(*widths));
        measure(table, widths);
        size_t blank = 0;
        for (size_t c = 0; c < table->columns_len; c++)
                print_cell(cli, &table->columns[c], fw_str_c(table->columns[c].heading), FW_STYLE_BOLD, widths[c],
                           &blank);
        for (size_t i = 0; i < table->cells.len; i++) {
                size_t c = i % table->columns_len;
                if (c == 0) {
                        putchar('\n');
                        blank = 0;
                }
                print_cell(cli, &table->columns[c], fw_str_c(table->cells.p[i].text), table->cells.p[i].style,
                           widths[c], &blank);
        }
        putchar('\n');
}
