/* SPDX-License-Identifier: MIT
 *
 * SplitMix64: one 64-bit counter and a mixing function. Source: Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", 2014. */
#include "random.h"

static const uint64_t GAMMA = 0x9e3779b97f4a7c15u;

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void sim_random_seed(struct sim_random *r, uint64_t seed, uint64_t stream)
{
    /* Mixed twice: neighbouring seeds and streams must not give shifted copies of one sequence. */
    r->state = mix(mix(seed + GAMMA) + (stream + 1u) * GAMMA);
}

uint64_t sim_random_next(struct sim_random *r)
{
    r->state += GAMMA;
    return mix(r->state);
}

uint32_t sim_random_below(struct sim_random *r, uint32_t bound)
{
    /* Scaling the upper half down is uneven by less than bound / 2^32: far below what a run of any
     * length could show, and it needs no second draw. */
    return (uint32_t)(((sim_random_next(r) >> 32) * bound) >> 32);
}

bool sim_random_chance(struct sim_random *r, uint32_t ppm)
{
    return sim_random_below(r, SIM_PPM) < ppm;
}

bool sim_random_fill(void *ctx, uint8_t *buf, size_t len)
{
    struct sim_random *r = ctx;
    uint64_t bits = 0;
    for (size_t i = 0; i < len; i++) {
        if (i % 8u == 0)
            bits = sim_random_next(r);
        buf[i] = (uint8_t)bits;
        bits >>= 8;
    }
    return true;
}
