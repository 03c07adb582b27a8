/* SPDX-License-Identifier: MIT */
#include "verbs.h"
#include "files.h"

/* How long an OPEN may take. Source: D-63. */
enum { OPEN_MAX_MS = 75000 };

/* --- a client comes and goes ------------------------------------------------------------------ */

static void forget_slots(struct atc_engine *e, struct atc_session *s)
{
    for (unsigned i = 0; i < ATC_OPTION_SLOT_MAX; i++) {
        atc_pool_free(&e->pool, s->slot_block[i]);
        s->slot_block[i] = ATC_NO_BLOCK;
    }
    s->slot_used = 0;
}

static void forget_name(struct atc_engine *e, struct atc_session *s)
{
    atc_pool_free(&e->pool, s->name);
    s->name = ATC_NO_BLOCK;
}

static void forget_key(struct atc_engine *e, struct atc_session *s)
{
    atc_pool_free(&e->pool, s->key);
    s->key = ATC_NO_BLOCK;
}

/* Forget what a connection carried: header, options, name, messages. */
static void forget_all(struct atc_engine *e, unsigned session)
{
    struct atc_session *s = &e->session[session];

    atc_timer_stop(&e->timers, ATC_TIMER_SESSION + session);
    atc_net_end_all(e, session, false);
    atc_verb_forget_list(e, session);
    forget_slots(e, s);
    forget_name(e, s);
    forget_key(e, s);
    memset(&s->header, 0, sizeof s->header);
    s->status = ATC_STATUS_NONE;
    s->status_unread = false;
    s->list_used = false;
}

static void order_session(struct atc_engine *e, unsigned session, enum atc_order_kind kind)
{
    atc_engine_order(e, kind, session, ATC_GIVER_SESSION, (uint8_t)session)->peer =
        e->session[session].peer;
}

/* Close the socket. Nobody waits for that, and answers to earlier orders come too late. */
static void order_close(struct atc_engine *e, unsigned session)
{
    (void)atc_engine_order(e, ATC_ORDER_CLOSE, session, ATC_GIVER_NOBODY, ATC_NO_ENTRY);
    e->session[session].order = ++e->sequence;
}

/* Close the socket and be idle. */
static void disconnect(struct atc_engine *e, unsigned session)
{
    const uint8_t state = e->session[session].state;

    if (state != ATC_SESSION_IDLE && state != ATC_SESSION_LOST)
        order_close(e, session);
    atc_session_move(e, session, ATC_SESSION_IDLE);
}

static void report_open(struct atc_engine *e, unsigned session, enum atc_cause cause)
{
    const struct atc_urc_facts facts = {.session = (uint8_t)session, .cause = (uint8_t)cause};

    atc_urc_print(e, ATC_URC_OPENED, &facts);
}

uint8_t atc_verb_bind(struct atc_engine *e, unsigned session, uint16_t port)
{
    struct atc_session *s = &e->session[session];

    if (s->state != ATC_SESSION_IDLE)
        return ATC_CAUSE_NOT_ALLOWED;
    if (!atc_engine_attached(e))
        return ATC_CAUSE_NO_NETWORK;
    s->port = port;
    memset(&s->peer, 0, sizeof s->peer);
    s->peer.port = port;
    atc_session_move(e, session, ATC_SESSION_CONNECTING);
    atc_engine_order(e, ATC_ORDER_BIND, session, ATC_GIVER_COMMAND, (uint8_t)session)->peer =
        s->peer;
    return ATC_WAIT;
}

uint8_t atc_verb_bound(struct atc_engine *e, unsigned session)
{
    const bool good = e->run.result == ATC_OK;

    if (e->session[session].state != ATC_SESSION_CONNECTING)
        return ATC_CAUSE_NOT_ALLOWED; /* it was lost meanwhile */
    atc_session_move(e, session, good ? ATC_SESSION_CONNECTED : ATC_SESSION_IDLE);
    return good ? ATC_OK : ATC_CAUSE_NOT_ALLOWED;
}

static void forget_resources(struct atc_engine *e)
{
    for (unsigned i = 0; i < ATC_RESOURCE_MAX; i++) {
        atc_pool_free(&e->pool, e->resource[i]);
        e->resource[i] = ATC_NO_BLOCK;
    }
}

uint8_t atc_verb_delete(struct atc_engine *e, unsigned session)
{
    disconnect(e, session);
    forget_all(e, session);
    forget_resources(e);
    return ATC_OK;
}

/* --- connecting to one server ----------------------------------------------------------------- */

