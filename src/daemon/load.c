/*
 * load: from files to a running configuration, all or nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/log.h"
#include "daemon/daemon.h"

void fw_loaded_done(struct fw_loaded *loaded)
{
        loaded->ruleset = fw_ruleset_unref(loaded->ruleset);
        loaded->bundle = fw_rule_bundle_free(loaded->bundle);
        loaded->config = fw_config_free(loaded->config);
        loaded->refused = fw_config_free(loaded->refused);
        loaded->diag = fw_diag_free(loaded->diag); /* last: the others point into its sources */
}

int fw_loaded_read(struct fw_loaded *loaded, const struct fw_paths *paths)
{
        *loaded = (struct fw_loaded){ .diag = fw_diag_new() };
        int r = fw_config_load_to_watch(paths, loaded->diag, &loaded->config, &loaded->refused);
        if (r < 0)
                return r;
        r = fw_config_read_rules(loaded->config, loaded->diag, &loaded->bundle);
        if (r < 0)
                return r;
        return fw_rule_bundle_compile(loaded->bundle, loaded->config, loaded->diag, &loaded->ruleset);
}

/* What a running daemon holds open and cannot exchange. */
static void warn_of_restart(const struct fw_config *old, const struct fw_config *new)
{
        if (!fw_str_eq(old->store_path, new->store_path))
                fw_log(FW_LOG_WARNING, 0, "'store: path' changed: it takes effect after a restart");
        if (!fw_str_eq(old->control_socket, new->control_socket))
                fw_log(FW_LOG_WARNING, 0, "'control: socket' changed: it takes effect after a restart");
        if (old->workers != new->workers)
                fw_log(FW_LOG_WARNING, 0, "'workers' changed: it takes effect after a restart");
}

static struct fw_fetch_options fetch_options(const struct fw_config *config)
{
        return (struct fw_fetch_options){
                .user_agent = config->user_agent,
                .concurrency = config->concurrency,
                .per_host = config->per_host,
                .timeout_usec = config->timeout_usec,
                .connect_timeout_usec = config->connect_timeout_usec,
                .max_body_bytes = config->max_body_bytes,
                .host_spacing_usec = config->host_spacing_usec,
        };
}

static int apply_rules(struct fw_daemon *daemon, const struct fw_rule_bundle *bundle)
{
        fw_cleanup(fw_buf_done) struct fw_buf bytes = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        int r = fw_rule_bundle_write(bundle, &bytes);
        if (r < 0)
                return r;
        return fw_engine_set_rules(daemon->engine, fw_buf_str(&bytes));
}

int fw_daemon_apply(struct fw_daemon *daemon, struct fw_loaded *loaded)
{
        int r = fw_settle_commit(daemon);
        if (r >= 0)
                r = apply_rules(daemon, loaded->bundle);
        if (r < 0)
                return r;
        r = fw_feeds_sync(daemon, loaded->config);
        if (r < 0) {
                if (daemon->loaded.bundle)
                        (void) apply_rules(daemon, daemon->loaded.bundle);
                return r;
        }

        if (daemon->loaded.config)
                warn_of_restart(daemon->loaded.config, loaded->config);
        struct fw_loaded old = daemon->loaded;
        daemon->loaded = *loaded;
        *loaded = (struct fw_loaded){ 0 };
        fw_loaded_done(&old);

        struct fw_fetch_options options = fetch_options(daemon->loaded.config);
        if (daemon->fetch)
                fw_fetch_configure(daemon->fetch, &options);
        else
                r = fw_fetch_new(daemon->event, &options, &daemon->fetch);
        if (r >= 0)
                r = fw_delivery_configure(daemon->delivery, daemon->loaded.config);
        fw_feeds_arm(daemon);
        return r;
}

static void log_messages(enum fw_log_level level, const char *headline, const char *messages)
{
        fw_log(level, 0, "%s", headline);
        struct fw_str rest = fw_str_c(messages), line;
        while (fw_str_split(&rest, '\n', &line))
                fw_log(level, 0, "%.*s", FW_STR_ARG(line));
}

static void remember_outcome(struct fw_daemon *daemon, bool ok, const struct fw_diag *diag, const char *otherwise)
{
        fw_cleanup(fw_buf_done) struct fw_buf messages = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_render_all(diag, /* color= */ false, &messages);
        if (otherwise && messages.len == 0)
                (void) fw_buf_append_c(&messages, otherwise);
        free(daemon->reload_messages);
        daemon->reload_messages = fw_strdup(fw_buf_c(&messages));
        daemon->reload_ok = ok;
        daemon->reload_usec = fw_clock_wall(&daemon->clock);
}

/* The service manager wants CLOCK_MONOTONIC (sd_notify(3), RELOADING=1). */
static uint64_t now_monotonic_usec(void)
{
        struct timespec now;
        (void) clock_gettime(CLOCK_MONOTONIC, &now);
        return (uint64_t) now.tv_sec * FW_USEC_PER_SEC + (uint64_t) now.tv_nsec / 1000;
}

static int reload(struct fw_daemon *daemon)
{
        struct fw_loaded loaded;
        int r = fw_loaded_read(&loaded, &daemon->paths);
        if (r < 0) {
                remember_outcome(daemon, false, loaded.diag, strerror(-r));
                log_messages(FW_LOG_ERROR,
                             "reload refused, the running rules and feeds stay:", daemon->reload_messages);
                fw_watch_update(daemon, &loaded);
                fw_loaded_done(&loaded);
                return r;
        }
        remember_outcome(daemon, true, loaded.diag, NULL);
        r = fw_daemon_apply(daemon, &loaded);
        if (r < 0) {
                remember_outcome(daemon, false, loaded.diag,
                                 daemon->store ? fw_store_error(daemon->store) : strerror(-r));
                fw_log(FW_LOG_ERROR, r, "reload failed, the running rules and feeds stay");
                fw_loaded_done(&loaded);
                return r;
        }
        if (*daemon->reload_messages)
                log_messages(FW_LOG_WARNING, "reloaded, with warnings:", daemon->reload_messages);
        fw_watch_update(daemon, NULL);
        fw_agent_update(daemon);
        fw_log(FW_LOG_NOTICE, 0, "reloaded: feeds %zu, rules %zu, entities %zu", daemon->feeds.len,
               fw_ruleset_len(daemon->loaded.ruleset), fw_ruleset_entities_len(daemon->loaded.ruleset));
        return 0;
}

int fw_daemon_reload(struct fw_daemon *daemon)
{
        const char *state_name = daemon->state_name;
        bool tell = !daemon->options->oneshot && strcmp(state_name, "running") == 0;
        if (tell) {
                daemon->state_name = "reloading";
                (void) sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, now_monotonic_usec());
        }
        int r = reload(daemon);
        daemon->state_name = state_name;
        if (tell)
                (void) sd_notify(0, "READY=1");
        daemon->told_usec = 0;
        fw_daemon_tell_status(daemon);
        return r;
}
