/*
 * feedwatch-worker: started by feedwatchd with a socket and the rules, never by hand.
 */
#include <fcntl.h>
#include <stdio.h>

#include "base/str.h"
#include "engine/process.h"
#include "engine/worker.h"

int main(int argc, char **argv)
{
        uint64_t memory_bytes = 0;
        if (argc != 2 || fw_str_to_u64(fw_str_c(argv[1]), &memory_bytes) < 0 ||
            fcntl(FW_WORKER_SOCKET_FD, F_GETFD) < 0 || fcntl(FW_WORKER_RULES_FD, F_GETFD) < 0) {
                (void) fprintf(stderr, "feedwatch-worker is started by feedwatchd, which gives it feeds to read; "
                                       "it does nothing by itself\n");
                return 2;
        }
        return fw_worker_main(FW_WORKER_SOCKET_FD, FW_WORKER_RULES_FD, memory_bytes);
}
