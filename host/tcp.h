/* SPDX-License-Identifier: MIT
 *
 * A TCP port as the module's serial port: one client at a time, the next waits
 * in the backlog until the first has gone. Leaves the bytes to port.c.
 */
#ifndef ATCOAP_HOST_TCP_H
#define ATCOAP_HOST_TCP_H

#include <uv.h>

#include "addr.h"
#include "port.h"

struct tcp {
    uv_poll_t poll;
    struct port *port;
    int fd;
    bool waiting;               /* for a client */
    char client[ADDR_TEXT_MAX]; /* the client attached, or the last one */
    char place[ADDR_TEXT_MAX];  /* where it listens */
};

/* Listen on where, "[HOST:]PORT", and attach each client to port in turn;
 * loopback without a host, any free port for port 0. Says on stderr where.
 * Returns 0, or the exit status after saying what is wrong. */
int tcp_open(struct tcp *tcp, struct port *port, uv_loop_t *uv, const char *where);

/* The client attached to the port has gone: take the next. */
void tcp_next(struct tcp *tcp);

/* Stop listening. */
void tcp_close(struct tcp *tcp);

#endif
