/*
 * address: which network addresses are not of the public internet. Pure.
 */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

/*
 * True for what the IANA special-purpose address registries (RFC 6890) do not call globally reachable: loopback,
 * private, link-local, shared, multicast, documentation …, also when an IPv6 address carries such an IPv4 one (mapped,
 * NAT64, 6to4). Other families than IPv4 and IPv6 are private.
 */
bool fw_address_is_private(const struct sockaddr *address);
