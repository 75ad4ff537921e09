/*
 * daemon: the wiring of feedwatchd. Only this folder knows the order of the stages:
 *
 *     schedule → fetch → engine → store and alert → delivery
 *
 * load.c reads the files, feeds.c holds what is watched, poll.c takes one feed through fetch and engine, settle.c commits outcomes in
 * groups, check.c answers clients that asked for a poll, watch.c notices changed files, world.c answers the control server, agent.c keeps
 * the desktop agent, daemon.c makes, runs and ends it all. One object owns everything; every function takes it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "alert/alert.h"
#include "alert/delivery.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/map.h"
#include "base/random.h"
#include "base/vec.h"
#include "config/config.h"
#include "control/server.h"
#include "engine/engine.h"
#include "feed/state.h"
#include "fetch/fetch.h"
#include "fetch/manners.h"
#include "fetch/schedule.h"
#include "rule/rule.h"
#include "store/store.h"

struct fw_daemon_options {
        const char *config_option; /* --config, or NULL */
        const char *socket_option; /* --socket, or NULL: the configuration's */
        bool oneshot;              /* no polling by itself, no service manager; ends when stdin does */
        int ready_fd;              /* gets "READY\n" when the control socket answers; -1: nobody waits */
};

/* Everything that was read from files at one moment; replaced as a whole. */
struct fw_loaded {
        struct fw_diag *diag;
        struct fw_config *config;
        struct fw_config *refused; /* instead of `config`: only what to watch is known */
        struct fw_rule_bundle *bundle;
        struct fw_ruleset *ruleset;
};

struct fw_poll_mode {
        bool force, dry_run;
        struct fw_check_run *check; /* NULL: nobody waits */
};

/* Alerts that a check's report shows of one feed, so that a renewed archive does not fill the memory. Beyond: counted. */
#define FW_LIMIT_REPORTED_ALERTS 1000

/* A configured feed, from its first configuration until a reload drops it. */
struct fw_watched_feed {
        const struct fw_feed_config *config; /* in the running configuration */
        struct fw_feed_state state;          /* as committed; strings in state_memory */
        char *state_memory;
        struct fw_poll *poll;               /* under way; NULL: none */
        FW_VEC(struct fw_poll_mode) queued; /* checks that want another kind of poll than that one, after it */
        bool configured;                    /* used by a reload to find what it drops */
};

/* A client's check that still waits for feeds. */
struct fw_check_run {
        struct fw_check *check; /* NULL: the client is gone */
        size_t waiting;
};

/* One poll of one feed, from its due time to the commit. */
struct fw_poll {
        struct fw_daemon *daemon;
        struct fw_watched_feed *feed; /* NULL: dropped by a reload meanwhile; the outcome goes nowhere */
        struct fw_transfer *transfer; /* NULL once the answer is there */
        struct fw_large *large;       /* its result is being stored in slices */
        sd_event_source *refusal;     /* instead of a transfer: it could not be asked for, and says so from the loop */
        FW_VEC(struct fw_check_run *) checks;
        bool force, dry_run;
        struct fw_arena *arena;        /* holds the answer */
        struct fw_fetch_answer answer; /* without its body */
        uint64_t body_hash, body_bytes;
};

/* What became of a body. */
enum fw_reading {
        FW_NOT_READ, /* none came, or the one that is known */
        FW_READ,
        FW_UNREADABLE,
};

/* A poll's outcome that waits for the group's commit. */
struct fw_settlement {
        struct fw_poll *poll;
        struct fw_feed_state state; /* strings in the poll's arena */
        enum fw_reading reading;
        size_t items, added, updated, matches, alerts_made;
        size_t alerts_counted; /* of these, in the daemon's count already */
        json_t *alerts;        /* the first FW_LIMIT_REPORTED_ALERTS of them */
};

struct fw_daemon {
        const struct fw_daemon_options *options;
        struct fw_paths paths;
        struct fw_clock clock;
        struct fw_random random;
        sd_event *event;

        struct fw_loaded loaded;
        char *reload_messages; /* of the last reload or the start; never NULL */
        bool reload_ok;
        int64_t reload_usec;

        struct fw_store *store;
        struct fw_fetch *fetch;
        struct fw_engine *engine;
        struct fw_delivery *delivery;
        struct fw_control_server *server;

        FW_VEC(struct fw_watched_feed *) feeds; /* in the configuration's order */
        struct fw_map feeds_by_key;             /* bytes of state.key → feed */
        struct fw_schedule *schedule;
        sd_event_source *due_timer;

        FW_VEC(struct fw_settlement) group; /* in the open transaction */
        size_t group_items;                 /* stored in it */
        sd_event_source *commit_source;
        unsigned commit_failures; /* in a row */
        char *store_error;        /* NULL: the last commit succeeded */
        sd_event_source *expire_timer;
        sd_event_source *stop_timer;
        sd_event_source *status_timer; /* a change that came too soon after the last message waits for it */

        struct fw_watch *watch;
        struct fw_agent *agent;

        const char *state_name; /* "running", "reloading", "stopping" */
        int64_t started_usec;
        uint64_t told_usec; /* of `clock`, monotonic: when the service manager was told the status last */
        uint64_t polls, new_items, alerts;
};

/* ---- daemon.c ---- */

/* Runs until told to end. The exit status. */
int fw_daemon_run(const struct fw_daemon_options *options);
/* Begins the end: cancels transfers, commits, leaves the loop. */
void fw_daemon_stop(struct fw_daemon *daemon);
/* Tells the service manager what is going on, in one line. */
void fw_daemon_tell_status(struct fw_daemon *daemon);

