/* SPDX-License-Identifier: MIT
 *
 * Addresses between three worlds: the core's struct atc_addr, the system's
 * sockaddr and text. Leaves names to resolve.c and sockets to udp.c.
 */
#ifndef ATCOAP_HOST_ADDR_H
#define ATCOAP_HOST_ADDR_H

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "atcoap/atcoap.h"

/* Room for the longest text of addr_text(), "[" IPv6 "%4294967295]:65535" and NUL. */
enum { ADDR_TEXT_MAX = INET6_ADDRSTRLEN + 19 };

/* The same address for the system. On a socket of both families (mapped) IPv4
 * is written as ::ffff:a.b.c.d. Returns the length of what was filled in, 0 if
 * addr has no family. */
socklen_t addr_to_sockaddr(struct sockaddr_storage *out, const struct atc_addr *addr, bool mapped);

/* The same address for the core; ::ffff:a.b.c.d becomes IPv4. */
void addr_from_sockaddr(struct atc_addr *out, const struct sockaddr *in);

/* Read an IPv4 or IPv6 literal without brackets and port; behind a link-local
 * one may stand % and an interface, by number or name. Returns whether it was
 * one. */
bool addr_parse(struct atc_addr *out, const char *text);

/* "127.0.0.1:5683", "[::1]:5683" or "[fe80::1%2]:5683". */
void addr_text(char out[ADDR_TEXT_MAX], const struct atc_addr *addr);

/* Whether it is the same address and port. */
static inline bool addr_same(const struct atc_addr *a, const struct atc_addr *b)
{
    return a->family == b->family && a->port == b->port && a->scope == b->scope &&
           memcmp(a->ip, b->ip, a->family == ATC_FAMILY_IPV6 ? 16u : 4u) == 0;
}

#endif
