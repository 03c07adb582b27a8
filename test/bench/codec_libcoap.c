/* SPDX-License-Identifier: MIT
 *
 * The same messages through libcoap's public calls, as its own examples use them.
 *
 * usage: bench_codec_libcoap encode-request|encode-response|decode-request|decode-response TURNS
 */
#include <coap3/coap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static uint8_t message[LOAD_REQUEST_LEN];
static size_t message_len;
static volatile unsigned sink;

static const uint8_t token[LOAD_TOKEN_LEN] = {0xc0, 0xde, 0x12, 0x34};

static void fail(const char *what)
{
    (void)fprintf(stderr, "bench_codec_libcoap: %s\n", what);
    exit(1);
}

/* coap_pdu_init() and the adds are what an application calls; the header is encoded when the message
 * is sent, which this call does alone. */
static void encode(coap_pdu_type_t type, coap_pdu_code_t code, const struct load_option *options,
                   size_t count, const uint8_t *payload, size_t len)
{
    coap_pdu_t *pdu = coap_pdu_init(type, code, 0x1234, 1152);

    if (pdu == NULL || !coap_add_token(pdu, sizeof token, token))
        fail("no message");
    for (size_t i = 0; i < count; i++) {
        if (coap_add_option(pdu, options[i].number, options[i].len,
                            (const uint8_t *)options[i].value) == 0)
            fail("no room for an option");
    }
    if (!coap_add_data(pdu, len, payload))
        fail("no room for the payload");
    coap_delete_pdu(pdu);
}

static void encode_request(void)
{
    encode(COAP_MESSAGE_CON, COAP_REQUEST_CODE_POST, load_request_options, LOAD_OPTION_COUNT,
           load_payload, LOAD_PAYLOAD_LEN);
}

static void encode_response(void)
{
    encode(COAP_MESSAGE_ACK, COAP_RESPONSE_CODE_CONTENT, &load_response_option, 1, load_answer,
           LOAD_ANSWER_LEN);
}

static void decode(void)
{
    coap_pdu_t *pdu = coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, 1152);
    coap_opt_iterator_t options;
    coap_opt_t *option;
    const uint8_t *data;
    size_t len;

    if (pdu == NULL || !coap_pdu_parse(COAP_PROTO_UDP, message, message_len, pdu))
        fail("not parsed");
    coap_option_iterator_init(pdu, &options, COAP_OPT_ALL);
    while ((option = coap_option_next(&options)) != NULL)
        sink += options.number + coap_opt_length(option) + *coap_opt_value(option);
    if (!coap_get_data(pdu, &len, &data))
        fail("no payload");
    sink += (unsigned)len;
    coap_delete_pdu(pdu);
}

static void take_request(void)
{
    load_request(message, 0x1234, token);
    message_len = LOAD_REQUEST_LEN;
}

static void take_response(void)
{
    load_response(message, 0x1234, token);
    message_len = LOAD_RESPONSE_LEN;
}

struct part {
    const char *name;
    void (*prepare)(void);
    void (*run)(void);
};

static const struct part parts[] = {
    {"encode-request", take_request, encode_request},
    {"encode-response", take_response, encode_response},
    {"decode-request", take_request, decode},
    {"decode-response", take_response, decode},
};

int main(int argc, char **argv)
{
    coap_startup();
    for (size_t i = 0; argc == 3 && i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(argv[1], parts[i].name) != 0)
            continue;
        parts[i].prepare();
        for (long turn = strtol(argv[2], NULL, 10); turn > 0; turn--)
            parts[i].run();
        coap_cleanup();
        return 0;
    }
    (void)fputs("usage: bench_codec_libcoap PART TURNS\n", stderr);
    return 2;
}
