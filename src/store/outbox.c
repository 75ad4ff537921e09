#include "store/store.h"

#include <errno.h>

#include "store/database.h"

static const char *const state_names[] = {
#define FW_X(name, text) text,
        FW_OUTBOX_STATES(FW_X)
#undef FW_X
};

const char *fw_outbox_state_name(enum fw_outbox_state state)
{
        return state_names[state];
}

static enum fw_outbox_state state_from_name(struct fw_str name)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(state_names); i++)
                if (fw_str_eq(name, fw_str_c(state_names[i])))
                        return (enum fw_outbox_state) i;
        return FW_OUTBOX_FAILED;
}

#define ROW_COLUMNS                                                                                                  \
        "outbox.id, alert_sequence, alerts.id, channel, state, attempts, created_usec, due_usec, done_usec, answer " \
        "FROM outbox JOIN alerts ON alerts.sequence = alert_sequence "

/* In the order of the columns above. */
static struct fw_outbox_row read_row(struct fw_query *query, struct fw_arena *arena)
{
        struct fw_outbox_row row = { .id = fw_column_int(query) };
        row.alert_sequence = fw_column_int(query);
        row.alert_id = fw_column_str(query, arena);
        row.channel = fw_column_str(query, arena);
        row.state = state_from_name(fw_column_view(query));
        row.attempts = (uint32_t) fw_column_int(query);
        row.created_usec = fw_column_int(query);
        row.due_usec = fw_column_int(query);
        row.done_usec = fw_column_time(query);
        row.answer = fw_column_str(query, arena);
        return row;
}

int fw_store_outbox_due(struct fw_store *store, struct fw_str channel, int64_t now_usec, size_t limit,
                        struct fw_arena *arena, struct fw_outbox_row **ret_rows, size_t *ret_len)
{
        if (store->in_transaction)
                return -EINPROGRESS;
        FW_VEC(struct fw_outbox_row) rows = { 0 };
        struct fw_query query;
        fw_query_start(
                &query, store,
                "SELECT alerts.json, " ROW_COLUMNS
                "WHERE state = 'pending' AND channel = ? AND due_usec <= ? ORDER BY due_usec, outbox.id LIMIT ?");
        fw_bind_str(&query, channel);
        fw_bind_int(&query, now_usec);
        fw_bind_int(&query, (int64_t) limit);
        while (fw_query_next(&query)) {
                struct fw_str json = fw_column_str(&query, arena);
                struct fw_outbox_row row = read_row(&query, arena);
                row.alert_json = json;
                fw_vec_push(&rows, row);
        }
        int r = fw_query_end(&query);
        if (r == 0)
                fw_store_hand_over(arena, &rows, ret_rows, ret_len);
        fw_vec_done(&rows);
        return r;
}

int fw_store_outbox_next(struct fw_store *store, const struct fw_str *channels, size_t channels_len,
                         int64_t *ret_due_usec)
{
        int64_t next = INT64_MAX;
        int r = 0;
        for (size_t i = 0; i < channels_len && r == 0; i++) {
                int64_t due_usec = INT64_MAX;
                struct fw_query query;
                fw_query_start(&query, store,
                               "SELECT due_usec FROM outbox WHERE state = 'pending' AND channel = ? ORDER BY due_usec, "
                               "id LIMIT 1");
                fw_bind_str(&query, channels[i]);
                r = fw_query_one_int(&query, INT64_MAX, &due_usec);
                next = FW_MIN(next, due_usec);
        }
        if (r == 0)
                *ret_due_usec = next;
        return r;
}

/* -ENOENT when no row was touched. */
static int run_change(struct fw_query *query)
{
        struct fw_store *store = query->store;
        int r = fw_query_run(query);
        return r == 0 && sqlite3_changes(store->db) == 0 ? -ENOENT : r;
}

int fw_store_outbox_sent(struct fw_store *store, int64_t row_id, int64_t now_usec, struct fw_str answer)
{
        struct fw_query query;
        fw_query_start(
                &query, store,
                "UPDATE outbox SET state = 'sent', attempts = attempts + 1, done_usec = ?, answer = ? WHERE id = ?");
        fw_bind_int(&query, now_usec);
        fw_bind_str(&query, answer);
        fw_bind_int(&query, row_id);
        return run_change(&query);
}

