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

/* A writer may write where it says it may. */
/*@ predicate atc_writer(struct atc_out *out) =
      \valid(out) && \valid(out->buf + (0 .. out->cap - 1)) &&
      \separated(out, out->buf + (0 .. out->cap - 1)); */

/*@ assigns \nothing;
    ensures \result.buf == buf && \result.cap == cap && \result.len == 0; */
static inline struct atc_out atc_out(uint8_t *buf, size_t cap)
{
    const struct atc_out out = {buf, cap, 0};

    return out;
}

/* A writer that only counts. */
/*@ assigns \nothing;
    ensures \result.buf == \null && \result.cap == 0 && \result.len == 0; */
static inline struct atc_out atc_out_measure(void)
{
    return atc_out(NULL, 0);
}

/*@ requires \valid_read(out);
    assigns \nothing;
    ensures \result == true <==> out->len > out->cap; */
static inline bool atc_out_failed(const struct atc_out *out)
{
    return out->len > out->cap;
}

/* Whether n more bytes fit; then they may be written at out->buf + out->len. */
/*@ requires \valid_read(out);
    assigns \nothing;
    ensures \result == true <==> out->len + n <= out->cap; */
static inline bool atc_out_fits(const struct atc_out *out, size_t n)
{
    return out->len <= out->cap && n <= out->cap - out->len;
}

/* What becomes of a writer that has no room for n more bytes. */
/*@ requires atc_writer(out) && n > 0 && out->len + n > out->cap;
    assigns out->len, out->cap;
    ensures atc_writer(out) && out->cap <= \old(out->cap);
    ensures count: \old(out->len) + n <= SIZE_MAX ==> out->len == \old(out->len) + n;
    ensures gap:   out->cap <= \old(out->len); */
void atc_out_overflow(struct atc_out *out, size_t n);

/* Make n more bytes, 1 at least, part of what is written. Returns whether they fit: then they are the
 * last ones, and the caller's to fill. */
/*@ requires atc_writer(out) && n > 0;
    assigns out->len, out->cap;
    ensures atc_writer(out) && out->cap <= \old(out->cap);
    ensures count: \old(out->len) + n <= SIZE_MAX ==> out->len == \old(out->len) + n;
    ensures fits:  \result == true <==> \old(out->len) + n <= \old(out->cap);
    ensures room:  \result == true ==> out->cap == \old(out->cap);
    ensures gap:   \result == false ==> out->cap <= \old(out->len); */
static inline bool atc_out_grow(struct atc_out *out, size_t n)
{
    if (!atc_out_fits(out, n)) {
        atc_out_overflow(out, n);
        return false;
    }
    out->len += n;
    return true;
}

/*@ requires atc_writer(out);
    assigns out->len, out->buf[out->len .. out->cap - 1];
    ensures atc_writer(out);
    ensures count:   \old(out->len) < SIZE_MAX ==> out->len == \old(out->len) + 1;
    ensures written: \old(out->len) < out->cap ==> out->buf[\old(out->len)] == byte; */
static inline void atc_put_byte(struct atc_out *out, uint8_t byte)
{
    if (out->len < out->cap)
        out->buf[out->len] = byte;
    out->len++;
}

/*@ requires atc_writer(out) && atc_readable(bytes);
    requires apart: \separated(out, bytes.at + (0 .. bytes.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), bytes.at + (0 .. bytes.len - 1));
    assigns out->len, out->cap, out->buf[out->len .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap);
    ensures count: \old(out->len) + bytes.len <= SIZE_MAX ==> out->len == \old(out->len) + bytes.len;
    ensures fits:  \old(out->len) + bytes.len <= \old(out->cap) ==> out->cap == \old(out->cap) &&
              (\forall integer i; 0 <= i < bytes.len ==> out->buf[\old(out->len) + i] == bytes.at[i]);
    ensures gap: bytes.len > 0 && \old(out->len) + bytes.len > \old(out->cap) ==> out->cap <= \old(out->len); */
void atc_put_bytes(struct atc_out *out, struct atc_span bytes);

/* A NUL-terminated text, without the NUL. */
/*@ requires atc_writer(out);
    requires text: \exists integer n; 0 <= n < SIZE_MAX && text[n] == 0 &&
             \valid_read(text + (0 .. n)) && \separated(out, text + (0 .. n)) &&
             \separated(out->buf + (0 .. out->cap - 1), text + (0 .. n));
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_text(struct atc_out *out, const char *text);

/* An unsigned decimal number without leading zeros. */
/*@ requires atc_writer(out);
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_number(struct atc_out *out, uint32_t number);

/* A number in upper-case hex, with leading zeros up to that many digits (at most 8). */
/*@ requires atc_writer(out);
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_hex_number(struct atc_out *out, uint32_t number, unsigned digits);

/* A decimal number, a minus in front if it is negative. */
/*@ requires atc_writer(out);
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_signed(struct atc_out *out, int number);

/* Two upper-case hex digits a byte. */
/*@ requires atc_writer(out) && atc_readable(bytes);
    requires apart: \separated(out, bytes.at + (0 .. bytes.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), bytes.at + (0 .. bytes.len - 1));
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_hex(struct atc_out *out, struct atc_span bytes);

/* As V.250 5.4.2.2 writes strings: bytes below 0x20, 0x7F, quote and backslash as a backslash and
 * two hex digits, all others as they are. Without the surrounding quotes. Source: D-29. */
/*@ requires atc_writer(out) && atc_readable(bytes);
    requires apart: \separated(out, bytes.at + (0 .. bytes.len - 1));
    requires apart: \separated(out->buf + (0 .. out->cap - 1), bytes.at + (0 .. bytes.len - 1));
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_escaped(struct atc_out *out, struct atc_span bytes);

/* A CoAP code as c.dd, e.g. 2.05. Source: RFC 7252 5.2. */
/*@ requires atc_writer(out);
    assigns out->len, out->cap, out->buf[0 .. out->cap - 1];
    ensures atc_writer(out) && out->cap <= \old(out->cap); */
void atc_put_code(struct atc_out *out, uint8_t code);

#endif
