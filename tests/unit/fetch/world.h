/*
 * world: one test's world: a loop, a server that answers by path, a fetch, and what came back.
 */
#pragma once

#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/vec.h"
#include "fetch/fetch.h"
#include "loopback.h"

#define FEED "<rss version=\"2.0\"><channel><title>t</title></channel></rss>"

struct got {
        enum fw_fetch_outcome outcome;
        uint32_t status;
        char *reason, *final_url, *permanent_url, *content_type, *entity_tag, *last_modified, *cache_control,
                *retry_after;
        char *body;
};

struct world {
        sd_event *event;
        struct loopback *server;
        struct fw_fetch *fetch;
        struct fw_fetch_options options;
        FW_VEC(struct got) answers;
        FW_VEC(char *) requests; /* as servers saw them */
};
extern struct world world;

/* A checked fixture. */
void world_set_up(void);
void world_tear_down(void);
/* Answers like the world's own server. */
loopback_function world_serve;

/* Puts world.options into force. */
void world_configure(void);
/* Starts a request to a path of the server, unless it names a URL. */
struct fw_transfer *start_request(struct fw_fetch_request *request, const char *path);
struct fw_transfer *start(const char *path);
/* Runs the loop until so many answers are there in all. */
void await(size_t count);
/* Runs what is ready, without waiting. */
void run_ready(void);
/* One whole poll. Valid until the next answer. */
const struct got *get(const char *path);
const struct got *get_url(const char *url, bool allow_file);
char *url_of(const struct loopback *loopback, const char *path);
void check_reason(const struct got *got, enum fw_fetch_outcome outcome, const char *reason);
