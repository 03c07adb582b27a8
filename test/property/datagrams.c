/* SPDX-License-Identifier: MIT
 *
 * Every datagram is accounted for: whatever comes, in whatever state, exactly one counter says what
 * became of it, and what the counters say went to the TE is what the TE reads.
 */
#include "bench.h"
#include "check.h"
#include "host.h"
#include "peer.h"
#include "seeds.h"

enum { ROUNDS = 150 };

/* The ends a datagram can come to. */
static const enum atc_count ends[] = {
    ATC_COUNT_DELIVERED,      ATC_COUNT_ANSWERED,         ATC_COUNT_DUPLICATE,
    ATC_COUNT_DROP_CLOSED,    ATC_COUNT_DROP_VERSION,     ATC_COUNT_DROP_FORMAT,
    ATC_COUNT_DROP_STRANGER,  ATC_COUNT_DROP_CODE,        ATC_COUNT_DROP_EMPTY,
    ATC_COUNT_DROP_MID,       ATC_COUNT_DROP_TOKEN,       ATC_COUNT_DROP_OPTION,
    ATC_COUNT_DROP_MULTICAST, ATC_COUNT_DROP_UNREACHABLE, ATC_COUNT_DROP_BUSY,
    ATC_COUNT_PING,           ATC_COUNT_NON_RESET,        ATC_COUNT_POOL_FULL,
    ATC_COUNT_MID_EXHAUSTED,  ATC_COUNT_DROP_RATE,
};

static struct bench b;
static struct host_turn turn;
static uint8_t data[PEER_DATAGRAM_MAX];

static unsigned count_of(const char *text, const char *what)
{
    unsigned count = 0;

    for (; (text = strstr(text, what)) != NULL; text++)
        count++;
    return count;
}

static unsigned ended(void)
{
    unsigned sum = 0;

    for (size_t i = 0; i < COUNT_OF(ends); i++)
        sum += atc_counter(&b.m, ends[i]);
    return sum;
}

/* Reports of messages of a peer in what the TE read: none stands in another's payload, for payloads
 * hold no text of ours. */
static unsigned reports_in(const char *said)
{
    return count_of(said, "\r\n+QCOAPURC: \"rsp\",") + count_of(said, "\r\n+QCOAPURC: \"req\",") +
           count_of(said, "\r\n+QCOAPRECV: ");
}

/* A datagram that is too long is counted as that and, if it was a request, answered. An empty ACK or
 * RST that settles a CON shows on the BG96 as the CON's report and counts as nothing else. */
static void check_ends(unsigned before, unsigned long_before, size_t len)
{
    const unsigned settled = count_of(b.te.text, "\r\n+QCOAPACK: ");
    const unsigned is_long = atc_counter(&b.m, ATC_COUNT_DROP_LONG) - long_before;
    const unsigned ends_now = ended() - before;

    if (is_long > 0)
        EXPECT(is_long == 1 && ends_now <= 1, "%zu bytes, %u ends and too long", len, ends_now);
    else
        EXPECT(ends_now == 1 || (ends_now == 0 && settled == 1),
               "%zu bytes, %u ends: %02x%02x%02x%02x", len, ends_now, data[0], data[1], data[2],
               data[3]);
}

static void receive_one(struct rng *rng)
{
    static const struct atc_addr stranger = {
        .ip = {198, 51, 100, 9}, .port = 5683, .family = ATC_FAMILY_IPV4};
    const size_t len = peer_datagram(data, rng, &b);
    const bool strange = rng_once_in(rng, 12);
    const unsigned strangers = atc_counter(&b.m, ATC_COUNT_DROP_STRANGER);
    const unsigned closed = atc_counter(&b.m, ATC_COUNT_DROP_CLOSED);
    const unsigned received = atc_counter(&b.m, ATC_COUNT_RECEIVED);
    const unsigned busy = atc_counter(&b.m, ATC_COUNT_DROP_BUSY);
    const unsigned delivered = atc_counter(&b.m, ATC_COUNT_DELIVERED);
    const unsigned lost = atc_counter(&b.m, ATC_COUNT_URC_OVERFLOW);
    const unsigned before = ended();
    const unsigned is_long = atc_counter(&b.m, ATC_COUNT_DROP_LONG);

    (void)bench_said(&b);
    bench_datagram(&b, 0, strange ? &stranger : &bench_server, data, len);
    bench_pump(&b);
    EXPECT(atc_counter(&b.m, ATC_COUNT_RECEIVED) + atc_counter(&b.m, ATC_COUNT_DROP_BUSY) ==
               received + busy + 1,
           "%zu bytes", len);
    check_ends(before, is_long, len);
    if (strange && b.cfg.dialect == &atc_dialect_bg96)
        EXPECT(atc_counter(&b.m, ATC_COUNT_DROP_STRANGER) - strangers +
                       atc_counter(&b.m, ATC_COUNT_DROP_CLOSED) - closed ==
                   1,
               "a stranger");
    EXPECT(reports_in(b.te.text) + atc_counter(&b.m, ATC_COUNT_URC_OVERFLOW) - lost ==
               atc_counter(&b.m, ATC_COUNT_DELIVERED) - delivered,
           "%s", b.te.text);
}

