/* SPDX-License-Identifier: MIT
 *
 * Malformed datagrams at a module in use: each of C01 to C63, every header that promises more than
 * follows, and what is too long. A CON that is a format error gets an RST with its ID, everything
 * else silence (RFC 7252 4.2, 4.3); the TE hears nothing, one counter moves, and the next request is
 * reported as ever.
 */
#include "bench.h"
#include "check.h"
#include "pdu.h"
#include "seeds.h"
#include "vectors.h"

static struct bench fresh[2], b;

static void prepare(void)
{
    bench_new(&fresh[0], &atc_dialect_bc95, 1);
    (void)bench_type(&fresh[0], "AT+QCOAPCREATE=56830\rAT+QCOAPADDRES=4,\"/t/d\"\r");
    bench_new(&fresh[1], &atc_dialect_bg96, 1);
    (void)bench_type(&fresh[1], "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&fresh[0]);
    (void)bench_said(&fresh[1]);
}

/* The next good request is reported. */
static void check_next(const char *name)
{
    (void)bench_said(&b);
    bench_receive(&b, "50010f01b1740164");
    EXPECT(strstr(bench_said(&b), b.cfg.dialect == &atc_dialect_bc95 ? "+QCOAPURC: \"req\""
                                                                     : "+QCOAPRECV: 0,") != NULL,
           "%s: the next request", name);
}

/* Whether the only thing sent is an RST with the ID of the datagram. */
static bool is_reset(const uint8_t *data)
{
    const struct bench_datagram *d = bench_sent(&b, 0);

    return b.sent_count == 1 && d->len == 4 && d->data[0] == 0x70 && d->data[1] == 0 &&
           d->data[2] == data[2] && d->data[3] == data[3];
}

static void check_refused(const char *name, const uint8_t *data, size_t len)
{
    const bool version = len >= 4 && data[0] / 64 != 1;
    const bool reset = len >= 4 && !version && (data[0] & 0x30) == 0;

    EXPECT(b.te.len == 0, "%s: %s", name, b.te.text);
    if (reset)
        EXPECT(is_reset(data), "%s: an RST", name);
    else
        EXPECT(b.sent_count == 0, "%s: silence", name);
    EXPECT(atc_counter(&b.m, ATC_COUNT_DROP_VERSION) == version, "%s", name);
    EXPECT(atc_counter(&b.m, ATC_COUNT_DROP_FORMAT) == !version, "%s", name);
    check_next(name);
}

static void receive(size_t which, const char *name, const uint8_t *data, size_t len, bool good)
{
    b = fresh[which];
    bench_datagram(&b, 0, &bench_server, data, len);
    bench_pump(&b);
    if (!good)
        check_refused(name, data, len);
    else
        check_next(name);
}

static void check_vectors(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t i = 0; i < VECTOR_COUNT; i++) {
        uint8_t data[VECTOR_LEN_MAX];
        const size_t len = vector_bytes(data, vectors[i].hex);

        for (size_t which = 0; which < 2; which++)
            receive(which, vectors[i].name, data, len, vectors[i].result == VECTOR_ACCEPT);
    }
}

/* Every first byte, with a code that is none and one that is, cut to every length. */
static void check_headers(uint64_t seed)
{
    (void)seed;
    prepare();
    for (unsigned first = 0; first < 256; first++) {
        const uint8_t data[5] = {(uint8_t)first, 0x01, 0xAB, 0xCD, 0xFF};

        for (size_t len = 0; len <= sizeof data; len++) {
            const bool good = len >= 4 && first / 64 == 1 && first % 16 <= len - 4 &&
                              first % 16 <= 8 && !(len == 5 && first % 16 == 0);

            receive(first % 2, "a header", data, len, good);
        }
    }
}

/* --- too long (D-17) --------------------------------------------------------------------------- */

/* A request or response of len bytes: header, path t/d, payload. */
static void compose(uint8_t *data, size_t len, uint8_t type, uint8_t code)
{
    struct atc_out out = atc_out(data, len);

    memset(data, 'p', len);
    atc_put_header(&out, type, code, 0x0777, atc_span(NULL, 0));
    if (code < 32)
        atc_put_bytes(&out, atc_span("\xB1t\1d", 4));
    atc_put_byte(&out, 0xFF);
}

static void check_long(size_t which, size_t len)
{
    static uint8_t data[4400];
    const bool too_long = len > 1280;

    compose(data, len, ATC_CON, ATC_CODE_GET);
    b = fresh[which];
    bench_datagram(&b, 0, &bench_server, data, len);
    bench_pump(&b);
    EXPECT(atc_counter(&b.m, ATC_COUNT_DROP_LONG) == too_long, "%zu bytes", len);
    EXPECT((b.te.len == 0) == too_long, "%zu bytes: %s", len, b.te.text);
    if (too_long)
        EXPECT(b.sent_count == 1 && memcmp(bench_sent(&b, 0)->data, "\x60\x8D\x07\x77", 4) == 0 &&
                   bench_sent(&b, 0)->len == 4,
               "%zu bytes: 4.13", len);
    check_next("a long request");

    compose(data, len, ATC_CON, ATC_CODE_CONTENT);
    b = fresh[which];
    bench_datagram(&b, 0, &bench_server, data, len);
    bench_pump(&b);
    EXPECT(b.te.len == 0, "%zu bytes, a response to nothing: %s", len, b.te.text);
    check_next("a long response");
}

static void check_sizes(uint64_t seed)
{
    static const size_t sizes[] = {1152, 1153, 1279, 1280, 1281, 1472, 2048, 4096, 4097, 4400};

    (void)seed;
    prepare();
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        check_long(0, sizes[i]);
        check_long(1, sizes[i]);
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"C01 to C63 at a module", check_vectors, 1},
        {"every header, cut", check_headers, 1},
        {"too long", check_sizes, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
