/*
 * feedwatch alerts follow: the alerts as they come, until Ctrl-C. Comes back after a restart of the daemon, and goes on
 * where it was.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "alert/alert.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/online.h"
#include "cli/words.h"

#define RETRY_BASE_MSEC 500
#define RETRY_CAP_MSEC  15000

struct follow {
        const struct fw_cli *cli;
        struct fw_client *client;
        struct fw_buf last_id;
        int signal_fd;
        bool interrupted;
        bool lost; /* said that the connection is gone */
        int retry_msec;
};

static void print_alert(const struct fw_cli *cli, const json_t *alert)
{
        fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_local_time(&line, fw_json_get_time(alert, "time"));
        (void) fw_buf_append_byte(&line, ' ');
        (void) fw_alert_line(alert, cli->color, &line);
        printf("%s\n", fw_buf_c(&line));
}

static int on_alert(void *userdata, struct fw_str id fw_unused, const json_t *alert)
{
        const struct follow *follow = userdata;
        if (follow->cli->json)
                fw_cli_print_json_line(alert);
        else
                print_alert(follow->cli, alert);
        return fflush(stdout) == 0 ? 0 : -EPIPE;
}

/* 1 when `fd` (-1: none) is readable, 0 when the time is over, -EINTR when the user wants to end. */
static int wait_for(struct follow *follow, int fd, int timeout_msec)
{
        struct pollfd wanted[] = { { .fd = follow->signal_fd, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
        int n = poll(wanted, 2, timeout_msec);
        follow->interrupted = wanted[0].revents != 0;
        if (follow->interrupted)
                return -EINTR;
        return n > 0;
}

static void remember_place(struct follow *follow, struct fw_str id)
{
        if (fw_str_empty(id))
                return;
        fw_buf_reset(&follow->last_id);
        (void) fw_buf_append(&follow->last_id, id);
}

/* One connection, until it ends. */
static int follow_once(struct follow *follow, const char *path)
{
        struct fw_stream_request request = { .method = "GET",
                                             .path = path,
                                             .last_event_id = fw_buf_str(&follow->last_id),
                                             .on_event = on_alert,
                                             .userdata = follow };
        fw_cleanup(fw_stream_freep) struct fw_stream *stream = fw_stream_open(follow->client, &request);
        int r;
        do {
                r = wait_for(follow, fw_stream_fd(stream), -1);
                if (r == 1)
                        r = fw_stream_process(stream);
                if (r == 1 && fw_client_status(follow->client) == 200) {
                        follow->lost = false;
                        follow->retry_msec = RETRY_BASE_MSEC;
                }
        } while (r == 1);
        remember_place(follow, fw_stream_last_event_id(stream));
        return r;
}

/* The daemon may be restarting. */
static bool is_worth_a_retry(int r)
{
        return r == 0 || r == -EPIPE || r == -ECONNREFUSED || r == -ETIMEDOUT;
}

static int follow_on(struct follow *follow, const char *path)
{
        for (;;) {
                int r = follow_once(follow, path);
                if (follow->interrupted)
                        return FW_EXIT_OK;
                if (ferror(stdout))
                        return FW_EXIT_FAILED;
                if (!is_worth_a_retry(r))
                        return fw_cli_error(follow->cli, "%s", fw_client_error(follow->client));
                if (!follow->lost)
                        fw_cli_warning(follow->cli, "the connection to feedwatchd is gone; going on when it is back");
                follow->lost = true;
                (void) wait_for(follow, -1, follow->retry_msec);
                if (follow->interrupted)
                        return FW_EXIT_OK;
                follow->retry_msec = FW_MIN(follow->retry_msec * 2, RETRY_CAP_MSEC);
        }
}

static int open_signals(void)
{
        sigset_t taken;
        sigemptyset(&taken);
        sigaddset(&taken, SIGINT);
        sigaddset(&taken, SIGTERM);
        return sigprocmask(SIG_BLOCK, &taken, NULL) < 0 ? -errno : signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The path, or NULL if an option is wrong. */
static char *make_path(const struct fw_cli *cli)
{
        fw_cleanup(fw_buf_done) struct fw_buf since = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        uint64_t since_usec;
        int r = fw_cli_value_duration(cli, "since", &since_usec);
        if (r == -EINVAL)
                return NULL;
        if (r == -ENOENT)
                return fw_strdup("/v1/alerts/stream");
        (void) fw_append_rfc3339(&since, fw_words_now() - (int64_t) since_usec);
        return fw_asprintf("/v1/alerts/stream?since=%s", fw_buf_c(&since));
}

static int run(struct fw_cli *cli)
{
        fw_cleanup(fw_freep) char *path = make_path(cli);
        if (!path)
                return FW_EXIT_USAGE;
        struct fw_online online;
        int status = fw_online_open(&online, cli, FW_ONLINE_DAEMON);
        if (status != FW_EXIT_OK)
                return status;
        struct follow follow = { .cli = cli,
                                 .client = online.client,
                                 .last_id = FW_BUF_INIT(FW_BUF_UNBOUNDED),
                                 .retry_msec = RETRY_BASE_MSEC,
                                 .signal_fd = open_signals() };
        status = follow_on(&follow, path);
        fw_closep(&follow.signal_fd);
        fw_buf_done(&follow.last_id);
        fw_online_close(&online);
        return status;
}

static const struct fw_option options[] = {
        { .name = "since", .argument = "AGE", .help = "begin with those of the last 90s, 15m, 6h, 7d …" },
        { 0 },
};

const struct fw_command fw_command_alerts_follow = {
        .name = "alerts follow",
        .arguments = "",
        .json = true,
        .summary = "print alerts as they come",
        .help = "Prints every new alert, until Ctrl-C. After a restart of the daemon it goes on\n"
                "where it was. With --json: one alert a line, as channels get it.\n",
        .options = options,
        .run = run,
};
