/* SPDX-License-Identifier: MIT
 *
 * Datagrams in and out: acts on what the message layer judges, and tells the TE.
 *
 * Every datagram ends in one of three ways: it is reported to the TE, answered, or counted with a
 * reason.
 */
#include "net.h"

/* The Content-Format of the list of resources. Source: RFC 7252 12.3. */
enum { LINK_FORMAT = 40 };

static const char well_known_core[] = "/.well-known/core";

/* --- sending ---------------------------------------------------------------------------------- */

void atc_net_send_bare(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                       uint8_t type, uint8_t code, uint16_t mid, struct atc_span token)
{
    struct atc_pending *order = atc_engine_order(e, ATC_ORDER_SEND, session, ATC_GIVER_NOBODY,
                                                 ATC_NO_ENTRY);
    struct atc_out out = atc_out(order->bytes, sizeof order->bytes);

    atc_put_header(&out, type, code, mid, token);
    order->len = (uint8_t)out.len;
    order->peer = *peer;
}

static void send_empty(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                       uint8_t type, uint16_t mid)
{
    atc_net_send_bare(e, session, peer, type, ATC_CODE_EMPTY, mid, atc_span(NULL, 0));
}

uint8_t atc_net_block(struct atc_engine *e, size_t len)
{
    uint8_t block = atc_pool_take(&e->pool, len);

    while (block == ATC_NO_BLOCK && atc_seen_forget_answer(&e->messages, &e->pool)) {
        atc_engine_count(e, 0, ATC_COUNT_ANSWER_EVICTED, 0);
        block = atc_pool_take(&e->pool, len);
    }
    return block;
}

uint8_t atc_net_keep(struct atc_engine *e, struct atc_span bytes)
{
    const uint8_t block = atc_net_block(e, bytes.len);

    if (block != ATC_NO_BLOCK)
        memcpy(atc_pool_at(&e->pool, block), bytes.at, bytes.len);
    return block;
}

uint8_t atc_net_keep_text(struct atc_engine *e, struct atc_span typed)
{
    const uint8_t block = atc_net_block(e, (size_t)atc_text_len(typed));
    uint8_t *to;

    if (block == ATC_NO_BLOCK)
        return block;
    to = atc_pool_at(&e->pool, block);
    while (typed.len > 0)
        *to++ = (uint8_t)atc_text_next(&typed);
    return block;
}

long atc_net_mid(struct atc_engine *e, unsigned session)
{
    uint8_t random[2];
    long mid;

    if (!atc_engine_random(e, random, sizeof random))
        return -1;
    mid = atc_mid_next(&e->messages, session, (uint16_t)(random[0] * 256u + random[1]), e->now_ms);
    if (mid < 0)
        atc_engine_count(e, session, ATC_COUNT_MID_EXHAUSTED, 0);
    return mid;
}

static void order_exchange(struct atc_engine *e, uint8_t index)
{
    struct atc_exchange *x = &e->messages.exchange[index];

    x->order++;
    atc_engine_order(e, ATC_ORDER_SEND, x->session, ATC_GIVER_EXCHANGE, index)->peer = x->peer;
}

static void order_seen(struct atc_engine *e, uint8_t index)
{
    const struct atc_seen *s = &e->messages.seen[index];

    atc_engine_order(e, ATC_ORDER_SEND, s->session, ATC_GIVER_SEEN, index)->peer = s->peer;
}

void atc_net_exchange_move(struct atc_engine *e, uint8_t index, enum atc_exchange_state to)
{
    const struct atc_exchange *x = &e->messages.exchange[index];

    atc_engine_trace(e, ATC_TRACE_EXCHANGE, x->session, x->state, to, x->mid);
    if (to == ATC_EXCHANGE_FREE)
        atc_exchange_free(&e->messages, &e->pool, index);
    else
        atc_exchange_move(&e->messages, index, to);
    if (to != ATC_EXCHANGE_WAIT_ACK)
        atc_timer_stop(&e->timers, index);
}

