/* SPDX-License-Identifier: MIT
 *
 * A bounded writer that remembers overflow.
 *
 * Once a put does not fit, nothing more is written, but len goes on counting: it is the room that
 * everything together would have needed. So a run of puts needs one check at its end, and a writer
 * without room measures.
 */
#ifndef ATC_OUT_H
#define ATC_OUT_H

#include "span.h"

struct atc_out {
    uint8_t *buf;
    size_t cap;
    size_t len; /* > cap: overflowed */
};

static inline struct atc_out atc_out(uint8_t *buf, size_t cap)
{
    const struct atc_out out = {buf, cap, 0};

    return out;
}

/* A writer that only counts. */
static inline struct atc_out atc_out_measure(void)
{
    return atc_out(NULL, 0);
}

static inline bool atc_out_failed(const struct atc_out *out)
{
    return out->len > out->cap;
}

/* Whether n more bytes fit; then they may be written at out->buf + out->len. */
static inline bool atc_out_fits(const struct atc_out *out, size_t n)
{
    return out->len <= out->cap && n <= out->cap - out->len;
}

static inline void atc_put_byte(struct atc_out *out, uint8_t byte)
{
    if (out->len < out->cap)
        out->buf[out->len] = byte;
    out->len++;
}

void atc_put_bytes(struct atc_out *out, struct atc_span bytes);

/* A NUL-terminated text, without the NUL. */
void atc_put_text(struct atc_out *out, const char *text);

/* An unsigned decimal number without leading zeros. */
void atc_put_number(struct atc_out *out, uint32_t number);

/* A number in upper-case hex, with leading zeros up to that many digits (at most 8). */
void atc_put_hex_number(struct atc_out *out, uint32_t number, unsigned digits);

/* A decimal number, a minus in front if it is negative. */
void atc_put_signed(struct atc_out *out, int number);

/* Two upper-case hex digits a byte. */
void atc_put_hex(struct atc_out *out, struct atc_span bytes);

/* As V.250 5.4.2.2 writes strings: bytes below 0x20, 0x7F, quote and backslash as a backslash and
 * two hex digits, all others as they are. Without the surrounding quotes. Source: D-29. */
void atc_put_escaped(struct atc_out *out, struct atc_span bytes);

/* A CoAP code as c.dd, e.g. 2.05. Source: RFC 7252 5.2. */
void atc_put_code(struct atc_out *out, uint8_t code);

#endif
