#include "rule/files.h"

#include <errno.h>

#include "text/country.h"

static const char *const entity_keys[] = { "id",    "kind", "country", "names",  "adjectives", "metonyms",
                                           "exact", "not",  "needs",   "groups", "words",      NULL };
static const char *const kind_names[] = {
#define FW_X(name, text) text,
        FW_ENTITY_KINDS(FW_X)
#undef FW_X
                NULL
};

/* Names of one entity while they are gathered. */
struct name_list {
        FW_VEC(struct fw_entity_name) names;
        FW_VEC(struct fw_location) locations;
};

static void add_name(struct name_list *list, struct fw_entity_name name, struct fw_location location)
{
        fw_vec_push(&list->names, name);
        fw_vec_push(&list->locations, location);
}

/* A list of strings with their nodes; empty ones are told and left out. */
static size_t read_list(struct fw_draft *draft, const struct fw_yaml_node *mapping, const char *key,
                        struct fw_str **ret, const struct fw_yaml_node ***ret_nodes)
{
        size_t len, kept = 0;
        if (fw_yaml_get_strings(mapping, key, draft->diag, draft->arena, ret, ret_nodes, &len) < 0)
                return 0;
        for (size_t i = 0; i < len; i++) {
                struct fw_str text = fw_str_trim((*ret)[i]);
                if (text.len == 0) {
                        fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location((*ret_nodes)[i]),
                                    "an empty name; write it, or leave it out");
                        continue;
                }
                (*ret)[kept] = fw_arena_copy(draft->arena, text);
                (*ret_nodes)[kept++] = (*ret_nodes)[i];
        }
        return kept;
}

static void read_names(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct name_list *list)
{
        static const struct {
                const char *key;
                enum fw_name_class class;
                bool exact;
        } lists[] = {
                { "names", FW_NAME_NAME, false },
                { "exact", FW_NAME_NAME, true },
                { "adjectives", FW_NAME_ADJECTIVE, false },
                { "metonyms", FW_NAME_METONYM, false },
                { "not", FW_NAME_NOT, false },
        };
        for (size_t k = 0; k < FW_ARRAY_LEN(lists); k++) {
                struct fw_str *texts;
                const struct fw_yaml_node **nodes;
                size_t len = read_list(draft, mapping, lists[k].key, &texts, &nodes);
                for (size_t i = 0; i < len; i++) {
                        struct fw_entity_name name = { .text = texts[i],
                                                       .class = lists[k].class,
                                                       .exact = lists[k].exact };
                        add_name(list, name, fw_yaml_location(nodes[i]));
                }
        }
}

/* `words: {ru: [китайск*]}`: words of one language. Latin letters are not trusted where the language is not known. */
static void read_words(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct name_list *list)
{
        const struct fw_yaml_node *words = fw_yaml_get(mapping, "words");
        if (!words || !fw_yaml_expect(words, FW_YAML_MAPPING, "'words'", draft->diag))
                return;
        for (size_t i = 0; i < fw_yaml_pairs(words); i++) {
                struct fw_str language = fw_yaml_text(fw_yaml_key(words, i));
                fw_cleanup(fw_freep) char *key = fw_strndup(language.p, language.len);
                struct fw_str *texts;
                const struct fw_yaml_node **nodes;
                size_t len = read_list(draft, words, key, &texts, &nodes);
                for (size_t k = 0; k < len; k++) {
                        const char *unknown = fw_text_is_latin(texts[k]) ? "" : " und";
                        struct fw_entity_name name = { .text = texts[k],
                                                       .class = FW_NAME_ADJECTIVE,
                                                       .proper = true,
                                                       .languages =
                                                               fw_arena_printf(draft->arena, "%s%s", key, unknown) };
                        add_name(list, name, fw_yaml_location(nodes[k]));
                }
        }
}

static bool is_country_code(struct fw_str code)
{
        return code.len == 2 && code.p[0] >= 'A' && code.p[0] <= 'Z' && code.p[1] >= 'A' && code.p[1] <= 'Z';
}

static void read_country(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_entity *entity,
                         struct name_list *list)
{
        struct fw_str code;
        if (fw_yaml_get_string(mapping, "country", draft->diag, &code) < 0)
                return;
        struct fw_country_name *names = NULL;
        size_t len = 0;
        if (!draft->countries)
                draft->countries = fw_country_namer_new();
        if (is_country_code(code))
                len = fw_country_names(draft->countries, code, draft->arena, &names);
        if (len == 0) {
                fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(fw_yaml_get(mapping, "country")),
                            "'%.*s' is no country; write its ISO 3166-1 code of two capital letters: KP",
                            FW_STR_ARG(code));
                return;
        }
        entity->country = fw_arena_copy(draft->arena, code);
        for (size_t i = 0; i < len; i++) {
                struct fw_entity_name name = {
                        .text = names[i].text, .class = FW_NAME_NAME, .proper = true, .languages = names[i].languages
                };
                add_name(list, name, FW_NOWHERE);
        }
}

