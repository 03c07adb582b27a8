/* SPDX-License-Identifier: MIT
 *
 * What every part of the engine leans on: what it counts and traces, where random bytes come from, and
 * that each order has a number of its own, room before it is given, and nothing of the order before.
 */
#include "check.h"
#include "engine.h"

enum { NOW = 5000, BURST = ATC_SESSION_MAX + 2 };

static struct atc_modem modem;
static struct atc_trace traced;
static unsigned traces, draws;

static bool draw(void *ctx, uint8_t *buf, size_t len)
{
    draws++;
    memset(buf, 7, len);
    return *(const bool *)ctx;
}

static void watch(void *ctx, const struct atc_trace *record)
{
    (void)ctx;
    traces++;
    traced = *record;
}

/* A modem that has drawn nothing and told nothing yet. */
static struct atc_engine *start(bool *draws_well)
{
    struct atc_engine *e = (void *)&modem;
    struct atc_config cfg = {0};

    atc_settings_default(&cfg.settings);
    cfg.dialect = &atc_dialect_bg96;
    cfg.random = draw;
    cfg.trace = watch;
    cfg.ctx = draws_well;
    assert_int_equal(atc_init(&modem, &cfg, NOW), 0);
    e->order_count = 0;
    e->now_ms = NOW;
    memset(&traced, 0xEE, sizeof traced);
    traces = 0;
    draws = 0;
    return e;
}

static void expect_trace(unsigned kind, unsigned session, unsigned from, unsigned to, unsigned mid)
{
    assert_int_equal(traces, 1);
    traces = 0;
    assert_int_equal(traced.kind, kind);
    assert_int_equal(traced.session, session);
    assert_int_equal(traced.from, from);
    assert_int_equal(traced.to, to);
    assert_int_equal(traced.mid, mid);
    assert_true(traced.now_ms == NOW);
}

static void test_traces(void **state)
{
    struct atc_engine *e = start(&(bool){true});
    const uint32_t before = e->counters[ATC_COUNT_STALE];

    (void)state;
    atc_engine_count(e, 3, ATC_COUNT_STALE, 77);
    assert_int_equal(e->counters[ATC_COUNT_STALE], before + 1);
    expect_trace(ATC_TRACE_COUNT, 3, 0, ATC_COUNT_STALE, 77);
    atc_engine_remark(e, 2, ATC_REMARK_OPEN_TWICE, 78);
    expect_trace(ATC_TRACE_REMARK, 2, 0, ATC_REMARK_OPEN_TWICE, 78);
    atc_session_move(e, 1, ATC_SESSION_CONNECTING);
    expect_trace(ATC_TRACE_SESSION, 1, ATC_SESSION_IDLE, ATC_SESSION_CONNECTING, 0);
    atc_session_move(e, 1, ATC_SESSION_CONNECTING); /* no move */
    assert_int_equal(traces, 0);
    e->cfg.trace = NULL;
    atc_engine_count(e, 3, ATC_COUNT_STALE, 77);
    assert_int_equal(e->counters[ATC_COUNT_STALE], before + 2);
    assert_int_equal(traces, 0);
}

/* No bytes are never refused, nor asked for. */
static void test_random(void **state)
{
    bool well = false;
    struct atc_engine *e = start(&well);
    uint8_t buf[2] = {0};

    (void)state;
    assert_true(atc_engine_random(e, buf, 0));
    assert_int_equal(draws, 0);
    assert_false(atc_engine_random(e, buf, 1));
    assert_int_equal(draws, 1);
    well = true;
    assert_true(atc_engine_random(e, buf, 2));
    assert_int_equal(buf[1], 7);
}

static void test_room(void **state)
{
    struct atc_engine *e = start(&(bool){true});

    (void)state;
    for (unsigned i = 0; i < ATC_ORDER_MAX; i++) {
        EXPECT(atc_order_has_room(e) == (i <= ATC_ORDER_MAX - BURST), "%u orders", i);
        (void)atc_engine_order(e, ATC_ORDER_CLOSE, 0, ATC_GIVER_NOBODY, 0);
    }
    assert_false(atc_order_has_room(e));
}

