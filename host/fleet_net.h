/* SPDX-License-Identifier: MIT
 *
 * The network side of a fleet: an endpoint (address and port) for each client of each modem, and
 * datagrams in batches. Knows addresses, sockets and who owns which; nothing of CoAP.
 *
 * An endpoint is one of two kinds:
 *
 *  - FLEET_SOCKETS: a socket of its own. Costs a descriptor and 3 KB of the kernel, and a system call
 *    for each datagram.
 *  - FLEET_SHARED: modem i has the address first + i on sockets that all modems share, one for each
 *    client number; the source address goes with each datagram (IP_PKTINFO). One system call then
 *    carries up to FLEET_BATCH datagrams, and a hundred thousand modems need one descriptor.
 *
 * Where the addresses come from: 127.0.0.0/8 is there on every Linux machine, for servers on the same
 * one. For others have a prefix routed to this machine and tell it that all of the prefix is its own:
 * "ip route add local 10.7.0.0/16 dev lo", "ip -6 route add local 2001:db8:7::/64 dev lo". No address
 * needs to be configured one by one.
 *
 * ICMP errors change nothing (RFC 7252 4.2): a datagram that was refused is as good as lost.
 *
 * Invariant: a modem has at most one datagram in the batch, so what it says next can wait for that. */
#ifndef ATCOAP_HOST_FLEET_NET_H
#define ATCOAP_HOST_FLEET_NET_H

#include "atcoap/atcoap.h"

/* Datagrams that one system call carries. */
enum { FLEET_BATCH = 64 };

/* Local ports that AT+QCOAPCREATE can choose for the modems of a FLEET_SHARED fleet, at one time. */
enum { FLEET_CHOSEN_PORT_MAX = 16 };

enum fleet_endpoints { FLEET_SOCKETS, FLEET_SHARED };

struct fleet_net_config {
    enum fleet_endpoints endpoints;
    uint32_t modem_count;
    struct atc_addr
        first;          /* of modem 0, its port is ignored. ATC_FAMILY_NONE: the system chooses one
                              address for all, FLEET_SOCKETS only */
    const char *device; /* sockets speak through this interface alone; NULL: through any */
};

/* What came in; data stays until the next call. */
struct fleet_datagram {
    uint32_t modem;
    uint8_t session;
    struct atc_addr peer;
    const uint8_t *data;
    size_t len; /* of one that is too long ATC_MESSAGE_MAX + 1 */
};

/* How the sending of one ended. */
struct fleet_sent {
    uint32_t modem;
    uint32_t order; /* as it was given to fleet_net_put() */
    enum atc_cause cause;
};

struct fleet_net_counts {
    uint64_t sent, received;
    uint64_t failed; /* the system refused to send it */
    uint64_t strays; /* came for no client that is open */
    uint64_t waits;  /* a socket was full, and everybody waited for it */
};

struct fleet_net;

/* Memory that a network side needs, aligned like malloc()'s. */
size_t fleet_net_size(const struct fleet_net_config *config);

/* Start in that memory. Returns NULL if the system refuses; errno says why. EADDRNOTAVAIL: the first or
 * last address is not this machine's. */
struct fleet_net *fleet_net_start(void *memory, const struct fleet_net_config *config);
void fleet_net_stop(struct fleet_net *net);

/* The endpoint of a client, in place of the one it had. It must have no datagram in the batch.
 * port: 0, or the one for BIND. peer: whom an OPEN is for, NULL: it serves all. Returns a cause. */
enum atc_cause fleet_net_open(struct fleet_net *net, uint32_t modem, uint8_t session, uint16_t port,
                              const struct atc_addr *peer);
void fleet_net_close(struct fleet_net *net, uint32_t modem, uint8_t session);

/* Where a client is reached. Returns false if it is not open, or the system chose its address and has
 * not yet. */
bool fleet_net_address(const struct fleet_net *net, uint32_t modem, uint8_t session,
                       struct atc_addr *addr);

/* Whether the batch has room for another datagram. If not: fleet_net_flush(), and if that leaves it
 * full, a socket is: wait. */
bool fleet_net_has_room(const struct fleet_net *net);

/* Put a datagram of an open client into the batch. Returns a cause; if it is not ATC_OK, it is not in
 * there. */
enum atc_cause fleet_net_put(struct fleet_net *net, uint32_t modem, const struct atc_order *order);

/* Send the batch, as far as sockets have room. */
void fleet_net_flush(struct fleet_net *net);

/* How the next datagram of the batch ended. Returns false if that is not known of any. */
bool fleet_net_sent(struct fleet_net *net, struct fleet_sent *sent);

/* Wait until there is something to receive, or room for a batch that waits, for at most so long; -1: for
 * ever. */
void fleet_net_wait(struct fleet_net *net, int timeout_ms);

/* The next datagram since fleet_net_wait(). Returns false if there is none. */
bool fleet_net_next(struct fleet_net *net, struct fleet_datagram *datagram);

const struct fleet_net_counts *fleet_net_counts(const struct fleet_net *net);

#endif
