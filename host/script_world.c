/* SPDX-License-Identifier: MIT */
#include "script_world.h"

#include <string.h>

#include "addr.h"
#include "dialects.h"
#include "log.h"
#include "script_seen.h"
#include "status.h"
#include "verb.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Datagrams on their way at once: those that the link or an N! has delayed. */
#define FLIGHT_MAX 128

/* The stream of the seed that belongs to the serial line; the modem has 0, its link 1. */
enum { UART_STREAM = 2 };

/* Who speaks when a transcript does not say, and what every name means. */
#define DEFAULT_ADDRESS "192.0.2.1"
#define DEFAULT_PORT    5683

/* --- what the modem does ---------------------------------------------------------------------- */

static struct script_item *add_item(struct script_world *w, const struct atc_order *order)
{
    struct script_item *item = script_output_add(w->output);
    item->session = order->session;
    item->addr = order->peer;
    return item;
}

static void describe(struct script_buf *out, const struct atc_order *order)
{
    char addr[ADDR_TEXT_MAX];
    addr_text(addr, &order->peer);
    switch (order->kind) {
    case ATC_ORDER_BIND:
        script_buf_format(out, "bind %u", order->peer.port);
        return;
    case ATC_ORDER_OPEN:
        script_buf_format(out, "open id=%u %s%s", order->session, addr,
                          order->security != ATC_SECURITY_NONE ? " dtls" : "");
        return;
    case ATC_ORDER_CLOSE:
        script_buf_format(out, "close id=%u", order->session);
        return;
    case ATC_ORDER_RESOLVE:
        script_buf_text(out, "resolve \"");
        script_escape(out, order->data, order->len, SCRIPT_LINE);
        script_buf_text(out, "\"");
        return;
    case ATC_ORDER_RADIO:
        script_buf_format(out, "radio %u", order->offset);
        return;
    case ATC_ORDER_PING:
        script_buf_format(out, "ping %s", addr);
        return;
    case ATC_ORDER_UART:
        script_buf_format(out, "uart %u", order->offset);
        return;
    case ATC_ORDER_FILE:
    case ATC_ORDER_SEND:
        return; /* no order that is listed */
    }
}

static bool is_answered(enum atc_order_kind kind)
{
    return kind != ATC_ORDER_CLOSE && kind != ATC_ORDER_UART;
}

static void remember(struct script_world *w, const struct atc_order *order)
{
    for (size_t i = 0; i < SCRIPT_PENDING_MAX; i++) {
        struct script_pending *p = &w->pending[i];
        if (p->used)
            continue;
        p->used = true;
        p->kind = order->kind;
        p->id = order->id;
        p->session = order->session;
        p->port = order->kind == ATC_ORDER_BIND ? order->peer.port : 0;
        return;
    }
}

/* Take the order over, or let the world carry it out. */
static bool on_order(void *ctx, size_t modem, const struct atc_order *order)
{
    struct script_world *w = ctx;
    (void)modem;
    if (order->kind == ATC_ORDER_SEND) {
        script_buf_add(&add_item(w, order)->data, order->data, order->len);
        return false;
    }
    if (order->kind == ATC_ORDER_OPEN) {
        w->peer[order->session] = order->peer;
        w->output->last = (struct script_where){true, true, order->session, order->peer};
    }
    if (order->kind == ATC_ORDER_RADIO && order->offset == ATC_RADIO_RESTART)
        sim_uart_boot(&w->uart, w->world.now_ms);
    if (!w->orders || order->kind == ATC_ORDER_FILE)
        return false;
    struct script_item *item = add_item(w, order);
    item->is_order = true;
    describe(&item->data, order);
    if (is_answered(order->kind))
        remember(w, order);
    return is_answered(order->kind);
}

static bool is_secret(const struct script_world *w)
{
    return atc_is_secret(sim_world_modem(&w->world, 0));
}

/* The TE reads that. */
static void hear(struct script_world *w, const uint8_t *data, size_t len)
{
    record_module(w->record, data, len, w->hidden);
    script_buf_add(&w->output->te, data, len);
}

static bool has_room(void *ctx, size_t modem, size_t len)
{
    const struct script_world *w = ctx;
    (void)modem;
    return sim_uart_has_room(&w->uart, len);
}

