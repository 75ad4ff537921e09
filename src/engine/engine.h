/*
 * engine: the pool of worker processes that parse and match. The door of this room.
 *
 * A byte from the network is parsed only inside a worker: a process of its own, exec'd, that first compiles the rules,
 * then locks itself in, and then turns jobs into results over a socket pair. Stateless: one that crashes, hangs or eats
 * memory is killed and replaced, its job tried once more in a fresh worker, then given up with a reason; nothing else
 * notices. The daemon checks every length and offset of a result before it believes it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"
#include "feed/feed.h"
#include "rule/record.h"
#include "rule/rule.h"

/* An item that is known already. */
struct fw_known_item {
        struct fw_hash128 key;
        uint64_t content_hash;
};

/* Views: valid until fw_engine_submit() returns, which copies what it needs. */
struct fw_job {
        struct fw_str feed_id, feed_url, feed_title; /* the configuration's: what selectors and `feed:` see */
        const struct fw_str *feed_tags;
        size_t feed_tags_len;
        struct fw_str feed_language; /* the configuration's; wins over what the feed says of itself */
        struct fw_str url;           /* after redirects: the base of relative links */
        struct fw_str content_type;
        struct fw_str body;
        const struct fw_known_item *known;
        size_t known_len;
};

enum fw_item_news {
        FW_ITEM_NEW,
        FW_ITEM_UPDATED, /* known key, other content */
};

struct fw_result_item {
        enum fw_item_news news;
        struct fw_hash128 key;
        uint64_t content_hash;
        uint64_t link_key;
        struct fw_item item;    /* attachments are not handed on */
        struct fw_str language; /* the item's, else the configuration's, else the feed's; may be empty */
        const struct fw_match_record *matches;
        size_t matches_len;
};

enum fw_job_status {
        FW_JOB_DONE,
        FW_JOB_NO_FEED, /* the body is no feed: `error` says what it is */
        FW_JOB_CRASHED, /* twice a worker died over it; `error` says how */
        FW_JOB_TIMEOUT,
        FW_JOB_CANCELLED, /* the engine was shut down */
};

struct fw_result {
        enum fw_job_status status;
        struct fw_str error;                /* words, for the feed's health */
        struct fw_feed feed;                /* DONE: the feed's own data */
        const struct fw_result_item *items; /* new and updated ones, in the order of the document */
        size_t items_len;
        const struct fw_known_item *seen; /* every item of the document */
        size_t seen_len;
        const struct fw_str *limited_rules; /* ids of rules whose evaluation met a limit on some item */
        size_t limited_rules_len;
        struct fw_arena **memory; /* where all of it lives; NULL when there is nothing but `error` */
};

/* Takes over the memory of a result, inside the callback: the result then lives as long as the arena. NULL: it has none. */
static inline struct fw_arena *fw_result_take_memory(const struct fw_result *result)
{
        if (!result->memory)
                return NULL;
        struct fw_arena *memory = *result->memory;
        *result->memory = NULL;
        return memory;
}

/*
 * Called once for each job, from the event loop, never from inside fw_engine_submit(). The result is valid during the
 * call.
 */
typedef void fw_engine_done_function(void *userdata, const struct fw_result *result);

struct fw_engine_options {
        const char *worker_program; /* absolute path of feedwatch-worker */
        unsigned workers;           /* processes at once */
        uint64_t job_timeout_usec;  /* 0: FW_LIMIT_JOB_USEC */
        uint64_t
                memory_bytes; /* what a worker may take beside the rules; 0: FW_LIMIT_JOB_MEMORY_BYTES; no limit under AddressSanitizer */
};

struct fw_engine;

/* `event` is borrowed. No worker is started before there are rules and a job. */
int fw_engine_new(sd_event *event, const struct fw_engine_options *options, struct fw_engine **ret_engine);
/* Kills the workers; open jobs get FW_JOB_CANCELLED before this returns. */
struct fw_engine *fw_engine_free(struct fw_engine *engine);
FW_DEFINE_CLEANUP(struct fw_engine, fw_engine_free);

/*
 * The rules from now on, as fw_rule_bundle_write() gives them (copied into a sealed memory file). Jobs already handed
 * to a worker end with the old ones; workers with old rules end when idle.
 */
int fw_engine_set_rules(struct fw_engine *engine, struct fw_str bundle);
/* Queues a job. 0, or a negative errno when none can be taken (no rules set: -EUNATCH). */
int fw_engine_submit(struct fw_engine *engine, const struct fw_job *job, fw_engine_done_function *done, void *userdata);
size_t fw_engine_pending(const struct fw_engine *engine);

struct fw_engine_stats {
        unsigned workers; /* alive now */
        uint64_t started, crashed, timed_out, jobs;
};
struct fw_engine_stats fw_engine_stats(const struct fw_engine *engine);
