/*
 * worker: the whole life of a worker process: compile the rules, close the sandbox, turn jobs into results until the
 * daemon closes the socket.
 */
#pragma once

#include <stdint.h>

/*
 * `socket_fd`: its end of the socket pair; `rules_fd`: the memory file with the rules; `memory_bytes`: what it may take
 * beside the rules. Returns the exit status: 0 when the daemon wanted no more; 1 when it could not start, which it says
 * to the daemon, or when the daemon is gone or sends what is no job.
 */
int fw_worker_main(int socket_fd, int rules_fd, uint64_t memory_bytes);
