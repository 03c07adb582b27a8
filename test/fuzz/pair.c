/* SPDX-License-Identifier: MIT
 *
 * Two modems talk to each other over a link that loses, doubles, delays and swaps, each of either
 * dialect, each asking and answering. Every datagram is a message the second decoder takes; nothing
 * leaves more often than MAX_RETRANSMIT says; no TE is told of more messages than different ones have
 * reached its modem; and when the link is good again every command line ends and no message waits.
 */
#include <stdarg.h>

#include "decoder.h"
#include "engine.h"
#include "link.h"
#include "modem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { FLIGHT_MAX = 64, KNOWN_MAX = 512, RETRANSMIT_MAX = 8, REST_MS = 400000 };

/* A datagram that is known by its bytes, a hash of them. */
struct known {
    uint64_t hash;
    unsigned times;
};

static struct side {
    struct fuzz_modem f;
    struct atc_addr addr;
    bool bg96;
    struct sim_link link;
    struct known sent[KNOWN_MAX], got[KNOWN_MAX];
    unsigned sent_count, got_count;
    uint8_t asked[ATC_MESSAGE_MAX]; /* the last request that reached it */
    size_t asked_len;
    bool typed[65536]; /* message IDs the TE has set: it may do so again */
} sides[2];

static struct flight {
    uint64_t at_ms;
    struct side *to;
    size_t len;
    uint8_t data[ATC_MESSAGE_MAX];
} flights[FLIGHT_MAX];

static unsigned flight_count;
static uint64_t now_ms;
static bool
    listed; /* no message was forgotten, here or in a modem, and each has an ID of its own */

/* --- the books -------------------------------------------------------------------------------- */

static unsigned note(struct known *known, unsigned *count, const uint8_t *data, size_t len)
{
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a */
    unsigned i = 0;

    for (size_t k = 0; k < len; k++)
        hash = (hash ^ data[k]) * 0x100000001B3u;
    while (i < *count && known[i].hash != hash)
        i++;
    if (i == KNOWN_MAX) {
        listed = false;
        return 0;
    }
    if (i == *count) {
        known[i].hash = hash;
        known[i].times = 0;
        (*count)++;
    }
    return ++known[i].times;
}

/* --- the way between them --------------------------------------------------------------------- */

static void send(struct side *from, const struct atc_order *order)
{
    static struct decoder_message message;
    struct side *to = from == &sides[0] ? &sides[1] : &sides[0];
    const struct sim_offer offer = {.direction = SIM_UP, .session = 0, .len = order->len};
    struct sim_fate fate;
    unsigned times;

    decoder_read(&message, order->data, order->len);
    FUZZ_REQUIRE(message.verdict == DECODER_ACCEPT);
    times = note(from->sent, &from->sent_count, order->data, order->len);
    listed = listed && (message.type > 1 || !from->typed[message.mid]);
    FUZZ_REQUIRE(message.type != 0 || from->typed[message.mid] || times <= 1 + RETRANSMIT_MAX);
    if (memcmp(&order->peer.ip, &to->addr.ip, 4) != 0)
        return;
    fate = sim_link_decide(&from->link, &offer, now_ms);
    for (unsigned i = 0; i < fate.count && flight_count < FLIGHT_MAX; i++) {
        struct flight *flight = &flights[flight_count++];

        flight->at_ms = fate.at_ms[i];
        flight->to = to;
        flight->len = order->len;
        memcpy(flight->data, order->data, order->len);
    }
}

static void arrive(unsigned index)
{
    struct flight *flight = &flights[index];
    struct side *to = flight->to;
    struct side *from = to == &sides[0] ? &sides[1] : &sides[0];
    struct atc_event event = {
        .kind = ATC_EVENT_DATAGRAM, .peer = from->addr, .data = flight->data, .len = flight->len};

    (void)note(to->got, &to->got_count, flight->data, flight->len);
    if (flight->data[1] > 0 && flight->data[1] < 32) {
        memcpy(to->asked, flight->data, flight->len);
        to->asked_len = flight->len;
    }
    atc_event(&to->f.m, &event, now_ms);
    *flight = flights[--flight_count];
}

