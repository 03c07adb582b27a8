/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include <signal.h>
#include <string.h>
#include <time.h>

/* The stream of the seed that belongs to the serial line; the module has 0, the link 1. */
enum { UART_STREAM = 2 };

static uint64_t now_ms(const struct loop *loop)
{
    return clock_now_ms(&loop->clock);
}

static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    struct loop *loop = ctx;

    return entropy_fill(&loop->entropy, buf, len);
}

/* An OPEN with DTLS has no key. */
static void say_key_trouble(const struct atc_trace *record)
{
    if (record->to == ATC_CAUSE_FILE_MISSING)
        log_note("client %u: no DTLS without a key: there is no file "
                 "\"<DTLS_contextID>_server.psk\"; write one with AT+QFUPL",
                 record->session);
    if (record->to == ATC_CAUSE_PARAMETER)
        log_note("client %u: no DTLS without a key: the file \"<DTLS_contextID>_server.psk\" is "
                 "not identity&key",
                 record->session);
}

static void on_trace(void *ctx, const struct atc_trace *record)
{
    struct loop *loop = ctx;

    if (record->kind == ATC_TRACE_LINE)
        loop->running_line = strcmp(atc_line_state_name(record->to), "busy") == 0;
    if (record->kind == ATC_TRACE_RESULT && record->from == ATC_ORDER_FILE)
        say_key_trouble(record);
    log_trace(&loop->log, record);
    record_trace(loop->record, record);
    lint_trace(&loop->lint, record);
}

/* The lint has something to say. */
static void on_found(void *ctx, const struct lint_finding *finding)
{
    struct loop *loop = ctx;

    log_detail(&loop->log, "lint: %sline %lu: %s (%s)", finding->after ? "after " : "",
               (unsigned long)finding->line, lint_name(finding->kind),
               lint_rule(finding->kind)->source);
    record_finding(loop->record, finding);
}

/* Bytes from the modem to the TE. Returns whether any went. */
static size_t write_port(struct loop *loop, const uint8_t *data, size_t len)
{
    const size_t sent = port_write(&loop->port, data, len);

    log_te(&loop->log, LOG_OUT, data, sent, loop->hidden);
    record_module(loop->record, data, sent, loop->hidden);
    return sent;
}

static bool drain_output(struct loop *loop)
{
    size_t len = 0, sent = 0;
    const uint8_t *data = atc_te_peek(&loop->modem, &len);
    const bool all_read = len == 0 && sim_uart_is_empty(&loop->uart);

    loop->hidden = (loop->hidden && !all_read) || atc_is_secret(&loop->modem);
    if (all_read)
        record_read(loop->record);
    if (len == 0)
        return false;
    if (sim_uart_is_plain(&loop->uart))
        sent = write_port(loop, data, len);
    else if (sim_uart_say(&loop->uart, atc_te_is_urc(&loop->modem), data, len, now_ms(loop)))
        sent = len;
    atc_te_drop(&loop->modem, sent);
    return sent != 0;
}

/* What has come through a serial line with faults. Returns whether the module may have room for more. */
static bool drain_line(struct loop *loop)
{
    size_t len = 0, sent = 0;
    const uint8_t *data = NULL;

    if (sim_uart_is_plain(&loop->uart))
        return false;
    sim_uart_settle(&loop->uart, now_ms(loop));
    data = sim_uart_said(&loop->uart, &len, now_ms(loop));
    sent = len > 0 ? write_port(loop, data, len) : 0;
    sim_uart_said_drop(&loop->uart, sent, now_ms(loop));
    return sent != 0;
}

/* The length of the first line, or of everything if none ends. Any control byte may end one: an LF
 * does, and ATS3 makes others do so; A/ ends by itself. */
static size_t line_len(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] < 0x20 || (data[i] == '/' && i <= 1))
            return i + 1;
    }
    return len;
}

/* A byte at a time: lint_type() sees to it, and a record needs to know which one ends a line. */
static size_t write_modem(void *ctx, const uint8_t *data, size_t len)
{
    struct loop *loop = ctx;
    const size_t taken = atc_te_write(&loop->modem, data, len, now_ms(loop));

    record_taken(loop->record, data, taken);
    return taken;
}

