/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seen.h"

const struct atc_addr bench_server = {
    .ip = {192, 0, 2, 1}, .port = 5683, .family = ATC_FAMILY_IPV4};

/* The bench whose modem is being called: the hooks find it here, so that a modem's copy does not
 * draw from the dice of its original. */
static struct bench *current;

/* --- what is kept ----------------------------------------------------------------------------- */

static void keep(struct bench_log *log, const void *data, size_t len)
{
    if (len > BENCH_LOG_MAX - log->len) {
        log->full = true;
        return;
    }
    if (len == 0)
        return;
    memcpy(log->text + log->len, data, len);
    log->len += len;
    log->text[log->len] = '\0';
}

static void empty(struct bench_log *log)
{
    log->len = 0;
    log->full = false;
    log->text[0] = '\0';
}

static void note(struct bench_log *log, const char *format, ...)
{
    char text[256];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    keep(log, text, (size_t)len);
}

static void note_hex(struct bench *b, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        note(&b->orders, "%02x", bytes[i]);
}

static void note_order(struct bench *b, const struct atc_order *order)
{
    note(&b->orders, "%llu %s %u port %u data ", (unsigned long long)b->now_ms,
         atc_order_name(order->kind), order->session, order->peer.port);
    note_hex(b, order->data, order->len);
    note(&b->orders, " name ");
    keep(&b->orders, order->name, order->name_len);
    if (order->security == ATC_SECURITY_DTLS_PSK) {
        note(&b->orders, " psk ");
        note_hex(b, order->dtls.identity, order->dtls.identity_len);
        note(&b->orders, " ");
        note_hex(b, order->dtls.key, order->dtls.key_len);
    }
    note(&b->orders, "\n");
}

/* --- hooks ------------------------------------------------------------------------------------ */

static bool draw(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    rng_fill(&current->random, buf, len);
    return !current->random_fails;
}

static void watch(void *ctx, const struct atc_trace *record)
{
    (void)ctx;
    if (record->kind == ATC_TRACE_URC)
        seen("urc %s %u %u %u %u", current->cfg.dialect == &atc_dialect_bc95 ? "bc95" : "bg96",
             record->from, record->to, record->value % 256u, record->value / 256u);
    if (record->kind != ATC_TRACE_COMMAND)
        return;
    current->finals++;
    current->silent += record->to >= ATC_CAUSE_COUNT;
}

/* --- orders ----------------------------------------------------------------------------------- */

static void remember_sent(struct bench *b, const struct atc_order *order)
{
    struct bench_datagram *d = &b->sent[b->sent_count % BENCH_SENT_MAX];

    if (order->len > sizeof d->data)
        abort();
    b->sent_count++;
    d->peer = order->peer;
    d->session = order->session;
    d->len = order->len;
    memcpy(d->data, order->data, order->len);
}

/* What a server answers to a CON: an ACK, with 2.05 and the token if it was a request. */
static size_t compose_ack(uint8_t *ack, const struct bench_datagram *d)
{
    const size_t tkl = d->data[1] != 0 && d->data[1] < 32 ? d->data[0] & 15 : 0;

    memcpy(ack, d->data, 4 + tkl);
    ack[0] = (uint8_t)(0x60 | tkl);
    ack[1] = d->data[1] != 0 && d->data[1] < 32 ? 69 : 0;
    return 4 + tkl;
}

static void answer_as_server(struct bench *b)
{
    const struct bench_datagram d = *bench_sent(b, 0);
    uint8_t ack[16];

    if ((d.data[0] & 0x30) == 0)
        bench_datagram(b, d.session, &d.peer, ack, compose_ack(ack, &d));
}

static enum bench_manner manner_now(struct bench *b)
{
    static const enum bench_manner often_good[] = {BENCH_GOOD, BENCH_GOOD, BENCH_GOOD, BENCH_BAD,
                                                   BENCH_LEAVE};

