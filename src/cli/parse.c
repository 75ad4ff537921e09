/*
 * parse: a feed file as a JSON Feed 1.1 document.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "feed/feed.h"

/* A file that somebody names is theirs to choose; this only keeps a mistake from filling the memory. */
#define FEED_BYTES ((size_t) 1024 * 1024 * 1024)

static int keep_item(void *userdata, const struct fw_item *item)
{
        json_t *items = userdata;
        return json_array_append_new(items, fw_item_to_json(item));
}

static int parse_body(const struct fw_cli *cli, const char *name, struct fw_str body)
{
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        const char *url = fw_cli_value(cli, "url"), *content_type = fw_cli_value(cli, "content-type");
        const struct fw_feed_hints hints = { .url = fw_str_c(url), .content_type = fw_str_c(content_type) };
        const struct fw_feed *feed;
        json_t *items = json_array();
        int r = fw_feed_parse(body, &hints, arena, keep_item, items, diag, &feed);
        if (r < 0) {
                json_decref(items);
                fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                (void) fw_diag_first_error(diag, &words);
                return fw_cli_error(cli, "%s: %s", name, words.len > 0 ? fw_buf_c(&words) : strerror(-r));
        }
        fw_cleanup(fw_json_decrefp) json_t *document = fw_feed_to_json(feed, items);
        fw_cli_print_json_line(document);
        return FW_EXIT_OK;
}

static int parse_file(const struct fw_cli *cli, const char *name)
{
        bool is_stdin = strcmp(name, "-") == 0;
        fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FEED_BYTES);
        int r = is_stdin ? fw_fd_read_all(STDIN_FILENO, &body) : fw_file_read_any(name, &body);
        if (r < 0)
                return fw_cli_error(cli, "cannot read %s%s%s: %s", is_stdin ? "" : "'",
                                    is_stdin ? "standard input" : name, is_stdin ? "" : "'", strerror(-r));
        return parse_body(cli, is_stdin ? "standard input" : name, fw_buf_str(&body));
}

static int run(struct fw_cli *cli)
{
        int status = FW_EXIT_OK;
        for (size_t i = 0; i < cli->arguments.len; i++)
                if (parse_file(cli, cli->arguments.p[i]) != FW_EXIT_OK)
                        status = FW_EXIT_FAILED;
        return status;
}

static const struct fw_option options[] = {
        { .name = "url", .argument = "URL", .help = "where the feed came from: the base of relative links" },
        { .name = "content-type",
          .argument = "TYPE",
          .help = "the Content-Type that it came with: decides on the charset" },
        { 0 },
};

const struct fw_command fw_command_parse = {
        .name = "parse",
        .arguments = "FILE…|-",
        .least = 1,
        .most = SIZE_MAX,
        .complete = FW_COMPLETE_FILE,
        .json = true,
        .summary = "print feed files as JSON Feed 1.1",
        .help = "Reads feeds (RSS, Atom, RDF, JSON Feed, well-formed or not) and prints each as\n"
                "a JSON Feed 1.1 document, one a line. '-' is standard input. Needs no\n"
                "configuration and no daemon; fetches nothing.\n",
        .options = options,
        .run = run,
};
