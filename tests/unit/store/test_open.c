#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "base/file.h"
#include "fixture.h"
#include "store/database.h"

static void ck_words(const char *part)
{
        ck_assert_msg(strstr(words, part) != NULL, "'%s' is not in: %s", part, words);
}

/* Runs SQL on the file as another program would. */
static void run_sql(const char *sql)
{
        sqlite3 *db;
        ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
        char *error = NULL;
        ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK, "%s", error);
        ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static int64_t number(const char *sql)
{
        int64_t value = -1;
        ck_assert_int_eq(fw_store_read_number(store, sql, &value), 0);
        return value;
}

START_TEST(a_new_database_is_made_with_its_folders)
{
        snprintf(path, sizeof(path), "%s/new/folder/feedwatch.db", folder);
        ck_assert_msg(open_store() == 0, "%s", words);
        ck_assert_str_eq(words, "");
        ck_assert_int_eq(number("PRAGMA application_id"), FW_STORE_APPLICATION_ID);
        ck_assert_int_gt(number("PRAGMA user_version"), 0);
        ck_assert_int_eq(fw_store_verify(store), 0);
}
END_TEST

static unsigned mode_of(const char *suffix)
{
        char name[200];
        struct stat status;
        snprintf(name, sizeof(name), "%s%s", path, suffix);
        ck_assert_msg(stat(name, &status) == 0, "%s", name);
        return status.st_mode & 0777;
}

START_TEST(nobody_else_reads_the_database)
{
        umask(0);
        ck_assert_int_eq(open_store(), 0);
        add_alert("A1");
        static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
        for (size_t i = 0; i < FW_ARRAY_LEN(suffixes); i++)
                ck_assert_uint_eq(mode_of(suffixes[i]), 0600);
}
END_TEST

