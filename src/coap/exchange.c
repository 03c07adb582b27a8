/* SPDX-License-Identifier: MIT */
#include "exchange.h"

_Static_assert(ATC_EXCHANGE_MAX < ATC_NO_ENTRY && ATC_SEEN_MAX < ATC_NO_ENTRY, "indices are bytes");

/* MAX_LATENCY. Source: RFC 7252 4.8.2. */
enum { MAX_LATENCY_MS = 100000 };

bool atc_addr_equal(const struct atc_addr *a, const struct atc_addr *b)
{
    return a->port == b->port && a->family == b->family && a->scope == b->scope &&
           memcmp(a->ip, b->ip, a->family == ATC_FAMILY_IPV6 ? 16u : 4u) == 0;
}

bool atc_addr_is_multicast(const struct atc_addr *addr)
{
    if (addr->family == ATC_FAMILY_IPV6)
        return addr->ip[0] == 0xFF;
    return addr->family == ATC_FAMILY_IPV4 && addr->ip[0] >= 224 && addr->ip[0] <= 239;
}

struct atc_params atc_params(uint32_t ack_timeout_ms, uint8_t max_retransmit)
{
    const uint32_t factored_ms = ack_timeout_ms + ack_timeout_ms / 2u;
    const uint32_t span_ms = factored_ms * (((uint32_t)1 << max_retransmit) - 1u);
    const uint32_t wait_ms = factored_ms * (((uint32_t)2 << max_retransmit) - 1u);
    const uint32_t lifetime_ms = span_ms + 2u * MAX_LATENCY_MS + ack_timeout_ms;
    const struct atc_params params = {
        .ack_timeout_ms = ack_timeout_ms,
        .max_transmit_span_ms = span_ms,
        /* The last wait can outlast the network: (2 s, 7) would give up after 765 s but forget its
         * ID after 583 s. */
        .exchange_lifetime_ms = lifetime_ms > wait_ms ? lifetime_ms : wait_ms,
        .non_lifetime_ms = span_ms + MAX_LATENCY_MS,
        .max_retransmit = max_retransmit,
    };

    return params;
}

uint32_t atc_timeout_ms(const struct atc_params *params, uint32_t random)
{
    const uint64_t spread_ms = params->ack_timeout_ms / 2u + 1u;

    return params->ack_timeout_ms + (uint32_t)(random * spread_ms >> 32);
}

void atc_messages_init(struct atc_messages *ms)
{
    memset(ms, 0, sizeof *ms);
    for (unsigned i = 0; i < ATC_EXCHANGE_MAX; i++)
        ms->exchange[i].next = (uint8_t)(i + 1u < ATC_EXCHANGE_MAX ? i + 1u : ATC_NO_ENTRY);
    for (unsigned i = 0; i < ATC_SEEN_MAX; i++)
        ms->seen[i].next = (uint8_t)(i + 1u < ATC_SEEN_MAX ? i + 1u : ATC_NO_ENTRY);
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++) {
        ms->endpoint[i].exchanges = ATC_NO_ENTRY;
        ms->endpoint[i].seens = ATC_NO_ENTRY;
    }
}

/* --- judging ---------------------------------------------------------------------------------- */

static struct atc_verdict verdict(enum atc_verdict_kind kind, unsigned count, uint8_t index)
{
    const struct atc_verdict v = {(uint8_t)kind, (uint8_t)count, index};

    return v;
}

static bool same_token(const uint8_t *token, uint8_t tkl, struct atc_span other)
{
    return atc_span_equal(atc_span(token, tkl), other);
}

/* Whether a request still waits for its response at now_ms. */
static bool is_open(const struct atc_messages *ms, const struct atc_exchange *x, uint64_t now_ms)
{
    ATC_ASSERT(x->state != ATC_EXCHANGE_FREE);
    if (!atc_code_is_request(x->code))
        return false;
    if (x->state != ATC_EXCHANGE_WAIT_RESPONSE || x->observe)
        return true;
    return now_ms - x->started_ms < ms->endpoint[x->session].params.exchange_lifetime_ms;
}

/* The message of ours with that ID to that peer. */
static uint8_t find_mid(const struct atc_messages *ms, unsigned session,
                        const struct atc_addr *peer, uint16_t mid)
{
    for (uint8_t i = ms->endpoint[session].exchanges; i != ATC_NO_ENTRY; i = ms->exchange[i].next) {
        const struct atc_exchange *x = &ms->exchange[i];

        /* The ID of an ACK or RST of ours was the peer's choice. */
        if (x->mid == mid && x->type <= ATC_NON && atc_addr_equal(&x->peer, peer))
            return i;
    }
    return ATC_NO_ENTRY;
}

