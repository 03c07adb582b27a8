/* SPDX-License-Identifier: MIT */
#include "carry.h"

#include <string.h>

static void tell(const struct sim_carrier *carrier, uint32_t owner, struct sim_verdict *verdict,
                 enum sim_step step, enum sim_why why)
{
    verdict->step = step;
    verdict->why = why;
    if (carrier->verdict != NULL)
        carrier->verdict(carrier->ctx, owner, verdict);
}

static void describe(struct sim_verdict *v, const struct sim_parcel *parcel, uint64_t now_ms)
{
    memset(v, 0, sizeof *v);
    v->direction = parcel->direction;
    v->number = parcel->number;
    v->session = parcel->session;
    v->peer = parcel->direction == SIM_UP ? parcel->to : parcel->from;
    v->data = parcel->data;
    v->len = parcel->len;
    v->now_ms = now_ms;
}

/* Put a copy on its way. Returns false if there was no place for it. */
static bool set_out(const struct sim_carrier *carrier, const struct sim_parcel *parcel,
                    uint32_t number, uint64_t at_ms, bool kept)
{
    struct sim_datagram *d = sim_flight_add(carrier->flight, &parcel->from, &parcel->to,
                                            parcel->data, parcel->len, at_ms);
    if (d == NULL)
        return false;
    d->owner = parcel->owner;
    d->number = number;
    d->generation = parcel->generation;
    d->direction = (uint8_t)parcel->direction;
    d->session = parcel->session;
    d->kept = kept;
    return true;
}

static void keep(const struct sim_carrier *carrier, struct sim_link *link,
                 const struct sim_parcel *parcel, struct sim_verdict *v)
{
    if (set_out(carrier, parcel, parcel->number, ATC_NEVER, true))
        return;
    sim_link_unkeep(link);
    tell(carrier, parcel->owner, v, SIM_STEP_LOST, SIM_WHY_LOCAL);
}

static void launch(const struct sim_carrier *carrier, const struct sim_parcel *parcel,
                   const struct sim_fate *fate, struct sim_verdict *v)
{
    for (unsigned i = 0; i < fate->count; i++) {
        v->number = fate->number[i];
        v->of = i > 0 ? fate->number[0] : 0;
        if (i > 0)
            tell(carrier, parcel->owner, v, SIM_STEP_SENT, SIM_WHY_NONE);
        if (!set_out(carrier, parcel, fate->number[i], fate->at_ms[i], false))
            tell(carrier, parcel->owner, v, SIM_STEP_LOST, SIM_WHY_LOCAL);
    }
}

/* The link's decision, carried out. Returns true if the caller must deliver it. */
static bool settle(const struct sim_carrier *carrier, struct sim_parcel *parcel, uint64_t now_ms)
{
    struct sim_link *link = carrier->link(carrier->ctx, parcel->owner);
    const struct sim_offer offer = {parcel->direction, parcel->session, parcel->len,
                                    parcel->number};
    const struct sim_fate fate = sim_link_decide(link, &offer, now_ms);
    struct sim_verdict v;
    parcel->number = fate.number[0];
    parcel->generation = fate.generation;
    describe(&v, parcel, now_ms);
    if (offer.number == 0)
        tell(carrier, parcel->owner, &v, SIM_STEP_SENT, SIM_WHY_NONE);
    if (fate.kept)
        keep(carrier, link, parcel, &v);
    else if (fate.why != SIM_WHY_NONE)
        tell(carrier, parcel->owner, &v, SIM_STEP_LOST, fate.why);
    else if (parcel->direct && fate.count == 1 && fate.at_ms[0] <= now_ms)
        return true;
    else
        launch(carrier, parcel, &fate, &v);
    /* It may be what the modem woke for. */
    sim_carry_tick(carrier, parcel->owner, now_ms);
    return false;
}

bool sim_carry(const struct sim_carrier *carrier, struct sim_parcel *parcel, uint64_t now_ms)
{
    parcel->number = 0;
    return settle(carrier, parcel, now_ms);
}

void sim_carry_end(const struct sim_carrier *carrier, const struct sim_parcel *parcel,
                   enum sim_why why, uint64_t now_ms)
{
    struct sim_verdict v;
    describe(&v, parcel, now_ms);
    tell(carrier, parcel->owner, &v, why == SIM_WHY_NONE ? SIM_STEP_ARRIVED : SIM_STEP_LOST, why);
    sim_carry_tick(carrier, parcel->owner, now_ms);
}

static struct sim_parcel parcel_of(const struct sim_datagram *d)
{
    return (struct sim_parcel){.owner = d->owner,
                               .direction = (enum sim_direction)d->direction,
                               .session = d->session,
                               .from = d->from,
                               .to = d->to,
                               .data = d->data,
                               .len = d->len,
                               .number = d->number,
                               .generation = d->generation};
}

/* The modem it was kept for listens again. */
static void send_again(const struct sim_carrier *carrier, const struct sim_datagram *kept,
                       uint64_t now_ms)
{
    const struct sim_datagram copy = *kept; /* its slot is the next one to be taken */
    struct sim_parcel parcel = parcel_of(&copy);
    (void)settle(carrier, &parcel, now_ms);
}

const struct sim_datagram *sim_carry_take(const struct sim_carrier *carrier, uint64_t now_ms)
{
    const struct sim_datagram *d;
    while ((d = sim_flight_take(carrier->flight, now_ms)) != NULL && d->kept)
        send_again(carrier, d, now_ms);
    return d;
}

void sim_carry_done(const struct sim_carrier *carrier, const struct sim_datagram *datagram,
                    enum sim_why why, uint64_t now_ms)
{
    const struct sim_parcel parcel = parcel_of(datagram);
    sim_carry_end(carrier, &parcel, why, now_ms);
}

void sim_carry_tick(const struct sim_carrier *carrier, uint32_t owner, uint64_t now_ms)
{
    struct sim_link *link = carrier->link(carrier->ctx, owner);
    sim_link_tick(link, now_ms);
    if (sim_link_woke(link))
        sim_flight_release(carrier->flight, owner, now_ms);
}
