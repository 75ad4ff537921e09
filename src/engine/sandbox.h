/*
 * sandbox: what a worker gives up before it reads a byte from the network. The home of libseccomp.
 */
#pragma once

#include <stdint.h>

/*
 * From the start, while the rules are compiled: no core dumps, no new privileges, and death with the parent. 0 or a
 * negative errno.
 */
int fw_sandbox_begin(void);

/*
 * Closes the sandbox for good: from now on this process can read from `socket_fd`, write to it and to stderr, manage
 * its memory, of which it gets at most `memory_bytes` more than it has now, and end. Any other system call kills it. 0,
 * or a negative errno: then it is not closed.
 *
 * In builds for a checker that needs more than that (FW_SANDBOX_OFF: AddressSanitizer, gcov) it does nothing.
 */
int fw_sandbox_close(int socket_fd, uint64_t memory_bytes);
