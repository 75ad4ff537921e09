#include "rule/ruleset.h"

#include <stdlib.h>

/*
 * What `@…` means: an entity's id, `kind:K`, `countries`, or a group; each with `.name`, `.adjective` or `.metonym` after it to
 * narrow it to a class of names.
 */

void fw_selector_table_init(struct fw_selector_table *table, struct fw_draft *draft)
{
        *table = (struct fw_selector_table){ .draft = draft };
        fw_map_init(&table->by_name);
}

void fw_selector_table_done(struct fw_selector_table *table)
{
        fw_map_done(&table->by_name);
        fw_vec_done(&table->list);
}

/* ---- which entities ---- */

struct entity_list {
        FW_VEC(uint32_t) indexes;
};

static void add_kind(const struct fw_draft *draft, enum fw_entity_kind kind, struct entity_list *list)
{
        for (size_t i = 0; i < draft->entities.len; i++) {
                if (draft->entities.p[i].entity.kind == kind)
                        fw_vec_push(&list->indexes, (uint32_t) i);
        }
}

static bool in_group(const struct fw_entity *entity, struct fw_str group)
{
        for (size_t i = 0; i < entity->groups_len; i++) {
                if (fw_str_eq(entity->groups[i], group))
                        return true;
        }
        return false;
}

static bool kind_from_name(struct fw_str name, enum fw_entity_kind *ret_kind)
{
        for (unsigned kind = 0; kind < FW_ENTITY_KINDS_LEN; kind++) {
                if (fw_str_eq(name, fw_str_c(fw_entity_kind_name((enum fw_entity_kind) kind)))) {
                        *ret_kind = (enum fw_entity_kind) kind;
                        return true;
                }
        }
        return false;
}

/* Gathers what a name without a class means; false if there is nothing of that name. */
static bool gather(const struct fw_draft *draft, struct fw_str name, struct entity_list *list)
{
        enum fw_entity_kind kind;
        if (fw_str_starts(name, FW_STR("kind:"))) {
                if (!kind_from_name(fw_str_slice(name, 5, name.len), &kind))
                        return false;
                add_kind(draft, kind, list);
                return true;
        }
        union fw_map_value *known = fw_map_get(&draft->entity_ids, name);
        if (known) {
                fw_vec_push(&list->indexes, (uint32_t) known->number - 1);
                return true;
        }
        if (fw_str_eq(name, FW_STR("countries"))) {
                add_kind(draft, FW_ENTITY_COUNTRY, list);
                return true;
        }
        for (size_t i = 0; i < draft->entities.len; i++) {
                if (in_group(&draft->entities.p[i].entity, name))
                        fw_vec_push(&list->indexes, (uint32_t) i);
        }
        return list->indexes.len > 0;
}

/* Splits "x.adjective"; -1 and the whole name if it ends in no class. */
static int split_class(struct fw_str name, struct fw_str *ret_name)
{
        *ret_name = name;
        for (int class = FW_NAME_NAME; class <= FW_NAME_METONYM; class ++) {
                struct fw_str text = fw_str_c(fw_name_class_name((enum fw_name_class) class));
                if (name.len > text.len + 1 && fw_str_ends(name, text) && name.p[name.len - text.len - 1] == '.') {
                        *ret_name = fw_str_slice(name, 0, name.len - text.len - 1);
                        return class;
                }
        }
        return -1;
}

/* ---- messages ---- */

static void tell_unknown_kind(struct fw_str kind, struct fw_location location, struct fw_diag *diag)
{
        struct fw_str names[FW_ENTITY_KINDS_LEN];
        for (unsigned i = 0; i < FW_ENTITY_KINDS_LEN; i++)
                names[i] = fw_str_c(fw_entity_kind_name((enum fw_entity_kind) i));
        struct fw_str nearest = fw_str_nearest(kind, names, FW_ENTITY_KINDS_LEN);
        fw_diag_add(diag, FW_ERROR, location,
                    "unknown kind '%.*s'%s%.*s%s; there are country, person, organization, place, product and topic",
                    FW_STR_ARG(kind), nearest.len ? ", did you mean '" : "", FW_STR_ARG(nearest),
                    nearest.len ? "'?" : "");
}

/* The id or group nearest to a wrong one. */
static struct fw_str nearest_name(const struct fw_draft *draft, struct fw_str name)
{
        FW_VEC(struct fw_str) names = { 0 };
        fw_vec_push(&names, FW_STR("countries"));
        for (size_t i = 0; i < draft->entities.len; i++) {
                const struct fw_entity *entity = &draft->entities.p[i].entity;
                fw_vec_push(&names, entity->id);
                for (size_t k = 0; k < entity->groups_len; k++)
                        fw_vec_push(&names, entity->groups[k]);
        }
        struct fw_str nearest = fw_str_nearest(name, names.p, names.len);
        fw_vec_done(&names);
        return nearest;
}

static void tell_unknown(const struct fw_draft *draft, struct fw_str name, struct fw_location location,
                         struct fw_diag *diag)
{
        if (fw_str_starts(name, FW_STR("kind:"))) {
                tell_unknown_kind(fw_str_slice(name, 5, name.len), location, diag);
                return;
        }
        struct fw_str nearest = nearest_name(draft, name);
        if (draft->entities.len == 0)
                fw_diag_add(diag, FW_ERROR, location,
                            "unknown entity '@%.*s': no entities are loaded; name entity files, or builtin:countries",
                            FW_STR_ARG(name));
        else if (nearest.len)
                fw_diag_add(diag, FW_ERROR, location, "unknown entity '@%.*s'; did you mean '@%.*s'?", FW_STR_ARG(name),
                            FW_STR_ARG(nearest));
        else
                fw_diag_add(diag, FW_ERROR, location,
                            "unknown entity '@%.*s'; there is no entity and no group of that name", FW_STR_ARG(name));
}

/* ---- the table ---- */

const struct fw_entity_selector *fw_selector_table_find(struct fw_selector_table *table, struct fw_str name,
                                                        struct fw_location location, struct fw_diag *diag)
{
        union fw_map_value *known = fw_map_get(&table->by_name, name);
        if (known)
                return known->pointer;

        struct fw_draft *draft = table->draft;
        struct entity_list list = { 0 };
        struct fw_str base = name;
        int class = -1;
        if (!gather(draft, name, &list)) {
                class = split_class(name, &base);
                if (class < 0 || !gather(draft, base, &list)) {
                        tell_unknown(draft, base, location, diag);
                        fw_vec_done(&list.indexes);
                        return NULL;
                }
        }
        if (list.indexes.len == 0)
                fw_diag_add(diag, FW_WARNING, location,
                            "'@%.*s' is empty: no entity of that kind is loaded; it matches nothing", FW_STR_ARG(name));
        struct fw_entity_selector *selector = fw_arena_new_object(draft->scratch, struct fw_entity_selector);
        uint32_t *entities = fw_arena_new_array(draft->scratch, uint32_t, list.indexes.len + 1);
        for (size_t i = 0; i < list.indexes.len; i++)
                entities[i] = list.indexes.p[i];
        *selector = (struct fw_entity_selector){ .index = (uint32_t) table->list.len,
                                                 .entities = entities,
                                                 .entities_len = list.indexes.len,
                                                 .class = class };
        fw_vec_done(&list.indexes);
        fw_vec_push(&table->list, selector);
        fw_map_put(&table->by_name, fw_arena_copy(draft->scratch, name), NULL)->pointer = selector;
        return selector;
}
