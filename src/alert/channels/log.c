/*
 * log: alerts to the journal, to stderr or stdout, or to a file of JSON lines.
 */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include "alert/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "alert/alert.h"
#include "base/file.h"
#include "base/utf8.h"

/* `journalctl MESSAGE_ID=…` finds all alerts ever. */
#define MESSAGE_ID "4fd9a3c6c4eb4c72b06e088c1306e7e1"

/* A line for a stream, with its newline: what a pipe takes in one piece (PIPE_BUF), so that it is never torn. Longer ones are cut. */
#define FW_LIMIT_STREAM_LINE_BYTES 4096

struct log {
        const struct fw_channel_world *world;
        char *target;
        int stream_fd; /* -1: not a stream */
        bool color;
        struct fw_log_file *file; /* NULL: not a file */
};

static void report(const struct log *log, const struct fw_parcel *parcel, int r, const char *words)
{
        fw_cleanup(fw_freep) char *answer = r < 0 ? fw_asprintf("%s: %s", words, strerror(-r)) : fw_strdup(words);
        log->world->report(log->world->userdata, parcel->row_id, r < 0 ? FW_SEND_FAILED : FW_SEND_TAKEN,
                           fw_str_c(answer));
}

/* ---- journal ---- */

static int syslog_priority(const json_t *alert)
{
        static const int priorities[FW_SEVERITIES_LEN] = {
                [FW_SEVERITY_INFO] = 6,
                [FW_SEVERITY_NOTICE] = 5,
                [FW_SEVERITY_WARNING] = 4,
                [FW_SEVERITY_CRITICAL] = 2,
        };
        enum fw_severity severity = FW_SEVERITY_WARNING;
        (void) fw_severity_from_name(fw_json_get_str(alert, "severity"), &severity);
        return priorities[severity];
}

struct entry {
        struct fw_buf fields[8];
        size_t len;
};

static void entry_done(struct entry *entry)
{
        for (size_t i = 0; i < entry->len; i++)
                fw_buf_done(&entry->fields[i]);
}

static struct fw_buf *add_field(struct entry *entry, const char *name)
{
        struct fw_buf *field = &entry->fields[entry->len++];
        fw_buf_init(field, FW_BUF_UNBOUNDED);
        (void) fw_buf_printf(field, "%s=", name);
        return field;
}

/* Empty ones are left out. Escaped, so that no reader of the journal meets a newline or an escape sequence of a feed. */
static void add_text(struct entry *entry, const char *name, struct fw_str text)
{
        if (text.len)
                (void) fw_utf8_append_escaped(add_field(entry, name), text);
}

static void fill_entry(struct entry *entry, const json_t *alert)
{
        const json_t *item = json_object_get(alert, "item");
        (void) fw_alert_line(alert, false, add_field(entry, "MESSAGE"));
        (void) fw_buf_append_c(add_field(entry, "MESSAGE_ID"), MESSAGE_ID);
        (void) fw_buf_printf(add_field(entry, "PRIORITY"), "%d", syslog_priority(alert));
        (void) fw_buf_append_c(add_field(entry, "SYSLOG_IDENTIFIER"), "feedwatch");
        add_text(entry, "FEEDWATCH_ALERT", fw_json_get_str(alert, "id"));
        add_text(entry, "FEEDWATCH_RULE", fw_json_get_str(alert, "rule"));
        add_text(entry, "FEEDWATCH_FEED", fw_json_get_str(json_object_get(item, "feed"), "id"));
        add_text(entry, "FEEDWATCH_URL", fw_json_get_str(item, "url"));
}

static void send_to_journal(const struct log *log, const struct fw_parcel *parcel)
{
        /* libsystemd says "sent" when no journal listens at all. */
        if (access(log->world->journal_socket, F_OK) < 0) {
                report(log, parcel, -errno, "no journal listens here; name a file as the channel's target");
                return;
        }
        struct entry entry = { .len = 0 };
        fill_entry(&entry, parcel->alert);
        struct iovec pieces[FW_ARRAY_LEN(entry.fields)];
        for (size_t i = 0; i < entry.len; i++)
                pieces[i] = (struct iovec){ .iov_base = entry.fields[i].p, .iov_len = entry.fields[i].len };
        int r = sd_journal_sendv(pieces, (int) entry.len);
        entry_done(&entry);
        report(log, parcel, r, r < 0 ? "the journal did not take it" : "in the journal");
}

