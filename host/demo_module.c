/* SPDX-License-Identifier: MIT */
#include "demo_module.h"

#include <string.h>

#include "dialects.h"

/* The stream of the seed that belongs to the serial line. */
enum { UART_STREAM = 2 };

static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    struct demo_module *module = ctx;
    return entropy_fill(&module->entropy, buf, len);
}

static bool is_state(const struct atc_trace *record, const char *name)
{
    return strcmp(atc_line_state_name(record->to), name) == 0;
}

static void on_trace(void *ctx, const struct atc_trace *record)
{
    struct demo_module *module = ctx;
    record_trace(module->record, record);
    lint_trace(&module->lint, record);
    if (record->kind != ATC_TRACE_LINE)
        return;
    module->is_busy = is_state(record, "busy");
    if (module->is_busy)
        module->wants_data = false; /* it has them, or does not want them any more */
}

/* Whether the module asks for data with that, as a host knows it: a line that begins with ">" and
 * does not end, or one that says CONNECT. */
static bool asks(const uint8_t *data, size_t len)
{
    static const char *const ends[] = {"\r\n>", "\r\n> ", "\r\nCONNECT\r\n"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const size_t end_len = strlen(ends[i]);
        if (len >= end_len && memcmp(data + len - end_len, ends[i], end_len) == 0)
            return true;
    }
    return false;
}

void demo_module_settings(struct atc_settings *settings)
{
    atc_settings_default(settings);
    settings->timing = ATC_TIMING_TYPICAL;
    settings->echo = ATC_OFF; /* what is typed is shown as it is typed */
}

void demo_module_start(struct demo_module *module, const struct atc_dialect *dialect,
                       uint64_t now_ms)
{
    struct atc_config config = {
        .dialect = dialect, .random = fill_random, .trace = on_trace, .ctx = module};
    demo_module_settings(&config.settings);
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++)
        module->network.close(module->network.ctx, i);
    sim_store_init(&module->store, SIM_STORE_BYTES);
    module->input.len = 0;
    lint_restart(&module->lint);
    record_restart(module->record, dialects_name(dialect));
    module->hidden = false;
    module->wants_data = false;
    module->is_busy = false;
    (void)atc_init(&module->modem, &config, now_ms); /* cannot fail: every field is ours */
    sim_uart_init(&module->uart, module->seed, UART_STREAM, now_ms);
    sim_uart_config(&module->uart, &module->line, now_ms);
    sim_uart_boot(&module->uart, now_ms);
    module->heard_len = 0;
}

void demo_module_type(struct demo_module *module, const void *data, size_t len)
{
    record_te(module->record, data, len, atc_is_secret_input(&module->modem, data, len));
    script_buf_add(&module->input, data, len);
}

static void carry_out(struct demo_module *module, const struct atc_order *order, uint64_t now_ms)
{
    const struct demo_network *network = &module->network;
    struct atc_event done = {.kind = ATC_EVENT_DONE, .order = order->id};
    switch (order->kind) {
    case ATC_ORDER_BIND:
    case ATC_ORDER_OPEN:
        done.cause = order->security == ATC_SECURITY_NONE ? network->open(network->ctx, order)
                                                          : ATC_CAUSE_DTLS;
        break;
    case ATC_ORDER_SEND:
        module->watch.datagram(module->watch.ctx, true, order->data, order->len);
        if (!network->send(network->ctx, order, &done.cause))
            return;
        break;
    case ATC_ORDER_RESOLVE:
        if (network->resolve(network->ctx, order))
            return;
        done.cause = ATC_CAUSE_NAME;
        break;
    case ATC_ORDER_CLOSE:
        network->close(network->ctx, order->session);
        return;
    case ATC_ORDER_FILE:
        sim_store_order(&module->store, order, &done);
        break;
    case ATC_ORDER_UART:
        return;
    case ATC_ORDER_RADIO:
        if (order->offset == ATC_RADIO_RESTART)
            sim_uart_boot(&module->uart, now_ms);
        done.cause = ATC_CAUSE_UNSUPPORTED;
        break;
    case ATC_ORDER_PING:
        done.cause = ATC_CAUSE_UNSUPPORTED;
        break;
    }
    atc_event(&module->modem, &done, now_ms);
}

