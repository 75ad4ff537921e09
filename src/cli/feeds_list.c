/*
 * feedwatch feeds list.
 */
#include "cli/commands.h"
#include "cli/online.h"
#include "cli/words.h"

static const struct fw_column columns[] = {
        { .heading = "FEED" },
        { .heading = "CONDITION" },
        { .heading = "LAST SUCCESS" },
        { .heading = "FAILURES", .right = true },
        { .heading = "HTTP", .right = true },
        { .heading = "ITEMS/DAY", .right = true },
        { .heading = "NEXT DUE" },
        { .heading = "TITLE, OR WHAT IS WRONG", .shrink = true },
        { 0 },
};

static void add_when(struct fw_table *table, int64_t usec)
{
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_words_when(&words, usec, fw_words_now());
        fw_table_cell(table, fw_buf_str(&words), FW_STYLE_PLAIN);
}

static void add_number(struct fw_table *table, int64_t number)
{
        if (number > 0)
                fw_table_cellf(table, FW_STYLE_PLAIN, "%lld", (long long) number);
        else
                fw_table_cell(table, FW_STR(""), FW_STYLE_PLAIN);
}

static void add_feed(struct fw_table *table, const json_t *feed)
{
        struct fw_str condition = fw_json_get_str(feed, "condition");
        struct fw_str reason = fw_json_get_str(feed, "reason");
        bool polled = !fw_str_eq(condition, FW_STR("paused")) && !fw_str_eq(condition, FW_STR("gone"));
        fw_table_cell(table, fw_json_get_str(feed, "id"), FW_STYLE_BOLD);
        fw_table_cell(table, condition, fw_words_condition_style(condition));
        add_when(table, fw_json_get_time(feed, "last_success"));
        add_number(table, fw_json_get_int(feed, "failures", 0));
        add_number(table, fw_json_get_int(feed, "http_status", 0));
        fw_table_cellf(table, FW_STYLE_PLAIN, "%.1f", (double) fw_json_get_int(feed, "items_week", 0) / 7);
        if (polled)
                add_when(table, fw_json_get_time(feed, "next_due"));
        else
                fw_table_cell(table, FW_STR(""), FW_STYLE_PLAIN);
        fw_table_cell(table, fw_str_empty(reason) ? fw_json_get_str(feed, "title") : reason, FW_STYLE_PLAIN);
}

static void print(const struct fw_cli *cli, const json_t *answer)
{
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        size_t i;
        json_t *feed;
        json_array_foreach(json_object_get(answer, "feeds"), i, feed) add_feed(table, feed);
        fw_table_print(table, cli);
}

static int run(struct fw_cli *cli)
{
        return fw_online_show(cli, FW_ONLINE_OR_ALONE, "/v1/feeds", print);
}

const struct fw_command fw_command_feeds_list = {
        .name = "feeds list",
        .arguments = "",
        .json = true,
        .summary = "list the feeds with their health",
        .help = "Prints every feed of the configuration: its condition (new, ok, failing, paused,\n"
                "gone), last success, failures in a row, the last HTTP status, new items a day\n"
                "over the last week, when it is due next, and what is wrong.\n",
        .run = run,
};
