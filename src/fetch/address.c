#include "fetch/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/macros.h"

struct prefix4 {
        uint8_t bytes[4];
        unsigned bits;
};
static const struct prefix4 private4[] = {
        { { 0, 0, 0, 0 }, 8 },      { { 10, 0, 0, 0 }, 8 },    { { 100, 64, 0, 0 }, 10 },   { { 127, 0, 0, 0 }, 8 },
        { { 169, 254, 0, 0 }, 16 }, { { 172, 16, 0, 0 }, 12 }, { { 192, 0, 0, 0 }, 24 },    { { 192, 0, 2, 0 }, 24 },
        { { 192, 168, 0, 0 }, 16 }, { { 198, 18, 0, 0 }, 15 }, { { 198, 51, 100, 0 }, 24 }, { { 203, 0, 113, 0 }, 24 },
        { { 224, 0, 0, 0 }, 4 },    { { 240, 0, 0, 0 }, 4 },
};

struct prefix6 {
        uint8_t bytes[16];
        unsigned bits;
};
static const struct prefix6 private6[] = {
        { { 0 }, 96 },                      /* unspecified, loopback, IPv4-compatible */
        { { 0x01, 0x00 }, 64 },             /* discard-only */
        { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
        { { 0xfc, 0x00 }, 7 },              /* unique local */
        { { 0xfe, 0x80 }, 10 },             /* link-local */
        { { 0xfe, 0xc0 }, 10 },             /* site-local */
        { { 0xff, 0x00 }, 8 },              /* multicast */
};
/* Prefixes of IPv6 addresses that carry an IPv4 address, and where. */
static const struct {
        struct prefix6 prefix;
        size_t offset;
} carriers[] = {
        { { { [10] = 0xff, [11] = 0xff }, 96 }, 12 }, /* mapped */
        { { { 0x00, 0x64, 0xff, 0x9b }, 96 }, 12 },   /* NAT64 */
        { { { 0x20, 0x02 }, 16 }, 2 },                /* 6to4 */
};

static bool has_prefix(const uint8_t *address, const uint8_t *prefix, unsigned bits)
{
        unsigned bytes = bits / 8;
        if (memcmp(address, prefix, bytes) != 0)
                return false;
        unsigned rest = bits % 8;
        uint8_t mask = (uint8_t) (0xff00u >> rest);
        return rest == 0 || (address[bytes] & mask) == (prefix[bytes] & mask);
}

static bool is_private4(const uint8_t address[4])
{
        for (size_t i = 0; i < FW_ARRAY_LEN(private4); i++)
                if (has_prefix(address, private4[i].bytes, private4[i].bits))
                        return true;
        return false;
}

static bool is_private6(const uint8_t address[16])
{
        for (size_t i = 0; i < FW_ARRAY_LEN(carriers); i++)
                if (has_prefix(address, carriers[i].prefix.bytes, carriers[i].prefix.bits))
                        return is_private4(address + carriers[i].offset);
        for (size_t i = 0; i < FW_ARRAY_LEN(private6); i++)
                if (has_prefix(address, private6[i].bytes, private6[i].bits))
                        return true;
        return false;
}

bool fw_address_is_private(const struct sockaddr *address)
{
        uint8_t bytes[16];
        switch (address->sa_family) {
        case AF_INET:
                memcpy(bytes, &((const struct sockaddr_in *) (const void *) address)->sin_addr, 4);
                return is_private4(bytes);
        case AF_INET6:
                memcpy(bytes, &((const struct sockaddr_in6 *) (const void *) address)->sin6_addr, 16);
                return is_private6(bytes);
        default:
                return true;
        }
}
