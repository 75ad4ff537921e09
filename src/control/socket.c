#include "control/socket.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"

#define BACKLOG 128

static int address_of(const char *path, struct fw_diag *diag, struct sockaddr_un *ret_address)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        size_t length = strlen(path);
        if (length >= sizeof(address.sun_path)) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                            "the control socket's path '%s' is longer than the %zu bytes that the system allows; "
                            "set 'control: {socket: …}' to a shorter one",
                            path, sizeof(address.sun_path) - 1);
                return -ENAMETOOLONG;
        }
        memcpy(address.sun_path, path, length + 1);
        *ret_address = address;
        return 0;
}

static pid_t listener_pid(int fd)
{
        struct ucred credentials;
        socklen_t length = sizeof(credentials);
        return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 ? credentials.pid : 0;
}

/* 0 if the path is free, or was made free of a socket that nobody listens at. -EADDRINUSE and -EEXIST have their own
 * words. */
static int make_way(const struct sockaddr_un *address, struct fw_diag *diag)
{
        const char *path = address->sun_path;
        struct stat status;
        if (lstat(path, &status) < 0)
                return errno == ENOENT ? 0 : -errno;
        if (!S_ISSOCK(status.st_mode)) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                            "'%s' is in the way of the control socket and is no socket; remove it", path);
                return -EEXIST;
        }

        fw_cleanup(fw_closep) int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (probe < 0)
                return -errno;
        if (connect(probe, (const struct sockaddr *) address, sizeof(*address)) == 0 || errno == EAGAIN) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                            "another feedwatchd is running (pid %ld) and listens at '%s'; stop it first, or give this "
                            "one another "
                            "'control: {socket: …}' and 'store: {path: …}'",
                            (long) listener_pid(probe), path);
                return -EADDRINUSE;
        }
        if (errno != ECONNREFUSED)
                return -errno;
        return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}

/* Nobody can connect between bind and listen, so the mode is in place before anybody could use it. */
static int bind_and_listen(const struct sockaddr_un *address, struct fw_listener *ret_listener)
{
        fw_cleanup(fw_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        struct stat status;
        if (fd < 0 || bind(fd, (const struct sockaddr *) address, sizeof(*address)) < 0)
                return -errno;
        if (chmod(address->sun_path, 0660) < 0 || lstat(address->sun_path, &status) < 0 || listen(fd, BACKLOG) < 0) {
                int r = -errno;
                (void) unlink(address->sun_path);
                return r;
        }
        *ret_listener = (struct fw_listener){
                .fd = fd, .path = fw_strdup(address->sun_path), .device = status.st_dev, .inode = status.st_ino
        };
        fd = -1;
        return 0;
}

int fw_listener_open(const char *path, struct fw_diag *diag, struct fw_listener *ret_listener)
{
        struct sockaddr_un address;
        int r = address_of(path, diag, &address);
        if (r < 0)
                return r;
        r = make_way(&address, diag);
        if (r == 0)
                r = bind_and_listen(&address, ret_listener);
        if (r < 0 && r != -EADDRINUSE && r != -EEXIST)
                fw_diag_add(
                        diag, FW_ERROR, FW_NOWHERE,
                        "cannot make the control socket '%s': %s; check that its folder is there and may be written",
                        path, strerror(-r));
        return r;
}

int fw_listener_adopt(int fd, struct fw_diag *diag, struct fw_listener *ret_listener)
{
        int listening = 0;
        int domain = 0;
        socklen_t length = sizeof(int);
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) < 0 || !listening ||
            getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0 || domain != AF_UNIX) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                            "the descriptor handed over by socket activation is no listening unix socket; "
                            "feedwatchd.socket needs 'ListenStream=' with a path");
                return -EINVAL;
        }
        *ret_listener = (struct fw_listener){ .fd = fd };
        return 0;
}

void fw_listener_done(struct fw_listener *listener)
{
        struct stat status;
        if (listener->path && lstat(listener->path, &status) == 0 && status.st_dev == listener->device &&
            status.st_ino == listener->inode)
                (void) unlink(listener->path);
        free(listener->path);
        listener->path = NULL;
}
