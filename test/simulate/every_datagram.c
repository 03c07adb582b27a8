/* SPDX-License-Identifier: MIT
 *
 * The codec on every datagram of a header and some bytes behind it, held against the second decoder
 * (test/oracle): verdict, fields, each option's number, length and place. What is a message is built
 * again, and must be the same bytes.
 *
 * First the headers: every first byte, every code, no and one further byte. Then every datagram of one,
 * two and three bytes behind a header without a token, and of four those of a slice: of 2^32 datagrams
 * the ones whose number has the remainder FIRST by STEP.
 *
 * usage: every_datagram [STEP [FIRST [FROM TO]]]
 *        STEP 16 and FIRST 0 without them; the last four bytes from FROM to below TO, hex
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agree.h"
#include "pdu.h"

enum { HEADER = 4, PROGRESS_S = 5 };

static unsigned long long looked_at;

static void stop(const char *why, const uint8_t *data, size_t len)
{
    (void)fprintf(stderr, "not so: %s:", why);
    for (size_t i = 0; i < len; i++)
        (void)fprintf(stderr, " %02X", data[i]);
    (void)fprintf(stderr, "\n");
    exit(1);
}

static void rebuild(const uint8_t *data, size_t len)
{
    uint8_t again[HEADER + 8];
    struct atc_out out = atc_out(again, sizeof again);
    struct atc_option option;
    struct atc_walk walk;
    struct atc_pdu pdu;
    uint32_t last = 0;

    if (atc_pdu_parse(&pdu, data, len) != 0)
        return;
    walk = atc_walk(&pdu);
    atc_put_header(&out, pdu.type, pdu.code, pdu.mid, pdu.token);
    while (atc_walk_next(&walk, &option))
        atc_put_option(&out, &last, option.number, option.value);
    atc_put_payload(&out, pdu.payload);
    if (out.len != len || memcmp(again, data, len) != 0)
        stop("built again it is another message", data, len);
}

static void look(const uint8_t *data, size_t len)
{
    const char *difference = agree(data, len);

    if (difference != NULL)
        stop(difference, data, len);
    rebuild(data, len);
    looked_at++;
}

static void look_at_headers(void)
{
    uint8_t data[HEADER + 1] = {0, 0, 0x12, 0x34, 0};

    for (unsigned len = 0; len < HEADER; len++)
        for (data[0] = 0; data[0] < 255; data[0]++)
            look(data, len);
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned code = 0; code < 256; code++) {
            data[0] = (uint8_t)first;
            data[1] = (uint8_t)code;
            look(data, HEADER);
            for (unsigned byte = 0; byte < 256; byte++) {
                data[HEADER] = (uint8_t)byte;
                look(data, HEADER + 1);
            }
        }
    }
}

/* The low bytes of number behind a header of a CON GET. */
static void look_at(uint64_t number, unsigned len)
{
    uint8_t data[HEADER + 4] = {0x40, 0x01, 0x12, 0x34};

    for (unsigned i = 0; i < len; i++)
        data[HEADER + i] = (uint8_t)(number >> 8 * (len - 1 - i));
    look(data, HEADER + len);
}

static void look_at_slice(uint64_t from, uint64_t to, unsigned step, unsigned first)
{
    const time_t start = time(NULL);
    time_t told = start;

    for (uint64_t number = from + (first + step - from % step) % step; number < to;
         number += step) {
        look_at(number, 4);
        if ((number / step) % 65536 != 0 || time(NULL) - told < PROGRESS_S)
            continue;
        told = time(NULL);
        (void)printf("%08llx of %08llx, %.1f %%, %llu s\n", (unsigned long long)number,
                     (unsigned long long)to, 100.0 * (double)(number - from) / (double)(to - from),
                     (unsigned long long)(told - start));
        (void)fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    const unsigned step = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 16;
    const unsigned first = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    const uint64_t from = argc > 4 ? strtoull(argv[3], NULL, 16) : 0;
    const uint64_t to = argc > 4 ? strtoull(argv[4], NULL, 16) : (uint64_t)1 << 32;

    if (step == 0 || first >= step || from >= to || to > (uint64_t)1 << 32) {
        (void)fprintf(stderr, "usage: every_datagram [STEP [FIRST [FROM TO]]]\n");
        return 2;
    }
    if (from == 0) {
        look_at_headers();
        for (unsigned len = 1; len <= 3; len++)
            for (uint64_t number = 0; number < (uint64_t)1 << 8 * len; number++)
                look_at(number, len);
    }
    look_at_slice(from, to, step, first);
    (void)printf("%llu datagrams\n", looked_at);
    return 0;
}
