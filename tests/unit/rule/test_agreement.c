#include "../unit.h"

#include "base/random.h"
#include "naive.h"

/*
 * Random rules × random texts: the matcher and the naive evaluator must agree on each, and on the entities mentioned. Words,
 * names and texts are drawn from so few that they meet often. The seed is fixed: a failure comes again.
 */

#define ROUNDS 150
#define RULES  25
#define TEXTS  25

static const char entities[] =
        "entities:\n"
        "  - {id: nk, kind: country, names: [North Korea, 북한, 北朝鮮], adjectives: [Korean], groups: [k]}\n"
        "  - {id: sk, kind: country, names: [Korea, 한국], metonyms: [b c], groups: [k]}\n"
        "  - {id: bank, kind: organization, names: [한국은행, c d e, Korea], not: [b Korea, a b c]}\n"
        "  - {id: us, kind: country, exact: [US, Us a], needs: [d, 북]}\n"
        "  - {id: bd, kind: person, names: [b d, 朝鮮], needs: [e]}\n";

static const char *const words[] = { "a", "b", "c", "d", "e", "Korea", "north", "US", "troops", "북한", "北朝鮮" };
static const char *const text_words[] = {
        "a",    "b", "c", "d", "e",      "A",     "Korea",  "North",      "korean", "Koreans", "Korea's",  "US",  "us",
        "U.S.", "é", "x", "-", "troops", "troop", "북한군", "한국은행이", "北朝鮮", "朝鮮",    "北、朝鮮", "c-d", "Us",
};
static const char *const separators[] = { " ", " ", " ", " ", ", ", ". ", "</p><p>", "<b> ", "<br>", "? A " };

struct source {
        struct fw_random random;
        struct fw_buf out;
};

static uint32_t below(struct source *source, uint32_t limit)
{
        return fw_random_u32(&source->random) % limit;
}

#define pick(source, list) ((list)[below((source), FW_ARRAY_LEN(list))])

static void add_term(struct source *source)
{
        static const char *const others[] = {
                "tr*",           "*ps",    "?",     "k?rea*",       "\"a b\"",       "\"b * d\"",
                "\"c d e\"",     "c-d",    "'US'",  "'Korea'",      "@nk",           "@sk",
                "@us",           "@bd",    "@bank", "@k",           "@kind:country", "@sk.metonym",
                "troop~",        "/b c/",  "/,/",   "북*",          "\"b 북한\"",    "*orea*",
                "@nk.adjective", "korea~", "朝",    "\"北朝鮮 a\"",
        };
        fw_buf_append_c(&source->out, below(source, 2) ? pick(source, words) : pick(source, others));
}

/* A term, or an OR of terms, or a NEAR of such in parentheses. */
static void add_side(struct source *source, unsigned depth)
{
        static const char *const nears[] = { "NEAR/1", "NEAR/2",   "NEAR/5",     "BEFORE/2",   "NEAR/s",
                                             "NEAR/p", "BEFORE/s", "NOT NEAR/2", "NOT NEAR/s", "BEFORE/p" };
        uint32_t choice = depth ? below(source, 6) : 0;
        if (choice < 4) {
                if (below(source, 12) == 0)
                        fw_buf_append_c(&source->out, "title:");
                add_term(source);
                return;
        }
        fw_buf_append_c(&source->out, "(");
        add_side(source, depth - 1);
        fw_buf_printf(&source->out, " %s ", choice == 4 ? "OR" : pick(source, nears));
        add_side(source, depth - 1);
        fw_buf_append_c(&source->out, ")");
}

static void add_near(struct source *source)
{
        add_side(source, 2);
        do {
                static const char *const nears[] = { "NEAR/2", "NEAR/3", "BEFORE/3", "NOT NEAR/1", "NEAR/s" };
                fw_buf_printf(&source->out, " %s ", pick(source, nears));
                add_side(source, 2);
        } while (below(source, 3) == 0);
}

