/*
 * log_file: alerts as JSON lines in a file that others may move, cut, or read at any time.
 *
 * Each line is one write on a descriptor in append mode, so that after logrotate's `copytruncate` the next line stands at the new beginning,
 * and a reader never sees half a line but for a crash of the machine. After logrotate's `create` the path leads to another file than the
 * one that is open; that is looked at before every batch. A crash, or a full disk, may leave an unfinished line; what is recognisably ours is
 * cut off (its row was never marked as sent, so the line comes again), anything else is ended with a newline and left alone.
 */
#include "alert/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* How our lines begin. */
#define LINE_START FW_STR("{\"id\":\"")

struct fw_log_file {
        char *path;
        int fd; /* -1: not open */
};

struct fw_log_file *fw_log_file_new(struct fw_str path)
{
        struct fw_log_file *file = fw_calloc(1, sizeof(*file));
        file->path = fw_strndup(path.p, path.len);
        file->fd = -1;
        return file;
}

struct fw_log_file *fw_log_file_free(struct fw_log_file *file)
{
        if (!file)
                return NULL;
        fw_closep(&file->fd);
        free(file->path);
        free(file);
        return NULL;
}

void fw_log_file_reopen(struct fw_log_file *file)
{
        fw_closep(&file->fd);
}

static bool stands_at_path(const struct fw_log_file *file)
{
        struct stat ours, theirs;
        return fstat(file->fd, &ours) == 0 && stat(file->path, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
               ours.st_ino == theirs.st_ino;
}

/* Where the last line begins: after the last newline. */
static int find_last_line(int fd, off_t size, off_t *ret_start)
{
        char block[4096];
        for (off_t end = size; end > 0;) {
                off_t start = end > (off_t) sizeof(block) ? end - (off_t) sizeof(block) : 0;
                ssize_t n = pread(fd, block, (size_t) (end - start), start);
                if (n <= 0)
                        return n < 0 ? -errno : -EIO;
                for (ssize_t i = n; i-- > 0;)
                        if (block[i] == '\n') {
                                *ret_start = start + i + 1;
                                return 0;
                        }
                end = start;
        }
        *ret_start = 0;
        return 0;
}

static bool is_ours(int fd, off_t start, off_t size)
{
        char head[16];
        struct fw_str expected = LINE_START;
        size_t len = (size_t) FW_MIN(size - start, (off_t) expected.len);
        return pread(fd, head, len, start) == (ssize_t) len &&
               fw_str_eq(fw_str_n(head, len), fw_str_slice(expected, 0, len));
}

static int repair_last_line(int fd, off_t size)
{
        off_t start = 0;
        int r = find_last_line(fd, size, &start);
        if (r < 0 || start == size)
                return r;
        if (!is_ours(fd, start, size))
                return fw_fd_write_all(fd, FW_STR("\n"));
        return ftruncate(fd, start) < 0 ? -errno : 0;
}

/* So that a file just made is still there after a power cut. */
static void flush_folder(const char *path)
{
        fw_cleanup(fw_freep) char *folder = fw_path_parent(path);
        fw_cleanup(fw_closep) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0)
                (void) fsync(fd);
}

/* O_NONBLOCK: a named pipe without reader must not hold up the daemon; it is refused below. */
static int open_file(struct fw_log_file *file)
{
        file->fd = open(file->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640);
        if (file->fd < 0)
                return -errno;
        struct stat status;
        int r = fstat(file->fd, &status) < 0 ? -errno : S_ISREG(status.st_mode) ? 0 : -EINVAL;
        if (r == 0)
                r = repair_last_line(file->fd, status.st_size);
        if (r < 0)
                fw_closep(&file->fd);
        else if (status.st_size == 0)
                flush_folder(file->path);
        return r;
}

int fw_log_file_start(struct fw_log_file *file)
{
        if (file->fd >= 0 && stands_at_path(file))
                return 0;
        fw_closep(&file->fd);
        return open_file(file);
}

/* JSON leaves DEL and the C1 controls (U+0080 to U+009F) as they are; some terminals obey them when the file is looked at. They stand inside
 * strings only, where \u does the same. */
static void append_line(struct fw_buf *line, struct fw_str json)
{
        size_t copied = 0;
        for (size_t i = 0; i < json.len; i++) {
                unsigned char byte = (unsigned char) json.p[i];
                unsigned char next = i + 1 < json.len ? (unsigned char) json.p[i + 1] : 0;
                bool c1 = byte == 0xC2 && next >= 0x80 && next < 0xA0;
                if (byte != 0x7F && !c1)
                        continue;
                (void) fw_buf_append(line, fw_str_slice(json, copied, i));
                (void) fw_buf_printf(line, "\\u%04X", c1 ? next : byte);
                i += c1;
                copied = i + 1;
        }
        (void) fw_buf_append(line, fw_str_slice(json, copied, json.len));
        (void) fw_buf_append_byte(line, '\n');
}

int fw_log_file_append(struct fw_log_file *file, const json_t *alert)
{
        fw_cleanup(fw_buf_done) struct fw_buf json = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_json_append(&json, alert);
        append_line(&line, fw_buf_str(&json));
        struct stat before;
        if (fstat(file->fd, &before) < 0)
                return -errno;
        ssize_t n = write(file->fd, line.p, line.len);
        if (n == (ssize_t) line.len)
                return 0;
        int r = n < 0 ? -errno : -ENOSPC;
        /* Without the rest the beginning is worth nothing; if it cannot be taken back, the next opening repairs it. */
        if (n > 0 && ftruncate(file->fd, before.st_size) < 0)
                fw_closep(&file->fd);
        return r;
}

int fw_log_file_flush(struct fw_log_file *file)
{
        return file->fd >= 0 && fsync(file->fd) == 0 ? 0 : -errno;
}
