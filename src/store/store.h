/*
 * store: what feedwatch remembers, in one SQLite database (WAL). The door of this room, the only one with SQL.
 *
 * Synchronous and single-threaded. Results are committed in groups: fw_store_begin(), calls, fw_store_commit(). An alert, its
 * item, the decision about it and its outbox rows are written in one transaction; only what is committed is ever sent.
 * Every function returns 0 or a negative errno (-EIO, -ENOSPC, -ENOMEM …); fw_store_error() has the words for the last one. Once a call
 * in a transaction failed, the following ones fail too, and the commit rolls back: one check at the end is enough.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/str.h"
#include "feed/feed.h"
#include "feed/state.h"
#include "rule/rule.h"

struct fw_store;

/*
 * Opens or creates the database, brings its schema up to date (each version in one transaction; the shape and the number change
 * together), and locks it: -EBUSY when another daemon has it. A newer schema than ours is refused (-EPROTONOSUPPORT). A damaged file is
 * refused (-EBADMSG), another program's database too (-EMEDIUMTYPE), never replaced. A folder that is not there is made. Words with
 * what to do go to `diag`, and a note when the schema was brought up to date: the file as it was is kept beside it ("PATH.schema-N").
 */
int fw_store_open(const char *path, struct fw_diag *diag, struct fw_store **ret_store);
struct fw_store *fw_store_close(struct fw_store *store);
FW_DEFINE_CLEANUP(struct fw_store, fw_store_close);
/* The last failure in words ("database or disk is full"). Valid until the next call. */
const char *fw_store_error(const struct fw_store *store);

/*
 * Reads the whole file and checks it (minutes for gigabytes): 0, or -EBADMSG when it is damaged.
 */
int fw_store_verify(struct fw_store *store);

/* -EALREADY inside a transaction: they do not nest. After another failure, too, a commit (which then fails) or a rollback must follow: what is
 * done in between has no effect. */
int fw_store_begin(struct fw_store *store);
/* After 0 the results are on the disk: flushed, they outlive a power cut. After an error nothing of the transaction is left. */
int fw_store_commit(struct fw_store *store);
void fw_store_rollback(struct fw_store *store);
bool fw_store_in_transaction(const struct fw_store *store);

/* ---- feeds ---- */

/* All feeds' states, in `arena`. */
int fw_store_load_feeds(struct fw_store *store, struct fw_arena *arena, struct fw_feed_state **ret_states,
                        size_t *ret_len);
/* Inserts (key 0: then `state->key` is set) or updates by key (-ENOENT: no such key). Another feed with the same id: -EEXIST. */
int fw_store_save_feed(struct fw_store *store, struct fw_feed_state *state);

/* ---- items ---- */

/* A key that was seen in a feed. */
struct fw_seen_item {
        struct fw_hash128 key;
        uint64_t content_hash;
};
int fw_store_load_seen(struct fw_store *store, int64_t feed_key, struct fw_arena *arena, struct fw_seen_item **ret_seen,
                       size_t *ret_len);
/* Notes that these were in the feed at `now_usec` (to the day, so that a poll without news writes little), and forgets keys that were last
 * there before `forget_before_usec`. */
int fw_store_save_seen(struct fw_store *store, int64_t feed_key, const struct fw_seen_item *seen, size_t len,
                       int64_t now_usec, int64_t forget_before_usec);

struct fw_new_item {
        const struct fw_item *item;
        struct fw_str language;
        struct fw_hash128 key;
        uint64_t link_key; /* 0: none */
        int64_t feed_key;
        int64_t first_seen_usec;
};

enum fw_item_join {
        FW_ITEM_ADDED,   /* a new item */
        FW_ITEM_JOINED,  /* the same article is known from another feed: now it belongs to both */
        FW_ITEM_REPLACED /* same feed, same key: its text was brought up to date */
};
/* Stores an item. `*ret_item_id` is its id in either case. It joins an item of other feeds if that is the only one with its link key. */
int fw_store_add_item(struct fw_store *store, const struct fw_new_item *item, int64_t *ret_item_id,
                      enum fw_item_join *ret_join);

struct fw_stored_item {
        int64_t id;
        struct fw_item item; /* `language` is the one that rules saw; attachments are not kept */
        uint64_t link_key;
        int64_t first_seen_usec;
        uint32_t feeds; /* how many feeds it belongs to */
};
/* -ENOENT when there is none, or no longer. */
int fw_store_load_item(struct fw_store *store, int64_t item_id, struct fw_arena *arena,
                       struct fw_stored_item *ret_item);
