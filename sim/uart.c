/* SPDX-License-Identifier: MIT */
#include "uart.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What the configuration means that does not say. */
enum { HOLD_MS = 1000, GAP_MS = 20 };

/* Bytes of a line that are echoed before a URC comes between. */
enum { ECHO_LEN = 2 };

/* How many bytes of noise there are. */
enum { NOISE_MIN = 8, NOISE_COUNT = 33 };

#define MS_NS  1000000u
#define BIT_NS 10000000000u /* ten bits at one baud: 8N1 */

_Static_assert(SIM_UART_OUT_MAX >= ATC_URC_SIZE + SIM_UART_HELD_MAX + SIM_UART_RESULT_MAX,
               "a URC, those that wait and a result find room in a line that is free");

static const char loader[] = "\r\nBoot: Unsigned\r\nSecurity A.. Verified\r\n"
                             "Protocol A.. Verified\r\nApps A...... Verified\r\n";

static const char *const order_names[] = {
    [SIM_URC_AFTER] = "after", [SIM_URC_BEFORE] = "before", [SIM_URC_PROMPT] = "prompt",
    [SIM_URC_ECHO] = "echo",   [SIM_URC_SPLIT] = "split",   [SIM_URC_MIXED] = "mixed",
};
_Static_assert(COUNT(order_names) == SIM_URC_COUNT, "each has a name");

const char *sim_urc_order_name(unsigned order)
{
    return order < SIM_URC_COUNT ? order_names[order] : "";
}

/* --- bytes and their faults ------------------------------------------------------------------- */

static bool is_listed(const struct sim_uart_list *list, uint32_t number)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->number[i] == number)
            return true;
    return false;
}

/* What becomes of a byte. Returns false if it is lost. All dice are thrown each time. */
static bool pass(struct sim_uart *u, enum sim_uart_way way, uint8_t *byte)
{
    const struct sim_uart_way_config *c = &u->config.way[way];
    struct sim_random *drop = &u->random[(unsigned)SIM_UART_KNOB_DROP + way];
    struct sim_random *garble = &u->random[(unsigned)SIM_UART_KNOB_GARBLE + way];
    const uint32_t number = ++u->bytes[way];
    const bool lost = sim_random_chance(drop, c->drop_ppm) || is_listed(&c->drop, number);
    const bool changed = sim_random_chance(garble, c->garble_ppm) || is_listed(&c->garble, number);
    const uint32_t bit = sim_random_below(garble, 8);
    if (lost) {
        u->dropped[way]++;
        return false;
    }
    if (changed) {
        u->garbled[way]++;
        *byte = (uint8_t)(*byte ^ 1u << bit);
    }
    return true;
}

/* There is room. */
static void emit(struct sim_uart *u, const uint8_t *data, size_t len)
{
    if (u->out_len == 0 && u->line_ns < u->now_ms * MS_NS)
        u->line_ns = u->now_ms * MS_NS; /* it was idle till now */
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = data[i];
        if (pass(u, SIM_UART_OUT, &byte))
            u->out[u->out_len++] = byte;
    }
}

static size_t out_room(const struct sim_uart *u)
{
    return SIM_UART_OUT_MAX - u->out_len - u->held_len - u->result_len;
}

/* --- the order of URCs ------------------------------------------------------------------------ */

static void release_result(struct sim_uart *u)
{
    emit(u, u->result, u->result_len);
    u->result_len = 0;
}

static void release_held(struct sim_uart *u)
{
    emit(u, u->held, u->held_len);
    u->held_len = 0;
}

static void tell_time(struct sim_uart *u, uint64_t now_ms)
{
    u->now_ms = now_ms;
    if (u->held_len > 0 && now_ms >= u->held_until_ms)
        release_held(u);
}

/* How the next one shall go: as configured, or as the dice say. They are thrown each time. */
static enum sim_urc_order choose(struct sim_uart *u)
{
    const uint32_t dice = sim_random_below(&u->random[SIM_UART_KNOB_ORDER], SIM_URC_MIXED);
    return (enum sim_urc_order)(u->config.urc == SIM_URC_MIXED ? dice : u->config.urc);
}

