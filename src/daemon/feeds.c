/*
 * feeds: what is watched, in step with the configuration; each feed's state as it was committed last, and when it is due.
 *
 * A feed is known by its id for as long as it is configured. The store keeps what is remembered of one that a reload dropped, so that it
 * goes on where it was if it comes back.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "daemon/daemon.h"
#include "fetch/manners.h"

/* All strings of a state in one piece of memory, which is returned. */
static char *own_strings(struct fw_feed_state *state)
{
        struct fw_str *const list[] = {
                &state->id,
                &state->url,
                &state->moved_url,
                &state->title,
                &state->home_page_url,
                &state->reason,
                &state->malformed,
                &state->entity_tag,
                &state->last_modified,
                &state->validators_url,
                &state->due_reason,
        };
        size_t size = 0;
        for (size_t i = 0; i < FW_ARRAY_LEN(list); i++)
                size += list[i]->len + 1;

        char *memory = fw_malloc(size), *at = memory;
        for (size_t i = 0; i < FW_ARRAY_LEN(list); i++) {
                if (list[i]->len > 0)
                        memcpy(at, list[i]->p, list[i]->len);
                at[list[i]->len] = '\0';
                list[i]->p = at;
                at += list[i]->len + 1;
        }
        return memory;
}

static bool is_polled(const struct fw_feed_state *state)
{
        return state->condition != FW_FEED_IS_PAUSED && state->condition != FW_FEED_IS_GONE;
}

void fw_feed_keep_state(struct fw_daemon *daemon, struct fw_watched_feed *feed, const struct fw_feed_state *state)
{
        struct fw_feed_state copy = *state;
        char *memory = own_strings(&copy);
        free(feed->state_memory);
        feed->state = copy;
        feed->state_memory = memory;
        if (is_polled(&feed->state))
                fw_schedule_set(daemon->schedule, feed->state.key, feed->state.next_due_usec);
        else
                (void) fw_schedule_remove(daemon->schedule, feed->state.key);
}

struct fw_str fw_feed_title(const struct fw_watched_feed *feed)
{
        if (!fw_str_empty(feed->config->title))
                return feed->config->title;
        return fw_str_empty(feed->state.title) ? feed->config->id : feed->state.title;
}

void fw_feed_log(const struct fw_watched_feed *feed, int level, const char *format, ...)
{
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&words, format, args);
        va_end(args);

        fw_cleanup(fw_freep) char *id = fw_strndup(feed->config->id.p, feed->config->id.len);
        const struct fw_log_field fields[] = { { "FEEDWATCH_FEED", id }, { NULL, NULL } };
        (void) fw_log_fields((enum fw_log_level) level, 0, fields, "feed '%s': %s", id, fw_buf_c(&words));
}

/* ---- in step with the configuration ---- */

static struct fw_str key_view(const int64_t *key)
{
        return fw_str_n((const char *) key, sizeof(*key));
}

/* Another address is another publisher's answer: what was remembered of the old one's is forgotten, but not what was seen. */
static void forget_address(struct fw_feed_state *state, struct fw_str url, int64_t now_usec)
{
        state->url = url;
        state->moved_url = state->entity_tag = state->last_modified = state->validators_url = FW_STR_NONE;
        state->moved_polls = state->failures = state->http_status = 0;
        state->body_hash = 0;
        state->reason = FW_STR_NONE;
        state->not_before_usec = FW_TIME_NONE;
        if (state->condition != FW_FEED_IS_PAUSED)
                state->condition = FW_FEED_IS_NEW;
        state->next_due_usec = now_usec;
        state->due_reason = FW_STR("its address changed");
}

struct sync {
        struct fw_daemon *daemon;
        const struct fw_config *config;
        struct fw_map stored; /* id → state, what the store remembers */
        struct fw_map known;  /* id → feed, watched before */
        struct fw_arena *arena;
        size_t waiting; /* feeds that are due at once: new ones, and those that were due while we were away */
        int64_t now_usec;
};

static struct fw_feed_state new_state(const struct fw_feed_config *config)
{
        return (struct fw_feed_state){
                .id = config->id,
                .url = config->url,
                .condition = FW_FEED_IS_NEW,
                .first_polled_usec = FW_TIME_NONE,
                .last_polled_usec = FW_TIME_NONE,
                .last_success_usec = FW_TIME_NONE,
                .last_complete_usec = FW_TIME_NONE,
                .not_before_usec = FW_TIME_NONE,
                .next_due_usec = FW_TIME_NONE,
                .due_reason = FW_STR("never polled"),
        };
}

