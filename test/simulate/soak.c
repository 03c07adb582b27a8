/* SPDX-License-Identifier: MIT
 *
 * A long life of both modules: ten million exchanges in 365 days, ten days in the tests. On the way
 * all message IDs are used again and again and the clock passes the ends of 32 bits, in milliseconds
 * and in seconds. No ID may come back within its lifetime, every message has one end, and nothing
 * that the module holds grows.
 *
 * usage: soak [DAYS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "lab.h"

enum { DAYS_DEFAULT = 10, DAYS_MAX = 3650, DAY_MS = 86400000, LIFETIME_MS = 247000 };
enum { CON, NON };

/* Ten million in 365 days. */
#define PACE_US 3153600u

/* Both clocks of 32 bits end there, five days after the start. */
#define START_MS ((1ull << 32) * 1000u - 5ull * DAY_MS)

#define LINK "loss=2%,dup=1%,reorder=1%,delay=40:400"

/* What a module holds at one moment. */
struct usage {
    unsigned pool, blocks, exchanges, seens, timers;
};

static struct lab lab;
static bool bc95;
static uint64_t used_at_ms[65536]; /* when an ID was first sent; 0: never */
static uint16_t last_mid;
static unsigned long long wraps, sent, acked, timed_out, answers, pushed;
static struct usage first_day, later;

static void stop(const char *why)
{
    (void)fprintf(stderr, "not so: %s: message %llu, ID %u, at %llu ms\n%s\n", why, sent, last_mid,
                  (unsigned long long)lab.now_ms, lab.text);
    exit(1);
}

static void on_message(void *ctx, enum lab_place place, const uint8_t *data, size_t len)
{
    struct sim_coap m;

    (void)ctx;
    if (place != LAB_LEFT)
        return;
    if (sim_coap_parse(&m, data, len) != 0)
        stop("no CoAP");
    if (m.type > NON || (m.mid == last_mid && sent > 0))
        return; /* an answer, or a retransmission */
    if (used_at_ms[m.mid] != 0 && lab.now_ms - used_at_ms[m.mid] < LIFETIME_MS)
        stop("an ID is used again within its lifetime");
    used_at_ms[m.mid] = lab.now_ms;
    wraps += m.mid < last_mid && sent > 0;
    last_mid = m.mid;
}

/* --- the TE ----------------------------------------------------------------------------------- */

static void forget_text(void)
{
    lab.text_len = 0;
    lab.text[0] = '\0';
}

static void command(const char *line)
{
    const unsigned before = lab.finals;
    const char *reply = lab_type(&lab, line);

    if (lab.finals != before + 1 || strstr(reply, "OK\r\n") == NULL ||
        strstr(reply, "ERROR") != NULL)
        stop(line);
}

/* What is sent, in turn: mostly telemetry; a NON, a response that comes later, a request of the
 * server's now and then. */
struct kind {
    const char *path;
    unsigned type, code, slots;
};

static const struct kind telemetry = {"echo", CON, 2, 1}, loose = {"echo", NON, 2, 1},
                         separate = {"separate", CON, 1, 2}, push = {"push", CON, 2, 28};

static const struct kind *kind_of(unsigned long long index)
{
    switch (index % 32) {
    case 7:
    case 23:
        return &loose;
    case 15:
        return &separate;
    case 31:
        return &push;
    default:
        return &telemetry;
    }
}

static void send_message(const struct kind *kind)
{
    char line[96];
    const unsigned before = lab.finals;

    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,%u,%u,%u\r", kind->type, kind->code,
                   kind->slots);
    if (bc95) {
        (void)lab_type(&lab, "AT+QCOAPHEAD=1\r");
        (void)snprintf(line, sizeof line, "AT+QCOAPOPTION=1,11,\"%s\"\r", kind->path);
        if (kind == &push)
            (void)snprintf(line, sizeof line,
                           "AT+QCOAPOPTION=3,11,\"push\",15,\"path=/t\",15,\"type=con\"\r");
        (void)lab_type(&lab, line);
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=%u,%u,192.0.2.1,5683\r", kind->type,
                       kind->code);
    }
    (void)lab_type(&lab, line);
    (void)lab_type(&lab, kind->code == 2 ? "21.5\x1a" : "\x1a");
    if (lab.finals != before + (bc95 ? 3 : 1) || strstr(lab.text, "ERROR") != NULL)
        stop("SEND");
    sent++;
    pushed += kind == &push;
}

/* 0: it waits; 1: acknowledged; 2: given up. */
static unsigned end_of(const struct kind *kind)
{
    const struct atc_engine *e = (const void *)&lab.modem;
    char head[40];
    const char *line;

    if (kind->type == NON)
        return 1;
    if (bc95)
        return e->session[0].status == ATC_STATUS_WAITING   ? 0
               : e->session[0].status == ATC_STATUS_SUCCESS ? 1
               : e->session[0].status == ATC_STATUS_TIMEOUT ? 2
                                                            : 3;
    (void)snprintf(head, sizeof head, "+QCOAPACK: 0,0,%u,", last_mid);
    line = strstr(lab.text, head);
    if (line == NULL)
        return 0;
    if (strstr(line + 1, head) != NULL)
        stop("two ends");
    return line[strlen(head)] == '0' ? 1 : strncmp(line + strlen(head), "-11", 3) == 0 ? 2 : 3;
}

static void count_answers(void)
{
    for (const char *at = lab.text; (at = strstr(at, bc95 ? "\"rsp\"," : "+QCOAPRECV: ")) != NULL;
         at++)
        answers++;
}

/* --- what the module holds -------------------------------------------------------------------- */

