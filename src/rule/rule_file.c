#include "rule/files.h"

#include <errno.h>

#include "text/country.h"

static const char *const file_keys[] = { "rules", "define", NULL };
static const char *const rule_keys[] = { "id",       "name",   "match",   "unless",  "feeds", "except", "languages",
                                         "severity", "notify", "stories", "realert", "when",  "status", NULL };
static const char *const status_names[] = { "live", "test", NULL };
static const char *const severity_names[] = {
#define FW_X(name, text) text,
        FW_SEVERITIES(FW_X)
#undef FW_X
                NULL
};

void fw_draft_init(struct fw_draft *draft, struct fw_arena *arena, const struct fw_rule_sources *sources,
                   struct fw_diag *diag)
{
        *draft = (struct fw_draft){ .arena = arena,
                                    .scratch = fw_arena_new(),
                                    .diag = diag,
                                    .tokenizer = fw_tokenizer_new(),
                                    .sources = sources };
        fw_map_init(&draft->rule_ids);
        fw_map_init(&draft->definition_names);
        fw_map_init(&draft->entity_ids);
}

void fw_draft_done(struct fw_draft *draft)
{
        for (size_t i = 0; i < draft->documents.len; i++)
                fw_yaml_free(draft->documents.p[i]);
        fw_vec_done(&draft->documents);
        fw_vec_done(&draft->rules);
        fw_vec_done(&draft->definitions);
        fw_vec_done(&draft->entities);
        fw_map_done(&draft->rule_ids);
        fw_map_done(&draft->definition_names);
        fw_map_done(&draft->entity_ids);
        fw_tokenizer_free(draft->tokenizer);
        fw_country_namer_free(draft->countries);
        fw_arena_free(draft->scratch);
}

/* `text` lives as long as the draft. */
static struct fw_query_origin *new_origin(struct fw_draft *draft, struct fw_str text, const struct fw_yaml_node *node,
                                          struct fw_location location)
{
        struct fw_query_origin *origin = fw_arena_new_object(draft->scratch, struct fw_query_origin);
        origin->text = text;
        origin->node = node;
        origin->location = location;
        return origin;
}

/* ---- rules ---- */

/* The query of a key, if there is one, and its tree. */
static void read_query(struct fw_draft *draft, const struct fw_yaml_node *mapping, const char *key,
                       struct fw_rule_draft *rule, struct fw_query_node **ret_tree, struct fw_str *ret_text)
{
        struct fw_str text;
        int r = fw_yaml_get_string(mapping, key, draft->diag, &text);
        if (r == -ENOENT)
                return;
        if (r < 0) {
                rule->broken = true;
                return;
        }
        struct fw_query_parser_context context = fw_draft_parser(draft);
        *ret_text = fw_arena_copy(draft->arena, text);
        *ret_tree = fw_query_parse(&context, new_origin(draft, *ret_text, fw_yaml_get(mapping, key), FW_NOWHERE));
        rule->broken = rule->broken || !*ret_tree;
}

static void read_identity(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_rule_draft *rule)
{
        struct fw_str text;
        int r = fw_yaml_get_string(mapping, "id", draft->diag, &text);
        rule->location = fw_yaml_location(mapping);
        if (r == -ENOENT || (r == 0 && text.len == 0))
                fw_diag_add(draft->diag, FW_ERROR, rule->location,
                            "a rule needs an id; add 'id: some-name', by which alerts and commands will call it");
        if (r < 0 || text.len == 0) {
                rule->broken = true;
                return;
        }
        rule->location = fw_yaml_location(fw_yaml_get(mapping, "id"));
        rule->rule.id = rule->rule.name = fw_arena_copy(draft->arena, text);
        if (fw_yaml_get_string(mapping, "name", draft->diag, &text) == 0 && text.len)
                rule->rule.name = fw_arena_copy(draft->arena, text);
}

static void read_strings(struct fw_draft *draft, const struct fw_yaml_node *mapping, const char *key,
                         const struct fw_str **ret, const struct fw_yaml_node ***ret_nodes, size_t *ret_len)
{
        struct fw_str *list;
        size_t len;
        if (fw_yaml_get_strings(mapping, key, draft->diag, draft->arena, &list, ret_nodes, &len) < 0)
                return;
        for (size_t i = 0; i < len; i++)
                list[i] = fw_arena_copy(draft->arena, list[i]);
        *ret = list;
        *ret_len = len;
}

