#include "control/api.h"

#include <string.h>
#include <unistd.h>

static json_t *feeds_json(struct fw_control_server *server)
{
        size_t counts[FW_FEED_CONDITIONS_LEN];
        fw_api_count_conditions(server, counts);
        json_t *feeds = json_object();
        fw_json_set_int(feeds, "configured", (int64_t) server->world.config(server->world.userdata)->feeds_len);
        for (enum fw_feed_condition i = 0; i < FW_FEED_CONDITIONS_LEN; i++)
                fw_json_set_int(feeds, fw_feed_condition_name(i), (int64_t) counts[i]);
        return feeds;
}

static json_t *workers_json(struct fw_control_server *server)
{
        struct fw_engine_stats stats = server->world.engine_stats(server->world.userdata);
        json_t *workers = json_object();
        fw_json_set_int(workers, "alive", stats.workers);
        fw_json_set_int(workers, "started", (int64_t) stats.started);
        fw_json_set_int(workers, "crashed", (int64_t) stats.crashed);
        fw_json_set_int(workers, "timed_out", (int64_t) stats.timed_out);
        fw_json_set_int(workers, "jobs", (int64_t) stats.jobs);
        return workers;
}

static json_t *channels_json(struct fw_control_server *server)
{
        json_t *channels = json_array();
        struct fw_channel_health health;
        for (size_t i = 0; fw_delivery_health(server->delivery, i, &health); i++) {
                json_t *channel = json_object();
                fw_json_set(channel, "name", fw_json_str(health.name));
                fw_json_set_str(channel, "type", fw_str_c(fw_channel_type_name(health.type)));
                fw_json_set_int(channel, "failures", health.failures);
                fw_json_set_str(channel, "last_error", health.last_error);
                fw_json_set_time(channel, "last_sent", health.last_sent_usec);
                if (health.type == FW_CHANNEL_DESKTOP)
                        fw_json_set_int(channel, "agents", (int64_t) fw_control_server_agents(server));
                json_array_append_new(channels, channel);
        }
        return channels;
}

static json_t *outcome_json(const struct fw_reload_outcome *outcome)
{
        json_t *reload = json_object();
        fw_json_set(reload, "ok", json_boolean(outcome->ok));
        fw_json_set_time(reload, "time", outcome->time_usec);
        fw_json_set_str(reload, "messages", outcome->messages);
        return reload;
}

static json_t *store_json(const struct fw_store_totals *totals, struct fw_str path, struct fw_str error)
{
        json_t *store = json_object();
        fw_json_set_str(store, "path", path);
        fw_json_set_int(store, "feeds", (int64_t) totals->feeds);
        fw_json_set_int(store, "items", (int64_t) totals->items);
        fw_json_set_int(store, "alerts", (int64_t) totals->alerts);
        fw_json_set_int(store, "bytes", (int64_t) totals->bytes);
        fw_json_set_str(store, "error", error);
        return store;
}

static json_t *facts_json(const struct fw_daemon_facts *facts)
{
        json_t *status = json_object();
        fw_json_set_str(status, "version", fw_str_c(facts->version));
        fw_json_set_int(status, "pid", getpid());
        fw_json_set_str(status, "state", fw_str_c(facts->state));
        fw_json_set_time(status, "started", facts->started_usec);
        fw_json_set_int(status, "transfers", (int64_t) facts->transfers);
        if (facts->next_due_usec != INT64_MAX)
                fw_json_set_time(status, "next_due", facts->next_due_usec);
        json_t *since_start = json_object();
        fw_json_set_int(since_start, "polls", (int64_t) facts->polls);
        fw_json_set_int(since_start, "new_items", (int64_t) facts->new_items);
        fw_json_set_int(since_start, "alerts", (int64_t) facts->alerts);
        fw_json_set(status, "since_start", since_start);
        fw_json_set(status, "reload", outcome_json(&facts->reload));
        return status;
}

void fw_api_status(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        const struct fw_config *config = server->world.config(server->world.userdata);
        const struct fw_ruleset *ruleset = server->world.ruleset(server->world.userdata);
        struct fw_store_totals totals;
        uint64_t outbox[3];
        if (fw_store_totals(server->store, &totals) < 0 || fw_store_outbox_counts(server->store, outbox) < 0) {
                fw_api_store_failed(server, request);
                return;
        }
        struct fw_daemon_facts facts;
        server->world.facts(server->world.userdata, &facts);

        json_t *status = facts_json(&facts);
        fw_json_set_str(status, "config", config->file);
        fw_json_set_str(status, "socket", fw_str_c(server->listener.path));
        fw_json_set(status, "feeds", feeds_json(server));
        fw_json_set_int(status, "rules", (int64_t) fw_ruleset_len(ruleset));
        fw_json_set_int(status, "entities", (int64_t) fw_ruleset_entities_len(ruleset));
        fw_json_set(status, "store", store_json(&totals, config->store_path, facts.store_error));
        json_t *rows = json_object();
        for (enum fw_outbox_state i = FW_OUTBOX_PENDING; i <= FW_OUTBOX_FAILED; i++)
                fw_json_set_int(rows, fw_outbox_state_name(i), (int64_t) outbox[i]);
        fw_json_set(status, "outbox", rows);
        fw_json_set(status, "channels", channels_json(server));
        fw_json_set(status, "workers", workers_json(server));
        fw_http_answer_json(request, 200, status);
}

void fw_api_reload(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        struct fw_reload_outcome outcome = { .time_usec = FW_TIME_NONE };
        fw_api_audit(server, request, "reload");
        int r = server->world.reload(server->world.userdata, &outcome);
        if (r == 0 && outcome.ok) {
                fw_http_answer_json(request, 200, outcome_json(&outcome));
                return;
        }
        json_t *error = json_object();
        fw_json_set_int(error, "status", 422);
        fw_json_set(error, "message",
                    fw_str_empty(outcome.messages)
                            ? fw_json_str(fw_str_c(strerror(-r)))
                            : fw_json_str(FW_STR("the new configuration was refused; what was running goes on")));
        fw_json_set_str(error, "diagnostics", outcome.messages);
        json_t *answer = json_object();
        fw_json_set(answer, "error", error);
        fw_http_answer_json(request, 422, answer);
}
