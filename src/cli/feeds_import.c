/*
 * feeds import: another reader's subscriptions become a file in feeds.d/, without those that are watched already.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "feed/link.h"
#include "feed/opml.h"

/* How many names are tried for the new file: list.opml, list-2.opml, … */
#define NAMES_TRIED 1000

struct import {
        const struct fw_cli *cli;
        struct fw_cli_loaded loaded;
        struct fw_arena *arena;
        struct fw_map known; /* canonical URL → feed of the configuration, or NULL: in this list before */
        FW_VEC(struct fw_subscription) added;
        json_t *duplicates;
        char *written; /* NULL: nothing was written */
};

static void note_known(struct import *import)
{
        const struct fw_config *config = import->loaded.config;
        for (size_t i = 0; i < config->feeds_len; i++) {
                struct fw_str canonical = fw_link_canonical(config->feeds[i].url, import->arena);
                fw_map_put(&import->known, canonical, NULL)->pointer = (void *) &config->feeds[i];
        }
}

static bool is_fetchable(struct fw_str url)
{
        return fw_link_is_http(url) || fw_str_starts_nocase(url, FW_STR("file:///"));
}

static void take_feed(struct import *import, const struct fw_subscription *feed)
{
        if (!is_fetchable(feed->url)) {
                fw_diag_add(import->loaded.diag, FW_WARNING, feed->location,
                            "'%.*s' is left out: feedwatch reads http, https and file", FW_STR_ARG(feed->url));
                return;
        }
        bool is_new;
        union fw_map_value *known = fw_map_put(&import->known, fw_link_canonical(feed->url, import->arena), &is_new);
        if (is_new) {
                fw_vec_push(&import->added, *feed);
                return;
        }
        const struct fw_feed_config *as = known->pointer;
        json_t *duplicate = json_object();
        fw_json_set_str(duplicate, "url", feed->url);
        if (as) {
                fw_json_set_str(duplicate, "id", as->id);
                fw_json_set_str(duplicate, "file", as->file);
                fw_json_set_int(duplicate, "line", as->line);
        }
        (void) json_array_append_new(import->duplicates, duplicate);
}

static int read_list(struct import *import, const char *name)
{
        bool is_stdin = strcmp(name, "-") == 0;
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(FW_LIMIT_CONFIG_FILE_BYTES);
        int r = is_stdin ? fw_fd_read_all(STDIN_FILENO, &content) : fw_file_read_any(name, &content);
        if (r < 0)
                return fw_cli_error(import->cli, "cannot read '%s': %s", name, strerror(-r));
        struct fw_subscription_list list;
        r = fw_opml_parse(fw_str_c(is_stdin ? "standard input" : name), fw_buf_str(&content), import->arena,
                          import->loaded.diag, &list);
        for (size_t i = 0; r >= 0 && i < list.feeds_len; i++)
                take_feed(import, &list.feeds[i]);
        return fw_cli_print_diag(import->cli, import->loaded.diag);
}

/* "lists/My feeds.opml" → "My-feeds" */
static char *base_name(const char *name)
{
        const char *slash = strrchr(name, '/');
        char *base = fw_strdup(strcmp(name, "-") == 0 ? "imported" : slash ? slash + 1 : name);
        char *dot = strrchr(base, '.');
        if (dot && dot != base)
                *dot = '\0';
        for (char *p = base; *p; p++)
                if (!fw_is_alpha(*p) && !fw_is_digit(*p) && !strchr("-_.", *p))
                        *p = '-';
        if (base[0] == '.' || !base[0])
                base[0] = '-';
        return base;
}

static int write_list(struct import *import, const char *name)
{
        const struct fw_subscription_list list = { .title = FW_STR("Imported feeds"),
                                                   .feeds = import->added.p,
                                                   .feeds_len = import->added.len };
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_opml_write(&list, &content);
        fw_cleanup(fw_freep) char *folder = fw_path_join(import->loaded.paths.config_dir, "feeds.d");
        fw_cleanup(fw_freep) char *base = base_name(name);
        int r = fw_mkdir_all(folder, 0755);
        for (unsigned number = 1; r >= 0 && number <= NAMES_TRIED; number++) {
                fw_cleanup(fw_freep) char *path = number == 1 ? fw_asprintf("%s/%s.opml", folder, base)
                                                              : fw_asprintf("%s/%s-%u.opml", folder, base, number);
                r = fw_file_create(path, fw_buf_str(&content), 0644);
                if (r == 0) {
                        import->written = fw_strdup(path);
                        return FW_EXIT_OK;
                }
                r = r == -EEXIST && number < NAMES_TRIED ? 0 : r;
        }
        return fw_cli_error(import->cli, "cannot write a list into '%s': %s", folder, strerror(-r));
}