void atc_net_start(struct atc_engine *e, uint8_t index, uint32_t random)
{
    struct atc_exchange *x = &e->messages.exchange[index];
    const struct atc_params *params = &e->messages.endpoint[x->session].params;

    x->started_ms = e->now_ms;
    if (x->type != ATC_CON) {
        atc_net_exchange_move(e, index, ATC_EXCHANGE_SENDING);
        order_exchange(e, index);
        return;
    }
    x->retries_max = params->max_retransmit;
    x->least_ms = params->ack_timeout_ms;
    x->span_ms = params->max_transmit_span_ms;
    x->timeout_ms = atc_timeout_ms(params, random);
    atc_net_exchange_move(e, index, ATC_EXCHANGE_WAIT_ACK);
    atc_timer_set(&e->timers, index, e->now_ms + x->timeout_ms);
    order_exchange(e, index);
}

/* --- reports ---------------------------------------------------------------------------------- */

static struct atc_urc_facts facts_of(const struct atc_exchange *x, enum atc_cause cause)
{
    const struct atc_urc_facts facts = {
        .mid = x->mid,
        .session = x->session,
        .type = x->type,
        .retries = x->retries,
        .cause = (uint8_t)cause,
    };

    return facts;
}

static void report_delivery(struct atc_engine *e, uint8_t index, enum atc_cause cause)
{
    const struct atc_urc_facts facts = facts_of(&e->messages.exchange[index], cause);

    atc_urc_print(e, ATC_URC_DELIVERY, &facts);
}

static void report_message(struct atc_engine *e, enum atc_urc_kind kind, unsigned session,
                           const struct atc_addr *peer, const struct atc_pdu *pdu)
{
    const struct atc_urc_facts facts = {
        .pdu = pdu,
        .peer = peer,
        .mid = pdu->mid,
        .session = (uint8_t)session,
        .type = pdu->type,
    };

    atc_engine_count(e, session, ATC_COUNT_DELIVERED, pdu->mid);
    atc_urc_print(e, kind, &facts);
}

/* What DATASTATUS shall say, and the delivery report, once a CON is settled. */
static void settle(struct atc_engine *e, uint8_t index, enum atc_status status,
                   enum atc_cause cause)
{
    struct atc_session *s = &e->session[e->messages.exchange[index].session];
    const bool told = e->cfg.dialect->urcs[ATC_URC_DELIVERY].head != NULL;

    if (index == s->con) {
        s->status = (uint8_t)status;
        s->status_unread = !told && (status == ATC_STATUS_TIMEOUT || status == ATC_STATUS_FAILED);
    }
    report_delivery(e, index, cause);
}

/* --- what becomes of our messages ------------------------------------------------------------- */

/* An answer that left is kept for the repeats of its request. An Empty ACK can be made anew, and a
 * CON is repeated by itself. */
static void remember_answer(struct atc_engine *e, struct atc_exchange *x)
{
    struct atc_seen *s;

    if (x->seen == ATC_NO_ENTRY || x->code == ATC_CODE_EMPTY)
        return;
    ATC_ASSERT(x->type != ATC_CON);
    s = &e->messages.seen[x->seen];
    ATC_ASSERT(s->block == ATC_NO_BLOCK); /* a request is answered once */
    s->block = x->block;
    x->block = ATC_NO_BLOCK;
}

static void sent_first(struct atc_engine *e, uint8_t index, enum atc_cause cause)
{
    struct atc_exchange *x = &e->messages.exchange[index];

    report_delivery(e, index, cause == ATC_OK ? ATC_OK : ATC_CAUSE_SEND);
    if (cause == ATC_OK && atc_code_is_request(x->code)) {
        atc_pool_free(&e->pool, x->block);
        x->block = ATC_NO_BLOCK;
        atc_net_exchange_move(e, index, ATC_EXCHANGE_WAIT_RESPONSE);
        return;
    }
    if (cause == ATC_OK)
        remember_answer(e, x);
    atc_net_exchange_move(e, index, ATC_EXCHANGE_FREE);
}