static bool has_prefix(const uint8_t *data, size_t len, const char *text)
{
    return len >= strlen(text) && memcmp(data, text, strlen(text)) == 0;
}

static bool ends_in(const uint8_t *data, size_t len, const char *text)
{
    const size_t text_len = strlen(text);
    return len >= text_len && memcmp(data + len - text_len, text, text_len) == 0;
}

static bool ends_in_prompt(const uint8_t *data, size_t len)
{
    return ends_in(data, len, "\r\n>") || ends_in(data, len, "\r\n> ") ||
           ends_in(data, len, "\r\nCONNECT\r\n");
}

/* Where the final result begins that a reply ends in, or len. As a host knows it: a line of its own. */
static size_t find_result(const uint8_t *data, size_t len)
{
    size_t at = len > 2 && ends_in(data, len, "\r\n") ? len - 2 : 0;
    while (at > 0 && data[at - 1] != '\n')
        at--;
    if (at < 2 || data[at - 2] != '\r')
        return len;
    const uint8_t *line = data + at;
    const size_t line_len = len - at;
    const bool found = (line_len == 4 && has_prefix(line, line_len, "OK")) ||
                       (line_len == 7 && has_prefix(line, line_len, "ERROR")) ||
                       has_prefix(line, line_len, "+CME ERROR:");
    return found ? at - 2 : len;
}

/* The final result of a reply, and the URCs that go before it. */
static void say_result(struct sim_uart *u, const uint8_t *data, size_t len)
{
    const bool waits = choose(u) == SIM_URC_BEFORE && len <= SIM_UART_RESULT_MAX;
    if (u->held_len > 0 && u->held_for == SIM_URC_BEFORE)
        release_held(u);
    if (!waits) {
        emit(u, data, len);
        return;
    }
    memcpy(u->result, data, len);
    u->result_len = (uint32_t)len;
}

static void say_reply(struct sim_uart *u, const uint8_t *data, size_t len)
{
    const size_t result_at = find_result(data, len);
    release_result(u);
    emit(u, data, result_at);
    if (result_at < len) {
        u->in_data = false;
        say_result(u, data + result_at, len - result_at);
    } else if (ends_in_prompt(data, len)) {
        u->in_data = true;
        if (u->held_len > 0 && u->held_for == SIM_URC_PROMPT)
            release_held(u);
    }
}

static void split(struct sim_uart *u, const uint8_t *data, size_t len)
{
    emit(u, data, len / 2);
    if (u->pause_count < SIM_UART_PAUSE_MAX)
        u->pause_at[u->pause_count++] = u->out_len;
    emit(u, data + len / 2, len - len / 2);
}

static void hold(struct sim_uart *u, enum sim_urc_order order, const uint8_t *data, size_t len)
{
    if (u->held_len == 0) {
        u->held_for = (uint8_t)order;
        u->held_until_ms = u->now_ms + (u->config.hold_ms > 0 ? u->config.hold_ms : HOLD_MS);
    }
    memcpy(u->held + u->held_len, data, len);
    u->held_len += (uint32_t)len;
}

/* One that waits is overtaken by none. */
static void say_urc(struct sim_uart *u, const uint8_t *data, size_t len)
{
    const enum sim_urc_order order = choose(u);
    const bool moved = u->held_len > 0 || u->result_len > 0 || order != SIM_URC_AFTER;
    u->moved += moved;
    if (u->held_len + len > SIM_UART_HELD_MAX)
        release_held(u);
    if (u->held_len > 0) {
        hold(u, order, data, len);
        return;
    }
    if (u->result_len > 0 || order == SIM_URC_AFTER || len > SIM_UART_HELD_MAX)
        emit(u, data, len);
    else if (order == SIM_URC_SPLIT)
        split(u, data, len);
    else
        hold(u, order, data, len);
}

/* --- the module's side ------------------------------------------------------------------------ */

bool sim_uart_has_room(const struct sim_uart *uart, size_t len)
{
    return len <= out_room(uart);
}

bool sim_uart_say(struct sim_uart *uart, bool urc, const uint8_t *data, size_t len, uint64_t now_ms)
{
    tell_time(uart, now_ms);
    if (!sim_uart_has_room(uart, len))
        return false;
    if (urc)
        say_urc(uart, data, len);
    else
        say_reply(uart, data, len);
    return true;
}

