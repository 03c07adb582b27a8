/* SPDX-License-Identifier: MIT
 *
 * Many modems in one process and one thread, on plain Linux sockets: a hundred thousand, if their
 * addresses and memory are there. The shell of all of them; who drives their TE side calls it in turns:
 *
 *      for (;;) {
 *          fleet_turn(fleet, -1);
 *          while (fleet_next(fleet, &modem)) {
 *              const uint8_t *said = fleet_te_peek(fleet, modem, &len);
 *              read what it said; fleet_te_drop(fleet, modem, len); until len is 0
 *              fleet_te_write(fleet, modem, what comes next)
 *          }
 *      }
 *
 * Nothing calls back in the middle of work but the two hooks of struct fleet_config. Modems are
 * numbers, 0 to modem_count - 1.
 *
 * A turn costs what happens in it, however many modems there are: those that have something to do stand
 * in a list, those that have something to say in another, all in one heap by the moments at which they
 * must be looked at. Time is read once a turn, and random bytes come from one ChaCha20 stream
 * (entropy.h): no system call belongs to a single message but those of its socket (fleet_net.h).
 *
 * All memory is one mapping, made at the start. Plain CoAP only: an OPEN with DTLS fails. What else a
 * module may ask for (names, files, pings) goes to the order hook. */
#ifndef ATCOAP_HOST_FLEET_H
#define ATCOAP_HOST_FLEET_H

#include "fleet_net.h"

/* More modems than a fleet can have. */
enum { FLEET_MODEM_LIMIT = 1 << 24 };

/* The system refused the memory, the addresses or a descriptor: errno says why. */
enum { FLEET_E_SYSTEM = -64 };

struct fleet_config {
    struct fleet_net_config net;

    /* Of every modem. random and ctx are the fleet's, trace is not called. */
    const struct atc_config *modem;

    /* Change what differs from modem to modem (imei, imsi ...) at the start; NULL: nothing does. */
    void (*prepare)(void *ctx, uint32_t modem, struct atc_config *config);

    /* An order that the fleet cannot carry out, valid during the call: RESOLVE, FILE, PING, UART. Return
     * true to take it over, and if it is to be answered do so with fleet_event(), at
     * once or later. NULL: all of them fail with ATC_CAUSE_UNSUPPORTED. Must not call anything else of
     * the fleet. */
    bool (*order)(void *ctx, uint32_t modem, const struct atc_order *order);

    void *ctx; /* handed to both */

    bool seeded; /* repeat the random numbers of that seed; for tests, not for tokens that matter */
    uint64_t seed;
};

struct fleet;

/* Start a fleet. FLEET_SOCKETS needs a descriptor for each open client (RLIMIT_NOFILE): those that get
 * none fail to open. Returns 0, ATC_E_CONFIG, what atc_init() says or FLEET_E_SYSTEM; errno
 * EADDRNOTAVAIL means that the first or last address is not this machine's. */
int fleet_open(struct fleet **fleet, const struct fleet_config *config);

/* Close every socket and give the memory back. */
void fleet_close(struct fleet *fleet);

/* Do all that is due and send what comes of it; then wait until something happens, but not longer than
 * timeout_ms (-1: for ever), and not at all if a modem has something to say; then deal with that. */
void fleet_turn(struct fleet *fleet, int timeout_ms);

/* The next modem that said something since it was last named here. Returns false if there is none. One
 * whose output is not dropped is named again when it has more to say or was given more. */
bool fleet_next(struct fleet *fleet, uint32_t *modem);

/* What it says, as in atcoap.h. */
const uint8_t *fleet_te_peek(const struct fleet *fleet, uint32_t modem, size_t *len);
void fleet_te_drop(struct fleet *fleet, uint32_t modem, size_t n);

/* Bytes for it. Returns how many it took; it takes the rest when it has said what it has to say to these.
 * What comes of it is done in the next turn. */
size_t fleet_te_write(struct fleet *fleet, uint32_t modem, const uint8_t *data, size_t len);

/* Something happened to a modem: its network, or how an order of the hook ended. */
void fleet_event(struct fleet *fleet, uint32_t modem, const struct atc_event *event);

/* A modem, to read its counters. */
const struct atc_modem *fleet_modem(const struct fleet *fleet, uint32_t modem);

/* The fleet's clock, as it was read at the start of the turn or when its waiting ended. */
uint64_t fleet_now_ms(const struct fleet *fleet);

/* Where a client is reached. Returns false if it is not open. */
bool fleet_address(const struct fleet *fleet, uint32_t modem, uint8_t session,
                   struct atc_addr *addr);

/* What passed through its sockets. */
const struct fleet_net_counts *fleet_counts(const struct fleet *fleet);

#endif
