#include "control/server.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "control/api.h"

static const char *const alerts_query[] = { "since",   "after",  "rule",  "feed",  "severity",
                                            "channel", "failed", "limit", "order", NULL };
static const char *const stream_query[] = { "since", "after", "channel", NULL };

/* docs/api.md describes each. */
static const struct fw_http_route routes[] = {
        { .method = "GET", .path = "/v1/status", .handler = fw_api_status },
        { .method = "POST", .path = "/v1/reload", .handler = fw_api_reload },
        { .method = "GET", .path = "/metrics", .handler = fw_api_metrics },
        { .method = "GET", .path = "/v1/feeds", .handler = fw_api_feeds },
        { .method = "GET", .path = "/v1/feeds/{}", .handler = fw_api_feed },
        { .method = "POST", .path = "/v1/feeds/{}/pause", .handler = fw_api_feed_pause },
        { .method = "POST", .path = "/v1/feeds/{}/resume", .handler = fw_api_feed_resume },
        { .method = "POST", .path = "/v1/check", .handler = fw_api_check },
        { .method = "GET", .path = "/v1/rules", .handler = fw_api_rules },
        { .method = "GET", .path = "/v1/alerts", .query = alerts_query, .handler = fw_api_alerts },
        { .method = "GET", .path = "/v1/alerts/stream", .query = stream_query, .handler = fw_api_alert_stream },
        { .method = "GET", .path = "/v1/alerts/{}", .handler = fw_api_alert },
        { .method = "POST", .path = "/v1/alerts/{}/delivered", .handler = fw_api_alert_delivered },
        { 0 },
};

/* What is not committed may still be undone: nobody is to see it. */
void fw_api_commit(void *userdata)
{
        struct fw_control_server *server = userdata;
        server->world.commit(server->world.userdata);
}

int fw_control_server_new(sd_event *event, const char *socket_path, int listen_fd, struct fw_store *store,
                          struct fw_delivery *delivery, const struct fw_clock *clock,
                          const struct fw_control_world *world, struct fw_diag *diag,
                          struct fw_control_server **ret_server)
{
        fw_cleanup(fw_control_server_freep) struct fw_control_server *server = fw_calloc(1, sizeof(*server));
        server->world = *world;
        server->store = store;
        server->delivery = delivery;
        server->clock = clock;

        int r = listen_fd >= 0 ? fw_listener_adopt(listen_fd, diag, &server->listener)
                               : fw_listener_open(socket_path, diag, &server->listener);
        if (r < 0)
                return r;
        const struct fw_http_options options = {
                .listen_fd = server->listener.fd, .routes = routes, .before = fw_api_commit, .userdata = server
        };
        r = fw_http_server_new(event, &options, &server->http);
        if (r < 0) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "cannot serve the control socket '%s': %s", socket_path,
                            strerror(-r));
                return r;
        }
        *ret_server = server;
        server = NULL;
        return 0;
}

struct fw_control_server *fw_control_server_free(struct fw_control_server *server)
{
        if (!server)
                return NULL;
        fw_listener_done(&server->listener);
        server->http = fw_http_server_free(server->http);
        fw_vec_done(&server->followers);
        free(server);
        return NULL;
}

bool fw_api_read_time(struct fw_http_request *request, const char *name, int64_t *ret_usec)
{
        struct fw_str text;
        if (!fw_http_query(request, name, &text) || fw_parse_rfc3339(text, ret_usec) == 0)
                return true;
        fw_http_answer_error(request, 400, "'%s' must be a time like 2024-10-24T09:31:02Z, but is '%.*s'", name,
                             FW_STR_ARG(text));
        return false;
}

bool fw_api_read_number(struct fw_http_request *request, const char *name, uint64_t max, uint64_t *ret_number)
{
        struct fw_str text;
        uint64_t number;
        if (!fw_http_query(request, name, &text))
                return true;
        if (fw_str_to_u64(text, &number) == 0 && number <= max) {
                *ret_number = number;
                return true;
        }
        fw_http_answer_error(request, 400, "'%s' must be a number from 0 to %llu, but is '%.*s'", name,
                             (unsigned long long) max, FW_STR_ARG(text));
        return false;
}

void fw_api_store_failed(struct fw_control_server *server, struct fw_http_request *request)
{
        fw_http_answer_error(request, 500, "the store failed: %s", fw_store_error(server->store));
}

static void refuse_unknown_feed(const struct fw_config *config, struct fw_http_request *request, struct fw_str wanted)
{
        struct fw_str *ids = fw_reallocarray(NULL, config->feeds_len + 1, sizeof(*ids));
        for (size_t i = 0; i < config->feeds_len; i++)
                ids[i] = config->feeds[i].id;
        struct fw_str nearest = fw_str_nearest(wanted, ids, config->feeds_len);
        free(ids);
        if (fw_str_empty(nearest))
                fw_http_answer_error(request, 404, "no feed has the id or URL '%.*s'; 'feedwatch feeds list' shows all",
                                     FW_STR_ARG(wanted));
        else
                fw_http_answer_error(request, 404, "no feed has the id or URL '%.*s'; did you mean '%.*s'?",
                                     FW_STR_ARG(wanted), FW_STR_ARG(nearest));
}

size_t fw_api_find_feed(struct fw_control_server *server, struct fw_http_request *request, struct fw_str id_or_url)
{
        const struct fw_config *config = server->world.config(server->world.userdata);
        const struct fw_feed_config *feed = fw_config_find_feed(config, id_or_url);
        if (feed)
                return (size_t) (feed - config->feeds);
        refuse_unknown_feed(config, request, id_or_url);
        return SIZE_MAX;
}

void fw_api_audit(struct fw_control_server *server, const struct fw_http_request *request, const char *format, ...)
{
        fw_cleanup(fw_buf_done) struct fw_buf what = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&what, format, args);
        va_end(args);
        server->world.audit(server->world.userdata, fw_buf_c(&what), fw_http_peer_uid(request),
                            fw_http_peer_pid(request));
}

void fw_api_count_conditions(struct fw_control_server *server, size_t ret_counts[FW_FEED_CONDITIONS_LEN])
{
        const struct fw_config *config = server->world.config(server->world.userdata);
        memset(ret_counts, 0, FW_FEED_CONDITIONS_LEN * sizeof(*ret_counts));
        for (size_t i = 0; i < config->feeds_len; i++)
                ret_counts[server->world.feed_state(server->world.userdata, i)->condition]++;
}
