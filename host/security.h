/* SPDX-License-Identifier: MIT
 *
 * The seam between a shell and a DTLS library: one secured connection as a machine that owns no
 * socket and no clock. Datagrams of the peer and time go in, datagrams for the peer and decrypted
 * messages come out; so it works on a virtual clock and behind a link that loses, doubles and swaps.
 * Leaves addresses to its owner: what is fed must come from the server's address and port.
 *
 * A product puts in another library by filling in a struct security_library: six functions, behind
 * which queues, time, the limit of the handshake and the state are kept by security.c. dtls.c does
 * so with Mbed TLS.
 *
 * A connection has one session and one epoch of application data for all its life: there is no
 * renegotiation, so an answer or a repetition in another epoch cannot happen. Source: RFC 7252 9.1.
 *
 * The owner's loop, after each call that takes now_ms:
 *
 *      while (p = security_out_peek(s, &n), p != NULL)
 *          send p[0..n) to the server, then security_out_drop(s);
 *      while (p = security_in_peek(s, &n), p != NULL)
 *          hand p[0..n) on, then security_in_drop(s);
 *      if (security_state(s) == SECURITY_CLOSED)
 *          report security_reason(s), then security_free(s);
 *      sleep until security_deadline_ms(s), then security_tick().
 */
#ifndef ATCOAP_HOST_SECURITY_H
#define ATCOAP_HOST_SECURITY_H

#include "atcoap/atcoap.h"

enum {
    SECURITY_MESSAGE_MAX = ATC_MESSAGE_MAX,          /* bytes of a message */
    SECURITY_DATAGRAM_MAX = ATC_MESSAGE_MAX + 256,   /* bytes of the record around it */
    SECURITY_QUEUE_SIZE = 4 * SECURITY_DATAGRAM_MAX, /* bytes of datagrams that wait, each way */
    SECURITY_TICKET_MAX = 1024, /* bytes of a session as its library writes it; a longer one is not
                                   kept, which costs a full handshake and nothing else */
    SECURITY_REASON_MAX = 128   /* bytes of security_reason() with its NUL */
};

/* What a full handshake has left behind, so that the next one with the same server, name, identity,
 * key and cipher suite can be shorter. Memory of the owner, one for each client, all zero at the
 * start. It holds secrets: security_ticket_wipe() at the end. */
struct security_ticket {
    uint8_t binding[32]; /* what it was made with, hashed */
    uint16_t len;        /* 0: empty */
    uint8_t bytes[SECURITY_TICKET_MAX];
};

/* DTLS versions to offer, as <dtlsversion> of AT+QSSLCFG counts them. */
enum security_version { SECURITY_DTLS_1_0, SECURITY_DTLS_1_2, SECURITY_DTLS_ANY };

/* The cipher suites by their number in AT+QSSLCFG. Source: RFC 6655 6, RFC 5487 3.1. */
enum {
    SECURITY_PSK_AES_128_CCM_8 = 0xC0A8,
    SECURITY_PSK_AES_128_CBC_SHA256 = 0x00AE,
    SECURITY_SUITE_ALL = 0xFFFF
};

/* What a connection shall be like. All but ticket, the functions and ctx is only read by
 * security_open(). */
struct security_config {
    struct atc_addr peer; /* the server; only what binds a ticket to it */
    const uint8_t *identity;
    size_t identity_len;
    const uint8_t *key;
    size_t key_len;
    const uint8_t *name; /* the server's, for the Server Name Indication; none for an address */
    size_t name_len;
    uint16_t suite;                 /* the one to offer, or SECURITY_SUITE_ALL */
    uint8_t version;                /* enum security_version */
    uint32_t handshake_max_ms;      /* not done by then: closed, to the millisecond */
    struct security_ticket *ticket; /* resumed from and renewed; NULL: never resume. The owner keeps
                                       it until security_free() */

    /* Fill buf with unpredictable bytes of the quality that keys need. Required. */
    bool (*random)(void *ctx, uint8_t *buf, size_t len);

    /* Takes a line of the NSS key log, a secret, without its line end. NULL: none is made. */
    void (*keylog)(void *ctx, const char *line);

    void *ctx; /* handed to both */
};

enum security_state {
    SECURITY_HANDSHAKE,
    SECURITY_OPEN,
    SECURITY_CLOSED /* for good; what is left to send, such as an alert, still waits */
};

/* Every datagram and record is accounted for. */
struct security_counts {
    uint32_t received;  /* datagrams fed */
    uint32_t sent;      /* datagrams put out */
    uint32_t delivered; /* messages handed on */
    uint32_t early;     /* messages that came before the end of the handshake: dropped */
    uint32_t oversize;  /* messages over SECURITY_MESSAGE_MAX: dropped */
    uint32_t rejected; /* datagrams and records that are no DTLS, forged, replayed, of another epoch
                           or not expected: dropped */
    uint32_t overflow; /* found no room in a queue: dropped */
    uint32_t repeated; /* flights of ours sent again because nothing came */
};

struct security; /* one connection */

/* A DTLS library, as dtls.c fills it in. */
struct security_library;
extern const struct security_library security_dtls;

/* Start a connection and its handshake. Returns NULL if there is no memory. What cannot work
 * (a key the library does not take, a cipher suite without pre-shared keys) is closed at once. */
struct security *security_open(const struct security_library *library,
                               const struct security_config *config, uint64_t now_ms);

/* Wipe and free it; NULL does nothing. Nothing is sent: security_close() does that. */
void security_free(struct security *s);

/* A datagram came from the server. Whatever it holds, it does no more harm than RFC 6347 4.1.2.7
 * allows: what is not valid is dropped and counted. */
void security_feed(struct security *s, const uint8_t *datagram, size_t len, uint64_t now_ms);

/* Put one message into one datagram. Returns false if it did not leave: not open, empty, longer
 * than SECURITY_MESSAGE_MAX, or no room. */
bool security_send(struct security *s, const uint8_t *data, size_t len, uint64_t now_ms);

/* Run what is due by now_ms, each thing at its own time. */
void security_tick(struct security *s, uint64_t now_ms);

/* When security_tick() is needed next, or ATC_NEVER. */
uint64_t security_deadline_ms(const struct security *s);

/* Say goodbye (close_notify, if it is open) and wipe all secrets; closed then. */
void security_close(struct security *s, uint64_t now_ms);

/* The oldest datagram for the server, or NULL. It is valid until security_out_drop(). */
const uint8_t *security_out_peek(const struct security *s, size_t *len);
void security_out_drop(struct security *s);

/* The oldest decrypted message, or NULL. It is valid until security_in_drop(). */
const uint8_t *security_in_peek(const struct security *s, size_t *len);
void security_in_drop(struct security *s);

enum security_state security_state(const struct security *s);

/* For people: why it is closed; during the handshake what it waits for. It names no secret. */
const char *security_reason(const struct security *s);

/* Whether the handshake was the short one. */
bool security_is_resumed(const struct security *s);

const struct security_counts *security_counts(const struct security *s);

void security_ticket_wipe(struct security_ticket *ticket);

#endif
