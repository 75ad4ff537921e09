#include "store/database.h"

#include <errno.h>
#include <string.h>

void fw_query_start(struct fw_query *query, struct fw_store *store, const char *sql)
{
        *query = (struct fw_query){ .store = store, .next_parameter = 1 };
        if (store->failed) {
                query->error = store->failed;
                return;
        }
        for (size_t i = 0; i < store->statements.len; i++)
                if (store->statements.p[i].sql == sql) {
                        query->statement = store->statements.p[i].statement;
                        return;
                }
        int code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, NULL);
        if (code != SQLITE_OK) {
                query->error = fw_store_fail(store, code);
                return;
        }
        fw_vec_push(&store->statements, (struct fw_kept_statement){ .sql = sql, .statement = query->statement });
}

void fw_query_start_once(struct fw_query *query, struct fw_store *store, struct fw_str sql)
{
        *query = (struct fw_query){ .store = store, .once = true, .next_parameter = 1, .error = store->failed };
        if (query->error)
                return;
        int code = sqlite3_prepare_v2(store->db, sql.p, (int) sql.len, &query->statement, NULL);
        if (code != SQLITE_OK)
                query->error = fw_store_fail(store, code);
}

static void bound(struct fw_query *query, int code)
{
        if (code != SQLITE_OK)
                query->error = fw_store_fail(query->store, code);
}

void fw_bind_int(struct fw_query *query, int64_t value)
{
        if (!query->error)
                bound(query, sqlite3_bind_int64(query->statement, query->next_parameter++, value));
}

void fw_bind_str(struct fw_query *query, struct fw_str value)
{
        if (!query->error)
                bound(query, sqlite3_bind_text64(query->statement, query->next_parameter++, value.p ? value.p : "",
                                                 value.len, SQLITE_STATIC, SQLITE_UTF8));
}

void fw_bind_blob(struct fw_query *query, struct fw_str value)
{
        if (!query->error)
                bound(query, sqlite3_bind_blob64(query->statement, query->next_parameter++, value.p ? value.p : "",
                                                 value.len, SQLITE_STATIC));
}

void fw_bind_time(struct fw_query *query, int64_t usec)
{
        if (usec != FW_TIME_NONE)
                fw_bind_int(query, usec);
        else if (!query->error)
                bound(query, sqlite3_bind_null(query->statement, query->next_parameter++));
}

bool fw_query_next(struct fw_query *query)
{
        if (query->error)
                return false;
        query->next_column = 0;
        int code = sqlite3_step(query->statement);
        if (code == SQLITE_ROW)
                return true;
        if (code != SQLITE_DONE)
                query->error = fw_store_fail(query->store, code);
        return false;
}

int fw_query_end(struct fw_query *query)
{
        if (query->once) {
                (void) sqlite3_finalize(query->statement);
        } else if (query->statement) {
                (void) sqlite3_reset(query->statement);
                (void) sqlite3_clear_bindings(query->statement);
        }
        return query->error;
}

int fw_query_run(struct fw_query *query)
{
        while (fw_query_next(query))
                continue;
        return fw_query_end(query);
}

int fw_query_one_int(struct fw_query *query, int64_t otherwise, int64_t *ret_value)
{
        int64_t value = fw_query_next(query) ? fw_column_int(query) : otherwise;
        int r = fw_query_end(query);
        if (r == 0)
                *ret_value = value;
        return r;
}

int64_t fw_column_int(struct fw_query *query)
{
        return sqlite3_column_int64(query->statement, query->next_column++);
}

struct fw_str fw_column_view(struct fw_query *query)
{
        int column = query->next_column++;
        const void *bytes = sqlite3_column_blob(query->statement, column);
        return fw_str_n(bytes, (size_t) sqlite3_column_bytes(query->statement, column));
}

struct fw_str fw_column_str(struct fw_query *query, struct fw_arena *arena)
{
        return fw_arena_copy(arena, fw_column_view(query));
}

int64_t fw_column_time(struct fw_query *query)
{
        if (sqlite3_column_type(query->statement, query->next_column) != SQLITE_NULL)
                return fw_column_int(query);
        query->next_column++;
        return FW_TIME_NONE;
}

struct fw_hash128 fw_column_hash(struct fw_query *query)
{
        struct fw_hash128 hash = { 0 };
        struct fw_str bytes = fw_column_view(query);
        if (bytes.len == sizeof(hash.bytes))
                memcpy(hash.bytes, bytes.p, bytes.len);
        return hash;
}