static struct usage look(void)
{
    const struct atc_engine *e = (const void *)&lab.modem;
    struct usage u = {.pool = (unsigned)(e->pool.end - e->pool.gaps)};

    for (unsigned i = 1; i <= ATC_BLOCK_MAX; i++)
        u.blocks += e->pool.offset[i] != 0;
    for (unsigned i = 0; i < ATC_EXCHANGE_MAX; i++)
        u.exchanges += e->messages.exchange[i].state != ATC_EXCHANGE_FREE;
    for (uint8_t i = e->messages.endpoint[0].seens; i != ATC_NO_ENTRY; i = e->messages.seen[i].next)
        u.seens++;
    for (unsigned i = 0; i < ATC_TIMER_MAX; i++)
        u.timers += atc_timer_runs(&e->timers, i);
    return u;
}

static unsigned most(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static void remember(struct usage *u)
{
    const struct usage now = look();

    u->pool = most(u->pool, now.pool);
    u->blocks = most(u->blocks, now.blocks);
    u->exchanges = most(u->exchanges, now.exchanges);
    u->seens = most(u->seens, now.seens);
    u->timers = most(u->timers, now.timers);
}

/* No day may need much more than the first: what leaks, leaks in every one of them. Chance may put a
 * few more at one moment. */
static void check_flat(void)
{
    if (later.pool > first_day.pool + 512 || later.blocks > first_day.blocks + 4 ||
        later.exchanges > first_day.exchanges + 4 || later.seens > first_day.seens + 6 ||
        later.timers > first_day.timers + 2)
        stop("a table grows");
    for (unsigned i = ATC_COUNT_URC_OVERFLOW; i < ATC_COUNT_COUNT; i++)
        if (i != ATC_COUNT_SEEN_EVICTED && i != ATC_COUNT_EXCHANGE_EVICTED &&
            atc_counter(&lab.modem, (enum atc_count)i) > 0)
            stop(atc_count_name(i));
}

static void print_usage(const char *when, const struct usage *u)
{
    (void)printf(
        "  %s: at most %u bytes and %u blocks of the pool, %u exchanges, %u messages of the "
        "peer, %u timers\n",
        when, u->pool, u->blocks, u->exchanges, u->seens, u->timers);
}

/* --- a life ----------------------------------------------------------------------------------- */

static void start(const struct atc_dialect *dialect)
{
    struct lab_config config = {
        .dialect = dialect, .seed = 11, .now_ms = START_MS, .message = on_message};

    bc95 = dialect == &atc_dialect_bc95;
    memset(used_at_ms, 0, sizeof used_at_ms);
    memset(&first_day, 0, sizeof first_day);
    memset(&later, 0, sizeof later);
    wraps = sent = acked = timed_out = answers = pushed = 0;
    lab_open(&lab, &config);
    lab_link(&lab, LINK);
    if (bc95) {
        command("AT+QCOAPCREATE=56830\r");
        return;
    }
    command("AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    command("AT+QCOAPOPTION=0,0,0,11,\"echo\"\r");
    command("AT+QCOAPOPTION=0,0,1,11,\"separate\"\r");
    command("AT+QCOAPOPTION=0,0,2,11,\"push\"\r");
    command("AT+QCOAPOPTION=0,0,3,15,\"path=/t\"\r");
    command("AT+QCOAPOPTION=0,0,4,15,\"type=con\"\r");
}

static void run_message(const struct kind *kind)
{
    unsigned end;

    send_message(kind);
    for (end = end_of(kind); end == 0; end = end_of(kind))
        if (!lab_step(&lab, lab.now_ms + DAY_MS))
            stop("a message has no end");
    if (end > 2)
        stop("another end");
    acked += end == 1;
    timed_out += end == 2;
}

static void live(unsigned days)
{
    const unsigned long long total = days * (unsigned long long)DAY_MS * 1000u / PACE_US;

    for (unsigned long long i = 0; i < total; i++) {
        forget_text();
        run_message(kind_of(i));
        /* Whoever is late makes up for it. */
        lab_run(&lab, START_MS + (i + 1) * PACE_US / 1000u > lab.now_ms
                          ? START_MS + (i + 1) * PACE_US / 1000u
                          : lab.now_ms);
        count_answers();
        remember(lab.now_ms - START_MS <= DAY_MS ? &first_day : &later);
    }
    if (sent != total || acked + timed_out != total)
        stop("the books");
    if (wraps < total / 65536u - 1u)
        stop("the message IDs have not come round");
}

static void live_as(const struct atc_dialect *dialect, const char *name, unsigned days)
{
    start(dialect);
    live(days);
    (void)printf("%s: %u days, %llu exchanges: %llu delivered, %llu given up, %llu reports of "
                 "responses and requests; all message IDs %llu times; %u repeats of the peer\n",
                 name, days, sent, acked, timed_out, answers, wraps,
                 atc_counter(&lab.modem, ATC_COUNT_DUPLICATE));
    print_usage("on the first day", &first_day);
    print_usage("later", &later);
    check_flat();
    lab_close(&lab);
}

int main(int argc, char **argv)
{
    const unsigned long days = argc > 1 ? strtoul(argv[1], NULL, 10) : DAYS_DEFAULT;

    if (days < 6 || days > DAYS_MAX) {
        (void)fprintf(stderr, "usage: soak [DAYS]     6-%d: the clocks wrap on the fifth\n",
                      DAYS_MAX);
        return 2;
    }
    live_as(&atc_dialect_bc95, "BC95", (unsigned)days);
    live_as(&atc_dialect_bg96, "BG96", (unsigned)days);
    return 0;
}
