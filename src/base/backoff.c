#include "base/backoff.h"

#include "base/macros.h"

uint64_t fw_spread_usec(uint64_t span_usec, uint32_t spread)
{
        return (uint64_t) (((__uint128_t) span_usec * spread) >> 32);
}

uint64_t fw_backoff_delay_usec(unsigned failures, uint64_t base_usec, uint64_t cap_usec, uint32_t spread)
{
        uint64_t delay = FW_MIN(base_usec, cap_usec);
        for (unsigned i = 1; i < failures && delay < cap_usec; i++)
                delay = delay > cap_usec / 2 ? cap_usec : delay * 2;
        return delay - fw_spread_usec(delay / 2, spread);
}