int fw_store_outbox_retry(struct fw_store *store, int64_t row_id, int64_t due_usec, struct fw_str error)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "UPDATE outbox SET attempts = attempts + 1, due_usec = ?, answer = ? WHERE id = ? AND state = "
                       "'pending'");
        fw_bind_int(&query, due_usec);
        fw_bind_str(&query, error);
        fw_bind_int(&query, row_id);
        return run_change(&query);
}

int fw_store_outbox_failed(struct fw_store *store, int64_t row_id, int64_t now_usec, struct fw_str error)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "UPDATE outbox SET state = 'failed', attempts = attempts + 1, done_usec = ?, answer = ? "
                       "WHERE id = ? AND state = 'pending'");
        fw_bind_int(&query, now_usec);
        fw_bind_str(&query, error);
        fw_bind_int(&query, row_id);
        return run_change(&query);
}

int fw_store_outbox_find(struct fw_store *store, struct fw_str channel, struct fw_str alert_id, int64_t *ret_row_id)
{
        int64_t id = 0;
        struct fw_query query;
        fw_query_start(&query, store,
                       "SELECT id FROM outbox WHERE channel = ? AND alert_sequence = (SELECT sequence FROM alerts "
                       "WHERE id = ?)");
        fw_bind_str(&query, channel);
        fw_bind_str(&query, alert_id);
        int r = fw_query_one_int(&query, 0, &id);
        if (r < 0)
                return r;
        if (id == 0)
                return -ENOENT;
        *ret_row_id = id;
        return 0;
}

int fw_store_outbox_fail_others(struct fw_store *store, const struct fw_str *channels, size_t channels_len,
                                int64_t now_usec, struct fw_str error)
{
        fw_cleanup(fw_buf_done) struct fw_buf sql = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&sql,
                               "UPDATE outbox SET state = 'failed', done_usec = ?, answer = ? WHERE state = 'pending' "
                               "AND channel NOT IN (''");
        for (size_t i = 0; i < channels_len; i++)
                (void) fw_buf_append_c(&sql, ", ?");
        (void) fw_buf_append_c(&sql, ")");
        struct fw_query query;
        fw_query_start_once(&query, store, fw_buf_str(&sql));
        fw_bind_int(&query, now_usec);
        fw_bind_str(&query, error);
        for (size_t i = 0; i < channels_len; i++)
                fw_bind_str(&query, channels[i]);
        return fw_query_run(&query);
}

int fw_store_outbox_hasten(struct fw_store *store, int64_t latest_usec)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "UPDATE outbox SET due_usec = ?1, created_usec = min(created_usec, ?1) WHERE state = 'pending' "
                       "AND due_usec > ?1");
        fw_bind_int(&query, latest_usec);
        return fw_query_run(&query);
}

int fw_store_outbox_of(struct fw_store *store, int64_t alert_sequence, struct fw_arena *arena,
                       struct fw_outbox_row **ret_rows, size_t *ret_len)
{
        FW_VEC(struct fw_outbox_row) rows = { 0 };
        struct fw_query query;
        fw_query_start(&query, store, "SELECT " ROW_COLUMNS "WHERE alert_sequence = ? ORDER BY outbox.id");
        fw_bind_int(&query, alert_sequence);
        while (fw_query_next(&query))
                fw_vec_push(&rows, read_row(&query, arena));
        int r = fw_query_end(&query);
        if (r == 0)
                fw_store_hand_over(arena, &rows, ret_rows, ret_len);
        fw_vec_done(&rows);
        return r;
}

int fw_store_outbox_counts(struct fw_store *store, uint64_t ret_counts[3])
{
        uint64_t counts[3] = { 0 };
        struct fw_query query;
        fw_query_start(&query, store, "SELECT state, count(*) FROM outbox GROUP BY state");
        while (fw_query_next(&query)) {
                enum fw_outbox_state state = state_from_name(fw_column_view(&query));
                counts[state] = (uint64_t) fw_column_int(&query);
        }
        int r = fw_query_end(&query);
        if (r == 0)
                memcpy(ret_counts, counts, sizeof(counts));
        return r;
}
