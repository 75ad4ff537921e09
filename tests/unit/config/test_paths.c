#include <errno.h>

#include "config_fixture.h"

static const char *const variables[] = { "CONFIGURATION_DIRECTORY", "STATE_DIRECTORY",  "RUNTIME_DIRECTORY",
                                         "CREDENTIALS_DIRECTORY",   "XDG_CONFIG_HOME",  "XDG_STATE_HOME",
                                         "XDG_RUNTIME_DIR",         "FEEDWATCH_CONFIG", "HOME" };

static void paths_setup(void)
{
        setup();
        fw_paths_done(&paths);
        for (size_t i = 0; i < FW_ARRAY_LEN(variables); i++)
                ck_assert_int_eq(unsetenv(variables[i]), 0);
}

static void set(const char *name, const char *value)
{
        ck_assert_int_eq(setenv(name, value, 1), 0);
}

START_TEST(a_service_uses_the_folders_of_systemd)
{
        set("CONFIGURATION_DIRECTORY", "/etc/fw:/etc/other");
        set("STATE_DIRECTORY", "/var/lib/fw");
        set("RUNTIME_DIRECTORY", "/run/fw");
        set("CREDENTIALS_DIRECTORY", "/run/credentials/fw");
        ck_assert_int_eq(fw_paths_init(&paths, NULL), 0);
        ck_assert_str_eq(paths.config_file, "/etc/fw/feedwatch.yaml");
        ck_assert_str_eq(paths.config_dir, "/etc/fw");
        ck_assert_str_eq(paths.state_dir, "/var/lib/fw");
        ck_assert_str_eq(paths.runtime_dir, "/run/fw");
        ck_assert_str_eq(paths.credentials_dir, "/run/credentials/fw");
}
END_TEST

START_TEST(root_uses_the_folders_of_the_system)
{
        if (geteuid() != 0)
                return;
        set("HOME", "/root");
        ck_assert_int_eq(fw_paths_init(&paths, NULL), 0);
        ck_assert_str_eq(paths.config_file, "/etc/feedwatch/feedwatch.yaml");
        ck_assert_str_eq(paths.state_dir, "/var/lib/feedwatch");
        ck_assert_str_eq(paths.runtime_dir, "/run/feedwatch");
}
END_TEST

START_TEST(root_may_choose_other_folders)
{
        if (geteuid() != 0)
                return;
        set("XDG_CONFIG_HOME", "/c");
        set("XDG_STATE_HOME", "/s");
        set("XDG_RUNTIME_DIR", "/r");
        ck_assert_int_eq(fw_paths_init(&paths, NULL), 0);
        ck_assert_str_eq(paths.config_file, "/c/feedwatch/feedwatch.yaml");
        ck_assert_str_eq(paths.state_dir, "/s/feedwatch");
        ck_assert_str_eq(paths.runtime_dir, "/r/feedwatch");
        fw_paths_done(&paths);
        set("XDG_CONFIG_HOME", "relative is ignored");
        set("XDG_STATE_HOME", "");
        set("XDG_RUNTIME_DIR", "/run/user/0");
        ck_assert_int_eq(fw_paths_init(&paths, NULL), 0);
        ck_assert_str_eq(paths.config_file, "/etc/feedwatch/feedwatch.yaml");
        ck_assert_str_eq(paths.state_dir, "/var/lib/feedwatch");
        ck_assert_str_eq(paths.runtime_dir, "/run/feedwatch");
}
END_TEST

