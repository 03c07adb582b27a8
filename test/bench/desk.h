/* SPDX-License-Identifier: MIT
 *
 * One modem and the least that can be its shell: what it says goes into a buffer, its orders to
 * whoever owns the desk. No socket and no clock.
 */
#ifndef BENCH_DESK_H
#define BENCH_DESK_H

#include "atcoap/atcoap.h"

struct desk {
    struct atc_modem modem;
    struct atc_config config;
    uint64_t now_ms;
    uint64_t dice; /* the state of its random numbers: quick, for measuring alone */
    /* A SEND; every other order is answered with success. */
    void (*send)(void *ctx, const struct atc_order *order);
    void *ctx;
    size_t said_len;
    char said[4096]; /* since desk_type(), ended by a NUL; what is more is forgotten */
};

/* Start a modem, echo off, whose options and header stay set from one SEND to the next. Ends the
 * program if that fails. */
void desk_open(struct desk *d, const struct atc_dialect *dialect, uint64_t seed);

/* Type, and let the modem say and order what it wants. */
void desk_type(struct desk *d, const void *data, size_t len);

/* The same with a line, and a CR behind it. Ends the program if the answer does not hold expected. */
void desk_expect(struct desk *d, const char *line, const char *expected);

/* A datagram for client 0. */
void desk_receive(struct desk *d, const struct atc_addr *from, const uint8_t *data, size_t len);

/* Let the modem say and order what it wants. */
void desk_settle(struct desk *d);

/* Make the modem ready to send the request of load.h to 127.0.0.1 over and over, and write what to
 * type for one: the command line, then the payload. */
struct desk_send {
    char line[64];
    char payload[128];
    size_t line_len, payload_len;
};
void desk_configure(struct desk *d, struct desk_send *send, uint16_t port);

#endif
