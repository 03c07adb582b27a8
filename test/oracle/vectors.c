/* SPDX-License-Identifier: MIT */
#include "vectors.h"

#include <stdlib.h>

/* clang-format off */
const struct vector vectors[VECTOR_COUNT] = {
    {"C01 nothing at all", "", VECTOR_REJECT},
    {"C02 one byte", "40", VECTOR_REJECT},
    {"C03 two bytes", "4001", VECTOR_REJECT},
    {"C04 three bytes", "400112", VECTOR_REJECT},
    {"C05 empty CON", "40000001", VECTOR_ACCEPT},
    {"C06 empty RST", "70000001", VECTOR_ACCEPT},
    {"C07 empty ACK", "60000001", VECTOR_ACCEPT},
    {"C08 version 0", "00010001", VECTOR_IGNORE},
    {"C09 version 2", "80010001", VECTOR_IGNORE},
    {"C10 version 3", "c0010001", VECTOR_IGNORE},
    {"C11 token of 1 is missing", "41010001", VECTOR_REJECT},
    {"C12 token of 8 is cut", "4801000101020304050607", VECTOR_REJECT},
    {"C13 token of 8", "480100010102030405060708", VECTOR_ACCEPT},
    {"C14 TKL 9", "49010001010203040506070809", VECTOR_REJECT},
    {"C15 TKL 13", "4d0100010102030405060708090a0b0c0d", VECTOR_REJECT},
    {"C16 TKL 15", "4f0100010102030405060708090a0b0c0d0e0f", VECTOR_REJECT},
    {"C17 TKL 14 and no token", "4e010001", VECTOR_REJECT},
    {"C18 Empty with a token", "4100000161", VECTOR_REJECT},
    {"C19 Empty with a bare marker", "40000001ff", VECTOR_REJECT},
    {"C20 Empty with a payload", "40000001ff61", VECTOR_REJECT},
    {"C21 Empty with an option", "4000000100", VECTOR_REJECT},
    {"C22 bare marker", "40010001ff", VECTOR_REJECT},
    {"C23 payload of a NUL", "40010001ff00", VECTOR_ACCEPT},
    {"C24 payload of an FF", "40010001ffff", VECTOR_ACCEPT},
    {"C25 delta nibble 15, length 0", "40010001f0", VECTOR_REJECT},
    {"C26 delta nibble 15, length 1", "40010001f1", VECTOR_REJECT},
    {"C27 length nibble 15, delta 0", "400100010f", VECTOR_REJECT},
    {"C28 length nibble 15, delta 1", "400100011f", VECTOR_REJECT},
    {"C29 delta of one more byte is cut", "40010001d0", VECTOR_REJECT},
    {"C30 delta of one more byte", "40010001d000", VECTOR_ACCEPT},
    {"C31 delta of two more bytes, both missing", "40010001e0", VECTOR_REJECT},
    {"C32 delta of two more bytes, one missing", "40010001e000", VECTOR_REJECT},
    {"C33 delta of two more bytes", "40010001e00000", VECTOR_ACCEPT},
    {"C34 length of one more byte is cut", "400100010d", VECTOR_REJECT},
    {"C35 length 13 without a value", "400100010d00", VECTOR_REJECT},
    {"C36 length of two more bytes, one missing", "400100010e00", VECTOR_REJECT},
    {"C37 length 269 without a value", "400100010e0000", VECTOR_REJECT},
    {"C38 delta and length extended, no value", "40010001dd0000", VECTOR_REJECT},
    {"C39 delta there, length cut", "40010001de00", VECTOR_REJECT},
    {"C40 delta cut", "40010001ed00", VECTOR_REJECT},
    {"C41 both of two more bytes, cut", "40010001ee000000", VECTOR_REJECT},
    {"C42 both of two more bytes, no value", "40010001ee00000000", VECTOR_REJECT},
    {"C43 value is cut", "40010001bc6162", VECTOR_REJECT},
    {"C44 Uri-Path a", "40010001b161", VECTOR_ACCEPT},
    {"C45 value of 1 is missing", "40010001b1", VECTOR_REJECT},
    {"C46 number 65535", "40010001e0fef2", VECTOR_ACCEPT},
    {"C47 number 65536", "40010001e0fef3", VECTOR_REJECT},
    {"C48 number 65804", "40010001e0ffff", VECTOR_REJECT},
    {"C49 number 65535 and one more", "40010001e0fef210", VECTOR_REJECT},
    {"C50 number 65535 twice", "40010001e0fef200", VECTOR_ACCEPT},
    {"C51 second option without its value", "40010001b16101", VECTOR_REJECT},
    {"C52 option, then a bare marker", "40010001b161ff", VECTOR_REJECT},
    {"C53 option and payload", "40010001b161ff62", VECTOR_ACCEPT},
    {"C54 FF inside a value", "40010001b2ff61", VECTOR_ACCEPT},
    {"C55 value of an FF, then a payload", "40010001b1ffff62", VECTOR_ACCEPT},
    {"C56 option 0", "4001000100", VECTOR_ACCEPT},
    {"C57 option 0 five times", "400100010000000000", VECTOR_ACCEPT},
    {"C58 delta 267", "40010001d1fe61", VECTOR_ACCEPT},
    {"C59 delta 269", "40010001e1000061", VECTOR_ACCEPT},
    {"C60 2.05 in an ACK", "60450001ff61", VECTOR_ACCEPT},
    {"C61 class 1", "40210001", VECTOR_ACCEPT},
    {"C62 class 6", "40c10001", VECTOR_ACCEPT},
    {"C63 class 7", "40e10001", VECTOR_ACCEPT},
};
/* clang-format on */

size_t vector_bytes(uint8_t *buf, const char *hex)
{
    size_t len = 0;

    for (; hex[0] != '\0'; hex += 2) {
        const char digits[3] = {hex[0], hex[1], '\0'};

        buf[len++] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return len;
}
