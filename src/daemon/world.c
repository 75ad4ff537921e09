/*
 * world: the daemon as the control server sees it.
 */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "daemon/daemon.h"

static void commit(void *userdata)
{
        (void) fw_settle_commit(userdata); /* a failure is in the facts */
}

static const struct fw_config *config(void *userdata)
{
        return ((const struct fw_daemon *) userdata)->loaded.config;
}

static const struct fw_ruleset *ruleset(void *userdata)
{
        return ((const struct fw_daemon *) userdata)->loaded.ruleset;
}

static void facts(void *userdata, struct fw_daemon_facts *ret_facts)
{
        const struct fw_daemon *daemon = userdata;
        *ret_facts = (struct fw_daemon_facts){
                .version = FW_VERSION,
                .started_usec = daemon->started_usec,
                .state = daemon->state_name,
                .transfers = fw_fetch_active(daemon->fetch),
                .next_due_usec = fw_schedule_next(daemon->schedule),
                .polls = daemon->polls,
                .new_items = daemon->new_items,
                .alerts = daemon->alerts,
                .reload = { .ok = daemon->reload_ok,
                            .time_usec = daemon->reload_usec,
                            .messages = fw_str_c(daemon->reload_messages) },
                .store_error = fw_str_c(daemon->store_error),
        };
}

static const struct fw_feed_state *feed_state(void *userdata, size_t feed_index)
{
        return &((const struct fw_daemon *) userdata)->feeds.p[feed_index]->state;
}

static struct fw_engine_stats engine_stats(void *userdata)
{
        return fw_engine_stats(((const struct fw_daemon *) userdata)->engine);
}

static int check(void *userdata, const struct fw_check_request *request, struct fw_check *check_object)
{
        return fw_check_start(userdata, request, check_object);
}

static void check_cancelled(void *userdata, struct fw_check *check_object)
{
        fw_check_cancelled(userdata, check_object);
}

static int reload(void *userdata, struct fw_reload_outcome *ret_outcome)
{
        struct fw_daemon *daemon = userdata;
        int r = fw_daemon_reload(daemon);
        *ret_outcome = (struct fw_reload_outcome){ .ok = daemon->reload_ok,
                                                   .time_usec = daemon->reload_usec,
                                                   .messages = fw_str_c(daemon->reload_messages) };
        return r;
}

static int set_paused(void *userdata, size_t feed_index, bool paused, struct fw_str reason)
{
        struct fw_daemon *daemon = userdata;
        struct fw_watched_feed *feed = daemon->feeds.p[feed_index];
        int r = fw_settle_commit(daemon); /* a state in the open group would overwrite this one */
        if (r < 0)
                return r;
        struct fw_feed_state state = feed->state;
        state.condition = paused ? FW_FEED_IS_PAUSED : FW_FEED_IS_NEW;
        state.reason = paused ? reason : FW_STR_NONE;
        state.failures = 0;
        state.next_due_usec = fw_clock_wall(&daemon->clock);
        state.due_reason = paused ? FW_STR("paused") : FW_STR("resumed");
        r = fw_store_save_feed(daemon->store, &state);
        if (r < 0)
                return r;
        fw_feed_keep_state(daemon, feed, &state);
        fw_feeds_arm(daemon);
        fw_feed_log(feed, FW_LOG_NOTICE, "%s", paused ? "paused" : "resumed");
        return 0;
}

static void audit(void *userdata fw_unused, const char *what, uid_t uid, pid_t pid)
{
        fw_log(FW_LOG_INFO, 0, "%s by uid %lu (pid %ld)", what, (unsigned long) uid, (long) pid);
}

struct fw_control_world fw_daemon_world(struct fw_daemon *daemon)
{
        return (struct fw_control_world){
                .userdata = daemon,
                .commit = commit,
                .config = config,
                .ruleset = ruleset,
                .facts = facts,
                .feed_state = feed_state,
                .engine_stats = engine_stats,
                .check = check,
                .check_cancelled = check_cancelled,
                .reload = reload,
                .set_paused = set_paused,
                .audit = audit,
        };
}
