/* SPDX-License-Identifier: MIT
 *
 * A shell that answers orders badly, late, twice or never, loses random bytes and takes orders away
 * slowly; a host that types noise; peers that send anything; clocks that jump. Nothing breaks (the
 * sanitizers and the assertions of the core look on), deadlines keep their word, and when the shell
 * has answered everything the module takes commands again.
 */
#include "bench.h"
#include "check.h"
#include "host.h"
#include "peer.h"
#include "seeds.h"

enum { ROUNDS = 120 };

static struct bench b;
static struct host_turn turn;

/* An event nobody asked for. */
static void stray_event(struct rng *rng)
{
    const struct atc_event event = {
        .kind = (enum atc_event_kind)rng_below(rng, ATC_EVENT_WALL_CLOCK + 1),
        .order = rng_once_in(rng, 2)
                     ? (uint32_t)rng_next(rng)
                     : rng_below(rng, 5) << 24 | rng_below(rng, 30) << 16 | rng_below(rng, 50),
        .session = (uint8_t)rng_below(rng, rng_once_in(rng, 8) ? 256 : 6),
        .cause = (enum atc_cause)rng_below(rng, ATC_CAUSE_COUNT),
        .peer = bench_server,
        .network = {.attached = !rng_once_in(rng, 3),
                    .registration = (uint8_t)rng_below(rng, 6),
                    .rssi = (uint8_t)rng_below(rng, 100)},
    };

    bench_event(&b, &event);
}

static void receive_one(struct rng *rng)
{
    static uint8_t data[PEER_DATAGRAM_MAX];
    const size_t len = peer_datagram(data, rng, &b);

    bench_datagram(&b, rng_below(rng, 8), &bench_server, data, len);
}

/* Whether the modem keeps its word: after a tick nothing is overdue unless it can go on at once or
 * the shell has left its orders or output lying. */
static void check_deadline(void)
{
    size_t len;

    (void)atc_te_peek(&b.m, &len);
    if (b.manner == BENCH_LEAVE || len > 0)
        return;
    EXPECT(atc_deadline_ms(&b.m) > b.now_ms, "overdue by %llu ms",
           (unsigned long long)(b.now_ms - atc_deadline_ms(&b.m)));
}

/* never: some orders are not answered at all. */
static void act(struct rng *rng, const struct atc_dialect *dialect, bool never)
{
    static const enum bench_manner manners[] = {BENCH_GOOD, BENCH_GOOD,  BENCH_RANDOM,
                                                BENCH_BAD,  BENCH_LEAVE, BENCH_NEVER};

    switch (rng_below(rng, 8)) {
    case 0:
    case 1:
    case 2:
        host_turn(&turn, rng, dialect, rng_once_in(rng, 3) ? HOST_NOISY : HOST_SANE);
        (void)bench_write(&b, turn.line, turn.line_len);
        (void)bench_type(&b, "\r\n");
        (void)bench_write(&b, turn.payload, rng_below(rng, (unsigned)turn.payload_len + 1));
        break;
    case 3:
        receive_one(rng);
        break;
    case 4:
        bench_run(&b, rng_below(rng, rng_once_in(rng, 4) ? 4000000 : 4000));
        break;
    case 5:
        b.manner = manners[rng_below(rng, never ? 6 : 5)];
        b.random_fails = rng_once_in(rng, 6);
        b.te_closed = rng_once_in(rng, 8);
        break;
    case 6:
        bench_answer_late(&b);
        break;
    default:
        if (rng_once_in(rng, 4))
            stray_event(rng);
        break;
    }
    bench_pump(&b);
    check_deadline();
}

/* Be a good shell again: answer everything, end any data entry, wait out any restart. */
static void come_to_rest(const struct atc_dialect *dialect)
{
    char filler[1000];

    memset(filler, 'x', sizeof filler);
    b.manner = BENCH_GOOD;
    b.random_fails = false;
    b.te_closed = false;
    bench_pump(&b);
    bench_answer_late(&b);
    for (unsigned i = 0; i < 80; i++) {
        bench_run(&b, 70000);
        (void)bench_said(&b);
        /* noise may have held ATV or ATQ */
        (void)bench_type(&b, dialect == &atc_dialect_bg96 ? "\x1A\r\nATQ0V1\r" : "\x1A\r\nAT\r");
        bench_run(&b, 1000);
        if (strstr(b.te.text, "\r\nOK\r\n") != NULL)
            return;
        (void)bench_write(&b, filler, sizeof filler);
    }
}

static void play(uint64_t seed, const struct atc_dialect *dialect)
{
    struct rng rng = {seed};

    bench_config(&b, dialect, seed);
    b.cfg.settings.timing = (uint8_t)rng_below(&rng, 3);
    b.cfg.settings.nstart = (uint8_t)(1 + rng_below(&rng, 4));
    b.cfg.settings.echo = (uint8_t)rng_below(&rng, 2);
    b.cfg.settings.auto_ack_ms = rng_once_in(&rng, 3) ? 1500 : 0;
    b.cfg.settings.prompt_timeout_ms = rng_once_in(&rng, 3) ? 60000 : 0;
    b.cfg.settings.message_max = rng_once_in(&rng, 3) ? ATC_MESSAGE_MAX : 1280;
    bench_start(&b);
    (void)bench_type(&b, "AT+QCOAPCREATE=56830\rAT+QCOAPADDRES=4,\"/t/d\"\r"
                         "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    for (unsigned i = 0; i < ROUNDS; i++) {
        act(&rng, dialect, seed % 3 == 0);
        if (b.te.len > BENCH_LOG_MAX / 2)
            (void)bench_said(&b);
        b.orders.len = 0;
    }
    if (atc_is_off(&b.m) || b.never_answered > 0)
        return;
    come_to_rest(dialect);
    (void)bench_said(&b);
    (void)bench_type(&b, "AT\r");
    EXPECT(strstr(bench_said(&b), "\r\nOK\r\n") != NULL, "it does not come to rest");
}

static void check_bc95(uint64_t seed)
{
    play(seed, &atc_dialect_bc95);
}

static void check_bg96(uint64_t seed)
{
    play(seed, &atc_dialect_bg96);
}

/* A store that answers a command with more than it was asked for, or with a name no file has, has
 * failed: 400 and above, or ERROR. Found by test/fuzz/files.c. */
static void check_long_answers(uint64_t seed)
{
    static const char *const lines[] = {"AT+QFDWL=\"a\"\r", "AT+QFLST\r", "AT+QFDEL=\"*\"\r"};
    static uint8_t content[4096];

    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct atc_event event = {.kind = ATC_EVENT_FILE_DONE, .data = content};
        struct atc_order order;

        bench_new(&b, &atc_dialect_bg96, seed);
        b.manner = BENCH_LEAVE;
        (void)bench_type(&b, lines[i]);
        bench_enter(&b);
        assert_true(atc_order_next(&b.m, &order));
        event.order = order.id;
        event.size = 81 + (uint32_t)(seed * 977 % 3000) + order.limit;
        event.len = event.size;
        bench_event(&b, &event);
        bench_pump(&b);
        EXPECT(strstr(bench_said(&b), "ERROR") != NULL, "%s", lines[i]);
        b.manner = BENCH_GOOD;
        (void)bench_type(&b, "AT\r");
        assert_string_equal(bench_said(&b), "\r\nOK\r\n");
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"a bad shell, BC95", check_bc95, 250},
        {"a bad shell, BG96", check_bg96, 250},
        {"a store that answers too much", check_long_answers, 20},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