/* A machine that once had a clock ahead of the time remembers polls that are still to come: they were now, and nothing waits for them. */
static void clamp_to_now(struct fw_feed_state *state, int64_t now_usec)
{
        int64_t *const past[] = { &state->first_polled_usec, &state->last_polled_usec, &state->last_success_usec,
                                  &state->last_complete_usec };
        bool ahead = false;
        for (size_t i = 0; i < FW_ARRAY_LEN(past); i++) {
                if (*past[i] == FW_TIME_NONE || *past[i] <= now_usec)
                        continue;
                *past[i] = now_usec;
                ahead = true;
        }
        if (ahead && is_polled(state)) {
                state->not_before_usec = FW_TIME_NONE;
                state->next_due_usec = now_usec;
        }
}

/* The state with which a configured feed begins or goes on; true in `*ret_save` if the store does not have it so. */
static struct fw_feed_state state_for(struct sync *sync, const struct fw_feed_config *config,
                                      const struct fw_watched_feed *known, bool *ret_save)
{
        union fw_map_value *stored = fw_map_get(&sync->stored, config->id);
        struct fw_feed_state state;
        if (known)
                state = known->state;
        else if (stored)
                state = *(const struct fw_feed_state *) stored->pointer;
        else
                state = new_state(config);
        *ret_save = !known && !stored;
        clamp_to_now(&state, sync->now_usec);
        if (!fw_str_eq(state.url, config->url)) {
                forget_address(&state, config->url, sync->now_usec);
                *ret_save = true;
        }
        return state;
}

static bool is_overdue(const struct sync *sync, const struct fw_feed_state *state)
{
        return is_polled(state) && (state->next_due_usec == FW_TIME_NONE || state->next_due_usec <= sync->now_usec);
}

/* A shorter interval counts from the last poll on, not from the next; what the publisher asked for stays. */
static void follow_interval(struct sync *sync, const struct fw_feed_config *config, struct fw_feed_state *state)
{
        if (!is_polled(state) || state->last_polled_usec == FW_TIME_NONE ||
            !fw_str_starts(state->due_reason, FW_STR("every ")))
                return;
        struct fw_manners manners = fw_poll_manners(sync->config, config);
        int64_t due_usec = state->last_polled_usec + (int64_t) manners.interval_usec;
        if (due_usec < state->next_due_usec)
                state->next_due_usec = FW_MAX(due_usec, sync->now_usec);
}

/* Due times of feeds that are all due now are spread, so that a start is no burst. */
static void spread_due(struct sync *sync, const struct fw_feed_config *config, struct fw_feed_state *state)
{
        if (!is_overdue(sync, state))
                return;
        struct fw_manners manners = fw_poll_manners(sync->config, config);
        state->next_due_usec = fw_manners_first_due(&manners, sync->waiting, sync->now_usec, &sync->daemon->random);
}

struct prepared {
        struct fw_watched_feed *known;
        struct fw_feed_state state;
};

static int prepare(struct sync *sync, struct prepared *prepared)
{
        for (size_t i = 0; i < sync->config->feeds_len; i++) {
                union fw_map_value *known = fw_map_get(&sync->known, sync->config->feeds[i].id);
                bool save;
                prepared[i].known = known ? known->pointer : NULL;
                prepared[i].state = state_for(sync, &sync->config->feeds[i], prepared[i].known, &save);
                if (!save)
                        continue;
                int r = fw_store_save_feed(sync->daemon->store, &prepared[i].state);
                if (r < 0)
                        return r;
        }
        return 0;
}

static void count_waiting(struct sync *sync, const struct prepared *prepared)
{
        for (size_t i = 0; i < sync->config->feeds_len; i++)
                sync->waiting += is_overdue(sync, &prepared[i].state);
}

static void refuse_queued(struct fw_watched_feed *feed)
{
        for (size_t i = 0; i < feed->queued.len; i++)
                fw_check_refused(feed->queued.p[i].check, feed, "the feed is not configured any more");
        fw_vec_done(&feed->queued);
}

static void drop(struct fw_daemon *daemon, struct fw_watched_feed *feed)
{
        if (feed->poll)
                fw_poll_abandon(feed->poll, "the feed is not configured any more");
        refuse_queued(feed);
        (void) fw_schedule_remove(daemon->schedule, feed->state.key);
        (void) fw_map_remove(&daemon->feeds_by_key, key_view(&feed->state.key));
        free(feed->state_memory);
        free(feed);
}

