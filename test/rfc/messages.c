/* SPDX-License-Identifier: MIT
 *
 * What holds for all message IDs, codes, option numbers and datagrams, not for a chosen few: RFC 7252
 * 4.3, 4.4, 4.7, 5.2, 5.3.1, 5.4.6, 11.3, rules 39, 41, 42, 52, 65, 66, 79, 99, 100, 111, 114.
 */
#include <stdlib.h>

#include "bench.h"
#include "check.h"

static struct bench b;

/* What the trace told of: bit n is enum atc_count n, and the last ID with it. */
static uint64_t traced;
static uint16_t traced_mid;

static void note_count(void *ctx, const struct atc_trace *record)
{
    (void)ctx;
    if (record->kind != ATC_TRACE_COUNT)
        return;
    traced |= (uint64_t)1 << record->to;
    traced_mid = record->mid;
}

/* BG96 with client 0 connected; BC95 with a context and the resource /a. */
static void start(const struct atc_dialect *dialect, uint64_t seed)
{
    bench_config(&b, dialect, seed);
    b.cfg.trace = note_count;
    bench_start(&b);
    (void)bench_type(&b, "AT+QCOAPCREATE=56830;+QCOAPADDRES=2,\"/a\"\r");
    (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&b);
    traced = 0;
}

static bool is_traced(enum atc_count count)
{
    return (traced >> count & 1) != 0;
}

static uint16_t last_mid(void)
{
    const struct bench_datagram *d = bench_sent(&b, 0);

    return (uint16_t)(d->data[2] << 8 | d->data[3]);
}

static void receive(const void *data, size_t len)
{
    bench_datagram(&b, 0, &bench_server, data, len);
    bench_pump(&b);
}

/* An ACK for the message sent last. */
static void acknowledge(void)
{
    const uint16_t mid = last_mid();
    const uint8_t ack[] = {0x60, 0, (uint8_t)(mid >> 8), (uint8_t)mid};

    receive(ack, sizeof ack);
}

/* --- message IDs ------------------------------------------------------------------------------ */

