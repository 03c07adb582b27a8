/* SPDX-License-Identifier: MIT
 *
 * One virtual clock, any number of modems, their links and the peers behind them. The world is the
 * shell of all its modems: it takes their output, carries out their orders and feeds them what
 * happens. Nothing in it waits; the clock jumps to the next moment at which something is due.
 *
 * Every modem, every peer and the datagrams in flight have one deadline each in one heap, so a step
 * costs the logarithm of their number. What is due at one moment runs in the order of their index.
 *
 * There is no DTLS here: an OPEN that asks for it gets a client that speaks plain CoAP.
 *
 * Modem i has the address 10.0.0.0 + i, and a port for each of its clients that is open. */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "atcoap/atcoap.h"
#include "carry.h"
#include "heap.h"
#include "peer.h"
#include "random.h"
#include "store.h"

#define SIM_ORDER_COUNT     (ATC_ORDER_UART + 1)
#define SIM_MODEM_COUNT_MAX (1u << 24) /* addresses in 10.0.0.0/8 */

/* What the owner of a world may want to see or do itself. All may be NULL. They must not call back
 * into the world. */
struct sim_hooks {
    void *ctx;
    /* An order of a modem, valid during the call; not one that sim_world_fail_next() has doomed.
     * Return true to take it over: the world does
     * nothing about it, and the owner answers it later with sim_world_event(), after
     * sim_world_listen() if it opened a client. */
    bool (*order)(void *ctx, size_t modem, const struct atc_order *order);
    /* Bytes for the TE of a modem. */
    void (*te)(void *ctx, size_t modem, const uint8_t *data, size_t len);
    /* Whether there is room for so many of them; NULL: always. If not, the modem keeps them until
     * something happens to it, or sim_world_te_drop(). */
    bool (*te_room)(void *ctx, size_t modem, size_t len);
    void (*trace)(void *ctx, size_t modem, const struct atc_trace *record);
    /* What a link did with a datagram. */
    sim_verdict_call *verdict;
};

struct sim_name {
    const char *name;     /* NULL: any name */
    struct atc_addr addr; /* its port is ignored */
};

struct sim_world_config {
    const struct atc_config *modem; /* of every modem; read by sim_world_open() alone, and its hooks
                                       and ctx are the world's */
    size_t modem_count;             /* 1-SIM_MODEM_COUNT_MAX */
    struct sim_peer *peers;         /* memory of the caller, started by him; may be NULL */
    size_t peer_count;
    const struct sim_name *names; /* what RESOLVE finds; may be NULL */
    size_t name_count;
    struct sim_store *stores; /* one per modem, started by the caller; NULL: there are no files */
    uint32_t flight_max;      /* datagrams on their way at once, in the whole world */
    size_t te_max; /* bytes of output kept per modem for sim_world_te(); 0: none are kept */
    uint64_t seed;
    uint64_t now_ms; /* where the clock starts */
    struct sim_hooks hooks;
};

struct sim_node;

struct sim_world {
    struct sim_world_config config;
    struct sim_node *nodes;
    struct sim_flight flight;
    struct sim_carrier carrier;
    struct sim_heap heap; /* of all things: modems, then peers, then the flight */
    uint32_t idle_steps;  /* steps since the clock last moved */
    uint64_t now_ms;
    uint32_t unreachable; /* datagrams to nobody */
    bool stuck;           /* something is due for ever; the clock has stopped */
};

/* Start a world; all its memory is one allocation. Returns 0, ATC_E_FULL (no memory), ATC_E_CONFIG
 * or what atc_init() says. */
int sim_world_open(struct sim_world *world, const struct sim_world_config *config);
void sim_world_close(struct sim_world *world);

/* The next moment at which something happens, or ATC_NEVER. */
uint64_t sim_world_deadline_ms(const struct sim_world *world);

/* Let everything happen that is due by until_ms; then it is until_ms. */
void sim_world_run(struct sim_world *world, uint64_t until_ms);

/* Bytes from the TE of a modem. Returns how many it took; offer the rest when time has passed. */
size_t sim_world_te_write(struct sim_world *world, size_t modem, const uint8_t *data, size_t len);

/* What a modem said, unless te_max is 0: look, then drop. A modem that finds no room here keeps its
 * output, as one does whose TE does not read. */
const uint8_t *sim_world_te(const struct sim_world *world, size_t modem, size_t *len);
void sim_world_te_drop(struct sim_world *world, size_t modem, size_t n);

/* Something happened to a modem: also how to answer an order that a hook took over. */
void sim_world_event(struct sim_world *world, size_t modem, const struct atc_event *event);

/* A datagram sets out for a client of a modem, over its link. One for a client that is not open
 * gets lost. */
void sim_world_datagram(struct sim_world *world, size_t modem, uint8_t session,
                        const struct atc_addr *from, const uint8_t *data, size_t len);

/* The next order of that kind fails with that cause. */
void sim_world_fail_next(struct sim_world *world, size_t modem, enum atc_order_kind kind,
                         enum atc_cause cause);

/* A client is reached at that port from now on; 0: at one of the world's choice. What BIND and OPEN
 * do by themselves. */
void sim_world_listen(struct sim_world *world, size_t modem, uint8_t session, uint16_t port);

/* Where a client of a modem is reached. Returns false if it is not open. */
bool sim_world_address(const struct sim_world *world, size_t modem, uint8_t session,
                       struct atc_addr *addr);

/* The link of a modem. Whoever changes it tells the world, below. */
struct sim_link *sim_world_link(struct sim_world *world, size_t modem);

/* Another configuration of a link from now on, or what was changed with the functions of link.h: the
 * modem learns what it would notice, and what was due is done. */
void sim_world_link_config(struct sim_world *world, size_t modem,
                           const struct sim_link_config *config);
void sim_world_link_changed(struct sim_world *world, size_t modem);

/* The network as the modem was told last. */
const struct atc_network *sim_world_network(const struct sim_world *world, size_t modem);
const struct atc_modem *sim_world_modem(const struct sim_world *world, size_t modem);

#endif
