#include "fetch/manners.h"

#include "unit.h"

#define MINUTE ((int64_t) FW_USEC_PER_MINUTE)
#define HOUR   ((int64_t) FW_USEC_PER_HOUR)
#define NOW    ((int64_t) 1729762262 * 1000000) /* Thu 2024-10-24T09:31:02Z */

static struct fw_arena *arena;
static struct fw_random fate;
static struct fw_feed_state state;
static struct fw_manners manners;

static void set_up(void)
{
        arena = fw_arena_new();
        fw_random_init_seed(&fate, 7);
        manners = (struct fw_manners){ .interval_usec = 15 * FW_USEC_PER_MINUTE,
                                       .min_interval_usec = 5 * FW_USEC_PER_MINUTE,
                                       .max_interval_usec = 6 * FW_USEC_PER_HOUR,
                                       .moved_after_polls = 5 };
        state = (struct fw_feed_state){ .url = FW_STR("http://a/feed"),
                                        .first_polled_usec = FW_TIME_NONE,
                                        .last_polled_usec = FW_TIME_NONE,
                                        .last_success_usec = FW_TIME_NONE,
                                        .last_complete_usec = FW_TIME_NONE,
                                        .not_before_usec = FW_TIME_NONE };
}

static void tear_down(void)
{
        (void) fw_arena_free(arena);
}

static void apply_at(const struct fw_fetch_answer *answer, const struct fw_feed *feed, const char *no_feed,
                     int64_t now_usec)
{
        fw_manners_apply(&state, &manners, answer, feed, fw_str_c(no_feed), now_usec, &fate, arena);
}

static void apply(const struct fw_fetch_answer *answer)
{
        apply_at(answer, NULL, NULL, NOW);
}

static struct fw_fetch_answer ok_answer(void)
{
        return (struct fw_fetch_answer){ .outcome = FW_FETCH_OK,
                                         .reason = FW_STR("HTTP 200 OK"),
                                         .http_status = 200,
                                         .final_url = FW_STR("http://a/feed"),
                                         .entity_tag = FW_STR("\"1\""),
                                         .last_modified = FW_STR("then") };
}

static struct fw_fetch_answer error_answer(uint32_t status, const char *reason)
{
        return (struct fw_fetch_answer){ .outcome = FW_FETCH_HTTP_ERROR,
                                         .reason = fw_str_c(reason),
                                         .http_status = status,
                                         .final_url = FW_STR("http://a/feed") };
}

START_TEST(a_read_feed_is_ok_and_due_after_its_interval)
{
        struct fw_fetch_answer answer = ok_answer();
        struct fw_feed feed = { .title = FW_STR("T"), .home_page_url = FW_STR("http://a/"), .malformed = FW_STR("m") };
        apply_at(&answer, &feed, NULL, NOW);
        ck_assert_int_eq(state.condition, FW_FEED_IS_OK);
        ck_assert_uint_eq(state.http_status, 200);
        ck_assert_int_eq(state.first_polled_usec, NOW);
        ck_assert_int_eq(state.last_polled_usec, NOW);
        ck_assert_int_eq(state.last_success_usec, NOW);
        ck_assert_int_eq(state.last_complete_usec, NOW);
        ck_assert_int_eq(state.next_due_usec, NOW + 15 * MINUTE);
        assert_text(state.due_reason, "every 15m");
        assert_text(state.title, "T");
        assert_text(state.malformed, "m");
        assert_text(state.entity_tag, "\"1\"");
        assert_text(state.last_modified, "then");
        assert_text(state.validators_url, "http://a/feed");
}
END_TEST

START_TEST(an_unchanged_feed_keeps_what_is_known_of_it)
{
        struct fw_fetch_answer answer = ok_answer();
        struct fw_feed feed = { .title = FW_STR("T"), .ttl_minutes = 30 };
        apply_at(&answer, &feed, NULL, NOW);
        struct fw_fetch_answer unchanged = { .outcome = FW_FETCH_NOT_MODIFIED,
                                             .http_status = 304,
                                             .final_url = FW_STR("http://elsewhere/") };
        apply_at(&unchanged, NULL, NULL, NOW + HOUR);
        ck_assert_int_eq(state.first_polled_usec, NOW);
        ck_assert_int_eq(state.last_complete_usec, NOW + HOUR);
        ck_assert_int_eq(state.next_due_usec, NOW + HOUR + 30 * MINUTE);
        assert_text(state.title, "T");
        assert_text(state.entity_tag, "\"1\"");
        assert_text(state.validators_url, "http://a/feed");
        unchanged.entity_tag = FW_STR("\"2\"");
        apply(&unchanged);
        assert_text(state.entity_tag, "\"2\"");
        assert_text(state.last_modified, "then");
}
END_TEST