void sim_uart_settle(struct sim_uart *uart, uint64_t now_ms)
{
    tell_time(uart, now_ms);
    release_result(uart);
}

const uint8_t *sim_uart_typed(struct sim_uart *uart, size_t *len)
{
    const bool waits = uart->held_len > 0 && uart->held_for == SIM_URC_ECHO && !uart->in_data;
    if (waits && uart->column >= ECHO_LEN)
        release_held(uart);
    for (*len = 0; *len < uart->in_len; ++*len) {
        if (waits && uart->column < ECHO_LEN && uart->column + *len == ECHO_LEN)
            break;
        if (uart->in[*len] != '\r')
            continue;
        ++*len; /* a line at a time: the module may restart behind it */
        break;
    }
    return uart->in;
}

/* A line has ended. Dice are thrown each time. */
static void count_line(struct sim_uart *u)
{
    const bool struck = sim_random_chance(&u->random[SIM_UART_KNOB_REBOOT], u->config.reboot_ppm);
    u->lines++;
    u->reboot = u->reboot || struck || u->lines == u->config.reboot_line;
}

static void count_byte(struct sim_uart *u, uint8_t byte)
{
    if (byte != '\r' && byte != '\n') {
        u->column++;
        return;
    }
    if (u->column > 0 && !u->in_data)
        count_line(u);
    u->column = 0;
}

void sim_uart_typed_drop(struct sim_uart *uart, size_t n)
{
    for (size_t i = 0; i < n; i++)
        count_byte(uart, uart->in[i]);
    uart->in_len -= (uint32_t)n;
    memmove(uart->in, uart->in + n, uart->in_len);
}

bool sim_uart_reboots(struct sim_uart *uart, uint64_t now_ms)
{
    if (now_ms >= uart->reboot_at_ms) {
        uart->reboot_at_ms = ATC_NEVER;
        uart->reboot = true;
    }
    if (!uart->reboot)
        return false;
    uart->reboot = false;
    uart->reboots++;
    uart->out_len = uart->held_len = uart->result_len = uart->in_len = 0;
    uart->pause_count = 0;
    uart->paused_ms = ATC_NEVER;
    uart->in_data = false;
    uart->column = 0;
    return true;
}

void sim_uart_reboot(struct sim_uart *uart)
{
    uart->reboot = true;
}

void sim_uart_boot(struct sim_uart *uart, uint64_t now_ms)
{
    struct sim_random *random = &uart->random[SIM_UART_KNOB_NOISE];
    uint8_t noise[NOISE_MIN + NOISE_COUNT - 1];
    const size_t len = NOISE_MIN + sim_random_below(random, NOISE_COUNT);
    tell_time(uart, now_ms);
    uart->in_data = false;
    (void)sim_random_fill(random, noise, sizeof noise);
    if (uart->config.noise == SIM_NOISE_RANDOM && len <= out_room(uart))
        emit(uart, noise, len);
    if (uart->config.noise == SIM_NOISE_LOADER && sizeof loader - 1u <= out_room(uart))
        emit(uart, (const uint8_t *)loader, sizeof loader - 1u);
}

/* --- the host's side -------------------------------------------------------------------------- */

static uint64_t byte_ns(const struct sim_uart *u)
{
    return u->config.baud > 0 ? BIT_NS / u->config.baud : 0;
}

/* How many bytes have come through the line by now. */
static size_t ready(const struct sim_uart *u, size_t len)
{
    const uint64_t now_ns = u->now_ms * MS_NS;
    if (u->config.baud == 0)
        return len;
    if (now_ns <= u->line_ns)
        return 0;
    const uint64_t count = (now_ns - u->line_ns) / byte_ns(u);
    return count < len ? (size_t)count : len;
}