/* The number that an order of this giver gets. */
static uint16_t number(struct atc_engine *e, enum atc_giver giver, unsigned session)
{
    static const uint8_t zero[ATC_ORDER_BYTES];
    const struct atc_addr nowhere = {0};
    struct atc_pending *order;

    e->order_count = 0;
    memset(e->order, 0xEE, sizeof e->order);
    order = atc_engine_order(e, ATC_ORDER_OPEN, session, giver, (uint8_t)session);
    assert_int_equal(order->kind, ATC_ORDER_OPEN);
    assert_int_equal(order->session, session);
    assert_int_equal(order->giver, giver);
    assert_int_equal(order->index, session);
    assert_int_equal(order->len, 0);
    assert_memory_equal(&order->peer, &nowhere, sizeof nowhere);
    assert_memory_equal(order->bytes, zero, sizeof zero);
    return order->sequence;
}

/* Each order of a giver has the number behind the last: an answer to an earlier one finds nobody. */
static void test_numbers(void **state)
{
    struct atc_engine *e = start(&(bool){true});
    uint16_t last;

    (void)state;
    last = number(e, ATC_GIVER_SESSION, 1);
    assert_int_equal(e->session[1].order, last);
    assert_int_equal(number(e, ATC_GIVER_SESSION, 2), last + 1); /* not even of another client */
    assert_int_equal(e->session[1].order, last);
    last = number(e, ATC_GIVER_COMMAND, 0);
    assert_int_equal(number(e, ATC_GIVER_COMMAND, 0), last + 1);
    last = number(e, ATC_GIVER_PROBE, 0);
    assert_int_equal(number(e, ATC_GIVER_PROBE, 0), last + 1);
    last = number(e, ATC_GIVER_KEPT, 0);
    assert_int_equal(number(e, ATC_GIVER_KEPT, 0), last + 1);
    e->messages.exchange[3].order = 44;
    assert_int_equal(number(e, ATC_GIVER_EXCHANGE, 3), 44);
    e->messages.seen[4].order = 55;
    assert_int_equal(number(e, ATC_GIVER_SEEN, 4), 55);
    assert_int_equal(number(e, ATC_GIVER_NOBODY, 0), 0);
}

static void test_sends_are_counted(void **state)
{
    struct atc_engine *e = start(&(bool){true});
    const uint32_t before = e->counters[ATC_COUNT_SENT];

    (void)state;
    (void)number(e, ATC_GIVER_NOBODY, 0);
    assert_int_equal(e->counters[ATC_COUNT_SENT], before);
    traces = 0;
    (void)atc_engine_order(e, ATC_ORDER_SEND, 2, ATC_GIVER_NOBODY, 0);
    assert_int_equal(e->counters[ATC_COUNT_SENT], before + 1);
    expect_trace(ATC_TRACE_COUNT, 2, 0, ATC_COUNT_SENT, 0);
}

/* Orders that carry one number and belong to no client. */
static void test_orders_of_the_module(void **state)
{
    struct atc_engine *e = start(&(bool){true});
    struct atc_order order;

    (void)state;
    memset(e->order, 0xEE, sizeof e->order);
    atc_engine_speed(e, 115200);
    assert_int_equal(e->order[e->order_head].index, 0);
    assert_true(atc_order_next(&modem, &order));
    assert_int_equal(order.kind, ATC_ORDER_UART);
    assert_int_equal(order.session, 0);
    assert_int_equal(order.offset, 115200);
    assert_int_equal(e->baud, 115200);
    atc_engine_radio(e, ATC_RADIO_OFF, ATC_GIVER_NOBODY);
    assert_int_equal(e->order[e->order_head].index, 0);
    assert_true(atc_order_next(&modem, &order));
    assert_int_equal(order.kind, ATC_ORDER_RADIO);
    assert_int_equal(order.session, 0);
    assert_int_equal(order.offset, ATC_RADIO_OFF);
    assert_false(atc_order_next(&modem, &order));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_traces),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_sends_are_counted),
        cmocka_unit_test(test_orders_of_the_module),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
