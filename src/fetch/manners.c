/*
 * A poll ends in one of four ways: the feed is known now (read, or unchanged), it is gone (410), its host wanted a
 * pause, or it failed. Each has its function, which sets health and due time; what they share is that the due time
 * always comes with its reason, for `feeds show`.
 */
#include "fetch/manners.h"

#include "base/macros.h"
#include "fetch/http.h"

/* Feeds started together are asked this far apart. */
#define FIRST_POLL_SPACING_USEC (50 * FW_USEC_PER_MSEC)
/* After a pause, or at the end of hours in which nobody was to come, all who waited would come at once. */
#define AFTER_PAUSE_SPREAD_USEC (2 * FW_USEC_PER_MINUTE)

#define HOURS_A_WEEK (7 * 24)

struct due {
        int64_t usec;
        struct fw_str reason;
};

static int64_t after(int64_t now_usec, uint64_t span_usec)
{
        int64_t due;
        if (span_usec > INT64_MAX || __builtin_add_overflow(now_usec, (int64_t) span_usec, &due))
                return INT64_MAX;
        return due;
}

static struct fw_str duration(struct fw_arena *arena, uint64_t usec)
{
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_duration(&words, usec - usec % FW_USEC_PER_SEC);
        return fw_arena_copy(arena, fw_buf_str(&words));
}

int64_t fw_manners_first_due(const struct fw_manners *manners, size_t feeds, int64_t now_usec, struct fw_random *random)
{
        uint64_t spread = manners->interval_usec;
        if (feeds < spread / FIRST_POLL_SPACING_USEC)
                spread = feeds * FIRST_POLL_SPACING_USEC;
        return after(now_usec, fw_spread_usec(spread, fw_random_u32(random)));
}

/* ---- where the feed is ---- */

static bool has_moved(const struct fw_feed_state *state, const struct fw_manners *manners)
{
        return !fw_str_empty(state->moved_url) && state->moved_polls >= FW_MAX(manners->moved_after_polls, 1u);
}

struct fw_str fw_manners_url(const struct fw_feed_state *state, const struct fw_manners *manners)
{
        return has_moved(state, manners) ? state->moved_url : state->url;
}

/*
 * After a success: what it says of permanent redirects. Once moved, the new URL's own redirects are followed, not
 * stored.
 */
static void note_move(struct fw_feed_state *state, const struct fw_manners *manners,
                      const struct fw_fetch_answer *answer, struct fw_arena *arena)
{
        if (has_moved(state, manners))
                return;
        if (fw_str_empty(answer->permanent_url)) {
                state->moved_url = FW_STR_NONE;
                state->moved_polls = 0;
        } else if (fw_str_eq(answer->permanent_url, state->moved_url)) {
                state->moved_polls++;
        } else {
                state->moved_url = fw_arena_copy(arena, answer->permanent_url);
                state->moved_polls = 1;
        }
}

/* ---- when it may be asked again ---- */

/* Takes `span` if it is longer than what is due so far. */
static void slow_down(struct due *due, int64_t now_usec, uint64_t span_usec, const char *what, struct fw_arena *arena)
{
        int64_t raised = after(now_usec, span_usec);
        if (raised <= due->usec)
                return;
        struct fw_str span = duration(arena, span_usec);
        due->usec = raised;
        due->reason = fw_arena_printf(arena, "slowed by the publisher: %s %.*s", what, FW_STR_ARG(span));
}

static bool is_skipped(const struct fw_feed_state *state, int64_t usec)
{
        struct fw_civil civil = fw_civil_from_usec(usec);
        return (state->skip_hours >> civil.hour & 1) != 0 || (state->skip_days >> civil.weekday & 1) != 0;
}

/* Moves a due time out of the hours and days in which the publisher wants nobody (all of them: ignored). */
static void respect_skips(struct due *due, const struct fw_feed_state *state, struct fw_random *random)
{
        const int64_t hour = (int64_t) FW_USEC_PER_HOUR;
        int64_t usec = due->usec;
        int hours = 0;
        for (; hours < HOURS_A_WEEK && is_skipped(state, usec); hours++)
                usec = (usec / hour + 1) * hour;
        if (hours == 0 || hours == HOURS_A_WEEK)
                return;
        due->usec = after(usec, fw_spread_usec(AFTER_PAUSE_SPREAD_USEC, fw_random_u32(random)));
        due->reason = FW_STR("slowed by the publisher: skipHours or skipDays");
}

