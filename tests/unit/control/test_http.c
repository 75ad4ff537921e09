#include "control/http.h"

#include <check.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "control/client.h"
#include "control/socket.h"
#include "harness.h"

static struct harness harness;
static struct fw_listener listener;
static struct fw_http_server *server;
static struct fw_http_request *open_stream; /* of the loop's thread */
static atomic_int streams_closed;
static int closed_pipe[2]; /* a byte for each stream that was closed */

/* ---- what the server serves ---- */

static void echo(void *userdata fw_unused, struct fw_http_request *request)
{
        struct fw_str q = FW_STR_NONE;
        json_t *answer = json_object();
        if (fw_http_query(request, "q", &q))
                fw_json_set(answer, "q", fw_json_str(q));
        fw_json_set(answer, "body", json_deep_copy(fw_http_body(request)));
        fw_json_set_int(answer, "uid", fw_http_peer_uid(request));
        fw_json_set_int(answer, "pid", fw_http_peer_pid(request));
        fw_http_answer_json(request, 200, answer);
}

static void show_parameter(void *userdata fw_unused, struct fw_http_request *request)
{
        fw_http_answer_text(request, 200, "text/plain", fw_http_parameter(request, 0));
}

static void note_closed(void *userdata fw_unused, struct fw_http_request *stream)
{
        if (open_stream == stream)
                open_stream = NULL;
        atomic_fetch_add(&streams_closed, 1);
        ck_assert_int_eq(write(closed_pipe[1], "x", 1), 1);
}

static const struct fw_http_stream_handler pushed = { .content_type = "application/x-ndjson",
                                                      .keep_alive = "\n",
                                                      .closed = note_closed };

static void push_stream(void *userdata fw_unused, struct fw_http_request *request)
{
        open_stream = request;
        (void) fw_http_stream_write(request, FW_STR("{\"n\":0}\n"));
        fw_http_answer_stream(request, &pushed, NULL);
}

/* An endless stream: never is the reader told that there is nothing. */
static void fill_endlessly(void *userdata fw_unused, struct fw_http_request *stream)
{
        (void) fw_http_stream_write(stream, FW_STR("id: 7\ndata: {\"a\":1,\ndata: \"b\":2}\n\n"));
}

static const struct fw_http_stream_handler endless = {
        .content_type = "text/event-stream", .keep_alive = ":\n\n", .fill = fill_endlessly, .closed = note_closed
};

static void endless_stream(void *userdata fw_unused, struct fw_http_request *request)
{
        fw_http_answer_stream(request, &endless, NULL);
}

static void refuse(void *userdata fw_unused, struct fw_http_request *request)
{
        fw_http_answer_error(request, 409, "no: '%s'", "because");
}

static const char *const echo_query[] = { "q", NULL };
static const struct fw_http_route routes[] = {
        { .method = "GET", .path = "/echo", .query = echo_query, .handler = echo },
        { .method = "POST", .path = "/echo", .handler = echo },
        { .method = "GET", .path = "/thing/{}", .handler = show_parameter },
        { .method = "POST", .path = "/thing/{}/do", .handler = show_parameter },
        { .method = "GET", .path = "/push", .handler = push_stream },
        { .method = "GET", .path = "/endless", .handler = endless_stream },
        { .method = "GET", .path = "/refuse", .handler = refuse },
        { 0 },
};

static void set_up_with(size_t queue_bytes, unsigned stall_sec, uint64_t keep_alive_usec)
{
        harness_init(&harness);
        ck_assert_int_eq(pipe(closed_pipe), 0);
        atomic_store(&streams_closed, 0);
        ck_assert_int_eq(fw_listener_open(harness.path, NULL, &listener), 0);
        struct fw_http_options options = { .listen_fd = listener.fd,
                                           .routes = routes,
                                           .queue_bytes = queue_bytes,
                                           .stall_sec = stall_sec,
                                           .keep_alive_usec = keep_alive_usec };
        ck_assert_int_eq(fw_http_server_new(harness.event, &options, &server), 0);
        harness_run(&harness);
}

