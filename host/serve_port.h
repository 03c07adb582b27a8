/* SPDX-License-Identifier: MIT
 *
 * The embedded server on a UDP socket of a libuv loop. */
#ifndef ATCOAP_HOST_SERVE_PORT_H
#define ATCOAP_HOST_SERVE_PORT_H

#include <uv.h>

#include "addr.h"
#include "entropy.h"
#include "log.h"
#include "serve.h"
#include "serve_secure.h"

struct serve_port {
    struct serve serve;
    struct atc_addr address; /* where it really listens */
    uv_udp_t socket;
    uv_timer_t timer;
    const struct log *log;
    struct serve_secure *secure; /* DTLS on this socket; NULL: plain */
    struct entropy entropy;      /* for DTLS */
    bool mapped;                 /* the socket takes both families: IPv4 goes as ::ffff:a.b.c.d */
    char buffer[65536];
};

/* Listen on address, on a free port for port 0; with DTLS if there is a key, else key is NULL. Returns
 * 0, or a libuv error after which there is nothing to close. */
int serve_port_open(struct serve_port *port, uv_loop_t *uv, const struct atc_addr *address,
                    const struct serve_key *key, uint64_t seed, const struct log *log);

void serve_port_close(struct serve_port *port);

#endif
