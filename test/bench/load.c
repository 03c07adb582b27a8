/* SPDX-License-Identifier: MIT */
#include "load.h"

#include <string.h>

const struct load_option load_request_options[LOAD_OPTION_COUNT] = {
    {11, 2, "rd"},       {12, 1, "\x28"},      {15, 18, "ep=863703030000001"},
    {15, 8, "lt=86400"}, {15, 9, "lwm2m=1.0"}, {15, 3, "b=U"},
};
const struct load_option load_response_option = {12, 1, "\x2a"};

const uint8_t load_payload[LOAD_PAYLOAD_LEN] = "</1/0>,</3/0>,</4/0>,</5/0>,</6/0>,</3303/0>;if=";
const uint8_t load_answer[LOAD_ANSWER_LEN] = "registered, 86400 seconds";

/* Its deltas and lengths are all below 13 but one, whose length takes a further byte. */
static const uint8_t options[] = "\xb2rd\x11\x28\x3d\x05"
                                 "ep=863703030000001\x08lt=86400\x09lwm2m=1.0\x03"
                                 "b=U\xff";

static uint8_t *put_header(uint8_t *to, uint8_t type, uint8_t code, uint16_t mid,
                           const uint8_t *token)
{
    to[0] = (uint8_t)(0x40 | type << 4 | LOAD_TOKEN_LEN);
    to[1] = code;
    to[2] = (uint8_t)(mid >> 8);
    to[3] = (uint8_t)mid;
    memcpy(to + 4, token, LOAD_TOKEN_LEN);
    return to + 4 + LOAD_TOKEN_LEN;
}

void load_request(uint8_t to[LOAD_REQUEST_LEN], uint16_t mid, const uint8_t token[LOAD_TOKEN_LEN])
{
    uint8_t *at = put_header(to, LOAD_CON, LOAD_POST, mid, token);

    memcpy(at, options, sizeof options - 1);
    memcpy(at + sizeof options - 1, load_payload, LOAD_PAYLOAD_LEN);
}

void load_response(uint8_t to[LOAD_RESPONSE_LEN], uint16_t mid, const uint8_t token[LOAD_TOKEN_LEN])
{
    uint8_t *at = put_header(to, LOAD_ACK, LOAD_CONTENT, mid, token);

    memcpy(at, "\xc1\x2a\xff", 3);
    memcpy(at + 3, load_answer, LOAD_ANSWER_LEN);
}
