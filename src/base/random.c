/*
 * xoshiro256++ by Blackman and Vigna, seeded through splitmix64.
 */
#include "base/random.h"

#include <sys/random.h>
#include <time.h>

static uint64_t splitmix(uint64_t *state)
{
        uint64_t z = (*state += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
}

void fw_random_init_seed(struct fw_random *random, uint64_t seed)
{
        for (unsigned i = 0; i < 4; i++)
                random->state[i] = splitmix(&seed);
}

void fw_random_init(struct fw_random *random)
{
        if (getrandom(random->state, sizeof(random->state), 0) == (ssize_t) sizeof(random->state))
                return;
        /* a kernel without getrandom: not for secrets, so the clock will do */
        struct timespec now;
        (void) clock_gettime(CLOCK_MONOTONIC, &now);
        fw_random_init_seed(random, (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec);
}

static uint64_t rotate(uint64_t x, unsigned by)
{
        return (x << by) | (x >> (64 - by));
}

uint64_t fw_random_u64(struct fw_random *random)
{
        uint64_t *s = random->state;
        uint64_t result = rotate(s[0] + s[3], 23) + s[0];
        uint64_t t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = rotate(s[3], 45);
        return result;
}

static void put_base32(uint64_t bits, unsigned count, char *out)
{
        static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        for (unsigned i = count; i-- > 0; bits >>= 5)
                out[i] = alphabet[bits & 31];
}

void fw_ulid(struct fw_random *random, int64_t now_usec, char out[FW_ULID_LEN + 1])
{
        uint64_t msec = now_usec > 0 ? (uint64_t) now_usec / 1000 : 0;
        put_base32(msec & ((UINT64_C(1) << 48) - 1), 10, out);
        put_base32(fw_random_u64(random), 8, out + 10);
        put_base32(fw_random_u64(random), 8, out + 18);
        out[FW_ULID_LEN] = '\0';
}