START_TEST(validators_of_the_last_body_only_are_kept)
{
        struct fw_fetch_answer answer = ok_answer();
        apply(&answer);
        answer.entity_tag = FW_STR_NONE;
        apply(&answer);
        assert_text(state.entity_tag, "");
        assert_text(state.last_modified, "then");
}
END_TEST

START_TEST(a_body_that_is_no_feed_is_a_failure_and_leaves_the_validators)
{
        struct fw_fetch_answer answer = ok_answer();
        apply(&answer);
        answer.entity_tag = FW_STR("\"html\"");
        apply_at(&answer, NULL, "an HTML page", NOW + HOUR);
        ck_assert_int_eq(state.condition, FW_FEED_IS_FAILING);
        assert_text(state.reason, "an HTML page");
        assert_text(state.entity_tag, "\"1\"");
        ck_assert_int_eq(state.last_success_usec, NOW);
        ck_assert_uint_eq(state.failures, 1);
        apply(&(struct fw_fetch_answer){ .outcome = FW_FETCH_NOT_MODIFIED, .http_status = 304 });
        ck_assert_int_eq(state.condition, FW_FEED_IS_OK);
        ck_assert_uint_eq(state.failures, 0);
        assert_text(state.reason, "");
}
END_TEST

START_TEST(the_publisher_can_slow_us_down_but_not_speed_us_up)
{
        struct fw_fetch_answer answer = ok_answer();
        answer.cache_control = FW_STR("max-age=60");
        apply(&answer);
        ck_assert_int_eq(state.next_due_usec, NOW + 15 * MINUTE);
        answer.cache_control = FW_STR("max-age=3600");
        apply(&answer);
        ck_assert_int_eq(state.next_due_usec, NOW + HOUR);
        assert_text(state.due_reason, "slowed by the publisher: max-age 1h");
        answer.cache_control = FW_STR("max-age=31536000");
        apply(&answer);
        ck_assert_int_eq(state.next_due_usec, NOW + 6 * HOUR);
        answer.cache_control = FW_STR_NONE;
        answer.expires = FW_STR("Thu, 24 Oct 2024 10:31:02 GMT");
        apply(&answer);
        ck_assert_int_eq(state.next_due_usec, NOW + HOUR);
        assert_text(state.due_reason, "slowed by the publisher: Expires in 1h");
}
END_TEST

START_TEST(the_longest_wish_of_the_feed_wins)
{
        struct fw_fetch_answer answer = ok_answer();
        struct fw_feed feed = { .ttl_minutes = 60, .update_period_minutes = 120 };
        answer.cache_control = FW_STR("max-age=1800");
        apply_at(&answer, &feed, NULL, NOW);
        ck_assert_int_eq(state.next_due_usec, NOW + 2 * HOUR);
        assert_text(state.due_reason, "slowed by the publisher: updatePeriod 2h");
        feed.update_period_minutes = 0;
        apply_at(&answer, &feed, NULL, NOW);
        assert_text(state.due_reason, "slowed by the publisher: ttl 1h");
        feed = (struct fw_feed){ .expired = true };
        apply_at(&answer, &feed, NULL, NOW);
        ck_assert_int_eq(state.next_due_usec, NOW + 6 * HOUR);
        assert_text(state.due_reason, "slowed by the publisher: the feed has ended; asked every 6h");
}
END_TEST

START_TEST(an_interval_above_the_maximum_is_the_users_will)
{
        struct fw_fetch_answer answer = ok_answer();
        manners.interval_usec = 12 * FW_USEC_PER_HOUR;
        answer.cache_control = FW_STR("max-age=31536000");
        apply(&answer);
        ck_assert_int_eq(state.next_due_usec, NOW + 12 * HOUR);
        assert_text(state.due_reason, "every 12h");
}
END_TEST