static void sent_again(struct atc_engine *e, uint8_t index, enum atc_cause cause)
{
    const struct atc_urc_facts facts = facts_of(&e->messages.exchange[index],
                                                cause == ATC_OK ? ATC_OK : ATC_CAUSE_SEND);

    atc_urc_print(e, ATC_URC_RETRY, &facts);
}

void atc_net_sent(struct atc_engine *e, uint8_t index, enum atc_cause cause)
{
    const struct atc_exchange *x = &e->messages.exchange[index];

    if (x->state == ATC_EXCHANGE_SENDING) {
        sent_first(e, index, cause);
    } else if (x->state == ATC_EXCHANGE_WAIT_ACK && x->retries > 0) {
        sent_again(e, index, cause);
    } else if (x->state == ATC_EXCHANGE_WAIT_ACK && cause != ATC_OK) {
        settle(e, index, ATC_STATUS_FAILED, ATC_CAUSE_SEND);
        atc_net_exchange_move(e, index, ATC_EXCHANGE_FREE);
    }
}

/* All sends must fall within MAX_TRANSMIT_SPAN, even if the clock was late. */
static bool may_retry(const struct atc_engine *e, const struct atc_exchange *x)
{
    return x->retries < x->retries_max && e->input_ms - x->started_ms <= x->span_ms;
}

bool atc_net_timeout(struct atc_engine *e, uint8_t index)
{
    struct atc_exchange *x = &e->messages.exchange[index];
    uint64_t next_ms;

    if (!may_retry(e, x)) {
        settle(e, index, ATC_STATUS_TIMEOUT, ATC_CAUSE_SEND);
        atc_net_exchange_move(e, index, ATC_EXCHANGE_FREE);
        return false;
    }
    x->retries++;
    x->timeout_ms *= 2;
    /* After a sleep the clock may be far behind its deadlines: then wait anew (RFC 7252 4.2). */
    next_ms = e->now_ms + x->timeout_ms;
    if (next_ms < e->input_ms + x->least_ms)
        next_ms = e->input_ms + x->least_ms;
    atc_timer_set(&e->timers, index, next_ms);
    atc_engine_count(e, x->session, ATC_COUNT_RETRANSMITTED, x->mid);
    if (atc_engine_attached(e))
        order_exchange(e, index);
    return true;
}

void atc_net_end_all(struct atc_engine *e, unsigned session, bool report)
{
    uint8_t index = e->messages.endpoint[session].exchanges;

    while (index != ATC_NO_ENTRY) {
        const uint8_t next = e->messages.exchange[index].next;

        if (report && e->messages.exchange[index].state == ATC_EXCHANGE_WAIT_ACK)
            report_delivery(e, index, ATC_CAUSE_SEND);
        atc_net_exchange_move(e, index, ATC_EXCHANGE_FREE);
        index = next;
    }
    atc_endpoint_clear(&e->messages, &e->pool, session);
}

/* --- messages of the peer --------------------------------------------------------------------- */

static uint8_t remember(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                        const struct atc_pdu *pdu, enum atc_reaction reaction)
{
    bool evicted;
    const uint8_t index = atc_seen_add(&e->messages, &e->pool, &evicted, session, peer, pdu,
                                       e->now_ms);

    if (evicted)
        atc_engine_count(e, session, ATC_COUNT_SEEN_EVICTED, pdu->mid);
    e->messages.seen[index].reaction = (uint8_t)reaction;
    return index;
}

/* Whether the module may give one more answer of its own; it counts as given. Whoever forges the
 * addresses of others shall not get a flood of them. Source: RFC 7252 4.7, D-180. */
static bool may_answer(struct atc_engine *e, unsigned session, uint16_t mid)
{
    if (e->now_ms - e->answers_at_ms >= 1000) {
        e->answers_at_ms = e->now_ms;
        e->answers = 0;
    }
    if (e->answers >= ATC_ANSWER_RATE) {
        atc_engine_count(e, session, ATC_COUNT_DROP_RATE, mid);
        return false;
    }
    e->answers++;
    return true;
}

