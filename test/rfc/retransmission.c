/* SPDX-License-Identifier: MIT
 *
 * When a CON is sent again and when it is given up: RFC 7252 4.2 and 4.8, rules 25, 26, 27, 30, 31,
 * 32, 54 and 55. With random bytes of FF the first wait is the longest there may be, so that every time
 * derived in 4.8.2 shows to the millisecond.
 */
#include <stdlib.h>

#include "bench.h"
#include "check.h"

enum { SENDS_MAX = 16 };

static struct bench b;

static bool all_ones(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    memset(buf, 0xFF, len);
    return true;
}

static bool all_zeros(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    memset(buf, 0, len);
    return true;
}

/* A module with client 0 connected and those times; random NULL: as seeded. */
static void start(unsigned timeout_s, unsigned retries, uint64_t seed,
                  bool (*random)(void *ctx, uint8_t *buf, size_t len))
{
    char line[64];

    bench_config(&b, &atc_dialect_bg96, seed);
    if (random != NULL)
        b.cfg.random = random;
    bench_start(&b);
    (void)snprintf(line, sizeof line, "AT+QCOAPCFG=\"trans\",0,%u,%u\r", timeout_s, retries);
    (void)bench_type(&b, line);
    (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&b);
    b.orders.len = 0;
    b.orders.text[0] = '\0';
}

static void send_con(void)
{
    (void)bench_type(&b, "AT+QCOAPHEADER=0,7,0,1,AA\r");
    (void)bench_type(&b, "AT+QCOAPSEND=0,0,1,0,0\r");
}

/* When the datagrams of the order log were sent. Returns how many. */
static unsigned read_sends(uint64_t *at_ms)
{
    const char *line = b.orders.text;
    unsigned count = 0;

    for (; *line != '\0'; line = strchr(line, '\n') + 1) {
        if (strncmp(strchr(line, ' '), " send ", 6) != 0)
            continue;
        assert_true(count < SENDS_MAX);
        at_ms[count++] = strtoull(line, NULL, 10);
    }
    return count;
}

static bool was_told(void)
{
    return strstr(b.te.text, "+QCOAPACK: 0,0,7,-11\r\n") != NULL;
}

/* Ten equal parts of [T, T x 1.5] are hit equally often: no part is off by more than five standard
 * deviations of 3,000 throws. */
static void rule_025_first_timeout_is_even(void **state)
{
    enum { RUNS = 3000, PARTS = 10 };
    unsigned hits[PARTS] = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        uint64_t wait_ms;

        start(4, 5, seed, NULL);
        send_con();
        wait_ms = atc_deadline_ms(&b.m) - b.now_ms;
        EXPECT(wait_ms >= 4000 && wait_ms <= 6000, "%u ms", (unsigned)wait_ms);
        hits[wait_ms == 6000 ? PARTS - 1 : (wait_ms - 4000) * PARTS / 2000]++;
    }
    for (unsigned i = 0; i < PARTS; i++)
        EXPECT(hits[i] >= 300 - 82 && hits[i] <= 300 + 82, "part %u: %u", i, hits[i]);
    start(4, 5, 1, all_zeros);
    send_con();
    assert_true(atc_deadline_ms(&b.m) - b.now_ms == 4000);
    start(4, 5, 1, all_ones);
    send_con();
    assert_true(atc_deadline_ms(&b.m) - b.now_ms == 6000);
}

static void rule_026_each_wait_is_twice_the_last(void **state)
{
    uint64_t at_ms[SENDS_MAX];

    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        start(3, 8, seed, NULL);
        send_con();
        bench_run(&b, 86400000);
        assert_int_equal(read_sends(at_ms), 9);
        for (unsigned i = 2; i < 9; i++)
            EXPECT(at_ms[i] - at_ms[i - 1] == 2 * (at_ms[i - 1] - at_ms[i - 2]), "wait %u", i);
    }
}

static void rule_027_as_often_as_max_retransmit(void **state)
{
    uint64_t at_ms[SENDS_MAX];

    (void)state;
    for (unsigned retries = 4; retries <= 8; retries++) {
        start(2, retries, retries, NULL);
        send_con();
        bench_run(&b, 86400000);
        assert_true(was_told());
        assert_int_equal(read_sends(at_ms), retries + 1);
        assert_int_equal(atc_counter(&b.m, ATC_COUNT_RETRANSMITTED), retries);
    }
}

/* The shell sleeps, from the first wait on, for ever longer times. */
static void rule_030_never_closer_than_ack_timeout(void **state)
{
    (void)state;
    for (uint64_t sleep_ms = 1000; sleep_ms < 400000; sleep_ms += 997) {
        uint64_t at_ms[SENDS_MAX];
        unsigned count;

        start(2, 8, 1, NULL);
        send_con();
        b.now_ms += sleep_ms;
        bench_pump(&b);
        bench_run(&b, 2000000);
        count = read_sends(at_ms);
        for (unsigned i = 1; i < count; i++)
            EXPECT(at_ms[i] - at_ms[i - 1] >= 2000, "asleep for %u ms, %u ms apart",
                   (unsigned)sleep_ms, (unsigned)(at_ms[i] - at_ms[i - 1]));
    }
}

