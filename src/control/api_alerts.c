#include "control/api.h"

#include <errno.h>
#include <string.h>

#define DEFAULT_LIMIT 100
#define MAX_LIMIT     1000

/* The alert as receivers get it, with its sequence. */
static json_t *alert_json(const struct fw_stored_alert *stored)
{
        json_t *alert = fw_json_parse(stored->json, NULL);
        if (!alert)
                alert = json_object();
        fw_json_set_int(alert, "sequence", stored->sequence);
        return alert;
}

static json_t *outbox_json(const struct fw_outbox_row *rows, size_t len)
{
        json_t *outbox = json_array();
        for (size_t i = 0; i < len; i++) {
                json_t *row = json_object();
                fw_json_set(row, "channel", fw_json_str(rows[i].channel));
                fw_json_set_str(row, "state", fw_str_c(fw_outbox_state_name(rows[i].state)));
                fw_json_set_int(row, "attempts", rows[i].attempts);
                fw_json_set_time(row, "created", rows[i].created_usec);
                if (rows[i].state == FW_OUTBOX_PENDING)
                        fw_json_set_time(row, "due", rows[i].due_usec);
                fw_json_set_time(row, "done", rows[i].done_usec);
                fw_json_set_str(row, "answer", rows[i].answer);
                json_array_append_new(outbox, row);
        }
        return outbox;
}

static bool read_severity(struct fw_http_request *request, struct fw_alert_filter *filter)
{
        struct fw_str text;
        if (!fw_http_query(request, "severity", &text))
                return true;
        filter->severity_given = true;
        if (fw_severity_from_name(text, &filter->min_severity) == 0)
                return true;
        fw_http_answer_error(request, 400, "'severity' must be info, notice, warning or critical, but is '%.*s'",
                             FW_STR_ARG(text));
        return false;
}

/* "order" and "failed" */
static bool read_words(struct fw_http_request *request, struct fw_alert_filter *filter)
{
        struct fw_str text;
        if (fw_http_query(request, "order", &text)) {
                filter->newest_first = fw_str_eq(text, FW_STR("newest"));
                if (!filter->newest_first && !fw_str_eq(text, FW_STR("oldest"))) {
                        fw_http_answer_error(request, 400, "'order' must be newest or oldest, but is '%.*s'",
                                             FW_STR_ARG(text));
                        return false;
                }
        }
        if (fw_http_query(request, "failed", &text)) {
                filter->failed_only = fw_str_eq(text, FW_STR("true"));
                if (!filter->failed_only && !fw_str_eq(text, FW_STR("false"))) {
                        fw_http_answer_error(request, 400, "'failed' must be true or false, but is '%.*s'",
                                             FW_STR_ARG(text));
                        return false;
                }
        }
        return true;
}

static bool read_filter(struct fw_http_request *request, struct fw_alert_filter *filter)
{
        uint64_t limit = DEFAULT_LIMIT;
        uint64_t after = 0;
        *filter = (struct fw_alert_filter){ .since_usec = FW_TIME_NONE, .newest_first = true };
        if (!fw_api_read_time(request, "since", &filter->since_usec) ||
            !fw_api_read_number(request, "after", INT64_MAX, &after) ||
            !fw_api_read_number(request, "limit", MAX_LIMIT, &limit) || !read_severity(request, filter) ||
            !read_words(request, filter))
                return false;
        (void) fw_http_query(request, "rule", &filter->rule_id);
        (void) fw_http_query(request, "feed", &filter->feed_id);
        (void) fw_http_query(request, "channel", &filter->channel);
        filter->after_sequence = (int64_t) after;
        filter->limit = limit > 0 ? (size_t) limit : MAX_LIMIT;
        return true;
}

void fw_api_alerts(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_alert_filter filter;
        struct fw_stored_alert *stored = NULL;
        size_t len = 0;
        if (!read_filter(request, &filter))
                return;
        if (fw_store_list_alerts(server->store, &filter, arena, &stored, &len) < 0) {
                fw_api_store_failed(server, request);
                return;
        }
        json_t *alerts = json_array();
        for (size_t i = 0; i < len; i++)
                json_array_append_new(alerts, alert_json(&stored[i]));
        json_t *answer = json_object();
        fw_json_set(answer, "alerts", alerts);
        fw_http_answer_json(request, 200, answer);
}

/* False if there is no such alert (answered). */
static bool find_alert(struct fw_control_server *server, struct fw_http_request *request, struct fw_arena *arena,
                       struct fw_stored_alert *ret_alert)
{
        struct fw_str id = fw_http_parameter(request, 0);
        int r = fw_store_find_alert(server->store, id, arena, ret_alert);
        if (r == -ENOENT)
                fw_http_answer_error(
                        request, 404,
                        "no alert has an id that starts or ends with '%.*s'; 'feedwatch alerts list' shows them",
                        FW_STR_ARG(id));
        else if (r == -ENOTUNIQ)
                fw_http_answer_error(request, 409,
                                     "several alerts have an id that starts or ends with '%.*s'; give more of it",
                                     FW_STR_ARG(id));
        else if (r == -EINVAL)
                fw_http_answer_error(request, 400, "'%.*s' is no alert's id: give at least 4 characters of it",
                                     FW_STR_ARG(id));
        else if (r < 0)
                fw_api_store_failed(server, request);
        return r == 0;
}

void fw_api_alert(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_stored_alert stored;
        struct fw_outbox_row *rows = NULL;
        size_t len = 0;
        if (!find_alert(server, request, arena, &stored))
                return;
        if (fw_store_outbox_of(server->store, stored.sequence, arena, &rows, &len) < 0) {
                fw_api_store_failed(server, request);
                return;
        }
        json_t *alert = alert_json(&stored);
        fw_json_set(alert, "outbox", outbox_json(rows, len));
        fw_http_answer_json(request, 200, alert);
}

void fw_api_alert_delivered(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_stored_alert stored;
        struct fw_str channel = fw_json_get_str(fw_http_body(request), "channel");
        struct fw_str answer = fw_json_get_str(fw_http_body(request), "answer");
        if (fw_str_empty(channel)) {
                fw_http_answer_error(request, 400, "the body must name the 'channel' that delivered");
                return;
        }
        if (!find_alert(server, request, arena, &stored))
                return;
        int r = fw_delivery_acknowledge(server->delivery, channel, stored.id, answer);
        if (r == -ENOENT) {
                fw_http_answer_error(request, 404, "this alert does not go to the channel '%.*s'", FW_STR_ARG(channel));
        } else if (r < 0) {
                fw_api_store_failed(server, request);
        } else {
                json_t *done = json_object();
                fw_json_set(done, "id", fw_json_str(stored.id));
                fw_json_set(done, "channel", fw_json_str(channel));
                fw_http_answer_json(request, 200, done);
        }
}
