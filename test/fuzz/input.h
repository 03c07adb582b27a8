/* SPDX-License-Identifier: MIT
 *
 * What a fuzz target reads its choices from: the input's bytes, zeros behind its end.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FUZZ_REQUIRE(condition)                                                     \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

struct input {
    const uint8_t *at;
    size_t left;
};

static inline unsigned next(struct input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->at++;
}

static inline unsigned next_16(struct input *in)
{
    const unsigned high = next(in);

    return high << 8 | next(in);
}

/* The next len bytes, or as many as there are. */
static inline const uint8_t *next_bytes(struct input *in, size_t *len)
{
    const uint8_t *at = in->at;

    if (*len > in->left)
        *len = in->left;
    if (*len > 0)
        in->at += *len;
    in->left -= *len;
    return at;
}

#endif
