/*
 * What is promised about power cuts and kills.
 *
 * The database is in WAL mode with synchronous=FULL: fw_store_commit() returns after the log was flushed to the disk (fsync), so whatever was
 * committed is there after a kill, a crash of the machine, or a power cut, as far as the disk keeps its word about flushing. (The common
 * synchronous=NORMAL would keep the file sound but could take back the last commits on a power cut: alerts that were sent would be unknown,
 * alerts that were not sent yet would be lost.) What was not committed leaves no trace. One flush a group of results is cheap.
 *
 * A second daemon is kept out by flock() on "PATH.lock" rather than by SQLite's own exclusive mode, so that `sqlite3 PATH .backup` and
 * read-only looks work while the daemon runs.
 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "store/database.h"

static int say_cannot_write(struct fw_diag *diag, const char *path, int error)
{
        fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                    "cannot keep the database '%s': %s; its folder must exist and be writable for the user that runs "
                    "feedwatchd",
                    path, strerror(-error));
        return error;
}

static int make_folder(const char *path, struct fw_diag *diag)
{
        fw_cleanup(fw_freep) char *folder = fw_path_parent(path);
        int r = fw_mkdir_all(folder, 0700);
        return r < 0 ? say_cannot_write(diag, path, r) : 0;
}

static int say_locked(struct fw_diag *diag, const char *path, int lock_fd)
{
        char holder[32] = "";
        ssize_t n = pread(lock_fd, holder, sizeof(holder) - 1, 0);
        holder[n > 0 ? n : 0] = '\0';
        holder[strcspn(holder, "\n")] = '\0';
        fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                    "the database '%s' is in use by another feedwatchd%s%s; stop that one, or give this one its own "
                    "'store: {path: …}'",
                    path, *holder ? ", process " : "", holder);
        return -EBUSY;
}

/* Takes the lock that ends with the process. The file stays: removing it would let two daemons lock two files of one name. */
static int take_lock(struct fw_store *store, struct fw_diag *diag)
{
        fw_cleanup(fw_freep) char *path = fw_asprintf("%s.lock", store->path);
        store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (store->lock_fd < 0)
                return say_cannot_write(diag, store->path, -errno);
        if (flock(store->lock_fd, LOCK_EX | LOCK_NB) < 0)
                return errno == EWOULDBLOCK ? say_locked(diag, store->path, store->lock_fd)
                                            : say_cannot_write(diag, store->path, -errno);
        /* The process id is for the other one's message only; a full disk is no reason to fail here. */
        char pid[32];
        int len = snprintf(pid, sizeof(pid), "%ld\n", (long) getpid());
        if (ftruncate(store->lock_fd, 0) < 0 || pwrite(store->lock_fd, pid, (size_t) len, 0) < 0)
                return 0;
        return 0;
}

/* Items, and links with keys in them, are nobody else's business. SQLite gives the log the mode of the database. */
static int make_private(const char *path, struct fw_diag *diag)
{
        int r = fw_file_create(path, FW_STR_NONE, 0600);
        return r < 0 && r != -EEXIST ? say_cannot_write(diag, path, r) : 0;
}

/* Settings of the connection; journal_mode and application_id are also kept in the file. */
static int set_up(struct fw_store *store)
{
        static const char *const settings[] = {
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                "PRAGMA temp_store = MEMORY",
                "PRAGMA cache_size = -16384",           /* 16 MiB */
                "PRAGMA journal_size_limit = 67108864", /* a log that grew once is cut back to 64 MiB */
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(settings); i++) {
                int r = fw_store_run_sql(store, settings[i]);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int open_database(struct fw_store *store)
{
        int code = sqlite3_open_v2(store->path, &store->db,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
        if (!store->db)
                fw_out_of_memory(0);
        if (code != SQLITE_OK)
                return fw_store_fail(store, code);
        (void) sqlite3_extended_result_codes(store->db, 1);
        (void) sqlite3_busy_timeout(store->db, FW_STORE_BUSY_MSEC);
        (void) sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        return 0;
}

static int open_parts(struct fw_store *store, struct fw_diag *diag)
{
        int r = make_folder(store->path, diag);
        if (r == 0)
                r = take_lock(store, diag);
        if (r == 0)
                r = make_private(store->path, diag);
        if (r < 0)
                return r;
        r = open_database(store);
        /* What is not ours must be left as it is: first look, then change settings that the file keeps. */
        if (r == 0)
                r = fw_store_migrate(store, diag);
        if (r == 0)
                r = set_up(store);
        if (r < 0 && !fw_diag_has_errors(diag))
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "%s", fw_store_error(store));
        return r;
}

int fw_store_open(const char *path, struct fw_diag *diag, struct fw_store **ret_store)
{
        struct fw_store *store = fw_calloc(1, sizeof(*store));
        store->lock_fd = -1;
        store->path = fw_strdup(path);
        fw_buf_init(&store->error, FW_BUF_UNBOUNDED);
        int r = open_parts(store, diag);
        if (r < 0) {
                fw_store_close(store);
                return r;
        }
        *ret_store = store;
        return 0;
}

struct fw_store *fw_store_close(struct fw_store *store)
{
        if (!store)
                return NULL;
        if (store->in_transaction)
                fw_store_rollback(store);
        for (size_t i = 0; i < store->statements.len; i++)
                (void) sqlite3_finalize(store->statements.p[i].statement);
        fw_vec_done(&store->statements);
        (void) sqlite3_close(store->db);
        fw_closep(&store->lock_fd);
        fw_buf_done(&store->error);
        free(store->path);
        free(store);
        return NULL;
}

int fw_store_verify(struct fw_store *store)
{
        struct fw_query query;
        fw_query_start(&query, store, "PRAGMA integrity_check(1)");
        bool sound = fw_query_next(&query) && fw_str_eq(fw_column_view(&query), FW_STR("ok"));
        int r = fw_query_end(&query);
        return r == 0 && !sound ? fw_store_fail(store, SQLITE_CORRUPT) : r;
}
