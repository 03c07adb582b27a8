/* SPDX-License-Identifier: MIT
 *
 * One modem, one link and one model server on a virtual clock, in the clear or under real DTLS, and
 * a look at every CoAP message: as the modem orders it out, and as it arrives at either end. What is
 * lost, doubled or late is decided by the link, below DTLS.
 *
 * A lab is large: make it static. Its answers to orders are good unless its owner wants them to fail.
 */
#ifndef LAB_H
#define LAB_H

#include "carry.h"
#include "dtls_server.h"
#include "peer.h"
#include "store.h"

enum { LAB_TEXT_MAX = 1 << 18, LAB_FLIGHT_MAX = 256 };

enum lab_place {
    LAB_LEFT,    /* the modem ordered it out */
    LAB_AT_PEER, /* it is at the server, in the clear again */
    LAB_AT_MODEM /* likewise */
};

/* What can fail, each time it is used. */
enum lab_use {
    LAB_SEND,    /* a datagram does not leave */
    LAB_RECEIVE, /* one does not come in */
    LAB_OPEN,    /* no socket, or no name server */
    LAB_FILE,    /* an operation of the store fails */
    LAB_RANDOM,  /* no random bytes */
    LAB_TIMER,   /* the module is not called for an hour when it is due */
    LAB_SLOT,    /* no room in a table of the core; asked by whoever wraps its functions */
    LAB_USE_COUNT
};

struct lab_config {
    const struct atc_dialect *dialect;
    const struct atc_settings *settings; /* NULL: the defaults; echo is off in any case */
    const struct sim_peer_config *peer;
    uint64_t seed;
    uint64_t now_ms;
    bool secure;
    bool keep;                       /* values survive a restart */
    bool (*fails)(enum lab_use use); /* asked at each use; NULL: nothing fails */
    void (*message)(void *ctx, enum lab_place place, const uint8_t *data, size_t len);
    void *ctx;
};

struct lab {
    struct lab_config config;
    struct atc_modem modem;
    struct sim_link link;
    struct sim_flight flight;
    struct sim_carrier carrier;
    struct sim_peer peer;
    struct sim_store store;
    struct sim_random random;      /* what the modem draws from */
    struct security_ticket ticket; /* no session is resumed */
    struct dtls_server_config service;
    struct security *client, *server; /* NULL: none */
    uint64_t now_ms;
    uint32_t opening; /* the OPEN order that waits for the handshake; 0: none */
    uint16_t port;    /* of the modem's one socket, another with each opening; 0: none */
    uint16_t next_port;
    unsigned finals; /* command lines that ended */
    unsigned strays; /* datagrams to a socket that is closed */
    size_t text_len;
    char text[LAB_TEXT_MAX]; /* what the TE got, NUL behind it; the owner sets text_len back */
    struct sim_datagram slots[LAB_FLIGHT_MAX];
    struct sim_heap_cell cells[LAB_FLIGHT_MAX];
};

void lab_open(struct lab *lab, const struct lab_config *config);
void lab_close(struct lab *lab);

/* Type bytes. Returns what the TE got since then. Ends the program if the modem does not take them. */
const char *lab_type(struct lab *lab, const char *text);

/* Everything that is due at the next moment, if that is not after until_ms; else it is until_ms.
 * Returns whether there was anything. */
bool lab_step(struct lab *lab, uint64_t until_ms);

void lab_run(struct lab *lab, uint64_t until_ms);

/* A link as docs/link.md writes it. */
void lab_link(struct lab *lab, const char *text);

#endif
