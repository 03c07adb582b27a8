/* SPDX-License-Identifier: MIT
 *
 * The server side of DTLS 1.2 with pre-shared keys, for tests on a virtual clock: Mbed TLS again,
 * as one more library behind the seam of host/security.h, so that both ends of a test are fed,
 * ticked and emptied with the same calls. It serves one client at a time, and listens again when
 * that one is gone: SECURITY_HANDSHAKE means listening.
 */
#ifndef DTLS_SERVER_H
#define DTLS_SERVER_H

#include "security.h"

struct dtls_server_key {
    const char *identity;
    const uint8_t *key;
    size_t key_len;
};

struct dtls_server_config {
    const struct dtls_server_key *keys;
    size_t key_count;
    const int *suites; /* 0 behind the last; the server keeps the pointer */
    bool cookies;      /* asks for one, in a HelloVerifyRequest */
    uint16_t mtu;  /* handshake messages are cut to datagrams of so many bytes; 0: they are not */
    bool sessions; /* remembers them, so that clients can resume */
    uint64_t seed; /* of its random numbers */
};

/* Start a server; security_free() ends it. It has forgotten everything when it is started again. */
struct security *dtls_server_open(const struct dtls_server_config *config, uint64_t now_ms);

/* Send a fatal alert of that description and forget the client. */
void dtls_server_alert(struct security *s, uint8_t description);

/* Send a message of any length a record takes. */
void dtls_server_send_long(struct security *s, const uint8_t *data, size_t len);

/* Ask the client for a new handshake within the connection. */
void dtls_server_renegotiate(struct security *s);

/* The server name the client asked for, "" if none. */
const char *dtls_server_name(const struct security *s);

/* The cipher suite of the connection, 0 if none is open. */
int dtls_server_suite(const struct security *s);

#endif
