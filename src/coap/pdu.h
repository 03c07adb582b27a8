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
    uint32_t has; /* bit n is clear: no option has a number that is n modulo 32 */
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

/* What a nibble of 13 and 14 stands for: that much plus one or two more bytes. 15 is reserved.
 * Source: RFC 7252 3.1. */
enum { ATC_EXTEND_8 = 13, ATC_EXTEND_16 = 14, ATC_BASE_8 = 13, ATC_BASE_16 = 269 };

/* What the bytes of an option say, for the contracts below. Source: RFC 7252 3.1. */
/*@ logic integer atc_more(integer nibble) = nibble < 13 ? 0 : nibble - 12;

    logic integer atc_extended{L}(uint8_t *more, integer nibble) =
      nibble < 13 ? nibble : nibble == 13 ? more[0] + 13 : more[0] * 256 + more[1] + 269;

    logic integer atc_head_len{L}(uint8_t *at) = 1 + atc_more(at[0] / 16) + atc_more(at[0] % 16);

    logic integer atc_delta{L}(uint8_t *at) = atc_extended(at + 1, at[0] / 16);

    logic integer atc_value_len{L}(uint8_t *at) =
      atc_extended(at + 1 + atc_more(at[0] / 16), at[0] % 16);

    logic integer atc_option_len{L}(uint8_t *at) = atc_head_len(at) + atc_value_len(at);

    // In the next left bytes begins an option that is whole and allowed after that number.
    predicate atc_is_option{L}(uint8_t *at, integer left, integer number) =
      left >= 1 && at[0] / 16 < 15 && at[0] % 16 < 15 && atc_option_len(at) <= left &&
      number + atc_delta(at) <= 65535;

    // The next left bytes are such options and nothing else.
    predicate atc_are_options{L}(uint8_t *at, integer left, integer number) =
      left == 0 || (atc_is_option(at, left, number) &&
                    atc_are_options(at + atc_option_len(at), left - atc_option_len(at),
                                    number + atc_delta(at)));

    // They are such options, and behind them is nothing, or a marker and at least one byte.
    predicate atc_is_body{L}(uint8_t *at, integer left, integer number) =
      left == 0 || (left >= 2 && at[0] == 0xFF) ||
      (atc_is_option(at, left, number) &&
       atc_is_body(at + atc_option_len(at), left - atc_option_len(at), number + atc_delta(at)));

    // What atc_pdu_parse() makes sure of, and no step over an option asks again.
    predicate atc_parsed{L}(struct atc_pdu *pdu) =
      \valid_read(pdu) && atc_readable(pdu->options) && pdu->options.len <= PTRDIFF_MAX &&
      atc_are_options(pdu->options.at, pdu->options.len, 0);

    predicate atc_walk_inside{L}(struct atc_walk *walk) =
      walk->number <= 65535 && \base_addr(walk->at) == \base_addr(walk->end) &&
      0 <= walk->end - walk->at <= PTRDIFF_MAX && \valid_read(walk->at + (0 .. walk->end - walk->at - 1));

    predicate atc_walk_ready{L}(struct atc_walk *walk) =
      atc_walk_inside(walk) && atc_are_options(walk->at, walk->end - walk->at, walk->number); */

/* A walk over the options of a parsed message, in wire order. */
/*@ requires atc_parsed(pdu);
    assigns \nothing;
    ensures \result.at == pdu->options.at;
    ensures \result.end == pdu->options.at + pdu->options.len && \result.number == 0; */
static inline struct atc_walk atc_walk(const struct atc_pdu *pdu)
{
    const struct atc_walk walk = {pdu->options.at, pdu->options.at + pdu->options.len, 0};

    return walk;
}

/* Add to a delta or length of 13 or 14, which is all a nibble can say, the bytes it asks for.
 * Returns where they end. */
/*@ requires \valid(value) && *value <= 14 && \valid_read(at + (0 .. atc_more(*value) - 1));
    requires \separated(value, at + (0 .. atc_more(*value) - 1));
    assigns *value;
    ensures end:   \result == at + atc_more(\old(*value));
    ensures value: *value == atc_extended(at, \old(*value)); */
static inline const uint8_t *atc_extend(uint32_t *value, const uint8_t *at)
{
    if (*value < ATC_EXTEND_8)
        return at;
    if (*value == ATC_EXTEND_8) {
        *value = at[0] + (uint32_t)ATC_BASE_8;
        return at + 1;
    }
    *value = at[0] * 256u + at[1] + (uint32_t)ATC_BASE_16;
    return at + 2;
}

/* Step over one option of a parsed message. Returns false, and leaves option alone, behind the last.
 * What the bytes say is not checked: atc_pdu_parse() has done that. */
