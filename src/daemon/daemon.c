/*
 * daemon: made, run, ended.
 */
#include "daemon/daemon.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

/* What has been committed and can be delivered now still is, for so long, before the end. Below the 5 s that an end may take. */
#define LAST_DELIVERIES_USEC (2 * FW_USEC_PER_SEC)

#define EXPIRE_EVERY_USEC FW_USEC_PER_HOUR
#define EXPIRE_PAUSE_USEC (100 * FW_USEC_PER_MSEC)
#define EXPIRE_STEP       100

#define STATUS_LEAST_USEC FW_USEC_PER_SEC

/* ---- the service manager ---- */

static int on_status_time(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        fw_daemon_tell_status(userdata);
        return 0;
}

/* Tells it as soon as the last message is old enough. */
static void tell_status_later(struct fw_daemon *daemon)
{
        int enabled = SD_EVENT_OFF;
        if (daemon->status_timer)
                (void) sd_event_source_get_enabled(daemon->status_timer, &enabled);
        if (enabled != SD_EVENT_OFF)
                return;
        daemon->status_timer = sd_event_source_disable_unref(daemon->status_timer);
        int r = sd_event_add_time(daemon->event, &daemon->status_timer, CLOCK_BOOTTIME,
                                  daemon->told_usec + STATUS_LEAST_USEC, 0, on_status_time, daemon);
        if (r < 0)
                fw_log(FW_LOG_WARNING, r, "cannot set a timer for the status");
}

void fw_daemon_tell_status(struct fw_daemon *daemon)
{
        if (daemon->options->oneshot || strcmp(daemon->state_name, "stopping") == 0)
                return;
        uint64_t now_usec = fw_clock_monotonic(&daemon->clock);
        if (daemon->told_usec && now_usec < daemon->told_usec + STATUS_LEAST_USEC) {
                tell_status_later(daemon);
                return;
        }
        daemon->told_usec = now_usec;
        size_t failing = 0;
        for (size_t i = 0; i < daemon->feeds.len; i++)
                failing += daemon->feeds.p[i]->state.condition == FW_FEED_IS_FAILING;
        (void) sd_notifyf(0,
                          "STATUS=feeds: %zu (failing: %zu), rules: %zu; since the start: polls %" PRIu64
                          ", new items %" PRIu64 ", alerts %" PRIu64 "%s%s",
                          daemon->feeds.len, failing, fw_ruleset_len(daemon->loaded.ruleset), daemon->polls,
                          daemon->new_items, daemon->alerts, daemon->store_error ? "; " : "",
                          daemon->store_error ? daemon->store_error : "");
}

static void reload_on_request(struct fw_daemon *daemon)
{
        (void) fw_daemon_reload(daemon); /* what went wrong is logged, and `status` shows it */
        fw_delivery_reopen(daemon->delivery);
}

/* ---- the end ---- */

static int on_stop_time(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        struct fw_daemon *daemon = userdata;
        return sd_event_exit(daemon->event, 0);
}

static int on_post(sd_event_source *source fw_unused, void *userdata)
{
        struct fw_daemon *daemon = userdata;
        if (fw_delivery_idle(daemon->delivery))
                (void) sd_event_exit(daemon->event, 0);
        return 0;
}

void fw_daemon_stop(struct fw_daemon *daemon)
{
        if (strcmp(daemon->state_name, "stopping") == 0)
                return;
        daemon->state_name = "stopping";
        (void) sd_notify(0, "STOPPING=1\nSTATUS=ending");
        if (daemon->due_timer)
                (void) sd_event_source_set_enabled(daemon->due_timer, SD_EVENT_OFF);
        (void) fw_settle_commit(daemon);

        uint64_t now_usec;
        (void) sd_event_now(daemon->event, CLOCK_MONOTONIC, &now_usec);
        int r = sd_event_add_time(daemon->event, &daemon->stop_timer, CLOCK_MONOTONIC, now_usec + LAST_DELIVERIES_USEC,
                                  0, on_stop_time, daemon);
        if (r >= 0)
                r = sd_event_add_post(daemon->event, NULL, on_post, daemon);
        if (r < 0 || fw_delivery_idle(daemon->delivery))
                (void) sd_event_exit(daemon->event, 0);
}

