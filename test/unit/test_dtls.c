/* SPDX-License-Identifier: MIT
 *
 * The handshake on a virtual clock against the server side of the same library: as it should be,
 * with each of its flights lost, doubled, reordered and late in turn, and by the dice.
 */
#include "check.h"
#include "dtls_pair.h"

static struct pair b;

static const char *const trouble_names[PAIR_TROUBLE_COUNT] = {
    [PAIR_NO_TROUBLE] = "no trouble", [PAIR_LOSE] = "lost", [PAIR_DOUBLE] = "doubled",
    [PAIR_SWAP] = "reordered",        [PAIR_LATE] = "late",
};

/* --- as it should be -------------------------------------------------------------------------- */

static void test_handshake(void **state)
{
    (void)state;
    pair_init(&b, 1);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_int_equal(b.now_ms, 1000 + 6 * PAIR_WAY_MS);
    assert_int_equal(b.flights, 6);
    assert_int_equal(security_counts(b.client)->sent, 3);
    assert_int_equal(security_counts(b.client)->received, 3);
    assert_int_equal(security_counts(b.client)->repeated, 0);
    assert_false(security_is_resumed(b.client));
    assert_string_equal(security_reason(b.client), "");
    assert_true(security_deadline_ms(b.client) == ATC_NEVER);
    assert_int_equal(dtls_server_suite(b.server), SECURITY_PSK_AES_128_CCM_8);
    assert_true(pair_ping(&b, "a"));
    assert_true(pair_ping(&b, "another one"));
    pair_end(&b);
}

static void test_without_cookie(void **state)
{
    (void)state;
    pair_init(&b, 2);
    b.service.cookies = false;
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_int_equal(b.flights, 4);
    assert_true(pair_ping(&b, "no cookie"));
    pair_end(&b);
}

/* Handshake messages of the server come in pieces; ours may be as long as a datagram. */
static void catalogue_D06_fragments(void **state)
{
    (void)state;
    for (uint16_t mtu = 100; mtu >= 60; mtu = (uint16_t)(mtu - 5)) {
        pair_init(&b, mtu);
        b.service.mtu = mtu;
        assert_int_equal(pair_connect(&b), SECURITY_OPEN);
        assert_true(pair_ping(&b, "in pieces"));
        pair_end(&b);
    }
}

static void test_suites(void **state)
{
    static const struct {
        uint16_t asked;
        int served[3];
        int chosen;
    } cases[] = {
        {0xFFFF, {0xC0A8, 0x00AE}, 0xC0A8}, {0xFFFF, {0x00AE, 0xC0A8}, 0x00AE},
        {0xFFFF, {0x00AE}, 0x00AE},         {0x00AE, {0xC0A8, 0x00AE}, 0x00AE},
        {0xC0A8, {0xC0A8}, 0xC0A8},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        pair_init(&b, i);
        b.service.suites = cases[i].served;
        b.config.suite = cases[i].asked;
        EXPECT(pair_connect(&b) == SECURITY_OPEN, "case %zu", i);
        EXPECT(dtls_server_suite(b.server) == cases[i].chosen, "case %zu", i);
        EXPECT(pair_ping(&b, "suite"), "case %zu", i);
        pair_end(&b);
    }
}

static void test_server_name(void **state)
{
    static const uint8_t name[] = "coap.example";

    (void)state;
    pair_init(&b, 3);
    b.config.name = name;
    b.config.name_len = sizeof name - 1;
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_string_equal(dtls_server_name(b.server), "coap.example");
    pair_end(&b);
    pair_init(&b, 3);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_string_equal(dtls_server_name(b.server), "");
    pair_end(&b);
}

/* The longest message the seam takes passes both ways in one datagram, one byte more does not
 * leave. */
static void test_longest_message(void **state)
{
    static const uint16_t suites[] = {SECURITY_PSK_AES_128_CCM_8, SECURITY_PSK_AES_128_CBC_SHA256};
    static uint8_t message[SECURITY_MESSAGE_MAX + 1];

    (void)state;
    memset(message, 'x', sizeof message);
    for (size_t i = 0; i < COUNT_OF(suites); i++) {
        pair_init(&b, 4);
        b.config.suite = suites[i];
        assert_int_equal(pair_connect(&b), SECURITY_OPEN);
        assert_false(security_send(b.client, message, sizeof message, b.now_ms));
        assert_false(security_send(b.client, message, 0, b.now_ms));
        assert_true(security_send(b.client, message, SECURITY_MESSAGE_MAX, b.now_ms));
        pair_run(&b, b.now_ms + 100);
        assert_int_equal(b.got_down, 1);
        assert_int_equal(b.message_len, SECURITY_MESSAGE_MAX);
        assert_memory_equal(b.message, message, SECURITY_MESSAGE_MAX);
        pair_end(&b);
    }
}

/* What has no room in the queue is refused at once, and nothing else is disturbed. */
static void test_queue_full(void **state)
{
    static uint8_t message[SECURITY_MESSAGE_MAX];
    unsigned left = 0;

    (void)state;
    pair_init(&b, 5);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    while (security_send(b.client, message, sizeof message, b.now_ms))
        left++;
    assert_int_equal(left, 4);
    assert_int_equal(security_counts(b.client)->overflow, 1);
    pair_run(&b, b.now_ms + 100);
    assert_int_equal(b.got_down, left);
    assert_true(pair_ping(&b, "room again"));
    pair_end(&b);
}

/* --- flights in trouble ----------------------------------------------------------------------- */

/* One of the six flights once in trouble: it ends well, at most one repetition later on each side,
 * and messages pass then. */
