/* SPDX-License-Identifier: MIT
 *
 * What AT lines and whole exchanges cost a modem, without sockets: a part over and over, for an
 * instruction counter.
 *
 *   status     BC95: AT+QCOAPDATASTATUS?
 *   option     BC95: AT+QCOAPOPTION with twelve options
 *   send       BC95: a CON with 512 bytes of payload, typed as 1,024 hex digits, and its empty answer
 *   typed      the same 1,024 digits in data entry, and ESC
 *   bc95 bg96  a CON with the request of load.h, its response, and the URC
 *
 * usage: bench_at PART TURNS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "load.h"

enum { PORT = 5683, SEND_BYTES = 512 };

static const struct atc_addr server = {
    .ip = {127, 0, 0, 1}, .port = PORT, .family = ATC_FAMILY_IPV4};

static struct desk desk;
static struct desk_send one;               /* what a request is typed as */
static char digits[2 * SEND_BYTES + 2];    /* hex, and the byte that ends it */
static uint8_t header[4 + LOAD_TOKEN_LEN]; /* of what was sent last */
static size_t sent_len;
static unsigned sent_count;

static void note_sent(void *ctx, const struct atc_order *order)
{
    (void)ctx;
    sent_len = order->len;
    sent_count++;
    memcpy(header, order->data, sizeof header);
}

static void fail(const char *what)
{
    (void)fprintf(stderr, "bench_at: %s; the modem said %s\n", what, desk.said);
    exit(1);
}

static void said(const char *expected)
{
    if (strstr(desk.said, expected) == NULL)
        fail(expected);
}

static void type(const char *text)
{
    desk_type(&desk, text, strlen(text));
}

static uint16_t sent_mid(void)
{
    return (uint16_t)(header[2] << 8 | header[3]);
}

/* --- the parts -------------------------------------------------------------------------------- */

static void open_bc95(void)
{
    desk_open(&desk, &atc_dialect_bc95, 1);
    desk.send = note_sent;
    desk_configure(&desk, &one, PORT);
}

static void open_bg96(void)
{
    desk_open(&desk, &atc_dialect_bg96, 1);
    desk.send = note_sent;
    desk_configure(&desk, &one, PORT);
}

static void open_digits(void)
{
    open_bc95();
    memset(digits, 'A', sizeof digits - 2);
    digits[sizeof digits - 2] = 0x1a;
}

static void ask_status(void)
{
    type("AT+QCOAPDATASTATUS?\r");
    said("OK");
}

static void set_options(void)
{
    type(
        "AT+QCOAPOPTION=12,3,\"example.com\",7,\"5683\",11,\"a\",11,\"sensors\",11,\"temperature\","
        "12,\"40\",15,\"ep=863703030000001\",15,\"lt=86400\",15,\"lwm2m=1.0\",15,\"b=U\","
        "17,\"50\",60,\"512\"\r");
    said("OK");
}

/* An empty ACK would leave the request open: 2.04 without a payload ends it. */
static void send_digits(void)
{
    uint8_t answer[4 + LOAD_TOKEN_LEN];

    desk_type(&desk, one.line, one.line_len);
    said(">");
    desk_type(&desk, digits, sizeof digits - 1);
    said("OK");
    memcpy(answer, header, sizeof answer);
    answer[0] = 0x60 | LOAD_TOKEN_LEN;
    answer[1] = 0x44;
    desk_receive(&desk, &server, answer, sizeof answer);
    said("2.04");
}

static void type_digits(void)
{
    desk_type(&desk, one.line, one.line_len);
    desk_type(&desk, digits, sizeof digits - 2);
    type("\x1b");
    said("ERROR");
}

static void exchange(void)
{
    uint8_t answer[LOAD_RESPONSE_LEN];

    desk_type(&desk, one.line, one.line_len);
    said(">");
    desk_type(&desk, one.payload, one.payload_len);
    said("OK");
    if (sent_len != LOAD_REQUEST_LEN)
        fail("another request than the one of load.h was sent");
    load_response(answer, sent_mid(), header + 4);
    desk_receive(&desk, &server, answer, sizeof answer);
    said("2.05");
}

struct part {
    const char *name;
    void (*prepare)(void);
    void (*run)(void);
};

static const struct part parts[] = {
    {"status", open_bc95, ask_status},  {"option", open_bc95, set_options},
    {"send", open_digits, send_digits}, {"typed", open_digits, type_digits},
    {"bc95", open_bc95, exchange},      {"bg96", open_bg96, exchange},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 3 && i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(argv[1], parts[i].name) != 0)
            continue;
        parts[i].prepare();
        for (long turn = strtol(argv[2], NULL, 10); turn > 0; turn--)
            parts[i].run();
        return 0;
    }
    (void)fputs("usage: bench_at PART TURNS\n", stderr);
    return 2;
}