/* Show what the modem is offered for the first time. */
static void show_input(struct loop *loop, const uint8_t *data, size_t len, bool secret)
{
    if (len <= loop->shown)
        return;
    log_te(&loop->log, LOG_IN, data + loop->shown, len - loop->shown, secret);
    record_te(loop->record, data + loop->shown, len - loop->shown, secret);
}

/* The module sleeps, and its UART with it. */
static void lose_input(struct loop *loop, size_t len)
{
    log_detail(&loop->log, "link: the module sleeps, %zu bytes typed at it are lost", len);
    record_note(loop->record, "the module sleeps: %zu bytes typed at it are lost", len);
    loop->shown = 0;
}

/* Bytes from the TE to the modem, a line at a time: behind each the modem may say that what follows
 * is the content of a file, which is not for the log. Returns how many are done with. */
static size_t feed(struct loop *loop, const uint8_t *data, size_t waiting)
{
    const size_t len = line_len(data, waiting);
    const bool secret = atc_is_secret_input(&loop->modem, data, len);
    size_t taken = 0;

    if (waiting == 0)
        return 0;
    if (air_is_deaf(&loop->air)) {
        lose_input(loop, waiting);
        return waiting;
    }
    while (secret != loop->hidden && drain_output(loop)) {
    } /* what was said before is shown or hidden for itself */
    show_input(loop, data, len, secret);
    taken = lint_type(&loop->lint, data, len, waiting, write_modem, loop);
    loop->shown = len - taken;
    loop->hidden = loop->hidden || secret;
    return taken;
}

/* The same through a serial line with faults. Returns whether anything went on. */
static bool feed_line(struct loop *loop)
{
    const struct atc_event reset = {.kind = ATC_EVENT_RESET};
    size_t waiting = 0, taken = 0;
    const uint8_t *data = port_peek(&loop->port, &waiting);
    const size_t typed = sim_uart_type(&loop->uart, data, waiting);

    port_drop(&loop->port, typed);
    data = sim_uart_typed(&loop->uart, &waiting);
    taken = feed(loop, data, waiting);
    sim_uart_typed_drop(&loop->uart, taken);
    if (!sim_uart_reboots(&loop->uart, now_ms(loop)))
        return typed + taken != 0;
    log_detail(&loop->log, "uart: the module restarts by itself");
    record_note(loop->record, "the module restarts by itself");
    loop->shown = 0;
    atc_event(&loop->modem, &reset, now_ms(loop));
    return true;
}

static bool feed_input(struct loop *loop)
{
    size_t waiting = 0, taken = 0;
    const uint8_t *data = port_peek(&loop->port, &waiting);

    if (!sim_uart_is_plain(&loop->uart))
        return feed_line(loop);
    taken = feed(loop, data, waiting);
    port_drop(&loop->port, taken);
    return taken != 0;
}

static void answer(struct loop *loop, uint32_t order, enum atc_cause cause)
{
    const struct atc_event done = {.kind = ATC_EVENT_DONE, .order = order, .cause = cause};

    atc_event(&loop->modem, &done, now_ms(loop));
}

static void use_store(struct loop *loop, const struct atc_order *order)
{
    struct atc_event done = {.order = order->id};

    if (loop->folder != NULL)
        store_order(loop->folder, order, &done);
    else
        sim_store_order(&loop->memory, order, &done);
    atc_event(&loop->modem, &done, now_ms(loop));
}

/* Returns whether it is done, with its cause. */
static bool open_client(struct loop *loop, const struct atc_order *order, enum atc_cause *cause)
{
    if (secure_owns(&loop->secure, order->session))
        secure_close(&loop->secure, order->session, now_ms(loop));
    if (order->security == ATC_SECURITY_NONE) {
        *cause = udp_open(&loop->udp, order);
        return true;
    }
    *cause = secure_open(&loop->secure, order, now_ms(loop));
    return *cause != ATC_OK;
}

