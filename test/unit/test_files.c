/* SPDX-License-Identifier: MIT
 *
 * File commands on a store that does what stores of the tests never do: its files shrink, its answers
 * come when there is no room for what follows, its names are empty. Each order is answered by hand.
 */
#include "bench.h"
#include "check.h"

static struct bench b;

static int start(void **state)
{
    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    b.manner = BENCH_LEAVE;
    return 0;
}

/* The next order about a file must have this operation; messages before it are sent. */
static struct atc_order expect_order(enum atc_file_operation operation)
{
    struct atc_order order;

    for (;;) {
        bench_enter(&b);
        bench_pump(&b);
        assert_true(atc_order_next(&b.m, &order));
        if (order.kind != ATC_ORDER_SEND)
            break;
        bench_event(&b, &(struct atc_event){.kind = ATC_EVENT_DONE, .order = order.id});
    }
    assert_int_equal(order.kind, ATC_ORDER_FILE);
    assert_int_equal(order.operation, operation);
    return order;
}

/* Answer an order: so many bytes of a file that has size of them now. */
static void answer(const struct atc_order *order, enum atc_cause cause, const char *data,
                   uint32_t size)
{
    const struct atc_event event = {
        .kind = ATC_EVENT_FILE_DONE,
        .order = order->id,
        .cause = cause,
        .data = (const uint8_t *)data,
        .len = strlen(data),
        .size = size,
    };

    bench_event(&b, &event);
    bench_pump(&b);
}

/* Whether nothing more is to be done. */
static void expect_no_order(void)
{
    struct atc_order order;

    bench_enter(&b);
    assert_false(atc_order_next(&b.m, &order));
}

static void test_download_shrinks(void **state)
{
    struct atc_order order;

    (void)state;
    (void)bench_type(&b, "AT+QFDWL=\"a\"\r");
    order = expect_order(ATC_FILE_READ);
    answer(&order, ATC_OK, "hello", 10);
    order = expect_order(ATC_FILE_READ);
    assert_int_equal(order.offset, 5);
    answer(&order, ATC_OK, "", 5);
    expect_no_order();
    assert_string_equal(bench_said(&b), "\r\nCONNECT\r\nhello\r\n+QFDWL: 5,6b09\r\n\r\nOK\r\n");
}

static void open_file(void)
{
    struct atc_order order;

    (void)bench_type(&b, "AT+QFOPEN=\"a\",2\r");
    order = expect_order(ATC_FILE_READ);
    answer(&order, ATC_OK, "", 10);
    assert_string_equal(bench_said(&b), "\r\n+QFOPEN: 3000\r\n\r\nOK\r\n");
}

static void test_read_shrinks(void **state)
{
    struct atc_order order;

    (void)state;
    open_file();
    (void)bench_type(&b, "AT+QFREAD=3000,8\r");
    order = expect_order(ATC_FILE_READ);
    answer(&order, ATC_OK, "", 10);
    assert_string_equal(bench_said(&b), "\r\n+CME ERROR: 402\r\n");
    (void)bench_type(&b, "AT+QFREAD=3000,8\r");
    order = expect_order(ATC_FILE_READ);
    answer(&order, ATC_OK, "hello", 10);
    order = expect_order(ATC_FILE_READ);
    assert_int_equal(order.offset, 5);
    assert_int_equal(order.limit, 3);
    answer(&order, ATC_OK, "", 5);
    expect_no_order();
    assert_string_equal(bench_said(&b), "\r\nCONNECT 8\r\nhello\r\nOK\r\n");

    /* the position lies beyond the end now */
    (void)bench_type(&b, "AT+QFSEEK=3000,0,1\r");
    order = expect_order(ATC_FILE_READ);
    answer(&order, ATC_OK, "", 3);
    assert_string_equal(bench_said(&b), "\r\n+CME ERROR: 401\r\n");
}

static void open_client(void)
{
    b.manner = BENCH_GOOD;
    (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    bench_pump(&b);
    assert_string_equal(bench_said(&b), "\r\nOK\r\n\r\n+QCOAPOPEN: 0,0\r\n");
    b.manner = BENCH_LEAVE;
}

/* Pings of a peer, until there are as many RSTs to send as may wait. */
static void fill_orders(void)
{
    char hex[] = "40000000";

    for (unsigned i = 0; i < ATC_ORDER_MAX; i++) {
        hex[7] = (char)('A' + i % 6);
        hex[6] = (char)('0' + i / 6);
        bench_receive(&b, hex);
    }
}

/* The answer's data does not outlive the call that brings it: if there is no room for what follows, the
 * store is asked again. */
static void test_list_without_room(void **state)
{
    struct atc_order order;

    (void)state;
    open_client();
    (void)bench_type(&b, "AT+QFLST\r");
    order = expect_order(ATC_FILE_LIST);
    fill_orders();
    answer(&order, ATC_OK, "a", 1);
    assert_string_equal(bench_said(&b), "");
    order = expect_order(ATC_FILE_LIST);
    assert_int_equal(order.offset, 0);
    answer(&order, ATC_OK, "a", 1);
    order = expect_order(ATC_FILE_LIST);
    assert_int_equal(order.offset, 1);
    answer(&order, ATC_CAUSE_FILE_MISSING, "", 0);
    assert_string_equal(bench_said(&b), "\r\n+QFLST: \"a\",1\r\n\r\nOK\r\n");
}

static void test_delete_without_room(void **state)
{
    struct atc_order order;

    (void)state;
    open_client();
    (void)bench_type(&b, "AT+QFDEL=\"*\"\r");
    order = expect_order(ATC_FILE_LIST);
    fill_orders();
    answer(&order, ATC_OK, "a", 1);
    order = expect_order(ATC_FILE_LIST);
    answer(&order, ATC_OK, "a", 1);
    order = expect_order(ATC_FILE_DELETE);
    assert_int_equal(order.name_len, 1);
    assert_int_equal(order.name[0], 'a');
    answer(&order, ATC_OK, "", 0);
    order = expect_order(ATC_FILE_LIST);
    answer(&order, ATC_CAUSE_FILE_MISSING, "", 0);
    assert_string_equal(bench_said(&b), "\r\nOK\r\n");
}

/* A file without a name cannot be deleted, nor passed over: it would be listed for ever. */
static void test_delete_without_name(void **state)
{
    struct atc_order order;

    (void)state;
    (void)bench_type(&b, "AT+QFDEL=\"*\"\r");
    order = expect_order(ATC_FILE_LIST);
    answer(&order, ATC_OK, "", 1);
    expect_no_order();
    assert_string_equal(bench_said(&b), "\r\n+CME ERROR: 412\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_download_shrinks, start),
        cmocka_unit_test_setup(test_read_shrinks, start),
        cmocka_unit_test_setup(test_list_without_room, start),
        cmocka_unit_test_setup(test_delete_without_room, start),
        cmocka_unit_test_setup(test_delete_without_name, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
