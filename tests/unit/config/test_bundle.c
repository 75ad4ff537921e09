#include <errno.h>

#include "config_fixture.h"

static struct fw_rule_bundle *bundle;
static struct fw_ruleset *ruleset;

static void bundle_teardown(void)
{
        ruleset = fw_ruleset_unref(ruleset);
        bundle = fw_rule_bundle_free(bundle);
        teardown();
}

static void read_bundle(void)
{
        load_well("unless: 'category:sport'\n");
        ck_assert_int_eq(fw_config_read_rules(config, diag, &bundle), 0);
}

static const char *const rules = "rules:\n"
                                 "  - {id: a, match: '@korea AND $companies'}\n"
                                 "define:\n"
                                 "  companies: {file: lists/companies.txt}\n";
static const char *const entities = "entities:\n  - {id: korea, kind: country, names: [Korea]}\n";

static void write_rules(void)
{
        write_file("rules.d/r.yaml", rules);
        write_file("rules.d/lists/companies.txt", "Acme\n# none\nGlobex Corporation\n");
        write_file("entities.d/e.yaml", entities);
}

static bool matches(const char *title)
{
        fw_cleanup(fw_match_context_freep) struct fw_match_context *context = fw_match_context_new(ruleset);
        const struct fw_document_field field = { .field = FW_FIELD_TITLE, .value = fw_str_c(title) };
        const struct fw_document document = { .fields = &field, .fields_len = 1 };
        return fw_match(context, &document)->matches_len > 0;
}

START_TEST(files_and_word_lists_compile)
{
        write_rules();
        read_bundle();
        int r = fw_rule_bundle_compile(bundle, config, diag, &ruleset);
        (void) fw_diag_render_all(diag, false, &out);
        ck_assert_msg(r == 0, "%s", fw_buf_c(&out));
        ck_assert_uint_eq(fw_ruleset_len(ruleset), 1);
        assert_text(fw_ruleset_rule(ruleset, 0)->file, "rules.d/r.yaml");
        ck_assert(matches("Acme opens in Korea"));
        ck_assert(!matches("Nobody opens in Korea"));
}
END_TEST

START_TEST(the_flat_form_compiles_to_the_same_elsewhere)
{
        write_rules();
        read_bundle();
        fw_cleanup(fw_buf_done) struct fw_buf flat = FW_BUF_INIT(FW_BUF_UNBOUNDED),
                                              again = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_rule_bundle_write(bundle, &flat), 0);
        bundle = fw_rule_bundle_free(bundle);
        ck_assert_int_eq(fw_rule_bundle_parse(fw_buf_str(&flat), &bundle), 0);
        ck_assert_int_eq(fw_rule_bundle_write(bundle, &again), 0);
        ck_assert(fw_str_eq(fw_buf_str(&flat), fw_buf_str(&again)));
        ck_assert_int_eq(chdir("/"), 0);
        ck_assert_int_eq(fw_rule_bundle_compile(bundle, NULL, diag, &ruleset), 0);
        ck_assert(matches("Globex Corporation opens in Korea"));
        ck_assert_int_eq(chdir(folder), 0);
}
END_TEST

START_TEST(the_flat_form_is_not_believed)
{
        write_rules();
        read_bundle();
        fw_cleanup(fw_buf_done) struct fw_buf flat = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_rule_bundle_write(bundle, &flat), 0);
        bundle = fw_rule_bundle_free(bundle);
        for (size_t len = 0; len < flat.len; len++) {
                fw_cleanup(fw_freep) char *exact = fw_malloc(len);
                memcpy(exact, flat.p, len);
                assert_in_loop(fw_rule_bundle_parse(fw_str_n(exact, len), &bundle) == -EBADMSG);
        }
        (void) fw_buf_append_byte(&flat, 'x');
        ck_assert_int_eq(fw_rule_bundle_parse(fw_buf_str(&flat), &bundle), -EBADMSG);
        flat.p[16] = (char) 0xff; /* the length of `unless` */
        ck_assert_int_eq(fw_rule_bundle_parse(fw_buf_str(&flat), &bundle), -EBADMSG);
        ck_assert_ptr_null(bundle);
}
END_TEST

START_TEST(a_missing_word_list_is_an_error_in_the_rule_file)
{
        write_file("rules.d/r.yaml", rules);
        write_file("entities.d/e.yaml", entities);
        read_bundle();
        ck_assert_int_eq(fw_rule_bundle_compile(bundle, config, diag, &ruleset), -EINVAL);
        (void) fw_diag_render_all(diag, false, &out);
        ck_assert_ptr_nonnull(strstr(fw_buf_c(&out), "rules.d/r.yaml:4:"));
        ck_assert_ptr_nonnull(strstr(fw_buf_c(&out), "lists/companies.txt"));
}
END_TEST

START_TEST(word_lists_are_known_for_watching)
{
        write_rules();
        read_bundle();
        struct fw_str path;
        ck_assert(fw_rule_bundle_word_list(bundle, 0, &path));
        ck_assert(fw_str_ends(path, FW_STR("/rules.d/lists/companies.txt")));
        ck_assert(fw_str_starts(path, fw_str_c(folder)));
        ck_assert(!fw_rule_bundle_word_list(bundle, 1, &path));
}
END_TEST

START_TEST(a_word_list_that_is_a_pipe_is_an_error)
{
        write_file("rules.d/r.yaml", rules);
        ck_assert_int_eq(mkdir("rules.d/lists", 0755), 0);
        ck_assert_int_eq(mkfifo("rules.d/lists/companies.txt", 0600), 0);
        read_bundle();
        ck_assert_int_lt(fw_rule_bundle_compile(bundle, config, diag, &ruleset), 0);
        (void) fw_diag_render_all(diag, false, &out);
        ck_assert_ptr_nonnull(strstr(fw_buf_c(&out), "'lists/companies.txt': it is a pipe or a device, not a file"));
}
END_TEST

START_TEST(files_of_a_command_line_that_cannot_be_read_are_all_named)
{
        const char *const named[] = { "gone.yaml", "rules.d" };
        const char *const gazetteers[] = { "builtin:rivers" };
        write_rules();
        ck_assert_int_eq(fw_rule_bundle_read_files(named, 2, gazetteers, 1, diag, &bundle), -EINVAL);
        (void) fw_diag_render_all(diag, false, &out);
        assert_buf(&out, "error: cannot read the rule file 'gone.yaml': No such file or directory\n"
                         "error: cannot read the rule file 'rules.d': it is a folder, not a file\n"
                         "error: there is no builtin gazetteer 'builtin:rivers'\n");
}
END_TEST

UNIT_MAIN_WITH("bundle", setup, bundle_teardown, files_and_word_lists_compile,
               the_flat_form_compiles_to_the_same_elsewhere, the_flat_form_is_not_believed,
               a_missing_word_list_is_an_error_in_the_rule_file, word_lists_are_known_for_watching,
               a_word_list_that_is_a_pipe_is_an_error, files_of_a_command_line_that_cannot_be_read_are_all_named)
