/*
 * settle: what a poll found, made permanent.
 *
 * Outcomes are committed in groups: the first one opens a transaction, and it is committed when the loop has nothing more urgent to do, or
 * when the group is full. Only then do the feeds' states move on, are clients told, and is anything sent. If the commit fails (a full
 * disk), nothing has happened: the states in memory are the old ones, validators included, so the next poll brings the same items again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "daemon/daemon.h"

#define GROUP_MAX       64
#define GROUP_ITEMS_MAX 200

/* A result with more new items is stored in slices (large.c). */
#define SMALL_ITEMS 50

/* A dry run holds the store until its end: of a large result only so many items are taken through it, the others counted. */
#define DRY_RUN_ITEMS 500

/* After a commit failed: when the feeds of the group are asked again. */
#define COMMIT_RETRY_BASE_USEC (30 * FW_USEC_PER_SEC)
#define COMMIT_RETRY_CAP_USEC  (15 * FW_USEC_PER_MINUTE)

/* ---- after the commit ---- */

static void log_outcome(const struct fw_settlement *settlement, const struct fw_feed_state *before)
{
        const struct fw_watched_feed *feed = settlement->poll->feed;
        const struct fw_feed_state *now = &settlement->state;
        if (now->condition == before->condition) {
                fw_feed_log(feed, FW_LOG_DEBUG, "%.*s, new items: %zu, alerts: %zu",
                            FW_STR_ARG(settlement->poll->answer.reason), settlement->added, settlement->alerts_made);
                return;
        }
        switch (now->condition) {
        case FW_FEED_IS_OK:
                if (before->condition == FW_FEED_IS_FAILING)
                        fw_feed_log(feed, FW_LOG_NOTICE, "works again after %u %s", before->failures,
                                    fw_plural(before->failures, "failure", "failures"));
                break;
        case FW_FEED_IS_FAILING:
                fw_feed_log(feed, FW_LOG_WARNING, "fails: %.*s; tried again, less and less often",
                            FW_STR_ARG(now->reason));
                break;
        case FW_FEED_IS_GONE:
                fw_feed_log(feed, FW_LOG_WARNING, "is gone: %.*s; not asked any more", FW_STR_ARG(now->reason));
                break;
        case FW_FEED_IS_NEW:
        case FW_FEED_IS_PAUSED:
                break;
        }
}

static void finish(struct fw_settlement *settlement)
{
        struct fw_daemon *daemon = settlement->poll->daemon;
        struct fw_watched_feed *feed = settlement->poll->feed;
        json_decref(settlement->alerts);
        (void) fw_poll_free(settlement->poll);
        fw_poll_start_queued(daemon, feed);
}

static void committed(struct fw_daemon *daemon, struct fw_settlement *settlement)
{
        struct fw_poll *poll = settlement->poll;
        log_outcome(settlement, &poll->feed->state);
        fw_feed_keep_state(daemon, poll->feed, &settlement->state);
        settlement->state = poll->feed->state; /* what it shared with the old state is gone */
        daemon->new_items += settlement->added;
        daemon->alerts += settlement->alerts_made - settlement->alerts_counted;
        fw_check_settled(poll, settlement, NULL);
        finish(settlement);
}

void fw_settle_failed(struct fw_settlement *settlement)
{
        struct fw_poll *poll = settlement->poll;
        struct fw_daemon *daemon = poll->daemon;
        uint64_t delay_usec = fw_backoff_delay_usec(daemon->commit_failures, COMMIT_RETRY_BASE_USEC,
                                                    COMMIT_RETRY_CAP_USEC, fw_random_u32(&daemon->random));
        struct fw_feed_state state = poll->feed->state;
        state.condition = FW_FEED_IS_FAILING;
        state.reason = fw_str_c(daemon->store_error);
        state.next_due_usec = fw_clock_wall(&daemon->clock) + (int64_t) delay_usec;
        state.due_reason = fw_str_c("asked again because what it brought could not be stored");
        fw_feed_keep_state(daemon, poll->feed, &state);
        fw_check_settled(poll, NULL, daemon->store_error);
        finish(settlement);
        fw_feeds_arm(daemon);
}

void fw_settle_note_commit(struct fw_daemon *daemon, int r)
{
        if (r < 0) {
                free(daemon->store_error);
                daemon->store_error =
                        fw_asprintf("the database could not be written: %s", fw_store_error(daemon->store));
                if (daemon->commit_failures++ == 0)
                        fw_log(FW_LOG_ERROR, 0, "%s; nothing is lost, the feeds are asked again", daemon->store_error);
        } else if (daemon->commit_failures > 0) {
                fw_log(FW_LOG_NOTICE, 0, "the database can be written again");
                daemon->commit_failures = 0;
                free(daemon->store_error);
                daemon->store_error = NULL;
        }
}

