/* SPDX-License-Identifier: MIT
 *
 * Whether the library and the second decoder read a datagram alike: verdict, header, token, every
 * option's number, length and place, payload.
 */
#ifndef AGREE_H
#define AGREE_H

#include <stddef.h>
#include <stdint.h>

/* NULL if they agree, else what they differ in. */
const char *agree(const uint8_t *data, size_t len);

#endif
