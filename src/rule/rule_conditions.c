#include "rule/files.h"

#include <errno.h>

/*
 * Scope and conditions of a rule. `stories:`, `realert:` and `when:` are checked in full, so that files written today are
 * right tomorrow, but this version does not act on them, and says so.
 */

/* ---- feeds and except ---- */

static void copy_strings(struct fw_draft *draft, const struct fw_yaml_node *mapping, const char *key,
                         const struct fw_str **ret, size_t *ret_len)
{
        struct fw_str *list;
        size_t len;
        if (fw_yaml_get_strings(mapping, key, draft->diag, draft->arena, &list, NULL, &len) < 0)
                return;
        for (size_t i = 0; i < len; i++)
                list[i] = fw_arena_copy(draft->arena, list[i]);
        *ret = list; /* NOLINT(clang-analyzer-core.NullDereference): it takes the address of a member for NULL */
        *ret_len = len;
}

static void read_selector(struct fw_draft *draft, const struct fw_yaml_node *mapping, const char *key,
                          struct fw_feed_selector *selector, struct fw_feed_selector *except)
{
        static const char *const keys[] = { "ids", "tags", "urls", "except", NULL };
        const struct fw_yaml_node *node = fw_yaml_get(mapping, key);
        if (!node || fw_yaml_is_null(node))
                return;
        if (fw_yaml_kind(node) != FW_YAML_MAPPING) {
                copy_strings(draft, mapping, key, &selector->ids, &selector->ids_len);
                return;
        }
        /* Without `except` of its own the last known key is not offered. */
        const char *const *known = except ? keys : (const char *const[]){ "ids", "tags", "urls", NULL };
        (void) fw_yaml_check_keys(node, except ? "'feeds'" : "'except'", known, draft->diag);
        copy_strings(draft, node, "ids", &selector->ids, &selector->ids_len);
        copy_strings(draft, node, "tags", &selector->tags, &selector->tags_len);
        copy_strings(draft, node, "urls", &selector->urls, &selector->urls_len);
        if (fw_feed_selector_empty(selector) && !fw_yaml_get(node, "except"))
                fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(node),
                            "'%s' selects nothing; give it ids, tags or urls, or leave it out", key);
        if (except)
                read_selector(draft, node, "except", except, NULL);
}

void fw_rule_read_selectors(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_rule *rule)
{
        read_selector(draft, mapping, "feeds", &rule->feeds, &rule->except);
        const struct fw_yaml_node *except = fw_yaml_get(mapping, "except");
        if (except && !fw_feed_selector_empty(&rule->except))
                fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(except),
                            "'except' stands here and in 'feeds'; write it once");
        else
                read_selector(draft, mapping, "except", &rule->except, NULL);
}

/* ---- stories and realert ---- */

static void not_in_force(struct fw_draft *draft, const struct fw_yaml_node *mapping, const char *key)
{
        const struct fw_yaml_node *node = fw_yaml_get(mapping, key);
        if (node && !fw_yaml_is_null(node))
                fw_diag_add(draft->diag, FW_WARNING, fw_yaml_location(node),
                            "'%s' is read but not in force yet: this version alerts once for each matching item", key);
}

static void read_again_at(struct fw_draft *draft, const struct fw_yaml_node *list, struct fw_rule *rule)
{
        if (!fw_yaml_expect(list, FW_YAML_SEQUENCE, "'alert_again_at'", draft->diag))
                return;
        uint32_t *counts = fw_arena_new_array(draft->arena, uint32_t, fw_yaml_len(list) + 1);
        uint64_t last = 1;
        for (size_t i = 0; i < fw_yaml_len(list); i++) {
                const struct fw_yaml_node *element = fw_yaml_element(list, i);
                uint64_t number;
                if (fw_str_to_u64(fw_yaml_text(element), &number) < 0 || number <= last || number > 1000000) {
                        fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(element),
                                    "'alert_again_at' is a list of growing numbers of feeds, from 2: [5, 20]");
                        return;
                }
                last = number;
                counts[rule->alert_again_at_len++] = (uint32_t) number;
        }
        rule->alert_again_at = counts;
}

static void read_stories(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_rule *rule)
{
        static const char *const keys[] = { "alert_again_at", NULL };
        const struct fw_yaml_node *stories = fw_yaml_get(mapping, "stories");
        if (!stories || fw_yaml_is_null(stories) || !fw_yaml_expect(stories, FW_YAML_MAPPING, "'stories'", draft->diag))
                return;
        (void) fw_yaml_check_keys(stories, "'stories'", keys, draft->diag);
        const struct fw_yaml_node *list = fw_yaml_get(stories, "alert_again_at");
        if (list)
                read_again_at(draft, list, rule);
        not_in_force(draft, mapping, "stories");
}

