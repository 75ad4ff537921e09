/*
 * A place in a value is the place in the file. Each case marks, in the file, what the bytes of the value stand for: the test
 * takes the file's text at the location that is given for a piece of the value.
 */
#include "yaml_fixture.h"

/* The file's bytes for the first `piece` of the value under 'k'. */
static struct fw_str bytes_of(const struct fw_yaml_node *node, const char *piece)
{
        size_t from = fw_str_find(fw_yaml_text(node), fw_str_c(piece), 0);
        ck_assert_msg(from != SIZE_MAX, "'%s' is not in '%.*s'", piece, FW_STR_ARG(fw_yaml_text(node)));
        struct fw_location location = fw_yaml_text_location(node, from, from + strlen(piece));
        return fw_str_slice(fw_source_content(location.source), location.offset, location.offset + location.length);
}

START_TEST(pieces_of_a_value_are_found_in_every_style)
{
        static const struct {
                const char *yaml, *piece, *bytes;
        } cases[] = {
                { "k: title:foo OR bar\n", "foo", "foo" },
                { "k: one two\n  three\n\n  four\n", "three", "three" },
                { "k: one two\n  three\n\n  four\n", "four", "four" },
                { "k: one two\n  three\n\n  four\n", "two three", "two\n  three" },
                { "k: 'it''s here'\n", "here", "here" },
                { "k: 'it''s here'\n", "t's", "t''s" },
                { "k: 'it''s here'\n", "'", "''" },
                { "k: 'one\n\n   two'\n", "two", "two" },
                { "k: \"caf\\u00e9 \\\n   bar \\x41z\"\n", "caf\u00E9", "caf\\u00e9" },
                { "k: \"caf\\u00e9 \\\n   bar \\x41z\"\n", "bar", "bar" },
                { "k: \"caf\\u00e9 \\\n   bar \\x41z\"\n", "A", "\\x41" },
                { "k: \"caf\\u00e9 \\\n   bar \\x41z\"\n", "z", "z" },
                { "k: \"\\ud83d\\ude80 x\"\n", "\U0001F680", "\\ud83d\\ude80" },
                { "k: \"a\\nb c\"\n", "c", "c" },
                { "k: |\n  first\n    second\n\n  third\n", "second", "second" },
                { "k: |\n  first\n    second\n\n  third\n", "  second", "  second" },
                { "k: |\n  first\n    second\n\n  third\n", "third", "third" },
                { "k: >\n  first\n  second\n\n  third\n    fourth\n", "first second", "first\n  second" },
                { "k: >\n  first\n  second\n\n  third\n    fourth\n", "third", "third" },
                { "k: >\n  first\n  second\n\n  third\n    fourth\n", "fourth", "fourth" },
                { "k: >\r\n  first\r\n  second\r\n", "second", "second" },
                { "k: |2-\n    indented\n  less\n", "less", "less" },
                { "a: [{k: x}]\nk: |+\n\n\n      deep\n", "deep", "deep" },
                { "\xEF\xBB\xBFk: word\n", "word", "word" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                const struct fw_yaml_node *node = fw_yaml_get(parse(cases[i].yaml), "k");
                ck_assert_ptr_nonnull(node);
                assert_text(bytes_of(node, cases[i].piece), cases[i].bytes);
        }
}
END_TEST

/* What a rule's author sees. */
START_TEST(a_message_about_a_query_points_into_the_file)
{
        const struct fw_yaml_node *root = parse("rules:\n"
                                                "  - match: >-\n"
                                                "      \uBD81\uD55C OR\n"
                                                "      titel:'it' AND\n"
                                                "  - match: 'say ''x'' titel:y'\n");
        const struct fw_yaml_node *rules = fw_yaml_get(root, "rules");
        for (size_t i = 0; i < 2; i++) {
                const struct fw_yaml_node *match = fw_yaml_get(fw_yaml_element(rules, i), "match");
                size_t from = fw_str_find(fw_yaml_text(match), FW_STR("titel"), 0);
                fw_diag_add(diag, FW_ERROR, fw_yaml_text_location(match, from, from + 5), "unknown field 'titel'");
        }
        size_t end = fw_yaml_text(fw_yaml_get(fw_yaml_element(rules, 0), "match")).len;
        fw_diag_add(diag, FW_ERROR, fw_yaml_text_location(fw_yaml_get(fw_yaml_element(rules, 0), "match"), end, end),
                    "a term is missing behind AND");
        assert_messages("f.yaml:4:7: error: unknown field 'titel'\n"
                        "    4 |       titel:'it' AND\n"
                        "      |       ^~~~~\n"
                        "f.yaml:5:23: error: unknown field 'titel'\n"
                        "    5 |   - match: 'say ''x'' titel:y'\n"
                        "      |                       ^~~~~\n"
                        "f.yaml:4:21: error: a term is missing behind AND\n"
                        "    4 |       titel:'it' AND\n"
                        "      |                     ^\n");
}
END_TEST

static void assert_end(const char *yaml, const char *before)
{
        const struct fw_yaml_node *node = fw_yaml_get(parse(yaml), "k");
        size_t len = fw_yaml_text(node).len;
        struct fw_location location = fw_yaml_text_location(node, len, len);
        ck_assert_uint_eq(location.length, 0);
        struct fw_str content = fw_str_slice(fw_source_content(location.source), 0, location.offset);
        ck_assert_msg(fw_str_ends(content, fw_str_c(before)), "the end of '%s' is after '%.*s'", yaml,
                      FW_STR_ARG(content));
}

START_TEST(the_end_of_a_value_is_behind_its_last_character)
{
        assert_end("k: a b\nl: c\n", "a b");
        assert_end("k: 'a b'\n", "a b");
        assert_end("k: \"a\\x41\"\n", "\\x41");
        assert_end("k: |\n  a b\n\n\nl: c\n", "a b");
        assert_end("k: >+\n  a\n  b\n\n\nl: c\n", "  b");
        assert_end("k: ''\n", "'");
}
END_TEST

START_TEST(ranges_beyond_the_value_are_cut)
{
        const struct fw_yaml_node *node = fw_yaml_get(parse("k: word\n"), "k");
        struct fw_location location = fw_yaml_text_location(node, 2, 1000);
        ck_assert_uint_eq(location.offset, 5);
        ck_assert_uint_eq(location.length, 2);
        location = fw_yaml_text_location(node, 1000, 2000);
        ck_assert_uint_eq(location.offset, 7);
        ck_assert_uint_eq(location.length, 0);
}
END_TEST

static void assert_node(const struct fw_yaml_node *node, const char *bytes)
{
        struct fw_location location = fw_yaml_location(node);
        assert_text(
                fw_str_slice(fw_source_content(location.source), location.offset, location.offset + location.length),
                bytes);
}

START_TEST(nodes_stand_where_they_are_written)
{
        const struct fw_yaml_node *root = parse(
                "plain: a b\nquoted: 'it''s'\nflow: [x]\nmap: {k: v}\nblock:\n  inner: 1\ntext: |\n\n  one\n  two\n");
        assert_node(root, "plain");
        assert_node(fw_yaml_get(root, "plain"), "a b");
        assert_node(fw_yaml_get(root, "quoted"), "'it''s'");
        assert_node(fw_yaml_get(root, "flow"), "[");
        assert_node(fw_yaml_get(root, "map"), "k");
        assert_node(fw_yaml_get(root, "block"), "inner");
        assert_node(fw_yaml_get(root, "text"), "one");
}
END_TEST

/* A message about a value that is missing still stands in the right line. */
START_TEST(an_empty_value_stands_behind_its_key)
{
        const struct fw_yaml_node *root = parse("a: 1\nempty:\nb: 2\n");
        struct fw_location location = fw_yaml_location(fw_yaml_get(root, "empty"));
        ck_assert_uint_eq(location.offset, strlen("a: 1\nempty"));
        location = fw_yaml_text_location(fw_yaml_get(root, "empty"), 0, 0);
        ck_assert_uint_eq(location.offset, strlen("a: 1\nempty"));
}
END_TEST

UNIT_MAIN_WITH("yaml places", setup, teardown, pieces_of_a_value_are_found_in_every_style,
               a_message_about_a_query_points_into_the_file, the_end_of_a_value_is_behind_its_last_character,
               ranges_beyond_the_value_are_cut, nodes_stand_where_they_are_written,
               an_empty_value_stands_behind_its_key)
