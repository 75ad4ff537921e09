/*
 * The outbox worker.
 *
 * Each channel has a queue: its pending rows in the store. A queue hands a few due rows to its channel, waits until each was reported on,
 * writes the reports to the store in one transaction, and goes on. A row is marked as sent only after the channel took it; a kill in between
 * sends it once more (at least once). Reports that cannot be written (a full disk) are kept and written later, and until then the queue
 * sends nothing further, so that an alert is not repeated for hours.
 *
 * Two clocks slow things down: a row that failed is due again later and later, and a channel that failed is left alone for as long, then
 * tried with one row. So a channel that is down costs one try at a time, and one row that the channel chokes on does not stop the others.
 *
 * Results are committed in groups that stay open over rounds of the event loop. What is not committed must not be sent, so while a
 * transaction is open the worker only comes back a little later.
 */
#include "alert/delivery.h"

#include <errno.h>
#include <stdlib.h>

#include "alert/channel.h"
#include "base/backoff.h"
#include "base/vec.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* Nothing is given up before so many attempts (about 20 minutes), even when it was stored more than FW_DELIVERY_GIVE_UP_USEC ago: the daemon
 * may have been away, or the clock wrong. */
#define LEAST_ATTEMPTS 8
/* Rows handed over at once. */
#define BATCH 32
/* Rows looked at once of a channel that has failed for long: most of them have had their time. */
#define BACKLOG 1000
/* When to look again while a transaction is open. */
#define BUSY_USEC (100 * FW_USEC_PER_MSEC)
/* The longest sleep while rows wait, so that a clock that jumped forward is noticed. */
#define SLEEP_USEC (5 * FW_USEC_PER_MINUTE)
/* The clock was set back if it is this far behind what it showed before. */
#define SET_BACK_USEC ((int64_t) FW_USEC_PER_MINUTE)

static const struct fw_channel_driver *const drivers[] = {
        &fw_channel_log,
        &fw_channel_desktop,
};

/* A row that was handed to the channel; with its report, once there is one. */
struct sent_row {
        int64_t id;
        int64_t created_usec;
        uint32_t attempts; /* before this one */
        bool reported;
        enum fw_send_outcome outcome;
        char *answer;
};

struct queue {
        struct fw_delivery *delivery;
        char *name, *target;
        enum fw_channel_type type;
        const struct fw_channel_driver *driver;
        struct fw_channel_world world;
        void *channel;

        FW_VEC(struct sent_row) rows; /* handed over, not yet settled */
        size_t under_way;             /* of them without report */
        uint32_t failures;
        int64_t held_until_usec; /* FW_TIME_NONE: not held */
        char *last_error;
        int64_t last_sent_usec;
        int64_t said_waits_usec; /* when it was said last that nobody acknowledges; FW_TIME_NONE: never */
};

struct fw_delivery {
        sd_event *event;
        struct fw_store *store;
        const struct fw_clock *clock;
        struct fw_random *random;
        fw_delivery_news_function *on_news;
        void *userdata;
        sd_event_source *kick, *timer;
        FW_VEC(struct queue *) queues;
        int64_t last_wall_usec;
};

static void say(struct queue *queue, enum fw_delivery_news news, const char *words)
{
        struct fw_delivery *delivery = queue->delivery;
        if (delivery->on_news)
                delivery->on_news(delivery->userdata, news, fw_str_c(queue->name), fw_str_c(words));
}

static uint64_t backoff(struct queue *queue, uint32_t failures)
{
        return fw_backoff_delay_usec(failures, FW_DELIVERY_RETRY_BASE_USEC, FW_DELIVERY_RETRY_CAP_USEC,
                                     fw_random_u32(queue->delivery->random));
}

/* ---- reports ---- */

static void on_report(void *userdata, int64_t row_id, enum fw_send_outcome outcome, struct fw_str answer)
{
        struct queue *queue = userdata;
        for (size_t i = 0; i < queue->rows.len; i++) {
                struct sent_row *row = &queue->rows.p[i];
                if (row->id != row_id || row->reported)
                        continue;
                row->reported = true;
                row->outcome = outcome;
                row->answer = fw_strndup(answer.p, answer.len);
                if (--queue->under_way == 0)
                        fw_delivery_kick(queue->delivery);
                return;
        }
}

static int64_t last_time(const struct sent_row *row)
{
        return row->created_usec + (int64_t) FW_DELIVERY_GIVE_UP_USEC;
}

