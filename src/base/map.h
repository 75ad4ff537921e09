/*
 * map: a hash map from byte strings to pointers or numbers (open addressing, keyed hash, so that outside keys cannot aim
 * at one slot). Keys are not copied: they must live as long as the map; values are not owned.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

union fw_map_value {
        void *pointer;
        uint64_t number;
};

struct fw_map_entry {
        struct fw_str key;
        union fw_map_value value;
        uint64_t hash;
        bool used;
};

struct fw_map {
        struct fw_map_entry *entries;
        size_t len; /* keys in the map */
        size_t cap; /* a power of two, or 0 */
        uint64_t seed;
};

void fw_map_init(struct fw_map *map);
void fw_map_done(struct fw_map *map);
/* The value of `key`, or NULL. Valid until the next insertion. */
union fw_map_value *fw_map_get(const struct fw_map *map, struct fw_str key);
/* The value's place, made (zeroed) if the key is new; `*ret_new`, if not NULL, tells which. */
union fw_map_value *fw_map_put(struct fw_map *map, struct fw_str key, bool *ret_new);
/* True if the key was there. */
bool fw_map_remove(struct fw_map *map, struct fw_str key);
/* Iterates in no particular order: start with *position = 0; NULL at the end. Not while inserting or removing. */
struct fw_map_entry *fw_map_next(const struct fw_map *map, size_t *position);
