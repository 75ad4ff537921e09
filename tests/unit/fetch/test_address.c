#include "fetch/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/macros.h"
#include "unit.h"

static bool is_private(const char *text)
{
        struct sockaddr_storage address = { 0 };
        struct sockaddr_in *v4 = (struct sockaddr_in *) &address;
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *) &address;
        if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
                address.ss_family = AF_INET;
        } else {
                ck_assert_int_eq(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
                address.ss_family = AF_INET6;
        }
        return fw_address_is_private((const struct sockaddr *) &address);
}

START_TEST(private_ranges_are_private_to_their_last_address)
{
        static const char *const addresses[] = {
                "0.0.0.0",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "febf::1",
                "ff02::1",
                "2001:db8::1",
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(addresses); i++)
                ck_assert_msg(is_private(addresses[i]), "%s", addresses[i]);
}
END_TEST

START_TEST(their_neighbours_are_public)
{
        static const char *const addresses[] = {
                "1.0.0.0",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255", "100.128.0.0",
                "126.255.255.255", "128.0.0.0",       "169.253.255.255", "172.15.255.255", "172.32.0.0",
                "192.167.255.255", "192.169.0.0",     "198.17.255.255",  "198.20.0.0",     "223.255.255.255",
                "2a00:1450::1",    "2606:4700::1111",
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(addresses); i++)
                ck_assert_msg(!is_private(addresses[i]), "%s", addresses[i]);
}
END_TEST

START_TEST(an_address_inside_an_address_counts)
{
        ck_assert(is_private("::ffff:127.0.0.1"));
        ck_assert(is_private("64:ff9b::10.0.0.1"));
        ck_assert(is_private("2002:7f00:0001::1"));
        ck_assert(is_private("::127.0.0.1"));
        ck_assert(!is_private("::ffff:8.8.8.8"));
        ck_assert(!is_private("64:ff9b::8.8.8.8"));
        ck_assert(!is_private("2002:0808:0808::1"));
}
END_TEST

START_TEST(other_families_are_private)
{
        struct sockaddr address = { .sa_family = AF_UNIX };
        ck_assert(fw_address_is_private(&address));
        address.sa_family = AF_UNSPEC;
        ck_assert(fw_address_is_private(&address));
}
END_TEST

UNIT_MAIN("address", private_ranges_are_private_to_their_last_address, their_neighbours_are_public,
          an_address_inside_an_address_counts, other_families_are_private)
