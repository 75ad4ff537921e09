/*
 * feedwatch alerts list.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/online.h"
#include "cli/words.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT     1000

static const struct fw_column columns[] = {
        { .heading = "ID" },
        { .heading = "TIME" },
        { .heading = "SEVERITY" },
        { .heading = "RULE" },
        { .heading = "TITLE", .shrink = true },
        { .heading = "FEED" },
        { 0 },
};

static void add_alert(struct fw_table *table, const json_t *alert)
{
        const json_t *item = json_object_get(alert, "item");
        struct fw_str id = fw_json_get_str(alert, "id");
        struct fw_str severity = fw_json_get_str(alert, "severity");
        fw_cleanup(fw_buf_done) struct fw_buf time = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_local_time(&time, fw_json_get_time(alert, "time"));
        /* The beginning of a ULID is its time: the end is what tells alerts of one moment apart. */
        fw_table_cell(table, fw_str_slice(id, id.len > 8 ? id.len - 8 : 0, id.len), FW_STYLE_DIM);
        fw_table_cell(table, fw_buf_str(&time), FW_STYLE_PLAIN);
        fw_table_cell(table, severity, fw_words_severity_style(severity));
        fw_table_cell(table, fw_json_get_str(alert, "rule"), FW_STYLE_BOLD);
        fw_table_cell(table, fw_json_get_str(item, "title"), FW_STYLE_PLAIN);
        fw_table_cell(table, fw_json_get_str(json_object_get(item, "feed"), "id"), FW_STYLE_PLAIN);
}

/* The API gives the newest; a list reads downwards, the newest last. */
static void print_blocks(const struct fw_cli *cli, const json_t *alerts)
{
        for (size_t i = json_array_size(alerts); i > 0; i--)
                fw_print_alert(cli, json_array_get(alerts, i - 1));
}

static void print(const struct fw_cli *cli, const json_t *answer)
{
        const json_t *alerts = json_object_get(answer, "alerts");
        if (fw_cli_has(cli, "long")) {
                print_blocks(cli, alerts);
                return;
        }
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        for (size_t i = json_array_size(alerts); i > 0; i--)
                add_alert(table, json_array_get(alerts, i - 1));
        fw_table_print(table, cli);
}

static void add_parameter(struct fw_buf *path, const char *name, const char *value)
{
        if (!value)
                return;
        fw_cleanup(fw_freep) char *escaped = fw_client_escape(fw_str_c(value));
        (void) fw_buf_printf(path, "&%s=%s", name, escaped);
}

static int run(struct fw_cli *cli)
{
        fw_cleanup(fw_buf_done) struct fw_buf path = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_buf_done) struct fw_buf since = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        uint64_t limit = DEFAULT_LIMIT;
        uint64_t since_usec = 0;
        int r = fw_cli_value_duration(cli, "since", &since_usec);
        if (r == 0)
                (void) fw_append_rfc3339(&since, fw_words_now() - (int64_t) since_usec);
        if (r == -EINVAL || fw_cli_value_uint(cli, "limit", 1, MAX_LIMIT, &limit) == -EINVAL)
                return FW_EXIT_USAGE;
        (void) fw_buf_printf(&path, "/v1/alerts?order=newest&limit=%llu", (unsigned long long) limit);
        add_parameter(&path, "since", since.len > 0 ? fw_buf_c(&since) : NULL);
        add_parameter(&path, "rule", fw_cli_value(cli, "rule"));
        add_parameter(&path, "feed", fw_cli_value(cli, "feed"));
        add_parameter(&path, "severity", fw_cli_value(cli, "severity"));
        add_parameter(&path, "failed", fw_cli_has(cli, "failed") ? "true" : NULL);
        return fw_online_show(cli, FW_ONLINE_OR_ALONE, fw_buf_c(&path), print);
}

static const struct fw_option options[] = {
        { .name = "since", .argument = "AGE", .help = "only those of the last 90s, 15m, 6h, 7d …" },
        { .name = "rule", .argument = "RULE", .help = "only those of this rule", .complete = FW_COMPLETE_RULE },
        { .name = "feed",
          .argument = "FEED",
          .help = "only those from this feed (its id)",
          .complete = FW_COMPLETE_FEED },
        { .name = "severity",
          .argument = "LEVEL",
          .help = "only those of this severity or above",
          .complete = FW_COMPLETE_WORDS,
          .words = "info|notice|warning|critical" },
        { .name = "failed", .help = "only those that a channel could not deliver" },
        { .name = "long", .letter = 'l', .help = "each with link, excerpt and its matched words marked" },
        { .name = "limit", .argument = "N", .letter = 'n', .help = "at most so many, the newest (default 50)" },
        { 0 },
};

const struct fw_command fw_command_alerts_list = {
        .name = "alerts list",
        .arguments = "",
        .json = true,
        .summary = "list the alerts, the newest last",
        .help = "Prints the alerts that are kept. The first column is the end of the alert's id,\n"
                "which 'feedwatch alerts show' takes.\n",
        .options = options,
        .run = run,
};
