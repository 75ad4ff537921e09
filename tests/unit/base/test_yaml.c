#include "base/yaml.h"

#include <stdio.h>

#include "base/limits.h"
#include "yaml_fixture.h"

START_TEST(nodes_have_their_kind_and_content)
{
        const struct fw_yaml_node *root = parse("name: x\nlist: [a, b]\nmap: {k: v}\n");
        ck_assert_int_eq(fw_yaml_kind(root), FW_YAML_MAPPING);
        ck_assert_uint_eq(fw_yaml_pairs(root), 3);
        assert_text(fw_yaml_text(fw_yaml_key(root, 1)), "list");
        const struct fw_yaml_node *list = fw_yaml_value(root, 1);
        ck_assert_int_eq(fw_yaml_kind(list), FW_YAML_SEQUENCE);
        ck_assert_uint_eq(fw_yaml_len(list), 2);
        assert_text(fw_yaml_text(fw_yaml_element(list, 1)), "b");
        assert_text(fw_yaml_text(fw_yaml_get(fw_yaml_get(root, "map"), "k")), "v");
        ck_assert_ptr_null(fw_yaml_get(root, "missing"));
        ck_assert_ptr_null(fw_yaml_get(list, "name"));
        ck_assert_uint_eq(fw_yaml_pairs(list), 0);
        ck_assert_uint_eq(fw_yaml_len(root), 0);
        ck_assert(fw_str_empty(fw_yaml_text(root)));
}
END_TEST

START_TEST(an_empty_file_has_no_root)
{
        ck_assert_ptr_null(parse(""));
        ck_assert_ptr_null(parse("# only a comment\n"));
        ck_assert(fw_yaml_is_null(parse("---\n")));
}
END_TEST

START_TEST(null_is_what_is_plain_and_says_so)
{
        const struct fw_yaml_node *root = parse("[~, null, Null, '', \"null\", nul, !!str null, {a: }]");
        for (size_t i = 0; i < 7; i++)
                ck_assert_int_eq(fw_yaml_is_null(fw_yaml_element(root, i)), i < 3);
        ck_assert(fw_yaml_is_null(fw_yaml_get(fw_yaml_element(root, 7), "a")));
}
END_TEST