/* Carry out a modem's orders, all of them well. */
static bool obey(struct side *side)
{
    struct atc_order order;
    bool any = false;

    fuzz_drain(&side->f, SIZE_MAX);
    while (atc_order_next(&side->f.m, &order)) {
        struct atc_event event = {
            .kind = ATC_EVENT_DONE, .order = order.id, .session = order.session};

        any = true;
        if (order.kind == ATC_ORDER_SEND)
            send(side, &order);
        if (order.kind == ATC_ORDER_FILE)
            event.cause = ATC_CAUSE_FILE_MISSING;
        if (order.kind != ATC_ORDER_CLOSE && order.kind != ATC_ORDER_UART)
            atc_event(&side->f.m, &event, now_ms);
        fuzz_drain(&side->f, SIZE_MAX);
    }
    return any;
}

static void settle(void)
{
    while (obey(&sides[0]) || obey(&sides[1]))
        continue;
}

static uint64_t next_moment(void)
{
    uint64_t moment = atc_deadline_ms(&sides[0].f.m);

    if (atc_deadline_ms(&sides[1].f.m) < moment)
        moment = atc_deadline_ms(&sides[1].f.m);
    for (unsigned i = 0; i < flight_count; i++)
        moment = flights[i].at_ms < moment ? flights[i].at_ms : moment;
    return moment > now_ms ? moment : now_ms;
}

static void run(uint64_t until_ms)
{
    settle();
    for (unsigned steps = 0; next_moment() <= until_ms; steps++) {
        FUZZ_REQUIRE(steps < 1000000); /* nothing may be due for ever */
        now_ms = next_moment();
        for (unsigned i = 0; i < flight_count;) {
            if (flights[i].at_ms <= now_ms)
                arrive(i);
            else
                i++;
        }
        for (unsigned i = 0; i < 2; i++)
            atc_tick(&sides[i].f.m, now_ms);
        settle();
    }
    now_ms = until_ms;
    for (unsigned i = 0; i < 2; i++)
        atc_tick(&sides[i].f.m, now_ms);
    settle();
}

/* --- the hosts -------------------------------------------------------------------------------- */