/* The newest open request to that peer with that token. A request to a group is open to all. */
static uint8_t find_token(const struct atc_messages *ms, unsigned session,
                          const struct atc_addr *peer, struct atc_span token, uint64_t now_ms)
{
    for (uint8_t i = ms->endpoint[session].exchanges; i != ATC_NO_ENTRY; i = ms->exchange[i].next) {
        const struct atc_exchange *x = &ms->exchange[i];

        if (same_token(x->token, x->tkl, token) && is_open(ms, x, now_ms) &&
            (atc_addr_equal(&x->peer, peer) || atc_addr_is_multicast(&x->peer)))
            return i;
    }
    return ATC_NO_ENTRY;
}

bool atc_token_is_open(const struct atc_messages *ms, unsigned session, const struct atc_addr *peer,
                       struct atc_span token, uint64_t now_ms)
{
    return find_token(ms, session, peer, token, now_ms) != ATC_NO_ENTRY;
}

static bool is_alive(const struct atc_messages *ms, const struct atc_seen *s, uint64_t now_ms)
{
    const struct atc_params *params = &ms->endpoint[s->session].params;

    return now_ms - s->at_ms <
           (s->type == ATC_CON ? params->exchange_lifetime_ms : params->non_lifetime_ms);
}

static uint8_t find_seen(const struct atc_messages *ms, unsigned session,
                         const struct atc_addr *peer, uint16_t mid, uint64_t now_ms)
{
    for (uint8_t i = ms->endpoint[session].seens; i != ATC_NO_ENTRY; i = ms->seen[i].next) {
        const struct atc_seen *s = &ms->seen[i];

        if (s->mid == mid && atc_addr_equal(&s->peer, peer) && is_alive(ms, s, now_ms))
            return i;
    }
    return ATC_NO_ENTRY;
}

static struct atc_verdict judge_ack(const struct atc_messages *ms, unsigned session,
                                    const struct atc_addr *peer, const struct atc_pdu *pdu)
{
    const uint8_t i = find_mid(ms, session, peer, pdu->mid);

    if (pdu->code != ATC_CODE_EMPTY && !atc_code_is_response(pdu->code))
        return verdict(ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE, ATC_NO_ENTRY);
    if (i == ATC_NO_ENTRY || ms->exchange[i].state != ATC_EXCHANGE_WAIT_ACK)
        return verdict(ATC_VERDICT_DROP, ATC_COUNT_DROP_MID, ATC_NO_ENTRY);
    /* What the ACK of a response holds is ignored (RFC 7252 5.2.2). */
    if (pdu->code == ATC_CODE_EMPTY || atc_code_is_response(ms->exchange[i].code))
        return verdict(ATC_VERDICT_ACK, 0, i);
    if (!atc_code_is_request(ms->exchange[i].code) ||
        !same_token(ms->exchange[i].token, ms->exchange[i].tkl, pdu->token))
        return verdict(ATC_VERDICT_DROP, ATC_COUNT_DROP_TOKEN, ATC_NO_ENTRY);
    return verdict(ATC_VERDICT_RESPONSE, 0, i);
}

static struct atc_verdict judge_rst(const struct atc_messages *ms, unsigned session,
                                    const struct atc_addr *peer, const struct atc_pdu *pdu)
{
    const uint8_t i = find_mid(ms, session, peer, pdu->mid);

    if (pdu->code != ATC_CODE_EMPTY)
        return verdict(ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE, ATC_NO_ENTRY);
    if (i == ATC_NO_ENTRY ||
        (ms->exchange[i].type == ATC_CON && ms->exchange[i].state != ATC_EXCHANGE_WAIT_ACK))
        return verdict(ATC_VERDICT_DROP, ATC_COUNT_DROP_MID, ATC_NO_ENTRY);
    return verdict(ATC_VERDICT_RESET, 0, i);
}

static struct atc_verdict refuse(const struct atc_pdu *pdu, unsigned count)
{
    return verdict(pdu->type == ATC_CON ? ATC_VERDICT_REJECT : ATC_VERDICT_DROP, count,
                   ATC_NO_ENTRY);
}