START_TEST(a_commit_is_flushed_to_the_disk)
{
        ck_assert_int_eq(open_store(), 0);
        ck_assert_int_eq(number("PRAGMA synchronous"), 2);
        ck_assert_int_eq(number("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
        ck_assert_int_eq(number("PRAGMA foreign_keys"), 1);
}
END_TEST

START_TEST(a_second_daemon_is_told_who_has_the_database)
{
        ck_assert_int_eq(open_store(), 0);
        struct fw_store *first = store;
        ck_assert_int_eq(open_store(), -EBUSY);
        char expected[300];
        snprintf(expected, sizeof(expected),
                 "error: the database '%s' is in use by another feedwatchd, process %ld; stop that one, or give this "
                 "one its own "
                 "'store: {path: …}'\n",
                 path, (long) getpid());
        ck_assert_str_eq(words, expected);
        fw_store_close(first);
        ck_assert_int_eq(open_store(), 0);
}
END_TEST

START_TEST(a_newer_schema_is_refused_and_left_alone)
{
        ck_assert_int_eq(open_store(), 0);
        add_alert("A1");
        store = fw_store_close(store);
        run_sql("PRAGMA user_version = 99");
        ck_assert_int_eq(open_store(), -EPROTONOSUPPORT);
        ck_words("has schema 99, written by a newer feedwatch; this version reads schemas up to 2: install the newer "
                 "version again");
        run_sql("PRAGMA user_version = 2");
        ck_assert_int_eq(open_store(), 0);
        size_t len;
        (void) due_rows("log", NOW, &len);
        ck_assert_uint_eq(len, 1);
}
END_TEST

START_TEST(another_programs_database_is_refused_and_left_alone)
{
        run_sql("CREATE TABLE precious (a); PRAGMA journal_mode = DELETE");
        ck_assert_int_eq(open_store(), -EMEDIUMTYPE);
        ck_words("is a database of another program; name another one in 'store: {path: …}'");
        run_sql("INSERT INTO precious VALUES (1)");
}
END_TEST

static void load_fixture(void)
{
        fw_cleanup(fw_buf_done) struct fw_buf sql = FW_BUF_INIT(1 << 20);
        ck_assert_int_eq(fw_file_read(FW_TEST_DATA "/schema-1.sql", &sql), 0);
        run_sql(fw_buf_c(&sql));
}

START_TEST(an_older_schema_is_brought_up_to_date_and_a_copy_kept)
{
        load_fixture();
        ck_assert_msg(open_store() == 0, "%s", words);
        ck_words("note: the database ");
        ck_words("has schema 1 and is brought to schema 2; a copy as it was is kept in ");
        ck_words("feedwatch.db.schema-1'");
        ck_assert_uint_eq(mode_of(".schema-1"), 0600);
        struct fw_feed_state *feeds;
        struct fw_stored_item item;
        int64_t *ids;
        size_t len;
        ck_assert_int_eq(fw_store_load_feeds(store, arena, &feeds, &len), 0);
        ck_assert_uint_eq(len, 1);
        assert_text(feeds->id, "demo-world");
        ck_assert_int_eq(fw_store_search_items(store, FW_STR("soldiers"), 0, arena, &ids, &len), 0);
        ck_assert_uint_eq(len, 1);
        ck_assert_int_eq(fw_store_load_item(store, ids[0], arena, &item), 0);
        assert_text(item.item.title, "Soldiers leave the harbour");
        (void) due_rows("log", INT64_MAX, &len);
        ck_assert_uint_eq(len, 1);
        ck_assert_int_eq(fw_store_verify(store), 0);
        reopen();
        ck_assert_str_eq(words, "");
}
END_TEST

START_TEST(the_kept_copy_is_the_old_database)
{
        load_fixture();
        ck_assert_int_eq(open_store(), 0);
        store = fw_store_close(store);
        ck_assert_int_eq(unlink(path), 0);
        char copy[200];
        snprintf(copy, sizeof(copy), "%s.schema-1", path);
        ck_assert_int_eq(rename(copy, path), 0);
        ck_assert_int_eq(open_store(), 0);
        ck_words("has schema 1 and is brought to schema 2");
}
END_TEST

START_TEST(a_migration_without_room_for_a_copy_goes_on)
{
        load_fixture();
        char copy[200];
        snprintf(copy, sizeof(copy), "%s.schema-1", path);
        ck_assert_int_eq(fw_file_create(copy, FW_STR("something else"), 0600), 0);
        ck_assert_int_eq(open_store(), 0);
        ck_words("warning: the database ");
        ck_words("no copy could be kept in ");
}
END_TEST

START_TEST(a_migration_that_fails_leaves_the_old_database)
{
        load_fixture();
        run_sql("CREATE TABLE item_words (in_the_way)");
        ck_assert_int_eq(open_store(), -EIO);
        run_sql("DROP TABLE item_words");
        ck_assert_int_eq(open_store(), 0);
        ck_words("has schema 1 and is brought to schema 2");
}
END_TEST

/* ---- files that cannot be used ---- */

static void overwrite(const char *bytes, size_t len, off_t offset)
{
        int fd = open(path, O_WRONLY | O_CREAT, 0600);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(pwrite(fd, bytes, len, offset), (ssize_t) len);
        close(fd);
}

START_TEST(a_file_that_is_no_database_is_refused_and_left_alone)
{
        static const char text[] =
                "Dear diary, today I put my notes where a database is expected to be. It went on for more than a page.";
        overwrite(text, sizeof(text), 0);
        ck_assert_int_eq(open_store(), -EBADMSG);
        ck_words("error: the file is damaged or no database: '");
        ck_words("(file is not a database); stop feedwatchd, move the file away, and put back a backup or what "
                 "'sqlite3 FILE .recover' can save");
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(1000);
        ck_assert_int_eq(fw_file_read(path, &content), 0);
        ck_assert(fw_str_eq(fw_buf_str(&content), fw_str_n(text, sizeof(text))));
}
END_TEST

START_TEST(a_damaged_page_is_reported_and_nothing_replaced)
{
        ck_assert_int_eq(open_store(), 0);
        for (int i = 0; i < 50; i++) {
                char id[16];
                snprintf(id, sizeof(id), "A%d", i);
                add_alert(id);
        }
        store = fw_store_close(store);
        struct stat status;
        ck_assert_int_eq(stat(path, &status), 0);
        static char rubbish[4096];
        memset(rubbish, 0x5a, sizeof(rubbish));
        for (off_t offset = 2 * 4096; offset < status.st_size; offset += 4096)
                overwrite(rubbish, sizeof(rubbish), offset);
        int r = open_store();
        if (r == 0) {
                struct fw_stored_alert *alerts;
                size_t len;
                struct fw_alert_filter all = { .since_usec = FW_TIME_NONE };
                ck_assert_int_eq(fw_store_list_alerts(store, &all, arena, &alerts, &len), -EBADMSG);
                ck_assert_ptr_nonnull(strstr(fw_store_error(store), "the file is damaged"));
                ck_assert_int_eq(fw_store_verify(store), -EBADMSG);
        } else {
                ck_assert_int_eq(r, -EBADMSG);
                ck_words("the file is damaged");
        }
}
END_TEST

/* Root may write everywhere, so the test does as an ordinary user, in a child. */
static int open_as_nobody(void)
{
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
                if (getuid() == 0 && setuid(65534) < 0)
                        _exit(99);
                int r = open_store();
                fputs(words, stderr);
                _exit(r == -EACCES || r == -EROFS ? 0 : 1);
        }
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(a_folder_that_may_not_be_written_to_is_named)
{
        ck_assert_int_eq(chmod(folder, 0555), 0);
        int saved = dup(STDERR_FILENO);
        FILE *said = tmpfile();
        ck_assert_int_ge(dup2(fileno(said), STDERR_FILENO), 0);
        int status = open_as_nobody();
        ck_assert_int_ge(dup2(saved, STDERR_FILENO), 0);
        close(saved);
        ck_assert_int_eq(status, 0);
        rewind(said);
        words[fread(words, 1, sizeof(words) - 1, said)] = '\0';
        fclose(said);
        ck_words("error: cannot keep the database '");
        ck_words("Permission denied; its folder must exist and be writable for the user that runs feedwatchd");
}
END_TEST

START_TEST(a_folder_that_is_a_file_is_named)
{
        ck_assert_int_eq(fw_file_create(path, FW_STR("x"), 0600), 0);
        snprintf(path + strlen(path), sizeof(path) - strlen(path), "/feedwatch.db");
        ck_assert_int_lt(open_store(), 0);
        ck_words("error: cannot keep the database '");
}
END_TEST

START_TEST(without_the_lock_nothing_of_the_transaction_is_done)
{
        ck_assert_int_eq(open_store(), 0);
        (void) sqlite3_busy_timeout(store->db, 1);
        sqlite3 *other;
        ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
        ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
        ck_assert_int_eq(fw_store_begin(store), -EBUSY);
        ck_assert_ptr_nonnull(strstr(fw_store_error(store), "another program keeps the database locked: '"));
        ck_assert_int_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
        struct fw_stored_alert alert = { .id = FW_STR("A1"), .kind = FW_STR("match"), .json = FW_STR("{}") };
        ck_assert_int_eq(fw_store_add_alert(store, &alert, NULL, 0), -EBUSY);
        ck_assert_int_eq(fw_store_commit(store), -EBUSY);
        ck_assert_int_eq(fw_store_begin(store), 0);
        ck_assert_int_eq(fw_store_commit(store), 0);
        sqlite3_close(other);
}
END_TEST

START_TEST(a_backup_is_made_while_the_daemon_runs)
{
        ck_assert_int_eq(open_store(), 0);
        add_alert("A1");
        char copy[200];
        snprintf(copy, sizeof(copy), "%s/backup.db", folder);
        sqlite3 *from, *to;
        ck_assert_int_eq(sqlite3_open(path, &from), SQLITE_OK);
        ck_assert_int_eq(sqlite3_open(copy, &to), SQLITE_OK);
        ck_assert_int_eq(fw_store_begin(store), 0);
        add_alert("A2");
        sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
        ck_assert_ptr_nonnull(backup);
        ck_assert_int_eq(sqlite3_backup_step(backup, -1), SQLITE_DONE);
        ck_assert_int_eq(sqlite3_backup_finish(backup), SQLITE_OK);
        ck_assert_int_eq(fw_store_commit(store), 0);
        sqlite3_close(from);
        sqlite3_close(to);
        store = fw_store_close(store);
        ck_assert_int_eq(rename(copy, path), 0);
        ck_assert_msg(open_store() == 0, "%s", words);
        ck_assert_int_eq(fw_store_verify(store), 0);
        ck_assert_int_eq(number("SELECT count(*) FROM alerts"), 1);
}
END_TEST

/* ---- transactions ---- */

START_TEST(transactions_do_not_nest)
{
        ck_assert_int_eq(open_store(), 0);
        ck_assert_int_eq(fw_store_begin(store), 0);
        ck_assert(fw_store_in_transaction(store));
        ck_assert_int_eq(fw_store_begin(store), -EALREADY);
        ck_assert_int_eq(fw_store_commit(store), 0);
        ck_assert(!fw_store_in_transaction(store));
        ck_assert_int_eq(fw_store_commit(store), -EINVAL);
}
END_TEST

static uint64_t alerts_len(void)
{
        struct fw_store_totals totals;
        ck_assert_int_eq(fw_store_totals(store, &totals), 0);
        return totals.alerts;
}

START_TEST(a_rollback_takes_everything_back)
{
        ck_assert_int_eq(open_store(), 0);
        ck_assert_int_eq(fw_store_begin(store), 0);
        add_alert("A1");
        fw_store_rollback(store);
        ck_assert_uint_eq(alerts_len(), 0);
}
END_TEST

START_TEST(after_a_failure_the_transaction_fails_as_a_whole)
{
        ck_assert_int_eq(open_store(), 0);
        ck_assert_int_eq(fw_store_begin(store), 0);
        add_alert("A1");
        struct fw_stored_alert twice = { .id = FW_STR("A1"), .kind = FW_STR("match"), .json = FW_STR("{}") };
        ck_assert_int_eq(fw_store_add_alert(store, &twice, NULL, 0), -EEXIST);
        int64_t sequence;
        ck_assert_int_eq(fw_store_last_sequence(store, &sequence), -EEXIST);
        ck_assert_int_eq(fw_store_commit(store), -EEXIST);
        ck_assert_uint_eq(alerts_len(), 0);
        add_alert("A1");
        ck_assert_uint_eq(alerts_len(), 1);
}
END_TEST

START_TEST(closing_takes_an_open_transaction_back)
{
        ck_assert_int_eq(open_store(), 0);
        ck_assert_int_eq(fw_store_begin(store), 0);
        add_alert("A1");
        reopen();
        ck_assert_uint_eq(alerts_len(), 0);
}
END_TEST

UNIT_MAIN_WITH("store open", make_folder, remove_folder, a_new_database_is_made_with_its_folders,
               nobody_else_reads_the_database, a_commit_is_flushed_to_the_disk,
               a_second_daemon_is_told_who_has_the_database, a_newer_schema_is_refused_and_left_alone,
               another_programs_database_is_refused_and_left_alone,
               an_older_schema_is_brought_up_to_date_and_a_copy_kept, the_kept_copy_is_the_old_database,
               a_migration_without_room_for_a_copy_goes_on, a_migration_that_fails_leaves_the_old_database,
               a_file_that_is_no_database_is_refused_and_left_alone, a_damaged_page_is_reported_and_nothing_replaced,
               a_folder_that_may_not_be_written_to_is_named, a_folder_that_is_a_file_is_named,
               without_the_lock_nothing_of_the_transaction_is_done, a_backup_is_made_while_the_daemon_runs,
               transactions_do_not_nest, a_rollback_takes_everything_back,
               after_a_failure_the_transaction_fails_as_a_whole, closing_takes_an_open_transaction_back)
