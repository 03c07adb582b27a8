/* SPDX-License-Identifier: MIT */
#include "chacha.h"

#include <string.h>

enum { WORDS = 16, DOUBLE_ROUNDS = 10 };

/* "expand 32-byte k" */
static const uint32_t constants[4] = {0x61707865u, 0x3320646eu, 0x79622d32u, 0x6b206574u};

static uint32_t load(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void store(uint8_t *p, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(word >> 8 * i);
}

static uint32_t turn_left(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32u - bits);
}

static inline void quarter_round(uint32_t *x, unsigned a, unsigned b, unsigned c, unsigned d)
{
    x[a] += x[b];
    x[d] = turn_left(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = turn_left(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = turn_left(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = turn_left(x[b] ^ x[c], 7);
}

static inline void double_round(uint32_t *x)
{
    quarter_round(x, 0, 4, 8, 12);
    quarter_round(x, 1, 5, 9, 13);
    quarter_round(x, 2, 6, 10, 14);
    quarter_round(x, 3, 7, 11, 15);
    quarter_round(x, 0, 5, 10, 15);
    quarter_round(x, 1, 6, 11, 12);
    quarter_round(x, 2, 7, 8, 13);
    quarter_round(x, 3, 4, 9, 14);
}

void chacha_block(uint8_t out[CHACHA_BLOCK_LEN], const uint8_t key[CHACHA_KEY_LEN],
                  uint32_t counter, const uint8_t nonce[CHACHA_NONCE_LEN])
{
    uint32_t start[WORDS], x[WORDS];

    memcpy(start, constants, sizeof constants);
    for (unsigned i = 0; i < CHACHA_KEY_LEN / 4; i++)
        start[4 + i] = load(key + 4 * i);
    start[12] = counter;
    for (unsigned i = 0; i < CHACHA_NONCE_LEN / 4; i++)
        start[13 + i] = load(nonce + 4 * i);
    memcpy(x, start, sizeof x);
    for (unsigned i = 0; i < DOUBLE_ROUNDS; i++)
        double_round(x);
    for (unsigned i = 0; i < WORDS; i++)
        store(out + 4 * i, x[i] + start[i]);
}
