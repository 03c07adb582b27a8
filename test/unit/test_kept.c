/* SPDX-License-Identifier: MIT
 *
 * What is kept, by shells that transcripts do not have: a serial line with a speed, a store that is
 * none, more than fits into the store. Source: D-133, D-141.
 */
#include "bench.h"
#include "check.h"
#include "engine.h"

static struct bench b;

static void expect(const char *typed, const char *said)
{
    (void)bench_type(&b, typed);
    assert_string_equal(bench_said(&b), said);
}

static void start_at(uint32_t baud, const char *kept)
{
    bench_config(&b, &atc_dialect_bc95, 1);
    b.cfg.baud = baud;
    b.cfg.keep = true;
    b.store.kept_len = strlen(kept);
    memcpy(b.store.kept, kept, b.store.kept_len);
    bench_start(&b);
}

static void test_speed_of_the_shell(void **state)
{
    (void)state;
    start_at(57600, "");
    expect("AT+NATSPEED?\r", "\r\n+NATSPEED:57600\r\n\r\nOK\r\n");
    start_at(57600, "baud=4800\n");
    expect("AT+NATSPEED?\r", "\r\n+NATSPEED:4800\r\n\r\nOK\r\n");
    start_at(0, "");
    expect("AT+NATSPEED?\r", "\r\n+NATSPEED:9600\r\n\r\nOK\r\n");
}

/* The text is asked for before the TE is heard; a shell that answers with no text has none. */
static void test_shell_without_files(void **state)
{
    static const enum atc_cause causes[] = {ATC_OK, ATC_CAUSE_UNSUPPORTED};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(causes); i++) {
        struct atc_event done = {.kind = ATC_EVENT_DONE, .cause = causes[i]};
        struct atc_order order;

        start_at(0, "baud=4800\n");
        bench_enter(&b);
        assert_true(atc_order_next(&b.m, &order));
        assert_int_equal(order.operation, ATC_FILE_RECALL);
        assert_int_equal(atc_te_write(&b.m, (const uint8_t *)"AT", 2, b.now_ms), 0);
        done.order = order.id;
        bench_event(&b, &done);
        expect("AT+NATSPEED?\r", "\r\n+NATSPEED:9600\r\n\r\nOK\r\n");
    }
}

/* An answer to another order does not count as the text. */
static void test_answer_to_another_order(void **state)
{
    struct atc_event done = {.kind = ATC_EVENT_FILE_DONE, .data = (const uint8_t *)"baud=9600\n"};
    struct atc_order order;

    (void)state;
    start_at(0, "baud=4800\n");
    bench_enter(&b);
    assert_true(atc_order_next(&b.m, &order));
    done.order = order.id + 1;
    done.len = strlen((const char *)done.data);
    done.size = (uint32_t)done.len;
    bench_event(&b, &done);
    assert_int_equal(atc_counter(&b.m, ATC_COUNT_STALE), 1);
    assert_int_equal(atc_te_write(&b.m, (const uint8_t *)"AT", 2, b.now_ms), 0);
    done.order = order.id;
    bench_event(&b, &done);
    expect("AT+NATSPEED?\r", "\r\n+NATSPEED:9600\r\n\r\nOK\r\n");
}

static uint32_t ignored(void)
{
    struct atc_engine e;

    memcpy(&e, &b.m, sizeof e);
    return e.counters[ATC_COUNT_KEPT_IGNORED];
}

/* Texts of all contexts are more than is kept: what is in the store stays as it was. */
static void test_more_than_fits(void **state)
{
    char line[512], text[128];
    size_t kept_len;

    (void)state;
    bench_config(&b, &atc_dialect_bg96, 1);
    b.cfg.keep = true;
    bench_start(&b);
    bench_pump(&b);
    memset(text, 'x', sizeof text);
    for (unsigned cid = 1; cid <= 5; cid++) {
        assert_int_equal(ignored(), 0);
        kept_len = b.store.kept_len;
        (void)snprintf(line, sizeof line, "AT+QICSGP=%u,1,\"%.99s\",\"%.64s\",\"%.64s\",3\r", cid,
                       text, text, text);
        expect(line, "\r\nOK\r\n");
        EXPECT(cid == 5 || b.store.kept_len > kept_len, "%u", cid);
    }
    assert_int_equal(ignored(), 1);
    assert_int_equal(b.store.kept_len, kept_len);
    expect("AT+QICSGP=5,1,\"\",\"\",\"\",0\r", "\r\nOK\r\n");
    assert_int_equal(ignored(), 1);
    assert_true(b.store.kept_len > kept_len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_speed_of_the_shell),
        cmocka_unit_test(test_shell_without_files),
        cmocka_unit_test(test_answer_to_another_order),
        cmocka_unit_test(test_more_than_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
