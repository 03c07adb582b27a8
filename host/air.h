/* SPDX-License-Identifier: MIT
 *
 * The link between the module and its sockets, in real time: udp.c asks it about every datagram, and
 * it keeps those that are late. It also tells the module what the link means for its network. Leaves
 * the decisions to sim/link.c, sockets to udp.c.
 *
 * Without --link the link is perfect: nothing waits here.
 */
#ifndef ATCOAP_HOST_AIR_H
#define ATCOAP_HOST_AIR_H

#include <uv.h>

#include "carry.h"
#include "clock.h"
#include "log.h"

/* Datagrams on their way at once; more are lost ("local"). */
enum { AIR_MAX = 256 };

struct air {
    struct sim_link link;
    struct sim_flight flight;
    struct sim_carrier carrier;
    struct sim_datagram slots[AIR_MAX];
    struct sim_heap_cell cells[AIR_MAX];
    uv_timer_t timer;
    const struct clock *clock;
    const struct log *log;
    bool perfect;                  /* -v need not tell */
    struct atc_network network;    /* as the module was told last */
    struct sim_link_state noticed; /* likewise */

    /* A datagram of the module is due. Returns whether it left. */
    bool (*leave)(void *ctx, const struct sim_datagram *datagram);
    /* One for the module is due, to a client that is still there. */
    bool (*has_client)(void *ctx, unsigned session);
    void (*arrive)(void *ctx, const struct sim_datagram *datagram);
    /* ATC_EVENT_NETWORK. */
    void (*tell)(void *ctx, const struct atc_event *event);
    /* What became of each datagram, for records. */
    void (*verdict)(void *ctx, const struct sim_verdict *verdict);
    void *ctx;
};

/* A perfect link. leave to ctx are set by udp_init(). */
void air_init(struct air *air, uv_loop_t *uv, const struct clock *clock, const struct log *log);

/* The link's dice come from that seed. Before anything is sent. */
void air_seed(struct air *air, uint64_t seed);

/* Another link from now on. */
void air_config(struct air *air, const struct sim_link_config *config);

/* A datagram sets out. Returns true if it is at the other end at once: the caller hands it on and then
 * calls air_end(). Else the rest happens here. */
bool air_carry(struct air *air, struct sim_parcel *parcel);

/* Whether what air_carry() left to the caller could be handed on. */
void air_end(struct air *air, const struct sim_parcel *parcel, bool good);

/* A client is closed: what it sent leaves now, for its socket goes; what is for it is lost. */
void air_close(struct air *air, unsigned session);

/* The link was changed with the functions of sim/link.h. */
void air_changed(struct air *air);

/* Whether the TE's bytes are lost now. */
bool air_is_deaf(const struct air *air);

#endif
