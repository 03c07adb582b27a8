/* SPDX-License-Identifier: MIT
 *
 * The codec, as src/modem calls it: a part over and over, for an instruction counter.
 *
 * usage: bench_codec encode-request|encode-response|decode-request|decode-response|repeat TURNS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "pdu.h"

static uint8_t message[256];
static size_t message_len;
static uint8_t encoded[128]; /* the options of the request, as a modem keeps a configured list */
static size_t encoded_len;
static volatile unsigned sink; /* so that no compiler leaves out a walk */

static const uint8_t token[LOAD_TOKEN_LEN] = {0xc0, 0xde, 0x12, 0x34};

static void put_options(struct atc_out *out, const struct load_option *options, size_t count)
{
    uint32_t last = 0;

    for (size_t i = 0; i < count; i++)
        atc_put_option(out, &last, options[i].number,
                       atc_span((const uint8_t *)options[i].value, options[i].len));
}

static void encode_request(void)
{
    struct atc_out out = atc_out(message, sizeof message);

    atc_put_header(&out, ATC_CON, LOAD_POST, 0x1234, atc_span(token, sizeof token));
    put_options(&out, load_request_options, LOAD_OPTION_COUNT);
    atc_put_payload(&out, atc_span(load_payload, LOAD_PAYLOAD_LEN));
    message_len = out.len;
}

static void encode_response(void)
{
    struct atc_out out = atc_out(message, sizeof message);

    atc_put_header(&out, ATC_ACK, LOAD_CONTENT, 0x1234, atc_span(token, sizeof token));
    put_options(&out, &load_response_option, 1);
    atc_put_payload(&out, atc_span(load_answer, LOAD_ANSWER_LEN));
    message_len = out.len;
}

static void decode(void)
{
    struct atc_pdu pdu;
    struct atc_option option;
    struct atc_walk walk;

    if (atc_pdu_parse(&pdu, message, message_len) != 0)
        abort();
    walk = atc_walk(&pdu);
    while (atc_walk_next(&walk, &option))
        sink += option.number;
    sink += (unsigned)pdu.payload.len;
}

static void put_configured(struct atc_out *out)
{
    atc_put_header(out, ATC_CON, LOAD_POST, 0x1234, atc_span(token, sizeof token));
    atc_put_bytes(out, atc_span(encoded, encoded_len));
    atc_put_payload(out, atc_span(load_payload, LOAD_PAYLOAD_LEN));
}

/* What put_message() of src/modem/message.c does for a SEND whose option list is kept: measured, then
 * written. */
static void repeat(void)
{
    struct atc_out size = atc_out_measure();
    struct atc_out out;

    put_configured(&size);
    out = atc_out(message, size.len);
    put_configured(&out);
    message_len = out.len;
}

/* The message that a part is about must be the one everybody else sends. */
static void check(void (*expected)(uint8_t *, uint16_t, const uint8_t *), size_t len)
{
    uint8_t bytes[LOAD_REQUEST_LEN];

    expected(bytes, 0x1234, token);
    if (message_len != len || memcmp(message, bytes, len) != 0) {
        (void)fputs("bench_codec: not the message that was meant\n", stderr);
        exit(1);
    }
}

struct part {
    const char *name;
    void (*prepare)(void);
    void (*run)(void);
    bool request;
};

static const struct part parts[] = {
    {"encode-request", NULL, encode_request, true},
    {"encode-response", NULL, encode_response, false},
    {"decode-request", encode_request, decode, true},
    {"decode-response", encode_response, decode, false},
    {"repeat", NULL, repeat, true},
};

static void keep_options(void)
{
    struct atc_out out = atc_out(encoded, sizeof encoded);

    put_options(&out, load_request_options, LOAD_OPTION_COUNT);
    encoded_len = out.len;
}

int main(int argc, char **argv)
{
    keep_options();
    for (size_t i = 0; argc == 3 && i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(argv[1], parts[i].name) != 0)
            continue;
        if (parts[i].prepare != NULL)
            parts[i].prepare();
        for (long turn = strtol(argv[2], NULL, 10); turn > 0; turn--)
            parts[i].run();
        if (parts[i].request)
            check(load_request, LOAD_REQUEST_LEN);
        else
            check(load_response, LOAD_RESPONSE_LEN);
        return 0;
    }
    (void)fputs("usage: bench_codec PART TURNS\n", stderr);
    return 2;
}
