/* SPDX-License-Identifier: MIT */
#include "pdu.h"

bool atc_pdu_find(const struct atc_pdu *pdu, uint32_t number, struct atc_span *value)
{
    struct atc_walk walk = atc_walk(pdu);
    struct atc_option option;

    if ((pdu->has >> number % 32u & 1u) == 0)
        return false;
    /*@ loop invariant atc_walk_ready(&walk) && walk.end == pdu->options.at + pdu->options.len;
        loop invariant \base_addr(walk.at) == \base_addr(pdu->options.at);
        loop invariant pdu->options.at <= walk.at;
        loop assigns walk, option;
        loop variant walk.end - walk.at; */
    while (atc_walk_next(&walk, &option)) {
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

/* The same as atc_extend() for bytes that nobody has looked at yet. Returns NULL if they are cut short
 * or the nibble is the reserved 15. */
/*@ requires \valid(value) && \separated(value, at + (0 .. end - at - 1));
    requires \base_addr(at) == \base_addr(end) && 0 <= end - at <= PTRDIFF_MAX;
    requires \valid_read(at + (0 .. end - at - 1)) && at != \null && *value <= 15;
    assigns *value;
    ensures cut:   \result == \null <==> \old(*value) == 15 || atc_more(\old(*value)) > end - at;
    ensures whole: \result != \null ==> \result == at + atc_more(\old(*value)) &&
            *value == atc_extended(at, \old(*value)); */
static inline const uint8_t *extend(uint32_t *value, const uint8_t *at, const uint8_t *end)
{
    if (*value < ATC_EXTEND_8)
        return at;
    if (*value > ATC_EXTEND_16 || *value - ATC_EXTEND_8 >= (size_t)(end - at))
        return NULL;
    return atc_extend(value, at);
}

/* Step over one option of bytes that nobody has looked at yet. Returns false, and stays, if none is
 * there that is whole and allowed. */
/*@ requires \valid(walk) && atc_walk_inside(walk);
    requires \separated(walk, walk->at + (0 .. walk->end - walk->at - 1));
    assigns walk->at, walk->number;
    ensures atc_walk_inside(walk);
    ensures option:   \result == true <==>
            \old(atc_is_option(walk->at, walk->end - walk->at, walk->number));
    ensures progress: \result == true ==>
            walk->at == \old(walk->at) + \old(atc_option_len(walk->at)) &&
            walk->number == \old(walk->number) + \old(atc_delta(walk->at));
    ensures stays:    \result == false ==>
            walk->at == \old(walk->at) && walk->number == \old(walk->number); */
static inline bool step(struct atc_walk *walk)
{
    const uint8_t *at = walk->at;
    uint32_t delta, len;

    if (at == walk->end)
        return false;
    delta = at[0] / 16u;
    len = at[0] % 16u;
    at = extend(&delta, at + 1, walk->end);
    if (at == NULL)
        return false;
    at = extend(&len, at, walk->end);
    if (at == NULL || len > (size_t)(walk->end - at) ||
        walk->number + delta > ATC_OPTION_NUMBER_MAX)
        return false;
    walk->number += delta;
    walk->at = at + len;
    return true;
}

/* Check, count and note the options behind the token, and find the payload. */
/*@ requires \valid(pdu) && \base_addr(at) == \base_addr(end) && 0 <= end - at <= PTRDIFF_MAX;
    requires \valid_read(at + (0 .. end - at - 1)) && \separated(pdu, at + (0 .. end - at - 1));
    assigns pdu->has, pdu->option_count, pdu->payload, pdu->options;
    ensures codes:   \result == 0 || \result == ATC_BAD_FORMAT;
    ensures exact:   \result == 0 <==> atc_is_body(at, end - at, 0);
    ensures options: \result == 0 ==> pdu->options.at == at &&
            atc_are_options(at, pdu->options.len, 0);
    ensures bare:    \result == 0 && pdu->payload.len == 0 ==> pdu->options.len == end - at;
    ensures payload: \result == 0 && pdu->payload.len > 0 ==>
            pdu->options.len + 1 + pdu->payload.len == end - at;
    ensures payload: \result == 0 ==> pdu->payload.at + pdu->payload.len == end;
    ensures marker:  \result == 0 && pdu->payload.len > 0 ==> at[pdu->options.len] == 0xFF; */
static int parse_options(struct atc_pdu *pdu, const uint8_t *at, const uint8_t *end)
{
    struct atc_walk walk = {at, end, 0};
    uint32_t has = 0;
    uint16_t count = 0;
    size_t left;

    /*@ loop invariant atc_walk_inside(&walk) && walk.end == end;
        loop invariant \base_addr(walk.at) == \base_addr(at) && at <= walk.at;
        loop invariant exact:   atc_is_body(walk.at, end - walk.at, walk.number) <==>
                                atc_is_body(at, end - at, 0);
        loop invariant options: \forall integer rest;
                                atc_are_options(walk.at, rest, walk.number) ==>
                                atc_are_options(at, walk.at - at + rest, 0);
        loop assigns walk, has, count;
        loop variant end - walk.at; */
    while (step(&walk)) {
        /*@ assert one: \forall integer rest; atc_are_options(walk.at, rest, walk.number) ==>
                        atc_are_options(\at(walk.at, LoopCurrent),
                                        walk.at - \at(walk.at, LoopCurrent) + rest,
                                        \at(walk.number, LoopCurrent)); */
        has |= (uint32_t)1 << walk.number % 32u;
        count++;
    }
    /*@ assert none:    atc_are_options(walk.at, 0, walk.number); */
    /*@ assert options: atc_are_options(at, walk.at - at, 0); */
    left = (size_t)(end - walk.at);
    if (left > 0 && (left == 1 || walk.at[0] != ATC_PAYLOAD_MARKER))
        return ATC_BAD_FORMAT;
    pdu->has = has;
    pdu->option_count = count;
    pdu->options = atc_span(at, (size_t)(walk.at - at));
    pdu->payload = left > 0 ? atc_span(walk.at + 1, left - 1) : atc_span(end, 0);
    return 0;
}

int atc_pdu_parse(struct atc_pdu *pdu, const uint8_t *data, size_t len)
{
    size_t tkl;

    if (len < ATC_HEADER_LEN)
        return ATC_BAD_FORMAT;
    pdu->type = data[0] / 16u % 4u;
    pdu->code = data[1];
    pdu->mid = (uint16_t)(data[2] * 256u + data[3]);
    tkl = data[0] % 16u;
    if (data[0] / 64u != 1u)
        return ATC_BAD_VERSION;
    if (tkl > ATC_TOKEN_MAX || tkl > len - ATC_HEADER_LEN)
        return ATC_BAD_FORMAT;
    if (data[1] == ATC_CODE_EMPTY && len != ATC_HEADER_LEN)
        return ATC_BAD_FORMAT;
    /*@ assert token: tkl == data[0] % 16 && 4 + tkl <= len && data[0] / 64 == 1; */
    if (parse_options(pdu, data + ATC_HEADER_LEN + tkl, data + len) != 0)
        return ATC_BAD_FORMAT;
    pdu->token = atc_span(data + ATC_HEADER_LEN, tkl);
    /*@ assert token: pdu->token.len == tkl && pdu->options.at == data + (4 + tkl); */
    return 0;
}

void atc_put_header(struct atc_out *out, uint8_t type, uint8_t code, uint16_t mid,
                    struct atc_span token)
{
    const size_t len = ATC_HEADER_LEN + token.len;
    uint8_t *to;

    ATC_ASSERT(type <= ATC_RST && token.len <= ATC_TOKEN_MAX);
    if (!atc_out_grow(out, len))
        return;
    to = out->buf + out->len - len;
    to[0] = (uint8_t)(0x40u + type * 16u + token.len);
    to[1] = code;
    to[2] = (uint8_t)(mid / 256u);
    to[3] = (uint8_t)(mid % 256u);
    atc_copy(to + ATC_HEADER_LEN, token);
}

/*@ assigns \nothing;
    ensures value < 13 ==> \result == value;
    ensures value >= 13 ==> \result == (value < 269 ? 13 : 14); */
static unsigned nibble_of(uint32_t value)
{
    if (value < ATC_BASE_8)
        return (unsigned)value;
    return value < ATC_BASE_16 ? ATC_EXTEND_8 : ATC_EXTEND_16;
}

/*@ requires atc_writer(out);
    assigns out->len, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
static void put_extended(struct atc_out *out, uint32_t value)
{
    if (value < ATC_BASE_8)
        return;
    if (value < ATC_BASE_16) {
        atc_put_byte(out, (uint8_t)(value - ATC_BASE_8));
        return;
    }
    atc_put_byte(out, (uint8_t)((value - ATC_BASE_16) / 256u));
    atc_put_byte(out, (uint8_t)((value - ATC_BASE_16) % 256u));
}

void atc_put_option_head(struct atc_out *out, uint32_t delta, size_t len)
{
    ATC_ASSERT(delta <= ATC_OPTION_NUMBER_MAX && len <= ATC_OPTION_NUMBER_MAX);
    atc_put_byte(out, (uint8_t)(nibble_of(delta) * 16u + nibble_of((uint32_t)len)));
    put_extended(out, delta);
    put_extended(out, (uint32_t)len);
}

void atc_put_long_option(struct atc_out *out, uint32_t delta, struct atc_span value)
{
    atc_put_option_head(out, delta, value.len);
    atc_put_bytes(out, value);
}

void atc_put_ready(struct atc_out *out, uint32_t *last, uint32_t number, struct atc_span ready)
{
    const uint32_t delta = number - *last;

    ATC_ASSERT(number >= *last && ready.len > 0);
    *last = number;
    atc_put_byte(out, (uint8_t)(nibble_of(delta) * 16u + ready.at[0] % 16u));
    put_extended(out, delta);
    atc_put_bytes(out, atc_span(ready.at + 1, ready.len - 1));
}

void atc_put_payload(struct atc_out *out, struct atc_span payload)
{
    uint8_t *to;

    if (payload.len == 0 || !atc_out_grow(out, 1 + payload.len))
        return;
    to = out->buf + out->len - payload.len - 1;
    to[0] = ATC_PAYLOAD_MARKER;
    memcpy(to + 1, payload.at, payload.len);
}
