#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "base/vec.h"

#define LONGEST_MESSAGE ((size_t) 16 * 1024)

static enum fw_log_level highest_level = FW_LOG_INFO;

static const struct {
        enum fw_log_level level;
        const char *name;
} level_names[] = {
        { FW_LOG_ERROR, "error" }, { FW_LOG_WARNING, "warning" }, { FW_LOG_NOTICE, "notice" },
        { FW_LOG_INFO, "info" },   { FW_LOG_DEBUG, "debug" },
};

void fw_log_set_level(enum fw_log_level level)
{
        highest_level = level;
}

int fw_log_level_from_name(const char *name, enum fw_log_level *ret_level)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(level_names); i++) {
                if (strcmp(level_names[i].name, name) == 0) {
                        *ret_level = level_names[i].level;
                        return 0;
                }
        }
        return -EINVAL;
}

/* systemd.exec(5), $JOURNAL_STREAM: the device and inode of the stream that goes to the journal. */
static bool stderr_is_journal(void)
{
        const char *stream = getenv("JOURNAL_STREAM");
        struct stat st;
        if (!stream || fstat(STDERR_FILENO, &st) < 0)
                return false;
        struct fw_str inode = fw_str_c(stream), device;
        uint64_t device_number, inode_number;
        return fw_str_split(&inode, ':', &device) && fw_str_to_u64(device, &device_number) == 0 &&
               fw_str_to_u64(inode, &inode_number) == 0 && device_number == st.st_dev && inode_number == st.st_ino;
}

/* sd_journal_sendv() drops a message without a word when nobody listens there, as in a root folder of its own. */
static bool journal_listens(void)
{
        return access("/run/systemd/journal/socket", W_OK) == 0;
}

static int send_to_journal(enum fw_log_level level, const struct fw_log_field *fields, const char *message)
{
        FW_VEC(struct iovec) entries = { 0 };
        char priority[] = { (char) ('0' + level), '\0' };
        const struct fw_log_field own[] = {
                { "MESSAGE", message },
                { "PRIORITY", priority },
                { "SYSLOG_IDENTIFIER", program_invocation_short_name },
                { NULL, NULL },
        };
        const struct fw_log_field *const lists[] = { own, fields };
        for (size_t i = 0; i < FW_ARRAY_LEN(lists); i++) {
                for (const struct fw_log_field *field = lists[i]; field->name; field++) {
                        if (!field->value)
                                continue;
                        char *text = fw_asprintf("%s=%s", field->name, field->value);
                        fw_vec_push(&entries, (struct iovec){ .iov_base = text, .iov_len = strlen(text) });
                }
        }
        int r = sd_journal_sendv(entries.p, (int) entries.len);
        for (size_t i = 0; i < entries.len; i++)
                free(entries.p[i].iov_base);
        fw_vec_done(&entries);
        return r;
}

static void write_line(enum fw_log_level level, bool journal, struct fw_str message)
{
        fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        if (journal)
                (void) fw_buf_printf(&line, "<%d>", (int) level);
        else if (level <= FW_LOG_WARNING)
                (void) fw_buf_append_c(&line, level == FW_LOG_ERROR ? "error: " : "warning: ");
        (void) fw_utf8_append_escaped(&line, message);
        (void) fw_buf_append_byte(&line, '\n');
        (void) fw_fd_write_all(STDERR_FILENO, fw_buf_str(&line));
}

static void log_valist(enum fw_log_level level, int error, const struct fw_log_field *fields, const char *format,
                       va_list args) fw_printf(4, 0);

static void log_valist(enum fw_log_level level, int error, const struct fw_log_field *fields, const char *format,
                       va_list args)
{
        if (level > highest_level)
                return;
        fw_cleanup(fw_buf_done) struct fw_buf message = FW_BUF_INIT(LONGEST_MESSAGE);
        if (fw_buf_vprintf(&message, format, args) < 0) {
                fw_buf_reset(&message);
                (void) fw_buf_printf(&message, "(a message longer than %zu bytes was dropped: '%s')", LONGEST_MESSAGE,
                                     format);
        }
        if (error < 0)
                (void) fw_buf_printf(&message, ": %s",
                                     strerrordesc_np(-error) ? strerrordesc_np(-error) : "unknown error");
        bool journal = stderr_is_journal();
        if (journal && fields && journal_listens() && send_to_journal(level, fields, fw_buf_c(&message)) >= 0)
                return;
        write_line(level, journal, fw_buf_str(&message));
}

int fw_log(enum fw_log_level level, int error, const char *format, ...)
{
        va_list args;
        va_start(args, format);
        log_valist(level, error, NULL, format, args);
        va_end(args);
        return error;
}

int fw_log_fields(enum fw_log_level level, int error, const struct fw_log_field *fields, const char *format, ...)
{
        va_list args;
        va_start(args, format);
        log_valist(level, error, fields, format, args);
        va_end(args);
        return error;
}
