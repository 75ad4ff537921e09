#include "base/clock.h"
#include "yaml_fixture.h"

START_TEST(values_of_each_type_are_read)
{
        static const char *const names[] = { "info", "notice", "warning", "critical", NULL };
        const struct fw_yaml_node *root =
                parse("s: text\nb: true\nn: 12\nd: 1h30m\nz: 64KiB\ne: warning\nl: [a, b]\no: one\n");
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_str string, *strings;
        const struct fw_yaml_node **nodes;
        bool yes = false;
        uint64_t number;
        unsigned index;
        size_t len;
        ck_assert_int_eq(fw_yaml_get_string(root, "s", diag, &string), 0);
        assert_text(string, "text");
        ck_assert_int_eq(fw_yaml_get_bool(root, "b", diag, &yes), 0);
        ck_assert(yes);
        ck_assert_int_eq(fw_yaml_get_uint(root, "n", 0, 12, diag, &number), 0);
        ck_assert_uint_eq(number, 12);
        ck_assert_int_eq(fw_yaml_get_duration(root, "d", diag, &number), 0);
        ck_assert_uint_eq(number, 90 * FW_USEC_PER_MINUTE);
        ck_assert_int_eq(fw_yaml_get_size(root, "z", diag, &number), 0);
        ck_assert_uint_eq(number, 65536);
        ck_assert_int_eq(fw_yaml_get_enum(root, "e", names, diag, &index), 0);
        ck_assert_uint_eq(index, 2);
        ck_assert_int_eq(fw_yaml_get_strings(root, "l", diag, arena, &strings, &nodes, &len), 0);
        ck_assert_uint_eq(len, 2);
        assert_text(strings[1], "b");
        ck_assert_ptr_eq(nodes[1], fw_yaml_element(fw_yaml_get(root, "l"), 1));
        ck_assert_int_eq(fw_yaml_get_strings(root, "o", diag, arena, &strings, NULL, &len), 0);
        ck_assert_uint_eq(len, 1);
        assert_text(strings[0], "one");
        ck_assert_uint_eq(fw_diag_len(diag), 0);
}
END_TEST

START_TEST(what_is_absent_or_null_changes_nothing)
{
        const struct fw_yaml_node *root = parse("null: ~\nempty:\n");
        uint64_t number = 7;
        struct fw_str string = FW_STR("before");
        ck_assert_int_eq(fw_yaml_get_uint(root, "missing", 0, 1, diag, &number), -ENOENT);
        ck_assert_int_eq(fw_yaml_get_duration(root, "null", diag, &number), -ENOENT);
        ck_assert_int_eq(fw_yaml_get_string(root, "empty", diag, &string), -ENOENT);
        ck_assert_uint_eq(number, 7);
        assert_text(string, "before");
        ck_assert_uint_eq(fw_diag_len(diag), 0);
}
END_TEST