static void note_said(struct script_said *said, bool urc, const uint8_t *data, size_t len)
{
    if (said == NULL)
        return;
    script_buf_add(urc ? &said->urcs : &said->replies, data, len);
    if (urc)
        script_buf_add(&said->lengths, &len, sizeof len);
}

static void on_te(void *ctx, size_t modem, const uint8_t *data, size_t len)
{
    struct script_world *w = ctx;
    const bool urc = atc_te_is_urc(sim_world_modem(&w->world, modem));
    w->hidden = w->hidden || is_secret(w);
    note_said(w->said, urc, data, len);
    if (sim_uart_is_plain(&w->uart))
        hear(w, data, len);
    else
        (void)sim_uart_say(&w->uart, urc, data, len, w->world.now_ms);
}

static void on_trace(void *ctx, size_t modem, const struct atc_trace *record)
{
    struct script_world *w = ctx;
    (void)modem;
    script_seen(w->dialect, record);
    record_trace(w->record, record);
    lint_trace(&w->lint, record);
}

static void on_verdict(void *ctx, size_t owner, const struct sim_verdict *verdict)
{
    struct script_world *w = ctx;
    struct record_end end = {.secured = false}; /* there is no DTLS in this world */
    (void)owner;
    if (w->record == NULL)
        return;
    (void)sim_world_address(&w->world, 0, verdict->session, &end.local);
    record_verdict(w->record, verdict, &end);
}

static void on_found(void *ctx, const struct lint_finding *finding)
{
    struct script_world *w = ctx;
    script_buf_format(&w->found, "lint %u %s\n", finding->line, lint_name(finding->kind));
    record_finding(w->record, finding);
}

/* --- what the transcript does ----------------------------------------------------------------- */

/* What has come through the serial line, and what the module has to say once there is room. */
static void hear_all(struct script_world *w)
{
    sim_uart_settle(&w->uart, w->world.now_ms);
    for (size_t len = 1; len > 0;) {
        const uint8_t *data = sim_uart_said(&w->uart, &len, w->world.now_ms);
        if (len == 0)
            return;
        hear(w, data, len);
        sim_uart_said_drop(&w->uart, len, w->world.now_ms);
        sim_world_te_drop(&w->world, 0, 0);
    }
}

static const char *settle(struct script_world *w)
{
    sim_world_run(&w->world, w->world.now_ms);
    hear_all(w);
    lint_tick(&w->lint, w->world.now_ms);
    w->hidden = is_secret(w) || (w->hidden && !sim_uart_is_empty(&w->uart));
    record_read(w->record);
    return w->world.stuck ? "the module is due for ever and the clock cannot move" : NULL;
}

static size_t write_modem(void *ctx, const uint8_t *data, size_t len)
{
    struct script_world *w = ctx;
    const size_t taken = sim_world_te_write(&w->world, 0, data, len);
    record_taken(w->record, data, taken);
    return taken;
}

/* Returns how many bytes the modem took. */
static size_t offer(struct script_world *w, const uint8_t *data, size_t len)
{
    return lint_type(&w->lint, data, len, len, write_modem, w);
}

static void cut_input(struct script_world *w, size_t n)
{
    w->input.len -= n;
    if (w->input.len > 0)
        memmove(w->input.data, w->input.data + n, w->input.len);
}

static void reset_modem(struct script_world *w)
{
    struct atc_event event;
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_RESET;
    sim_world_event(&w->world, 0, &event);
}

/* Through the serial line, as far as it goes. */
static void feed_line(struct script_world *w)
{
    size_t len = 0, taken = 1;
    while (taken > 0) {
        cut_input(w, sim_uart_type(&w->uart, (const uint8_t *)w->input.data, w->input.len));
        const uint8_t *data = sim_uart_typed(&w->uart, &len);
        taken = len > 0 ? offer(w, data, len) : 0;
        sim_uart_typed_drop(&w->uart, taken);
        if (sim_uart_reboots(&w->uart, w->world.now_ms))
            reset_modem(w);
        hear_all(w);
    }
}

/* Offer what the modem did not take before. */
static void feed(struct script_world *w)
{
    if (sim_uart_is_plain(&w->uart))
        cut_input(w, offer(w, (const uint8_t *)w->input.data, w->input.len));
    else
        feed_line(w);
}

