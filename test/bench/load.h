/* SPDX-License-Identifier: MIT
 *
 * The messages that everything here sends: a registration of a small device and its answer. The same
 * for the codecs, the modems, the bare sockets and other people's libraries, so that what is
 * compared does the same work.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>

enum {
    LOAD_REQUEST_LEN = 105, /* a CON POST: token, path, format, four queries, payload */
    LOAD_RESPONSE_LEN = 36, /* an ACK 2.05: token, format, payload */
    LOAD_TOKEN_LEN = 4,
    LOAD_PAYLOAD_LEN = 48,
    LOAD_ANSWER_LEN = 25,
    LOAD_OPTION_COUNT = 6,
    LOAD_CON = 0,
    LOAD_ACK = 2,
    LOAD_POST = 0x02,
    LOAD_CONTENT = 0x45
};

struct load_option {
    uint16_t number;
    uint8_t len;
    const char *value;
};

extern const struct load_option load_request_options[LOAD_OPTION_COUNT];
extern const struct load_option load_response_option;

/* As the TE types them; the answer's text. */
#define LOAD_OPTIONS_TYPED \
    "11,\"rd\",12,\"40\",15,\"ep=863703030000001\",15,\"lt=86400\",15,\"lwm2m=1.0\",15,\"b=U\""
extern const uint8_t load_payload[LOAD_PAYLOAD_LEN];
extern const uint8_t load_answer[LOAD_ANSWER_LEN];

/* The whole messages, written by none of the codecs that are measured. */
void load_request(uint8_t to[LOAD_REQUEST_LEN], uint16_t mid, const uint8_t token[LOAD_TOKEN_LEN]);
void load_response(uint8_t to[LOAD_RESPONSE_LEN], uint16_t mid,
                   const uint8_t token[LOAD_TOKEN_LEN]);

#endif
