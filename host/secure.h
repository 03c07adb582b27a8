/* SPDX-License-Identifier: MIT
 *
 * DTLS for the clients of a modem that ask for it: between the orders of the core
 * and the sockets of udp.c. Leaves DTLS itself to security.c and what is behind
 * it, which know no socket.
 *
 * Nothing here calls back: what has happened is fetched by secure_next().
 */
#ifndef ATCOAP_HOST_SECURE_H
#define ATCOAP_HOST_SECURE_H

#include "entropy.h"
#include "log.h"
#include "security.h"
#include "udp.h"

struct secure_client {
    struct security *security;     /* NULL: not secured, or closed */
    bool opening;                  /* the OPEN order is not answered yet */
    uint32_t order;                /* that order */
    struct atc_addr peer;          /* the server */
    struct security_ticket ticket; /* of the last handshake */
};

struct secure {
    struct secure_client clients[ATC_SESSION_MAX];
    struct udp *udp;
    const struct log *log;
    struct record *record;       /* NULL: nothing is recorded */
    bool record_secrets;         /* the record gets the secrets of connections, too */
    struct entropy entropy;      /* the system's, seed or not */
    int keylog;                  /* a descriptor, -1: none */
    struct secure_client *given; /* its oldest message was given by secure_next() */
};

void secure_init(struct secure *secure, struct udp *udp, const struct log *log);

/* Append the secrets of all connections to the file, in the NSS key log format.
 * Returns 0, or -1 with errno set. */
int secure_keylog(struct secure *secure, const char *path);

/* Carry out ATC_ORDER_OPEN with ATC_SECURITY_DTLS_PSK. Returns ATC_OK if the
 * handshake has begun: secure_next() tells how it ends. */
enum atc_cause secure_open(struct secure *secure, const struct atc_order *order, uint64_t now_ms);

/* Whether this client's datagrams are DTLS. */
bool secure_owns(const struct secure *secure, unsigned session);

/* Carry out ATC_ORDER_SEND for such a client. */
enum atc_cause secure_send(struct secure *secure, const struct atc_order *order, uint64_t now_ms);

/* A datagram came for such a client. */
void secure_feed(struct secure *secure, const struct atc_event *datagram, uint64_t now_ms);

/* Carry out ATC_ORDER_CLOSE for such a client: say goodbye and wipe everything but
 * its ticket. */
void secure_close(struct secure *secure, unsigned session, uint64_t now_ms);

/* Run what is due. */
void secure_tick(struct secure *secure, uint64_t now_ms);

/* When secure_tick() is needed next, or ATC_NEVER. */
uint64_t secure_deadline_ms(const struct secure *secure);

/* The next thing that has happened: DONE, DATAGRAM or CLOSED, valid until the next
 * call here. Returns false if there is none. */
bool secure_next(struct secure *secure, struct atc_event *event);

/* Close all clients, wipe all tickets. */
void secure_end(struct secure *secure, uint64_t now_ms);

#endif
