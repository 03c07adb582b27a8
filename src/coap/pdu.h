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

static inline unsigned atc_code_class(uint8_t code)
{
    return code / 32u;
}

/* Whether code is a method, known or not. */
static inline bool atc_code_is_request(uint8_t code)
{
    return atc_code_class(code) == 0 && code != ATC_CODE_EMPTY;
}

/* Whether code is a response; class 3 is reserved among the responses. Source: RFC 7252 12.1. */
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

/* A walk over the options of a parsed message, in wire order. */
static inline struct atc_walk atc_walk(const struct atc_pdu *pdu)
{
    const struct atc_walk walk = {pdu->options.at, pdu->options.at + pdu->options.len, 0};

    return walk;
}

/* Step over one option.
 * Returns ATC_WALK_OPTION (option is filled), ATC_WALK_END, ATC_WALK_PAYLOAD (the marker was passed
 * and at least one byte follows), or ATC_BAD_FORMAT; in a parsed message only the first two happen.
 * Source: RFC 7252 3.1. */
static inline int atc_walk_next(struct atc_walk *walk, struct atc_option *option);

/* The same for what is rare: a long delta or length, the marker. There is at least one byte. */
int atc_walk_long(struct atc_walk *walk, struct atc_option *option);

/* Find the first option of that number in a parsed message. Returns whether there is one. */
bool atc_pdu_find(const struct atc_pdu *pdu, uint32_t number, struct atc_span *value);

/* Parse one message from data[0..len).
 * On success pdu points into data; keep data unchanged while pdu is in use. Options keep wire
 * order. Returns 0, ATC_BAD_VERSION (ignore silently) or ATC_BAD_FORMAT (ignore; a CON is answered with
 * RST). Codes and types are not judged here. Source: RFC 7252 3, 4.1 and 4.2. */
int atc_pdu_parse(struct atc_pdu *pdu, const uint8_t *data, size_t len);

/* Type and ID of a message that is no more than a header, malformed or not.
 * Returns false if data is shorter than that or of another version. */
bool atc_pdu_peek(uint8_t *type, uint16_t *mid, const uint8_t *data, size_t len);

/* The first bytes of a message: header and token (at most 8 bytes). */
void atc_put_header(struct atc_out *out, uint8_t type, uint8_t code, uint16_t mid,
                    struct atc_span token);

/* Delta and length of an option, whose len bytes of value shall follow. */
void atc_put_option_head(struct atc_out *out, uint32_t delta, size_t len);

/* One option; *last is the number of the one before (0 at first) and moves on. Numbers must not
 * fall. */
void atc_put_option(struct atc_out *out, uint32_t *last, uint32_t number, struct atc_span value);

/* Payload marker and payload; nothing if the payload is empty. */
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
    walk->number = number;
    walk->at = at + 1 + len;
    option->number = number;
    option->value = atc_span(at + 1, len);
    return ATC_WALK_OPTION;
}

#endif