static const char *write_te(void *ctx, const void *data, size_t len)
{
    struct script_world *w = ctx;
    const bool secret = atc_is_secret_input(sim_world_modem(&w->world, 0), data, len);
    script_buf_add(&w->input, data, len);
    record_te(w->record, data, len, secret);
    w->hidden = w->hidden || secret;
    feed(w);
    return settle(w);
}

/* With input left, every moment something happens: it may be taken then. And what the line does by
 * itself. */
static uint64_t next_stop_ms(const struct script_world *w)
{
    const bool waits = w->input.len + w->uart.in_len > 0;
    const uint64_t world_ms = waits ? sim_world_deadline_ms(&w->world) : ATC_NEVER;
    const uint64_t line_ms = sim_uart_deadline_ms(&w->uart);
    return line_ms < world_ms ? line_ms : world_ms;
}

static const char *advance(void *ctx, uint64_t time_ms)
{
    struct script_world *w = ctx;
    const uint64_t until_ms = w->world.now_ms + time_ms;
    while (!w->world.stuck && next_stop_ms(w) <= until_ms) {
        sim_world_run(&w->world, next_stop_ms(w));
        feed(w);
        (void)settle(w);
    }
    sim_world_run(&w->world, until_ms);
    return settle(w);
}

/* All that would come without time passing has come. */
static bool more(void *ctx, bool expected)
{
    (void)ctx;
    (void)expected;
    return false;
}

static const char *deliver_multicast(struct script_world *w, const void *data, size_t len)
{
    struct atc_event event;
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_DATAGRAM;
    event.multicast = true;
    event.session = w->output->last.session;
    event.peer = w->output->last.addr;
    event.data = data;
    event.len = len;
    w->multicast = false;
    sim_world_event(&w->world, 0, &event);
    return settle(w);
}

static const char *deliver(void *ctx, const struct script_where *where, const void *data,
                           size_t len)
{
    struct script_world *w = ctx;
    struct script_where *last = &w->output->last;
    if (where->has_session && where->session != last->session) {
        last->session = where->session;
        last->addr = w->peer[where->session];
    }
    if (where->has_addr)
        last->addr = where->addr;
    last->has_session = true;
    last->has_addr = true;
    if (w->multicast)
        return deliver_multicast(w, data, len);
    sim_world_datagram(&w->world, 0, last->session, &last->addr, data, len);
    return settle(w);
}

static struct script_pending *find_pending(struct script_world *w, enum atc_order_kind kind)
{
    for (size_t i = 0; i < SCRIPT_PENDING_MAX; i++)
        if (w->pending[i].used && w->pending[i].kind == kind)
            return &w->pending[i];
    return NULL;
}

static const char *answer(struct script_world *w, struct script_pending *p, struct atc_event *event)
{
    event->order = p->id;
    p->used = false;
    if (event->cause == ATC_OK && (p->kind == ATC_ORDER_BIND || p->kind == ATC_ORDER_OPEN))
        sim_world_listen(&w->world, 0, p->session, p->port);
    sim_world_event(&w->world, 0, event);
    return settle(w);
}

/* "done open", "done open pdp" */
static const char *act_done(struct script_world *w, struct script_span rest)
{
    struct atc_event event;
    enum atc_order_kind kind = ATC_ORDER_FILE;
    const bool named = verb_order(script_span_word(&rest), &kind);
    struct script_pending *p = named ? find_pending(w, kind) : NULL;
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_DONE;
    if (p == NULL)
        return "done and the name of an order that waits for it: bind, open, resolve, radio, ping";
    if (!verb_cause(script_span_word(&rest), ATC_OK, &event.cause))
        return "no such cause: no-network, pdp, name, socket, dtls, send, memory, unsupported";
    return answer(w, p, &event);
}

/* "resolved 192.0.2.7" */
static const char *act_resolved(struct script_world *w, struct script_span rest)
{
    char text[ADDR_TEXT_MAX];
    struct atc_event event;
    struct script_pending *p = find_pending(w, ATC_ORDER_RESOLVE);
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_RESOLVED;
    if (p == NULL || rest.len >= sizeof text)
        return "no name is being resolved";
    memcpy(text, rest.text, rest.len);
    text[rest.len] = '\0';
    if (!addr_parse(&event.peer, text))
        return "resolved and an address";
    return answer(w, p, &event);
}

