#include "store/store.h"

#include <errno.h>

#include "base/vec.h"
#include "store/database.h"

#define FEED_COLUMNS                                                                                                   \
        "id, url, moved_url, moved_polls, title, home_page_url, condition, reason, failures, http_status, malformed, " \
        "entity_tag, last_modified, validators_url, body_hash, body_bytes, first_polled_usec, last_polled_usec, "      \
        "last_success_usec, last_complete_usec, next_due_usec, not_before_usec, due_reason, ttl_minutes, "             \
        "update_period_minutes, skip_hours, skip_days"

/* In the order of FEED_COLUMNS. */
static void bind_state(struct fw_query *query, const struct fw_feed_state *state)
{
        fw_bind_str(query, state->id);
        fw_bind_str(query, state->url);
        fw_bind_str(query, state->moved_url);
        fw_bind_int(query, state->moved_polls);
        fw_bind_str(query, state->title);
        fw_bind_str(query, state->home_page_url);
        fw_bind_str(query, fw_str_c(fw_feed_condition_name(state->condition)));
        fw_bind_str(query, state->reason);
        fw_bind_int(query, state->failures);
        fw_bind_int(query, state->http_status);
        fw_bind_str(query, state->malformed);
        fw_bind_str(query, state->entity_tag);
        fw_bind_str(query, state->last_modified);
        fw_bind_str(query, state->validators_url);
        fw_bind_int(query, (int64_t) state->body_hash);
        fw_bind_int(query, (int64_t) state->body_bytes);
        fw_bind_time(query, state->first_polled_usec);
        fw_bind_time(query, state->last_polled_usec);
        fw_bind_time(query, state->last_success_usec);
        fw_bind_time(query, state->last_complete_usec);
        fw_bind_time(query, state->next_due_usec);
        fw_bind_time(query, state->not_before_usec);
        fw_bind_str(query, state->due_reason);
        fw_bind_int(query, state->ttl_minutes);
        fw_bind_int(query, state->update_period_minutes);
        fw_bind_int(query, state->skip_hours);
        fw_bind_int(query, state->skip_days);
}

static void read_state(struct fw_query *query, struct fw_arena *arena, struct fw_feed_state *state)
{
        state->key = fw_column_int(query);
        state->id = fw_column_str(query, arena);
        state->url = fw_column_str(query, arena);
        state->moved_url = fw_column_str(query, arena);
        state->moved_polls = (uint32_t) fw_column_int(query);
        state->title = fw_column_str(query, arena);
        state->home_page_url = fw_column_str(query, arena);
        if (fw_feed_condition_from_name(fw_column_view(query), &state->condition) < 0)
                state->condition = FW_FEED_IS_NEW;
        state->reason = fw_column_str(query, arena);
        state->failures = (uint32_t) fw_column_int(query);
        state->http_status = (uint32_t) fw_column_int(query);
        state->malformed = fw_column_str(query, arena);
        state->entity_tag = fw_column_str(query, arena);
        state->last_modified = fw_column_str(query, arena);
        state->validators_url = fw_column_str(query, arena);
        state->body_hash = (uint64_t) fw_column_int(query);
        state->body_bytes = (uint64_t) fw_column_int(query);
        state->first_polled_usec = fw_column_time(query);
        state->last_polled_usec = fw_column_time(query);
        state->last_success_usec = fw_column_time(query);
        state->last_complete_usec = fw_column_time(query);
        state->next_due_usec = fw_column_time(query);
        state->not_before_usec = fw_column_time(query);
        state->due_reason = fw_column_str(query, arena);
        state->ttl_minutes = (uint32_t) fw_column_int(query);
        state->update_period_minutes = (uint32_t) fw_column_int(query);
        state->skip_hours = (uint32_t) fw_column_int(query);
        state->skip_days = (uint8_t) fw_column_int(query);
}

