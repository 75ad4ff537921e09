/*
 * The journal and the streams. This program has its own sd_journal_sendv(), which the channel finds before the library's.
 */
#include <fcntl.h>
#include <sys/uio.h>

#include "alert/channel.h"
#include "fixture.h"

static char sent[4096];
static int journal_answer;

int sd_journal_sendv(const struct iovec *pieces, int len);
int sd_journal_sendv(const struct iovec *pieces, int len)
{
        sent[0] = '\0';
        for (int i = 0; i < len; i++)
                snprintf(sent + strlen(sent), sizeof(sent) - strlen(sent), "%.*s\n", (int) pieces[i].iov_len,
                         (const char *) pieces[i].iov_base);
        return journal_answer;
}

static enum fw_send_outcome outcome;
static char answer[500];

static void on_report(void *userdata, int64_t row_id, enum fw_send_outcome reported, struct fw_str said)
{
        ck_assert_ptr_eq(userdata, answer);
        ck_assert_int_eq(row_id, 7);
        outcome = reported;
        snprintf(answer, sizeof(answer), "%.*s", FW_STR_ARG(said));
}

/* Steals the alert. */
static void send_one(const struct fw_channel_driver *driver, const char *target, const char *socket, json_t *alert)
{
        struct fw_channel_config log = { .name = FW_STR("log"), .target = fw_str_c(target) };
        struct fw_channel_world world = { .journal_socket = socket, .report = on_report, .userdata = answer };
        struct fw_parcel parcel = { .row_id = 7, .alert = alert };
        void *channel = driver->open(&log, &world);
        driver->send(channel, &parcel, 1);
        ck_assert_ptr_null(driver->close(channel));
        json_decref(alert);
}

START_TEST(the_journal_gets_the_line_and_the_fields)
{
        send_one(&fw_channel_log, "journal", "/", troops_alert());
        ck_assert_int_eq(outcome, FW_SEND_TAKEN);
        ck_assert_str_eq(answer, "in the journal");
        ck_assert_str_eq(
                sent, "MESSAGE=CRITICAL North Korean troops abroad: Seoul: North Korean troops in Russia (BBC World) "
                      "https://example.org/1\n"
                      "MESSAGE_ID=4fd9a3c6c4eb4c72b06e088c1306e7e1\n"
                      "PRIORITY=2\n"
                      "SYSLOG_IDENTIFIER=feedwatch\n"
                      "FEEDWATCH_ALERT=01JAYQ3V8G0000000000000AAA\n"
                      "FEEDWATCH_RULE=nk-troops\n"
                      "FEEDWATCH_FEED=bbc-world\n"
                      "FEEDWATCH_URL=https://example.org/1\n");
}
END_TEST

START_TEST(the_priority_follows_the_severity)
{
        static const char *const expected[][2] = { { "info", "PRIORITY=6\n" },
                                                   { "notice", "PRIORITY=5\n" },
                                                   { "warning", "PRIORITY=4\n" },
                                                   { "critical", "PRIORITY=2\n" } };
        for (size_t i = 0; i < FW_ARRAY_LEN(expected); i++) {
                json_t *alert = troops_alert();
                fw_json_set(alert, "severity", json_string(expected[i][0]));
                send_one(&fw_channel_log, "journal", "/", alert);
                ck_assert_ptr_nonnull(strstr(sent, expected[i][1]));
        }
}
END_TEST

START_TEST(no_feed_adds_fields_or_lines_to_the_journal)
{
        send_one(&fw_channel_log, "journal", "/",
                 alert_with(FW_STR("t\nPRIORITY=0\033[2J"), FW_STR("https://e/\nMESSAGE_ID=x"), FW_STR("")));
        ck_assert_ptr_nonnull(
                strstr(sent, ": t PRIORITY=0\uFFFD[2J (BBC World) https://e/ MESSAGE_ID=x\nMESSAGE_ID=4fd9"));
        ck_assert_ptr_nonnull(strstr(sent, "\nFEEDWATCH_URL=https://e/\\nMESSAGE_ID=x\n"));
}
END_TEST

