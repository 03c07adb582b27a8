/* SPDX-License-Identifier: MIT
 *
 * Behind atcoap.h: routes input, runs timers, hands out bytes.
 *
 * Invariant: between two calls every timer due by input_ms has run, unless the shell has not taken
 * enough orders away.
 */
#include "command.h"
#include "files.h"
#include "order.h"
#include "verbs.h"

_Static_assert(sizeof(struct atc_engine) <= ATC_MODEM_SIZE, "ATC_MODEM_SIZE in config.h");
_Static_assert(ATC_URC_SIZE <= 65535 && ATC_OUT_SIZE <= 65535, "queue positions have 16 bits");
_Static_assert((int)ATC_E_VERSION == (int)ATC_BAD_VERSION, "one error, one number");
_Static_assert((int)ATC_E_FORMAT == (int)ATC_BAD_FORMAT, "one error, one number");

static struct atc_engine *inside(struct atc_modem *m)
{
    return (struct atc_engine *)(void *)m->state.bytes;
}

static const struct atc_engine *inside_const(const struct atc_modem *m)
{
    return (const struct atc_engine *)(const void *)m->state.bytes;
}

/* --- time ------------------------------------------------------------------------------------- */

/* A server that acknowledges nothing may have forgotten a DTLS session. Source: D-76. */
static void ack_timeout(struct atc_engine *e, uint8_t index)
{
    const unsigned session = e->messages.exchange[index].session;

    if (!atc_net_timeout(e, index) && e->session[session].secure)
        atc_verb_lost(e, session);
}

static void fire(struct atc_engine *e, unsigned timer)
{
    if (timer < ATC_EXCHANGE_MAX) {
        ack_timeout(e, (uint8_t)timer);
    } else if (timer < ATC_TIMER_OWN) {
        atc_verb_open_timeout(e, timer - ATC_TIMER_SESSION);
    } else if (timer == ATC_TIMER_URC) {
        e->urc_released = true;
    } else if (timer == ATC_TIMER_COMMAND) {
        e->run.delayed = true;
    } else if (timer == ATC_TIMER_PROMPT) {
        atc_command_prompt_timeout(e);
    } else if (timer == ATC_TIMER_AUTO_ACK) {
        atc_net_auto_ack(e);
    } else {
        e->cfg.dialect->platform->timeout(e, timer);
    }
}

static bool may_fire(const struct atc_engine *e)
{
    return atc_timers_next_ms(&e->timers) <= e->input_ms && atc_order_has_room(e);
}

/* Let time come to now_ms: what is due runs, each thing at its own moment. */
static void advance(struct atc_engine *e, uint64_t now_ms)
{
    ATC_ASSERT(now_ms >= e->input_ms);
    if (now_ms > e->input_ms)
        e->input_ms = now_ms;
    atc_command_run(e);
    while (may_fire(e)) {
        const uint64_t due_ms = atc_timers_next_ms(&e->timers);

        if (due_ms > e->now_ms)
            e->now_ms = due_ms;
        fire(e, (unsigned)atc_timers_take(&e->timers, due_ms));
        atc_command_run(e);
        e->cfg.dialect->platform->watch(e);
    }
    e->now_ms = e->input_ms;
    atc_command_watch_urcs(e);
}

/* --- events ------------------------------------------------------------------------------------ */

static void take_event(struct atc_engine *e, const struct atc_event *event)
{
    switch (event->kind) {
    case ATC_EVENT_DONE:
    case ATC_EVENT_RESOLVED:
    case ATC_EVENT_FILE_DONE:
        atc_order_answered(e, event);
        break;
    case ATC_EVENT_DATAGRAM:
        if (atc_order_has_room(e))
            atc_net_datagram(e, event);
        else
            atc_engine_count(e, event->session, ATC_COUNT_DROP_BUSY, 0);
        break;
    case ATC_EVENT_CLOSED:
        atc_verb_lost(e, event->session);
        break;
    case ATC_EVENT_NETWORK:
    case ATC_EVENT_WALL_CLOCK:
        e->cfg.dialect->platform->event(e, event);
        break;
    case ATC_EVENT_RESET:
        if (atc_order_has_room(e))
            e->cfg.dialect->platform->restart(e);
        break;
    }
}

/* --- atcoap.h --------------------------------------------------------------------------------- */

static bool is_valid(const struct atc_config *cfg)
{
    const struct atc_settings *s = &cfg->settings;

    return cfg->dialect != NULL && cfg->random != NULL &&
           cfg->dialect->session_count <= ATC_SESSION_MAX && s->nstart >= 1 && s->nstart <= 4 &&
           (s->token_len <= ATC_TOKEN_MAX || s->token_len == 255) &&
           (s->max_retransmit <= ATC_RETRANSMIT_MAX || s->max_retransmit == 255) &&
           s->message_max >= 64 && s->message_max <= ATC_MESSAGE_MAX && s->rsp_max >= 1 &&
           s->rsp_max <= ATC_PAYLOAD_MAX &&
           (s->ack_timeout_ms == 0 || (s->ack_timeout_ms >= 1000 && s->ack_timeout_ms <= 60000));
}

