/* SPDX-License-Identifier: MIT
 *
 * DTLS when it goes wrong, on a virtual clock: everything that must end a handshake and when, what
 * must end a connection, and what must not: forged, replayed, foreign, oversized and broken
 * datagrams.
 */
#include "check.h"
#include "dtls_pair.h"

static struct pair b;

/* The reason, and that the secrets' owner hears of the end: nothing is due any more. */
static void expect_closed(const char *reason)
{
    EXPECT(security_state(b.client) == SECURITY_CLOSED, "not closed for: %s", reason);
    EXPECT(strstr(security_reason(b.client), reason) != NULL, "\"%s\" instead of \"%s\"",
           security_reason(b.client), reason);
    assert_true(security_deadline_ms(b.client) == ATC_NEVER);
    assert_false(security_send(b.client, (const uint8_t *)"x", 1, b.now_ms));
}

/* --- handshakes that fail --------------------------------------------------------------------- */

static void test_wrong_key(void **state)
{
    (void)state;
    pair_init(&b, 1);
    b.config.key = (const uint8_t *)"wrong";
    b.config.key_len = 5;
    (void)pair_connect(&b);
    expect_closed("is the key right?");
    assert_true(b.now_ms < 2000);
    assert_int_equal(b.ticket.len, 0);
    pair_end(&b);
}

/* Servers that say nothing to a wrong key: the limit, and a reason that names the suspect. */
static void test_wrong_key_in_silence(void **state)
{
    (void)state;
    pair_init(&b, 2);
    b.config.handshake_max_ms = 10000;
    pair_open_server(&b);
    pair_open_client(&b);
    pair_run(&b, 1000 + 4 * PAIR_WAY_MS);
    b.cut = true;
    (void)pair_shake(&b);
    expect_closed("is the key right? (gave up after 10 s)");
    assert_int_equal(b.now_ms, 11000);
    pair_end(&b);
}

static void test_unknown_identity(void **state)
{
    (void)state;
    pair_init(&b, 3);
    b.config.identity = (const uint8_t *)"nobody";
    b.config.identity_len = 6;
    (void)pair_connect(&b);
    expect_closed("alert 115, unknown PSK identity");
    assert_true(b.now_ms < 2000);
    pair_end(&b);
}

static void test_no_common_suite(void **state)
{
    static const int served[] = {SECURITY_PSK_AES_128_CBC_SHA256, 0};

    (void)state;
    pair_init(&b, 4);
    b.service.suites = served;
    b.config.suite = SECURITY_PSK_AES_128_CCM_8;
    (void)pair_connect(&b);
    expect_closed("alert 40");
    assert_true(b.now_ms < 2000);
    pair_end(&b);
}

static bool fail_random(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    (void)buf;
    (void)len;
    return false;
}

/* What cannot work says so at once and sends nothing. */
static void test_D_118_impossible(void **state)
{
    static uint8_t long_key[65];
    static const char *const reasons[] = {
        "cipher suite",        "DTLS 1.0",         "no identity or no key", "no identity or no key",
        "takes keys of up to", "name is too long", "no random bytes",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        pair_init(&b, i);
        if (i == 0)
            b.config.suite = 0x0035;
        else if (i == 1)
            b.config.version = SECURITY_DTLS_1_0;
        else if (i == 2)
            b.config.key_len = 0;
        else if (i == 3)
            b.config.identity_len = 0;
        else if (i == 4)
            b.config.key = long_key, b.config.key_len = sizeof long_key;
        else if (i == 5)
            b.config.name = long_key, b.config.name_len = 256;
        else
            b.config.random = fail_random;
        pair_open_client(&b);
        expect_closed(reasons[i]);
        assert_int_equal(security_counts(b.client)->sent, 0);
        pair_end(&b);
    }
}