void fw_settle_announce(struct fw_daemon *daemon)
{
        fw_delivery_kick(daemon->delivery);
        if (daemon->server)
                fw_control_server_alerts_changed(daemon->server);
}

int fw_settle_commit(struct fw_daemon *daemon)
{
        if (daemon->group.len == 0)
                return 0;
        int r = fw_store_commit(daemon->store);
        fw_settle_note_commit(daemon, r);

        /* Reports to clients may lead back here: the group is over before they are made. */
        struct fw_settlement *group = daemon->group.p;
        size_t len = daemon->group.len;
        uint64_t alerts_before = daemon->alerts;
        daemon->group.p = NULL;
        daemon->group.len = daemon->group.cap = 0;
        daemon->group_items = 0;
        for (size_t i = 0; i < len; i++) {
                if (r < 0)
                        fw_settle_failed(&group[i]);
                else
                        committed(daemon, &group[i]);
        }
        free(group);
        if (daemon->alerts != alerts_before)
                fw_settle_announce(daemon);
        fw_feeds_arm(daemon);
        fw_daemon_tell_status(daemon);
        return r;
}

static int on_commit(sd_event_source *source fw_unused, void *userdata)
{
        (void) fw_settle_commit(userdata); /* the group's feeds know */
        return 0;
}

static int arm_commit(struct fw_daemon *daemon)
{
        if (daemon->commit_source)
                return sd_event_source_set_enabled(daemon->commit_source, SD_EVENT_ONESHOT);
        int r = sd_event_add_defer(daemon->event, &daemon->commit_source, on_commit, daemon);
        if (r < 0)
                return r;
        (void) sd_event_source_set_priority(daemon->commit_source, SD_EVENT_PRIORITY_IDLE);
        return sd_event_source_set_enabled(daemon->commit_source, SD_EVENT_ONESHOT);
}

static bool was_read(const struct fw_result *result)
{
        return result && result->status == FW_JOB_DONE;
}

static int try_outcome(struct fw_settlement *settlement, const struct fw_result *result)
{
        int r = 0;
        if (was_read(result)) {
                size_t taken = FW_MIN(result->items_len, DRY_RUN_ITEMS);
                r = fw_outcome_store_items(settlement, result, 0, taken);
                fw_outcome_count_items(settlement, result, taken);
        }
        return r < 0 ? r : fw_outcome_store_end(settlement, result);
}

/* Everything is done as it would be, reported, and rolled back. */
static void settle_dry_run(struct fw_settlement *settlement, const struct fw_result *result)
{
        struct fw_poll *poll = settlement->poll;
        struct fw_daemon *daemon = poll->daemon;
        struct fw_watched_feed *feed = poll->feed;
        (void) fw_settle_commit(daemon); /* other feeds' outcomes: theirs to report */
        int r = fw_store_begin(daemon->store);
        if (r >= 0)
                r = try_outcome(settlement, result);
        fw_store_rollback(daemon->store);
        fw_check_settled(poll, r < 0 ? NULL : settlement, r < 0 ? fw_store_error(daemon->store) : NULL);
        finish(settlement);
        fw_feed_keep_state(daemon, feed, &feed->state); /* a due time may have passed meanwhile */
        fw_feeds_arm(daemon);
}

/* A store error is kept by the store and comes back from the commit, which undoes the group. */
static void join_group(struct fw_daemon *daemon)
{
        if (daemon->group.len == 0 && !fw_store_in_transaction(daemon->store))
                (void) fw_store_begin(daemon->store);
}

void fw_settle_end(struct fw_settlement *settlement, const struct fw_result *result)
{
        struct fw_daemon *daemon = settlement->poll->daemon;
        join_group(daemon);
        (void) fw_outcome_store_end(settlement, result);
        fw_vec_push(&daemon->group, *settlement);
        if (daemon->group.len >= GROUP_MAX || daemon->group_items >= GROUP_ITEMS_MAX || arm_commit(daemon) < 0)
                (void) fw_settle_commit(daemon);
}

void fw_settle(struct fw_poll *poll, const struct fw_result *result)
{
        struct fw_daemon *daemon = poll->daemon;
        struct fw_settlement settlement = { .poll = poll, .alerts = json_array() };
        if (poll->dry_run) {
                settle_dry_run(&settlement, result);
                return;
        }
        if (was_read(result) && result->items_len > SMALL_ITEMS && fw_large_start(&settlement, result) == 0)
                return;
        join_group(daemon);
        if (was_read(result)) {
                (void) fw_outcome_store_items(&settlement, result, 0, result->items_len);
                daemon->group_items += result->items_len;
        }
        fw_settle_end(&settlement, result);
}
