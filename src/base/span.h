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
 * <string.h>. Comments that begin with an at sign are contracts, which script/prove proves:
 * docs/proof.md. */
/*@ requires to_room:    \valid((uint8_t *)to + (0 .. len - 1));
    requires from_bytes: \valid_read((uint8_t *)from + (0 .. len - 1));
    requires apart:      \separated((uint8_t *)to + (0 .. len - 1), (uint8_t *)from + (0 .. len - 1));
    assigns ((uint8_t *)to)[0 .. len - 1] \from ((uint8_t *)from)[0 .. len - 1];
    assigns \result \from to;
    ensures copied: \forall integer i; 0 <= i < len ==>
                    ((uint8_t *)to)[i] == \old(((uint8_t *)from)[i]);
    ensures \result == to; */
void *memcpy(void *restrict to, const void *restrict from, size_t len);

/*@ requires to_room:    \valid((uint8_t *)to + (0 .. len - 1));
    requires from_bytes: \valid_read((uint8_t *)from + (0 .. len - 1));
    assigns ((uint8_t *)to)[0 .. len - 1] \from ((uint8_t *)from)[0 .. len - 1];
    assigns \result \from to;
    ensures copied: \forall integer i; 0 <= i < len ==>
                    ((uint8_t *)to)[i] == \old(((uint8_t *)from)[i]);
    ensures \result == to; */
void *memmove(void *to, const void *from, size_t len);

void *memset(void *to, int byte, size_t len);

/*@ requires a_bytes: \valid_read((uint8_t *)a + (0 .. len - 1));
    requires b_bytes: \valid_read((uint8_t *)b + (0 .. len - 1));
    assigns \result \from ((uint8_t *)a)[0 .. len - 1], ((uint8_t *)b)[0 .. len - 1];
    ensures same: \result == 0 <==> (\forall integer i; 0 <= i < len ==>
                  ((uint8_t *)a)[i] == ((uint8_t *)b)[i]); */
int memcmp(const void *a, const void *b, size_t len);

/* The assert hook: the one function besides memcpy and friends that the core leaves to its
 * surroundings. It must not return. Assertions catch our own mistakes only; input is checked by
 * ordinary code. */
/*@ requires never: \false;
    assigns \nothing;
    ensures \false; */
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

/* The bytes of a span are there. */
/*@ predicate atc_readable(struct atc_span s) = \valid_read(s.at + (0 .. s.len - 1)); */

/*@ assigns \nothing;
    ensures \result.at == (uint8_t *)at && \result.len == len; */
static inline struct atc_span atc_span(const void *at, size_t len)
{
    const struct atc_span span = {at, len};

    return span;
}

/* Copy the bytes of a span. memcpy() may not be given NULL, not even for no bytes. */
/*@ requires atc_readable(from) && \valid(to + (0 .. from.len - 1));
    requires apart: \separated(to + (0 .. from.len - 1), from.at + (0 .. from.len - 1));
    assigns to[0 .. from.len - 1];
    ensures copied: \forall integer i; 0 <= i < from.len ==> to[i] == from.at[i]; */
static inline void atc_copy(uint8_t *to, struct atc_span from)
{
    if (from.len > 0)
        memcpy(to, from.at, from.len);
}

/* The characters of a NUL-terminated text, without the NUL. */
/*@ requires text: \exists integer n; 0 <= n < SIZE_MAX && text[n] == 0 && \valid_read(text + (0 .. n));
    assigns \nothing;
    ensures \result.at == (uint8_t *)text;
    ensures atc_readable(\result);
    ensures text[\result.len] == 0;
    ensures \forall integer i; 0 <= i < \result.len ==> text[i] != 0; */
static inline struct atc_span atc_span_text(const char *text)
{
    size_t len = 0;

    /*@ loop invariant \forall integer i; 0 <= i < len ==> text[i] != 0;
        loop invariant 0 <= len < SIZE_MAX && \valid_read(text + (0 .. len));
        loop assigns len;
        loop variant SIZE_MAX - len; */
    while (text[len] != '\0')
        len++;
    return atc_span(text, len);
}

/*@ requires atc_readable(a) && atc_readable(b);
    assigns \nothing;
    ensures \result == true <==> a.len == b.len && (\forall integer i; 0 <= i < a.len ==> a.at[i] == b.at[i]); */
static inline bool atc_span_equal(struct atc_span a, struct atc_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

#endif