struct atc_verdict atc_judge(const struct atc_messages *ms, unsigned session,
                             const struct atc_addr *peer, const struct atc_pdu *pdu,
                             uint64_t now_ms)
{
    uint8_t i;

    if (pdu->type == ATC_ACK)
        return judge_ack(ms, session, peer, pdu);
    if (pdu->type == ATC_RST)
        return judge_rst(ms, session, peer, pdu);
    if (pdu->code == ATC_CODE_EMPTY)
        return refuse(pdu, pdu->type == ATC_CON ? ATC_COUNT_PING : ATC_COUNT_DROP_EMPTY);
    i = find_seen(ms, session, peer, pdu->mid, now_ms);
    if (i != ATC_NO_ENTRY)
        return verdict(ATC_VERDICT_REPEAT, ATC_COUNT_DUPLICATE, i);
    if (atc_code_is_request(pdu->code))
        return verdict(ATC_VERDICT_REQUEST, 0, ATC_NO_ENTRY);
    if (!atc_code_is_response(pdu->code))
        return refuse(pdu, ATC_COUNT_DROP_CODE);
    i = find_token(ms, session, peer, pdu->token, now_ms);
    if (i == ATC_NO_ENTRY)
        return refuse(pdu, ATC_COUNT_DROP_TOKEN);
    return verdict(ATC_VERDICT_RESPONSE, 0, i);
}

/* --- our messages ----------------------------------------------------------------------------- */

/* Take an entry out of its client's chain. */
static void unlink_exchange(struct atc_messages *ms, uint8_t index)
{
    uint8_t *at = &ms->endpoint[ms->exchange[index].session].exchanges;

    while (*at != index)
        at = &ms->exchange[*at].next;
    *at = ms->exchange[index].next;
}

/* Whether a shall give way before b: one that observes stays as long as others can go. Of one age it
 * is a, which stands behind b in the chain and is the older one. */
static bool gives_way(const struct atc_exchange *a, const struct atc_exchange *b)
{
    if (a->observe != b->observe)
        return b->observe;
    return a->started_ms <= b->started_ms;
}

/* The request that has waited for a response longest. */
static uint8_t oldest_waiting(const struct atc_messages *ms)
{
    uint8_t oldest = ATC_NO_ENTRY;

    for (unsigned session = 0; session < ATC_SESSION_MAX; session++) {
        for (uint8_t i = ms->endpoint[session].exchanges; i != ATC_NO_ENTRY;
             i = ms->exchange[i].next) {
            const struct atc_exchange *x = &ms->exchange[i];

            if (x->state == ATC_EXCHANGE_WAIT_RESPONSE &&
                (oldest == ATC_NO_ENTRY || gives_way(x, &ms->exchange[oldest])))
                oldest = i;
        }
    }
    return oldest;
}

void atc_exchange_move(struct atc_messages *ms, uint8_t index, enum atc_exchange_state to)
{
    struct atc_exchange *x = &ms->exchange[index];

    switch (to) {
    case ATC_EXCHANGE_FREE:
        break;
    case ATC_EXCHANGE_SENDING:
    case ATC_EXCHANGE_WAIT_ACK:
        ATC_ASSERT(x->state == ATC_EXCHANGE_FREE);
        break;
    case ATC_EXCHANGE_WAIT_RESPONSE:
        ATC_ASSERT(x->state != ATC_EXCHANGE_FREE);
        break;
    }
    if (x->state == ATC_EXCHANGE_WAIT_ACK)
        ms->endpoint[x->session].waiting--;
    if (to == ATC_EXCHANGE_WAIT_ACK)
        ms->endpoint[x->session].waiting++;
    x->state = (uint8_t)to;
}

void atc_exchange_free(struct atc_messages *ms, struct atc_pool *pool, uint8_t index)
{
    struct atc_exchange *x = &ms->exchange[index];

    unlink_exchange(ms, index);
    atc_exchange_move(ms, index, ATC_EXCHANGE_FREE);
    atc_pool_free(pool, x->block);
    x->block = ATC_NO_BLOCK;
    x->order++; /* whatever order is still under way finds nobody */
    x->next = ms->free_exchange;
    ms->free_exchange = index;
}

bool atc_exchange_can_take(const struct atc_messages *ms)
{
    return ms->free_exchange != ATC_NO_ENTRY || oldest_waiting(ms) != ATC_NO_ENTRY;
}

uint8_t atc_exchange_take(struct atc_messages *ms, struct atc_pool *pool, bool *evicted,
                          unsigned session, uint64_t now_ms)
{
    uint8_t index;
    uint16_t order;

    *evicted = false;
    if (ms->free_exchange == ATC_NO_ENTRY) {
        const uint8_t oldest = oldest_waiting(ms);

        if (oldest == ATC_NO_ENTRY)
            return ATC_NO_ENTRY;
        *evicted = is_open(ms, &ms->exchange[oldest], now_ms);
        atc_exchange_free(ms, pool, oldest);
    }
    index = ms->free_exchange;
    ms->free_exchange = ms->exchange[index].next;
    order = ms->exchange[index].order;
    memset(&ms->exchange[index], 0, sizeof ms->exchange[index]);
    ms->exchange[index].order = order;
    ms->exchange[index].session = (uint8_t)session;
    ms->exchange[index].seen = ATC_NO_ENTRY;
    ms->exchange[index].next = ms->endpoint[session].exchanges;
    ms->endpoint[session].exchanges = index;
    return index;
}

