/* SPDX-License-Identifier: MIT
 *
 * What the commands do, in no module's words: a dialect's handler reads its arguments and calls one
 * of these. Each returns enum atc_cause, or one of ATC_WAIT and ATC_BODY where it says so; one that
 * fails has changed nothing.
 */
#ifndef ATC_VERBS_H
#define ATC_VERBS_H

#include "net.h"

/* Open the client's socket on a local port of its own; ATC_WAIT. Then what came of it.
 * Source: D-23. */
uint8_t atc_verb_bind(struct atc_engine *e, unsigned session, uint16_t port);
uint8_t atc_verb_bound(struct atc_engine *e, unsigned session);

/* Close it and forget everything of it. Always succeeds. Source: D-23. */
uint8_t atc_verb_delete(struct atc_engine *e, unsigned session);

/* Connect to a server; what becomes of it is told by a URC. Source: D-63. */
uint8_t atc_verb_open(struct atc_engine *e, unsigned session, const struct atc_arg *server,
                      uint16_t port);

/* Disconnect and forget header and options. Source: D-64. */
uint8_t atc_verb_close(struct atc_engine *e, unsigned session);

/* Register a resource that peers may ask for. Source: D-24. */
uint8_t atc_verb_resource(struct atc_engine *e, const struct atc_arg *path);

/* Set the header of the next message. Source: D-25, D-65. */
uint8_t atc_verb_header(struct atc_engine *e, unsigned session, const struct atc_header *header);

/* Set all options of the next message: pairs of number and value from args on.
 * Source: D-28. */
uint8_t atc_verb_option_list(struct atc_engine *e, unsigned session, const struct atc_arg *args,
                             unsigned count);

/* Forget that list. */
void atc_verb_forget_list(struct atc_engine *e, unsigned session);

/* Put an option into a slot, or take it out again. Source: D-66. */
uint8_t atc_verb_option_add(struct atc_engine *e, unsigned session, unsigned slot, uint32_t number,
                            const struct atc_arg *value);
uint8_t atc_verb_option_remove(struct atc_engine *e, unsigned session, unsigned slot);

/* Whether a message may be of that type and code. Source: RFC 7252 4.3 table 1, D-31. */
bool atc_verb_may_send(uint8_t type, uint8_t code);

/* Check what can be checked before a message's payload is typed, and note what it will be. mask
 * selects option slots. Source: D-31, D-69. */
uint8_t atc_verb_send(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                      uint8_t type, uint8_t code, uint8_t mask);

/* Ask for the address of a server's name, for the present command; ATC_WAIT. Then what came of it:
 * the address with the port given, ATC_CAUSE_PARAMETER if there is none. Source: D-31. */
uint8_t atc_verb_find(struct atc_engine *e, unsigned session, struct atc_span name);
uint8_t atc_verb_found(struct atc_engine *e, unsigned session, struct atc_addr *peer);

/* The payload of the message noted before: build it and send it. */
uint8_t atc_verb_payload(struct atc_engine *e, struct atc_span typed);

/* Answers to orders of a client. key is the content of its PSK file, of size bytes in all. */
void atc_verb_key(struct atc_engine *e, unsigned session, enum atc_cause cause, struct atc_span key,
                  uint32_t size);
void atc_verb_resolved(struct atc_engine *e, unsigned session, enum atc_cause cause,
                       const struct atc_addr *addr);
void atc_verb_opened(struct atc_engine *e, unsigned session, enum atc_cause cause);

/* The client's OPEN took too long. */
void atc_verb_open_timeout(struct atc_engine *e, unsigned session);

/* The connection went away by itself: alert, detach. Source: D-76. */
void atc_verb_lost(struct atc_engine *e, unsigned session);

/* Set what CON messages of a client wait for. */
void atc_verb_params(struct atc_engine *e, unsigned session, uint32_t ack_timeout_ms,
                     uint8_t max_retransmit);

/* Bring every client to what it is at start; those that are open are closed without a word. */
void atc_verb_reset_all(struct atc_engine *e);

#endif
