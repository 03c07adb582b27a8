/* SPDX-License-Identifier: MIT
 *
 * Seeded random numbers for tests: the same seed gives the same test with every compiler.
 */
#ifndef RNG_H
#define RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

/* The next of 2^64 numbers (splitmix64). */
static inline uint64_t rng_next(struct rng *r)
{
    uint64_t z = (r->state += 0x9E3779B97F4A7C15u);

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* One of 0..bound-1; bound is not 0. */
static inline unsigned rng_below(struct rng *r, unsigned bound)
{
    return (unsigned)((rng_next(r) >> 32) * bound >> 32);
}

/* True once in so many times. */
static inline bool rng_once_in(struct rng *r, unsigned times)
{
    return rng_below(r, times) == 0;
}

static inline void rng_fill(struct rng *r, uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf[i] = (uint8_t)rng_next(r);
}

#endif
