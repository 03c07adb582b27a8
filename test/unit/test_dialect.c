/* SPDX-License-Identifier: MIT
 *
 * What a dialect may say in its tables and no dialect of ours does: no words for errors, or not for
 * all; a command that takes no time worth mentioning; contexts that are lost without a word; more
 * clients than there is room for.
 */
#include "bench.h"
#include "check.h"
#include "dialect.h"

static struct bench b;

static void expect(const char *typed, const char *said)
{
    (void)bench_type(&b, typed);
    assert_string_equal(bench_said(&b), said);
}

/* Errors in words are numbers where there are none. */
static void test_without_words(void **state)
{
    static const struct atc_cme_text some[] = {{13, "SIM failure"}, {0, NULL}};
    struct atc_dialect d = atc_dialect_bg96;

    (void)state;
    bench_new(&b, &d, 1);
    expect("AT+CMEE=2;+CFUN=9\r", "\r\n+CME ERROR: incorrect parameters\r\n");
    d.texts = some;
    expect("AT+CFUN=9\r", "\r\n+CME ERROR: 50\r\n");
    d.texts = NULL;
    expect("AT+CFUN=9\r", "\r\n+CME ERROR: 50\r\n");
}

static uint8_t handle_quick(struct atc_engine *e, const struct atc_call *call)
{
    (void)e;
    (void)call;
    return ATC_OK;
}

/* With timing=typical a command takes 30 ms, or what the note gives it if that is less. D-16. */
static void test_quick_command(void **state)
{
    static const struct atc_command row = {.name = "QUICK",
                                           .forms = ATC_FORM_EXECUTE,
                                           .reply_max_ms = 10,
                                           .handler = handle_quick,
                                           .source = ATC_DOC("none")};
    static const struct atc_table quick = {&row, 1};
    static const struct atc_table *const tables[] = {&quick, &atc_echo, NULL};
    struct atc_dialect d = atc_dialect_bg96;

    (void)state;
    d.tables = tables;
    d.kept_count = 0;
    bench_config(&b, &d, 1);
    b.cfg.settings.timing = ATC_TIMING_TYPICAL;
    bench_start(&b);
    expect("AT+QUICK\r", "");
    bench_run(&b, 9);
    assert_string_equal(bench_said(&b), "");
    bench_run(&b, 1);
    assert_string_equal(bench_said(&b), "\r\nOK\r\n");
}

static void detach(void)
{
    const struct atc_event event = {.kind = ATC_EVENT_NETWORK, .network = {.registration = 0}};

    (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&b);
    bench_event(&b, &event);
    bench_pump(&b);
}

/* A dialect without a URC for it loses contexts as well. */
static void test_contexts_lost_silently(void **state)
{
    struct atc_dialect d = atc_dialect_bg96;

    (void)state;
    bench_new(&b, &d, 1);
    detach();
    assert_non_null(strstr(bench_said(&b), "+QIURC: \"pdpdeact\",1"));
    d.pdp.lost = NULL;
    bench_new(&b, &d, 1);
    detach();
    assert_string_equal(bench_said(&b), "");
    expect("AT+QCOAPOPEN?\r", "\r\n+QCOAPOPEN: 0,\"192.0.2.1\",5683,0\r\n\r\nOK\r\n");
}

static void test_too_many_clients(void **state)
{
    struct atc_dialect d = atc_dialect_bg96;

    (void)state;
    bench_config(&b, &d, 1);
    assert_int_equal(atc_init(&b.m, &b.cfg, 0), 0);
    d.session_count = ATC_SESSION_MAX + 1;
    assert_int_equal(atc_init(&b.m, &b.cfg, 0), ATC_E_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_words),
        cmocka_unit_test(test_quick_command),
        cmocka_unit_test(test_contexts_lost_silently),
        cmocka_unit_test(test_too_many_clients),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
