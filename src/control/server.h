/*
 * server: the control API, HTTP/1.1 and JSON on a unix socket. docs/api.md describes it. The home of libmicrohttpd,
 * which runs on the daemon's event loop through its epoll descriptor; no thread.
 *
 * This room turns requests into questions to the world below (store, configuration, rule set) and to the daemon, and
 * answers into JSON. Who may connect: the socket's owner and group (mode 0660); the peer's credentials (SO_PEERCRED) go
 * to the log of writing calls.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "alert/delivery.h"
#include "base/clock.h"
#include "base/json.h"
#include "config/config.h"
#include "engine/engine.h"
#include "feed/state.h"
#include "rule/rule.h"
#include "store/store.h"

/* A check of feeds that a client waits for. Owned by the server; the daemon reports to it. */
struct fw_check;

struct fw_check_request {
        const struct fw_str *feeds; /* ids or URLs; none: all that are configured */
        size_t feeds_len;
        bool force;   /* ignore validators and intervals; Retry-After still counts */
        bool dry_run; /* alert nobody, store nothing */
};

/* How the last reload, or the start, went. */
struct fw_reload_outcome {
        bool ok;
        int64_t time_usec;
        struct fw_str messages; /* errors and warnings, rendered without colour; may be empty */
};

struct fw_daemon_facts {
        const char *version; /* "0.1.0" */
        int64_t started_usec;
        const char *state;                 /* "running", "reloading", "stopping" */
        size_t transfers;                  /* under way */
        int64_t next_due_usec;             /* INT64_MAX: nothing scheduled */
        uint64_t polls, new_items, alerts; /* since the start */
        struct fw_reload_outcome reload;
        struct fw_str store_error; /* why the last commit failed, in words; empty: it did not */
};

/* What the server asks of the daemon. All are called from the event loop. */
struct fw_control_world {
        void *userdata;
        /* Commits what is under way. Called before each request is answered, so that no client sees what may still be
         * undone. */
        void (*commit)(void *userdata);
        const struct fw_config *(*config)(void *userdata);
        const struct fw_ruleset *(*ruleset)(void *userdata);
        void (*facts)(void *userdata, struct fw_daemon_facts *ret_facts);
        /* The state of the configured feed with this index. */
        const struct fw_feed_state *(*feed_state)(void *userdata, size_t feed_index);
        struct fw_engine_stats (*engine_stats)(void *userdata);
        /* Starts a check. 0: reports follow (they may already come during this call); negative errno: none will, and
         * `check` must not be used. Unknown feeds were refused before. The request is valid during the call. */
        int (*check)(void *userdata, const struct fw_check_request *request, struct fw_check *check);
        /* The client is gone: `check` must not be used after this returns. Not called after fw_check_end(). */
        void (*check_cancelled)(void *userdata, struct fw_check *check);
        /* Re-reads all files, at once or not at all. */
        int (*reload)(void *userdata, struct fw_reload_outcome *ret_outcome);
        /* Pauses (with a reason) or resumes a feed. 0 or the store's error. */
        int (*set_paused)(void *userdata, size_t feed_index, bool paused, struct fw_str reason);
        /* One writing call, for the log: "reload by uid 1000 (pid 4711)". */
        void (*audit)(void *userdata, const char *what, uid_t uid, pid_t pid);
};

struct fw_control_server;

/*
 * Listens on `socket_path`. A stale socket (nobody answers) is replaced; one that answers gives -EADDRINUSE: another
 * daemon runs. Words in `diag`. With systemd socket activation pass its descriptor in `listen_fd`, else -1. `store` and
 * `delivery` are borrowed.
 */
int fw_control_server_new(sd_event *event, const char *socket_path, int listen_fd, struct fw_store *store,
                          struct fw_delivery *delivery, const struct fw_clock *clock,
                          const struct fw_control_world *world, struct fw_diag *diag,
                          struct fw_control_server **ret_server);
/* Ends all connections (running checks are cancelled), removes the socket. */
struct fw_control_server *fw_control_server_free(struct fw_control_server *server);
FW_DEFINE_CLEANUP(struct fw_control_server, fw_control_server_free);

/* New alerts were committed: goes to every follower of /v1/alerts/stream that waits for it. */
void fw_control_server_alerts_changed(struct fw_control_server *server);
/* Desktop agents following now. */
size_t fw_control_server_agents(const struct fw_control_server *server);

/*
 * One feed of a check is done. `report` (stolen): {"feed":{"id","title","url"},"ok":bool,"status":"ok|not
 * modified|…","reason"?, "http_status","items","new","updated","matches","alerts":[…],"next_due","due_reason"}. "ok":
 * false makes `feedwatch check` fail.
 */
void fw_check_report(struct fw_check *check, json_t *report);
/* All are done: the check is over and must not be used any more. */
void fw_check_end(struct fw_check *check);
