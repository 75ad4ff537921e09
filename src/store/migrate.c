/*
 * The schema, as the steps that lead to it. Step n makes a database of version n out of one of version n - 1 (version 0: empty). A step
 * that was released is never changed; a new one is added. The version stands in PRAGMA user_version, which is part of the transaction:
 * shape and number change together or not at all.
 *
 * What the columns hold: times are microseconds since 1970 UTC, NULL for none; hashes of 64 bits are stored as signed integers; texts that
 * are absent are empty; severity is 0 info, 1 notice, 2 warning, 3 critical.
 */
#include "store/database.h"

#include <errno.h>

#include "base/file.h"

static const char *const steps[] = {
        /* 1: feeds, what was seen in them, items, decisions, alerts, outbox */
        "CREATE TABLE feeds ("
        " key INTEGER PRIMARY KEY,"
        " id TEXT NOT NULL UNIQUE,"
        " url TEXT NOT NULL,"
        " moved_url TEXT NOT NULL,"
        " moved_polls INTEGER NOT NULL,"
        " title TEXT NOT NULL,"
        " home_page_url TEXT NOT NULL,"
        " condition TEXT NOT NULL,"
        " reason TEXT NOT NULL,"
        " failures INTEGER NOT NULL,"
        " http_status INTEGER NOT NULL,"
        " malformed TEXT NOT NULL,"
        " entity_tag TEXT NOT NULL,"
        " last_modified TEXT NOT NULL,"
        " validators_url TEXT NOT NULL,"
        " body_hash INTEGER NOT NULL,"
        " body_bytes INTEGER NOT NULL,"
        " first_polled_usec INTEGER,"
        " last_polled_usec INTEGER,"
        " last_success_usec INTEGER,"
        " last_complete_usec INTEGER,"
        " next_due_usec INTEGER,"
        " not_before_usec INTEGER,"
        " due_reason TEXT NOT NULL,"
        " ttl_minutes INTEGER NOT NULL,"
        " update_period_minutes INTEGER NOT NULL,"
        " skip_hours INTEGER NOT NULL,"
        " skip_days INTEGER NOT NULL"
        ") STRICT;"
        /* Every key that stands in a feed, or stood in it lately. Outlives the item itself: an item that retention took is not new. */
        "CREATE TABLE seen ("
        " feed_key INTEGER NOT NULL,"
        " key BLOB NOT NULL,"
        " content_hash INTEGER NOT NULL,"
        " last_seen_usec INTEGER NOT NULL,"
        " PRIMARY KEY (feed_key, key)"
        ") STRICT, WITHOUT ROWID;"
        /* Ids are never used twice: alerts name items longer than the items are kept. */
        "CREATE TABLE items ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " link_key INTEGER NOT NULL,"
        " guid TEXT NOT NULL,"
        " url TEXT NOT NULL,"
        " external_url TEXT NOT NULL,"
        " title TEXT NOT NULL,"
        " summary TEXT NOT NULL,"
        " content_html TEXT NOT NULL,"
        " content_text TEXT NOT NULL,"
        " image TEXT NOT NULL,"
        " language TEXT NOT NULL,"
        " authors TEXT NOT NULL,"
        " tags TEXT NOT NULL,"
        " published_usec INTEGER,"
        " modified_usec INTEGER,"
        " first_seen_usec INTEGER NOT NULL"
        ") STRICT;"
        "CREATE INDEX items_by_link ON items (link_key) WHERE link_key <> 0;"
        "CREATE INDEX items_by_age ON items (first_seen_usec);"
        /* The feeds that an item belongs to, with its key there. */
        "CREATE TABLE item_feeds ("
        " feed_key INTEGER NOT NULL,"
        " key BLOB NOT NULL,"
        " item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,"
        " first_seen_usec INTEGER NOT NULL,"
        " PRIMARY KEY (feed_key, key)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE INDEX item_feeds_by_item ON item_feeds (item_id, feed_key);"
        "CREATE TABLE decisions ("
        " id INTEGER PRIMARY KEY,"
        " item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,"
        " feed_key INTEGER NOT NULL,"
        " rule_id TEXT NOT NULL,"
        " decision TEXT NOT NULL,"
        " alert_id TEXT NOT NULL,"
        " hits TEXT NOT NULL,"
        " time_usec INTEGER NOT NULL"
        ") STRICT;"
        "CREATE INDEX decisions_by_item ON decisions (item_id, rule_id, decision);"
        "CREATE INDEX decisions_by_rule ON decisions (rule_id, decision, time_usec);"
        "CREATE TABLE alerts ("
        " sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
        " id TEXT NOT NULL UNIQUE,"
        " time_usec INTEGER NOT NULL,"
        " kind TEXT NOT NULL,"
        " rule_id TEXT NOT NULL,"
        " severity INTEGER NOT NULL,"
        " item_id INTEGER NOT NULL,"
        " feed_key INTEGER NOT NULL,"
        " json TEXT NOT NULL"
        ") STRICT;"
        "CREATE INDEX alerts_by_time ON alerts (time_usec);"
        "CREATE INDEX alerts_by_rule ON alerts (rule_id, sequence);"
        "CREATE INDEX alerts_by_feed ON alerts (feed_key, sequence);"
        "CREATE TABLE outbox ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " alert_sequence INTEGER NOT NULL REFERENCES alerts (sequence) ON DELETE CASCADE,"
        " channel TEXT NOT NULL,"
        " state TEXT NOT NULL,"
        " attempts INTEGER NOT NULL,"
        " created_usec INTEGER NOT NULL,"
        " due_usec INTEGER NOT NULL,"
        " done_usec INTEGER,"
        " answer TEXT NOT NULL,"
        " UNIQUE (alert_sequence, channel)"
        ") STRICT;"
        "CREATE INDEX outbox_pending ON outbox (channel, due_usec, id) WHERE state = 'pending';"
        "CREATE INDEX outbox_by_state ON outbox (state, alert_sequence);",

        /* 2: the items' full text. External content: the words are indexed, the texts stay in `items`. */
        "CREATE VIRTUAL TABLE item_words USING fts5 (title, summary, content_text, content = 'items', content_rowid = "
        "'id',"
        " tokenize = \"unicode61 remove_diacritics 2\");"
        "CREATE TRIGGER items_added AFTER INSERT ON items BEGIN"
        " INSERT INTO item_words (rowid, title, summary, content_text)"
        " VALUES (new.id, new.title, new.summary, new.content_text);"
        "END;"
        "CREATE TRIGGER items_removed AFTER DELETE ON items BEGIN"
        " INSERT INTO item_words (item_words, rowid, title, summary, content_text)"
        " VALUES ('delete', old.id, old.title, old.summary, old.content_text);"
        "END;"
        "CREATE TRIGGER items_changed AFTER UPDATE OF title, summary, content_text ON items BEGIN"
        " INSERT INTO item_words (item_words, rowid, title, summary, content_text)"
        " VALUES ('delete', old.id, old.title, old.summary, old.content_text);"
        " INSERT INTO item_words (rowid, title, summary, content_text)"
        " VALUES (new.id, new.title, new.summary, new.content_text);"
        "END;"
        "INSERT INTO item_words (item_words) VALUES ('rebuild');",
};

