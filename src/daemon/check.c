/*
 * check: clients that asked for a poll now and wait for its outcome.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "daemon/daemon.h"

static json_t *feed_json(const struct fw_watched_feed *feed)
{
        json_t *object = json_object();
        fw_json_set_str(object, "id", feed->config->id);
        fw_json_set_str(object, "title", fw_feed_title(feed));
        fw_json_set_str(object, "url", feed->config->url);
        return object;
}

static json_t *plain_report(const struct fw_watched_feed *feed, bool ok, const char *status, struct fw_str reason)
{
        json_t *report = json_object();
        fw_json_set(report, "feed", feed_json(feed));
        fw_json_set(report, "ok", json_boolean(ok));
        fw_json_set_str(report, "status", fw_str_c(status));
        fw_json_set_str(report, "reason", reason);
        fw_json_set_time(report, "next_due", feed->state.next_due_usec);
        fw_json_set_str(report, "due_reason", feed->state.due_reason);
        return report;
}

static const char *status_of(const struct fw_poll *poll, const struct fw_settlement *settlement)
{
        if (poll->answer.outcome != FW_FETCH_OK)
                return fw_fetch_outcome_name(poll->answer.outcome);
        switch (settlement->reading) {
        case FW_READ:
                return "ok";
        case FW_UNREADABLE:
                return "no feed";
        case FW_NOT_READ:
                break;
        }
        return "unchanged";
}

static bool succeeded(const struct fw_poll *poll, const struct fw_settlement *settlement)
{
        return poll->answer.outcome == FW_FETCH_NOT_MODIFIED ||
               (poll->answer.outcome == FW_FETCH_OK && settlement->reading != FW_UNREADABLE);
}

static json_t *settlement_report(const struct fw_poll *poll, const struct fw_settlement *settlement)
{
        const struct fw_feed_state *next = poll->dry_run ? &poll->feed->state : &settlement->state;
        json_t *report = json_object();
        fw_json_set(report, "feed", feed_json(poll->feed));
        fw_json_set(report, "ok", json_boolean(succeeded(poll, settlement)));
        fw_json_set_str(report, "status", fw_str_c(status_of(poll, settlement)));
        fw_json_set_str(report, "reason", settlement->state.reason);
        fw_json_set_str(report, "malformed", settlement->state.malformed);
        fw_json_set_int(report, "http_status", poll->answer.http_status);
        fw_json_set_int(report, "items", (int64_t) settlement->items);
        fw_json_set_int(report, "new", (int64_t) settlement->added);
        fw_json_set_int(report, "updated", (int64_t) settlement->updated);
        fw_json_set_int(report, "matches", (int64_t) settlement->matches);
        fw_json_set(report, "alerts", json_incref(settlement->alerts));
        fw_json_set_time(report, "next_due", next->next_due_usec);
        fw_json_set_str(report, "due_reason", next->due_reason);
        return report;
}

static void let_go(struct fw_check_run *run)
{
        if (--run->waiting > 0)
                return;
        if (run->check)
                fw_check_end(run->check);
        free(run);
}

void fw_check_settled(struct fw_poll *poll, const struct fw_settlement *settlement, const char *failure)
{
        for (size_t i = 0; i < poll->checks.len; i++) {
                struct fw_check_run *run = poll->checks.p[i];
                if (run->check)
                        fw_check_report(run->check,
                                        settlement ? settlement_report(poll, settlement)
                                                   : plain_report(poll->feed, false, "failed", fw_str_c(failure)));
                let_go(run);
        }
        poll->checks.len = 0;
}

void fw_check_refused(struct fw_check_run *run, const struct fw_watched_feed *feed, const char *words)
{
        if (run->check)
                fw_check_report(run->check, plain_report(feed, false, "failed", fw_str_c(words)));
        let_go(run);
}

/* ---- start ---- */

/* Why this feed is not asked now, in `words`; false if it is. */
static bool is_refused(const struct fw_daemon *daemon, const struct fw_watched_feed *feed, bool force,
                       struct fw_buf *words, const char **ret_status)
{
        int64_t now_usec = fw_clock_wall(&daemon->clock);
        const struct fw_feed_state *state = &feed->state;
        if (state->not_before_usec != FW_TIME_NONE && state->not_before_usec > now_usec) {
                (void) fw_buf_append_c(words, "its server asked not to be asked before ");
                (void) fw_append_local_time(words, state->not_before_usec);
                *ret_status = "not due";
                return true;
        }
        if (force)
                return false;
        if (state->condition == FW_FEED_IS_PAUSED || state->condition == FW_FEED_IS_GONE) {
                (void) fw_buf_printf(words, "%s: %.*s; --force asks all the same",
                                     fw_feed_condition_name(state->condition), FW_STR_ARG(state->reason));
                *ret_status = "skipped";
                return true;
        }
        if (state->condition != FW_FEED_IS_OK || state->last_polled_usec == FW_TIME_NONE)
                return false;
        const struct fw_manners manners = fw_poll_manners(daemon->loaded.config, feed->config);
        uint64_t least_usec = FW_MIN(manners.min_interval_usec, manners.interval_usec);
        uint64_t ago_usec = (uint64_t) FW_MAX(now_usec - state->last_polled_usec, 0);
        if (ago_usec >= least_usec)
                return false;
        (void) fw_buf_append_c(words, "asked ");
        (void) fw_append_duration_words(words, ago_usec);
        (void) fw_buf_append_c(words, " ago, and at least ");
        (void) fw_append_duration(words, least_usec);
        (void) fw_buf_append_c(words, " are kept between polls; --force asks now");
        *ret_status = "not due";
        return true;
}

static void check_feed(struct fw_daemon *daemon, struct fw_watched_feed *feed, const struct fw_check_request *request,
                       struct fw_check_run *run)
{
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        const char *status;
        if (is_refused(daemon, feed, request->force, &words, &status)) {
                fw_check_report(run->check, plain_report(feed, true, status, fw_buf_str(&words)));
                return;
        }
        const struct fw_poll_mode mode = { .force = request->force, .dry_run = request->dry_run, .check = run };
        (void) fw_poll_start(daemon, feed, &mode); /* the check hears of a failure */
}

static bool is_asked_for(const struct fw_check_request *request, const struct fw_feed_config *config)
{
        if (request->feeds_len == 0)
                return true;
        for (size_t i = 0; i < request->feeds_len; i++)
                if (fw_str_eq(request->feeds[i], config->id) || fw_str_eq(request->feeds[i], config->url))
                        return true;
        return false;
}

int fw_check_start(struct fw_daemon *daemon, const struct fw_check_request *request, struct fw_check *check)
{
        struct fw_check_run *run = fw_calloc(1, sizeof(*run));
        run->check = check;
        run->waiting = 1; /* ourselves, until all are started */
        for (size_t i = 0; i < daemon->feeds.len; i++)
                if (is_asked_for(request, daemon->feeds.p[i]->config))
                        check_feed(daemon, daemon->feeds.p[i], request, run);
        let_go(run);
        return 0;
}

static void forget_check(struct fw_check_run *run, const struct fw_check *check)
{
        if (run->check == check)
                run->check = NULL;
}

void fw_check_cancelled(struct fw_daemon *daemon, struct fw_check *check)
{
        for (size_t i = 0; i < daemon->feeds.len; i++) {
                const struct fw_watched_feed *feed = daemon->feeds.p[i];
                for (size_t k = 0; feed->poll && k < feed->poll->checks.len; k++)
                        forget_check(feed->poll->checks.p[k], check);
                for (size_t k = 0; k < feed->queued.len; k++)
                        forget_check(feed->queued.p[k].check, check);
        }
}
