/*
 * process: one worker process as the daemon sees it: started, spoken to in frames, ended. It knows frames, and nothing
 * of what is in them.
 */
#pragma once

#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/macros.h"
#include "base/str.h"
#include "engine/wire.h"

/*
 * Where a worker finds its end of the socket pair and the rules' memory file; nothing above is open. All workers share
 * the file's position: it is to be mapped, or read with pread().
 */
#define FW_WORKER_SOCKET_FD 3
#define FW_WORKER_RULES_FD  4

struct fw_process_options {
        const char *program;
        int rules_fd;          /* borrowed during the call */
        uint64_t memory_bytes; /* the program's first argument */
};

/* What comes from a process. Called from the event loop, never from inside a function of this header. */
struct fw_process_events {
        /* The frame is valid during the call. */
        void (*frame)(void *userdata, const struct fw_frame *frame);
        /* What it sends is no frame: it is to be killed. Nothing is read any more. */
        void (*rubbish)(void *userdata);
        /*
         * It is dead and reaped. `words`: "was killed by signal 11 (Segmentation fault)". The process must not be freed
         * inside.
         */
        void (*end)(void *userdata, const char *words);
};

struct fw_process;

/* 0, or a negative errno when the program cannot be started. `events` must outlive the process. */
int fw_process_start(sd_event *event, const struct fw_process_options *options, const struct fw_process_events *events,
                     void *userdata, struct fw_process **ret_process);
/* Kills it if need be, waits for its end without calling back, frees. */
struct fw_process *fw_process_free(struct fw_process *process);
FW_DEFINE_CLEANUP(struct fw_process, fw_process_free);

/* Sends whole frames; one at a time. `bytes` must stay until the process answers or ends. */
void fw_process_send(struct fw_process *process, struct fw_str bytes);
/* No more frames will come: it may end. */
void fw_process_close(struct fw_process *process);
void fw_process_kill(struct fw_process *process);
