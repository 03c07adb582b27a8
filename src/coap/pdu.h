/* SPDX-License-Identifier: MIT
 *
 * One CoAP message: bytes to fields and back. Source: RFC 7252 3.
 *
 * Parsing copies nothing: a parsed message points into the caller's bytes. Building is a run of
 * puts into a bounded writer. What options mean is option.h; which message answers which is
 * exchange.h.
 */
#ifndef ATC_PDU_H
#define ATC_PDU_H

#include "error.h"
#include "out.h"

enum atc_type { ATC_CON = 0, ATC_NON = 1, ATC_ACK = 2, ATC_RST = 3 };

enum {
    ATC_HEADER_LEN = 4,
    ATC_TOKEN_MAX = 8,
    ATC_PAYLOAD_MARKER = 0xFF,
    ATC_OPTION_NUMBER_MAX = 65535 /* the registry ends there; a larger sum is a format error */
};

/* c.dd as a byte. */
#define ATC_CODE(class, detail) ((uint8_t)((class) * 32 + (detail)))

enum {
    ATC_CODE_EMPTY = ATC_CODE(0, 0),
    ATC_CODE_GET = ATC_CODE(0, 1),
    ATC_CODE_DELETE = ATC_CODE(0, 4),
    ATC_CODE_CONTENT = ATC_CODE(2, 5),
    ATC_CODE_BAD_OPTION = ATC_CODE(4, 2),
    ATC_CODE_NOT_FOUND = ATC_CODE(4, 4),
    ATC_CODE_METHOD = ATC_CODE(4, 5),
    ATC_CODE_NOT_ACCEPTABLE = ATC_CODE(4, 6),
    ATC_CODE_PRECONDITION = ATC_CODE(4, 12),
    ATC_CODE_TOO_LARGE = ATC_CODE(4, 13),
    ATC_CODE_PROXYING = ATC_CODE(5, 5)
};

/*@ assigns \nothing;
    ensures \result == code / 32; */
static inline unsigned atc_code_class(uint8_t code)
{
    return code / 32u;
}

/* Whether code is a method, known or not. */
/*@ assigns \nothing;
    ensures \result == true <==> 1 <= code <= 31; */
static inline bool atc_code_is_request(uint8_t code)
{
    return atc_code_class(code) == 0 && code != ATC_CODE_EMPTY;
}

/* Whether code is a response; class 3 is reserved among the responses. Source: RFC 7252 12.1. */
/*@ assigns \nothing;
    ensures \result == true <==> 64 <= code <= 191; */
static inline bool atc_code_is_response(uint8_t code)
{
    return atc_code_class(code) >= 2 && atc_code_class(code) <= 5;
}

struct atc_pdu {
    struct atc_span token;   /* 0-8 bytes */
    struct atc_span options; /* as on the wire, without the payload marker */
    struct atc_span payload;
    uint32_t has; /* bit n: an option of number n is there, for n below 32 */
    uint16_t option_count;
    uint16_t mid;
    uint8_t type; /* enum atc_type */
    uint8_t code;
};

struct atc_option {
    struct atc_span value;
    uint32_t number;
};

/* A place between two options. */
struct atc_walk {
    const uint8_t *at;
    const uint8_t *end;
    uint32_t number; /* of the option before */
};

enum { ATC_WALK_END = 0, ATC_WALK_OPTION = 1, ATC_WALK_PAYLOAD = 2 };

/* What the bytes of an option say, for the contracts below: a nibble of 13 or 14 is followed by one
 * or two more bytes. Source: RFC 7252 3.1. */
/*@ logic integer atc_more(integer nibble) = nibble < 13 ? 0 : nibble - 12;

    logic integer atc_extended{L}(uint8_t *more, integer nibble) =
      nibble < 13 ? nibble : nibble == 13 ? more[0] + 13 : more[0] * 256 + more[1] + 269;

    logic integer atc_head_len{L}(uint8_t *at) = 1 + atc_more(at[0] / 16) + atc_more(at[0] % 16);

    logic integer atc_delta{L}(uint8_t *at) = atc_extended(at + 1, at[0] / 16);

    logic integer atc_value_len{L}(uint8_t *at) =
      atc_extended(at + 1 + atc_more(at[0] / 16), at[0] % 16);

    // In the next left bytes begins an option that is whole and allowed after that number.
    predicate atc_is_option{L}(uint8_t *at, integer left, integer number) =
      left >= 1 && at[0] / 16 < 15 && at[0] % 16 < 15 && atc_head_len(at) <= left &&
      atc_value_len(at) <= left - atc_head_len(at) && number + atc_delta(at) <= 65535;

    predicate atc_is_payload{L}(uint8_t *at, integer left) = left >= 2 && at[0] == 0xFF;

    predicate atc_walk_ready{L}(struct atc_walk *walk) =
      walk->number <= 65535 && \base_addr(walk->at) == \base_addr(walk->end) &&
      0 <= walk->end - walk->at <= PTRDIFF_MAX && \valid_read(walk->at + (0 .. walk->end - walk->at - 1)); */

