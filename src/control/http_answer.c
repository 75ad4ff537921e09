#include "control/http_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* ---- the request ---- */

struct fw_str fw_http_parameter(const struct fw_http_request *request, size_t index)
{
        return request->parameters[index];
}

bool fw_http_query(const struct fw_http_request *request, const char *name, struct fw_str *ret_value)
{
        const char *value = NULL;
        size_t length = 0;
        if (MHD_lookup_connection_value_n(request->connection, MHD_GET_ARGUMENT_KIND, name, strlen(name), &value,
                                          &length) != MHD_YES)
                return false;
        return fw_http_percent_decode(fw_str_n(value, length), request->arena, ret_value) == 0;
}

struct fw_str fw_http_header(const struct fw_http_request *request, const char *name)
{
        return fw_str_c(MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name));
}

const json_t *fw_http_body(const struct fw_http_request *request)
{
        return request->json;
}

uid_t fw_http_peer_uid(const struct fw_http_request *request)
{
        return request->peer_uid;
}

pid_t fw_http_peer_pid(const struct fw_http_request *request)
{
        return request->peer_pid;
}

/* ---- whole answers ---- */

static void queue_answer(struct fw_http_request *request, unsigned status, const char *content_type,
                         struct MHD_Response *response)
{
        (void) MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
        (void) MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
        if (status == MHD_HTTP_METHOD_NOT_ALLOWED && !fw_str_empty(request->allow))
                (void) MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, request->allow.p);
        request->answered = MHD_queue_response(request->connection, status, response) == MHD_YES;
        MHD_destroy_response(response);
}

/* Takes the buffer's content. */
static void answer_buffer(struct fw_http_request *request, unsigned status, const char *content_type,
                          struct fw_buf *content)
{
        size_t length = content->len;
        struct MHD_Response *response =
                length > 0 ? MHD_create_response_from_buffer(length, fw_buf_steal(content), MHD_RESPMEM_MUST_FREE)
                           : MHD_create_response_from_buffer(0, (void *) (uintptr_t) "", MHD_RESPMEM_PERSISTENT);
        if (!response)
                fw_out_of_memory(length);
        queue_answer(request, status, content_type, response);
}

void fw_http_answer_json(struct fw_http_request *request, unsigned status, json_t *body)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_json_append(&text, body);
        (void) fw_buf_append_byte(&text, '\n');
        json_decref(body);
        answer_buffer(request, status, "application/json", &text);
}

void fw_http_answer_text(struct fw_http_request *request, unsigned status, const char *content_type, struct fw_str text)
{
        fw_cleanup(fw_buf_done) struct fw_buf copy = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append(&copy, text);
        answer_buffer(request, status, content_type, &copy);
}

void fw_http_answer_error(struct fw_http_request *request, unsigned status, const char *format, ...)
{
        fw_cleanup(fw_buf_done) struct fw_buf message = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&message, format, args);
        va_end(args);

        json_t *error = json_object();
        fw_json_set_int(error, "status", status);
        fw_json_set(error, "message", fw_json_str(fw_buf_str(&message)));
        json_t *body = json_object();
        fw_json_set(body, "error", error);
        fw_http_answer_json(request, status, body);
}

/* ---- streams ---- */

static void resume(struct fw_http_request *stream)
{
        if (!stream->suspended)
                return;
        stream->suspended = false;
        MHD_resume_connection(stream->connection);
        fw_http_server_kick(stream->server);
}

static int socket_of(const struct fw_http_request *stream)
{
        const union MHD_ConnectionInfo *info =
                MHD_get_connection_info(stream->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        return info ? info->connect_fd : -1;
}

/* libmicrohttpd finds a broken connection at its next look, even if it waits for the reader to take something. */
static void drop(struct fw_http_request *stream)
{
        stream->dropped = true;
        (void) shutdown(socket_of(stream), SHUT_RDWR);
        resume(stream);
}

/* libmicrohttpd can send: what is queued, else what fill() gives, else wait. */
static ssize_t on_read(void *userdata, uint64_t position fw_unused, char *out, size_t room)
{
        struct fw_http_request *stream = userdata;
        if (stream->dropped)
                return MHD_CONTENT_READER_END_WITH_ERROR;
        if (stream->queue.len == 0 && !stream->ended && stream->stream->fill)
                stream->stream->fill(stream->stream_userdata, stream);

        size_t waiting = stream->queue.len - stream->queue_taken;
        if (waiting > 0) {
                size_t part = FW_MIN(waiting, room);
                memcpy(out, stream->queue.p + stream->queue_taken, part);
                stream->queue_taken += part;
                if (part == waiting) {
                        fw_buf_reset(&stream->queue);
                        stream->queue_taken = 0;
                }
                return (ssize_t) part;
        }
        if (stream->ended)
                return MHD_CONTENT_READER_END_OF_STREAM;
        stream->suspended = true;
        MHD_suspend_connection(stream->connection);
        return 0;
}

static int on_hangup(sd_event_source *source, int fd fw_unused, uint32_t events fw_unused, void *userdata)
{
        struct fw_http_request *stream = userdata;
        drop(stream);
        return sd_event_source_set_enabled(source, SD_EVENT_OFF);
}

void fw_http_answer_stream(struct fw_http_request *request, const struct fw_http_stream_handler *handler,
                           void *userdata)
{
        struct fw_http_server *server = request->server;
        request->stream = handler;
        request->stream_userdata = userdata;
        request->next = server->streams;
        if (server->streams)
                server->streams->previous = request;
        server->streams = request;
        (void) sd_event_add_io(server->event, &request->hangup, socket_of(request), EPOLLHUP | EPOLLERR, on_hangup,
                               request);

        struct MHD_Response *response = MHD_create_response_from_callback(
                MHD_SIZE_UNKNOWN, FW_LIMIT_HTTP_HEADER_BYTES / 2, on_read, request, NULL);
        if (!response)
                fw_out_of_memory(FW_LIMIT_HTTP_HEADER_BYTES);
        queue_answer(request, MHD_HTTP_OK, handler->content_type, response);
}

void fw_http_stream_close(struct fw_http_request *request)
{
        struct fw_http_server *server = request->server;
        if (!request->stream)
                return;
        (void) sd_event_source_disable_unref(request->hangup);
        if (request->previous)
                request->previous->next = request->next;
        else
                server->streams = request->next;
        if (request->next)
                request->next->previous = request->previous;
        request->stream->closed(request->stream_userdata, request);
        request->stream = NULL;
}

int fw_http_stream_write(struct fw_http_request *stream, struct fw_str bytes)
{
        stream->quiet = false;
        if (stream->queue_taken > stream->queue.len / 2) {
                fw_buf_consume(&stream->queue, stream->queue_taken);
                stream->queue_taken = 0;
        }
        int r = fw_buf_append(&stream->queue, bytes);
        if (r < 0)
                drop(stream);
        else
                resume(stream);
        return r;
}

void fw_http_stream_wake(struct fw_http_request *stream)
{
        resume(stream);
}

void fw_http_stream_end(struct fw_http_request *stream)
{
        stream->ended = true;
        resume(stream);
}
