/* SPDX-License-Identifier: MIT */
#include "out.h"

/*@ requires value < 16;
    assigns \nothing;
    ensures \result == (value < 10 ? '0' + value : 'A' + (value - 10)); */
static uint8_t hex_digit(unsigned value)
{
    return (uint8_t)(value < 10u ? '0' + value : 'A' + (value - 10u));
}

void atc_out_overflow(struct atc_out *out, size_t n)
{
    if (out->len <= out->cap)
        out->cap = out->len; /* a shorter put may not slip in behind the gap */
    out->len += n;
}

void atc_put_bytes(struct atc_out *out, struct atc_span bytes)
{
    if (bytes.len > 0 && atc_out_grow(out, bytes.len))
        memcpy(out->buf + out->len - bytes.len, bytes.at, bytes.len);
}

void atc_put_text(struct atc_out *out, const char *text)
{
    atc_put_bytes(out, atc_span_text(text));
}

/*@ predicate at_most_digits(integer number, integer digits) =
      (digits == 9 ==> number < 1000000000) && (digits == 8 ==> number < 100000000) &&
      (digits == 7 ==> number < 10000000) && (digits == 6 ==> number < 1000000) &&
      (digits == 5 ==> number < 100000) && (digits == 4 ==> number < 10000) &&
      (digits == 3 ==> number < 1000) && (digits == 2 ==> number < 100) &&
      (digits == 1 ==> number < 10); */
void atc_put_number(struct atc_out *out, uint32_t number)
{
    uint8_t digits[10];
    size_t at = sizeof digits;

    /*@ loop invariant 0 < at <= 10 && at_most_digits(number, at);
        loop assigns at, number, digits[0 .. 9];
        loop variant number; */
    do {
        digits[--at] = (uint8_t)('0' + number % 10u);
        number /= 10u;
    } while (number != 0);
    atc_put_bytes(out, atc_span(digits + at, sizeof digits - at));
}

void atc_put_hex_number(struct atc_out *out, uint32_t number, unsigned digits)
{
    /*@ loop invariant left <= 8;
        loop invariant atc_writer(out) && out->cap <= \at(out->cap, Pre);
        loop invariant out->buf == \at(out->buf, Pre);
        loop assigns left, out->len, out->buf[0 .. \at(out->cap, Pre) - 1];
        loop variant left; */
    for (unsigned left = 8; left > 0; left--) {
        const uint32_t rest = number >> (4 * (left - 1));

        if (rest != 0 || left <= digits)
            atc_put_byte(out, hex_digit(rest & 15u));
    }
}

void atc_put_signed(struct atc_out *out, int number)
{
    if (number < 0)
        atc_put_byte(out, '-');
    atc_put_number(out, number < 0 ? 0u - (uint32_t)number : (uint32_t)number);
}

void atc_put_hex(struct atc_out *out, struct atc_span bytes)
{
    /*@ loop invariant i <= bytes.len;
        loop invariant atc_writer(out) && out->cap <= \at(out->cap, Pre);
        loop invariant out->buf == \at(out->buf, Pre);
        loop assigns i, out->len, out->cap, out->buf[0 .. \at(out->cap, Pre) - 1];
        loop variant bytes.len - i; */
    for (size_t i = 0; i < bytes.len; i++) {
        atc_put_byte(out, hex_digit(bytes.at[i] / 16u));
        atc_put_byte(out, hex_digit(bytes.at[i] % 16u));
    }
}

void atc_put_escaped(struct atc_out *out, struct atc_span bytes)
{
    /*@ loop invariant i <= bytes.len;
        loop invariant atc_writer(out) && out->cap <= \at(out->cap, Pre);
        loop invariant out->buf == \at(out->buf, Pre);
        loop assigns i, out->len, out->cap, out->buf[0 .. \at(out->cap, Pre) - 1];
        loop variant bytes.len - i; */
    for (size_t i = 0; i < bytes.len; i++) {
        const uint8_t byte = bytes.at[i];

        if (byte >= 0x20 && byte != 0x7F && byte != '"' && byte != '\\') {
            atc_put_byte(out, byte);
            continue;
        }
        atc_put_byte(out, '\\');
        atc_put_hex(out, atc_span(&byte, 1));
    }
}

void atc_put_code(struct atc_out *out, uint8_t code)
{
    atc_put_number(out, code / 32u);
    atc_put_byte(out, '.');
    atc_put_byte(out, (uint8_t)('0' + code % 32u / 10u));
    atc_put_byte(out, (uint8_t)('0' + code % 32u % 10u));
}
