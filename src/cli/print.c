#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/cli.h"

const char *fw_cli_style(const struct fw_cli *cli, enum fw_style style)
{
        static const char *const sequences[] = {
                [FW_STYLE_PLAIN] = "",          [FW_STYLE_BOLD] = "\033[1m",  [FW_STYLE_DIM] = "\033[2m",
                [FW_STYLE_GOOD] = "\033[32m",   [FW_STYLE_WARN] = "\033[33m", [FW_STYLE_BAD] = "\033[31m",
                [FW_STYLE_MARK] = "\033[1;33m",
        };
        return cli->color ? sequences[style] : "";
}

const char *fw_cli_style_end(const struct fw_cli *cli)
{
        return cli->color ? "\033[0m" : "";
}

void fw_cli_print_text(const struct fw_cli *cli, struct fw_str text, enum fw_style style)
{
        fw_cleanup(fw_buf_done) struct fw_buf harmless = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_utf8_append_displayed(&harmless, text);
        bool styled = style != FW_STYLE_PLAIN;
        printf("%s%s%s", fw_cli_style(cli, style), fw_buf_c(&harmless), styled ? fw_cli_style_end(cli) : "");
}

void fw_cli_print_marked(const struct fw_cli *cli, struct fw_str text, const struct fw_span *spans, size_t spans_len)
{
        size_t at = 0;
        for (size_t i = 0; i < spans_len; i++) {
                fw_cli_print_text(cli, fw_str_slice(text, at, spans[i].start), FW_STYLE_PLAIN);
                fputs(cli->color ? "" : "»", stdout);
                fw_cli_print_text(cli, fw_str_slice(text, spans[i].start, spans[i].end), FW_STYLE_MARK);
                fputs(cli->color ? "" : "«", stdout);
                at = spans[i].end;
        }
        fw_cli_print_text(cli, fw_str_slice(text, at, text.len), FW_STYLE_PLAIN);
}

void fw_cli_print_json_line(const json_t *json)
{
        fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_json_append(&line, json);
        (void) fw_buf_append_byte(&line, '\n');
        (void) fwrite(line.p, 1, line.len, stdout);
}

void fw_cli_print_json(const json_t *json)
{
        if (!isatty(STDOUT_FILENO)) {
                fw_cli_print_json_line(json);
                return;
        }
        (void) json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
        putchar('\n');
}

size_t fw_cli_terminal_columns(void)
{
        struct winsize size;
        if (!isatty(STDOUT_FILENO))
                return 0;
        return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
