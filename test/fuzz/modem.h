/* SPDX-License-Identifier: MIT
 *
 * A modem under a fuzzer: a shell that does nothing but keep books. It counts command lines and
 * their ends by the trace, which no content can imitate.
 */
#ifndef FUZZ_MODEM_H
#define FUZZ_MODEM_H

#include <string.h>

#include "atcoap/atcoap.h"
#include "engine.h"
#include "input.h"
#include "line.h"
#include "rng.h"

enum { FUZZ_SENT_MAX = 4, FUZZ_OPEN_MAX = 32, FUZZ_DATAGRAM_MAX = 64 };

struct fuzz_modem {
    struct atc_modem m;
    struct rng random;
    uint64_t now_ms;
    unsigned begun, ended;                /* command lines */
    struct atc_order open[FUZZ_OPEN_MAX]; /* orders that want an answer; no data kept */
    unsigned open_count;
    uint8_t sent[FUZZ_SENT_MAX][FUZZ_DATAGRAM_MAX]; /* the start of the last datagrams */
    unsigned sent_count;
    uint8_t last[ATC_MESSAGE_MAX]; /* the last datagram */
    size_t last_len;
    unsigned file_count;
    uint8_t *heard; /* what the TE reads is kept there; NULL: nowhere */
    size_t heard_len, heard_max;
    /* Carries out FILE orders at once; NULL: they wait in open like others. */
    void (*file)(struct fuzz_modem *f, struct atc_event *event, const struct atc_order *order);
};

static const struct atc_addr fuzz_server = {.ip = {192, 0, 2, 1}, .port = 5683, .family = 4};

static inline bool fuzz_random(void *ctx, uint8_t *buf, size_t len)
{
    struct fuzz_modem *f = ctx;

    rng_fill(&f->random, buf, len);
    return true;
}

/* Whatever is told has a name for logs. */
static inline bool fuzz_is_named(const struct atc_trace *record)
{
    switch ((enum atc_trace_kind)record->kind) {
    case ATC_TRACE_LINE:
        return *atc_line_state_name(record->from) != '?' && *atc_line_state_name(record->to) != '?';
    case ATC_TRACE_SESSION:
        return *atc_session_state_name(record->from) != '?' &&
               *atc_session_state_name(record->to) != '?';
    case ATC_TRACE_EXCHANGE:
        return *atc_exchange_state_name(record->from) != '?' &&
               *atc_exchange_state_name(record->to) != '?';
    case ATC_TRACE_COUNT:
        return *atc_count_name(record->to) != '?';
    case ATC_TRACE_COMMAND:
        return *atc_cause_name(record->to) != '?';
    case ATC_TRACE_RESULT:
        /* A shell that lies may name a kind of order that there is not. */
        return *atc_order_name(record->from) != '\0' && *atc_cause_name(record->to) != '?';
    case ATC_TRACE_REMARK:
        return *atc_remark_name(record->to) != '?';
    case ATC_TRACE_ROW:
    case ATC_TRACE_URC:
    case ATC_TRACE_REPORT:
    case ATC_TRACE_REQUEST:
        break;
    }
    return true;
}

static inline void fuzz_trace(void *ctx, const struct atc_trace *record)
{
    struct fuzz_modem *f = ctx;

    FUZZ_REQUIRE(fuzz_is_named(record));
    if (record->kind == ATC_TRACE_LINE && record->to == ATC_LINE_BUSY &&
        record->from <= ATC_LINE_TYPING)
        f->begun++;
    if (record->kind == ATC_TRACE_COMMAND)
        f->ended++;
}

/* What survives a restart is asked of the shell, besides. */
#define FUZZ_KEEPS 512u

/* The CoAP commands alone. */
#define FUZZ_BARE 1024u

/* The bits of choice are dialect and settings; 0: the defaults. */
static inline void fuzz_configure(struct fuzz_modem *f, struct atc_config *out, unsigned choice)
{
    struct atc_config cfg = {.random = fuzz_random, .trace = fuzz_trace, .ctx = f};

    memset(f, 0, sizeof *f);
    f->random.state = 1;
    f->file_count = 2;
    cfg.dialect = (choice & 1u) == 0 ? &atc_dialect_bc95 : &atc_dialect_bg96;
    if ((choice & FUZZ_BARE) != 0)
        cfg.dialect = (choice & 1u) == 0 ? &atc_dialect_bc95_coap : &atc_dialect_bg96_coap;
    atc_settings_default(&cfg.settings);
    cfg.settings.echo = (choice & 2u) == 0 ? ATC_ON : ATC_OFF;
    cfg.settings.timing = (choice & 4u) == 0 ? ATC_TIMING_INSTANT : ATC_TIMING_MAX;
    cfg.settings.auto_ack_ms = (choice & 8u) == 0 ? 0 : 1500;
    cfg.settings.unmatched = (choice & 16u) == 0 ? ATC_UNMATCHED_404 : ATC_UNMATCHED_URC;
    cfg.settings.head = cfg.settings.option = (choice & 32u) == 0 ? ATC_LIFE_ONCE : ATC_LIFE_KEEP;
    cfg.keep = (choice & FUZZ_KEEPS) != 0;
    cfg.settings.nstart = (uint8_t)(1u + choice / 64u % 4u);
    *out = cfg;
}

static inline void fuzz_start(struct fuzz_modem *f, unsigned choice)
{
    struct atc_config cfg;

    fuzz_configure(f, &cfg, choice);
    FUZZ_REQUIRE(atc_init(&f->m, &cfg, 0) == 0);
}

