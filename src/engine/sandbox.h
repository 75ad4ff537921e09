/*
 * sandbox: what a worker gives up before it reads a byte from the network. The home of libseccomp.
 */
#pragma once

#include <stdint.h>

/*
 * Limits that hold from the start, while the rules are compiled: memory, no core dumps, no new privileges, and death with the
 * parent. 0 or a negative errno.
 */
int fw_sandbox_limit(uint64_t memory_bytes);

/*
 * Closes the sandbox for good: from now on this process can read from `socket_fd`, write to it and to stderr, manage its
 * memory, and end. Any other system call kills it. 0, or a negative errno: then it is not closed.
 *
 * Without effect in builds for a checker that needs more than that (FW_SANDBOX_OFF: AddressSanitizer, gcov), and so is the
 * memory limit.
 */
int fw_sandbox_close(int socket_fd);
