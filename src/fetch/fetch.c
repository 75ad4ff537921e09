/*
 * Who runs when. A transfer waits in the queue of its host until the host may be asked again (its spacing has passed,
 * fewer than `per_host` run there) and fewer than `concurrency` run in all. Hosts that may be asked now or later stand
 * in a schedule of turns, so that one wake-up costs what is due and not what waits. A redirect puts its transfer in
 * front of the queue of the host it leads to. Example, per_host 1, spacing 1 s: A1 and A2 wait for host a, B1 for b. A1
 * and B1 start at once; a is full, so it has no turn; when A1 ends, a gets its turn 1 s after A1 began, and A2 starts
 * then.
 */
#include "fetch/fetch.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/map.h"
#include "fetch/http.h"
#include "fetch/multi.h"
#include "fetch/schedule.h"
#include "fetch/transfer.h"

/* A 429 without Retry-After. */
#define DEFAULT_PAUSE_USEC (5 * FW_USEC_PER_MINUTE)
#define TURN_ACCURACY_USEC FW_USEC_PER_MSEC

struct fw_host {
        char *name;
        struct fw_transfer_list waiting;
        unsigned running;
        int64_t next_start_usec; /* CLOCK_BOOTTIME, as all times here */
        int64_t paused_until_usec;
};

struct fw_fetch {
        sd_event *event;
        struct fw_multi *multi;
        struct fw_fetch_options options;
        char *user_agent;

        struct fw_map hosts;       /* name → struct fw_host, while it has transfers, or rests */
        struct fw_schedule *turns; /* keys are hosts' addresses */
        sd_event_source *turn_timer;
        struct fw_transfer_list running, finished;
        size_t running_len, waiting_len, finished_len;
        sd_event_source *hand_over; /* enabled while anything is in `finished` */
};

const char *fw_fetch_outcome_name(enum fw_fetch_outcome outcome)
{
        static const char *const names[] = {
#define FW_X(name, text) [FW_FETCH_##name] = text,
                FW_FETCH_OUTCOMES(FW_X)
#undef FW_X
        };
        return names[outcome];
}

static int64_t now_usec(const struct fw_fetch *fetch, clockid_t clock)
{
        uint64_t now = 0;
        (void) sd_event_now(fetch->event, clock, &now);
        return (int64_t) now;
}

/* ---- the end of a poll ---- */

static void finish(struct fw_transfer *transfer)
{
        struct fw_fetch *fetch = transfer->fetch;
        transfer->state = FW_TRANSFER_FINISHED;
        TAILQ_INSERT_TAIL(&fetch->finished, transfer, link);
        fetch->finished_len++;
        (void) sd_event_source_set_enabled(fetch->hand_over, SD_EVENT_ON);
}

static int on_hand_over(sd_event_source *source fw_unused, void *userdata)
{
        struct fw_fetch *fetch = userdata;
        struct fw_transfer *transfer = TAILQ_FIRST(&fetch->finished);
        if (transfer) {
                TAILQ_REMOVE(&fetch->finished, transfer, link);
                fetch->finished_len--;
        }
        /* One at a time: the callback may cancel any other. */
        if (TAILQ_EMPTY(&fetch->finished))
                (void) sd_event_source_set_enabled(fetch->hand_over, SD_EVENT_OFF);
        if (transfer) {
                transfer->done(transfer->userdata, &transfer->answer);
                (void) fw_transfer_free(transfer);
        }
        return 0;
}

/* ---- hosts and their turns ---- */

static void set_turn(struct fw_fetch *fetch, struct fw_host *host)
{
        bool idle = TAILQ_EMPTY(&host->waiting);
        if (host->running >= fetch->options.per_host || (idle && host->running > 0))
                (void) fw_schedule_remove(fetch->turns, (int64_t) (intptr_t) host);
        else
                fw_schedule_set(fetch->turns, (int64_t) (intptr_t) host,
                                FW_MAX(host->next_start_usec, idle ? host->paused_until_usec : 0));
}

