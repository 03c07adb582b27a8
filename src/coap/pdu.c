/* SPDX-License-Identifier: MIT */
#include "pdu.h"

/* What a nibble of 13 and 14 stands for: that much plus one or two more bytes. */
enum { EXTEND_8 = 13, EXTEND_16 = 14, BASE_8 = 13, BASE_16 = 269 };

/* Add to a nibble of 13 or 14 the bytes it asks for. Returns where they end, NULL if they are cut
 * short or the nibble is the reserved 15. */
/*@ requires \valid(value) && \separated(value, at + (0 .. end - at - 1));
    requires \base_addr(at) == \base_addr(end) && 0 <= end - at <= PTRDIFF_MAX;
    requires \valid_read(at + (0 .. end - at - 1)) && 13 <= *value <= 15;
    assigns *value;
    ensures cut:   \result == \null <==> \old(*value) == 15 || atc_more(\old(*value)) > end - at;
    ensures whole: \result != \null ==> \result == at + atc_more(\old(*value)) &&
            *value == atc_extended(at, \old(*value)); */
static const uint8_t *extend(uint32_t *value, const uint8_t *at, const uint8_t *end)
{
    const size_t left = (size_t)(end - at);

    if (*value == EXTEND_8 && left >= 1) {
        *value = at[0] + (uint32_t)BASE_8;
        return at + 1;
    }
    if (*value == EXTEND_16 && left >= 2) {
        *value = at[0] * 256u + at[1] + (uint32_t)BASE_16;
        return at + 2;
    }
    return NULL;
}

int atc_walk_long(struct atc_walk *walk, struct atc_option *option)
{
    const uint8_t *const head = walk->at;
    const uint8_t *at = head + 1;
    uint32_t delta = head[0] / 16u;
    uint32_t len = head[0] % 16u;

    if (head[0] == ATC_PAYLOAD_MARKER) {
        walk->at = at;
        return at < walk->end ? ATC_WALK_PAYLOAD : ATC_BAD_FORMAT;
    }
    if (delta >= EXTEND_8 && (at = extend(&delta, at, walk->end)) == NULL)
        return ATC_BAD_FORMAT;
    /*@ assert delta: head[0] / 16 < 15 && at == head + 1 + atc_more(head[0] / 16) &&
                      delta == atc_delta(head); */
    if (len >= EXTEND_8 && (at = extend(&len, at, walk->end)) == NULL)
        return ATC_BAD_FORMAT;
    /*@ assert len: head[0] % 16 < 15 && at == head + atc_head_len(head) &&
                    len == atc_value_len(head); */
    if (delta > ATC_OPTION_NUMBER_MAX - walk->number || len > (size_t)(walk->end - at))
        return ATC_BAD_FORMAT;
    /*@ assert whole: atc_is_option(head, walk->end - head, walk->number); */
    walk->number += delta;
    walk->at = at + len;
    option->number = walk->number;
    option->value = atc_span(at, len);
    return ATC_WALK_OPTION;
}

