/* SPDX-License-Identifier: MIT */
#include "text.h"

/* The value of a hex digit, or -1. */
/*@ assigns \nothing;
    ensures digit: atc_a_hex_digit(byte) ==> 0 <= \result <= 15 && \result == atc_hex(byte);
    ensures other: !atc_a_hex_digit(byte) ==> \result == -1; */
static int hex_value(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return -1;
}

bool atc_is_letter(uint8_t byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

bool atc_is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

bool atc_is_hex_digit(uint8_t byte)
{
    return hex_value(byte) >= 0;
}

uint8_t atc_upper(uint8_t byte)
{
    return byte >= 'a' && byte <= 'z' ? (uint8_t)(byte - 'a' + 'A') : byte;
}

bool atc_text_same(struct atc_span a, struct atc_span b)
{
    if (a.len != b.len)
        return false;
    /*@ loop invariant i <= a.len;
        loop assigns i;
        loop variant a.len - i; */
    for (size_t i = 0; i < a.len; i++) {
        if (atc_upper(a.at[i]) != atc_upper(b.at[i]))
            return false;
    }
    return true;
}

bool atc_text_is(struct atc_span text, const char *word)
{
    return atc_text_same(text, atc_span_text(word));
}

bool atc_text_number(uint32_t *number, struct atc_span text, uint32_t max)
{
    uint32_t value = 0;

    if (text.len == 0)
        return false;
    /*@ loop invariant i <= text.len && value <= max;
        loop invariant i == 0 ==> value == 0;
        loop invariant i == 1 ==> value == text.at[0] - '0';
        loop invariant \forall integer j; 0 <= j < i ==> atc_a_digit(text.at[j]);
        loop assigns i, value;
        loop variant text.len - i; */
    for (size_t i = 0; i < text.len; i++) {
        uint32_t digit;

        if (!atc_is_digit(text.at[i]))
            return false;
        digit = (uint32_t)(text.at[i] - '0');
        if (digit > max || value > (max - digit) / 10u)
            return false;
        value = value * 10u + digit;
    }
    *number = value;
    return true;
}

bool atc_text_is_hex(struct atc_span text)
{
    if (text.len % 2u != 0)
        return false;
    /*@ loop invariant i <= text.len;
        loop invariant \forall integer j; 0 <= j < i ==> atc_a_hex_digit(text.at[j]);
        loop assigns i;
        loop variant text.len - i; */
    for (size_t i = 0; i < text.len; i++) {
        if (hex_value(text.at[i]) < 0)
            return false;
    }
    return true;
}

size_t atc_text_unhex(uint8_t *buf, struct atc_span text)
{
    const size_t len = text.len / 2u;

    /*@ loop invariant i <= len;
        loop assigns i, buf[0 .. len - 1];
        loop variant len - i; */
    for (size_t i = 0; i < len; i++) {
        const int high = hex_value(text.at[2u * i]);
        const int low = hex_value(text.at[2u * i + 1u]);

        buf[i] = (uint8_t)(high * 16 + low);
    }
    return len;
}

int atc_text_next(struct atc_span *text)
{
    uint8_t byte;
    int high, low;

    if (text->len == 0)
        return -1;
    byte = text->at[0];
    if (byte != '\\') {
        *text = atc_span(text->at + 1, text->len - 1u);
        return byte;
    }
    if (text->len < 3u)
        return -1;
    high = hex_value(text->at[1]);
    low = hex_value(text->at[2]);
    if (high < 0 || low < 0)
        return -1;
    *text = atc_span(text->at + 3, text->len - 3u);
    return high * 16 + low;
}

long atc_text_len(struct atc_span text)
{
    long len = 0;

    /*@ loop invariant atc_readable(text) && text.len <= \at(text.len, Pre);
        loop invariant 0 <= len <= \at(text.len, Pre) - text.len;
        loop assigns text, len;
        loop variant text.len; */
    while (text.len > 0) {
        if (atc_text_next(&text) < 0)
            return -1;
        len++;
    }
    return len;
}