/* As above. */
static bool send_datagram(struct loop *loop, const struct atc_order *order, enum atc_cause *cause)
{
    if (!secure_owns(&loop->secure, order->session))
        return udp_send(&loop->udp, order, cause);
    *cause = secure_send(&loop->secure, order, now_ms(loop));
    return true;
}

static void close_client(struct loop *loop, unsigned session)
{
    if (secure_owns(&loop->secure, session))
        secure_close(&loop->secure, session, now_ms(loop));
    else
        udp_close(&loop->udp, session);
}

static void note_peer(struct loop *loop, const struct atc_order *order)
{
    if (order->kind != ATC_ORDER_SEND && order->kind != ATC_ORDER_OPEN)
        return;
    loop->last_session = order->session;
    loop->peer[order->session] = order->peer;
}

/* Whether somebody has asked for it to fail. */
static bool is_doomed(struct loop *loop, enum atc_order_kind kind, enum atc_cause *cause)
{
    *cause = loop->fail[kind];
    loop->fail[kind] = ATC_OK;
    return *cause != ATC_OK;
}

static void carry_out(struct loop *loop, const struct atc_order *order)
{
    const uint32_t id = order->id; /* order is gone after the next call */
    enum atc_cause cause = ATC_CAUSE_UNSUPPORTED;

    note_peer(loop, order);
    if (is_doomed(loop, order->kind, &cause)) {
        answer(loop, id, cause);
        return;
    }
    cause = ATC_CAUSE_UNSUPPORTED;
    switch (order->kind) {
    case ATC_ORDER_OPEN:
        if (!open_client(loop, order, &cause))
            return;
        break;
    case ATC_ORDER_BIND:
        cause = udp_open(&loop->udp, order);
        break;
    case ATC_ORDER_SEND:
        if (!send_datagram(loop, order, &cause))
            return;
        break;
    case ATC_ORDER_RESOLVE:
        if (resolve_ask(&loop->resolve, order))
            return;
        cause = ATC_CAUSE_NAME;
        break;
    case ATC_ORDER_CLOSE:
        close_client(loop, order->session);
        return;
    case ATC_ORDER_UART:
        if (loop->set_speed != NULL)
            loop->set_speed(loop->ctx, order->offset);
        return;
    case ATC_ORDER_FILE:
        use_store(loop, order);
        return;
    case ATC_ORDER_PING:
        cause = ping_send(&loop->ping, order);
        if (cause == ATC_OK)
            return; /* the answer is on its way, or lost */
        break;
    case ATC_ORDER_RADIO:
        if (order->offset == ATC_RADIO_RESTART)
            sim_uart_boot(&loop->uart, now_ms(loop));
        break;
    }
    answer(loop, id, cause);
}

static bool carry_out_next(struct loop *loop)
{
    struct atc_order order;

    if (!atc_order_next(&loop->modem, &order))
        return false;
    carry_out(loop, &order);
    return true;
}

/* What DTLS has to tell the modem. Returns whether there was anything. */
static bool take_secured(struct loop *loop)
{
    struct atc_event event;

    secure_tick(&loop->secure, now_ms(loop));
    if (!secure_next(&loop->secure, &event))
        return false;
    atc_event(&loop->modem, &event, now_ms(loop));
    return true;
}

static void on_timer(uv_timer_t *timer);

/* Bytes that the port has no room for are due when it has. */
static uint64_t line_deadline_ms(const struct loop *loop)
{
    const uint64_t at_ms = sim_uart_deadline_ms(&loop->uart);
    const bool blocked = loop->port.blocked || loop->port.broken || !port_is_attached(&loop->port);

    return blocked && at_ms <= now_ms(loop) ? ATC_NEVER : at_ms;
}

/* One timer, for the earliest deadline. It may fire a little early, for libuv
 * rounds; then it is set again. */