static int on_signal(sd_event_source *source fw_unused, const struct signalfd_siginfo *info, void *userdata)
{
        struct fw_daemon *daemon = userdata;
        if (info->ssi_signo == SIGHUP) {
                reload_on_request(daemon);
                return 0;
        }
        fw_log(FW_LOG_NOTICE, 0, "ending, as told by %s", info->ssi_signo == SIGTERM ? "SIGTERM" : "SIGINT");
        fw_daemon_stop(daemon);
        return 0;
}

/* In one-shot mode standard input is the leash: its end is ours. */
static int on_stdin(sd_event_source *source, int fd, uint32_t events fw_unused, void *userdata)
{
        char ignored[64];
        ssize_t n = read(fd, ignored, sizeof(ignored));
        if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
                return 0;
        (void) sd_event_source_set_enabled(source, SD_EVENT_OFF);
        fw_daemon_stop(userdata);
        return 0;
}

/* ---- retention ---- */

static int on_expire(sd_event_source *source, uint64_t usec, void *userdata)
{
        struct fw_daemon *daemon = userdata;
        const struct fw_config *config = daemon->loaded.config;
        int64_t now_usec = fw_clock_wall(&daemon->clock);
        bool more = false;
        (void) fw_settle_commit(daemon);
        int r = fw_store_expire(daemon->store, now_usec - (int64_t) config->keep_items_usec,
                                now_usec - (int64_t) config->keep_alerts_usec, EXPIRE_STEP, &more);
        if (r < 0)
                fw_log(FW_LOG_WARNING, 0, "cannot remove what is too old: %s; tried again in an hour",
                       fw_store_error(daemon->store));
        (void) sd_event_source_set_time(source, usec + (r >= 0 && more ? EXPIRE_PAUSE_USEC : EXPIRE_EVERY_USEC));
        return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* ---- making it ---- */

static void on_delivery_news(void *userdata fw_unused, enum fw_delivery_news news, struct fw_str channel,
                             struct fw_str words)
{
        switch (news) {
        case FW_DELIVERY_FAILING:
                fw_log(FW_LOG_WARNING, 0, "channel '%.*s' fails: %.*s; tried again for 24 hours", FW_STR_ARG(channel),
                       FW_STR_ARG(words));
                break;
        case FW_DELIVERY_RECOVERED:
                fw_log(FW_LOG_NOTICE, 0, "channel '%.*s' works again", FW_STR_ARG(channel));
                break;
        case FW_DELIVERY_GAVE_UP:
                fw_log(FW_LOG_ERROR, 0,
                       "channel '%.*s': an alert was given up: %.*s; 'feedwatch alerts list --failed' shows it",
                       FW_STR_ARG(channel), FW_STR_ARG(words));
                break;
        }
}

/* Errors look as in 'feedwatch rules lint'; only in the journal each line has its level. */
static void say(const struct fw_diag *diag, enum fw_log_level level)
{
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_render_all(diag, isatty(STDERR_FILENO) && !getenv("NO_COLOR"), &words);
        if (!getenv("JOURNAL_STREAM")) {
                fputs(fw_buf_c(&words), stderr);
                return;
        }
        struct fw_str rest = fw_buf_str(&words), line;
        while (fw_str_split(&rest, '\n', &line))
                fw_log(level, 0, "%.*s", FW_STR_ARG(line));
}

static int make_event_loop(struct fw_daemon *daemon)
{
        sigset_t taken;
        sigemptyset(&taken);
        for (size_t i = 0; i < 4; i++)
                sigaddset(&taken, (const int[]){ SIGTERM, SIGINT, SIGHUP, SIGCHLD }[i]);
        if (sigprocmask(SIG_BLOCK, &taken, NULL) < 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
                return -errno;

        int r = sd_event_new(&daemon->event);
        for (size_t i = 0; i < 3 && r >= 0; i++)
                r = sd_event_add_signal(daemon->event, NULL, (const int[]){ SIGTERM, SIGINT, SIGHUP }[i], on_signal,
                                        daemon);
        if (r >= 0 && daemon->options->oneshot)
                r = sd_event_add_io(daemon->event, NULL, STDIN_FILENO, EPOLLIN | EPOLLHUP, on_stdin, daemon);
        if (r >= 0)
                r = sd_event_set_watchdog(daemon->event, true);
        return r < 0 ? r : 0;
}

static int open_store(struct fw_daemon *daemon, const struct fw_config *config, struct fw_diag *diag)
{
        fw_cleanup(fw_freep) char *path = fw_strndup(config->store_path.p, config->store_path.len);
        fw_cleanup(fw_freep) char *folder = fw_path_parent(path);
        int r = fw_mkdir_all(folder, 0700);
        if (r < 0) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "cannot make the folder '%s' for the database: %s", folder,
                            strerror(-r));
                return r;
        }
        return fw_store_open(path, diag, &daemon->store);
}

