/*
 * The API over a real store and delivery, with a daemon that does what the test says. All but the requests happens in the loop's thread.
 */
#include "control/server.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "control/client.h"
#include "harness.h"
#include "unit.h"

#define NOW INT64_C(1729758662000000) /* 2024-10-24T08:31:02Z */

static struct harness harness;
static struct fw_control_server *server;
static struct fw_store *store;
static struct fw_delivery *delivery;
static struct fw_ruleset *ruleset;
static struct fw_random random_numbers;
static struct fw_manual_clock manual_clock = { .wall_usec = NOW };
static struct fw_clock test_clock;
static char store_path[128];

/* ---- the daemon ---- */

static const struct fw_feed_config feeds[] = {
        { .id = { "a", 1 }, .url = { "https://a.example/feed", 22 } },
        { .id = { "b", 1 }, .url = { "https://b.example/feed", 22 } },
};
static const struct fw_channel_config channels[] = { { .name = { "desktop", 7 }, .type = FW_CHANNEL_DESKTOP } };
static const struct fw_config test_config = { .feeds = feeds, .feeds_len = 2, .channels = channels, .channels_len = 1 };
static struct fw_feed_state states[2];

static struct daemon {
        enum { CHECK_WAITS, CHECK_AT_ONCE, CHECK_REFUSED } manner;
        struct fw_check *check;
        char asked[64]; /* the feeds of the last check, and its flags */
        int checks_cancelled;
        int cancelled_fd[2]; /* a byte for each */
        struct fw_reload_outcome reload;
        int reload_result, pause_result;
        char audited[128];
} daemon_world;

static void commit(void *userdata fw_unused)
{
}

static const struct fw_config *config(void *userdata fw_unused)
{
        return &test_config;
}

static const struct fw_ruleset *rules(void *userdata fw_unused)
{
        return ruleset;
}

static void facts(void *userdata fw_unused, struct fw_daemon_facts *ret_facts)
{
        *ret_facts = (struct fw_daemon_facts){ .version = "test",
                                               .state = "running",
                                               .started_usec = NOW,
                                               .next_due_usec = INT64_MAX,
                                               .store_error = FW_STR("disk full"),
                                               .reload = { .ok = true, .time_usec = NOW } };
}

static const struct fw_feed_state *feed_state(void *userdata fw_unused, size_t feed_index)
{
        return &states[feed_index];
}

static struct fw_engine_stats engine_stats(void *userdata fw_unused)
{
        return (struct fw_engine_stats){ .workers = 1 };
}

static json_t *report(const char *feed, bool ok)
{
        return json_pack("{s:{s:s},s:b,s:s,s:i,s:i,s:[{s:s}]}", "feed", "id", feed, "ok", ok, "status",
                         ok ? "ok" : "timeout", "new", 3, "matches", 1, "alerts", "id", "X");
}

static int start_check(void *userdata, const struct fw_check_request *request, struct fw_check *check)
{
        struct daemon *daemon = userdata;
        fw_cleanup(fw_buf_done) struct fw_buf asked = FW_BUF_INIT(sizeof(daemon->asked) - 1);
        for (size_t i = 0; i < request->feeds_len; i++)
                (void) fw_buf_printf(&asked, "%.*s ", FW_STR_ARG(request->feeds[i]));
        (void) fw_buf_printf(&asked, "%s%s", request->force ? "force " : "", request->dry_run ? "dry" : "");
        snprintf(daemon->asked, sizeof(daemon->asked), "%s", fw_buf_c(&asked));
        if (daemon->manner == CHECK_REFUSED)
                return -EBUSY;
        daemon->check = check;
        if (daemon->manner == CHECK_AT_ONCE) {
                fw_check_report(check, report("a", true));
                fw_check_report(check, report("b", false));
                fw_check_end(check);
                daemon->check = NULL;
        }
        return 0;
}

static void check_cancelled(void *userdata, struct fw_check *check)
{
        struct daemon *daemon = userdata;
        ck_assert_ptr_eq(check, daemon->check);
        daemon->check = NULL;
        daemon->checks_cancelled++;
        ck_assert_int_eq(write(daemon->cancelled_fd[1], "x", 1), 1);
}

static int reload(void *userdata, struct fw_reload_outcome *ret_outcome)
{
        const struct daemon *daemon = userdata;
        *ret_outcome = daemon->reload;
        return daemon->reload_result;
}

static int set_paused(void *userdata, size_t feed_index, bool paused, struct fw_str reason)
{
        const struct daemon *daemon = userdata;
        states[feed_index].condition = paused ? FW_FEED_IS_PAUSED : FW_FEED_IS_NEW;
        states[feed_index].reason =
                paused && fw_str_eq(reason, FW_STR("paused by hand")) ? FW_STR("paused by hand") : FW_STR_NONE;
        return daemon->pause_result;
}