static struct due due_after_success(const struct fw_feed_state *state, const struct fw_manners *manners,
                                    const struct fw_fetch_answer *answer, bool expired, int64_t now_usec,
                                    struct fw_random *random, struct fw_arena *arena)
{
        struct fw_str interval = duration(arena, manners->interval_usec);
        struct due due = { .usec = after(now_usec, manners->interval_usec),
                           .reason = fw_arena_printf(arena, "every %.*s", FW_STR_ARG(interval)) };
        const struct fw_freshness_fields fields = { .cache_control = answer->cache_control,
                                                    .expires = answer->expires,
                                                    .age = answer->age,
                                                    .date = answer->date };
        struct fw_cache_control control = fw_parse_cache_control(answer->cache_control);
        uint64_t fresh_usec = fw_http_freshness_usec(&fields, now_usec);
        uint64_t most_usec = manners->max_interval_usec;

        slow_down(&due, now_usec, FW_MIN(fresh_usec, most_usec), control.max_age_given ? "max-age" : "Expires in",
                  arena);
        slow_down(&due, now_usec, FW_MIN(state->ttl_minutes * FW_USEC_PER_MINUTE, most_usec), "ttl", arena);
        slow_down(&due, now_usec, FW_MIN(state->update_period_minutes * FW_USEC_PER_MINUTE, most_usec), "updatePeriod",
                  arena);
        if (expired)
                slow_down(&due, now_usec, most_usec, "the feed has ended; asked every", arena);
        respect_skips(&due, state, random);
        return due;
}

/* ---- the four ends ---- */

static void set_health(struct fw_feed_state *state, enum fw_feed_condition condition, struct fw_str reason)
{
        if (state->condition == FW_FEED_IS_PAUSED)
                return;
        state->condition = condition;
        state->reason = reason;
}

static void remember_feed(struct fw_feed_state *state, const struct fw_feed *feed, struct fw_arena *arena)
{
        state->title = fw_arena_copy(arena, feed->title);
        state->home_page_url = fw_arena_copy(arena, feed->home_page_url);
        state->malformed = fw_arena_copy(arena, feed->malformed);
        state->ttl_minutes = feed->ttl_minutes;
        state->update_period_minutes = feed->update_period_minutes;
        state->skip_hours = feed->skip_hours;
        state->skip_days = feed->skip_days;
}

/* Validators belong to the body that came with them; a 304 may bring new ones (RFC 9110 §15.4.5). */
static void remember_validators(struct fw_feed_state *state, const struct fw_fetch_answer *answer,
                                struct fw_arena *arena)
{
        bool body_came = answer->outcome == FW_FETCH_OK;
        if (body_came || !fw_str_empty(answer->entity_tag))
                state->entity_tag = fw_arena_copy(arena, answer->entity_tag);
        if (body_came || !fw_str_empty(answer->last_modified))
                state->last_modified = fw_arena_copy(arena, answer->last_modified);
        if (body_came)
                state->validators_url = fw_arena_copy(arena, answer->final_url);
}

static void apply_success(struct fw_feed_state *state, const struct fw_manners *manners,
                          const struct fw_fetch_answer *answer, const struct fw_feed *feed, int64_t now_usec,
                          struct fw_random *random, struct fw_arena *arena)
{
        if (state->first_polled_usec == FW_TIME_NONE)
                state->first_polled_usec = now_usec;
        state->last_success_usec = state->last_complete_usec = now_usec;
        state->failures = 0;
        set_health(state, FW_FEED_IS_OK, FW_STR_NONE);
        remember_validators(state, answer, arena);
        if (feed)
                remember_feed(state, feed, arena);
        note_move(state, manners, answer, arena);

        struct due due = due_after_success(state, manners, answer, feed && feed->expired, now_usec, random, arena);
        state->next_due_usec = due.usec;
        state->due_reason = due.reason;
}

