#include <signal.h>
#include <sys/resource.h>

#include "delivery_fixture.h"
#include "store/database.h"

/* In the place of the log's folder a file: nothing can be written there. */
static void break_log(void)
{
        char log_folder[160];
        snprintf(log_folder, sizeof(log_folder), "%s/log", folder);
        (void) unlink(log_path);
        ck_assert_int_eq(rmdir(log_folder), 0);
        ck_assert_int_eq(fw_file_create(log_folder, FW_STR(""), 0600), 0);
}

static void mend_log(void)
{
        char log_folder[160];
        snprintf(log_folder, sizeof(log_folder), "%s/log", folder);
        ck_assert_int_eq(unlink(log_folder), 0);
        ck_assert_int_eq(mkdir(log_folder, 0700), 0);
}

START_TEST(what_is_stored_is_sent_and_marked)
{
        store_alert("A");
        store_alert("B");
        ck_assert(!fw_delivery_idle(delivery));
        run();
        check_log("{\"id\":\"A\"}\n{\"id\":\"B\"}\n");
        struct fw_outbox_row row = row_of(1, 0);
        ck_assert_int_eq(row.state, FW_OUTBOX_SENT);
        ck_assert_uint_eq(row.attempts, 1);
        ck_assert_int_eq(row.done_usec, NOW);
        ck_assert(fw_delivery_idle(delivery));
        ck_assert_int_eq(health_of(0).last_sent_usec, NOW);
        ck_assert_str_eq(news, "");
        run();
        check_log("{\"id\":\"A\"}\n{\"id\":\"B\"}\n");
}
END_TEST

START_TEST(many_are_sent_in_order)
{
        fw_cleanup(fw_buf_done) struct fw_buf expected = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (int i = 0; i < 200; i++) {
                char id[16];
                snprintf(id, sizeof(id), "A%03d", i);
                store_alert(id);
                (void) fw_buf_printf(&expected, "{\"id\":\"%s\"}\n", id);
        }
        run();
        check_log(fw_buf_c(&expected));
        ck_assert(fw_delivery_idle(delivery));
}
END_TEST

START_TEST(what_an_earlier_run_left_is_sent)
{
        stop_delivery();
        store_alert("A");
        reopen();
        start_delivery();
        run();
        check_log("{\"id\":\"A\"}\n");
}
END_TEST

START_TEST(nothing_uncommitted_is_sent)
{
        ck_assert_int_eq(fw_store_begin(store), 0);
        store_alert("A");
        run();
        check_log("");
        fw_store_rollback(store);
        run();
        check_log("");
        ck_assert_int_eq(fw_store_begin(store), 0);
        store_alert("B");
        ck_assert_int_eq(fw_store_commit(store), 0);
        run();
        check_log("{\"id\":\"B\"}\n");
}
END_TEST

START_TEST(a_channel_that_fails_is_tried_less_and_less_often)
{
        break_log();
        store_alert("A");
        run();
        struct fw_outbox_row row = row_of(1, 0);
        ck_assert_int_eq(row.state, FW_OUTBOX_PENDING);
        ck_assert_uint_eq(row.attempts, 1);
        ck_assert_int_gt(row.due_usec, NOW);
        ck_assert_int_le(row.due_usec, NOW + (int64_t) FW_DELIVERY_RETRY_BASE_USEC);
        ck_assert_ptr_nonnull(strstr(news, "log failing: cannot write to '"));
        ck_assert_ptr_nonnull(strstr(news, "Not a directory"));
        ck_assert_uint_eq(health_of(0).failures, 1);
        ck_assert(fw_delivery_idle(delivery));
        for (unsigned i = 0; i < 8; i++) {
                uint64_t most = FW_DELIVERY_RETRY_BASE_USEC << i;
                advance(most);
                row = row_of(1, 0);
                ck_assert_uint_eq(row.attempts, i + 2);
                ck_assert_int_ge(row.due_usec - manual.wall_usec, (int64_t) most / 2);
                ck_assert_int_le(row.due_usec - manual.wall_usec, (int64_t) most * 2);
        }
        ck_assert_uint_eq(health_of(0).failures, 9);
        ck_assert_ptr_null(strstr(strchr(news, '\n') + 1, "failing"));
        ck_assert_int_le(row_of(1, 0).due_usec - manual.wall_usec, (int64_t) FW_DELIVERY_RETRY_CAP_USEC);
}
END_TEST

