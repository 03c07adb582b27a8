/* SPDX-License-Identifier: MIT
 *
 * What every other file does to the engine's state: count, trace, draw random bytes, give orders.
 */
#include "engine.h"

/* A step of the engine gives at most so many orders: a restart closes every client. An input is
 * taken only while there is room for them. */
enum { ORDER_BURST = ATC_SESSION_MAX + 2 };

_Static_assert(ATC_ORDER_MAX >= ORDER_BURST, "ATC_ORDER_MAX in config.h");

void atc_engine_emit(struct atc_engine *e, struct atc_trace record)
{
    record.now_ms = e->now_ms;
    if (e->cfg.trace != NULL)
        e->cfg.trace(e->cfg.ctx, &record);
}

void atc_engine_trace(struct atc_engine *e, enum atc_trace_kind kind, unsigned session,
                      unsigned from, unsigned to, uint16_t mid)
{
    const struct atc_trace record = {
        .value = e->run.start,
        .mid = mid,
        .kind = (uint8_t)kind,
        .session = (uint8_t)session,
        .from = (uint8_t)from,
        .to = (uint8_t)to,
    };

    atc_engine_emit(e, record);
}

void atc_engine_count(struct atc_engine *e, unsigned session, enum atc_count count, uint16_t mid)
{
    e->counters[count]++;
    atc_engine_trace(e, ATC_TRACE_COUNT, session, 0, count, mid);
}

void atc_engine_remark(struct atc_engine *e, unsigned session, enum atc_remark remark, uint16_t mid)
{
    atc_engine_trace(e, ATC_TRACE_REMARK, session, 0, remark, mid);
}

bool atc_engine_random(struct atc_engine *e, uint8_t *buf, size_t len)
{
    return len == 0 || e->cfg.random(e->cfg.ctx, buf, len);
}

bool atc_engine_attached(const struct atc_engine *e)
{
    return e->radio.attached;
}

const struct atc_result *atc_engine_result(const struct atc_engine *e, unsigned cause)
{
    return &e->cfg.dialect->results[cause];
}

const struct atc_command *atc_dialect_row(const struct atc_dialect *d, size_t index)
{
    const struct atc_table *const *table = d->tables;

    while (*table != NULL && index >= (*table)->count)
        index -= (*table++)->count;
    return *table == NULL ? NULL : &(*table)->rows[index];
}

/* Which states may follow a state, as bits. See session.h. */
static const uint8_t may_follow[ATC_SESSION_STATE_COUNT] = {
    [ATC_SESSION_IDLE] = 1u << ATC_SESSION_OPENING | 1u << ATC_SESSION_CONNECTING,
    [ATC_SESSION_OPENING] = 1u << ATC_SESSION_CONNECTING | 1u << ATC_SESSION_IDLE,
    [ATC_SESSION_CONNECTING] = 1u << ATC_SESSION_CONNECTED | 1u << ATC_SESSION_IDLE,
    [ATC_SESSION_CONNECTED] = 1u << ATC_SESSION_LOST | 1u << ATC_SESSION_IDLE,
    [ATC_SESSION_LOST] = 1u << ATC_SESSION_OPENING | 1u << ATC_SESSION_CONNECTING |
                         1u << ATC_SESSION_IDLE,
};

void atc_session_move(struct atc_engine *e, unsigned session, enum atc_session_state to)
{
    struct atc_session *s = &e->session[session];

    if (s->state == to)
        return;
    (void)may_follow; /* only the assertion reads it */
    ATC_ASSERT((may_follow[s->state] >> to & 1) != 0);
    atc_engine_trace(e, ATC_TRACE_SESSION, session, s->state, to, 0);
    s->state = (uint8_t)to;
}

bool atc_order_has_room(const struct atc_engine *e)
{
    return ATC_ORDER_MAX - e->order_count >= ORDER_BURST;
}

struct atc_pending *atc_engine_order(struct atc_engine *e, enum atc_order_kind kind,
                                     unsigned session, enum atc_giver giver, uint8_t index)
{
    struct atc_pending *order = &e->order[(e->order_head + e->order_count) % ATC_ORDER_MAX];

    ATC_ASSERT(e->order_count < ATC_ORDER_MAX);
    e->order_count++;
    memset(order, 0, sizeof *order);
    order->kind = (uint8_t)kind;
    order->session = (uint8_t)session;
    order->giver = (uint8_t)giver;
    order->index = index;
    if (giver == ATC_GIVER_SESSION)
        order->sequence = e->session[session].order = ++e->sequence;
    if (giver == ATC_GIVER_COMMAND)
        order->sequence = ++e->command_order;
    if (giver == ATC_GIVER_EXCHANGE)
        order->sequence = e->messages.exchange[index].order;
    if (giver == ATC_GIVER_SEEN)
        order->sequence = e->messages.seen[index].order;
    if (giver == ATC_GIVER_PROBE)
        order->sequence = ++e->probe.order;
    if (giver == ATC_GIVER_KEPT)
        order->sequence = ++e->keeping.order;
    if (kind == ATC_ORDER_SEND) {
        atc_engine_count(e, session, ATC_COUNT_SENT, 0);
        e->cfg.dialect->platform->active(e);
    }
    return order;
}

/* The one number that an order without data carries. */
static void put_offset(struct atc_pending *order, uint32_t offset)
{
    memcpy(order->bytes, &offset, sizeof offset);
}

void atc_engine_speed(struct atc_engine *e, uint32_t baud)
{
    e->baud = baud;
    put_offset(atc_engine_order(e, ATC_ORDER_UART, 0, ATC_GIVER_NOBODY, 0), baud);
}

void atc_engine_radio(struct atc_engine *e, enum atc_radio_state state, enum atc_giver giver)
{
    put_offset(atc_engine_order(e, ATC_ORDER_RADIO, 0, giver, 0), state);
}
