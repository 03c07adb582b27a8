/* SPDX-License-Identifier: MIT
 *
 * The TE's side of a modem: two descriptors watched on libuv, whatever stands
 * behind them. Leaves making them to pty.c, tcp.c and stdio.c, and what the
 * bytes mean to the core.
 *
 * Invariant: nothing is read while bytes of the last read are untaken, and
 * nothing is kept of what could not be written. So memory is bounded in both
 * directions, and a TE that does not read, or writes too fast, is slowed down
 * by the system's own buffers.
 */
#ifndef ATCOAP_HOST_PORT_H
#define ATCOAP_HOST_PORT_H

#include <uv.h>

#include "atcoap/atcoap.h"

/* One descriptor, watched for one direction. */
struct port_watch {
    uv_poll_t poll;
    int fd;       /* -1: nobody is attached */
    bool on;      /* events are asked for */
    bool regular; /* a file or the like, which is always ready */
};

struct port {
    struct port_watch in, out;
    uv_idle_t idle; /* stands in for the poll of an in that is always ready */
    uint8_t bytes[4096];
    size_t at, len; /* of bytes, what the modem has not taken yet */
    bool ended;     /* the TE will write no more */
    bool broken;    /* the TE cannot be written to any more */
    int error;      /* errno of the write that found out, 0 if none did */
    bool blocked;   /* the last write found no room */
    unsigned closing;
    void (*wake)(void *ctx);     /* bytes came, room came, or the end */
    void (*detached)(void *ctx); /* port_detach() is through; may be NULL */
    void *ctx;
};

void port_init(struct port *port, uv_loop_t *uv, void (*wake)(void *ctx), void *ctx);

/* Take two different descriptors over, to be closed by port_detach(). Nobody
 * may be attached. Returns 0 or a libuv error (then both are closed). */
int port_attach(struct port *port, int in_fd, int out_fd);

/* Close both descriptors; port->detached is called when a new pair may come. */
void port_detach(struct port *port);

static inline bool port_is_attached(const struct port *port)
{
    return port->in.fd >= 0;
}

/* Bytes from the TE that the modem has not taken, *len 0 if none. */
const uint8_t *port_peek(const struct port *port, size_t *len);
void port_drop(struct port *port, size_t n);

/* Offer bytes to the TE. Returns how many went; when 0, port->wake is called
 * once there is room. */
size_t port_write(struct port *port, const uint8_t *data, size_t len);

/* Ask for the events that are still of interest. Call it after each wake. */
void port_rearm(struct port *port);

#endif