/* A repeat gets what the first one got. */
static void repeat_reaction(struct atc_engine *e, uint8_t index)
{
    const struct atc_seen *s = &e->messages.seen[index];
    const bool answered = s->type == ATC_CON && s->reaction != ATC_REACTION_NONE;
    const enum atc_reaction reaction = answered ? (enum atc_reaction)s->reaction
                                                : ATC_REACTION_NONE;

    if (answered && !may_answer(e, s->session, s->mid))
        return;
    atc_engine_count(e, s->session, ATC_COUNT_DUPLICATE, s->mid);
    switch (reaction) {
    case ATC_REACTION_NONE:
        break;
    case ATC_REACTION_ACKED:
        send_empty(e, s->session, &s->peer, ATC_ACK, s->mid);
        break;
    case ATC_REACTION_SEPARATE:
        send_empty(e, s->session, &s->peer, ATC_ACK, s->mid);
        if (s->block != ATC_NO_BLOCK)
            order_seen(e, index);
        break;
    case ATC_REACTION_ANSWERED:
        if (s->block != ATC_NO_BLOCK)
            order_seen(e, index);
        break;
    case ATC_REACTION_CODE:
        atc_net_send_bare(e, s->session, &s->peer, ATC_ACK, s->answer, s->mid,
                          atc_span(s->token, s->tkl));
        break;
    case ATC_REACTION_RESET:
        send_empty(e, s->session, &s->peer, ATC_RST, s->mid);
        break;
    }
}

static void take_ack(struct atc_engine *e, uint8_t index, const struct atc_addr *peer,
                     const struct atc_pdu *pdu)
{
    struct atc_exchange *x = &e->messages.exchange[index];
    const struct atc_pdu empty = {
        .options = atc_span(pdu->options.at,
                            0), /* a walk adds to it, and nothing can be added to NULL */
        .type = ATC_ACK,
        .mid = pdu->mid,
    };
    const unsigned session = x->session;
    const bool request = atc_code_is_request(x->code);

    settle(e, index, ATC_STATUS_SUCCESS, ATC_OK);
    if (request) {
        atc_pool_free(&e->pool, x->block);
        x->block = ATC_NO_BLOCK;
    }
    atc_net_exchange_move(e, index, request ? ATC_EXCHANGE_WAIT_RESPONSE : ATC_EXCHANGE_FREE);
    if (e->cfg.dialect->reports_empty)
        report_message(e, ATC_URC_RESPONSE, session, peer, &empty);
}

static void take_reset(struct atc_engine *e, uint8_t index, const struct atc_addr *peer,
                       const struct atc_pdu *pdu)
{
    const struct atc_exchange *x = &e->messages.exchange[index];
    const unsigned session = x->session;

    if (x->type != ATC_CON) {
        atc_engine_count(e, session, ATC_COUNT_NON_RESET, pdu->mid);
        if (x->state == ATC_EXCHANGE_WAIT_RESPONSE)
            atc_net_exchange_move(e, index, ATC_EXCHANGE_FREE);
        return;
    }
    settle(e, index, ATC_STATUS_RESET, ATC_CAUSE_RESET);
    atc_net_exchange_move(e, index, ATC_EXCHANGE_FREE);
    if (e->cfg.dialect->reports_empty)
        report_message(e, ATC_URC_RESPONSE, session, peer, pdu);
}

/* A request that is answered waits for nothing more, unless it observes or went to a group. */
static void close_request(struct atc_engine *e, uint8_t index, bool notification)
{
    struct atc_exchange *x = &e->messages.exchange[index];
    const bool observes = x->observe && notification;

    if (!observes && !atc_addr_is_multicast(&x->peer)) {
        atc_net_exchange_move(e, index, ATC_EXCHANGE_FREE);
        return;
    }
    if (observes) /* the lifetime of a request to a group counts from the request, D-105 */
        x->started_ms = e->now_ms;
    atc_pool_free(&e->pool, x->block);
    x->block = ATC_NO_BLOCK;
    atc_net_exchange_move(e, index, ATC_EXCHANGE_WAIT_RESPONSE);
}