static void audit(void *userdata, const char *what, uid_t uid, pid_t pid)
{
        struct daemon *daemon = userdata;
        snprintf(daemon->audited, sizeof(daemon->audited), "%s by uid %lu (pid %ld)", what, (unsigned long) uid,
                 (long) pid);
}

static const struct fw_control_world world = {
        .userdata = &daemon_world,
        .commit = commit,
        .config = config,
        .ruleset = rules,
        .facts = facts,
        .feed_state = feed_state,
        .engine_stats = engine_stats,
        .check = start_check,
        .check_cancelled = check_cancelled,
        .reload = reload,
        .set_paused = set_paused,
        .audit = audit,
};

/* ---- fixture ---- */

static void add_alert(void *id)
{
        char json[128];
        snprintf(json, sizeof(json), "{\"id\":\"%s\",\"severity\":\"warning\"}", (const char *) id);
        const struct fw_stored_alert alert = { .id = fw_str_c(id),
                                               .time_usec = NOW,
                                               .kind = FW_STR("match"),
                                               .rule_id = FW_STR("r"),
                                               .severity = FW_SEVERITY_WARNING,
                                               .json = fw_str_c(json) };
        ck_assert_int_eq(fw_store_begin(store), 0);
        ck_assert_int_eq(fw_store_add_alert(store, &alert, &channels[0].name, 1), 0);
        ck_assert_int_eq(fw_store_commit(store), 0);
        if (server)
                fw_control_server_alerts_changed(server);
}

static void compile_rules(void)
{
        const struct fw_rule_file file = {
                .name = FW_STR("rules.yaml"),
                .content = FW_STR("rules: [{id: r, match: troops}, {id: s, match: ships, status: test}]\n")
        };
        const struct fw_rule_sources sources = { .rules = &file, .rules_len = 1 };
        ck_assert_int_eq(fw_ruleset_compile(&sources, NULL, &ruleset), 0);
}

static void set_up(void)
{
        harness_init(&harness);
        snprintf(store_path, sizeof(store_path), "%s/store.db", harness.directory);
        daemon_world = (struct daemon){ .manner = CHECK_WAITS };
        ck_assert_int_eq(pipe(daemon_world.cancelled_fd), 0);
        for (size_t i = 0; i < FW_ARRAY_LEN(states); i++)
                states[i] = (struct fw_feed_state){ .id = feeds[i].id,
                                                    .last_polled_usec = FW_TIME_NONE,
                                                    .last_success_usec = FW_TIME_NONE,
                                                    .next_due_usec = NOW,
                                                    .not_before_usec = FW_TIME_NONE };
        test_clock = fw_clock_manual(&manual_clock);
        fw_random_init_seed(&random_numbers, 1);
        compile_rules();
        ck_assert_int_eq(fw_store_open(store_path, NULL, &store), 0);
        ck_assert_int_eq(fw_delivery_new(harness.event, store, &test_clock, &random_numbers, NULL, NULL, &delivery), 0);
        ck_assert_int_eq(fw_delivery_configure(delivery, &test_config), 0);
        add_alert((void *) (uintptr_t) "01JB0000000000000000000001");
        ck_assert_int_eq(fw_control_server_new(harness.event, harness.path, -1, store, delivery, &test_clock, &world,
                                               NULL, &server),
                         0);
        harness_run(&harness);
}

static void tear_down(void)
{
        harness_stop(&harness);
        server = fw_control_server_free(server);
        ck_assert_ptr_null(daemon_world.check);
        ck_assert_int_eq(access(harness.path, F_OK), -1);
        delivery = fw_delivery_free(delivery);
        store = fw_store_close(store);
        ruleset = fw_ruleset_unref(ruleset);
        (void) close(daemon_world.cancelled_fd[0]);
        (void) close(daemon_world.cancelled_fd[1]);
        fw_cleanup(fw_freep) char *command = fw_asprintf("rm -f %s*", store_path);
        ck_assert_int_eq(system(command), 0);
        harness_done(&harness);
}

/* Asks, and gives the answer's body, of an error too. */
static json_t *ask(const char *method, const char *path, const char *body, long status)
{
        struct fw_client *client = fw_client_new(harness.path);
        json_t *sent = body ? fw_json_parse(fw_str_c(body), NULL) : NULL;
        json_t *answer = NULL;
        int r = fw_client_call(client, method, path, sent, &answer);
        ck_assert_msg(fw_client_status(client) == status, "%s %s: %ld (%d): %s", method, path, fw_client_status(client),
                      r, fw_client_error(client));
        if (r < 0)
                answer = json_deep_copy(fw_client_error_body(client));
        json_decref(sent);
        (void) fw_client_free(client);
        return answer;
}

