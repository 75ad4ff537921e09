#include "fixture.h"

static struct fw_outbox_row *rows_of(int64_t sequence, size_t expected)
{
        struct fw_outbox_row *rows;
        size_t len;
        ck_assert_int_eq(fw_store_outbox_of(store, sequence, arena, &rows, &len), 0);
        ck_assert_uint_eq(len, expected);
        return rows;
}

static size_t due_len(const char *channel, int64_t now_usec)
{
        size_t len;
        (void) due_rows(channel, now_usec, &len);
        return len;
}

static void check_counts(uint64_t pending, uint64_t sent, uint64_t failed)
{
        uint64_t counts[3];
        ck_assert_int_eq(fw_store_outbox_counts(store, counts), 0);
        ck_assert_uint_eq(counts[FW_OUTBOX_PENDING], pending);
        ck_assert_uint_eq(counts[FW_OUTBOX_SENT], sent);
        ck_assert_uint_eq(counts[FW_OUTBOX_FAILED], failed);
}

START_TEST(an_alert_has_a_row_for_each_channel_due_now)
{
        add_alert("A1");
        size_t len;
        struct fw_outbox_row *rows = due_rows("log", NOW, &len);
        ck_assert_uint_eq(len, 1);
        assert_text(rows->alert_id, "A1");
        assert_text(rows->alert_json, "{}");
        assert_text(rows->channel, "log");
        ck_assert_int_eq(rows->state, FW_OUTBOX_PENDING);
        ck_assert_uint_eq(rows->attempts, 0);
        ck_assert_int_eq(rows->created_usec, NOW);
        ck_assert(rows->done_usec == FW_TIME_NONE);
        ck_assert_uint_eq(due_len("desktop", NOW), 1);
        ck_assert_uint_eq(due_len("log", NOW - 1), 0);
        rows_of(1, 2);
}
END_TEST

START_TEST(nothing_uncommitted_is_due)
{
        ck_assert_int_eq(fw_store_begin(store), 0);
        add_alert("A1");
        struct fw_outbox_row *rows;
        size_t len;
        ck_assert_int_eq(fw_store_outbox_due(store, FW_STR("log"), NOW, 10, arena, &rows, &len), -EINPROGRESS);
        ck_assert_int_eq(fw_store_commit(store), 0);
        ck_assert_uint_eq(due_len("log", NOW), 1);
}
END_TEST

START_TEST(the_oldest_come_first_and_not_too_many)
{
        add_alert_at("A1", "r", FW_SEVERITY_INFO, 0, 0, NOW + 2);
        add_alert_at("A2", "r", FW_SEVERITY_INFO, 0, 0, NOW + 1);
        add_alert_at("A3", "r", FW_SEVERITY_INFO, 0, 0, NOW + 2);
        struct fw_outbox_row *rows;
        size_t len;
        ck_assert_int_eq(fw_store_outbox_due(store, FW_STR("log"), NOW + 2, 2, arena, &rows, &len), 0);
        ck_assert_uint_eq(len, 2);
        assert_text(rows[0].alert_id, "A2");
        assert_text(rows[1].alert_id, "A1");
}
END_TEST

START_TEST(a_sent_row_is_done)
{
        add_alert("A1");
        ck_assert_int_eq(fw_store_outbox_sent(store, rows_of(1, 2)[0].id, NOW + 5, FW_STR("ok")), 0);
        struct fw_outbox_row row = rows_of(1, 2)[0];
        ck_assert_int_eq(row.state, FW_OUTBOX_SENT);
        ck_assert_int_eq(row.done_usec, NOW + 5);
        ck_assert_uint_eq(row.attempts, 1);
        assert_text(row.answer, "ok");
        ck_assert_uint_eq(due_len("log", NOW + DAY), 0);
        check_counts(1, 1, 0);
        ck_assert_int_eq(fw_store_outbox_retry(store, row.id, NOW, FW_STR("no")), -ENOENT);
        ck_assert_int_eq(fw_store_outbox_sent(store, 99, NOW, FW_STR("ok")), -ENOENT);
}
END_TEST

START_TEST(a_retried_row_waits)
{
        add_alert("A1");
        ck_assert_int_eq(fw_store_outbox_retry(store, rows_of(1, 2)[0].id, NOW + HOUR, FW_STR("refused")), 0);
        struct fw_outbox_row row = rows_of(1, 2)[0];
        ck_assert_int_eq(row.state, FW_OUTBOX_PENDING);
        ck_assert_uint_eq(row.attempts, 1);
        assert_text(row.answer, "refused");
        ck_assert_uint_eq(due_len("log", NOW + HOUR - 1), 0);
        ck_assert_uint_eq(due_len("log", NOW + HOUR), 1);
}
END_TEST

