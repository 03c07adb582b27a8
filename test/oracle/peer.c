/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include <string.h>

#include "pdu.h"

static void put_random_options(struct atc_out *out, struct rng *rng)
{
    static const uint16_t numbers[] = {1,  3,  4,  5,  6,  7,  8,  9,  11,  11,  12,   14,   15,
                                       17, 20, 23, 27, 28, 35, 39, 60, 252, 258, 2049, 65535};
    uint32_t last = 0;
    unsigned at = 0;

    for (unsigned n = rng_below(rng, 6); n > 0; n--) {
        uint8_t value[40];
        const size_t len = rng_below(rng, rng_once_in(rng, 4) ? sizeof value : 5);

        at += rng_below(rng, 6);
        if (at >= sizeof numbers / sizeof numbers[0])
            return;
        rng_fill(rng, value, len);
        atc_put_option(out, &last, numbers[at], atc_span(value, len));
    }
}

static void put_random_payload(struct atc_out *out, struct rng *rng)
{
    static const unsigned lengths[] = {0, 1, 20, 512, 513, 1024, 1200, 1300, 4000};
    static uint8_t payload[4000];
    const unsigned len = lengths[rng_below(rng, rng_once_in(rng, 5) ? 9 : 3)];

    rng_fill(rng, payload, len);
    atc_put_payload(out, atc_span(payload, len));
}

/* A request for one of the paths that tests register, or for another. */
static void put_request(struct atc_out *out, struct rng *rng)
{
    static const char *const paths[] = {"t", "d", ".well-known", "core", "x", ""};
    uint8_t token[8];
    uint32_t last = 0;

    rng_fill(rng, token, sizeof token);
    if (rng_once_in(rng, 2)) /* one the host of host.h knows how to answer */
        atc_put_header(out, (uint8_t)rng_below(rng, 2), (uint8_t)(1 + rng_below(rng, 4)),
                       (uint16_t)(258 + rng_below(rng, 3)),
                       atc_span("\1\2", rng_once_in(rng, 3) ? 0 : 2));
    else
        atc_put_header(out, (uint8_t)rng_below(rng, 2), (uint8_t)(1 + rng_below(rng, 6)),
                       (uint16_t)rng_below(rng, 300), atc_span(token, rng_below(rng, 9)));
    if (!rng_once_in(rng, 3)) {
        const unsigned first = 2 * rng_below(rng, 3);

        atc_put_option(out, &last, 11, atc_span(paths[first], strlen(paths[first])));
        atc_put_option(out, &last, 11, atc_span(paths[first + 1], strlen(paths[first + 1])));
    } else {
        put_random_options(out, rng);
    }
    put_random_payload(out, rng);
}

static void put_observe(struct atc_out *out, struct rng *rng)
{
    const uint8_t sequence = (uint8_t)rng_next(rng);
    uint32_t last = 0;

    atc_put_option(out, &last, 6, atc_span(&sequence, 1));
}

/* Something with the ID or the token of a message the module sent. */
static void put_answer(struct atc_out *out, struct rng *rng, const struct bench *b)
{
    const struct bench_datagram *d = bench_sent(b, rng_below(rng, 4));
    const uint8_t type = (uint8_t)rng_below(rng, 4);
    const bool empty = rng_once_in(rng, 3);
    const uint8_t code = empty ? 0 : (uint8_t)(rng_once_in(rng, 6) ? rng_next(rng) : 69);
    const size_t tkl = d == NULL || code == 0 ? 0 : d->data[0] & 15u;
    const uint16_t mid = d == NULL ? 7 : (uint16_t)(d->data[2] * 256u + d->data[3]);

    atc_put_header(out, type, code,
                   type >= 2 || rng_once_in(rng, 4) ? mid : (uint16_t)(400 + rng_below(rng, 200)),
                   atc_span(d == NULL ? NULL : d->data + 4, tkl));
    if (code == 0)
        return;
    if (rng_once_in(rng, 3))
        put_observe(out, rng);
    else
        put_random_options(out, rng);
    put_random_payload(out, rng);
}

static void put_any(struct atc_out *out, struct rng *rng)
{
    uint8_t token[8];
    const uint8_t code = (uint8_t)rng_next(rng);

    rng_fill(rng, token, sizeof token);
    atc_put_header(out, (uint8_t)rng_below(rng, 4), code, (uint16_t)rng_below(rng, 300),
                   atc_span(token, code == 0 ? 0 : rng_below(rng, 9)));
    if (code == 0)
        return;
    put_random_options(out, rng);
    put_random_payload(out, rng);
}

static size_t damage(uint8_t *data, size_t len, struct rng *rng)
{
    if (len > 0 && rng_once_in(rng, 2))
        data[rng_below(rng, (unsigned)(len < 8 ? len : 8))] = (uint8_t)rng_next(rng);
    else if (len > 0)
        len = rng_below(rng, (unsigned)len);
    return len;
}

size_t peer_datagram(uint8_t *data, struct rng *rng, const struct bench *b)
{
    struct atc_out out = atc_out(data, PEER_DATAGRAM_MAX);

    switch (rng_below(rng, 8)) {
    case 0:
        rng_fill(rng, data, 40);
        return rng_below(rng, 41);
    case 1:
        put_any(&out, rng);
        break;
    case 2:
    case 3:
    case 4:
        put_request(&out, rng);
        break;
    default:
        put_answer(&out, rng, b);
        break;
    }
    return rng_once_in(rng, 8) ? damage(data, out.len, rng) : out.len;
}