static int make_stages(struct fw_daemon *daemon, const struct fw_config *config, struct fw_diag *diag)
{
        int r = open_store(daemon, config, diag);
        if (r < 0)
                return r;
        fw_cleanup(fw_freep) char *worker = fw_program_path("feedwatch-worker");
        if (!worker) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                            "feedwatch-worker is not installed beside feedwatchd; install feedwatch again");
                return -ENOENT;
        }
        const struct fw_engine_options options = { .worker_program = worker, .workers = config->workers };
        r = fw_engine_new(daemon->event, &options, &daemon->engine);
        if (r >= 0)
                r = fw_delivery_new(daemon->event, daemon->store, &daemon->clock, &daemon->random, on_delivery_news,
                                    daemon, &daemon->delivery);
        if (r < 0)
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "cannot start: %s", strerror(-r));
        return r;
}

static int listen_for_clients(struct fw_daemon *daemon, struct fw_diag *diag)
{
        const struct fw_control_world world = fw_daemon_world(daemon);
        const struct fw_str configured = daemon->loaded.config->control_socket;
        fw_cleanup(fw_freep) char *path = daemon->options->socket_option ? fw_strdup(daemon->options->socket_option)
                                                                         : fw_strndup(configured.p, configured.len);
        fw_cleanup(fw_freep) char *folder = fw_path_parent(path);
        int r = fw_mkdir_all(folder, 0750);
        if (r < 0) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "cannot make the folder '%s' for the control socket: %s",
                            folder, strerror(-r));
                return r;
        }
        return fw_control_server_new(daemon->event, path, /* listen_fd= */ -1, daemon->store, daemon->delivery,
                                     &daemon->clock, &world, diag, &daemon->server);
}

static int begin(struct fw_daemon *daemon)
{
        struct fw_loaded loaded;
        int r = fw_loaded_read(&loaded, &daemon->paths);
        if (r >= 0 && fw_diag_len(loaded.diag) > 0)
                say(loaded.diag, FW_LOG_WARNING);
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        if (r < 0) {
                say(loaded.diag, FW_LOG_ERROR);
                fw_loaded_done(&loaded);
                return r;
        }
        r = make_stages(daemon, loaded.config, diag);
        if (r >= 0) {
                r = fw_daemon_apply(daemon, &loaded);
                if (r < 0)
                        fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "cannot start: %s", fw_store_error(daemon->store));
        }
        if (r >= 0)
                r = listen_for_clients(daemon, diag);
        say(diag, r < 0 ? FW_LOG_ERROR : FW_LOG_WARNING);
        fw_loaded_done(&loaded);
        return r;
}

