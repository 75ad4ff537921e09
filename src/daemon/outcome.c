/*
 * outcome: what one poll found, as calls of the store inside a transaction that others begin and commit.
 */
#include <stdlib.h>

#include "daemon/daemon.h"

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

static int alert_on(struct fw_settlement *settlement, const struct fw_alert_origin *origin, int64_t item_id,
                    const struct fw_result_item *found)
{
        struct fw_daemon *daemon = settlement->poll->daemon;
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        fw_cleanup(fw_json_decrefp) json_t *made = json_array();
        int r = fw_alert_item(daemon->store, daemon->loaded.config, daemon->loaded.ruleset, origin, item_id,
                              &found->item, found->language, found->news == FW_ITEM_UPDATED, found->matches,
                              found->matches_len, &daemon->random, arena, made);
        settlement->alerts_made += json_array_size(made);
        if (json_array_size(settlement->alerts) < FW_LIMIT_REPORTED_ALERTS)
                (void) json_array_extend(settlement->alerts, made);
        return r;
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
        return found->matches_len == 0 ? 0 : alert_on(settlement, origin, item_id, found);
}

static int save_seen(const struct fw_settlement *settlement, const struct fw_seen_item *seen, size_t len,
                     int64_t forget_before_usec)
{
        const struct fw_poll *poll = settlement->poll;
        return fw_store_save_seen(poll->daemon->store, poll->feed->state.key, seen, len,
                                  fw_clock_wall(&poll->daemon->clock), forget_before_usec);
}

static int store_seen(const struct fw_settlement *settlement, const struct fw_result *result, int64_t now_usec)
{
        const struct fw_poll *poll = settlement->poll;
        struct fw_seen_item *seen = fw_arena_new_array(poll->arena, struct fw_seen_item, result->seen_len + 1);
        for (size_t i = 0; i < result->seen_len; i++)
                seen[i] = (struct fw_seen_item){ .key = result->seen[i].key,
                                                 .content_hash = result->seen[i].content_hash };
        return save_seen(settlement, seen, result->seen_len,
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

int fw_outcome_store_items(struct fw_settlement *settlement, const struct fw_result *result, size_t from, size_t to)
{
        const struct fw_alert_origin origin = origin_of(settlement->poll, result);
        for (size_t i = from; i < to; i++) {
                int r = store_item(settlement, &origin, &result->items[i]);
                if (r < 0)
                        return r;
        }
        return 0;
}

int fw_outcome_store_keys(const struct fw_settlement *settlement, const struct fw_result *result, size_t from,
                          size_t to)
{
        fw_cleanup(fw_freep) struct fw_seen_item *seen = fw_reallocarray(NULL, to - from + 1, sizeof(*seen));
        for (size_t i = from; i < to; i++)
                seen[i - from] = (struct fw_seen_item){ .key = result->items[i].key,
                                                        .content_hash = result->items[i].content_hash };
        return save_seen(settlement, seen, to - from, /* forget_before_usec= */ FW_TIME_NONE);
}

void fw_outcome_count_items(struct fw_settlement *settlement, const struct fw_result *result, size_t from)
{
        for (size_t i = from; i < result->items_len; i++) {
                if (result->items[i].news == FW_ITEM_NEW)
                        settlement->added++;
                else
                        settlement->updated++;
                settlement->matches += count_matches(&result->items[i]);
        }
}

int fw_outcome_store_end(struct fw_settlement *settlement, const struct fw_result *result)
{
        struct fw_daemon *daemon = settlement->poll->daemon;
        int64_t now_usec = fw_clock_wall(&daemon->clock);
        new_state(settlement, result, now_usec);
        if (settlement->reading == FW_READ) {
                settlement->items = result->seen_len;
                int r = store_seen(settlement, result, now_usec);
                if (r < 0)
                        return r;
        }
        return fw_store_save_feed(daemon->store, &settlement->state);
}
