/*
 * http: requests and answers on a listening unix socket, on the event loop. The home of libmicrohttpd; knows nothing of
 * feeds.
 *
 * libmicrohttpd is driven through its epoll descriptor; no thread. What it hands over is checked here: method and path
 * (404, 405 with Allow), query names, Content-Type (415), size (413), JSON (400), the peer's credentials. A handler
 * sees a whole, decoded request and answers it once: with JSON, with text, or with a stream.
 *
 * A stream is pulled: `fill` is asked for more when all that was written has gone out, so a slow reader costs no
 * memory. What is written without being asked for waits in a queue of at most `queue_bytes`; beyond, the connection is
 * dropped. A reader that takes nothing for `stall_sec` is dropped too. No reader delays another.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "base/json.h"
#include "base/macros.h"
#include "base/str.h"

/* Connections at once; further ones wait in the socket's backlog. */
#define FW_LIMIT_HTTP_CONNECTIONS 512
/* A request's body: the largest is a check that names its feeds. Beyond: 413. */
#define FW_LIMIT_HTTP_BODY_BYTES ((size_t) 1024 * 1024)
/* Headers and request line. Beyond: libmicrohttpd's own 413, 414 or 431. */
#define FW_LIMIT_HTTP_HEADER_BYTES ((size_t) 32 * 1024)
/* Written to a stream that its reader did not take yet. Beyond: the reader is dropped. */
#define FW_LIMIT_HTTP_QUEUE_BYTES ((size_t) 8 * 1024 * 1024)
/* A connection on which nothing moves, neither requests nor answers. Beyond: closed. */
#define FW_LIMIT_HTTP_STALL_SEC 60u
/* How often an idle stream says that it is alive. */
#define FW_HTTP_KEEP_ALIVE_USEC ((uint64_t) 15 * 1000 * 1000)

/* Placeholders in one path. */
#define FW_HTTP_PARAMETERS 2

struct fw_http_request;
typedef void fw_http_handler_function(void *userdata, struct fw_http_request *request);

struct fw_http_route {
        const char *method;       /* "GET" (HEAD comes with it) or "POST" */
        const char *path;         /* "/v1/feeds/{}/pause"; {} stands for one segment */
        const char *const *query; /* the parameters that it takes, ended by NULL; NULL: none */
        fw_http_handler_function *handler;
};

struct fw_http_options {
        int listen_fd;                      /* taken over */
        const struct fw_http_route *routes; /* ended by a NULL path; borrowed */
        void (*before)(void *userdata);     /* called before each handler; NULL: nothing is to be done */
        void *userdata;                     /* for the handlers */
        size_t queue_bytes;                 /* 0: FW_LIMIT_HTTP_QUEUE_BYTES */
        unsigned stall_sec;                 /* 0: FW_LIMIT_HTTP_STALL_SEC */
        uint64_t keep_alive_usec;           /* 0: FW_HTTP_KEEP_ALIVE_USEC */
};

struct fw_http_server;

/* 0 or a negative errno; the descriptor is closed in either case, at the latest by free. */
int fw_http_server_new(sd_event *event, const struct fw_http_options *options, struct fw_http_server **ret_server);
/* Ends all connections; streams get their `closed` call. */
struct fw_http_server *fw_http_server_free(struct fw_http_server *server);
FW_DEFINE_CLEANUP(struct fw_http_server, fw_http_server_free);

/* ---- the request; views are valid as long as it ---- */

/* What stands for the n-th {} of the path, decoded, not empty. */
struct fw_str fw_http_parameter(const struct fw_http_request *request, size_t index);
/* True if the query has it. */
bool fw_http_query(const struct fw_http_request *request, const char *name, struct fw_str *ret_value);
/* A header's value, or an empty view. */
struct fw_str fw_http_header(const struct fw_http_request *request, const char *name);
/* The object sent, an empty one if none was. Borrowed. */
const json_t *fw_http_body(const struct fw_http_request *request);
/* The process at the other end, when it connected. */
uid_t fw_http_peer_uid(const struct fw_http_request *request);
pid_t fw_http_peer_pid(const struct fw_http_request *request);

/* ---- the answer: exactly one call of these ---- */

/* `body` is stolen. */
void fw_http_answer_json(struct fw_http_request *request, unsigned status, json_t *body);
void fw_http_answer_text(struct fw_http_request *request, unsigned status, const char *content_type,
                         struct fw_str text);
/* {"error":{"status","message"}} */
void fw_http_answer_error(struct fw_http_request *request, unsigned status, const char *format, ...) fw_printf(3, 4);

struct fw_http_stream_handler {
        const char *content_type;
        const char *keep_alive; /* written when nothing else was for a while; means nothing to the reader */
        /* All is gone: write more, or nothing (then it is asked again after fw_http_stream_wake()). May be NULL. */
        void (*fill)(void *userdata, struct fw_http_request *stream);
        /* The connection is gone or the stream ended; the request must not be used after this. Called once. Not NULL.
         * */
        void (*closed)(void *userdata, struct fw_http_request *stream);
};
/* Answers 200 with a stream. What was written before goes first. `handler` is borrowed. */
void fw_http_answer_stream(struct fw_http_request *request, const struct fw_http_stream_handler *handler,
                           void *userdata);
/* 0, or -EMSGSIZE: the reader was too slow, the connection will be closed. */
int fw_http_stream_write(struct fw_http_request *stream, struct fw_str bytes);
/* There may be something for `fill`. */
void fw_http_stream_wake(struct fw_http_request *stream);
/* What was written still goes out, then the stream ends. */
void fw_http_stream_end(struct fw_http_request *stream);