static void rule_031_never_after_max_transmit_span(void **state)
{
    (void)state;
    for (uint64_t sleep_ms = 40000; sleep_ms <= 50000; sleep_ms += 100) {
        uint64_t at_ms[SENDS_MAX];
        unsigned count;

        start(2, 4, 1, all_ones);
        send_con();
        bench_run(&b, 30000);
        b.now_ms += sleep_ms - 30000;
        bench_pump(&b);
        bench_run(&b, 2000000);
        assert_true(was_told());
        count = read_sends(at_ms);
        EXPECT(count == (sleep_ms <= 45000 ? 5u : 4u), "asleep until %u ms: %u sends",
               (unsigned)sleep_ms, count);
        EXPECT(at_ms[count - 1] - at_ms[0] <= 45000, "%u ms",
               (unsigned)(at_ms[count - 1] - at_ms[0]));
    }
}

static void rule_032_every_resend_is_the_same(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        const struct bench_datagram *first;

        start(2, 8, seed, NULL);
        (void)bench_type(&b, "AT+QCOAPOPTION=0,0,0,11,\"a\"\r");
        (void)bench_type(&b, "AT+QCOAPSEND=0,0,2,1,1024\r");
        for (unsigned i = 0; i < 1024; i++)
            (void)bench_write(&b, &(uint8_t){(uint8_t)(i * seed)}, 1);
        bench_run(&b, 86400000);
        assert_int_equal(b.sent_count, 9);
        first = bench_sent(&b, 8);
        assert_int_equal(first->len, 4 + 6 + 2 + 1 + 1024);
        for (unsigned ago = 0; ago < 8; ago++) {
            assert_int_equal(bench_sent(&b, ago)->len, first->len);
            assert_memory_equal(bench_sent(&b, ago)->data, first->data, first->len);
        }
    }
}

/* ACK_TIMEOUT from 1 s on; the factor is fixed at 1.5. */
static void rule_054_ack_timeout_from_one_second_on(void **state)
{
    struct atc_modem m;
    struct atc_settings settings;

    (void)state;
    atc_settings_default(&settings);
    assert_int_equal(atc_setting(&settings, "ack-timeout", "999"), ATC_E_VALUE);
    assert_int_equal(atc_setting(&settings, "ack-timeout", "1"), ATC_E_VALUE);
    assert_int_equal(atc_setting(&settings, "ack-timeout", "1000"), 0);
    bench_config(&b, &atc_dialect_bc95, 1);
    b.cfg.settings.ack_timeout_ms = 999;
    assert_int_equal(atc_init(&m, &b.cfg, 0), ATC_E_CONFIG);
    b.cfg.settings.ack_timeout_ms = 1000;
    assert_int_equal(atc_init(&m, &b.cfg, 0), 0);
    start(2, 4, 1, NULL);
    (void)bench_type(&b, "AT+QCOAPCFG=\"trans\",0,1,4\r");
    assert_string_equal(bench_said(&b), "\r\nERROR\r\n");
    assert_int_equal(atc_setting(&settings, "ack-random-factor", "0.9"), ATC_E_KEY);
}

/* As RFC 7252 4.8.2 derives them. EXCHANGE_LIFETIME is the longer one of
 * its own formula and MAX_TRANSMIT_WAIT: an ID is not forgotten while its message is still waited for. */
struct times {
    uint64_t span_ms, wait_ms, lifetime_ms, non_lifetime_ms;
};

static struct times derive(uint64_t timeout_s, unsigned retries)
{
    const uint64_t factored_ms = timeout_s * 1500, sent = ((uint64_t)1 << retries) - 1;
    const uint64_t formula_ms = factored_ms * sent + 2 * 100000 + timeout_s * 1000;
    const uint64_t wait_ms = factored_ms * (2 * sent + 1);

    return (struct times){
        .span_ms = factored_ms * sent,
        .wait_ms = wait_ms,
        .lifetime_ms = formula_ms > wait_ms ? formula_ms : wait_ms,
        .non_lifetime_ms = factored_ms * sent + 100000,
    };
}

/* A datagram is new after so long and not a moment before. */
static void expect_remembered(const char *hex, const char *urc, uint64_t lifetime_ms)
{
    (void)bench_said(&b);
    bench_receive(&b, hex);
    bench_pump(&b);
    assert_string_equal(bench_said(&b), urc);
    bench_run(&b, lifetime_ms - 1);
    bench_receive(&b, hex);
    bench_pump(&b);
    assert_string_equal(bench_said(&b), "");
    bench_run(&b, 1);
    bench_receive(&b, hex);
    bench_pump(&b);
    assert_string_equal(bench_said(&b), urc);
}

