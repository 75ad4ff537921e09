#include "alert/identifier.h"

#include <string.h>

#include "base/clock.h"

/* How far the previous id may be ahead of the clock and still be counted on from. */
#define AHEAD_USEC ((int64_t) FW_USEC_PER_MINUTE)
#define TIME_LEN   10

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Adds one to the 80 random bits; false when they are all used up, or it is no ULID. */
static bool increment(char id[FW_ULID_LEN + 1])
{
        for (size_t i = FW_ULID_LEN; i-- > TIME_LEN;) {
                const char *digit = strchr(alphabet, id[i]);
                if (!digit)
                        return false;
                if (digit[1]) {
                        id[i] = digit[1];
                        return true;
                }
                id[i] = alphabet[0];
        }
        return false;
}

void fw_alert_next_id(struct fw_str previous, struct fw_random *random, int64_t now_usec, char out[FW_ULID_LEN + 1])
{
        char ahead[FW_ULID_LEN + 1];
        fw_ulid(random, now_usec + AHEAD_USEC, ahead);
        fw_ulid(random, now_usec, out);
        if (previous.len != FW_ULID_LEN || memcmp(previous.p, out, TIME_LEN) < 0 ||
            memcmp(previous.p, ahead, TIME_LEN) > 0)
                return;
        char next[FW_ULID_LEN + 1];
        memcpy(next, previous.p, FW_ULID_LEN);
        next[FW_ULID_LEN] = '\0';
        if (increment(next))
                memcpy(out, next, sizeof(next));
}
