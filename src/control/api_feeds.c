#include "control/api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare_counts(const void *a, const void *b)
{
        const struct fw_feed_counts *left = a;
        const struct fw_feed_counts *right = b;
        return (left->feed_key > right->feed_key) - (left->feed_key < right->feed_key);
}

static json_t *strings_json(const struct fw_str *strings, size_t len)
{
        json_t *array = json_array();
        for (size_t i = 0; i < len; i++)
                json_array_append_new(array, fw_json_str(strings[i]));
        return array;
}

static void set_state(json_t *object, const struct fw_feed_state *state)
{
        fw_json_set_str(object, "condition", fw_str_c(fw_feed_condition_name(state->condition)));
        fw_json_set_str(object, "reason", state->reason);
        fw_json_set_int(object, "failures", state->failures);
        fw_json_set_int(object, "http_status", state->http_status);
        fw_json_set_str(object, "malformed", state->malformed);
        fw_json_set_str(object, "moved_url", state->moved_url);
        fw_json_set_str(object, "home_page_url", state->home_page_url);
        fw_json_set_time(object, "last_polled", state->last_polled_usec);
        fw_json_set_time(object, "last_success", state->last_success_usec);
        fw_json_set_time(object, "next_due", state->next_due_usec);
        fw_json_set_time(object, "not_before", state->not_before_usec);
        fw_json_set_str(object, "due_reason", state->due_reason);
}

static void set_counts(json_t *object, const struct fw_feed_counts *counts)
{
        fw_json_set_int(object, "items", counts ? (int64_t) counts->items : 0);
        fw_json_set_int(object, "items_week", counts ? (int64_t) counts->items_week : 0);
        fw_json_set_time(object, "last_item", counts ? counts->last_item_usec : FW_TIME_NONE);
}

static json_t *feed_json(struct fw_control_server *server, size_t index, const struct fw_feed_counts *counts,
                         size_t counts_len)
{
        const struct fw_feed_config *feed = &server->world.config(server->world.userdata)->feeds[index];
        const struct fw_feed_state *state = server->world.feed_state(server->world.userdata, index);
        const struct fw_feed_counts wanted = { .feed_key = state->key };
        json_t *object = json_object();
        fw_json_set(object, "id", fw_json_str(feed->id));
        fw_json_set(object, "url", fw_json_str(feed->url));
        fw_json_set_str(object, "title", fw_str_empty(feed->title) ? state->title : feed->title);
        fw_json_set(object, "tags", strings_json(feed->tags, feed->tags_len));
        set_state(object, state);
        set_counts(object,
                   counts_len > 0 ? bsearch(&wanted, counts, counts_len, sizeof(*counts), compare_counts) : NULL);
        return object;
}

/* What only `feeds show` needs. */
static void set_details(json_t *object, const struct fw_feed_config *feed, const struct fw_feed_state *state)
{
        fw_json_set_str(object, "language", feed->language);
        fw_json_set_str(object, "file", feed->file);
        if (feed->line > 0)
                fw_json_set_int(object, "line", feed->line);
        if (feed->interval_usec > 0)
                fw_json_set(object, "interval_seconds",
                            json_real((double) feed->interval_usec / (double) FW_USEC_PER_SEC));
        fw_json_set_time(object, "first_polled", state->first_polled_usec);
        fw_json_set_time(object, "last_complete", state->last_complete_usec);
        fw_json_set_str(object, "etag", state->entity_tag);
        fw_json_set_str(object, "last_modified", state->last_modified);
        fw_json_set_int(object, "body_bytes", (int64_t) state->body_bytes);
}

/* Sorted by feed. */
static int load_counts(struct fw_control_server *server, struct fw_arena *arena, struct fw_feed_counts **ret_counts,
                       size_t *ret_len)
{
        int r = fw_store_feed_counts(server->store, fw_clock_wall(server->clock), arena, ret_counts, ret_len);
        if (r == 0 && *ret_len > 0)
                qsort(*ret_counts, *ret_len, sizeof(**ret_counts), compare_counts);
        return r;
}

void fw_api_feeds(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_feed_counts *counts = NULL;
        size_t counts_len = 0;
        if (load_counts(server, arena, &counts, &counts_len) < 0) {
                fw_api_store_failed(server, request);
                return;
        }
        json_t *feeds = json_array();
        for (size_t i = 0; i < server->world.config(server->world.userdata)->feeds_len; i++)
                json_array_append_new(feeds, feed_json(server, i, counts, counts_len));
        json_t *answer = json_object();
        fw_json_set(answer, "feeds", feeds);
        fw_http_answer_json(request, 200, answer);
}

static void answer_feed(struct fw_control_server *server, struct fw_http_request *request, size_t index)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_feed_counts *counts = NULL;
        size_t counts_len = 0;
        if (load_counts(server, arena, &counts, &counts_len) < 0) {
                fw_api_store_failed(server, request);
                return;
        }
        json_t *feed = feed_json(server, index, counts, counts_len);
        set_details(feed, &server->world.config(server->world.userdata)->feeds[index],
                    server->world.feed_state(server->world.userdata, index));
        fw_http_answer_json(request, 200, feed);
}

void fw_api_feed(void *userdata, struct fw_http_request *request)
{
        size_t index = fw_api_find_feed(userdata, request, fw_http_parameter(request, 0));
        if (index != SIZE_MAX)
                answer_feed(userdata, request, index);
}

static void set_paused(struct fw_control_server *server, struct fw_http_request *request, bool paused)
{
        size_t index = fw_api_find_feed(server, request, fw_http_parameter(request, 0));
        if (index == SIZE_MAX)
                return;
        struct fw_str reason = fw_json_get_str(fw_http_body(request), "reason");
        struct fw_str id = server->world.config(server->world.userdata)->feeds[index].id;
        fw_api_audit(server, request, "%s of feed '%.*s'", paused ? "pause" : "resumption", FW_STR_ARG(id));
        int r = server->world.set_paused(server->world.userdata, index, paused,
                                         fw_str_empty(reason) ? FW_STR("paused by hand") : reason);
        if (r < 0)
                fw_api_store_failed(server, request);
        else
                answer_feed(server, request, index);
}

void fw_api_feed_pause(void *userdata, struct fw_http_request *request)
{
        set_paused(userdata, request, true);
}

void fw_api_feed_resume(void *userdata, struct fw_http_request *request)
{
        set_paused(userdata, request, false);
}
