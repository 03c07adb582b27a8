/* SPDX-License-Identifier: MIT
 *
 * A second reading of RFC 7252 section 3, to hold against src/coap/pdu.c: written from the RFC, in
 * another style, sharing no code and no idea with it. It reads the message as one string of bits,
 * checks nothing before reading and judges at the end. It is for tests: plain, not fast.
 */
#ifndef DECODER_H
#define DECODER_H

#include <stddef.h>
#include <stdint.h>

enum decoder_verdict {
    DECODER_ACCEPT,
    DECODER_FORMAT, /* message format error */
    DECODER_VERSION /* not version 1: to be ignored silently */
};

/* Options of which number, length and place are listed; further ones are only counted. */
#define DECODER_OPTION_MAX 4200

struct decoder_option {
    uint32_t number;
    size_t len;
    size_t offset; /* of the value, from the start of the message */
};

struct decoder_message {
    enum decoder_verdict verdict; /* the rest holds only if DECODER_ACCEPT */
    unsigned type, code, mid;
    size_t token_len; /* the token stands behind the four bytes of the header */
    size_t option_count;
    size_t payload_len; /* the payload is the end of the message */
    struct decoder_option option[DECODER_OPTION_MAX];
};

void decoder_read(struct decoder_message *msg, const uint8_t *data, size_t len);

#endif
