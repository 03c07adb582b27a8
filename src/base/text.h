/* SPDX-License-Identifier: MIT
 *
 * The only place where text becomes numbers and bytes: strict, bounded, no sign, no locale, every
 * byte used.
 */
#ifndef ATC_TEXT_H
#define ATC_TEXT_H

#include "out.h"

/*@ predicate atc_a_digit(integer byte) = '0' <= byte <= '9';
    predicate atc_a_hex_digit(integer byte) =
      atc_a_digit(byte) || 'A' <= byte <= 'F' || 'a' <= byte <= 'f';
    logic integer atc_hex(integer byte) =
      byte <= '9' ? byte - '0' : byte <= 'F' ? byte - 'A' + 10 : byte - 'a' + 10; */

/* Whether byte is an ASCII letter, digit or hex digit. */
/*@ assigns \nothing;
    ensures \result == true <==> 'A' <= byte <= 'Z' || 'a' <= byte <= 'z'; */
bool atc_is_letter(uint8_t byte);
/*@ assigns \nothing;
    ensures \result == true <==> atc_a_digit(byte); */
bool atc_is_digit(uint8_t byte);
/*@ assigns \nothing;
    ensures \result == true <==> atc_a_hex_digit(byte); */
bool atc_is_hex_digit(uint8_t byte);

/* A letter in upper case; any other byte as it is. */
/*@ assigns \nothing;
    ensures \result == ('a' <= byte <= 'z' ? byte - 32 : byte); */
uint8_t atc_upper(uint8_t byte);

/* Equal but for the case of ASCII letters. */
/*@ requires atc_readable(a) && atc_readable(b);
    assigns \nothing;
    ensures length: \result == true ==> a.len == b.len;
    ensures same:   (\forall integer i; 0 <= i < a.len ==> a.at[i] == b.at[i]) && a.len == b.len ==>
            \result == true; */
bool atc_text_same(struct atc_span a, struct atc_span b);

/* The same with a word that ends in NUL. */
/*@ requires atc_readable(text);
    requires word: \exists integer n; 0 <= n < SIZE_MAX && word[n] == 0 && \valid_read(word + (0 .. n));
    assigns \nothing; */
bool atc_text_is(struct atc_span text, const char *word);

/* One or more decimal digits, value at most max; leading zeros are allowed.
 * Returns false, number unchanged, on anything else. Source: D-12. */
/*@ requires \valid(number) && atc_readable(text);
    requires \separated(number, text.at + (0 .. text.len - 1));
    assigns *number;
    ensures digits:    \result == true ==> text.len > 0 &&
            (\forall integer i; 0 <= i < text.len ==> atc_a_digit(text.at[i]));
    ensures bound:     \result == true ==> *number <= max;
    ensures unchanged: \result == false ==> *number == \old(*number);
    ensures one:       text.len == 1 && atc_a_digit(text.at[0]) && text.at[0] - '0' <= max ==>
            \result == true && *number == text.at[0] - '0'; */
bool atc_text_number(uint32_t *number, struct atc_span text, uint32_t max);

/* Whether text is an even count of hex digits of either case; an empty text is. */
/*@ requires atc_readable(text);
    assigns \nothing;
    ensures \result == true <==> text.len % 2 == 0 &&
            (\forall integer i; 0 <= i < text.len ==> atc_a_hex_digit(text.at[i])); */
bool atc_text_is_hex(struct atc_span text);

/* The bytes that text spells in hex. text must be atc_text_is_hex(). buf may be text's own memory:
 * writing never overtakes reading. Returns how many bytes were written, text.len / 2. */
/*@ requires atc_readable(text) && \valid(buf + (0 .. text.len / 2 - 1));
    assigns buf[0 .. text.len / 2 - 1];
    ensures \result == text.len / 2; */
size_t atc_text_unhex(uint8_t *buf, struct atc_span text);

/* The next byte of a string in which a backslash and two hex digits stand for one byte.
 * Moves text behind it. Returns the byte, or -1 when text is empty or a backslash has no two hex
 * digits behind it. Source: D-29. */
/*@ requires \valid(text) && atc_readable(*text);
    requires \separated(text, text->at + (0 .. text->len - 1));
    assigns *text;
    ensures range:    -1 <= \result <= 255;
    ensures rest:     atc_readable(*text);
    ensures plain:    \old(text->len) > 0 && \old(text->at[0]) != '\\' ==>
            \result == \old(text->at[0]) && text->len == \old(text->len) - 1;
    ensures escape:   \result >= 0 && \old(text->at[0]) == '\\' ==>
            \old(text->len) >= 3 && text->len == \old(text->len) - 3 &&
            \result == \old(atc_hex(text->at[1]) * 16 + atc_hex(text->at[2]));
    ensures cut:      \old(text->len) == 0 ==> \result == -1;
    ensures progress: \result >= 0 ==> text->len < \old(text->len) &&
            text->at == \old(text->at) + (\old(text->len) - text->len); */
int atc_text_next(struct atc_span *text);

/* How many bytes that string stands for, or -1 if one of its escapes is malformed. */
/*@ requires atc_readable(text) && text.len <= PTRDIFF_MAX;
    assigns \nothing;
    ensures -1 <= \result <= text.len; */
long atc_text_len(struct atc_span text);

#endif
