/* SPDX-License-Identifier: MIT
 *
 * What went wrong in DTLS, in words for people.
 */
#ifndef ATCOAP_HOST_DTLS_TEXT_H
#define ATCOAP_HOST_DTLS_TEXT_H

#include <stddef.h>

/* An error of Mbed TLS (negative) and, if the server sent an alert, which. */
void dtls_text_error(char *out, size_t max, int error, unsigned alert);

#endif
