/*
 * Counts for a monitoring system, in Prometheus' text format 0.0.4. No label takes a value from outside: a feed's or a
 * rule's name would make as many series as there are feeds.
 */
#include "control/api.h"

struct metric {
        const char *name, *type, *help;
        uint64_t value;
};

static void append_head(struct fw_buf *out, const char *name, const char *type, const char *help)
{
        (void) fw_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void append_labelled(struct fw_buf *out, const char *name, const char *label, const char *label_value,
                            uint64_t value)
{
        (void) fw_buf_printf(out, "%s{%s=\"%s\"} %llu\n", name, label, label_value, (unsigned long long) value);
}

static void append_metrics(struct fw_buf *out, const struct metric *metrics, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                append_head(out, metrics[i].name, metrics[i].type, metrics[i].help);
                (void) fw_buf_printf(out, "%s %llu\n", metrics[i].name, (unsigned long long) metrics[i].value);
        }
}

static void append_plain(struct fw_control_server *server, const struct fw_store_totals *totals, struct fw_buf *out)
{
        struct fw_daemon_facts facts;
        server->world.facts(server->world.userdata, &facts);
        const struct fw_engine_stats engine = server->world.engine_stats(server->world.userdata);
        const struct metric metrics[] = {
                { "feedwatch_start_time_seconds", "gauge", "When the daemon started, Unix time.",
                  (uint64_t) facts.started_usec / FW_USEC_PER_SEC },
                { "feedwatch_polls_total", "counter", "Polls since the start.", facts.polls },
                { "feedwatch_new_items_total", "counter", "New items since the start.", facts.new_items },
                { "feedwatch_alerts_total", "counter", "Alerts made since the start.", facts.alerts },
                { "feedwatch_transfers", "gauge", "Transfers under way.", facts.transfers },
                { "feedwatch_rules", "gauge", "Rules in force.",
                  fw_ruleset_len(server->world.ruleset(server->world.userdata)) },
                { "feedwatch_reload_ok", "gauge", "1 if the last reload succeeded.", facts.reload.ok },
                { "feedwatch_store_items", "gauge", "Items kept.", totals->items },
                { "feedwatch_store_alerts", "gauge", "Alerts kept.", totals->alerts },
                { "feedwatch_store_bytes", "gauge", "Size of the database.", totals->bytes },
                { "feedwatch_store_ok", "gauge", "1 if the last commit succeeded.", fw_str_empty(facts.store_error) },
                { "feedwatch_workers", "gauge", "Worker processes alive.", engine.workers },
                { "feedwatch_worker_jobs_total", "counter", "Jobs done by workers.", engine.jobs },
                { "feedwatch_worker_crashes_total", "counter", "Workers that died.", engine.crashed },
                { "feedwatch_worker_timeouts_total", "counter", "Workers killed for taking too long.",
                  engine.timed_out },
                { "feedwatch_desktop_agents", "gauge", "Desktop agents following.", fw_control_server_agents(server) },
        };
        append_metrics(out, metrics, FW_ARRAY_LEN(metrics));
}

void fw_api_metrics(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        struct fw_store_totals totals;
        uint64_t outbox[3];
        if (fw_store_totals(server->store, &totals) < 0 || fw_store_outbox_counts(server->store, outbox) < 0) {
                fw_api_store_failed(server, request);
                return;
        }
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        append_plain(server, &totals, &out);

        size_t conditions[FW_FEED_CONDITIONS_LEN];
        fw_api_count_conditions(server, conditions);
        append_head(&out, "feedwatch_feeds", "gauge", "Feeds by condition.");
        for (enum fw_feed_condition i = 0; i < FW_FEED_CONDITIONS_LEN; i++)
                append_labelled(&out, "feedwatch_feeds", "condition", fw_feed_condition_name(i), conditions[i]);
        append_head(&out, "feedwatch_outbox", "gauge", "Deliveries by state.");
        for (enum fw_outbox_state i = FW_OUTBOX_PENDING; i <= FW_OUTBOX_FAILED; i++)
                append_labelled(&out, "feedwatch_outbox", "state", fw_outbox_state_name(i), outbox[i]);
        fw_http_answer_text(request, 200, "text/plain; version=0.0.4; charset=utf-8", fw_buf_str(&out));
}
