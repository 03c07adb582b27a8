/* SPDX-License-Identifier: MIT */
#include "entropy.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* The stream of the seed that belongs to the module. */
enum { STREAM = 0 };

void entropy_system(struct entropy *entropy)
{
    memset(entropy, 0, sizeof *entropy);
}

void entropy_seeded(struct entropy *entropy, uint64_t seed)
{
    memset(entropy, 0, sizeof *entropy);
    entropy->seeded = true;
    sim_random_seed(&entropy->stream, seed, STREAM);
}

static bool fetch_block(struct entropy *entropy)
{
    ssize_t got = 0;

    do {
        got = getrandom(entropy->block, sizeof entropy->block, 0);
    } while (got < 0 && errno == EINTR);
    /* Up to 256 bytes come whole or not at all (getrandom(2)). */
    if (got != (ssize_t)sizeof entropy->block)
        return false;
    entropy->left = sizeof entropy->block;
    return true;
}

bool entropy_fill(struct entropy *entropy, uint8_t *buf, size_t len)
{
    if (entropy->seeded)
        return sim_random_fill(&entropy->stream, buf, len);
    for (size_t i = 0; i < len; i++) {
        if (entropy->left == 0 && !fetch_block(entropy))
            return false;
        buf[i] = entropy->block[sizeof entropy->block - entropy->left];
        entropy->left--;
    }
    return true;
}
