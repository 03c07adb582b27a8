/* SPDX-License-Identifier: MIT
 *
 * Captures, byte by byte: blocks whose lengths agree, headers with right checksums, limits.
 * test/interop/records.py has tshark read what a whole run writes.
 */
#include "addr.h"
#include "check.h"
#include "pcapng.h"

static uint32_t get32(const struct script_buf *buf, size_t at)
{
    const uint8_t *b = (const uint8_t *)buf->data + at;

    assert_true(at + 4 <= buf->len);
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Both lengths of the block at *at agree; *at moves behind it. Returns its type. */
static uint32_t next_block(const struct script_buf *buf, size_t *at)
{
    const uint32_t type = get32(buf, *at), len = get32(buf, *at + 4);

    assert_int_equal(len % 4, 0);
    assert_true(len >= 12 && len <= buf->len - *at);
    assert_int_equal(get32(buf, *at + len - 4), len);
    *at += len;
    return type;
}

/* The sum over bytes whose checksum is right is all ones. Source: RFC 1071. */
static uint32_t fold(const uint8_t *data, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
    while (sum > 0xFFFF)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return sum;
}

static struct atc_addr address(const char *text, uint16_t port)
{
    struct atc_addr addr;

    assert_true(addr_parse(&addr, text));
    addr.port = port;
    return addr;
}

static void test_start(void **state)
{
    static const uint8_t section[] = {
        0x0A, 0x0D, 0x0D, 0x0A, 48,   0,    0,    0,    0x4D, 0x3C, 0x2B, 0x1A, 1,   0,   0,   0,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 4,    0,    10,   0,    'a', 't', 'c', 'o',
        'a',  'p',  ' ',  '0',  '.',  '1',  0,    0,    0,    0,    0,    0,    48,  0,   0,   0};
    struct script_buf buf = {0};
    size_t at = 0;

    (void)state;
    pcapng_start(&buf, "atcoap 0.1");
    assert_memory_equal(buf.data, section, sizeof section);
    assert_int_equal(next_block(&buf, &at), 0x0A0D0D0A);
    assert_int_equal(get32(&buf, at + 8), 101);
    assert_int_equal(next_block(&buf, &at), 1);
    assert_int_equal(at, buf.len);
    script_buf_free(&buf);
}

/* Where a packet's IP header is in its block. */
enum { PACKET_AT = 28 };

static void check_ipv4(const struct script_buf *buf, size_t len)
{
    const uint8_t *ip = (const uint8_t *)buf->data + PACKET_AT;

    assert_int_equal(ip[0], 0x45);
    assert_int_equal(ip[2] << 8 | ip[3], 28 + len);
    assert_int_equal(ip[9], 17);
    assert_int_equal(fold(ip, 20, 0), 0xFFFF);
    assert_int_equal(ip[24] << 8 | ip[25], 8 + len);
    assert_int_equal(fold(ip + 20, 8 + len, fold(ip + 12, 8, 17 + 8 + (uint32_t)len)), 0xFFFF);
}

static void check_ipv6(const struct script_buf *buf, size_t len)
{
    const uint8_t *ip = (const uint8_t *)buf->data + PACKET_AT;

    assert_int_equal(ip[0], 0x60);
    assert_int_equal(ip[4] << 8 | ip[5], 8 + len);
    assert_int_equal(ip[6], 17);
    assert_int_equal(fold(ip + 40, 8 + len, fold(ip + 8, 32, 17 + 8 + (uint32_t)len)), 0xFFFF);
}

/* Every padding, with and without a comment. */
static void test_packets(void **state)
{
    static const uint8_t data[] = {0x40, 0x01, 0x12, 0x34, 0xB1, 0x74, 0xFF, 0xFF, 0xFF};

    (void)state;
    for (size_t len = 0; len <= sizeof data; len++) {
        for (size_t comment = 0; comment <= 5; comment++) {
            struct pcapng_packet p = {.us = 0x123456789ABCu,
                                      .from = address("10.0.0.1", 50000),
                                      .to = address("192.0.2.1", 5683),
                                      .data = data,
                                      .len = len,
                                      .comment = {"seven", comment}};
            struct script_buf buf = {0};
            size_t at = 0;

            pcapng_packet(&buf, &p);
            assert_int_equal(next_block(&buf, &at), 6);
            assert_int_equal(at, buf.len);
            assert_int_equal(get32(&buf, 12), 0x1234);
            assert_int_equal(get32(&buf, 16), 0x56789ABC);
            assert_int_equal(get32(&buf, 20), 28 + len);
            assert_int_equal(get32(&buf, 24), 28 + len);
            check_ipv4(&buf, len);
            buf.len = 0;
            p.from = address("fd00::1", 50000);
            p.to = address("fd00::2", 5683);
            pcapng_packet(&buf, &p);
            check_ipv6(&buf, len);
            script_buf_free(&buf);
        }
    }
}

/* The last four bytes in front of the end and the final length: 2 bits of direction. */
static void test_direction(void **state)
{
    struct pcapng_packet p = {.from = address("10.0.0.1", 1), .to = address("10.0.0.2", 2)};
    struct script_buf buf = {0};

    (void)state;
    pcapng_packet(&buf, &p);
    assert_int_equal(get32(&buf, buf.len - 12), 2);
    buf.len = 0;
    p.inbound = true;
    pcapng_packet(&buf, &p);
    assert_int_equal(get32(&buf, buf.len - 12), 1);
    script_buf_free(&buf);
}

/* Families that differ, or an end that is not known, make an IPv6 packet, never a wrong one. */
static void test_mixed_families(void **state)
{
    struct pcapng_packet p = {.from = {.port = 7}, .to = address("192.0.2.1", 5683)};
    static const uint8_t mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1};
    struct script_buf buf = {0};

    (void)state;
    pcapng_packet(&buf, &p);
    check_ipv6(&buf, 0);
    assert_memory_equal(buf.data + PACKET_AT + 24, mapped, sizeof mapped);
    script_buf_free(&buf);
}

