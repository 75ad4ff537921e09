/*
 * What a check refuses to ask, and in which words: over the real control server, whose client is in the same event loop.
 */
#include <jansson.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fixture.h"

#define FEEDS                                                                                                 \
        "feeds: [{id: a, url: 'file:///nowhere/a.xml', interval: 1h}, {id: b, url: 'file:///nowhere/b.xml', " \
        "interval: 2m}]\n"

static struct fw_control_world world;
static int client;
static struct fw_buf answer;

static void set_up_server(void)
{
        set_up();
        load(FEEDS);
        world = fw_daemon_world(&tested);
        const struct fw_fetch_options fetching = {
                .user_agent = FW_STR("test"),
                .concurrency = 1,
                .per_host = 1,
                .timeout_usec = 20 * FW_USEC_PER_SEC,
                .connect_timeout_usec = 10 * FW_USEC_PER_SEC,
                .max_body_bytes = 1024 * 1024,
        };
        ck_assert_int_ge(fw_fetch_new(tested.event, &fetching, &tested.fetch), 0);
        ck_assert_int_ge(fw_delivery_new(tested.event, tested.store, &tested.clock, &tested.random, NULL, NULL,
                                         &tested.delivery),
                         0);
        ck_assert_int_ge(fw_control_server_new(tested.event, "c.sock", -1, tested.store, tested.delivery, &tested.clock,
                                               &world, NULL, &tested.server),
                         0);
        fw_buf_init(&answer, FW_BUF_UNBOUNDED);
}

static void tear_down_server(void)
{
        fw_buf_done(&answer);
        tear_down();
}

static int on_answer(sd_event_source *source, int fd, uint32_t events fw_unused, void *userdata)
{
        char bytes[4096];
        ssize_t n = read(fd, bytes, sizeof(bytes));
        ck_assert_int_ge(n, 0);
        (void) fw_buf_append(&answer, fw_str_n(bytes, (size_t) n));
        if (n == 0) {
                *(bool *) userdata = true;
                ck_assert_int_ge(sd_event_source_set_enabled(source, SD_EVENT_OFF), 0);
        }
        return 0;
}

/* Asks for a check with this body, and runs the loop until the whole answer is there. */
static void ask(const char *body)
{
        const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "c.sock" };
        client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ck_assert_int_ge(client, 0);
        ck_assert_int_eq(connect(client, (const struct sockaddr *) &address, sizeof(address)), 0);
        ck_assert_int_gt(dprintf(client,
                                 "POST /v1/check HTTP/1.0\r\nHost: x\r\nContent-Type: application/json\r\n"
                                 "Content-Length: %zu\r\n\r\n%s",
                                 strlen(body), body),
                         0);
        bool whole = false;
        sd_event_source *source;
        ck_assert_int_ge(sd_event_add_io(tested.event, &source, client, EPOLLIN, on_answer, &whole), 0);
        fw_buf_reset(&answer);
        while (!whole)
                ck_assert_int_ge(sd_event_run(tested.event, UINT64_MAX), 0);
        (void) sd_event_source_disable_unref(source);
        ck_assert_int_eq(close(client), 0);
}

/* The report about this feed in the last answer, or NULL. */
static json_t *report_of(const char *id)
{
        struct fw_str rest = fw_buf_str(&answer), line;
        while (fw_str_split(&rest, '\n', &line)) {
                json_t *value = json_loadb(line.p, line.len, 0, NULL);
                const char *found = json_string_value(json_object_get(json_object_get(value, "feed"), "id"));
                if (found && strcmp(found, id) == 0)
                        return value;
                json_decref(value);
        }
        return NULL;
}

/* The feed was reported with this status, and a reason in which the words stand. */
static void assert_report(const char *id, const char *status, const char *words)
{
        json_t *report = report_of(id);
        ck_assert_msg(report != NULL, "no report about '%s' in: %s", id, fw_buf_c(&answer));
        ck_assert_str_eq(json_string_value(json_object_get(report, "status")), status);
        const char *reason = json_string_value(json_object_get(report, "reason"));
        ck_assert_msg(reason && strstr(reason, words), "'%s' is not in '%s'", words, reason);
        json_decref(report);
}

static struct fw_feed_state polled_state(const char *id, enum fw_feed_condition condition)
{
        struct fw_feed_state state = feed_of(id)->state;
        state.condition = condition;
        state.reason = condition == FW_FEED_IS_OK ? FW_STR_NONE : FW_STR("because I say so");
        state.last_polled_usec = NOW;
        return state;
}

static void keep(const char *id, const struct fw_feed_state *state)
{
        fw_feed_keep_state(&tested, feed_of(id), state);
}

#define ASKED "unreachable" /* there is no such file */

