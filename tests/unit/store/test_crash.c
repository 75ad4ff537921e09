/*
 * What is left after a kill, and when the disk is full: everything that was committed, whole, and nothing else.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "fixture.h"
#include "store/database.h"

/* One poll's results: an item, the decision, the alert with its outbox rows. 0 or the store's error. */
static int store_result(int64_t feed_key, unsigned number)
{
        char id[32], text[2001];
        snprintf(id, sizeof(id), "ALERT%08u", number);
        memset(text, 'x', sizeof(text) - 1);
        text[sizeof(text) - 1] = '\0';
        struct fw_item item = { .id = fw_str_c(id),
                                .title = FW_STR("troops"),
                                .content_text = fw_str_c(text),
                                .published_usec = FW_TIME_NONE,
                                .modified_usec = FW_TIME_NONE };
        struct fw_new_item added = {
                .item = &item, .key = fw_hash128(item.id), .feed_key = feed_key, .first_seen_usec = NOW
        };
        static const struct fw_str channels[] = { FW_STR("log"), FW_STR("desktop") };
        int64_t item_id;
        enum fw_item_join join;
        int r = fw_store_begin(store);
        if (r < 0)
                return r;
        (void) fw_store_add_item(store, &added, &item_id, &join);
        struct fw_stored_alert alert = { .id = fw_str_c(id),
                                         .time_usec = NOW,
                                         .kind = FW_STR("match"),
                                         .rule_id = FW_STR("r"),
                                         .item_id = item_id,
                                         .feed_key = feed_key,
                                         .json = fw_str_c(text) };
        (void) fw_store_add_decision(store, item_id, feed_key, FW_STR("r"), FW_DECISION_ALERTED, alert.id, FW_STR("[]"),
                                     NOW);
        (void) fw_store_add_alert(store, &alert, channels, 2);
        return fw_store_commit(store);
}

/* Checks that every alert is whole, and returns how many there are. */
static size_t check_whole(void)
{
        struct fw_stored_alert *alerts;
        size_t alerts_len;
        struct fw_alert_filter all = { .since_usec = FW_TIME_NONE };
        ck_assert_int_eq(fw_store_verify(store), 0);
        ck_assert_int_eq(fw_store_list_alerts(store, &all, arena, &alerts, &alerts_len), 0);
        for (size_t i = 0; i < alerts_len; i++) {
                struct fw_stored_item item;
                struct fw_stored_decision *decisions;
                struct fw_outbox_row *rows;
                size_t len;
                ck_assert_int_eq(fw_store_load_item(store, alerts[i].item_id, arena, &item), 0);
                ck_assert(fw_str_eq(item.item.id, alerts[i].id));
                ck_assert_int_eq(fw_store_list_decisions(store, item.id, arena, &decisions, &len), 0);
                ck_assert_uint_eq(len, 1);
                ck_assert(fw_str_eq(decisions->alert_id, alerts[i].id));
                ck_assert_int_eq(fw_store_outbox_of(store, alerts[i].sequence, arena, &rows, &len), 0);
                ck_assert_uint_eq(len, 2);
        }
        struct fw_store_totals totals;
        ck_assert_int_eq(fw_store_totals(store, &totals), 0);
        ck_assert_uint_eq(totals.items, alerts_len);
        return alerts_len;
}

/* Stores results until it is killed, and tells of each one after its commit. */
static _Noreturn void work_until_killed(int64_t feed_key, unsigned from, int report_fd)
{
        if (open_store() < 0)
                _exit(1);
        for (unsigned number = from;; number++)
                if (store_result(feed_key, number) < 0 || write(report_fd, "!", 1) != 1)
                        _exit(2);
}

