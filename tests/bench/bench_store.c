/*
 * bench_store: what the store takes a second, beside the least that any program must spend on the same with SQLite: the floor.
 *
 *         bench_store [--smoke | ITEMS]
 *
 * `seen`: the keys of polls of 25 items, feed by feed; a pass of new keys, one of known keys, one with a new key in each poll. Each poll is
 * also loaded, as it is before the worker gets it; the floor only inserts. `results`: an item of 2 kB, the decision, the alert with two outbox
 * rows, committed in groups of 64. `outbox`: what is due is read and marked as sent, 32 at a time. `retention`: all of it is removed again.
 */
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/random.h"
#include "store/store.h"

#define POLL_ITEMS  25
#define GROUP       64
#define EXPIRE_STEP 100
#define NOW         INT64_C(1729758662000000)

static char folder[] = "/tmp/feedwatch-bench-XXXXXX";

static double seconds(void)
{
        struct timespec now;
        (void) clock_gettime(CLOCK_MONOTONIC, &now);
        return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static void check(int r, const char *what)
{
        if (r == 0)
                return;
        fprintf(stderr, "bench_store: %s: %s\n", what, strerror(-r));
        exit(EXIT_FAILURE);
}

static struct fw_hash128 key_of(uint64_t feed, uint64_t serial)
{
        uint64_t parts[2] = { feed, serial };
        return fw_hash128(fw_str_n((const char *) parts, sizeof(parts)));
}

/* The serial number of the item at place `i` of a feed's poll; in the third pass the first one is new. */
static uint64_t serial_of(int pass, size_t i)
{
        return pass == 2 && i == 0 ? 1000000 : i;
}

/* ---- the floor ---- */

static sqlite3 *floor_db;

static void run(const char *sql)
{
        if (sqlite3_exec(floor_db, sql, NULL, NULL, NULL) != SQLITE_OK) {
                fprintf(stderr, "bench_store: %s: %s\n", sql, sqlite3_errmsg(floor_db));
                exit(EXIT_FAILURE);
        }
}

static double floor_pass(int pass, size_t feeds)
{
        sqlite3_stmt *insert = NULL;
        (void) sqlite3_prepare_v2(floor_db, "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", -1, &insert, NULL);
        double start = seconds();
        for (size_t feed = 0; feed < feeds; feed++) {
                if (feed % GROUP == 0)
                        run("BEGIN");
                for (size_t i = 0; i < POLL_ITEMS; i++) {
                        struct fw_hash128 key = key_of(feed, serial_of(pass, i));
                        (void) sqlite3_bind_int64(insert, 1, (sqlite3_int64) feed);
                        (void) sqlite3_bind_blob(insert, 2, key.bytes, sizeof(key.bytes), SQLITE_STATIC);
                        (void) sqlite3_bind_int64(insert, 3, NOW);
                        (void) sqlite3_step(insert);
                        (void) sqlite3_reset(insert);
                }
                if (feed % GROUP == GROUP - 1 || feed + 1 == feeds)
                        run("COMMIT");
        }
        double spent = seconds() - start;
        (void) sqlite3_finalize(insert);
        return spent;
}

static void open_floor(void)
{
        fw_cleanup(fw_freep) char *path = fw_asprintf("%s/floor.db", folder);
        if (sqlite3_open(path, &floor_db) != SQLITE_OK)
                exit(EXIT_FAILURE);
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA synchronous = FULL");
        run("PRAGMA cache_size = -16384");
        run("CREATE TABLE seen (feed INTEGER, key BLOB, time INTEGER, PRIMARY KEY (feed, key)) WITHOUT ROWID");
}

/* ---- ours ---- */

static double seen_pass(struct fw_store *store, int pass, size_t feeds)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        double start = seconds();
        for (size_t feed = 0; feed < feeds; feed++) {
                if (feed % GROUP == 0)
                        check(fw_store_begin(store), "begin");
                struct fw_seen_item seen[POLL_ITEMS], *known;
                size_t known_len;
                check(fw_store_load_seen(store, (int64_t) feed, arena, &known, &known_len), "load");
                for (size_t i = 0; i < POLL_ITEMS; i++)
                        seen[i] = (struct fw_seen_item){ .key = key_of(feed, serial_of(pass, i)), .content_hash = i };
                check(fw_store_save_seen(store, (int64_t) feed, seen, POLL_ITEMS, NOW + pass, 0), "save");
                fw_arena_reset(arena);
                if (feed % GROUP == GROUP - 1 || feed + 1 == feeds)
                        check(fw_store_commit(store), "commit");
        }
        return seconds() - start;
}

