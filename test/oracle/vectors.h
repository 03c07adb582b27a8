/* SPDX-License-Identifier: MIT
 *
 * The datagrams C01 to C63 and what a decoder makes of them.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <stddef.h>
#include <stdint.h>

enum vector_result {
    VECTOR_ACCEPT,
    VECTOR_REJECT, /* message format error */
    VECTOR_IGNORE  /* another version */
};

struct vector {
    const char *name;
    const char *hex;
    enum vector_result result;
};

enum { VECTOR_COUNT = 63, VECTOR_LEN_MAX = 64 };

extern const struct vector vectors[VECTOR_COUNT];

/* The bytes that hex digits spell; the caller's buffer is large enough. Returns how many. */
size_t vector_bytes(uint8_t *buf, const char *hex);

#endif
