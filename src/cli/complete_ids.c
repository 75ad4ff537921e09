#include "cli/complete_ids.h"

#include "cli/load.h"

static void offer_feeds(const struct fw_config *config, fw_complete_id_function *offer, void *userdata)
{
        for (size_t i = 0; i < config->feeds_len; i++) {
                fw_cleanup(fw_freep) char *title = fw_strndup(config->feeds[i].title.p, config->feeds[i].title.len);
                offer(userdata, config->feeds[i].id, title);
        }
}

static void offer_rules(const struct fw_ruleset *ruleset, fw_complete_id_function *offer, void *userdata)
{
        for (size_t i = 0; i < fw_ruleset_len(ruleset); i++) {
                const struct fw_rule *rule = fw_ruleset_rule(ruleset, i);
                fw_cleanup(fw_freep) char *name = fw_strndup(rule->name.p, rule->name.len);
                offer(userdata, rule->id, name);
        }
}

static void offer_entities(const struct fw_ruleset *ruleset, fw_complete_id_function *offer, void *userdata)
{
        for (size_t i = 0; i < fw_ruleset_entities_len(ruleset); i++) {
                const struct fw_entity *entity = fw_ruleset_entity(ruleset, i);
                offer(userdata, entity->id, fw_entity_kind_name(entity->kind));
        }
}

void fw_complete_ids(enum fw_completion kind, const char *config_option, fw_complete_id_function *offer, void *userdata)
{
        struct fw_cli_loaded loaded = { .diag = fw_diag_new() };
        const struct fw_cli cli = { .config_option = config_option };
        if (fw_cli_try_paths(&cli, &loaded.paths) == 0 &&
            fw_config_load(&loaded.paths, loaded.diag, &loaded.config) >= 0) {
                if (kind == FW_COMPLETE_FEED)
                        offer_feeds(loaded.config, offer, userdata);
                else if (fw_config_read_rules(loaded.config, loaded.diag, &loaded.bundle) >= 0 &&
                         fw_rule_bundle_compile(loaded.bundle, loaded.config, loaded.diag, &loaded.ruleset) >= 0)
                        (kind == FW_COMPLETE_RULE ? offer_rules : offer_entities)(loaded.ruleset, offer, userdata);
        }
        fw_cli_loaded_done(&loaded);
}