static void read_realert(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_rule *rule)
{
        static const char *const keys[] = { "min", "max", NULL };
        const struct fw_yaml_node *realert = fw_yaml_get(mapping, "realert");
        if (!realert || fw_yaml_is_null(realert))
                return;
        if (fw_yaml_kind(realert) == FW_YAML_MAPPING) {
                (void) fw_yaml_check_keys(realert, "'realert'", keys, draft->diag);
                (void) fw_yaml_get_duration(realert, "min", draft->diag, &rule->realert_min_usec);
                (void) fw_yaml_get_duration(realert, "max", draft->diag, &rule->realert_max_usec);
                if (rule->realert_max_usec && rule->realert_max_usec < rule->realert_min_usec)
                        fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(fw_yaml_get(realert, "max")),
                                    "'max' is less than 'min'; make it the longer of the two");
        } else if (fw_yaml_get_duration(mapping, "realert", draft->diag, &rule->realert_min_usec) == 0) {
                rule->realert_max_usec = rule->realert_min_usec;
        }
        not_in_force(draft, mapping, "realert");
}

/* ---- when ---- */

enum when_type { WHEN_COUNT, WHEN_DURATION, WHEN_ENTITIES };

/* The conditions, by the key that chooses one, and what each needs and may have. */
struct when_condition {
        const char *key;
        enum when_type type;
        const char *needs[3], *may[2];
};

static const struct when_condition when_conditions[] = {
        { "count", WHEN_COUNT, { "within" }, { "by" } },
        { "feeds", WHEN_COUNT, { "within" }, { "by" } },
        { "spike", WHEN_COUNT, { "window", "baseline" }, { "min", "by" } },
        { "silent", WHEN_DURATION, { NULL }, { "by" } },
        { "new", WHEN_ENTITIES, { "baseline" }, { "by" } },
};

static bool belongs(const struct when_condition *condition, const char *key)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(condition->needs) && condition->needs[i]; i++) {
                if (strcmp(condition->needs[i], key) == 0)
                        return true;
        }
        for (size_t i = 0; i < FW_ARRAY_LEN(condition->may) && condition->may[i]; i++) {
                if (strcmp(condition->may[i], key) == 0)
                        return true;
        }
        return strcmp(condition->key, key) == 0;
}

static void read_when_values(struct fw_draft *draft, const struct fw_yaml_node *when)
{
        static const char *const by_names[] = { "entity", "feed", "story", NULL };
        static const char *const durations[] = { "within", "window", "baseline", "silent" };
        static const char *const counts[] = { "count", "feeds", "spike", "min" };
        uint64_t number;
        unsigned index;
        struct fw_str text;
        for (size_t i = 0; i < FW_ARRAY_LEN(durations); i++)
                (void) fw_yaml_get_duration(when, durations[i], draft->diag, &number);
        for (size_t i = 0; i < FW_ARRAY_LEN(counts); i++)
                (void) fw_yaml_get_uint(when, counts[i], 1, 1000000, draft->diag, &number);
        (void) fw_yaml_get_enum(when, "by", by_names, draft->diag, &index);
        if (fw_yaml_get_string(when, "new", draft->diag, &text) == 0 && !fw_str_starts(text, FW_STR("@")))
                fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(fw_yaml_get(when, "new")),
                            "'new' needs a group of entities: \"@kind:person\"");
}

static void check_condition(struct fw_draft *draft, const struct fw_yaml_node *when,
                            const struct when_condition *condition)
{
        for (size_t i = 0; i < fw_yaml_pairs(when); i++) {
                const struct fw_yaml_node *key = fw_yaml_key(when, i);
                char name[32];
                struct fw_str text = fw_yaml_text(key);
                if (text.len >= sizeof(name))
                        continue;
                memcpy(name, text.p, text.len);
                name[text.len] = '\0';
                if (!belongs(condition, name))
                        fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(key),
                                    "'%s' does not go together with '%s'; leave out one of them", name, condition->key);
        }
        for (size_t i = 0; i < FW_ARRAY_LEN(condition->needs) && condition->needs[i]; i++) {
                if (!fw_yaml_get(when, condition->needs[i]))
                        fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(when), "'%s' needs '%s' beside it",
                                    condition->key, condition->needs[i]);
        }
}

static void read_when(struct fw_draft *draft, const struct fw_yaml_node *mapping)
{
        static const char *const keys[] = { "count", "feeds",    "spike",  "silent", "new", "within",
                                            "min",   "baseline", "window", "by",     NULL };
        const struct fw_yaml_node *when = fw_yaml_get(mapping, "when");
        if (!when || fw_yaml_is_null(when) || !fw_yaml_expect(when, FW_YAML_MAPPING, "'when'", draft->diag))
                return;
        if (!fw_yaml_check_keys(when, "'when'", keys, draft->diag))
                return;
        read_when_values(draft, when);
        for (size_t i = 0; i < FW_ARRAY_LEN(when_conditions); i++) {
                if (fw_yaml_get(when, when_conditions[i].key)) {
                        check_condition(draft, when, &when_conditions[i]);
                        not_in_force(draft, mapping, "when");
                        return;
                }
        }
        fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(when),
                    "'when' needs one of count, feeds, spike, silent or new: {count: 10, within: 1h}");
}

void fw_rule_read_conditions(struct fw_draft *draft, const struct fw_yaml_node *mapping, struct fw_rule *rule)
{
        read_stories(draft, mapping, rule);
        read_realert(draft, mapping, rule);
        read_when(draft, mapping);
}
