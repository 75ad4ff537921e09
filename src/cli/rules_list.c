/*
 * feedwatch rules list.
 */
#include "cli/commands.h"
#include "cli/online.h"
#include "cli/words.h"

static const struct fw_column columns[] = {
        { .heading = "RULE" },
        { .heading = "SEVERITY" },
        { .heading = "STATUS" },
        { .heading = "MATCHES", .right = true },
        { .heading = "ALERTS", .right = true },
        { .heading = "LAST MATCH" },
        { .heading = "NAME", .shrink = true },
        { 0 },
};

static void add_rule(struct fw_table *table, const json_t *rule)
{
        struct fw_str severity = fw_json_get_str(rule, "severity");
        fw_cleanup(fw_buf_done) struct fw_buf last = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_words_when(&last, fw_json_get_time(rule, "last_match"), fw_words_now());
        fw_table_cell(table, fw_json_get_str(rule, "id"), FW_STYLE_BOLD);
        fw_table_cell(table, severity, fw_words_severity_style(severity));
        fw_table_cell(table, fw_json_get_str(rule, "status"), FW_STYLE_PLAIN);
        fw_table_cellf(table, FW_STYLE_PLAIN, "%lld", (long long) fw_json_get_int(rule, "matches", 0));
        fw_table_cellf(table, FW_STYLE_PLAIN, "%lld", (long long) fw_json_get_int(rule, "alerts", 0));
        fw_table_cell(table, fw_buf_str(&last), FW_STYLE_PLAIN);
        fw_table_cell(table, fw_json_get_str(rule, "name"), FW_STYLE_PLAIN);
}

static void print(const struct fw_cli *cli, const json_t *answer)
{
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        size_t i;
        json_t *rule;
        json_array_foreach(json_object_get(answer, "rules"), i, rule) add_rule(table, rule);
        fw_table_print(table, cli);
}

static int run(struct fw_cli *cli)
{
        return fw_online_show(cli, FW_ONLINE_OR_ALONE, "/v1/rules", print);
}

const struct fw_command fw_command_rules_list = {
        .name = "rules list",
        .arguments = "",
        .json = true,
        .summary = "list the rules with what they found",
        .help = "Prints every rule in force with its severity, whether it is live or in test, the\n"
                "matches and alerts that are kept, and when it matched last.\n",
        .run = run,
};
