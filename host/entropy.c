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

/* The one call of the system. */
static bool fetch_key(struct entropy *entropy)
{
    ssize_t got = 0;

    do {
        got = getrandom(entropy->key, sizeof entropy->key, 0);
    } while (got < 0 && errno == EINTR);
    /* Up to 256 bytes come whole or not at all (getrandom(2)). */
    entropy->keyed = got == (ssize_t)sizeof entropy->key;
    return entropy->keyed;
}

/* A new block, and a new key in place of the one that made it. A key is used once, so counting
 * blocks is enough for a nonce. */
static void make_block(struct entropy *entropy)
{
    static const uint8_t nonce[CHACHA_NONCE_LEN] = {0};
    uint8_t first[CHACHA_BLOCK_LEN];
    const size_t rest = sizeof first - sizeof entropy->key;

    chacha_block(first, entropy->key, 0, nonce);
    for (uint32_t at = 0; at < ENTROPY_BLOCK_LEN / CHACHA_BLOCK_LEN; at++)
        chacha_block(entropy->block + rest + at * CHACHA_BLOCK_LEN, entropy->key, at + 1, nonce);
    memcpy(entropy->key, first, sizeof entropy->key);
    memcpy(entropy->block, first + sizeof entropy->key, rest);
    explicit_bzero(first, sizeof first);
    entropy->left = sizeof entropy->block;
}

bool entropy_fill(struct entropy *entropy, uint8_t *buf, size_t len)
{
    if (entropy->seeded)
        return sim_random_fill(&entropy->stream, buf, len);
    if (!entropy->keyed && !fetch_key(entropy))
        return false;
    while (len > 0) {
        uint8_t *from = entropy->block + sizeof entropy->block - entropy->left;
        const size_t n = len < entropy->left ? len : entropy->left;

        memcpy(buf, from, n);
        memset(from, 0, n);
        entropy->left -= n;
        buf += n;
        len -= n;
        if (len > 0)
            make_block(entropy);
    }
    return true;
}