static void say_ready(struct fw_daemon *daemon)
{
        daemon->state_name = "running";
        daemon->started_usec = fw_clock_wall(&daemon->clock);
        if (daemon->options->ready_fd >= 0) {
                (void) fw_fd_write_all(daemon->options->ready_fd, FW_STR("READY\n"));
                (void) close(daemon->options->ready_fd);
        }
        if (daemon->options->oneshot)
                return;
        size_t feeds = daemon->feeds.len, rules = fw_ruleset_len(daemon->loaded.ruleset);
        fw_log(FW_LOG_NOTICE, 0, "watching %zu %s with %zu %s", feeds, fw_plural(feeds, "feed", "feeds"), rules,
               fw_plural(rules, "rule", "rules"));
        (void) sd_notify(0, "READY=1");
        fw_daemon_tell_status(daemon);
}

static int go(struct fw_daemon *daemon)
{
        fw_agent_update(daemon);
        if (!daemon->options->oneshot)
                fw_watch_update(daemon, NULL);
        uint64_t now_usec;
        (void) sd_event_now(daemon->event, CLOCK_MONOTONIC, &now_usec);
        int r = sd_event_add_time(daemon->event, &daemon->expire_timer, CLOCK_MONOTONIC, now_usec + FW_USEC_PER_MINUTE,
                                  FW_USEC_PER_SEC, on_expire, daemon);
        if (r < 0)
                return r;
        fw_delivery_kick(daemon->delivery); /* what an earlier run stored and did not send */
        say_ready(daemon);
        return sd_event_loop(daemon->event);
}

static void end(struct fw_daemon *daemon)
{
        daemon->agent = fw_agent_free(daemon->agent); /* before it misses us */
        (void) fw_settle_commit(daemon);
        fw_feeds_done(daemon); /* tells the clients who wait; so before the server goes */
        daemon->engine = fw_engine_free(daemon->engine);
        daemon->fetch = fw_fetch_free(daemon->fetch);
        daemon->server = fw_control_server_free(daemon->server);
        daemon->watch = fw_watch_free(daemon->watch);
        daemon->delivery = fw_delivery_free(daemon->delivery);
        daemon->store = fw_store_close(daemon->store);
        daemon->schedule = fw_schedule_free(daemon->schedule);
        (void) sd_event_source_disable_unref(daemon->due_timer);
        (void) sd_event_source_disable_unref(daemon->commit_source);
        (void) sd_event_source_disable_unref(daemon->expire_timer);
        (void) sd_event_source_disable_unref(daemon->stop_timer);
        (void) sd_event_source_disable_unref(daemon->status_timer);
        (void) sd_event_unref(daemon->event);
        fw_vec_done(&daemon->group);
        fw_loaded_done(&daemon->loaded);
        free(daemon->reload_messages);
        free(daemon->store_error);
        fw_paths_done(&daemon->paths);
}

int fw_daemon_run(const struct fw_daemon_options *options)
{
        struct fw_daemon daemon = {
                .options = options,
                .clock = fw_clock_system(),
                .schedule = fw_schedule_new(),
                .state_name = "starting",
                .reload_messages = fw_strdup(""),
                .reload_ok = true,
        };
        daemon.reload_usec = fw_clock_wall(&daemon.clock);
        fw_map_init(&daemon.feeds_by_key);
        fw_random_init(&daemon.random);
        int r = fw_paths_init(&daemon.paths, options->config_option);
        if (r < 0)
                fw_log(FW_LOG_ERROR, 0, "neither --config nor $HOME is set: there is no configuration to find");
        if (r >= 0) {
                r = make_event_loop(&daemon);
                if (r < 0)
                        fw_log(FW_LOG_ERROR, r, "cannot make the event loop");
        }
        if (r >= 0)
                r = begin(&daemon);
        if (r >= 0) {
                r = go(&daemon);
                if (r < 0)
                        fw_log(FW_LOG_ERROR, r, "cannot go on");
        }
        end(&daemon);
        return r < 0 ? 1 : 0;
}