static bool read_id(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_entity_draft *draft_entity)
{
        struct fw_str id;
        int r = fw_yaml_get_string(mapping, "id", draft->diag, &id);
        draft_entity->location = fw_yaml_location(mapping);
        if (r == -ENOENT || (r == 0 && id.len == 0))
                fw_diag_add(draft->diag, FW_ERROR, draft_entity->location,
                            "an entity needs an id; add 'id: some-name', by which rules will call it (@some-name)");
        if (r < 0 || id.len == 0)
                return false;
        draft_entity->location = fw_yaml_location(fw_yaml_get(mapping, "id"));
        for (size_t i = 0; i < id.len; i++) {
                char c = id.p[i];
                if (fw_is_alpha(c) || fw_is_digit(c) || c == '-' || c == '_' || c == '.' || (unsigned char) c >= 0x80)
                        continue;
                fw_diag_add(draft->diag, FW_ERROR, draft_entity->location,
                            "'%.*s' cannot be called from a query; use letters, digits, '-', '_' and '.' in an id",
                            FW_STR_ARG(id));
                return false;
        }
        bool new;
        draft_entity->entity.id = fw_arena_copy(draft->arena, id);
        union fw_map_value *slot = fw_map_put(&draft->entity_ids, draft_entity->entity.id, &new);
        if (!new) {
                fw_diag_add(draft->diag, FW_ERROR, draft_entity->location,
                            "an entity '%.*s' is there already; give this one another id, or join the two",
                            FW_STR_ARG(id));
                fw_diag_add(draft->diag, FW_NOTE, draft->entities.p[slot->number - 1].location,
                            "the first one is here");
                return false;
        }
        slot->number = draft->entities.len + 1;
        return true;
}

static void keep_names(struct fw_draft *draft, struct name_list *list, struct fw_entity_draft *entity)
{
        size_t len = list->names.len;
        struct fw_entity_name *names = fw_arena_new_array(draft->arena, struct fw_entity_name, len + 1);
        entity->name_locations = fw_arena_new_array(draft->scratch, struct fw_location, len + 1);
        for (size_t i = 0; i < len; i++) {
                names[i] = list->names.p[i];
                entity->name_locations[i] = list->locations.p[i];
        }
        entity->entity.names = names;
        entity->entity.names_len = len;
        fw_vec_done(&list->names);
        fw_vec_done(&list->locations);
}

static void read_entity(struct fw_draft *draft, const struct fw_rule_file *file, const struct fw_yaml_node *mapping)
{
        if (!fw_yaml_expect(mapping, FW_YAML_MAPPING, "an entity", draft->diag))
                return;
        struct fw_entity_draft entity = { .entity = { .kind = FW_ENTITY_TOPIC } };
        struct name_list list = { 0 };
        struct fw_str *strings = NULL;
        const struct fw_yaml_node **nodes;
        unsigned kind;

        (void) fw_yaml_check_keys(mapping, "an entity", entity_keys, draft->diag);
        bool named = read_id(draft, mapping, &entity);
        entity.entity.file = fw_arena_copy(draft->arena, file->name);
        entity.entity.line = fw_diag_line(draft->diag, fw_yaml_location(mapping));
        if (fw_yaml_get_enum(mapping, "kind", kind_names, draft->diag, &kind) == 0)
                entity.entity.kind = (enum fw_entity_kind) kind;
        read_names(draft, mapping, &list);
        read_words(draft, mapping, &list);
        read_country(draft, mapping, &entity.entity, &list);
        entity.entity.needs_len = read_list(draft, mapping, "needs", &strings, &nodes);
        entity.entity.needs = strings;
        entity.entity.groups_len = read_list(draft, mapping, "groups", &strings, &nodes);
        entity.entity.groups = strings;
        if (list.names.len == 0)
                fw_diag_add(draft->diag, FW_ERROR, entity.location,
                            "the entity has no names; add 'names: […]', 'exact: […]' or 'country: …'");
        keep_names(draft, &list, &entity);
        if (named)
                fw_vec_push(&draft->entities, entity);
}

void fw_entity_file_read(struct fw_draft *draft, const struct fw_rule_file *file)
{
        static const char *const keys[] = { "entities", NULL };
        struct fw_yaml *document = NULL;
        if (fw_yaml_parse(file->name, file->content, draft->diag, &document) < 0)
                return;
        fw_vec_push(&draft->documents, document);
        const struct fw_yaml_node *root = fw_yaml_root(document);
        if (!root || !fw_yaml_expect(root, FW_YAML_MAPPING, "an entity file", draft->diag))
                return;
        (void) fw_yaml_check_keys(root, "an entity file", keys, draft->diag);
        const struct fw_yaml_node *entities = fw_yaml_get(root, "entities");
        if (!entities || fw_yaml_is_null(entities) ||
            !fw_yaml_expect(entities, FW_YAML_SEQUENCE, "'entities'", draft->diag))
                return;
        for (size_t i = 0; i < fw_yaml_len(entities); i++)
                read_entity(draft, file, fw_yaml_element(entities, i));
}