static void try_flight(unsigned flight, enum pair_trouble trouble, bool resumed)
{
    const char *what = trouble_names[trouble];
    uint64_t start_ms = 0;

    pair_init(&b, flight * 100 + trouble);
    if (resumed) {
        EXPECT(pair_connect(&b) == SECURITY_OPEN, "the first time");
        pair_close_client(&b);
    } else {
        pair_open_server(&b);
    }
    b.flight = (enum pair_flight)flight;
    b.trouble = trouble;
    start_ms = b.now_ms;
    pair_open_client(&b);
    EXPECT(pair_shake(&b) == SECURITY_OPEN, "flight %u %s: %s", flight, what,
           security_reason(b.client));
    EXPECT(security_is_resumed(b.client) == resumed, "flight %u %s", flight, what);
    EXPECT(b.now_ms - start_ms <= 1000 + 12 * PAIR_WAY_MS + 1500, "flight %u %s: %llu ms", flight,
           what, (unsigned long long)(b.now_ms - start_ms));
    pair_run(&b, b.now_ms + 5000);
    EXPECT(security_state(b.server) == SECURITY_OPEN, "flight %u %s", flight, what);
    EXPECT(pair_ping(&b, "after the trouble"), "flight %u %s", flight, what);
    EXPECT(pair_ping(&b, "and again"), "flight %u %s", flight, what);
    pair_end(&b);
}

static void test_each_flight(void **state)
{
    (void)state;
    for (unsigned flight = PAIR_HELLO; flight <= PAIR_FINISHED; flight++) {
        for (unsigned trouble = PAIR_LOSE; trouble < PAIR_TROUBLE_COUNT; trouble++)
            try_flight(flight, (enum pair_trouble)trouble, false);
    }
}

static void test_each_flight_resumed(void **state)
{
    (void)state;
    for (unsigned flight = PAIR_HELLO; flight <= PAIR_FINISHED; flight++) {
        for (unsigned trouble = PAIR_LOSE; trouble < PAIR_TROUBLE_COUNT; trouble++)
            try_flight(flight, (enum pair_trouble)trouble, true);
    }
}

/* A flight lost costs one time-out of one second, no more. */
static void test_lost_flight_time(void **state)
{
    (void)state;
    for (unsigned flight = PAIR_HELLO; flight <= PAIR_FINISHED; flight++) {
        pair_init(&b, flight);
        b.flight = (enum pair_flight)flight;
        b.trouble = PAIR_LOSE;
        EXPECT(pair_connect(&b) == SECURITY_OPEN, "flight %u", flight);
        EXPECT(b.now_ms <= 1000 + 1000 + 8 * PAIR_WAY_MS, "flight %u: at %llu", flight,
               (unsigned long long)b.now_ms);
        pair_end(&b);
    }
}

/* --- by the dice ------------------------------------------------------------------------------ */

/* 30 % loss each way, 10 % doubled, jitter that reorders. Each handshake opens or ends exactly at
 * its limit, and a message that is repeated gets through in the end. */
static void test_loss(void **state)
{
    enum { SEEDS = 1000, LIMIT_MS = 75000 };
    unsigned opened = 0;

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        unsigned tries = 0;

        pair_init(&b, seed);
        b.loss = 30;
        b.doubled = 10;
        b.jitter_ms = 300;
        b.config.handshake_max_ms = LIMIT_MS;
        if (pair_connect(&b) != SECURITY_OPEN) {
            EXPECT(b.now_ms == 1000 + LIMIT_MS, "seed %llu ended at %llu: %s",
                   (unsigned long long)seed, (unsigned long long)b.now_ms,
                   security_reason(b.client));
            pair_end(&b);
            continue;
        }
        opened++;
        while (b.got_down == 0 && tries++ < 40)
            (void)pair_ping(&b, "still there?");
        EXPECT(b.got_down > 0, "seed %llu", (unsigned long long)seed);
        EXPECT(security_state(b.client) == SECURITY_OPEN, "seed %llu", (unsigned long long)seed);
        pair_end(&b);
    }
    print_message("%u of %u handshakes done in 75 s at 30 %% loss\n", opened, (unsigned)SEEDS);
    assert_true(opened >= SEEDS * 95 / 100);
}

/* The outcome does not depend on how often the shell ticks. */
static void test_ticks(void **state)
{
    uint32_t sent[2] = {0};
    uint64_t opened_ms[2] = {0};

    (void)state;
    for (unsigned often = 0; often < 2; often++) {
        pair_init(&b, 77);
        b.flight = PAIR_HELLO_COOKIE;
        b.trouble = PAIR_LOSE;
        pair_open_server(&b);
        pair_open_client(&b);
        while (often && b.now_ms < 4000)
            pair_run(&b, b.now_ms + 1);
        pair_run(&b, 4000);
        assert_int_equal(security_state(b.client), SECURITY_OPEN);
        sent[often] = security_counts(b.client)->sent;
        opened_ms[often] = b.first_ms[PAIR_FINISHED];
        pair_end(&b);
    }
    assert_int_equal(sent[0], sent[1]);
    assert_true(opened_ms[0] == opened_ms[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handshake),
        cmocka_unit_test(test_without_cookie),
        cmocka_unit_test(catalogue_D06_fragments),
        cmocka_unit_test(test_suites),
        cmocka_unit_test(test_server_name),
        cmocka_unit_test(test_longest_message),
        cmocka_unit_test(test_queue_full),
        cmocka_unit_test(test_each_flight),
        cmocka_unit_test(test_each_flight_resumed),
        cmocka_unit_test(test_lost_flight_time),
        cmocka_unit_test(test_loss),
        cmocka_unit_test(test_ticks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
