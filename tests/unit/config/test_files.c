#include "config_fixture.h"

static bool is_watched(const struct fw_str *list, size_t len, const char *path)
{
        fw_cleanup(fw_freep) char *absolute = fw_path_join(folder, path);
        for (size_t i = 0; i < len; i++)
                if (fw_str_eq(list[i], fw_str_c(*path ? absolute : folder)))
                        return true;
        return false;
}

START_TEST(patterns_find_files_in_order_and_none_twice)
{
        write_file("r/b.yaml", "");
        write_file("r/a.yaml", "");
        write_file("r/.hidden.yaml", "");
        write_file("r/sub.yaml/x", "");
        load_well("rules: [r/b.yaml, r/*.yaml]\n");
        ck_assert_uint_eq(config->rule_paths_len, 2);
        ck_assert(fw_str_ends(config->rule_paths[0], FW_STR("/r/b.yaml")));
        ck_assert(fw_str_ends(config->rule_paths[1], FW_STR("/r/a.yaml")));
        ck_assert(fw_str_starts(config->rule_paths[0], fw_str_c(folder)));
}
END_TEST

START_TEST(files_read_and_folders_of_patterns_are_watched)
{
        write_file("r/a.yaml", "");
        write_file("one.yaml", "");
        write_file("feeds.d/l.yaml", "");
        load_well("rules: [r/*.yaml, one.yaml]\n");
        ck_assert(is_watched(config->watched_files, config->watched_files_len, "feedwatch.yaml"));
        ck_assert(is_watched(config->watched_files, config->watched_files_len, "r/a.yaml"));
        ck_assert(is_watched(config->watched_files, config->watched_files_len, "one.yaml"));
        ck_assert(is_watched(config->watched_files, config->watched_files_len, "feeds.d/l.yaml"));
        ck_assert(is_watched(config->watched_dirs, config->watched_dirs_len, "r"));
        ck_assert(is_watched(config->watched_dirs, config->watched_dirs_len, "feeds.d"));
        ck_assert(!is_watched(config->watched_dirs, config->watched_dirs_len, ""));
}
END_TEST

START_TEST(a_named_file_must_be_there)
{
        refused("rules: [gone.yaml]\n",
                "feedwatch.yaml:1:9: error: cannot read 'gone.yaml': No such file or directory\n"
                "    1 | rules: [gone.yaml]\n"
                "      |         ^~~~~~~~~\n");
}
END_TEST

START_TEST(a_folder_is_told_how_to_be_a_pattern)
{
        write_file("r/a.yaml", "");
        refused("rules: r\n", "feedwatch.yaml:1:8: error: 'r' is a folder; write 'r/*.yaml' for the files in it\n"
                              "    1 | rules: r\n"
                              "      |        ^\n");
}
END_TEST

START_TEST(a_pattern_may_find_nothing_but_its_folder_must_be_there)
{
        write_file("r/other.txt", "");
        load_well("rules: [r/*.yaml]\n");
        ck_assert_uint_eq(fw_diag_len(diag), 0);
        load_well("rules: [q/*.yaml]\n");
        assert_buf(&out, "feedwatch.yaml:1:9: warning: 'rules': there is no folder 'q', so nothing is read from it\n"
                         "    1 | rules: [q/*.yaml]\n"
                         "      |         ^~~~~~~~\n");
}
END_TEST

START_TEST(builtin_gazetteers_are_known_by_name)
{
        write_file("data/entities/countries.yaml", "");
        ck_assert_int_eq(setenv("FEEDWATCH_DATA_DIR", "data", 1), 0);
        load_well("entities: ['builtin:countries']\n");
        ck_assert_uint_eq(config->entity_paths_len, 1);
        assert_text(config->entity_paths[0], "data/entities/countries.yaml");
        refused("entities: ['builtin:rivers', 'builtin:../x']\n",
                "feedwatch.yaml:1:12: error: there is no builtin gazetteer 'rivers'\n"
                "    1 | entities: ['builtin:rivers', 'builtin:../x']\n"
                "      |            ^~~~~~~~~~~~~~~~\n"
                "feedwatch.yaml:1:30: error: there is no builtin gazetteer '../x'\n"
                "    1 | entities: ['builtin:rivers', 'builtin:../x']\n"
                "      |                              ^~~~~~~~~~~~~~\n");
}
END_TEST

