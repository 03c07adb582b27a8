/* SPDX-License-Identifier: MIT
 *
 * What is written is read back the same: messages through the codec, option values and addresses
 * through AT text. And two decoders agree on whatever comes.
 */
#include <arpa/inet.h>

#include "agree.h"
#include "check.h"
#include "engine.h"
#include "option.h"
#include "rng.h"
#include "seeds.h"

enum { OPTIONS_MAX = 40, VALUE_MAX = 1100 };

/* --- parse(build(x)) == x ---------------------------------------------------------------------- */

struct message {
    uint8_t type, code, tkl;
    uint16_t mid;
    uint8_t token[8];
    unsigned count;
    uint32_t number[OPTIONS_MAX];
    size_t len[OPTIONS_MAX];
    uint8_t value[OPTIONS_MAX][VALUE_MAX];
    size_t payload_len;
    uint8_t payload[2000];
};

static size_t random_len(struct rng *rng)
{
    static const unsigned edges[] = {0, 1, 12, 13, 14, 268, 269, 270, 525, VALUE_MAX};

    return rng_once_in(rng, 3) ? edges[rng_below(rng, COUNT_OF(edges))] : rng_below(rng, 12);
}

static uint32_t random_delta(struct rng *rng)
{
    static const unsigned edges[] = {0, 1, 12, 13, 14, 268, 269, 270, 1000, 20000};

    return rng_once_in(rng, 3) ? edges[rng_below(rng, COUNT_OF(edges))] : rng_below(rng, 5);
}

static void draw(struct message *msg, struct rng *rng)
{
    uint32_t number = 0;

    msg->type = (uint8_t)rng_below(rng, 4);
    msg->code = (uint8_t)rng_next(rng);
    msg->mid = (uint16_t)rng_next(rng);
    msg->tkl = msg->code == 0 ? 0 : (uint8_t)rng_below(rng, 9);
    rng_fill(rng, msg->token, sizeof msg->token);
    msg->count = msg->code == 0 ? 0 : rng_below(rng, OPTIONS_MAX + 1);
    for (unsigned i = 0; i < msg->count; i++) {
        const uint32_t delta = random_delta(rng);

        number += delta <= 65535 - number ? delta : 0;
        msg->number[i] = number;
        msg->len[i] = random_len(rng);
        rng_fill(rng, msg->value[i], msg->len[i]);
    }
    msg->payload_len = msg->code == 0 ? 0 : rng_below(rng, sizeof msg->payload);
    rng_fill(rng, msg->payload, msg->payload_len);
}

static size_t build(uint8_t *data, size_t max, const struct message *msg)
{
    struct atc_out out = atc_out(data, max);
    uint32_t last = 0;

    atc_put_header(&out, msg->type, msg->code, msg->mid, atc_span(msg->token, msg->tkl));
    for (unsigned i = 0; i < msg->count; i++)
        atc_put_option(&out, &last, msg->number[i], atc_span(msg->value[i], msg->len[i]));
    atc_put_payload(&out, atc_span(msg->payload, msg->payload_len));
    assert_false(atc_out_failed(&out));
    return out.len;
}

static void check_message(uint64_t seed)
{
    static struct message msg;
    static uint8_t data[OPTIONS_MAX * (VALUE_MAX + 5) + 3000];
    struct rng rng = {seed};
    struct atc_walk walk;
    struct atc_option option = {{NULL, 0}, 0};
    struct atc_pdu pdu;
    size_t len;

    draw(&msg, &rng);
    len = build(data, sizeof data, &msg);
    assert_int_equal(atc_pdu_parse(&pdu, data, len), 0);
    assert_null(agree(data, len));
    assert_true(pdu.type == msg.type && pdu.code == msg.code && pdu.mid == msg.mid);
    assert_true(atc_span_equal(pdu.token, atc_span(msg.token, msg.tkl)));
    assert_true(atc_span_equal(pdu.payload, atc_span(msg.payload, msg.payload_len)));
    walk = atc_walk(&pdu);
    for (unsigned i = 0; i < msg.count; i++) {
        assert_true(atc_walk_next(&walk, &option));
        assert_int_equal(option.number, msg.number[i]);
        assert_true(atc_span_equal(option.value, atc_span(msg.value[i], msg.len[i])));
    }
    assert_false(atc_walk_next(&walk, &option));
}

