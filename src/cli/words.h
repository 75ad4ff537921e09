/*
 * words: values of the API as people read them.
 */
#pragma once

#include "base/buf.h"
#include "base/json.h"
#include "cli/cli.h"

/* "3 days 4 h ago", "in 12 min", "now"; "never" for FW_TIME_NONE. */
void fw_words_when(struct fw_buf *out, int64_t usec, int64_t now_usec);
/* "1 feed", "3 feeds". */
void fw_words_count(struct fw_buf *out, int64_t number, const char *one, const char *many);
/* The style in which a severity is shown. */
enum fw_style fw_words_severity_style(struct fw_str severity);
/* The same for a feed's condition. */
enum fw_style fw_words_condition_style(struct fw_str condition);
int64_t fw_words_now(void);

/* A line "  Label:        value", if there is a value; an empty label goes on with the one above. */
void fw_print_field(const struct fw_cli *cli, const char *label, struct fw_str value);
void fw_print_fieldf(const struct fw_cli *cli, const char *label, const char *format, ...) fw_printf(3, 4);
/* The block of an alert, its matched words marked, followed by an empty line. */
void fw_print_alert(const struct fw_cli *cli, const json_t *alert);
/* The time as given, in this time zone, and how long ago. */
void fw_print_time(const struct fw_cli *cli, const char *label, int64_t usec);