int atc_init_sized(struct atc_modem *m, size_t size, const struct atc_config *cfg, uint64_t now_ms)
{
    struct atc_engine *e = inside(m);

    if (size != sizeof *m)
        return ATC_E_SIZE;
    if (!is_valid(cfg))
        return ATC_E_CONFIG;
    memset(m, 0, sizeof *m);
    e->cfg = *cfg;
    e->now_ms = e->input_ms = now_ms;
    e->out_queue.cap = ATC_OUT_SIZE;
    e->urc_queue.cap = ATC_URC_SIZE;
    atc_timers_init(&e->timers);
    atc_pool_init(&e->pool);
    atc_messages_init(&e->messages);
    atc_line_init(&e->line);
    e->line.repeats = cfg->dialect->repeats_line;
    e->line.lf_ends = cfg->settings.line_end == ATC_LINE_END_ANY;
    atc_engine_cold_start(e);
    e->cfg.dialect->platform->start(e);
    return 0;
}

/* Whether the next byte from the TE may be taken. What the last line ordered comes first, so that it
 * makes no difference whether the next one came with it or later. */
static bool may_take(const struct atc_engine *e)
{
    if (e->deaf || e->off)
        return true;
    return e->line.state != ATC_LINE_BUSY && e->order_count == 0 && !e->keeping.loading &&
           atc_command_has_room(e);
}

size_t atc_te_write(struct atc_modem *m, const uint8_t *data, size_t len, uint64_t now_ms)
{
    struct atc_engine *e = inside(m);
    size_t n = 0;

    advance(e, now_ms);
    while (n < len && may_take(e)) {
        if (!e->deaf && !e->off) {
            n += atc_command_feed(e, atc_span(data + n, len - n));
            continue;
        }
        if (data[n] == '\r' || data[n] == '\n')
            atc_engine_remark(e, 0, ATC_REMARK_DEAF, 0);
        n++;
    }
    e->cfg.dialect->platform->watch(e);
    return n;
}

/* Whether the TE may get the next URC now. Source: D-14. */
static bool may_report(const struct atc_engine *e)
{
    return atc_line_is_begun(&e->line) ? e->urc_released : e->line.state == ATC_LINE_IDLE;
}

/* The URC record that starts at the head of the queue. */
static size_t record_len(const struct atc_engine *e)
{
    const uint8_t *head = e->urc_memory + e->urc_queue.head;

    return head[0] * 256u + head[1];
}

const uint8_t *atc_te_peek(const struct atc_modem *m, size_t *len)
{
    const struct atc_engine *e = inside_const(m);
    const uint8_t *urc = e->urc_memory + e->urc_queue.head;

    *len = e->urc_left;
    if (e->urc_left > 0)
        return urc;
    *len = atc_queue_len(&e->out_queue);
    if (*len > 0)
        return e->out_memory + e->out_queue.head;
    if (atc_queue_len(&e->urc_queue) == 0 || !may_report(e))
        return NULL;
    *len = record_len(e);
    return urc + 2;
}

bool atc_te_is_urc(const struct atc_modem *m)
{
    const struct atc_engine *e = inside_const(m);

    return e->urc_left > 0 ||
           (atc_queue_len(&e->out_queue) == 0 && atc_queue_len(&e->urc_queue) > 0 && may_report(e));
}

void atc_te_drop(struct atc_modem *m, size_t n)
{
    struct atc_engine *e = inside(m);

    if (n == 0)
        return;
    if (e->urc_left == 0 && atc_queue_len(&e->out_queue) > 0) {
        atc_queue_drop(&e->out_queue, n);
        e->secret_left = (uint16_t)(n < e->secret_left ? e->secret_left - n : 0);
        return;
    }
    if (e->urc_left == 0) {
        e->urc_left = (uint16_t)record_len(e);
        atc_queue_drop(&e->urc_queue, 2);
    }
    ATC_ASSERT(n <= e->urc_left);
    e->urc_left = (uint16_t)(e->urc_left - n);
    atc_queue_drop(&e->urc_queue, n);
}

bool atc_order_next(struct atc_modem *m, struct atc_order *order)
{
    return atc_order_take(inside(m), order);
}

void atc_event(struct atc_modem *m, const struct atc_event *event, uint64_t now_ms)
{
    struct atc_engine *e = inside(m);

    advance(e, now_ms);
    if (event->session < e->cfg.dialect->session_count)
        take_event(e, event);
    else
        atc_engine_count(e, 0, ATC_COUNT_STALE, 0);
    atc_command_run(e);
    e->cfg.dialect->platform->watch(e);
    e->answer = NULL;
    atc_command_watch_urcs(e);
}

void atc_tick(struct atc_modem *m, uint64_t now_ms)
{
    advance(inside(m), now_ms);
}

uint64_t atc_deadline_ms(const struct atc_modem *m)
{
    const struct atc_engine *e = inside_const(m);

    if (atc_command_can_run(e))
        return e->now_ms;
    return atc_timers_next_ms(&e->timers);
}

uint32_t atc_counter(const struct atc_modem *m, enum atc_count which)
{
    return inside_const(m)->counters[which];
}

bool atc_is_secret(const struct atc_modem *m)
{
    return inside_const(m)->transfer.open || inside_const(m)->secret_left > 0;
}

bool atc_is_secret_input(const struct atc_modem *m, const uint8_t *data, size_t len)
{
    const struct atc_engine *e = inside_const(m);

    if (e->transfer.open || (e->uploads && e->line.state == ATC_LINE_BUSY))
        return true;
    return e->uploads && !atc_line_is_command(&e->line, atc_span(data, len));
}

bool atc_is_off(const struct atc_modem *m)
{
    return inside_const(m)->off;
}
