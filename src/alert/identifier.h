/*
 * identifier: alert ids that sort as the alerts were made.
 */
#pragma once

#include <stdint.h>

#include "base/random.h"
#include "base/str.h"

/*
 * A new ULID, greater than `previous` (the id made last; empty: none) as long as the clock is not set back by more than a minute:
 * in the same millisecond, or just behind it, it is `previous` plus one.
 */
void fw_alert_next_id(struct fw_str previous, struct fw_random *random, int64_t now_usec, char out[FW_ULID_LEN + 1]);