static void take_response(struct atc_engine *e, uint8_t index, const struct atc_addr *peer,
                          const struct atc_pdu *pdu)
{
    const struct atc_exchange *x = &e->messages.exchange[index];
    const unsigned session = x->session;
    struct atc_span sequence;
    const bool notification = atc_code_class(pdu->code) == 2 &&
                              atc_pdu_find(pdu, ATC_OPT_OBSERVE, &sequence);
    /* A notification on its way while the TE says it wants no more: not the answer to that. */
    const bool late = notification && !x->observe && pdu->type != ATC_ACK;

    if (pdu->type == ATC_CON)
        send_empty(e, session, peer, ATC_ACK, pdu->mid);
    if (pdu->type != ATC_ACK)
        (void)remember(e, session, peer, pdu, ATC_REACTION_ACKED);
    if (x->state == ATC_EXCHANGE_WAIT_ACK && !late)
        settle(e, index, ATC_STATUS_SUCCESS, ATC_OK);
    if (!late)
        close_request(e, index, notification);
    report_message(e, ATC_URC_RESPONSE, session, peer, pdu);
}

/* --- requests of the peer --------------------------------------------------------------------- */

/* An answer of our own without options or payload. */
static void answer_code(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                        const struct atc_pdu *pdu, uint8_t code)
{
    uint8_t index;
    long mid;

    if (!may_answer(e, session, pdu->mid))
        return;
    mid = pdu->type == ATC_CON ? pdu->mid : atc_net_mid(e, session);
    if (mid < 0)
        return;
    index = remember(e, session, peer, pdu, ATC_REACTION_CODE);
    e->messages.seen[index].answer = code;
    atc_net_send_bare(e, session, peer, pdu->type == ATC_CON ? ATC_ACK : ATC_NON, code,
                      (uint16_t)mid, pdu->token);
    atc_engine_count(e, session, ATC_COUNT_ANSWERED, pdu->mid);
}

/* Whether the Uri-Path of a request, joined by slashes, is path. */
static bool path_is(const struct atc_pdu *pdu, struct atc_span path)
{
    struct atc_walk walk = atc_walk(pdu);
    struct atc_option option;
    bool any = false;

    while (atc_walk_next(&walk, &option)) {
        const struct atc_span value = option.value;

        if (option.number != ATC_OPT_URI_PATH)
            continue;
        if (path.len < value.len + 1 || path.at[0] != '/' ||
            !atc_span_equal(value, atc_span(path.at + 1, value.len)))
            return false;
        path = atc_span(path.at + 1 + value.len, path.len - 1 - value.len);
        any = true;
    }
    return path.len == 0 || (!any && path.len == 1); /* without an option it is the root */
}

static bool is_registered(const struct atc_engine *e, const struct atc_pdu *pdu)
{
    for (unsigned i = 0; i < ATC_RESOURCE_MAX && e->resource[i] != ATC_NO_BLOCK; i++) {
        if (path_is(pdu, atc_pool_span(&e->pool, e->resource[i])))
            return true;
    }
    return false;
}

/* Whether a URI has the byte in a path as it is. RFC 3986 3.3: pchar, and the slash. */
static bool is_path_byte(uint8_t byte)
{
    static const char others[] = "-._~!$&'()*+,;=:@/";

    if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
        (byte >= 'a' && byte <= 'z'))
        return true;
    for (const char *at = others; *at != '\0'; at++) {
        if (byte == (uint8_t)*at)
            return true;
    }
    return false;
}

