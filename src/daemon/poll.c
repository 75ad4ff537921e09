/*
 * poll: one feed, from its due time to an outcome: fetch, and if a body came that was not read before, the engine.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "daemon/daemon.h"

/* A permanent redirect is believed after so many polls in a row. */
#define MOVED_AFTER_POLLS 5

struct fw_manners fw_poll_manners(const struct fw_config *config, const struct fw_feed_config *feed)
{
        return (struct fw_manners){
                .interval_usec = feed->interval_usec ? feed->interval_usec : config->interval_usec,
                .min_interval_usec = config->min_interval_usec,
                .max_interval_usec = config->max_interval_usec,
                .moved_after_polls = MOVED_AFTER_POLLS,
        };
}

struct fw_poll *fw_poll_free(struct fw_poll *poll)
{
        if (!poll)
                return NULL;
        if (poll->feed)
                poll->feed->poll = NULL;
        (void) sd_event_source_disable_unref(poll->refusal);
        poll->large = fw_large_free(poll->large);
        fw_vec_done(&poll->checks);
        (void) fw_arena_free(poll->arena);
        free(poll);
        return NULL;
}

void fw_poll_abandon(struct fw_poll *poll, const char *words)
{
        fw_check_settled(poll, NULL, words);
        poll->feed->poll = NULL;
        poll->feed = NULL;
        if (poll->transfer)
                fw_fetch_cancel(poll->daemon->fetch, poll->transfer);
        if (poll->transfer || poll->refusal || poll->large)
                (void) fw_poll_free(poll);
        /* else the engine has it, and its answer frees it */
}

/* ---- engine ---- */

static void on_result(void *userdata, const struct fw_result *result)
{
        struct fw_poll *poll = userdata;
        if (!poll->feed) {
                (void) fw_poll_free(poll);
                return;
        }
        if (result->status == FW_JOB_CANCELLED) {
                fw_check_settled(poll, NULL, "the daemon is ending");
                (void) fw_poll_free(poll);
                return;
        }
        fw_settle(poll, result);
}

static int load_known(struct fw_poll *poll, struct fw_job *job)
{
        struct fw_seen_item *seen;
        size_t len;
        int r = fw_store_load_seen(poll->daemon->store, poll->feed->state.key, poll->arena, &seen, &len);
        if (r < 0)
                return r;
        struct fw_known_item *known = fw_arena_new_array(poll->arena, struct fw_known_item, len + 1);
        for (size_t i = 0; i < len; i++)
                known[i] = (struct fw_known_item){ .key = seen[i].key, .content_hash = seen[i].content_hash };
        job->known = known;
        job->known_len = len;
        return 0;
}

static int submit(struct fw_poll *poll, struct fw_str body)
{
        const struct fw_feed_config *config = poll->feed->config;
        struct fw_job job = {
                .feed_id = config->id,
                .feed_url = config->url,
                .feed_title = fw_feed_title(poll->feed),
                .feed_tags = config->tags,
                .feed_tags_len = config->tags_len,
                .feed_language = config->language,
                .url = poll->answer.final_url,
                .content_type = poll->answer.content_type,
                .body = body,
        };
        int r = load_known(poll, &job);
        return r < 0 ? r : fw_engine_submit(poll->daemon->engine, &job, on_result, poll);
}

/* ---- fetch ---- */

/* The answer without its body outlives the callback: the engine and the commit come later. */
static void keep_answer(struct fw_poll *poll, const struct fw_fetch_answer *answer)
{
        poll->answer = *answer;
        poll->answer.body = FW_STR_NONE;
        struct fw_str *const strings[] = {
                &poll->answer.reason,        &poll->answer.final_url,   &poll->answer.permanent_url,
                &poll->answer.content_type,  &poll->answer.entity_tag,  &poll->answer.last_modified,
                &poll->answer.cache_control, &poll->answer.expires,     &poll->answer.age,
                &poll->answer.date,          &poll->answer.retry_after,
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(strings); i++)
                *strings[i] = fw_arena_copy(poll->arena, *strings[i]);
}

