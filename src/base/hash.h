/*
 * hash: fingerprints. Not cryptographic.
 */
#pragma once

#include <stdint.h>

#include "base/str.h"

struct fw_hash128 {
        uint8_t bytes[16];
};

/* XXH3; the same on every machine and in every version, so it may be stored. */
uint64_t fw_hash64(struct fw_str s);
struct fw_hash128 fw_hash128(struct fw_str s);
/* Several strings as one: lengths count, so ("ab","c") and ("a","bc") differ. */
struct fw_hash128 fw_hash128_parts(const struct fw_str *parts, size_t count);