/* MAX_TRANSMIT_SPAN: from the first to the last sending; MAX_TRANSMIT_WAIT: until it is given up. */
static void expect_times(unsigned timeout_s, unsigned retries, const struct times *t)
{
    const uint64_t factored_ms = 1500 * timeout_s;
    uint64_t at_ms[SENDS_MAX];

    start(timeout_s, retries, 1, all_ones);
    send_con();
    bench_run(&b, t->wait_ms - 1);
    EXPECT(!was_told(), "(%u, %u): told too early", timeout_s, retries);
    EXPECT(read_sends(at_ms) == retries + 1, "(%u, %u)", timeout_s, retries);
    EXPECT(at_ms[retries] - at_ms[0] == t->span_ms, "(%u, %u): span %u ms", timeout_s, retries,
           (unsigned)(at_ms[retries] - at_ms[0]));
    EXPECT(t->wait_ms - (at_ms[retries] - at_ms[0]) == factored_ms << retries,
           "(%u, %u): last wait", timeout_s, retries);
    bench_run(&b, 1);
    EXPECT(was_told(), "(%u, %u): not told after %u ms", timeout_s, retries, (unsigned)t->wait_ms);
    expect_remembered("40010001", "\r\n+QCOAPRECV: 0,1,0.01,0,,0,0\r\n", t->lifetime_ms);
    expect_remembered("50010002", "\r\n+QCOAPRECV: 0,2,0.01,0,,0,0\r\n", t->non_lifetime_ms);
}

/* How long an open request waits for its response. */
static void expect_open(uint64_t lifetime_ms)
{
    (void)bench_type(&b, "AT+QCOAPHEADER=0,9,0,1,BB\r");
    (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0,0\r");
    bench_run(&b, lifetime_ms - 1);
    (void)bench_said(&b);
    bench_receive(&b, "51450011BB");
    bench_pump(&b);
    assert_string_equal(bench_said(&b), "\r\n+QCOAPRECV: 0,17,2.05,1,BB,0,0\r\n");
    (void)bench_type(&b, "AT+QCOAPHEADER=0,10,0,1,BB\r");
    (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0,0\r");
    bench_run(&b, lifetime_ms);
    (void)bench_said(&b);
    bench_receive(&b, "51450012BB");
    bench_pump(&b);
    assert_string_equal(bench_said(&b), "");
}

/* Sends a NON. Returns whether it went out. */
static bool sends_non(void)
{
    const unsigned before = b.sent_count;

    (void)bench_said(&b);
    b.orders.len = 0;
    (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0,0\r");
    return b.sent_count > before;
}

/* No more than 65,536 IDs in EXCHANGE_LIFETIME, which is so many a second: the module stops before,
 * at three quarters at the earliest, and goes on when that time is over. */
static void expect_ids(const struct times *t)
{
    unsigned count = 0;

    while (sends_non()) {
        count++;
        assert_true(count <= 65536);
    }
    EXPECT(count >= 65536 / 4 * 3, "%u IDs", count);
    bench_run(&b, t->lifetime_ms - 1000);
    EXPECT(!sends_non(), "an ID again before %u ms", (unsigned)t->lifetime_ms);
    bench_run(&b, 2000);
    EXPECT(sends_non(), "no ID after %u ms", (unsigned)t->lifetime_ms);
}

/* The rows that were worked out by hand. */
static void rule_055_derived_times(void **state)
{
    static const struct {
        unsigned timeout_s, retries;
        struct times times;
    } rows[] = {
        {2, 4, {45000, 93000, 247000, 145000}},            /* RFC 7252 4.8.2 */
        {2, 5, {93000, 189000, 295000, 193000}},           /* what the module starts with */
        {4, 5, {186000, 378000, 390000, 286000}},          /* the note's example */
        {2, 7, {381000, 765000, 765000, 481000}},          /* the formula says 583 */
        {60, 8, {22950000, 45990000, 45990000, 23050000}}, /* the formula says 23210 */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        expect_times(rows[i].timeout_s, rows[i].retries, &rows[i].times);
        expect_open(rows[i].times.lifetime_ms);
        start(rows[i].timeout_s, rows[i].retries, 1, NULL);
        expect_ids(&rows[i].times);
    }
}

/* All that "trans" takes. */
static void rule_055_derived_times_of_every_setting(void **state)
{
    (void)state;
    for (unsigned timeout_s = 2; timeout_s <= 60; timeout_s++) {
        for (unsigned retries = 4; retries <= 8; retries++) {
            const struct times times = derive(timeout_s, retries);

            expect_times(timeout_s, retries, &times);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_025_first_timeout_is_even),
        cmocka_unit_test(rule_026_each_wait_is_twice_the_last),
        cmocka_unit_test(rule_027_as_often_as_max_retransmit),
        cmocka_unit_test(rule_030_never_closer_than_ack_timeout),
        cmocka_unit_test(rule_031_never_after_max_transmit_span),
        cmocka_unit_test(rule_032_every_resend_is_the_same),
        cmocka_unit_test(rule_054_ack_timeout_from_one_second_on),
        cmocka_unit_test(rule_055_derived_times),
        cmocka_unit_test(rule_055_derived_times_of_every_setting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
