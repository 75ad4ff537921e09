#include "rule/ruleset.h"

#include <errno.h>
#include <stdlib.h>

/* What belongs together while a rule set is made. */
struct build {
        struct fw_ruleset *ruleset;
        struct fw_draft draft;
        struct fw_selector_table selectors;
        struct fw_compiler compiler;
        struct fw_query_world world;
};

static struct fw_definition *find_definition(void *userdata, struct fw_str name)
{
        struct build *build = userdata;
        union fw_map_value *known = fw_map_get(&build->draft.definition_names, name);
        return known ? known->pointer : NULL;
}

static struct fw_str nearest_definition(void *userdata, struct fw_str name)
{
        struct build *build = userdata;
        size_t len = build->draft.definitions.len;
        struct fw_str *names = fw_arena_new_array(build->draft.scratch, struct fw_str, len + 1);
        for (size_t i = 0; i < len; i++)
                names[i] = build->draft.definitions.p[i]->name;
        return fw_str_nearest(name, names, len);
}

static const struct fw_entity_selector *find_entity(void *userdata, struct fw_str name, struct fw_location location,
                                                    struct fw_diag *diag)
{
        struct build *build = userdata;
        return fw_selector_table_find(&build->selectors, name, location, diag);
}

/* ---- reading and checking ---- */

static void read_sources(struct build *build, const struct fw_rule_sources *sources)
{
        struct fw_draft *draft = &build->draft;
        for (size_t i = 0; i < sources->entities_len; i++)
                fw_entity_file_read(draft, &sources->entities[i]);
        for (size_t i = 0; i < sources->rules_len; i++)
                fw_rule_file_read(draft, &sources->rules[i]);
        if (fw_str_trim(sources->unless).len) {
                struct fw_query_parser_context context = fw_draft_parser(draft);
                struct fw_query_origin *origin = fw_arena_new_object(draft->scratch, struct fw_query_origin);
                origin->text = fw_arena_copy(draft->scratch, sources->unless);
                origin->location = sources->unless_location;
                draft->unless = fw_query_parse(&context, origin);
        }
}

static void check_query(struct build *build, struct fw_query_node *tree, bool *broken)
{
        if (!tree)
                return;
        if (fw_query_check(tree, &build->world, build->draft.diag) < 0)
                *broken = true;
        else
                fw_lint_query(tree, build->draft.diag);
}

static void check_all(struct build *build)
{
        struct fw_draft *draft = &build->draft;
        for (size_t i = 0; i < draft->definitions.len; i++) {
                if (fw_query_check_definition(draft->definitions.p[i], &build->world, draft->diag) == 0)
                        fw_lint_query(draft->definitions.p[i]->tree, draft->diag);
        }
        for (size_t i = 0; i < draft->rules.len; i++) {
                struct fw_rule_draft *rule = &draft->rules.p[i];
                check_query(build, rule->match, &rule->broken);
                check_query(build, rule->unless, &rule->broken);
                fw_lint_rule(draft, rule);
        }
        bool broken = false;
        check_query(build, draft->unless, &broken);
        if (broken)
                draft->unless = NULL;
}

/* ---- compiling ---- */

static void compile_entities(struct build *build)
{
        struct fw_ruleset *ruleset = build->ruleset;
        struct fw_draft *draft = &build->draft;
        ruleset->entities_len = draft->entities.len;
        ruleset->entities = fw_arena_new_array(ruleset->arena, struct fw_entity, draft->entities.len + 1);
        fw_gazetteer_build(&ruleset->gazetteer, &ruleset->vocabulary, draft);
        for (size_t i = 0; i < draft->entities.len; i++) {
                ruleset->entities[i] = draft->entities.p[i].entity;
                fw_map_put(&ruleset->entity_index, ruleset->entities[i].id, NULL)->number = i;
                const struct fw_entity *entity = &ruleset->entities[i];
                uint32_t needs = entity->needs_len
                                         ? fw_compile_needs(&build->compiler, entity->needs, entity->needs_len)
                                         : FW_NONE;
                fw_vec_push(&ruleset->program.needs, needs);
        }
        fw_gazetteer_lint(&ruleset->gazetteer, draft);
}