static struct fw_host *host_of(struct fw_fetch *fetch, const char *name)
{
        union fw_map_value *known = fw_map_get(&fetch->hosts, fw_str_c(name));
        if (known)
                return known->pointer;
        struct fw_host *host = fw_calloc(1, sizeof(*host));
        host->name = fw_strdup(name);
        TAILQ_INIT(&host->waiting);
        fw_map_put(&fetch->hosts, fw_str_c(host->name), NULL)->pointer = host;
        return host;
}

static void forget_host(struct fw_fetch *fetch, struct fw_host *host)
{
        (void) fw_schedule_remove(fetch->turns, (int64_t) (intptr_t) host);
        (void) fw_map_remove(&fetch->hosts, fw_str_c(host->name));
        free(host->name);
        free(host);
}

static void postpone(struct fw_transfer *transfer, const struct fw_host *host, int64_t left_usec)
{
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        uint64_t seconds = ((uint64_t) left_usec + FW_USEC_PER_SEC - 1) / FW_USEC_PER_SEC;
        (void) fw_append_duration_words(&words, seconds * FW_USEC_PER_SEC);
        fw_transfer_answer(transfer, FW_FETCH_POSTPONED, "%s asked for a pause, which lasts another %s", host->name,
                           fw_buf_c(&words));
        transfer->answer.retry_after = fw_arena_printf(transfer->arena, "%llu", (unsigned long long) seconds);
        finish(transfer);
}

/* Puts a transfer into its host's queue; `first`: in front. A host that rests answers at once. */
static void enqueue(struct fw_transfer *transfer, const char *host_name, bool first)
{
        struct fw_fetch *fetch = transfer->fetch;
        struct fw_host *host = host_of(fetch, host_name);
        int64_t left_usec = host->paused_until_usec - now_usec(fetch, CLOCK_BOOTTIME);
        if (left_usec > 0) {
                postpone(transfer, host, left_usec);
                return;
        }
        transfer->state = FW_TRANSFER_WAITING;
        transfer->host = host;
        if (first)
                TAILQ_INSERT_HEAD(&host->waiting, transfer, link);
        else
                TAILQ_INSERT_TAIL(&host->waiting, transfer, link);
        fetch->waiting_len++;
        set_turn(fetch, host);
}

static void leave_queue(struct fw_transfer *transfer)
{
        TAILQ_REMOVE(&transfer->host->waiting, transfer, link);
        transfer->fetch->waiting_len--;
}

static void leave_run(struct fw_transfer *transfer)
{
        TAILQ_REMOVE(&transfer->fetch->running, transfer, link);
        transfer->fetch->running_len--;
        transfer->host->running--;
}

/* A 429: nobody asks this host before `pause_usec` have passed. */
static void pause_host(struct fw_fetch *fetch, struct fw_host *host, uint64_t pause_usec)
{
        host->paused_until_usec =
                FW_MAX(host->paused_until_usec, now_usec(fetch, CLOCK_BOOTTIME) + (int64_t) pause_usec);
        struct fw_transfer *transfer;
        while ((transfer = TAILQ_FIRST(&host->waiting))) {
                leave_queue(transfer);
                postpone(transfer, host, (int64_t) pause_usec);
        }
}

static void start_next(struct fw_fetch *fetch, struct fw_host *host)
{
        struct fw_transfer *transfer = TAILQ_FIRST(&host->waiting);
        leave_queue(transfer);
        int r = fw_transfer_prepare(transfer, fetch->user_agent);
        if (r == 0)
                r = fw_multi_add(fetch->multi, transfer->easy);
        if (r < 0) {
                fw_transfer_answer(transfer, FW_FETCH_BROKEN, "the transfer could not be started: %s", strerror(-r));
                finish(transfer);
        } else {
                transfer->state = FW_TRANSFER_RUNNING;
                TAILQ_INSERT_TAIL(&fetch->running, transfer, link);
                fetch->running_len++;
                host->running++;
                host->next_start_usec = now_usec(fetch, CLOCK_BOOTTIME) + (int64_t) fetch->options.host_spacing_usec;
        }
        set_turn(fetch, host);
}