/* A walk over the options of a parsed message, in wire order. */
/*@ requires \valid_read(pdu) && atc_readable(pdu->options) && pdu->options.len <= PTRDIFF_MAX;
    assigns \nothing;
    ensures \result.at == pdu->options.at;
    ensures \result.end == pdu->options.at + pdu->options.len && \result.number == 0; */
static inline struct atc_walk atc_walk(const struct atc_pdu *pdu)
{
    const struct atc_walk walk = {pdu->options.at, pdu->options.at + pdu->options.len, 0};

    return walk;
}

/* Step over one option.
 * Returns ATC_WALK_OPTION (option is filled), ATC_WALK_END, ATC_WALK_PAYLOAD (the marker was passed
 * and at least one byte follows), or ATC_BAD_FORMAT; in a parsed message only the first two happen.
 * Source: RFC 7252 3.1. */
/*@ requires \valid(walk) && \valid(option) && atc_walk_ready(walk);
    requires \separated(walk, option, walk->at + (0 .. walk->end - walk->at - 1));
    assigns walk->at, walk->number, *option;
    ensures atc_walk_ready(walk);
    ensures option:   \result == ATC_WALK_OPTION <==>
            \old(atc_is_option(walk->at, walk->end - walk->at, walk->number));
    ensures payload:  \result == ATC_WALK_PAYLOAD <==>
            \old(atc_is_payload(walk->at, walk->end - walk->at));
    ensures place:    \result == ATC_WALK_OPTION ==>
            option->value.at == \old(walk->at) + \old(atc_head_len(walk->at)) &&
            option->value.len == \old(atc_value_len(walk->at)) &&
            option->number == \old(walk->number) + \old(atc_delta(walk->at));
    ensures progress: \result == ATC_WALK_OPTION ==>
            walk->at == option->value.at + option->value.len &&
            walk->at > \old(walk->at) && walk->number == option->number;
    ensures marker:   \result == ATC_WALK_PAYLOAD ==> walk->at == \old(walk->at) + 1;
    ensures codes:    \result \in {ATC_WALK_END, ATC_WALK_OPTION, ATC_WALK_PAYLOAD, ATC_BAD_FORMAT};
    ensures end:      \result == ATC_WALK_END <==> \old(walk->at == walk->end);
    ensures unmoved:  \result == ATC_WALK_END ==> walk->at == \old(walk->at); */
static inline int atc_walk_next(struct atc_walk *walk, struct atc_option *option);

/* The same for what is rare: a long delta or length, the marker. There is at least one byte. */
/*@ requires some: walk->at < walk->end;
    requires \valid(walk) && \valid(option) && atc_walk_ready(walk);
    requires \separated(walk, option, walk->at + (0 .. walk->end - walk->at - 1));
    assigns walk->at, walk->number, *option;
    ensures atc_walk_ready(walk);
    ensures option:   \result == ATC_WALK_OPTION <==>
            \old(atc_is_option(walk->at, walk->end - walk->at, walk->number));
    ensures payload:  \result == ATC_WALK_PAYLOAD <==>
            \old(atc_is_payload(walk->at, walk->end - walk->at));
    ensures place:    \result == ATC_WALK_OPTION ==>
            option->value.at == \old(walk->at) + \old(atc_head_len(walk->at)) &&
            option->value.len == \old(atc_value_len(walk->at)) &&
            option->number == \old(walk->number) + \old(atc_delta(walk->at));
    ensures progress: \result == ATC_WALK_OPTION ==>
            walk->at == option->value.at + option->value.len &&
            walk->at > \old(walk->at) && walk->number == option->number;
    ensures marker:   \result == ATC_WALK_PAYLOAD ==> walk->at == \old(walk->at) + 1;
    ensures codes:    \result \in {ATC_WALK_OPTION, ATC_WALK_PAYLOAD, ATC_BAD_FORMAT}; */
int atc_walk_long(struct atc_walk *walk, struct atc_option *option);

/* Find the first option of that number in a parsed message. Returns whether there is one. */
/*@ requires \valid_read(pdu) && atc_readable(pdu->options) && pdu->options.len <= PTRDIFF_MAX;
    requires \valid(value);
    requires \separated(value, pdu);
    requires \separated(value, pdu->options.at + (0 .. pdu->options.len - 1));
    assigns *value;
    ensures inside: \result == true ==> atc_readable(*value) &&
            \base_addr(value->at) == \base_addr(pdu->options.at) &&
            pdu->options.at < value->at &&
            value->at + value->len <= pdu->options.at + pdu->options.len; */
bool atc_pdu_find(const struct atc_pdu *pdu, uint32_t number, struct atc_span *value);

/* Parse one message from data[0..len).
 * On success pdu points into data; keep data unchanged while pdu is in use. Options keep wire
 * order. Returns 0, ATC_BAD_VERSION (ignore silently) or ATC_BAD_FORMAT (ignore; a CON is answered with
 * RST). Codes and types are not judged here. Source: RFC 7252 3, 4.1 and 4.2. */
