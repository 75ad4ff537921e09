#include "cli/entities.h"

#include <stdlib.h>

int fw_cli_load_entities(const struct fw_cli *cli, struct fw_cli_loaded *ret_loaded)
{
        size_t len;
        fw_cleanup(fw_freep) const char **files = fw_cli_values(cli, "entities", &len);
        return len > 0 ? fw_cli_compile_files(cli, NULL, 0, files, len, ret_loaded)
                       : fw_cli_load_rules(cli, ret_loaded);
}

static json_t *strings_new(const struct fw_str *strings, size_t len)
{
        json_t *list = json_array();
        for (size_t i = 0; i < len; i++)
                (void) json_array_append_new(list, fw_json_str(strings[i]));
        return list;
}

static json_t *name_new(const struct fw_entity_name *name)
{
        json_t *object = json_object();
        fw_json_set_str(object, "text", name->text);
        fw_json_set_str(object, "class", fw_str_c(fw_name_class_name(name->class)));
        if (name->exact)
                fw_json_set(object, "exact", json_true());
        return object;
}

json_t *fw_cli_entity_new(const struct fw_entity *entity)
{
        json_t *object = json_object(), *names = json_array();
        fw_json_set_str(object, "id", entity->id);
        fw_json_set_str(object, "kind", fw_str_c(fw_entity_kind_name(entity->kind)));
        fw_json_set_str(object, "country", entity->country);
        for (size_t i = 0; i < entity->names_len; i++)
                (void) json_array_append_new(names, name_new(&entity->names[i]));
        fw_json_set(object, "names", names);
        if (entity->needs_len > 0)
                fw_json_set(object, "needs", strings_new(entity->needs, entity->needs_len));
        if (entity->groups_len > 0)
                fw_json_set(object, "groups", strings_new(entity->groups, entity->groups_len));
        fw_json_set_str(object, "file", entity->file);
        fw_json_set_int(object, "line", entity->line);
        return object;
}