START_TEST(a_channel_that_works_again_gets_everything)
{
        break_log();
        store_alert("A");
        store_alert("B");
        run();
        mend_log();
        advance(FW_USEC_PER_MINUTE);
        check_log("{\"id\":\"A\"}\n{\"id\":\"B\"}\n");
        ck_assert_ptr_nonnull(strstr(news, "log recovered: works again\n"));
        ck_assert_uint_eq(health_of(0).failures, 0);
        ck_assert_uint_eq(health_of(0).last_error.len, 0);
}
END_TEST

START_TEST(a_failing_channel_is_tried_with_one_alert_and_does_not_delay_others)
{
        break_log();
        store_alert("A");
        run();
        store_alert("B");
        store_alert("C");
        advance(FW_DELIVERY_RETRY_BASE_USEC);
        ck_assert_uint_eq(row_of(1, 0).attempts + row_of(2, 0).attempts + row_of(3, 0).attempts, 2);
        ck_assert_int_eq(fw_delivery_acknowledge(delivery, FW_STR("desktop"), FW_STR("C"), FW_STR("shown")), 0);
        ck_assert_int_eq(row_of(3, 1).state, FW_OUTBOX_SENT);
}
END_TEST

START_TEST(after_a_day_an_alert_is_kept_as_failed)
{
        break_log();
        store_alert("A");
        store_alert("B");
        run();
        for (int i = 0; i < 60 && row_of(1, 0).state == FW_OUTBOX_PENDING; i++)
                advance(FW_USEC_PER_HOUR / 2);
        advance(FW_USEC_PER_HOUR);
        for (int64_t sequence = 1; sequence <= 2; sequence++) {
                struct fw_outbox_row row = row_of(sequence, 0);
                ck_assert_int_eq(row.state, FW_OUTBOX_FAILED);
                ck_assert_int_ge(row.done_usec, NOW + DAY);
                ck_assert_int_le(row.done_usec, NOW + DAY + 2 * HOUR);
                ck_assert_ptr_nonnull(memmem(row.answer.p, row.answer.len, "given up after 24 h: cannot write to", 36));
        }
        ck_assert_ptr_nonnull(strstr(news, "log gave up: cannot write to '"));
}
END_TEST

START_TEST(after_a_day_a_long_backlog_fails_as_one)
{
        break_log();
        for (int i = 0; i < 300; i++) {
                char id[16];
                snprintf(id, sizeof(id), "A%d", i);
                store_alert(id);
        }
        for (int hour = 0; hour < 26; hour++)
                advance(FW_USEC_PER_HOUR);
        for (int64_t sequence = 1; sequence <= 300; sequence++)
                ck_assert_int_eq(row_of(sequence, 0).state, FW_OUTBOX_FAILED);
}
END_TEST

START_TEST(a_daemon_that_was_away_for_days_tries_before_it_gives_up)
{
        stop_delivery();
        store_alert("A");
        manual.wall_usec += 5 * DAY;
        break_log();
        start_delivery();
        run();
        ck_assert_int_eq(row_of(1, 0).state, FW_OUTBOX_PENDING);
        mend_log();
        advance(FW_USEC_PER_MINUTE);
        ck_assert_int_eq(row_of(1, 0).state, FW_OUTBOX_SENT);
}
END_TEST

START_TEST(a_clock_set_back_does_not_hold_alerts)
{
        manual.wall_usec = NOW + 365 * DAY;
        break_log();
        store_alert("A");
        run();
        mend_log();
        manual.wall_usec = NOW;
        run();
        ck_assert_int_eq(row_of(1, 0).state, FW_OUTBOX_SENT);
}
END_TEST

