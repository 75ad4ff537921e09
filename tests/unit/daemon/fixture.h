/*
 * fixture: a daemon without its programs' life around it: a real store and event loop in a folder of its own, and a clock that the test moves.
 */
#pragma once

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "daemon/daemon.h"
#include "unit.h"

#define NOW INT64_C(1729758662000000) /* 2024-10-24T08:31:02Z */

/* The beginning of each configuration; lists of feeds follow as the files of feeds.d. */
#define SETTINGS                      \
        "feeds: [feeds.d/*.yaml]\n"   \
        "rules: [rules.d/*.yaml]\n"   \
        "store: {path: daemon.db}\n"  \
        "control: {socket: c.sock}\n" \
        "channels: {log: {type: log, target: stderr}}\n"

static char folder[64];
static struct fw_manual_clock manual_clock;
/* One-shot: nothing is polled by itself, on the machine's clock. */
static const struct fw_daemon_options options = { .oneshot = true, .ready_fd = -1 };
static struct fw_daemon tested;

static int remove_one(const char *path, const struct stat *status fw_unused, int type fw_unused,
                      struct FTW *ftw fw_unused)
{
        return remove(path);
}

static void fw_unused write_file(const char *path, const char *content)
{
        fw_cleanup(fw_freep) char *parent = fw_path_parent(path);
        ck_assert_int_eq(fw_mkdir_all(parent, 0755), 0);
        ck_assert_int_eq(fw_file_replace(path, fw_str_c(content), 0644), 0);
}

static void set_up(void)
{
        strcpy(folder, "/tmp/fw-daemon-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        ck_assert_int_eq(chdir(folder), 0);
        fw_log_set_level(FW_LOG_ERROR);
        manual_clock = (struct fw_manual_clock){ .wall_usec = NOW, .monotonic_usec = FW_USEC_PER_DAY };
        tested = (struct fw_daemon){
                .options = &options,
                .paths = { .config_file = fw_asprintf("%s/feedwatch.yaml", folder),
                           .config_dir = fw_strdup(folder),
                           .state_dir = fw_strdup(folder),
                           .runtime_dir = fw_strdup(folder) },
                .clock = fw_clock_manual(&manual_clock),
                .schedule = fw_schedule_new(),
                .state_name = "running",
                .reload_messages = fw_strdup(""),
        };
        fw_map_init(&tested.feeds_by_key);
        fw_random_init_seed(&tested.random, 1);
        ck_assert_int_ge(sd_event_new(&tested.event), 0);
        ck_assert_int_eq(fw_store_open("daemon.db", NULL, &tested.store), 0);
        write_file("feedwatch.yaml", SETTINGS);
        write_file("rules.d/rules.yaml", "rules: [{id: r, match: troops}]\n");
        write_file("feeds.d/feeds.yaml", "feeds: []\n");
}

static void tear_down(void)
{
        tested.server = fw_control_server_free(tested.server);
        fw_feeds_done(&tested);
        tested.fetch = fw_fetch_free(tested.fetch);
        tested.watch = fw_watch_free(tested.watch);
        tested.delivery = fw_delivery_free(tested.delivery);
        tested.store = fw_store_close(tested.store);
        tested.schedule = fw_schedule_free(tested.schedule);
        (void) sd_event_source_disable_unref(tested.due_timer);
        (void) sd_event_source_disable_unref(tested.commit_source);
        tested.event = sd_event_unref(tested.event);
        fw_vec_done(&tested.group);
        fw_loaded_done(&tested.loaded);
        free(tested.reload_messages);
        fw_paths_done(&tested.paths);
        ck_assert_int_eq(chdir("/"), 0);
        (void) nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Reads the files and makes the feeds those of the configuration, as a reload does. */
static void fw_unused load(const char *feeds)
{
        write_file("feeds.d/feeds.yaml", feeds);
        struct fw_loaded loaded;
        ck_assert_int_eq(fw_loaded_read(&loaded, &tested.paths), 0);
        ck_assert_int_eq(fw_feeds_sync(&tested, loaded.config), 0);
        struct fw_loaded old = tested.loaded;
        tested.loaded = loaded;
        fw_loaded_done(&old);
}

static fw_unused struct fw_watched_feed *feed_of(const char *id)
{
        for (size_t i = 0; i < tested.feeds.len; i++)
                if (fw_str_eq(tested.feeds.p[i]->config->id, fw_str_c(id)))
                        return tested.feeds.p[i];
        ck_abort_msg("no feed '%s'", id);
}