/* --- the peers' messages ---------------------------------------------------------------------- */

static void free_seen(struct atc_messages *ms, struct atc_pool *pool, uint8_t index)
{
    struct atc_seen *s = &ms->seen[index];
    uint8_t *at = &ms->endpoint[s->session].seens;

    while (*at != index)
        at = &ms->seen[*at].next;
    *at = s->next;
    /* An answer that is still to leave must not find the next message that gets this entry. */
    for (uint8_t i = ms->endpoint[s->session].exchanges; i != ATC_NO_ENTRY;
         i = ms->exchange[i].next) {
        if (ms->exchange[i].seen == index)
            ms->exchange[i].seen = ATC_NO_ENTRY;
    }
    atc_pool_free(pool, s->block);
    s->block = ATC_NO_BLOCK;
    s->order++;
    s->next = ms->free_seen;
    ms->free_seen = index;
}

/* The oldest of all, or of all that hold an answer. A client's chain has the newest first. */
static uint8_t oldest_of_all(const struct atc_messages *ms, bool answered)
{
    uint8_t oldest = ATC_NO_ENTRY;

    for (unsigned session = 0; session < ATC_SESSION_MAX; session++) {
        for (uint8_t i = ms->endpoint[session].seens; i != ATC_NO_ENTRY; i = ms->seen[i].next) {
            if ((!answered || ms->seen[i].block != ATC_NO_BLOCK) &&
                (oldest == ATC_NO_ENTRY || ms->seen[i].at_ms <= ms->seen[oldest].at_ms))
                oldest = i;
        }
    }
    return oldest;
}

/* The oldest of a client, else the oldest of all; the table is full. */
static uint8_t oldest_seen(const struct atc_messages *ms, unsigned session)
{
    uint8_t oldest = ms->endpoint[session].seens;

    if (oldest == ATC_NO_ENTRY)
        return oldest_of_all(ms, false);
    while (ms->seen[oldest].next != ATC_NO_ENTRY)
        oldest = ms->seen[oldest].next;
    return oldest;
}

uint8_t atc_seen_add(struct atc_messages *ms, struct atc_pool *pool, bool *evicted,
                     unsigned session, const struct atc_addr *peer, const struct atc_pdu *pdu,
                     uint64_t now_ms)
{
    struct atc_seen *s;
    uint8_t index;
    uint16_t order;

    *evicted = false;
    if (ms->free_seen == ATC_NO_ENTRY) {
        const uint8_t oldest = oldest_seen(ms, session);

        *evicted = is_alive(ms, &ms->seen[oldest], now_ms);
        free_seen(ms, pool, oldest);
    }
    index = ms->free_seen;
    s = &ms->seen[index];
    ms->free_seen = s->next;
    order = s->order;
    memset(s, 0, sizeof *s);
    s->order = order;
    s->peer = *peer;
    s->at_ms = now_ms;
    s->mid = pdu->mid;
    s->type = pdu->type;
    s->code = pdu->code;
    s->session = (uint8_t)session;
    s->tkl = (uint8_t)pdu->token.len;
    if (s->tkl > 0)
        memcpy(s->token, pdu->token.at, s->tkl);
    s->next = ms->endpoint[session].seens;
    ms->endpoint[session].seens = index;
    return index;
}

uint8_t atc_seen_asked(const struct atc_messages *ms, unsigned session, const struct atc_addr *peer,
                       uint8_t type, uint16_t mid, struct atc_span token, uint64_t now_ms)
{
    for (uint8_t i = ms->endpoint[session].seens; i != ATC_NO_ENTRY; i = ms->seen[i].next) {
        const struct atc_seen *s = &ms->seen[i];

        if (!atc_code_is_request(s->code) || s->reaction >= ATC_REACTION_SEPARATE ||
            !atc_addr_equal(&s->peer, peer) || !is_alive(ms, s, now_ms))
            continue;
        if (type >= ATC_ACK ? s->mid == mid : same_token(s->token, s->tkl, token))
            return i;
    }
    return ATC_NO_ENTRY;
}

