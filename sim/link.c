/* SPDX-License-Identifier: MIT
 *
 * The link's decisions, and the datagrams in flight. */
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

void sim_flight_init(struct sim_flight *flight, struct sim_datagram *slots,
                     struct sim_heap_cell *cells, uint32_t max)
{
    memset(flight, 0, sizeof *flight);
    flight->slots = slots;
    sim_heap_init(&flight->heap, cells, max);
}

bool sim_flight_add(struct sim_flight *flight, const struct atc_addr *from,
                    const struct atc_addr *to, const uint8_t *data, size_t len, uint64_t at_ms)
{
    if (flight->heap.count == flight->heap.max || len > SIM_DATAGRAM_MAX) {
        flight->overflow++;
        return false;
    }
    struct sim_datagram *d = &flight->slots[sim_heap_add(&flight->heap, at_ms, flight->sequence++)];
    d->from = *from;
    d->to = *to;
    d->len = len;
    if (len > 0)
        memcpy(d->data, data, len);
    return true;
}

uint64_t sim_flight_deadline_ms(const struct sim_flight *flight)
{
    if (flight->heap.count == 0)
        return ATC_NEVER;
    return sim_heap_at_ms(&flight->heap, sim_heap_first(&flight->heap));
}

const struct sim_datagram *sim_flight_take(struct sim_flight *flight, uint64_t now_ms)
{
    if (sim_flight_deadline_ms(flight) > now_ms)
        return NULL;
    /* The slot is free from now on, but the next add takes it, and not before. */
    const struct sim_datagram *d = &flight->slots[sim_heap_first(&flight->heap)];
    sim_heap_remove_first(&flight->heap);
    return d;
}