static void bench_seen(struct fw_store *store, size_t items)
{
        static const char *const names[] = { "new", "known", "one new a poll" };
        size_t feeds = items / POLL_ITEMS + 1;
        open_floor();
        for (int pass = 0; pass < 3; pass++) {
                double count = (double) (feeds * POLL_ITEMS);
                double least = floor_pass(pass, feeds), ours = seen_pass(store, pass, feeds);
                printf("{\"bench\":\"seen\",\"pass\":\"%s\",\"keys\":%.0f,\"keys_a_second\":%.0f,\"floor\":%.0f,\"of_"
                       "floor\":%.2f}\n",
                       names[pass], count, count / ours, count / least, least / ours);
        }
        (void) sqlite3_close(floor_db);
}

/* Text in which, as in language, few words are common and many rare: 20,000 words, word n about as often as 1/n. */
static void fill_text(char *text, size_t len, uint64_t number)
{
        struct fw_random random;
        fw_random_init_seed(&random, number);
        for (size_t at = 0; at + 20 < len;) {
                double share = (double) fw_random_u32(&random) / UINT32_MAX;
                at += (size_t) snprintf(text + at, len - at, "word%.0f ", exp(share * log(20000)));
        }
}

static char texts[1000][2048];

static void store_result(struct fw_store *store, size_t number)
{
        static const struct fw_str channels[] = { FW_STR("log"), FW_STR("desktop") };
        const char *text = texts[number % FW_ARRAY_LEN(texts)];
        char id[32];
        snprintf(id, sizeof(id), "BENCH%021zu", number);
        struct fw_item item = { .id = fw_str_c(id),
                                .title = fw_str_n(text, 60),
                                .content_text = fw_str_c(text),
                                .published_usec = NOW,
                                .modified_usec = FW_TIME_NONE };
        struct fw_new_item added = {
                .item = &item, .key = fw_hash128(item.id), .link_key = number + 1, .feed_key = 1, .first_seen_usec = NOW
        };
        int64_t item_id;
        enum fw_item_join join;
        check(fw_store_add_item(store, &added, &item_id, &join), "item");
        struct fw_stored_alert alert = { .id = fw_str_c(id),
                                         .time_usec = NOW,
                                         .kind = FW_STR("match"),
                                         .rule_id = FW_STR("rule"),
                                         .item_id = item_id,
                                         .feed_key = 1,
                                         .json = fw_str_n(text, 900) };
        check(fw_store_add_decision(store, item_id, 1, FW_STR("rule"), FW_DECISION_ALERTED, alert.id, FW_STR("[]"),
                                    NOW),
              "decision");
        check(fw_store_add_alert(store, &alert, channels, 2), "alert");
}

static void bench_results(struct fw_store *store, size_t results)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(texts); i++)
                fill_text(texts[i], sizeof(texts[i]), i);
        double start = seconds();
        for (size_t i = 0; i < results; i++) {
                if (i % GROUP == 0)
                        check(fw_store_begin(store), "begin");
                store_result(store, i);
                if (i % GROUP == GROUP - 1 || i + 1 == results)
                        check(fw_store_commit(store), "commit");
        }
        double spent = seconds() - start;
        struct fw_store_totals totals;
        check(fw_store_totals(store, &totals), "totals");
        printf("{\"bench\":\"results\",\"alerts\":%zu,\"alerts_a_second\":%.0f,\"bytes_an_alert\":%.0f}\n", results,
               (double) results / spent, (double) totals.bytes / (double) results);
}

