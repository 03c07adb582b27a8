/* SPDX-License-Identifier: MIT
 *
 * The ChaCha20 block function: random bytes that nobody can tell from others who does not know the
 * key. Source: RFC 8439 2.3. */
#ifndef ATCOAP_HOST_CHACHA_H
#define ATCOAP_HOST_CHACHA_H

#include <stdint.h>

enum { CHACHA_KEY_LEN = 32, CHACHA_NONCE_LEN = 12, CHACHA_BLOCK_LEN = 64 };

/* The counter-th block of the stream that belongs to key and nonce. */
void chacha_block(uint8_t out[CHACHA_BLOCK_LEN], const uint8_t key[CHACHA_KEY_LEN],
                  uint32_t counter, const uint8_t nonce[CHACHA_NONCE_LEN]);

#endif