/* All that a rule says, however it is laid out. */
static void append_content(const struct fw_yaml_node *node, struct fw_buf *out)
{
        fw_buf_printf(out, "%d:%zu:%.*s;", (int) fw_yaml_kind(node), fw_yaml_text(node).len,
                      FW_STR_ARG(fw_yaml_text(node)));
        for (size_t i = 0; i < fw_yaml_len(node); i++)
                append_content(fw_yaml_element(node, i), out);
        for (size_t i = 0; i < fw_yaml_pairs(node); i++) {
                append_content(fw_yaml_key(node, i), out);
                append_content(fw_yaml_value(node, i), out);
        }
        fw_buf_append_c(out, ".");
}

/* Names are part of it by what they stand for. */
static struct fw_hash128 fingerprint(const struct fw_rule_draft *rule)
{
        fw_cleanup(fw_buf_done) struct fw_buf query = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_buf_done) struct fw_buf rest = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_query_print(rule->match, true, &query);
        fw_buf_append_c(&query, "\nunless ");
        if (rule->unless)
                (void) fw_query_print(rule->unless, true, &query);
        append_content(rule->node, &rest);
        return fw_hash128_parts((struct fw_str[]){ fw_buf_str(&query), fw_buf_str(&rest) }, 2);
}

static void compile_rule(struct build *build, struct fw_rule_draft *rule)
{
        struct fw_ruleset *ruleset = build->ruleset;
        struct fw_program_rule compiled = { .match = fw_compile_query(&build->compiler, rule->match),
                                            .unless = FW_NONE };
        if (rule->unless)
                compiled.unless = fw_compile_query(&build->compiler, rule->unless);
        if (compiled.match == FW_NONE || (rule->unless && compiled.unless == FW_NONE))
                return;
        compiled.scoped = rule->rule.languages_len || !fw_feed_selector_empty(&rule->rule.feeds) ||
                          !fw_feed_selector_empty(&rule->rule.except);
        fw_vec_push(&ruleset->program.rules, compiled);
        rule->rule.fingerprint = fingerprint(rule);

        fw_cleanup(fw_buf_done) struct fw_buf print = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_query_print(rule->match, false, &print);
        size_t index = ruleset->rules_len++;
        ruleset->prints[index] = fw_arena_copy(ruleset->arena, fw_buf_str(&print));
        ruleset->rules[index] = rule->rule;
        fw_map_put(&ruleset->rule_index, rule->rule.id, NULL)->number = index;
}

static void compile_rules(struct build *build)
{
        struct fw_ruleset *ruleset = build->ruleset;
        struct fw_draft *draft = &build->draft;
        ruleset->rules = fw_arena_new_array(ruleset->arena, struct fw_rule, draft->rules.len + 1);
        ruleset->prints = fw_arena_new_array(ruleset->arena, struct fw_str, draft->rules.len + 1);
        size_t *drafts = fw_arena_new_array(draft->scratch, size_t, draft->rules.len + 1);
        for (size_t i = 0; i < draft->rules.len; i++) {
                drafts[ruleset->rules_len] = i;
                if (!draft->rules.p[i].broken)
                        compile_rule(build, &draft->rules.p[i]);
        }
        if (draft->unless)
                ruleset->program.unless = fw_compile_query(&build->compiler, draft->unless);
        fw_compile_selectors(&build->compiler, build->selectors.list.p, build->selectors.list.len);
        fw_compile_triggers(&build->compiler);
        for (size_t i = 0; i < ruleset->program.always_len; i++)
                fw_lint_always(draft, &draft->rules.p[drafts[ruleset->program.always[i]]]);
}

