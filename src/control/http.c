/*
 * libmicrohttpd on the event loop.
 *
 * Its epoll descriptor becomes readable when any of its connections is; then MHD_run() does what can be done without
 * waiting. What it wants to do later by itself (close a connection that stalled) comes from MHD_get_timeout().
 *
 * A stream that has nothing to say is suspended, which takes its socket out of libmicrohttpd's epoll set, so that it
 * would not notice the reader's going. So while a stream is open we watch its socket for a hang-up ourselves:
 *
 *     reader asks: queue empty, fill() writes nothing  →  suspend
 *     fw_http_stream_write() or …_wake()               →  resume; the reader callback runs again from MHD_run()
 *     hang-up, or a full queue                         →  the socket is shut down, resume; libmicrohttpd finds it broken and closes
 */
#include "control/http_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* A body beyond the limit is still read (and thrown away) up to this many bytes, so that the client gets to see the
 * 413. */
#define DISCARD_BYTES (8 * FW_LIMIT_HTTP_BODY_BYTES)

/* The loop's default would let a request whose body waits to be read on wait for up to 250 ms. */
#define TIMER_ACCURACY_USEC 1

static void judge_peer(struct fw_http_request *request)
{
        const union MHD_ConnectionInfo *info =
                MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct ucred credentials;
        socklen_t length = sizeof(credentials);
        if (!info || getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) {
                request->status = MHD_HTTP_FORBIDDEN;
                request->problem = "cannot tell who you are";
                return;
        }
        request->peer_uid = credentials.uid;
        request->peer_pid = credentials.pid;
}

static enum MHD_Result judge_query(void *userdata, enum MHD_ValueKind kind fw_unused, const char *key,
                                   const char *value)
{
        struct fw_http_request *request = userdata;
        struct fw_str decoded;
        request->status = MHD_HTTP_BAD_REQUEST;
        request->problem = "the query has a broken percent escape";
        if (fw_http_percent_decode(fw_str_c(value), request->arena, &decoded) < 0)
                return MHD_NO;
        request->problem = "the query has a parameter that this path does not take";
        for (const char *const *known = request->route->query; known && *known; known++) {
                if (strcmp(*known, key) == 0) {
                        request->status = 0;
                        return MHD_YES;
                }
        }
        return MHD_NO;
}

static bool announces_body(const struct fw_http_request *request, uint64_t *ret_bytes)
{
        struct fw_str length = fw_http_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
        *ret_bytes = 0;
        if (!fw_str_empty(length) && fw_str_to_u64(length, ret_bytes) == 0)
                return *ret_bytes > 0;
        return !fw_str_empty(fw_http_header(request, MHD_HTTP_HEADER_TRANSFER_ENCODING));
}

static bool is_json(struct fw_str content_type)
{
        struct fw_str media_type;
        return fw_str_split(&content_type, ';', &media_type) &&
               fw_str_eq_nocase(fw_str_trim(media_type), FW_STR("application/json"));
}

/* All that can be said before the body. */
static void judge_headers(struct fw_http_request *request, bool has_body, uint64_t body_bytes)
{
        judge_peer(request);
        if (request->status == 0)
                (void) MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, judge_query, request);
        if (request->status != 0 || !has_body)
                return;
        if (body_bytes > FW_LIMIT_HTTP_BODY_BYTES) {
                request->status = MHD_HTTP_CONTENT_TOO_LARGE;
                request->problem = "the body is larger than 1 MiB";
        } else if (!is_json(fw_http_header(request, MHD_HTTP_HEADER_CONTENT_TYPE))) {
                request->status = MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
                request->problem = "the body must be JSON, with 'Content-Type: application/json'";
        }
}

static enum MHD_Result take_body(struct fw_http_request *request, const char *bytes, size_t *length)
{
        if (fw_buf_append(&request->body, fw_str_n(bytes, *length)) < 0) {
                request->discarded_bytes += *length;
                request->status = MHD_HTTP_CONTENT_TOO_LARGE;
                request->problem = "the body is larger than 1 MiB";
        }
        *length = 0;
        return request->discarded_bytes > DISCARD_BYTES ? MHD_NO : MHD_YES;
}