/* The same; the answer, as one line, holds `part`. */
static void expect(const char *method, const char *path, const char *body, long status, const char *part)
{
        fw_cleanup(fw_json_decrefp) json_t *answer = ask(method, path, body, status);
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_json_append(&text, answer);
        ck_assert_msg(strstr(fw_buf_c(&text), part), "%s %s: '%s' is not in %s", method, path, part, fw_buf_c(&text));
}

/* ---- tests ---- */

START_TEST(status_tells_troubles_and_leaves_out_what_is_not)
{
        states[1].condition = FW_FEED_IS_FAILING;
        expect("GET", "/v1/status", NULL, 200,
               "\"feeds\":{\"configured\":2,\"new\":1,\"ok\":0,\"failing\":1,\"paused\":0,\"gone\":0}");
        expect("GET", "/v1/status", NULL, 200, "\"error\":\"disk full\"");
        expect("GET", "/v1/status", NULL, 200, "\"rules\":2,\"entities\":0");
        fw_cleanup(fw_json_decrefp) json_t *status = ask("GET", "/v1/status", NULL, 200);
        ck_assert_ptr_null(json_object_get(status, "next_due"));
}
END_TEST

START_TEST(rules_have_their_defaults)
{
        expect("GET", "/v1/rules", NULL, 200,
               "{\"id\":\"s\",\"name\":\"s\",\"severity\":\"info\",\"status\":\"test\",\"match\":\"ships\"");
}
END_TEST

START_TEST(a_reload_is_a_success_or_an_error_with_its_reasons)
{
        daemon_world.reload =
                (struct fw_reload_outcome){ .ok = true, .time_usec = NOW, .messages = FW_STR("f:1: warning: hm\n") };
        expect("POST", "/v1/reload", NULL, 200,
               "{\"ok\":true,\"time\":\"2024-10-24T08:31:02Z\",\"messages\":\"f:1: warning: hm\\n\"}");
        daemon_world.reload.ok = false;
        daemon_world.reload_result = -EINVAL;
        expect("POST", "/v1/reload", NULL, 422,
               "\"message\":\"the new configuration was refused; what was running goes on\"");
        expect("POST", "/v1/reload", NULL, 422, "\"diagnostics\":\"f:1: warning: hm\\n\"");
        daemon_world.reload.messages = FW_STR_NONE;
        daemon_world.reload_result = -ENOSPC;
        expect("POST", "/v1/reload", NULL, 422, "\"message\":\"No space left on device\"");
        fw_cleanup(fw_freep) char *by = fw_asprintf("reload by uid %ld (pid %ld)", (long) getuid(), (long) getpid());
        ck_assert_str_eq(daemon_world.audited, by);
}
END_TEST

START_TEST(a_feed_is_paused_and_resumed)
{
        expect("POST", "/v1/feeds/b/pause", NULL, 200, "\"condition\":\"paused\",\"reason\":\"paused by hand\"");
        expect("POST", "/v1/feeds/https%3A%2F%2Fb.example%2Ffeed/resume", NULL, 200, "\"id\":\"b\"");
        daemon_world.pause_result = -EIO;
        expect("POST", "/v1/feeds/b/pause", NULL, 500, "the store failed");
}
END_TEST

static int collect_line(void *userdata, struct fw_str id fw_unused, const json_t *line)
{
        (void) fw_json_append(userdata, line);
        return fw_buf_append_byte(userdata, '\n');
}

START_TEST(a_check_that_is_over_at_once_is_told_whole)
{
        fw_cleanup(fw_client_freep) struct fw_client *client = fw_client_new(harness.path);
        fw_cleanup(fw_buf_done) struct fw_buf lines = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_json_decrefp) json_t *body = json_pack("{s:[s,s,s],s:b,s:b}", "feeds", "b", "a",
                                                             "https://b.example/feed", "force", true, "dry_run", true);
        daemon_world.manner = CHECK_AT_ONCE;
        ck_assert_int_eq(fw_client_stream(client, "POST", "/v1/check", body, collect_line, &lines), 0);
        ck_assert_str_eq(daemon_world.asked, "b a force dry");
        ck_assert_str_eq(fw_buf_c(&lines),
                         "{\"type\":\"start\",\"feeds\":2}\n"
                         "{\"type\":\"feed\",\"feed\":{\"id\":\"a\"},\"ok\":true,\"status\":\"ok\",\"new\":3,"
                         "\"matches\":1,\"alerts\":[{\"id\":\"X\"}]}\n"
                         "{\"type\":\"feed\",\"feed\":{\"id\":\"b\"},\"ok\":false,\"status\":\"timeout\",\"new\":3,"
                         "\"matches\":1,\"alerts\":[{\"id\":\"X\"}]}\n"
                         "{\"type\":\"end\",\"feeds\":2,\"failed\":1,\"new\":6,\"matches\":2,\"alerts\":2}\n");
        ck_assert_int_eq(daemon_world.checks_cancelled, 0);
}
END_TEST