/* A silent server: repeated after 1, 2, 4 ... seconds, closed at the limit to the millisecond. */
static void test_silent_server(void **state)
{
    static const uint32_t limits_ms[] = {10000, 75000, 300000};
    static const uint32_t flights[] = {4, 7, 9};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(limits_ms); i++) {
        uint64_t due_ms = 1000;

        pair_init(&b, i);
        b.config.handshake_max_ms = limits_ms[i];
        pair_open_client(&b);
        for (uint32_t wait_ms = 1000; due_ms + wait_ms < 1000 + limits_ms[i]; wait_ms *= 2) {
            due_ms += wait_ms;
            assert_true(security_deadline_ms(b.client) == due_ms);
            pair_run(&b, due_ms);
        }
        assert_true(security_deadline_ms(b.client) == 1000 + limits_ms[i]);
        pair_run(&b, 1000 + limits_ms[i] - 1);
        assert_int_equal(security_state(b.client), SECURITY_HANDSHAKE);
        assert_int_equal(security_counts(b.client)->sent, flights[i]);
        pair_run(&b, 1000 + limits_ms[i]);
        expect_closed("no answer from the server (gave up after");
        pair_end(&b);
    }
}

/* A plain CoAP server on that port. */
static void test_plain_answer(void **state)
{
    static const uint8_t reset[] = {0x70, 0x00, 0x16, 0xfe};

    (void)state;
    pair_init(&b, 5);
    b.config.handshake_max_ms = 10000;
    pair_open_client(&b);
    for (unsigned i = 0; i < 4; i++) {
        pair_inject(&b, false, reset, sizeof reset);
        pair_run(&b, b.now_ms + 1000);
    }
    assert_int_equal(security_counts(b.client)->rejected, 4);
    (void)pair_shake(&b);
    expect_closed("what answers there is no DTLS (gave up after 10 s)");
    assert_int_equal(b.now_ms, 11000);
    pair_end(&b);
}

static void test_half_a_server(void **state)
{
    (void)state;
    pair_init(&b, 6);
    b.config.handshake_max_ms = 10000;
    pair_open_server(&b);
    pair_open_client(&b);
    pair_run(&b, 1000 + 2 * PAIR_WAY_MS);
    b.cut = true;
    (void)pair_shake(&b);
    expect_closed("the server began the handshake and fell silent");
    pair_end(&b);
}

/* Closed in mid-handshake: at once, and nothing more is sent. */
static void test_close_early(void **state)
{
    (void)state;
    pair_init(&b, 7);
    pair_open_server(&b);
    pair_open_client(&b);
    pair_run(&b, 1000 + 3 * PAIR_WAY_MS);
    security_close(b.client, b.now_ms);
    expect_closed("closed by this side");
    assert_int_equal(security_counts(b.client)->sent, 2);
    pair_end(&b);
}

/* --- connections that end --------------------------------------------------------------------- */

static void test_close_notify(void **state)
{
    uint32_t sent = 0;

    (void)state;
    pair_init(&b, 8);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    b.echo = false;
    assert_false(pair_ping(&b, "a request that waits for its answer"));
    sent = security_counts(b.client)->sent;
    security_close(b.server, b.now_ms);
    pair_run(&b, b.now_ms + 1000);
    expect_closed("the server closed the connection");
    assert_int_equal(security_counts(b.client)->sent, sent + 1);
    assert_true(b.ticket.len > 0);
    pair_end(&b);
}

/* Ours reaches the server, which then waits for the next client. */
static void test_close_notify_out(void **state)
{
    (void)state;
    pair_init(&b, 9);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    pair_run(&b, b.now_ms + 100);
    assert_int_equal(security_state(b.server), SECURITY_OPEN);
    pair_close_client(&b);
    assert_int_equal(security_state(b.server), SECURITY_HANDSHAKE);
    pair_end(&b);
}