/*@ requires \valid(pdu) && \valid_read(data + (0 .. len - 1));
    requires \separated(pdu, data + (0 .. len - 1)) && len <= PTRDIFF_MAX;
    assigns *pdu;
    ensures codes:   \result \in {0, ATC_BAD_VERSION, ATC_BAD_FORMAT};
    ensures version: \result == ATC_BAD_VERSION <==> len >= 4 && data[0] / 64 != 1;
    ensures accepts: \result == 0 ==> len >= 4 && data[0] % 16 <= 8 && data[0] % 16 <= len - 4;
    ensures empty:   \result == 0 && data[1] == 0 ==> len == 4;
    ensures bare:    len == 4 && data[0] == 0x40 ==> \result == 0;
    ensures header:  \result == 0 ==> pdu->type == data[0] / 16 % 4 && pdu->code == data[1] &&
            pdu->mid == data[2] * 256 + data[3];
    ensures token:   \result == 0 ==> pdu->token.at == data + 4 && pdu->token.len == data[0] % 16;
    ensures options: \result == 0 ==> pdu->options.at == data + (4 + pdu->token.len);
    ensures bare:    \result == 0 && pdu->payload.len == 0 ==>
            4 + pdu->token.len + pdu->options.len == len;
    ensures payload: \result == 0 && pdu->payload.len > 0 ==>
            4 + pdu->token.len + pdu->options.len + 1 + pdu->payload.len == len &&
            pdu->payload.at == data + (len - pdu->payload.len) &&
            data[len - pdu->payload.len - 1] == 0xFF; */
int atc_pdu_parse(struct atc_pdu *pdu, const uint8_t *data, size_t len);

/* Type and ID of a message that is no more than a header, malformed or not.
 * Returns false if data is shorter than that or of another version. */
/*@ requires \valid(type) && \valid(mid) && \valid_read(data + (0 .. len - 1));
    requires \separated(type, mid, data + (0 .. len - 1));
    assigns *type, *mid;
    ensures \result == true <==> len >= 4 && data[0] / 64 == 1;
    ensures \result == true ==> *type == data[0] / 16 % 4 && *mid == data[2] * 256 + data[3]; */
bool atc_pdu_peek(uint8_t *type, uint16_t *mid, const uint8_t *data, size_t len);

/* The first bytes of a message: header and token (at most 8 bytes). */
/*@ requires atc_writer(out) && atc_readable(token) && type <= 3 && token.len <= 8;
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap);
    ensures first: \old(out->len) + 4 + token.len <= \old(out->cap) ==>
            out->buf[\old(out->len)] == 0x40 + type * 16 + token.len; */
void atc_put_header(struct atc_out *out, uint8_t type, uint8_t code, uint16_t mid,
                    struct atc_span token);

/* Delta and length of an option, whose len bytes of value shall follow. */
/*@ requires atc_writer(out) && delta <= 65535 && len <= 65535;
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_option_head(struct atc_out *out, uint32_t delta, size_t len);

/* One option; *last is the number of the one before (0 at first) and moves on. Numbers must not
 * fall. */
/*@ requires atc_writer(out) && atc_readable(value) && value.len <= 65535;
    requires \valid(last) && *last <= number <= 65535;
    requires apart: \separated(last, out, out->buf + (0 .. out->cap - 1));
    requires apart: \separated(last, value.at + (0 .. value.len - 1));
    requires apart: \separated(out, value.at + (0 .. value.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), value.at + (0 .. value.len - 1));
    assigns *last, out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap);
    ensures *last == number; */
void atc_put_option(struct atc_out *out, uint32_t *last, uint32_t number, struct atc_span value);

/* Payload marker and payload; nothing if the payload is empty. */
/*@ requires atc_writer(out) && atc_readable(payload);
    requires apart: \separated(out, payload.at + (0 .. payload.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), payload.at + (0 .. payload.len - 1));
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_payload(struct atc_out *out, struct atc_span payload);

/* Nearly every option of a real message has a delta and a length below 13: that way stands here, so
 * that a loop over options calls nothing. */
static inline int atc_walk_next(struct atc_walk *walk, struct atc_option *option)
{
    const uint8_t *const at = walk->at;
    uint32_t number;
    size_t len;

    if (at == walk->end)
        return ATC_WALK_END;
    len = at[0] % 16u;
    if (at[0] >= 13u * 16u || len >= 13u)
        return atc_walk_long(walk, option);
    number = walk->number + at[0] / 16u;
    if (number > ATC_OPTION_NUMBER_MAX || len > (size_t)(walk->end - at) - 1u)
        return ATC_BAD_FORMAT;
    /*@ assert whole: atc_head_len(at) == 1 && atc_value_len(at) == len &&
                      atc_is_option(at, walk->end - at, walk->number); */
    walk->number = number;
    walk->at = at + 1 + len;
    option->number = number;
    option->value = atc_span(at + 1, len);
    return ATC_WALK_OPTION;
}

#endif
