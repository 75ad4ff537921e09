#include "base/map.h"
#include "control/api.h"

static void set_list(json_t *object, const char *key, const struct fw_str *strings, size_t len)
{
        if (len == 0)
                return;
        json_t *array = json_array();
        for (size_t i = 0; i < len; i++)
                json_array_append_new(array, fw_json_str(strings[i]));
        fw_json_set(object, key, array);
}

static json_t *rule_json(const struct fw_config *config, const struct fw_rule *rule,
                         const struct fw_rule_counts *counts)
{
        json_t *object = json_object();
        fw_json_set(object, "id", fw_json_str(rule->id));
        fw_json_set(object, "name", fw_json_str(rule->name));
        fw_json_set_str(object, "severity",
                        fw_str_c(fw_severity_name(rule->severity_given ? rule->severity : config->default_severity)));
        fw_json_set_str(object, "status", rule->test ? FW_STR("test") : FW_STR("live"));
        fw_json_set_str(object, "match", rule->match);
        fw_json_set_str(object, "unless", rule->unless);
        set_list(object, "notify", rule->notify_len > 0 ? rule->notify : config->default_notify,
                 rule->notify_len > 0 ? rule->notify_len : config->default_notify_len);
        set_list(object, "languages", rule->languages, rule->languages_len);
        fw_json_set_str(object, "file", rule->file);
        fw_json_set_int(object, "line", rule->line);
        fw_json_set_int(object, "matches", counts ? (int64_t) counts->matches : 0);
        fw_json_set_int(object, "alerts", counts ? (int64_t) counts->alerts : 0);
        fw_json_set_time(object, "last_match", counts ? counts->last_match_usec : FW_TIME_NONE);
        return object;
}

void fw_api_rules(void *userdata, struct fw_http_request *request)
{
        struct fw_control_server *server = userdata;
        const struct fw_config *config = server->world.config(server->world.userdata);
        const struct fw_ruleset *ruleset = server->world.ruleset(server->world.userdata);
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_rule_counts *counts = NULL;
        size_t counts_len = 0;
        if (fw_store_rule_counts(server->store, arena, &counts, &counts_len) < 0) {
                fw_api_store_failed(server, request);
                return;
        }
        struct fw_map by_rule;
        fw_map_init(&by_rule);
        for (size_t i = 0; i < counts_len; i++)
                fw_map_put(&by_rule, counts[i].rule_id, NULL)->pointer = &counts[i];
        json_t *rules = json_array();
        for (size_t i = 0; i < fw_ruleset_len(ruleset); i++) {
                const struct fw_rule *rule = fw_ruleset_rule(ruleset, i);
                const union fw_map_value *found = fw_map_get(&by_rule, rule->id);
                json_array_append_new(rules, rule_json(config, rule, found ? found->pointer : NULL));
        }
        fw_map_done(&by_rule);
        json_t *answer = json_object();
        fw_json_set(answer, "rules", rules);
        fw_http_answer_json(request, 200, answer);
}