/* A session that ended in a fatal alert is not resumed. Source: RFC 5246 7.2.2. */
static void test_fatal_alert(void **state)
{
    (void)state;
    pair_init(&b, 10);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_true(b.ticket.len > 0);
    dtls_server_alert(b.server, 80);
    pair_run(&b, b.now_ms + 100);
    expect_closed("alert 80, internal error");
    assert_int_equal(b.ticket.len, 0);
    pair_end(&b);
}

/* The server loses its memory: nothing tells the client, as DTLS has it, and nothing breaks. What
 * the new server says in plain text is not believed. */
static void test_server_restarts(void **state)
{
    static const uint8_t alert[] = {21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 80};

    (void)state;
    pair_init(&b, 11);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_true(pair_ping(&b, "before"));
    security_free(b.server);
    b.service.seed++;
    pair_open_server(&b);
    assert_false(pair_ping(&b, "after"));
    pair_inject(&b, false, alert, sizeof alert);
    assert_int_equal(security_state(b.client), SECURITY_OPEN);
    pair_close_client(&b);
    pair_open_client(&b);
    assert_int_equal(pair_shake(&b), SECURITY_OPEN);
    assert_false(security_is_resumed(b.client));
    assert_true(pair_ping(&b, "again"));
    pair_end(&b);
}

/* There is one epoch for messages and no way to a second one. Source: RFC 7252 9.1. */
static void test_no_renegotiation(void **state)
{
    (void)state;
    pair_init(&b, 12);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_true(pair_ping(&b, "before"));
    dtls_server_renegotiate(b.server);
    pair_run(&b, b.now_ms + 100);
    assert_int_equal(security_state(b.client), SECURITY_OPEN);
    assert_true(pair_ping(&b, "after"));
    assert_int_equal(b.last[true].data[4], 1);
    pair_end(&b);
}

/* --- what must not disturb -------------------------------------------------------------------- */

static void test_replay(void **state)
{
    static struct pair_packet answer;

    (void)state;
    pair_init(&b, 13);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_true(pair_ping(&b, "once"));
    answer = b.last[false];
    for (unsigned i = 0; i < 3; i++)
        pair_inject(&b, false, answer.data, answer.len);
    assert_int_equal(b.got_down, 1);
    assert_int_equal(security_counts(b.client)->rejected, 3);
    for (unsigned i = 0; i < 100; i++)
        assert_true(pair_ping(&b, "moves the window"));
    pair_inject(&b, false, answer.data, answer.len);
    assert_int_equal(b.got_down, 101);
    assert_int_equal(security_counts(b.client)->rejected, 4);
    pair_end(&b);
}

/* Two datagrams of the server change places: both count. */
static void test_swapped_messages(void **state)
{
    static struct pair_packet first, second;

    (void)state;
    pair_init(&b, 14);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    pair_run(&b, b.now_ms + 100);
    b.cut = true;
    assert_true(security_send(b.server, (const uint8_t *)"1", 1, b.now_ms));
    pair_run(&b, b.now_ms);
    first = b.last[false];
    assert_true(security_send(b.server, (const uint8_t *)"2", 1, b.now_ms));
    pair_run(&b, b.now_ms);
    second = b.last[false];
    pair_inject(&b, false, second.data, second.len);
    pair_inject(&b, false, first.data, first.len);
    assert_int_equal(b.got_down, 2);
    assert_int_equal(b.message[0], '1');
    b.cut = false;
    assert_true(pair_ping(&b, "still well"));
    pair_end(&b);
}

/* Two records in one datagram are two messages; what is cut off behind them does no harm. */
static void test_packed(void **state)
{
    static uint8_t packed[2 * PAIR_DATAGRAM_MAX];
    size_t len = 0;

    (void)state;
    pair_init(&b, 15);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    pair_run(&b, b.now_ms + 100);
    b.cut = true;
    for (unsigned i = 0; i < 3; i++) {
        assert_true(security_send(b.server, (const uint8_t *)"message", 7, b.now_ms));
        pair_run(&b, b.now_ms);
        memcpy(packed + len, b.last[false].data, b.last[false].len);
        len += b.last[false].len;
    }
    pair_inject(&b, false, packed, len - 5);
    assert_int_equal(b.got_down, 2);
    assert_int_equal(security_state(b.client), SECURITY_OPEN);
    pair_end(&b);
}

