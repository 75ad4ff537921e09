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

#define GROUP_MAX 64

/* After a commit failed: when the feeds of the group are asked again. */
#define COMMIT_RETRY_BASE_USEC (30 * FW_USEC_PER_SEC)
#define COMMIT_RETRY_CAP_USEC  (15 * FW_USEC_PER_MINUTE)

/* ---- one outcome, inside the transaction ---- */

static struct fw_alert_origin origin_of(const struct fw_poll *poll, const struct fw_result *result)
{
        const struct fw_watched_feed *feed = poll->feed;
        struct fw_str title = feed->config->title;
        if (fw_str_empty(title))
                title = result->feed.title;
        return (struct fw_alert_origin){
                .feed = &feed->state,
                .feed_config = feed->config,
                .feed_title = fw_str_empty(title) ? fw_feed_title(feed) : title,
                .now_usec = fw_clock_wall(&poll->daemon->clock),
        };
}

static size_t count_matches(const struct fw_result_item *item)
{
        size_t count = 0;
        for (size_t i = 0; i < item->matches_len; i++)
                count += item->matches[i].outcome == FW_MATCHED;
        return count;
}

static int store_item(struct fw_settlement *settlement, const struct fw_alert_origin *origin,
                      const struct fw_result_item *found)
{
        struct fw_daemon *daemon = settlement->poll->daemon;
        const struct fw_new_item item = {
                .item = &found->item,
                .language = found->language,
                .key = found->key,
                .link_key = found->link_key,
                .feed_key = settlement->poll->feed->state.key,
                .first_seen_usec = origin->now_usec,
        };
        int64_t item_id;
        enum fw_item_join join;
        int r = fw_store_add_item(daemon->store, &item, &item_id, &join);
        if (r < 0)
                return r;
        if (found->news == FW_ITEM_NEW)
                settlement->added++;
        else
                settlement->updated++;
        settlement->matches += count_matches(found);
        if (found->matches_len == 0)
                return 0;
        return fw_alert_item(daemon->store, daemon->loaded.config, daemon->loaded.ruleset, origin, item_id,
                             &found->item, found->language, found->news == FW_ITEM_UPDATED, found->matches,
                             found->matches_len, &daemon->random, settlement->poll->arena, settlement->alerts);
}

static int store_seen(struct fw_settlement *settlement, const struct fw_result *result, int64_t now_usec)
{
        const struct fw_poll *poll = settlement->poll;
        struct fw_seen_item *seen = fw_arena_new_array(poll->arena, struct fw_seen_item, result->seen_len + 1);
        for (size_t i = 0; i < result->seen_len; i++)
                seen[i] = (struct fw_seen_item){ .key = result->seen[i].key,
                                                 .content_hash = result->seen[i].content_hash };
        return fw_store_save_seen(poll->daemon->store, poll->feed->state.key, seen, result->seen_len, now_usec,
                                  now_usec - (int64_t) poll->daemon->loaded.config->keep_items_usec);
}

static void new_state(struct fw_settlement *settlement, const struct fw_result *result, int64_t now_usec)
{
        struct fw_poll *poll = settlement->poll;
        const struct fw_manners manners = fw_poll_manners(poll->daemon->loaded.config, poll->feed->config);
        bool read = result && result->status == FW_JOB_DONE;
        settlement->reading = !result ? FW_NOT_READ : read ? FW_READ : FW_UNREADABLE;
        settlement->state = poll->feed->state;
        fw_manners_apply(&settlement->state, &manners, &poll->answer, read ? &result->feed : NULL,
                         result && !read ? result->error : FW_STR_NONE, now_usec, &poll->daemon->random, poll->arena);
        if (read) {
                settlement->state.body_hash = poll->body_hash;
                settlement->state.body_bytes = poll->body_bytes;
        }
}

static int store_outcome(struct fw_settlement *settlement, const struct fw_result *result)
{
        struct fw_daemon *daemon = settlement->poll->daemon;
        int64_t now_usec = fw_clock_wall(&daemon->clock);
        new_state(settlement, result, now_usec);
        if (settlement->reading == FW_READ) {
                const struct fw_alert_origin origin = origin_of(settlement->poll, result);
                settlement->items = result->seen_len;
                for (size_t i = 0; i < result->items_len; i++) {
                        int r = store_item(settlement, &origin, &result->items[i]);
                        if (r < 0)
                                return r;
                }
                int r = store_seen(settlement, result, now_usec);
                if (r < 0)
                        return r;
        }
        return fw_store_save_feed(daemon->store, &settlement->state);
}

/* ---- after the commit ---- */