    return b->manner == BENCH_RANDOM ? often_good[rng_below(&b->dice, 5)] : b->manner;
}

static struct atc_event good_answer(struct bench *b, const struct atc_order *order)
{
    struct atc_event event = {
        .kind = ATC_EVENT_DONE, .order = order->id, .session = order->session};

    if (order->kind == ATC_ORDER_RESOLVE) {
        event.kind = ATC_EVENT_RESOLVED;
        event.peer = bench_server;
    } else if (order->kind == ATC_ORDER_FILE) {
        store_answer(&b->store, &event, order);
    }
    return event;
}

static void carry_out(struct bench *b, const struct atc_order *order)
{
    const bool needs_answer = order->kind != ATC_ORDER_CLOSE && order->kind != ATC_ORDER_UART;
    struct atc_event event;

    note_order(b, order);
    if (order->kind == ATC_ORDER_SEND)
        remember_sent(b, order);
    if (!needs_answer)
        return;
    event = good_answer(b, order);
    switch (manner_now(b)) {
    case BENCH_GOOD:
        bench_event(b, &event);
        if (order->kind == ATC_ORDER_SEND && b->server_answers)
            answer_as_server(b);
        break;
    case BENCH_BAD:
        event.cause = (enum atc_cause)(1 + rng_below(&b->dice, ATC_CAUSE_COUNT - 1));
        bench_event(b, &event);
        break;
    case BENCH_NEVER:
        b->never_answered++;
        break;
    case BENCH_RANDOM:
    case BENCH_LEAVE: /* later */
        event.data = NULL;
        event.len = 0;
        if (b->late_count < BENCH_LATE_MAX)
            b->late[b->late_count++] = event;
        else
            b->never_answered++;
        break;
    }
}

/* --- calls ------------------------------------------------------------------------------------ */

static bool drain(struct bench *b)
{
    bool any = false;

    while (!b->te_closed) {
        size_t len;
        const uint8_t *bytes = atc_te_peek(&b->m, &len);

        if (len == 0)
            break;
        if (b->drain_max > 0 && len > b->drain_max)
            len = b->drain_max;
        keep(&b->te, bytes, len);
        atc_te_drop(&b->m, len);
        any = true;
    }
    return any;
}

void bench_enter(struct bench *b)
{
    current = b;
}

void bench_pump(struct bench *b)
{
    bool any = true;

    while (any) {
        struct atc_order order;

        current = b;
        atc_tick(&b->m, b->now_ms);
        any = drain(b);
        while (b->manner != BENCH_LEAVE && (current = b, atc_order_next(&b->m, &order))) {
            carry_out(b, &order);
            any = true;
        }
    }
}

void bench_event(struct bench *b, const struct atc_event *event)
{
    current = b;
    atc_event(&b->m, event, b->now_ms);
}

void bench_datagram(struct bench *b, unsigned session, const struct atc_addr *from,
                    const uint8_t *data, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    const struct atc_event event = {.kind = ATC_EVENT_DATAGRAM,
                                    .session = (uint8_t)session,
                                    .peer = *from,
                                    .data = copy,
                                    .len = len};

    if (copy == NULL)
        abort();
    memcpy(copy, data, len);
    bench_event(b, &event);
    free(copy);
}

void bench_receive(struct bench *b, const char *hex)
{
    uint8_t data[BENCH_DATAGRAM_MAX];
    size_t len = 0;

    for (; hex[0] != '\0'; hex += 2) {
        const char digits[3] = {hex[0], hex[1], '\0'};

        data[len++] = (uint8_t)strtoul(digits, NULL, 16);
    }
    bench_datagram(b, 0, &bench_server, data, len);
    bench_pump(b);
}