/* False if an error was answered. */
static bool parse_body(struct fw_http_request *request)
{
        if (request->body.len == 0) {
                request->json = json_object();
                return true;
        }
        fw_cleanup(fw_freep) char *error = NULL;
        request->json = fw_json_parse(fw_buf_str(&request->body), &error);
        if (json_is_object(request->json))
                return true;
        if (request->json)
                fw_http_answer_error(request, MHD_HTTP_BAD_REQUEST, "the body must be a JSON object");
        else
                fw_http_answer_error(request, MHD_HTTP_BAD_REQUEST, "the body is no JSON: %s", error);
        return false;
}

static void call_handler(struct fw_http_request *request)
{
        const struct fw_http_server *server = request->server;
        if (server->before)
                server->before(server->userdata);
        request->route->handler(server->userdata, request);
}

static enum MHD_Result dispatch(struct fw_http_request *request)
{
        if (request->status != 0)
                fw_http_answer_error(request, request->status, "%s", request->problem);
        else if (parse_body(request))
                call_handler(request);
        return request->answered ? MHD_YES : MHD_NO;
}

static struct fw_http_request *request_new(struct fw_http_server *server, struct MHD_Connection *connection)
{
        struct fw_http_request *request = fw_calloc(1, sizeof(*request));
        request->server = server;
        request->connection = connection;
        request->arena = fw_arena_new();
        fw_buf_init(&request->body, FW_LIMIT_HTTP_BODY_BYTES);
        fw_buf_init(&request->queue, server->queue_bytes);
        return request;
}

/* Called for the headers, then for each piece of the body, then once more. */
static enum MHD_Result on_request(void *userdata, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version fw_unused, const char *upload,
                                  size_t *upload_bytes, void **context)
{
        struct fw_http_request *request = *context;
        if (!request) {
                *context = request = request_new(userdata, connection);
                uint64_t body_bytes;
                bool has_body = announces_body(request, &body_bytes);
                fw_http_route_request(request, method, url);
                if (request->status == 0)
                        judge_headers(request, has_body, body_bytes);
                return has_body && request->status != 0 ? dispatch(request) : MHD_YES;
        }
        if (*upload_bytes > 0)
                return take_body(request, upload, upload_bytes);
        return request->answered ? MHD_YES : dispatch(request);
}

static void on_completed(void *userdata fw_unused, struct MHD_Connection *connection fw_unused, void **context,
                         enum MHD_RequestTerminationCode code fw_unused)
{
        struct fw_http_request *request = *context;
        if (!request)
                return;
        *context = NULL;
        fw_http_stream_close(request);
        (void) fw_arena_free(request->arena);
        json_decref(request->json);
        fw_buf_done(&request->body);
        fw_buf_done(&request->queue);
        free(request);
}

/* Paths are decoded segment by segment, after they were split. */
static size_t keep_escapes(void *userdata fw_unused, struct MHD_Connection *connection fw_unused, char *text)
{
        return strlen(text);
}

static void run(struct fw_http_server *server)
{
        MHD_UNSIGNED_LONG_LONG wait_msec;
        (void) MHD_run(server->daemon);
        if (MHD_get_timeout(server->daemon, &wait_msec) == MHD_YES) {
                (void) sd_event_source_set_time_relative(server->timer, (uint64_t) wait_msec * 1000);
                (void) sd_event_source_set_enabled(server->timer, SD_EVENT_ONESHOT);
        } else {
                (void) sd_event_source_set_enabled(server->timer, SD_EVENT_OFF);
        }
}

static int on_readable(sd_event_source *source fw_unused, int fd fw_unused, uint32_t events fw_unused, void *userdata)
{
        run(userdata);
        return 0;
}

