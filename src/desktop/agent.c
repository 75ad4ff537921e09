#include "desktop/agent.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"

struct waiting_alert {
        char *event_id;
        json_t *alert;
};

struct shown_alert {
        char *event_id, *alert_id;
};

struct fw_agent {
        struct fw_client *client;
        struct fw_notifier *notifier;
        struct fw_place *place;
        struct fw_random *random;
        struct fw_stream *stream;
        char *channel;                                 /* the daemon's channel of type desktop */
        guint stream_watch, gather_timer, retry_timer; /* GLib's sources; 0: none */
        FW_VEC(struct waiting_alert) waiting;
        FW_VEC(struct shown_alert) shown; /* not acknowledged yet */
        unsigned retry_msec;
        unsigned tries;   /* of showing the first of those that wait */
        bool complaining; /* the trouble was said */
};

static gboolean connect_again(gpointer userdata);

static void drop_source(guint *source)
{
        if (*source)
                (void) g_source_remove(*source);
        *source = 0;
}

static void forget_waiting(struct fw_agent *agent)
{
        for (size_t i = 0; i < agent->waiting.len; i++) {
                free(agent->waiting.p[i].event_id);
                json_decref(agent->waiting.p[i].alert);
        }
        agent->waiting.len = 0;
}

static void disconnect(struct fw_agent *agent)
{
        drop_source(&agent->stream_watch);
        drop_source(&agent->gather_timer);
        agent->stream = fw_stream_free(agent->stream);
        forget_waiting(agent);
}

/* Says what is wrong, once, and comes back later. */
static void retreat(struct fw_agent *agent, const char *trouble)
{
        disconnect(agent);
        if (!agent->complaining)
                fw_log(FW_LOG_WARNING, 0, "%s; trying again until it goes", trouble);
        agent->complaining = true;
        drop_source(&agent->retry_timer);
        /* Agents of one daemon that restarts do not come back together. */
        agent->retry_timer = g_timeout_add(
                agent->retry_msec / 2 + fw_random_u32(agent->random) % (agent->retry_msec / 2), connect_again, agent);
        agent->retry_msec = FW_MIN(agent->retry_msec * 2, (unsigned) FW_AGENT_RETRY_CAP_MSEC);
}

static void all_is_well(struct fw_agent *agent)
{
        if (agent->complaining)
                fw_log(FW_LOG_NOTICE, 0, "following alerts again");
        agent->complaining = false;
        agent->retry_msec = FW_AGENT_RETRY_BASE_MSEC;
}

/* ---- acknowledging ---- */

/* False if the daemon cannot be told now. An error answer is an answer: the row does not wait any more. */
static bool acknowledge(struct fw_agent *agent, const char *alert_id)
{
        fw_cleanup(fw_freep) char *answer = fw_asprintf("shown by %s", fw_notifier_server(agent->notifier));
        fw_cleanup(fw_freep) char *path = fw_asprintf("/v1/alerts/%s/delivered", alert_id);
        fw_cleanup(fw_json_decrefp) json_t *body = json_object();
        fw_json_set(body, "channel", fw_json_str(fw_str_c(agent->channel)));
        fw_json_set(body, "answer", fw_json_str(fw_str_c(answer)));
        int r = fw_client_call(agent->client, "POST", path, body, NULL);
        return r == 0 || r == -EREMOTEIO;
}

static void remember_place(struct fw_agent *agent, const char *event_id)
{
        int r = fw_place_set(agent->place, fw_str_c(event_id));
        if (r < 0)
                fw_log(FW_LOG_WARNING, r,
                       "cannot remember which alerts were shown; they would be shown again after a restart");
}

static void free_shown(struct shown_alert *shown)
{
        free(shown->event_id);
        free(shown->alert_id);
}

