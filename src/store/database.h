/*
 * database: what the files of this room share: the connection, its kept statements, and one way to run them. No other room includes it.
 *
 *         struct fw_query query;
 *         fw_query_start(&query, store, "SELECT id, title FROM items WHERE feed_key = ?");
 *         fw_bind_int(&query, feed_key);
 *         while (fw_query_next(&query)) {
 *                 id = fw_column_int(&query);
 *                 title = fw_column_str(&query, arena);
 *         }
 *         return fw_query_end(&query);
 *
 * Binding and reading go from left to right. Each SQL text is prepared once, at its first use, and kept until the store is closed.
 * The first failure inside a query makes the calls after it do nothing; fw_query_end() returns it.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/macros.h"
#include "base/str.h"
#include "base/vec.h"
#include "store/store.h"

/* "FWST": tells our files from those of other programs. */
#define FW_STORE_APPLICATION_ID 0x46575354
/* How long to wait for a lock that another program (a backup, a curious person) holds for a moment. */
#define FW_STORE_BUSY_MSEC 5000

struct fw_kept_statement {
        const char *sql; /* a literal: its address is the key */
        sqlite3_stmt *statement;
};

struct fw_store {
        sqlite3 *db;
        char *path;
        int lock_fd;
        FW_VEC(struct fw_kept_statement) statements;
        bool in_transaction;
        int failed; /* the first failure in the open transaction; 0: none */
        struct fw_buf error;
};

struct fw_query {
        struct fw_store *store;
        sqlite3_stmt *statement; /* NULL when it could not be prepared */
        bool once;
        int next_parameter, next_column;
        int error;
};

/* `sql` must be a literal. */
void fw_query_start(struct fw_query *query, struct fw_store *store, const char *sql);
/* For SQL made for one use: the statement is not kept. */
void fw_query_start_once(struct fw_query *query, struct fw_store *store, struct fw_str sql);
void fw_bind_int(struct fw_query *query, int64_t value);
void fw_bind_str(struct fw_query *query, struct fw_str value);
void fw_bind_blob(struct fw_query *query, struct fw_str value);
/* FW_TIME_NONE becomes NULL. */
void fw_bind_time(struct fw_query *query, int64_t usec);
/* True as long as there is a row. */
bool fw_query_next(struct fw_query *query);
/* 0 or the negative errno of the first failure. The statement is ready for its next use. */
int fw_query_end(struct fw_query *query);
/* For statements without rows: runs and ends. */
int fw_query_run(struct fw_query *query);
/* The first column of the only row, or `otherwise` when there is none; ends the query. */
int fw_query_one_int(struct fw_query *query, int64_t otherwise, int64_t *ret_value);

int64_t fw_column_int(struct fw_query *query);
/* Valid until the next row. */
struct fw_str fw_column_view(struct fw_query *query);
/* A copy in `arena`. */
struct fw_str fw_column_str(struct fw_query *query, struct fw_arena *arena);
/* NULL becomes FW_TIME_NONE. */
int64_t fw_column_time(struct fw_query *query);
struct fw_hash128 fw_column_hash(struct fw_query *query);

/* Copies the elements of a vector into `arena`: the way in which lists leave this room. */
#define fw_store_hand_over(arena, vec, ret, ret_len)               \
        do {                                                       \
                size_t fw_bytes_ = sizeof(*(vec)->p) * (vec)->len; \
                *(ret) = fw_arena_alloc((arena), fw_bytes_);       \
                if (fw_bytes_)                                     \
                        memcpy(*(ret), (vec)->p, fw_bytes_);       \
                *(ret_len) = (vec)->len;                           \
        } while (0)

/* Statements that are not kept: PRAGMA, schema. 0 or a negative errno. */
int fw_store_run_sql(struct fw_store *store, const char *sql);
/* The number that a PRAGMA or SELECT gives. */
int fw_store_read_number(struct fw_store *store, const char *sql, int64_t *ret_value);

/*
 * Turns an SQLite result code into a negative errno, puts the words for people into store->error, and makes an open transaction fail.
 */
int fw_store_fail(struct fw_store *store, int code);

/*
 * For functions of several statements: they are one transaction, the caller's if one is open, else one of their own.
 *
 *         bool own;
 *         int r = fw_store_enter(store, &own);
 *         if (r == 0) r = …;
 *         return fw_store_leave(store, own, r);
 */
int fw_store_enter(struct fw_store *store, bool *ret_own);
int fw_store_leave(struct fw_store *store, bool own, int r);

/* Brings the schema up to date; words to `diag`. 0, -EPROTONOSUPPORT (newer), -EMEDIUMTYPE (another program's file), or a failure. */
int fw_store_migrate(struct fw_store *store, struct fw_diag *diag);
