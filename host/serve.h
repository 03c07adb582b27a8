/* SPDX-License-Identifier: MIT
 *
 * The embedded CoAP server: sim's model server, heard over a way that takes time if asked to.
 * Datagrams and time go in, datagrams come out; serve_port.c connects it to a socket, the
 * demonstration to a module. Resources: docs/server.md.
 *
 * serve_main() is the command of that name. */
#ifndef ATCOAP_HOST_SERVE_H
#define ATCOAP_HOST_SERVE_H

#include "flight.h"
#include "peer.h"

enum { SERVE_PORT = 5683, SERVE_LATE_MAX = 32, SERVE_DELAY_MAX_MS = 600000 };

struct serve {
    struct sim_peer peer;
    uint32_t delay_ms; /* every datagram is heard so much later */
    struct sim_flight late;
    struct sim_datagram slots[SERVE_LATE_MAX];
    struct sim_heap_cell cells[SERVE_LATE_MAX];
};

/* Start it, reached at address. The seed chooses its message IDs and time-outs. */
void serve_init(struct serve *serve, const struct atc_addr *address, uint64_t seed,
                uint64_t now_ms);

/* A datagram came. One that finds no room is lost, as on any network. */
void serve_hear(struct serve *serve, const struct atc_addr *from, const uint8_t *data, size_t len,
                uint64_t now_ms);

/* Do what is due. */
void serve_tick(struct serve *serve, uint64_t now_ms);

/* When serve_tick() is needed next, or ATC_NEVER. */
uint64_t serve_deadline_ms(const struct serve *serve);

/* Take the next datagram to send, or NULL; valid until the next call. Take them all after every
 * serve_hear() and serve_tick(). */
const struct sim_datagram *serve_take(struct serve *serve);

int serve_main(int argc, char **argv);

#endif