/* False if the daemon cannot be told of all of them now. */
static bool acknowledge_all(struct fw_agent *agent)
{
        size_t done = 0;
        while (done < agent->shown.len && acknowledge(agent, agent->shown.p[done].alert_id))
                done++;
        if (done > 0) {
                remember_place(agent, agent->shown.p[done - 1].event_id);
                for (size_t i = 0; i < done; i++)
                        free_shown(&agent->shown.p[i]);
                agent->shown.len -= done;
                memmove(agent->shown.p, agent->shown.p + done, agent->shown.len * sizeof(*agent->shown.p));
        }
        return agent->shown.len == 0;
}

/* ---- showing ---- */

/* The first `count` of those that wait are on the screen. */
static void note_shown(struct fw_agent *agent, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                struct waiting_alert *waiting = &agent->waiting.p[i];
                struct fw_str id = fw_json_get_str(waiting->alert, "id");
                fw_vec_push(&agent->shown, (struct shown_alert){ .event_id = waiting->event_id,
                                                                 .alert_id = fw_strndup(id.p, id.len) });
                json_decref(waiting->alert);
        }
        agent->waiting.len -= count;
        memmove(agent->waiting.p, agent->waiting.p + count, agent->waiting.len * sizeof(*agent->waiting.p));
        agent->tries = 0;
}

static int show_many(struct fw_agent *agent)
{
        size_t count = agent->waiting.len;
        const json_t **alerts = fw_calloc(count, sizeof(*alerts));
        struct fw_message message;
        for (size_t i = 0; i < count; i++)
                alerts[i] = agent->waiting.p[i].alert;
        fw_message_of_many(alerts, count, fw_notifier_has_markup(agent->notifier), &message);
        int r = fw_notifier_show(agent->notifier, &message);
        fw_message_done(&message);
        free(alerts);
        if (r == 0)
                note_shown(agent, count);
        return r;
}

/* Passes over the first alert that waits: its place is gone by, but nobody says that it was shown. */
static void pass_over(struct fw_agent *agent)
{
        struct waiting_alert *first = &agent->waiting.p[0];
        fw_log(FW_LOG_ERROR, 0, "alert %.*s cannot be shown: %s", FW_STR_ARG(fw_json_get_str(first->alert, "id")),
               fw_notifier_error(agent->notifier));
        remember_place(agent, first->event_id);
        agent->tries = 0;
}

static int show_first(struct fw_agent *agent)
{
        struct fw_message message;
        fw_message_of_alert(agent->waiting.p[0].alert, fw_notifier_has_markup(agent->notifier), &message);
        int r = fw_notifier_show(agent->notifier, &message);
        fw_message_done(&message);
        if (r == 0)
                note_shown(agent, 1);
        else if (++agent->tries >= FW_AGENT_TRIES)
                pass_over(agent);
        return r;
}

static gboolean show_waiting(gpointer userdata)
{
        struct fw_agent *agent = userdata;
        agent->gather_timer = 0;
        int r = fw_notifier_ask(agent->notifier);
        if (r == 0 && agent->waiting.len > FW_AGENT_FLOOD)
                r = show_many(agent);
        while (r == 0 && agent->waiting.len > 0)
                r = show_first(agent);
        bool told = acknowledge_all(agent);
        if (r < 0)
                retreat(agent, fw_notifier_error(agent->notifier));
        else if (!told)
                retreat(agent, fw_client_error(agent->client));
        return G_SOURCE_REMOVE;
}

/* ---- following ---- */

static int on_alert(void *userdata, struct fw_str event_id, const json_t *alert)
{
        struct fw_agent *agent = userdata;
        fw_vec_push(&agent->waiting, (struct waiting_alert){ .event_id = fw_strndup(event_id.p, event_id.len),
                                                             .alert = json_deep_copy(alert) });
        if (!agent->gather_timer)
                agent->gather_timer = g_timeout_add(FW_AGENT_GATHER_MSEC, show_waiting, agent);
        return 0;
}

