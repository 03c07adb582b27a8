/* SPDX-License-Identifier: MIT
 *
 * Datagrams a peer may send: random messages that answer, repeat, ask or make no sense, and damaged
 * ones.
 */
#ifndef PEER_H
#define PEER_H

#include "bench.h"
#include "rng.h"

enum { PEER_DATAGRAM_MAX = 4300 };

/* Compose a random datagram; messages the bench has sent lately serve as something to answer.
 * Returns its length. */
size_t peer_datagram(uint8_t *data, struct rng *rng, const struct bench *b);

#endif
