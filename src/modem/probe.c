/* SPDX-License-Identifier: MIT */
#include "probe.h"
#include "net.h"

static void tell(struct atc_engine *e, enum atc_probe_news news)
{
    e->cfg.dialect->probed(e, &e->probe, news);
}

void atc_probe_reset(struct atc_engine *e)
{
    const uint16_t order = e->probe.order;

    atc_timer_stop(&e->timers, ATC_TIMER_PROBE);
    atc_pool_free(&e->pool, e->probe.name);
    memset(&e->probe, 0, sizeof e->probe);
    e->probe.order = (uint16_t)(order + 1); /* a late answer is none */
}

static void order(struct atc_engine *e, enum atc_order_kind kind)
{
    atc_engine_order(e, kind, 0, ATC_GIVER_PROBE, 0)->peer = e->probe.peer;
    atc_timer_set(&e->timers, ATC_TIMER_PROBE, e->now_ms + e->probe.timeout_ms);
}

static void ping(struct atc_engine *e)
{
    e->probe.sent++;
    atc_radio_active(e);
    order(e, ATC_ORDER_PING);
}

/* An echo has ended: the next one, or that was all. */
static void end_echo(struct atc_engine *e)
{
    tell(e, ATC_PROBE_ECHO);
    if (e->probe.sent < e->probe.wanted) {
        ping(e);
        return;
    }
    tell(e, ATC_PROBE_ENDED);
    atc_probe_reset(e);
}

/* The look-up has ended, by itself or before a ping. */
static void end_lookup(struct atc_engine *e)
{
    if (e->probe.kind == ATC_PROBE_PING && e->probe.cause == ATC_OK) {
        ping(e);
        return;
    }
    tell(e, e->probe.kind == ATC_PROBE_PING ? ATC_PROBE_ECHO : ATC_PROBE_FOUND);
    atc_probe_reset(e);
}

static void take_echo(struct atc_probe *p, const struct atc_event *event)
{
    p->cause = (uint8_t)event->cause;
    if (event->cause != ATC_OK)
        return;
    p->round_ms = event->offset;
    p->ttl = (uint8_t)event->size;
    p->sum_ms += p->round_ms;
    p->min_ms = p->received == 0 || p->round_ms < p->min_ms ? p->round_ms : p->min_ms;
    p->max_ms = p->round_ms > p->max_ms ? p->round_ms : p->max_ms;
    p->received++;
}

void atc_probe_answer(struct atc_engine *e, const struct atc_event *event)
{
    struct atc_probe *p = &e->probe;

    atc_timer_stop(&e->timers, ATC_TIMER_PROBE);
    if (p->sent > 0) {
        take_echo(p, event);
        end_echo(e);
        return;
    }
    p->cause = event->kind == ATC_EVENT_RESOLVED ? (uint8_t)event->cause : (uint8_t)ATC_CAUSE_NAME;
    if (p->cause == ATC_OK)
        p->peer = event->peer;
    p->peer.port = 0;
    end_lookup(e);
}

void atc_probe_timeout(struct atc_engine *e)
{
    struct atc_probe *p = &e->probe;

    p->order++;
    p->cause = p->sent > 0 ? ATC_CAUSE_SEND : ATC_CAUSE_NAME;
    if (p->sent > 0)
        end_echo(e);
    else
        end_lookup(e);
}

static uint8_t begin(struct atc_engine *e, struct atc_span text, enum atc_probe_kind kind)
{
    struct atc_probe *p = &e->probe;

    if (p->kind != ATC_PROBE_NONE)
        return ATC_CAUSE_NOT_ALLOWED;
    if (!atc_engine_attached(e))
        return ATC_CAUSE_NO_NETWORK;
    p->name = atc_net_keep_text(e, text);
    if (p->name == ATC_NO_BLOCK)
        return ATC_CAUSE_MEMORY;
    p->kind = (uint8_t)kind;
    memset(&p->peer, 0, sizeof p->peer);
    return ATC_OK;
}

uint8_t atc_probe_lookup(struct atc_engine *e, struct atc_span text, uint32_t timeout_ms)
{
    const uint8_t cause = begin(e, text, ATC_PROBE_LOOKUP);

    if (cause != ATC_OK)
        return cause;
    e->probe.timeout_ms = timeout_ms;
    atc_radio_active(e);
    order(e, ATC_ORDER_RESOLVE);
    return ATC_OK;
}

uint8_t atc_probe_ping(struct atc_engine *e, struct atc_span text, unsigned times, uint16_t size,
                       uint32_t timeout_ms)
{
    const uint8_t cause = begin(e, text, ATC_PROBE_PING);
    struct atc_probe *p = &e->probe;

    if (cause != ATC_OK)
        return cause;
    p->timeout_ms = timeout_ms;
    p->size = size;
    p->wanted = (uint8_t)times;
    if (atc_text_addr(&p->peer, atc_pool_span(&e->pool, p->name)))
        ping(e);
    else
        order(e, ATC_ORDER_RESOLVE);
    return ATC_OK;
}