/* ---- stderr, stdout ---- */

/* A reader that does not read must not stop the daemon. */
static int ready_for_more(int fd)
{
        struct pollfd ready = { .fd = fd, .events = POLLOUT };
        int r = poll(&ready, 1, 0);
        if (r < 0)
                return -errno;
        if (r == 0)
                return -EAGAIN;
        return ready.revents & POLLOUT && !(ready.revents & POLLERR) ? 0 : -EPIPE;
}

static void send_to_stream(const struct log *log, const struct fw_parcel *parcel)
{
        fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_alert_line(parcel->alert, log->color, &line);
        if (line.len >= FW_LIMIT_STREAM_LINE_BYTES) {
                fw_buf_reset(&line);
                (void) fw_alert_line(parcel->alert, false, &line);
        }
        line.len = fw_utf8_cut(fw_buf_str(&line), FW_LIMIT_STREAM_LINE_BYTES - 1).len;
        (void) fw_buf_append_byte(&line, '\n');
        int r = ready_for_more(log->stream_fd);
        if (r == 0)
                r = fw_fd_write_all(log->stream_fd, fw_buf_str(&line));
        fw_cleanup(fw_freep) char *words = fw_asprintf(r < 0 ? "cannot write to %s" : "written to %s", log->target);
        report(log, parcel, r, words);
}

/* ---- file ---- */

/* All lines of a batch share one flush; none is reported as taken before it. */
static void send_to_file(struct log *log, const struct fw_parcel *parcels, size_t len)
{
        size_t written = 0;
        int r = fw_log_file_start(log->file);
        while (r == 0 && written < len) {
                r = fw_log_file_append(log->file, parcels[written].alert);
                written += r == 0;
        }
        int flushed = written ? fw_log_file_flush(log->file) : 0;
        fw_cleanup(fw_freep) char *taken = fw_asprintf("written to '%s'", log->target);
        fw_cleanup(fw_freep) char *failed = fw_asprintf("cannot write to '%s'", log->target);
        for (size_t i = 0; i < len; i++) {
                int outcome = i < written ? flushed : r;
                report(log, &parcels[i], outcome, outcome < 0 ? failed : taken);
        }
}

/* ---- the channel ---- */

static int stream_of(struct fw_str target)
{
        if (fw_str_eq(target, FW_STR("stdout")))
                return STDOUT_FILENO;
        return fw_str_eq(target, FW_STR("stderr")) ? STDERR_FILENO : -1;
}

static void *log_open(const struct fw_channel_config *config, const struct fw_channel_world *world)
{
        struct log *log = fw_calloc(1, sizeof(*log));
        log->world = world;
        log->target = fw_strndup(config->target.p, config->target.len);
        log->stream_fd = stream_of(config->target);
        const char *no_color = getenv("NO_COLOR");
        log->color = log->stream_fd >= 0 && isatty(log->stream_fd) && !(no_color && *no_color);
        if (log->stream_fd < 0 && !fw_str_eq(config->target, FW_STR("journal")))
                log->file = fw_log_file_new(config->target);
        return log;
}

static void log_send(void *channel, const struct fw_parcel *parcels, size_t len)
{
        struct log *log = channel;
        if (log->file) {
                send_to_file(log, parcels, len);
                return;
        }
        for (size_t i = 0; i < len; i++) {
                if (log->stream_fd >= 0)
                        send_to_stream(log, &parcels[i]);
                else
                        send_to_journal(log, &parcels[i]);
        }
}

static void log_reopen(void *channel)
{
        struct log *log = channel;
        if (log->file)
                fw_log_file_reopen(log->file);
}

static void *log_close(void *channel)
{
        struct log *log = channel;
        fw_log_file_free(log->file);
        free(log->target);
        free(log);
        return NULL;
}

const struct fw_channel_driver fw_channel_log = {
        .type = FW_CHANNEL_LOG,
        .open = log_open,
        .send = log_send,
        .reopen = log_reopen,
        .close = log_close,
};
