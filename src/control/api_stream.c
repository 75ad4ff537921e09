/*
 * Followers of the alerts. Nothing is queued for them: each has a place in the store's sequence, and reads on from
 * there as fast as its connection takes it. So an absence, a slow reader, and a burst are all the same.
 */
#include "control/api.h"

#include <errno.h>
#include <stdlib.h>

/* Read from the store at once. */
#define BATCH 64

struct fw_follower {
        struct fw_control_server *server;
        struct fw_http_request *stream;
        int64_t sequence; /* of the last alert that it has */
        int64_t since_usec;
        char *channel; /* only alerts that go to this channel; NULL: all */
};

static void write_alert(struct fw_http_request *stream, const struct fw_stored_alert *alert)
{
        fw_cleanup(fw_buf_done) struct fw_buf event = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_printf(&event, "id: %lld\nevent: alert\ndata: ", (long long) alert->sequence);
        (void) fw_buf_append(&event, alert->json);
        (void) fw_buf_append_c(&event, "\n\n");
        (void) fw_http_stream_write(stream, fw_buf_str(&event));
}

/* So that a follower whom the connection leaves before the first alert knows where to go on. */
static void write_place(struct fw_http_request *stream, int64_t sequence)
{
        fw_cleanup(fw_buf_done) struct fw_buf event = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_printf(&event, "retry: 2000\nid: %lld\n\n", (long long) sequence);
        (void) fw_http_stream_write(stream, fw_buf_str(&event));
}

static void fill(void *userdata, struct fw_http_request *stream)
{
        struct fw_follower *follower = userdata;
        struct fw_store *store = follower->server->store;
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        fw_api_commit(follower->server);
        const struct fw_alert_filter filter = { .after_sequence = follower->sequence,
                                                .since_usec = follower->since_usec,
                                                .channel = fw_str_c(follower->channel),
                                                .limit = BATCH };
        struct fw_stored_alert *alerts = NULL;
        size_t len = 0;
        int64_t last = 0;
        if (fw_store_last_sequence(store, &last) < 0 ||
            fw_store_list_alerts(store, &filter, arena, &alerts, &len) < 0) {
                fw_http_stream_end(stream); /* the follower comes again, and asks for the same place */
                return;
        }
        for (size_t i = 0; i < len; i++) {
                write_alert(stream, &alerts[i]);
                follower->sequence = alerts[i].sequence;
        }
        if (len < BATCH && last > follower->sequence)
                follower->sequence = last; /* the others are not for this channel: never look at them again */
}

static void on_closed(void *userdata, struct fw_http_request *stream fw_unused)
{
        struct fw_follower *follower = userdata;
        struct fw_control_server *server = follower->server;
        for (size_t i = 0; i < server->followers.len; i++) {
                if (server->followers.p[i] == follower) {
                        server->followers.p[i] = server->followers.p[--server->followers.len];
                        break;
                }
        }
        free(follower->channel);
        free(follower);
}

static const struct fw_http_stream_handler alert_stream = {
        .content_type = "text/event-stream", .keep_alive = ": alive\n\n", .fill = fill, .closed = on_closed
};

/* An event's id (a sequence), or an alert's. False if it is neither (answered). */
static bool resolve_place(struct fw_control_server *server, struct fw_http_request *request, struct fw_str place,
                          int64_t last, int64_t *ret_sequence)
{
        uint64_t number;
        if (fw_str_to_u64(place, &number) == 0 && number <= INT64_MAX) {
                /* A place that was never reached is from another database: all that is in this one is new. */
                *ret_sequence = (int64_t) number <= last ? (int64_t) number : 0;
                return true;
        }
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_stored_alert alert;
        if (fw_store_find_alert(server->store, place, arena, &alert) < 0) {
                fw_http_answer_error(request, 404, "cannot go on after '%.*s': no alert has this id (any more)",
                                     FW_STR_ARG(place));
                return false;
        }
        *ret_sequence = alert.sequence;
        return true;
}

/* Where to begin: after Last-Event-ID, or 'after'; at 'since'; else now. */
static bool find_beginning(struct fw_control_server *server, struct fw_http_request *request, int64_t *ret_sequence,
                           int64_t *ret_since_usec)
{
        struct fw_str place = fw_http_header(request, "Last-Event-ID");
        int64_t last = 0;
        *ret_since_usec = FW_TIME_NONE;
        if (!fw_api_read_time(request, "since", ret_since_usec))
                return false;
        if (fw_store_last_sequence(server->store, &last) < 0) {
                fw_api_store_failed(server, request);
                return false;
        }
        *ret_sequence = *ret_since_usec == FW_TIME_NONE ? last : 0;
        if (fw_str_empty(place) && !fw_http_query(request, "after", &place))
                return true;
        return resolve_place(server, request, place, last, ret_sequence);
}

void fw_api_alert_stream(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        int64_t sequence;
        int64_t since_usec;
        struct fw_str channel;
        if (!find_beginning(server, request, &sequence, &since_usec))
                return;
        struct fw_follower *follower = fw_calloc(1, sizeof(*follower));
        *follower = (struct fw_follower){
                .server = server, .stream = request, .sequence = sequence, .since_usec = since_usec
        };
        if (fw_http_query(request, "channel", &channel))
                follower->channel = fw_strndup(channel.p, channel.len);
        fw_vec_push(&server->followers, follower);
        write_place(request, sequence);
        fw_http_answer_stream(request, &alert_stream, follower);
}

void fw_control_server_alerts_changed(struct fw_control_server *server)
{
        for (size_t i = 0; i < server->followers.len; i++)
                fw_http_stream_wake(server->followers.p[i]->stream);
}

size_t fw_control_server_agents(const struct fw_control_server *server)
{
        size_t agents = 0;
        for (size_t i = 0; i < server->followers.len; i++)
                agents += server->followers.p[i]->channel != NULL;
        return agents;
}