/* Values of every style, after the YAML specification's examples in chapters 7 and 8. */
START_TEST(values_are_unescaped_and_folded)
{
        static const struct {
                const char *yaml, *value;
        } cases[] = {
                { "plain", "plain" },
                { "plain # comment\n", "plain" },
                { "1st non-empty\n\n 2nd non-empty \n\t3rd non-empty", "1st non-empty\n2nd non-empty 3rd non-empty" },
                { "'it''s'", "it's" },
                { "' 1st non-empty\n\n 2nd non-empty \n\t3rd non-empty '",
                  " 1st non-empty\n2nd non-empty 3rd non-empty " },
                { "''", "" },
                { "''''", "'" },
                { "\"folded \nto a space,\t\n \nto a line feed, or \t\\\n \\ \tnon-content\"",
                  "folded to a space,\nto a line feed, or \t \tnon-content" },
                { "\"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\_\\N\\L\\P\\x41\\u00e9\\U0001F680\"", NULL },
                { "\"\\ud83d\\ude80\"", "\U0001F680" },
                { "\"a\\\n\n\n  b\"", "a\n\nb" },
                { "|\n literal\n \ttext\n", "literal\n\ttext\n" },
                { "|\n \n  \n  literal\n   \n  \n  text\n\n # Comment\n", "\n\nliteral\n \n\ntext\n" },
                { ">\n folded\n text\n", "folded text\n" },
                { ">\n\n folded\n line\n\n next\n line\n   * bullet\n\n   * list\n   * lines\n\n last\n line\n\n# "
                  "Comment\n",
                  "\nfolded line\nnext line\n  * bullet\n\n  * list\n  * lines\n\nlast line\n" },
                { "|-\n text\n", "text" },
                { "|\n text\n\n\n", "text\n" },
                { "|+\n text\n\n\n", "text\n\n\n" },
                { ">-\n a\n b\n\n\n", "a b" },
                { ">+\n a\n\n", "a\n\n" },
                { "|-\n\n\n", "" },
                { "|+\n\n\n", "\n\n" },
                { "|2\n   more\n  less\n", " more\nless\n" },
                { ">2-\n   more\n  a\n  b\n", " more\na b" },
                { "| # comment | >\n text\n", "text\n" },
                { "|\r\n a\r\n b\r\n", "a\nb\n" },
                { "\"a\r\n  b\"", "a b" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                fw_cleanup(fw_buf_done) struct fw_buf yaml = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                (void) fw_buf_printf(&yaml, "--- %s", cases[i].yaml);
                struct fw_str text = fw_yaml_text(parse(fw_buf_c(&yaml)));
                if (cases[i].value)
                        assert_text(text, cases[i].value);
                else
                        ck_assert(fw_str_eq(text, FW_STR("\0\a\b\t\n\v\f\r\x1B \"/\\\u00A0\xC2\x85\u2028\u2029"
                                                         "A\u00E9\U0001F680")));
        }
}
END_TEST

START_TEST(explicit_indentation_counts_from_the_collection)
{
        const struct fw_yaml_node *root = parse("a:\n  - |2\n     x\n  - k: >2\n       y\n      z\nb: |1\n  c\n");
        const struct fw_yaml_node *list = fw_yaml_get(root, "a");
        assert_text(fw_yaml_text(fw_yaml_element(list, 0)), " x\n");
        assert_text(fw_yaml_text(fw_yaml_get(fw_yaml_element(list, 1), "k")), " y\nz\n");
        assert_text(fw_yaml_text(fw_yaml_get(root, "b")), " c\n");
}
END_TEST

START_TEST(aliases_stand_for_their_node)
{
        const struct fw_yaml_node *root = parse("a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x\n");
        ck_assert_ptr_eq(fw_yaml_get(root, "b"), fw_yaml_get(root, "a"));
        assert_text(fw_yaml_text(fw_yaml_get(root, "d")), "3");
}
END_TEST

START_TEST(merge_keys_add_what_is_not_there)
{
        const struct fw_yaml_node *root = parse("base: &base {a: 1, b: 2}\n"
                                                "more: &more {b: 3, c: 4}\n"
                                                "one:\n  <<: *base\n  b: own\n"
                                                "both: {<<: [*more, *base], d: 5}\n"
                                                "text: {'<<': kept}\n");
        const struct fw_yaml_node *one = fw_yaml_get(root, "one"), *both = fw_yaml_get(root, "both");
        ck_assert_uint_eq(fw_yaml_pairs(one), 2);
        assert_text(fw_yaml_text(fw_yaml_get(one, "a")), "1");
        assert_text(fw_yaml_text(fw_yaml_get(one, "b")), "own");
        ck_assert_uint_eq(fw_yaml_pairs(both), 4);
        assert_text(fw_yaml_text(fw_yaml_get(both, "b")), "3");
        assert_text(fw_yaml_text(fw_yaml_get(fw_yaml_get(root, "text"), "<<")), "kept");
}
END_TEST

/* Ten levels of ten: ten thousand million values in a few lines. */
START_TEST(a_bomb_of_aliases_is_refused)
{
        fw_cleanup(fw_buf_done) struct fw_buf yaml = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&yaml, "- &a0 [x]\n");
        for (int level = 1; level <= 10; level++) {
                (void) fw_buf_printf(&yaml, "- &a%d [", level);
                for (int i = 0; i < 10; i++)
                        (void) fw_buf_printf(&yaml, "*a%d, ", level - 1);
                (void) fw_buf_append_c(&yaml, "]\n");
        }
        assert_refused(fw_buf_c(&yaml), "f.yaml:7:24: error: aliases make this document larger than 1000000 values; "
                                        "write it with fewer of them\n"
                                        "    7 | - &a6 [*a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5, ]\n"
                                        "      |                        ^~\n");
}
END_TEST

