#include "rule/ruleset.h"

/*
 * What is right and perhaps not meant. Each warning says what the query does now, and how to write what was likely wanted.
 */

static void warn(struct fw_diag *diag, const struct fw_query_node *node, const char *message)
{
        fw_diag_add(diag, FW_WARNING, fw_query_node_location(node), "%s", message);
}

/* ---- terms ---- */

static void lint_lower_case_operator(const struct fw_query_node *node, struct fw_diag *diag)
{
        static const struct fw_str operators[] = { FW_STR("and"), FW_STR("or"), FW_STR("not") };
        static const struct fw_str counted[] = { FW_STR("near/"), FW_STR("before/"), FW_STR("first/"),
                                                 FW_STR("atleast/") };
        for (size_t i = 0; i < FW_ARRAY_LEN(operators); i++) {
                if (fw_str_eq_nocase(node->text, operators[i]))
                        fw_diag_add(diag, FW_WARNING, fw_query_node_location(node),
                                    "'%.*s' is looked for as a word; the operator is written in capitals (or put the "
                                    "word into \"…\")",
                                    FW_STR_ARG(node->text));
        }
        for (size_t i = 0; i < FW_ARRAY_LEN(counted); i++) {
                if (fw_str_starts_nocase(node->text, counted[i]))
                        fw_diag_add(diag, FW_WARNING, fw_query_node_location(node),
                                    "'%.*s' is looked for as words; the operator is written in capitals",
                                    FW_STR_ARG(node->text));
        }
}

/* AT&T, C++, C#: signs that a bare word loses. */
static void lint_lost_signs(const struct fw_query_node *node, struct fw_diag *diag)
{
        bool lost = false;
        for (size_t i = 0; i < node->text.len; i++)
                lost = lost || strchr("&+#@$%", node->text.p[i]);
        if (!lost || fw_str_find_byte(node->text, '\'', 0) != SIZE_MAX)
                return;
        struct fw_buf words = FW_BUF_INIT(256);
        for (size_t i = 0; i < node->words.len; i++)
                fw_buf_printf(&words, "%s%.*s", i ? " " : "", FW_STR_ARG(node->words.p[i].folded));
        fw_diag_add(diag, FW_WARNING, fw_query_node_location(node),
                    "signs part words, so this looks for \"%s\"; for exactly these characters write '%.*s' with the "
                    "quotation marks",
                    fw_buf_c(&words), FW_STR_ARG(node->text));
        fw_buf_done(&words);
}

static void lint_typographic_quotes(const struct fw_query_node *node, struct fw_diag *diag)
{
        if (fw_str_starts(node->text, FW_STR("\xE2\x80\x9C")) || fw_str_starts(node->text, FW_STR("\xE2\x80\x9E")) ||
            fw_str_starts(node->text, FW_STR("\xC2\xAB")))
                warn(diag, node, "typographic quotation marks make no phrase; write \"…\" with the plain ones");
}

static void lint_loose_wildcard(const struct fw_query_node *node, struct fw_diag *diag)
{
        for (size_t i = 0; i < node->words.len; i++) {
                const struct fw_str pattern = node->words.p[i].folded;
                size_t letters = 0;
                for (size_t k = 0; k < pattern.len; k++)
                        letters += pattern.p[k] != '*' && pattern.p[k] != '?';
                if (node->words.p[i].kind == FW_WORD_WILDCARD && letters < 2 && node->words.len == 1)
                        warn(diag, node, "this wildcard has hardly a letter and matches very many words");
        }
}

static void lint_word(const struct fw_query_node *node, struct fw_diag *diag)
{
        if (!node->quoted) {
                lint_lower_case_operator(node, diag);
                lint_lost_signs(node, diag);
                lint_typographic_quotes(node, diag);
        }
        lint_loose_wildcard(node, diag);
}

static void lint_regex(const struct fw_query_node *node, struct fw_diag *diag)
{
        static const char flags[] = "imsx";
        for (size_t i = 0; flags[i]; i++) {
                const char wrong[] = { '(', flags[i], '?', ')', '\0' };
                size_t at = fw_str_find(node->text, fw_str_c(wrong), 0);
                if (at != SIZE_MAX)
                        fw_diag_add(diag, FW_WARNING,
                                    fw_query_location(node->origin, node->from + 1 + at, node->from + 1 + at + 4),
                                    "'%s' is an optional letter '%c'; a flag is written '(?%c)', or after the closing "
                                    "slash: /…/%c",
                                    wrong, flags[i], flags[i], flags[i]);
        }
}

/* ---- groups ---- */

/* True for an AND of at least two parts that are to be found, without parentheses of its own. */
static bool is_bare_and(const struct fw_query_node *node)
{
        size_t found = 0;
        for (size_t i = 0; i < node->children_len; i++)
                found += node->children[i]->kind != FW_QUERY_NOT;
        return node->kind == FW_QUERY_AND && !node->parenthesised && found > 1;
}