enum atc_claim atc_seen_claim(const struct atc_messages *ms, unsigned session,
                              const struct atc_addr *peer, uint8_t type, uint16_t mid,
                              struct atc_span token, uint64_t now_ms)
{
    enum atc_claim claim = ATC_CLAIM_UNKNOWN;

    for (uint8_t i = ms->endpoint[session].seens; i != ATC_NO_ENTRY; i = ms->seen[i].next) {
        const struct atc_seen *s = &ms->seen[i];
        const bool request = atc_code_is_request(s->code);
        const bool named = type >= ATC_ACK ? s->mid == mid
                                           : request && same_token(s->token, s->tkl, token);

        if (!named || !is_alive(ms, s, now_ms))
            continue;
        if (atc_addr_equal(&s->peer, peer))
            return ATC_CLAIM_KNOWN;
        if (request && s->reaction < ATC_REACTION_SEPARATE)
            claim = ATC_CLAIM_ELSEWHERE;
    }
    return claim;
}

bool atc_mid_was_used(const struct atc_messages *ms, unsigned session, const struct atc_addr *peer,
                      uint16_t mid, uint64_t now_ms)
{
    const struct atc_params *params = &ms->endpoint[session].params;

    for (unsigned i = 0; i < ATC_EXCHANGE_MAX; i++) {
        const struct atc_exchange *x = &ms->exchange[i];
        const uint32_t lifetime_ms = x->type == ATC_CON ? params->exchange_lifetime_ms
                                                        : params->non_lifetime_ms;

        if (x->session == session && x->type <= ATC_NON && x->mid == mid &&
            atc_addr_equal(&x->peer, peer) && now_ms - x->started_ms < lifetime_ms)
            return true;
    }
    return false;
}

bool atc_seen_forget_answer(struct atc_messages *ms, struct atc_pool *pool)
{
    const uint8_t oldest = oldest_of_all(ms, true);

    if (oldest == ATC_NO_ENTRY)
        return false;
    atc_pool_free(pool, ms->seen[oldest].block);
    ms->seen[oldest].block = ATC_NO_BLOCK;
    ms->seen[oldest].order++;
    return true;
}

/* --- a client as a whole ---------------------------------------------------------------------- */

void atc_endpoint_clear(struct atc_messages *ms, struct atc_pool *pool, unsigned session)
{
    struct atc_endpoint *e = &ms->endpoint[session];

    while (e->exchanges != ATC_NO_ENTRY)
        atc_exchange_free(ms, pool, e->exchanges);
    while (e->seens != ATC_NO_ENTRY)
        free_seen(ms, pool, e->seens);
    /* From its next socket on, IDs are new: nothing is known of the old ones. */
    for (unsigned i = 0; i < ATC_EXCHANGE_MAX; i++) {
        if (ms->exchange[i].session == session)
            memset(&ms->exchange[i].peer, 0, sizeof ms->exchange[i].peer);
    }
}

/* Whether an ID of ours belongs to a message that is not done with. */
static bool mid_is_alive(const struct atc_messages *ms, unsigned session, uint16_t mid)
{
    for (uint8_t i = ms->endpoint[session].exchanges; i != ATC_NO_ENTRY; i = ms->exchange[i].next) {
        if (ms->exchange[i].mid == mid)
            return true;
    }
    return false;
}

/* Go on to the next ID. IDs come in quarters of the space; one is entered again only when
 * EXCHANGE_LIFETIME has passed since it was left, which takes four numbers instead of 65,536. */
static bool advance_mid(struct atc_endpoint *e, uint64_t now_ms)
{
    const uint16_t next = (uint16_t)(e->next_mid + 1u);
    const unsigned from = e->next_mid / 16384u;
    const unsigned to = next / 16384u;
    const uint32_t now_s = (uint32_t)(now_ms / 1000u) + 1u;

    if (from != to) {
        const uint32_t left_s = e->quarter_left_s[to];

        if (left_s != 0 && now_s - left_s <= e->params.exchange_lifetime_ms / 1000u)
            return false;
        e->quarter_left_s[from] = now_s;
    }
    e->next_mid = next;
    return true;
}

long atc_mid_next(struct atc_messages *ms, unsigned session, uint16_t first, uint64_t now_ms)
{
    struct atc_endpoint *e = &ms->endpoint[session];
    uint16_t mid;

    if (!e->mid_chosen) {
        e->next_mid = first;
        e->mid_chosen = true;
    }
    do {
        mid = e->next_mid;
        if (!advance_mid(e, now_ms))
            return -1;
    } while (mid_is_alive(ms, session, mid));
    return mid;
}
