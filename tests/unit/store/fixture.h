/*
 * fixture: a store in a folder of its own, and short ways to fill it.
 */
#pragma once

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/diag.h"
#include "store/store.h"
#include "unit.h"

#define NOW  INT64_C(1729758662000000) /* 2024-10-24T08:31:02Z */
#define HOUR ((int64_t) FW_USEC_PER_HOUR)
#define DAY  ((int64_t) FW_USEC_PER_DAY)

static char folder[64];
static char path[128];
static struct fw_store *store;
static struct fw_arena *arena;

/* The messages of the last open. */
static char words[4096];

static int open_store(void)
{
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_buf_done) struct fw_buf said = FW_BUF_INIT(sizeof(words) - 1);
        int r = fw_store_open(path, diag, &store);
        (void) fw_diag_render_all(diag, false, &said);
        snprintf(words, sizeof(words), "%s", fw_buf_c(&said));
        return r;
}

static fw_unused void make_folder(void)
{
        snprintf(folder, sizeof(folder), "/tmp/feedwatch-store-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/feedwatch.db", folder);
        arena = fw_arena_new();
}

static int remove_one(const char *name, const struct stat *status, int type, struct FTW *place)
{
        (void) status;
        (void) type;
        (void) place;
        return remove(name);
}

static fw_unused void remove_folder(void)
{
        store = fw_store_close(store);
        arena = fw_arena_free(arena);
        (void) chmod(folder, 0700);
        (void) nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static fw_unused void set_up(void)
{
        make_folder();
        ck_assert_msg(open_store() == 0, "%s", words);
}

static fw_unused void reopen(void)
{
        store = fw_store_close(store);
        ck_assert_msg(open_store() == 0, "%s", words);
}

static fw_unused struct fw_str str(const char *text)
{
        return fw_str_c(text);
}

/* Short ways that never fail. */

static fw_unused int64_t add_feed(const char *id)
{
        struct fw_feed_state state = { .id = str(id),
                                       .url = str("https://example.org/feed"),
                                       .first_polled_usec = FW_TIME_NONE,
                                       .last_polled_usec = FW_TIME_NONE,
                                       .last_success_usec = FW_TIME_NONE,
                                       .last_complete_usec = FW_TIME_NONE,
                                       .next_due_usec = NOW,
                                       .not_before_usec = FW_TIME_NONE };
        ck_assert_int_eq(fw_store_save_feed(store, &state), 0);
        return state.key;
}

static fw_unused int64_t add_item_at(int64_t feed_key, const char *id, const char *title, uint64_t link_key,
                                     int64_t seen_usec, enum fw_item_join expected)
{
        struct fw_item item = {
                .id = str(id), .title = str(title), .published_usec = FW_TIME_NONE, .modified_usec = FW_TIME_NONE
        };
        struct fw_new_item added = { .item = &item,
                                     .key = fw_hash128(str(id)),
                                     .link_key = link_key,
                                     .feed_key = feed_key,
                                     .first_seen_usec = seen_usec };
        int64_t item_id = 0;
        enum fw_item_join join;
        ck_assert_int_eq(fw_store_add_item(store, &added, &item_id, &join), 0);
        ck_assert_int_eq(join, expected);
        return item_id;
}

static fw_unused int64_t add_item(int64_t feed_key, const char *id, const char *title)
{
        return add_item_at(feed_key, id, title, 0, NOW, FW_ITEM_ADDED);
}

/* With outbox rows for "log" and "desktop". */
static fw_unused void add_alert_at(const char *id, const char *rule_id, enum fw_severity severity, int64_t item_id,
                                   int64_t feed_key, int64_t time_usec)
{
        static const struct fw_str channels[] = { FW_STR("log"), FW_STR("desktop") };
        struct fw_stored_alert alert = { .id = str(id),
                                         .time_usec = time_usec,
                                         .kind = str("match"),
                                         .rule_id = str(rule_id),
                                         .severity = severity,
                                         .item_id = item_id,
                                         .feed_key = feed_key,
                                         .json = str("{}") };
        ck_assert_int_eq(fw_store_add_alert(store, &alert, channels, 2), 0);
}

static fw_unused void add_alert(const char *id)
{
        add_alert_at(id, "nk-troops", FW_SEVERITY_WARNING, 0, 0, NOW);
}

static fw_unused struct fw_outbox_row *due_rows(const char *channel, int64_t now_usec, size_t *ret_len)
{
        struct fw_outbox_row *rows;
        ck_assert_int_eq(fw_store_outbox_due(store, str(channel), now_usec, 100, arena, &rows, ret_len), 0);
        return rows;
}