static void add_query(struct source *source, unsigned depth, bool in_field)
{
        static const char *const fields[] = { "title:", "text:", "body:", "lead:" };
        static const char *const joins[] = { " AND ", " OR ", " ", " NOT ", " | ", " + ", " -" };
        uint32_t choice = depth ? below(source, 10) : 0;
        if (choice <= 1) {
                add_term(source);
        } else if (choice <= 3) {
                fw_buf_append_c(&source->out, "(");
                add_near(source);
                fw_buf_append_c(&source->out, ")");
        } else if (choice <= 6) {
                fw_buf_append_c(&source->out, "(");
                add_query(source, depth - 1, in_field);
                for (uint32_t more = 1 + below(source, 3); more; more--) {
                        fw_buf_append_c(&source->out, pick(source, joins));
                        add_query(source, depth - 1, in_field);
                }
                fw_buf_append_c(&source->out, ")");
        } else if (choice == 7) {
                uint32_t number = 1 + below(source, 3);
                fw_buf_printf(&source->out, "%u OF (", number);
                for (uint32_t i = 0; i < 3; i++) {
                        fw_buf_append_c(&source->out, i ? ", " : "");
                        add_query(source, depth - 1, in_field);
                }
                fw_buf_append_c(&source->out, ")");
        } else if (choice == 8) {
                fw_buf_printf(&source->out, "ATLEAST/%u(", 1 + below(source, 3));
                add_side(source, 2);
                fw_buf_append_c(&source->out, ")");
        } else if (below(source, 2) || in_field) {
                fw_buf_printf(&source->out, "FIRST/%u(", 1 + below(source, 6));
                add_query(source, depth - 1, in_field);
                fw_buf_append_c(&source->out, ")");
        } else {
                fw_buf_append_c(&source->out, pick(source, fields));
                fw_buf_append_c(&source->out, "(");
                add_query(source, depth - 1, true);
                fw_buf_append_c(&source->out, ")");
        }
}

/* Rules whose random query is right; the others are left out. Queries are kept apart for the naive evaluator. */
struct round {
        struct fw_ruleset *ruleset;
        struct fw_str queries[RULES];
        size_t queries_len;
};

static struct fw_ruleset *compile(struct fw_str rules)
{
        struct fw_rule_file rule_file = { FW_STR("rules.yaml"), rules };
        struct fw_rule_file entity_file = { FW_STR("entities.yaml"), fw_str_c(entities) };
        struct fw_rule_sources sources = {
                .rules = &rule_file, .rules_len = 1, .entities = &entity_file, .entities_len = 1
        };
        struct fw_ruleset *ruleset = NULL;
        return fw_ruleset_compile(&sources, NULL, &ruleset) < 0 ? NULL : ruleset;
}

static void append_rule(struct fw_buf *file, size_t index, struct fw_str query)
{
        fw_buf_printf(file, "  - id: r%zu\n    match: |-\n      %.*s\n", index, FW_STR_ARG(query));
}

static void make_round(struct source *source, struct fw_arena *arena, struct round *ret)
{
        struct fw_buf file = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_buf_append_c(&file, "rules:\n");
        *ret = (struct round){ 0 };
        while (ret->queries_len < RULES) {
                fw_buf_reset(&source->out);
                add_query(source, 3, false);
                struct fw_buf alone = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                fw_buf_append_c(&alone, "rules:\n");
                append_rule(&alone, 0, fw_buf_str(&source->out));
                struct fw_ruleset *right = compile(fw_buf_str(&alone));
                fw_buf_done(&alone);
                if (!right)
                        continue;
                fw_ruleset_unref(right);
                ret->queries[ret->queries_len] = fw_arena_copy(arena, fw_buf_str(&source->out));
                append_rule(&file, ret->queries_len++, fw_buf_str(&source->out));
        }
        ret->ruleset = compile(fw_buf_str(&file));
        ck_assert_ptr_nonnull(ret->ruleset);
        fw_buf_done(&file);
}

static struct fw_str make_text(struct source *source, struct fw_arena *arena, uint32_t most)
{
        fw_buf_reset(&source->out);
        for (uint32_t len = below(source, most); len; len--)
                fw_buf_printf(&source->out, "%s%s", pick(source, text_words), pick(source, separators));
        return fw_arena_copy(arena, fw_buf_str(&source->out));
}

static bool matched(const struct fw_match_result *result, size_t rule)
{
        for (size_t i = 0; i < result->matches_len; i++) {
                if (result->matches[i].rule_index == rule)
                        return true;
        }
        return false;
}

