/* SPDX-License-Identifier: MIT
 *
 * Lines, their numbers and their results, found from outside while a module works on them.
 */
#include "atcoap/atcoap.h"
#include "check.h"
#include "record_line.h"
#include "rng.h"
#include "script_text.h"

static struct atc_modem modem;
static struct record_line line;
static struct script_buf results;
static struct rng rng;

static bool fill(void *ctx, uint8_t *buf, size_t len)
{
    rng_fill(ctx, buf, len);
    return true;
}

static void on_trace(void *ctx, const struct atc_trace *trace)
{
    (void)ctx;
    record_line_trace(&line, trace);
}

static void on_result(void *ctx, const struct record_command *command, const char *result,
                      size_t len)
{
    (void)ctx;
    script_buf_format(&results, "%u %.*s -> %.*s\n", (unsigned)command->number, (int)command->len,
                      command->text, (int)len, result);
}

static void switch_on(const struct atc_dialect *dialect)
{
    struct atc_config config = {.dialect = dialect, .random = fill, .trace = on_trace, .ctx = &rng};

    atc_settings_default(&config.settings);
    rng = (struct rng){7};
    assert_int_equal(atc_init(&modem, &config, 0), 0);
}

static void start(const struct atc_dialect *dialect)
{
    results.len = 0;
    record_line_init(&line, on_result, NULL);
    switch_on(dialect);
}

/* Carry out what the module wants, all of it well, and read so many bytes at a time. */
static void settle(size_t chunk)
{
    struct atc_order order;
    size_t len = 0;
    const uint8_t *data = NULL;

    while (atc_order_next(&modem, &order)) {
        struct atc_event done = {
            .kind = order.kind == ATC_ORDER_FILE ? ATC_EVENT_FILE_DONE : ATC_EVENT_DONE,
            .order = order.id,
            .cause = order.kind == ATC_ORDER_FILE ? ATC_CAUSE_FILE_MISSING : ATC_OK};

        if (order.kind != ATC_ORDER_CLOSE && order.kind != ATC_ORDER_UART)
            atc_event(&modem, &done, 0);
    }
    while ((data = atc_te_peek(&modem, &len)), len > 0) {
        const size_t part = len < chunk ? len : chunk;

        record_line_said(&line, data, part);
        atc_te_drop(&modem, part);
    }
    record_line_read(&line);
}

static void type(const char *text, size_t chunk)
{
    for (size_t i = 0; text[i] != '\0'; i++) {
        const uint8_t byte = (uint8_t)text[i];

        if (atc_te_write(&modem, &byte, 1, 0) == 0) {
            settle(chunk);
            assert_int_equal(atc_te_write(&modem, &byte, 1, 0), 1);
        }
        record_line_typed(&line, byte);
        if (chunk < SIZE_MAX)
            settle(chunk);
    }
    settle(chunk);
}

static void expect(const char *what, const char *text)
{
    script_buf_byte(&results, '\0');
    EXPECT(strcmp(results.data, text) == 0, "%s:\n%s\ninstead of\n%s", what, results.data, text);
    results.len = 0;
}

#define OPEN "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r"

struct session {
    const struct atc_dialect *dialect;
    const char *typed;
    const char *results;
};

static const struct session cases[] = {
    {&atc_dialect_bg96, "AT\r", "1 AT -> OK\n"},
    {&atc_dialect_bg96, "ATE0\rAT+CMEE=2\rat+foo\r",
     "1 ATE0 -> OK\n2 AT+CMEE=2 -> OK\n3 at+foo -> ERROR\n"},
    {&atc_dialect_bc95, "ATE0\rAT+CMEE=1\rAT+QCOAPHEAD=9\r",
     "1 ATE0 -> OK\n2 AT+CMEE=1 -> OK\n3 AT+QCOAPHEAD=9 -> +CME ERROR: 50\n"},
    /* Line ends of both kinds, empty lines and lines that are none. */
    {&atc_dialect_bg96, "AT\r\nATI\n\r\r\nfoo\rAT\r", "1 AT -> OK\n2 ATI -> OK\n3 AT -> OK\n"},
    {&atc_dialect_bg96, "BAT\rOK\rAT\r", "1 AT -> OK\n"},
    /* Data is not part of any line, whatever it looks like. */
    {&atc_dialect_bg96,
     OPEN "AT+QCOAPSEND=0,1,2,0\rAT+FOO\r\r\nOK\r\n\x1A"
          "AT\r",
     "1 AT+QCOAPOPEN=0,\"192.0.2.1\",5683 -> OK\n2 AT+QCOAPSEND=0,1,2,0 -> OK\n3 AT -> OK\n"},
    {&atc_dialect_bg96, OPEN "AT+QCOAPSEND=0,1,2,0,5\rhelloAT+FOO\rAT\r",
     "1 AT+QCOAPOPEN=0,\"192.0.2.1\",5683 -> OK\n2 AT+QCOAPSEND=0,1,2,0,5 -> OK\n"
     "3 AT+FOO -> ERROR\n4 AT -> OK\n"},
    {&atc_dialect_bg96,
     OPEN "AT+QCOAPSEND=0,1,2,0\rx\x1B"
          "AT\r",
     "1 AT+QCOAPOPEN=0,\"192.0.2.1\",5683 -> OK\n2 AT+QCOAPSEND=0,1,2,0 -> ERROR\n3 AT -> OK\n"},
    /* A reply with text that a final result could be taken for. */
    {&atc_dialect_bg96, "AT+QFLDS=\"UFS\"\rAT\r",
     "1 AT+QFLDS=\"UFS\" -> +CME ERROR: 405\n2 AT -> OK\n"},
    {&atc_dialect_bg96, "ATI\r\nA/AT\r", "1 ATI -> OK\n2 A/ -> OK\n3 AT -> OK\n"},
    /* A restart has no result; what comes after it is the next line's. */
    {&atc_dialect_bc95, "ATE0\rAT+NRB\r", "1 ATE0 -> OK\n2 AT+NRB -> \n"},
};