static void rule_039_con_and_non_share_their_ids(void **state)
{
    uint16_t first;

    (void)state;
    start(&atc_dialect_bg96, 7);
    (void)bench_type(&b, "AT+QCOAPSEND=0,0,1,0,0\r");
    first = last_mid();
    acknowledge();
    (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0,0\r");
    assert_int_equal(last_mid(), (uint16_t)(first + 1));
    (void)bench_type(&b, "AT+QCOAPSEND=0,0,1,0,0\r");
    assert_int_equal(last_mid(), (uint16_t)(first + 2));
    start(&atc_dialect_bc95, 7);
    (void)bench_type(&b, "AT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1A");
    first = last_mid();
    acknowledge();
    (void)bench_type(&b, "AT+QCOAPSEND=1,1,192.0.2.1,5683\r\x1A");
    assert_int_equal(last_mid(), (uint16_t)(first + 1));
    /* The module's own answer to a NON takes from the same. */
    bench_receive(&b, "50010101B162");
    bench_pump(&b);
    assert_int_equal(last_mid(), (uint16_t)(first + 2));
}

/* NONs as fast as they go: none has the ID of another within EXCHANGE_LIFETIME. Once the space is
 * used up the next is refused, until that time is over. */
static void rule_041_no_id_twice_in_a_lifetime(void **state)
{
    static uint8_t used[65536];
    unsigned sent = 0;

    (void)state;
    memset(used, 0, sizeof used);
    start(&atc_dialect_bc95, 5);
    (void)bench_type(&b, "AT+CMEE=1\r");
    for (;;) {
        (void)bench_said(&b);
        b.orders.len = 0;
        (void)bench_type(&b, "AT+QCOAPSEND=1,1,192.0.2.1,5683\r\x1A");
        if (strstr(b.te.text, "OK") == NULL)
            break;
        EXPECT(used[last_mid()]++ == 0, "ID %u again after %u", last_mid(), sent);
        sent++;
        assert_true(sent <= 65536);
    }
    EXPECT(strstr(b.te.text, "+CME ERROR: 300") != NULL, "%s", b.te.text);
    EXPECT(sent > 65536 * 3 / 4, "only %u", sent);
    assert_true(is_traced(ATC_COUNT_MID_EXHAUSTED));
    bench_run(&b, 248000);
    (void)bench_type(&b, "AT+QCOAPSEND=1,1,192.0.2.1,5683\r\x1A");
    assert_int_equal(b.sent_count, sent + 1);
}

/* 4,096 modules: the first IDs fall evenly into 16 parts of the space, no part off by more than five
 * standard deviations. */
static void rule_042_first_id_is_random(void **state)
{
    enum { RUNS = 4096, PARTS = 16 };
    unsigned hits[PARTS] = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        start(&atc_dialect_bg96, seed);
        (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0,0\r");
        hits[last_mid() / (65536 / PARTS)]++;
    }
    for (unsigned i = 0; i < PARTS; i++)
        EXPECT(hits[i] >= 256 - 78 && hits[i] <= 256 + 78, "part %u: %u", i, hits[i]);
}

/* --- limits on what the module sends by itself -------------------------------------------------- */

/* A datagram so many times at one moment, each with the next ID. Returns how many datagrams came of
 * it. */
static unsigned flood(uint8_t *data, size_t len, unsigned count)
{
    const unsigned before = b.sent_count;

    for (unsigned i = 0; i < count; i++) {
        if (++data[3] == 0)
            data[2]++;
        receive(data, len);
    }
    return b.sent_count - before;
}

/* D-180: of every kind of answer no more than ATC_ANSWER_RATE go out in a second, and each datagram
 * left without one is counted. A second later all is well. */
static void rule_052_answers_have_a_limit(void **state)
{
    static const struct {
        uint8_t data[24];
        size_t len;
    } kinds[] = {
        {{0x40, 0x00}, 4},                                        /* ping */
        {{0x40, 0x01, 0, 0, 0xB1, 'b'}, 6},                       /* 4.04 */
        {{0x50, 0x01, 0, 0, 0xB1, 'b'}, 6},                       /* 4.04 as NON */
        {{0x40, 0x1F, 0, 0, 0xB1, 'b'}, 6},                       /* 4.05 */
        {{0x40, 0x01, 0, 0, 0x90}, 5},                            /* 4.02 */
        {{0x40, 0x01, 0, 0, 0xFF}, 5},                            /* format error */
        {{0x40, 0x45, 0, 0}, 4},                                  /* a response to nothing */
        {{0x40, 0xE1, 0, 0}, 4},                                  /* class 7 */
        {{0x40, 0x01, 0, 0, 0xD4, 0x1A, 'c', 'o', 'a', 'p'}, 10}, /* 5.05 */
        {{0x40, 0x01, 0,   0,   0xBB, '.', 'w', 'e', 'l', 'l', '-',
          'k',  'n',  'o', 'w', 'n',  4,   'c', 'o', 'r', 'e'},
         21},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        uint8_t data[sizeof kinds[i].data];

        memcpy(data, kinds[i].data, sizeof data);
        start(&atc_dialect_bc95, i);
        bench_run(&b, 5000);
        EXPECT(flood(data, kinds[i].len, ATC_ANSWER_RATE) == ATC_ANSWER_RATE, "kind %zu", i);
        assert_int_equal(atc_counter(&b.m, ATC_COUNT_DROP_RATE), 0);
        EXPECT(flood(data, kinds[i].len, 300) == 0, "kind %zu", i);
        EXPECT(atc_counter(&b.m, ATC_COUNT_DROP_RATE) == 300, "kind %zu: not counted", i);
        bench_run(&b, 999);
        EXPECT(flood(data, kinds[i].len, 1) == 0, "kind %zu: too early", i);
        bench_run(&b, 1);
        EXPECT(flood(data, kinds[i].len, 1) == 1, "kind %zu: a second later", i);
    }
}

/* Repetitions count like answers. What the host asked for does not: responses to its requests are
 * taken and acknowledged, its own messages sent, requests reported, in whatever flood. */
static void rule_052_the_host_is_not_limited(void **state)
{
    static uint8_t unknown[] = {0x40, 0x01, 0, 0, 0xB1, 'b'};
    static uint8_t request[] = {0x50, 0x01, 0, 0, 0xB1, 'a'};

    (void)state;
    start(&atc_dialect_bc95, 1);
    bench_run(&b, 5000);
    unknown[3] = 200;
    for (unsigned i = 0; i < ATC_ANSWER_RATE; i++)
        receive(unknown, sizeof unknown);
    assert_int_equal(b.sent_count, ATC_ANSWER_RATE);
    receive(unknown, sizeof unknown);
    assert_int_equal(b.sent_count, ATC_ANSWER_RATE);
    assert_int_equal(atc_counter(&b.m, ATC_COUNT_DROP_RATE), 1);
    for (unsigned i = 0; i < 3; i++) {
        (void)bench_type(&b, "AT+QCOAPHEAD=2,1,AA\r");
        (void)bench_type(&b, "AT+QCOAPSEND=1,1,192.0.2.1,5683\r\x1A");
        (void)bench_said(&b);
        receive((const uint8_t[]){0x41, 0x45, 0x10, (uint8_t)i, 0xAA}, 5);
        EXPECT(strstr(b.te.text, "\"rsp\",0,2.05") != NULL, "%s", b.te.text);
        assert_int_equal(bench_sent(&b, 0)->data[0], 0x60);
    }
    (void)bench_said(&b);
    assert_int_equal(flood(request, sizeof request, 10), 0);
    EXPECT(strstr(b.te.text, "\"req\",1,1,10,") != NULL, "%s", b.te.text);
    assert_int_equal(atc_counter(&b.m, ATC_COUNT_DROP_RATE), 1);
}

/* An answer of the module's own is not longer than what it answers: every type and code, with tokens
 * of 0 and 8 bytes, no options, an unknown critical one, a path, Proxy-Uri, a broken end. The one
 * exception, the list of resources, stays within message-max (D-42). */
static void rule_111_no_amplification(void **state)
{
    static const struct {
        uint8_t bytes[8];
        size_t len;
    } tails[] = {
        {{0}, 0},    {{0x90}, 1}, {{0xB1, 'b'}, 2}, {{0xD1, 0x16, 'u'}, 3},
        {{0xFF}, 1}, {{0xF0}, 1}, {{0xFF, 'x'}, 2},
    };

    (void)state;
    for (unsigned type = 0; type < 4; type++) {
        for (unsigned code = 0; code < 256; code++) {
            for (unsigned shape = 0; shape < 2 * COUNT_OF(tails); shape++) {
                const size_t tkl = shape % 2 * 8, tail = shape / 2;
                uint8_t data[24] = {(uint8_t)(0x40 | type << 4 | tkl), (uint8_t)code, 1, 2};
                const size_t len = 4 + tkl + tails[tail].len;

                memcpy(data + 4 + tkl, tails[tail].bytes, tails[tail].len);
                start(&atc_dialect_bc95, 1);
                receive(data, len);
                assert_true(b.sent_count <= 1);
                if (b.sent_count == 1)
                    EXPECT(bench_sent(&b, 0)->len <= len, "%02x%02x, tail %zu: %zu for %zu",
                           data[0], data[1], tail, bench_sent(&b, 0)->len, len);
                receive(data, len);
                assert_true(b.sent_count <= 2);
            }
        }
    }
}

/* --- tokens ----------------------------------------------------------------------------------- */

/* Tokens of one byte would soon repeat by chance: none does while it is in use. */
static void rule_065_D_183_own_tokens_are_unique(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        bool used[256] = {false};

        bench_config(&b, &atc_dialect_bg96, seed);
        b.cfg.settings.token_len = 1;
        bench_start(&b);
        (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
        for (unsigned i = 0; i < ATC_EXCHANGE_MAX; i++) {
            uint8_t token;

            (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0,0\r");
            assert_int_equal(bench_sent(&b, 0)->data[0], 0x51);
            token = bench_sent(&b, 0)->data[4];
            EXPECT(!used[token], "seed %u: %02x again", (unsigned)seed, token);
            used[token] = true;
        }
    }
}

/* Each byte of a token of the module's own takes on all values. */
static void rule_066_own_tokens_are_random(void **state)
{
    static bool seen[6][256];
    unsigned values = 0;

    (void)state;
    start(&atc_dialect_bg96, 3);
    for (unsigned i = 0; i < 4000; i++) {
        const struct bench_datagram *d;

        (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0,0\r");
        d = bench_sent(&b, 0);
        assert_int_equal(d->len, 4 + 6);
        for (unsigned at = 0; at < 6; at++)
            seen[at][d->data[4 + at]] = true;
        (void)bench_said(&b);
        b.orders.len = 0;
    }
    for (unsigned at = 0; at < 6; at++) {
        for (unsigned value = 0; value < 256; value++)
            values += seen[at][value];
    }
    assert_int_equal(values, 6 * 256);
}

/* A guess at a token is not answered in silence: it is counted, and traced with its ID. */
static void rule_114_wrong_tokens_are_traced(void **state)
{
    static const char *const guesses[] = {"61450007AB", "60450007", "6245000700AA", "51450009AB",
                                          "4145000AAB"};

    (void)state;
    start(&atc_dialect_bg96, 1);
    (void)bench_type(&b, "AT+QCOAPHEADER=0,7,0,1,AA\r");
    (void)bench_type(&b, "AT+QCOAPSEND=0,0,1,0,0\r");
    for (unsigned i = 0; i < COUNT_OF(guesses); i++) {
        traced = 0;
        bench_receive(&b, guesses[i]);
        bench_pump(&b);
        EXPECT(is_traced(ATC_COUNT_DROP_TOKEN), "%s", guesses[i]);
        assert_int_equal(atc_counter(&b.m, ATC_COUNT_DROP_TOKEN), i + 1);
    }
    assert_int_equal(strstr(b.te.text, "QCOAPRECV") == NULL, true);
    traced = 0;
    bench_receive(&b, "61450007AA");
    bench_pump(&b);
    assert_false(is_traced(ATC_COUNT_DROP_TOKEN));
    assert_non_null(strstr(b.te.text, "+QCOAPRECV: 0,7,2.05,1,AA,0,0"));
}

/* --- options and codes ------------------------------------------------------------------------ */

/* Every number of an option that the table does not have: odd is critical (4.02), even is elective
 * (4.04, as without it), whatever its bits for proxies and caches say, for the module is neither. */
static void rule_079_odd_is_critical(void **state)
{
    (void)state;
    start(&atc_dialect_bc95, 1);
    for (unsigned number = 256; number < 65536; number++) {
        /* Two bytes of delta, an empty value. */
        const unsigned delta = number - (number < 269 ? 13 : 269);
        uint8_t data[8] = {0x40, 0x01, (uint8_t)(number >> 8), (uint8_t)number};
        size_t len = 4;

        data[len++] = number < 269 ? 0xD0 : 0xE0;
        if (number >= 269)
            data[len++] = (uint8_t)(delta >> 8);
        data[len++] = (uint8_t)delta;
        b.orders.len = 0;
        receive(data, len);
        EXPECT(bench_sent(&b, 0)->data[1] == (number % 2 == 1 ? 0x82 : 0x84), "option %u: %02x",
               number, bench_sent(&b, 0)->data[1]);
        assert_int_equal(last_mid(), number);
        if (number % 32 == 0)
            bench_run(&b, 1000);
    }
}

/* Every code in an ACK: class and detail as c.dd for responses; the rest is no response. */
static void rule_099_codes_as_text(void **state)
{
    (void)state;
    for (unsigned code = 1; code < 256; code++) {
        const uint8_t ack[] = {0x61, (uint8_t)code, 0, 7, 0xAA};
        char expected[64];

        start(&atc_dialect_bg96, code);
        (void)bench_type(&b, "AT+QCOAPHEADER=0,7,0,1,AA\r");
        (void)bench_type(&b, "AT+QCOAPSEND=0,0,1,0,0\r");
        (void)bench_said(&b);
        receive(ack, sizeof ack);
        (void)snprintf(expected, sizeof expected,
                       "\r\n+QCOAPACK: 0,0,7,0\r\n\r\n+QCOAPRECV: 0,7,%u.%02u,1,AA,0,0\r\n",
                       code / 32, code % 32);
        assert_string_equal(bench_said(&b), code >= 64 && code < 192 ? expected : "");
    }
    /* Requests, in a NON. */
    start(&atc_dialect_bg96, 1);
    for (unsigned code = 1; code < 32; code++) {
        const uint8_t non[] = {0x50, (uint8_t)code, 0, (uint8_t)code};
        char expected[64];

        receive(non, sizeof non);
        (void)snprintf(expected, sizeof expected, "\r\n+QCOAPRECV: 0,%u,0.%02u,0,,0,0\r\n", code,
                       code);
        assert_string_equal(bench_said(&b), expected);
    }
}

/* The other way: every number as <code_value>; the listed ones leave as that byte, others are
 * refused, the code of the BC95 being c * 100 + dd. */
static void rule_099_codes_from_text(void **state)
{
    (void)state;
    for (unsigned code = 1; code < 256; code++) {
        char line[64];
        unsigned sent;

        start(&atc_dialect_bg96, code);
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,1,%u,0,0\r", code);
        (void)bench_type(&b, line);
        sent = b.sent_count;
        assert_int_equal(strstr(b.te.text, "OK") != NULL, sent == 1);
        if (sent == 1)
            assert_int_equal(bench_sent(&b, 0)->data[1], code);
        start(&atc_dialect_bc95, code);
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=1,%u,192.0.2.1,5683\r\x1A",
                       code / 32 * 100 + code % 32);
        (void)bench_type(&b, line);
        EXPECT(b.sent_count == sent, "code %u: %u here, %u there", code, b.sent_count, sent);
        if (sent == 1)
            assert_int_equal(bench_sent(&b, 0)->data[1], code);
        /* All of classes 1, 3, 6, 7 are refused, all methods of the RFC taken. */
        EXPECT(code / 32 != 1 && code / 32 != 3 && code / 32 < 6 ? true : sent == 0, "code %u",
               code);
        EXPECT(code > 4 || sent == 1, "method %u", code);
    }
}

/* A response of a code nobody knows settles its request like any of its class: no code from 2.00 to
 * 5.31 leaves the CON in flight. */
static void rule_100_every_response_settles(void **state)
{
    (void)state;
    for (unsigned code = 64; code < 192; code++) {
        const uint8_t ack[] = {0x61, (uint8_t)code, 0, 7, 0xAA};

        start(&atc_dialect_bc95, code);
        (void)bench_type(&b, "AT+QCOAPHEAD=5,7,1,AA\r");
        (void)bench_type(&b, "AT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1A");
        receive(ack, sizeof ack);
        (void)bench_said(&b);
        (void)bench_type(&b, "AT+QCOAPDATASTATUS?\r");
        assert_string_equal(bench_said(&b), "\r\n+QCOAPDATASTATUS: 4\r\n\r\nOK\r\n");
        bench_run(&b, 1000000);
        assert_int_equal(b.sent_count, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_039_con_and_non_share_their_ids),
        cmocka_unit_test(rule_041_no_id_twice_in_a_lifetime),
        cmocka_unit_test(rule_042_first_id_is_random),
        cmocka_unit_test(rule_052_answers_have_a_limit),
        cmocka_unit_test(rule_052_the_host_is_not_limited),
        cmocka_unit_test(rule_065_D_183_own_tokens_are_unique),
        cmocka_unit_test(rule_066_own_tokens_are_random),
        cmocka_unit_test(rule_079_odd_is_critical),
        cmocka_unit_test(rule_099_codes_as_text),
        cmocka_unit_test(rule_099_codes_from_text),
        cmocka_unit_test(rule_100_every_response_settles),
        cmocka_unit_test(rule_111_no_amplification),
        cmocka_unit_test(rule_114_wrong_tokens_are_traced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