static void test_oversize(void **state)
{
    static const size_t lengths[] = {SECURITY_MESSAGE_MAX + 1, SECURITY_MESSAGE_MAX + 2,
                                     2 * SECURITY_MESSAGE_MAX, 2 * SECURITY_MESSAGE_MAX + 2, 16384};
    static uint8_t message[16384];

    (void)state;
    pair_init(&b, 16);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    assert_true(pair_ping(&b, "before"));
    for (size_t i = 0; i < COUNT_OF(lengths) && lengths[i] + 256 <= SECURITY_QUEUE_SIZE; i++) {
        dtls_server_send_long(b.server, message, lengths[i]);
        pair_run(&b, b.now_ms + 100);
        EXPECT(b.got_down == 1 + i, "%zu bytes", lengths[i]);
        EXPECT(security_counts(b.client)->oversize == i + 1, "%zu bytes", lengths[i]);
        EXPECT(pair_ping(&b, "after"), "%zu bytes", lengths[i]);
    }
    assert_int_equal(security_counts(b.client)->rejected, 0);
    pair_end(&b);
}

/* The server's first message overtakes its Finished. */
static void test_early_message(void **state)
{
    (void)state;
    pair_init(&b, 17);
    b.flight = PAIR_FINISHED;
    b.trouble = PAIR_LATE;
    pair_open_server(&b);
    pair_open_client(&b);
    pair_run(&b, 1000 + 5 * PAIR_WAY_MS);
    assert_int_equal(security_state(b.server), SECURITY_OPEN);
    assert_true(security_send(b.server, (const uint8_t *)"early", 5, b.now_ms));
    assert_int_equal(pair_shake(&b), SECURITY_OPEN);
    assert_int_equal(security_counts(b.client)->early, 1);
    assert_int_equal(b.got_down, 0);
    assert_true(pair_ping(&b, "in time"));
    pair_end(&b);
}

/* Each bit of a good datagram wrong in turn: never a message, never the end. */
static void test_forged(void **state)
{
    static struct pair_packet good;

    (void)state;
    pair_init(&b, 18);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    pair_run(&b, b.now_ms + 100);
    b.cut = true;
    assert_true(security_send(b.server, (const uint8_t *)"genuine", 7, b.now_ms));
    pair_run(&b, b.now_ms);
    good = b.last[false];
    for (size_t bit = 0; bit < 8 * good.len; bit++) {
        good.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        pair_inject(&b, false, good.data, good.len);
        EXPECT(security_state(b.client) == SECURITY_OPEN, "bit %zu", bit);
        EXPECT(b.got_down == 0, "bit %zu", bit);
        good.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < good.len; len++) {
        pair_inject(&b, false, good.data, len);
        EXPECT(security_state(b.client) == SECURITY_OPEN && b.got_down == 0, "length %zu", len);
    }
    pair_inject(&b, false, good.data, good.len);
    assert_int_equal(b.got_down, 1);
    pair_end(&b);
}

/* Plain records of every type and epoch, with and without bytes left over, into an open
 * connection. */