/* A datagram that no IPv4 packet could hold is cut, and the packet says how long it was. */
static void test_longest(void **state)
{
    static uint8_t data[65535];
    struct pcapng_packet p = {
        .from = address("10.0.0.1", 1), .to = address("10.0.0.2", 2), .data = data};

    (void)state;
    for (p.len = PCAPNG_DATAGRAM_MAX; p.len <= PCAPNG_DATAGRAM_MAX + 1; p.len++) {
        struct script_buf buf = {0};
        size_t at = 0;

        pcapng_packet(&buf, &p);
        assert_int_equal(next_block(&buf, &at), 6);
        assert_int_equal(get32(&buf, 20), 28 + PCAPNG_DATAGRAM_MAX);
        assert_int_equal(get32(&buf, 24), 28 + p.len);
        check_ipv4(&buf, PCAPNG_DATAGRAM_MAX);
        script_buf_free(&buf);
    }
}

static void test_secrets(void **state)
{
    static const uint8_t block[] = {0x0A, 0,    0, 0, 28, 0, 0,   0,   0x4B, 0x53,
                                    0x4C, 0x54, 5, 0, 0,  0, 'a', ' ', 'b',  'c',
                                    '\n', 0,    0, 0, 28, 0, 0,   0};
    struct script_buf buf = {0};

    (void)state;
    pcapng_secrets(&buf, script_span_of("a bc\n"));
    assert_int_equal(buf.len, sizeof block);
    assert_memory_equal(buf.data, block, sizeof block);
    script_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start),     cmocka_unit_test(test_packets),
        cmocka_unit_test(test_direction), cmocka_unit_test(test_mixed_families),
        cmocka_unit_test(test_longest),   cmocka_unit_test(test_secrets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