static void set_timer(struct loop *loop)
{
    const uint64_t secure_ms = secure_deadline_ms(&loop->secure);
    const uint64_t modem_ms = atc_deadline_ms(&loop->modem);
    const uint64_t line_ms = line_deadline_ms(loop);
    const uint64_t first_ms = secure_ms < modem_ms ? secure_ms : modem_ms;
    const uint64_t deadline_ms = line_ms < first_ms ? line_ms : first_ms;

    if (deadline_ms == ATC_NEVER) {
        (void)uv_timer_stop(&loop->timer);
        return;
    }
    uv_update_time(&loop->uv);
    (void)uv_timer_start(&loop->timer, on_timer, clock_wait_ms(&loop->clock, deadline_ms), 0);
}

static void say_if_off(struct loop *loop)
{
    if (loop->off_said || !atc_is_off(&loop->modem))
        return;
    loop->off_said = true;
    log_note("the module was switched off and stays silent; start atcoap again "
             "to switch it on");
}

/* Whether the TE has gone and nothing more will be done for it. */
static bool is_finished(const struct loop *loop)
{
    size_t input = 0, output = 0;

    if (loop->port.broken)
        return true;
    (void)port_peek(&loop->port, &input);
    (void)atc_te_peek(&loop->modem, &output);
    return loop->port.ended && input == 0 && output == 0 && sim_uart_is_empty(&loop->uart) &&
           !loop->running_line && !resolve_is_busy(&loop->resolve);
}

/* Do all that can be done now, whatever it was that came. */
static void pump(void *ctx)
{
    struct loop *loop = ctx;
    bool moved = true;

    if (loop->stopping)
        return;
    while (moved) {
        atc_tick(&loop->modem, now_ms(loop));
        lint_tick(&loop->lint, now_ms(loop));
        moved = drain_output(loop);
        moved = carry_out_next(loop) || moved;
        if (!moved) /* first what is ordered: a CLOSE makes the rest moot */
            moved = take_secured(loop);
        moved = feed_input(loop) || moved;
        if (!moved)
            moved = drain_line(loop);
    }
    say_if_off(loop);
    record_flush(loop->record);
    set_timer(loop);
    if (port_is_attached(&loop->port) && is_finished(loop))
        loop->port_ended(loop->ctx);
    else
        port_rearm(&loop->port);
}

/* The module is switched on; the network tells it the time of this machine. */
static int start_modem(struct loop *loop)
{
    enum { QUARTER_S = 15 * 60 };
    const time_t now_s = time(NULL);
    struct atc_event event = {.kind = ATC_EVENT_WALL_CLOCK, .offset = (uint32_t)now_s};
    struct tm local;
    const int status = atc_init(&loop->modem, &loop->config, now_ms(loop));

    if (status != 0)
        return status;
    sim_uart_init(&loop->uart, loop->seed, UART_STREAM, now_ms(loop));
    sim_uart_config(&loop->uart, &loop->line, now_ms(loop));
    sim_uart_boot(&loop->uart, now_ms(loop));
    if (localtime_r(&now_s, &local) != NULL)
        event.zone = (int8_t)(local.tm_gmtoff / QUARTER_S);
    atc_event(&loop->modem, &event, now_ms(loop));
    return 0;
}

/* Something came from the port, or from its owner. */
static void on_wake(void *ctx)
{
    struct loop *loop = ctx;

    if (loop->waiting && !loop->stopping) {
        loop->waiting = false;
        log_detail(&loop->log, "a client has come: the module is switched on");
        (void)start_modem(loop);
        air_config(&loop->air, &loop->link);
    }
    pump(loop);
}

static void on_detached(void *ctx)
{
    struct loop *loop = ctx;

    if (loop->port_free != NULL && !loop->stopping)
        loop->port_free(loop->ctx);
}

static void on_timer(uv_timer_t *timer)
{
    pump(timer->data);
}

static void on_event(void *ctx, const struct atc_event *event)
{
    struct loop *loop = ctx;

    if (loop->stopping)
        return;
    if (event->kind == ATC_EVENT_NETWORK)
        record_network(loop->record, &event->network);
    if (event->kind == ATC_EVENT_DATAGRAM && secure_owns(&loop->secure, event->session))
        secure_feed(&loop->secure, event, now_ms(loop));
    else
        atc_event(&loop->modem, event, now_ms(loop));
    pump(loop);
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct loop *loop = signal->data;

    if (loop->signalled != NULL)
        loop->signalled(loop->owner, number);
    else
        loop_stop(loop);
}