/* The row failed, or waited in vain, and its time is over. */
static bool is_given_up(const struct sent_row *row, int64_t now_usec)
{
        if (now_usec < last_time(row))
                return false;
        return row->outcome == FW_SEND_WAITS || (row->outcome == FW_SEND_FAILED && row->attempts + 1 >= LEAST_ATTEMPTS);
}

static int64_t next_try(struct queue *queue, const struct sent_row *row, int64_t now_usec)
{
        if (row->outcome == FW_SEND_WAITS)
                return last_time(row);
        int64_t due_usec = now_usec + (int64_t) backoff(queue, row->attempts + 1);
        return now_usec < last_time(row) ? FW_MIN(due_usec, last_time(row)) : due_usec;
}

static int mark_row(struct queue *queue, const struct sent_row *row, int64_t now_usec)
{
        struct fw_store *store = queue->delivery->store;
        struct fw_str answer = fw_str_c(row->answer);
        switch (row->outcome) {
        case FW_SEND_TAKEN:
                return fw_store_outbox_sent(store, row->id, now_usec, answer);
        case FW_SEND_REFUSED:
                return fw_store_outbox_failed(store, row->id, now_usec, answer);
        case FW_SEND_WAITS:
        case FW_SEND_FAILED:
                break;
        }
        if (!is_given_up(row, now_usec))
                return fw_store_outbox_retry(store, row->id, next_try(queue, row, now_usec), answer);
        fw_cleanup(fw_freep) char *words = fw_asprintf("given up after 24 h: %s", row->answer);
        return fw_store_outbox_failed(store, row->id, now_usec, fw_str_c(words));
}

static int mark_rows(struct queue *queue, int64_t now_usec)
{
        struct fw_store *store = queue->delivery->store;
        int r = fw_store_begin(store);
        for (size_t i = 0; i < queue->rows.len && r == 0; i++) {
                r = mark_row(queue, &queue->rows.p[i], now_usec);
                if (r ==
                    -ENOENT) /* acknowledged, or failed as the channel went, or too old to be kept: settled already */
                        r = 0;
        }
        int committed = fw_store_commit(store);
        return r < 0 ? r : committed;
}

static void forget_rows(struct queue *queue)
{
        for (size_t i = 0; i < queue->rows.len; i++)
                free(queue->rows.p[i].answer);
        queue->rows.len = 0;
        queue->under_way = 0;
}

static void set_error(struct queue *queue, const char *words)
{
        free(queue->last_error);
        queue->last_error = words ? fw_strdup(words) : NULL;
}

static void hold(struct queue *queue, int64_t now_usec)
{
        queue->held_until_usec = now_usec + (int64_t) backoff(queue, queue->failures);
}

static void note_success(struct queue *queue, int64_t now_usec)
{
        queue->last_sent_usec = now_usec;
        queue->held_until_usec = FW_TIME_NONE;
        if (queue->failures == 0)
                return;
        queue->failures = 0;
        set_error(queue, NULL);
        say(queue, FW_DELIVERY_RECOVERED, "works again");
}

static void note_failure(struct queue *queue, const char *words, int64_t now_usec)
{
        set_error(queue, words);
        queue->failures++;
        hold(queue, now_usec);
        if (queue->failures == 1)
                say(queue, FW_DELIVERY_FAILING, words);
}

/* What a batch says about its channel: one row that arrived means that it works. */
static void note_batch(struct queue *queue, int64_t now_usec)
{
        const char *error = NULL;
        bool taken = false;
        for (size_t i = 0; i < queue->rows.len; i++) {
                const struct sent_row *row = &queue->rows.p[i];
                taken = taken || row->outcome == FW_SEND_TAKEN;
                if (row->outcome == FW_SEND_FAILED && !error)
                        error = row->answer;
        }
        if (taken)
                note_success(queue, now_usec);
        else if (error)
                note_failure(queue, error, now_usec);
}

/* Where no agent runs every alert ends so, day after day: that is said once a day. */
static bool is_worth_saying(struct queue *queue, const struct sent_row *row, int64_t now_usec)
{
        if (row->outcome != FW_SEND_WAITS)
                return true;
        bool said =
                queue->said_waits_usec != FW_TIME_NONE && now_usec - queue->said_waits_usec < (int64_t) FW_USEC_PER_DAY;
        if (!said)
                queue->said_waits_usec = now_usec;
        return !said;
}

static void note_given_up(struct queue *queue, int64_t now_usec)
{
        for (size_t i = 0; i < queue->rows.len; i++) {
                const struct sent_row *row = &queue->rows.p[i];
                bool lost = row->outcome == FW_SEND_REFUSED || is_given_up(row, now_usec);
                if (lost && is_worth_saying(queue, row, now_usec))
                        say(queue, FW_DELIVERY_GAVE_UP, row->answer);
        }
}

