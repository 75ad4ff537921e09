#include "api/api.h"

#include <errno.h>

#include "base/alloc.h"

struct feedwatch_sources {
        struct fw_arena *arena;
        FW_VEC(struct fw_rule_file) rules;
        FW_VEC(struct fw_rule_file) entities;
        FW_VEC(struct fw_rule_file) word_lists;
};

struct feedwatch_sources *feedwatch_sources_new(void)
{
        struct feedwatch_sources *sources = fw_calloc(1, sizeof(*sources));
        sources->arena = fw_arena_new();
        return sources;
}

void feedwatch_sources_free(struct feedwatch_sources *sources)
{
        if (!sources)
                return;
        (void) fw_arena_free(sources->arena);
        fw_vec_done(&sources->rules);
        fw_vec_done(&sources->entities);
        fw_vec_done(&sources->word_lists);
        free(sources);
}

static struct fw_rule_file copy_file(struct feedwatch_sources *sources, const char *name, const char *content,
                                     size_t size)
{
        return (struct fw_rule_file){
                .name = fw_arena_copy(sources->arena, fw_str_c(name)),
                .content = fw_arena_copy(sources->arena, fw_str_n(content, size)),
        };
}

void feedwatch_sources_add_rules(struct feedwatch_sources *sources, const char *name, const char *content, size_t size)
{
        fw_vec_push(&sources->rules, copy_file(sources, name, content, size));
}

void feedwatch_sources_add_entities(struct feedwatch_sources *sources, const char *name, const char *content,
                                    size_t size)
{
        fw_vec_push(&sources->entities, copy_file(sources, name, content, size));
}

void feedwatch_sources_add_word_list(struct feedwatch_sources *sources, const char *name, const char *content,
                                     size_t size)
{
        fw_vec_push(&sources->word_lists, copy_file(sources, name, content, size));
}

static int read_word_list(void *userdata, struct fw_str from, struct fw_str path, struct fw_str *ret_content)
{
        const struct feedwatch_sources *sources = userdata;
        (void) from;
        for (size_t i = 0; i < sources->word_lists.len; i++) {
                if (fw_str_eq(sources->word_lists.p[i].name, path)) {
                        *ret_content = sources->word_lists.p[i].content;
                        return 0;
                }
        }
        return -ENOENT;
}

/* A compiled rule set under another name. */
static struct fw_ruleset *inner(struct feedwatch_rules *rules)
{
        return (struct fw_ruleset *) rules;
}

static const struct fw_ruleset *inner_const(const struct feedwatch_rules *rules)
{
        return (const struct fw_ruleset *) rules;
}

int feedwatch_rules_compile(const struct feedwatch_sources *sources, struct feedwatch_diagnostics *diagnostics,
                            struct feedwatch_rules **ret_rules)
{
        fw_cleanup(fw_diag_freep) struct fw_diag *unwanted = diagnostics ? NULL : fw_diag_new();
        struct fw_rule_sources all = {
                .rules = sources->rules.p,
                .rules_len = sources->rules.len,
                .entities = sources->entities.p,
                .entities_len = sources->entities.len,
                .read_file = read_word_list,
                .userdata = (void *) sources,
        };
        struct fw_ruleset *ruleset = NULL;
        int r = fw_ruleset_compile(&all, diagnostics ? api_diag(diagnostics) : unwanted, &ruleset);
        if (r < 0)
                return r;
        *ret_rules = (struct feedwatch_rules *) ruleset;
        return 0;
}

struct feedwatch_rules *feedwatch_rules_ref(struct feedwatch_rules *rules)
{
        return (struct feedwatch_rules *) fw_ruleset_ref(inner(rules));
}

void feedwatch_rules_unref(struct feedwatch_rules *rules)
{
        (void) fw_ruleset_unref(inner(rules));
}

size_t feedwatch_rules_count(const struct feedwatch_rules *rules)
{
        return fw_ruleset_len(inner_const(rules));
}

struct feedwatch_text feedwatch_rules_id(const struct feedwatch_rules *rules, size_t rule)
{
        return api_text(fw_ruleset_rule(inner_const(rules), rule)->id);
}

struct feedwatch_text feedwatch_rules_name(const struct feedwatch_rules *rules, size_t rule)
{
        return api_text(fw_ruleset_rule(inner_const(rules), rule)->name);
}

char *feedwatch_rules_print(const struct feedwatch_rules *rules, size_t rule)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_ruleset_print(inner_const(rules), rule, &text);
        return fw_buf_steal(&text);
}
