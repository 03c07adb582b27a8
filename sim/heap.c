/* SPDX-License-Identifier: MIT */
#include "heap.h"

static const struct sim_heap_cell *key_at(const struct sim_heap *h, uint32_t place)
{
    return &h->cells[h->cells[place].item];
}

static bool is_earlier(const struct sim_heap *h, uint32_t a, uint32_t b)
{
    const struct sim_heap_cell *x = key_at(h, a), *y = key_at(h, b);
    return x->at_ms != y->at_ms ? x->at_ms < y->at_ms : x->tie < y->tie;
}

static void swap(struct sim_heap *h, uint32_t a, uint32_t b)
{
    const uint32_t item = h->cells[a].item;
    h->cells[a].item = h->cells[b].item;
    h->cells[b].item = item;
    h->cells[h->cells[a].item].place = a;
    h->cells[item].place = b;
}

static void move_up(struct sim_heap *h, uint32_t place)
{
    while (place > 0 && is_earlier(h, place, (place - 1u) / 2u)) {
        swap(h, place, (place - 1u) / 2u);
        place = (place - 1u) / 2u;
    }
}

static void move_down(struct sim_heap *h, uint32_t place)
{
    for (;;) {
        uint32_t first = place;
        for (uint32_t child = 2u * place + 1u; child <= 2u * place + 2u && child < h->count;
             child++)
            first = is_earlier(h, child, first) ? child : first;
        if (first == place)
            return;
        swap(h, place, first);
        place = first;
    }
}

void sim_heap_init(struct sim_heap *heap, struct sim_heap_cell *cells, uint32_t max)
{
    heap->cells = cells;
    heap->max = max;
    heap->count = 0;
    for (uint32_t i = 0; i < max; i++) {
        cells[i].item = i;
        cells[i].place = i;
    }
}

uint32_t sim_heap_add(struct sim_heap *heap, uint64_t at_ms, uint64_t tie)
{
    const uint32_t item = heap->cells[heap->count].item;
    heap->cells[item].at_ms = at_ms;
    heap->cells[item].tie = tie;
    move_up(heap, heap->count++);
    return item;
}

void sim_heap_move(struct sim_heap *heap, uint32_t item, uint64_t at_ms)
{
    heap->cells[item].at_ms = at_ms;
    move_up(heap, heap->cells[item].place);
    move_down(heap, heap->cells[item].place);
}

uint32_t sim_heap_first(const struct sim_heap *heap)
{
    return heap->cells[0].item;
}

uint64_t sim_heap_at_ms(const struct sim_heap *heap, uint32_t item)
{
    return heap->cells[item].at_ms;
}

void sim_heap_remove_first(struct sim_heap *heap)
{
    swap(heap, 0, --heap->count);
    move_down(heap, 0);
}