static void log_outcome(const struct fw_settlement *settlement, const struct fw_feed_state *before)
{
        const struct fw_watched_feed *feed = settlement->poll->feed;
        const struct fw_feed_state *now = &settlement->state;
        if (now->condition == before->condition) {
                fw_feed_log(feed, FW_LOG_DEBUG, "%.*s, %zu new, %zu alerts",
                            FW_STR_ARG(settlement->poll->answer.reason), settlement->added,
                            json_array_size(settlement->alerts));
                return;
        }
        switch (now->condition) {
        case FW_FEED_IS_OK:
                if (before->condition == FW_FEED_IS_FAILING)
                        fw_feed_log(feed, FW_LOG_NOTICE, "works again after %u failures", before->failures);
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
        json_decref(settlement->alerts);
        (void) fw_poll_free(settlement->poll);
}

static void committed(struct fw_daemon *daemon, struct fw_settlement *settlement)
{
        struct fw_poll *poll = settlement->poll;
        log_outcome(settlement, &poll->feed->state);
        fw_feed_keep_state(daemon, poll->feed, &settlement->state);
        daemon->new_items += settlement->added;
        daemon->alerts += json_array_size(settlement->alerts);
        fw_check_settled(poll, settlement, NULL);
        finish(settlement);
}

static void not_committed(struct fw_daemon *daemon, struct fw_settlement *settlement)
{
        struct fw_poll *poll = settlement->poll;
        uint64_t delay_usec = fw_backoff_delay_usec(daemon->commit_failures, COMMIT_RETRY_BASE_USEC,
                                                    COMMIT_RETRY_CAP_USEC, fw_random_u32(&daemon->random));
        struct fw_feed_state state = poll->feed->state;
        state.next_due_usec = fw_clock_wall(&daemon->clock) + (int64_t) delay_usec;
        state.due_reason = fw_str_c("asked again because what it brought could not be stored");
        fw_feed_keep_state(daemon, poll->feed, &state);
        fw_check_settled(poll, NULL, daemon->store_error);
        finish(settlement);
}

static void note_commit(struct fw_daemon *daemon, int r)
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

int fw_settle_commit(struct fw_daemon *daemon)
{
        if (daemon->group.len == 0)
                return 0;
        int r = fw_store_commit(daemon->store);
        note_commit(daemon, r);

        /* Reports to clients may lead back here: the group is over before they are made. */
        struct fw_settlement *group = daemon->group.p;
        size_t len = daemon->group.len;
        uint64_t alerts_before = daemon->alerts;
        daemon->group.p = NULL;
        daemon->group.len = daemon->group.cap = 0;
        for (size_t i = 0; i < len; i++) {
                if (r < 0)
                        not_committed(daemon, &group[i]);
                else
                        committed(daemon, &group[i]);
        }
        free(group);
        if (daemon->alerts != alerts_before) {
                fw_delivery_kick(daemon->delivery);
                if (daemon->server)
                        fw_control_server_alerts_changed(daemon->server);
        }
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

/* Everything is done as it would be, reported, and rolled back. */
static void settle_dry_run(struct fw_settlement *settlement, const struct fw_result *result)
{
        struct fw_poll *poll = settlement->poll;
        struct fw_daemon *daemon = poll->daemon;
        struct fw_watched_feed *feed = poll->feed;
        (void) fw_settle_commit(daemon); /* other feeds' outcomes: theirs to report */
        int r = fw_store_begin(daemon->store);
        if (r >= 0)
                r = store_outcome(settlement, result);
        fw_store_rollback(daemon->store);
        fw_check_settled(poll, r < 0 ? NULL : settlement, r < 0 ? fw_store_error(daemon->store) : NULL);
        finish(settlement);
        fw_feed_keep_state(daemon, feed, &feed->state); /* a due time may have passed meanwhile */
        fw_feeds_arm(daemon);
}

void fw_settle(struct fw_poll *poll, const struct fw_result *result)
{
        struct fw_daemon *daemon = poll->daemon;
        struct fw_settlement settlement = { .poll = poll, .alerts = json_array() };
        if (poll->dry_run) {
                settle_dry_run(&settlement, result);
                return;
        }
        /* A store error is kept by the store and comes back from the commit, which undoes the group. */
        if (daemon->group.len == 0)
                (void) fw_store_begin(daemon->store);
        (void) store_outcome(&settlement, result);
        fw_vec_push(&daemon->group, settlement);
        if (daemon->group.len >= GROUP_MAX || arm_commit(daemon) < 0)
                (void) fw_settle_commit(daemon);
}
