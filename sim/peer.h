/* SPDX-License-Identifier: MIT
 *
 * A model CoAP server. Datagrams and time go in, datagrams come out: a world or a socket moves
 * them. It speaks plain CoAP with any number of askers and is strict where the RFCs are, so that a
 * modem that talks to it is talking to a well-behaved stranger.
 *
 *   /                  GET: a text about the server
 *   /hello             GET: a greeting; ?name=x greets x
 *   /time              GET: whole seconds of the peer's clock; observable
 *   /echo              any method: payload and Content-Format come back
 *   /rd                POST: 2.01 and Location-Path rd/<id>; POST, PUT and DELETE on rd/<id>
 *   /separate          GET: an empty ACK, the answer later
 *   /large             GET: 1,024 bytes; ?n=BYTES so many, up to SIM_DATAGRAM_MAX less 256
 *   /push              POST ?path=/t/d&method=get&type=con&token=0102: sends that request to the
 *                      asker, with the POST's own payload if it has one
 *   /.well-known/core  GET: the list of these
 *
 * Every table is fixed. When one is full the oldest entry gives way (askers that are remembered) or
 * the request is answered 5.03 (everything that would have to be worked off later). */
#ifndef SIM_PEER_H
#define SIM_PEER_H

#include "atcoap/atcoap.h"
#include "coap.h"
#include "flight.h"
#include "random.h"

#define SIM_PEER_SEEN_MAX     32
#define SIM_PEER_SENT_MAX     16
#define SIM_PEER_OBSERVER_MAX 16
#define SIM_PEER_OUT_MAX      16

struct sim_peer_config {
    uint32_t ack_timeout_ms; /* first time-out of our CONs; grows by up to a half, RFC 7252 4.8 */
    uint32_t max_retransmit; /* repeats of our CONs */
    uint32_t separate_ms;    /* /separate answers after this */
    uint32_t observe_ms;     /* /time changes every so often */
    uint32_t confirm_every;  /* every n-th notification is a CON; 0: none */
    uint32_t exchange_lifetime_ms; /* a message ID of an asker is remembered so long */
};

/* A message of an asker, and what we answered. */
struct sim_peer_seen {
    struct atc_addr from;
    uint64_t at_ms;
    uint16_t mid;
    bool used;
    uint16_t answer_len; /* 0: nothing was answered yet, or it was a NON */
    uint8_t answer[SIM_DATAGRAM_MAX];
};

/* A message of ours that is still to be sent (/separate), or waits for its ACK. */
struct sim_peer_sent {
    struct atc_addr to;
    uint64_t due_ms;
    uint32_t wait_ms; /* the current time-out; 0: not sent yet */
    uint32_t repeats;
    uint16_t mid;
    bool used;
    uint16_t len;
    uint8_t data[SIM_DATAGRAM_MAX];
};

struct sim_peer_observer {
    struct atc_addr to;
    bool used;
    uint16_t last_mid; /* of the newest notification, for an RST that refuses it */
    uint32_t sequence;
    uint8_t token_len;
    uint8_t token[SIM_COAP_TOKEN_MAX];
};

/* A request of ours (/push) whose response is awaited. */
struct sim_peer_asked {
    struct atc_addr to;
    bool used;
    uint64_t at_ms;
    uint8_t token_len;
    uint8_t token[SIM_COAP_TOKEN_MAX];
};

/* What a peer has seen, for tests and reports. */
struct sim_peer_counts {
    uint32_t received, sent, requests, repeats, retransmitted, given_up;
    uint32_t resets, answers, unexpected, malformed, overflow;
};

struct sim_peer {
    struct atc_addr address; /* where it is reached; only the owner of the peer uses it */
    struct sim_peer_config config;
    struct sim_random random;
    uint64_t now_ms, start_ms, observe_due_ms;
    uint16_t next_mid;
    uint32_t next_rd;
    struct sim_peer_counts counts;
    struct sim_peer_seen seen[SIM_PEER_SEEN_MAX];
    struct sim_peer_sent sent[SIM_PEER_SENT_MAX];
    struct sim_peer_asked asked[SIM_PEER_SENT_MAX];
    struct sim_peer_observer observers[SIM_PEER_OBSERVER_MAX];
    size_t out_first, out_count;
    struct sim_datagram out[SIM_PEER_OUT_MAX];
};

/* The parameters of RFC 7252 4.8, one second for /separate, five for /time. */
void sim_peer_config_default(struct sim_peer_config *config);

/* Start a peer. config may be NULL: the defaults. */
void sim_peer_init(struct sim_peer *peer, const struct atc_addr *address,
                   const struct sim_peer_config *config, uint64_t seed, uint64_t now_ms);

/* A datagram came from that address. */
void sim_peer_datagram(struct sim_peer *peer, const struct atc_addr *from, const uint8_t *data,
                       size_t len, uint64_t now_ms);

/* Send what is due. */
void sim_peer_tick(struct sim_peer *peer, uint64_t now_ms);

/* When sim_peer_tick() is needed next, or ATC_NEVER. */
uint64_t sim_peer_deadline_ms(const struct sim_peer *peer);

/* Take the next datagram to send, or NULL; valid until the next call on the peer. */
const struct sim_datagram *sim_peer_take(struct sim_peer *peer);

#endif
