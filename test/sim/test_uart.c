/* SPDX-License-Identifier: MIT
 *
 * The serial line: what each fault does to bytes, and that none does anything when it is off.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "check.h"
#include "uart_text.h"

static struct sim_uart uart;
static char heard[32768 + 2 * SIM_UART_OUT_MAX];
static size_t heard_len;

static void start(const char *text)
{
    struct sim_uart_config config;
    char error[SIM_UART_ERROR_MAX] = "";

    memset(&config, 0, sizeof config);
    assert_true(*text == '\0' || sim_uart_parse(&config, text, strlen(text), error));
    sim_uart_init(&uart, 5, 2, 1000);
    sim_uart_config(&uart, &config, 1000);
    heard_len = 0;
}

/* The host reads all that it can. */
static void hear(uint64_t now_ms)
{
    for (size_t len = 0;;) {
        const uint8_t *data = sim_uart_said(&uart, &len, now_ms);

        if (len == 0)
            break;
        assert_true(heard_len + len < sizeof heard);
        memcpy(heard + heard_len, data, len);
        heard_len += len;
        sim_uart_said_drop(&uart, len, now_ms);
    }
    heard[heard_len] = '\0';
}

static void say(bool urc, const char *text, uint64_t now_ms)
{
    assert_true(sim_uart_say(&uart, urc, (const uint8_t *)text, strlen(text), now_ms));
}

static void expect(const char *text, uint64_t now_ms)
{
    sim_uart_settle(&uart, now_ms);
    hear(now_ms);
    assert_string_equal(heard, text);
    heard_len = 0;
}

/* What the module gets of what is typed, in the pieces it gets. */
static void type(const char *text)
{
    assert_int_equal(sim_uart_type(&uart, (const uint8_t *)text, strlen(text)), strlen(text));
}

static void expect_typed(const char *text)
{
    size_t len = 0;
    const uint8_t *data = sim_uart_typed(&uart, &len);

    assert_int_equal(len, strlen(text));
    assert_memory_equal(data, text, len);
    sim_uart_typed_drop(&uart, len);
}

#define OK  "\r\nOK\r\n"
#define URC "\r\n+QCOAPOPEN: 0,0\r\n"

static void test_uart_after(void **state)
{
    (void)state;
    start("urc=after");
    say(false, OK, 1000);
    say(true, URC, 1000);
    expect(OK URC, 1000);
    assert_int_equal(sim_uart_deadline_ms(&uart), ATC_NEVER);
}

/* A result waits for the URCs of the same moment, and a URC for the next result. */
static void test_uart_before(void **state)
{
    (void)state;
    start("urc=before,hold=300");
    say(false, "AT\r\r\n+CSQ: 1,99\r\n\r\nOK\r\n", 1000);
    hear(1000);
    assert_string_equal(heard, "AT\r\r\n+CSQ: 1,99\r\n");
    heard_len = 0;
    say(true, URC, 1000);
    say(true, URC, 1000);
    expect(URC URC OK, 1000);
    say(true, URC, 1100);
    expect("", 1399);
    assert_int_equal(sim_uart_deadline_ms(&uart), 1400);
    say(false, "\r\nx\r\n", 1399);
    say(false, "\r\nERROR\r\n", 1399);
    expect("\r\nx\r\n" URC "\r\nERROR\r\n", 1399);
    say(true, URC, 1400);
    expect("", 1699);
    expect(URC, 1700);
    say(true, URC, 1800);
    say(false, "\r\n+CME ERROR: 50\r\n", 1800);
    expect(URC "\r\n+CME ERROR: 50\r\n", 1800);
    say(false, OK, 1900);
    say(false, "\r\nnext\r\n", 1900);
    expect(OK "\r\nnext\r\n", 1900);
    assert_int_equal(uart.moved, 5);
}

static void test_uart_prompt(void **state)
{
    static const char *const prompts[] = {"\r\n>", "\r\n> ", "\r\nCONNECT\r\n"};
    char both[64];

    (void)state;
    start("urc=prompt");
    for (size_t i = 0; i < COUNT_OF(prompts); i++) {
        say(true, URC, 1000);
        say(false, OK, 1000);
        expect(OK, 1000);
        say(false, prompts[i], 1000);
        (void)snprintf(both, sizeof both, "%s%s", prompts[i], URC);
        expect(both, 1000);
    }
    say(true, URC, 1000);
    expect(URC, 2000);
}

