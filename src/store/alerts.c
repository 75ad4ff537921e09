#include "store/store.h"

#include <errno.h>

#include "store/database.h"

static const char *const decision_names[] = {
#define FW_X(name, text) text,
        FW_DECISIONS(FW_X)
#undef FW_X
};

const char *fw_decision_name(enum fw_decision decision)
{
        return decision_names[decision];
}

/* ---- decisions ---- */

int fw_store_has_matched(struct fw_store *store, int64_t item_id, struct fw_str rule_id, bool *ret_matched)
{
        int64_t found = 0;
        struct fw_query query;
        fw_query_start(&query, store,
                       "SELECT EXISTS (SELECT 1 FROM decisions WHERE item_id = ? AND rule_id = ? "
                       "AND decision NOT IN ('excluded', 'excluded-by-config'))");
        fw_bind_int(&query, item_id);
        fw_bind_str(&query, rule_id);
        int r = fw_query_one_int(&query, 0, &found);
        if (r == 0)
                *ret_matched = found != 0;
        return r;
}

int fw_store_add_decision(struct fw_store *store, int64_t item_id, int64_t feed_key, struct fw_str rule_id,
                          enum fw_decision decision, struct fw_str alert_id, struct fw_str hits_json, int64_t now_usec)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "INSERT INTO decisions (item_id, feed_key, rule_id, decision, alert_id, hits, time_usec) "
                       "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE ?4 = 'alerted' OR NOT EXISTS "
                       "(SELECT 1 FROM decisions WHERE item_id = ?1 AND rule_id = ?3 "
                       "AND (decision = ?4 OR ?4 LIKE 'excluded%' OR decision NOT LIKE 'excluded%'))");
        fw_bind_int(&query, item_id);
        fw_bind_int(&query, feed_key);
        fw_bind_str(&query, rule_id);
        fw_bind_str(&query, fw_str_c(fw_decision_name(decision)));
        fw_bind_str(&query, alert_id);
        fw_bind_str(&query, hits_json);
        fw_bind_int(&query, now_usec);
        return fw_query_run(&query);
}

static int decision_from_name(struct fw_str name, enum fw_decision *ret_decision)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(decision_names); i++)
                if (fw_str_eq(name, fw_str_c(decision_names[i]))) {
                        *ret_decision = (enum fw_decision) i;
                        return 0;
                }
        return -EINVAL;
}

int fw_store_list_decisions(struct fw_store *store, int64_t item_id, struct fw_arena *arena,
                            struct fw_stored_decision **ret_decisions, size_t *ret_len)
{
        FW_VEC(struct fw_stored_decision) decisions = { 0 };
        struct fw_query query;
        fw_query_start(&query, store,
                       "SELECT feed_key, rule_id, decision, alert_id, hits, time_usec FROM decisions WHERE item_id = ? "
                       "ORDER BY id");
        fw_bind_int(&query, item_id);
        while (fw_query_next(&query)) {
                struct fw_stored_decision found = { .feed_key = fw_column_int(&query) };
                found.rule_id = fw_column_str(&query, arena);
                bool known = decision_from_name(fw_column_view(&query), &found.decision) == 0;
                found.alert_id = fw_column_str(&query, arena);
                found.hits_json = fw_column_str(&query, arena);
                found.time_usec = fw_column_int(&query);
                if (known)
                        fw_vec_push(&decisions, found);
        }
        int r = fw_query_end(&query);
        if (r == 0)
                fw_store_hand_over(arena, &decisions, ret_decisions, ret_len);
        fw_vec_done(&decisions);
        return r;
}

/* ---- alerts ---- */

static int insert_alert(struct fw_store *store, const struct fw_stored_alert *alert)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "INSERT INTO alerts (id, time_usec, kind, rule_id, severity, item_id, feed_key, json) "
                       "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        fw_bind_str(&query, alert->id);
        fw_bind_int(&query, alert->time_usec);
        fw_bind_str(&query, alert->kind);
        fw_bind_str(&query, alert->rule_id);
        fw_bind_int(&query, alert->severity);
        fw_bind_int(&query, alert->item_id);
        fw_bind_int(&query, alert->feed_key);
        fw_bind_str(&query, alert->json);
        return fw_query_run(&query);
}

static int insert_outbox(struct fw_store *store, int64_t sequence, struct fw_str channel, int64_t now_usec)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "INSERT OR IGNORE INTO outbox (alert_sequence, channel, state, attempts, created_usec, "
                       "due_usec, answer) "
                       "VALUES (?1, ?2, 'pending', 0, ?3, ?3, '')");
        fw_bind_int(&query, sequence);
        fw_bind_str(&query, channel);
        fw_bind_int(&query, now_usec);
        return fw_query_run(&query);
}

int fw_store_add_alert(struct fw_store *store, const struct fw_stored_alert *alert, const struct fw_str *channels,
                       size_t channels_len)
{
        bool own;
        int r = fw_store_enter(store, &own);
        if (r == 0)
                r = insert_alert(store, alert);
        int64_t sequence = sqlite3_last_insert_rowid(store->db);
        for (size_t i = 0; i < channels_len && r == 0; i++)
                r = insert_outbox(store, sequence, channels[i], alert->time_usec);
        return fw_store_leave(store, own, r);
}

#define ALERT_COLUMNS                                                                                                  \
        "alerts.sequence, alerts.id, alerts.time_usec, alerts.kind, alerts.rule_id, alerts.severity, alerts.item_id, " \
        "alerts.feed_key, alerts.json"