int fw_store_count_item_feeds(struct fw_store *store, int64_t item_id, uint32_t *ret_feeds);
/* Ids of the items in whose title, summary or text all the words stand (case and accents do not count), newest first; `limit` 0: all. */
int fw_store_search_items(struct fw_store *store, struct fw_str words, size_t limit, struct fw_arena *arena,
                          int64_t **ret_ids, size_t *ret_len);

/* ---- decisions: what became of each match, and why; kept as long as the item ---- */

#define FW_DECISIONS(X)                                                                                       \
        X(ALERTED, "alerted")                       /* an alert was made */                                   \
        X(BACKFILL, "backfill")                     /* first fetch of the feed, item older than 'backfill' */ \
        X(OLD, "old")                               /* dated before the feed's previous complete fetch */     \
        X(REPEATED, "repeated")                     /* the rule alerted on this item already */               \
        X(EXCLUDED, "excluded")                     /* by the rule's 'unless' */                              \
        X(EXCLUDED_BY_CONFIG, "excluded-by-config") /* by the configuration's 'unless' */                     \
        X(TEST, "test")                             /* the rule is in test */                                 \
        X(NOT_NOTIFIED, "not-notified")             /* no channel takes it */

enum fw_decision {
#define FW_X(name, text) FW_DECISION_##name,
        FW_DECISIONS(FW_X)
#undef FW_X
};
const char *fw_decision_name(enum fw_decision decision);

/* True in `*ret_matched` if the rule matched this item before (with an alert or without), whatever the feed. A match that was excluded
 * is none: the item may alert when an update takes away what excluded it. */
int fw_store_has_matched(struct fw_store *store, int64_t item_id, struct fw_str rule_id, bool *ret_matched);
/* `hits_json`: the alert's "matches" array. One row for each (item, rule): a later decision about the same pair is added as a new row
 * only if it is an alert, or the first one that is no exclusion. */
int fw_store_add_decision(struct fw_store *store, int64_t item_id, int64_t feed_key, struct fw_str rule_id,
                          enum fw_decision decision, struct fw_str alert_id, struct fw_str hits_json, int64_t now_usec);

struct fw_stored_decision {
        int64_t feed_key; /* the feed whose poll brought the match */
        struct fw_str rule_id;
        enum fw_decision decision;
        struct fw_str alert_id, hits_json;
        int64_t time_usec;
};
/* All decisions about an item, oldest first. */
int fw_store_list_decisions(struct fw_store *store, int64_t item_id, struct fw_arena *arena,
                            struct fw_stored_decision **ret_decisions, size_t *ret_len);

/* ---- alerts and the outbox ---- */

struct fw_stored_alert {
        int64_t sequence; /* increasing; set by the store */
        struct fw_str id; /* ULID */
        int64_t time_usec;
        struct fw_str kind;    /* "match", "health", … */
        struct fw_str rule_id; /* may be empty */
        enum fw_severity severity;
        int64_t item_id;    /* 0: none */
        int64_t feed_key;   /* 0: none */
        struct fw_str json; /* the whole alert as receivers get it */
};
/* Stores the alert with one pending outbox row per channel, due at the alert's time. */
int fw_store_add_alert(struct fw_store *store, const struct fw_stored_alert *alert, const struct fw_str *channels,
                       size_t channels_len);

#define FW_OUTBOX_STATES(X)   \
        X(PENDING, "pending") \
        X(SENT, "sent")       \
        X(FAILED, "failed")

enum fw_outbox_state {
#define FW_X(name, text) FW_OUTBOX_##name,
        FW_OUTBOX_STATES(FW_X)
#undef FW_X
};
const char *fw_outbox_state_name(enum fw_outbox_state state);

struct fw_outbox_row {
        int64_t id;
        int64_t alert_sequence;
        struct fw_str alert_id;
        struct fw_str channel;
        enum fw_outbox_state state;
        uint32_t attempts;
        int64_t created_usec, due_usec;
        int64_t done_usec;        /* FW_TIME_NONE: not yet */
        struct fw_str answer;     /* the channel's last word */
        struct fw_str alert_json; /* filled by fw_store_outbox_due() only */
};

/* Pending rows of a channel that are due, oldest first, at most `limit`, in `arena`. -EINPROGRESS inside a transaction: what is not committed
 * must not be sent. */
