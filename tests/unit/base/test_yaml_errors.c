#include "yaml_fixture.h"

START_TEST(a_key_given_twice_is_shown_with_the_first)
{
        assert_refused("id: a\nname: x\nid: b\n", "f.yaml:3:1: error: 'id' is given twice\n"
                                                  "    3 | id: b\n"
                                                  "      | ^~\n"
                                                  "f.yaml:1:1: note: here for the first time\n"
                                                  "    1 | id: a\n"
                                                  "      | ^~\n");
}
END_TEST

START_TEST(all_keys_given_twice_are_told_at_once)
{
        struct fw_yaml *none = NULL;
        ck_assert_int_eq(
                fw_yaml_parse(FW_STR("f"), FW_STR("a: {b: 1, b: 2}\nc: [{d: 1, 'd': 2}]\na: 3\n"), diag, &none),
                -EINVAL);
        ck_assert_uint_eq(fw_diag_count(diag, FW_ERROR), 3);
}
END_TEST

START_TEST(a_second_document_is_refused_at_its_start)
{
        assert_refused("a: 1\n---\nb: 2\n",
                       "f.yaml:2:1: error: a second document begins here; put it into a file of its own\n"
                       "    2 | ---\n"
                       "      | ^~~\n");
}
END_TEST

START_TEST(tabs_that_indent_are_named)
{
        const char *const yaml[] = { "a:\n\tb: 1\n", "a: 2\n\tb: 3\n", "a:\n  - x\n\t- y\n", "a:\n \tb: 1\n" };
        const unsigned lines[] = { 2, 2, 3, 2 };
        for (size_t i = 0; i < FW_ARRAY_LEN(yaml); i++) {
                struct fw_yaml *none = NULL;
                size_t before = fw_diag_len(diag);
                ck_assert_int_eq(fw_yaml_parse(FW_STR("f"), fw_str_c(yaml[i]), diag, &none), -EINVAL);
                const struct fw_diag_entry *entry = fw_diag_entry(diag, before);
                ck_assert_str_eq(entry->message, "a tab cannot indent in YAML; use spaces");
                ck_assert_uint_eq(entry->line, lines[i]);
        }
}
END_TEST

START_TEST(bytes_that_are_no_text_are_named)
{
        assert_refused("a: caf\xE9\n", "f.yaml:1:7: error: byte 0xE9 is no UTF-8; save the file as UTF-8\n"
                                       "    1 | a: caf\uFFFD\n"
                                       "      |       ^\n");
        assert_refused("a: \x01\n", "f.yaml:1:4: error: control character U+0001; remove it, or write it as \"\\x01\"\n"
                                    "    1 | a: \uFFFD\n"
                                    "      |    ^\n");
        struct fw_yaml *none = NULL;
        ck_assert_int_eq(fw_yaml_parse(FW_STR("f"), FW_STR("a: \0b"), diag, &none), -EINVAL);
        ck_assert_int_eq(fw_yaml_parse(FW_STR("f"),
                                       FW_STR("\xFF\xFE"
                                              "a\0:\0"),
                                       diag, &none),
                         -EINVAL);
}
END_TEST

/* The start of each query operator and what people write unquoted. */
START_TEST(values_that_need_quotes_say_so)
{
        static const struct {
                const char *yaml, *message;
                unsigned column;
        } cases[] = {
                { "m: @north-korea\n", "a value cannot begin with this character; put quotes around the whole value",
                  4 },
                { "m: %x\n", "a value cannot begin with this character; put quotes around the whole value", 4 },
                { "m: \"a b\" OR c\n",
                  "text goes on after the closing quote; put the whole value into quotes, and write a quote inside '…' "
                  "twice",
                  10 },
                { "m: 'it's'\n",
                  "text goes on after the closing quote; put the whole value into quotes, and write a quote inside '…' "
                  "twice",
                  8 },
                { "m: title: x\n", "a second ': ' in one line; put quotes around the value", 9 },
                { "m: *missile\n",
                  "no '&missile' stands before this '*missile'; if it is meant as text, put quotes around it", 5 },
                { "m: !x y\n", "tags have no meaning here; if '!x' is part of a text, put quotes around it", 4 },
                { "m: | a\n", "nothing may stand behind '|' or '>'; put quotes around a text that begins with it", 6 },
                { "m: & b\n", "a value cannot begin with '&'; put quotes around the whole value", 5 },
                { "m: \"a\\q\"\n", "invalid escape 'q' in double-quoted string", 6 },
                { "m: \"a\n", "the closing '\"' is missing", 5 },
                { "? [a]\n: b\n", "a key must be a string, but this is a list", 3 },
                { "m: {<<: x}\n", "'<<' takes a mapping or a list of mappings", 9 },
                { "m: &a [*a]\n", "'*a' stands inside what it refers to", 9 },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                struct fw_yaml *none = NULL;
                size_t before = fw_diag_len(diag);
                ck_assert_int_eq(fw_yaml_parse(FW_STR("f"), fw_str_c(cases[i].yaml), diag, &none), -EINVAL);
                const struct fw_diag_entry *entry = fw_diag_entry(diag, before);
                ck_assert_str_eq(entry->message, cases[i].message);
                ck_assert_uint_eq(entry->line, 1);
                ck_assert_msg(entry->column == cases[i].column, "%s: column %u", cases[i].yaml, entry->column);
        }
}
END_TEST

START_TEST(a_bracket_that_is_never_closed_is_shown_where_it_opens)
{
        assert_refused("a: [1,\n  2\n", "f.yaml:3:1: error: a '[' was opened and not closed with ']'\n"
                                        "    3 | \n"
                                        "      | ^\n"
                                        "f.yaml:1:4: note: opened here\n"
                                        "    1 | a: [1,\n"
                                        "      |    ^\n");
}
END_TEST

START_TEST(columns_count_characters)
{
        assert_refused("\uBD81: \"x\" y\n",
                       "f.yaml:1:8: error: text goes on after the closing quote; put the whole value into "
                       "quotes, and write a quote inside '…' twice\n"
                       "    1 | \uBD81: \"x\" y\n"
                       "      |         ^\n");
}
END_TEST

START_TEST(wrong_aliases_are_told_each)
{
        struct fw_yaml *none = NULL;
        ck_assert_int_eq(fw_yaml_parse(FW_STR("f"), FW_STR("[*a, *b, *a]"), diag, &none), -EINVAL);
        ck_assert_uint_eq(fw_diag_count(diag, FW_ERROR), 3);
}
END_TEST

UNIT_MAIN_WITH("yaml errors", setup, teardown, a_key_given_twice_is_shown_with_the_first,
               all_keys_given_twice_are_told_at_once, a_second_document_is_refused_at_its_start,
               tabs_that_indent_are_named, bytes_that_are_no_text_are_named, values_that_need_quotes_say_so,
               a_bracket_that_is_never_closed_is_shown_where_it_opens, columns_count_characters,
               wrong_aliases_are_told_each)