static void read_options(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_rule_draft *rule)
{
        unsigned index;
        if (fw_yaml_get_enum(mapping, "severity", severity_names, draft->diag, &index) == 0) {
                rule->rule.severity = (enum fw_severity) index;
                rule->rule.severity_given = true;
        }
        if (fw_yaml_get_enum(mapping, "status", status_names, draft->diag, &index) == 0)
                rule->rule.test = index == 1;
        read_strings(draft, mapping, "languages", &rule->rule.languages, NULL, &rule->rule.languages_len);
        read_strings(draft, mapping, "notify", &rule->rule.notify, &rule->notify_nodes, &rule->rule.notify_len);
        fw_rule_read_selectors(draft, mapping, &rule->rule);
        fw_rule_read_conditions(draft, mapping, &rule->rule);
}

/* Tells of a second rule with an id and points at the first. */
static void check_duplicate(struct fw_draft *draft, struct fw_rule_draft *rule)
{
        bool new;
        union fw_map_value *slot = fw_map_put(&draft->rule_ids, rule->rule.id, &new);
        if (new) {
                slot->number = draft->rules.len + 1;
                return;
        }
        const struct fw_rule_draft *first = &draft->rules.p[slot->number - 1];
        fw_diag_add(draft->diag, FW_ERROR, rule->location, "a rule '%.*s' is there already; give this one another id",
                    FW_STR_ARG(rule->rule.id));
        fw_diag_add(draft->diag, FW_NOTE, first->location, "the first one is here");
        rule->broken = true;
}

static void read_rule(struct fw_draft *draft, const struct fw_rule_file *file, const struct fw_yaml_node *mapping)
{
        if (!fw_yaml_expect(mapping, FW_YAML_MAPPING, "a rule", draft->diag))
                return;
        struct fw_rule_draft rule = { .node = mapping };
        (void) fw_yaml_check_keys(mapping, "a rule", rule_keys, draft->diag);
        read_identity(draft, mapping, &rule);
        rule.rule.file = fw_arena_copy(draft->arena, file->name);
        rule.rule.line = fw_diag_line(draft->diag, fw_yaml_location(mapping));
        read_options(draft, mapping, &rule);
        if (!fw_yaml_get(mapping, "match") || fw_yaml_is_null(fw_yaml_get(mapping, "match"))) {
                fw_diag_add(draft->diag, FW_ERROR, rule.location,
                            "the rule has no query; add 'match:' with what it looks for");
                rule.broken = true;
        }
        read_query(draft, mapping, "match", &rule, &rule.match, &rule.rule.match);
        read_query(draft, mapping, "unless", &rule, &rule.unless, &rule.rule.unless);
        if (rule.rule.id.len)
                check_duplicate(draft, &rule);
        fw_vec_push(&draft->rules, rule);
}

/* ---- definitions ---- */

static bool is_definition_name(struct fw_str name)
{
        for (size_t i = 0; i < name.len; i++) {
                char c = name.p[i];
                if (!fw_is_alpha(c) && !fw_is_digit(c) && c != '-' && c != '_' && (unsigned char) c < 0x80)
                        return false;
        }
        return name.len > 0;
}

/* A list written in the rule file itself: each element as a line of a word list. */
static struct fw_query_node *read_inline_list(struct fw_draft *draft, const struct fw_yaml_node *sequence)
{
        struct fw_query_parser_context context = fw_draft_parser(draft);
        size_t len = fw_yaml_len(sequence);
        struct fw_query_node **terms = fw_arena_new_array(draft->scratch, struct fw_query_node *, len + 1);
        bool failed = false;
        for (size_t i = 0; i < len; i++) {
                const struct fw_yaml_node *element = fw_yaml_element(sequence, i);
                struct fw_str text = fw_str_trim(fw_yaml_text(element));
                if (!fw_yaml_expect(element, FW_YAML_SCALAR, "an element of the list", draft->diag)) {
                        failed = true;
                } else if (text.len == 0) {
                        fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(element),
                                    "an empty element; write a term, or leave it out");
                        failed = true;
                } else {
                        struct fw_query_origin *origin = new_origin(draft, fw_yaml_text(element), element, FW_NOWHERE);
                        size_t from = (size_t) (text.p - fw_yaml_text(element).p);
                        terms[i] = fw_query_parse_line(&context, origin, from, from + text.len);
                        failed = failed || !terms[i];
                }
        }
        struct fw_query_origin *whole = new_origin(draft, FW_STR(""), NULL, fw_yaml_location(sequence));
        return failed ? NULL : fw_query_make_or(draft->scratch, whole, terms, len);
}

/* The errors of base/file.h for pipes and devices, whose own words would mislead. */
static const char *read_error_words(int error)
{
        bool is_other_kind = error == -ESPIPE || error == -ENODEV || error == -ENXIO || error == -ENOTBLK;
        return is_other_kind ? "it is a pipe or a device, not a file" : strerror(-error);
}