static void apply_gone(struct fw_feed_state *state, const struct fw_fetch_answer *answer, struct fw_arena *arena)
{
        state->failures++;
        set_health(state, FW_FEED_IS_GONE, fw_arena_copy(arena, answer->reason));
        state->next_due_usec = FW_TIME_NONE;
        state->due_reason = FW_STR("never: the publisher says that the feed is gone");
}

/* The server's pause from now; 0 without one. */
static uint64_t wanted_pause(struct fw_feed_state *state, const struct fw_fetch_answer *answer, int64_t now_usec)
{
        uint64_t pause_usec = 0;
        if (fw_parse_retry_after(answer->retry_after, now_usec, &pause_usec) < 0)
                return 0;
        state->not_before_usec = after(now_usec, pause_usec);
        return pause_usec;
}

/* Nothing was asked, so nothing is known but when to come back. */
static void apply_postponed(struct fw_feed_state *state, const struct fw_fetch_answer *answer, int64_t now_usec,
                            struct fw_random *random, struct fw_arena *arena)
{
        uint64_t pause_usec = wanted_pause(state, answer, now_usec);
        state->next_due_usec =
                after(now_usec, pause_usec + fw_spread_usec(AFTER_PAUSE_SPREAD_USEC, fw_random_u32(random)));
        state->due_reason = fw_arena_copy(arena, answer->reason);
}

static void apply_failure(struct fw_feed_state *state, const struct fw_manners *manners,
                          const struct fw_fetch_answer *answer, struct fw_str no_feed, int64_t now_usec,
                          struct fw_random *random, struct fw_arena *arena)
{
        state->failures++;
        set_health(state, FW_FEED_IS_FAILING, fw_arena_copy(arena, fw_str_empty(no_feed) ? answer->reason : no_feed));
        /* What we moved to may be dead while the old address lives on. */
        if (has_moved(state, manners) && state->failures % FW_MAX(manners->moved_after_polls, 1u) == 0)
                state->moved_polls = 0;

        uint64_t cap_usec = FW_MAX(manners->max_interval_usec, manners->interval_usec);
        uint64_t delay_usec =
                fw_backoff_delay_usec(state->failures, manners->interval_usec, cap_usec, fw_random_u32(random));
        delay_usec = FW_MAX(delay_usec, FW_MIN(manners->min_interval_usec, manners->interval_usec));
        uint64_t pause_usec = wanted_pause(state, answer, now_usec);
        bool by_pause = pause_usec > delay_usec;
        if (by_pause)
                delay_usec = pause_usec + fw_spread_usec(AFTER_PAUSE_SPREAD_USEC, fw_random_u32(random));
        struct fw_str span = duration(arena, by_pause ? pause_usec : delay_usec);
        state->next_due_usec = after(now_usec, delay_usec);
        fw_cleanup(fw_freep) char *row = state->failures == 1
                                                 ? fw_strdup("failed once")
                                                 : fw_asprintf("failed %u times in a row", state->failures);
        state->due_reason = by_pause ? fw_arena_printf(arena, "the server asked for a pause of %.*s", FW_STR_ARG(span))
                                     : fw_arena_printf(arena, "%s; next try after %.*s", row, FW_STR_ARG(span));
}

void fw_manners_apply(struct fw_feed_state *state, const struct fw_manners *manners,
                      const struct fw_fetch_answer *answer, const struct fw_feed *feed, struct fw_str no_feed,
                      int64_t now_usec, struct fw_random *random, struct fw_arena *arena)
{
        bool known = answer->outcome == FW_FETCH_OK || answer->outcome == FW_FETCH_NOT_MODIFIED;
        if (answer->outcome == FW_FETCH_POSTPONED) {
                apply_postponed(state, answer, now_usec, random, arena);
                return;
        }
        state->last_polled_usec = now_usec;
        state->http_status = answer->http_status;
        state->not_before_usec = FW_TIME_NONE;
        if (known && fw_str_empty(no_feed))
                apply_success(state, manners, answer, feed, now_usec, random, arena);
        else if (answer->outcome == FW_FETCH_HTTP_ERROR && answer->http_status == 410)
                apply_gone(state, answer, arena);
        else
                apply_failure(state, manners, answer, no_feed, now_usec, random, arena);
}
