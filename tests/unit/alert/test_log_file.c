#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "alert/channel.h"
#include "base/file.h"
#include "fixture.h"

static struct fw_log_file *file;

static void before(void)
{
        make_folder();
        snprintf(path, sizeof(path), "%s/alerts.jsonl", folder);
        file = fw_log_file_new(fw_str_c(path));
}

static int append(const char *id)
{
        fw_cleanup(fw_json_decrefp) json_t *alert = json_pack("{s:s}", "id", id);
        int r = fw_log_file_start(file);
        if (r == 0)
                r = fw_log_file_append(file, alert);
        return r == 0 ? fw_log_file_flush(file) : r;
}

static void check_content(const char *name, const char *expected)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(1 << 20);
        ck_assert_int_eq(fw_file_read(name, &content), 0);
        ck_assert_str_eq(fw_buf_c(&content), expected);
}

static void write_file(const char *content)
{
        ck_assert_int_eq(fw_file_create(path, fw_str_c(content), 0600), 0);
}

START_TEST(each_alert_is_a_line)
{
        ck_assert_int_eq(append("A"), 0);
        ck_assert_int_eq(append("B"), 0);
        check_content(path, "{\"id\":\"A\"}\n{\"id\":\"B\"}\n");
        struct stat status;
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_int_eq(status.st_mode & 0737, 0600);
}
END_TEST

START_TEST(a_file_that_was_moved_away_is_followed_by_a_new_one)
{
        char moved[160];
        snprintf(moved, sizeof(moved), "%s.1", path);
        ck_assert_int_eq(append("A"), 0);
        ck_assert_int_eq(rename(path, moved), 0);
        ck_assert_int_eq(append("B"), 0);
        check_content(moved, "{\"id\":\"A\"}\n");
        check_content(path, "{\"id\":\"B\"}\n");
}
END_TEST

START_TEST(a_file_that_was_moved_and_made_anew_is_taken)
{
        char moved[160];
        snprintf(moved, sizeof(moved), "%s.1", path);
        ck_assert_int_eq(append("A"), 0);
        ck_assert_int_eq(rename(path, moved), 0);
        write_file("");
        ck_assert_int_eq(append("B"), 0);
        check_content(path, "{\"id\":\"B\"}\n");
}
END_TEST

START_TEST(a_file_that_was_copied_and_cut_goes_on_at_its_beginning)
{
        ck_assert_int_eq(append("A"), 0);
        ck_assert_int_eq(truncate(path, 0), 0);
        ck_assert_int_eq(append("B"), 0);
        check_content(path, "{\"id\":\"B\"}\n");
}
END_TEST

START_TEST(a_removed_file_is_made_again)
{
        ck_assert_int_eq(append("A"), 0);
        ck_assert_int_eq(unlink(path), 0);
        ck_assert_int_eq(append("B"), 0);
        check_content(path, "{\"id\":\"B\"}\n");
}
END_TEST

START_TEST(an_unfinished_line_of_ours_is_cut_off)
{
        static const char *const halves[] = { "{", "{\"id", "{\"id\":\"", "{\"id\":\"01JAYQ\",\"time\":\"2024-" };
        for (size_t i = 0; i < FW_ARRAY_LEN(halves); i++) {
                char content[200];
                snprintf(content, sizeof(content), "{\"id\":\"A\"}\n%s", halves[i]);
                write_file(content);
                fw_log_file_reopen(file);
                ck_assert_int_eq(append("B"), 0);
                check_content(path, "{\"id\":\"A\"}\n{\"id\":\"B\"}\n");
                ck_assert_int_eq(unlink(path), 0);
        }
}
END_TEST

START_TEST(a_long_unfinished_line_is_cut_off_as_well)
{
        static char content[20000];
        snprintf(content, sizeof(content), "{\"id\":\"A\"}\n{\"id\":\"");
        memset(content + strlen(content), 'x', sizeof(content) - strlen(content) - 1);
        write_file(content);
        ck_assert_int_eq(append("B"), 0);
        check_content(path, "{\"id\":\"A\"}\n{\"id\":\"B\"}\n");
}
END_TEST

START_TEST(the_words_of_others_are_left_alone)
{
        write_file("# my notes, without a newline");
        ck_assert_int_eq(append("B"), 0);
        check_content(path, "# my notes, without a newline\n{\"id\":\"B\"}\n");
}
END_TEST

START_TEST(control_characters_are_escaped)
{
        ck_assert_int_eq(append("\033[31m\n\177\302\233\302\205é\302\240"), 0);
        check_content(path, "{\"id\":\"\\u001B[31m\\n\\u007F\\u009B\\u0085é\302\240\"}\n");
}
END_TEST

START_TEST(what_is_no_file_is_refused)
{
        ck_assert_int_eq(mkdir(path, 0700), 0);
        ck_assert_int_eq(append("A"), -EISDIR);
        ck_assert_int_eq(rmdir(path), 0);
        ck_assert_int_eq(mkfifo(path, 0600), 0);
        ck_assert_int_eq(append("A"), -EINVAL);
        ck_assert_int_eq(unlink(path), 0);
        ck_assert_int_eq(append("A"), 0);
}
END_TEST

START_TEST(a_missing_folder_is_an_error_until_it_is_there)
{
        char name[160];
        snprintf(name, sizeof(name), "%s/later/alerts.jsonl", folder);
        file = fw_log_file_free(file);
        file = fw_log_file_new(fw_str_c(name));
        ck_assert_int_eq(append("A"), -ENOENT);
        snprintf(path, sizeof(path), "%s/later", folder);
        ck_assert_int_eq(mkdir(path, 0700), 0);
        ck_assert_int_eq(append("A"), 0);
        check_content(name, "{\"id\":\"A\"}\n");
}
END_TEST

START_TEST(a_full_disk_leaves_no_half_line)
{
        ck_assert_int_eq(append("A"), 0);
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = { .rlim_cur = 20, .rlim_max = RLIM_INFINITY };
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        int r = append("this line does not fit");
        limit.rlim_cur = RLIM_INFINITY;
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        ck_assert_int_lt(r, 0);
        check_content(path, "{\"id\":\"A\"}\n");
        ck_assert_int_eq(append("B"), 0);
        check_content(path, "{\"id\":\"A\"}\n{\"id\":\"B\"}\n");
}
END_TEST

UNIT_MAIN_WITH("alert log file", before, remove_folder, each_alert_is_a_line,
               a_file_that_was_moved_away_is_followed_by_a_new_one, a_file_that_was_moved_and_made_anew_is_taken,
               a_file_that_was_copied_and_cut_goes_on_at_its_beginning, a_removed_file_is_made_again,
               an_unfinished_line_of_ours_is_cut_off, a_long_unfinished_line_is_cut_off_as_well,
               the_words_of_others_are_left_alone, control_characters_are_escaped, what_is_no_file_is_refused,
               a_missing_folder_is_an_error_until_it_is_there, a_full_disk_leaves_no_half_line)
