#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "fetch/transfer.h"

/*
 * A file takes the part of a server: its inode, size and times are its entity tag, so that an unchanged file is "not
 * modified".
 */

/* What can be read without holding the loop up: neither a FIFO nor a device. 0 or a negative errno. */
static int check_regular(int fd, struct stat *ret_status)
{
        if (fd < 0 || fstat(fd, ret_status) < 0)
                return -errno;
        if (S_ISDIR(ret_status->st_mode))
                return -EISDIR;
        return S_ISREG(ret_status->st_mode) ? 0 : -ENOTSUP;
}

void fw_transfer_read_file(struct fw_transfer *transfer, const char *path)
{
        fw_cleanup(fw_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        struct stat status = { 0 };
        int r = check_regular(fd, &status);
        if (r < 0) {
                fw_transfer_answer(transfer, FW_FETCH_UNREACHABLE, "could not read '%s': %s", path,
                                   r == -ENOTSUP ? "it is no regular file" : strerror(-r));
                return;
        }
        fw_cleanup(fw_freep) char *tag =
                fw_asprintf("\"%" PRIx64 "-%" PRIx64 "-%" PRIx64 ".%09ld\"", (uint64_t) status.st_ino,
                            (uint64_t) status.st_size, (uint64_t) status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
        if (transfer->entity_tag && strcmp(tag, transfer->entity_tag) == 0) {
                fw_transfer_answer(transfer, FW_FETCH_NOT_MODIFIED, "the file did not change");
        } else {
                r = fw_fd_read_all(fd, &transfer->body);
                if (r == -EMSGSIZE)
                        fw_transfer_explain_too_large(transfer);
                else if (r < 0)
                        fw_transfer_answer(transfer, FW_FETCH_BROKEN, "could not read '%s': %s", path, strerror(-r));
                else
                        fw_transfer_answer(transfer, FW_FETCH_OK, "read from '%s'", path);
        }
        transfer->answer.entity_tag = fw_arena_copy(transfer->arena, fw_str_c(tag));
        if (transfer->answer.outcome == FW_FETCH_OK) {
                transfer->answer.body = fw_buf_str(&transfer->body);
                transfer->answer.wire_bytes = transfer->body.len;
        }
}
