/* SPDX-License-Identifier: MIT
 *
 * Random bytes for the core: of a ChaCha20 stream whose key comes from the
 * operating system once, or with --seed of a repeatable stream. Seeded bytes
 * are for tests and demonstrations, never for keys.
 *
 * A token must not be guessed by who is not on the path (RFC 7252 5.3.1), and
 * a thousand modems draw a hundred thousand of them a second: too many for a
 * call of the system each, and too dear for a generator that gives itself away
 * by what it gave before. Each key makes one block and its own successor, and
 * what was handed out is wiped: who reads this memory learns no byte of the
 * past.
 */
#ifndef ATCOAP_HOST_ENTROPY_H
#define ATCOAP_HOST_ENTROPY_H

#include "chacha.h"
#include "random.h"

/* Bytes that one key gives, besides the next key. */
enum { ENTROPY_BLOCK_LEN = 7 * CHACHA_BLOCK_LEN + CHACHA_BLOCK_LEN - CHACHA_KEY_LEN };

struct entropy {
    bool seeded;
    struct sim_random stream; /* if seeded */
    bool keyed;               /* else: the system has given the first key */
    uint8_t key[CHACHA_KEY_LEN];
    uint8_t block[ENTROPY_BLOCK_LEN];
    size_t left; /* bytes at the end of block that are still unused */
};

void entropy_system(struct entropy *entropy);
void entropy_seeded(struct entropy *entropy, uint64_t seed);

/* Fill buf. Returns false if the system has no random bytes. */
bool entropy_fill(struct entropy *entropy, uint8_t *buf, size_t len);

#endif