int fw_store_run_sql(struct fw_store *store, const char *sql)
{
        int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
        return code == SQLITE_OK ? 0 : fw_store_fail(store, code);
}

int fw_store_read_number(struct fw_store *store, const char *sql, int64_t *ret_value)
{
        struct fw_query query;
        fw_query_start_once(&query, store, fw_str_c(sql));
        return fw_query_one_int(&query, 0, ret_value);
}

/* ---- failures ---- */

/* What an operating system's error below SQLite means; 0: nothing of its own. */
static int errno_of_system(int system_errno)
{
        switch (system_errno) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
                return -ENOSPC;
        case EROFS:
        case EACCES:
        case EPERM:
                return -EROFS;
        default:
                return 0;
        }
}

static int errno_of_code(sqlite3 *db, int code)
{
        switch (code & 0xff) {
        case SQLITE_FULL:
                return -ENOSPC;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
                return -EBADMSG;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
                return -EBUSY;
        case SQLITE_READONLY:
        case SQLITE_PERM:
                return -EROFS;
        case SQLITE_NOMEM:
                return -ENOMEM;
        case SQLITE_TOOBIG:
                return -EMSGSIZE;
        case SQLITE_CONSTRAINT:
                return -EEXIST;
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN: {
                /* SQLite keeps the system's word for some calls only; for the others errno is still that of the failed one. */
                int system_errno = sqlite3_system_errno(db);
                int r = errno_of_system(system_errno ? system_errno : errno);
                return r ? r : -EIO;
        }
        default:
                return -EIO;
        }
}

static const struct {
        int error;
        const char *before, *after; /* about the path */
} sentences[] = {
        { -ENOSPC, "the disk is full: cannot write to the database",
          "free some space there; everything stored before is safe, and what could not be stored is tried again" },
        { -EBADMSG, "the file is damaged or no database:",
          "stop feedwatchd, move the file away, and put back a backup or what 'sqlite3 FILE .recover' can save" },
        { -EBUSY, "another program keeps the database locked:", "end that program; it is tried again" },
        { -EROFS, "the database or its folder cannot be written to:",
          "give feedwatchd's user write permission to the folder and all files of the database in it" },
};

int fw_store_fail(struct fw_store *store, int code)
{
        int r = errno_of_code(store->db, code);
        const char *said = sqlite3_errmsg(store->db);
        const char *before = "the database failed:", *after = "look at the disk and the system's log";
        for (size_t i = 0; i < FW_ARRAY_LEN(sentences); i++)
                if (sentences[i].error == r) {
                        before = sentences[i].before;
                        after = sentences[i].after;
                }
        fw_buf_reset(&store->error);
        (void) fw_buf_printf(&store->error, "%s '%s' (%s); %s", before, store->path, said, after);
        if (store->in_transaction && !store->failed)
                store->failed = r;
        return r;
}

const char *fw_store_error(const struct fw_store *store)
{
        return store->error.len ? store->error.p : "";
}

/* ---- transactions ---- */

int fw_store_begin(struct fw_store *store)
{
        if (store->in_transaction)
                return -EALREADY;
        store->in_transaction = true;
        return fw_store_run_sql(store, "BEGIN IMMEDIATE");
}

void fw_store_rollback(struct fw_store *store)
{
        /* A full disk or an I/O error may have ended the transaction inside SQLite already. */
        if (!sqlite3_get_autocommit(store->db))
                (void) sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        store->in_transaction = false;
        store->failed = 0;
}

int fw_store_commit(struct fw_store *store)
{
        if (!store->in_transaction)
                return -EINVAL;
        int r = store->failed;
        if (r == 0)
                r = fw_store_run_sql(store, "COMMIT");
        if (r < 0)
                fw_store_rollback(store);
        store->in_transaction = false;
        return r;
}

bool fw_store_in_transaction(const struct fw_store *store)
{
        return store->in_transaction;
}

int fw_store_enter(struct fw_store *store, bool *ret_own)
{
        *ret_own = !store->in_transaction;
        return *ret_own ? fw_store_begin(store) : store->failed;
}

int fw_store_leave(struct fw_store *store, bool own, int r)
{
        if (!own || !store->in_transaction)
                return r;
        if (r == 0)
                return fw_store_commit(store);
        fw_store_rollback(store);
        return r;
}
