/* SPDX-License-Identifier: MIT
 *
 * The only place where text becomes numbers and bytes: strict, bounded, no sign, no locale, every
 * byte used.
 */
#ifndef ATC_TEXT_H
#define ATC_TEXT_H

#include "out.h"

/* Whether byte is an ASCII letter, digit or hex digit. */
bool atc_is_letter(uint8_t byte);
bool atc_is_digit(uint8_t byte);
bool atc_is_hex_digit(uint8_t byte);

/* A letter in upper case; any other byte as it is. */
uint8_t atc_upper(uint8_t byte);

/* Equal but for the case of ASCII letters. */
bool atc_text_same(struct atc_span a, struct atc_span b);

/* One or more decimal digits, value at most max; leading zeros are allowed.
 * Returns false, number unchanged, on anything else. Source: D-12. */
bool atc_text_number(uint32_t *number, struct atc_span text, uint32_t max);

/* Whether text is an even count of hex digits of either case; an empty text is. */
bool atc_text_is_hex(struct atc_span text);

/* The bytes that text spells in hex. text must be atc_text_is_hex(). buf may be text's own memory:
 * writing never overtakes reading. Returns how many bytes were written, text.len / 2. */
size_t atc_text_unhex(uint8_t *buf, struct atc_span text);

/* The next byte of a string in which a backslash and two hex digits stand for one byte.
 * Moves text behind it. Returns the byte, or -1 when text is empty or a backslash has no two hex
 * digits behind it. Source: D-29. */
int atc_text_next(struct atc_span *text);

/* How many bytes that string stands for, or -1 if one of its escapes is malformed. */
long atc_text_len(struct atc_span text);

#endif