/* Results in numbers, and none: with a TE that reads them before it types the next line. */
static const struct session paced[] = {
    {&atc_dialect_bg96, "ATE0\rATV0\rAT+FOO\rATI\rATV1\rAT\r",
     "1 ATE0 -> OK\n2 ATV0 -> 0\n3 AT+FOO -> 4\n4 ATI -> 0\n5 ATV1 -> OK\n6 AT -> OK\n"},
    {&atc_dialect_bg96, "ATE0\rATQ1\rAT+FOO\rATQ0\rAT+BAR\r",
     "1 ATE0 -> OK\n2 ATQ1 -> \n3 AT+FOO -> \n4 ATQ0 -> OK\n5 AT+BAR -> ERROR\n"},
};

static void test_sessions(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        static const size_t chunks[] = {SIZE_MAX, 4096, 1};

        for (size_t c = 0; c < COUNT_OF(chunks); c++) {
            start(cases[i].dialect);
            type(cases[i].typed, chunks[c]);
            expect(cases[i].typed, cases[i].results);
        }
    }
}

static void test_results_not_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(paced); i++) {
        start(paced[i].dialect);
        type(paced[i].typed, 4096);
        expect(paced[i].typed, paced[i].results);
    }
}

/* A module that is switched off and on in the middle of a line, and of data. */
static void test_restart(void **state)
{
    (void)state;
    start(&atc_dialect_bg96);
    type(OPEN "AT+QCOAPSEND=0,1,2,0\rdata", 4096);
    results.len = 0;
    record_line_restart(&line);
    expect("a line that ran", "2 AT+QCOAPSEND=0,1,2,0 -> \n");
    assert_null(record_line_running(&line));
    record_line_typed(&line, 'A');
    record_line_restart(&line);
    switch_on(&atc_dialect_bg96);
    type("ATI\r", 4096);
    expect("the next module", "3 ATI -> OK\n");
}

/* A TE that does not read: results wait, and so do their lines. */
static void test_unread_results(void **state)
{
    struct script_buf text = {0};

    (void)state;
    start(&atc_dialect_bg96);
    type("ATE0\r", 1);
    results.len = 0;
    for (unsigned i = 0; i < 4; i++) {
        static const char typed[] = "AT\rATJ\r";

        for (size_t at = 0; typed[at] != '\0'; at++) {
            if (atc_te_write(&modem, (const uint8_t *)typed + at, 1, 0) == 1)
                record_line_typed(&line, (uint8_t)typed[at]);
        }
    }
    settle(SIZE_MAX);
    /* Four are kept; those before them were given up. */
    script_buf_byte(&results, '\0');
    EXPECT(strstr(results.data, "2 AT -> \n") != NULL, "%s", results.data);
    EXPECT(strstr(results.data, "8 AT -> OK\n9 ATJ -> ERROR\n") != NULL, "%s", results.data);
    script_buf_free(&text);
}

/* A line beyond all limits is one, and what is kept of it has an end. */
static void test_longest(void **state)
{
    (void)state;
    start(&atc_dialect_bg96);
    type("ATE0\r", 1);
    results.len = 0;
    type("AT", 1);
    for (unsigned i = 0; i < 2 * RECORD_LINE_MAX; i++)
        type("x", SIZE_MAX);
    type("\r", 1);
    assert_int_equal(line.count, 2);
    assert_true(results.len > RECORD_LINE_MAX && results.len < RECORD_LINE_MAX + 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sessions), cmocka_unit_test(test_results_not_in_words),
        cmocka_unit_test(test_restart),  cmocka_unit_test(test_unread_results),
        cmocka_unit_test(test_longest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
