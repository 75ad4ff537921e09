/*
 * delivery: the outbox worker. Sends what is stored, until each channel took it or 24 h are over.
 *
 * At least once, with the alert's stable id. A failing channel never delays another: each has its own queue, and retries with
 * exponential backoff and jitter. After FW_DELIVERY_GIVE_UP_USEC the row is kept as failed. A kill at any instant loses nothing: a row is
 * only marked as sent after the channel said so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/clock.h"
#include "base/random.h"
#include "config/config.h"
#include "store/store.h"

#define FW_DELIVERY_GIVE_UP_USEC    FW_USEC_PER_DAY
#define FW_DELIVERY_RETRY_BASE_USEC (5 * FW_USEC_PER_SEC)
#define FW_DELIVERY_RETRY_CAP_USEC  FW_USEC_PER_HOUR

/* Something for people happened on a channel: it failed (first time, or for good), or works again. */
enum fw_delivery_news {
        FW_DELIVERY_FAILING,
        FW_DELIVERY_RECOVERED,
        FW_DELIVERY_GAVE_UP, /* of an alert; where nobody acknowledges, once a day */
};
typedef void fw_delivery_news_function(void *userdata, enum fw_delivery_news news, struct fw_str channel,
                                       struct fw_str words);

struct fw_delivery;

/* `store`, `clock`, `random` are borrowed and must outlive it. */
int fw_delivery_new(sd_event *event, struct fw_store *store, const struct fw_clock *clock, struct fw_random *random,
                    fw_delivery_news_function *on_news, void *userdata, struct fw_delivery **ret_delivery);
struct fw_delivery *fw_delivery_free(struct fw_delivery *delivery);
FW_DEFINE_CLEANUP(struct fw_delivery, fw_delivery_free);

/* The channels from now on (copied). Pending rows of channels that are gone are failed with that reason; all others are
 * tried now, whatever their backoff: who mended a channel reloads or restarts, and does not want to wait. */
int fw_delivery_configure(struct fw_delivery *delivery, const struct fw_config *config);
/* New rows were committed: look now instead of at the next due time. */
void fw_delivery_kick(struct fw_delivery *delivery);
/* Log files may have been rotated: reopen them. (They are also reopened when their inode changed.) */
void fw_delivery_reopen(struct fw_delivery *delivery);
/* A desktop agent showed the alert: its row is sent. 0, -ENOENT. */
int fw_delivery_acknowledge(struct fw_delivery *delivery, struct fw_str channel, struct fw_str alert_id,
                            struct fw_str answer);
/* No row is due now and none is under way. */
bool fw_delivery_idle(const struct fw_delivery *delivery);

struct fw_channel_health {
        struct fw_str name;
        enum fw_channel_type type;
        uint32_t failures; /* in a row */
        struct fw_str last_error;
        int64_t last_sent_usec;
};
/* By index, in the configuration's order; false at the end. Views are valid until the next call of this room. */
bool fw_delivery_health(const struct fw_delivery *delivery, size_t index, struct fw_channel_health *ret_health);