static void check_mentions(struct fw_match_context *context, struct naive *naive, const struct round *round,
                           const struct fw_document *document, struct fw_str text)
{
        bool mentioned[16] = { false };
        size_t len;
        const struct fw_mention *mentions = fw_find_mentions(context, document, &len);
        for (size_t i = 0; i < len; i++)
                mentioned[mentions[i].entity_index] |= mentions[i].counts;
        for (size_t e = 0; e < fw_ruleset_entities_len(round->ruleset); e++) {
                if (mentioned[e] != naive_mentions(naive, e))
                        ck_abort_msg("@%.*s is %smentioned in '%.*s'",
                                     FW_STR_ARG(fw_ruleset_entity(round->ruleset, e)->id), mentioned[e] ? "" : "not ",
                                     FW_STR_ARG(text));
        }
}

static size_t check_text(const struct round *round, struct fw_query_node *const *trees,
                         struct fw_match_context *context, const struct fw_document *document)
{
        struct naive *naive = naive_new(round->ruleset, document);
        const struct fw_match_result *result = fw_match(context, document);
        size_t matches = result->matches_len;
        for (size_t r = 0; r < round->queries_len; r++) {
                if (matched(result, r) != naive_holds(naive, trees[r]))
                        ck_abort_msg("%.*s: the matcher says %s\ntitle: %.*s\nbody: %.*s\nlang: %.*s",
                                     FW_STR_ARG(round->queries[r]), matched(result, r) ? "yes" : "no",
                                     FW_STR_ARG(document->fields[0].value), FW_STR_ARG(document->fields[1].value),
                                     FW_STR_ARG(document->language));
        }
        for (size_t i = 0; i < result->matches_len; i++) {
                const struct fw_rule_match *match = &result->matches[i];
                for (size_t h = 0; h < match->hits_len; h++) {
                        struct fw_str value = document->fields[match->hits[h].field_index].value;
                        assert_in_loop(match->hits[h].start < match->hits[h].end && match->hits[h].end <= value.len);
                }
                assert_in_loop(match->hits_len > 0);
        }
        check_mentions(context, naive, round, document, document->fields[1].value);
        naive_free(naive);
        return matches;
}

static size_t check_round(struct source *source, struct fw_arena *arena)
{
        static const char *const languages[] = { "en", "", "ko", "en-GB" };
        struct round round;
        struct fw_query_node *trees[RULES];
        struct fw_query_origin origins[RULES];
        struct fw_tokenizer *tokenizer = fw_tokenizer_new();
        struct fw_query_parser_context parser = { .arena = arena, .tokenizer = tokenizer };
        make_round(source, arena, &round);
        for (size_t i = 0; i < round.queries_len; i++) {
                origins[i] = (struct fw_query_origin){ .text = round.queries[i] };
                trees[i] = fw_query_parse(&parser, &origins[i]);
        }
        struct fw_match_context *context = fw_match_context_new(round.ruleset);
        size_t matches = 0;
        for (size_t i = 0; i < TEXTS; i++) {
                struct fw_document_field fields[] = {
                        { FW_FIELD_TITLE, make_text(source, arena, 6), false },
                        { FW_FIELD_BODY, make_text(source, arena, 25), true },
                        { FW_FIELD_SUMMARY, make_text(source, arena, 8), true },
                };
                struct fw_document document = { .fields = fields,
                                                .fields_len = 2 + below(source, 2),
                                                .language = fw_str_c(pick(source, languages)) };
                matches += check_text(&round, trees, context, &document);
        }
        fw_match_context_free(context);
        fw_ruleset_unref(round.ruleset);
        fw_tokenizer_free(tokenizer);
        return matches;
}

START_TEST(matcher_agrees_with_the_naive_evaluator)
{
        struct source source = { .out = FW_BUF_INIT(FW_BUF_UNBOUNDED) };
        struct fw_arena *arena = fw_arena_new();
        size_t matches = 0;
        fw_random_init_seed(&source.random, 20240924);
        for (int i = 0; i < ROUNDS; i++) {
                fw_arena_reset(arena);
                matches += check_round(&source, arena);
        }
        /* Else it would test only that nothing ever matches. */
        ck_assert_uint_gt(matches, ROUNDS * RULES * TEXTS / 20);
        ck_assert_uint_lt(matches, ROUNDS * RULES * TEXTS * 9 / 10);
        fw_arena_free(arena);
        fw_buf_done(&source.out);
}
END_TEST

UNIT_MAIN("agreement", matcher_agrees_with_the_naive_evaluator)
