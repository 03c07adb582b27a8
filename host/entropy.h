/* SPDX-License-Identifier: MIT
 *
 * Random bytes for the core: the operating system's, or with --seed a
 * repeatable stream. Seeded bytes are for tests and demonstrations, never for
 * keys.
 */
#ifndef ATCOAP_HOST_ENTROPY_H
#define ATCOAP_HOST_ENTROPY_H

#include "random.h"

struct entropy {
    bool seeded;
    struct sim_random stream; /* if seeded */
    uint8_t block[256];       /* else fetched at once, so that a token is no call */
    size_t left;              /* bytes at the end of block that are still unused */
};

void entropy_system(struct entropy *entropy);
void entropy_seeded(struct entropy *entropy, uint64_t seed);

/* Fill buf. Returns false if the system has no random bytes. */
bool entropy_fill(struct entropy *entropy, uint8_t *buf, size_t len);

#endif