static const char *act_multicast(struct script_world *w, struct script_span rest)
{
    (void)rest;
    w->multicast = true;
    return NULL;
}

/* The program around a module ignores ICMP errors (docs/porting.md), and so do we. */
static const char *act_icmp(struct script_world *w, struct script_span rest)
{
    (void)w;
    return rest.len == 0 ? NULL : "icmp takes nothing more";
}

/* What only a transcript can say; the rest is verb.c's. */
static const struct {
    const char *word;
    const char *(*act)(struct script_world *w, struct script_span rest);
} acts[] = {
    {"multicast", act_multicast},
    {"icmp", act_icmp},
    {"done", act_done},
    {"resolved", act_resolved},
};

static const char *on_verb_event(void *ctx, const struct atc_event *event)
{
    struct script_world *w = ctx;
    sim_world_event(&w->world, 0, event);
    return settle(w);
}

static const char *on_verb_link(void *ctx, const struct sim_link_config *config)
{
    struct script_world *w = ctx;
    if (config != NULL)
        sim_world_link_config(&w->world, 0, config);
    return settle(w);
}

static const char *on_verb_uart(void *ctx, const struct sim_uart_config *config)
{
    struct script_world *w = ctx;
    if (config != NULL)
        sim_uart_config(&w->uart, config, w->world.now_ms);
    feed(w);
    return settle(w);
}

static void on_verb_fail(void *ctx, enum atc_order_kind kind, enum atc_cause cause)
{
    struct script_world *w = ctx;
    sim_world_fail_next(&w->world, 0, kind, cause);
}

static const char *act(void *ctx, struct script_span text)
{
    struct script_world *w = ctx;
    struct script_span rest = text;
    const struct script_span word = script_span_word(&rest);
    struct verb_target target = {.ctx = w,
                                 .link = sim_world_link(&w->world, 0),
                                 .uart = &w->uart,
                                 .network = *sim_world_network(&w->world, 0),
                                 .cell = &w->cell,
                                 .session = w->output->last.session,
                                 .event = on_verb_event,
                                 .set_link = on_verb_link,
                                 .set_uart = on_verb_uart,
                                 .fail_next = on_verb_fail};
    (void)script_span_skip(&rest, " ");
    for (size_t i = 0; i < COUNT(acts); i++)
        if (script_span_is(word, acts[i].word))
            return acts[i].act(w, rest);
    return verb_act(&target, text);
}

/* --- start and end ---------------------------------------------------------------------------- */

static void set_names(struct script_world *w, const struct script_setup *setup)
{
    for (size_t i = 0; i < setup->name_count; i++)
        w->names[i] = (struct sim_name){setup->names[i].name, setup->names[i].addr};
    w->names[setup->name_count].name = NULL;
    (void)addr_parse(&w->names[setup->name_count].addr, DEFAULT_ADDRESS);
}

static const char *set_files(struct script_world *w, const struct script_setup *setup)
{
    const char *why = NULL;
    struct script_buf content = {NULL, 0, 0};
    const struct script_vars none = {NULL, 0, 0, false};
    sim_store_init(&w->store, SIM_STORE_BYTES);
    for (size_t i = 0; i < setup->file_count && why == NULL; i++) {
        const struct script_file *f = &setup->files[i];
        content.len = 0;
        why = f->hex ? script_unhex(f->content, &content)
                     : script_expand(f->content, 0, &none, &content);
        if (why == NULL &&
            !sim_store_put(&w->store, f->name, (const uint8_t *)content.data, content.len))
            why = "the file does not fit into the module's store";
    }
    script_buf_free(&content);
    return why;
}

static const char *set_kept(struct script_world *w, const struct script_setup *setup)
{
    const char *why = NULL;
    struct script_buf content = {NULL, 0, 0};
    const struct script_vars none = {NULL, 0, 0, false};
    for (size_t i = 0; i < setup->kept_count && why == NULL; i++) {
        why = script_expand(setup->kept[i], 0, &none, &content);
        script_buf_text(&content, "\n");
    }
    if (why == NULL && setup->kept_count > 0 &&
        !sim_store_keep(&w->store, (const uint8_t *)content.data, content.len))
        why = "the kept values do not fit into the module's store";
    script_buf_free(&content);
    return why;
}

