/*
 * backoff: how long to leave alone what failed. Pure arithmetic.
 */
#pragma once

#include <stdint.h>

/*
 * The delay before the next try after `failures` (from 1) in a row: within the upper half of base × 2^(failures-1), at most
 * `cap_usec`. `spread` (0..UINT32_MAX) says where in that half, so that what failed together does not return together.
 */
uint64_t fw_backoff_delay_usec(unsigned failures, uint64_t base_usec, uint64_t cap_usec, uint32_t spread);
/* `span_usec` × spread / 2^32. */
uint64_t fw_spread_usec(uint64_t span_usec, uint32_t spread);
