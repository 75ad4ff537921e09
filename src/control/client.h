/*
 * client: the other side of the control API, for the command line and the desktop agent. The home of libcurl over the
 * unix socket.
 *
 * Calls are synchronous. A stream comes in two forms: fw_client_stream() runs until it ends; struct fw_stream is one
 * descriptor for any event loop. Both resume where the caller says.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "base/str.h"

/* An answer, or one event of a stream. Beyond: -EPROTO. */
#define FW_LIMIT_CLIENT_ANSWER_BYTES ((size_t) 256 * 1024 * 1024)
/* A call that takes longer fails with -ETIMEDOUT, and so does a stream on which nothing comes for so long (the server
 * says that it is alive every 15 s). A reload compiles all rules, which is what takes longest. */
#define FW_CLIENT_TIMEOUT_SEC 60

struct fw_client;

/* Does not connect yet. `socket_path` is copied. */
struct fw_client *fw_client_new(const char *socket_path);
struct fw_client *fw_client_free(struct fw_client *client);
FW_DEFINE_CLEANUP(struct fw_client, fw_client_free);

/* What went wrong with the last call, in words for people: "feedwatchd is not running: nobody listens at …". */
const char *fw_client_error(const struct fw_client *client);
/* The body of the last -EREMOTEIO, NULL if it had none. Borrowed, until the next call. */
const json_t *fw_client_error_body(const struct fw_client *client);
/* The HTTP status of the last answer; 0 if none came. */
long fw_client_status(const struct fw_client *client);

/* Whether a daemon listens: 0; -ECONNREFUSED or -EACCES, with words. */
int fw_client_probe(struct fw_client *client);

/*
 * One request. 0 and the parsed body (may be JSON null; `ret_body` may be NULL) for a 2xx; -ECONNREFUSED when no daemon
 * listens; -EACCES when the socket may not be opened; -ETIMEDOUT; -EREMOTEIO for an error answer, whose message is in
 * fw_client_error(); -EPROTO for nonsense. `body`: NULL for none; not stolen.
 */
int fw_client_call(struct fw_client *client, const char *method, const char *path, const json_t *body,
                   json_t **ret_body);

/*
 * Gets each event of a stream, be it JSON lines (application/x-ndjson) or server-sent events. `event_id`: the event's
 * (server-sent events), or empty. 0 to go on; a negative errno ends the stream and comes back from the function that
 * runs it.
 */
typedef int fw_client_event_function(void *userdata, struct fw_str event_id, const json_t *event);
/* 0 when the server ended the stream; errors as above, -EPIPE when it broke off. */
int fw_client_stream(struct fw_client *client, const char *method, const char *path, const json_t *body,
                     fw_client_event_function *on_event, void *userdata);

/* A stream for an event loop. */
struct fw_stream;

struct fw_stream_request {
        const char *method, *path;
        const json_t *body;          /* NULL: none */
        struct fw_str last_event_id; /* resume after it; empty: as the path says */
        fw_client_event_function *on_event;
        void *userdata;
};
/* Connects in the background. `request` may go; the client must outlive the stream and tells its errors. */
struct fw_stream *fw_stream_open(struct fw_client *client, const struct fw_stream_request *request);
struct fw_stream *fw_stream_free(struct fw_stream *stream);
FW_DEFINE_CLEANUP(struct fw_stream, fw_stream_free);
/* Readable when fw_stream_process() has something to do. */
int fw_stream_fd(const struct fw_stream *stream);
/* Handles what there is without waiting; calls `on_event`. 1: goes on; otherwise it is over: 0 or an error as above. */
int fw_stream_process(struct fw_stream *stream);

/* Where a next stream would go on: the id that came last, with an event or without; empty if none did. Valid until the
 * next call. */
struct fw_str fw_stream_last_event_id(const struct fw_stream *stream);

/* Percent-encodes one path segment or query value. Free with free(). */
char *fw_client_escape(struct fw_str s);
