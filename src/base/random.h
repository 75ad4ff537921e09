/*
 * random: numbers for jitter and identifiers, from a source that is passed in. Not for secrets.
 */
#pragma once

#include <stdint.h>

struct fw_random {
        uint64_t state[4];
};

/* From the kernel. */
void fw_random_init(struct fw_random *random);
/* The same sequence every time, for tests. */
void fw_random_init_seed(struct fw_random *random, uint64_t seed);
uint64_t fw_random_u64(struct fw_random *random);
static inline uint32_t fw_random_u32(struct fw_random *random)
{
        return (uint32_t) (fw_random_u64(random) >> 32);
}

/* A ULID is 26 characters: 48 bits of time in milliseconds, 80 random bits, Crockford's base 32; sorts by time. */
#define FW_ULID_LEN 26
void fw_ulid(struct fw_random *random, int64_t now_usec, char out[FW_ULID_LEN + 1]);