int fw_store_load_feeds(struct fw_store *store, struct fw_arena *arena, struct fw_feed_state **ret_states,
                        size_t *ret_len)
{
        FW_VEC(struct fw_feed_state) states = { 0 };
        struct fw_query query;
        fw_query_start(&query, store, "SELECT key, " FEED_COLUMNS " FROM feeds ORDER BY key");
        while (fw_query_next(&query)) {
                struct fw_feed_state state = { 0 };
                read_state(&query, arena, &state);
                fw_vec_push(&states, state);
        }
        int r = fw_query_end(&query);
        if (r == 0)
                fw_store_hand_over(arena, &states, ret_states, ret_len);
        fw_vec_done(&states);
        return r;
}

static int insert_feed(struct fw_store *store, struct fw_feed_state *state)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "INSERT INTO feeds (" FEED_COLUMNS
                       ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                       "?, ?, ?, ?, ?, ?, ?)");
        bind_state(&query, state);
        int r = fw_query_run(&query);
        if (r == 0)
                state->key = sqlite3_last_insert_rowid(store->db);
        return r;
}

int fw_store_save_feed(struct fw_store *store, struct fw_feed_state *state)
{
        if (state->key == 0)
                return insert_feed(store, state);
        struct fw_query query;
        fw_query_start(&query, store,
                       "UPDATE feeds SET (" FEED_COLUMNS
                       ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                       "?, ?, ?, ?, ?) WHERE key = ?");
        bind_state(&query, state);
        fw_bind_int(&query, state->key);
        int r = fw_query_run(&query);
        return r == 0 && sqlite3_changes(store->db) == 0 ? -ENOENT : r;
}

/* ---- what was seen in a feed ---- */

int fw_store_load_seen(struct fw_store *store, int64_t feed_key, struct fw_arena *arena, struct fw_seen_item **ret_seen,
                       size_t *ret_len)
{
        FW_VEC(struct fw_seen_item) seen = { 0 };
        struct fw_query query;
        fw_query_start(&query, store, "SELECT key, content_hash FROM seen WHERE feed_key = ?");
        fw_bind_int(&query, feed_key);
        while (fw_query_next(&query)) {
                struct fw_hash128 key = fw_column_hash(&query);
                fw_vec_push(&seen,
                            (struct fw_seen_item){ .key = key, .content_hash = (uint64_t) fw_column_int(&query) });
        }
        int r = fw_query_end(&query);
        if (r == 0)
                fw_store_hand_over(arena, &seen, ret_seen, ret_len);
        fw_vec_done(&seen);
        return r;
}

static int note_seen(struct fw_store *store, int64_t feed_key, const struct fw_seen_item *seen, int64_t now_usec,
                     int64_t note_before_usec)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "INSERT INTO seen (feed_key, key, content_hash, last_seen_usec) VALUES (?1, ?2, ?3, ?4) "
                       "ON CONFLICT DO UPDATE SET content_hash = ?3, last_seen_usec = ?4 "
                       "WHERE content_hash <> ?3 OR last_seen_usec < ?5");
        fw_bind_int(&query, feed_key);
        fw_bind_blob(&query, fw_str_n((const char *) seen->key.bytes, sizeof(seen->key.bytes)));
        fw_bind_int(&query, (int64_t) seen->content_hash);
        fw_bind_int(&query, now_usec);
        fw_bind_int(&query, note_before_usec);
        return fw_query_run(&query);
}

/* A poll that brings nothing new must not write every key again: the time is only brought up to date once a day. */
int fw_store_save_seen(struct fw_store *store, int64_t feed_key, const struct fw_seen_item *seen, size_t len,
                       int64_t now_usec, int64_t forget_before_usec)
{
        int64_t note_before_usec = FW_MAX(now_usec - (int64_t) FW_USEC_PER_DAY, forget_before_usec);
        bool own;
        int r = fw_store_enter(store, &own);
        for (size_t i = 0; i < len && r == 0; i++)
                r = note_seen(store, feed_key, &seen[i], now_usec, note_before_usec);
        if (r == 0) {
                struct fw_query query;
                fw_query_start(&query, store, "DELETE FROM seen WHERE feed_key = ? AND last_seen_usec < ?");
                fw_bind_int(&query, feed_key);
                fw_bind_int(&query, forget_before_usec);
                r = fw_query_run(&query);
        }
        return fw_store_leave(store, own, r);
}
