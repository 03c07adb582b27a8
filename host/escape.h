/* SPDX-License-Identifier: MIT
 *
 * Bytes of the AT port as text of one line: in logs and records.
 */
#ifndef ATCOAP_HOST_ESCAPE_H
#define ATCOAP_HOST_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* The longest text of one byte, "\x1A", and NUL. */
enum { ESCAPE_MAX = 5 };

/* Write what stands for a byte, NUL behind it: itself if it is printable ASCII; "\r", "\n", "\\";
 * "\x" and two hex digits for others. Returns the length, 1-4. */
size_t escape_byte(char out[ESCAPE_MAX], uint8_t byte);

#endif
