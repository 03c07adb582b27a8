/* SPDX-License-Identifier: MIT */
#include "pdu.h"

/* What a nibble of 13 and 14 stands for: that much plus one or two more bytes. */
enum { EXTEND_8 = 13, EXTEND_16 = 14, RESERVED = 15, BASE_8 = 13, BASE_16 = 269 };

/* The value of a delta or length nibble of 13, 14 or 15, from the bytes at walk.
 * Returns false if they are cut short or the nibble is reserved. */
static bool read_extended(struct atc_walk *walk, uint32_t *value, unsigned nibble)
{
    if (nibble == EXTEND_8 && walk->left >= 1) {
        *value = walk->at[0] + (uint32_t)BASE_8;
        walk->at += 1;
        walk->left -= 1;
        return true;
    }
    if (nibble == EXTEND_16 && walk->left >= 2) {
        *value = walk->at[0] * 256u + walk->at[1] + (uint32_t)BASE_16;
        walk->at += 2;
        walk->left -= 2;
        return true;
    }
    *value = nibble;
    return nibble < EXTEND_8;
}

/* Step over an option with a long delta or length, or over the payload marker. */
static int step_long(struct atc_walk *walk, struct atc_option *option)
{
    const unsigned head = walk->at[0];
    struct atc_walk next = {walk->at + 1, walk->left - 1, walk->number};
    uint32_t delta, len;

    if (head == ATC_PAYLOAD_MARKER) {
        if (next.left == 0)
            return ATC_BAD_FORMAT;
        *walk = next;
        return ATC_WALK_PAYLOAD;
    }
    if (!read_extended(&next, &delta, head / 16u) || !read_extended(&next, &len, head % 16u))
        return ATC_BAD_FORMAT;
    if (delta > ATC_OPTION_NUMBER_MAX - next.number || len > next.left)
        return ATC_BAD_FORMAT;
    next.number += delta;
    option->number = next.number;
    option->value = atc_span(next.at, len);
    next.at += len;
    next.left -= len;
    *walk = next;
    return ATC_WALK_OPTION;
}

/* Nearly every option of a real message has a short delta and length: that way is kept short. */
static inline int step(struct atc_walk *walk, struct atc_option *option)
{
    unsigned delta, len;

    if (walk->left == 0)
        return ATC_WALK_END;
    delta = walk->at[0] / 16u;
    len = walk->at[0] % 16u;
    if (delta >= EXTEND_8 || len >= EXTEND_8)
        return step_long(walk, option);
    if (delta > ATC_OPTION_NUMBER_MAX - walk->number || len > walk->left - 1)
        return ATC_BAD_FORMAT;
    walk->number += delta;
    option->number = walk->number;
    option->value = atc_span(walk->at + 1, len);
    walk->at += 1 + len;
    walk->left -= 1 + len;
    return ATC_WALK_OPTION;
}

int atc_walk_next(struct atc_walk *walk, struct atc_option *option)
{
    return step(walk, option);
}

bool atc_pdu_find(const struct atc_pdu *pdu, uint32_t number, struct atc_span *value)
{
    struct atc_walk walk = atc_walk(pdu);
    struct atc_option option;

    if (number < 32 && (pdu->has >> number & 1u) == 0)
        return false;
    while (step(&walk, &option) == ATC_WALK_OPTION) {
        if (option.number == number) {
            *value = option.value;
            return true;
        }
    }
    return false;
}

bool atc_pdu_peek(uint8_t *type, uint16_t *mid, const uint8_t *data, size_t len)
{
    if (len < ATC_HEADER_LEN || data[0] / 64u != 1u)
        return false;
    *type = data[0] / 16u % 4u;
    *mid = (uint16_t)(data[2] * 256u + data[3]);
    return true;
}

/* Check, count and note the options behind the token, and find the payload. */
static int parse_options(struct atc_pdu *pdu, const uint8_t *at, size_t left)
{
    struct atc_walk walk = {at, left, 0};
    struct atc_option option;
    int result;

    while ((result = step(&walk, &option)) == ATC_WALK_OPTION) {
        if (option.number < 32)
            pdu->has |= (uint32_t)1 << option.number;
        pdu->option_count++;
    }
    if (result < 0)
        return result;
    pdu->payload = atc_span(walk.at, walk.left);
    pdu->options = atc_span(at, left - walk.left - (result == ATC_WALK_PAYLOAD ? 1u : 0u));
    return 0;
}

int atc_pdu_parse(struct atc_pdu *pdu, const uint8_t *data, size_t len)
{
    size_t tkl;

    if (len < ATC_HEADER_LEN)
        return ATC_BAD_FORMAT;
    if (data[0] / 64u != 1u)
        return ATC_BAD_VERSION;
    tkl = data[0] % 16u;
    pdu->type = data[0] / 16u % 4u;
    pdu->code = data[1];
    pdu->mid = (uint16_t)(data[2] * 256u + data[3]);
    pdu->has = 0;
    pdu->option_count = 0;
    if (tkl > ATC_TOKEN_MAX || tkl > len - ATC_HEADER_LEN)
        return ATC_BAD_FORMAT;
    if (pdu->code == ATC_CODE_EMPTY && len != ATC_HEADER_LEN)
        return ATC_BAD_FORMAT;
    pdu->token = atc_span(data + ATC_HEADER_LEN, tkl);
    return parse_options(pdu, data + ATC_HEADER_LEN + tkl, len - ATC_HEADER_LEN - tkl);
}

void atc_put_header(struct atc_out *out, uint8_t type, uint8_t code, uint16_t mid,
                    struct atc_span token)
{
    ATC_ASSERT(type <= ATC_RST && token.len <= ATC_TOKEN_MAX);
    atc_put_byte(out, (uint8_t)(0x40u + type * 16u + token.len));
    atc_put_byte(out, code);
    atc_put_byte(out, (uint8_t)(mid / 256u));
    atc_put_byte(out, (uint8_t)(mid % 256u));
    atc_put_bytes(out, token);
}

static unsigned nibble_of(uint32_t value)
{
    if (value < BASE_8)
        return (unsigned)value;
    return value < BASE_16 ? EXTEND_8 : EXTEND_16;
}

static void put_extended(struct atc_out *out, uint32_t value)
{
    if (value < BASE_8)
        return;
    if (value < BASE_16) {
        atc_put_byte(out, (uint8_t)(value - BASE_8));
        return;
    }
    atc_put_byte(out, (uint8_t)((value - BASE_16) / 256u));
    atc_put_byte(out, (uint8_t)((value - BASE_16) % 256u));
}

void atc_put_option_head(struct atc_out *out, uint32_t delta, size_t len)
{
    ATC_ASSERT(delta <= ATC_OPTION_NUMBER_MAX && len <= ATC_OPTION_NUMBER_MAX);
    if (delta < BASE_8 && len < BASE_8) {
        atc_put_byte(out, (uint8_t)(delta * 16u + len));
        return;
    }
    atc_put_byte(out, (uint8_t)(nibble_of(delta) * 16u + nibble_of((uint32_t)len)));
    put_extended(out, delta);
    put_extended(out, (uint32_t)len);
}

void atc_put_option(struct atc_out *out, uint32_t *last, uint32_t number, struct atc_span value)
{
    ATC_ASSERT(number >= *last);
    atc_put_option_head(out, number - *last, value.len);
    atc_put_bytes(out, value);
    *last = number;
}

void atc_put_payload(struct atc_out *out, struct atc_span payload)
{
    if (payload.len == 0)
        return;
    atc_put_byte(out, ATC_PAYLOAD_MARKER);
    atc_put_bytes(out, payload);
}
