/* SPDX-License-Identifier: MIT */
#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

/* xorshift64: it costs nearly nothing, so that what is measured is the modem. */
static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    struct desk *d = ctx;

    for (size_t i = 0; i < len; i++) {
        d->dice ^= d->dice << 13;
        d->dice ^= d->dice >> 7;
        d->dice ^= d->dice << 17;
        buf[i] = (uint8_t)d->dice;
    }
    return true;
}

static void keep(struct desk *d, const uint8_t *data, size_t len)
{
    const size_t room = sizeof d->said - 1 - d->said_len;
    const size_t n = len < room ? len : room;

    memcpy(d->said + d->said_len, data, n);
    d->said_len += n;
    d->said[d->said_len] = '\0';
}

static void carry_out(struct desk *d, const struct atc_order *order)
{
    struct atc_event done = {.kind = ATC_EVENT_DONE, .order = order->id};

    if (order->kind == ATC_ORDER_CLOSE || order->kind == ATC_ORDER_UART)
        return;
    if (order->kind == ATC_ORDER_SEND)
        d->send(d->ctx, order);
    atc_event(&d->modem, &done, d->now_ms);
}

void desk_settle(struct desk *d)
{
    struct atc_order order;
    const uint8_t *data;
    bool moved = true;
    size_t len;

    while (moved) {
        data = atc_te_peek(&d->modem, &len);
        keep(d, data, len);
        atc_te_drop(&d->modem, len);
        moved = len > 0;
        for (; atc_order_next(&d->modem, &order); moved = true)
            carry_out(d, &order);
    }
}

static void ignore(void *ctx, const struct atc_order *order)
{
    (void)ctx;
    (void)order;
}

void desk_open(struct desk *d, const struct atc_dialect *dialect, uint64_t seed)
{
    memset(d, 0, sizeof *d);
    d->dice = seed * 2 + 1;
    d->send = ignore;
    d->config.dialect = dialect;
    d->config.random = fill_random;
    d->config.ctx = d;
    atc_settings_default(&d->config.settings);
    d->config.settings.echo = ATC_OFF;
    d->config.settings.option = ATC_LIFE_KEEP;
    d->config.settings.head = ATC_LIFE_KEEP;
    d->config.settings.token_len = LOAD_TOKEN_LEN;
    if (atc_init(&d->modem, &d->config, d->now_ms) != 0) {
        (void)fputs("bench: no modem\n", stderr);
        exit(1);
    }
    desk_settle(d);
}

void desk_type(struct desk *d, const void *data, size_t len)
{
    const uint8_t *at = data;
    size_t taken = 0;

    d->said_len = 0;
    do {
        taken += atc_te_write(&d->modem, at + taken, len - taken, d->now_ms);
        desk_settle(d);
    } while (taken < len);
}

void desk_expect(struct desk *d, const char *line, const char *expected)
{
    char typed[512];
    const int len = snprintf(typed, sizeof typed, "%s\r", line);

    desk_type(d, typed, (size_t)len);
    if (strstr(d->said, expected) != NULL)
        return;
    (void)fprintf(stderr, "bench: %s: expected %s, got %s\n", line, expected, d->said);
    exit(1);
}

void desk_receive(struct desk *d, const struct atc_addr *from, const uint8_t *data, size_t len)
{
    const struct atc_event event = {
        .kind = ATC_EVENT_DATAGRAM, .peer = *from, .data = data, .len = len};

    atc_event(&d->modem, &event, d->now_ms);
    desk_settle(d);
}

/* --- both modules' ways of saying the same ---------------------------------------------------- */

static void configure_bc95(struct desk *d, struct desk_send *send, uint16_t port)
{
    char *hex = send->payload;

    desk_expect(d, "AT+QCOAPCREATE=56830", "OK");
    desk_expect(d, "AT+QCOAPHEAD=1", "OK");
    desk_expect(d, "AT+QCOAPOPTION=6," LOAD_OPTIONS_TYPED, "OK");
    (void)snprintf(send->line, sizeof send->line, "AT+QCOAPSEND=0,2,127.0.0.1,%u\r", port);
    for (size_t i = 0; i < LOAD_PAYLOAD_LEN; i++)
        hex += sprintf(hex, "%02X", load_payload[i]);
    *hex = 0x1a; /* Ctrl+Z */
    send->payload_len = 2 * LOAD_PAYLOAD_LEN + 1;
}

static void configure_bg96(struct desk *d, struct desk_send *send, uint16_t port)
{
    static const char *const options[LOAD_OPTION_COUNT] = {
        "11,\"rd\"",        "12,40",     "15,\"ep=863703030000001\"", "15,\"lt=86400\"",
        "15,\"lwm2m=1.0\"", "15,\"b=U\""};
    char line[96];

    (void)snprintf(line, sizeof line, "AT+QCOAPOPEN=0,\"127.0.0.1\",%u", port);
    desk_expect(d, line, "+QCOAPOPEN: 0,0");
    for (unsigned i = 0; i < LOAD_OPTION_COUNT; i++) {
        (void)snprintf(line, sizeof line, "AT+QCOAPOPTION=0,0,%u,%s", i, options[i]);
        desk_expect(d, line, "OK");
    }
    (void)snprintf(send->line, sizeof send->line, "AT+QCOAPSEND=0,0,2,63,%d\r", LOAD_PAYLOAD_LEN);
    memcpy(send->payload, load_payload, LOAD_PAYLOAD_LEN);
    send->payload_len = LOAD_PAYLOAD_LEN; /* the line said how long it is: no Ctrl+Z */
}

void desk_configure(struct desk *d, struct desk_send *send, uint16_t port)
{
    memset(send, 0, sizeof *send);
    if (d->config.dialect == &atc_dialect_bc95)
        configure_bc95(d, send, port);
    else
        configure_bg96(d, send, port);
    send->line_len = strlen(send->line);
}
