/*
 * words: "a|b|c" as an array.
 */
#pragma once

#include "base/arena.h"

struct fw_words {
        const char **names; /* ended by NULL */
        size_t len;
};
struct fw_words fw_words_split(const char *words, struct fw_arena *arena);
