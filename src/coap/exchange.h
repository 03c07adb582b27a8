/* SPDX-License-Identifier: MIT
 *
 * The message layer: which message answers which, what is a repeat, when to send again.
 * Source: RFC 7252 4 and 5.3, RFC 7641.
 *
 * It keeps two tables, shared by all clients of a modem. An exchange is a message of ours and what
 * is still due for it; a seen is a message of a peer that may come again or wants an answer. Each
 * client's entries are chained, the newest first, so an event walks only its own client's chain.
 *
 * It judges and keeps books. Sending, timers and reports are the engine's.
 */
#ifndef ATC_EXCHANGE_H
#define ATC_EXCHANGE_H

#include "atcoap/atcoap.h"
#include "option.h"
#include "pdu.h"
#include "pool.h"

/* What a message of ours waits for.
 *
 *   FREE          -> SENDING            a NON, an ACK or an RST was built
 *   FREE          -> WAIT_ACK           a CON was built
 *   SENDING       -> FREE               it left, or it did not
 *   SENDING       -> WAIT_RESPONSE      it left and is a request
 *   WAIT_ACK      -> WAIT_RESPONSE      an Empty ACK came for a request; or the first notification
 *   WAIT_ACK      -> FREE               ACK, RST, time-out, a response, the client was closed
 *   WAIT_RESPONSE -> FREE               a response, its lifetime is over, it gave way, closed
 *   SENDING       -> FREE               closed
 */
enum atc_exchange_state {
    ATC_EXCHANGE_FREE,
    ATC_EXCHANGE_SENDING,
    ATC_EXCHANGE_WAIT_ACK,
    ATC_EXCHANGE_WAIT_RESPONSE
};

enum { ATC_EXCHANGE_STATE_COUNT = ATC_EXCHANGE_WAIT_RESPONSE + 1 };

/* The index that names no entry. */
#define ATC_NO_ENTRY 0xFFu

struct atc_exchange {
    struct atc_addr peer;
    uint64_t started_ms; /* when it was first sent, or last notified */
    uint8_t token[ATC_TOKEN_MAX];
    uint32_t timeout_ms; /* the wait that runs now */
    uint32_t least_ms;   /* ACK_TIMEOUT when it was sent: no wait is shorter */
    uint32_t span_ms;    /* MAX_TRANSMIT_SPAN when it was sent */
    uint16_t mid;
    uint16_t order; /* sequence of the last SEND order for it */
    uint8_t state;
    uint8_t session;
    uint8_t type;
    uint8_t code;
    uint8_t tkl;
    uint8_t retries; /* retransmissions so far */
    uint8_t retries_max;
    uint8_t block; /* the message in the pool, until nobody needs it */
    uint8_t next;
    uint8_t seen; /* the request it answers, or none */
    bool observe; /* the request asked for notifications */
};

/* How a message of a peer was dealt with; what a repeat of it gets. */
enum atc_reaction {
    ATC_REACTION_NONE,     /* nothing yet: the TE has it */
    ATC_REACTION_ACKED,    /* an Empty ACK, nothing more yet */
    ATC_REACTION_SEPARATE, /* an Empty ACK if it was a CON, then the block if there is one */
    ATC_REACTION_ANSWERED, /* the block; nothing if it gave way */
    ATC_REACTION_CODE,     /* a response without options and payload */
    ATC_REACTION_RESET     /* an RST */
};

struct atc_seen {
    struct atc_addr peer;
    uint64_t at_ms;
    uint8_t token[ATC_TOKEN_MAX];
    uint16_t mid;
    uint16_t order;
    uint8_t session;
    uint8_t type;
    uint8_t code;
    uint8_t tkl;
    uint8_t reaction;
    uint8_t answer; /* ATC_REACTION_CODE: the code */
    uint8_t block;  /* the answer in the pool, or none */
    uint8_t next;
};

/* Transmission parameters and what follows from them. Source: RFC 7252 4.8. */
struct atc_params {
    uint32_t ack_timeout_ms;
    uint32_t max_transmit_span_ms;
    uint32_t exchange_lifetime_ms;
    uint32_t non_lifetime_ms;
    uint8_t max_retransmit;
};

/* The message layer's part of one client. */
struct atc_endpoint {
    struct atc_params params;
    uint32_t quarter_left_s[4]; /* when our IDs last left that quarter of their space, plus 1 */
    uint16_t next_mid;
    bool mid_chosen;
    uint8_t exchanges; /* chain, the newest first */
    uint8_t seens;     /* likewise */
    uint8_t waiting;   /* exchanges in WAIT_ACK */
};

struct atc_messages {
    struct atc_endpoint endpoint[ATC_SESSION_MAX];
    struct atc_exchange exchange[ATC_EXCHANGE_MAX];
    struct atc_seen seen[ATC_SEEN_MAX];
    uint8_t free_exchange; /* chain of free entries */
    uint8_t free_seen;
};

/* What an incoming message is. */
enum atc_verdict_kind {
    ATC_VERDICT_DROP,     /* to be ignored; count says why */
    ATC_VERDICT_REJECT,   /* to be answered with RST; count says why */
    ATC_VERDICT_REPEAT,   /* a repeat: seen says what it got the first time */
    ATC_VERDICT_ACK,      /* an ACK for exchange; what it may hold does not count */
    ATC_VERDICT_RESET,    /* an RST for exchange */
    ATC_VERDICT_RESPONSE, /* a response to exchange, in whichever type of message */
    ATC_VERDICT_REQUEST   /* a new request */
};