static void bench_outbox(struct fw_store *store)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_outbox_row *rows;
        size_t len, sent = 0;
        double start = seconds();
        for (;;) {
                check(fw_store_outbox_due(store, FW_STR("log"), NOW, 32, arena, &rows, &len), "due");
                if (len == 0)
                        break;
                check(fw_store_begin(store), "begin");
                for (size_t i = 0; i < len; i++)
                        check(fw_store_outbox_sent(store, rows[i].id, NOW, FW_STR("ok")), "sent");
                check(fw_store_commit(store), "commit");
                sent += len;
                fw_arena_reset(arena);
        }
        printf("{\"bench\":\"outbox\",\"rows\":%zu,\"rows_a_second\":%.0f}\n", sent,
               (double) sent / (seconds() - start));
}

/* Reading what the lists of rules and feeds show, and retention in steps as the daemon takes them. */
static void bench_upkeep(struct fw_store *store, size_t results)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_rule_counts *rules;
        struct fw_feed_counts *feeds;
        size_t len, steps = 0;
        double start = seconds(), longest = 0;
        check(fw_store_rule_counts(store, arena, &rules, &len), "rules");
        check(fw_store_feed_counts(store, NOW, arena, &feeds, &len), "feeds");
        printf("{\"bench\":\"counts\",\"items\":%zu,\"seconds\":%.4f}\n", results, seconds() - start);
        bool more = true;
        start = seconds();
        for (; more; steps++) {
                double before = seconds();
                check(fw_store_expire(store, NOW + 1, NOW + 1, EXPIRE_STEP, &more), "expire");
                longest = fmax(longest, seconds() - before);
        }
        printf("{\"bench\":\"retention\",\"items\":%zu,\"items_a_second\":%.0f,\"step\":%d,\"longest_step_seconds\":%."
               "4f}\n",
               results, (double) results / (seconds() - start), EXPIRE_STEP, longest);
}

static struct fw_store *open_store(const char *name)
{
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_freep) char *path = fw_asprintf("%s/%s", folder, name);
        struct fw_store *store;
        check(fw_store_open(path, diag, &store), path);
        return store;
}

static void remove_files(void)
{
        static const char *const names[] = { "floor.db", "seen.db", "results.db" }, *const ends[] = { "", "-wal",
                                                                                                      "-shm", ".lock" };
        for (size_t i = 0; i < FW_ARRAY_LEN(names) * FW_ARRAY_LEN(ends); i++) {
                fw_cleanup(fw_freep) char *path =
                        fw_asprintf("%s/%s%s", folder, names[i / FW_ARRAY_LEN(ends)], ends[i % FW_ARRAY_LEN(ends)]);
                (void) unlink(path);
        }
        (void) rmdir(folder);
}

int main(int argc, char **argv)
{
        bool smoke = argc > 1 && strcmp(argv[1], "--smoke") == 0;
        uint64_t items = smoke ? 2000 : 1000000;
        if (!mkdtemp(folder) || (!smoke && argc > 1 && fw_str_to_u64(fw_str_c(argv[1]), &items) < 0)) {
                fprintf(stderr, "usage: bench_store [--smoke | ITEMS]\n");
                return 2;
        }
        struct fw_store *store = open_store("seen.db");
        bench_seen(store, items);
        (void) fw_store_close(store);
        store = open_store("results.db");
        bench_results(store, items / 20);
        bench_outbox(store);
        bench_upkeep(store, items / 20);
        (void) fw_store_close(store);
        remove_files();
        return 0;
}
