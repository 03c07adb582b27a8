/* SPDX-License-Identifier: MIT
 *
 * A second reading of RFC 7252 section 3, for the model server and the transcripts. It shares no
 * code with the library under test on purpose: a mistake made there must show here. */
#ifndef SIM_COAP_H
#define SIM_COAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_coap_type { SIM_CON, SIM_NON, SIM_ACK, SIM_RST };

/* A code as the RFC writes it: SIM_CODE(4, 04) is 4.04. */
#define SIM_CODE(c, dd) ((uint8_t)((c)*32 + (dd)))

/* Option numbers that sim itself understands. Source: RFC 7252 tab.4, RFC 7641, RFC 7959. */
enum {
    SIM_IF_MATCH = 1,
    SIM_URI_HOST = 3,
    SIM_IF_NONE_MATCH = 5,
    SIM_OBSERVE = 6,
    SIM_URI_PORT = 7,
    SIM_LOCATION_PATH = 8,
    SIM_URI_PATH = 11,
    SIM_CONTENT_FORMAT = 12,
    SIM_URI_QUERY = 15,
    SIM_ACCEPT = 17,
    SIM_PROXY_URI = 35,
    SIM_PROXY_SCHEME = 39
};

/* Enough for what a server in a test is sent; a message with more is SIM_COAP_FULL. */
#define SIM_COAP_OPTION_MAX 96
#define SIM_COAP_TOKEN_MAX  8

struct sim_coap_option {
    uint16_t number;
    uint16_t len;
    const uint8_t *value;
};

struct sim_coap {
    uint8_t type; /* enum sim_coap_type */
    uint8_t code;
    uint16_t mid;
    uint8_t token_len;
    uint8_t token[SIM_COAP_TOKEN_MAX];
    size_t option_count;
    struct sim_coap_option options[SIM_COAP_OPTION_MAX]; /* in wire order */
    const uint8_t *payload;
    size_t payload_len;
};

enum {
    SIM_COAP_VERSION = -1, /* another version */
    SIM_COAP_FORMAT = -2,  /* message format error; type and mid are set if there were 4 bytes */
    SIM_COAP_FULL = -3     /* more options, or a longer message, than there is room for */
};

/* Read one message. Options and payload point into data. Returns 0 or one of the above. */
int sim_coap_parse(struct sim_coap *message, const uint8_t *data, size_t len);

/* Write one message into data[0..max). Options must stand in ascending order. Returns the length,
 * SIM_COAP_FORMAT if the order is wrong, or SIM_COAP_FULL. */
int sim_coap_build(const struct sim_coap *message, uint8_t *data, size_t max);

/* Append an option; value is kept by pointer. Returns false if there is no room. */
bool sim_coap_add(struct sim_coap *message, uint16_t number, const void *value, size_t len);

/* The first option of that number, or NULL. */
const struct sim_coap_option *sim_coap_find(const struct sim_coap *message, uint16_t number);

/* Write value into out[0..8) without leading zeros. Returns the length, 0 for 0. */
size_t sim_coap_put_uint(uint8_t *out, uint64_t value);

/* The value as a number; more than 8 bytes give UINT64_MAX. */
uint64_t sim_coap_uint(const struct sim_coap_option *option);

#endif