/* Starts what may start, and sets the timer for the next turn. */
static void take_turns(struct fw_fetch *fetch)
{
        int64_t now = now_usec(fetch, CLOCK_BOOTTIME);
        int64_t key = 0;
        while (fetch->running_len < fetch->options.concurrency && fw_schedule_pop_due(fetch->turns, now, &key)) {
                struct fw_host *host = (struct fw_host *) (intptr_t) key;
                if (!TAILQ_EMPTY(&host->waiting))
                        start_next(fetch, host);
                else
                        forget_host(fetch, host);
        }
        int64_t next_usec = fw_schedule_next(fetch->turns);
        bool idle = next_usec == INT64_MAX || fetch->running_len >= fetch->options.concurrency;
        if (!idle)
                (void) sd_event_source_set_time(fetch->turn_timer, (uint64_t) next_usec);
        (void) sd_event_source_set_enabled(fetch->turn_timer, idle ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

static int on_turn(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        take_turns(userdata);
        return 0;
}

static void obey_pause(struct fw_fetch *fetch, struct fw_host *host, const struct fw_fetch_answer *answer)
{
        uint64_t pause_usec = 0;
        if (answer->outcome != FW_FETCH_HTTP_ERROR || answer->http_status != 429)
                return;
        if (fw_parse_retry_after(answer->retry_after, now_usec(fetch, CLOCK_REALTIME), &pause_usec) < 0)
                pause_usec = DEFAULT_PAUSE_USEC;
        pause_host(fetch, host, pause_usec);
}

static void on_request_done(void *userdata, CURL *easy, CURLcode result)
{
        struct fw_fetch *fetch = userdata;
        struct fw_transfer *transfer = NULL;
        (void) curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **) &transfer);
        struct fw_host *host = transfer->host;

        fw_multi_remove(fetch->multi, easy);
        leave_run(transfer);
        if (fw_transfer_conclude(transfer, result) == FW_STEP_FOLLOW) {
                fw_cleanup(fw_freep) char *scheme = NULL;
                fw_cleanup(fw_freep) char *host_name = NULL;
                (void) fw_url_parts(transfer->url, &scheme, &host_name);
                enqueue(transfer, host_name, /* first= */ true);
        } else {
                obey_pause(fetch, host, &transfer->answer);
                finish(transfer);
        }
        set_turn(fetch, host);
        take_turns(fetch);
}

/* ---- the door ---- */

static int add_timer(struct fw_fetch *fetch)
{
        int r = sd_event_add_time(fetch->event, &fetch->turn_timer, CLOCK_BOOTTIME, 0, TURN_ACCURACY_USEC, on_turn,
                                  fetch);
        if (r < 0)
                return r;
        r = sd_event_source_set_enabled(fetch->turn_timer, SD_EVENT_OFF);
        if (r < 0)
                return r;
        r = sd_event_add_defer(fetch->event, &fetch->hand_over, on_hand_over, fetch);
        if (r < 0)
                return r;
        return sd_event_source_set_enabled(fetch->hand_over, SD_EVENT_OFF);
}

int fw_fetch_new(sd_event *event, const struct fw_fetch_options *options, struct fw_fetch **ret_fetch)
{
        fw_cleanup(fw_fetch_freep) struct fw_fetch *fetch = fw_calloc(1, sizeof(*fetch));
        TAILQ_INIT(&fetch->running);
        TAILQ_INIT(&fetch->finished);
        fw_map_init(&fetch->hosts);
        fetch->turns = fw_schedule_new();
        fetch->event = sd_event_ref(event);
        int r = add_timer(fetch);
        if (r < 0)
                return r;
        r = fw_multi_new(event, on_request_done, fetch, &fetch->multi);
        if (r < 0)
                return r;
        fw_fetch_configure(fetch, options);
        *ret_fetch = fetch;
        fetch = NULL;
        return 0;
}

void fw_fetch_configure(struct fw_fetch *fetch, const struct fw_fetch_options *options)
{
        fetch->options = *options;
        fetch->options.concurrency = FW_MAX(options->concurrency, 1u);
        fetch->options.per_host = FW_MAX(options->per_host, 1u);
        fetch->options.user_agent = FW_STR_NONE;
        free(fetch->user_agent);
        fetch->user_agent = fw_strndup(options->user_agent.p ? options->user_agent.p : "", options->user_agent.len);
        fw_multi_set_connections(fetch->multi, fetch->options.concurrency);

        size_t position = 0;
        struct fw_map_entry *entry;
        while ((entry = fw_map_next(&fetch->hosts, &position)))
                set_turn(fetch, entry->value.pointer);
        take_turns(fetch);
}