START_TEST(a_damaged_alert_fails_alone)
{
        static const struct fw_str log_only[] = { FW_STR("log") };
        struct fw_stored_alert damaged = {
                .id = FW_STR("X"), .time_usec = NOW, .kind = FW_STR("match"), .json = FW_STR("{\"id")
        };
        ck_assert_int_eq(fw_store_add_alert(store, &damaged, log_only, 1), 0);
        store_alert("A");
        run();
        ck_assert_int_eq(row_of(1, 0).state, FW_OUTBOX_FAILED);
        assert_text(row_of(1, 0).answer, "the stored alert is damaged");
        check_log("{\"id\":\"A\"}\n");
        ck_assert_str_eq(news, "log gave up: the stored alert is damaged\n");
}
END_TEST

/* ---- a store that cannot be written ---- */

START_TEST(a_store_that_cannot_be_written_does_not_repeat_alerts)
{
        store_alert("A");
        ck_assert_int_eq(fw_store_run_sql(store, "PRAGMA query_only = ON"), 0);
        run();
        check_log("{\"id\":\"A\"}\n");
        ck_assert_ptr_nonnull(strstr(news, "log failing: "));
        advance(FW_USEC_PER_MINUTE);
        advance(FW_USEC_PER_MINUTE);
        check_log("{\"id\":\"A\"}\n");
        ck_assert_int_eq(fw_store_run_sql(store, "PRAGMA query_only = OFF"), 0);
        advance(FW_USEC_PER_HOUR);
        check_log("{\"id\":\"A\"}\n");
        ck_assert_int_eq(row_of(1, 0).state, FW_OUTBOX_SENT);
        ck_assert_ptr_nonnull(strstr(news, "log recovered: works again\n"));
}
END_TEST

/* ---- desktop ---- */

START_TEST(a_desktop_row_waits_until_it_is_acknowledged)
{
        store_alert("A");
        run();
        struct fw_outbox_row row = row_of(1, 1);
        ck_assert_int_eq(row.state, FW_OUTBOX_PENDING);
        assert_text(row.answer, "waits for a desktop agent to show it");
        ck_assert_int_eq(row.due_usec, NOW + DAY);
        ck_assert(fw_delivery_idle(delivery));
        ck_assert_int_eq(
                fw_delivery_acknowledge(delivery, FW_STR("desktop"), FW_STR("A"), FW_STR("shown as notification 3")),
                0);
        row = row_of(1, 1);
        ck_assert_int_eq(row.state, FW_OUTBOX_SENT);
        assert_text(row.answer, "shown as notification 3");
        ck_assert_int_eq(health_of(1).last_sent_usec, NOW);
        ck_assert_int_eq(fw_delivery_acknowledge(delivery, FW_STR("desktop"), FW_STR("B"), FW_STR("")), -ENOENT);
        ck_assert_int_eq(fw_delivery_acknowledge(delivery, FW_STR("none"), FW_STR("A"), FW_STR("")), -ENOENT);
}
END_TEST

START_TEST(a_desktop_row_that_nobody_shows_fails_after_a_day)
{
        store_alert("A");
        run();
        advance(FW_USEC_PER_DAY - 1);
        ck_assert_int_eq(row_of(1, 1).state, FW_OUTBOX_PENDING);
        advance(1);
        ck_assert_int_eq(row_of(1, 1).state, FW_OUTBOX_FAILED);
        assert_text(row_of(1, 1).answer, "given up after 24 h: waits for a desktop agent to show it");
        ck_assert_int_eq(fw_delivery_acknowledge(delivery, FW_STR("desktop"), FW_STR("A"), FW_STR("late")), 0);
        ck_assert_int_eq(row_of(1, 1).state, FW_OUTBOX_SENT);
}
END_TEST

/* How often `part` stands in the news. */
static size_t count_news(const char *part)
{
        size_t count = 0;
        for (const char *at = news; (at = strstr(at, part)); at++)
                count++;
        return count;
}