/* Kills a working child after some of its commits; returns how many it told of. */
static size_t kill_a_worker(int64_t feed_key, unsigned from, size_t after)
{
        int fds[2];
        ck_assert_int_eq(pipe(fds), 0);
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0)
                work_until_killed(feed_key, from, fds[1]);
        close(fds[1]);
        size_t told = 0;
        char mark;
        while (read(fds[0], &mark, 1) == 1)
                if (++told == after)
                        ck_assert_int_eq(kill(child, SIGKILL), 0);
        close(fds[0]);
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status));
        return told;
}

START_TEST(a_kill_at_any_instant_loses_nothing_that_was_committed)
{
        int64_t feed_key = add_feed("a");
        store = fw_store_close(store);
        size_t before = 0;
        for (unsigned round = 0; round < 12; round++) {
                size_t told = kill_a_worker(feed_key, (unsigned) before, 1 + round * 7 % 23);
                ck_assert_msg(open_store() == 0, "%s", words);
                size_t found = check_whole();
                ck_assert_uint_ge(found, before + told);
                ck_assert_uint_le(found, before + told + 1);
                before = found;
                store = fw_store_close(store);
        }
}
END_TEST

START_TEST(a_full_database_fails_clearly_and_goes_on_when_there_is_room)
{
        int64_t feed_key = add_feed("a");
        ck_assert_int_eq(store_result(feed_key, 0), 0);
        int64_t ignored;
        ck_assert_int_eq(fw_store_read_number(store, "PRAGMA max_page_count = 60", &ignored), 0);
        unsigned number = 1;
        int r = 0;
        while (r == 0 && number < 1000)
                r = store_result(feed_key, number++);
        ck_assert_int_eq(r, -ENOSPC);
        char expected[512];
        snprintf(expected, sizeof(expected),
                 "the disk is full: cannot write to the database '%s' (database or disk is full); free some space "
                 "there; everything stored "
                 "before is safe, and what could not be stored is tried again",
                 path);
        ck_assert_str_eq(fw_store_error(store), expected);
        ck_assert_uint_eq(check_whole(), number - 1);
        ck_assert_int_eq(fw_store_read_number(store, "PRAGMA max_page_count = 1000000", &ignored), 0);
        ck_assert_int_eq(store_result(feed_key, number - 1), 0);
        reopen();
        ck_assert_uint_eq(check_whole(), number);
}
END_TEST

/* The same with the file system as the one that says no, in the middle of a write. */
START_TEST(a_full_disk_fails_clearly_and_loses_nothing)
{
        int64_t feed_key = add_feed("a");
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = { .rlim_cur = 600 * 1024, .rlim_max = RLIM_INFINITY };
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        unsigned number = 0;
        int r = 0;
        while (r == 0 && number < 10000)
                r = store_result(feed_key, number++);
        ck_assert_int_eq(r, -ENOSPC);
        ck_assert_ptr_nonnull(strstr(fw_store_error(store), "the disk is full: cannot write to the database"));
        limit.rlim_cur = RLIM_INFINITY;
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        ck_assert_uint_eq(check_whole(), number - 1);
        ck_assert_int_eq(store_result(feed_key, number - 1), 0);
        reopen();
        ck_assert_uint_eq(check_whole(), number);
}
END_TEST

START_TEST(a_full_disk_at_the_first_start_is_said)
{
        store = fw_store_close(store);
        snprintf(path, sizeof(path), "%s/other.db", folder);
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = { .rlim_cur = 20 * 1024, .rlim_max = RLIM_INFINITY };
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        int r = open_store();
        limit.rlim_cur = RLIM_INFINITY;
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        ck_assert_int_eq(r, -ENOSPC);
        ck_assert_ptr_nonnull(strstr(words, "error: the disk is full: cannot write to the database"));
        ck_assert_msg(open_store() == 0, "%s", words);
}
END_TEST

UNIT_MAIN_WITH("store crash", set_up, remove_folder, a_kill_at_any_instant_loses_nothing_that_was_committed,
               a_full_database_fails_clearly_and_goes_on_when_there_is_room,
               a_full_disk_fails_clearly_and_loses_nothing, a_full_disk_at_the_first_start_is_said)