/* What the modem does not take at once is lost. */
static void type(struct side *side, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void type(struct side *side, const char *format, ...)
{
    char text[256];
    va_list args;
    size_t done = 0, n = 1, len;

    va_start(args, format);
    len = (size_t)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (; n > 0 && done < len; done += n) {
        n = atc_te_write(&side->f.m, (const uint8_t *)text + done, len - done, now_ms);
        settle();
    }
}

static void begin(struct side *side, unsigned index, unsigned choice)
{
    fuzz_start(&side->f, (choice & 1u) | 2u | (choice & ~3u & 0x1F0u));
    side->bg96 = (choice & 1u) != 0;
    memset(&side->addr, 0, sizeof side->addr);
    memcpy(side->addr.ip, (const uint8_t[]){192, 0, 2, (uint8_t)(1 + index)}, 4);
    side->addr.family = ATC_FAMILY_IPV4;
    side->addr.port = 5683;
    sim_link_init(&side->link, choice, index);
    side->sent_count = side->got_count = 0;
    side->asked_len = 0;
    memset(side->typed, 0, sizeof side->typed);
    side->f.random.state = 100 + index; /* two modems draw different IDs and tokens */
}

static void open(struct side *side, unsigned other)
{
    if (side->bg96)
        type(side, "AT+QCOAPOPEN=0,\"192.0.2.%u\",5683\r", other);
    else
        type(side, "AT+QCOAPCREATE=5683;+QCOAPADDRES=4,\"/t/d\"\r");
}

static void ask(struct side *side, unsigned other, unsigned how)
{
    const unsigned type_number = how / 4u % 2u, method = 1 + how % 4u;

    if (side->bg96) {
        type(side, "AT+QCOAPOPTION=0,0,0,11,\"t/d\"\r");
        if (how >= 192)
            type(side, "AT+QCOAPOPTION=0,0,1,6,0\r");
        type(side, "AT+QCOAPSEND=0,%u,%u,3,%u\r%s", type_number, method, how % 8u == 6 ? 2 : 0,
             how % 8u == 6 ? "hi" : "");
    } else {
        if ((how & 8u) != 0)
            type(side, "AT+QCOAPHEAD=1\r");
        type(side, how >= 192 ? "AT+QCOAPOPTION=2,11,\"t/d\",6,\"0\"\r"
                              : "AT+QCOAPOPTION=1,11,\"t/d\"\r");
        type(side, "AT+QCOAPSEND=%u,%u,192.0.2.%u,5683\r%s\x1A", type_number, method, other,
             how % 8u == 6 ? "hi" : "");
    }
}

static void answer(struct side *side, unsigned other, unsigned how)
{
    static struct decoder_message message;
    static const unsigned types[] = {2, 2, 0, 1, 3};
    const unsigned kind = types[how % 5u];
    char token[20] = "";

    if (side->asked_len == 0)
        return;
    decoder_read(&message, side->asked, side->asked_len);
    for (size_t i = 0; i < message.token_len; i++)
        (void)snprintf(token + 2 * i, 3, "%02X", side->asked[4 + i]);
    side->typed[message.mid] = true;
    if (side->bg96)
        type(side, "AT+QCOAPHEADER=0,%u,%u,%zu%s%s\rAT+QCOAPSEND=0,%u,%u,0,0\r", message.mid, 0u,
             message.token_len, token[0] != '\0' ? "," : "", token, kind, kind == 3 ? 0 : 69);
    else if (message.token_len > 0)
        type(side, "AT+QCOAPHEAD=5,%u,%zu,%s\rAT+QCOAPSEND=%u,%s,192.0.2.%u,5683\r\x1A",
             message.mid, message.token_len, token, kind, kind == 3 ? "0" : "205", other);
    else
        type(side, "AT+QCOAPHEAD=3,%u\rAT+QCOAPSEND=%u,%s,192.0.2.%u,5683\r\x1A", message.mid, kind,
             kind == 3 ? "0" : "205", other);
}

static void disturb(struct side *side, unsigned how)
{
    struct sim_link_config config = side->link.config;

    if (how < 128) {
        sim_link_once(&side->link, SIM_UP, (enum sim_once)(1u + how % SIM_ONCE_REORDER), how * 50u);
        return;
    }
    config.path[SIM_UP].loss_ppm = how % 8u * 100000u;
    config.path[SIM_UP].dup_ppm = how / 8u % 4u * 200000u;
    config.path[SIM_UP].delay.min_ms = config.path[SIM_UP].delay.max_ms = how % 5u * 700u;
    config.path[SIM_UP].delay.max_ms += how / 16u % 2u * 4000u;
    sim_link_config(&side->link, &config, now_ms);
}

static void act(struct input *in)
{
    const unsigned op = next(in);
    const unsigned how = next(in);
    struct side *side = &sides[op & 1u];
    const unsigned other = (op & 1u) != 0 ? 1 : 2;

    switch (op / 2u % 8u) {
    case 0:
    case 1:
        ask(side, other, how);
        break;
    case 2:
    case 3:
        answer(side, other, how);
        break;
    case 4:
        disturb(side, how);
        break;
    case 5:
        if (how % 8u == 0) {
            listed = false; /* who starts anew has forgotten what it was told */
            type(side, side->bg96 ? "AT+QCOAPCLOSE=0\r" : "AT+QCOAPDEL\r");
        }
        open(side, other);
        break;
    case 6:
        run(now_ms + how);
        break;
    default:
        run(now_ms + how * 60u);
        break;
    }
}

/* --- the verdict ------------------------------------------------------------------------------ */

static void require_peace(const struct side *side)
{
    const struct atc_engine *e = (const void *)&side->f.m;

    FUZZ_REQUIRE(side->f.begun == side->f.ended);
    FUZZ_REQUIRE(!listed || atc_counter(&side->f.m, ATC_COUNT_SEEN_EVICTED) > 0 ||
                 atc_counter(&side->f.m, ATC_COUNT_DELIVERED) <= side->got_count);
    for (unsigned i = 0; i < ATC_EXCHANGE_MAX; i++)
        FUZZ_REQUIRE(e->messages.exchange[i].state != ATC_EXCHANGE_WAIT_ACK &&
                     e->messages.exchange[i].state != ATC_EXCHANGE_SENDING);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct input in = {data, len};
    const struct sim_link_config good = {.phase_count = 0};

    if (len > 400)
        return 0;
    now_ms = 0;
    flight_count = 0;
    listed = true;
    for (unsigned i = 0; i < 2; i++)
        begin(&sides[i], i, next(&in));
    for (unsigned i = 0; i < 2; i++)
        open(&sides[i], 2 - i);
    while (in.left > 0 && now_ms < 200000) /* within EXCHANGE_LIFETIME */
        act(&in);
    for (unsigned i = 0; i < 2; i++)
        sim_link_config(&sides[i].link, &good, now_ms);
    run(now_ms + REST_MS);
    for (unsigned i = 0; i < 2; i++) {
        type(&sides[i], "\x1B\rAT\r");
        require_peace(&sides[i]);
    }
    return 0;
}
