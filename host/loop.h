/* SPDX-License-Identifier: MIT
 *
 * The shell around one modem on libuv: tick, drain bytes for the TE, carry out
 * orders, feed input, sleep until the deadline. Leaves what the TE's port is
 * made of to its owner, sockets to udp.c, DTLS to secure.c and names to resolve.c.
 */
#ifndef ATCOAP_HOST_LOOP_H
#define ATCOAP_HOST_LOOP_H

#include "clock.h"
#include "entropy.h"
#include "lint.h"
#include "log.h"
#include "ping.h"
#include "port.h"
#include "record.h"
#include "resolve.h"
#include "secure.h"
#include "sim/store.h"
#include "store.h"
#include "uart.h"
#include "udp.h"

struct loop {
    struct atc_modem modem;
    uv_loop_t uv;
    uv_timer_t timer;
    uv_signal_t interrupt, terminate, hang_up;
    struct port port;
    struct clock clock; /* of the module, the link and DTLS */
    struct sim_link_config link;
    struct air air;
    struct sim_uart_config line; /* what is wrong with the serial line */
    struct sim_uart uart;
    uint64_t seed;
    enum atc_cause fail[ATC_ORDER_UART + 1]; /* how the next such order ends; ATC_OK: well */
    uint8_t last_session;                    /* that sent last, */
    struct atc_addr peer[ATC_SESSION_MAX];   /* and to whom each did */
    struct udp udp;
    struct secure secure;
    struct resolve resolve;
    struct ping ping;
    struct entropy entropy;
    struct log log;
    struct lint lint;        /* what the TE does wrong */
    struct record *record;   /* NULL: nothing is recorded */
    struct sim_store memory; /* the module's files, */
    struct store *folder;    /* unless they lie in a folder */
    size_t shown;            /* bytes of the pending input that are logged already */
    bool hidden;             /* the pending output may show the content of a file */
    bool running_line;       /* the modem works on a command */
    bool off_said;           /* AT+QPOWD was reported */
    bool waiting;            /* for a client: the modem has not started */
    bool stopping;
    struct atc_config config;
    void (*port_ended)(void *ctx);               /* the TE is gone, all it asked is done */
    void (*port_free)(void *ctx);                /* port_detach() is through; may be NULL */
    void (*set_speed)(void *ctx, uint32_t baud); /* of the port; may be NULL */
    void *ctx;                                   /* of the port's owner */
    void (*signalled)(void *owner, int number);  /* NULL: a signal stops the loop */
    void *owner;
};

/* Prepare everything but the modem and the port. */
int loop_init(struct loop *loop, bool verbose);

/* How fast the module's time passes, and where the link's dice come from. Between loop_init() and
 * loop_start(); link may be set then, too. */
void loop_pace(struct loop *loop, uint32_t speed, uint64_t seed);

/* Start the modem and the link, or if it shall wait, see that its configuration is good. Then
 * it starts when loop_wake() is called or the port has anything to say. random,
 * trace and ctx of cfg are filled in here. Returns what atc_init() returns. */
int loop_start(struct loop *loop, const struct atc_config *cfg, bool wait);

/* Something happened to the module. */
void loop_event(struct loop *loop, const struct atc_event *event);

/* A client has come, or something is to be done. */
void loop_wake(struct loop *loop);

/* Run until loop_stop() or a signal. Then everything is closed. */
void loop_run(struct loop *loop);

void loop_stop(struct loop *loop);

/* Whether the process still waits for a resolver it cannot call back. */
bool loop_is_resolving(const struct loop *loop);

#endif