START_TEST(skipped_hours_and_days_are_waited_out)
{
        struct fw_fetch_answer answer = ok_answer();
        struct fw_feed feed = { .skip_hours = 1u << 9 | 1u << 10 };
        int64_t eleven = NOW - 31 * MINUTE - 2000000 + 2 * HOUR;
        apply_at(&answer, &feed, NULL, NOW);
        ck_assert_int_ge(state.next_due_usec, eleven);
        ck_assert_int_lt(state.next_due_usec, eleven + 2 * MINUTE);
        assert_text(state.due_reason, "slowed by the publisher: skipHours or skipDays");

        feed = (struct fw_feed){ .skip_days = 1u << 4 };
        apply_at(&answer, &feed, NULL, NOW);
        ck_assert_int_ge(state.next_due_usec, eleven + 13 * HOUR);
        ck_assert_int_lt(state.next_due_usec, eleven + 13 * HOUR + 2 * MINUTE);

        feed = (struct fw_feed){ .skip_days = 0x7f };
        apply_at(&answer, &feed, NULL, NOW);
        ck_assert_int_eq(state.next_due_usec, NOW + 15 * MINUTE);
}
END_TEST

START_TEST(failures_back_off_to_a_cap_and_for_ever)
{
        struct fw_fetch_answer answer = error_answer(404, "HTTP 404 Not Found");
        for (unsigned i = 1; i <= 1000; i++) {
                apply(&answer);
                uint64_t full = fw_backoff_delay_usec(i, manners.interval_usec, manners.max_interval_usec, 0);
                ck_assert_int_le(state.next_due_usec, NOW + (int64_t) full);
                ck_assert_int_ge(state.next_due_usec, NOW + (int64_t) full / 2);
                if (i == 1)
                        ck_assert(fw_str_starts(state.due_reason, FW_STR("failed once; next try after ")));
        }
        ck_assert_int_eq(state.condition, FW_FEED_IS_FAILING);
        ck_assert_uint_eq(state.failures, 1000);
        ck_assert_uint_eq(state.http_status, 404);
        assert_text(state.reason, "HTTP 404 Not Found");
        ck_assert(fw_str_starts(state.due_reason, FW_STR("failed 1000 times in a row; next try after ")));
        ck_assert_int_eq(state.first_polled_usec, FW_TIME_NONE);
        ck_assert_int_eq(state.last_polled_usec, NOW);
}
END_TEST

START_TEST(retry_after_is_kept_for_forced_checks_too)
{
        struct fw_fetch_answer answer = error_answer(503, "HTTP 503 Service Unavailable");
        answer.retry_after = FW_STR("7200");
        apply(&answer);
        ck_assert_int_eq(state.not_before_usec, NOW + 2 * HOUR);
        ck_assert_int_ge(state.next_due_usec, NOW + 2 * HOUR);
        assert_text(state.due_reason, "the server asked for a pause of 2h");
        answer = ok_answer();
        apply(&answer);
        ck_assert(state.not_before_usec == FW_TIME_NONE);
}
END_TEST

START_TEST(a_short_retry_after_does_not_shorten_the_back_off)
{
        struct fw_fetch_answer answer = error_answer(429, "HTTP 429 Too Many Requests");
        answer.retry_after = FW_STR("1");
        apply(&answer);
        ck_assert_int_ge(state.next_due_usec, NOW + 5 * MINUTE);
}
END_TEST

START_TEST(a_postponed_poll_blames_nobody)
{
        struct fw_fetch_answer answer = ok_answer();
        apply(&answer);
        struct fw_fetch_answer postponed = { .outcome = FW_FETCH_POSTPONED,
                                             .reason = FW_STR("a asked for a pause, which lasts another 2 min"),
                                             .retry_after = FW_STR("120") };
        apply_at(&postponed, NULL, NULL, NOW + HOUR);
        ck_assert_int_eq(state.condition, FW_FEED_IS_OK);
        ck_assert_uint_eq(state.failures, 0);
        ck_assert_uint_eq(state.http_status, 200);
        ck_assert_int_eq(state.last_polled_usec, NOW);
        ck_assert_int_ge(state.next_due_usec, NOW + HOUR + 2 * MINUTE);
        ck_assert_int_le(state.next_due_usec, NOW + HOUR + 4 * MINUTE);
        assert_text(state.due_reason, "a asked for a pause, which lasts another 2 min");
}
END_TEST

