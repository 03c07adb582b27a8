/* SPDX-License-Identifier: MIT */
#include "flight.h"

#include <string.h>

void sim_flight_init(struct sim_flight *flight, struct sim_datagram *slots,
                     struct sim_heap_cell *cells, uint32_t max)
{
    memset(flight, 0, sizeof *flight);
    flight->slots = slots;
    flight->sequence = 1; /* 0 goes in front of all */
    sim_heap_init(&flight->heap, cells, max);
}

struct sim_datagram *sim_flight_add(struct sim_flight *flight, const struct atc_addr *from,
                                    const struct atc_addr *to, const uint8_t *data, size_t len,
                                    uint64_t at_ms)
{
    if (flight->heap.count == flight->heap.max || len > SIM_DATAGRAM_MAX) {
        flight->overflow++;
        return NULL;
    }
    struct sim_datagram *d = &flight->slots[sim_heap_add(&flight->heap, at_ms, flight->sequence++)];
    d->from = *from;
    d->to = *to;
    d->len = len;
    if (len > 0)
        memcpy(d->data, data, len);
    d->owner = 0;
    d->number = 0;
    d->generation = 0;
    d->direction = SIM_UP;
    d->session = 0;
    d->kept = false;
    return d;
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

static bool is_sooner(const struct sim_heap_cell *a, const struct sim_heap_cell *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->tie < b->tie;
}

const struct sim_datagram *sim_flight_take_of(struct sim_flight *flight, uint32_t owner,
                                              uint8_t session)
{
    struct sim_heap *heap = &flight->heap;
    uint32_t next = heap->max;
    for (uint32_t i = 0; i < heap->max; i++) {
        const struct sim_datagram *d = &flight->slots[i];
        if (heap->cells[i].place < heap->count && d->owner == owner && d->session == session &&
            (next == heap->max || is_sooner(&heap->cells[i], &heap->cells[next])))
            next = i;
    }
    if (next == heap->max)
        return NULL;
    heap->cells[next].tie = 0; /* in front of all others */
    sim_heap_move(heap, next, 0);
    sim_heap_remove_first(heap);
    return &flight->slots[next];
}

void sim_flight_release(struct sim_flight *flight, uint32_t owner, uint64_t now_ms)
{
    struct sim_heap *heap = &flight->heap;
    /* By slot and not by place: moving one changes the places. */
    for (uint32_t i = 0; i < heap->max; i++)
        if (heap->cells[i].place < heap->count && flight->slots[i].kept &&
            flight->slots[i].owner == owner && heap->cells[i].at_ms == ATC_NEVER)
            sim_heap_move(heap, i, now_ms);
}