START_TEST(a_user_has_xdg_folders_or_their_defaults)
{
        if (geteuid() == 0)
                ck_assert_int_eq(seteuid(65534), 0);
        ck_assert_int_eq(fw_paths_init(&paths, NULL), -ENOENT);
        set("HOME", "/home/u");
        ck_assert_int_eq(fw_paths_init(&paths, NULL), 0);
        ck_assert_str_eq(paths.config_file, "/home/u/.config/feedwatch/feedwatch.yaml");
        ck_assert_str_eq(paths.state_dir, "/home/u/.local/state/feedwatch");
        ck_assert_str_eq(paths.runtime_dir, "/home/u/.local/state/feedwatch");
        fw_paths_done(&paths);
        set("XDG_CONFIG_HOME", "/c");
        set("XDG_STATE_HOME", "relative is ignored");
        set("XDG_RUNTIME_DIR", "/run/user/1");
        ck_assert_int_eq(fw_paths_init(&paths, NULL), 0);
        ck_assert_str_eq(paths.config_file, "/c/feedwatch/feedwatch.yaml");
        ck_assert_str_eq(paths.state_dir, "/home/u/.local/state/feedwatch");
        ck_assert_str_eq(paths.runtime_dir, "/run/user/1/feedwatch");
        if (getuid() == 0)
                ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(an_option_wins_over_the_environment_and_that_over_folders)
{
        set("HOME", "/home/u");
        set("FEEDWATCH_CONFIG", "/e/x.yaml");
        ck_assert_int_eq(fw_paths_init(&paths, NULL), 0);
        ck_assert_str_eq(paths.config_file, "/e/x.yaml");
        ck_assert_str_eq(paths.config_dir, "/e");
        fw_paths_done(&paths);
        ck_assert_int_eq(fw_paths_init(&paths, "o/y.yaml"), 0);
        ck_assert_str_eq(paths.config_file, "o/y.yaml");
        ck_assert_str_eq(paths.config_dir, "o");
}
END_TEST

/* ---- credentials ---- */

static void write_secret(const char *path, const char *content, mode_t mode)
{
        write_file(path, content);
        ck_assert_int_eq(chmod(path, mode), 0);
}

static void find_paths(void)
{
        set("HOME", "/home/u");
        fw_paths_done(&paths);
        ck_assert_int_eq(fw_paths_init(&paths, "feedwatch.yaml"), 0);
        fw_buf_reset(&out);
}

static int read_secret(const char *name)
{
        find_paths();
        return fw_credential_read(&paths, fw_str_c(name), diag, &out);
}

static void said(const char *message)
{
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_render_all(diag, false, &words);
        assert_text(fw_buf_str(&words), message);
}

START_TEST(a_credential_stands_beside_the_configuration)
{
        write_secret("credentials.d/key", "s3cret\n", 0600);
        ck_assert_int_eq(read_secret("key"), 0);
        assert_text(fw_buf_str(&out), "s3cret");
}
END_TEST

START_TEST(a_credential_that_others_can_read_is_refused)
{
        write_secret("credentials.d/key", "s3cret\n", 0640);
        ck_assert_int_eq(read_secret("key"), -EPERM);
        ck_assert_uint_eq(out.len, 0);
        said("error: the credential './credentials.d/key' can be read by others: 'chmod 600 ./credentials.d/key'\n");
}
END_TEST

START_TEST(a_credential_of_systemd_wins)
{
        write_secret("run/key", "of systemd", 0440);
        write_secret("credentials.d/key", "of the file", 0600);
        set("CREDENTIALS_DIRECTORY", "run");
        ck_assert_int_eq(read_secret("key"), 0);
        assert_text(fw_buf_str(&out), "of systemd");
}
END_TEST

START_TEST(a_missing_credential_and_a_name_that_leads_away)
{
        write_secret("secret", "x", 0600);
        ck_assert_int_eq(read_secret("gone"), -ENOENT);
        ck_assert_int_eq(read_secret("../secret"), -EINVAL);
        said("error: there is no credential 'gone': neither from systemd (LoadCredential=) nor in "
             "'./credentials.d/gone': No such file or directory\n"
             "error: '../secret' cannot be a credential's name\n");
}
END_TEST

static void authorizes(const char *secret, const char *header)
{
        write_secret("credentials.d/key", secret, 0600);
        find_paths();
        ck_assert_int_eq(fw_credential_authorization(&paths, FW_STR("key"), diag, &out), 0);
        assert_buf(&out, header);
}

START_TEST(a_secret_becomes_an_authorization)
{
        authorizes("Aladdin:open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="); /* RFC 7617, section 2 */
        authorizes("a:b", "Basic YTpi");
        authorizes("a:bc", "Basic YTpiYw==");
        authorizes("t0ken\n", "Bearer t0ken");
        authorizes("Token abc", "Token abc");
}
END_TEST

START_TEST(a_secret_of_two_lines_is_refused)
{
        write_secret("credentials.d/key", "a\nX: b", 0600);
        ck_assert_int_eq(read_secret("key"), 0);
        ck_assert_int_eq(fw_credential_authorization(&paths, FW_STR("key"), diag, &out), -EINVAL);
        said("error: the credential 'key' has more than one line\n");
}
END_TEST

UNIT_MAIN_WITH("paths", paths_setup, teardown, a_service_uses_the_folders_of_systemd,
               root_uses_the_folders_of_the_system, root_may_choose_other_folders,
               a_user_has_xdg_folders_or_their_defaults, an_option_wins_over_the_environment_and_that_over_folders,
               a_credential_stands_beside_the_configuration, a_credential_that_others_can_read_is_refused,
               a_credential_of_systemd_wins, a_missing_credential_and_a_name_that_leads_away,
               a_secret_becomes_an_authorization, a_secret_of_two_lines_is_refused)
