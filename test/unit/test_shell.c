/* SPDX-License-Identifier: MIT
 *
 * What a shell may do and those of ours do not: leave orders lying while answers and timers come, answer
 * an order with the wrong kind of event, let a datagram in before it says that one left, look at output
 * without taking it; and randomness that fails, or always says the same.
 */
#include "bench.h"
#include "check.h"
#include "dialect.h"
#include "verbs.h"

static struct bench b;

static const char *say(const char *typed)
{
    (void)bench_type(&b, typed);
    return bench_said(&b);
}

static void open_bg96(void)
{
    (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    assert_string_equal(bench_said(&b), "\r\nOK\r\n\r\n+QCOAPOPEN: 0,0\r\n");
}

static void start_bg96(void)
{
    bench_new(&b, &atc_dialect_bg96, 1);
    open_bg96();
}

static void start_bc95(void)
{
    bench_new(&b, &atc_dialect_bc95, 1);
    assert_string_equal(say("AT+CMEE=1;+QCOAPCREATE=56830\r"), "\r\nOK\r\n");
}

/* Orders of the module's own, RSTs for pings, until there is no room for more. */
static void fill_orders(void)
{
    b.manner = BENCH_LEAVE;
    for (uint8_t i = 0; atc_counter(&b.m, ATC_COUNT_DROP_BUSY) == 0; i++) {
        const uint8_t ping[] = {0x40, 0x00, 0x77, i};

        bench_datagram(&b, 0, &bench_server, ping, sizeof ping);
        assert_true(i < ATC_ORDER_MAX);
    }
    bench_pump(&b);
}

static void take_orders(void)
{
    b.manner = BENCH_GOOD;
    bench_pump(&b);
}

/* The next order, not carried out. */
static struct atc_order order_of(enum atc_order_kind kind)
{
    struct atc_order order;

    bench_enter(&b);
    assert_true(atc_order_next(&b.m, &order));
    assert_int_equal(order.kind, kind);
    return order;
}

static void answer(const struct atc_order *order, enum atc_event_kind kind, enum atc_cause cause)
{
    const struct atc_event event = {
        .kind = kind, .order = order->id, .session = order->session, .cause = cause};

    bench_event(&b, &event);
    bench_pump(&b);
}

/* --- no room for orders ------------------------------------------------------------------------ */

/* A command whose order was answered goes on as soon as there is room for orders of its own. */
static void test_answer_without_room(void **state)
{
    struct atc_order order;

    (void)state;
    start_bg96();
    b.manner = BENCH_LEAVE;
    (void)bench_type(&b, "AT+QFDEL=\"a\"\r");
    order = order_of(ATC_ORDER_FILE);
    fill_orders();
    answer(&order, ATC_EVENT_FILE_DONE, ATC_OK);
    assert_string_equal(bench_said(&b), "");
    take_orders();
    assert_string_equal(bench_said(&b), "\r\nOK\r\n");
}

/* So does a timer. */
static void test_timer_without_room(void **state)
{
    (void)state;
    bench_config(&b, &atc_dialect_bg96, 1);
    b.cfg.settings.timing = ATC_TIMING_TYPICAL;
    bench_start(&b);
    (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    bench_run(&b, 1000);
    (void)bench_said(&b);
    assert_string_equal(say("AT+QCOAPOPEN?\r"), "");
    fill_orders();
    b.now_ms += 1000;
    bench_pump(&b);
    assert_string_equal(bench_said(&b), "");
    take_orders();
    assert_string_equal(bench_said(&b), "\r\n+QCOAPOPEN: 0,\"192.0.2.1\",5683,3\r\n\r\nOK\r\n");
}

/* A restart has orders of its own: it is ignored as long as they have no room. */
static void test_reset_without_room(void **state)
{
    const struct atc_event reset = {.kind = ATC_EVENT_RESET};

    (void)state;
    start_bg96();
    fill_orders();
    bench_event(&b, &reset);
    take_orders();
    assert_string_equal(say("AT+QCOAPOPEN?\r"),
                        "\r\n+QCOAPOPEN: 0,\"192.0.2.1\",5683,3\r\n\r\nOK\r\n");
    bench_event(&b, &reset);
    bench_run(&b, 60000);
    (void)bench_said(&b);
    assert_string_equal(say("AT+QCOAPOPEN?\r"), "\r\nOK\r\n");
}

/* More requests wait for their ACK than orders have room: the rest go with the next tick. D-43. */
static void test_auto_ack_without_room(void **state)
{
    enum { REQUESTS = ATC_ORDER_MAX };

    (void)state;
    bench_config(&b, &atc_dialect_bg96, 1);
    b.cfg.settings.auto_ack_ms = 2000;
    bench_start(&b);
    open_bg96();
    for (uint8_t i = 0; i < REQUESTS; i++) {
        const uint8_t request[] = {0x40, 0x01, 0x10, i};

        bench_datagram(&b, 0, &bench_server, request, sizeof request);
    }
    bench_pump(&b);
    b.manner = BENCH_LEAVE;
    b.now_ms += 2000;
    bench_pump(&b);
    assert_int_equal(b.sent_count, 0);
    take_orders();
    bench_run(&b, 0);
    assert_int_equal(b.sent_count, REQUESTS);
    for (unsigned i = 0; i < REQUESTS && i < BENCH_SENT_MAX; i++)
        assert_int_equal(bench_sent(&b, i)->data[0], 0x60);
}

/* --- orders and their answers ------------------------------------------------------------------ */

/* Values that survive a restart are asked for first: until they are there no byte is taken. */
static void test_deaf_until_kept_values_come(void **state)
{
    struct atc_order order;

    (void)state;
    bench_config(&b, &atc_dialect_bg96, 1);
    b.cfg.keep = true;
    b.manner = BENCH_LEAVE;
    bench_start(&b);
    order = order_of(ATC_ORDER_FILE);
    assert_int_equal(order.operation, ATC_FILE_RECALL);
    assert_int_equal(atc_te_write(&b.m, (const uint8_t *)"AT\r", 3, b.now_ms), 0);
    answer(&order, ATC_EVENT_FILE_DONE, ATC_CAUSE_FILE_MISSING);
    take_orders();
    (void)bench_said(&b);
    assert_string_equal(say("AT\r"), "\r\nOK\r\n");
}

/* A shell that has no files says DONE, unsupported: no key, no connection. */
static void test_key_order_not_supported(void **state)
{
    struct atc_order order;

    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    assert_string_equal(say("AT+QCOAPCFG=\"dtls\",0,1,0\r"), "\r\nOK\r\n");
    b.manner = BENCH_LEAVE;
    (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5684\r");
    order = order_of(ATC_ORDER_FILE);
    answer(&order, ATC_EVENT_DONE, ATC_CAUSE_UNSUPPORTED);
    take_orders();
    assert_string_equal(bench_said(&b), "\r\nOK\r\n\r\n+QCOAPOPEN: 0,-9\r\n");
}

/* An RST comes before the shell has said that the NON left: it is counted, and the NON goes on. */
static void test_rst_before_done(void **state)
{
    static const uint8_t rst[] = {0x70, 0x00, 0x00, 0x07};
    struct atc_order order;

    (void)state;
    start_bg96();
    (void)bench_type(&b, "AT+QCOAPHEADER=0,7,0,1,AA\r");
    b.manner = BENCH_LEAVE;
    (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0,0\r");
    (void)bench_said(&b);
    order = order_of(ATC_ORDER_SEND);
    bench_datagram(&b, 0, &bench_server, rst, sizeof rst);
    assert_int_equal(atc_counter(&b.m, ATC_COUNT_NON_RESET), 1);
    answer(&order, ATC_EVENT_DONE, ATC_OK);
    assert_string_equal(bench_said(&b), "\r\n+QCOAPACK: 0,1,7,0\r\n");
    bench_receive(&b, "51450009AA");
    take_orders();
    assert_string_equal(bench_said(&b), "\r\n+QCOAPRECV: 0,9,2.05,1,AA,0,0\r\n");
}

/* A list of more files than a byte counts comes to its end. */
static void test_many_files(void **state)
{
    enum { FILES = 300 };
    unsigned lines = 0;

    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    b.manner = BENCH_LEAVE;
    (void)bench_type(&b, "AT+QFLST\r");
    for (unsigned i = 0; i <= FILES; i++) {
        const struct atc_order order = order_of(ATC_ORDER_FILE);
        const struct atc_event event = {.kind = ATC_EVENT_FILE_DONE,
                                        .order = order.id,
                                        .cause = i < FILES ? ATC_OK : ATC_CAUSE_FILE_MISSING,
                                        .data = (const uint8_t *)"file",
                                        .len = 4,
                                        .size = i};

        assert_int_equal(order.operation, ATC_FILE_LIST);
        assert_int_equal(order.offset, i);
        bench_event(&b, &event);
        bench_pump(&b);
        lines += strstr(bench_said(&b), "+QFLST: \"") != NULL;
    }
    assert_int_equal(lines, FILES);
    assert_string_equal(say("AT\r"), "\r\nOK\r\n");
}

/* --- output ------------------------------------------------------------------------------------ */

/* A URC that waits for a half typed line is not what stands at the output; taking nothing changes
 * nothing. D-14. */
static void test_looking_at_output(void **state)
{
    size_t len, again;
    const uint8_t *bytes;

    (void)state;
    start_bg96();
    (void)bench_type(&b, "AT");
    b.te_closed = true;
    bench_receive(&b, "500100010A");
    bench_receive(&b, "50010001");
    bench_pump(&b);
    assert_false(atc_te_is_urc(&b.m));
    b.now_ms += 1000;
    bench_pump(&b);
    assert_true(atc_te_is_urc(&b.m));
    bytes = atc_te_peek(&b.m, &len);
    atc_te_drop(&b.m, 0);
    assert_ptr_equal(atc_te_peek(&b.m, &again), bytes);
    assert_int_equal(again, len);
    assert_true(atc_te_is_urc(&b.m));
    b.te_closed = false;
    bench_pump(&b);
    assert_string_equal(bench_said(&b), "\r\n+QCOAPRECV: 0,1,0.01,0,,0,0\r\n");
}

/* Content of a file may come as soon as the line that announces it: it is secret before CONNECT. */
static void test_secret_before_connect(void **state)
{
    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    b.manner = BENCH_LEAVE;
    assert_false(atc_is_secret_input(&b.m, (const uint8_t *)"AT\r", 3));
    (void)bench_type(&b, "AT+QFUPL=\"a\",2\r");
    assert_true(atc_is_secret_input(&b.m, (const uint8_t *)"AT\r", 3));
    take_orders();
    assert_string_equal(bench_said(&b), "\r\nCONNECT\r\n");
}

/* --- randomness -------------------------------------------------------------------------------- */

/* An answer that needs a message ID of its own, and there is none. */
static void test_no_id_for_an_answer(void **state)
{
    (void)state;
    start_bg96();
    bench_receive(&b, "51010258AA"); /* NON GET, ID 600 */
    bench_pump(&b);
    (void)bench_said(&b);
    b.random_fails = true;
    (void)bench_type(&b, "AT+QCOAPHEADER=0,600,0,1,AA;+QCOAPSEND=0,2,69,0,0\r");
    assert_string_equal(bench_said(&b), "\r\n> \r\nERROR\r\n");
    assert_int_equal(b.sent_count, 0);
    b.random_fails = false;
    (void)bench_type(&b, "AT+QCOAPHEADER=0,600,0,1,AA;+QCOAPSEND=0,2,69,0,0\r");
    assert_int_equal(b.sent_count, 1);
    assert_int_equal(bench_sent(&b, 0)->data[0], 0x51);
}

/* GET /.well-known/core as NON. */
static void test_no_id_for_the_list(void **state)
{
    static const char get_core[] = "50010001bb2e77656c6c2d6b6e6f776e04636f7265";

    (void)state;
    start_bc95();
    b.random_fails = true;
    bench_receive(&b, get_core);
    bench_pump(&b);
    assert_int_equal(b.sent_count, 0);
    b.random_fails = false;
    bench_receive(&b, get_core);
    bench_pump(&b);
    assert_int_equal(b.sent_count, 1);
}

static bool same_every_time(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    memset(buf, 0x5A, len);
    return true;
}

/* Each token that is drawn is in use: after some tries it is taken all the same, and the newer request
 * takes the place of the older. D-90. */
static void test_tokens_in_use(void **state)
{
    (void)state;
    bench_config(&b, &atc_dialect_bg96, 1);
    b.cfg.random = same_every_time;
    bench_start(&b);
    open_bg96();
    for (unsigned i = 1; i <= 2; i++) {
        (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0,0\r");
        assert_int_equal(b.sent_count, i);
        assert_int_equal(bench_sent(&b, 0)->data[4], 0x5A);
        (void)bench_said(&b);
    }
    bench_receive(&b, "565500095A5A5A5A5A5A");
    bench_receive(&b, "5645000A5A5A5A5A5A5A");
    bench_pump(&b);
    assert_int_equal(atc_counter(&b.m, ATC_COUNT_DROP_TOKEN), 1);
}

/* --- sizes ------------------------------------------------------------------------------------- */

/* A single option that no message has room for. */
static void test_option_longer_than_a_message(void **state)
{
    char line[160];
    int len;

    (void)state;
    bench_config(&b, &atc_dialect_bg96, 1);
    b.cfg.settings.message_max = 64;
    bench_start(&b);
    open_bg96();
    for (unsigned value_len = 58; value_len <= 59; value_len++) {
        len = snprintf(line, sizeof line, "AT+QCOAPOPTION=0,0,0,35,\"%.*s\"\r", (int)value_len,
                       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        assert_true(len > 0);
        assert_string_equal(say(line), value_len == 58 ? "\r\nOK\r\n" : "\r\nERROR\r\n");
    }
}

/* A long message of a peer's when no more answers may go out this second: no RST either. D-119, D-180. */
static void test_long_message_behind_a_flood(void **state)
{
    static uint8_t response[1400];

    (void)state;
    start_bg96();
    for (unsigned i = 0; i < ATC_ANSWER_RATE; i++) {
        const uint8_t ping[] = {0x40, 0x00, 0x77, (uint8_t)i};

        bench_datagram(&b, 0, &bench_server, ping, sizeof ping);
        bench_pump(&b);
    }
    assert_int_equal(b.sent_count, ATC_ANSWER_RATE);
    memset(response, 'x', sizeof response);
    memcpy(response, "\x40\x45\x01\x02\xFF", 5);
    bench_datagram(&b, 0, &bench_server, response, sizeof response);
    bench_pump(&b);
    assert_int_equal(atc_counter(&b.m, ATC_COUNT_DROP_LONG), 1);
    assert_int_equal(atc_counter(&b.m, ATC_COUNT_DROP_RATE), 1);
    assert_int_equal(b.sent_count, ATC_ANSWER_RATE);
    b.now_ms += 1000;
    bench_datagram(&b, 0, &bench_server, response, sizeof response);
    bench_pump(&b);
    assert_int_equal(b.sent_count, ATC_ANSWER_RATE + 1);
    assert_memory_equal(bench_sent(&b, 0)->data, "\x70\x00\x01\x02", 4);
}

/* Classes that neither note lists: 1, 3, 6 and 7. D-31. */
static void test_classes(void **state)
{
    static const uint8_t last_detail[8] = {4, 0, 5, 0, 15, 5, 0, 0};

    (void)state;
    for (unsigned code = 0; code <= 255; code++) {
        const unsigned class = code >> 5, detail = code & 31;
        const bool listed = class != 1 && class != 3 && class < 6 && detail <= last_detail[class] &&
                            code != 0x40 && !(class == 4 && detail > 6 && detail < 12) &&
                            code != 0x8E;

        EXPECT(atc_verb_may_send(ATC_CON, (uint8_t)code) == listed, "%u.%02u", class, detail);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer_without_room),
        cmocka_unit_test(test_timer_without_room),
        cmocka_unit_test(test_reset_without_room),
        cmocka_unit_test(test_auto_ack_without_room),
        cmocka_unit_test(test_deaf_until_kept_values_come),
        cmocka_unit_test(test_key_order_not_supported),
        cmocka_unit_test(test_rst_before_done),
        cmocka_unit_test(test_many_files),
        cmocka_unit_test(test_looking_at_output),
        cmocka_unit_test(test_secret_before_connect),
        cmocka_unit_test(test_no_id_for_an_answer),
        cmocka_unit_test(test_no_id_for_the_list),
        cmocka_unit_test(test_tokens_in_use),
        cmocka_unit_test(test_option_longer_than_a_message),
        cmocka_unit_test(test_long_message_behind_a_flood),
        cmocka_unit_test(test_classes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
