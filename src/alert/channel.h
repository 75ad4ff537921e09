/*
 * channel: what a way of delivery is to the outbox worker. A new type is one file in channels/ and one line in the table of delivery.c.
 *
 * The worker hands a channel a few alerts at once, and waits for a report about each before it hands over more. The report may come from
 * inside send() or later from the event loop. A channel never waits inside: what takes time is a source on the loop.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "config/config.h"

enum fw_send_outcome {
        FW_SEND_TAKEN,   /* the channel has it, for good: flushed, or acknowledged by the other side */
        FW_SEND_FAILED,  /* not now: it is tried again */
        FW_SEND_REFUSED, /* this one never: the row fails, the channel is well */
        FW_SEND_WAITS,   /* handed on; fw_delivery_acknowledge() tells when it arrived */
};

/* `answer`: the channel's words, for people; copied. */
typedef void fw_channel_report_function(void *userdata, int64_t row_id, enum fw_send_outcome outcome,
                                        struct fw_str answer);

/* What a channel gets from the worker; lives longer than the channel. */
struct fw_channel_world {
        sd_event *event;
        const struct fw_clock *clock;
        const char *journal_socket; /* where a journal listens if there is one */
        fw_channel_report_function *report;
        void *userdata;
};

/* One alert on its way. Valid during send(). */
struct fw_parcel {
        int64_t row_id;
        const json_t *alert;
};

struct fw_channel_driver {
        enum fw_channel_type type;
        /* Never fails: what is wrong is reported by send(), which is tried again. The name and target are copied. */
        void *(*open)(const struct fw_channel_config *config, const struct fw_channel_world *world);
        void (*send)(void *channel, const struct fw_parcel *parcels, size_t len);
        /* Files may have been moved away; NULL: has none. */
        void (*reopen)(void *channel);
        /* Reports nothing any more. Returns NULL. */
        void *(*close)(void *channel);
};

extern const struct fw_channel_driver fw_channel_log, fw_channel_desktop;

/* The file target of a log channel, JSON lines (channels/log_file.c). */
struct fw_log_file;
/* Does not open yet. `path` is copied. */
struct fw_log_file *fw_log_file_new(struct fw_str path);
struct fw_log_file *fw_log_file_free(struct fw_log_file *file);
void fw_log_file_reopen(struct fw_log_file *file);
/*
 * Makes ready for a batch: opens the file, or opens it again when another one stands at its path, and repairs an unfinished last line.
 * 0 or a negative errno.
 */
int fw_log_file_start(struct fw_log_file *file);
/* Appends the alert as one line in one write. After a failure the file is as it was before. */
int fw_log_file_append(struct fw_log_file *file, const json_t *alert);
/* What was appended is on the disk. */
int fw_log_file_flush(struct fw_log_file *file);
