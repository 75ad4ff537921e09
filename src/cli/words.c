#include "cli/words.h"

#include <stdarg.h>
#include <stdio.h>

#include "alert/alert.h"
#include "base/clock.h"

#define LABEL_COLUMNS 16

int64_t fw_words_now(void)
{
        const struct fw_clock clock = fw_clock_system();
        return fw_clock_wall(&clock);
}

void fw_words_when(struct fw_buf *out, int64_t usec, int64_t now_usec)
{
        if (usec == FW_TIME_NONE) {
                (void) fw_buf_append_c(out, "never");
                return;
        }
        bool past = usec <= now_usec;
        uint64_t span_usec = (uint64_t) (past ? now_usec - usec : usec - now_usec);
        if (span_usec < FW_USEC_PER_SEC) {
                (void) fw_buf_append_c(out, "now");
                return;
        }
        (void) fw_buf_append_c(out, past ? "" : "in ");
        (void) fw_append_duration_words(out, span_usec - span_usec % FW_USEC_PER_SEC);
        (void) fw_buf_append_c(out, past ? " ago" : "");
}

void fw_words_count(struct fw_buf *out, int64_t number, const char *one, const char *many)
{
        (void) fw_buf_printf(out, "%lld %s", (long long) number, fw_plural((uint64_t) number, one, many));
}

enum fw_style fw_words_severity_style(struct fw_str severity)
{
        if (fw_str_eq(severity, FW_STR("critical")))
                return FW_STYLE_BAD;
        return fw_str_eq(severity, FW_STR("warning")) ? FW_STYLE_WARN : FW_STYLE_PLAIN;
}

enum fw_style fw_words_condition_style(struct fw_str condition)
{
        if (fw_str_eq(condition, FW_STR("ok")))
                return FW_STYLE_GOOD;
        if (fw_str_eq(condition, FW_STR("failing")) || fw_str_eq(condition, FW_STR("gone")))
                return FW_STYLE_BAD;
        return fw_str_eq(condition, FW_STR("paused")) ? FW_STYLE_WARN : FW_STYLE_PLAIN;
}

void fw_print_field(const struct fw_cli *cli, const char *label, struct fw_str value)
{
        if (fw_str_empty(value))
                return;
        const char *colon = *label ? ":" : " ";
        int pad = LABEL_COLUMNS - (int) strlen(label);
        printf("  %s%s%s%s%*s", fw_cli_style(cli, FW_STYLE_DIM), label, colon, fw_cli_style_end(cli), pad > 0 ? pad : 1,
               "");
        fw_cli_print_text(cli, value, FW_STYLE_PLAIN);
        putchar('\n');
}

void fw_print_fieldf(const struct fw_cli *cli, const char *label, const char *format, ...)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&text, format, args);
        va_end(args);
        fw_print_field(cli, label, fw_buf_str(&text));
}

void fw_print_time(const struct fw_cli *cli, const char *label, int64_t usec)
{
        if (usec == FW_TIME_NONE)
                return;
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_local_time(&text, usec);
        (void) fw_buf_append_c(&text, " (");
        fw_words_when(&text, usec, fw_words_now());
        (void) fw_buf_append_byte(&text, ')');
        fw_print_field(cli, label, fw_buf_str(&text));
}

void fw_print_alert(const struct fw_cli *cli, const json_t *alert)
{
        fw_cleanup(fw_buf_done) struct fw_buf block = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_alert_block(alert, cli->color, (unsigned) fw_cli_terminal_columns(), &block);
        printf("%s\n", fw_buf_c(&block));
}