/* Two bytes of the next line are echoed, then the URC comes. In a payload it does not. */
static void test_uart_echo(void **state)
{
    (void)state;
    start("urc=echo");
    say(true, URC, 1000);
    type("AT+CSQ\r");
    expect_typed("AT");
    say(false, "AT", 1000);
    expect_typed("+CSQ\r");
    say(false, "+CSQ\r", 1000);
    say(false, OK, 1000);
    expect("AT" URC "+CSQ\r" OK, 1000);
    say(false, "\r\n> ", 1000);
    say(true, URC, 1000);
    type("hello");
    expect_typed("hello");
    expect("\r\n> ", 1000);
}

static void test_uart_split(void **state)
{
    (void)state;
    start("urc=split,gap=50");
    say(true, "123456", 1000);
    say(false, OK, 1000);
    say(true, "ab", 1000);
    expect("123", 1000);
    assert_int_equal(sim_uart_deadline_ms(&uart), 1050);
    expect("", 1049);
    expect("456" OK "a", 1050);
    expect("b", 1100);
    assert_int_equal(sim_uart_deadline_ms(&uart), ATC_NEVER);
}

/* Every order comes up, whatever is said comes out, and nothing twice. */
static void test_uart_mixed(void **state)
{
    uint64_t now_ms = 1000;
    unsigned urcs = 0;

    (void)state;
    start("urc=mixed,hold=10");
    for (unsigned i = 0; i < 200; i++, now_ms += 20) {
        say(false, "\r\n> ", now_ms);
        say(true, "\r\n+U\r\n", now_ms);
        say(false, OK, now_ms);
        sim_uart_settle(&uart, now_ms);
        hear(now_ms);
    }
    sim_uart_flush(&uart);
    hear(now_ms);
    assert_int_equal(heard_len, 200 * (4 + 6 + 6));
    for (const char *at = heard; (at = strstr(at, "\r\n+U\r\n")) != NULL; at++)
        urcs++;
    assert_int_equal(urcs, 200);
    assert_non_null(strstr(heard, "+U\r\n\r\nOK"));
    assert_non_null(strstr(heard, "OK\r\n\r\n+U\r\n\r\n> "));
    assert_non_null(strstr(heard, "> \r\n+U"));
}

/* At 9600 baud 1,000 bytes take 1,041 ms, and a line that was idle saves up nothing. */
static void test_uart_baud(void **state)
{
    static char kilo[1001];

    (void)state;
    memset(kilo, 'x', 1000);
    start("baud=9600");
    for (unsigned round = 0; round < 2; round++) {
        const uint64_t start_ms = 1000u + 5000u * round;

        say(false, kilo, start_ms);
        hear(start_ms);
        assert_int_equal(heard_len, 0);
        assert_int_equal(sim_uart_deadline_ms(&uart), start_ms + 2);
        hear(start_ms + 500);
        assert_in_range(heard_len, 479, 481);
        hear(start_ms + 1041);
        assert_in_range(heard_len, 999, 1000);
        hear(start_ms + 1043);
        assert_int_equal(heard_len, 1000);
        heard_len = 0;
    }
}

static void test_uart_listed(void **state)
{
    (void)state;
    start("out.drop=1,3,in.garble=2,in.drop=4");
    say(false, "abcdef", 1000);
    expect("bdef", 1000);
    type("ABCDE");
    {
        size_t len = 0;
        const uint8_t *data = sim_uart_typed(&uart, &len);

        assert_int_equal(len, 4);
        assert_int_equal(data[0], 'A');
        assert_int_not_equal(data[1], 'B');
        assert_int_equal(data[2], 'C');
        assert_int_equal(data[3], 'E');
    }
    assert_int_equal(uart.dropped[SIM_UART_OUT], 2);
    assert_int_equal(uart.dropped[SIM_UART_IN], 1);
    assert_int_equal(uart.garbled[SIM_UART_IN], 1);
}

/* So many of 100,000 bytes, within four standard deviations; another knob does not change which. */
static void test_uart_shares(void **state)
{
    static const char *const texts[] = {"out.drop=2%", "out.drop=2%,garble=5%,in.drop=10%"};
    uint32_t first[2], dropped[2];

    (void)state;
    for (unsigned k = 0; k < 2; k++) {
        start(texts[k]);
        first[k] = 0;
        for (unsigned i = 0; i < 100000; i++) {
            say(false, "x", 1000);
            hear(1000);
            heard_len = 0;
            if (first[k] == 0 && uart.dropped[SIM_UART_OUT] == 1)
                first[k] = i + 1;
        }
        dropped[k] = uart.dropped[SIM_UART_OUT];
    }
    assert_in_range(dropped[0], 1823, 2177);
    assert_int_equal(dropped[0], dropped[1]);
    assert_int_equal(first[0], first[1]);
    assert_in_range(uart.garbled[SIM_UART_OUT], 4600, 5200);
}

