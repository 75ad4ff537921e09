#include "base/hash.h"

#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"

uint64_t fw_hash64(struct fw_str s)
{
        return XXH3_64bits(s.p ? s.p : "", s.len);
}

static struct fw_hash128 canonical(XXH128_hash_t hash)
{
        XXH128_canonical_t bytes;
        XXH128_canonicalFromHash(&bytes, hash);
        struct fw_hash128 result;
        memcpy(result.bytes, bytes.digest, sizeof(result.bytes));
        return result;
}

struct fw_hash128 fw_hash128(struct fw_str s)
{
        return canonical(XXH3_128bits(s.p ? s.p : "", s.len));
}

static void free_state(XXH3_state_t **state)
{
        (void) XXH3_freeState(*state);
}

struct fw_hash128 fw_hash128_parts(const struct fw_str *parts, size_t count)
{
        fw_cleanup(free_state) XXH3_state_t *state = XXH3_createState();
        if (!state)
                fw_out_of_memory(sizeof(void *));
        (void) XXH3_128bits_reset(state);
        for (size_t i = 0; i < count; i++) {
                uint8_t length[8];
                for (unsigned b = 0; b < sizeof(length); b++)
                        length[b] = (uint8_t) ((uint64_t) parts[i].len >> (8 * b));
                (void) XXH3_128bits_update(state, length, sizeof(length));
                if (parts[i].len > 0)
                        (void) XXH3_128bits_update(state, parts[i].p, parts[i].len);
        }
        return canonical(XXH3_128bits_digest(state));
}