static int on_timer(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        run(userdata);
        return 0;
}

static int on_keep_alive(sd_event_source *source, uint64_t usec fw_unused, void *userdata)
{
        struct fw_http_server *server = userdata;
        for (struct fw_http_request *stream = server->streams; stream; stream = stream->next) {
                if (stream->quiet && stream->suspended)
                        (void) fw_http_stream_write(stream, fw_str_c(stream->stream->keep_alive));
                stream->quiet = true;
        }
        (void) sd_event_source_set_time_relative(source, server->keep_alive_usec);
        return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

void fw_http_server_kick(struct fw_http_server *server)
{
        if (server->stopping)
                return;
        (void) sd_event_source_set_time_relative(server->timer, 0);
        (void) sd_event_source_set_enabled(server->timer, SD_EVENT_ONESHOT);
}

static int start_daemon(struct fw_http_server *server, const struct fw_http_options *options)
{
        unsigned stall_sec = options->stall_sec ? options->stall_sec : FW_LIMIT_HTTP_STALL_SEC;
        server->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, server,
                                          MHD_OPTION_LISTEN_SOCKET, options->listen_fd, MHD_OPTION_NOTIFY_COMPLETED,
                                          on_completed, server, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
                                          MHD_OPTION_CONNECTION_LIMIT, (unsigned) FW_LIMIT_HTTP_CONNECTIONS,
                                          MHD_OPTION_CONNECTION_MEMORY_LIMIT, FW_LIMIT_HTTP_HEADER_BYTES,
                                          MHD_OPTION_CONNECTION_TIMEOUT, stall_sec, MHD_OPTION_END);
        if (!server->daemon) {
                int r = errno > 0 ? -errno : -EIO;
                (void) close(options->listen_fd);
                return r;
        }
        return 0;
}

static int add_sources(struct fw_http_server *server)
{
        const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
        if (!info)
                return -ENOSYS;
        int r = sd_event_add_io(server->event, &server->readable, info->epoll_fd, EPOLLIN, on_readable, server);
        if (r >= 0)
                r = sd_event_add_time_relative(server->event, &server->timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY_USEC,
                                               on_timer, server);
        if (r >= 0)
                r = sd_event_add_time_relative(server->event, &server->keep_alive_timer, CLOCK_MONOTONIC,
                                               server->keep_alive_usec, 0, on_keep_alive, server);
        return r < 0 ? r : 0;
}

int fw_http_server_new(sd_event *event, const struct fw_http_options *options, struct fw_http_server **ret_server)
{
        fw_cleanup(fw_http_server_freep) struct fw_http_server *server = fw_calloc(1, sizeof(*server));
        server->event = sd_event_ref(event);
        server->routes = options->routes;
        server->before = options->before;
        server->userdata = options->userdata;
        server->queue_bytes = options->queue_bytes ? options->queue_bytes : FW_LIMIT_HTTP_QUEUE_BYTES;
        server->keep_alive_usec = options->keep_alive_usec ? options->keep_alive_usec : FW_HTTP_KEEP_ALIVE_USEC;

        int r = start_daemon(server, options);
        if (r == 0)
                r = add_sources(server);
        if (r < 0)
                return r;
        *ret_server = server;
        server = NULL;
        return 0;
}

struct fw_http_server *fw_http_server_free(struct fw_http_server *server)
{
        if (!server)
                return NULL;
        server->stopping = true;
        for (struct fw_http_request *stream = server->streams; stream; stream = stream->next) {
                fw_http_stream_wake(stream); /* libmicrohttpd cannot be stopped while a connection is suspended */
        }
        if (server->daemon)
                MHD_stop_daemon(server->daemon);
        (void) sd_event_source_disable_unref(server->readable);
        (void) sd_event_source_disable_unref(server->timer);
        (void) sd_event_source_disable_unref(server->keep_alive_timer);
        (void) sd_event_unref(server->event);
        free(server);
        return NULL;
}
