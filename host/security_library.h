/* SPDX-License-Identifier: MIT
 *
 * The library's side of the seam in security.h: what a DTLS library fills in, and what it may use.
 * No other file needs it.
 */
#ifndef ATCOAP_HOST_SECURITY_LIBRARY_H
#define ATCOAP_HOST_SECURITY_LIBRARY_H

#include "security.h"

/* Datagrams in a row, each with two bytes of length in front. */
struct security_queue {
    size_t used;
    uint8_t bytes[SECURITY_QUEUE_SIZE];
};

/* What all connections have. A library's own struct begins with it. */
struct security {
    const struct security_library *library;
    uint64_t now_ms;      /* the present moment, for the functions below */
    uint64_t deadline_ms; /* the library's: when it wants expire(), or ATC_NEVER */
    uint64_t limit_ms;    /* when the handshake has taken too long */
    uint32_t handshake_max_ms;
    enum security_state state;
    bool resumed; /* the library's */
    bool ended;   /* end() was called */
    char reason[SECURITY_REASON_MAX];
    struct security_counts counts;
    struct security_queue out, in;
};

struct security_library {
    const char *name;
    size_t size; /* bytes of its struct, which comes zeroed */

    /* Start the handshake. Fails by security_fail(), as the functions behind it do. */
    void (*open)(struct security *s, const struct security_config *config);

    /* Take a datagram. Not called when it is closed. */
    void (*feed)(struct security *s, const uint8_t *datagram, size_t len);

    /* Send a message of 1-SECURITY_MESSAGE_MAX bytes. Only called when it is open. Returns whether
     * it left. */
    bool (*send)(struct security *s, const uint8_t *data, size_t len);

    /* deadline_ms has come; it is ATC_NEVER again. */
    void (*expire)(struct security *s);

    /* Say goodbye. Only called when it is open. */
    void (*close)(struct security *s);

    /* Wipe every secret and free what is held; called once, when it is closed. */
    void (*end)(struct security *s);
};

/* A datagram for the server. Returns false, and counts, if there is no room: then it is lost, as
 * datagrams are. */
bool security_put_out(struct security *s, const uint8_t *data, size_t len);

/* A message from the server, as above. */
bool security_put_in(struct security *s, const uint8_t *data, size_t len);

/* The handshake is done. */
void security_opened(struct security *s);

/* How far the handshake is, for people: "no answer from the server". It becomes the reason if the
 * handshake ends there. */
void security_progress(struct security *s, const char *text);

/* It is over; reason is for people and names no secret. */
void security_fail(struct security *s, const char *reason);

/* Overwrite memory in a way that is not optimised away. */
void security_wipe(void *memory, size_t len);

#endif
