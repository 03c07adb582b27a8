/* SPDX-License-Identifier: MIT */
#include "order.h"
#include "files.h"
#include "verbs.h"

/* An order's id: what it is, who gave it, and its sequence. */
static uint32_t order_id(const struct atc_pending *p)
{
    return (uint32_t)p->kind << 28 | (uint32_t)p->giver << 24 | (uint32_t)p->index << 16 |
           p->sequence;
}

/* Whether whoever gave an order still waits for it. */
static bool is_current(const struct atc_engine *e, unsigned giver, unsigned index,
                       uint16_t sequence)
{
    switch (giver) {
    case ATC_GIVER_NOBODY:
        return true;
    case ATC_GIVER_COMMAND:
        return e->command_order == sequence;
    case ATC_GIVER_SESSION:
        return index < ATC_SESSION_MAX && e->session[index].order == sequence;
    case ATC_GIVER_EXCHANGE:
        return index < ATC_EXCHANGE_MAX && e->messages.exchange[index].order == sequence &&
               e->messages.exchange[index].state != ATC_EXCHANGE_FREE;
    case ATC_GIVER_SEEN:
        return index < ATC_SEEN_MAX && e->messages.seen[index].order == sequence;
    case ATC_GIVER_PROBE:
        return e->probe.kind != ATC_PROBE_NONE && e->probe.order == sequence;
    case ATC_GIVER_KEPT:
        return (e->keeping.loading || e->keeping.writing) && e->keeping.order == sequence;
    default:
        return false;
    }
}

/* The bytes an order carries. */
static struct atc_span order_data(const struct atc_engine *e, const struct atc_pending *p)
{
    uint8_t block = ATC_NO_BLOCK;

    if (p->giver == ATC_GIVER_KEPT)
        return e->keeping.block == ATC_NO_BLOCK ? atc_span(NULL, 0)
                                                : atc_pool_span(&e->pool, e->keeping.block);
    if (p->kind == ATC_ORDER_FILE)
        return p->giver == ATC_GIVER_COMMAND && e->transfer.operation == ATC_FILE_APPEND
                   ? atc_line_text(&e->line)
                   : atc_span(NULL, 0);
    if (p->giver == ATC_GIVER_PROBE)
        block = p->kind == ATC_ORDER_RESOLVE ? e->probe.name : ATC_NO_BLOCK;
    else if (p->kind == ATC_ORDER_RESOLVE)
        block = e->session[p->session].name;
    else if (p->giver == ATC_GIVER_EXCHANGE)
        block = e->messages.exchange[p->index].block;
    else if (p->giver == ATC_GIVER_SEEN)
        block = e->messages.seen[p->index].block;
    return block == ATC_NO_BLOCK ? atc_span(p->bytes, p->len) : atc_pool_span(&e->pool, block);
}

static void fill_open(const struct atc_engine *e, struct atc_order *order,
                      const struct atc_session *s)
{
    const struct atc_span name = atc_pool_span(&e->pool, s->name);

    order->name = name.at;
    order->name_len = name.len;
    order->security = s->secure ? ATC_SECURITY_DTLS_PSK : ATC_SECURITY_NONE;
    if (s->secure)
        atc_files_fill_dtls(e, &order->dtls, s);
}

static void fill_kept(const struct atc_engine *e, struct atc_order *order)
{
    order->operation = e->keeping.loading ? ATC_FILE_RECALL : ATC_FILE_KEEP;
    order->limit = ATC_KEPT_MAX;
}

static void fill_order(const struct atc_engine *e, struct atc_order *order,
                       const struct atc_pending *p)
{
    const struct atc_session *s = &e->session[p->session];
    const struct atc_span data = order_data(e, p);

    memset(order, 0, sizeof *order);
    order->kind = (enum atc_order_kind)p->kind;
    order->id = order_id(p);
    order->session = p->session;
    order->peer = p->peer;
    order->data = data.at;
    order->len = data.len;
    if (p->kind == ATC_ORDER_OPEN)
        fill_open(e, order, s);
    if (p->giver == ATC_GIVER_KEPT)
        fill_kept(e, order);
    else if (p->kind == ATC_ORDER_FILE)
        atc_files_fill(e, order, p);
    if (p->kind == ATC_ORDER_PING) {
        order->limit = e->probe.size;
        order->offset = e->probe.timeout_ms;
    }
    if (p->kind == ATC_ORDER_UART || p->kind == ATC_ORDER_RADIO)
        memcpy(&order->offset, p->bytes, sizeof order->offset);
}

/* What a client waits for while it is opening: its key if it has none yet, or else its address. */
static void opening_answer(struct atc_engine *e, unsigned session, const struct atc_event *event)
{
    const struct atc_session *s = &e->session[session];

    if (s->secure && s->key == ATC_NO_BLOCK)
        atc_verb_key(e, session, event->kind == ATC_EVENT_FILE_DONE ? event->cause : ATC_CAUSE_DTLS,
                     atc_span(event->data, event->len), event->size);
    else
        atc_verb_resolved(e, session,
                          event->kind == ATC_EVENT_RESOLVED ? event->cause : ATC_CAUSE_NAME,
                          &event->peer);
}

static void session_answer(struct atc_engine *e, unsigned session, const struct atc_event *event)
{
    if (e->session[session].state == ATC_SESSION_OPENING)
        opening_answer(e, session, event);
    else
        atc_verb_opened(e, session, event->cause);
}

void atc_order_answered(struct atc_engine *e, const struct atc_event *event)
{
    const unsigned kind = event->order >> 28;
    const unsigned giver = event->order >> 24 & 0xFu;
    const unsigned index = event->order >> 16 & 0xFFu;

    if (!is_current(e, giver, index, (uint16_t)event->order)) {
        atc_engine_count(e, event->session, ATC_COUNT_STALE, 0);
        return;
    }
    if (event->cause != ATC_OK && event->cause != ATC_CAUSE_FILE_MISSING)
        atc_engine_trace(e, ATC_TRACE_RESULT, event->session, kind, event->cause, 0);
    if (giver == ATC_GIVER_COMMAND) {
        e->run.result = atc_files_cause(e, event);
        e->transfer.total = event->size;
        e->run.answered = true;
        if (event->kind == ATC_EVENT_RESOLVED)
            e->sending.peer = event->peer;
        e->answer = event;
    } else if (giver == ATC_GIVER_SESSION) {
        session_answer(e, index, event);
    } else if (giver == ATC_GIVER_EXCHANGE) {
        atc_net_sent(e, (uint8_t)index, event->cause);
    } else if (giver == ATC_GIVER_KEPT || giver == ATC_GIVER_PROBE) {
        e->cfg.dialect->platform->answer(e, giver, event);
    }
}

/* A message that was acknowledged before the shell took it away needs no repetition. */
static bool is_needless(const struct atc_engine *e, const struct atc_pending *p)
{
    return p->giver == ATC_GIVER_EXCHANGE && e->messages.exchange[p->index].block == ATC_NO_BLOCK;
}

bool atc_order_take(struct atc_engine *e, struct atc_order *order)
{
    while (e->order_count > 0) {
        const struct atc_pending *p = &e->order[e->order_head];

        e->order_head = (uint8_t)((e->order_head + 1) % ATC_ORDER_MAX);
        e->order_count--;
        if (!is_current(e, p->giver, p->index, p->sequence) || is_needless(e, p))
            continue;
        fill_order(e, order, p);
        return true;
    }
    return false;
}