static void test_foreign_records(void **state)
{
    uint8_t datagram[64] = {0};

    (void)state;
    pair_init(&b, 19);
    assert_int_equal(pair_connect(&b), SECURITY_OPEN);
    for (unsigned type = 19; type < 27; type++) {
        for (unsigned epoch = 0; epoch < 4; epoch++) {
            for (size_t rest = 0; rest < 20; rest++) {
                memset(datagram, 0, sizeof datagram);
                datagram[0] = (uint8_t)type;
                datagram[1] = 254;
                datagram[2] = 253;
                datagram[4] = (uint8_t)epoch;
                datagram[10] = 200;
                datagram[12] = 2;
                datagram[13] = 2; /* a fatal alert, if it is one */
                datagram[14] = 40;
                pair_inject(&b, false, datagram, 15 + rest);
                EXPECT(security_state(b.client) == SECURITY_OPEN, "type %u epoch %u rest %zu", type,
                       epoch, rest);
            }
        }
    }
    assert_int_equal(b.got_down, 0);
    assert_true(pair_ping(&b, "unmoved"));
    pair_end(&b);
}

/* A datagram of random bytes; framed: with a record's beginning in front. */
static size_t make_garbage(struct rng *rng, uint8_t *data, size_t max, bool framed)
{
    const size_t len = rng_below(rng, (unsigned)max + 1);

    rng_fill(rng, data, len);
    if (len < 14 || !framed)
        return len;
    data[0] = (uint8_t)(20 + rng_below(rng, 4));
    data[1] = 254;
    data[2] = (uint8_t)(253 + 2 * rng_below(rng, 2));
    data[3] = 0;
    data[4] = (uint8_t)rng_below(rng, 2);
    data[11] = (uint8_t)((len - 13) >> 8);
    data[12] = (uint8_t)(len - 13);
    data[13] = (uint8_t)rng_below(rng, 21);
    return len;
}

/* Garbage at any moment. A handshake survives what is no DTLS; what looks like it may end it, since
 * its records are in plain text, but in order. An open connection survives everything. */
static void test_garbage(void **state)
{
    static uint8_t data[1500];

    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        const bool framed = seed % 2 != 0;
        struct rng rng = {seed};

        pair_init(&b, seed);
        pair_open_server(&b);
        pair_open_client(&b);
        for (unsigned i = 0; i < 8 && security_state(b.client) == SECURITY_HANDSHAKE; i++) {
            pair_run(&b, b.now_ms + rng_below(&rng, 30));
            pair_inject(&b, false, data, make_garbage(&rng, data, sizeof data, framed));
        }
        if (pair_shake(&b) != SECURITY_OPEN) {
            EXPECT(framed, "seed %llu: %s", (unsigned long long)seed, security_reason(b.client));
            pair_end(&b);
            continue;
        }
        for (unsigned i = 0; i < 100; i++)
            pair_inject(&b, false, data, make_garbage(&rng, data, sizeof data, i % 2 != 0));
        EXPECT(security_state(b.client) == SECURITY_OPEN, "seed %llu: %s", (unsigned long long)seed,
               security_reason(b.client));
        EXPECT(b.got_down == 0, "seed %llu", (unsigned long long)seed);
        pair_run(&b, b.now_ms + 5000);
        EXPECT(pair_ping(&b, "well"), "seed %llu", (unsigned long long)seed);
        pair_end(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_key),        cmocka_unit_test(test_wrong_key_in_silence),
        cmocka_unit_test(test_unknown_identity), cmocka_unit_test(test_no_common_suite),
        cmocka_unit_test(test_D_118_impossible), cmocka_unit_test(test_silent_server),
        cmocka_unit_test(test_plain_answer),     cmocka_unit_test(test_half_a_server),
        cmocka_unit_test(test_close_early),      cmocka_unit_test(test_close_notify),
        cmocka_unit_test(test_close_notify_out), cmocka_unit_test(test_fatal_alert),
        cmocka_unit_test(test_server_restarts),  cmocka_unit_test(test_no_renegotiation),
        cmocka_unit_test(test_replay),           cmocka_unit_test(test_swapped_messages),
        cmocka_unit_test(test_packed),           cmocka_unit_test(test_oversize),
        cmocka_unit_test(test_early_message),    cmocka_unit_test(test_forged),
        cmocka_unit_test(test_foreign_records),  cmocka_unit_test(test_garbage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