START_TEST(channels_of_later_versions_are_refused)
{
        refused("channels:\n"
                "  hook: {type: webhook, url: 'https://example.org/'}\n"
                "  log: {type: log, target: jornal}\n"
                "  x: {typ: log}\n",
                "feedwatch.yaml:2:16: error: this version has no channels of type 'webhook': nothing would be sent; it "
                "has log and desktop\n"
                "    2 |   hook: {type: webhook, url: 'https://example.org/'}\n"
                "      |                ^~~~~~~\n"
                "feedwatch.yaml:3:28: error: 'target: jornal': did you mean 'journal'? A file is written './jornal'\n"
                "    3 |   log: {type: log, target: jornal}\n"
                "      |                            ^~~~~~\n"
                "feedwatch.yaml:4:3: error: channel 'x' needs a 'type': log or desktop\n"
                "    4 |   x: {typ: log}\n"
                "      |   ^\n");
}
END_TEST

START_TEST(defaults_name_channels_that_exist)
{
        refused("channels: {desk: {type: desktop}}\ndefaults: {notify: [desc, hook]}\n",
                "feedwatch.yaml:2:21: error: there is no channel 'desc'; did you mean 'desk'?\n"
                "    2 | defaults: {notify: [desc, hook]}\n"
                "      |                     ^~~~\n"
                "feedwatch.yaml:2:27: error: there is no channel 'hook' under 'channels'\n"
                "    2 | defaults: {notify: [desc, hook]}\n"
                "      |                           ^~~~\n");
}
END_TEST

START_TEST(without_defaults_every_channel_is_told)
{
        load_well("channels: {a: {type: log}, b: {type: desktop}}\n");
        ck_assert_uint_eq(config->default_notify_len, 2);
        assert_text(config->default_notify[0], "a");
        ck_assert_ptr_nonnull(fw_config_find_channel(config, FW_STR("b")));
        ck_assert_ptr_null(fw_config_find_channel(config, FW_STR("c")));
}
END_TEST

START_TEST(only_files_are_read)
{
        ck_assert_int_eq(mkdir("rules.d", 0755), 0);
        ck_assert_int_eq(mkfifo("rules.d/pipe.yaml", 0600), 0);
        ck_assert_int_eq(symlink("/dev/zero", "zero.yaml"), 0);
        refused("rules: [rules.d/*.yaml]\nfeeds: [zero.yaml]\n",
                "feedwatch.yaml:2:9: error: 'zero.yaml' is a device, not a file\n"
                "    2 | feeds: [zero.yaml]\n"
                "      |         ^~~~~~~~~\n"
                "feedwatch.yaml:1:9: error: 'rules.d/pipe.yaml' is a pipe, not a file\n"
                "    1 | rules: [rules.d/*.yaml]\n"
                "      |         ^~~~~~~~~~~~~~\n");
}
END_TEST

START_TEST(a_configuration_that_is_a_pipe_is_refused)
{
        ck_assert_int_eq(mkfifo("feedwatch.yaml", 0600), 0);
        ck_assert_int_eq(fw_config_load(&paths, diag, &config), -EINVAL);
        (void) fw_diag_render_all(diag, false, &out);
        assert_buf(&out, "error: cannot read the configuration 'feedwatch.yaml': it is a pipe, not a file\n");
}
END_TEST

UNIT_MAIN_WITH("files", setup, teardown, patterns_find_files_in_order_and_none_twice,
               files_read_and_folders_of_patterns_are_watched, a_named_file_must_be_there,
               a_folder_is_told_how_to_be_a_pattern, a_pattern_may_find_nothing_but_its_folder_must_be_there,
               builtin_gazetteers_are_known_by_name, only_files_are_read, a_configuration_that_is_a_pipe_is_refused,
               channels_of_later_versions_are_refused, defaults_name_channels_that_exist,
               without_defaults_every_channel_is_told)
