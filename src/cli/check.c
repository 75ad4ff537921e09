/*
 * feedwatch check: polls now, and shows what came of it, feed by feed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "alert/alert.h"
#include "cli/commands.h"
#include "cli/online.h"
#include "cli/words.h"

struct check_view {
        const struct fw_cli *cli;
        struct fw_progress progress;
        bool dry_run;
        bool ended; /* the daemon said so, and did not just go */
        int64_t failed;
};

static void append_numbers(struct fw_buf *out, const json_t *report)
{
        int64_t added = fw_json_get_int(report, "new", 0);
        int64_t updated = fw_json_get_int(report, "updated", 0);
        int64_t matches = fw_json_get_int(report, "matches", 0);
        if (!json_object_get(report, "new"))
                return;
        (void) fw_buf_append_c(out, "  ");
        fw_words_count(out, added, "new item", "new items");
        if (updated > 0)
                (void) fw_buf_printf(out, ", %lld updated", (long long) updated);
        if (matches > 0) {
                (void) fw_buf_append_c(out, ", ");
                fw_words_count(out, matches, "match", "matches");
        }
}

static void print_feed(const struct check_view *view, const json_t *report)
{
        const struct fw_cli *cli = view->cli;
        bool ok = json_is_true(json_object_get(report, "ok"));
        struct fw_str reason = fw_json_get_str(report, "reason");
        fw_cleanup(fw_buf_done) struct fw_buf rest = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        append_numbers(&rest, report);
        int64_t due_usec = fw_json_get_time(report, "next_due");
        if (due_usec != FW_TIME_NONE) {
                (void) fw_buf_append_c(&rest, "  next due ");
                fw_words_when(&rest, due_usec, fw_words_now());
        }
        fw_cli_print_text(cli, fw_json_get_str(json_object_get(report, "feed"), "id"), FW_STYLE_BOLD);
        fputs(": ", stdout);
        fw_cli_print_text(cli, fw_json_get_str(report, "status"), ok ? FW_STYLE_GOOD : FW_STYLE_BAD);
        if (!fw_str_empty(reason)) {
                fputs(": ", stdout);
                fw_cli_print_text(cli, reason, FW_STYLE_PLAIN);
        }
        fw_cli_print_text(cli, fw_buf_str(&rest), FW_STYLE_DIM);
        putchar('\n');
        struct fw_str malformed = fw_json_get_str(report, "malformed");
        if (!fw_str_empty(malformed)) {
                fputs("  malformed: ", stdout);
                fw_cli_print_text(cli, malformed, FW_STYLE_WARN);
                putchar('\n');
        }
}

static void print_alerts(const struct check_view *view, const json_t *alerts)
{
        size_t i;
        json_t *alert;
        json_array_foreach(alerts, i, alert)
        {
                fw_cleanup(fw_buf_done) struct fw_buf block = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                (void) fw_alert_block(alert, view->cli->color, (unsigned) fw_cli_terminal_columns(), &block);
                printf("\n%s", fw_buf_c(&block));
        }
        if (json_array_size(alerts) > 0)
                putchar('\n');
}

static void print_end(const struct check_view *view, const json_t *end)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        int64_t alerts = fw_json_get_int(end, "alerts", 0);
        fw_words_count(&text, fw_json_get_int(end, "feeds", 0), "feed", "feeds");
        (void) fw_buf_append_c(&text, " checked");
        if (view->failed > 0)
                (void) fw_buf_printf(&text, ", %lld failed", (long long) view->failed);
        (void) fw_buf_append_c(&text, "; ");
        fw_words_count(&text, fw_json_get_int(end, "new", 0), "new item", "new items");
        (void) fw_buf_append_c(&text, ", ");
        fw_words_count(&text, alerts, "alert", "alerts");
        (void) fw_buf_append_c(&text, view->dry_run ? " (dry run: nothing was stored, nobody was told)" : "");
        printf("%s\n", fw_buf_c(&text));
}

static int on_line(void *userdata, struct fw_str id fw_unused, const json_t *line)
{
        struct check_view *view = userdata;
        struct fw_str type = fw_json_get_str(line, "type");
        fw_progress_clear(&view->progress);
        if (view->cli->json)
                fw_cli_print_json_line(line);
        if (fw_str_eq(type, FW_STR("start"))) {
                fw_progress_begin(&view->progress, "checking feeds", (size_t) fw_json_get_int(line, "feeds", 0));
        } else if (fw_str_eq(type, FW_STR("feed"))) {
                if (!view->cli->json) {
                        print_feed(view, line);
                        print_alerts(view, json_object_get(line, "alerts"));
                }
                fw_progress_set(&view->progress, view->progress.done + 1);
        } else if (fw_str_eq(type, FW_STR("end"))) {
                view->ended = true;
                view->failed = fw_json_get_int(line, "failed", 0);
                fw_progress_end(&view->progress);
                if (!view->cli->json)
                        print_end(view, line);
        }
        return 0;
}

static json_t *request_body(const struct fw_cli *cli)
{
        json_t *body = json_object();
        json_t *feeds = json_array();
        for (size_t i = 0; i < cli->arguments.len; i++)
                json_array_append_new(feeds, fw_json_str(fw_str_c(cli->arguments.p[i])));
        fw_json_set(body, "feeds", feeds);
        fw_json_set(body, "force", json_boolean(fw_cli_has(cli, "force")));
        fw_json_set(body, "dry_run", json_boolean(fw_cli_has(cli, "dry-run")));
        return body;
}

static int run(struct fw_cli *cli)
{
        struct check_view view = { .cli = cli, .dry_run = fw_cli_has(cli, "dry-run") };
        struct fw_online online;
        int status = fw_online_open(&online, cli, FW_ONLINE_OR_ALONE);
        if (status != FW_EXIT_OK)
                return status;
        fw_cleanup(fw_json_decrefp) json_t *body = request_body(cli);
        int r = fw_client_stream(online.client, "POST", "/v1/check", body, on_line, &view);
        fw_progress_end(&view.progress);
        if (r < 0)
                status = fw_online_failed(&online);
        else if (!view.ended)
                status = fw_cli_error(cli, "feedwatchd ended before all feeds were checked");
        else if (view.failed > 0)
                status = FW_EXIT_FAILED;
        fw_online_close(&online);
        return status;
}

static const struct fw_option options[] = {
        { .name = "dry-run", .letter = 'n', .help = "alert nobody and store nothing; show what would be" },
        { .name = "force",
          .letter = 'f',
          .help = "ask for everything anew, due or not; a server's Retry-After is still honoured" },
        { 0 },
};

const struct fw_command fw_command_check = {
        .name = "check",
        .arguments = "[FEED…]",
        .most = SIZE_MAX,
        .complete = FW_COMPLETE_FEED,
        .json = true,
        .summary = "check feeds now",
        .help = "Polls the feeds named (by id or URL), or all, at once, and prints for each its\n"
                "status, new items, matches and next due time, and every new alert with the\n"
                "words that matched. Alerts are delivered as always. Goes through the daemon if\n"
                "one runs, else does it by itself. A feed that was asked a moment ago is left\n"
                "alone, unless --force is given. Exit status 1 if a feed failed.\n"
                "\n"
                "With --json: one object a line, {\"type\": \"start\"}, \"feed\" for each, \"end\".\n",
        .options = options,
        .run = run,
};
