/*
 * fuzz: what a fuzz target and the replay driver share. A target includes this, calls what it tests with the bytes, and uses
 * fuzz_check() for what must hold; it must not depend on anything but the bytes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert(), there in every build. */
#define fuzz_check(condition)                                                                          \
        do {                                                                                           \
                if (!(condition)) {                                                                    \
                        fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
                        abort();                                                                       \
                }                                                                                      \
        } while (0)

static inline struct fw_str fuzz_str(const uint8_t *data, size_t size)
{
        return fw_str_n((const char *) data, size);
}
