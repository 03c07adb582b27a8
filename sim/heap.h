/* SPDX-License-Identifier: MIT
 *
 * Things by their moments, earliest first: a binary heap over numbered items, in memory of the
 * caller. What an item is, its owner knows.
 *
 * Items 0..max-1 are in the heap or free. Each operation costs the logarithm of their number. */
#ifndef SIM_HEAP_H
#define SIM_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/* cells[i] holds the key and the place of item i, and which item stands at place i. */
struct sim_heap_cell {
    uint64_t at_ms;
    uint64_t tie; /* the lower goes first among equal moments */
    uint32_t place;
    uint32_t item;
};

struct sim_heap {
    struct sim_heap_cell *cells;
    uint32_t max, count; /* places 0..count-1 are the heap, the others hold the free items */
};

/* An empty heap of max items. */
void sim_heap_init(struct sim_heap *heap, struct sim_heap_cell *cells, uint32_t max);

/* Put a free item in; there must be one. Returns which: after sim_heap_init() 0, 1, 2 ... */
uint32_t sim_heap_add(struct sim_heap *heap, uint64_t at_ms, uint64_t tie);

/* Give an item of the heap another moment. */
void sim_heap_move(struct sim_heap *heap, uint32_t item, uint64_t at_ms);

/* The item whose moment is next, and that moment. The heap must not be empty. */
uint32_t sim_heap_first(const struct sim_heap *heap);
uint64_t sim_heap_at_ms(const struct sim_heap *heap, uint32_t item);

/* Free the first item. It is the next one that sim_heap_add() takes. */
void sim_heap_remove_first(struct sim_heap *heap);

#endif
