/* SPDX-License-Identifier: MIT
 *
 * DTLS 1.2 with a pre-shared key for the embedded server: records of many clients on one socket go
 * in, messages come out, and the other way round. It owns no socket and no clock. */
#ifndef ATCOAP_HOST_SERVE_SECURE_H
#define ATCOAP_HOST_SERVE_SECURE_H

#include "atcoap/atcoap.h"

/* Clients at one time; a further one takes the place of the one that has been silent longest. */
enum { SERVE_CLIENT_MAX = 64, SERVE_IDENTITY_MAX = 128, SERVE_KEY_MAX = 64 };

struct serve_key {
    size_t identity_len;
    size_t key_len;
    uint8_t identity[SERVE_IDENTITY_MAX];
    uint8_t key[SERVE_KEY_MAX];
};

/* Read ID:KEY. The key is hex if it is an even number of hex digits, else text, as in a module's PSK
 * file (D-74). Returns what is wrong with it, or NULL. */
const char *serve_key_read(struct serve_key *key, const char *text);

/* Where things go. */
struct serve_secure_hooks {
    void (*send)(void *ctx, const struct atc_addr *to, const uint8_t *data, size_t len);
    void (*hear)(void *ctx, const struct atc_addr *from, const uint8_t *data, size_t len);
    void (*tell)(void *ctx, const struct atc_addr *who, const char *what);
    bool (*random)(void *ctx, uint8_t *buf, size_t len);
    void *ctx;
};

struct serve_secure;

/* Returns NULL if there is no memory or the library does not take the key. */
struct serve_secure *serve_secure_open(const struct serve_key *key,
                                       const struct serve_secure_hooks *hooks);

/* Say goodbye to all clients and free it; NULL does nothing. */
void serve_secure_close(struct serve_secure *s);

/* A datagram came. */
void serve_secure_feed(struct serve_secure *s, const struct atc_addr *from, const uint8_t *data,
                       size_t len, uint64_t now_ms);

/* Send a message to a client. One that is not connected any more gets nothing. */
void serve_secure_send(struct serve_secure *s, const struct atc_addr *to, const uint8_t *data,
                       size_t len);

/* Repeat what is due, and when that is needed next, or ATC_NEVER. */
void serve_secure_tick(struct serve_secure *s, uint64_t now_ms);
uint64_t serve_secure_deadline_ms(const struct serve_secure *s);

#endif
