/* SPDX-License-Identifier: MIT
 *
 * The CoAP side of a modem: a UDP socket for each of its clients. Sockets are
 * not connected, so an ICMP error of one peer disturbs nobody and every
 * datagram comes with its source address; whom to believe is the core's
 * business. Leaves names to resolve.c, what DTLS puts into datagrams to
 * secure.c, and what a bad network does to them to air.c.
 */
#ifndef ATCOAP_HOST_UDP_H
#define ATCOAP_HOST_UDP_H

#include <uv.h>

#include "addr.h"
#include "air.h"
#include "log.h"
#include "record.h"

enum udp_local_port {
    UDP_PORT_EXACT, /* the one AT+QCOAPCREATE names */
    UDP_PORT_ANY    /* one of the system's choosing */
};

/* Datagrams that wait for room in a socket. */
enum { UDP_QUEUE_MAX = 16 };

struct udp_socket;

struct udp_waiting {
    uv_udp_send_t request;
    struct udp *udp;
    uint32_t order;
    bool taken; /* this place holds a datagram */
    uint8_t data[ATC_MESSAGE_MAX];
};

/* What the owner learns; event is only valid during the call. */
typedef void udp_event_call(void *ctx, const struct atc_event *event);

struct udp {
    uv_loop_t *uv;
    const struct log *log;
    struct record *record; /* NULL: nothing is recorded */
    struct air *air;       /* the link in between, set by udp_init() */
    struct atc_addr bind;  /* family ATC_FAMILY_NONE: any address */
    enum udp_local_port local_port;
    struct udp_socket *sockets[ATC_SESSION_MAX];
    struct udp_socket *retired[ATC_SESSION_MAX]; /* the port that the link's address translator gave
                                                    before: it stays open, and silent */
    struct udp_waiting waiting[UDP_QUEUE_MAX];
    udp_event_call *on_event;
    void *ctx;
    char buffer[65536]; /* of the datagram being read */
};

/* air has been started; its news of the network go to on_event() too. */
void udp_init(struct udp *udp, uv_loop_t *uv, struct air *air, const struct log *log,
              udp_event_call *on_event, void *ctx);

/* Carry out ATC_ORDER_BIND or ATC_ORDER_OPEN, as far as it is about a socket. */
enum atc_cause udp_open(struct udp *udp, const struct atc_order *order);

/* Carry out ATC_ORDER_SEND. Returns whether it is done, with its cause; if not,
 * on_event() gets DONE later, in any case. */
bool udp_send(struct udp *udp, const struct atc_order *order, enum atc_cause *cause);

/* Send a datagram of no order. One that finds no room is lost. */
void udp_put(struct udp *udp, unsigned session, const struct atc_addr *peer, const uint8_t *data,
             size_t len);

/* A datagram sets out for an open client, as if that peer had sent it. */
void udp_inject(struct udp *udp, unsigned session, const struct atc_addr *peer, const uint8_t *data,
                size_t len);

/* Carry out ATC_ORDER_CLOSE. */
void udp_close(struct udp *udp, unsigned session);

/* Whether sockets of this machine can have that address. */
bool udp_can_bind(const struct atc_addr *address);

#endif
