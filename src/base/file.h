/*
 * file: reading and writing whole small files.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/str.h"

/*
 * Appends a regular file's content; never waits for the other end of a pipe. 0; -EMSGSIZE when larger than the buffer may be; -EISDIR, -ESPIPE,
 * -ENXIO, -ENODEV, -ENOTBLK for what is no regular file; else open's or read's errno.
 */
int fw_file_read(const char *path, struct fw_buf *out);
/* The same for a file that somebody named on a command line: pipes and devices ("<(…)", /dev/stdin) are read until their end. */
int fw_file_read_any(const char *path, struct fw_buf *out);
/* Why one of the two failed, in words: "it is a pipe, not a file", else as strerror(3). Free with free(). */
char *fw_file_error(int error);
/* What st_mode says: "a file", "a folder", "a pipe", "a socket", "a device". */
const char *fw_file_kind(mode_t mode);
/* The same from a descriptor (a pipe, stdin), until its end. */
int fw_fd_read_all(int fd, struct fw_buf *out);
/*
 * Replaces a file's content at once: written beside it, flushed, renamed. A reader sees the old or the new, a crash leaves
 * one of them. The mode is that of the old file if there is one, else `mode`.
 */
int fw_file_replace(const char *path, struct fw_str content, mode_t mode);
/* Creates a file that is not there; -EEXIST leaves it alone. */
int fw_file_create(const char *path, struct fw_str content, mode_t mode);
/* All missing directories of a path. */
int fw_mkdir_all(const char *path, mode_t mode);
/* Writes everything, over short writes and signals. */
int fw_fd_write_all(int fd, struct fw_str bytes);

/* "dir/name"; an absolute `name` alone. Free with free(). */
char *fw_path_join(const char *directory, const char *name);
/* The folder of a path: "a/b.yaml" → "a", "b.yaml" → ".", "/x" → "/". Free with free(). */
char *fw_path_parent(const char *path);

/* Closes and sets to -1; for fw_cleanup(). */
void fw_closep(int *fd);
