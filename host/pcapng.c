/* SPDX-License-Identifier: MIT */
#include "pcapng.h"

#include <string.h>

enum {
    BLOCK_SECTION = 0x0A0D0D0A,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    BLOCK_SECRETS = 0x0A,
    BYTE_ORDER_MAGIC = 0x1A2B3C4D,
    SECRETS_TLS = 0x544C534B, /* a TLS key log */
    LINK_RAW = 101            /* a packet begins with its IP header, of either version */
};

/* Options. */
enum {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_APPLICATION = 4, /* of a section */
    OPTION_NAME = 2,        /* of an interface */
    OPTION_RESOLUTION = 9,
    OPTION_FLAGS = 2 /* of a packet */
};

enum { FLAG_INBOUND = 1, FLAG_OUTBOUND = 2, MICROSECONDS = 6 };

enum { IPV4_HEAD = 20, IPV6_HEAD = 40, UDP_HEAD = 8, PROTOCOL_UDP = 17, HOPS = 64 };

/* The first twelve bytes of an IPv4 address as an IPv6 one (RFC 4291 2.5.5.2). */
static const uint8_t mapped_head[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};

/* --- blocks ----------------------------------------------------------------------------------- */

static void put16(struct script_buf *out, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8)};

    script_buf_add(out, bytes, sizeof bytes);
}

static void put32(struct script_buf *out, uint32_t value)
{
    put16(out, value & 0xFFFF);
    put16(out, value >> 16);
}

static void put_padded(struct script_buf *out, const void *data, size_t len)
{
    static const uint8_t zeros[4] = {0};

    script_buf_add(out, data, len);
    script_buf_add(out, zeros, (4 - len % 4) % 4);
}

static void put_option(struct script_buf *out, uint16_t code, const void *value, size_t len)
{
    put16(out, code);
    put16(out, (uint32_t)len);
    put_padded(out, value, len);
}

static void put_text_option(struct script_buf *out, uint16_t code, const char *text)
{
    put_option(out, code, text, strlen(text));
}

/* Returns where the block starts, for end_block(). */
static size_t begin_block(struct script_buf *out, uint32_t type)
{
    const size_t start = out->len;

    put32(out, type);
    put32(out, 0);
    return start;
}

/* A block tells its length at both ends. */
static void end_block(struct script_buf *out, size_t start)
{
    const size_t len = out->len - start + 4;
    const uint8_t bytes[] = {(uint8_t)len, (uint8_t)(len >> 8), (uint8_t)(len >> 16),
                             (uint8_t)(len >> 24)};

    memcpy(out->data + start + 4, bytes, sizeof bytes);
    script_buf_add(out, bytes, sizeof bytes);
}

/* --- packets ---------------------------------------------------------------------------------- */

static void store16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* The sum of RFC 1071, not folded. */
static uint64_t sum(const uint8_t *data, size_t len)
{
    uint64_t total = 0;

    for (size_t i = 0; i + 1 < len; i += 2)
        total += (uint64_t)data[i] << 8 | data[i + 1];
    return len % 2 != 0 ? total + ((uint64_t)data[len - 1] << 8) : total;
}

static uint16_t checksum(uint64_t total)
{
    while (total >> 16 != 0)
        total = (total & 0xFFFF) + (total >> 16);
    return (uint16_t)~total;
}

static void store_udp(uint8_t udp[UDP_HEAD], const struct pcapng_packet *p, size_t len,
                      uint64_t addresses)
{
    uint16_t check;

    store16(udp, p->from.port);
    store16(udp + 2, p->to.port);
    store16(udp + 4, UDP_HEAD + len);
    store16(udp + 6, 0);
    check = checksum(addresses + PROTOCOL_UDP + UDP_HEAD + len + sum(udp, UDP_HEAD) +
                     sum(p->data, len));
    store16(udp + 6, check != 0 ? check : 0xFFFF);
}