#define NEWEST ((int64_t) FW_ARRAY_LEN(steps))

static int run_steps(struct fw_store *store, int64_t from)
{
        int r = 0;
        for (int64_t version = from; version < NEWEST && r == 0; version++)
                r = fw_store_run_sql(store, steps[version]);
        if (r < 0)
                return r;
        fw_cleanup(fw_freep) char *marks = fw_asprintf("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                                       FW_STORE_APPLICATION_ID, (int) NEWEST);
        return fw_store_run_sql(store, marks);
}

static int migrate(struct fw_store *store, int64_t from)
{
        int r = fw_store_begin(store);
        if (r == 0)
                r = run_steps(store, from);
        if (r == 0)
                return fw_store_commit(store);
        fw_store_rollback(store);
        return r;
}

/* A copy of the database as it is, for those who want to go back to the older program. Without room for it the way forward stays open: the
 * migration itself is one transaction. */
static void keep_copy(struct fw_store *store, int64_t version, struct fw_diag *diag)
{
        fw_cleanup(fw_freep) char *copy = fw_asprintf("%s.schema-%d", store->path, (int) version);
        (void) fw_file_create(copy, FW_STR_NONE, 0600); /* SQLite fills an empty file, and fails on another */
        struct fw_query query;
        fw_query_start(&query, store, "VACUUM INTO ?");
        fw_bind_str(&query, fw_str_c(copy));
        if (fw_query_run(&query) == 0)
                fw_diag_add(
                        diag, FW_NOTE, FW_NOWHERE,
                        "the database '%s' has schema %d and is brought to schema %d; a copy as it was is kept in '%s'",
                        store->path, (int) version, (int) NEWEST, copy);
        else
                fw_diag_add(diag, FW_WARNING, FW_NOWHERE,
                            "the database '%s' has schema %d and is brought to schema %d; no copy could be kept in "
                            "'%s': %s",
                            store->path, (int) version, (int) NEWEST, copy, fw_store_error(store));
}

static int refuse_newer(struct fw_store *store, int64_t version, struct fw_diag *diag)
{
        fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                    "the database '%s' has schema %d, written by a newer feedwatch; this version reads schemas up to "
                    "%d: install the newer "
                    "version again, or put back the copy '%s.schema-%d' if there is one",
                    store->path, (int) version, (int) NEWEST, store->path, (int) NEWEST);
        return -EPROTONOSUPPORT;
}

static int refuse_foreign(struct fw_store *store, struct fw_diag *diag)
{
        fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                    "the file '%s' is a database of another program; name another one in 'store: {path: …}'",
                    store->path);
        return -EMEDIUMTYPE;
}

int fw_store_migrate(struct fw_store *store, struct fw_diag *diag)
{
        int64_t version = 0, application = 0, objects = 0;
        int r = fw_store_read_number(store, "SELECT count(*) FROM sqlite_schema", &objects);
        if (r == 0)
                r = fw_store_read_number(store, "PRAGMA user_version", &version);
        if (r == 0)
                r = fw_store_read_number(store, "PRAGMA application_id", &application);
        if (r < 0)
                return r;
        if (objects > 0 && application != FW_STORE_APPLICATION_ID)
                return refuse_foreign(store, diag);
        if (version > NEWEST)
                return refuse_newer(store, version, diag);
        if (version == NEWEST)
                return 0;
        if (version > 0)
                keep_copy(store, version, diag);
        else
                r = fw_store_run_sql(store, "PRAGMA auto_vacuum = INCREMENTAL"); /* only an empty file can be told */
        return r < 0 ? r : migrate(store, version);
}