static struct fw_ruleset *ruleset_new(void)
{
        struct fw_ruleset *ruleset = fw_calloc(1, sizeof(*ruleset));
        atomic_init(&ruleset->references, 1);
        ruleset->arena = fw_arena_new();
        fw_vocabulary_init(&ruleset->vocabulary, ruleset->arena);
        fw_gazetteer_init(&ruleset->gazetteer);
        fw_program_init(&ruleset->program);
        fw_map_init(&ruleset->rule_index);
        fw_map_init(&ruleset->entity_index);
        return ruleset;
}

int fw_ruleset_compile(const struct fw_rule_sources *sources, struct fw_diag *diag, struct fw_ruleset **ret_ruleset)
{
        fw_cleanup(fw_diag_freep) struct fw_diag *own = diag ? NULL : fw_diag_new();
        struct build build = { .ruleset = ruleset_new() };
        diag = diag ? diag : own;
        size_t errors_before = fw_diag_count(diag, FW_ERROR);
        build.world = (struct fw_query_world){ .find_definition = find_definition,
                                               .find_entity = find_entity,
                                               .nearest_definition = nearest_definition,
                                               .userdata = &build };
        fw_draft_init(&build.draft, build.ruleset->arena, sources, diag);
        fw_selector_table_init(&build.selectors, &build.draft);
        fw_compiler_init(&build.compiler, &build.ruleset->program, &build.ruleset->vocabulary, build.ruleset->arena,
                         &build.draft);

        read_sources(&build, sources);
        check_all(&build);
        compile_entities(&build);
        compile_rules(&build);

        fw_compiler_done(&build.compiler);
        fw_selector_table_done(&build.selectors);
        fw_draft_done(&build.draft);
        if (fw_diag_count(diag, FW_ERROR) > errors_before) {
                fw_ruleset_unref(build.ruleset);
                return -EINVAL;
        }
        *ret_ruleset = build.ruleset;
        return 0;
}

/* ---- the door ---- */

struct fw_ruleset *fw_ruleset_ref(struct fw_ruleset *ruleset)
{
        atomic_fetch_add_explicit(&ruleset->references, 1, memory_order_relaxed);
        return ruleset;
}

struct fw_ruleset *fw_ruleset_unref(struct fw_ruleset *ruleset)
{
        if (!ruleset || atomic_fetch_sub_explicit(&ruleset->references, 1, memory_order_acq_rel) > 1)
                return NULL;
        fw_vocabulary_done(&ruleset->vocabulary);
        fw_gazetteer_done(&ruleset->gazetteer);
        fw_program_done(&ruleset->program);
        fw_map_done(&ruleset->rule_index);
        fw_map_done(&ruleset->entity_index);
        fw_arena_free(ruleset->arena);
        free(ruleset);
        return NULL;
}

size_t fw_ruleset_len(const struct fw_ruleset *ruleset)
{
        return ruleset->rules_len;
}

const struct fw_rule *fw_ruleset_rule(const struct fw_ruleset *ruleset, size_t index)
{
        return &ruleset->rules[index];
}

size_t fw_ruleset_find(const struct fw_ruleset *ruleset, struct fw_str id)
{
        union fw_map_value *known = fw_map_get(&ruleset->rule_index, id);
        return known ? known->number : SIZE_MAX;
}

int fw_ruleset_print(const struct fw_ruleset *ruleset, size_t index, struct fw_buf *out)
{
        return fw_buf_append(out, ruleset->prints[index]);
}

size_t fw_ruleset_entities_len(const struct fw_ruleset *ruleset)
{
        return ruleset->entities_len;
}

const struct fw_entity *fw_ruleset_entity(const struct fw_ruleset *ruleset, size_t index)
{
        return &ruleset->entities[index];
}

size_t fw_ruleset_find_entity(const struct fw_ruleset *ruleset, struct fw_str id)
{
        union fw_map_value *known = fw_map_get(&ruleset->entity_index, id);
        return known ? known->number : SIZE_MAX;
}
