/*
 * fetch: one poll of one feed, over HTTP or from a file, on the event loop. The door of this room, with fetch/manners.h
 * (what an answer means for the feed's state and its next due time) and fetch/schedule.h (which feed is due).
 *
 * The home of libcurl's multi interface (curl_multi_socket_action on the loop: cost per event, not per transfer). It
 * never parses a body. RFC 9110 (HTTP semantics), 9111 (caching).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>

#include "base/buf.h"
#include "base/str.h"
#include "config/config.h"

struct fw_fetch_options {
        struct fw_str user_agent;
        uint32_t concurrency; /* transfers at once */
        uint32_t per_host;
        uint64_t timeout_usec; /* a whole transfer */
        uint64_t connect_timeout_usec;
        uint64_t max_body_bytes;    /* after decompression */
        uint64_t host_spacing_usec; /* least time between the starts of two requests to one host */
        /* What counts as a private address; NULL: fw_address_is_private() (fetch/address.h). */
        bool (*is_private)(const struct sockaddr *address);
};

struct fw_fetch_request {
        struct fw_str url; /* http, https; file only if `allow_file` */
        bool allow_file;
        struct fw_str entity_tag;     /* for If-None-Match, byte for byte; empty: none */
        struct fw_str last_modified;  /* for If-Modified-Since */
        struct fw_str validators_url; /* the `final_url` of the answer they came with: sent to no other; empty: `url` */
        const struct fw_header *headers; /* like `authorization`, they go to no other origin on a redirect */
        size_t headers_len;
        struct fw_str authorization; /* the value of Authorization; empty: none */
};

#define FW_FETCH_OUTCOMES(X)                                                               \
        X(OK, "ok")                     /* 200 with a body */                              \
        X(NOT_MODIFIED, "not modified") /* 304, or a file that did not change */           \
        X(HTTP_ERROR, "HTTP error")     /* any other status */                             \
        X(UNREACHABLE, "unreachable")   /* DNS, connect, TLS */                            \
        X(TIMEOUT, "timeout")                                                              \
        X(TOO_LARGE, "too large")                                                          \
        X(REFUSED, "refused")     /* by us: scheme, redirect target, too many redirects */ \
        X(BROKEN, "broken")       /* the transfer broke off, or could not be decoded */    \
        X(POSTPONED, "postponed") /* not asked: the host wanted a pause (429); `retry_after` has its rest */

enum fw_fetch_outcome {
#define FW_X(name, text) FW_FETCH_##name,
        FW_FETCH_OUTCOMES(FW_X)
#undef FW_X
};
const char *fw_fetch_outcome_name(enum fw_fetch_outcome outcome);

/* The answer. Views are valid during the callback. */
struct fw_fetch_answer {
        enum fw_fetch_outcome outcome;
        struct fw_str reason; /* words: "HTTP 404 Not Found", "cannot connect to 127.0.0.1:81: Connection refused" */
        uint32_t http_status; /* 0: no answer came */
        struct fw_str final_url;
        struct fw_str permanent_url; /* where an unbroken chain of 301/308 from the requested URL leads; empty: none */
        struct fw_str content_type, entity_tag, last_modified; /* as sent; empty: none */
        struct fw_str cache_control, expires, age, date, retry_after;
        struct fw_str body;  /* OK only */
        uint64_t wire_bytes; /* as transferred */
        uint64_t duration_usec;
};

typedef void fw_fetch_done_function(void *userdata, const struct fw_fetch_answer *answer);

struct fw_fetch;
struct fw_transfer;

int fw_fetch_new(sd_event *event, const struct fw_fetch_options *options, struct fw_fetch **ret_fetch);
/* Ends all transfers without calling back. */
struct fw_fetch *fw_fetch_free(struct fw_fetch *fetch);
FW_DEFINE_CLEANUP(struct fw_fetch, fw_fetch_free);
/* The limits from now on; transfers under way keep theirs. */
void fw_fetch_configure(struct fw_fetch *fetch, const struct fw_fetch_options *options);

/*
 * Starts a transfer, or queues it when `concurrency` or `per_host` are taken. `done` is called once, from the event
 * loop, never from inside this function; it may start and cancel other transfers, but not free `fetch`. The request is
 * copied. Negative errno: nothing was started.
 */
int fw_fetch_start(struct fw_fetch *fetch, const struct fw_fetch_request *request, fw_fetch_done_function *done,
                   void *userdata, struct fw_transfer **ret_transfer);
/* Ends a transfer without calling back. */
void fw_fetch_cancel(struct fw_fetch *fetch, struct fw_transfer *transfer);
size_t fw_fetch_active(const struct fw_fetch *fetch);
