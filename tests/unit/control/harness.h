/*
 * harness: an event loop in a thread of its own with a server on it, and raw connections to it.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "base/buf.h"

struct harness {
        char directory[64];
        char path[96]; /* of the socket */
        sd_event *event;
        int wake_fd; /* eventfd: something to do in the loop's thread */
        void (*job)(void *userdata);
        void *job_userdata;
        int done_fd; /* eventfd: the job was done */
        bool stop;
        pthread_t thread;
};

/* Makes the folder and the loop. Servers are put on `event` before harness_run(). */
void harness_init(struct harness *harness);
void harness_run(struct harness *harness);
/* Runs `job` in the loop's thread and waits for its end. */
void harness_call(struct harness *harness, void (*job)(void *userdata), void *userdata);
/* Ends the thread; the loop's objects may be freed afterwards. */
void harness_stop(struct harness *harness);
void harness_done(struct harness *harness);

int raw_connect(const char *path);
/* Sends what may well be nonsense; a closed connection is fine. */
void raw_send(int fd, const void *bytes, size_t length);
/* What comes next; false when the other side closed. */
bool raw_read_more(int fd, struct fw_buf *out);
/* Everything until the other side closes. */
void raw_read_all(int fd, struct fw_buf *out);
/* Until `wanted` was read, or the other side closes: false. */
bool raw_read_until(int fd, const char *wanted, struct fw_buf *out);
/* One request on a connection of its own: the whole answer. `request` without "Connection: close". */
char *raw_exchange(const char *path, const char *request);