int fw_store_outbox_due(struct fw_store *store, struct fw_str channel, int64_t now_usec, size_t limit,
                        struct fw_arena *arena, struct fw_outbox_row **ret_rows, size_t *ret_len);
/* When the next pending row of any of these channels is due; INT64_MAX if none is. */
int fw_store_outbox_next(struct fw_store *store, const struct fw_str *channels, size_t channels_len,
                         int64_t *ret_due_usec);
/* Each counts an attempt, and gives -ENOENT for no such row; a retry or failure also for one that is not pending. */
int fw_store_outbox_sent(struct fw_store *store, int64_t row_id, int64_t now_usec, struct fw_str answer);
int fw_store_outbox_retry(struct fw_store *store, int64_t row_id, int64_t due_usec, struct fw_str error);
int fw_store_outbox_failed(struct fw_store *store, int64_t row_id, int64_t now_usec, struct fw_str error);
/* The row of an alert's channel (the whole alert id). -ENOENT. */
int fw_store_outbox_find(struct fw_store *store, struct fw_str channel, struct fw_str alert_id, int64_t *ret_row_id);
/* Fails the pending rows of all channels but these. */
int fw_store_outbox_fail_others(struct fw_store *store, const struct fw_str *channels, size_t channels_len,
                                int64_t now_usec, struct fw_str error);
/* After the clock was set back: no pending row is due, or was made, later than `latest_usec`. */
int fw_store_outbox_hasten(struct fw_store *store, int64_t latest_usec);
/* The rows of one alert. */
int fw_store_outbox_of(struct fw_store *store, int64_t alert_sequence, struct fw_arena *arena,
                       struct fw_outbox_row **ret_rows, size_t *ret_len);
/* Pending, sent, failed rows in all. */
int fw_store_outbox_counts(struct fw_store *store, uint64_t ret_counts[3]);

struct fw_alert_filter {
        int64_t after_sequence; /* 0: from the first */
        int64_t since_usec;     /* FW_TIME_NONE: ever */
        struct fw_str rule_id;  /* empty: any */
        struct fw_str feed_id;  /* empty: any */
        bool severity_given;
        enum fw_severity min_severity;
        bool failed_only;      /* with a failed outbox row */
        struct fw_str channel; /* with an outbox row of this channel; empty: any */
        bool newest_first;
        size_t limit; /* 0: all */
};
int fw_store_list_alerts(struct fw_store *store, const struct fw_alert_filter *filter, struct fw_arena *arena,
                         struct fw_stored_alert **ret_alerts, size_t *ret_len);
/* By id, or by the only id that starts or ends with `id` (at least 4 characters, any case). -ENOENT; -ENOTUNIQ. */
int fw_store_find_alert(struct fw_store *store, struct fw_str id, struct fw_arena *arena,
                        struct fw_stored_alert *ret_alert);
int fw_store_last_sequence(struct fw_store *store, int64_t *ret_sequence);
/* The id of the last alert; empty when there is none. */
int fw_store_last_alert_id(struct fw_store *store, struct fw_arena *arena, struct fw_str *ret_id);

/* ---- counts ---- */

struct fw_rule_counts {
        struct fw_str rule_id;
        uint64_t matches, alerts; /* items that matched and are kept; how many of them alerted */
        int64_t last_match_usec;
};
int fw_store_rule_counts(struct fw_store *store, struct fw_arena *arena, struct fw_rule_counts **ret_counts,
                         size_t *ret_len);

struct fw_feed_counts {
        int64_t feed_key;
        uint64_t items;      /* kept */
        uint64_t items_week; /* first seen in the last 7 days */
        int64_t last_item_usec;
};
int fw_store_feed_counts(struct fw_store *store, int64_t now_usec, struct fw_arena *arena,
                         struct fw_feed_counts **ret_counts, size_t *ret_len);

struct fw_store_totals {
        uint64_t feeds, items, alerts;
        uint64_t bytes; /* of the database file and its WAL */
};
int fw_store_totals(struct fw_store *store, struct fw_store_totals *ret_totals);

/* ---- retention ---- */

/* Removes at most `limit` items and alerts that are older; true in `*ret_more` if there are further ones. Alerts with pending rows stay. */
int fw_store_expire(struct fw_store *store, int64_t items_before_usec, int64_t alerts_before_usec, size_t limit,
                    bool *ret_more);
