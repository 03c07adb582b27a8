/* SPDX-License-Identifier: MIT
 *
 * The link's decisions, and a binary heap of datagrams. */
#include "link.h"

#include <string.h>

/* The dice of one datagram, thrown in this order and all of them each time. New stages append. */
struct dice {
    bool lost, doubled;
    uint32_t delay_ms[SIM_COPIES_MAX];
};

static uint32_t draw_delay(struct sim_path *path)
{
    const struct sim_path_config *c = &path->config;
    const uint32_t width = c->delay_max_ms > c->delay_min_ms ? c->delay_max_ms - c->delay_min_ms
                                                             : 0;
    return c->delay_min_ms + sim_random_below(&path->random, width + 1u);
}

static struct dice throw_dice(struct sim_path *path)
{
    struct dice d;
    d.lost = sim_random_chance(&path->random, path->config.loss_ppm);
    d.doubled = sim_random_chance(&path->random, path->config.dup_ppm);
    for (unsigned i = 0; i < SIM_COPIES_MAX; i++)
        d.delay_ms[i] = draw_delay(path);
    return d;
}

/* A one-shot action overrules the dice. */
static void apply_once(struct sim_path *path, struct dice *d)
{
    const enum sim_once once = path->once;
    path->once = SIM_ONCE_NONE;
    switch (once) {
    case SIM_ONCE_NONE:
        return;
    case SIM_ONCE_DROP:
        d->lost = true;
        return;
    case SIM_ONCE_DUP:
        d->lost = false;
        d->doubled = true;
        return;
    case SIM_ONCE_DELAY:
        d->lost = false;
        for (unsigned i = 0; i < SIM_COPIES_MAX; i++)
            d->delay_ms[i] += path->once_ms;
        return;
    }
}

void sim_link_init(struct sim_link *link, uint64_t seed, uint64_t stream)
{
    memset(link, 0, sizeof *link);
    sim_random_seed(&link->path[SIM_UP].random, seed, stream);
    sim_random_seed(&link->path[SIM_DOWN].random, seed, stream + 1u);
    link->covered = true;
}

void sim_link_config(struct sim_link *link, enum sim_direction direction,
                     const struct sim_path_config *config)
{
    link->path[direction].config = *config;
}

void sim_link_once(struct sim_link *link, enum sim_direction direction, enum sim_once once,
                   uint32_t delay_ms)
{
    link->path[direction].once = once;
    link->path[direction].once_ms = delay_ms;
}

void sim_link_cover(struct sim_link *link, bool covered)
{
    link->covered = covered;
}

struct sim_fate sim_link_decide(struct sim_link *link, enum sim_direction direction,
                                uint64_t now_ms)
{
    struct sim_path *path = &link->path[direction];
    struct sim_fate fate = {0, {0, 0}};
    struct dice d = throw_dice(path);
    apply_once(path, &d);
    path->offered++;
    if (d.lost || !link->covered) {
        path->lost++;
        return fate;
    }
    fate.count = d.doubled ? 2u : 1u;
    path->duplicated += fate.count - 1u;
    for (unsigned i = 0; i < fate.count; i++)
        fate.at_ms[i] = now_ms + d.delay_ms[i];
    return fate;
}

static bool earlier(const struct sim_flight *f, uint32_t a, uint32_t b)
{
    const struct sim_flight_slot *x = &f->slots[f->order[a]];
    const struct sim_flight_slot *y = &f->slots[f->order[b]];
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms;
    return x->sequence < y->sequence;
}

static void swap(struct sim_flight *f, uint32_t a, uint32_t b)
{
    const uint32_t slot = f->order[a];
    f->order[a] = f->order[b];
    f->order[b] = slot;
}

static void sift_up(struct sim_flight *f, uint32_t i)
{
    while (i > 0 && earlier(f, i, (i - 1u) / 2u)) {
        swap(f, i, (i - 1u) / 2u);
        i = (i - 1u) / 2u;
    }
}

static void sift_down(struct sim_flight *f, uint32_t i)
{
    for (;;) {
        uint32_t first = i;
        for (uint32_t child = 2u * i + 1u; child <= 2u * i + 2u && child < f->used; child++)
            first = earlier(f, child, first) ? child : first;
        if (first == i)
            return;
        swap(f, i, first);
        i = first;
    }
}

void sim_flight_init(struct sim_flight *flight, struct sim_flight_slot *slots, uint32_t *order,
                     uint32_t max)
{
    memset(flight, 0, sizeof *flight);
    flight->slots = slots;
    flight->order = order;
    flight->max = max;
    for (uint32_t i = 0; i < max; i++)
        order[i] = i;
}

bool sim_flight_add(struct sim_flight *flight, const struct atc_addr *from,
                    const struct atc_addr *to, const uint8_t *data, size_t len, uint64_t at_ms)
{
    if (flight->used == flight->max || len > SIM_DATAGRAM_MAX) {
        flight->overflow++;
        return false;
    }
    struct sim_flight_slot *slot = &flight->slots[flight->order[flight->used]];
    slot->at_ms = at_ms;
    slot->sequence = flight->sequence++;
    slot->datagram.from = *from;
    slot->datagram.to = *to;
    slot->datagram.len = len;
    if (len > 0)
        memcpy(slot->datagram.data, data, len);
    sift_up(flight, flight->used++);
    return true;
}

uint64_t sim_flight_deadline_ms(const struct sim_flight *flight)
{
    return flight->used > 0 ? flight->slots[flight->order[0]].at_ms : ATC_NEVER;
}

const struct sim_datagram *sim_flight_take(struct sim_flight *flight, uint64_t now_ms)
{
    if (sim_flight_deadline_ms(flight) > now_ms)
        return NULL;
    const uint32_t slot = flight->order[0];
    /* The freed slot goes just behind the heap: the next add takes it, and not before. */
    flight->used--;
    swap(flight, 0, flight->used);
    sift_down(flight, 0);
    return &flight->slots[slot].datagram;
}
