/*
 * http_internal: what the files of the HTTP server share.
 */
#pragma once

#include <microhttpd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "control/http.h"

struct fw_http_server {
        const struct fw_http_route *routes;
        void (*before)(void *userdata);
        void *userdata;
        struct MHD_Daemon *daemon;
        sd_event *event;
        sd_event_source *readable; /* the daemon's epoll descriptor */
        sd_event_source *timer;    /* what the daemon wants to do without being told by a descriptor */
        sd_event_source *keep_alive_timer;
        size_t queue_bytes;
        uint64_t keep_alive_usec;
        struct fw_http_request *streams; /* list of those that are open */
        bool stopping;
};

struct fw_http_request {
        struct fw_http_server *server;
        struct MHD_Connection *connection;
        const struct fw_http_route *route; /* NULL: `status` says why */
        unsigned status;                   /* 0: fine so far */
        const char *problem;               /* words for `status` */
        struct fw_str allow;               /* 405: the methods there are */
        struct fw_arena *arena;            /* of what is decoded */
        struct fw_str parameters[FW_HTTP_PARAMETERS];
        struct fw_buf body;
        size_t discarded_bytes;
        json_t *json;
        uid_t peer_uid;
        pid_t peer_pid;
        bool begun; /* the headers were seen and judged */
        bool answered;

        /* As a stream. */
        const struct fw_http_stream_handler *stream;
        void *stream_userdata;
        struct fw_buf queue;
        size_t queue_taken; /* of its beginning, gone out already */
        bool suspended;     /* libmicrohttpd waits for us */
        bool ended, dropped;
        bool quiet;              /* nothing was written since the last keep-alive */
        sd_event_source *hangup; /* libmicrohttpd does not look at a suspended connection */
        struct fw_http_request *next, *previous;
};

/* Finds the route and decodes the path, or sets status, problem and allow. */
void fw_http_route_request(struct fw_http_request *request, const char *method, const char *path);
/* Decodes %XX of one path segment or query value. -EINVAL for a broken escape or a NUL. */
int fw_http_percent_decode(struct fw_str raw, struct fw_arena *arena, struct fw_str *ret_text);
/* libmicrohttpd has something to do that none of its descriptors tells. */
void fw_http_server_kick(struct fw_http_server *server);
/* Ends a stream's life: `closed` is called. */
void fw_http_stream_close(struct fw_http_request *request);
