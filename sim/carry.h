/* SPDX-License-Identifier: MIT
 *
 * Brings datagrams over a link: asks it, puts what arrives into a flight, and tells whoever records.
 * The owner of link and flight delivers what comes out, and keeps the clock. */
#ifndef SIM_CARRY_H
#define SIM_CARRY_H

#include "flight.h"
#include "link.h"

enum sim_step {
    SIM_STEP_SENT,    /* it sets out: from the modem (SIM_UP), from the server (SIM_DOWN) */
    SIM_STEP_ARRIVED, /* it is at the other end */
    SIM_STEP_LOST     /* it never will be; why says why */
};

/* What became of a datagram; valid during the call. Every SENT is followed, at once or later, by
 * exactly one ARRIVED or LOST with its number, unless the program ends before. */
struct sim_verdict {
    enum sim_step step;
    enum sim_direction direction;
    enum sim_why why;
    uint32_t number; /* from 1, of one link; both directions and copies have one each */
    uint32_t of;     /* the number of the datagram that this one is a copy of; 0: it is none */
    uint8_t session; /* the client of the modem */
    struct atc_addr peer;
    const uint8_t *data;
    size_t len;
    uint64_t now_ms;
};

typedef void sim_verdict_call(void *ctx, size_t owner, const struct sim_verdict *verdict);

/* The owner's part: where its links are, and who is told. */
struct sim_carrier {
    struct sim_flight *flight;
    struct sim_link *(*link)(void *ctx, uint32_t owner);
    sim_verdict_call *verdict; /* may be NULL */
    void *ctx;                 /* handed to both */
};

/* A datagram that sets out. */
struct sim_parcel {
    uint32_t owner; /* of the link */
    enum sim_direction direction;
    uint8_t session;
    struct atc_addr from, to;
    const uint8_t *data;
    size_t len;
    bool direct;         /* the caller can deliver it himself if it need not wait */
    uint32_t number;     /* filled in by sim_carry() */
    uint32_t generation; /* likewise, see struct sim_datagram */
};

/* Send it over its link. Returns true if it is at the other end already: only with direct, and the
 * caller must say what became of it with sim_carry_end(). Else everything is done. */
bool sim_carry(const struct sim_carrier *carrier, struct sim_parcel *parcel, uint64_t now_ms);

/* What sim_carry() left to the caller has been delivered, or why not. */
void sim_carry_end(const struct sim_carrier *carrier, const struct sim_parcel *parcel,
                   enum sim_why why, uint64_t now_ms);

/* Take what has arrived by now_ms, or NULL if nothing has; valid until the next call of carry.h. The
 * caller says with sim_carry_done() what became of it. What was kept for a modem that slept sets out
 * anew and is not returned. */
const struct sim_datagram *sim_carry_take(const struct sim_carrier *carrier, uint64_t now_ms);

void sim_carry_done(const struct sim_carrier *carrier, const struct sim_datagram *datagram,
                    enum sim_why why, uint64_t now_ms);

/* Let the time of a link pass, and what it kept for its modem go if that has woken. */
void sim_carry_tick(const struct sim_carrier *carrier, uint32_t owner, uint64_t now_ms);

#endif
