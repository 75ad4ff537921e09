/*
 * At least once: a daemon that stores and sends is killed again and again; in the end every alert that was committed stands in the log.
 */
#include <signal.h>

#include "delivery_fixture.h"

/* Stores alerts and sends them until it is killed, and tells of each after its commit. */
static _Noreturn void work_until_killed(unsigned from, int report_fd)
{
        before_delivery_again();
        for (unsigned number = from;; number++) {
                char id[16];
                snprintf(id, sizeof(id), "A%06u", number);
                store_alert(id);
                if (write(report_fd, "!", 1) != 1)
                        _exit(1);
                if (number % 3 == 0)
                        run();
        }
}

/* Returns how many alerts the child told of before it was killed. */
static unsigned kill_a_worker(unsigned from, unsigned after)
{
        int fds[2];
        ck_assert_int_eq(pipe(fds), 0);
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0)
                work_until_killed(from, fds[1]);
        close(fds[1]);
        unsigned told = 0;
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

START_TEST(every_committed_alert_arrives_whatever_is_killed)
{
        stop_delivery();
        store = fw_store_close(store);
        unsigned next = 0;
        for (unsigned round = 0; round < 10; round++)
                next += kill_a_worker(next, 1 + round * 11 % 29) + 1; /* one more may be stored than was told of */
        before_delivery_again();
        run();
        ck_assert(fw_delivery_idle(delivery));
        uint64_t counts[3];
        struct fw_store_totals totals;
        ck_assert_int_eq(fw_store_outbox_counts(store, counts), 0);
        ck_assert_int_eq(fw_store_totals(store, &totals), 0);
        ck_assert_uint_eq(counts[FW_OUTBOX_SENT], totals.alerts);
        ck_assert_uint_ge(totals.alerts, next - 10);

        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(1 << 24);
        ck_assert_int_eq(fw_file_read(log_path, &content), 0);
        struct fw_stored_alert *alerts;
        size_t len;
        struct fw_alert_filter all = { .since_usec = FW_TIME_NONE };
        ck_assert_int_eq(fw_store_list_alerts(store, &all, arena, &alerts, &len), 0);
        for (size_t i = 0; i < len; i++) {
                char line[80];
                snprintf(line, sizeof(line), "{\"id\":\"%.*s\"}\n", FW_STR_ARG(alerts[i].id));
                ck_assert_msg(strstr(fw_buf_c(&content), line) != NULL, "%s is missing", line);
        }
        struct fw_str rest = fw_buf_str(&content), part;
        while (fw_str_split(&rest, '\n', &part)) {
                json_t *parsed = fw_json_parse(part, NULL);
                ck_assert_msg(part.len == 0 || parsed, "'%.*s' is no JSON", FW_STR_ARG(part));
                json_decref(parsed);
        }
        stop_delivery();
}
END_TEST

UNIT_MAIN_WITH("alert kill", before_delivery, remove_folder, every_committed_alert_arrives_whatever_is_killed)
