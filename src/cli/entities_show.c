#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/entities.h"

static void print_class(const struct fw_cli *cli, const struct fw_entity *entity, enum fw_name_class class,
                        const char *title)
{
        bool titled = false;
        for (size_t i = 0; i < entity->names_len; i++) {
                const struct fw_entity_name *name = &entity->names[i];
                if (name->class != class)
                        continue;
                printf("%s", titled ? ", " : title);
                titled = true;
                fw_cli_print_text(cli, name->text, FW_STYLE_PLAIN);
                if (name->exact)
                        fputs(" (in this case only)", stdout);
        }
        if (titled)
                putchar('\n');
}

static void print_list(const struct fw_cli *cli, const struct fw_str *strings, size_t len, const char *title)
{
        for (size_t i = 0; i < len; i++) {
                fputs(i == 0 ? title : ", ", stdout);
                fw_cli_print_text(cli, strings[i], FW_STYLE_PLAIN);
        }
        if (len > 0)
                putchar('\n');
}

static void print_entity(const struct fw_cli *cli, const struct fw_entity *entity)
{
        fw_cli_print_text(cli, entity->id, FW_STYLE_BOLD);
        printf("\n  kind:       %s%s%.*s\n", fw_entity_kind_name(entity->kind), entity->country.len ? ", " : "",
               FW_STR_ARG(entity->country));
        print_class(cli, entity, FW_NAME_NAME, "  names:      ");
        print_class(cli, entity, FW_NAME_ADJECTIVE, "  adjectives: ");
        print_class(cli, entity, FW_NAME_METONYM, "  metonyms:   ");
        print_class(cli, entity, FW_NAME_NOT, "  not:        ");
        print_list(cli, entity->needs, entity->needs_len, "  needs:      ");
        print_list(cli, entity->groups, entity->groups_len, "  groups:     ");
        fputs("  file:       ", stdout);
        fw_cli_print_text(cli, entity->file, FW_STYLE_PLAIN);
        printf(":%u\n", entity->line);
}

static int unknown_entity(const struct fw_cli *cli, const struct fw_ruleset *ruleset, struct fw_str id)
{
        size_t len = fw_ruleset_entities_len(ruleset);
        fw_cleanup(fw_freep) struct fw_str *known = fw_calloc(len + 1, sizeof(*known));
        for (size_t i = 0; i < len; i++)
                known[i] = fw_ruleset_entity(ruleset, i)->id;
        struct fw_str nearest = fw_str_nearest(id, known, len);
        if (fw_str_empty(nearest))
                return fw_cli_error(cli, "there is no entity '%.*s'; 'feedwatch entities list' shows all",
                                    FW_STR_ARG(id));
        return fw_cli_error(cli, "there is no entity '%.*s'; did you mean '%.*s'?", FW_STR_ARG(id),
                            FW_STR_ARG(nearest));
}

static int show(const struct fw_cli *cli, const struct fw_ruleset *ruleset, const char *argument, json_t *shown)
{
        struct fw_str id = fw_str_c(argument[0] == '@' ? argument + 1 : argument);
        size_t index = fw_ruleset_find_entity(ruleset, id);
        if (index == SIZE_MAX)
                return unknown_entity(cli, ruleset, id);
        const struct fw_entity *entity = fw_ruleset_entity(ruleset, index);
        if (cli->json)
                (void) json_array_append_new(shown, fw_cli_entity_new(entity));
        else
                print_entity(cli, entity);
        return FW_EXIT_OK;
}

static int run(struct fw_cli *cli)
{
        struct fw_cli_loaded loaded;
        int status = fw_cli_load_entities(cli, &loaded);
        fw_cleanup(fw_json_decrefp) json_t *shown = json_array();
        for (size_t i = 0; loaded.ruleset && i < cli->arguments.len; i++)
                if (show(cli, loaded.ruleset, cli->arguments.p[i], shown) != FW_EXIT_OK)
                        status = FW_EXIT_FAILED;
        if (cli->json && loaded.ruleset)
                fw_cli_print_json(shown);
        fw_cli_loaded_done(&loaded);
        return status;
}

static const struct fw_option options[] = {
        FW_ENTITIES_OPTION,
        { 0 },
};

const struct fw_command fw_command_entities_show = {
        .name = "entities show",
        .arguments = "ENTITY…",
        .least = 1,
        .most = SIZE_MAX,
        .complete = FW_COMPLETE_ENTITY,
        .json = true,
        .summary = "show entities with all their names",
        .help = "Shows what counts as a mention of an entity: its names, adjectives and metonyms\n"
                "in every language, the phrases that are something else, and where it is defined.\n",
        .options = options,
        .run = run,
};
