#include "cli/load.h"

int fw_cli_compile(const struct fw_cli *cli, int r, struct fw_cli_loaded *loaded)
{
        if (r >= 0)
                r = fw_rule_bundle_compile(loaded->bundle, loaded->config, loaded->diag, &loaded->ruleset);
        if (r >= 0)
                return FW_EXIT_OK;
        (void) fw_cli_print_diag(cli, loaded->diag);
        return FW_EXIT_FAILED;
}

int fw_cli_compile_files(const struct fw_cli *cli, const char *const *rules, size_t rules_len,
                         const char *const *entities, size_t entities_len, struct fw_cli_loaded *ret_loaded)
{
        *ret_loaded = (struct fw_cli_loaded){ .diag = fw_diag_new() };
        int r = fw_rule_bundle_read_files(rules, rules_len, entities, entities_len, ret_loaded->diag,
                                          &ret_loaded->bundle);
        return fw_cli_compile(cli, r, ret_loaded);
}

void fw_cli_loaded_done(struct fw_cli_loaded *loaded)
{
        loaded->ruleset = fw_ruleset_unref(loaded->ruleset);
        loaded->bundle = fw_rule_bundle_free(loaded->bundle);
        loaded->config = fw_config_free(loaded->config);
        loaded->diag = fw_diag_free(loaded->diag); /* last: the others point into its sources */
        fw_paths_done(&loaded->paths);
}