START_TEST(a_410_ends_polling_until_the_feed_answers_again)
{
        struct fw_fetch_answer answer = error_answer(410, "HTTP 410 Gone");
        apply(&answer);
        ck_assert_int_eq(state.condition, FW_FEED_IS_GONE);
        ck_assert(state.next_due_usec == FW_TIME_NONE);
        assert_text(state.reason, "HTTP 410 Gone");
        answer = ok_answer();
        apply(&answer);
        ck_assert_int_eq(state.condition, FW_FEED_IS_OK);
        ck_assert_int_eq(state.next_due_usec, NOW + 15 * MINUTE);
}
END_TEST

START_TEST(a_paused_feed_stays_paused)
{
        struct fw_fetch_answer answer = ok_answer();
        state.condition = FW_FEED_IS_PAUSED;
        state.reason = FW_STR("by hand");
        apply(&answer);
        ck_assert_int_eq(state.condition, FW_FEED_IS_PAUSED);
        answer = error_answer(404, "HTTP 404 Not Found");
        apply(&answer);
        ck_assert_int_eq(state.condition, FW_FEED_IS_PAUSED);
        assert_text(state.reason, "by hand");
        ck_assert_uint_eq(state.failures, 1);
}
END_TEST

static void poll_that_moved(const char *to, unsigned times)
{
        struct fw_fetch_answer answer = ok_answer();
        answer.permanent_url = fw_str_c(to);
        for (unsigned i = 0; i < times; i++)
                apply(&answer);
}

START_TEST(a_move_counts_after_five_polls_in_a_row)
{
        poll_that_moved("http://b/", 4);
        assert_text(fw_manners_url(&state, &manners), "http://a/feed");
        poll_that_moved("http://c/", 1);
        ck_assert_uint_eq(state.moved_polls, 1);
        poll_that_moved("http://b/", 4);
        poll_that_moved(NULL, 1);
        assert_text(state.moved_url, "");
        poll_that_moved("http://b/", 5);
        assert_text(fw_manners_url(&state, &manners), "http://b/");
        poll_that_moved(NULL, 3);
        assert_text(fw_manners_url(&state, &manners), "http://b/");
}
END_TEST

START_TEST(a_move_to_a_dead_address_is_taken_back)
{
        poll_that_moved("http://b/", 5);
        struct fw_fetch_answer answer = error_answer(404, "HTTP 404 Not Found");
        for (int i = 0; i < 4; i++)
                apply(&answer);
        assert_text(fw_manners_url(&state, &manners), "http://b/");
        apply(&answer);
        assert_text(fw_manners_url(&state, &manners), "http://a/feed");
}
END_TEST

START_TEST(first_polls_are_spread_but_few_feeds_start_at_once)
{
        for (int i = 0; i < 1000; i++) {
                int64_t due = fw_manners_first_due(&manners, 10, NOW, &fate);
                ck_assert_int_ge(due, NOW);
                ck_assert_int_lt(due, NOW + 500000);
                due = fw_manners_first_due(&manners, 1000000, NOW, &fate);
                ck_assert_int_ge(due, NOW);
                ck_assert_int_lt(due, NOW + 15 * MINUTE);
        }
        ck_assert_int_eq(fw_manners_first_due(&manners, 0, NOW, &fate), NOW);
}
END_TEST

UNIT_MAIN_WITH("manners", set_up, tear_down, a_read_feed_is_ok_and_due_after_its_interval,
               an_unchanged_feed_keeps_what_is_known_of_it, validators_of_the_last_body_only_are_kept,
               a_body_that_is_no_feed_is_a_failure_and_leaves_the_validators,
               the_publisher_can_slow_us_down_but_not_speed_us_up, the_longest_wish_of_the_feed_wins,
               an_interval_above_the_maximum_is_the_users_will, skipped_hours_and_days_are_waited_out,
               failures_back_off_to_a_cap_and_for_ever, retry_after_is_kept_for_forced_checks_too,
               a_short_retry_after_does_not_shorten_the_back_off, a_postponed_poll_blames_nobody,
               a_410_ends_polling_until_the_feed_answers_again, a_paused_feed_stays_paused,
               a_move_counts_after_five_polls_in_a_row, a_move_to_a_dead_address_is_taken_back,
               first_polls_are_spread_but_few_feeds_start_at_once)