/* A link to path, behind a comma if it is not the first. Source: RFC 6690 2, D-190. */
static void put_link(struct atc_out *out, struct atc_span path, bool first)
{
    atc_put_text(out, first ? "<" : ",<");
    for (size_t i = 0; i < path.len; i++) {
        if (is_path_byte(path.at[i])) {
            atc_put_byte(out, path.at[i]);
        } else {
            atc_put_byte(out, '%');
            atc_put_hex(out, atc_span(path.at + i, 1));
        }
    }
    atc_put_byte(out, '>');
}

/* The registered resources as link-format, as many whole links as fit in room. */
static void put_links(const struct atc_engine *e, struct atc_out *out, size_t room)
{
    for (unsigned i = 0; i < ATC_RESOURCE_MAX && e->resource[i] != ATC_NO_BLOCK; i++) {
        const struct atc_span path = atc_pool_span(&e->pool, e->resource[i]);
        struct atc_out link = atc_out_measure();

        put_link(&link, path, i == 0);
        if (link.len > room)
            return;
        room -= link.len;
        put_link(out, path, i == 0);
    }
}

static void put_core(const struct atc_engine *e, struct atc_out *out, const struct atc_pdu *pdu,
                     uint16_t mid)
{
    static const uint8_t link_format = LINK_FORMAT;
    uint32_t last = 0;

    atc_put_header(out, pdu->type == ATC_CON ? ATC_ACK : ATC_NON, ATC_CODE_CONTENT, mid,
                   pdu->token);
    atc_put_option(out, &last, ATC_OPT_CONTENT_FORMAT, atc_span(&link_format, 1));
    if (e->resource[0] == ATC_NO_BLOCK)
        return;
    atc_put_byte(out, ATC_PAYLOAD_MARKER);
    put_links(e, out, e->cfg.settings.message_max - out->len);
}

static void answer_core(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                        const struct atc_pdu *pdu)
{
    struct atc_out out = atc_out_measure();
    uint8_t block, index;
    long mid;

    if (!may_answer(e, session, pdu->mid))
        return;
    mid = pdu->type == ATC_CON ? pdu->mid : atc_net_mid(e, session);
    if (mid < 0)
        return;
    put_core(e, &out, pdu, (uint16_t)mid);
    block = atc_net_block(e, out.len);
    if (block == ATC_NO_BLOCK) {
        atc_engine_count(e, session, ATC_COUNT_POOL_FULL, pdu->mid);
        return;
    }
    out = atc_out(atc_pool_at(&e->pool, block), out.len);
    put_core(e, &out, pdu, (uint16_t)mid);
    index = remember(e, session, peer, pdu, ATC_REACTION_ANSWERED);
    e->messages.seen[index].block = block;
    order_seen(e, index);
    atc_engine_count(e, session, ATC_COUNT_ANSWERED, pdu->mid);
}

/* Whether If-Match or If-None-Match forbid to answer with a list that is there and has no ETag.
 * Source: RFC 7252 5.10.8. */
static bool is_forbidden(const struct atc_pdu *pdu)
{
    struct atc_walk walk = atc_walk(pdu);
    struct atc_option option;
    bool asked = false, matches = false;

    while (atc_walk_next(&walk, &option)) {
        if (option.number == ATC_OPT_IF_NONE_MATCH)
            return true;
        if (option.number == ATC_OPT_IF_MATCH) {
            asked = true;
            matches = matches || option.value.len == 0;
        }
    }
    return asked && !matches;
}

/* GET /.well-known/core. Source: D-42, D-245. */
static void take_core(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                      const struct atc_pdu *pdu)
{
    struct atc_span accept;

    if (is_forbidden(pdu))
        answer_code(e, session, peer, pdu, ATC_CODE_PRECONDITION);
    else if (atc_pdu_find(pdu, ATC_OPT_ACCEPT, &accept) && atc_option_uint(accept) != LINK_FORMAT)
        answer_code(e, session, peer, pdu, ATC_CODE_NOT_ACCEPTABLE);
    else
        answer_core(e, session, peer, pdu);
}