START_TEST(a_check_that_cannot_be_is_an_error)
{
        daemon_world.manner = CHECK_REFUSED;
        expect("POST", "/v1/check", NULL, 503, "cannot check now: Device or resource busy");
        ck_assert_str_eq(daemon_world.asked, "");
}
END_TEST

static int begin_raw_check(struct fw_buf *answer)
{
        static const char request[] = "POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
        int fd = raw_connect(harness.path);
        raw_send(fd, request, strlen(request));
        ck_assert(raw_read_until(fd, "{\"type\":\"start\",\"feeds\":2}\n", answer));
        return fd;
}

static void report_and_end(void *userdata fw_unused)
{
        fw_check_report(daemon_world.check, report("a", true));
        fw_check_end(daemon_world.check);
        daemon_world.check = NULL;
}

START_TEST(a_check_is_reported_as_it_goes)
{
        fw_cleanup(fw_buf_done) struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        int fd = begin_raw_check(&answer);
        harness_call(&harness, report_and_end, NULL);
        ck_assert(raw_read_until(fd, "{\"type\":\"end\",\"feeds\":1,\"failed\":0", &answer));
        ck_assert(raw_read_until(fd, "\r\n0\r\n\r\n", &answer));
        (void) close(fd);
        ck_assert_int_eq(daemon_world.checks_cancelled, 0);
}
END_TEST

START_TEST(a_client_that_goes_cancels_its_check)
{
        fw_cleanup(fw_buf_done) struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        char byte;
        (void) close(begin_raw_check(&answer));
        ck_assert_int_eq(read(daemon_world.cancelled_fd[0], &byte, 1), 1);
        ck_assert_int_eq(daemon_world.checks_cancelled, 1);
}
END_TEST

START_TEST(the_end_of_the_server_cancels_checks_and_ends_streams)
{
        static const char follow[] = "GET /v1/alerts/stream HTTP/1.1\r\nHost: x\r\n\r\n";
        fw_cleanup(fw_buf_done) struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        int check = begin_raw_check(&answer);
        int follower = raw_connect(harness.path);
        raw_send(follower, follow, strlen(follow));
        fw_buf_reset(&answer);
        ck_assert(raw_read_until(follower, "id: 1\n", &answer));
        tear_down();
        ck_assert_int_eq(daemon_world.checks_cancelled, 1);
        raw_read_all(follower, &answer);
        (void) close(check);
        (void) close(follower);
        set_up();
}
END_TEST

static void count_agents(void *userdata)
{
        *(size_t *) userdata = fw_control_server_agents(server);
}

START_TEST(who_follows_a_channel_is_an_agent_of_it)
{
        static const char follow[] = "GET /v1/alerts/stream?after=0&channel=desktop HTTP/1.1\r\nHost: x\r\n\r\n";
        fw_cleanup(fw_buf_done) struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        size_t agents = 0;
        int fd = raw_connect(harness.path);
        raw_send(fd, follow, strlen(follow));
        ck_assert(raw_read_until(fd, "id: 1\nevent: alert\ndata: {\"id\":\"01JB0000000000000000000001\"", &answer));
        harness_call(&harness, count_agents, &agents);
        ck_assert_uint_eq(agents, 1);
        harness_call(&harness, add_alert, (void *) (uintptr_t) "01JB0000000000000000000002");
        ck_assert(raw_read_until(fd, "id: 2\nevent: alert\n", &answer));
        expect("POST", "/v1/alerts/01JB0000000000000000000002/delivered",
               "{\"channel\":\"desktop\",\"answer\":\"seen\"}", 200, "\"channel\":\"desktop\"");
        expect("GET", "/v1/alerts/000002", NULL, 200, "\"state\":\"sent\"");
        expect("POST", "/v1/alerts/01JB0000000000000000000002/delivered", "{\"channel\":\"desktop\"}", 200,
               "\"channel\"");
        expect("POST", "/v1/alerts/01JB0000000000000000000002/delivered", "{\"channel\":\"log\"}", 404,
               "this alert does not go to the channel 'log'");
        expect("GET", "/v1/alerts/01JB", NULL, 409, "several alerts have an id");
        (void) close(fd);
}
END_TEST

UNIT_MAIN_WITH("server", set_up, tear_down, status_tells_troubles_and_leaves_out_what_is_not, rules_have_their_defaults,
               a_reload_is_a_success_or_an_error_with_its_reasons, a_feed_is_paused_and_resumed,
               a_check_that_is_over_at_once_is_told_whole, a_check_that_cannot_be_is_an_error,
               a_check_is_reported_as_it_goes, a_client_that_goes_cancels_its_check,
               the_end_of_the_server_cancels_checks_and_ends_streams, who_follows_a_channel_is_an_agent_of_it)