static void lint_or(const struct fw_query_node *node, struct fw_diag *diag)
{
        for (size_t i = 0; i < node->children_len; i++) {
                if (is_bare_and(node->children[i])) {
                        warn(diag, node->children[i],
                             "AND and OR are mixed without parentheses: AND binds tighter, so this is (a AND b) OR c; "
                             "put "
                             "parentheses where they are meant");
                        return;
                }
        }
}

/* "North" or "Korea", not "NATO". */
static bool is_capitalised(const struct fw_query_node *node)
{
        struct fw_str text = node->text;
        if (node->kind != FW_QUERY_WORDS || node->quoted || node->stem || node->words.len != 1 || text.len < 2)
                return false;
        return text.p[0] >= 'A' && text.p[0] <= 'Z' && text.p[1] >= 'a' && text.p[1] <= 'z';
}

static bool only_white_space_between(const struct fw_query_node *a, const struct fw_query_node *b)
{
        return a->origin == b->origin && a->to <= b->from &&
               fw_str_trim(fw_str_slice(a->origin->text, a->to, b->from)).len == 0;
}

static void lint_and(const struct fw_query_node *node, struct fw_diag *diag)
{
        for (size_t i = 0; i + 1 < node->children_len; i++) {
                const struct fw_query_node *a = node->children[i], *b = node->children[i + 1];
                if (!is_capitalised(a) || !is_capitalised(b) || !only_white_space_between(a, b))
                        continue;
                fw_diag_add(diag, FW_WARNING, fw_query_location(node->origin, a->from, b->to),
                            "two words that may stand far apart; if they are one name, write \"%.*s %.*s\"",
                            FW_STR_ARG(a->text), FW_STR_ARG(b->text));
        }
}

void fw_lint_query(const struct fw_query_node *tree, struct fw_diag *diag)
{
        switch (tree->kind) {
        case FW_QUERY_WORDS:
                lint_word(tree, diag);
                break;
        case FW_QUERY_REGEX:
                lint_regex(tree, diag);
                break;
        case FW_QUERY_OR:
                lint_or(tree, diag);
                break;
        case FW_QUERY_AND:
                lint_and(tree, diag);
                break;
        default:
                break;
        }
        for (size_t i = 0; i < tree->children_len; i++)
                fw_lint_query(tree->children[i], diag);
}

/* ---- rules ---- */

static void lint_channels(struct fw_draft *draft, struct fw_rule_draft *rule)
{
        const struct fw_rule_world *world = draft->sources->world;
        if (!world || !world->channels)
                return;
        for (size_t i = 0; i < rule->rule.notify_len; i++) {
                bool known = false;
                for (size_t k = 0; k < world->channels_len; k++)
                        known = known || fw_str_eq(world->channels[k], rule->rule.notify[i]);
                if (known)
                        continue;
                struct fw_str nearest = fw_str_nearest(rule->rule.notify[i], world->channels, world->channels_len);
                fw_diag_add(draft->diag, FW_ERROR, fw_yaml_location(rule->notify_nodes[i]),
                            "there is no channel '%.*s'%s%.*s%s", FW_STR_ARG(rule->rule.notify[i]),
                            nearest.len ? "; did you mean '" : "; add it to 'channels:' of the configuration",
                            FW_STR_ARG(nearest), nearest.len ? "'?" : "");
                rule->broken = true;
        }
}

static void lint_feeds(struct fw_draft *draft, const struct fw_rule_draft *rule)
{
        const struct fw_rule_world *world = draft->sources->world;
        const struct fw_yaml_node *node = fw_yaml_get(rule->node, "feeds");
        if (!world || !world->feeds || !node || fw_feed_selector_empty(&rule->rule.feeds))
                return;
        for (size_t i = 0; i < world->feeds_len; i++) {
                const struct fw_rule_feed *feed = &world->feeds[i];
                bool excepted = !fw_feed_selector_empty(&rule->rule.except) &&
                                fw_feed_selector_matches(&rule->rule.except, feed);
                if (!excepted && fw_feed_selector_matches(&rule->rule.feeds, feed))
                        return;
        }
        fw_diag_add(draft->diag, FW_WARNING, fw_yaml_location(node),
                    "this selects no feed, so the rule never matches; see 'feedwatch feeds list' for ids and tags");
}

void fw_lint_rule(struct fw_draft *draft, struct fw_rule_draft *rule)
{
        lint_channels(draft, rule);
        lint_feeds(draft, rule);
}

void fw_lint_always(struct fw_draft *draft, const struct fw_rule_draft *rule)
{
        fw_diag_add(
                draft->diag, FW_WARNING, fw_query_node_location(rule->match),
                "this rule must run on every item, because nothing in it is a word that must occur; add one with AND "
                "if you can");
}
