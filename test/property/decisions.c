/* SPDX-License-Identifier: MIT
 *
 * What docs/deviations.md says of counters, traces and keys, which no transcript can show: what is
 * dropped or cut is counted once, and each count is traced. D_NN in a name is the number of the entry.
 */
#include "bench.h"
#include "check.h"
#include "seeds.h"

static struct bench b;
static unsigned traced[ATC_COUNT_COUNT];
static struct atc_trace last_result;

static void watch(void *ctx, const struct atc_trace *record)
{
    (void)ctx;
    if (record->kind == ATC_TRACE_COUNT)
        traced[record->to]++;
    if (record->kind == ATC_TRACE_RESULT)
        last_result = *record;
}

static void prepare(const struct atc_dialect *dialect)
{
    memset(traced, 0, sizeof traced);
    memset(&last_result, 0, sizeof last_result);
    bench_config(&b, dialect, 1);
    b.cfg.trace = watch;
}

/* A module that listens: a context, or client 0 connected. */
static void start(const struct atc_dialect *dialect)
{
    prepare(dialect);
    bench_start(&b);
    (void)bench_type(&b, "AT+QCOAPCREATE=56830;+QCOAPADDRES=2,\"/a\"\r");
    (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&b);
}

static void expect_count(enum atc_count count, unsigned expected)
{
    EXPECT(atc_counter(&b.m, count) == expected, "%s is %u", atc_count_name(count),
           (unsigned)atc_counter(&b.m, count));
    EXPECT(traced[count] == expected, "%s was traced %u times", atc_count_name(count),
           traced[count]);
}

/* A NON request with a payload of len bytes for /a, each with an ID of its own. */
static void receive_long(uint8_t id, size_t len)
{
    uint8_t data[BENCH_DATAGRAM_MAX] = {0x50, 2, 0x10, 0, 0xB1, 'a', 0xFF};

    data[3] = id;
    memset(data + 7, 'x', len);
    bench_datagram(&b, 0, &bench_server, data, 7 + len);
    bench_pump(&b);
}

static void check_D_02_noise_is_counted(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bc95);
    (void)bench_type(&b, "hello\rAT\r\r");
    expect_count(ATC_COUNT_LINE_NOISE, 1);
}

static void check_D_13_long_line_is_counted(uint64_t seed)
{
    char line[3000];

    (void)seed;
    start(&atc_dialect_bc95);
    memset(line, ';', sizeof line);
    memcpy(line, "AT", 2);
    line[sizeof line - 1] = '\r';
    (void)bench_write(&b, line, sizeof line);
    expect_count(ATC_COUNT_LINE_LONG, 1);
}

static void check_D_14_overflow_is_counted(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bg96);
    (void)bench_type(&b, "AT+QCOAPSEND=0,1,2,0\r");
    for (unsigned i = 0; i < ATC_URC_SIZE / 1000 + 1; i++) {
        uint8_t data[1000] = {0x50, 2, 0x20, (uint8_t)i, 0xFF};

        bench_datagram(&b, 0, &bench_server, data, sizeof data);
    }
    expect_count(ATC_COUNT_URC_OVERFLOW, 2);
}

static void check_D_17_too_long_is_counted(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bg96);
    receive_long(1, 1280 - 7);
    expect_count(ATC_COUNT_DROP_LONG, 0);
    receive_long(2, 1280 - 6);
    expect_count(ATC_COUNT_DROP_LONG, 1);
}

static void check_D_32_what_is_typed_beyond_is_counted(uint64_t seed)
{
    char payload[1026];

    (void)seed;
    start(&atc_dialect_bc95);
    memset(payload, 'x', sizeof payload);
    payload[1024] = '\x1A';
    (void)bench_type(&b, "AT+QCOAPSEND=1,2,192.0.2.1,5683\r");
    (void)bench_write(&b, payload, 1025);
    expect_count(ATC_COUNT_PAYLOAD_CUT, 0);
    payload[1024] = 'x';
    payload[1025] = '\x1A';
    (void)bench_type(&b, "AT+QCOAPSEND=1,2,192.0.2.1,5683\r");
    (void)bench_write(&b, payload, 1026);
    expect_count(ATC_COUNT_PAYLOAD_CUT, 1);
}

/* An ACK with another token, an RST for a NON. */
static void check_D_37_what_is_not_reported_is_counted(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bc95);
    (void)bench_type(&b, "AT+QCOAPHEAD=5,1,1,AA\rAT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1A");
    bench_receive(&b, "61450001BB");
    expect_count(ATC_COUNT_DROP_TOKEN, 1);
    bench_receive(&b, "61450001AA");
    (void)bench_type(&b, "AT+QCOAPHEAD=5,2,1,CC\rAT+QCOAPSEND=1,1,192.0.2.1,5683\r\x1A");
    bench_receive(&b, "70000002");
    expect_count(ATC_COUNT_NON_RESET, 1);
}

static void check_D_38_cut_is_counted(uint64_t seed)
{
    uint8_t data[6 + 513] = {0x61, 0x45, 0, 1, 0xAA, 0xFF};

    (void)seed;
    start(&atc_dialect_bc95);
    for (size_t len = 512; len <= 513; len++) {
        (void)bench_type(&b, "AT+QCOAPHEAD=5,1,1,AA\rAT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1A");
        bench_datagram(&b, 0, &bench_server, data, 6 + len);
        bench_pump(&b);
        expect_count(ATC_COUNT_URC_CUT, len > 512);
    }
}