/* A damaged message, or no message at all. */
static void check_damage(uint64_t seed)
{
    static struct message msg;
    static uint8_t data[OPTIONS_MAX * (VALUE_MAX + 5) + 3000];
    struct rng rng = {seed};
    size_t len;

    draw(&msg, &rng);
    len = build(data, sizeof data, &msg);
    for (unsigned i = 0; i < 20; i++) {
        data[rng_below(&rng, (unsigned)len)] = (uint8_t)rng_next(&rng);
        assert_null(agree(data, rng_below(&rng, (unsigned)len + 1)));
    }
    rng_fill(&rng, data, 64);
    data[0] = (uint8_t)(0x40 | (data[0] & 0x33));
    for (len = 0; len <= 64; len++)
        assert_null(agree(data, len));
}

/* Three bytes behind a header, all there are: spread over the seeds. */
static void check_all_of_three(uint64_t seed)
{
    uint8_t data[7] = {0x40, 0x01, 0, 1, (uint8_t)(seed - 1), 0, 0};

    for (unsigned rest = 0; rest < 65536; rest++) {
        data[5] = (uint8_t)(rest >> 8);
        data[6] = (uint8_t)rest;
        EXPECT(agree(data, sizeof data) == NULL, "%02x%04x", data[4], rest);
    }
}

/* --- values that were printed can be written back (D-29) --------------------------------------- */

/* A value of a received option as printed, typed again and put on the wire. */
static size_t type_back(const struct atc_engine *e, uint8_t *wire, size_t max,
                        const struct atc_option *option)
{
    static uint8_t text[4 * VALUE_MAX];
    struct atc_out printed = atc_out(text, sizeof text);
    struct atc_out out = atc_out(wire, max);
    struct atc_args args;
    uint32_t last = 0;

    atc_value_print(&printed, option, true);
    assert_false(atc_out_failed(&printed));
    EXPECT(atc_lex_args(&args, atc_span(text, printed.len)) && args.count == 1, "%.*s",
           (int)printed.len, (const char *)text);
    EXPECT(atc_value_check(e, option->number, &args.arg[0]), "option %u: %.*s", option->number,
           (int)printed.len, (const char *)text);
    atc_value_put(e, &out, &last, option->number, &args.arg[0]);
    return out.len;
}

/* Whether a value may be written at all: paths have no . and .., Content-Formats are those of the
 * note, numbers are in the shortest form, blocks have a size. */
static void draw_value(struct atc_option *option, uint8_t *value, struct rng *rng)
{
    const struct atc_option_row *row;

    do {
        row = atc_option_row(rng_below(rng, 61));
    } while (row == NULL);
    option->number = row->number;
    if (row->format == ATC_FORMAT_UINT) {
        const uint32_t number = row->number == 12 || row->number == 17 ? 40
                                : row->max == 2                        ? rng_below(rng, 65536)
                                                                       : rng_below(rng, 1u << 24);
        const bool block = row->number == 23 || row->number == 27;

        option->value = atc_span(value, atc_option_put_uint(value, block ? number & ~1u : number));
        return;
    }
    option->value.len = row->min +
                        rng_below(rng, (row->max > 180 ? 180u : row->max) - row->min + 1u);
    option->value.at = value;
    rng_fill(rng, value, option->value.len);
    for (size_t i = 0; i < option->value.len && row->format == ATC_FORMAT_STRING; i++)
        value[i] = value[i] == '/' || value[i] == '.' ? 'x' : value[i];
}

static void check_value(uint64_t seed)
{
    static struct atc_engine engine;
    static uint8_t value[VALUE_MAX], wire[VALUE_MAX + 8], expected[VALUE_MAX + 8];
    struct rng rng = {seed};
    struct atc_option option;
    struct atc_out out = atc_out(expected, sizeof expected);
    uint32_t last = 0;
    size_t len;

    engine.cfg.dialect = seed % 2 ? &atc_dialect_bc95 : &atc_dialect_bg96;
    atc_settings_default(&engine.cfg.settings);
    engine.cfg.settings.options = ATC_VALUES_ANY;
    draw_value(&option, value, &rng);
    if (option.number == 1 && option.value.len == 0 && seed % 2)
        return; /* BC95: a value of an opaque option has at least one byte (D-28) */
    atc_put_option(&out, &last, option.number, option.value);
    len = type_back(&engine, wire, sizeof wire, &option);
    EXPECT(len == out.len && memcmp(wire, expected, len) == 0, "option %u of %zu bytes",
           option.number, option.value.len);
}