/* Returns the length of both headers. */
static size_t store_ipv4(uint8_t *head, const struct pcapng_packet *p, size_t len)
{
    memset(head, 0, IPV4_HEAD);
    head[0] = 0x45;
    store16(head + 2, IPV4_HEAD + UDP_HEAD + len);
    head[8] = HOPS;
    head[9] = PROTOCOL_UDP;
    memcpy(head + 12, p->from.ip, 4);
    memcpy(head + 16, p->to.ip, 4);
    store16(head + 10, checksum(sum(head, IPV4_HEAD)));
    store_udp(head + IPV4_HEAD, p, len, sum(head + 12, 8));
    return IPV4_HEAD + UDP_HEAD;
}

static void store_address(uint8_t *at, const struct atc_addr *addr)
{
    memset(at, 0, 16);
    if (addr->family == ATC_FAMILY_IPV6)
        memcpy(at, addr->ip, 16);
    if (addr->family != ATC_FAMILY_IPV4)
        return;
    memcpy(at, mapped_head, sizeof mapped_head);
    memcpy(at + sizeof mapped_head, addr->ip, 4);
}

static size_t store_ipv6(uint8_t *head, const struct pcapng_packet *p, size_t len)
{
    memset(head, 0, IPV6_HEAD);
    head[0] = 0x60;
    store16(head + 4, UDP_HEAD + len);
    head[6] = PROTOCOL_UDP;
    head[7] = HOPS;
    store_address(head + 8, &p->from);
    store_address(head + 24, &p->to);
    store_udp(head + IPV6_HEAD, p, len, sum(head + 8, 32));
    return IPV6_HEAD + UDP_HEAD;
}

static void put_packet_options(struct script_buf *out, const struct pcapng_packet *p)
{
    const uint8_t flags[4] = {p->inbound ? FLAG_INBOUND : FLAG_OUTBOUND};
    const size_t len = p->comment.len < UINT16_MAX ? p->comment.len : UINT16_MAX;

    if (len > 0)
        put_option(out, OPTION_COMMENT, p->comment.text, len);
    put_option(out, OPTION_FLAGS, flags, sizeof flags);
    put32(out, OPTION_END);
}

void pcapng_packet(struct script_buf *out, const struct pcapng_packet *p)
{
    const bool v4 = p->from.family == ATC_FAMILY_IPV4 && p->to.family == ATC_FAMILY_IPV4;
    const size_t len = p->len < PCAPNG_DATAGRAM_MAX ? p->len : PCAPNG_DATAGRAM_MAX;
    uint8_t head[IPV6_HEAD + UDP_HEAD];
    const size_t head_len = v4 ? store_ipv4(head, p, len) : store_ipv6(head, p, len);
    const size_t start = begin_block(out, BLOCK_PACKET);

    put32(out, 0); /* the interface */
    put32(out, (uint32_t)(p->us >> 32));
    put32(out, (uint32_t)p->us);
    put32(out, (uint32_t)(head_len + len));
    put32(out, (uint32_t)(head_len + p->len));
    script_buf_add(out, head, head_len); /* a multiple of four */
    put_padded(out, p->data, len);
    put_packet_options(out, p);
    end_block(out, start);
}

void pcapng_secrets(struct script_buf *out, struct script_span lines)
{
    const size_t start = begin_block(out, BLOCK_SECRETS);

    put32(out, SECRETS_TLS);
    put32(out, (uint32_t)lines.len);
    put_padded(out, lines.text, lines.len);
    end_block(out, start);
}

void pcapng_start(struct script_buf *out, const char *application)
{
    const uint8_t resolution = MICROSECONDS;
    size_t start = begin_block(out, BLOCK_SECTION);

    put32(out, BYTE_ORDER_MAGIC);
    put16(out, 1); /* version 1.0 */
    put16(out, 0);
    put32(out, UINT32_MAX); /* the length of the section is not known */
    put32(out, UINT32_MAX);
    put_text_option(out, OPTION_APPLICATION, application);
    put32(out, OPTION_END);
    end_block(out, start);

    start = begin_block(out, BLOCK_INTERFACE);
    put16(out, LINK_RAW);
    put16(out, 0);
    put32(out, 0); /* packets are not cut */
    put_text_option(out, OPTION_NAME, "module");
    put_option(out, OPTION_RESOLUTION, &resolution, sizeof resolution);
    put32(out, OPTION_END);
    end_block(out, start);
}