static void on_answer(void *userdata, const struct fw_fetch_answer *answer)
{
        struct fw_poll *poll = userdata;
        poll->transfer = NULL;
        poll->daemon->polls++;
        keep_answer(poll, answer);
        if (answer->outcome != FW_FETCH_OK) {
                fw_settle(poll, NULL);
                return;
        }
        poll->body_hash = fw_hash64(answer->body);
        poll->body_bytes = answer->body.len;
        if (poll->body_hash == poll->feed->state.body_hash && !poll->force) {
                fw_settle(poll, NULL);
                return;
        }
        int r = submit(poll, answer->body);
        if (r < 0) {
                const char *words = r == -EUNATCH ? "no rules are loaded" : strerror(-r);
                struct fw_result failed = { .status = FW_JOB_CRASHED,
                                            .error = fw_arena_printf(poll->arena, "cannot be read: %s", words) };
                fw_settle(poll, &failed);
        }
}

static int on_refusal(sd_event_source *source fw_unused, void *userdata)
{
        fw_settle(userdata, NULL);
        return 0;
}

/* A feed that cannot be asked for fails as one that does not answer: visibly, and with its next try. */
static int refuse(struct fw_poll *poll, const struct fw_diag *diag)
{
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_first_error(diag, &words);
        poll->answer = (struct fw_fetch_answer){ .outcome = FW_FETCH_REFUSED,
                                                 .reason = fw_arena_copy(poll->arena, fw_buf_str(&words)) };
        return sd_event_add_defer(poll->daemon->event, &poll->refusal, on_refusal, poll);
}

static int start_fetch(struct fw_poll *poll)
{
        const struct fw_watched_feed *feed = poll->feed;
        const struct fw_manners manners = fw_poll_manners(poll->daemon->loaded.config, feed->config);
        fw_cleanup(fw_buf_done) struct fw_buf authorization = FW_BUF_INIT(FW_LIMIT_CREDENTIAL_BYTES);
        struct fw_fetch_request request = {
                .url = fw_manners_url(&feed->state, &manners),
                .allow_file = fw_str_starts_nocase(feed->config->url, FW_STR("file:")),
                .headers = feed->config->headers,
                .headers_len = feed->config->headers_len,
        };
        if (!poll->force) {
                request.validators_url = feed->state.validators_url;
                request.entity_tag = feed->state.entity_tag;
                request.last_modified = feed->state.last_modified;
        }
        if (!fw_str_empty(feed->config->credential)) {
                fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
                if (fw_credential_authorization(&poll->daemon->paths, feed->config->credential, diag, &authorization) <
                    0)
                        return refuse(poll, diag);
                request.authorization = fw_buf_str(&authorization);
        }
        return fw_fetch_start(poll->daemon->fetch, &request, on_answer, poll, &poll->transfer);
}

static struct fw_poll *begin(struct fw_daemon *daemon, struct fw_watched_feed *feed, const struct fw_poll_mode *mode,
                             int *ret_error)
{
        struct fw_poll *poll = fw_calloc(1, sizeof(*poll));
        *poll = (struct fw_poll){
                .daemon = daemon, .feed = feed, .force = mode->force, .dry_run = mode->dry_run, .arena = fw_arena_new()
        };
        *ret_error = start_fetch(poll);
        if (*ret_error < 0) {
                poll->feed = NULL;
                return fw_poll_free(poll);
        }
        return feed->poll = poll;
}

/* What is under way answers this one too: nothing less is asked, and as much is stored. */
static bool serves(const struct fw_poll *poll, const struct fw_poll_mode *mode)
{
        return poll->dry_run == mode->dry_run && (poll->force || !mode->force);
}

int fw_poll_start(struct fw_daemon *daemon, struct fw_watched_feed *feed, const struct fw_poll_mode *mode)
{
        if (mode->check)
                mode->check->waiting++;
        if (feed->poll && !serves(feed->poll, mode)) {
                if (mode->check) /* else it was due, and the end of what is under way sets when it is due again */
                        fw_vec_push(&feed->queued, *mode);
                return 0;
        }
        int r;
        struct fw_poll *poll = feed->poll ? feed->poll : begin(daemon, feed, mode, &r);
        if (poll && mode->check)
                fw_vec_push(&poll->checks, mode->check);
        else if (!poll && mode->check)
                fw_check_refused(mode->check, feed, strerror(-r));
        return poll ? 0 : r;
}

void fw_poll_start_queued(struct fw_daemon *daemon, struct fw_watched_feed *feed)
{
        struct fw_poll_mode *queued = feed->queued.p;
        size_t len = feed->queued.len;
        feed->queued.p = NULL;
        feed->queued.len = feed->queued.cap = 0;
        for (size_t i = 0; i < len; i++) {
                queued[i].check->waiting--;                     /* counted again by the start */
                (void) fw_poll_start(daemon, feed, &queued[i]); /* the check hears of a failure */
        }
        free(queued);
}
