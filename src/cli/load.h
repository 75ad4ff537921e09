/*
 * load: the configuration and its rules, for commands that work on the files alone.
 */
#pragma once

#include "cli/cli.h"
#include "config/config.h"
#include "rule/rule.h"

struct fw_cli_loaded {
        struct fw_paths paths;
        struct fw_diag *diag;
        struct fw_config *config;
        struct fw_rule_bundle *bundle;
        struct fw_ruleset *ruleset;
};

/*
 * Where the configuration is. Where nobody chose one (--config, $FEEDWATCH_CONFIG) and this user has none, it is the system service's, if
 * that can be read. Free with fw_paths_done(). FW_EXIT_OK, or an exit status after saying what is wrong.
 */
int fw_cli_find_paths(const struct fw_cli *cli, struct fw_paths *ret_paths);
/* The same without a word: 0, or -ENOENT. */
int fw_cli_try_paths(const struct fw_cli *cli, struct fw_paths *ret_paths);
/* Reads the configuration. FW_EXIT_OK, or an exit status after saying what is wrong. Free with fw_cli_loaded_done() in either case. */
int fw_cli_load_config(const struct fw_cli *cli, struct fw_cli_loaded *ret_loaded);
/* The same with all rules and entities, compiled. Warnings are in ret_loaded->diag. */
int fw_cli_load_rules(const struct fw_cli *cli, struct fw_cli_loaded *ret_loaded);
/* Compiles loaded->bundle, if reading it gave `r` = 0. The same exit statuses. */
int fw_cli_compile(const struct fw_cli *cli, int r, struct fw_cli_loaded *loaded);
/* Compiles these files instead; 'builtin:NAME' is an entity file too. */
int fw_cli_compile_files(const struct fw_cli *cli, const char *const *rules, size_t rules_len,
                         const char *const *entities, size_t entities_len, struct fw_cli_loaded *ret_loaded);
void fw_cli_loaded_done(struct fw_cli_loaded *loaded);