/* The TE reads that. A prompt may come in pieces. */
static void hear(struct demo_module *module, const uint8_t *data, size_t len)
{
    const size_t max = sizeof module->heard;
    const size_t new_len = len < max ? len : max;
    const size_t old_len = module->heard_len < max - new_len ? module->heard_len : max - new_len;
    record_module(module->record, data, len, module->hidden);
    module->watch.output(module->watch.ctx, data, len);
    memmove(module->heard, module->heard + module->heard_len - old_len, old_len);
    memcpy(module->heard + old_len, data + len - new_len, new_len);
    module->heard_len = old_len + new_len;
    if (!asks(module->heard, module->heard_len))
        return;
    module->wants_data = true;
    module->is_busy = false;
}

static bool drain(struct demo_module *module)
{
    size_t len = 0;
    const uint8_t *data = atc_te_peek(&module->modem, &len);
    const bool all_read = len == 0 && sim_uart_is_empty(&module->uart);
    module->hidden = (module->hidden && !all_read) || atc_is_secret(&module->modem);
    if (all_read)
        record_read(module->record);
    if (len == 0)
        return false;
    if (sim_uart_is_plain(&module->uart))
        hear(module, data, len);
    else if (!sim_uart_say(&module->uart, atc_te_is_urc(&module->modem), data, len, module->now_ms))
        return false;
    atc_te_drop(&module->modem, len);
    return true;
}

/* What has come through a serial line with faults. */
static bool drain_line(struct demo_module *module)
{
    size_t len = 0;
    sim_uart_settle(&module->uart, module->now_ms);
    const uint8_t *data = sim_uart_said(&module->uart, &len, module->now_ms);
    if (len == 0)
        return false;
    hear(module, data, len);
    sim_uart_said_drop(&module->uart, len, module->now_ms);
    return true;
}

static size_t write_modem(void *ctx, const uint8_t *data, size_t len)
{
    struct demo_module *module = ctx;
    const size_t taken = atc_te_write(&module->modem, data, len, module->now_ms);
    record_taken(module->record, data, taken);
    return taken;
}

static void cut_input(struct script_buf *input, size_t n)
{
    input->len -= n;
    if (input->len > 0)
        memmove(input->data, input->data + n, input->len);
}

/* Through a serial line with faults. */
static bool feed_line(struct demo_module *module)
{
    struct script_buf *input = &module->input;
    const struct atc_event reset = {.kind = ATC_EVENT_RESET};
    const size_t typed = sim_uart_type(&module->uart, (const uint8_t *)input->data, input->len);
    size_t len = 0;
    cut_input(input, typed);
    const uint8_t *data = sim_uart_typed(&module->uart, &len);
    const size_t taken = len == 0 ? 0
                                  : lint_type(&module->lint, data, len, len, write_modem, module);
    sim_uart_typed_drop(&module->uart, taken);
    if (!sim_uart_reboots(&module->uart, module->now_ms))
        return typed + taken > 0;
    record_note(module->record, "the module restarts by itself");
    atc_event(&module->modem, &reset, module->now_ms);
    return true;
}

static bool feed(struct demo_module *module)
{
    struct script_buf *input = &module->input;
    if (!sim_uart_is_plain(&module->uart))
        return feed_line(module);
    if (input->len == 0)
        return false;
    const size_t taken = lint_type(&module->lint, (const uint8_t *)input->data, input->len,
                                   input->len, write_modem, module);
    cut_input(input, taken);
    return taken > 0;
}

void demo_module_run(struct demo_module *module, uint64_t now_ms)
{
    struct atc_order order;
    module->now_ms = now_ms;
    for (bool moved = true; moved;) {
        atc_tick(&module->modem, now_ms);
        moved = drain(module);
        if (atc_order_next(&module->modem, &order)) {
            carry_out(module, &order, now_ms);
            moved = true;
        }
        moved = feed(module) || moved;
        if (!moved)
            moved = drain_line(module);
    }
    record_flush(module->record);
}

void demo_module_event(struct demo_module *module, const struct atc_event *event, uint64_t now_ms)
{
    if (event->kind == ATC_EVENT_DATAGRAM)
        module->watch.datagram(module->watch.ctx, false, event->data, event->len);
    if (event->kind == ATC_EVENT_NETWORK)
        record_network(module->record, &event->network);
    atc_event(&module->modem, event, now_ms);
}

uint64_t demo_module_deadline_ms(const struct demo_module *module)
{
    const uint64_t modem_ms = atc_deadline_ms(&module->modem);
    const uint64_t line_ms = sim_uart_deadline_ms(&module->uart);
    return line_ms < modem_ms ? line_ms : modem_ms;
}