static void set_up(void)
{
        set_up_with(0, 0, 0);
}

static void set_up_impatient(void)
{
        set_up_with(4096, 1, 20000);
}

static void tear_down(void)
{
        harness_stop(&harness);
        server = fw_http_server_free(server);
        fw_listener_done(&listener);
        harness_done(&harness);
        (void) close(closed_pipe[0]);
        (void) close(closed_pipe[1]);
}

static void await_closed_stream(void)
{
        char byte;
        ck_assert_int_eq(read(closed_pipe[0], &byte, 1), 1);
}

/* ---- requests ---- */

static void expect_answer(const char *request, const char *status, const char *part)
{
        char *answer = raw_exchange(harness.path, request);
        ck_assert_msg(strncmp(answer, "HTTP/1.1 ", 9) == 0 && strncmp(answer + 9, status, strlen(status)) == 0,
                      "for <%s>: wanted %s, got <%s>", request, status, answer);
        ck_assert_msg(strstr(answer, part), "for <%s>: wanted '%s', got <%s>", request, part, answer);
        free(answer);
}

START_TEST(a_request_comes_decoded)
{
        expect_answer("GET /echo?q=a%20b%2Fc+d HTTP/1.1\r\nHost: x\r\n\r\n", "200", "\"q\":\"a b/c d\"");
        expect_answer("GET /thing/https%3A%2F%2Fa.example%2Ff HTTP/1.1\r\nHost: x\r\n\r\n", "200",
                      "\r\n\r\nhttps://a.example/f");
        expect_answer("POST /thing/x/do HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "200", "\r\n\r\nx");
        expect_answer("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; "
                      "charset=utf-8\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
                      "200", "\"body\":{\"a\":1}");
        expect_answer(
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                "3\r\n{\"a\r\n4\r\n\":2}\r\n0\r\n\r\n",
                "200", "\"body\":{\"a\":2}");
}
END_TEST

START_TEST(the_peer_is_known)
{
        char wanted[64];
        (void) snprintf(wanted, sizeof(wanted), "\"uid\":%ld,\"pid\":%ld", (long) getuid(), (long) getpid());
        expect_answer("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", "200", wanted);
}
END_TEST

START_TEST(what_is_wrong_is_answered_in_words)
{
        expect_answer("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", "404", "\"message\":\"there is nothing at this path");
        expect_answer("GET /thing/ HTTP/1.1\r\nHost: x\r\n\r\n", "404", "\"status\":404");
        expect_answer("GET /thing/a/b HTTP/1.1\r\nHost: x\r\n\r\n", "404", "\"status\":404");
        expect_answer("DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n", "405", "Allow: GET, HEAD, POST\r\n");
        expect_answer("PUT /thing/x/do HTTP/1.1\r\nHost: x\r\n\r\n", "405", "Allow: POST\r\n");
        expect_answer("GET /thing/%4 HTTP/1.1\r\nHost: x\r\n\r\n", "400", "broken percent escape");
        expect_answer("GET /thing/a%00b HTTP/1.1\r\nHost: x\r\n\r\n", "400", "broken percent escape");
        expect_answer("GET /echo?q=%zz HTTP/1.1\r\nHost: x\r\n\r\n", "400", "broken percent escape");
        expect_answer("GET /echo?r=1 HTTP/1.1\r\nHost: x\r\n\r\n", "400", "a parameter that this path does not take");
        expect_answer("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
                      "415", "must be JSON");
        expect_answer("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", "415", "must be JSON");
        expect_answer(
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n{",
                "413", "larger than 1 MiB");
        expect_answer("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{a",
                      "400", "the body is no JSON");
        expect_answer("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
                      "400", "must be a JSON object");
        expect_answer("GET /refuse HTTP/1.1\r\nHost: x\r\n\r\n", "409",
                      "{\"error\":{\"status\":409,\"message\":\"no: 'because'\"}}");
}
END_TEST

START_TEST(head_has_no_body)
{
        char *answer = raw_exchange(harness.path, "HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        ck_assert_ptr_nonnull(strstr(answer, "HTTP/1.1 200"));
        ck_assert_str_eq(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
        free(answer);
}
END_TEST

/* At the limit, and one byte beyond, with the length told and not told beforehand. */
START_TEST(a_body_may_have_one_mebibyte)
{
        struct fw_client *client = fw_client_new(harness.path);
        for (int extra = 0; extra < 2; extra++) {
                size_t length = FW_LIMIT_HTTP_BODY_BYTES - strlen("{\"a\":\"\"}") + (size_t) extra;
                char *text = fw_malloc(length);
                memset(text, 'a', length);
                json_t *body = json_pack("{s:o}", "a", json_stringn(text, length));
                ck_assert_int_eq(fw_client_call(client, "POST", "/echo", body, NULL), extra ? -EREMOTEIO : 0);
                ck_assert_int_eq(fw_client_status(client), extra ? 413 : 200);
                json_decref(body);
                free(text);
        }
        (void) fw_client_free(client);

        int fd = raw_connect(harness.path);
        struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        const char *head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: "
                           "chunked\r\n\r\n100001\r\n";
        raw_send(fd, head, strlen(head));
        char *chunk = fw_calloc(1, 0x100001);
        raw_send(fd, chunk, 0x100001);
        raw_send(fd, "\r\n0\r\n\r\n", 7);
        ck_assert(raw_read_until(fd, "HTTP/1.1 413", &answer));
        free(chunk);
        fw_buf_done(&answer);
        (void) close(fd);
}
END_TEST

static void throw(const char *bytes)
{
        int fd = raw_connect(harness.path);
        raw_send(fd, bytes, strlen(bytes));
        (void) close(fd);
}

START_TEST(garbage_hurts_only_itself)
{
        static const char *const garbage[] = {
                "",
                "\r\n\r\n\r\n",
                "GET\r\n\r\n",
                "\x16\x03\x01\x02",
                "GET /echo HTTP/9.9\r\n\r\n",
                "GET /echo HTTP/1.1\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: zz\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                "100\r\n\r\n{\"half\":",
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: "
                "chunked\r\n\r\nzzzz\r\n",
                "GET /push HTTP/1.1\r\nHost: x\r\n",
                "GET /thing/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(garbage); i++)
                throw(garbage[i]);

        char *huge = fw_malloc(2 * FW_LIMIT_HTTP_HEADER_BYTES + 1);
        memset(huge, 'A', 2 * FW_LIMIT_HTTP_HEADER_BYTES);
        huge[2 * FW_LIMIT_HTTP_HEADER_BYTES] = '\0';
        throw(huge);
        free(huge);
        expect_answer("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400", "");
        expect_answer("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", "200", "\"body\":{}");
}
END_TEST

START_TEST(one_connection_serves_many_requests)
{
        struct fw_client *client = fw_client_new(harness.path);
        for (int i = 0; i < 50; i++) {
                json_t *answer = NULL;
                ck_assert_int_eq(fw_client_call(client, "GET", "/echo?q=again", NULL, &answer), 0);
                ck_assert_str_eq(json_string_value(json_object_get(answer, "q")), "again");
                json_decref(answer);
        }
        (void) fw_client_free(client);
}
END_TEST

static void *hammer(void *userdata)
{
        size_t *good = userdata;
        struct fw_client *client = fw_client_new(harness.path);
        for (int i = 0; i < 20; i++) {
                json_t *answer = NULL;
                if (fw_client_call(client, i % 2 ? "POST" : "GET", "/echo", NULL, &answer) == 0)
                        (*good)++;
                json_decref(answer);
        }
        (void) fw_client_free(client);
        return NULL;
}

START_TEST(many_connections_at_once)
{
        pthread_t threads[40];
        size_t good[40] = { 0 };
        for (size_t i = 0; i < FW_ARRAY_LEN(threads); i++)
                ck_assert_int_eq(pthread_create(&threads[i], NULL, hammer, &good[i]), 0);
        for (size_t i = 0; i < FW_ARRAY_LEN(threads); i++) {
                ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
                ck_assert_uint_eq(good[i], 20);
        }
}
END_TEST

/* ---- streams ---- */

static void push_one(void *userdata)
{
        if (open_stream)
                (void) fw_http_stream_write(open_stream, fw_str_c(userdata));
}

static void end_stream(void *userdata fw_unused)
{
        fw_http_stream_end(open_stream);
}

static void is_stream_open(void *userdata)
{
        *(bool *) userdata = open_stream != NULL;
}

static int count_event(void *userdata, struct fw_str id, const json_t *event)
{
        size_t *count = userdata;
        ck_assert(fw_str_empty(id));
        ck_assert_int_eq(json_integer_value(json_object_get(event, "n")), (json_int_t) *count);
        (*count)++;
        if (*count == 1)
                harness_call(&harness, push_one, (void *) (uintptr_t) "{\"n\":1}\n\n{\"n\"");
        if (*count == 2) {
                harness_call(&harness, push_one, (void *) (uintptr_t) ":2}\n");
                harness_call(&harness, end_stream, NULL);
        }
        return 0;
}

START_TEST(a_stream_sends_what_is_pushed_and_ends)
{
        struct fw_client *client = fw_client_new(harness.path);
        size_t count = 0;
        ck_assert_int_eq(fw_client_stream(client, "GET", "/push", NULL, count_event, &count), 0);
        ck_assert_uint_eq(count, 3);
        (void) fw_client_free(client);
        await_closed_stream();
}
END_TEST

START_TEST(a_reader_that_goes_is_noticed_without_anything_being_sent)
{
        int fd = raw_connect(harness.path);
        struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        raw_send(fd, "GET /push HTTP/1.1\r\nHost: x\r\n\r\n", 32);
        ck_assert(raw_read_until(fd, "{\"n\":0}", &answer));
        ck_assert_int_eq(atomic_load(&streams_closed), 0);
        (void) close(fd);
        await_closed_stream();
        bool open = true;
        harness_call(&harness, is_stream_open, &open);
        ck_assert(!open);
        fw_buf_done(&answer);
}
END_TEST

START_TEST(a_reader_that_closes_its_writing_side_still_reads)
{
        int fd = raw_connect(harness.path);
        struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        raw_send(fd, "GET /push HTTP/1.1\r\nHost: x\r\n\r\n", 32);
        ck_assert(raw_read_until(fd, "{\"n\":0}", &answer));
        (void) shutdown(fd, SHUT_WR);
        harness_call(&harness, push_one, (void *) (uintptr_t) "{\"n\":1}\n");
        ck_assert(raw_read_until(fd, "{\"n\":1}", &answer));
        fw_buf_done(&answer);
        (void) close(fd);
        await_closed_stream();
}
END_TEST

START_TEST(an_endless_stream_blocks_nobody)
{
        int slow = raw_connect(harness.path);
        raw_send(slow, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n", 35);
        expect_answer("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", "200", "\"body\":{}");
        int fast = raw_connect(harness.path);
        struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        raw_send(fast, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n", 35);
        while (answer.len < 1000000)
                ck_assert(raw_read_more(fast, &answer));
        fw_buf_done(&answer);
        (void) close(fast);
        (void) close(slow);
}
END_TEST

START_TEST(a_reader_that_takes_nothing_is_dropped)
{
        int fd = raw_connect(harness.path);
        raw_send(fd, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n", 35);
        await_closed_stream();
        (void) close(fd);
}
END_TEST

static void push_until_dropped(void *userdata fw_unused)
{
        static char line[1024];
        memset(line, ' ', sizeof(line));
        for (int i = 0; i < 4; i++)
                ck_assert_int_eq(fw_http_stream_write(open_stream, fw_str_n(line, 1024)), 0);
        ck_assert_int_eq(fw_http_stream_write(open_stream, fw_str_n(line, 1)), -EMSGSIZE);
}

START_TEST(a_full_queue_drops_the_reader)
{
        int fd = raw_connect(harness.path);
        struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        raw_send(fd, "GET /push HTTP/1.1\r\nHost: x\r\n\r\n", 32);
        ck_assert(raw_read_until(fd, "{\"n\":0}\n", &answer));
        harness_call(&harness, push_until_dropped, NULL);
        await_closed_stream();
        fw_buf_done(&answer);
        (void) close(fd);
}
END_TEST

START_TEST(an_idle_stream_says_that_it_is_alive)
{
        int fd = raw_connect(harness.path);
        struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        raw_send(fd, "GET /push HTTP/1.1\r\nHost: x\r\n\r\n", 32);
        ck_assert(raw_read_until(fd, "{\"n\":0}\n", &answer));
        ck_assert(raw_read_until(fd, "\r\n1\r\n\n\r\n1\r\n\n\r\n1\r\n\n", &answer));
        fw_buf_done(&answer);
        (void) close(fd);
}
END_TEST

static int stop_at_third(void *userdata, struct fw_str id, const json_t *event)
{
        size_t *count = userdata;
        ck_assert(fw_str_eq(id, FW_STR("7")));
        ck_assert_int_eq(json_integer_value(json_object_get(event, "b")), 2);
        return ++*count == 3 ? -ECANCELED : 0;
}

START_TEST(a_client_leaves_a_stream_when_it_wants_to)
{
        struct fw_client *client = fw_client_new(harness.path);
        size_t count = 0;
        ck_assert_int_eq(fw_client_stream(client, "GET", "/endless", NULL, stop_at_third, &count), -ECANCELED);
        ck_assert_uint_eq(count, 3);
        (void) fw_client_free(client);
        await_closed_stream();
}
END_TEST

/* ---- the client's words ---- */

START_TEST(a_client_says_what_went_wrong)
{
        struct fw_client *client = fw_client_new(harness.path);
        json_t *answer = NULL;
        ck_assert_int_eq(fw_client_call(client, "GET", "/refuse", NULL, &answer), -EREMOTEIO);
        ck_assert_ptr_null(answer);
        ck_assert_str_eq(fw_client_error(client), "no: 'because'");
        ck_assert_int_eq(fw_client_status(client), 409);
        ck_assert_ptr_nonnull(json_object_get(fw_client_error_body(client), "error"));
        ck_assert_int_eq(fw_client_call(client, "GET", "/thing/text", NULL, &answer), -EPROTO);
        ck_assert_ptr_nonnull(strstr(fw_client_error(client), "does not answer like feedwatchd"));
        size_t count = 0;
        ck_assert_int_eq(fw_client_stream(client, "GET", "/refuse", NULL, count_event, &count), -EREMOTEIO);
        ck_assert_str_eq(fw_client_error(client), "no: 'because'");
        ck_assert_int_eq(fw_client_stream(client, "GET", "/echo", NULL, count_event, &count), -EPROTO);
        (void) fw_client_free(client);
}
END_TEST

START_TEST(a_client_tells_a_missing_daemon)
{
        struct fw_client *client = fw_client_new("/nonexistent/control.sock");
        ck_assert_int_eq(fw_client_call(client, "GET", "/", NULL, NULL), -ECONNREFUSED);
        ck_assert_str_eq(
                fw_client_error(client),
                "feedwatchd is not running: nobody listens at '/nonexistent/control.sock'; start it with "
                "'systemctl start feedwatchd' ('systemctl --user start feedwatchd' for your own), or run 'feedwatchd'");
        size_t count = 0;
        ck_assert_int_eq(fw_client_stream(client, "GET", "/", NULL, count_event, &count), -ECONNREFUSED);
        (void) fw_client_free(client);
}
END_TEST

/* Root may open everything: it becomes nobody. */
static int probe_as_stranger(void)
{
        if (geteuid() == 0 ? setuid(65534) < 0 : chmod(harness.path, 0) < 0)
                return 1;
        struct fw_client *client = fw_client_new(harness.path);
        int r = fw_client_probe(client);
        int call = fw_client_call(client, "GET", "/echo", NULL, NULL);
        bool said = strstr(fw_client_error(client), "you may not open '") &&
                    strstr(fw_client_error(client), ": add yourself to the group '") &&
                    strstr(fw_client_error(client), "and log in again");
        (void) fw_client_free(client);
        return r == -EACCES && call == -EACCES && said ? 0 : 2;
}

START_TEST(a_stranger_is_told_how_to_become_none)
{
        int status;
        pid_t child = fork();
        if (child == 0)
                _exit(probe_as_stranger());
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_daemon_that_listens_is_found_by_a_probe)
{
        struct fw_client *client = fw_client_new(harness.path);
        ck_assert_int_eq(fw_client_probe(client), 0);
        (void) fw_client_free(client);
}
END_TEST

START_TEST(names_are_escaped_for_paths)
{
        char *escaped = fw_client_escape(FW_STR("https://a.example/f?x=1&y=ü"));
        ck_assert_str_eq(escaped, "https%3A%2F%2Fa.example%2Ff%3Fx%3D1%26y%3D%C3%BC");
        free(escaped);
}
END_TEST

int main(void)
{
        Suite *suite = suite_create("http");
        TCase *calm = tcase_create("requests");
        tcase_add_checked_fixture(calm, set_up, tear_down);
        tcase_add_test(calm, a_request_comes_decoded);
        tcase_add_test(calm, the_peer_is_known);
        tcase_add_test(calm, what_is_wrong_is_answered_in_words);
        tcase_add_test(calm, head_has_no_body);
        tcase_add_test(calm, a_body_may_have_one_mebibyte);
        tcase_add_test(calm, garbage_hurts_only_itself);
        tcase_add_test(calm, one_connection_serves_many_requests);
        tcase_add_test(calm, many_connections_at_once);
        tcase_add_test(calm, a_stream_sends_what_is_pushed_and_ends);
        tcase_add_test(calm, a_reader_that_goes_is_noticed_without_anything_being_sent);
        tcase_add_test(calm, a_reader_that_closes_its_writing_side_still_reads);
        tcase_add_test(calm, an_endless_stream_blocks_nobody);
        tcase_add_test(calm, a_client_leaves_a_stream_when_it_wants_to);
        tcase_add_test(calm, a_client_says_what_went_wrong);
        tcase_add_test(calm, a_client_tells_a_missing_daemon);
        tcase_add_test(calm, a_stranger_is_told_how_to_become_none);
        tcase_add_test(calm, a_daemon_that_listens_is_found_by_a_probe);
        tcase_add_test(calm, names_are_escaped_for_paths);
        tcase_set_timeout(calm, 60);
        suite_add_tcase(suite, calm);

        TCase *impatient = tcase_create("an impatient server");
        tcase_add_checked_fixture(impatient, set_up_impatient, tear_down);
        tcase_add_test(impatient, a_reader_that_takes_nothing_is_dropped);
        tcase_add_test(impatient, a_full_queue_drops_the_reader);
        tcase_add_test(impatient, an_idle_stream_says_that_it_is_alive);
        tcase_set_timeout(impatient, 60);
        suite_add_tcase(suite, impatient);

        SRunner *runner = srunner_create(suite);
        srunner_run_all(runner, CK_ENV);
        int failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