/* Unless it was ignored on purpose, as nohup does. */
static void catch_hang_up(struct loop *loop)
{
    struct sigaction action;

    (void)uv_signal_init(&loop->uv, &loop->hang_up);
    loop->hang_up.data = loop;
    if (sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
        (void)uv_signal_start(&loop->hang_up, on_signal, SIGHUP);
}

int loop_init(struct loop *loop, bool verbose)
{
    const int error = uv_loop_init(&loop->uv);

    if (error != 0)
        return error;
    log_start(&loop->log, verbose);
    lint_start(&loop->lint);
    loop->lint.found = on_found;
    loop->lint.ctx = loop;
    entropy_system(&loop->entropy);
    clock_start(&loop->clock, CLOCK_REAL);
    sim_store_init(&loop->memory, SIM_STORE_BYTES);
    (void)uv_timer_init(&loop->uv, &loop->timer);
    (void)uv_signal_init(&loop->uv, &loop->interrupt);
    (void)uv_signal_init(&loop->uv, &loop->terminate);
    loop->timer.data = loop;
    loop->interrupt.data = loop;
    loop->terminate.data = loop;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* a file over the limit of ulimit -f is an error like others */
    (void)uv_signal_start(&loop->interrupt, on_signal, SIGINT);
    (void)uv_signal_start(&loop->terminate, on_signal, SIGTERM);
    catch_hang_up(loop);
    port_init(&loop->port, &loop->uv, on_wake, loop);
    loop->port.detached = on_detached;
    air_init(&loop->air, &loop->uv, &loop->clock, &loop->log);
    udp_init(&loop->udp, &loop->uv, &loop->air, &loop->log, on_event, loop);
    secure_init(&loop->secure, &loop->udp, &loop->log);
    resolve_init(&loop->resolve, &loop->uv, on_event, loop);
    ping_init(&loop->ping, &loop->uv, on_event, loop);
    return 0;
}

void loop_pace(struct loop *loop, uint32_t speed, uint64_t seed)
{
    clock_start(&loop->clock, speed);
    air_seed(&loop->air, seed);
    loop->seed = seed;
}

int loop_start(struct loop *loop, const struct atc_config *cfg, bool wait)
{
    const struct entropy entropy = loop->entropy;
    int error = 0;

    loop->config = *cfg;
    loop->config.random = fill_random;
    loop->config.trace = on_trace;
    loop->config.keep = true; /* in the folder, or in memory for this run */
    loop->config.ctx = loop;
    loop->waiting = wait;
    error = start_modem(loop);
    if (wait)
        loop->entropy = entropy; /* so that a seed gives the same numbers again */
    else
        air_config(&loop->air, &loop->link);
    return error;
}

void loop_event(struct loop *loop, const struct atc_event *event)
{
    if (event->kind == ATC_EVENT_NETWORK) {
        loop->air.network = event->network;
        loop->air.network.cell = NULL; /* told once */
        air_changed(&loop->air);
    }
    on_event(loop, event);
}

void loop_wake(struct loop *loop)
{
    on_wake(loop);
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
    (void)ctx;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void loop_run(struct loop *loop)
{
    if (!loop->waiting)
        pump(loop);
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT);
    secure_end(&loop->secure, now_ms(loop));
    ping_close(&loop->ping);
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++)
        udp_close(&loop->udp, i);
    port_detach(&loop->port);
    uv_walk(&loop->uv, close_handle, NULL);
    (void)uv_run(&loop->uv, UV_RUN_NOWAIT);
    (void)uv_loop_close(&loop->uv);
}

void loop_stop(struct loop *loop)
{
    loop->stopping = true;
    uv_stop(&loop->uv);
}

bool loop_is_resolving(const struct loop *loop)
{
    return resolve_is_busy(&loop->resolve);
}