START_TEST(a_journal_that_is_not_there_is_no_success)
{
        send_one(&fw_channel_log, "journal", "/no/such/socket", troops_alert());
        ck_assert_int_eq(outcome, FW_SEND_FAILED);
        ck_assert_str_eq(answer,
                         "no journal listens here; name a file as the channel's target: No such file or directory");
}
END_TEST

START_TEST(a_journal_that_refuses_is_tried_again)
{
        journal_answer = -ENOBUFS;
        send_one(&fw_channel_log, "journal", "/", troops_alert());
        ck_assert_int_eq(outcome, FW_SEND_FAILED);
        ck_assert_str_eq(answer, "the journal did not take it: No buffer space available");
}
END_TEST

/* ---- streams ---- */

/* Puts a pipe in the place of stdout; returns its reading end. */
static int take_stdout(void)
{
        int fds[2];
        ck_assert_int_eq(pipe(fds), 0);
        fflush(stdout);
        ck_assert_int_ge(dup2(fds[1], STDOUT_FILENO), 0);
        close(fds[1]);
        return fds[0];
}

static void check_read(int fd, const char *expected)
{
        char text[8192];
        ssize_t n = read(fd, text, sizeof(text) - 1);
        ck_assert_int_ge(n, 0);
        text[n] = '\0';
        ck_assert_str_eq(text, expected);
}

START_TEST(stdout_gets_the_readable_line)
{
        int fd = take_stdout();
        send_one(&fw_channel_log, "stdout", "/", troops_alert());
        ck_assert_int_eq(outcome, FW_SEND_TAKEN);
        ck_assert_str_eq(answer, "written to stdout");
        check_read(fd, "CRITICAL North Korean troops abroad: Seoul: North Korean troops in Russia (BBC World) "
                       "https://example.org/1\n");
        close(fd);
}
END_TEST

START_TEST(a_stream_line_is_never_longer_than_a_pipe_takes_at_once)
{
        static char title[20000];
        memset(title, 'x', sizeof(title) - 1);
        int fd = take_stdout();
        send_one(&fw_channel_log, "stdout", "/", alert_with(fw_str_c(title), FW_STR("u"), FW_STR("")));
        ck_assert_int_eq(outcome, FW_SEND_TAKEN);
        char text[8192];
        ck_assert_int_eq(read(fd, text, sizeof(text)), 4096);
        ck_assert_int_eq(text[4095], '\n');
        close(fd);
}
END_TEST

START_TEST(a_reader_that_does_not_read_does_not_stop_us)
{
        int fd = take_stdout();
        ck_assert_int_ge(fcntl(fd, F_SETPIPE_SZ, 4096), 4096);
        send_one(&fw_channel_log, "stdout", "/", troops_alert());
        ck_assert_int_eq(outcome, FW_SEND_TAKEN);
        send_one(&fw_channel_log, "stdout", "/", troops_alert());
        ck_assert_int_eq(outcome, FW_SEND_FAILED);
        ck_assert_str_eq(answer, "cannot write to stdout: Resource temporarily unavailable");
        close(fd);
}
END_TEST

START_TEST(a_reader_that_is_gone_is_said)
{
        close(take_stdout());
        send_one(&fw_channel_log, "stdout", "/", troops_alert());
        ck_assert_int_eq(outcome, FW_SEND_FAILED);
        ck_assert_str_eq(answer, "cannot write to stdout: Broken pipe");
}
END_TEST

START_TEST(the_desktop_only_waits)
{
        send_one(&fw_channel_desktop, "", "/", troops_alert());
        ck_assert_int_eq(outcome, FW_SEND_WAITS);
        ck_assert_str_eq(answer, "waits for a desktop agent to show it");
}
END_TEST

UNIT_MAIN_WITH("alert log", make_folder, remove_folder, the_journal_gets_the_line_and_the_fields,
               the_priority_follows_the_severity, no_feed_adds_fields_or_lines_to_the_journal,
               a_journal_that_is_not_there_is_no_success, a_journal_that_refuses_is_tried_again,
               stdout_gets_the_readable_line, a_stream_line_is_never_longer_than_a_pipe_takes_at_once,
               a_reader_that_does_not_read_does_not_stop_us, a_reader_that_is_gone_is_said, the_desktop_only_waits)
