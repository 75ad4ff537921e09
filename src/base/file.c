#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP ((size_t) 64 * 1024)

void fw_closep(int *fd)
{
        if (*fd >= 0)
                (void) close(*fd);
        *fd = -1;
}

static ssize_t read_some(int fd, char *into, size_t len)
{
        ssize_t n;
        do
                n = read(fd, into, len);
        while (n < 0 && errno == EINTR);
        return n < 0 ? -errno : n;
}

int fw_fd_read_all(int fd, struct fw_buf *out)
{
        for (;;) {
                /* a full buffer asks for one byte more, to tell "exactly full" from "too large" */
                char beyond;
                size_t room = out->max > out->len ? FW_MIN(out->max - out->len, READ_STEP) : 0;
                int r = fw_buf_reserve(out, room);
                if (r < 0)
                        return r;
                ssize_t n = room > 0 ? read_some(fd, out->p + out->len, room) : read_some(fd, &beyond, 1);
                if (n <= 0)
                        return (int) n;
                if (room == 0)
                        return out->error = -EMSGSIZE;
                out->len += (size_t) n;
                out->p[out->len] = '\0';
        }
}

/* What a path can name, and how it is said. ENXIO is what open() has for a socket. */
static const struct {
        mode_t type;
        int error;
        const char *words;
} kinds[] = {
        { S_IFDIR, -EISDIR, "a folder" }, { S_IFIFO, -ESPIPE, "a pipe" },    { S_IFSOCK, -ENXIO, "a socket" },
        { S_IFCHR, -ENODEV, "a device" }, { S_IFBLK, -ENOTBLK, "a device" },
};

const char *fw_file_kind(mode_t mode)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(kinds); i++)
                if ((mode & S_IFMT) == kinds[i].type)
                        return kinds[i].words;
        return "a file";
}

static int kind_error(mode_t mode)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(kinds); i++)
                if ((mode & S_IFMT) == kinds[i].type)
                        return kinds[i].error;
        return 0;
}

char *fw_file_error(int error)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(kinds); i++)
                if (error == kinds[i].error)
                        return fw_asprintf("it is %s, not a file", kinds[i].words);
        return fw_strdup(error == -EMSGSIZE ? "it is too large" : strerror(-error));
}

static int open_and_read(const char *path, int flags, bool any_kind, struct fw_buf *out)
{
        fw_cleanup(fw_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
        if (fd < 0)
                return -errno;
        struct stat st;
        if (fstat(fd, &st) < 0)
                return -errno;
        int r = kind_error(st.st_mode);
        return r < 0 && !(any_kind && r != -EISDIR) ? r : fw_fd_read_all(fd, out);
}

int fw_file_read(const char *path, struct fw_buf *out)
{
        return open_and_read(path, O_NONBLOCK, /* any_kind= */ false, out);
}

int fw_file_read_any(const char *path, struct fw_buf *out)
{
        return open_and_read(path, 0, /* any_kind= */ true, out);
}

int fw_fd_write_all(int fd, struct fw_str bytes)
{
        while (bytes.len > 0) {
                ssize_t n = write(fd, bytes.p, bytes.len);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                bytes = fw_str_slice(bytes, (size_t) n, bytes.len);
        }
        return 0;
}

static int write_and_flush(int fd, struct fw_str content)
{
        int r = fw_fd_write_all(fd, content);
        if (r < 0)
                return r;
        return fsync(fd) < 0 ? -errno : 0;
}

/* So that the new name survives a crash too; file systems that cannot do it keep their own promises. */
static void flush_folder_of(const char *path)
{
        fw_cleanup(fw_freep) char *folder = fw_path_parent(path);
        fw_cleanup(fw_closep) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0)
                (void) fsync(fd);
}

static mode_t umask_applied(mode_t mode)
{
        mode_t mask = umask(0);
        (void) umask(mask);
        return mode & ~mask;
}

/* Gives the new file the old one's mode and, where we may, its owner. */
static int take_over_mode(int fd, const char *path, mode_t mode)
{
        struct stat st;
        if (stat(path, &st) < 0)
                return fchmod(fd, umask_applied(mode)) < 0 ? -errno : 0;
        if (fchown(fd, st.st_uid, st.st_gid) < 0 && errno != EPERM)
                return -errno;
        return fchmod(fd, st.st_mode & 07777) < 0 ? -errno : 0;
}

int fw_file_replace(const char *path, struct fw_str content, mode_t mode)
{
        /* a symbolic link stays one: its target is replaced */
        fw_cleanup(fw_freep) char *real = realpath(path, NULL);
        const char *target = real ? real : path;
        fw_cleanup(fw_freep) char *beside = fw_asprintf("%s.XXXXXX", target);
        fw_cleanup(fw_closep) int fd = mkostemp(beside, O_CLOEXEC);
        if (fd < 0)
                return -errno;
        int r = take_over_mode(fd, target, mode);
        if (r == 0)
                r = write_and_flush(fd, content);
        if (r == 0 && rename(beside, target) < 0)
                r = -errno;
        if (r < 0) {
                (void) unlink(beside);
                return r;
        }
        flush_folder_of(target);
        return 0;
}

int fw_file_create(const char *path, struct fw_str content, mode_t mode)
{
        fw_cleanup(fw_closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd < 0)
                return -errno;
        int r = write_and_flush(fd, content);
        if (r < 0) {
                (void) unlink(path);
                return r;
        }
        flush_folder_of(path);
        return 0;
}

static int make_directory(const char *path, mode_t mode)
{
        if (mkdir(path, mode) == 0)
                return 0;
        if (errno != EEXIST)
                return -errno;
        struct stat st;
        if (stat(path, &st) < 0)
                return -errno;
        return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

int fw_mkdir_all(const char *path, mode_t mode)
{
        fw_cleanup(fw_freep) char *part = fw_strdup(path);
        for (char *slash = part; (slash = strchr(slash + (*slash == '/'), '/'));) {
                if (slash == part)
                        continue;
                *slash = '\0';
                int r = make_directory(part, mode);
                *slash = '/';
                if (r < 0)
                        return r;
        }
        return make_directory(part, mode);
}

char *fw_path_join(const char *directory, const char *name)
{
        size_t len = strlen(directory);
        if (name[0] == '/' || len == 0)
                return fw_strdup(name);
        return fw_asprintf("%s%s%s", directory, directory[len - 1] == '/' ? "" : "/", name);
}

char *fw_path_parent(const char *path)
{
        const char *slash = strrchr(path, '/');
        if (!slash)
                return fw_strdup(".");
        return slash == path ? fw_strdup("/") : fw_strndup(path, (size_t) (slash - path));
}