/*@ requires \valid(walk) && \valid(option) && atc_walk_ready(walk);
    requires \separated(walk, option, walk->at + (0 .. walk->end - walk->at - 1));
    assigns walk->at, walk->number, *option;
    ensures atc_walk_ready(walk);
    ensures more:     \result == true <==> \old(walk->at < walk->end);
    ensures place:    \result == true ==>
            option->value.at == \old(walk->at) + \old(atc_head_len(walk->at)) &&
            option->value.len == \old(atc_value_len(walk->at)) &&
            option->number == \old(walk->number) + \old(atc_delta(walk->at));
    ensures inside:   \result == true ==> atc_readable(option->value) &&
            option->value.at + option->value.len <= walk->end;
    ensures progress: \result == true ==>
            walk->at == option->value.at + option->value.len &&
            walk->at > \old(walk->at) && walk->number == option->number; */
static inline bool atc_walk_next(struct atc_walk *walk, struct atc_option *option)
{
    const uint8_t *at = walk->at;
    uint32_t delta, len;

    if (at == walk->end)
        return false;
    /*@ assert option: atc_is_option(at, walk->end - at, walk->number); */
    /*@ assert rest:   atc_are_options(at + atc_option_len(at), walk->end - at - atc_option_len(at),
                                       walk->number + atc_delta(at)); */
    delta = at[0] / 16u;
    len = at[0] % 16u;
    at = atc_extend(&delta, at + 1);
    at = atc_extend(&len, at);
    /*@ assert place:  at + len == \at(walk->at, Pre) + atc_option_len(\at(walk->at, Pre)) &&
                       delta == atc_delta(\at(walk->at, Pre)); */
    walk->number += delta;
    walk->at = at + len;
    option->number = walk->number;
    option->value = atc_span(at, len);
    return true;
}

/* Find the first option of that number in a parsed message. Returns whether there is one. */
/*@ requires atc_parsed(pdu) && \valid(value);
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
    ensures exact:   \result == 0 <==> len >= 4 && data[0] / 64 == 1 &&
            data[0] % 16 <= 8 && data[0] % 16 <= len - 4 && (data[1] == 0 ==> len == 4) &&
            atc_is_body(data + (4 + data[0] % 16), len - (4 + data[0] % 16), 0);
    ensures options: \result == 0 ==> atc_parsed(pdu);
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
    requires apart: \separated(out, token.at + (0 .. token.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), token.at + (0 .. token.len - 1));
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

/* One option of any delta and length. */
/*@ requires atc_writer(out) && atc_readable(value) && delta <= 65535 && value.len <= 65535;
    requires apart: \separated(out, value.at + (0 .. value.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), value.at + (0 .. value.len - 1));
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_long_option(struct atc_out *out, uint32_t delta, struct atc_span value);

/* One option; *last is the number of the one before (0 at first) and moves on. Numbers must not
 * fall. Nearly every option has a delta and a length below 13: that stands here. */
/*@ requires atc_writer(out) && atc_readable(value) && value.len <= 65535;
    requires \valid(last) && *last <= number <= 65535;
    requires apart: \separated(last, out, out->buf + (0 .. out->cap - 1));
    requires apart: \separated(last, value.at + (0 .. value.len - 1));
    requires apart: \separated(out, value.at + (0 .. value.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), value.at + (0 .. value.len - 1));
    assigns *last, out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap);
    ensures *last == number; */
static inline void atc_put_option(struct atc_out *out, uint32_t *last, uint32_t number,
                                  struct atc_span value)
{
    const uint32_t delta = number - *last;

    ATC_ASSERT(number >= *last);
    *last = number;
    if (delta < ATC_EXTEND_8 && value.len < ATC_EXTEND_8 && atc_out_fits(out, 1 + value.len)) {
        uint8_t *const to = out->buf + out->len;

        to[0] = (uint8_t)(delta * 16u + value.len);
        atc_copy(to + 1, value);
        out->len += 1 + value.len;
        return;
    }
    atc_put_long_option(out, delta, value);
}

/* Options that are encoded already, as if one of the same number came before the first of them.
 * number and *last as in atc_put_option(). */
/*@ requires atc_writer(out) && atc_readable(ready) && ready.len > 0 && ready.at[0] < 16;
    requires \valid(last) && *last <= number <= 65535;
    requires apart: \separated(last, out, out->buf + (0 .. out->cap - 1));
    requires apart: \separated(last, ready.at + (0 .. ready.len - 1));
    requires apart: \separated(out, ready.at + (0 .. ready.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), ready.at + (0 .. ready.len - 1));
    assigns *last, out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap);
    ensures *last == number; */
void atc_put_ready(struct atc_out *out, uint32_t *last, uint32_t number, struct atc_span ready);

/* Payload marker and payload; nothing if the payload is empty. */
/*@ requires atc_writer(out) && atc_readable(payload) && payload.len <= PTRDIFF_MAX;
    requires apart: \separated(out, payload.at + (0 .. payload.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), payload.at + (0 .. payload.len - 1));
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_payload(struct atc_out *out, struct atc_span payload);

#endif