START_TEST(a_failed_row_is_kept)
{
        add_alert("A1");
        ck_assert_int_eq(fw_store_outbox_failed(store, rows_of(1, 2)[0].id, NOW + DAY, FW_STR("gave up")), 0);
        struct fw_outbox_row row = rows_of(1, 2)[0];
        ck_assert_int_eq(row.state, FW_OUTBOX_FAILED);
        ck_assert_int_eq(row.done_usec, NOW + DAY);
        assert_text(row.answer, "gave up");
        check_counts(1, 0, 1);
}
END_TEST

START_TEST(the_next_due_time_is_that_of_the_channels_asked_for)
{
        static const struct fw_str both[] = { FW_STR("desktop"), FW_STR("log") };
        int64_t due_usec;
        ck_assert_int_eq(fw_store_outbox_next(store, both, 2, &due_usec), 0);
        ck_assert_int_eq(due_usec, INT64_MAX);
        add_alert("A1");
        ck_assert_int_eq(fw_store_outbox_retry(store, rows_of(1, 2)[0].id, NOW + HOUR, FW_STR("")), 0);
        ck_assert_int_eq(fw_store_outbox_next(store, both, 2, &due_usec), 0);
        ck_assert_int_eq(due_usec, NOW);
        ck_assert_int_eq(fw_store_outbox_next(store, both + 1, 1, &due_usec), 0);
        ck_assert_int_eq(due_usec, NOW + HOUR);
        ck_assert_int_eq(fw_store_outbox_next(store, NULL, 0, &due_usec), 0);
        ck_assert_int_eq(due_usec, INT64_MAX);
}
END_TEST

START_TEST(a_row_is_found_by_channel_and_alert)
{
        add_alert("A1");
        add_alert("A2");
        int64_t id;
        ck_assert_int_eq(fw_store_outbox_find(store, FW_STR("desktop"), FW_STR("A2"), &id), 0);
        ck_assert_int_eq(id, rows_of(2, 2)[1].id);
        ck_assert_int_eq(fw_store_outbox_find(store, FW_STR("email"), FW_STR("A2"), &id), -ENOENT);
        ck_assert_int_eq(fw_store_outbox_find(store, FW_STR("log"), FW_STR("A3"), &id), -ENOENT);
}
END_TEST

START_TEST(rows_of_channels_that_are_gone_fail)
{
        static const struct fw_str kept[] = { FW_STR("log") };
        add_alert("A1");
        ck_assert_int_eq(fw_store_outbox_fail_others(store, kept, 1, NOW, FW_STR("no such channel")), 0);
        struct fw_outbox_row *rows = rows_of(1, 2);
        ck_assert_int_eq(rows[0].state, FW_OUTBOX_PENDING);
        ck_assert_int_eq(rows[1].state, FW_OUTBOX_FAILED);
        assert_text(rows[1].answer, "no such channel");
        ck_assert_int_eq(fw_store_outbox_fail_others(store, NULL, 0, NOW, FW_STR("none")), 0);
        check_counts(0, 0, 2);
}
END_TEST

START_TEST(a_clock_set_back_delays_nothing)
{
        add_alert_at("A1", "r", FW_SEVERITY_INFO, 0, 0, NOW + 365 * DAY);
        ck_assert_int_eq(fw_store_outbox_hasten(store, NOW), 0);
        size_t len;
        struct fw_outbox_row *rows = due_rows("log", NOW, &len);
        ck_assert_uint_eq(len, 1);
        ck_assert_int_eq(rows->created_usec, NOW);
}
END_TEST

START_TEST(states_have_names)
{
        ck_assert_str_eq(fw_outbox_state_name(FW_OUTBOX_PENDING), "pending");
        ck_assert_str_eq(fw_outbox_state_name(FW_OUTBOX_FAILED), "failed");
}
END_TEST

UNIT_MAIN_WITH("store outbox", set_up, remove_folder, an_alert_has_a_row_for_each_channel_due_now,
               nothing_uncommitted_is_due, the_oldest_come_first_and_not_too_many, a_sent_row_is_done,
               a_retried_row_waits, a_failed_row_is_kept, the_next_due_time_is_that_of_the_channels_asked_for,
               a_row_is_found_by_channel_and_alert, rows_of_channels_that_are_gone_fail,
               a_clock_set_back_delays_nothing, states_have_names)