START_TEST(that_nobody_shows_alerts_is_said_once_a_day)
{
        for (int i = 0; i < 30; i++) {
                char id[16];
                snprintf(id, sizeof(id), "A%d", i);
                store_alert(id);
                advance(FW_USEC_PER_HOUR);
        }
        advance(FW_USEC_PER_HOUR);
        ck_assert_uint_eq(count_news("desktop gave up"), 1);
        for (int i = 0; i < 24; i++)
                advance(FW_USEC_PER_HOUR);
        ck_assert_uint_eq(count_news("desktop gave up"), 2);
}
END_TEST

/* ---- configuration ---- */

START_TEST(rows_of_a_channel_that_is_gone_fail_with_the_reason)
{
        store_alert("A");
        file_config.channels_len = 1;
        ck_assert_int_eq(fw_delivery_configure(delivery, &file_config), 0);
        ck_assert_int_eq(row_of(1, 0).state, FW_OUTBOX_PENDING);
        ck_assert_int_eq(row_of(1, 1).state, FW_OUTBOX_FAILED);
        assert_text(row_of(1, 1).answer, "the configuration has no such channel any more");
        struct fw_channel_health health;
        ck_assert(!fw_delivery_health(delivery, 1, &health));
        run();
        check_log("{\"id\":\"A\"}\n");
}
END_TEST

START_TEST(a_reload_keeps_the_health_of_what_stayed)
{
        break_log();
        store_alert("A");
        run();
        ck_assert_int_eq(fw_delivery_configure(delivery, &file_config), 0);
        ck_assert_uint_eq(health_of(0).failures, 1);
        mend_log();
        char other[170];
        snprintf(other, sizeof(other), "%s.other", log_path);
        file_channels[0].target = fw_str_c(other);
        ck_assert_int_eq(fw_delivery_configure(delivery, &file_config), 0);
        ck_assert_uint_eq(health_of(0).failures, 0);
        assert_text(health_of(0).name, "log");
        ck_assert_int_eq(health_of(1).type, FW_CHANNEL_DESKTOP);
        advance(FW_USEC_PER_MINUTE);
        ck_assert_int_eq(access(other, F_OK), 0);
}
END_TEST

START_TEST(a_rotated_log_goes_on)
{
        store_alert("A");
        run();
        char moved[170];
        snprintf(moved, sizeof(moved), "%s.1", log_path);
        ck_assert_int_eq(rename(log_path, moved), 0);
        fw_delivery_reopen(delivery);
        store_alert("B");
        run();
        check_log("{\"id\":\"B\"}\n");
}
END_TEST

START_TEST(the_worker_comes_back_by_itself)
{
        ck_assert_int_eq(fw_store_begin(store), 0);
        store_alert("A");
        run();
        ck_assert_int_eq(fw_store_commit(store), 0);
        for (int i = 0; i < 100 && row_of(1, 0).state == FW_OUTBOX_PENDING; i++)
                ck_assert_int_ge(sd_event_run(event, FW_USEC_PER_SEC), 0);
        check_log("{\"id\":\"A\"}\n");
}
END_TEST

static void after_delivery(void)
{
        stop_delivery();
        remove_folder();
}

UNIT_MAIN_WITH("alert delivery", before_delivery, after_delivery, what_is_stored_is_sent_and_marked,
               many_are_sent_in_order, what_an_earlier_run_left_is_sent, nothing_uncommitted_is_sent,
               a_channel_that_fails_is_tried_less_and_less_often, a_channel_that_works_again_gets_everything,
               a_failing_channel_is_tried_with_one_alert_and_does_not_delay_others,
               after_a_day_an_alert_is_kept_as_failed, after_a_day_a_long_backlog_fails_as_one,
               a_daemon_that_was_away_for_days_tries_before_it_gives_up, a_clock_set_back_does_not_hold_alerts,
               a_damaged_alert_fails_alone, a_store_that_cannot_be_written_does_not_repeat_alerts,
               a_desktop_row_waits_until_it_is_acknowledged, a_desktop_row_that_nobody_shows_fails_after_a_day,
               that_nobody_shows_alerts_is_said_once_a_day, rows_of_a_channel_that_is_gone_fail_with_the_reason,
               a_reload_keeps_the_health_of_what_stayed, a_rotated_log_goes_on, the_worker_comes_back_by_itself)