static void ask_te(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                   const struct atc_pdu *pdu)
{
    const uint32_t auto_ack_ms = e->cfg.settings.auto_ack_ms;

    (void)remember(e, session, peer, pdu, ATC_REACTION_NONE);
    report_message(e, ATC_URC_REQUEST, session, peer, pdu);
    atc_engine_trace(e, ATC_TRACE_REQUEST, session, pdu->type, 0, pdu->mid);
    if (pdu->type == ATC_CON && auto_ack_ms > 0 && !atc_timer_runs(&e->timers, ATC_TIMER_AUTO_ACK))
        atc_timer_set(&e->timers, ATC_TIMER_AUTO_ACK, e->now_ms + auto_ack_ms);
}

/* Requests for no registered resource, in the order of D-42. */
static void answer_other(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                         const struct atc_pdu *pdu)
{
    const bool core = path_is(pdu, atc_span_text(well_known_core));

    if (core && pdu->code == ATC_CODE_GET)
        take_core(e, session, peer, pdu);
    else if (core)
        answer_code(e, session, peer, pdu, ATC_CODE_METHOD);
    else if (e->cfg.settings.unmatched == ATC_UNMATCHED_URC)
        ask_te(e, session, peer, pdu);
    else
        answer_code(e, session, peer, pdu, ATC_CODE_NOT_FOUND);
}

static void take_request(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                         const struct atc_pdu *pdu)
{
    struct atc_span value;

    if (atc_option_bad_critical(pdu) != 0) {
        if (pdu->type == ATC_CON)
            answer_code(e, session, peer, pdu, ATC_CODE_BAD_OPTION);
        else
            atc_engine_count(e, session, ATC_COUNT_DROP_OPTION, pdu->mid);
        return;
    }
    if (e->cfg.dialect->requests == ATC_REQUESTS_ALL) {
        ask_te(e, session, peer, pdu);
        return;
    }
    if (atc_pdu_find(pdu, ATC_OPT_PROXY_URI, &value) ||
        atc_pdu_find(pdu, ATC_OPT_PROXY_SCHEME, &value))
        answer_code(e, session, peer, pdu, ATC_CODE_PROXYING);
    else if (pdu->code > ATC_CODE_DELETE)
        answer_code(e, session, peer, pdu, ATC_CODE_METHOD);
    else if (is_registered(e, pdu))
        ask_te(e, session, peer, pdu);
    else
        answer_other(e, session, peer, pdu);
}

/* Acknowledge the requests the TE has let wait, and wait for the next that is due. */
void atc_net_auto_ack(struct atc_engine *e)
{
    const uint32_t auto_ack_ms = e->cfg.settings.auto_ack_ms;
    uint64_t next_ms = UINT64_MAX;

    for (unsigned i = 0; i < ATC_SEEN_MAX; i++) {
        struct atc_seen *s = &e->messages.seen[i];

        if (s->reaction != ATC_REACTION_NONE || s->type != ATC_CON || !atc_code_is_request(s->code))
            continue;
        if (s->at_ms + auto_ack_ms > e->now_ms || !atc_order_has_room(e)) {
            if (s->at_ms + auto_ack_ms < next_ms)
                next_ms = s->at_ms + auto_ack_ms;
            continue;
        }
        s->reaction = ATC_REACTION_ACKED;
        atc_engine_trace(e, ATC_TRACE_REQUEST, s->session, s->type, 1, s->mid);
        send_empty(e, s->session, &s->peer, ATC_ACK, s->mid);
    }
    if (next_ms != UINT64_MAX)
        atc_timer_set(&e->timers, ATC_TIMER_AUTO_ACK, next_ms);
}

/* --- what comes in ---------------------------------------------------------------------------- */

static void take_malformed(struct atc_engine *e, const struct atc_event *event, int error)
{
    uint8_t type;
    uint16_t mid = 0;

    if (error == ATC_BAD_VERSION) {
        atc_engine_count(e, event->session, ATC_COUNT_DROP_VERSION, 0);
        return;
    }
    if (atc_pdu_peek(&type, &mid, event->data, event->len) && type == ATC_CON) {
        if (!may_answer(e, event->session, mid))
            return;
        send_empty(e, event->session, &event->peer, ATC_RST, mid);
    }
    atc_engine_count(e, event->session, ATC_COUNT_DROP_FORMAT, mid);
}

