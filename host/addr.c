/* SPDX-License-Identifier: MIT */
#include "addr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first twelve bytes of an IPv4-mapped IPv6 address (RFC 4291 2.5.5.2). */
static const uint8_t mapped_head[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};

static socklen_t put_ipv4(struct sockaddr_storage *out, const struct atc_addr *addr)
{
    struct sockaddr_in in4 = {.sin_family = AF_INET};

    in4.sin_port = htons(addr->port);
    memcpy(&in4.sin_addr, addr->ip, sizeof in4.sin_addr);
    memcpy(out, &in4, sizeof in4);
    return sizeof in4;
}

static socklen_t put_ipv6(struct sockaddr_storage *out, const struct atc_addr *addr)
{
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    uint8_t *ip = in6.sin6_addr.s6_addr;

    in6.sin6_port = htons(addr->port);
    in6.sin6_scope_id = addr->scope;
    if (addr->family == ATC_FAMILY_IPV6) {
        memcpy(ip, addr->ip, sizeof addr->ip);
    } else {
        memcpy(ip, mapped_head, sizeof mapped_head);
        memcpy(ip + sizeof mapped_head, addr->ip, 4);
    }
    memcpy(out, &in6, sizeof in6);
    return sizeof in6;
}

socklen_t addr_to_sockaddr(struct sockaddr_storage *out, const struct atc_addr *addr, bool mapped)
{
    memset(out, 0, sizeof *out);
    if (addr->family == ATC_FAMILY_NONE)
        return 0;
    if (addr->family == ATC_FAMILY_IPV4 && !mapped)
        return put_ipv4(out, addr);
    return put_ipv6(out, addr);
}

static void get_ipv4(struct atc_addr *out, const struct sockaddr *in)
{
    struct sockaddr_in in4;

    memcpy(&in4, in, sizeof in4);
    out->family = ATC_FAMILY_IPV4;
    out->port = ntohs(in4.sin_port);
    memcpy(out->ip, &in4.sin_addr, sizeof in4.sin_addr);
}

static void get_ipv6(struct atc_addr *out, const struct sockaddr *in)
{
    struct sockaddr_in6 in6;
    const uint8_t *ip = in6.sin6_addr.s6_addr;

    memcpy(&in6, in, sizeof in6);
    out->port = ntohs(in6.sin6_port);
    if (memcmp(ip, mapped_head, sizeof mapped_head) == 0) {
        out->family = ATC_FAMILY_IPV4;
        memcpy(out->ip, ip + sizeof mapped_head, 4);
    } else {
        out->family = ATC_FAMILY_IPV6;
        out->scope = in6.sin6_scope_id;
        memcpy(out->ip, ip, sizeof out->ip);
    }
}

void addr_from_sockaddr(struct atc_addr *out, const struct sockaddr *in)
{
    memset(out, 0, sizeof *out);
    if (in->sa_family == AF_INET)
        get_ipv4(out, in);
    else if (in->sa_family == AF_INET6)
        get_ipv6(out, in);
}

/* An interface by number or name, 0 if it is none. */
static uint32_t read_scope(const char *text)
{
    char *end = NULL;
    const unsigned long number = strtoul(text, &end, 10);

    if (*text >= '0' && *text <= '9' && *end == '\0')
        return number <= UINT32_MAX ? (uint32_t)number : 0;
    return if_nametoindex(text);
}

/* A literal with a zone behind it. */
static bool parse_zoned(struct atc_addr *out, const char *text, const char *percent)
{
    const size_t len = (size_t)(percent - text);
    char ip[INET6_ADDRSTRLEN];

    if (len >= sizeof ip)
        return false;
    memcpy(ip, text, len);
    ip[len] = '\0';
    out->family = ATC_FAMILY_IPV6;
    out->scope = read_scope(percent + 1);
    return out->scope != 0 && inet_pton(AF_INET6, ip, out->ip) == 1;
}

bool addr_parse(struct atc_addr *out, const char *text)
{
    const char *percent = strchr(text, '%');

    memset(out, 0, sizeof *out);
    if (percent != NULL)
        return parse_zoned(out, text, percent);
    if (inet_pton(AF_INET, text, out->ip) == 1) {
        out->family = ATC_FAMILY_IPV4;
        return true;
    }
    if (inet_pton(AF_INET6, text, out->ip) == 1) {
        out->family = ATC_FAMILY_IPV6;
        return true;
    }
    return false;
}

void addr_text(char out[ADDR_TEXT_MAX], const struct atc_addr *addr)
{
    const bool v6 = addr->family == ATC_FAMILY_IPV6;
    char ip[INET6_ADDRSTRLEN] = "?";

    if (addr->family != ATC_FAMILY_NONE)
        (void)inet_ntop(v6 ? AF_INET6 : AF_INET, addr->ip, ip, sizeof ip);
    if (addr->scope != 0)
        (void)snprintf(out, ADDR_TEXT_MAX, "[%s%%%u]:%u", ip, (unsigned)addr->scope,
                       (unsigned)addr->port);
    else
        (void)snprintf(out, ADDR_TEXT_MAX, v6 ? "[%s]:%u" : "%s:%u", ip, (unsigned)addr->port);
}
