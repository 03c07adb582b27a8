/* SPDX-License-Identifier: MIT
 *
 * A DTLS client and a server on one virtual clock, and between them a way that loses, doubles,
 * delays and reorders datagrams: by the flight of the handshake they belong to, or by the dice.
 */
#ifndef DTLS_PAIR_H
#define DTLS_PAIR_H

#include "dtls_server.h"
#include "rng.h"

enum { PAIR_WAY_MS = 20, PAIR_PACKET_MAX = 256, PAIR_DATAGRAM_MAX = SECURITY_QUEUE_SIZE };

/* The flights of a handshake. A resumed one has none of flight 5 and its last two in flights 4
 * and 6. Source: RFC 6347 fig. 1 and 2. */
enum pair_flight {
    PAIR_HELLO = 1,
    PAIR_VERIFY,
    PAIR_HELLO_COOKIE,
    PAIR_SERVER_HELLO,
    PAIR_KEY,
    PAIR_FINISHED,
    PAIR_NO_FLIGHT,
    PAIR_FLIGHT_COUNT
};

/* What happens to a flight the first time it is sent. */
enum pair_trouble {
    PAIR_NO_TROUBLE,
    PAIR_LOSE,
    PAIR_DOUBLE,
    PAIR_SWAP, /* each record in a datagram of its own, the last one first */
    PAIR_LATE, /* it comes after its own repetition */
    PAIR_TROUBLE_COUNT
};

struct pair_packet {
    uint64_t at_ms;
    bool up; /* to the server */
    size_t len;
    uint8_t data[PAIR_DATAGRAM_MAX];
};

struct pair {
    struct security_config config;     /* of the client */
    struct dtls_server_config service; /* of the server */
    struct security_ticket ticket;
    struct security *client, *server; /* NULL: none */
    struct rng rng;
    uint64_t now_ms;
    enum pair_flight flight; /* the one in trouble */
    enum pair_trouble trouble;
    unsigned loss, doubled;               /* percent, each way, of all datagrams */
    uint32_t jitter_ms;                   /* further delay, up to */
    bool echo;                            /* the server sends back what it gets */
    bool cut;                             /* nothing passes */
    uint64_t first_ms[PAIR_FLIGHT_COUNT]; /* when a flight was first sent, ATC_NEVER: not yet */
    unsigned flights;                     /* how many different ones were sent */
    struct pair_packet packets[PAIR_PACKET_MAX];
    size_t packet_count;
    struct pair_packet last[2]; /* the last one sent, by direction: [true] to the server */
    unsigned got_up, got_down;  /* messages that came out at the server and the client */
    size_t message_len;         /* the last one at the client */
    uint8_t message[SECURITY_MESSAGE_MAX];
    unsigned log_lines; /* lines of the key log, if it is on, and the last one */
    char log_line[256];
};

/* A server with cookies, both suites and the keys of pair_identity, and a client that fits. Nothing
 * is open yet. */
void pair_init(struct pair *b, uint64_t seed);

void pair_open_server(struct pair *b);
void pair_open_client(struct pair *b);

/* Let everything happen until then. */
void pair_run(struct pair *b, uint64_t until_ms);

/* Run until the client is open or closed, at the longest until its limit. Returns its state. */
enum security_state pair_shake(struct pair *b);

/* Open both and shake hands. Returns the client's state. */
enum security_state pair_connect(struct pair *b);

/* Send text from the client, wait two round trips, and return whether it came back once. */
bool pair_ping(struct pair *b, const char *text);

/* Write the key log into log_line from the next opening on. */
void pair_log_keys(struct pair *b);

/* Close the client, let the server hear of it, and free it. */
void pair_close_client(struct pair *b);

/* Hand a datagram to the client (or server) as it is. */
void pair_inject(struct pair *b, bool up, const uint8_t *data, size_t len);

/* Close what is open and free both. */
void pair_end(struct pair *b);

#endif
