/* SPDX-License-Identifier: MIT
 *
 * Properties: a check that must hold for every seed. A failure of any kind prints the seed; a
 * program that is given a number as argument runs that seed alone, with x100 a hundred times as many.
 */
#ifndef SEEDS_H
#define SEEDS_H

#include <stddef.h>
#include <stdint.h>

/* Every count of seeds above 1 is multiplied by this: -DPROPERTY_FACTOR=1 for a glance, 400 for a
 * night. */
#ifndef PROPERTY_FACTOR
#define PROPERTY_FACTOR 4
#endif

struct property {
    const char *name;
    void (*check)(uint64_t seed); /* uses EXPECT() and cmocka's assertions */
    unsigned seeds;               /* 1: the check draws nothing */
};

/* Run all of them. Returns what main() shall return. */
int run_properties(const struct property *properties, size_t count, int argc, char **argv);

#endif