struct atc_verdict {
    uint8_t kind;
    uint8_t count; /* enum atc_count */
    uint8_t index; /* of the exchange or the seen */
};

void atc_messages_init(struct atc_messages *ms);

/* More retransmissions of a message that waits a minute would overflow 32 bits of milliseconds. */
enum { ATC_RETRANSMIT_MAX = 14 };

/* Compute what follows from a time-out of at most 60 s and a count of at most ATC_RETRANSMIT_MAX
 * retransmissions. Source: RFC 7252 4.8.2. */
struct atc_params atc_params(uint32_t ack_timeout_ms, uint8_t max_retransmit);

/* Judge a message from peer for client session; nothing changes.
 * The same bytes may mean different things later: act on the verdict before the next call. */
struct atc_verdict atc_judge(const struct atc_messages *ms, unsigned session,
                             const struct atc_addr *peer, const struct atc_pdu *pdu,
                             uint64_t now_ms);

/* Take an exchange for a client. If the table is full, the oldest request that waits only for a
 * response gives way; *evicted tells whether one did before its time.
 * Returns its index, or ATC_NO_ENTRY if every entry is in use and none may give way. */
uint8_t atc_exchange_take(struct atc_messages *ms, struct atc_pool *pool, bool *evicted,
                          unsigned session, uint64_t now_ms);

/* Whether atc_exchange_take() would find one. */
bool atc_exchange_can_take(const struct atc_messages *ms);

/* Free an exchange and its block. */
void atc_exchange_free(struct atc_messages *ms, struct atc_pool *pool, uint8_t index);

/* The one place where an exchange's state changes, but for taking and freeing. */
void atc_exchange_move(struct atc_messages *ms, uint8_t index, enum atc_exchange_state to);

/* Remember a message of a peer. If the table is full, the client's oldest gives way, or else the
 * oldest of all; *evicted tells whether one did before its time.
 * Returns its index. */
uint8_t atc_seen_add(struct atc_messages *ms, struct atc_pool *pool, bool *evicted,
                     unsigned session, const struct atc_addr *peer, const struct atc_pdu *pdu,
                     uint64_t now_ms);

/* The request of a peer that a message of the TE answers: for an ACK or RST by message ID, else by
 * token. Only requests without a response count, the newest first. Returns ATC_NO_ENTRY if there is
 * none. Source: D-43. */
uint8_t atc_seen_asked(const struct atc_messages *ms, unsigned session, const struct atc_addr *peer,
                       uint8_t type, uint16_t mid, struct atc_span token, uint64_t now_ms);

/* What is known of a request for which atc_seen_asked() found none. */
enum atc_claim {
    ATC_CLAIM_UNKNOWN,  /* nothing: there was no such message, or too long ago */
    ATC_CLAIM_KNOWN,    /* that peer sent it, but it was no request or has its answer */
    ATC_CLAIM_ELSEWHERE /* a request of another peer bears that ID or token and waits */
};

/* The same arguments as atc_seen_asked(). For remarks alone. Source: D-31, D-43. */
enum atc_claim atc_seen_claim(const struct atc_messages *ms, unsigned session,
                              const struct atc_addr *peer, uint8_t type, uint16_t mid,
                              struct atc_span token, uint64_t now_ms);

/* Whether a message with that ID went to that peer so shortly before that it can be taken for a
 * repeat. Of those that are done with only the last few are known: what a free entry still says of
 * them. For remarks alone. Source: RFC 7252 4.4, D-18. */
bool atc_mid_was_used(const struct atc_messages *ms, unsigned session, const struct atc_addr *peer,
                      uint16_t mid, uint64_t now_ms);

/* Free the block of the oldest remembered answer of any client.
 * Returns whether there was one. */
bool atc_seen_forget_answer(struct atc_messages *ms, struct atc_pool *pool);

/* Forget everything of one client. */
void atc_endpoint_clear(struct atc_messages *ms, struct atc_pool *pool, unsigned session);

/* The next message ID of our own choosing for a client; first is a random number, used at the first
 * call. Never one still alive. Returns it, or -1 if the whole space was used within
 * EXCHANGE_LIFETIME. Source: RFC 7252 4.4, D-18. */
long atc_mid_next(struct atc_messages *ms, unsigned session, uint16_t first, uint64_t now_ms);

/* Whether a request to that peer with that token still waits for its response. */
bool atc_token_is_open(const struct atc_messages *ms, unsigned session, const struct atc_addr *peer,
                       struct atc_span token, uint64_t now_ms);

/* A random time-out between ACK_TIMEOUT and ACK_TIMEOUT x 1.5 from a random number.
 * Source: RFC 7252 4.2. */
uint32_t atc_timeout_ms(const struct atc_params *params, uint32_t random);

/* Whether the address is a group. */
bool atc_addr_is_multicast(const struct atc_addr *addr);

bool atc_addr_equal(const struct atc_addr *a, const struct atc_addr *b);

#endif
