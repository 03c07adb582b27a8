/* SPDX-License-Identifier: MIT
 *
 * Clients that are opened, fail to open, are lost and closed, with each answer of the shell given by
 * hand: what of name, key, timer and socket is left at each end, and which answers come too late.
 */
#include "bench.h"
#include "check.h"
#include "engine.h"

static struct bench bench;

static const struct atc_engine *engine(void)
{
    return (const void *)&bench.m;
}

static const struct atc_session *client(unsigned number)
{
    return &engine()->session[number];
}

static size_t room(void)
{
    return atc_pool_room_without(&engine()->pool, ATC_NO_BLOCK);
}

static void start(const struct atc_dialect *dialect, enum bench_manner manner)
{
    bench_new(&bench, dialect, 1);
    store_put(&bench.store, "UFS:0_server.psk", "Client_identity&73656372657450534B");
    bench.manner = manner;
}

static void expect_said(const char *text)
{
    const char *said = bench_said(&bench);

    EXPECT(strcmp(said, text) == 0, "said %s", said);
}

/* Answer the order that waits; twice if the shell does so, the second time with a failure. */
static void answer(enum atc_order_kind kind, enum atc_cause cause, bool twice)
{
    struct atc_event event = {.kind = ATC_EVENT_DONE};
    struct atc_order order;

    bench_enter(&bench);
    assert_true(atc_order_next(&bench.m, &order));
    assert_int_equal(order.kind, kind);
    if (kind == ATC_ORDER_RESOLVE)
        event.kind = ATC_EVENT_RESOLVED;
    event.order = order.id;
    event.session = order.session;
    event.cause = cause;
    bench_event(&bench, &event);
    bench_pump(&bench);
    if (!twice)
        return;
    event.cause = ATC_CAUSE_SOCKET;
    bench_event(&bench, &event);
    bench_pump(&bench);
}

static void expect_nothing_left(unsigned number, size_t at_first)
{
    assert_int_equal(client(number)->state, ATC_SESSION_IDLE);
    assert_int_equal(client(number)->name, ATC_NO_BLOCK);
    assert_int_equal(client(number)->key, ATC_NO_BLOCK);
    assert_false(atc_timer_runs(&engine()->timers, ATC_TIMER_SESSION + number));
    assert_int_equal(room(), at_first);
}

/* A key lives until the handshake is over, well or not. */
static void test_key_is_wiped(void **state)
{
    size_t at_first;

    (void)state;
    start(&atc_dialect_bg96, BENCH_GOOD);
    at_first = room();
    (void)bench_type(&bench, "AT+QCOAPCFG=\"dtls\",2,1,0\r");
    (void)bench_said(&bench);
    (void)bench_type(&bench, "AT+QCOAPOPEN=2,\"192.0.2.1\",5684\r");
    assert_int_equal(client(2)->state, ATC_SESSION_CONNECTED);
    assert_int_equal(client(2)->key, ATC_NO_BLOCK);
    assert_int_not_equal(client(2)->name, ATC_NO_BLOCK);
    (void)bench_type(&bench, "AT+QCOAPCLOSE=2\r");
    expect_nothing_left(2, at_first);
    bench.manner = BENCH_LEAVE;
    (void)bench_type(&bench, "AT+QCOAPOPEN=2,\"192.0.2.1\",5684\r");
    assert_int_equal(client(2)->state, ATC_SESSION_OPENING);
    bench.manner = BENCH_GOOD;
    (void)bench_type(&bench, "AT+QCOAPCLOSE=2\r");
    expect_nothing_left(2, at_first);
}