static void test_uart_noise(void **state)
{
    (void)state;
    start("noise=loader");
    sim_uart_boot(&uart, 1000);
    hear(1000);
    assert_non_null(strstr(heard, "Boot: "));
    start("noise=random");
    for (unsigned i = 0; i < 300; i++) {
        heard_len = 0;
        sim_uart_boot(&uart, 1000);
        hear(1000);
        assert_in_range(heard_len, 8, 40);
    }
    start("");
    sim_uart_boot(&uart, 1000);
    expect("", 1000);
}

/* At the end of a line, and what was on its way is lost. Lines of a payload do not count. */
static void test_uart_reboot_line(void **state)
{
    (void)state;
    start("reboot=line:2,urc=before");
    type("\r\nAT\rxyz");
    expect_typed("\r");
    expect_typed("\nAT\r");
    assert_false(sim_uart_reboots(&uart, 1000));
    say(false, "\r\n> ", 1000);
    expect_typed("xyz");
    type("\r\n\x1a");
    expect_typed("\r");
    expect_typed("\n\x1a");
    say(false, OK, 1000);
    sim_uart_settle(&uart, 1000);
    assert_false(sim_uart_reboots(&uart, 1000));
    say(true, URC, 1000);
    type("AT\rAT\r");
    expect_typed("AT\r");
    assert_true(sim_uart_reboots(&uart, 1000));
    assert_false(sim_uart_reboots(&uart, 1000));
    expect("", 9000);
    expect_typed("");
}

static void test_uart_reboot_time(void **state)
{
    (void)state;
    start("reboot=30s");
    assert_int_equal(sim_uart_deadline_ms(&uart), 31000);
    assert_false(sim_uart_reboots(&uart, 30999));
    assert_true(sim_uart_reboots(&uart, 31000));
    assert_int_equal(sim_uart_deadline_ms(&uart), ATC_NEVER);
    start("reboot=20%");
    for (unsigned i = 0; i < 1000; i++) {
        type("AT\r");
        expect_typed("AT\r");
        (void)sim_uart_reboots(&uart, 1000);
    }
    assert_in_range(uart.reboots, 150, 250);
    start("");
    sim_uart_reboot(&uart);
    assert_false(sim_uart_is_plain(&uart));
    assert_true(sim_uart_reboots(&uart, 1000));
    assert_true(sim_uart_is_plain(&uart));
}

/* Whatever is said and typed, in whatever pieces: without faults it comes out as it went in. */
static void test_uart_transparent(void **state)
{
    struct sim_random r;
    uint8_t piece[200];
    static uint8_t said[400000], got[400000], typed[400000], taken[400000];
    size_t said_len = 0, got_len = 0, typed_len = 0, taken_len = 0, len = 0;

    (void)state;
    start("");
    sim_random_seed(&r, 9, 0);
    for (unsigned i = 0; i < 3000; i++) {
        const size_t out = sim_random_below(&r, 100), in = sim_random_below(&r, 100);
        const uint8_t *data = NULL;

        (void)sim_random_fill(&r, piece, sizeof piece);
        if (out > 0 && sim_uart_say(&uart, sim_random_chance(&r, 300000), piece, out, 1000u + i)) {
            memcpy(said + said_len, piece, out);
            said_len += out;
        }
        len = sim_uart_type(&uart, piece, in);
        memcpy(typed + typed_len, piece, len);
        typed_len += len;
        data = sim_uart_said(&uart, &len, 1000u + i);
        assert_int_equal(len, said_len - got_len);
        len = sim_random_below(&r, (uint32_t)len + 1u);
        memcpy(got + got_len, data, len);
        got_len += len;
        sim_uart_said_drop(&uart, len, 1000u + i);
        data = sim_uart_typed(&uart, &len);
        memcpy(taken + taken_len, data, len);
        taken_len += len;
        sim_uart_typed_drop(&uart, len);
        assert_false(sim_uart_reboots(&uart, 1000u + i));
    }
    assert_true(said_len > 100000 && typed_len > 10000);
    assert_memory_equal(said, got, got_len);
    assert_memory_equal(typed, taken, taken_len);
}