static void free_all(struct fw_transfer_list *list)
{
        struct fw_transfer *transfer;
        while ((transfer = TAILQ_FIRST(list))) {
                TAILQ_REMOVE(list, transfer, link);
                if (transfer->state == FW_TRANSFER_RUNNING)
                        fw_multi_remove(transfer->fetch->multi, transfer->easy);
                (void) fw_transfer_free(transfer);
        }
}

struct fw_fetch *fw_fetch_free(struct fw_fetch *fetch)
{
        if (!fetch)
                return NULL;
        free_all(&fetch->running);
        free_all(&fetch->finished);
        size_t position = 0;
        struct fw_map_entry *entry;
        while ((entry = fw_map_next(&fetch->hosts, &position))) {
                struct fw_host *host = entry->value.pointer;
                free_all(&host->waiting);
                free(host->name);
                free(host);
        }
        fw_map_done(&fetch->hosts);
        (void) fw_schedule_free(fetch->turns);
        (void) fw_multi_free(fetch->multi);
        sd_event_source_disable_unref(fetch->turn_timer);
        sd_event_source_disable_unref(fetch->hand_over);
        sd_event_unref(fetch->event);
        free(fetch->user_agent);
        free(fetch);
        return NULL;
}

/* Sends the transfer on its way by its scheme, or answers it. */
static void dispatch(struct fw_transfer *transfer, bool allow_file)
{
        fw_cleanup(fw_freep) char *scheme = NULL;
        fw_cleanup(fw_freep) char *host = NULL;
        if (fw_url_parts(transfer->url, &scheme, &host) < 0) {
                fw_transfer_answer(transfer, FW_FETCH_REFUSED, "'%.200s' is no URL", transfer->url);
        } else if ((strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) && *host) {
                enqueue(transfer, host, /* first= */ false);
                return;
        } else if (strcmp(scheme, "file") != 0) {
                fw_transfer_answer(transfer, FW_FETCH_REFUSED,
                                   "'%.200s' cannot be fetched; only http, https and file can", transfer->url);
        } else if (!allow_file) {
                fw_transfer_answer(transfer, FW_FETCH_REFUSED,
                                   "'%.200s' is not read: files must be named in the configuration", transfer->url);
        } else {
                fw_cleanup(fw_freep) char *path = fw_url_path(transfer->url);
                fw_transfer_read_file(transfer, path);
        }
        finish(transfer);
}

int fw_fetch_start(struct fw_fetch *fetch, const struct fw_fetch_request *request, fw_fetch_done_function *done,
                   void *userdata, struct fw_transfer **ret_transfer)
{
        struct fw_transfer *transfer = fw_transfer_new(&fetch->options, request, done, userdata);
        transfer->fetch = fetch;
        dispatch(transfer, request->allow_file);
        take_turns(fetch);
        *ret_transfer = transfer;
        return 0;
}

void fw_fetch_cancel(struct fw_fetch *fetch, struct fw_transfer *transfer)
{
        struct fw_host *host = transfer->host;
        switch (transfer->state) {
        case FW_TRANSFER_WAITING:
                leave_queue(transfer);
                break;
        case FW_TRANSFER_RUNNING:
                fw_multi_remove(fetch->multi, transfer->easy);
                leave_run(transfer);
                break;
        case FW_TRANSFER_FINISHED:
                TAILQ_REMOVE(&fetch->finished, transfer, link);
                fetch->finished_len--;
                host = NULL;
                break;
        }
        (void) fw_transfer_free(transfer);
        if (host)
                set_turn(fetch, host);
        take_turns(fetch);
}

size_t fw_fetch_active(const struct fw_fetch *fetch)
{
        return fetch->running_len + fetch->waiting_len + fetch->finished_len;
}