/* An OPEN that fails leaves neither name nor timer, and is told once. */
static void test_open_fails(void **state)
{
    size_t at_first;

    (void)state;
    start(&atc_dialect_bg96, BENCH_LEAVE);
    at_first = room();
    (void)bench_type(&bench, "AT+QCOAPOPEN=3,\"192.0.2.1\",5683\r");
    expect_said("\r\nOK\r\n");
    assert_true(atc_timer_runs(&engine()->timers, ATC_TIMER_SESSION + 3));
    answer(ATC_ORDER_OPEN, ATC_CAUSE_SOCKET, true);
    expect_nothing_left(3, at_first);
    bench.manner = BENCH_GOOD;
    bench_pump(&bench); /* the socket is closed */
    bench.manner = BENCH_LEAVE;
    (void)bench_said(&bench);
    (void)bench_type(&bench, "AT+QCOAPOPEN=3,\"name.example\",5683\r");
    assert_int_equal(client(3)->state, ATC_SESSION_OPENING);
    answer(ATC_ORDER_RESOLVE, ATC_CAUSE_NAME, true);
    expect_nothing_left(3, at_first);
    bench_run(&bench, 200000);
    assert_int_equal(client(3)->state, ATC_SESSION_IDLE);
}

/* What a shell says a second time about an order that is done is too late. */
static void test_answered_twice(void **state)
{
    (void)state;
    start(&atc_dialect_bg96, BENCH_LEAVE);
    (void)bench_type(&bench, "AT+QCOAPOPEN=1,\"192.0.2.1\",5683\r");
    answer(ATC_ORDER_OPEN, ATC_OK, true);
    assert_int_equal(client(1)->state, ATC_SESSION_CONNECTED);
    expect_said("\r\nOK\r\n\r\n+QCOAPOPEN: 1,0\r\n");
    bench_run(&bench, 200000);
    assert_int_equal(client(1)->state, ATC_SESSION_CONNECTED);
}

/* The time a handshake may take is for DTLS alone; without, an OPEN has 75 s (D-63). */
static void test_time_of_an_open(void **state)
{
    (void)state;
    start(&atc_dialect_bg96, BENCH_NEVER);
    (void)bench_type(&bench, "AT+QSSLCFG=\"negotiatetime\",0,10\r");
    (void)bench_type(&bench, "AT+QCOAPOPEN=1,\"192.0.2.1\",5683\r");
    bench_run(&bench, 74999);
    assert_int_equal(client(1)->state, ATC_SESSION_CONNECTING);
    bench_run(&bench, 1);
    assert_int_equal(client(1)->state, ATC_SESSION_IDLE);
}

/* A connection that is lost is closed then, not once more by AT+QCOAPCLOSE; a client that has none
 * cannot lose it. */
static void test_lost(void **state)
{
    struct atc_event lost = {.kind = ATC_EVENT_CLOSED, .session = 1};
    size_t before;

    (void)state;
    start(&atc_dialect_bg96, BENCH_GOOD);
    bench_event(&bench, &lost);
    bench_pump(&bench);
    assert_int_equal(client(1)->state, ATC_SESSION_IDLE);
    (void)bench_type(&bench, "AT+QCOAPOPEN=1,\"192.0.2.1\",5683\r");
    bench_event(&bench, &lost);
    bench_pump(&bench);
    assert_int_equal(client(1)->state, ATC_SESSION_LOST);
    before = bench.orders.len;
    (void)bench_type(&bench, "AT+QCOAPCLOSE=1\r");
    assert_int_equal(client(1)->state, ATC_SESSION_IDLE);
    assert_int_equal(bench.orders.len, before);
}

/* BC95: what an option list said is forgotten with the client. */
static void test_option_list(void **state)
{
    size_t at_first;

    (void)state;
    start(&atc_dialect_bc95, BENCH_GOOD);
    at_first = room();
    (void)bench_type(&bench, "AT+QCOAPCREATE=56830\rAT+QCOAPHEAD=1\rAT+QCOAPOPTION=1,11,\"rd\"\r");
    (void)bench_type(&bench, "AT+QCOAPSEND=1,1,192.0.2.1,5683\r\x1A");
    bench_run(&bench, 1000);
    (void)bench_type(&bench, "AT+QCOAPDEL\r");
    expect_nothing_left(0, at_first);
    assert_false(client(0)->list_used);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_is_wiped),   cmocka_unit_test(test_open_fails),
        cmocka_unit_test(test_answered_twice), cmocka_unit_test(test_time_of_an_open),
        cmocka_unit_test(test_lost),           cmocka_unit_test(test_option_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
