/* SPDX-License-Identifier: MIT
 *
 * The CoAP commands alone (atc_platform_bare): the same messages and replies as with the whole module,
 * no base command but the echo and AT+CMEE, attached unless the shell says otherwise, a restart that
 * says nothing.
 */
#include <string.h>

#include "bench.h"
#include "check.h"
#include "dialect.h"

static struct bench bare, whole;

static void expect(const char *typed, const char *said)
{
    (void)bench_type(&bare, typed);
    assert_string_equal(bench_said(&bare), said);
}

/* The same lines to both; what both say and order must be the same bytes. */
static void play_on_both(const struct atc_dialect *one, const struct atc_dialect *other,
                         const char *const *lines, const char *const *datagrams)
{
    bench_new(&bare, one, 7);
    bench_new(&whole, other, 7);
    for (size_t i = 0; lines[i] != NULL; i++) {
        (void)bench_type(&bare, lines[i]);
        (void)bench_type(&whole, lines[i]);
        bench_run(&bare, 300);
        bench_run(&whole, 300);
        if (datagrams[i] != NULL) {
            bench_receive(&bare, datagrams[i]);
            bench_receive(&whole, datagrams[i]);
        }
    }
    bench_run(&bare, 300000); /* retransmissions, time-outs */
    bench_run(&whole, 300000);
    assert_true(bare.te.len > 100 && bare.orders.len > 100);
    assert_string_equal(bare.te.text, whole.te.text);
    assert_string_equal(bare.orders.text, whole.orders.text);
}

static void test_bc95_as_the_whole_module(void **state)
{
    static const char *const lines[] = {
        "AT+QCOAPCREATE=5683\r",
        "AT+QCOAPADDRES=5,\"hello\"\r",
        "AT+QCOAPHEAD=5,17,2,C0DE\r",
        "AT+QCOAPOPTION=2,11,\"time\",12,\"0\"\r",
        "AT+QCOAPSEND=0,2,192.0.2.1,5683\r",
        "abc\x1A",
        "AT+QCOAPDATASTATUS?\r",
        "AT+CMEE=1;+QCOAPSEND=0,1\r",
        "AT+QCOAPCFG=\"Showra\",1\r",
        "AT+QCOAPSEND=0,1,192.0.2.1,5683\r",
        "\x1A",
        "AT+QCOAPDEL\r",
        NULL,
    };
    static const char *const datagrams[] = {
        NULL, NULL,           NULL, NULL, NULL, "62450011C0DEFF4142", "4101123401B568656C6C6F",
        NULL, "4101123501B4", NULL, NULL, NULL,
    };

    (void)state;
    play_on_both(&atc_dialect_bc95_coap, &atc_dialect_bc95, lines, datagrams);
}

static void test_bg96_as_the_whole_module(void **state)
{
    static const char *const lines[] = {
        "AT+QCOAPCFG=\"pdpcid\",0,1\r",
        "AT+QCOAPCFG=\"trans\",0,2,4\r",
        "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r",
        "AT+QCOAPHEADER=0,17,1,2,\"C0DE\"\r",
        "AT+QCOAPOPTION=0,0,11,\"time\"\r",
        "AT+QCOAPSEND=0,0,2,1\r",
        "abc\x1A",
        "AT+QCOAPOPEN?\r",
        "AT+CMEE=2;+QCOAPSEND=1,0,1,0\r",
        "AT+QCOAPSEND=0,0,1,0\r",
        "\x1A",
        "AT+QCOAPCLOSE=0\r",
        NULL,
    };
    static const char *const datagrams[] = {
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        "62450011C0DEFF4142",
        "4101123401B568656C6C6F",
        NULL,
        NULL,
        "4101123501B4",
        NULL,
    };

    (void)state;
    play_on_both(&atc_dialect_bg96_coap, &atc_dialect_bg96, lines, datagrams);
}

static void test_no_base_commands(void **state)
{
    static const char *const gone[] = {
        "AT+CGATT?\r", "AT+CEREG?\r", "AT+CFUN?\r", "AT+CSQ\r", "ATI\r",
        "AT+CGSN\r",   "AT+NRB\r",    "ATV0\r",     "AT&W\r",   "AT+QFLST\r",
    };

    (void)state;
    bench_new(&bare, &atc_dialect_bg96_coap, 1);
    for (size_t i = 0; i < COUNT_OF(gone); i++)
        expect(gone[i], "\r\nERROR\r\n");
    expect("AT\r", "\r\nOK\r\n");
    expect("ATE1\r", "\r\nOK\r\n");
    expect("ATE0\r", "ATE0\r\r\nOK\r\n");
    expect("AT+CMEE?\r", "\r\n+CMEE: 1\r\n\r\nOK\r\n");
}

