/*
 * files: rule and entity files as they are read, before they are compiled.
 *
 * What lives on in the rule set (struct fw_rule, struct fw_entity, all strings) is allocated in `arena`; trees, origins and
 * YAML documents are gone when the draft is done.
 */
#pragma once

#include "base/map.h"
#include "rule/query.h"

struct fw_rule_draft {
        struct fw_rule rule;
        struct fw_location location;              /* of its id */
        struct fw_query_node *match, *unless;     /* NULL: absent or broken */
        const struct fw_yaml_node *node;          /* its mapping */
        const struct fw_yaml_node **notify_nodes; /* as rule.notify */
        bool broken;                              /* an error was told; not to be compiled */
};

struct fw_entity_draft {
        struct fw_entity entity;
        struct fw_location location;
        struct fw_location *name_locations; /* as entity.names; NOWHERE for names that come from elsewhere */
};

struct fw_draft {
        struct fw_arena *arena; /* the rule set's; not owned */
        struct fw_arena *scratch;
        struct fw_diag *diag; /* not owned */
        struct fw_tokenizer *tokenizer;
        struct fw_country_namer *countries; /* made when the first country asks */
        const struct fw_rule_sources *sources;
        FW_VEC(struct fw_yaml *) documents;
        FW_VEC(struct fw_rule_draft) rules;
        FW_VEC(struct fw_definition *) definitions;
        FW_VEC(struct fw_entity_draft) entities;
        struct fw_map rule_ids;         /* → index in rules + 1 */
        struct fw_map definition_names; /* → struct fw_definition * */
        struct fw_map entity_ids;       /* → index in entities + 1 */
        struct fw_query_node *unless;   /* the configuration's; NULL: none */
};

void fw_draft_init(struct fw_draft *draft, struct fw_arena *arena, const struct fw_rule_sources *sources,
                   struct fw_diag *diag);
void fw_draft_done(struct fw_draft *draft);

/* Read one file into the draft; what is wrong is told, and the rest of the file read. */
void fw_rule_file_read(struct fw_draft *draft, const struct fw_rule_file *file);
void fw_entity_file_read(struct fw_draft *draft, const struct fw_rule_file *file);

/* Parts of a rule that are files' business too: `feeds:` and `except:`; `stories:`, `realert:`, `when:`. */
void fw_rule_read_selectors(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_rule *rule);
void fw_rule_read_conditions(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_rule *rule);

static inline struct fw_query_parser_context fw_draft_parser(const struct fw_draft *draft)
{
        return (struct fw_query_parser_context){ .arena = draft->scratch,
                                                 .tokenizer = draft->tokenizer,
                                                 .diag = draft->diag };
}
