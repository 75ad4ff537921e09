/*
 * feedwatch alerts show.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/commands.h"
#include "cli/online.h"
#include "cli/words.h"

static const struct fw_column match_columns[] = {
        { .heading = "FIELD" },
        { .heading = "BYTES" },
        { .heading = "FOUND", .shrink = true },
        { .heading = "TERM OF THE RULE" },
        { 0 },
};

static const struct fw_column outbox_columns[] = {
        { .heading = "CHANNEL" },
        { .heading = "STATE" },
        { .heading = "TRIES", .right = true },
        { .heading = "WHEN" },
        { .heading = "ANSWER", .shrink = true },
        { 0 },
};

static void print_matches(const struct fw_cli *cli, const json_t *matches)
{
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(match_columns);
        size_t i;
        json_t *match;
        json_array_foreach(matches, i, match)
        {
                fw_table_cell(table, fw_json_get_str(match, "field"), FW_STYLE_PLAIN);
                fw_table_cellf(table, FW_STYLE_DIM, "%lld-%lld", (long long) fw_json_get_int(match, "start", 0),
                               (long long) fw_json_get_int(match, "end", 0));
                fw_table_cell(table, fw_json_get_str(match, "text"), FW_STYLE_MARK);
                fw_table_cell(table, fw_json_get_str(match, "term"), FW_STYLE_PLAIN);
        }
        fw_table_print(table, cli);
}

static enum fw_style state_style(struct fw_str state)
{
        if (fw_str_eq(state, FW_STR("sent")))
                return FW_STYLE_GOOD;
        return fw_str_eq(state, FW_STR("failed")) ? FW_STYLE_BAD : FW_STYLE_WARN;
}

static void print_outbox(const struct fw_cli *cli, const json_t *outbox)
{
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(outbox_columns);
        size_t i;
        json_t *row;
        json_array_foreach(outbox, i, row)
        {
                struct fw_str state = fw_json_get_str(row, "state");
                bool pending = fw_str_eq(state, FW_STR("pending"));
                fw_cleanup(fw_buf_done) struct fw_buf when = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                fw_words_when(&when, fw_json_get_time(row, pending ? "due" : "done"), fw_words_now());
                fw_table_cell(table, fw_json_get_str(row, "channel"), FW_STYLE_PLAIN);
                fw_table_cell(table, state, state_style(state));
                fw_table_cellf(table, FW_STYLE_PLAIN, "%lld", (long long) fw_json_get_int(row, "attempts", 0));
                fw_table_cell(table, fw_buf_str(&when), FW_STYLE_PLAIN);
                fw_table_cell(table, fw_json_get_str(row, "answer"), FW_STYLE_PLAIN);
        }
        fw_table_print(table, cli);
}

static void print(const struct fw_cli *cli, const json_t *alert)
{
        fw_print_alert(cli, alert);
        fw_print_field(cli, "Id", fw_json_get_str(alert, "id"));
        fw_print_field(cli, "Rule", fw_json_get_str(alert, "rule"));
        fw_print_field(cli, "Reason", fw_json_get_str(alert, "reason"));
        putchar('\n');
        print_matches(cli, json_object_get(alert, "matches"));
        putchar('\n');
        print_outbox(cli, json_object_get(alert, "outbox"));
}

static int run(struct fw_cli *cli)
{
        fw_cleanup(fw_freep) char *escaped = fw_client_escape(fw_str_c(cli->arguments.p[0]));
        fw_cleanup(fw_freep) char *path = fw_asprintf("/v1/alerts/%s", escaped);
        return fw_online_show(cli, FW_ONLINE_OR_ALONE, path, print);
}

const struct fw_command fw_command_alerts_show = {
        .name = "alerts show",
        .arguments = "ID",
        .least = 1,
        .most = 1,
        .json = true,
        .summary = "show an alert, why it was made, and where it went",
        .help = "Prints an alert with the words that matched and the part of the rule that each\n"
                "met, and what became of it on every channel. ID is the alert's id, or at least 4\n"
                "characters of its beginning or end.\n",
        .run = run,
};