/* In the order of ALERT_COLUMNS. */
static struct fw_stored_alert read_alert(struct fw_query *query, struct fw_arena *arena)
{
        struct fw_stored_alert alert = { .sequence = fw_column_int(query) };
        alert.id = fw_column_str(query, arena);
        alert.time_usec = fw_column_int(query);
        alert.kind = fw_column_str(query, arena);
        alert.rule_id = fw_column_str(query, arena);
        alert.severity = (enum fw_severity) fw_column_int(query);
        alert.item_id = fw_column_int(query);
        alert.feed_key = fw_column_int(query);
        alert.json = fw_column_str(query, arena);
        return alert;
}

/* A condition for each part of the filter that is given, so that the fitting index is used; bind_filter() follows the same order. */
static void build_list_sql(const struct fw_alert_filter *filter, struct fw_buf *sql)
{
        (void) fw_buf_append_c(sql, "SELECT " ALERT_COLUMNS " FROM alerts WHERE alerts.sequence > ?");
        if (filter->since_usec != FW_TIME_NONE)
                (void) fw_buf_append_c(sql, " AND alerts.time_usec >= ?");
        if (filter->rule_id.len)
                (void) fw_buf_append_c(sql, " AND alerts.rule_id = ?");
        if (filter->feed_id.len)
                (void) fw_buf_append_c(sql, " AND alerts.feed_key = (SELECT key FROM feeds WHERE id = ?)");
        if (filter->severity_given)
                (void) fw_buf_append_c(sql, " AND alerts.severity >= ?");
        if (filter->failed_only)
                (void) fw_buf_append_c(
                        sql, " AND alerts.sequence IN (SELECT alert_sequence FROM outbox WHERE state = 'failed')");
        if (filter->channel.len)
                (void) fw_buf_append_c(
                        sql,
                        " AND EXISTS (SELECT 1 FROM outbox WHERE alert_sequence = alerts.sequence AND channel = ?)");
        (void) fw_buf_printf(sql, " ORDER BY alerts.sequence%s LIMIT ?", filter->newest_first ? " DESC" : "");
}

static void bind_filter(const struct fw_alert_filter *filter, struct fw_query *query)
{
        fw_bind_int(query, filter->after_sequence);
        if (filter->since_usec != FW_TIME_NONE)
                fw_bind_time(query, filter->since_usec);
        if (filter->rule_id.len)
                fw_bind_str(query, filter->rule_id);
        if (filter->feed_id.len)
                fw_bind_str(query, filter->feed_id);
        if (filter->severity_given)
                fw_bind_int(query, filter->min_severity);
        if (filter->channel.len)
                fw_bind_str(query, filter->channel);
        fw_bind_int(query, filter->limit ? (int64_t) filter->limit : -1);
}

int fw_store_list_alerts(struct fw_store *store, const struct fw_alert_filter *filter, struct fw_arena *arena,
                         struct fw_stored_alert **ret_alerts, size_t *ret_len)
{
        fw_cleanup(fw_buf_done) struct fw_buf sql = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        build_list_sql(filter, &sql);
        FW_VEC(struct fw_stored_alert) alerts = { 0 };
        struct fw_query query;
        fw_query_start_once(&query, store, fw_buf_str(&sql));
        bind_filter(filter, &query);
        while (fw_query_next(&query))
                fw_vec_push(&alerts, read_alert(&query, arena));
        int r = fw_query_end(&query);
        if (r == 0)
                fw_store_hand_over(arena, &alerts, ret_alerts, ret_len);
        fw_vec_done(&alerts);
        return r;
}

/* ULIDs are upper-case letters and digits; anything else is no id, and no pattern either. */
static struct fw_str canonical_id(struct fw_str id, struct fw_arena *arena)
{
        struct fw_str copy = fw_arena_copy(arena, id);
        char *p = (char *) copy.p;
        for (size_t i = 0; i < copy.len; i++) {
                if (!fw_is_alpha(p[i]) && !fw_is_digit(p[i]))
                        return FW_STR_NONE;
                if (p[i] >= 'a' && p[i] <= 'z')
                        p[i] = (char) (p[i] - 'a' + 'A');
        }
        return copy;
}

#define FW_LIMIT_SHORT_ID 4

int fw_store_find_alert(struct fw_store *store, struct fw_str id, struct fw_arena *arena,
                        struct fw_stored_alert *ret_alert)
{
        struct fw_str wanted = canonical_id(id, arena);
        if (wanted.len < FW_LIMIT_SHORT_ID)
                return -ENOENT;
        size_t found = 0;
        struct fw_query query;
        fw_query_start(&query, store,
                       "SELECT " ALERT_COLUMNS " FROM alerts WHERE sequence IN "
                       "(SELECT sequence FROM alerts WHERE id >= ?1 AND id < ?1 || '~' "
                       "UNION SELECT sequence FROM alerts WHERE substr(id, -length(?1)) = ?1) LIMIT 2");
        fw_bind_str(&query, wanted);
        for (; fw_query_next(&query); found++)
                *ret_alert = read_alert(&query, arena);
        int r = fw_query_end(&query);
        if (r < 0)
                return r;
        return found == 1 ? 0 : found ? -ENOTUNIQ : -ENOENT;
}

int fw_store_last_sequence(struct fw_store *store, int64_t *ret_sequence)
{
        struct fw_query query;
        fw_query_start(&query, store, "SELECT max(sequence) FROM alerts");
        return fw_query_one_int(&query, 0, ret_sequence);
}

int fw_store_last_alert_id(struct fw_store *store, struct fw_arena *arena, struct fw_str *ret_id)
{
        struct fw_str id = FW_STR_NONE;
        struct fw_query query;
        fw_query_start(&query, store, "SELECT id FROM alerts ORDER BY sequence DESC LIMIT 1");
        if (fw_query_next(&query))
                id = fw_column_str(&query, arena);
        int r = fw_query_end(&query);
        if (r == 0)
                *ret_id = id;
        return r;
}
