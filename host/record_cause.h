/* SPDX-License-Identifier: MIT
 *
 * Remembers datagrams: which command line made one, and how often it has gone the same way before.
 * It knows the bytes alone, so a repeat is what it is on the wire, whoever repeats it.
 */
#ifndef ATCOAP_HOST_RECORD_CAUSE_H
#define ATCOAP_HOST_RECORD_CAUSE_H

#include "atcoap/atcoap.h"

/* Datagrams remembered: more than there can be messages that wait for an answer. Bytes kept of a
 * line. The same bytes later than this are a new message. Source: RFC 7252 4.8.2
 * EXCHANGE_LIFETIME. */
enum { RECORD_CAUSES = 256, RECORD_CAUSE_TEXT = 200, RECORD_REPEAT_MAX_S = 247 };

_Static_assert(RECORD_CAUSES >= 2 * ATC_EXCHANGE_MAX, "a message that waits is forgotten");

struct record_cause {
    uint64_t at_us; /* when it was last seen */
    uint64_t hash;  /* of its bytes */
    uint32_t line;  /* that made it; 0: none */
    uint32_t count; /* how often it has gone; 0: it is announced and will go */
    uint16_t mid;
    uint8_t client;
    bool used;
    bool waiting; /* it may be sent again */
    char text[RECORD_CAUSE_TEXT + 1];
};

struct record_causes {
    struct record_cause items[RECORD_CAUSES];
};

/* The module will send a message with that ID because of a line; text[0..len) is the line's. */
void record_cause_start(struct record_causes *causes, unsigned client, uint16_t mid, uint32_t line,
                        const char *text, size_t len, uint64_t now_us);

/* Fill in whose line it is alone. */
void record_cause_set(struct record_cause *cause, uint32_t line, const char *text, size_t len);

/* It will not be sent again. */
void record_cause_end(struct record_causes *causes, unsigned client, uint16_t mid);

/* A datagram goes. Returns what is known of it, count having been raised: 1 if it is the first.
 * Valid until the next call. */
const struct record_cause *record_cause_seen(struct record_causes *causes, unsigned client,
                                             const uint8_t *data, size_t len, uint64_t now_us);

#endif