/* Writes what the channel said of its rows. False when that must be tried again. */
static bool settle(struct queue *queue, int64_t now_usec)
{
        if (queue->rows.len == 0)
                return true;
        if (mark_rows(queue, now_usec) < 0) {
                fw_cleanup(fw_freep) char *words = fw_strdup(fw_store_error(queue->delivery->store));
                note_failure(queue, words, now_usec);
                return false;
        }
        note_batch(queue, now_usec);
        note_given_up(queue, now_usec);
        forget_rows(queue);
        return true;
}

/* ---- sending ---- */

/* Settles a row without handing it over. */
static void skip(struct sent_row *row, enum fw_send_outcome outcome, const char *answer)
{
        row->reported = true;
        row->outcome = outcome;
        row->answer = fw_strdup(answer ? answer : "");
}

/* While the channel fails, one row at a time tries it, and the others whose time is over end with the same words. */
static void hand_over(struct queue *queue, const struct fw_outbox_row *due, size_t len, int64_t now_usec)
{
        struct fw_parcel parcels[BATCH];
        json_t *alerts[BATCH];
        size_t parcels_len = 0, most = queue->failures ? 1 : BATCH;
        for (size_t i = 0; i < len; i++) {
                struct sent_row row = { .id = due[i].id,
                                        .created_usec = due[i].created_usec,
                                        .attempts = due[i].attempts };
                if (queue->failures >= LEAST_ATTEMPTS && now_usec > last_time(&row)) {
                        row.attempts = FW_MAX(row.attempts, queue->failures);
                        skip(&row, FW_SEND_FAILED, queue->last_error);
                } else if (parcels_len == most) {
                        continue;
                } else if (!(alerts[parcels_len] = fw_json_parse(due[i].alert_json, NULL))) {
                        skip(&row, FW_SEND_REFUSED, "the stored alert is damaged");
                } else {
                        parcels[parcels_len] = (struct fw_parcel){ .row_id = row.id, .alert = alerts[parcels_len] };
                        parcels_len++;
                        queue->under_way++;
                }
                fw_vec_push(&queue->rows, row);
        }
        if (parcels_len)
                queue->driver->send(queue->channel, parcels, parcels_len);
        for (size_t i = 0; i < parcels_len; i++)
                json_decref(alerts[i]);
}

/* True when rows were handed over and their reports may be there. */
static bool send_due(struct queue *queue, int64_t now_usec)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_outbox_row *due;
        size_t len;
        size_t most = queue->failures < LEAST_ATTEMPTS ? BATCH : BACKLOG;
        int r = fw_store_outbox_due(queue->delivery->store, fw_str_c(queue->name), now_usec, most, arena, &due, &len);
        if (r < 0) {
                note_failure(queue, fw_store_error(queue->delivery->store), now_usec);
                return false;
        }
        if (len == 0)
                return false;
        hand_over(queue, due, len, now_usec);
        return true;
}

static bool is_held(const struct queue *queue, int64_t now_usec)
{
        return queue->held_until_usec != FW_TIME_NONE && now_usec < queue->held_until_usec;
}

/* One round of a queue: what the channel reported, then what is due. True if it should come again at once. */
static bool pump(struct queue *queue, int64_t now_usec)
{
        if (queue->under_way > 0 || is_held(queue, now_usec))
                return false;
        if (!settle(queue, now_usec) || is_held(queue, now_usec))
                return false;
        return send_due(queue, now_usec) && queue->under_way == 0;
}

/* ---- when to come back ---- */

static int64_t next_look(struct queue *queue)
{
        if (queue->under_way > 0)
                return INT64_MAX;
        struct fw_str name = fw_str_c(queue->name);
        int64_t due_usec = queue->rows.len ? INT64_MIN : INT64_MAX;
        if (queue->rows.len == 0 && fw_store_outbox_next(queue->delivery->store, &name, 1, &due_usec) < 0)
                due_usec = INT64_MIN;
        return queue->held_until_usec == FW_TIME_NONE || due_usec == INT64_MAX
                       ? due_usec
                       : FW_MAX(due_usec, queue->held_until_usec);
}

static void arm(struct fw_delivery *delivery, uint64_t delay_usec)
{
        (void) sd_event_source_set_time_relative(delivery->timer, delay_usec);
        (void) sd_event_source_set_enabled(delivery->timer, SD_EVENT_ONESHOT);
}