/* Bytes in front of the first pause. It begins when they have gone. */
static size_t until_pause(struct sim_uart *u)
{
    while (u->pause_count > 0 && u->pause_at[0] == 0) {
        if (u->paused_ms == ATC_NEVER)
            u->paused_ms = u->now_ms + (u->config.gap_ms > 0 ? u->config.gap_ms : GAP_MS);
        if (u->now_ms < u->paused_ms)
            return 0;
        if (u->line_ns < u->paused_ms * MS_NS)
            u->line_ns = u->paused_ms * MS_NS;
        u->paused_ms = ATC_NEVER;
        u->pause_count--;
        memmove(u->pause_at, u->pause_at + 1, u->pause_count * sizeof u->pause_at[0]);
    }
    return u->pause_count > 0 ? u->pause_at[0] : u->out_len;
}

const uint8_t *sim_uart_said(struct sim_uart *uart, size_t *len, uint64_t now_ms)
{
    tell_time(uart, now_ms);
    *len = ready(uart, until_pause(uart));
    return uart->out;
}

void sim_uart_said_drop(struct sim_uart *uart, size_t n, uint64_t now_ms)
{
    tell_time(uart, now_ms);
    uart->out_len -= (uint32_t)n;
    memmove(uart->out, uart->out + n, uart->out_len);
    uart->line_ns += n * byte_ns(uart);
    for (uint32_t i = 0; i < uart->pause_count; i++)
        uart->pause_at[i] -= (uint32_t)n;
    (void)until_pause(uart); /* one may begin */
}

void sim_uart_flush(struct sim_uart *uart)
{
    release_held(uart);
    release_result(uart);
    uart->pause_count = 0;
    uart->paused_ms = ATC_NEVER;
    uart->config.baud = 0; /* time ends here */
}

size_t sim_uart_type(struct sim_uart *uart, const uint8_t *data, size_t len)
{
    size_t taken = 0;
    for (; taken < len && uart->in_len < SIM_UART_IN_MAX; taken++) {
        uint8_t byte = data[taken];
        if (pass(uart, SIM_UART_IN, &byte))
            uart->in[uart->in_len++] = byte;
    }
    return taken;
}

static uint64_t line_deadline_ms(const struct sim_uart *u)
{
    if (u->out_len == 0 && u->pause_count == 0)
        return ATC_NEVER;
    if (u->pause_count > 0 && u->pause_at[0] == 0)
        return u->paused_ms;
    return u->config.baud > 0 ? (u->line_ns + byte_ns(u) + MS_NS - 1u) / MS_NS : u->now_ms;
}

uint64_t sim_uart_deadline_ms(const struct sim_uart *uart)
{
    uint64_t at_ms = line_deadline_ms(uart);
    if (uart->held_len > 0 && uart->held_until_ms < at_ms)
        at_ms = uart->held_until_ms;
    return uart->reboot_at_ms < at_ms ? uart->reboot_at_ms : at_ms;
}

/* --- start ------------------------------------------------------------------------------------ */

static void take_dice(struct sim_uart *u, uint64_t seed)
{
    for (uint64_t i = 0; i < SIM_UART_KNOB_COUNT; i++)
        sim_random_seed(&u->random[i], seed, u->stream << 32 | i);
}

void sim_uart_init(struct sim_uart *uart, uint64_t seed, uint64_t stream, uint64_t now_ms)
{
    memset(uart, 0, sizeof *uart);
    uart->now_ms = now_ms;
    uart->reboot_at_ms = ATC_NEVER;
    uart->paused_ms = ATC_NEVER;
    uart->stream = stream;
    take_dice(uart, seed);
}

void sim_uart_config(struct sim_uart *uart, const struct sim_uart_config *config, uint64_t now_ms)
{
    tell_time(uart, now_ms);
    release_held(uart);
    release_result(uart);
    if (config->seed != 0 && config->seed != uart->config.seed)
        take_dice(uart, config->seed);
    uart->config = *config;
    uart->reboot_at_ms = config->reboot_at_ms > 0 ? now_ms + config->reboot_at_ms : ATC_NEVER;
}

bool sim_uart_is_empty(const struct sim_uart *uart)
{
    return uart->out_len + uart->held_len + uart->result_len + uart->in_len == 0;
}

bool sim_uart_is_plain(const struct sim_uart *uart)
{
    static const struct sim_uart_config none;
    /* Padding that differs makes the bytes go the long way, to the same end. */
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
    return memcmp(&uart->config, &none, sizeof none) == 0 && !uart->reboot &&
           sim_uart_is_empty(uart);
}
