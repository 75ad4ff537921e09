/*
 * rules lint: everything that is wrong with rule and entity files, at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/yaml.h"
#include "cli/commands.h"
#include "cli/load.h"

typedef FW_VEC(const char *) file_names;

struct named_files {
        file_names rules, entities;
};

/* By its content; a file that is no YAML is taken for what it says first. A pipe can be read only once, so it is taken for rules. */
static bool is_entity_file(const char *path)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(FW_LIMIT_CONFIG_FILE_BYTES);
        fw_cleanup(fw_diag_freep) struct fw_diag *unheard = fw_diag_new();
        fw_cleanup(fw_yaml_freep) struct fw_yaml *document = NULL;
        if (fw_file_read(path, &content) < 0)
                return false;
        struct fw_str text = fw_buf_str(&content);
        if (fw_yaml_parse(FW_STR_NONE, text, unheard, &document) < 0) {
                size_t entities = fw_str_find(text, FW_STR("entities:"), 0);
                return entities != SIZE_MAX && entities < fw_str_find(text, FW_STR("rules:"), 0);
        }
        const struct fw_yaml_node *root = fw_yaml_root(document);
        return root && !fw_yaml_get(root, "rules") && (fw_yaml_get(root, "entities") || fw_yaml_get(root, "groups"));
}

static void sort_files(const struct fw_cli *cli, struct named_files *files)
{
        for (size_t i = 0; i < cli->arguments.len; i++) {
                const char *name = cli->arguments.p[i];
                if (strncmp(name, "builtin:", strlen("builtin:")) == 0 || is_entity_file(name))
                        fw_vec_push(&files->entities, name);
                else
                        fw_vec_push(&files->rules, name);
        }
}

/* The configuration, if there is one, so that names in the files are known. */
static void load_surroundings(const struct fw_cli *cli, struct fw_cli_loaded *loaded, struct named_files *files)
{
        if (fw_cli_try_paths(cli, &loaded->paths) < 0 || access(loaded->paths.config_file, F_OK) < 0)
                return;
        if (fw_config_load(&loaded->paths, loaded->diag, &loaded->config) < 0 || files->entities.len > 0)
                return;
        for (size_t i = 0; i < loaded->config->entity_paths_len; i++)
                fw_vec_push(&files->entities, loaded->config->entity_paths[i].p);
}

static int read_everything(const struct fw_cli *cli, struct fw_cli_loaded *loaded)
{
        if (cli->arguments.len == 0) {
                int r = fw_config_load(&loaded->paths, loaded->diag, &loaded->config);
                return r < 0 ? r : fw_config_read_rules(loaded->config, loaded->diag, &loaded->bundle);
        }
        struct named_files files = { 0 };
        sort_files(cli, &files);
        load_surroundings(cli, loaded, &files);
        int r = fw_rule_bundle_read_files(files.rules.p, files.rules.len, files.entities.p, files.entities.len,
                                          loaded->diag, &loaded->bundle);
        fw_vec_done(&files.rules);
        fw_vec_done(&files.entities);
        return r;
}

static void print_summary(const struct fw_cli_loaded *loaded)
{
        size_t errors = fw_diag_count(loaded->diag, FW_ERROR), warnings = fw_diag_count(loaded->diag, FW_WARNING);
        if (loaded->ruleset) {
                size_t rules = fw_ruleset_len(loaded->ruleset), entities = fw_ruleset_entities_len(loaded->ruleset);
                printf("%zu %s, %zu %s: ", rules, fw_plural(rules, "rule", "rules"), entities,
                       fw_plural(entities, "entity", "entities"));
        }
        if (errors + warnings == 0)
                puts("no problems");
        else
                printf("%zu %s, %zu %s\n", errors, fw_plural(errors, "error", "errors"), warnings,
                       fw_plural(warnings, "warning", "warnings"));
}

static void print_json(const struct fw_diag *diag)
{
        static const char *const levels[] = { [FW_NOTE] = "note", [FW_WARNING] = "warning", [FW_ERROR] = "error" };
        fw_cleanup(fw_json_decrefp) json_t *findings = json_array();
        for (size_t i = 0; i < fw_diag_len(diag); i++) {
                const struct fw_diag_entry *entry = fw_diag_entry(diag, i);
                json_t *finding = json_object();
                fw_json_set_str(finding, "level", fw_str_c(levels[entry->level]));
                if (entry->location.source) {
                        fw_json_set_str(finding, "file", fw_source_name(entry->location.source));
                        fw_json_set_int(finding, "line", entry->line);
                        fw_json_set_int(finding, "column", entry->column);
                }
                fw_json_set_str(finding, "message", fw_str_c(entry->message));
                (void) json_array_append_new(findings, finding);
        }
        fw_cli_print_json(findings);
}

static int run(struct fw_cli *cli)
{
        struct fw_cli_loaded loaded = { .diag = fw_diag_new() };
        int status = cli->arguments.len == 0 ? fw_cli_find_paths(cli, &loaded.paths) : FW_EXIT_OK;
        if (status == FW_EXIT_OK) {
                if (read_everything(cli, &loaded) >= 0)
                        (void) fw_rule_bundle_compile(loaded.bundle, loaded.config, loaded.diag, &loaded.ruleset);
                status = fw_cli_print_diag(cli, loaded.diag);
                if (fw_cli_has(cli, "strict") && fw_diag_count(loaded.diag, FW_WARNING) > 0)
                        status = FW_EXIT_FAILED;
                if (cli->json)
                        print_json(loaded.diag);
                else
                        print_summary(&loaded);
        }
        fw_cli_loaded_done(&loaded);
        return status;
}

static const struct fw_option options[] = {
        { .name = "strict", .help = "exit status 1 for warnings too" },
        { 0 },
};

const struct fw_command fw_command_rules_lint = {
        .name = "rules lint",
        .arguments = "[FILE…]",
        .most = SIZE_MAX,
        .complete = FW_COMPLETE_FILE,
        .json = true,
        .summary = "check rule and entity files",
        .help = "Checks the whole configuration, with its feed lists, rules and entities; or the\n"
                "given rule and entity files alone. Every error and warning is said at once, on\n"
                "standard error. Given files may use the entities, channels and feeds of the\n"
                "configuration, if there is one; entities only if no entity file is given.\n"
                "\n"
                "Exit status 1 if there is an error; 0 for warnings alone.\n",
        .options = options,
        .run = run,
};
