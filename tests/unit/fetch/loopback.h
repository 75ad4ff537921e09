/*
 * loopback: a small HTTP server on the test's own event loop. It answers each request with bytes that the test gives,
 * so that an answer may be as wrong, slow or unfinished as the test wants.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/buf.h"
#include "base/str.h"

struct loopback;

/* What to do with one request. */
struct loopback_answer {
        struct fw_buf bytes; /* status line, header, body: sent as they are */
        bool keep_open;      /* do not close after the bytes */
};
/* `request`: everything up to the empty line. `path`: of its first line. */
typedef void loopback_function(void *userdata, struct fw_str path, struct fw_str request,
                               struct loopback_answer *answer);

/* Listens on `address` ("127.0.0.1") at a free port. */
struct loopback *loopback_new(sd_event *event, const char *address, loopback_function *answer, void *userdata);
void loopback_free(struct loopback *loopback);
uint16_t loopback_port(const struct loopback *loopback);
/* Connections ever accepted, and open now. */
unsigned loopback_accepted(const struct loopback *loopback);
unsigned loopback_open(const struct loopback *loopback);
/* Requests that are read and not answered because the test holds them back, and their release in order of arrival. */
void loopback_hold(struct loopback *loopback, bool hold);
unsigned loopback_held(const struct loopback *loopback);
void loopback_release_one(struct loopback *loopback);

/* The value of a request's header, or an empty view. */
struct fw_str loopback_header(struct fw_str request, const char *name);
/* A whole answer with Content-Length; `header_lines` each end with "\r\n". */
void loopback_reply(struct loopback_answer *answer, const char *status, const char *header_lines, struct fw_str body);