static void arm_for_next(struct fw_delivery *delivery, int64_t now_usec)
{
        int64_t next_usec = INT64_MAX;
        for (size_t i = 0; i < delivery->queues.len; i++)
                next_usec = FW_MIN(next_usec, next_look(delivery->queues.p[i]));
        if (next_usec == INT64_MAX)
                return;
        uint64_t delay_usec = next_usec > now_usec ? (uint64_t) (next_usec - now_usec) : 0;
        /* What is due at once but was not sent just now waits for the store; not for a busy loop. */
        arm(delivery, FW_MAX(FW_MIN(delay_usec, SLEEP_USEC), BUSY_USEC));
}

/* Whatever waits for its next try has it now. */
static int end_waits(struct fw_delivery *delivery, int64_t now_usec)
{
        for (size_t i = 0; i < delivery->queues.len; i++)
                delivery->queues.p[i]->held_until_usec = FW_TIME_NONE;
        return fw_store_outbox_hasten(delivery->store, now_usec);
}

/* A clock set back (a machine that started with a wrong one) must not delay what was due. */
static void follow_clock(struct fw_delivery *delivery, int64_t now_usec)
{
        if (now_usec < delivery->last_wall_usec - SET_BACK_USEC)
                (void) end_waits(delivery, now_usec);
        delivery->last_wall_usec = now_usec;
}

static void work(struct fw_delivery *delivery)
{
        (void) sd_event_source_set_enabled(delivery->timer, SD_EVENT_OFF);
        if (fw_store_in_transaction(delivery->store)) {
                arm(delivery, BUSY_USEC);
                return;
        }
        int64_t now_usec = fw_clock_wall(delivery->clock);
        follow_clock(delivery, now_usec);
        bool again = false;
        for (size_t i = 0; i < delivery->queues.len; i++)
                again = pump(delivery->queues.p[i], now_usec) || again;
        if (again)
                fw_delivery_kick(delivery);
        else
                arm_for_next(delivery, now_usec);
}

static int on_kick(sd_event_source *source fw_unused, void *userdata)
{
        work(userdata);
        return 0;
}

static int on_time(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        work(userdata);
        return 0;
}

/* ---- queues ---- */

static const struct fw_channel_driver *driver_of(enum fw_channel_type type)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(drivers); i++)
                if (drivers[i]->type == type)
                        return drivers[i];
        return NULL;
}

static struct queue *queue_new(struct fw_delivery *delivery, const struct fw_channel_config *config)
{
        struct queue *queue = fw_calloc(1, sizeof(*queue));
        queue->delivery = delivery;
        queue->name = fw_strndup(config->name.p, config->name.len);
        queue->target = fw_strndup(config->target.p ? config->target.p : "", config->target.len);
        queue->type = config->type;
        queue->driver = driver_of(config->type);
        queue->held_until_usec = queue->last_sent_usec = queue->said_waits_usec = FW_TIME_NONE;
        queue->world = (struct fw_channel_world){
                .event = delivery->event,
                .clock = delivery->clock,
                .journal_socket = JOURNAL_SOCKET,
                .report = on_report,
                .userdata = queue,
        };
        queue->channel = queue->driver->open(config, &queue->world);
        return queue;
}

static struct queue *queue_free(struct queue *queue)
{
        queue->channel = queue->driver->close(queue->channel);
        forget_rows(queue);
        fw_vec_done(&queue->rows);
        free(queue->last_error);
        free(queue->target);
        free(queue->name);
        free(queue);
        return NULL;
}

/* The queue that goes on under the new configuration: same name, type and target. */
static struct queue *take_same(struct fw_delivery *delivery, const struct fw_channel_config *config)
{
        for (size_t i = 0; i < delivery->queues.len; i++) {
                struct queue *queue = delivery->queues.p[i];
                if (queue && queue->type == config->type && fw_str_eq(fw_str_c(queue->name), config->name) &&
                    fw_str_eq(fw_str_c(queue->target), config->target)) {
                        delivery->queues.p[i] = NULL;
                        return queue;
                }
        }
        return NULL;
}

static void free_queues(struct fw_delivery *delivery)
{
        for (size_t i = 0; i < delivery->queues.len; i++)
                if (delivery->queues.p[i])
                        queue_free(delivery->queues.p[i]);
        fw_vec_done(&delivery->queues);
}

static struct queue *find_queue(const struct fw_delivery *delivery, struct fw_str name)
{
        for (size_t i = 0; i < delivery->queues.len; i++)
                if (fw_str_eq(fw_str_c(delivery->queues.p[i]->name), name))
                        return delivery->queues.p[i];
        return NULL;
}

/* ---- the door ---- */