/* The largest URC finds room when nothing else is there; a full line takes nothing and loses none. */
static void test_uart_full(void **state)
{
    static uint8_t large[ATC_URC_SIZE];
    unsigned taken = 0;

    (void)state;
    start("urc=before");
    while (sim_uart_say(&uart, true, large, sizeof large, 1000))
        taken++;
    assert_in_range(taken, 2, 3);
    sim_uart_settle(&uart, 5000);
    hear(5000);
    assert_int_equal(heard_len, taken * sizeof large);
    assert_true(sim_uart_say(&uart, true, large, sizeof large, 5000));
    assert_int_equal(sim_uart_type(&uart, large, sizeof large), SIM_UART_IN_MAX);
}

static void test_uart_text(void **state)
{
    static const char *const good[] = {"urc=mixed,hold=2s,gap=5",
                                       "off",
                                       "off,baud=300",
                                       "drop=1,2,3,urc=echo",
                                       "in.garble=0.0001%",
                                       "noise=off",
                                       "reboot=off",
                                       "reboot=line:7",
                                       "reboot=90m",
                                       "baud=4000000"};
    static const char *const bad[] = {"",
                                      ",",
                                      "urc",
                                      "urc=",
                                      "urc=never",
                                      "baud=299",
                                      "baud=4000001",
                                      "hold=0",
                                      "drop=0",
                                      "drop=101%",
                                      "drop=1,,2",
                                      "in.urc=echo",
                                      "reboot=row:5",
                                      "reboot=0",
                                      "reboot=line:0",
                                      "reboot=line:",
                                      "noise=loud",
                                      "drop=1,",
                                      "urc=echo,off",
                                      "drop=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17"};
    char error[SIM_UART_ERROR_MAX];
    struct sim_uart_config config, before;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        EXPECT(sim_uart_parse(&config, good[i], strlen(good[i]), error), "%s: %s", good[i], error);
    memset(&config, 1, sizeof config);
    before = config;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        *error = '\0';
        EXPECT(!sim_uart_parse(&config, bad[i], strlen(bad[i]), error), "%s", bad[i]);
        EXPECT(*error != '\0', "%s", bad[i]);
        assert_memory_equal(&config, &before, sizeof config);
    }
    assert_false(sim_uart_parse(&config, "bauds=9600", 10, error));
    assert_non_null(strstr(error, "did you mean baud"));
}

static void expect_next(struct bench *b, bool urc, const char *text)
{
    size_t len = 0;
    const uint8_t *data = atc_te_peek(&b->m, &len);

    assert_int_equal(len, strlen(text));
    assert_true(len == 0 || memcmp(data, text, len) == 0);
    assert_int_equal(atc_te_is_urc(&b->m), urc);
}

/* The core tells which bytes are a URC: whole ones, or the rest of one, and no reply. */
static void test_te_is_urc(void **state)
{
    static struct bench b;
    static const char line[] = "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r";

    (void)state;
    bench_new(&b, &atc_dialect_bg96, 1);
    expect_next(&b, false, "");
    b.te_closed = true;
    (void)bench_write(&b, line, sizeof line - 1);
    bench_pump(&b);
    expect_next(&b, false, OK);
    atc_te_drop(&b.m, 2);
    expect_next(&b, false, "OK\r\n");
    atc_te_drop(&b.m, 4);
    expect_next(&b, true, URC);
    atc_te_drop(&b.m, 5);
    (void)bench_write(&b, "AT\r", 3);
    expect_next(&b, true, &URC[5]);
    atc_te_drop(&b.m, sizeof URC - 1 - 5);
    expect_next(&b, false, OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uart_after),       cmocka_unit_test(test_uart_before),
        cmocka_unit_test(test_uart_prompt),      cmocka_unit_test(test_uart_echo),
        cmocka_unit_test(test_uart_split),       cmocka_unit_test(test_uart_mixed),
        cmocka_unit_test(test_uart_baud),        cmocka_unit_test(test_uart_listed),
        cmocka_unit_test(test_uart_shares),      cmocka_unit_test(test_uart_noise),
        cmocka_unit_test(test_uart_reboot_line), cmocka_unit_test(test_uart_reboot_time),
        cmocka_unit_test(test_uart_transparent), cmocka_unit_test(test_uart_full),
        cmocka_unit_test(test_uart_text),        cmocka_unit_test(test_te_is_urc),
    };

    return cmocka_run_group_tests_name("sim uart", tests, NULL, NULL);
}
