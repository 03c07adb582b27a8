/* SPDX-License-Identifier: MIT
 *
 * Seeded random numbers for the virtual world: the same seed gives the same numbers with every
 * compiler and on every machine. Good enough to choose losses and tokens, no good for secrets. */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_random {
    uint64_t state;
};

/* One part in a million, the unit of every probability in sim. */
#define SIM_PPM 1000000u

/* Start the stream-th of the independent streams that belong to a seed. */
void sim_random_seed(struct sim_random *r, uint64_t seed, uint64_t stream);

uint64_t sim_random_next(struct sim_random *r);

/* A number of 0..bound-1, each as likely as the others; 0 if bound is 0. It always takes exactly
 * one number of the stream, so what is drawn later does not depend on bound. */
uint32_t sim_random_below(struct sim_random *r, uint32_t bound);

/* True with a probability of ppm parts in a million. Takes one number of the stream. */
bool sim_random_chance(struct sim_random *r, uint32_t ppm);

/* The random hook of struct atc_config; ctx is a struct sim_random. Never fails. */
bool sim_random_fill(void *ctx, uint8_t *buf, size_t len);

#endif