static void fail_open(struct atc_engine *e, unsigned session, enum atc_cause cause)
{
    atc_timer_stop(&e->timers, ATC_TIMER_SESSION + session);
    disconnect(e, session);
    forget_name(e, &e->session[session]);
    forget_key(e, &e->session[session]);
    report_open(e, session, cause);
}

static void connect_server(struct atc_engine *e, unsigned session)
{
    atc_session_move(e, session, ATC_SESSION_CONNECTING);
    order_session(e, session, ATC_ORDER_OPEN);
}

/* Why an OPEN can come to nothing before it has begun. */
static enum atc_cause check_open(const struct atc_engine *e, const struct atc_session *s)
{
    if (s->state == ATC_SESSION_CONNECTED)
        return ATC_CAUSE_OCCUPIED;
    if (s->state != ATC_SESSION_IDLE && s->state != ATC_SESSION_LOST)
        return ATC_CAUSE_IN_PROGRESS;
    if (!atc_engine_attached(e))
        return ATC_CAUSE_NO_NETWORK;
    if ((e->pdp_defined >> s->pdp & 1u) == 0)
        return ATC_CAUSE_PDP;
    return ATC_OK;
}

static bool keep_name(struct atc_engine *e, struct atc_session *s, struct atc_span name)
{
    const uint8_t block = atc_net_keep_text(e, name);

    if (block == ATC_NO_BLOCK)
        return false;
    forget_name(e, s);
    s->name = block;
    return true;
}

uint8_t atc_verb_find(struct atc_engine *e, unsigned session, struct atc_span name)
{
    if (!keep_name(e, &e->session[session], name))
        return ATC_CAUSE_MEMORY;
    (void)atc_engine_order(e, ATC_ORDER_RESOLVE, session, ATC_GIVER_COMMAND, (uint8_t)session);
    return ATC_WAIT;
}

uint8_t atc_verb_found(struct atc_engine *e, unsigned session, struct atc_addr *peer)
{
    const uint16_t port = peer->port;

    forget_name(e, &e->session[session]);
    if (e->run.result != ATC_OK)
        return ATC_CAUSE_PARAMETER;
    *peer = e->sending.peer;
    peer->port = port;
    return ATC_OK;
}

/* Connect to an address, or ask for the address of a name. */
static void find_server(struct atc_engine *e, unsigned session)
{
    struct atc_session *s = &e->session[session];

    if (atc_text_addr(&s->peer, atc_pool_span(&e->pool, s->name))) {
        connect_server(e, session);
        return;
    }
    atc_session_move(e, session, ATC_SESSION_OPENING);
    order_session(e, session, ATC_ORDER_RESOLVE);
}

/* Source: D-63. */
static uint32_t open_max_ms(const struct atc_engine *e, const struct atc_session *s)
{
    const uint32_t negotiate_ms = e->ssl[s->dtls_context].negotiate_s * 1000u;

    return s->dtls && negotiate_ms < OPEN_MAX_MS ? negotiate_ms : OPEN_MAX_MS;
}

uint8_t atc_verb_open(struct atc_engine *e, unsigned session, const struct atc_arg *server,
                      uint16_t port)
{
    struct atc_session *s = &e->session[session];
    const enum atc_cause cause = check_open(e, s);

    if (cause == ATC_CAUSE_OCCUPIED || cause == ATC_CAUSE_IN_PROGRESS)
        atc_engine_remark(e, session, ATC_REMARK_OPEN_TWICE, 0);
    if (cause != ATC_OK) {
        report_open(e, session, cause);
        return ATC_OK;
    }
    if (!keep_name(e, s, server->text)) {
        report_open(e, session, ATC_CAUSE_MEMORY);
        return ATC_OK;
    }
    atc_net_end_all(e, session, false);
    e->pdp_active |= 1u << s->pdp;
    memset(&s->peer, 0, sizeof s->peer);
    s->peer.port = port;
    s->port = port;
    atc_timer_set(&e->timers, ATC_TIMER_SESSION + session, e->now_ms + open_max_ms(e, s));
    s->secure = s->dtls;
    if (s->secure && e->ssl[s->dtls_context].dtls == 0)
        atc_engine_remark(e, session, ATC_REMARK_DTLS_UNSET, 0);
    if (s->secure) {
        atc_session_move(e, session, ATC_SESSION_OPENING);
        order_session(e, session, ATC_ORDER_FILE);
    } else {
        find_server(e, session);
    }
    return ATC_OK;
}