static struct fw_query_node *read_list_file(struct fw_draft *draft, const struct fw_rule_file *file,
                                            const struct fw_yaml_node *mapping)
{
        static const char *const keys[] = { "file", NULL };
        struct fw_str path, content;
        (void) fw_yaml_check_keys(mapping, "a list", keys, draft->diag);
        int r = fw_yaml_get_string(mapping, "file", draft->diag, &path);
        if (r == -ENOENT)
                fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(mapping),
                            "a definition is a query, a list of terms, or '{file: list.txt}'");
        if (r < 0)
                return NULL;
        struct fw_location location = fw_yaml_location(fw_yaml_get(mapping, "file"));
        const struct fw_rule_sources *sources = draft->sources;
        r = sources->read_file ? sources->read_file(sources->userdata, file->name, path, &content) : -EPERM;
        if (r < 0) {
                fw_diag_add(draft->diag, FW_ERROR, location,
                            "cannot read the list '%.*s': %s; its path is relative to this file", FW_STR_ARG(path),
                            sources->read_file ? read_error_words(r) : "lists from files are not available here");
                return NULL;
        }
        struct fw_query_parser_context context = fw_draft_parser(draft);
        struct fw_location start = { .source = fw_diag_source(draft->diag, path, content) };
        struct fw_query_node *list =
                fw_query_parse_list(&context, new_origin(draft, fw_arena_copy(draft->scratch, content), NULL, start));
        if (list && list->children_len == 0)
                fw_diag_add(draft->diag, FW_WARNING, location, "the list '%.*s' has no terms; it matches nothing",
                            FW_STR_ARG(path));
        return list;
}

static struct fw_query_node *read_definition_value(struct fw_draft *draft, const struct fw_rule_file *file,
                                                   const struct fw_yaml_node *value)
{
        struct fw_query_parser_context context = fw_draft_parser(draft);
        switch (fw_yaml_kind(value)) {
        case FW_YAML_MAPPING:
                return read_list_file(draft, file, value);
        case FW_YAML_SEQUENCE:
                return read_inline_list(draft, value);
        default:
                return fw_query_parse(&context, new_origin(draft, fw_yaml_text(value), value, FW_NOWHERE));
        }
}

static void read_definition(struct fw_draft *draft, const struct fw_rule_file *file, const struct fw_yaml_node *key,
                            const struct fw_yaml_node *value)
{
        struct fw_definition *definition = fw_arena_new_object(draft->scratch, struct fw_definition);
        bool new;
        definition->name = fw_arena_copy(draft->arena, fw_yaml_text(key));
        definition->location = fw_yaml_location(key);
        if (!is_definition_name(definition->name)) {
                fw_diag_add(draft->diag, FW_ERROR, definition->location,
                            "'%.*s' cannot be called as a name; use letters, digits, '-' and '_'",
                            FW_STR_ARG(definition->name));
                return;
        }
        union fw_map_value *slot = fw_map_put(&draft->definition_names, definition->name, &new);
        if (!new) {
                const struct fw_definition *first = slot->pointer;
                fw_diag_add(draft->diag, FW_ERROR, definition->location,
                            "'%.*s' is defined already; give one of the two another name",
                            FW_STR_ARG(definition->name));
                fw_diag_add(draft->diag, FW_NOTE, first->location, "the first definition is here");
                return;
        }
        slot->pointer = definition;
        definition->tree = read_definition_value(draft, file, value);
        fw_vec_push(&draft->definitions, definition);
}

/* ---- file ---- */

void fw_rule_file_read(struct fw_draft *draft, const struct fw_rule_file *file)
{
        struct fw_yaml *document = NULL;
        if (fw_yaml_parse(file->name, file->content, draft->diag, &document) < 0)
                return;
        fw_vec_push(&draft->documents, document);
        const struct fw_yaml_node *root = fw_yaml_root(document);
        if (!root || !fw_yaml_expect(root, FW_YAML_MAPPING, "a rule file", draft->diag))
                return;
        (void) fw_yaml_check_keys(root, "a rule file", file_keys, draft->diag);

        const struct fw_yaml_node *define = fw_yaml_get(root, "define");
        if (define && !fw_yaml_is_null(define) && fw_yaml_expect(define, FW_YAML_MAPPING, "'define'", draft->diag)) {
                for (size_t i = 0; i < fw_yaml_pairs(define); i++)
                        read_definition(draft, file, fw_yaml_key(define, i), fw_yaml_value(define, i));
        }
        const struct fw_yaml_node *rules = fw_yaml_get(root, "rules");
        if (rules && !fw_yaml_is_null(rules) && fw_yaml_expect(rules, FW_YAML_SEQUENCE, "'rules'", draft->diag)) {
                for (size_t i = 0; i < fw_yaml_len(rules); i++)
                        read_rule(draft, file, fw_yaml_element(rules, i));
        }
}
