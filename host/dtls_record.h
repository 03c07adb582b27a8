/* SPDX-License-Identifier: MIT
 *
 * The records of a DTLS datagram, as far as they show from outside: no decryption, no state.
 * Source: RFC 6347 4.1.
 */
#ifndef ATCOAP_HOST_DTLS_RECORD_H
#define ATCOAP_HOST_DTLS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dtls_records {
    size_t whole;         /* bytes of the well-formed records at the beginning */
    unsigned count;       /* of them */
    unsigned application; /* records of application data among them */
    bool key_exchange;    /* a ClientKeyExchange in plain text is among them */
};

struct dtls_records dtls_records_look(const uint8_t *datagram, size_t len);

#endif
