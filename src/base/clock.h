/*
 * clock: time as a value that is passed in, so that tests can hold it still.
 *
 * Wall-clock instants are int64_t microseconds since 1970-01-01T00:00:00Z and named `…_usec`; spans are uint64_t
 * microseconds. FW_TIME_NONE is "no such instant".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define FW_TIME_NONE       INT64_MIN
#define FW_USEC_PER_MSEC   ((uint64_t) 1000)
#define FW_USEC_PER_SEC    ((uint64_t) 1000000)
#define FW_USEC_PER_MINUTE (60 * FW_USEC_PER_SEC)
#define FW_USEC_PER_HOUR   (60 * FW_USEC_PER_MINUTE)
#define FW_USEC_PER_DAY    (24 * FW_USEC_PER_HOUR)

struct fw_clock {
        int64_t (*wall_usec)(void *userdata);
        uint64_t (*monotonic_usec)(void *userdata); /* goes on in suspend (CLOCK_BOOTTIME) */
        void *userdata;
};

/* The machine's clocks. */
struct fw_clock fw_clock_system(void);
static inline int64_t fw_clock_wall(const struct fw_clock *clock)
{
        return clock->wall_usec(clock->userdata);
}
static inline uint64_t fw_clock_monotonic(const struct fw_clock *clock)
{
        return clock->monotonic_usec(clock->userdata);
}

/* A clock that moves only when told to. */
struct fw_manual_clock {
        int64_t wall_usec;
        uint64_t monotonic_usec;
};
struct fw_clock fw_clock_manual(struct fw_manual_clock *manual);
void fw_manual_clock_advance(struct fw_manual_clock *manual, uint64_t usec);

/* Proleptic Gregorian calendar, UTC. `month` 1..12, `day` 1..31; seconds may be 60 (a leap second counts as the next one). */
struct fw_civil {
        int64_t year;
        int month, day, hour, minute, second;
        int usec;
        int weekday; /* 0 = Sunday; ignored on input */
};
int64_t fw_civil_to_usec(const struct fw_civil *civil);
struct fw_civil fw_civil_from_usec(int64_t usec);

/* "2024-10-24T09:31:02Z", with ".123456" if there is a fraction. FW_TIME_NONE appends nothing. */
int fw_append_rfc3339(struct fw_buf *buf, int64_t usec);
/* RFC 3339 date-time only (feeds' odd dates are feed/date.h's business). 0 or -EINVAL. */
int fw_parse_rfc3339(struct fw_str s, int64_t *ret_usec);
/* The local time zone's "2024-10-24 09:31:02". */
int fw_append_local_time(struct fw_buf *buf, int64_t usec);

/*
 * Durations as people write them in configuration and on the command line: "90s", "15m", "6h", "7d", "2w", "500ms", also
 * joined: "1h30m". 0, -EINVAL (no unit, unknown unit, empty), -ERANGE (above 100 years).
 */
int fw_parse_duration(struct fw_str s, uint64_t *ret_usec);
/* The shortest exact form of the above: "1h30m", "0s". */
int fw_append_duration(struct fw_buf *buf, uint64_t usec);
/* For people, at most two units, rounded: "3 days 4 h", "2 min", "1.3 s". */
int fw_append_duration_words(struct fw_buf *buf, uint64_t usec);
/* "64KiB", "16MiB", "1GiB", "512B", "10kB" (1000). 0, -EINVAL, -ERANGE. */
int fw_parse_size(struct fw_str s, uint64_t *ret_bytes);
/* "12.3 KiB", for people. */
int fw_append_size(struct fw_buf *buf, uint64_t bytes);
