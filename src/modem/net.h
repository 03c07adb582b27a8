/* SPDX-License-Identifier: MIT
 *
 * Datagrams in and out: acts on what the message layer judges, and tells the TE.
 */
#ifndef ATC_NET_H
#define ATC_NET_H

#include "engine.h"

/* A datagram came in for an open or closed client. */
void atc_net_datagram(struct atc_engine *e, const struct atc_event *event);

/* The order to send an exchange was carried out, or not. */
void atc_net_sent(struct atc_engine *e, uint8_t index, enum atc_cause cause);

/* The ACK of an exchange did not come in time. Returns whether it goes on.
 * Source: RFC 7252 4.2. */
bool atc_net_timeout(struct atc_engine *e, uint8_t index);

/* Requests have waited for the TE as long as auto-ack allows. Source: D-43. */
void atc_net_auto_ack(struct atc_engine *e);

/* Send an exchange for the first time: its message stands in its block. A random number decides how
 * long a CON waits for its ACK. */
void atc_net_start(struct atc_engine *e, uint8_t index, uint32_t random);

/* The one way for the engine to move an exchange on; to FREE it, too. */
void atc_net_exchange_move(struct atc_engine *e, uint8_t index, enum atc_exchange_state to);

/* A message ID of our own, or -1. Source: D-18. */
long atc_net_mid(struct atc_engine *e, unsigned session);

/* Send a message that is no more than a header and a token. */
void atc_net_send_bare(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                       uint8_t type, uint8_t code, uint16_t mid, struct atc_span token);

/* Take a block from the pool; remembered answers give way to it. */
uint8_t atc_net_block(struct atc_engine *e, size_t len);

/* The same, and keep these bytes in it; or a text as typed, which is good and not empty. They return
 * ATC_NO_BLOCK if there is no room. */
uint8_t atc_net_keep(struct atc_engine *e, struct atc_span bytes);
uint8_t atc_net_keep_text(struct atc_engine *e, struct atc_span typed);

/* End every exchange of a client and forget its peers' messages; report: the TE hears of the CONs it
 * waits for. */
void atc_net_end_all(struct atc_engine *e, unsigned session, bool report);

#endif