START_TEST(merging_counts_as_an_alias_does)
{
        fw_cleanup(fw_buf_done) struct fw_buf yaml = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&yaml, "a: &a {");
        for (int i = 0; i < 2000; i++)
                (void) fw_buf_printf(&yaml, "k%d: v, ", i);
        (void) fw_buf_append_c(&yaml, "}\nb: {<<: [");
        for (int i = 0; i < 1000; i++)
                (void) fw_buf_append_c(&yaml, "*a, ");
        (void) fw_buf_append_c(&yaml, "]}\n");
        struct fw_yaml *none = NULL;
        ck_assert_int_eq(fw_yaml_parse(FW_STR("f"), fw_buf_str(&yaml), diag, &none), -EINVAL);
        ck_assert_uint_eq(fw_diag_count(diag, FW_ERROR), 1);
}
END_TEST

START_TEST(nesting_ends_at_the_limit)
{
        fw_cleanup(fw_buf_done) struct fw_buf yaml = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (int i = 0; i < FW_LIMIT_NESTING; i++)
                (void) fw_buf_append_byte(&yaml, '[');
        for (int i = 0; i < FW_LIMIT_NESTING; i++)
                (void) fw_buf_append_byte(&yaml, ']');
        (void) parse(fw_buf_c(&yaml));

        fw_cleanup(fw_buf_done) struct fw_buf deeper = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_printf(&deeper, "[%s]", fw_buf_c(&yaml));
        struct fw_yaml *none = NULL;
        ck_assert_int_eq(fw_yaml_parse(FW_STR("f"), fw_buf_str(&deeper), diag, &none), -EINVAL);
        ck_assert_str_eq(fw_diag_entry(diag, 0)->message, "nested more than 256 deep");
}
END_TEST

/* With a duplicate check that compares each key with each other this takes minutes. */
START_TEST(a_hundred_thousand_keys_take_linear_time)
{
        enum { COUNT = 100000 };
        fw_cleanup(fw_buf_done) struct fw_buf yaml = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (int i = 0; i < COUNT; i++)
                (void) fw_buf_printf(&yaml, "key-%d: \"v\\x41%d\"\n", i, i);
        const struct fw_yaml_node *root = parse(fw_buf_c(&yaml));
        ck_assert_uint_eq(fw_yaml_pairs(root), COUNT);
        for (int i = 0; i < COUNT; i++) {
                char key[32], value[32];
                snprintf(key, sizeof(key), "key-%d", i);
                snprintf(value, sizeof(value), "vA%d", i);
                const struct fw_yaml_node *node = fw_yaml_get(root, key);
                assert_in_loop(node && fw_str_eq(fw_yaml_text(node), fw_str_c(value)));
        }
}
END_TEST

START_TEST(a_hundred_thousand_rules_take_linear_time)
{
        enum { COUNT = 100000 };
        fw_cleanup(fw_buf_done) struct fw_buf yaml = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&yaml, "rules:\n");
        for (int i = 0; i < COUNT; i++)
                (void) fw_buf_printf(
                        &yaml, "  - id: r%d\n    match: >-\n      word%d\n      AND x\n    notify: [a, b]\n", i, i);
        const struct fw_yaml_node *rules = fw_yaml_get(parse(fw_buf_c(&yaml)), "rules");
        ck_assert_uint_eq(fw_yaml_len(rules), COUNT);
        assert_text(fw_yaml_text(fw_yaml_get(fw_yaml_element(rules, COUNT - 1), "match")), "word99999 AND x");
}
END_TEST

UNIT_MAIN_WITH("yaml", setup, teardown, nodes_have_their_kind_and_content, an_empty_file_has_no_root,
               null_is_what_is_plain_and_says_so, values_are_unescaped_and_folded,
               explicit_indentation_counts_from_the_collection, aliases_stand_for_their_node,
               merge_keys_add_what_is_not_there, a_bomb_of_aliases_is_refused, merging_counts_as_an_alias_does,
               nesting_ends_at_the_limit, a_hundred_thousand_keys_take_linear_time,
               a_hundred_thousand_rules_take_linear_time)
