#include "../unit.h"

#include "base/file.h"
#include "rule/rule.h"

/* Runs every example of docs/rule-language.md: boxes of queries with texts, and the rule and entity files in it. */

static struct fw_buf entities = FW_BUF_INIT(FW_BUF_UNBOUNDED);

static struct fw_ruleset *compile(struct fw_str rules)
{
        struct fw_rule_file rule_file = { FW_STR("rules.yaml"), rules };
        struct fw_rule_file entity_file = { FW_STR("entities.yaml"), fw_buf_str(&entities) };
        struct fw_rule_sources sources = {
                .rules = &rule_file, .rules_len = 1, .entities = &entity_file, .entities_len = 1
        };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_buf_done) struct fw_buf said = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_ruleset *ruleset = NULL;
        int r = fw_ruleset_compile(&sources, diag, &ruleset);
        (void) fw_diag_render_all(diag, false, &said);
        ck_assert_msg(r == 0, "%.*s\n%s", FW_STR_ARG(rules), fw_buf_c(&said));
        return ruleset;
}

/* "(de) title // body" */
static bool matches(struct fw_match_context *context, struct fw_str text)
{
        struct fw_str language = FW_STR_NONE, title = FW_STR_NONE;
        size_t close = fw_str_starts(text, FW_STR("(")) ? fw_str_find_byte(text, ')', 0) : SIZE_MAX;
        if (close != SIZE_MAX && close < 4) {
                language = fw_str_slice(text, 1, close);
                text = fw_str_slice(text, close + 2, text.len);
        }
        size_t parted = fw_str_find(text, FW_STR(" // "), 0);
        if (parted != SIZE_MAX) {
                title = fw_str_slice(text, 0, parted);
                text = fw_str_slice(text, parted + 4, text.len);
        }
        struct fw_document_field fields[] = { { FW_FIELD_TITLE, title, false }, { FW_FIELD_BODY, text, true } };
        struct fw_document document = { .fields = fields, .fields_len = 2, .language = language };
        return fw_match(context, &document)->matches_len > 0;
}

static size_t check_query(struct fw_str box)
{
        struct fw_str query, line;
        size_t texts = 0;
        fw_cleanup(fw_buf_done) struct fw_buf rules = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert(fw_str_split(&box, '\n', &query));
        fw_buf_printf(&rules, "rules:\n  - id: r\n    match: >-\n      %.*s\n", FW_STR_ARG(query));
        struct fw_ruleset *ruleset = compile(fw_buf_str(&rules));
        struct fw_match_context *context = fw_match_context_new(ruleset);
        for (; fw_str_split(&box, '\n', &line); texts++) {
                bool wanted = fw_str_starts(line, FW_STR("+ "));
                ck_assert_msg(wanted || fw_str_starts(line, FW_STR("- ")), "no '+' or '-': %.*s", FW_STR_ARG(line));
                if (matches(context, fw_str_slice(line, 2, line.len)) != wanted)
                        ck_abort_msg("%.*s should %smatch %.*s", FW_STR_ARG(query), wanted ? "" : "not ",
                                     FW_STR_ARG(line));
        }
        fw_match_context_free(context);
        fw_ruleset_unref(ruleset);
        return texts;
}

static void check_file(struct fw_str box)
{
        if (fw_str_starts(box, FW_STR("entities:"))) {
                fw_buf_reset(&entities);
                (void) fw_buf_append(&entities, box);
                box = FW_STR("rules: []");
        }
        fw_ruleset_unref(compile(box));
}

/* The first box of entities in the guide serves all of it. */
static void find_entities(struct fw_str guide)
{
        size_t start = fw_str_find(guide, FW_STR("```yaml\nentities:"), 0);
        ck_assert_uint_ne(start, SIZE_MAX);
        start += strlen("```yaml\n");
        check_file(fw_str_slice(guide, start, fw_str_find(guide, FW_STR("```"), start)));
}

START_TEST(every_example_of_the_guide_is_true)
{
        fw_cleanup(fw_buf_done) struct fw_buf guide = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        size_t texts = 0, files = 0;
        ck_assert_int_eq(fw_file_read(FW_GUIDE, &guide), 0);
        struct fw_str text = fw_buf_str(&guide);
        find_entities(text);
        for (size_t at = 0; (at = fw_str_find(text, FW_STR("\n```"), at)) != SIZE_MAX;) {
                size_t start = fw_str_find_byte(text, '\n', at + 1) + 1;
                size_t end = fw_str_find(text, FW_STR("\n```"), start - 1);
                ck_assert_uint_ne(end, SIZE_MAX);
                struct fw_str language = fw_str_slice(text, at + 4, start - 1);
                struct fw_str box = fw_str_slice(text, start, end + 1);
                if (fw_str_eq(language, FW_STR("query"))) {
                        texts += check_query(box);
                } else if (fw_str_eq(language, FW_STR("yaml"))) {
                        check_file(box);
                        files++;
                }
                at = end + 4;
        }
        ck_assert_uint_gt(texts, 60);
        ck_assert_uint_ge(files, 3);
        fw_buf_done(&entities);
}
END_TEST

UNIT_MAIN("guide", every_example_of_the_guide_is_true)
