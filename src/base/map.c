/*
 * Linear probing over a power of two, at most three quarters full; removal moves the followers of a run back, so there are
 * no tombstones. The hash is keyed with what the kernel gave this process at exec, which needs neither a global nor a call.
 */
#include "base/map.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <xxhash.h>

#include "base/alloc.h"

#define SMALLEST_CAP   16
#define AT_RANDOM_SIZE 16

void fw_map_init(struct fw_map *map)
{
        *map = (struct fw_map){ 0 };
}

void fw_map_done(struct fw_map *map)
{
        free(map->entries);
        *map = (struct fw_map){ 0 };
}

static uint64_t process_key(void)
{
        const void *bytes = (const void *) getauxval(AT_RANDOM);
        return bytes ? XXH3_64bits(bytes, AT_RANDOM_SIZE) : 0;
}

static uint64_t hash_key(const struct fw_map *map, struct fw_str key)
{
        return XXH3_64bits_withSeed(key.p ? key.p : "", key.len, map->seed);
}

/* The entry of `key`, or the free one where it belongs. */
static struct fw_map_entry *find(const struct fw_map *map, struct fw_str key, uint64_t hash)
{
        for (size_t i = hash & (map->cap - 1);; i = (i + 1) & (map->cap - 1)) {
                struct fw_map_entry *entry = &map->entries[i];
                if (!entry->used || (entry->hash == hash && fw_str_eq(entry->key, key)))
                        return entry;
        }
}

static void grow(struct fw_map *map)
{
        struct fw_map bigger = {
                .len = map->len,
                .cap = map->cap ? map->cap * 2 : SMALLEST_CAP,
                .seed = map->cap ? map->seed : process_key(),
        };
        bigger.entries = fw_calloc(bigger.cap, sizeof(*bigger.entries));
        for (size_t i = 0; i < map->cap; i++)
                if (map->entries[i].used)
                        *find(&bigger, map->entries[i].key, map->entries[i].hash) = map->entries[i];
        free(map->entries);
        *map = bigger;
}

union fw_map_value *fw_map_get(const struct fw_map *map, struct fw_str key)
{
        if (map->len == 0)
                return NULL;
        struct fw_map_entry *entry = find(map, key, hash_key(map, key));
        return entry->used ? &entry->value : NULL;
}

union fw_map_value *fw_map_put(struct fw_map *map, struct fw_str key, bool *ret_new)
{
        if (map->len + 1 > map->cap / 4 * 3)
                grow(map);
        uint64_t hash = hash_key(map, key);
        struct fw_map_entry *entry = find(map, key, hash);
        if (ret_new)
                *ret_new = !entry->used;
        if (!entry->used) {
                *entry = (struct fw_map_entry){ .key = key, .hash = hash, .used = true };
                map->len++;
        }
        return &entry->value;
}

bool fw_map_remove(struct fw_map *map, struct fw_str key)
{
        if (map->len == 0)
                return false;
        struct fw_map_entry *entry = find(map, key, hash_key(map, key));
        if (!entry->used)
                return false;

        size_t mask = map->cap - 1;
        size_t hole = (size_t) (entry - map->entries);
        for (size_t i = (hole + 1) & mask; map->entries[i].used; i = (i + 1) & mask) {
                size_t home = map->entries[i].hash & mask;
                if (((i - home) & mask) < ((i - hole) & mask))
                        continue;
                map->entries[hole] = map->entries[i];
                hole = i;
        }
        map->entries[hole] = (struct fw_map_entry){ 0 };
        map->len--;
        return true;
}

struct fw_map_entry *fw_map_next(const struct fw_map *map, size_t *position)
{
        while (*position < map->cap) {
                struct fw_map_entry *entry = &map->entries[(*position)++];
                if (entry->used)
                        return entry;
        }
        return NULL;
}
