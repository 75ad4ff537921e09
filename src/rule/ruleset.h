/*
 * ruleset: the compiled rule set behind rule.h. Immutable once it is built.
 */
#pragma once

#include <stdatomic.h>

#include "base/map.h"
#include "rule/gazetteer.h"
#include "rule/program.h"
#include "rule/vocabulary.h"

struct fw_ruleset {
        atomic_uint references;
        struct fw_arena *arena;
        struct fw_vocabulary vocabulary;
        struct fw_gazetteer gazetteer;
        struct fw_program program;
        struct fw_rule *rules;
        size_t rules_len;
        struct fw_str *prints; /* as rules: the query, fully parenthesised */
        struct fw_map rule_index;
        struct fw_entity *entities;
        size_t entities_len;
        struct fw_map entity_index;
};

/* ---- @… → entities, while compiling: selectors.c ---- */

struct fw_selector_table {
        struct fw_draft *draft;
        struct fw_map by_name; /* → struct fw_entity_selector * */
        FW_VEC(const struct fw_entity_selector *) list;
};

void fw_selector_table_init(struct fw_selector_table *table, struct fw_draft *draft);
void fw_selector_table_done(struct fw_selector_table *table);
/* As struct fw_query_world wants it; `userdata` is the table. */
const struct fw_entity_selector *fw_selector_table_find(struct fw_selector_table *table, struct fw_str name,
                                                        struct fw_location location, struct fw_diag *diag);

/* Warnings and errors about rules that need more than one query to be seen: lint.c. */
void fw_lint_rule(struct fw_draft *draft, struct fw_rule_draft *rule);
void fw_lint_always(struct fw_draft *draft, const struct fw_rule_draft *rule);
