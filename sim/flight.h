/* SPDX-License-Identifier: MIT
 *
 * The datagrams on their way, earliest first, those of one moment in the order they were sent. */
#ifndef SIM_FLIGHT_H
#define SIM_FLIGHT_H

#include "atcoap/atcoap.h"
#include "heap.h"
#include "link.h"

/* Bytes of the largest datagram sim carries: more than a modem takes, so that too long is a case. */
#define SIM_DATAGRAM_MAX (ATC_MESSAGE_MAX + 256)

/* One datagram with both its ends. What stands below data is the business of carry.h, and 0 without
 * it. */
struct sim_datagram {
    struct atc_addr from, to;
    size_t len;
    uint8_t data[SIM_DATAGRAM_MAX];
    uint32_t owner;  /* whose link carries it */
    uint32_t number; /* of the link */
    /* Up: how often the address translator has changed the port of that client so far. The server
     * sees another port than before with each. */
    uint32_t generation;
    uint8_t direction; /* enum sim_direction */
    uint8_t session;
    bool kept; /* it waits for sim_flight_release(), then for another decision */
};

/* The slots and as many cells are memory of the caller. */
struct sim_flight {
    struct sim_datagram *slots;
    struct sim_heap heap;
    uint64_t sequence; /* of the next datagram */
    uint32_t overflow; /* datagrams that found no slot, and were lost */
};

void sim_flight_init(struct sim_flight *flight, struct sim_datagram *slots,
                     struct sim_heap_cell *cells, uint32_t max);

/* Put a datagram on its way; data is copied. Returns its slot, or NULL, and counts, if it is longer
 * than SIM_DATAGRAM_MAX or every slot is taken. */
struct sim_datagram *sim_flight_add(struct sim_flight *flight, const struct atc_addr *from,
                                    const struct atc_addr *to, const uint8_t *data, size_t len,
                                    uint64_t at_ms);

/* When the next one arrives, or ATC_NEVER. */
uint64_t sim_flight_deadline_ms(const struct sim_flight *flight);

/* Take the next datagram that has arrived by now_ms, or NULL. It is valid until the next
 * sim_flight_add(). */
const struct sim_datagram *sim_flight_take(struct sim_flight *flight, uint64_t now_ms);

/* Take the next datagram of one client, due or not, or NULL. Valid as above. */
const struct sim_datagram *sim_flight_take_of(struct sim_flight *flight, uint32_t owner,
                                              uint8_t session);

/* What was kept for that owner is due now, in the order it came. */
void sim_flight_release(struct sim_flight *flight, uint32_t owner, uint64_t now_ms);

#endif
