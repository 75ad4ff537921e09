/*
 * api: what the files of the control API share. Each file answers for one kind of thing; server.c has the table of
 * paths.
 */
#pragma once

#include "base/arena.h"
#include "base/vec.h"
#include "control/http.h"
#include "control/server.h"
#include "control/socket.h"

struct fw_follower;

struct fw_control_server {
        struct fw_control_world world;
        struct fw_store *store;
        struct fw_delivery *delivery;
        const struct fw_clock *clock;
        struct fw_listener listener;
        struct fw_http_server *http;
        FW_VEC(struct fw_follower *) followers;
};

/* status and reload */
fw_http_handler_function fw_api_status;
fw_http_handler_function fw_api_reload;
fw_http_handler_function fw_api_metrics;
/* feeds */
fw_http_handler_function fw_api_feeds;
fw_http_handler_function fw_api_feed;
fw_http_handler_function fw_api_feed_pause;
fw_http_handler_function fw_api_feed_resume;
fw_http_handler_function fw_api_check;
/* rules */
fw_http_handler_function fw_api_rules;
/* alerts */
fw_http_handler_function fw_api_alerts;
fw_http_handler_function fw_api_alert;
fw_http_handler_function fw_api_alert_delivered;
fw_http_handler_function fw_api_alert_stream;

/* Parameters that lists and the stream share; false if one is wrong (answered). */
bool fw_api_read_time(struct fw_http_request *request, const char *name, int64_t *ret_usec);
bool fw_api_read_number(struct fw_http_request *request, const char *name, uint64_t max, uint64_t *ret_number);

/* 500 with the store's words. */
void fw_api_store_failed(struct fw_control_server *server, struct fw_http_request *request);
/* The index of the feed with this id or URL, or SIZE_MAX: then 404 with the nearest name was answered. */
size_t fw_api_find_feed(struct fw_control_server *server, struct fw_http_request *request, struct fw_str id_or_url);
/* A line for the log: "reload by uid …". */
void fw_api_audit(struct fw_control_server *server, const struct fw_http_request *request, const char *format, ...)
        fw_printf(3, 4);
/* Commits what is under way; called before each handler. `userdata`: the server. */
void fw_api_commit(void *userdata);
/* The feeds of each condition, by enum fw_feed_condition. */
#define FW_FEED_CONDITIONS_LEN (FW_FEED_IS_GONE + 1)
void fw_api_count_conditions(struct fw_control_server *server, size_t ret_counts[FW_FEED_CONDITIONS_LEN]);
