/* SPDX-License-Identifier: MIT
 *
 * One ping at a time, with the system's unprivileged ICMP socket (Linux: net.ipv4.ping_group_range).
 * How long to wait is the core's business: it forgets a ping that is not answered in time, and the
 * next one takes its place.
 */
#ifndef ATCOAP_HOST_PING_H
#define ATCOAP_HOST_PING_H

#include <uv.h>

#include "atcoap/atcoap.h"

/* Bytes behind the ICMP header of the longest ping. */
enum { PING_SIZE_MAX = 1500 };

typedef void ping_answer(void *ctx, const struct atc_event *event);

struct ping {
    uv_loop_t *uv;
    ping_answer *answer;
    void *ctx;
    uv_poll_t *poll; /* of the socket; NULL if there is none */
    int fd;          /* -1: no ping is under way */
    uint8_t family;
    uint16_t sequence;
    uint32_t order;
    uint64_t sent_ns;
};

void ping_init(struct ping *ping, uv_loop_t *uv, ping_answer *answer, void *ctx);

/* Carry out ATC_ORDER_PING. Returns ATC_OK: the echo request has left, and answer() gets DONE when the
 * echo comes; else why not: ATC_CAUSE_UNSUPPORTED if the system forbids such sockets, ATC_CAUSE_SEND. */
enum atc_cause ping_send(struct ping *ping, const struct atc_order *order);

/* Forget the ping that is under way. */
void ping_close(struct ping *ping);

#endif