/* --- addresses -------------------------------------------------------------------------------- */

static void check_addr(uint64_t seed)
{
    struct rng rng = {seed};
    struct atc_addr addr = {.port = 7}, back = {.port = 7};
    uint8_t text[64] = {0};
    struct atc_out out = atc_out(text, sizeof text - 1);
    char reference[64];
    const bool six = rng_once_in(&rng, 2);

    addr.family = six ? ATC_FAMILY_IPV6 : ATC_FAMILY_IPV4;
    rng_fill(&rng, addr.ip, six ? 16 : 4);
    for (unsigned i = 0; six && i < 8; i++) {
        if (rng_once_in(&rng, 2))
            addr.ip[2 * i] = addr.ip[2 * i + 1] = 0;
    }
    if (six && addr.ip[0] == 0 && addr.ip[1] == 0)
        addr.ip[0] = 0x20; /* the library may write those that embed IPv4 in another way */
    atc_put_addr(&out, &addr);
    assert_false(atc_out_failed(&out));
    assert_non_null(inet_ntop(six ? AF_INET6 : AF_INET, addr.ip, reference, sizeof reference));
    assert_string_equal((char *)text, reference);
    assert_true(atc_text_addr(&back, atc_span(text, out.len)));
    assert_memory_equal(&back, &addr, sizeof addr);
}

/* A link-local address with its interface; with a broken end it is no address. */
static void check_zone(uint64_t seed)
{
    struct rng rng = {seed};
    struct atc_addr addr = {.family = ATC_FAMILY_IPV6}, back = {0};
    uint8_t text[64];
    struct atc_out out = atc_out(text, sizeof text);

    rng_fill(&rng, addr.ip, sizeof addr.ip);
    addr.ip[0] = rng_once_in(&rng, 2) ? 0xFE : 0xFF;
    addr.ip[1] = addr.ip[0] == 0xFE ? (uint8_t)(0x80 | (addr.ip[1] & 0x3F))
                                    : (uint8_t)(addr.ip[1] & 0xF2);
    addr.scope = 1 + (uint32_t)(rng_next(&rng) >> rng_below(&rng, 32) >> 32) % UINT32_MAX;
    atc_put_addr(&out, &addr);
    assert_false(atc_out_failed(&out));
    assert_true(atc_text_addr(&back, atc_span(text, out.len)));
    assert_memory_equal(&back, &addr, sizeof addr);
    text[out.len] = (uint8_t)rng_next(&rng);
    if (!atc_is_digit(text[out.len]))
        assert_false(atc_text_addr(&back, atc_span(text, out.len + 1)));
}

/* Text that may be an address: the C library and we agree on what is one. */
static void check_addr_text(uint64_t seed)
{
    static const char alphabet[] = "0123456789abcf:::...";
    struct rng rng = {seed};

    for (unsigned run = 0; run < 100; run++) {
        char text[24];
        const size_t len = rng_below(&rng, sizeof text);
        struct atc_addr addr = {0};
        uint8_t ip[16] = {0};
        bool is_addr;

        for (size_t i = 0; i < len; i++)
            text[i] = alphabet[rng_below(&rng, sizeof alphabet - 1)];
        text[len] = '\0';
        is_addr = inet_pton(AF_INET, text, ip) == 1 || inet_pton(AF_INET6, text, ip) == 1;
        EXPECT(atc_text_addr(&addr, atc_span(text, len)) == is_addr, "%s", text);
        if (is_addr && addr.family == ATC_FAMILY_IPV6)
            EXPECT(memcmp(addr.ip, ip, 16) == 0, "%s", text);
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"a message built and parsed", check_message, 3000},
        {"two decoders on damaged messages", check_damage, 1000},
        {"two decoders on every three bytes", check_all_of_three, 32},
        {"an option value printed and typed", check_value, 20000},
        {"an address printed and read", check_addr, 20000},
        {"an address with its interface", check_zone, 20000},
        {"text that may be an address", check_addr_text, 2000},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