static void check_D_41_cut_is_counted(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bc95);
    receive_long(1, 1024);
    expect_count(ATC_COUNT_URC_CUT, 0);
    receive_long(2, 1025);
    expect_count(ATC_COUNT_URC_CUT, 1);
}

/* A CON is rejected, a NON and an ACK are dropped. */
static void check_D_45_unasked_is_counted(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bc95);
    bench_receive(&b, "41450007AA");
    bench_receive(&b, "51450008AA");
    expect_count(ATC_COUNT_DROP_TOKEN, 2);
    bench_receive(&b, "61450009AA");
    expect_count(ATC_COUNT_DROP_MID, 1);
}

static void check_D_95_strangers_are_counted(uint64_t seed)
{
    static const uint8_t request[] = {0x40, 1, 0, 1};
    struct atc_addr other = bench_server;

    (void)seed;
    start(&atc_dialect_bg96);
    other.port++;
    bench_datagram(&b, 0, &other, request, sizeof request);
    bench_pump(&b);
    expect_count(ATC_COUNT_DROP_STRANGER, 1);
    EXPECT(b.sent_count == 0, "answered");
}

/* --- keys -------------------------------------------------------------------------------------- */

/* OPEN with that file; returns what was given out as key, in hex, "" if there was no OPEN. */
static const char *open_with(const char *content, uint8_t psk)
{
    const char *found;

    prepare(&atc_dialect_bg96);
    b.cfg.settings.psk = psk;
    bench_start(&b);
    if (content != NULL)
        store_put(&b.store, "UFS:0_server.psk", content);
    b.orders.len = 0;
    (void)bench_type(&b, "AT+QCOAPCFG=\"dtls\",0,1,0;+QCOAPOPEN=0,\"192.0.2.1\",5684\r");
    found = strstr(b.orders.text, " psk ");
    return found == NULL ? "" : found + strlen(" psk ");
}

static void check_D_74_what_the_key_is(uint64_t seed)
{
    static const struct {
        const char *content;
        uint8_t psk;
        const char *expected;
    } cases[] = {
        {"me&3132aF", ATC_PSK_AUTO, "6d65 3132af\n"},
        {"me&3132aF", ATC_PSK_HEX, "6d65 3132af\n"},
        {"me&3132aF", ATC_PSK_TEXT, "6d65 333133326146\n"},
        {"me&3132a", ATC_PSK_AUTO, "6d65 3331333261\n"}, /* an odd digit */
        {"me&3132a", ATC_PSK_HEX, ""},
        {"me&key", ATC_PSK_AUTO, "6d65 6b6579\n"},
        {"me&key", ATC_PSK_HEX, ""},
        {"me&key\r\n", ATC_PSK_AUTO, "6d65 6b6579\n"},
        {"me&key\r\n\r\n", ATC_PSK_AUTO, "6d65 6b65790d0a\n"}, /* one line end is dropped */
        {"me&a&b", ATC_PSK_AUTO, "6d65 612662\n"},             /* the first one splits */
        {"me&", ATC_PSK_AUTO, ""},
        {"&key", ATC_PSK_AUTO, ""},
        {"me", ATC_PSK_AUTO, ""},
    };

    (void)seed;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *came = open_with(cases[i].content, cases[i].psk);

        EXPECT(strncmp(came, cases[i].expected, strlen(cases[i].expected)) == 0 &&
                   (came[0] == '\0') == (cases[i].expected[0] == '\0'),
               "case %zu gives %.40s", i, came);
    }
}

static void check_D_74_why_is_traced(uint64_t seed)
{
    (void)seed;
    (void)open_with(NULL, ATC_PSK_AUTO);
    EXPECT(strstr(b.te.text, "+QCOAPOPEN: 0,-9") != NULL, "-9");
    EXPECT(last_result.from == ATC_ORDER_FILE && last_result.to == ATC_CAUSE_FILE_MISSING,
           "missing");
    (void)open_with("malformed", ATC_PSK_AUTO);
    EXPECT(strstr(b.te.text, "+QCOAPOPEN: 0,-9") != NULL, "-9");
    EXPECT(last_result.from == ATC_ORDER_FILE && last_result.to == ATC_CAUSE_PARAMETER,
           "malformed");
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"D-02: noise", check_D_02_noise_is_counted, 1},
        {"D-13: a long line", check_D_13_long_line_is_counted, 1},
        {"D-14: URCs that find no room", check_D_14_overflow_is_counted, 1},
        {"D-17: datagrams too long", check_D_17_too_long_is_counted, 1},
        {"D-32: bytes typed beyond", check_D_32_what_is_typed_beyond_is_counted, 1},
        {"D-37: not reported", check_D_37_what_is_not_reported_is_counted, 1},
        {"D-38: a response cut", check_D_38_cut_is_counted, 1},
        {"D-41: a request cut", check_D_41_cut_is_counted, 1},
        {"D-45: not asked for", check_D_45_unasked_is_counted, 1},
        {"D-74: keys", check_D_74_what_the_key_is, 1},
        {"D-74: why not", check_D_74_why_is_traced, 1},
        {"D-95: strangers", check_D_95_strangers_are_counted, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
