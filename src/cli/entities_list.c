#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/entities.h"

static bool is_wanted(const struct fw_cli *cli, const struct fw_entity *entity)
{
        const char *kind = fw_cli_value(cli, "kind");
        return !kind || strcmp(kind, fw_entity_kind_name(entity->kind)) == 0;
}

static void append_names(const struct fw_entity *entity, struct fw_buf *out)
{
        for (size_t i = 0; i < entity->names_len; i++)
                if (entity->names[i].class == FW_NAME_NAME)
                        (void) fw_buf_printf(out, "%s%.*s", out->len > 0 ? ", " : "",
                                             FW_STR_ARG(entity->names[i].text));
}

static void print_table(const struct fw_cli *cli, const struct fw_ruleset *ruleset)
{
        static const struct fw_column columns[] = {
                { .heading = "ENTITY" },
                { .heading = "KIND" },
                { .heading = "NAMES", .right = true },
                { .heading = "FIRST NAMES", .shrink = true },
                { 0 },
        };
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        for (size_t i = 0; i < fw_ruleset_entities_len(ruleset); i++) {
                const struct fw_entity *entity = fw_ruleset_entity(ruleset, i);
                if (!is_wanted(cli, entity))
                        continue;
                fw_cleanup(fw_buf_done) struct fw_buf names = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                append_names(entity, &names);
                fw_table_cell(table, entity->id, FW_STYLE_BOLD);
                fw_table_cell(table, fw_str_c(fw_entity_kind_name(entity->kind)), FW_STYLE_PLAIN);
                fw_table_cellf(table, FW_STYLE_PLAIN, "%zu", entity->names_len);
                fw_table_cell(table, fw_buf_str(&names), FW_STYLE_PLAIN);
        }
        fw_table_print(table, cli);
}

static void print_json(const struct fw_cli *cli, const struct fw_ruleset *ruleset)
{
        fw_cleanup(fw_json_decrefp) json_t *entities = json_array();
        for (size_t i = 0; i < fw_ruleset_entities_len(ruleset); i++)
                if (is_wanted(cli, fw_ruleset_entity(ruleset, i)))
                        (void) json_array_append_new(entities, fw_cli_entity_new(fw_ruleset_entity(ruleset, i)));
        fw_cli_print_json(entities);
}

static int run(struct fw_cli *cli)
{
        struct fw_cli_loaded loaded;
        int status = fw_cli_load_entities(cli, &loaded);
        if (status == FW_EXIT_OK && cli->json)
                print_json(cli, loaded.ruleset);
        else if (status == FW_EXIT_OK)
                print_table(cli, loaded.ruleset);
        fw_cli_loaded_done(&loaded);
        return status;
}

static const struct fw_option options[] = {
        { .name = "kind",
          .argument = "KIND",
          .complete = FW_COMPLETE_WORDS,
          .words = "country|person|organization|place|product|topic",
          .help = "only entities of this kind" },
        FW_ENTITIES_OPTION,
        { 0 },
};

const struct fw_command fw_command_entities_list = {
        .name = "entities list",
        .arguments = "",
        .json = true,
        .summary = "list the entities",
        .help = "Lists the gazetteer: every entity that rules can name as @ID, with the number of\n"
                "its names, adjectives and phrases.\n",
        .options = options,
        .run = run,
};