static void tell_network(bool attached)
{
    const struct atc_event event = {
        .kind = ATC_EVENT_NETWORK,
        .network = {.registration = attached ? ATC_REG_HOME : ATC_REG_SEARCHING,
                    .attached = attached},
    };

    bench_event(&bare, &event);
    bench_pump(&bare);
}

static void test_bc95_off_the_network(void **state)
{
    (void)state;
    bench_new(&bare, &atc_dialect_bc95_coap, 1);
    expect("AT+CMEE=1\r", "\r\nOK\r\n");
    expect("AT+QCOAPCREATE=5683\r", "\r\nOK\r\n");
    tell_network(false);
    expect("AT+QCOAPSEND=0,1,192.0.2.1,5683\r", "\r\n+CME ERROR: 30\r\n");
    bench_receive(&bare, "4101123401B0");
    assert_int_equal(atc_counter(&bare.m, ATC_COUNT_DROP_UNREACHABLE), 1);
    tell_network(true);
    expect("AT+QCOAPSEND=0,1,192.0.2.1,5683\r", "\r\n>");
    expect("\x1A", "\r\nOK\r\n");
}

static void test_bg96_loses_its_connections(void **state)
{
    (void)state;
    bench_new(&bare, &atc_dialect_bg96_coap, 1);
    expect("AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r", "\r\nOK\r\n\r\n+QCOAPOPEN: 0,0\r\n");
    tell_network(true);
    expect("AT+QCOAPSEND=0,0,1,0\r", "\r\n> ");
    expect("\x1A", "\r\nOK\r\n");
    tell_network(false);
    assert_non_null(strstr(bench_said(&bare), ",-11\r\n")); /* +QCOAPACK: given up */
    expect("AT+QCOAPSEND=0,0,1,0\r", "\r\nERROR\r\n");
}

/* Time and what else of the network a bare module has no use for. */
static void test_the_rest_is_ignored(void **state)
{
    const struct atc_event event = {.kind = ATC_EVENT_WALL_CLOCK, .offset = 1, .zone = 4};

    (void)state;
    bench_new(&bare, &atc_dialect_bc95_coap, 1);
    bench_event(&bare, &event);
    assert_string_equal(bench_said(&bare), "");
    assert_true(atc_deadline_ms(&bare.m) == ATC_NEVER);
}

/* Found by fuzzing: a shell that answers what was never ordered. */
static void test_an_answer_to_nothing(void **state)
{
    (void)state;
    for (uint32_t giver = 0; giver < 16; giver++) {
        const struct atc_event event = {.kind = ATC_EVENT_DONE, .order = giver << 24};

        bench_new(&bare, &atc_dialect_bg96_coap, 1);
        bench_event(&bare, &event);
        expect("AT\r", "\r\nOK\r\n");
        bench_new(&bare, &atc_dialect_bg96, 1);
        bench_event(&bare, &event);
        expect("AT\r", "\r\nOK\r\n");
    }
}

static void test_restart_says_nothing(void **state)
{
    const struct atc_event event = {.kind = ATC_EVENT_RESET};

    (void)state;
    bench_new(&bare, &atc_dialect_bc95_coap, 1);
    expect("AT+QCOAPCREATE=5683\r", "\r\nOK\r\n");
    expect("AT+QCOAPSEND=0,1,192.0.2.1,5683\r", "\r\n>");
    bench_event(&bare, &event);
    assert_string_equal(bench_said(&bare), "");
    expect("AT+QCOAPSEND=0,1,192.0.2.1,5683\r", "\r\nERROR\r\n");
    expect("AT+QCOAPCREATE=5683\r", "\r\nOK\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bc95_as_the_whole_module),
        cmocka_unit_test(test_bg96_as_the_whole_module),
        cmocka_unit_test(test_no_base_commands),
        cmocka_unit_test(test_bc95_off_the_network),
        cmocka_unit_test(test_bg96_loses_its_connections),
        cmocka_unit_test(test_the_rest_is_ignored),
        cmocka_unit_test(test_an_answer_to_nothing),
        cmocka_unit_test(test_restart_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