static uint64_t record_clock_us(void *ctx)
{
    const struct script_world *w = ctx;
    return w->world.now_ms * 1000u;
}

/* Times count from 1970, when every virtual world began. */
static bool open_record(struct script_world *w, const struct script_setup *setup)
{
    const struct record_config config = {.path = w->out,
                                         .link = *setup->link_text != '\0' ? setup->link_text
                                                                           : NULL,
                                         .dialect = dialects_name(setup->dialect),
                                         .seed = setup->seed,
                                         .seeded = true,
                                         .speed = RECORD_REAL_TIME,
                                         .settings = &setup->settings,
                                         .clock_us = record_clock_us,
                                         .ctx = w,
                                         .say = log_note};
    if (w->out != NULL)
        w->record = record_open(&config);
    return w->out == NULL || w->record != NULL;
}

static const char *start(void *ctx, const struct script_setup *setup, struct script_output *output)
{
    struct script_world *w = ctx;
    struct atc_config modem;
    struct sim_world_config config;
    const char *out = w->out;
    struct script_said *said = w->said;
    memset(w, 0, sizeof *w);
    w->out = out;
    w->said = said;
    memset(&modem, 0, sizeof modem);
    memset(&config, 0, sizeof config);
    w->output = output;
    lint_start(&w->lint);
    w->lint.found = on_found;
    w->lint.ctx = w;
    w->dialect = setup->dialect;
    w->orders = setup->orders;
    w->cell = atc_cell_default;
    (void)addr_parse(&w->output->last.addr, DEFAULT_ADDRESS);
    w->output->last.addr.port = DEFAULT_PORT;
    sim_uart_init(&w->uart, setup->seed, UART_STREAM, 0);
    sim_uart_config(&w->uart, &setup->uart, 0);
    sim_uart_boot(&w->uart, 0);
    set_names(w, setup);
    modem.dialect = setup->dialect;
    modem.settings = setup->settings;
    modem.model = setup->model;
    modem.imei = *setup->imei != '\0' ? setup->imei : NULL;
    modem.imsi = *setup->imsi != '\0' ? setup->imsi : NULL;
    modem.keep = true;
    config.modem = &modem;
    config.modem_count = 1;
    config.stores = &w->store;
    config.names = w->names;
    config.name_count = setup->name_count + 1u;
    config.flight_max = FLIGHT_MAX;
    config.seed = setup->seed;
    config.hooks = (struct sim_hooks){.ctx = w,
                                      .order = on_order,
                                      .te = on_te,
                                      .te_room = has_room,
                                      .trace = on_trace,
                                      .verdict = on_verdict};
    const char *why = set_files(w, setup);
    if (why == NULL)
        why = set_kept(w, setup);
    if (why == NULL && !open_record(w, setup))
        why = "it cannot be recorded";
    if (why == NULL && sim_world_open(&w->world, &config) != 0)
        why = "the module cannot be started";
    if (why == NULL) {
        sim_world_link_config(&w->world, 0, &setup->link);
        hear_all(w);
    }
    return why;
}

static const char *end(void *ctx)
{
    struct script_world *w = ctx;
    const bool untaken = w->input.len + w->uart.in_len > 0;
    if (w->record != NULL && w->world.nodes != NULL)
        w->last = *sim_world_modem(&w->world, 0);
    sim_world_close(&w->world);
    script_buf_free(&w->input);
    return untaken ? "the module did not take all that was typed" : NULL;
}

void script_world_flush(struct script_world *w)
{
    sim_uart_flush(&w->uart);
    hear_all(w);
}

int script_world_end_record(struct script_world *w, int status)
{
    record_reason(w->record,
                  status == STATUS_GOOD ? "the transcript passed" : "the transcript failed");
    status = record_close(w->record, &w->last, &w->lint, status);
    w->record = NULL;
    return status;
}

void script_world_target(struct script_world *world, const char *out, struct script_target *target)
{
    world->out = out;
    world->said = NULL;
    world->record = NULL;
    *target = (struct script_target){
        .networked = true,
        .ctx = world,
        .start = start,
        .end = end,
        .write = write_te,
        .advance = advance,
        .more = more,
        .datagram = deliver,
        .act = act,
    };
}