START_TEST(a_new_feed_is_asked)
{
        ask("{\"feeds\":[\"a\"]}");
        assert_report("a", ASKED, "");
        ck_assert_ptr_null(report_of("b"));
        ck_assert_int_eq(feed_of("a")->state.condition, FW_FEED_IS_FAILING);
        ck_assert_int_eq(feed_of("a")->state.last_polled_usec, NOW);
}
END_TEST

START_TEST(a_feed_asked_a_moment_ago_is_not_due)
{
        struct fw_feed_state state = polled_state("a", FW_FEED_IS_OK);
        keep("a", &state);
        fw_manual_clock_advance(&manual_clock, 5 * FW_USEC_PER_MINUTE - FW_USEC_PER_SEC);
        ask("{\"feeds\":[\"a\"]}");
        assert_report("a", "not due", "and at least 5m are kept between polls; --force asks now");
        ask("{\"feeds\":[\"a\"],\"force\":true}");
        assert_report("a", ASKED, "");
}
END_TEST

START_TEST(a_feed_is_asked_again_after_the_least_interval)
{
        struct fw_feed_state state = polled_state("a", FW_FEED_IS_OK);
        keep("a", &state);
        fw_manual_clock_advance(&manual_clock, 5 * FW_USEC_PER_MINUTE);
        ask("{\"feeds\":[\"a\"]}");
        assert_report("a", ASKED, "");
}
END_TEST

START_TEST(a_feeds_own_shorter_interval_is_its_least)
{
        struct fw_feed_state state = polled_state("b", FW_FEED_IS_OK);
        keep("b", &state);
        fw_manual_clock_advance(&manual_clock, FW_USEC_PER_MINUTE);
        ask("{\"feeds\":[\"b\"]}");
        assert_report("b", "not due", "asked 1 min ago, and at least 2m are kept");
        fw_manual_clock_advance(&manual_clock, FW_USEC_PER_MINUTE);
        ask("{\"feeds\":[\"b\"]}");
        assert_report("b", ASKED, "");
}
END_TEST

START_TEST(a_failing_feed_is_asked_at_once)
{
        struct fw_feed_state state = polled_state("a", FW_FEED_IS_FAILING);
        keep("a", &state);
        ask("{\"feeds\":[\"a\"]}");
        assert_report("a", ASKED, "");
}
END_TEST

START_TEST(paused_and_gone_feeds_are_skipped)
{
        struct fw_feed_state paused = polled_state("a", FW_FEED_IS_PAUSED), gone = polled_state("b", FW_FEED_IS_GONE);
        keep("a", &paused);
        keep("b", &gone);
        ask("{}");
        assert_report("a", "skipped", "paused: because I say so; --force asks all the same");
        assert_report("b", "skipped", "gone: because I say so; --force asks all the same");
        ck_assert_int_eq(feed_of("a")->state.last_polled_usec, NOW);
        ck_assert_uint_eq(fw_schedule_len(tested.schedule), 0);
}
END_TEST

START_TEST(retry_after_holds_even_if_forced)
{
        struct fw_feed_state state = polled_state("a", FW_FEED_IS_FAILING);
        state.not_before_usec = NOW + (int64_t) FW_USEC_PER_HOUR;
        keep("a", &state);
        ask("{\"feeds\":[\"a\"],\"force\":true}");
        assert_report("a", "not due", "its server asked not to be asked before ");
        fw_manual_clock_advance(&manual_clock, FW_USEC_PER_HOUR);
        ask("{\"feeds\":[\"a\"]}");
        assert_report("a", ASKED, "");
}
END_TEST

START_TEST(a_dry_run_changes_nothing)
{
        ask("{\"feeds\":[\"a\"],\"dry_run\":true}");
        assert_report("a", ASKED, "");
        ck_assert_int_eq(feed_of("a")->state.condition, FW_FEED_IS_NEW);
        ck_assert_int_eq(feed_of("a")->state.last_polled_usec, FW_TIME_NONE);
        ck_assert(!fw_store_in_transaction(tested.store));
}
END_TEST

START_TEST(a_feed_is_found_by_its_address)
{
        ask("{\"feeds\":[\"file:///nowhere/b.xml\"]}");
        assert_report("b", ASKED, "");
        ck_assert_ptr_null(report_of("a"));
}
END_TEST

UNIT_MAIN_WITH("check", set_up_server, tear_down_server, a_new_feed_is_asked, a_feed_asked_a_moment_ago_is_not_due,
               a_feed_is_asked_again_after_the_least_interval, a_feeds_own_shorter_interval_is_its_least,
               a_failing_feed_is_asked_at_once, paused_and_gone_feeds_are_skipped, retry_after_holds_even_if_forced,
               a_dry_run_changes_nothing, a_feed_is_found_by_its_address)
