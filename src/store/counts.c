#include "store/store.h"

#include <sys/stat.h>

#include "base/alloc.h"
#include "store/database.h"

int fw_store_rule_counts(struct fw_store *store, struct fw_arena *arena, struct fw_rule_counts **ret_counts,
                         size_t *ret_len)
{
        FW_VEC(struct fw_rule_counts) counts = { 0 };
        struct fw_query query;
        fw_query_start(
                &query, store,
                "SELECT rule_id, count(DISTINCT item_id), count(*) FILTER (WHERE decision = 'alerted'), max(time_usec) "
                "FROM decisions WHERE decision NOT IN ('excluded', 'excluded-by-config') GROUP BY rule_id");
        while (fw_query_next(&query)) {
                struct fw_rule_counts found = { .rule_id = fw_column_str(&query, arena) };
                found.matches = (uint64_t) fw_column_int(&query);
                found.alerts = (uint64_t) fw_column_int(&query);
                found.last_match_usec = fw_column_time(&query);
                fw_vec_push(&counts, found);
        }
        int r = fw_query_end(&query);
        if (r == 0)
                fw_store_hand_over(arena, &counts, ret_counts, ret_len);
        fw_vec_done(&counts);
        return r;
}

int fw_store_feed_counts(struct fw_store *store, int64_t now_usec, struct fw_arena *arena,
                         struct fw_feed_counts **ret_counts, size_t *ret_len)
{
        FW_VEC(struct fw_feed_counts) counts = { 0 };
        struct fw_query query;
        fw_query_start(&query, store,
                       "SELECT feed_key, count(*), count(*) FILTER (WHERE first_seen_usec > ?), max(first_seen_usec) "
                       "FROM item_feeds GROUP BY feed_key");
        fw_bind_int(&query, now_usec - 7 * (int64_t) FW_USEC_PER_DAY);
        while (fw_query_next(&query)) {
                struct fw_feed_counts found = { .feed_key = fw_column_int(&query) };
                found.items = (uint64_t) fw_column_int(&query);
                found.items_week = (uint64_t) fw_column_int(&query);
                found.last_item_usec = fw_column_time(&query);
                fw_vec_push(&counts, found);
        }
        int r = fw_query_end(&query);
        if (r == 0)
                fw_store_hand_over(arena, &counts, ret_counts, ret_len);
        fw_vec_done(&counts);
        return r;
}

static uint64_t file_bytes(const char *path)
{
        struct stat status;
        return stat(path, &status) == 0 ? (uint64_t) status.st_size : 0;
}

int fw_store_totals(struct fw_store *store, struct fw_store_totals *ret_totals)
{
        struct fw_store_totals totals = { 0 };
        struct fw_query query;
        fw_query_start(
                &query, store,
                "SELECT (SELECT count(*) FROM feeds), (SELECT count(*) FROM items), (SELECT count(*) FROM alerts)");
        if (fw_query_next(&query)) {
                totals.feeds = (uint64_t) fw_column_int(&query);
                totals.items = (uint64_t) fw_column_int(&query);
                totals.alerts = (uint64_t) fw_column_int(&query);
        }
        int r = fw_query_end(&query);
        if (r < 0)
                return r;
        fw_cleanup(fw_freep) char *log = fw_asprintf("%s-wal", store->path);
        totals.bytes = file_bytes(store->path) + file_bytes(log);
        *ret_totals = totals;
        return 0;
}

/* ---- retention ---- */

static int expire_items(struct fw_store *store, int64_t before_usec, size_t limit, size_t *ret_removed)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "DELETE FROM items WHERE id IN (SELECT id FROM items WHERE first_seen_usec < ? ORDER BY "
                       "first_seen_usec LIMIT ?)");
        fw_bind_int(&query, before_usec);
        fw_bind_int(&query, (int64_t) limit);
        int r = fw_query_run(&query);
        *ret_removed = (size_t) sqlite3_changes(store->db);
        return r;
}

static int expire_alerts(struct fw_store *store, int64_t before_usec, size_t limit, size_t *ret_removed)
{
        struct fw_query query;
        fw_query_start(
                &query, store,
                "DELETE FROM alerts WHERE sequence IN (SELECT sequence FROM alerts WHERE time_usec < ? AND NOT EXISTS "
                "(SELECT 1 FROM outbox WHERE alert_sequence = sequence AND state = 'pending') ORDER BY time_usec LIMIT "
                "?)");
        fw_bind_int(&query, before_usec);
        fw_bind_int(&query, (int64_t) limit);
        int r = fw_query_run(&query);
        *ret_removed = (size_t) sqlite3_changes(store->db);
        return r;
}

/* Free pages are used again by what comes; only when they are a quarter of the file, as after a shorter `keep_items`, the disk gets some of
 * them back. A page a removed item, so that a step stays small. */
static int give_back(struct fw_store *store, size_t limit)
{
        int64_t free_pages = 0, pages = 0;
        int r = fw_store_read_number(store, "PRAGMA freelist_count", &free_pages);
        if (r == 0)
                r = fw_store_read_number(store, "PRAGMA page_count", &pages);
        if (r < 0 || free_pages <= pages / 4)
                return r;
        fw_cleanup(fw_freep) char *sql = fw_asprintf("PRAGMA incremental_vacuum(%zu)", limit);
        return fw_store_run_sql(store, sql);
}

int fw_store_expire(struct fw_store *store, int64_t items_before_usec, int64_t alerts_before_usec, size_t limit,
                    bool *ret_more)
{
        size_t items = 0, alerts = 0;
        bool own;
        int r = fw_store_enter(store, &own);
        if (r == 0)
                r = expire_items(store, items_before_usec, limit, &items);
        if (r == 0 && items < limit)
                r = expire_alerts(store, alerts_before_usec, limit - items, &alerts);
        if (r == 0)
                r = give_back(store, limit);
        r = fw_store_leave(store, own, r);
        if (r == 0)
                *ret_more = items + alerts == limit;
        return r;
}