void bench_answer_late(struct bench *b)
{
    while (b->late_count > 0) {
        const unsigned which = rng_below(&b->dice, b->late_count);
        const struct atc_event event = b->late[which];

        b->late[which] = b->late[--b->late_count];
        bench_event(b, &event);
        if (rng_once_in(&b->dice, 4))
            bench_event(b, &event); /* a shell that answers twice */
        bench_pump(b);
    }
}

size_t bench_write(struct bench *b, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    size_t done = 0;

    while (done < len) {
        size_t n;

        current = b;
        n = atc_te_write(&b->m, bytes + done, len - done, b->now_ms);
        done += n;
        bench_pump(b);
        if (n == 0) {
            current = b;
            n = atc_te_write(&b->m, bytes + done, len - done, b->now_ms);
            done += n;
            bench_pump(b);
            if (n == 0)
                break;
        }
    }
    bench_pump(b);
    return done;
}

size_t bench_type(struct bench *b, const char *text)
{
    return bench_write(b, text, strlen(text));
}

/* The modem has broken a promise of its header. */
static void give_up(const struct bench *b, const char *why)
{
    (void)fprintf(stderr, "bench at %llu ms: %s\n", (unsigned long long)b->now_ms, why);
    abort();
}

void bench_run(struct bench *b, uint64_t ms)
{
    const uint64_t until_ms = b->now_ms + ms;

    bench_pump(b);
    while (atc_deadline_ms(&b->m) <= until_ms) {
        const uint64_t next_ms = atc_deadline_ms(&b->m);

        if (next_ms <= b->now_ms && (b->manner == BENCH_LEAVE || b->te_closed))
            break; /* it cannot go on until its output is taken */
        if (next_ms <= b->now_ms)
            give_up(b, "due, and nothing happens");
        b->now_ms = next_ms;
        bench_pump(b);
    }
    b->now_ms = until_ms;
    bench_pump(b);
}

void bench_run_in_steps(struct bench *b, uint64_t ms, uint64_t step_ms)
{
    const uint64_t until_ms = b->now_ms + ms;

    while (b->now_ms < until_ms)
        bench_run(b, step_ms < until_ms - b->now_ms ? step_ms : until_ms - b->now_ms);
}

/* --- beginning -------------------------------------------------------------------------------- */

void bench_config(struct bench *b, const struct atc_dialect *dialect, uint64_t seed)
{
    memset(b, 0, offsetof(struct bench, sent));
    empty(&b->te);
    empty(&b->orders);
    b->cfg.dialect = dialect;
    b->cfg.random = draw;
    b->cfg.trace = watch;
    b->random.state = seed;
    b->dice.state = seed + 1000000;
    b->now_ms = 1000;
    atc_settings_default(&b->cfg.settings);
    b->cfg.settings.echo = ATC_OFF;
}

void bench_start(struct bench *b)
{
    current = b;
    if (atc_init(&b->m, &b->cfg, b->now_ms) != 0)
        abort();
}

void bench_new(struct bench *b, const struct atc_dialect *dialect, uint64_t seed)
{
    bench_config(b, dialect, seed);
    bench_start(b);
}

/* --- looking ---------------------------------------------------------------------------------- */

const struct bench_datagram *bench_sent(const struct bench *b, unsigned ago)
{
    if (ago >= b->sent_count || ago >= BENCH_SENT_MAX)
        return NULL;
    return &b->sent[(b->sent_count - 1 - ago) % BENCH_SENT_MAX];
}

const char *bench_said(struct bench *b)
{
    static char text[BENCH_LOG_MAX + 1];

    for (size_t i = 0; i < b->te.len; i++)
        text[i] = b->te.text[i] != '\0' ? b->te.text[i] : '?';
    text[b->te.len] = '\0';
    b->te.len = 0;
    b->te.text[0] = '\0';
    return text;
}

bool bench_same(const struct bench_log *a, size_t a_from, const struct bench_log *b, size_t b_from)
{
    return a->len - a_from == b->len - b_from &&
           memcmp(a->text + a_from, b->text + b_from, a->len - a_from) == 0;
}