void atc_verb_key(struct atc_engine *e, unsigned session, enum atc_cause cause, struct atc_span key,
                  uint32_t size)
{
    struct atc_session *s = &e->session[session];

    ATC_ASSERT(s->state == ATC_SESSION_OPENING);
    if (cause == ATC_OK && (size > key.len || !atc_files_keep_key(e, s, key)))
        cause = ATC_CAUSE_PARAMETER; /* malformed */
    if (cause == ATC_OK) {
        find_server(e, session);
        return;
    }
    atc_engine_trace(e, ATC_TRACE_RESULT, session, ATC_ORDER_FILE, cause, 0);
    fail_open(e, session, ATC_CAUSE_DTLS);
}

void atc_verb_resolved(struct atc_engine *e, unsigned session, enum atc_cause cause,
                       const struct atc_addr *addr)
{
    struct atc_session *s = &e->session[session];

    ATC_ASSERT(s->state == ATC_SESSION_OPENING);
    if (cause != ATC_OK) {
        fail_open(e, session, ATC_CAUSE_NAME);
        return;
    }
    s->peer = *addr;
    s->peer.port = s->port;
    connect_server(e, session);
}

void atc_verb_opened(struct atc_engine *e, unsigned session, enum atc_cause cause)
{
    if (e->session[session].state != ATC_SESSION_CONNECTING)
        return;
    if (cause != ATC_OK) {
        fail_open(e, session, cause == ATC_CAUSE_DTLS ? ATC_CAUSE_DTLS : ATC_CAUSE_SOCKET);
        return;
    }
    atc_timer_stop(&e->timers, ATC_TIMER_SESSION + session);
    forget_key(e, &e->session[session]);
    atc_session_move(e, session, ATC_SESSION_CONNECTED);
    report_open(e, session, ATC_OK);
}

void atc_verb_open_timeout(struct atc_engine *e, unsigned session)
{
    const struct atc_session *s = &e->session[session];
    const bool no_key = s->secure && s->key == ATC_NO_BLOCK;

    if (s->state == ATC_SESSION_OPENING && !no_key)
        fail_open(e, session, ATC_CAUSE_NAME);
    else
        fail_open(e, session, s->secure ? ATC_CAUSE_DTLS : ATC_CAUSE_SOCKET);
}

void atc_verb_lost(struct atc_engine *e, unsigned session)
{
    const struct atc_session *s = &e->session[session];

    if (s->state == ATC_SESSION_OPENING || s->state == ATC_SESSION_CONNECTING) {
        fail_open(e, session, ATC_CAUSE_NO_NETWORK);
        return;
    }
    if (s->state != ATC_SESSION_CONNECTED)
        return;
    atc_net_end_all(e, session, true);
    order_close(e, session);
    atc_session_move(e, session, ATC_SESSION_LOST);
}

uint8_t atc_verb_close(struct atc_engine *e, unsigned session)
{
    const struct atc_urc_facts facts = {.session = (uint8_t)session};
    const struct atc_session *s = &e->session[session];

    if (s->state == ATC_SESSION_IDLE)
        return ATC_CAUSE_NOT_ALLOWED;
    if (s->state == ATC_SESSION_OPENING || s->state == ATC_SESSION_CONNECTING)
        report_open(e, session, ATC_CAUSE_NOT_ALLOWED);
    atc_net_end_all(e, session, true);
    disconnect(e, session);
    forget_all(e, session);
    atc_urc_print(e, ATC_URC_CLOSED, &facts);
    return ATC_OK;
}

void atc_verb_params(struct atc_engine *e, unsigned session, uint32_t ack_timeout_ms,
                     uint8_t max_retransmit)
{
    e->messages.endpoint[session].params = atc_params(ack_timeout_ms, max_retransmit);
}

void atc_verb_reset_all(struct atc_engine *e)
{
    const struct atc_settings *set = &e->cfg.settings;
    const struct atc_dialect *d = e->cfg.dialect;

    for (unsigned i = 0; i < d->session_count; i++) {
        struct atc_session *s = &e->session[i];

        disconnect(e, i);
        forget_all(e, i);
        s->pdp = 1;
        s->dtls = false;
        s->dtls_context = 0;
        atc_verb_params(e, i, set->ack_timeout_ms != 0 ? set->ack_timeout_ms : d->ack_timeout_ms,
                        set->max_retransmit != 255 ? set->max_retransmit : d->max_retransmit);
    }
    forget_resources(e);
    e->show_address = false;
    e->show_options = false;
}