/* End whatever asks for data, for reports wait during data entry. */
static void leave_data_entry(const struct atc_dialect *dialect)
{
    char filler[1000];

    memset(filler, 'x', sizeof filler);
    for (unsigned i = 0; i < 70 && !atc_is_off(&b.m); i++) {
        (void)bench_said(&b);
        /* what was typed before may have held ATV or ATQ */
        (void)bench_type(&b, dialect == &atc_dialect_bg96 ? "\r\nATQ0V1\r" : "\r\nAT\r");
        if (strstr(b.te.text, "\r\nOK\r\n") != NULL)
            return;
        (void)bench_write(&b, filler, sizeof filler);
        bench_run(&b, 2000);
    }
}

static void type_turn(struct rng *rng, const struct atc_dialect *dialect)
{
    host_turn(&turn, rng, dialect, HOST_SANE);
    (void)bench_write(&b, turn.line, turn.line_len);
    (void)bench_type(&b, "\r\n");
    (void)bench_write(&b, turn.payload, turn.payload_len);
    (void)bench_type(&b, "\r\n\x1A");
    leave_data_entry(dialect);
}

static void play(uint64_t seed, const struct atc_dialect *dialect)
{
    struct rng rng = {seed};

    bench_config(&b, dialect, seed);
    b.cfg.settings.unmatched = seed % 3 == 0;
    bench_start(&b);
    (void)bench_type(&b, "AT+QCOAPCREATE=56830\rAT+QCOAPADDRES=4,\"/t/d\"\r"
                         "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    for (unsigned i = 0; i < ROUNDS && !atc_is_off(&b.m); i++) {
        if (rng_once_in(&rng, 4))
            type_turn(&rng, dialect);
        (void)bench_type(&b, rng_once_in(&rng, 8) ? "AT+QCOAPCREATE=56830\r" : "");
        (void)bench_type(&b, rng_once_in(&rng, 8) ? "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r" : "");
        if (rng_once_in(&rng, 10))
            bench_run(&b, rng_below(&rng, 100000));
        receive_one(&rng);
    }
    EXPECT(b.orders.len > 0 && !b.te.full, "logs");
}

static void check_bc95(uint64_t seed)
{
    play(seed, &atc_dialect_bc95);
}

static void check_bg96(uint64_t seed)
{
    play(seed, &atc_dialect_bg96);
}

/* --- a flood that nobody reads ---------------------------------------------------------------- */

/* What the queue of reports does not hold is counted; what it holds comes whole and in order. */
static void check_flood(uint64_t seed)
{
    const bool bc95 = seed % 2 == 0;
    struct rng rng = {seed};
    unsigned shown = 0;

    bench_new(&b, bc95 ? &atc_dialect_bc95 : &atc_dialect_bg96, seed);
    (void)bench_type(&b, bc95 ? "AT+QCOAPCREATE=56830\rAT+QCOAPADDRES=4,\"/t/d\"\r"
                              : "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&b);
    b.te_closed = true;
    for (unsigned i = 0; i < 2000; i++) {
        static uint8_t request[4 + 4 + 1 + 600] = {0x50, 0x02, 0, 0, 0xB1, 't', 0x01, 'd', 0xFF};
        const size_t len = rng_once_in(&rng, 2) ? 8 : 10 + rng_below(&rng, 600);

        request[2] = (uint8_t)(i >> 8);
        request[3] = (uint8_t)i;
        bench_datagram(&b, 0, &bench_server, request, len);
    }
    b.te_closed = false;
    bench_pump(&b);
    shown = reports_in(bench_said(&b));
    EXPECT(atc_counter(&b.m, ATC_COUNT_DELIVERED) == 2000, "delivered");
    EXPECT(shown > 1 && shown + atc_counter(&b.m, ATC_COUNT_URC_OVERFLOW) == 2000, "%u shown",
           shown);
    (void)bench_type(&b, "AT\r");
    EXPECT(strcmp(bench_said(&b), "\r\nOK\r\n") == 0, "the next command");
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"every datagram is accounted for, BC95", check_bc95, 120},
        {"every datagram is accounted for, BG96", check_bg96, 120},
        {"a flood that nobody reads", check_flood, 10},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
