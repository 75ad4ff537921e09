#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "unit.h"

static int reading_end;

/* Everything on stderr goes through a pipe that the test reads. */
static void setup(void)
{
        int ends[2];
        ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
        ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
        (void) close(ends[1]);
        reading_end = ends[0];
        unsetenv("JOURNAL_STREAM");
        fw_log_set_level(FW_LOG_INFO);
}

static void say_that_stderr_is_the_journal(void)
{
        struct stat st;
        ck_assert_int_eq(fstat(STDERR_FILENO, &st), 0);
        fw_cleanup(fw_freep) char *stream =
                fw_asprintf("%llu:%llu", (unsigned long long) st.st_dev, (unsigned long long) st.st_ino);
        setenv("JOURNAL_STREAM", stream, 1);
}

static void assert_stderr(const char *expected)
{
        (void) close(STDERR_FILENO);
        fw_cleanup(fw_buf_done) struct fw_buf said = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_fd_read_all(reading_end, &said), 0);
        (void) close(reading_end);
        assert_text(fw_buf_str(&said), expected);
}

START_TEST(lines_above_the_level_are_dropped)
{
        (void) fw_log(FW_LOG_DEBUG, 0, "dropped");
        (void) fw_log(FW_LOG_INFO, 0, "told");
        fw_log_set_level(FW_LOG_WARNING);
        (void) fw_log(FW_LOG_NOTICE, 0, "dropped");
        (void) fw_log(FW_LOG_WARNING, 0, "careful");
        (void) fw_log(FW_LOG_ERROR, 0, "bad");
        assert_stderr("told\nwarning: careful\nerror: bad\n");
}
END_TEST

START_TEST(the_error_is_said_and_returned)
{
        int r = fw_log(FW_LOG_NOTICE, -ENOENT, "cannot read '%s'", "a.yaml");
        assert_stderr("cannot read 'a.yaml': No such file or directory\n");
        ck_assert_int_eq(r, -ENOENT);
}
END_TEST

START_TEST(text_from_outside_stays_in_its_line)
{
        (void) fw_log(FW_LOG_INFO, 0, "title '%s'", "x\nerror: forged\x1B[2J");
        assert_stderr("title 'x\\nerror: forged\\x1b[2J'\n");
}
END_TEST

START_TEST(the_journal_gets_the_level_as_a_prefix)
{
        say_that_stderr_is_the_journal();
        (void) fw_log(FW_LOG_ERROR, 0, "bad");
        (void) fw_log(FW_LOG_INFO, 0, "told");
        assert_stderr("<3>bad\n<6>told\n");
}
END_TEST

START_TEST(another_stream_is_not_the_journal)
{
        setenv("JOURNAL_STREAM", "1:2", 1);
        (void) fw_log(FW_LOG_INFO, 0, "a");
        setenv("JOURNAL_STREAM", "rubbish", 1);
        (void) fw_log(FW_LOG_INFO, 0, "b");
        assert_stderr("a\nb\n");
}
END_TEST

START_TEST(fields_do_not_show_on_a_terminal)
{
        const struct fw_log_field fields[] = { { "FEEDWATCH_FEED", "bbc" },
                                               { "FEEDWATCH_RULE", NULL },
                                               { NULL, NULL } };
        int r = fw_log_fields(FW_LOG_WARNING, -EIO, fields, "feed '%s'", "bbc");
        assert_stderr("warning: feed 'bbc': Input/output error\n");
        ck_assert_int_eq(r, -EIO);
}
END_TEST

START_TEST(without_a_journal_that_listens_the_line_stays)
{
        if (access("/run/systemd/journal/socket", F_OK) == 0)
                return;
        say_that_stderr_is_the_journal();
        const struct fw_log_field fields[] = { { "FEEDWATCH_FEED", "bbc" }, { NULL, NULL } };
        (void) fw_log_fields(FW_LOG_WARNING, 0, fields, "feed '%s'", "bbc");
        assert_stderr("<4>feed 'bbc'\n");
}
END_TEST

START_TEST(a_message_that_is_too_long_is_named)
{
        fw_cleanup(fw_freep) char *text = fw_malloc(100001);
        memset(text, 'x', 100000);
        text[100000] = '\0';
        (void) fw_log(FW_LOG_INFO, 0, "very %s", text);
        assert_stderr("(a message longer than 16384 bytes was dropped: 'very %s')\n");
}
END_TEST

START_TEST(levels_have_names)
{
        enum fw_log_level level = FW_LOG_ERROR;
        ck_assert_int_eq(fw_log_level_from_name("debug", &level), 0);
        ck_assert_int_eq(level, FW_LOG_DEBUG);
        ck_assert_int_eq(fw_log_level_from_name("warning", &level), 0);
        ck_assert_int_eq(level, FW_LOG_WARNING);
        ck_assert_int_eq(fw_log_level_from_name("loud", &level), -EINVAL);
}
END_TEST

UNIT_MAIN_WITH("log", setup, NULL, lines_above_the_level_are_dropped, the_error_is_said_and_returned,
               text_from_outside_stays_in_its_line, the_journal_gets_the_level_as_a_prefix,
               another_stream_is_not_the_journal, fields_do_not_show_on_a_terminal,
               without_a_journal_that_listens_the_line_stays, a_message_that_is_too_long_is_named, levels_have_names)