int fw_delivery_new(sd_event *event, struct fw_store *store, const struct fw_clock *clock, struct fw_random *random,
                    fw_delivery_news_function *on_news, void *userdata, struct fw_delivery **ret_delivery)
{
        struct fw_delivery *delivery = fw_calloc(1, sizeof(*delivery));
        delivery->event = sd_event_ref(event);
        delivery->store = store;
        delivery->clock = clock;
        delivery->random = random;
        delivery->on_news = on_news;
        delivery->userdata = userdata;
        delivery->last_wall_usec = INT64_MIN + SET_BACK_USEC;
        int r = sd_event_add_defer(event, &delivery->kick, on_kick, delivery);
        if (r >= 0)
                /* A long queue is sent a batch a turn; fetches and clients come before each. */
                r = sd_event_source_set_priority(delivery->kick, SD_EVENT_PRIORITY_IDLE);
        if (r >= 0)
                r = sd_event_add_time_relative(event, &delivery->timer, CLOCK_BOOTTIME, 0, BUSY_USEC, on_time,
                                               delivery);
        if (r < 0) {
                fw_delivery_free(delivery);
                return r;
        }
        (void) sd_event_source_set_enabled(delivery->kick, SD_EVENT_OFF);
        (void) sd_event_source_set_enabled(delivery->timer, SD_EVENT_OFF);
        *ret_delivery = delivery;
        return 0;
}

struct fw_delivery *fw_delivery_free(struct fw_delivery *delivery)
{
        if (!delivery)
                return NULL;
        free_queues(delivery);
        (void) sd_event_source_disable_unref(delivery->kick);
        (void) sd_event_source_disable_unref(delivery->timer);
        sd_event_unref(delivery->event);
        free(delivery);
        return NULL;
}

int fw_delivery_configure(struct fw_delivery *delivery, const struct fw_config *config)
{
        FW_VEC(struct queue *) queues = { 0 };
        FW_VEC(struct fw_str) names = { 0 };
        for (size_t i = 0; i < config->channels_len; i++) {
                const struct fw_channel_config *channel = &config->channels[i];
                struct queue *queue = take_same(delivery, channel);
                fw_vec_push(&queues, queue ? queue : queue_new(delivery, channel));
                fw_vec_push(&names, channel->name);
        }
        free_queues(delivery);
        delivery->queues.p = queues.p;
        delivery->queues.len = queues.len;
        delivery->queues.cap = queues.cap;
        int64_t now_usec = fw_clock_wall(delivery->clock);
        int r = fw_store_outbox_fail_others(delivery->store, names.p, names.len, now_usec,
                                            FW_STR("the configuration has no such channel any more"));
        fw_vec_done(&names);
        if (r == 0)
                r = end_waits(delivery, now_usec);
        fw_delivery_kick(delivery);
        return r;
}

void fw_delivery_kick(struct fw_delivery *delivery)
{
        (void) sd_event_source_set_enabled(delivery->kick, SD_EVENT_ONESHOT);
}

void fw_delivery_reopen(struct fw_delivery *delivery)
{
        for (size_t i = 0; i < delivery->queues.len; i++) {
                struct queue *queue = delivery->queues.p[i];
                if (queue->driver->reopen)
                        queue->driver->reopen(queue->channel);
        }
}

int fw_delivery_acknowledge(struct fw_delivery *delivery, struct fw_str channel, struct fw_str alert_id,
                            struct fw_str answer)
{
        int64_t row_id, now_usec = fw_clock_wall(delivery->clock);
        int r = fw_store_outbox_find(delivery->store, channel, alert_id, &row_id);
        if (r == 0)
                r = fw_store_outbox_sent(delivery->store, row_id, now_usec, answer);
        struct queue *queue = find_queue(delivery, channel);
        if (r == 0 && queue)
                note_success(queue, now_usec);
        return r;
}

bool fw_delivery_idle(const struct fw_delivery *delivery)
{
        int64_t now_usec = fw_clock_wall(delivery->clock);
        for (size_t i = 0; i < delivery->queues.len; i++)
                if (delivery->queues.p[i]->under_way > 0 || next_look(delivery->queues.p[i]) <= now_usec)
                        return false;
        return true;
}

bool fw_delivery_health(const struct fw_delivery *delivery, size_t index, struct fw_channel_health *ret_health)
{
        if (index >= delivery->queues.len)
                return false;
        const struct queue *queue = delivery->queues.p[index];
        *ret_health = (struct fw_channel_health){
                .name = fw_str_c(queue->name),
                .type = queue->type,
                .failures = queue->failures,
                .last_error = fw_str_c(queue->last_error),
                .last_sent_usec = queue->last_sent_usec,
        };
        return true;
}
