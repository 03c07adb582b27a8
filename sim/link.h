/* SPDX-License-Identifier: MIT
 *
 * The way between a modem and its peers, each direction for itself, and the datagrams on it.
 *
 * A link decides, a flight carries: sim_link_decide() says how many copies of a datagram arrive and
 * when, sim_flight_ holds the copies until their time. Whoever owns both connects them, so the same
 * link serves a world on virtual time and a socket on real time.
 *
 * A decision is a chain of stages (link.c), each of which reads its part of struct sim_path_config
 * and draws a fixed count of random numbers, whether its part is switched on or not. So a further
 * kind of trouble is one more stage at the end of the draws, and an old seed keeps its losses. */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "atcoap/atcoap.h"
#include "heap.h"
#include "random.h"

/* Bytes of the largest datagram sim carries: more than a modem takes, so that too long is a case. */
#define SIM_DATAGRAM_MAX (ATC_MESSAGE_MAX + 256)

enum sim_direction {
    SIM_UP,  /* modem to peer */
    SIM_DOWN /* peer to modem */
};

struct sim_path_config {
    uint32_t loss_ppm;     /* lost, in parts of SIM_PPM */
    uint32_t dup_ppm;      /* arrives twice, each copy with a delay of its own */
    uint32_t delay_min_ms; /* delay: even between min and max, both included; */
    uint32_t delay_max_ms; /* fixed if max is not above min */
};

/* What happens to the next datagram of a path, whatever the dice say. Used up by it. */
enum sim_once {
    SIM_ONCE_NONE,
    SIM_ONCE_DROP,
    SIM_ONCE_DUP,
    SIM_ONCE_DELAY /* later than usual by once_ms */
};

struct sim_path {
    struct sim_path_config config;
    struct sim_random random;
    enum sim_once once;
    uint32_t once_ms;
    uint32_t offered, lost, duplicated; /* datagrams so far */
};

struct sim_link {
    struct sim_path path[2]; /* by enum sim_direction */
    bool covered;            /* false: nothing passes, in neither direction */
};

/* When the copies of one datagram arrive: none, one or two moments. */
#define SIM_COPIES_MAX 2
struct sim_fate {
    unsigned count;
    uint64_t at_ms[SIM_COPIES_MAX];
};

/* A perfect link: no loss, no delay. The link's dice are the two streams stream and stream + 1 of
 * the seed. */
void sim_link_init(struct sim_link *link, uint64_t seed, uint64_t stream);

void sim_link_config(struct sim_link *link, enum sim_direction direction,
                     const struct sim_path_config *config);

/* Ask for something to happen to the next datagram of that direction. */
void sim_link_once(struct sim_link *link, enum sim_direction direction, enum sim_once once,
                   uint32_t delay_ms);

/* Coverage comes or goes. What is on its way already still arrives. */
void sim_link_cover(struct sim_link *link, bool covered);

/* What happens to a datagram that is sent now. */
struct sim_fate sim_link_decide(struct sim_link *link, enum sim_direction direction,
                                uint64_t now_ms);

/* One datagram with both its ends. */
struct sim_datagram {
    struct atc_addr from, to;
    size_t len;
    uint8_t data[SIM_DATAGRAM_MAX];
};

/* The datagrams on their way, earliest first, those of one moment in the order they were sent. The
 * slots and as many cells are memory of the caller. */
struct sim_flight {
    struct sim_datagram *slots;
    struct sim_heap heap;
    uint64_t sequence; /* of the next datagram */
    uint32_t overflow; /* datagrams that found no slot, and were lost */
};

void sim_flight_init(struct sim_flight *flight, struct sim_datagram *slots,
                     struct sim_heap_cell *cells, uint32_t max);

/* Put a datagram on its way; data is copied. Returns false, and counts, if it is longer than
 * SIM_DATAGRAM_MAX or every slot is taken. */
bool sim_flight_add(struct sim_flight *flight, const struct atc_addr *from,
                    const struct atc_addr *to, const uint8_t *data, size_t len, uint64_t at_ms);

/* When the next one arrives, or ATC_NEVER. */
uint64_t sim_flight_deadline_ms(const struct sim_flight *flight);

/* Take the next datagram that has arrived by now_ms, or NULL. It is valid until the next
 * sim_flight_add(). */
const struct sim_datagram *sim_flight_take(struct sim_flight *flight, uint64_t now_ms);

#endif