static gboolean on_stream(int fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer userdata)
{
        struct fw_agent *agent = userdata;
        int r = fw_stream_process(agent->stream);
        if (r == 1) {
                if (fw_client_status(agent->client) == 200)
                        all_is_well(agent);
                return G_SOURCE_CONTINUE;
        }
        fw_cleanup(fw_freep) char *trouble =
                fw_strdup(r == 0 ? "feedwatchd ended the stream" : fw_client_error(agent->client));
        drop_source(&agent->gather_timer);
        if (agent->waiting.len > 0)
                (void) show_waiting(agent);
        if (agent->stream) {
                agent->stream_watch = 0;
                retreat(agent, trouble);
        }
        return G_SOURCE_REMOVE;
}

/* The daemon's channel of type desktop; NULL if it has none. */
static char *find_channel(const json_t *status)
{
        size_t i;
        json_t *channel;
        json_array_foreach(
                json_object_get(status, "channels"), i,
                channel) if (fw_str_eq(fw_json_get_str(channel, "type"),
                                       FW_STR("desktop"))) return fw_strdup(json_string_value(json_object_get(channel,
                                                                                                              "name")));
        return NULL;
}

static char *stream_path(const struct fw_agent *agent)
{
        const struct fw_clock clock = fw_clock_system();
        fw_cleanup(fw_freep) char *channel = fw_client_escape(fw_str_c(agent->channel));
        if (*fw_place_get(agent->place))
                return fw_asprintf("/v1/alerts/stream?channel=%s", channel);
        fw_cleanup(fw_buf_done) struct fw_buf since = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_rfc3339(&since, fw_clock_wall(&clock) - (int64_t) (FW_AGENT_FIRST_HOURS * FW_USEC_PER_HOUR));
        return fw_asprintf("/v1/alerts/stream?channel=%s&since=%s", channel, fw_buf_c(&since));
}

static void follow(struct fw_agent *agent)
{
        fw_cleanup(fw_freep) char *path = stream_path(agent);
        const struct fw_stream_request request = { .method = "GET",
                                                   .path = path,
                                                   .last_event_id = fw_str_c(fw_place_get(agent->place)),
                                                   .on_event = on_alert,
                                                   .userdata = agent };
        agent->stream = fw_stream_open(agent->client, &request);
        agent->stream_watch = g_unix_fd_add(fw_stream_fd(agent->stream), G_IO_IN, on_stream, agent);
}

static gboolean connect_again(gpointer userdata)
{
        struct fw_agent *agent = userdata;
        fw_cleanup(fw_json_decrefp) json_t *status = NULL;
        agent->retry_timer = 0;
        if (fw_client_call(agent->client, "GET", "/v1/status", NULL, &status) < 0) {
                retreat(agent, fw_client_error(agent->client));
                return G_SOURCE_REMOVE;
        }
        free(agent->channel);
        agent->channel = find_channel(status);
        if (!agent->channel) {
                retreat(agent,
                        "feedwatchd has no channel of type 'desktop': add one to 'channels:' in its configuration");
                return G_SOURCE_REMOVE;
        }
        if (acknowledge_all(agent))
                follow(agent);
        else
                retreat(agent, fw_client_error(agent->client));
        return G_SOURCE_REMOVE;
}

struct fw_agent *fw_agent_new(struct fw_client *client, struct fw_notifier *notifier, struct fw_place *place,
                              struct fw_random *random)
{
        struct fw_agent *agent = fw_calloc(1, sizeof(*agent));
        *agent = (struct fw_agent){ .client = client,
                                    .notifier = notifier,
                                    .place = place,
                                    .random = random,
                                    .retry_msec = FW_AGENT_RETRY_BASE_MSEC };
        agent->retry_timer = g_idle_add(connect_again, agent);
        return agent;
}

struct fw_agent *fw_agent_free(struct fw_agent *agent)
{
        if (!agent)
                return NULL;
        disconnect(agent);
        drop_source(&agent->retry_timer);
        for (size_t i = 0; i < agent->shown.len; i++)
                free_shown(&agent->shown.p[i]);
        fw_vec_done(&agent->shown);
        fw_vec_done(&agent->waiting);
        free(agent->channel);
        free(agent);
        return NULL;
}
