/* SPDX-License-Identifier: MIT
 *
 * Blocks of any length in one fixed piece of memory, without fragmentation.
 *
 * A block is known by a small number, its handle; where it lies may change whenever another block is
 * taken, so a pointer to its bytes is good only until then. Blocks lie one behind the other, each
 * with a header; taking one adds at the end, and when the end is reached the blocks still in use
 * move together. Freed bytes are wiped at once: they may have held a key.
 */
#ifndef ATC_POOL_H
#define ATC_POOL_H

#include "atcoap/config.h"
#include "span.h"

/* The handle that names no block. */
#define ATC_NO_BLOCK 0u

struct atc_pool {
    uint16_t offset[ATC_BLOCK_MAX + 1]; /* of a block's header plus 1; 0: that handle is free */
    uint16_t end;                       /* bytes in use from the start, gaps included */
    uint16_t gaps;                      /* of these, bytes in freed blocks */
    uint8_t memory[ATC_POOL_SIZE];
};

void atc_pool_init(struct atc_pool *p);

/* Take a block of len bytes, content undefined.
 * Returns its handle, or ATC_NO_BLOCK if there is no room or no handle. */
uint8_t atc_pool_take(struct atc_pool *p, size_t len);

/* Wipe and free a block; ATC_NO_BLOCK is allowed. */
void atc_pool_free(struct atc_pool *p, uint8_t block);

/* A block's bytes. Good until the next atc_pool_take(). */
uint8_t *atc_pool_at(struct atc_pool *p, uint8_t block);
struct atc_span atc_pool_span(const struct atc_pool *p, uint8_t block);

/* The longest block that could be taken once block is freed; ATC_NO_BLOCK: now. */
size_t atc_pool_room_without(const struct atc_pool *p, uint8_t block);

#endif
