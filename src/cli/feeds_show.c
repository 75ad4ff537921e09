/*
 * feedwatch feeds show.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/commands.h"
#include "cli/online.h"
#include "cli/words.h"

static void print_place(const struct fw_cli *cli, const json_t *feed)
{
        struct fw_str file = fw_json_get_str(feed, "file");
        int64_t line = fw_json_get_int(feed, "line", 0);
        if (line > 0)
                fw_print_fieldf(cli, "Defined in", "%.*s:%lld", FW_STR_ARG(file), (long long) line);
        else
                fw_print_field(cli, "Defined in", file);
}

static void print_tags(const struct fw_cli *cli, const json_t *tags)
{
        fw_cleanup(fw_buf_done) struct fw_buf joined = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        size_t i;
        json_t *tag;
        json_array_foreach(tags, i, tag)(void)
                fw_buf_printf(&joined, "%s%s", i > 0 ? ", " : "", json_string_value(tag));
        fw_print_field(cli, "Tags", fw_buf_str(&joined));
}

static void print_health(const struct fw_cli *cli, const json_t *feed)
{
        int64_t failures = fw_json_get_int(feed, "failures", 0);
        int64_t http_status = fw_json_get_int(feed, "http_status", 0);
        fw_print_field(cli, "Condition", fw_json_get_str(feed, "condition"));
        fw_print_field(cli, "Reason", fw_json_get_str(feed, "reason"));
        if (failures > 0)
                fw_print_fieldf(cli, "Failures", "%lld in a row", (long long) failures);
        if (http_status > 0)
                fw_print_fieldf(cli, "HTTP status", "%lld", (long long) http_status);
        fw_print_field(cli, "Malformed", fw_json_get_str(feed, "malformed"));
        fw_print_time(cli, "Last polled", fw_json_get_time(feed, "last_polled"));
        fw_print_time(cli, "Last success", fw_json_get_time(feed, "last_success"));
        fw_print_time(cli, "Next due", fw_json_get_time(feed, "next_due"));
        fw_print_field(cli, "Due because", fw_json_get_str(feed, "due_reason"));
        fw_print_time(cli, "Not before", fw_json_get_time(feed, "not_before"));
}

static void print(const struct fw_cli *cli, const json_t *feed)
{
        fw_cli_print_text(cli, fw_json_get_str(feed, "id"), FW_STYLE_BOLD);
        putchar('\n');
        fw_print_field(cli, "Title", fw_json_get_str(feed, "title"));
        fw_print_field(cli, "URL", fw_json_get_str(feed, "url"));
        fw_print_field(cli, "Moved to", fw_json_get_str(feed, "moved_url"));
        fw_print_field(cli, "Home page", fw_json_get_str(feed, "home_page_url"));
        fw_print_field(cli, "Language", fw_json_get_str(feed, "language"));
        print_tags(cli, json_object_get(feed, "tags"));
        print_place(cli, feed);
        print_health(cli, feed);
        fw_print_fieldf(cli, "Items", "%lld kept, %lld in the last 7 days",
                        (long long) fw_json_get_int(feed, "items", 0),
                        (long long) fw_json_get_int(feed, "items_week", 0));
        fw_print_time(cli, "Last item", fw_json_get_time(feed, "last_item"));
        fw_print_field(cli, "ETag", fw_json_get_str(feed, "etag"));
        fw_print_field(cli, "Last-Modified", fw_json_get_str(feed, "last_modified"));
}

static int show(const struct fw_online *online, const char *feed)
{
        fw_cleanup(fw_freep) char *escaped = fw_client_escape(fw_str_c(feed));
        fw_cleanup(fw_freep) char *path = fw_asprintf("/v1/feeds/%s", escaped);
        json_t *answer = NULL;
        int status = fw_online_call(online, "GET", path, NULL, &answer);
        if (status == FW_EXIT_OK && online->cli->json)
                fw_cli_print_json(answer);
        else if (status == FW_EXIT_OK)
                print(online->cli, answer);
        json_decref(answer);
        return status;
}

static int run(struct fw_cli *cli)
{
        struct fw_online online;
        int status = fw_online_open(&online, cli, FW_ONLINE_OR_ALONE);
        for (size_t i = 0; i < cli->arguments.len && online.client; i++)
                if (show(&online, cli->arguments.p[i]) != FW_EXIT_OK)
                        status = FW_EXIT_FAILED;
        fw_online_close(&online);
        return status;
}

const struct fw_command fw_command_feeds_show = {
        .name = "feeds show",
        .arguments = "FEED…",
        .least = 1,
        .most = SIZE_MAX,
        .complete = FW_COMPLETE_FEED,
        .json = true,
        .summary = "show all that is known of a feed",
        .help = "Prints a feed (by id or URL): where it is defined, how it fares, when it is due\n"
                "next and what set that time, and the validators kept for its next poll.\n",
        .run = run,
};