/* A request too long to take in is told so if it can be read; any other CON is rejected.
 * Source: RFC 7252 4.2 and 4.6, D-17, D-119. */
static void take_long(struct atc_engine *e, const struct atc_event *event,
                      const struct atc_pdu *pdu, bool request)
{
    atc_engine_count(e, event->session, ATC_COUNT_DROP_LONG, pdu->mid);
    if (request)
        answer_code(e, event->session, &event->peer, pdu, ATC_CODE_TOO_LARGE);
    else if (pdu->type == ATC_CON && may_answer(e, event->session, pdu->mid))
        send_empty(e, event->session, &event->peer, ATC_RST, pdu->mid);
}

static void act(struct atc_engine *e, const struct atc_event *event, const struct atc_pdu *pdu,
                struct atc_verdict v)
{
    const unsigned session = event->session;

    switch ((enum atc_verdict_kind)v.kind) {
    case ATC_VERDICT_DROP:
        atc_engine_count(e, session, v.count, pdu->mid);
        break;
    case ATC_VERDICT_REJECT:
        if (!may_answer(e, session, pdu->mid))
            break;
        atc_engine_count(e, session, v.count, pdu->mid);
        send_empty(e, session, &event->peer, ATC_RST, pdu->mid);
        break;
    case ATC_VERDICT_REPEAT:
        repeat_reaction(e, v.index);
        break;
    case ATC_VERDICT_ACK:
        take_ack(e, v.index, &event->peer, pdu);
        break;
    case ATC_VERDICT_RESET:
        take_reset(e, v.index, &event->peer, pdu);
        break;
    case ATC_VERDICT_RESPONSE:
        take_response(e, v.index, &event->peer, pdu);
        break;
    case ATC_VERDICT_REQUEST:
        take_request(e, session, &event->peer, pdu);
        break;
    }
}

/* Whether anybody listens to a datagram of that origin; counts it if not. */
static bool is_welcome(struct atc_engine *e, const struct atc_event *event)
{
    const struct atc_session *s = &e->session[event->session];

    if (s->state != ATC_SESSION_CONNECTED) {
        atc_engine_count(e, event->session, ATC_COUNT_DROP_CLOSED, 0);
        return false;
    }
    if (!atc_engine_attached(e) || !e->cfg.dialect->platform->awake(e)) {
        atc_engine_count(e, event->session, ATC_COUNT_DROP_UNREACHABLE, 0);
        return false;
    }
    if (event->multicast) {
        atc_engine_count(e, event->session, ATC_COUNT_DROP_MULTICAST, 0);
        return false;
    }
    if (e->cfg.dialect->one_server && !atc_addr_equal(&s->peer, &event->peer) &&
        !atc_addr_is_multicast(&s->peer)) {
        atc_engine_count(e, event->session, ATC_COUNT_DROP_STRANGER, 0);
        return false;
    }
    return true;
}

void atc_net_datagram(struct atc_engine *e, const struct atc_event *event)
{
    struct atc_verdict v;
    struct atc_pdu pdu;
    int error;

    atc_engine_count(e, event->session, ATC_COUNT_RECEIVED, 0);
    if (!is_welcome(e, event))
        return;
    e->cfg.dialect->platform->active(e);
    error = atc_pdu_parse(&pdu, event->data, event->len);
    if (error < 0) {
        take_malformed(e, event, error);
        return;
    }
    v = atc_judge(&e->messages, event->session, &event->peer, &pdu, e->now_ms);
    if (event->len > e->cfg.settings.message_max && v.kind != ATC_VERDICT_REPEAT)
        take_long(e, event, &pdu, v.kind == ATC_VERDICT_REQUEST);
    else
        act(e, event, &pdu, v);
}
