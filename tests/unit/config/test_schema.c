/*
 * The schema, the starter files, and the settings table say the same.
 */
#include "base/clock.h"
#include "base/json.h"
#include "config/settings.h"
#include "config_fixture.h"

static const char *starter(const char *path)
{
        for (const struct fw_starter_file *file = fw_config_starter_files(); file->path; file++)
                if (strcmp(file->path, path) == 0)
                        return file->content;
        ck_abort_msg("no starter file '%s'", path);
}

/* FEEDWATCH_UPDATE=1 writes the file instead: the way to bring it up to date after a change of the table. */
START_TEST(the_schema_in_the_tree_is_that_of_the_table)
{
        fw_cleanup(fw_json_decrefp) json_t *schema = fw_settings_schema_new();
        if (getenv("FEEDWATCH_UPDATE")) {
                ck_assert_int_eq(json_dump_file(schema, FW_SCHEMA_FILE, JSON_INDENT(2)), 0);
                return;
        }
        fw_cleanup(fw_json_decrefp) json_t *file = json_load_file(FW_SCHEMA_FILE, 0, NULL);
        ck_assert_ptr_nonnull(file);
        ck_assert_msg(json_equal(schema, file),
                      "config/schema/feedwatch.schema.json is out of date: run this test with FEEDWATCH_UPDATE=1");
}
END_TEST

START_TEST(the_schema_has_every_setting_that_is_not_refused)
{
        fw_cleanup(fw_json_decrefp) json_t *schema = fw_settings_schema_new();
        const json_t *top = json_object_get(schema, "properties");
        for (const struct fw_setting *setting = fw_settings; setting->name; setting++) {
                const char *section = fw_setting_section(setting->place);
                if (setting->place != FW_IN_TOP && !section)
                        continue;
                const json_t *properties = section ? json_object_get(json_object_get(top, section), "properties") : top;
                bool is_there = json_object_get(properties, setting->name) != NULL;
                ck_assert_msg(is_there == (setting->type != FW_SETTING_REFUSED), "%s", setting->name);
        }
}
END_TEST

static void write_starter(const char *config_content)
{
        for (const struct fw_starter_file *file = fw_config_starter_files(); file->path; file++)
                write_file(file->path, file->content);
        write_file("data/entities/countries.yaml",
                   "entities: [{id: north-korea, kind: country, names: [North Korea]}]\n");
        write_file("data/entities/organizations.yaml", "entities: []\n");
        ck_assert_int_eq(setenv("FEEDWATCH_DATA_DIR", "data", 1), 0);
        load_well(config_content);
}

START_TEST(the_starter_configuration_loads_and_its_rules_compile)
{
        write_starter(starter("feedwatch.yaml"));
        ck_assert_uint_eq(fw_diag_len(diag), 0);
        ck_assert_uint_eq(config->feeds_len, 2);
        fw_cleanup(fw_rule_bundle_freep) struct fw_rule_bundle *bundle = NULL;
        fw_cleanup(fw_ruleset_unrefp) struct fw_ruleset *ruleset = NULL;
        ck_assert_int_eq(fw_config_read_rules(config, diag, &bundle), 0);
        int r = fw_rule_bundle_compile(bundle, config, diag, &ruleset);
        fw_buf_reset(&out);
        (void) fw_diag_render_all(diag, false, &out);
        ck_assert_msg(r == 0 && fw_diag_len(diag) == 0, "%s", fw_buf_c(&out));
        ck_assert_uint_eq(fw_ruleset_len(ruleset), 2);
}
END_TEST

/* Takes the '#' off every line "  #name: value" (not off prose, which begins with "# "). */
static void uncomment(const char *text, struct fw_buf *ret)
{
        struct fw_str rest = fw_str_c(text), line;
        while (fw_str_split(&rest, '\n', &line)) {
                size_t at = 0;
                while (at < line.len && line.p[at] == ' ')
                        at++;
                bool is_setting = at + 1 < line.len && line.p[at] == '#' && fw_is_alpha(line.p[at + 1]);
                (void) fw_buf_append(ret, fw_str_slice(line, 0, at));
                (void) fw_buf_append(ret, fw_str_slice(line, at + (is_setting ? 1 : 0), line.len));
                (void) fw_buf_append_byte(ret, '\n');
        }
}

START_TEST(the_starter_shows_the_defaults)
{
        fw_cleanup(fw_buf_done) struct fw_buf all = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        uncomment(starter("feedwatch.yaml"), &all);
        write_starter(fw_buf_c(&all));
        ck_assert_uint_eq(config->backfill_usec, FW_USEC_PER_DAY);
        assert_text(config->unless, "category:horoscope");

        fw_cleanup(fw_yaml_freep) struct fw_yaml *document = NULL;
        ck_assert_int_eq(fw_yaml_parse(FW_STR("all"), fw_buf_str(&all), diag, &document), 0);
        for (const struct fw_setting *setting = fw_settings; setting->name; setting++) {
                const char *section = fw_setting_section(setting->place);
                const struct fw_yaml_node *node = fw_yaml_root(document);
                bool is_shown = section ? true : setting->place == FW_IN_TOP;
                if (!is_shown || setting->type == FW_SETTING_REFUSED || setting->type == FW_SETTING_OFF)
                        continue;
                node = section ? fw_yaml_get(node, section) : node;
                const struct fw_yaml_node *value = fw_yaml_get(node, setting->name);
                ck_assert_msg(value != NULL, "the starter file does not show '%s'", setting->name);
                bool has_plain_default = setting->standard && setting->type != FW_SETTING_LIST &&
                                         strcmp(setting->name, "user_agent") != 0;
                if (has_plain_default)
                        assert_text(fw_yaml_text(value), setting->standard);
        }
}
END_TEST

UNIT_MAIN_WITH("schema", setup, teardown, the_schema_in_the_tree_is_that_of_the_table,
               the_schema_has_every_setting_that_is_not_refused, the_starter_configuration_loads_and_its_rules_compile,
               the_starter_shows_the_defaults)
