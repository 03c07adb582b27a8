/* SPDX-License-Identifier: MIT
 *
 * A stretch of bytes that belongs to someone else. Nothing in the core relies on a NUL.
 */
#ifndef ATC_SPAN_H
#define ATC_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All that the core asks of a C library. Declared here, for a freestanding compiler has no
 * <string.h>. */
void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int memcmp(const void *a, const void *b, size_t len);

/* The assert hook: the one function besides memcpy and friends that the core leaves to its
 * surroundings. It must not return. Assertions catch our own mistakes only; input is checked by
 * ordinary code. */
_Noreturn void atc_assert_failed(const char *file, int line);

#ifdef ATC_NO_ASSERT
#define ATC_ASSERT(condition) ((void)sizeof((condition) ? 1 : 0)) /* not carried out */
#else
#define ATC_ASSERT(condition) ((condition) ? (void)0 : atc_assert_failed(__FILE__, __LINE__))
#endif

struct atc_span {
    const uint8_t *at;
    size_t len;
};

static inline struct atc_span atc_span(const void *at, size_t len)
{
    const struct atc_span span = {at, len};

    return span;
}

/* The characters of a NUL-terminated text, without the NUL. */
static inline struct atc_span atc_span_text(const char *text)
{
    size_t len = 0;

    while (text[len] != '\0')
        len++;
    return atc_span(text, len);
}

static inline bool atc_span_equal(struct atc_span a, struct atc_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

#endif