/* What was written helps only if the configuration reads it. */
static bool is_read(const struct import *import)
{
        struct fw_cli_loaded again;
        bool found = false;
        if (fw_cli_load_config(import->cli, &again) == FW_EXIT_OK)
                for (size_t i = 0; i < import->added.len && !found; i++)
                        found = fw_config_find_feed(again.config, import->added.p[i].url) != NULL;
        fw_cli_loaded_done(&again);
        return found;
}

static void print_outcome(const struct import *import)
{
        for (size_t i = 0; i < import->added.len; i++) {
                fputs("added   ", stdout);
                fw_cli_print_text(import->cli, import->added.p[i].url, FW_STYLE_GOOD);
                fputs("  ", stdout);
                fw_cli_print_text(import->cli, import->added.p[i].title, FW_STYLE_PLAIN);
                putchar('\n');
        }
        for (size_t i = 0; i < json_array_size(import->duplicates); i++) {
                const json_t *duplicate = json_array_get(import->duplicates, i);
                struct fw_str id = fw_json_get_str(duplicate, "id");
                fputs("already ", stdout);
                fw_cli_print_text(import->cli, fw_json_get_str(duplicate, "url"), FW_STYLE_DIM);
                if (id.len > 0)
                        printf("  as '%.*s' in %.*s:%lld\n", FW_STR_ARG(id),
                               FW_STR_ARG(fw_json_get_str(duplicate, "file")),
                               (long long) fw_json_get_int(duplicate, "line", 0));
                else
                        puts("  twice in this list");
        }
        printf("%zu added, %zu there already", import->added.len, json_array_size(import->duplicates));
        if (import->written)
                printf("; wrote %s\nA running daemon notices it by itself.", import->written);
        putchar('\n');
}

static void print_json(const struct import *import)
{
        fw_cleanup(fw_json_decrefp) json_t *result = json_object();
        json_t *added = json_array();
        for (size_t i = 0; i < import->added.len; i++) {
                json_t *feed = json_object();
                fw_json_set_str(feed, "url", import->added.p[i].url);
                fw_json_set_str(feed, "title", import->added.p[i].title);
                (void) json_array_append_new(added, feed);
        }
        fw_json_set(result, "added", added);
        fw_json_set(result, "duplicates", json_incref(import->duplicates));
        fw_json_set_str(result, "file", fw_str_c(import->written));
        fw_cli_print_json(result);
}

static int import_file(struct import *import, const char *name)
{
        int status = read_list(import, name);
        if (status == FW_EXIT_OK && import->added.len > 0 && !fw_cli_has(import->cli, "dry-run"))
                status = write_list(import, name);
        if (status != FW_EXIT_OK)
                return status;
        if (import->cli->json)
                print_json(import);
        else
                print_outcome(import);
        if (import->written && !is_read(import))
                fw_cli_warning(import->cli,
                               "the configuration does not read that file yet: add 'feeds.d/*.opml' to 'feeds' in %.*s",
                               FW_STR_ARG(import->loaded.config->file));
        return FW_EXIT_OK;
}

static int run(struct fw_cli *cli)
{
        struct import import = { .cli = cli, .arena = fw_arena_new(), .duplicates = json_array() };
        fw_map_init(&import.known);
        int status = fw_cli_load_config(cli, &import.loaded);
        if (status == FW_EXIT_OK) {
                note_known(&import);
                status = import_file(&import, cli->arguments.p[0]);
        }
        free(import.written);
        fw_vec_done(&import.added);
        fw_map_done(&import.known);
        json_decref(import.duplicates);
        fw_cli_loaded_done(&import.loaded);
        (void) fw_arena_free(import.arena);
        return status;
}

static const struct fw_option options[] = {
        { .name = "dry-run", .help = "only say what would be added" },
        { 0 },
};

const struct fw_command fw_command_feeds_import = {
        .name = "feeds import",
        .arguments = "FILE.opml|-",
        .least = 1,
        .most = 1,
        .complete = FW_COMPLETE_FILE,
        .json = true,
        .summary = "add the feeds of an OPML file",
        .help = "Writes the feeds of an OPML file, as any reader exports it, to a new list in\n"
                "feeds.d/ beside the configuration. Feeds that are watched already are left out\n"
                "and named. No file is overwritten.\n",
        .options = options,
        .run = run,
};