START_TEST(a_wrong_value_is_told_what_was_expected)
{
        static const char *const names[] = { "info", "notice", "warning", NULL };
        const struct fw_yaml_node *root = parse("s: [x]\nb: yes\nn: 50\nm: -1\nd: 15\ny: 5300w\nz: many\ne: warnin\nf: "
                                                "{a: b}\nl: {x: y}\nk: [a, [b], ~]\n");
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_str string, *strings;
        bool yes;
        uint64_t number;
        unsigned index;
        size_t len;
        ck_assert_int_eq(fw_yaml_get_string(root, "s", diag, &string), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_bool(root, "b", diag, &yes), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_uint(root, "n", 1, 10, diag, &number), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_uint(root, "m", 0, UINT64_MAX, diag, &number), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_duration(root, "d", diag, &number), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_duration(root, "y", diag, &number), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_size(root, "z", diag, &number), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_enum(root, "e", names, diag, &index), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_enum(root, "f", names, diag, &index), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_strings(root, "l", diag, arena, &strings, NULL, &len), -EINVAL);
        ck_assert_int_eq(fw_yaml_get_strings(root, "k", diag, arena, &strings, NULL, &len), -EINVAL);
        static const char *const expected[] = {
                "'s' must be a string, but is a list",
                "'b' must be true or false, but is 'yes'",
                "'n' must be a whole number from 1 to 10, but is '50'",
                "'m' must be a whole number, at least 0, but is '-1'",
                "'d' must be a duration such as 90s, 15m, 6h or 7d, but is '15'",
                "'y' must be a duration of at most 100 years, but is '5300w'",
                "'z' must be a size such as 512B, 64KiB or 16MiB, but is 'many'",
                "'e' must be one of info, notice, warning, but is 'warnin'; did you mean 'warning'?",
                "'f' must be one of info, notice, warning, but is a mapping",
                "'l' must be a string or a list of strings, but is a mapping",
                "each element of 'k' must be a string, but is a list",
                "each element of 'k' must be a string, but is empty",
        };
        ck_assert_uint_eq(fw_diag_len(diag), FW_ARRAY_LEN(expected));
        for (size_t i = 0; i < FW_ARRAY_LEN(expected); i++)
                ck_assert_str_eq(fw_diag_entry(diag, i)->message, expected[i]);
        ck_assert_uint_eq(fw_diag_entry(diag, 7)->line, 8);
        ck_assert_uint_eq(fw_diag_entry(diag, 7)->column, 4);
}
END_TEST

START_TEST(unknown_keys_are_told_the_nearest)
{
        static const char *const known[] = { "id", "match", "severity", NULL };
        ck_assert(fw_yaml_check_keys(parse("id: a\nmatch: b\n"), "a rule", known, diag));
        ck_assert(!fw_yaml_check_keys(parse("id: a\nseverty: x\ncolour: y\n"), "a rule", known, diag));
        assert_messages("f.yaml:2:1: error: unknown key 'severty' in a rule; did you mean 'severity'?\n"
                        "    2 | severty: x\n"
                        "      | ^~~~~~~\n"
                        "f.yaml:3:1: error: unknown key 'colour' in a rule; it may hold: id, match, severity\n"
                        "    3 | colour: y\n"
                        "      | ^~~~~~\n");
}
END_TEST

START_TEST(a_wrong_kind_is_named)
{
        const struct fw_yaml_node *root = parse("rules: [a]\ntext:\n");
        ck_assert(fw_yaml_expect(root, FW_YAML_MAPPING, "the file", diag));
        ck_assert(!fw_yaml_expect(fw_yaml_get(root, "rules"), FW_YAML_MAPPING, "'rules'", diag));
        ck_assert(!fw_yaml_expect(fw_yaml_get(root, "text"), FW_YAML_SCALAR, "'text'", diag));
        ck_assert_str_eq(fw_diag_entry(diag, 0)->message, "'rules' must be a mapping, but is a list");
        ck_assert_str_eq(fw_diag_entry(diag, 1)->message, "'text' must be a string, but is empty");
}
END_TEST

START_TEST(a_long_wrong_value_is_cut)
{
        fw_cleanup(fw_buf_done) struct fw_buf yaml = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&yaml, "b: ");
        for (int i = 0; i < 100; i++)
                (void) fw_buf_append_c(&yaml, "0123456789");
        bool yes;
        ck_assert_int_eq(fw_yaml_get_bool(parse(fw_buf_c(&yaml)), "b", diag, &yes), -EINVAL);
        ck_assert_str_eq(
                fw_diag_entry(diag, 0)->message,
                "'b' must be true or false, but is '012345678901234567890123456789012345678901234567890123456789…'");
}
END_TEST

UNIT_MAIN_WITH("yaml values", setup, teardown, values_of_each_type_are_read, what_is_absent_or_null_changes_nothing,
               a_wrong_value_is_told_what_was_expected, unknown_keys_are_told_the_nearest, a_wrong_kind_is_named,
               a_long_wrong_value_is_cut)
