/*
 * A check is a stream of JSON lines: {"type":"start"}, {"type":"feed"} for each feed as it is done, {"type":"end"}. It
 * lives from the request until the stream is closed; the daemon holds it from world.check() until fw_check_end() or
 * world.check_cancelled(), whichever is first.
 */
#include "control/api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct fw_check {
        struct fw_control_server *server;
        struct fw_http_request *stream;
        bool with_daemon; /* which may still report */
        size_t feeds, failed;
        int64_t new_items, matches;
        size_t alerts;
};

static void write_line(struct fw_check *check, const char *type, json_t *line)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_json_decrefp) json_t *typed = json_object();
        fw_json_set(typed, "type", json_string(type));
        (void) json_object_update(typed, line);
        json_decref(line);
        (void) fw_json_append(&text, typed);
        (void) fw_buf_append_byte(&text, '\n');
        (void) fw_http_stream_write(check->stream, fw_buf_str(&text));
}

void fw_check_report(struct fw_check *check, json_t *report)
{
        check->feeds++;
        check->failed += !json_is_true(json_object_get(report, "ok"));
        check->new_items += fw_json_get_int(report, "new", 0);
        check->matches += fw_json_get_int(report, "matches", 0);
        check->alerts += json_array_size(json_object_get(report, "alerts"));
        write_line(check, "feed", report);
}

void fw_check_end(struct fw_check *check)
{
        json_t *end = json_object();
        fw_json_set_int(end, "feeds", (int64_t) check->feeds);
        fw_json_set_int(end, "failed", (int64_t) check->failed);
        fw_json_set_int(end, "new", check->new_items);
        fw_json_set_int(end, "matches", check->matches);
        fw_json_set_int(end, "alerts", (int64_t) check->alerts);
        write_line(check, "end", end);
        check->with_daemon = false;
        fw_http_stream_end(check->stream);
}

static void on_closed(void *userdata, struct fw_http_request *stream fw_unused)
{
        struct fw_check *check = userdata;
        if (check->with_daemon)
                check->server->world.check_cancelled(check->server->world.userdata, check);
        free(check);
}

static const struct fw_http_stream_handler check_stream = { .content_type = "application/x-ndjson",
                                                            .keep_alive = "\n",
                                                            .closed = on_closed };

/* The feeds named, each once; false if one is not known (answered). */
static bool read_feeds(struct fw_control_server *server, struct fw_http_request *request, const json_t *names,
                       struct fw_str *ids, size_t *ret_len)
{
        const struct fw_config *config = server->world.config(server->world.userdata);
        fw_cleanup(fw_freep) bool *taken = fw_calloc(config->feeds_len + 1, sizeof(*taken));
        size_t len = 0;
        size_t i;
        json_t *name;
        json_array_foreach(names, i, name)
        {
                struct fw_str text = fw_str_n(json_string_value(name), json_string_length(name));
                size_t index = fw_api_find_feed(server, request, text);
                if (index == SIZE_MAX)
                        return false;
                if (!taken[index])
                        ids[len++] = config->feeds[index].id;
                taken[index] = true;
        }
        *ret_len = len;
        return true;
}

static bool is_list_of_strings(const json_t *value)
{
        size_t i;
        json_t *element;
        json_array_foreach(value, i, element) if (!json_is_string(element)) return false;
        return json_is_array(value);
}

/* False if the body says something else than we understand (answered). */
static bool check_body(struct fw_http_request *request, const json_t *body)
{
        const char *key;
        json_t *value;
        json_object_foreach((json_t *) (uintptr_t) body, key, value)
        {
                bool is_flag = strcmp(key, "force") == 0 || strcmp(key, "dry_run") == 0;
                if (!is_flag && strcmp(key, "feeds") != 0) {
                        fw_http_answer_error(request, 400, "unknown key '%s'; there are feeds, force, dry_run", key);
                        return false;
                }
                if (is_flag ? !json_is_boolean(value) : !is_list_of_strings(value)) {
                        fw_http_answer_error(request, 400, "'%s' must be %s", key,
                                             is_flag ? "true or false" : "a list of ids or URLs");
                        return false;
                }
        }
        return true;
}

static void start(struct fw_control_server *server, struct fw_http_request *stream,
                  const struct fw_check_request *wanted)
{
        size_t all = server->world.config(server->world.userdata)->feeds_len;
        struct fw_check *check = fw_calloc(1, sizeof(*check));
        check->server = server;
        check->stream = stream;
        check->with_daemon = true;
        json_t *line = json_object();
        fw_json_set_int(line, "feeds", (int64_t) (wanted->feeds_len > 0 ? wanted->feeds_len : all));
        write_line(check, "start", line);

        int r = server->world.check(server->world.userdata, wanted, check);
        if (r == 0) {
                fw_http_answer_stream(stream, &check_stream, check);
                return;
        }
        free(check);
        fw_http_answer_error(stream, 503, "cannot check now: %s", strerror(-r));
}

void fw_api_check(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        const json_t *body = fw_http_body(request);
        const json_t *names = json_object_get(body, "feeds");
        if (!check_body(request, body))
                return;
        fw_cleanup(fw_freep) struct fw_str *ids = fw_reallocarray(NULL, json_array_size(names) + 1, sizeof(*ids));
        struct fw_check_request wanted = {
                .feeds = ids,
                .force = json_is_true(json_object_get(body, "force")),
                .dry_run = json_is_true(json_object_get(body, "dry_run")),
        };
        if (!read_feeds(server, request, names, ids, &wanted.feeds_len))
                return;
        fw_api_audit(server, request, "check of %s%s%s", wanted.feeds_len > 0 ? "some feeds" : "all feeds",
                     wanted.force ? ", forced" : "", wanted.dry_run ? ", dry run" : "");
        start(server, request, &wanted);
}
