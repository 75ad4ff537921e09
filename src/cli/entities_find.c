/*
 * entities find: which entities a text mentions, and which names in it lost, and to what.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/entities.h"

struct found {
        const struct fw_cli *cli;
        const struct fw_ruleset *ruleset;
        struct fw_str text;
        const struct fw_mention *mentions;
        size_t len;
};

static json_t *mention_new(const struct found *found, const struct fw_mention *mention)
{
        json_t *object = json_object();
        fw_json_set_str(object, "entity", fw_ruleset_entity(found->ruleset, mention->entity_index)->id);
        fw_json_set_str(object, "class", fw_str_c(fw_name_class_name(mention->class)));
        fw_json_set_int(object, "start", mention->start);
        fw_json_set_int(object, "end", mention->end);
        fw_json_set_str(object, "text", fw_str_slice(found->text, mention->start, mention->end));
        fw_json_set_str(object, "name", mention->name);
        fw_json_set(object, "counts", json_boolean(mention->counts));
        if (mention->lost_to)
                fw_json_set_str(object, "lost_to", fw_str_c(mention->lost_to));
        if (mention->winner != UINT32_MAX)
                fw_json_set_str(object, "winner", fw_ruleset_entity(found->ruleset, mention->winner)->id);
        return object;
}

static void print_json(const struct found *found)
{
        fw_cleanup(fw_json_decrefp) json_t *mentions = json_array();
        for (size_t i = 0; i < found->len; i++)
                (void) json_array_append_new(mentions, mention_new(found, &found->mentions[i]));
        fw_cli_print_json(mentions);
}

static void print_text(const struct found *found)
{
        FW_VEC(struct fw_span) spans = { 0 };
        size_t end = 0;
        for (size_t i = 0; i < found->len; i++) {
                const struct fw_mention *mention = &found->mentions[i];
                if (!mention->counts || mention->start < end)
                        continue;
                fw_vec_push(&spans, (struct fw_span){ mention->start, mention->end });
                end = mention->end;
        }
        fw_cli_print_marked(found->cli, found->text, spans.p, spans.len);
        puts("\n");
        fw_vec_done(&spans);
}

static void print_table(const struct found *found)
{
        static const struct fw_column columns[] = {
                { .heading = "ENTITY" },
                { .heading = "AS" },
                { .heading = "TEXT", .shrink = true },
                { .heading = "COUNTS" },
                { 0 },
        };
        fw_cleanup(fw_table_freep) struct fw_table *table = fw_table_new(columns);
        for (size_t i = 0; i < found->len; i++) {
                const struct fw_mention *mention = &found->mentions[i];
                fw_table_cell(table, fw_ruleset_entity(found->ruleset, mention->entity_index)->id, FW_STYLE_BOLD);
                fw_table_cell(table, fw_str_c(fw_name_class_name(mention->class)), FW_STYLE_PLAIN);
                fw_table_cell(table, fw_str_slice(found->text, mention->start, mention->end), FW_STYLE_PLAIN);
                if (mention->counts)
                        fw_table_cell(table, FW_STR("yes"), FW_STYLE_GOOD);
                else if (mention->winner != UINT32_MAX)
                        fw_table_cellf(table, FW_STYLE_DIM, "no: %s, of %.*s",
                                       mention->lost_to ? mention->lost_to : "it lost",
                                       FW_STR_ARG(fw_ruleset_entity(found->ruleset, mention->winner)->id));
                else
                        fw_table_cellf(table, FW_STYLE_DIM, "no: %s", mention->lost_to ? mention->lost_to : "it lost");
        }
        fw_table_print(table, found->cli);
}

static void find(const struct fw_cli *cli, struct fw_ruleset *ruleset)
{
        fw_cleanup(fw_match_context_freep) struct fw_match_context *context = fw_match_context_new(ruleset);
        struct found found = { .cli = cli, .ruleset = ruleset, .text = fw_str_c(cli->arguments.p[0]) };
        const struct fw_document_field field = { .field = FW_FIELD_TITLE, .value = found.text };
        const struct fw_document document = { .fields = &field, .fields_len = 1 };
        found.mentions = fw_find_mentions(context, &document, &found.len);
        if (cli->json) {
                print_json(&found);
        } else if (found.len == 0) {
                puts("no entity is mentioned");
        } else {
                print_text(&found);
                print_table(&found);
        }
}

static int run(struct fw_cli *cli)
{
        struct fw_cli_loaded loaded;
        int status = fw_cli_load_entities(cli, &loaded);
        if (status == FW_EXIT_OK)
                find(cli, loaded.ruleset);
        fw_cli_loaded_done(&loaded);
        return status;
}

static const struct fw_option options[] = {
        FW_ENTITIES_OPTION,
        { 0 },
};

const struct fw_command fw_command_entities_find = {
        .name = "entities find",
        .arguments = "TEXT",
        .least = 1,
        .most = 1,
        .json = true,
        .summary = "which entities a text mentions",
        .help = "Finds the mentions of entities in a text as rules see them: the longest name,\n"
                "from the left, over the whole gazetteer. Names that lost are shown with what\n"
                "they lost to.\n"
                "\n"
                "  feedwatch entities find 'Troops of the Republic of Korea'\n",
        .options = options,
        .run = run,
};
