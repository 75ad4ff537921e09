/*
 * A stream as one descriptor: libcurl's multi interface tells which sockets and which time it waits for; both go into
 * an epoll set of our own, whose descriptor is readable when there is something to do. So any event loop can watch it.
 */
#include "control/client_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/file.h"
#include "base/macros.h"
#include "control/events.h"

/* Kept of an error answer. */
#define ERROR_ANSWER_BYTES ((size_t) 1024 * 1024)

struct fw_stream {
        struct fw_client *client;
        struct fw_exchange exchange;
        CURLM *multi;
        CURL *easy;
        int epoll_fd, timer_fd;
        struct fw_event_parser parser;
        bool parser_ready; /* the answer is a 2xx of a known form */
        struct fw_buf error_answer;
        fw_client_event_function *on_event;
        void *userdata;
        int stopped;   /* what `on_event` or the parser returned */
        bool nonsense; /* an event that is no JSON, an unknown Content-Type */
};

static int on_socket(CURL *easy fw_unused, curl_socket_t fd, int what, void *userdata, void *known)
{
        struct fw_stream *stream = userdata;
        if (what == CURL_POLL_REMOVE) {
                (void) epoll_ctl(stream->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
                return 0;
        }
        struct epoll_event wanted = { .data.fd = fd };
        if (what & CURL_POLL_IN)
                wanted.events |= EPOLLIN;
        if (what & CURL_POLL_OUT)
                wanted.events |= EPOLLOUT;
        (void) epoll_ctl(stream->epoll_fd, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &wanted);
        (void) curl_multi_assign(stream->multi, fd, stream);
        return 0;
}

static int on_timeout(CURLM *multi fw_unused, long msec, void *userdata)
{
        struct fw_stream *stream = userdata;
        struct itimerspec when = { 0 };
        if (msec >= 0) {
                when.it_value.tv_sec = msec / 1000;
                when.it_value.tv_nsec = msec % 1000 * 1000000 + 1; /* zero would disarm it */
        }
        (void) timerfd_settime(stream->timer_fd, 0, &when, NULL);
        return 0;
}

static int on_data(void *userdata, struct fw_str id, struct fw_str data)
{
        struct fw_stream *stream = userdata;
        json_t *event = fw_json_parse(data, NULL);
        if (!event) {
                stream->nonsense = true;
                return -EPROTO;
        }
        int r = stream->on_event(stream->userdata, id, event);
        json_decref(event);
        return r;
}

static bool begin_parsing(struct fw_stream *stream)
{
        const char *type = NULL;
        (void) curl_easy_getinfo(stream->easy, CURLINFO_CONTENT_TYPE, &type);
        bool sse = type && fw_str_starts_nocase(fw_str_c(type), FW_STR("text/event-stream"));
        if (!sse && !(type && fw_str_starts_nocase(fw_str_c(type), FW_STR("application/x-ndjson"))))
                return false;
        fw_event_parser_init(&stream->parser, sse ? FW_EVENTS_SSE : FW_EVENTS_LINES, FW_LIMIT_CLIENT_ANSWER_BYTES,
                             on_data, stream);
        stream->parser_ready = true;
        return true;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *userdata)
{
        struct fw_stream *stream = userdata;
        struct fw_str piece = fw_str_n(bytes, size * count);
        long status = 0;
        (void) curl_easy_getinfo(stream->easy, CURLINFO_RESPONSE_CODE, &status);
        if (status < 200 || status >= 300)
                return fw_buf_append(&stream->error_answer, piece) == 0 ? piece.len : 0;
        if (!stream->parser_ready && !begin_parsing(stream)) {
                stream->nonsense = true;
                return 0;
        }
        stream->stopped = fw_event_parser_feed(&stream->parser, piece);
        return stream->stopped == 0 ? piece.len : 0;
}

static void set_options(struct fw_stream *stream)
{
        (void) curl_easy_setopt(stream->easy, CURLOPT_WRITEFUNCTION, on_bytes);
        (void) curl_easy_setopt(stream->easy, CURLOPT_WRITEDATA, stream);
        (void) curl_easy_setopt(stream->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        (void) curl_easy_setopt(stream->easy, CURLOPT_LOW_SPEED_TIME, (long) FW_CLIENT_TIMEOUT_SEC);
        (void) curl_multi_setopt(stream->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
        (void) curl_multi_setopt(stream->multi, CURLMOPT_SOCKETDATA, stream);
        (void) curl_multi_setopt(stream->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
        (void) curl_multi_setopt(stream->multi, CURLMOPT_TIMERDATA, stream);
}

struct fw_stream *fw_stream_open(struct fw_client *client, const struct fw_stream_request *request)
{
        struct fw_stream *stream = fw_calloc(1, sizeof(*stream));
        stream->client = client;
        stream->on_event = request->on_event;
        stream->userdata = request->userdata;
        fw_buf_init(&stream->error_answer, ERROR_ANSWER_BYTES);
        stream->easy = curl_easy_init();
        stream->multi = curl_multi_init();
        stream->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
        stream->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
        struct epoll_event timer = { .events = EPOLLIN, .data.fd = stream->timer_fd };
        if (!stream->easy || !stream->multi || epoll_ctl(stream->epoll_fd, EPOLL_CTL_ADD, stream->timer_fd, &timer) < 0)
                fw_out_of_memory(sizeof(*stream));

        fw_client_begin(client);
        fw_exchange_init(&stream->exchange, client, stream->easy, request->method, request->path, request->body,
                         request->last_event_id);
        set_options(stream);
        (void) curl_multi_add_handle(stream->multi, stream->easy);
        return stream;
}

struct fw_stream *fw_stream_free(struct fw_stream *stream)
{
        if (!stream)
                return NULL;
        (void) curl_multi_remove_handle(stream->multi, stream->easy);
        curl_easy_cleanup(stream->easy);
        (void) curl_multi_cleanup(stream->multi);
        fw_exchange_done(&stream->exchange);
        if (stream->parser_ready)
                fw_event_parser_done(&stream->parser);
        fw_buf_done(&stream->error_answer);
        fw_closep(&stream->timer_fd);
        fw_closep(&stream->epoll_fd);
        free(stream);
        return NULL;
}

struct fw_str fw_stream_last_event_id(const struct fw_stream *stream)
{
        return stream->parser_ready ? fw_buf_str(&stream->parser.id) : FW_STR_NONE;
}

int fw_stream_fd(const struct fw_stream *stream)
{
        return stream->epoll_fd;
}

static void act(struct fw_stream *stream, const struct epoll_event *event)
{
        int running;
        if (event->data.fd == stream->timer_fd) {
                uint64_t times;
                if (read(stream->timer_fd, &times, sizeof(times)) == (ssize_t) sizeof(times))
                        (void) curl_multi_socket_action(stream->multi, CURL_SOCKET_TIMEOUT, 0, &running);
                return;
        }
        int mask = 0;
        if (event->events & EPOLLIN)
                mask |= CURL_CSELECT_IN;
        if (event->events & EPOLLOUT)
                mask |= CURL_CSELECT_OUT;
        if (event->events & (EPOLLERR | EPOLLHUP))
                mask |= CURL_CSELECT_ERR;
        (void) curl_multi_socket_action(stream->multi, event->data.fd, mask, &running);
}

static int judge_end(struct fw_stream *stream, CURLcode code)
{
        if (stream->nonsense)
                return fw_client_nonsense(stream->client, "its stream is not in a form that we know");
        if (stream->stopped != 0)
                return stream->stopped;
        return fw_client_judge(stream->client, stream->easy, code, fw_buf_str(&stream->error_answer));
}

int fw_stream_process(struct fw_stream *stream)
{
        struct epoll_event events[8];
        int count = epoll_wait(stream->epoll_fd, events, (int) FW_ARRAY_LEN(events), 0);
        for (int i = 0; i < count; i++)
                act(stream, &events[i]);

        int left;
        const CURLMsg *message = curl_multi_info_read(stream->multi, &left);
        return message && message->msg == CURLMSG_DONE ? judge_end(stream, message->data.result) : 1;
}

int fw_client_stream(struct fw_client *client, const char *method, const char *path, const json_t *body,
                     fw_client_event_function *on_event, void *userdata)
{
        struct fw_stream_request request = {
                .method = method, .path = path, .body = body, .on_event = on_event, .userdata = userdata
        };
        fw_cleanup(fw_stream_freep) struct fw_stream *stream = fw_stream_open(client, &request);
        struct pollfd wait = { .fd = fw_stream_fd(stream), .events = POLLIN };
        int r;
        do {
                (void) poll(&wait, 1, -1);
                r = fw_stream_process(stream);
        } while (r == 1);
        return r;
}