/* Take orders away; those that want an answer wait in open. */
static inline void fuzz_take_orders(struct fuzz_modem *f)
{
    struct atc_order order;

    while (f->open_count < FUZZ_OPEN_MAX && atc_order_next(&f->m, &order)) {
        if (order.kind == ATC_ORDER_SEND) {
            const size_t len = order.len < FUZZ_DATAGRAM_MAX ? order.len : FUZZ_DATAGRAM_MAX;

            FUZZ_REQUIRE(order.len >= 4 && order.len <= ATC_MESSAGE_MAX);
            memcpy(f->sent[f->sent_count++ % FUZZ_SENT_MAX], order.data, len);
            memcpy(f->last, order.data, order.len);
            f->last_len = order.len;
        }
        if (order.kind == ATC_ORDER_FILE && f->file != NULL) {
            struct atc_event event = {.kind = ATC_EVENT_FILE_DONE, .order = order.id};

            f->file(f, &event, &order);
            atc_event(&f->m, &event, f->now_ms);
        } else if (order.kind != ATC_ORDER_CLOSE && order.kind != ATC_ORDER_UART)
            f->open[f->open_count++] = order;
    }
}

/* A store that only counts its files. */
static inline void answer_file(struct fuzz_modem *f, struct atc_event *event)
{
    const struct atc_order *order = &f->open[0];

    if (order->operation == ATC_FILE_LIST && order->offset >= f->file_count)
        event->cause = ATC_CAUSE_FILE_MISSING;
    if (order->operation == ATC_FILE_COMMIT)
        f->file_count++;
    if (order->operation == ATC_FILE_DELETE && f->file_count > 0)
        f->file_count--;
}

/* Answer the order that waits longest. */
static inline void fuzz_answer(struct fuzz_modem *f, enum atc_cause cause)
{
    static const uint8_t content[] = "id&secret\r\n";
    struct atc_event event = {.kind = ATC_EVENT_DONE, .cause = cause};

    if (f->open_count == 0)
        return;
    event.order = f->open[0].id;
    event.session = f->open[0].session;
    if (f->open[0].kind == ATC_ORDER_RESOLVE && cause == ATC_OK) {
        event.kind = ATC_EVENT_RESOLVED;
        event.peer = fuzz_server;
    }
    if (f->open[0].kind == ATC_ORDER_FILE) {
        event.kind = ATC_EVENT_FILE_DONE;
        event.data = content;
        event.len = sizeof content - 1;
        event.size = event.total = sizeof content - 1;
        answer_file(f, &event);
    }
    f->open_count--;
    memmove(f->open, f->open + 1, f->open_count * sizeof f->open[0]);
    atc_event(&f->m, &event, f->now_ms);
}

/* Let the TE read up to so many bytes. */
static inline void fuzz_drain(struct fuzz_modem *f, size_t max)
{
    const uint8_t *said;
    size_t len;

    while (max > 0 && (said = atc_te_peek(&f->m, &len)) != NULL && len > 0) {
        const size_t n = len < max ? len : max;

        if (f->heard != NULL && n <= f->heard_max - f->heard_len) {
            memcpy(f->heard + f->heard_len, said, n);
            f->heard_len += n;
        }
        atc_te_drop(&f->m, n);
        max -= n;
    }
}

/* Do all there is to do at this moment, successfully; then nothing may be due any more. */
static inline void fuzz_settle(struct fuzz_modem *f)
{
    size_t len;

    for (unsigned round = 0; round < 10000; round++) {
        fuzz_drain(f, SIZE_MAX);
        fuzz_take_orders(f);
        (void)atc_te_peek(&f->m, &len);
        if (f->open_count == 0 && len == 0 && atc_deadline_ms(&f->m) > f->now_ms)
            return;
        fuzz_answer(f, ATC_OK);
        atc_tick(&f->m, f->now_ms);
    }
    FUZZ_REQUIRE(false); /* the modem never comes to rest */
}

/* Type bytes; where the modem takes its time, time passes. */
static inline void fuzz_type(struct fuzz_modem *f, const uint8_t *data, size_t len)
{
    size_t done = 0;

    while (done < len) {
        const size_t n = atc_te_write(&f->m, data + done, len - done, f->now_ms);

        done += n;
        fuzz_settle(f);
        if (n == 0 && atc_deadline_ms(&f->m) == ATC_NEVER)
            return;
        if (n == 0)
            f->now_ms = atc_deadline_ms(&f->m);
    }
}

/* What ends a line: ATS3 may have changed it. */
static inline uint8_t fuzz_line_end(const struct fuzz_modem *f)
{
    return ((const struct atc_engine *)(const void *)f->m.state.bytes)->line.end;
}

/* Get out of any data entry: ESC ends an open one, many bytes a counted one, time an upload, and a
 * restart ends by itself. */
static inline void fuzz_leave(struct fuzz_modem *f)
{
    uint8_t filler[1100], escape[] = {0x1B, fuzz_line_end(f)};

    memset(filler, fuzz_line_end(f), sizeof filler);
    fuzz_type(f, escape, sizeof escape);
    for (unsigned i = 0; i < 3 && f->begun != f->ended; i++) {
        fuzz_type(f, filler, sizeof filler);
        f->now_ms += 70000000;
        fuzz_settle(f);
        fuzz_type(f, escape, sizeof escape);
    }
    f->now_ms += 70000000;
    fuzz_settle(f);
}

#endif
