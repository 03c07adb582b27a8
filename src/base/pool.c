/* SPDX-License-Identifier: MIT */
#include "pool.h"

/* A header is the block's handle (0: a gap), a zero byte and the length of its bytes, low byte
 * first. */
enum { HEADER_LEN = 4 };

_Static_assert(ATC_POOL_SIZE <= 65000, "offsets are 16 bits wide");
_Static_assert(ATC_BLOCK_MAX <= 254, "handles are bytes");

static size_t block_len(const struct atc_pool *p, size_t at)
{
    return (size_t)p->memory[at + 2] + 256u * (size_t)p->memory[at + 3];
}

static void put_header(struct atc_pool *p, size_t at, uint8_t handle, size_t len)
{
    p->memory[at] = handle;
    p->memory[at + 1] = 0;
    p->memory[at + 2] = (uint8_t)(len % 256u);
    p->memory[at + 3] = (uint8_t)(len / 256u);
}

static uint8_t free_handle(const struct atc_pool *p)
{
    for (unsigned i = 1; i <= ATC_BLOCK_MAX; i++) {
        if (p->offset[i] == 0)
            return (uint8_t)i;
    }
    return ATC_NO_BLOCK;
}

/* Move the blocks in use together and wipe what that leaves behind. */
static void close_gaps(struct atc_pool *p)
{
    size_t to = 0;

    for (size_t from = 0; from < p->end;) {
        const size_t size = HEADER_LEN + block_len(p, from);
        const uint8_t handle = p->memory[from];

        if (handle != 0) {
            if (to != from)
                memmove(p->memory + to, p->memory + from, size);
            p->offset[handle] = (uint16_t)(to + 1u);
            to += size;
        }
        from += size;
    }
    memset(p->memory + to, 0, p->end - to);
    p->end = (uint16_t)to;
    p->gaps = 0;
}

void atc_pool_init(struct atc_pool *p)
{
    memset(p, 0, sizeof *p);
}

uint8_t atc_pool_take(struct atc_pool *p, size_t len)
{
    const uint8_t handle = free_handle(p);

    if (handle == ATC_NO_BLOCK || len > ATC_POOL_SIZE - HEADER_LEN)
        return ATC_NO_BLOCK;
    if (HEADER_LEN + len > ATC_POOL_SIZE - (size_t)p->end) {
        if (HEADER_LEN + len > ATC_POOL_SIZE - (size_t)p->end + p->gaps)
            return ATC_NO_BLOCK;
        close_gaps(p);
    }
    put_header(p, p->end, handle, len);
    p->offset[handle] = (uint16_t)(p->end + 1u);
    p->end = (uint16_t)(p->end + HEADER_LEN + len);
    return handle;
}

void atc_pool_free(struct atc_pool *p, uint8_t block)
{
    size_t at, len;

    if (block == ATC_NO_BLOCK)
        return;
    ATC_ASSERT(block <= ATC_BLOCK_MAX && p->offset[block] != 0);
    at = p->offset[block] - 1u;
    len = block_len(p, at);
    p->offset[block] = 0;
    memset(p->memory + at + HEADER_LEN, 0, len);
    p->memory[at] = 0;
    p->gaps = (uint16_t)(p->gaps + HEADER_LEN + len);
    if (at + HEADER_LEN + len == p->end) {
        p->end = (uint16_t)at;
        p->gaps = (uint16_t)(p->gaps - HEADER_LEN - len);
    }
    if (p->gaps == p->end) {
        p->end = 0;
        p->gaps = 0;
    }
}

uint8_t *atc_pool_at(struct atc_pool *p, uint8_t block)
{
    ATC_ASSERT(block != ATC_NO_BLOCK && block <= ATC_BLOCK_MAX && p->offset[block] != 0);
    return p->memory + p->offset[block] - 1 + HEADER_LEN;
}

struct atc_span atc_pool_span(const struct atc_pool *p, uint8_t block)
{
    size_t at;

    ATC_ASSERT(block != ATC_NO_BLOCK && block <= ATC_BLOCK_MAX && p->offset[block] != 0);
    at = p->offset[block] - 1u;
    return atc_span(p->memory + at + HEADER_LEN, block_len(p, at));
}

size_t atc_pool_room_without(const struct atc_pool *p, uint8_t block)
{
    size_t free = ATC_POOL_SIZE - (size_t)p->end + p->gaps;

    if (block != ATC_NO_BLOCK)
        free += HEADER_LEN + atc_pool_span(p, block).len;
    else if (free_handle(p) == ATC_NO_BLOCK)
        return 0;
    return free < HEADER_LEN ? 0 : free - HEADER_LEN;
}
