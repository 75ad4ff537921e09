/*
 * feedwatch status: the daemon on one screen.
 */
#include <stdio.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/online.h"
#include "cli/words.h"

static long long number(const json_t *object, const char *key)
{
        return (long long) fw_json_get_int(object, key, 0);
}

/* "3 feeds", after a comma unless it is the first. */
static void append_count(struct fw_buf *text, const json_t *object, const char *key, const char *one, const char *many)
{
        if (text->len > 0)
                (void) fw_buf_append_c(text, ", ");
        fw_words_count(text, number(object, key), one, many);
}

static void print_head(const struct fw_cli *cli, const json_t *status)
{
        fw_cli_print_text(cli, FW_STR("feedwatchd"), FW_STYLE_BOLD);
        printf(" %s, pid %lld, ", json_string_value(json_object_get(status, "version")), number(status, "pid"));
        fw_cli_print_text(cli, fw_json_get_str(status, "state"), FW_STYLE_GOOD);
        putchar('\n');
        fw_print_time(cli, "Started", fw_json_get_time(status, "started"));
        fw_print_field(cli, "Configuration", fw_json_get_str(status, "config"));
        fw_print_field(cli, "Socket", fw_json_get_str(status, "socket"));
}

static void print_reload(const struct fw_cli *cli, const json_t *reload)
{
        if (json_is_true(json_object_get(reload, "ok"))) {
                fw_print_time(cli, "Last reload", fw_json_get_time(reload, "time"));
                return;
        }
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&text, "refused ");
        fw_words_when(&text, fw_json_get_time(reload, "time"), fw_words_now());
        (void) fw_buf_append_c(&text, "; what was running goes on");
        fw_print_field(cli, "Last reload", fw_buf_str(&text));
        struct fw_str rest = fw_json_get_str(reload, "messages");
        struct fw_str line;
        while (fw_str_split(&rest, '\n', &line)) {
                fputs("    ", stdout);
                fw_cli_print_text(cli, line, FW_STYLE_BAD);
                putchar('\n');
        }
}

static void print_feeds(const struct fw_cli *cli, const json_t *feeds)
{
        static const char *const conditions[] = { "ok", "new", "failing", "paused", "gone" };
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_printf(&text, "%lld", number(feeds, "configured"));
        const char *separator = ": ";
        for (size_t i = 0; i < FW_ARRAY_LEN(conditions); i++) {
                if (number(feeds, conditions[i]) == 0)
                        continue;
                (void) fw_buf_printf(&text, "%s%lld %s", separator, number(feeds, conditions[i]), conditions[i]);
                separator = ", ";
        }
        fw_print_field(cli, "Feeds", fw_buf_str(&text));
}

static void print_store(const struct fw_cli *cli, const json_t *store)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        append_count(&text, store, "items", "item", "items");
        append_count(&text, store, "alerts", "alert", "alerts");
        (void) fw_buf_append_c(&text, ", ");
        (void) fw_append_size(&text, (uint64_t) number(store, "bytes"));
        (void) fw_buf_printf(&text, " in %s", json_string_value(json_object_get(store, "path")));
        fw_print_field(cli, "Store", fw_buf_str(&text));
        fw_print_field(cli, "Store's trouble", fw_json_get_str(store, "error"));
}

static void print_rules(const struct fw_cli *cli, const json_t *status)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        append_count(&text, status, "rules", "rule", "rules");
        append_count(&text, status, "entities", "entity", "entities");
        fw_print_field(cli, "Rules", fw_buf_str(&text));
}

static void print_since_start(const struct fw_cli *cli, const json_t *status)
{
        const json_t *since_start = json_object_get(status, "since_start");
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        append_count(&text, since_start, "polls", "poll", "polls");
        append_count(&text, since_start, "new_items", "new item", "new items");
        append_count(&text, since_start, "alerts", "alert", "alerts");
        (void) fw_buf_append_c(&text, "; ");
        fw_words_count(&text, number(status, "transfers"), "transfer", "transfers");
        (void) fw_buf_append_c(&text, " under way");
        fw_print_field(cli, "Since the start", fw_buf_str(&text));
}

static void print_workers(const struct fw_cli *cli, const json_t *workers)
{
        fw_print_fieldf(cli, "Workers", "%lld alive, %lld %s, %lld crashed, %lld timed out", number(workers, "alive"),
                        number(workers, "jobs"), fw_plural((uint64_t) number(workers, "jobs"), "job", "jobs"),
                        number(workers, "crashed"), number(workers, "timed_out"));
}

static void print_channels(const struct fw_cli *cli, const json_t *channels)
{
        size_t i;
        json_t *channel;
        json_array_foreach(channels, i, channel)
        {
                fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                struct fw_str error = fw_json_get_str(channel, "last_error");
                if (number(channel, "failures") > 0)
                        (void) fw_buf_printf(&text, "%.*s: failed %lld %s: %.*s",
                                             FW_STR_ARG(fw_json_get_str(channel, "name")), number(channel, "failures"),
                                             fw_plural((uint64_t) number(channel, "failures"), "time", "times"),
                                             FW_STR_ARG(error));
                else
                        (void) fw_buf_printf(&text, "%.*s: ok", FW_STR_ARG(fw_json_get_str(channel, "name")));
                if (fw_json_get_time(channel, "last_sent") != FW_TIME_NONE) {
                        (void) fw_buf_append_c(&text, ", last sent ");
                        fw_words_when(&text, fw_json_get_time(channel, "last_sent"), fw_words_now());
                }
                if (json_object_get(channel, "agents"))
                        (void) fw_buf_printf(&text, ", %lld following", number(channel, "agents"));
                fw_print_field(cli, i == 0 ? "Channels" : "", fw_buf_str(&text));
        }
}

static void print(const struct fw_cli *cli, const json_t *status)
{
        const json_t *outbox = json_object_get(status, "outbox");
        print_head(cli, status);
        print_reload(cli, json_object_get(status, "reload"));
        print_feeds(cli, json_object_get(status, "feeds"));
        fw_print_time(cli, "Next due", fw_json_get_time(status, "next_due"));
        print_rules(cli, status);
        print_since_start(cli, status);
        print_workers(cli, json_object_get(status, "workers"));
        print_store(cli, json_object_get(status, "store"));
        fw_print_fieldf(cli, "Deliveries", "%lld pending, %lld sent, %lld failed", number(outbox, "pending"),
                        number(outbox, "sent"), number(outbox, "failed"));
        print_channels(cli, json_object_get(status, "channels"));
}

static int run(struct fw_cli *cli)
{
        return fw_online_show(cli, FW_ONLINE_DAEMON, "/v1/status", print);
}

const struct fw_command fw_command_status = {
        .name = "status",
        .arguments = "",
        .json = true,
        .summary = "the daemon at a glance",
        .help = "Prints what the running daemon does: its feeds by condition, rules, store,\n"
                "deliveries and channels, and how the last reload went. Exit status 1 if no\n"
                "daemon runs.\n",
        .run = run,
};