bool atc_pdu_find(const struct atc_pdu *pdu, uint32_t number, struct atc_span *value)
{
    struct atc_walk walk = atc_walk(pdu);
    struct atc_option option;

    if (number < 32 && (pdu->has >> number & 1u) == 0)
        return false;
    /*@ loop invariant atc_walk_ready(&walk) && walk.end == pdu->options.at + pdu->options.len;
        loop invariant \base_addr(walk.at) == \base_addr(pdu->options.at);
        loop invariant pdu->options.at <= walk.at;
        loop assigns walk, option;
        loop variant walk.end - walk.at; */
    while (atc_walk_next(&walk, &option) == ATC_WALK_OPTION) {
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
/*@ requires \valid(pdu) && \base_addr(at) == \base_addr(end) && 0 <= end - at <= PTRDIFF_MAX;
    requires \valid_read(at + (0 .. end - at - 1)) && \separated(pdu, at + (0 .. end - at - 1));
    assigns pdu->has, pdu->option_count, pdu->payload, pdu->options;
    ensures \result == 0 || \result == ATC_BAD_FORMAT;
    ensures none:    at == end ==> \result == 0;
    ensures bare:    \result == 0 && pdu->payload.len == 0 ==>
            pdu->options.len == end - at;
    ensures options: \result == 0 ==> pdu->options.at == at;
    ensures payload: \result == 0 && pdu->payload.len > 0 ==>
            pdu->options.len + 1 + pdu->payload.len == end - at;
    ensures payload: \result == 0 ==> pdu->payload.at + pdu->payload.len == end;
    ensures marker:  \result == 0 && pdu->payload.len > 0 ==> at[pdu->options.len] == 0xFF; */
static int parse_options(struct atc_pdu *pdu, const uint8_t *at, const uint8_t *end)
{
    struct atc_walk walk = {at, end, 0};
    struct atc_option option;
    size_t options_len, payload_len;
    uint32_t has = 0;
    uint16_t count = 0;
    int result;

    /*@ loop invariant atc_walk_ready(&walk) && walk.end == end;
        loop invariant \base_addr(walk.at) == \base_addr(at) && at <= walk.at;
        loop assigns walk, option, has, count, result;
        loop variant end - walk.at; */
    while ((result = atc_walk_next(&walk, &option)) == ATC_WALK_OPTION) {
        if (option.number < 32)
            has |= (uint32_t)1 << option.number;
        count++;
    }
    if (result < 0)
        return result;
    /*@ assert passed: result == ATC_WALK_PAYLOAD ==> at < walk.at && walk.at[-1] == 0xFF; */
    payload_len = (size_t)(end - walk.at);
    options_len = (size_t)(walk.at - at) - (result == ATC_WALK_PAYLOAD ? 1u : 0u);
    /*@ assert lengths: result == ATC_WALK_PAYLOAD ? options_len + 1 + payload_len == end - at
                                                   : payload_len == 0 && options_len == end - at; */
    /*@ assert marker:  payload_len > 0 ==> at[options_len] == 0xFF; */
    pdu->has = has;
    pdu->option_count = count;
    pdu->payload = atc_span(end - payload_len, payload_len);
    pdu->options = atc_span(at, options_len);
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
    if (tkl > ATC_TOKEN_MAX || tkl > len - ATC_HEADER_LEN)
        return ATC_BAD_FORMAT;
    if (data[1] == ATC_CODE_EMPTY && len != ATC_HEADER_LEN)
        return ATC_BAD_FORMAT;
    pdu->token = atc_span(data + ATC_HEADER_LEN, tkl);
    if (parse_options(pdu, data + ATC_HEADER_LEN + tkl, data + len) != 0)
        return ATC_BAD_FORMAT;
    pdu->type = data[0] / 16u % 4u;
    pdu->code = data[1];
    pdu->mid = (uint16_t)(data[2] * 256u + data[3]);
    return 0;
}

void atc_put_header(struct atc_out *out, uint8_t type, uint8_t code, uint16_t mid,
                    struct atc_span token)
{
    uint8_t header[ATC_HEADER_LEN + ATC_TOKEN_MAX];

    ATC_ASSERT(type <= ATC_RST && token.len <= ATC_TOKEN_MAX);
    header[0] = (uint8_t)(0x40u + type * 16u + token.len);
    header[1] = code;
    header[2] = (uint8_t)(mid / 256u);
    header[3] = (uint8_t)(mid % 256u);
    /*@ loop invariant i <= token.len;
        loop assigns i, header[4 .. 11];
        loop variant token.len - i; */
    for (size_t i = 0; i < token.len; i++)
        header[ATC_HEADER_LEN + i] = token.at[i];
    atc_put_bytes(out, atc_span(header, ATC_HEADER_LEN + token.len));
}

/*@ assigns \nothing;
    ensures value < 13 ==> \result == value;
    ensures value >= 13 ==> \result == (value < 269 ? 13 : 14); */
static unsigned nibble_of(uint32_t value)
{
    if (value < BASE_8)
        return (unsigned)value;
    return value < BASE_16 ? EXTEND_8 : EXTEND_16;
}

/*@ requires atc_writer(out);
    assigns out->len, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
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
    const uint32_t delta = number - *last;

    ATC_ASSERT(number >= *last);
    *last = number;
    if (delta < BASE_8 && value.len < BASE_8 && atc_out_fits(out, 1 + value.len)) {
        uint8_t *const to = out->buf + out->len;

        to[0] = (uint8_t)(delta * 16u + value.len);
        /*@ loop invariant i <= value.len;
            loop assigns i, to[1 .. value.len];
            loop variant value.len - i; */
        for (size_t i = 0; i < value.len; i++) /* shorter than a call */
            to[1 + i] = value.at[i];
        out->len += 1 + value.len;
        return;
    }
    atc_put_option_head(out, delta, value.len);
    atc_put_bytes(out, value);
}

void atc_put_payload(struct atc_out *out, struct atc_span payload)
{
    if (payload.len == 0)
        return;
    atc_put_byte(out, ATC_PAYLOAD_MARKER);
    atc_put_bytes(out, payload);
}