/* ---- load.c ---- */

/* Reads everything. 0 or a negative errno; `loaded->diag` has the messages either way. */
int fw_loaded_read(struct fw_loaded *loaded, const struct fw_paths *paths);
void fw_loaded_done(struct fw_loaded *loaded);
/* Makes `loaded` (taken) the running one. What cannot change while running is kept, and a warning says so. */
int fw_daemon_apply(struct fw_daemon *daemon, struct fw_loaded *loaded);
/* Reads the files again: all or nothing. 0, or a negative errno when the old ones stay; daemon->reload_messages says why. */
int fw_daemon_reload(struct fw_daemon *daemon);

/* ---- feeds.c ---- */

/* Brings the watched feeds in line with the configuration: adds, keeps, drops. 0 or the store's error. */
int fw_feeds_sync(struct fw_daemon *daemon, const struct fw_config *config);
void fw_feeds_done(struct fw_daemon *daemon);
/* Takes over a state (copied), and schedules its next due time. */
void fw_feed_keep_state(struct fw_daemon *daemon, struct fw_watched_feed *feed, const struct fw_feed_state *state);
/* Arms the timer for the next due feed. */
void fw_feeds_arm(struct fw_daemon *daemon);
/* The configured title, else the feed's own, else the id. */
struct fw_str fw_feed_title(const struct fw_watched_feed *feed);
/* Logs about one feed, with its id as a journal field. */
void fw_feed_log(const struct fw_watched_feed *feed, int level, const char *format, ...) fw_printf(3, 4);

/* ---- poll.c ---- */

/* Starts a poll, or joins the one that is under way, or waits for its end if that one is of another kind. 0 or a negative errno. */
int fw_poll_start(struct fw_daemon *daemon, struct fw_watched_feed *feed, const struct fw_poll_mode *mode);
/* After a poll's end: starts what waited for it. */
void fw_poll_start_queued(struct fw_daemon *daemon, struct fw_watched_feed *feed);
/* What holds for this feed's polls. */
struct fw_manners fw_poll_manners(const struct fw_config *config, const struct fw_feed_config *feed);
/* The feed goes away, or is another one now: its poll ends without an outcome. `words`: why, for who waits. */
void fw_poll_abandon(struct fw_poll *poll, const char *words);
struct fw_poll *fw_poll_free(struct fw_poll *poll);

/* ---- settle.c ---- */

/* Takes the outcome of a poll into the group. `result` NULL: the body was not read (not modified, unchanged, failed). Owns the poll from now on. */
void fw_settle(struct fw_poll *poll, const struct fw_result *result);
/* Commits the open group now, if there is one. 0 or the store's error (then every feed of it is asked again later). */
int fw_settle_commit(struct fw_daemon *daemon);

/* The last part of an outcome whose items are stored: into the group with it. Owns the settlement from now on. */
void fw_settle_end(struct fw_settlement *settlement, const struct fw_result *result);
/* The outcome could not be stored: the feed says so, and is asked again later. Owns the settlement. */
void fw_settle_failed(struct fw_settlement *settlement);
/* Remembers whether the store can be written, and says so when that changes. */
void fw_settle_note_commit(struct fw_daemon *daemon, int r);
/* Alerts were committed: deliveries begin, followers hear of them. */
void fw_settle_announce(struct fw_daemon *daemon);

/* ---- outcome.c: inside a transaction; 0 or the store's error, which the store keeps for the commit ---- */

/* Items [from, to) of the result with their alerts. */
int fw_outcome_store_items(struct fw_settlement *settlement, const struct fw_result *result, size_t from, size_t to);
/* Only the keys of these, so that they are known if nothing further comes. */
int fw_outcome_store_keys(const struct fw_settlement *settlement, const struct fw_result *result, size_t from,
                          size_t to);
/* Counts the items from `from` on, and stores nothing. */
void fw_outcome_count_items(struct fw_settlement *settlement, const struct fw_result *result, size_t from);
/* All keys, and the feed's new state. `result` NULL: the body was not read. */
int fw_outcome_store_end(struct fw_settlement *settlement, const struct fw_result *result);

/* ---- large.c ---- */

/* Stores the result in slices, then calls fw_settle_end(). Takes the result's memory and the settlement. 0 or a negative errno. */
int fw_large_start(const struct fw_settlement *settlement, const struct fw_result *result);
struct fw_large *fw_large_free(struct fw_large *large);

/* ---- check.c ---- */

/* Tells a check that this feed's poll failed to begin. */
void fw_check_refused(struct fw_check_run *run, const struct fw_watched_feed *feed, const char *words);

int fw_check_start(struct fw_daemon *daemon, const struct fw_check_request *request, struct fw_check *check);
void fw_check_cancelled(struct fw_daemon *daemon, struct fw_check *check);
/* Reports the outcome to all who wait for this poll, and lets them go. */
void fw_check_settled(struct fw_poll *poll, const struct fw_settlement *settlement, const char *failure);

/* ---- watch.c ---- */

/* Watches the files of the running configuration from now on, and those of the one that was refused (or NULL), until it is mended; NULL-safe free. */
void fw_watch_update(struct fw_daemon *daemon, const struct fw_loaded *refused);
struct fw_watch *fw_watch_free(struct fw_watch *watch);

/* ---- world.c ---- */

struct fw_control_world fw_daemon_world(struct fw_daemon *daemon);

/* ---- agent.c ---- */

/* Starts feedwatch-desktop as a child where this is a desktop session and a desktop channel wants it; keeps it running. */
void fw_agent_update(struct fw_daemon *daemon);
struct fw_agent *fw_agent_free(struct fw_agent *agent);
