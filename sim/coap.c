/* SPDX-License-Identifier: MIT
 *
 * A small CoAP codec, written from RFC 7252 section 3 alone: one reader that hands out bytes and
 * goes bad when it runs dry, one writer likewise. */
#include "coap.h"

#include <string.h>

#define MARKER     0xffu
#define EXTEND_1   13u /* RFC 7252 3.1: one more byte, minus 13 */
#define EXTEND_2   14u /* two more bytes, minus 269 */
#define BASE_1     13u
#define BASE_2     269u
#define NUMBER_MAX 65535u

struct reader {
    const uint8_t *at, *end;
    bool bad;
};

static uint32_t take(struct reader *r, unsigned count)
{
    uint32_t value = 0;
    for (; count > 0; count--) {
        r->bad = r->bad || r->at == r->end;
        value = value << 8 | (r->bad ? 0u : *r->at++);
    }
    return value;
}

static const uint8_t *take_bytes(struct reader *r, uint32_t count)
{
    const uint8_t *start = r->at;
    r->bad = r->bad || count > (size_t)(r->end - r->at);
    if (!r->bad)
        r->at += count;
    return start;
}

/* A delta or length: the nibble, and what it says follows. */
static uint32_t take_extended(struct reader *r, uint32_t nibble)
{
    if (nibble == EXTEND_1)
        return BASE_1 + take(r, 1);
    if (nibble == EXTEND_2)
        return BASE_2 + take(r, 2);
    r->bad = r->bad || nibble > EXTEND_2;
    return nibble;
}

static int read_options(struct sim_coap *m, struct reader *r)
{
    uint32_t number = 0;
    while (r->at != r->end && *r->at != MARKER) {
        const uint32_t head = take(r, 1);
        number += take_extended(r, head >> 4);
        const uint32_t len = take_extended(r, head & 15u);
        const uint8_t *value = take_bytes(r, len);
        if (r->bad || number > NUMBER_MAX)
            return SIM_COAP_FORMAT;
        if (!sim_coap_add(m, (uint16_t)number, value, len))
            return SIM_COAP_FULL;
    }
    return 0;
}

int sim_coap_parse(struct sim_coap *message, const uint8_t *data, size_t len)
{
    memset(message, 0, sizeof *message);
    if (len < 4u)
        return SIM_COAP_FORMAT;
    struct reader r = {data, data + len, false};
    const uint32_t head = take(&r, 1);
    message->type = (uint8_t)(head >> 4 & 3u);
    message->token_len = (uint8_t)(head & 15u);
    message->code = (uint8_t)take(&r, 1);
    message->mid = (uint16_t)take(&r, 2);
    if (head >> 6 != 1u)
        return SIM_COAP_VERSION;
    if (message->token_len > SIM_COAP_TOKEN_MAX || (message->code == 0 && len > 4u))
        return SIM_COAP_FORMAT;
    const uint8_t *token = take_bytes(&r, message->token_len);
    if (r.bad)
        return SIM_COAP_FORMAT;
    memcpy(message->token, token, message->token_len);
    const int status = read_options(message, &r);
    if (status != 0 || r.at == r.end)
        return status;
    message->payload = r.at + 1;
    message->payload_len = (size_t)(r.end - message->payload);
    return message->payload_len > 0 ? 0 : SIM_COAP_FORMAT;
}

struct writer {
    uint8_t *at, *end;
    bool full;
};

static void put(struct writer *w, uint32_t value, unsigned count)
{
    while (count > 0) {
        count--;
        w->full = w->full || w->at == w->end;
        if (!w->full)
            *w->at++ = (uint8_t)(value >> (8u * count));
    }
}

static void put_bytes(struct writer *w, const uint8_t *bytes, size_t count)
{
    w->full = w->full || count > (size_t)(w->end - w->at);
    if (w->full || count == 0)
        return;
    memcpy(w->at, bytes, count);
    w->at += count;
}

static uint32_t nibble_of(uint32_t value)
{
    if (value < BASE_1)
        return value;
    return value < BASE_2 ? EXTEND_1 : EXTEND_2;
}

static void put_extension(struct writer *w, uint32_t value)
{
    if (value >= BASE_2)
        put(w, value - BASE_2, 2);
    else if (value >= BASE_1)
        put(w, value - BASE_1, 1);
}

int sim_coap_build(const struct sim_coap *message, uint8_t *data, size_t max)
{
    struct writer w = {data, data + max, false};
    uint32_t number = 0;
    put(&w, 0x40u | (uint32_t)message->type << 4 | message->token_len, 1);
    put(&w, message->code, 1);
    put(&w, message->mid, 2);
    put_bytes(&w, message->token, message->token_len);
    for (size_t i = 0; i < message->option_count; i++) {
        const struct sim_coap_option *o = &message->options[i];
        if (o->number < number)
            return SIM_COAP_FORMAT;
        const uint32_t delta = o->number - number;
        put(&w, nibble_of(delta) << 4 | nibble_of(o->len), 1);
        put_extension(&w, delta);
        put_extension(&w, o->len);
        put_bytes(&w, o->value, o->len);
        number = o->number;
    }
    if (message->payload_len > 0)
        put(&w, MARKER, 1);
    put_bytes(&w, message->payload, message->payload_len);
    return w.full ? SIM_COAP_FULL : (int)(w.at - data);
}

bool sim_coap_add(struct sim_coap *message, uint16_t number, const void *value, size_t len)
{
    if (message->option_count == SIM_COAP_OPTION_MAX || len > NUMBER_MAX)
        return false;
    struct sim_coap_option *o = &message->options[message->option_count++];
    o->number = number;
    o->value = value;
    o->len = (uint16_t)len;
    return true;
}

const struct sim_coap_option *sim_coap_find(const struct sim_coap *message, uint16_t number)
{
    for (size_t i = 0; i < message->option_count; i++)
        if (message->options[i].number == number)
            return &message->options[i];
    return NULL;
}

size_t sim_coap_put_uint(uint8_t *out, uint64_t value)
{
    size_t len = 0;
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        const uint8_t byte = (uint8_t)(value >> (shift - 8u));
        if (len > 0 || byte != 0)
            out[len++] = byte;
    }
    return len;
}

uint64_t sim_coap_uint(const struct sim_coap_option *option)
{
    uint64_t value = 0;
    if (option->len > 8u)
        return UINT64_MAX;
    for (size_t i = 0; i < option->len; i++)
        value = value << 8 | option->value[i];
    return value;
}