/* Nothing in here can fail: the store has agreed. */
static void adopt(struct sync *sync, const struct prepared *prepared)
{
        struct fw_daemon *daemon = sync->daemon;
        FW_VEC(struct fw_watched_feed *) feeds = { 0 };
        fw_vec_reserve(&feeds, sync->config->feeds_len + 1);
        for (size_t i = 0; i < daemon->feeds.len; i++)
                daemon->feeds.p[i]->configured = false;
        for (size_t i = 0; i < sync->config->feeds_len; i++) {
                struct fw_watched_feed *feed = prepared[i].known;
                if (!feed)
                        feed = fw_calloc(1, sizeof(*feed));
                if (feed->poll && !fw_str_eq(feed->state.url, sync->config->feeds[i].url))
                        fw_poll_abandon(feed->poll, "its address changed meanwhile");
                feed->config = &sync->config->feeds[i];
                feed->configured = true;
                struct fw_feed_state state = prepared[i].state;
                follow_interval(sync, feed->config, &state);
                spread_due(sync, feed->config, &state);
                fw_feed_keep_state(daemon, feed, &state);
                if (!prepared[i].known)
                        fw_map_put(&daemon->feeds_by_key, key_view(&feed->state.key), NULL)->pointer = feed;
                fw_vec_push(&feeds, feed);
        }
        for (size_t i = 0; i < daemon->feeds.len; i++)
                if (!daemon->feeds.p[i]->configured)
                        drop(daemon, daemon->feeds.p[i]);
        fw_vec_done(&daemon->feeds);
        daemon->feeds.p = feeds.p;
        daemon->feeds.len = feeds.len;
        daemon->feeds.cap = feeds.cap;
}

static int sync_feeds(struct sync *sync)
{
        struct fw_daemon *daemon = sync->daemon;
        struct fw_feed_state *stored;
        size_t stored_len;
        int r = fw_store_load_feeds(daemon->store, sync->arena, &stored, &stored_len);
        if (r < 0)
                return r;
        for (size_t i = 0; i < stored_len; i++)
                fw_map_put(&sync->stored, stored[i].id, NULL)->pointer = &stored[i];
        for (size_t i = 0; i < daemon->feeds.len; i++)
                fw_map_put(&sync->known, daemon->feeds.p[i]->state.id, NULL)->pointer = daemon->feeds.p[i];

        struct prepared *prepared = fw_arena_new_array(sync->arena, struct prepared, sync->config->feeds_len + 1);
        r = fw_store_begin(daemon->store);
        if (r == 0)
                r = prepare(sync, prepared);
        if (r < 0) {
                fw_store_rollback(daemon->store);
                return r;
        }
        r = fw_store_commit(daemon->store);
        if (r < 0)
                return r;
        count_waiting(sync, prepared);
        adopt(sync, prepared);
        return 0;
}

int fw_feeds_sync(struct fw_daemon *daemon, const struct fw_config *config)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct sync sync = {
                .daemon = daemon, .config = config, .arena = arena, .now_usec = fw_clock_wall(&daemon->clock)
        };
        fw_map_init(&sync.stored);
        fw_map_init(&sync.known);
        int r = sync_feeds(&sync);
        fw_map_done(&sync.stored);
        fw_map_done(&sync.known);
        return r;
}

void fw_feeds_done(struct fw_daemon *daemon)
{
        for (size_t i = 0; i < daemon->feeds.len; i++)
                drop(daemon, daemon->feeds.p[i]);
        fw_vec_done(&daemon->feeds);
        fw_map_done(&daemon->feeds_by_key);
}

/* ---- due ---- */

static int on_due(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        struct fw_daemon *daemon = userdata;
        int64_t now_usec = fw_clock_wall(&daemon->clock), key;
        while (fw_schedule_pop_due(daemon->schedule, now_usec, &key)) {
                struct fw_watched_feed *feed = fw_map_get(&daemon->feeds_by_key, key_view(&key))->pointer;
                struct fw_poll_mode mode = { 0 };
                int r = fw_poll_start(daemon, feed, &mode);
                if (r < 0) {
                        fw_feed_log(feed, FW_LOG_ERROR, "cannot be polled: %s; tried again in a minute", strerror(-r));
                        fw_schedule_set(daemon->schedule, key, now_usec + (int64_t) FW_USEC_PER_MINUTE);
                }
        }
        fw_feeds_arm(daemon);
        return 0;
}

void fw_feeds_arm(struct fw_daemon *daemon)
{
        if (daemon->options->oneshot)
                return;
        int64_t next_usec = fw_schedule_next(daemon->schedule);
        bool armed = next_usec != INT64_MAX;
        uint64_t usec = armed ? (uint64_t) FW_MAX(next_usec, 0) : 0;
        if (!daemon->due_timer) {
                int r = sd_event_add_time(daemon->event, &daemon->due_timer, CLOCK_REALTIME, usec,
                                          10 * FW_USEC_PER_MSEC, on_due, daemon);
                if (r < 0) {
                        fw_log(FW_LOG_ERROR, r, "cannot make the polling timer");
                        (void) sd_event_exit(daemon->event, 1);
                        return;
                }
        }
        (void) sd_event_source_set_time(daemon->due_timer, usec);
        (void) sd_event_source_set_enabled(daemon->due_timer, armed ? SD_EVENT_ON : SD_EVENT_OFF);
}
