/*
 * socket: the listening end of a unix socket.
 */
#pragma once

#include <sys/types.h>

#include "base/diag.h"

/* A socket in the file system, and the file's identity, so that nobody else's is ever removed. */
struct fw_listener {
        int fd;
        char *path; /* NULL: not ours to remove (socket activation) */
        dev_t device;
        ino_t inode;
};

/*
 * Binds and listens, mode 0660. What a dead process left behind is replaced; -EADDRINUSE when somebody answers there
 * ("another feedwatchd is running (pid N)"). -ENAMETOOLONG, -ENOTDIR …; words in `diag`. Two processes that start at
 * the same instant are kept apart by the store's lock, not here.
 */
int fw_listener_open(const char *path, struct fw_diag *diag, struct fw_listener *ret_listener);
/* A descriptor that is listening already. -EINVAL if it is not. */
int fw_listener_adopt(int fd, struct fw_diag *diag, struct fw_listener *ret_listener);
/*
 * Removes the file if it is still ours; to be called before the descriptor is closed, which keeps the inode from being
 * used again. Does not close the descriptor, which the HTTP server took.
 */
void fw_listener_done(struct fw_listener *listener);
