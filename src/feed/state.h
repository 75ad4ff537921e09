/*
 * state: what is remembered of a feed between two polls. Plain values: fetch decides on them, store keeps them, control
 * shows them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define FW_FEED_CONDITIONS(X)                                                     \
        X(NEW, "new", "not polled yet")                                           \
        X(OK, "ok", "the last poll succeeded")                                    \
        X(FAILING, "failing", "the last poll failed; polled less and less often") \
        X(PAUSED, "paused", "not polled until resumed")                           \
        X(GONE, "gone", "the publisher says that it is gone (410); not polled")

enum fw_feed_condition {
#define FW_X(name, text, help) FW_FEED_IS_##name,
        FW_FEED_CONDITIONS(FW_X)
#undef FW_X
};
const char *fw_feed_condition_name(enum fw_feed_condition condition);
/* 0 or -EINVAL. */
int fw_feed_condition_from_name(struct fw_str name, enum fw_feed_condition *ret_condition);

struct fw_feed_state {
        int64_t key;             /* the store's; 0: not stored yet */
        struct fw_str id;        /* the configuration's */
        struct fw_str url;       /* as configured */
        struct fw_str moved_url; /* where permanent redirects lead; empty: nowhere else */
        uint32_t moved_polls;    /* polls in a row that said so */
        struct fw_str title;     /* the feed's own */
        struct fw_str home_page_url;

        enum fw_feed_condition condition;
        struct fw_str reason;    /* why it fails, is paused or gone, in words; empty when ok */
        uint32_t failures;       /* in a row */
        uint32_t http_status;    /* of the last answer; 0: none came */
        struct fw_str malformed; /* what was wrong with the last body, in words; empty: nothing */

        struct fw_str entity_tag;     /* as sent, byte for byte, quotes and W/ included; empty: none */
        struct fw_str last_modified;  /* as sent */
        struct fw_str validators_url; /* the URL that gave them; they are sent to no other */
        uint64_t body_hash;           /* of the last body that was read; 0: none */
        uint64_t body_bytes;

        int64_t first_polled_usec; /* FW_TIME_NONE: never */
        int64_t last_polled_usec;
        int64_t last_success_usec;  /* 200 or 304 */
        int64_t last_complete_usec; /* the last time that its items were read, or known unchanged */
        int64_t next_due_usec;      /* FW_TIME_NONE: never (gone) */
        int64_t not_before_usec; /* the server asked to be left alone until then (Retry-After), which even a forced check
                                        honours; FW_TIME_NONE: it did not */
        struct fw_str due_reason; /* "every 15m", "slowed by the publisher: max-age 1h" */

        /* What the publisher asked for, kept from the last body. */
        uint32_t ttl_minutes, update_period_minutes, skip_hours;
        uint8_t skip_days;
};
