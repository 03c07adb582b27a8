/* SPDX-License-Identifier: MIT
 *
 * Pings and name look-ups of the TE's own, apart from any client: one at a time. The command ends in OK
 * at once; what comes of it is told by URCs, which the dialect words (struct atc_dialect, probed).
 * Source: D-134.
 */
#ifndef ATC_PROBE_H
#define ATC_PROBE_H

#include "atcoap/atcoap.h"
#include "span.h"

struct atc_engine;
struct atc_event;

enum atc_probe_kind { ATC_PROBE_NONE, ATC_PROBE_LOOKUP, ATC_PROBE_PING };

/* What is told. */
enum atc_probe_news {
    ATC_PROBE_FOUND, /* a look-up has ended: cause, peer */
    ATC_PROBE_ECHO,  /* one ping has ended: cause, peer, round_ms, ttl */
    ATC_PROBE_ENDED  /* the last ping has ended: the counts */
};

struct atc_probe {
    struct atc_addr peer;
    uint32_t timeout_ms; /* for a look-up, and for each echo */
    uint32_t sum_ms;     /* of all round trips, and the shortest and longest */
    uint32_t min_ms, max_ms;
    uint32_t round_ms; /* of the last one */
    uint16_t order;    /* sequence of the order that is out */
    uint16_t size;     /* bytes of an echo */
    uint8_t kind;      /* enum atc_probe_kind */
    uint8_t name;      /* block: what is looked up */
    uint8_t wanted;    /* pings */
    uint8_t sent, received;
    uint8_t cause; /* enum atc_cause: ATC_CAUSE_NAME no address, ATC_CAUSE_SEND no answer in time */
    uint8_t ttl;
};

/* Look up a name; an address is its own. text is as typed. Returns ATC_OK, ATC_CAUSE_NOT_ALLOWED (one is
 * under way), ATC_CAUSE_NO_NETWORK or ATC_CAUSE_MEMORY. */
uint8_t atc_probe_lookup(struct atc_engine *e, struct atc_span text, uint32_t timeout_ms);

/* Ping a host, an address or a name, so many times with so many bytes, one after the other. Returns the
 * same. */
uint8_t atc_probe_ping(struct atc_engine *e, struct atc_span text, unsigned times, uint16_t size,
                       uint32_t timeout_ms);

/* The shell's answer; none came in time; a restart. */
void atc_probe_answer(struct atc_engine *e, const struct atc_event *event);
void atc_probe_timeout(struct atc_engine *e);
void atc_probe_reset(struct atc_engine *e);

#endif
