/* SPDX-License-Identifier: MIT
 *
 * The message layer: the derived times of RFC 7252 4.8.2, the jitter of time-outs, what each message
 * of a peer is judged to be (the cases M01 to M40 that this layer decides), our message IDs (M41),
 * lifetimes of what is remembered, and who gives way when a table is full.
 */
#include "check.h"
#include "exchange.h"
#include "rng.h"

/* --- times ------------------------------------------------------------------------------------ */

static void test_params(void **state)
{
    static const struct {
        uint32_t ack_timeout_ms;
        uint8_t max_retransmit;
        uint32_t span_s, lifetime_s, non_lifetime_s;
    } cases[] = {
        {2000, 4, 45, 247, 145},         /* RFC 7252 4.8 */
        {2000, 5, 93, 295, 193},         /* default of the BG96 */
        {4000, 5, 186, 390, 286},        /* example of its note */
        {2000, 7, 381, 765, 481},        /* the last wait outlasts the network */
        {60000, 8, 22950, 45990, 23050}, /* the most it takes */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct atc_params p = atc_params(cases[i].ack_timeout_ms, cases[i].max_retransmit);

        assert_int_equal(p.ack_timeout_ms, cases[i].ack_timeout_ms);
        assert_int_equal(p.max_retransmit, cases[i].max_retransmit);
        EXPECT(p.max_transmit_span_ms == 1000 * cases[i].span_s, "row %zu", i);
        EXPECT(p.exchange_lifetime_ms == 1000 * cases[i].lifetime_s, "row %zu", i);
        EXPECT(p.non_lifetime_ms == 1000 * cases[i].non_lifetime_s, "row %zu", i);
    }
}

/* Every setting that the settings allow, against the formulas in wide numbers. */
static void test_params_everywhere(void **state)
{
    (void)state;
    for (uint64_t t = 1000; t <= 60000; t += 500) {
        for (unsigned r = 0; r <= ATC_RETRANSMIT_MAX; r++) {
            const struct atc_params p = atc_params((uint32_t)t, (uint8_t)r);
            const uint64_t span_ms = t * 3 / 2 * (((uint64_t)1 << r) - 1);
            const uint64_t wait_ms = t * 3 / 2 * (((uint64_t)2 << r) - 1);
            const uint64_t sum_ms = span_ms + 200000 + t;

            EXPECT(p.max_transmit_span_ms == span_ms, "%u ms, %u", (unsigned)t, r);
            EXPECT(p.exchange_lifetime_ms == (sum_ms > wait_ms ? sum_ms : wait_ms), "%u ms, %u",
                   (unsigned)t, r);
            EXPECT(p.non_lifetime_ms == span_ms + 100000, "%u ms, %u", (unsigned)t, r);
        }
    }
}

static void test_jitter_range(void **state)
{
    static const uint32_t timeouts[] = {1000, 2000, 4000, 60000};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(timeouts); i++) {
        const struct atc_params p = atc_params(timeouts[i], 4);

        assert_int_equal(atc_timeout_ms(&p, 0), timeouts[i]);
        assert_int_equal(atc_timeout_ms(&p, UINT32_MAX), timeouts[i] + timeouts[i] / 2);
    }
}

/* Even over the range: ten parts of it are hit about equally often. */
static void test_jitter_is_even(void **state)
{
    const struct atc_params p = atc_params(2000, 4);
    struct rng rng = {8};
    unsigned hits[10] = {0};
    enum { RUNS = 100000 };

    (void)state;
    for (unsigned run = 0; run < RUNS; run++) {
        const uint32_t ms = atc_timeout_ms(&p, (uint32_t)rng_next(&rng));

        assert_in_range(ms, 2000, 3000);
        hits[ms == 3000 ? 9 : (ms - 2000) / 100]++;
    }
    for (unsigned i = 0; i < 10; i++)
        assert_in_range(hits[i], RUNS / 10 * 95 / 100, RUNS / 10 * 105 / 100);
}

/* --- judging ---------------------------------------------------------------------------------- */

static const struct atc_addr server = {.ip = {192, 0, 2, 1}, .port = 5683, .family = 4};
static const struct atc_addr other_port = {.ip = {192, 0, 2, 1}, .port = 5684, .family = 4};
static const struct atc_addr other_host = {.ip = {192, 0, 2, 2}, .port = 5683, .family = 4};
static const struct atc_addr group = {.ip = {224, 0, 1, 187}, .port = 5683, .family = 4};

enum { SESSION = 0, OTHER_SESSION = 1, NOW = 1000000 };

struct bed {
    struct atc_messages ms;
    struct atc_pool pool;
};

static void prepare(struct bed *bed)
{
    atc_messages_init(&bed->ms);
    atc_pool_init(&bed->pool);
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++)
        bed->ms.endpoint[i].params = atc_params(2000, 4);
}

/* A message of ours, to server, with a token of tkl bytes 01 02 03 ... */
struct ours {
    uint8_t type, code, tkl;
    uint16_t mid;
    enum atc_exchange_state state;
    bool observe;
};

static uint8_t send_ours(struct bed *bed, const struct ours *ours, uint64_t now_ms)
{
    bool evicted;
    const uint8_t index = atc_exchange_take(&bed->ms, &bed->pool, &evicted, SESSION, now_ms);
    struct atc_exchange *x = &bed->ms.exchange[index];

    assert_int_not_equal(index, ATC_NO_ENTRY);
    x->peer = server;
    x->started_ms = now_ms;
    memcpy(x->token, "\1\2\3\4\5\6\7\10", 8);
    x->tkl = ours->tkl;
    x->type = ours->type;
    x->code = ours->code;
    x->mid = ours->mid;
    x->observe = ours->observe;
    x->block = atc_pool_take(&bed->pool, 4);
    atc_exchange_move(&bed->ms, index,
                      ours->type == ATC_CON ? ATC_EXCHANGE_WAIT_ACK : ATC_EXCHANGE_SENDING);
    if (ours->state == ATC_EXCHANGE_FREE)
        atc_exchange_free(&bed->ms, &bed->pool, index);
    else if (ours->state == ATC_EXCHANGE_WAIT_RESPONSE)
        atc_exchange_move(&bed->ms, index, ATC_EXCHANGE_WAIT_RESPONSE);
    return index;
}

static struct atc_pdu read_pdu(const char *hex)
{
    static uint8_t data[64];
    struct atc_pdu pdu;
    size_t len = 0;

    for (; hex[0] != '\0'; hex += 2) {
        unsigned byte;

        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        data[len++] = (uint8_t)byte;
    }
    assert_int_equal(atc_pdu_parse(&pdu, data, len), 0);
    return pdu;
}

/* Our mid is 0x0064 throughout; our token, if we sent one, 01020304. */
static const struct ours none = {0, 0, 0, 1, ATC_EXCHANGE_FREE, false};
static const struct ours con = {ATC_CON, ATC_CODE_GET, 4, 100, ATC_EXCHANGE_WAIT_ACK, false};
static const struct ours con_no_token = {ATC_CON, ATC_CODE_GET,          0,
                                         100,     ATC_EXCHANGE_WAIT_ACK, false};
static const struct ours acked = {ATC_CON, ATC_CODE_GET, 4, 100, ATC_EXCHANGE_WAIT_RESPONSE, false};
static const struct ours over = {ATC_CON, ATC_CODE_GET, 4, 100, ATC_EXCHANGE_FREE, false};
static const struct ours non = {ATC_NON, ATC_CODE_GET, 4, 100, ATC_EXCHANGE_WAIT_RESPONSE, false};
static const struct ours non_leaving = {ATC_NON, ATC_CODE_GET, 4, 100, ATC_EXCHANGE_SENDING, false};
static const struct ours ping = {ATC_CON, 0, 0, 100, ATC_EXCHANGE_WAIT_ACK, false};
static const struct ours con_answer = {ATC_CON, ATC_CODE_CONTENT,      4,
                                       100,     ATC_EXCHANGE_WAIT_ACK, false};
static const struct ours our_ack = {ATC_ACK, ATC_CODE_CONTENT, 4, 100, ATC_EXCHANGE_SENDING, false};
static const struct ours our_rst = {ATC_RST, 0, 0, 100, ATC_EXCHANGE_SENDING, false};

/* clang-format off */
static const struct judgement {
    const char *name;
    const struct ours *ours;
    const struct atc_addr *from;
    const char *hex;
    enum atc_verdict_kind kind;
    unsigned count; /* 0: not looked at */
} judgements[] = {
    {"M01 ACK, unknown MID", &con, &server, "60000065", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M01 ACK 2.05, unknown MID", &con, &server, "6445006501020304", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M01 ACK, nothing sent", &none, &server, "60000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M02 ACK from another host", &con, &other_host, "60000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M03 ACK from another port", &con, &other_port, "60000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M03 ACK 2.05 from another port", &con, &other_port, "6445006401020304", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M04 RST, unknown MID", &con, &server, "70000065", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M05 RST from another port", &con, &other_port, "70000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M05 RST from another host", &con, &other_host, "70000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M06 RST that is not Empty", &con, &server, "70450064ff61", ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE},
    {"M07 ACK with a request", &con, &server, "64010064010203" "04", ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE},
    {"M08 ACK of class 1", &con, &server, "6420006401020304", ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE},
    {"M08 ACK of class 6", &con, &server, "64c0006401020304", ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE},
    {"M08 ACK of class 7", &con, &server, "64e0006401020304", ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE},
    {"M09 ACK for a NON", &non, &server, "60000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M09 ACK 2.05 for a NON", &non, &server, "6445006401020304", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M10 RST for a NON", &non, &server, "70000064", ATC_VERDICT_RESET, 0},
    {"M10 RST for a NON on its way", &non_leaving, &server, "70000064", ATC_VERDICT_RESET, 0},
    {"RST for an ACK of ours", &our_ack, &server, "70000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"RST for an RST of ours", &our_rst, &server, "70000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"ACK for an ACK of ours", &our_ack, &server, "60000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M11 piggybacked, wrong token", &con, &server, "6445006401020305", ATC_VERDICT_DROP, ATC_COUNT_DROP_TOKEN},
    {"M12 right token, wrong MID", &con, &server, "6445006301020304", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M13 token one shorter", &con, &server, "63450064010203", ATC_VERDICT_DROP, ATC_COUNT_DROP_TOKEN},
    {"M13 token one longer", &con, &server, "654500640102030405", ATC_VERDICT_DROP, ATC_COUNT_DROP_TOKEN},
    {"M13 separate, one shorter", &acked, &server, "43450900010203", ATC_VERDICT_REJECT, ATC_COUNT_DROP_TOKEN},
    {"M14 no token when we sent one", &con, &server, "60450064", ATC_VERDICT_DROP, ATC_COUNT_DROP_TOKEN},
    {"M15 token when we sent none", &con_no_token, &server, "6145006401", ATC_VERDICT_DROP, ATC_COUNT_DROP_TOKEN},
    {"no token on both sides", &con_no_token, &server, "60450064", ATC_VERDICT_RESPONSE, 0},
    {"M16 second ACK", &acked, &server, "60000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M16 second piggybacked response", &over, &server, "6445006401020304", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M17 ACK after RST", &over, &server, "60000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M18 RST after ACK", &acked, &server, "70000064", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"empty ACK", &con, &server, "60000064", ATC_VERDICT_ACK, 0},
    {"RST", &con, &server, "70000064", ATC_VERDICT_RESET, 0},
    {"piggybacked response", &con, &server, "6445006401020304", ATC_VERDICT_RESPONSE, 0},
    {"piggybacked 3.00", &con, &server, "6460006401020304", ATC_VERDICT_RESPONSE, 0},
    {"piggybacked 5.31", &con, &server, "64bf006401020304", ATC_VERDICT_RESPONSE, 0},
    {"M20 separate CON before the ACK", &con, &server, "4445090001020304", ATC_VERDICT_RESPONSE, 0},
    {"M20 separate CON behind the ACK", &acked, &server, "4445090001020304", ATC_VERDICT_RESPONSE, 0},
    {"M21 separate NON", &acked, &server, "5445090001020304", ATC_VERDICT_RESPONSE, 0},
    {"M23 separate CON after the end", &over, &server, "4445090001020304", ATC_VERDICT_REJECT, ATC_COUNT_DROP_TOKEN},
    {"M24 separate CON, unknown token", &acked, &server, "4445090001020305", ATC_VERDICT_REJECT, ATC_COUNT_DROP_TOKEN},
    {"M24 separate NON, unknown token", &acked, &server, "5445090001020305", ATC_VERDICT_DROP, ATC_COUNT_DROP_TOKEN},
    {"M24 from another host", &acked, &other_host, "4445090001020304", ATC_VERDICT_REJECT, ATC_COUNT_DROP_TOKEN},
    {"M25 piggybacked behind a separate", &over, &server, "6445006401020304", ATC_VERDICT_DROP, ATC_COUNT_DROP_MID},
    {"M26 CON response to a NON", &non, &server, "4445090001020304", ATC_VERDICT_RESPONSE, 0},
    {"M27 NON response to a CON, no ACK", &con, &server, "5445090001020304", ATC_VERDICT_RESPONSE, 0},
    {"M28 ping", &none, &server, "40000900", ATC_VERDICT_REJECT, ATC_COUNT_PING},
    {"M29 empty NON", &none, &server, "50000900", ATC_VERDICT_DROP, ATC_COUNT_DROP_EMPTY},
    {"M30 CON of class 1", &none, &server, "40200900", ATC_VERDICT_REJECT, ATC_COUNT_DROP_CODE},
    {"M30 CON of class 6", &none, &server, "40c00900", ATC_VERDICT_REJECT, ATC_COUNT_DROP_CODE},
    {"M30 CON of class 7", &none, &server, "40ff0900", ATC_VERDICT_REJECT, ATC_COUNT_DROP_CODE},
    {"M31 NON of class 7", &none, &server, "50e00900", ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE},
    {"M31 NON of class 1", &none, &server, "503f0900", ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE},
    {"CON request", &none, &server, "40010900", ATC_VERDICT_REQUEST, 0},
    {"NON request", &none, &server, "50010900", ATC_VERDICT_REQUEST, 0},
    {"request with an unknown method", &none, &server, "401f0900", ATC_VERDICT_REQUEST, 0},
    {"request with the MID of ours", &con, &server, "40010064", ATC_VERDICT_REQUEST, 0},
    {"ACK of our ping", &ping, &server, "60000064", ATC_VERDICT_ACK, 0},
    {"RST of our ping", &ping, &server, "70000064", ATC_VERDICT_RESET, 0},
    {"response to our ping", &ping, &server, "60450064", ATC_VERDICT_DROP, ATC_COUNT_DROP_TOKEN},
    {"ACK of our CON response", &con_answer, &server, "60000064", ATC_VERDICT_ACK, 0},
    {"RST of our CON response", &con_answer, &server, "70000064", ATC_VERDICT_RESET, 0},
    {"ACK 2.05 of our CON response", &con_answer, &server, "6445006401020304", ATC_VERDICT_ACK, 0},
    {"ACK 0.01 of our CON response", &con_answer, &server, "60010064", ATC_VERDICT_DROP, ATC_COUNT_DROP_CODE},
};
/* clang-format on */

static void test_judgement(void **state)
{
    const struct judgement *j = *state;
    static struct bed bed;
    struct atc_verdict v;
    struct atc_pdu pdu;

    prepare(&bed);
    (void)send_ours(&bed, j->ours, NOW);
    pdu = read_pdu(j->hex);
    v = atc_judge(&bed.ms, SESSION, j->from, &pdu, NOW + 10);
    EXPECT(v.kind == j->kind, "%s: kind %u", j->name, v.kind);
    EXPECT(j->count == 0 || v.count == j->count, "%s: count %u", j->name, v.count);
    /* Another client has nothing to do with it. */
    v = atc_judge(&bed.ms, OTHER_SESSION, j->from, &pdu, NOW + 10);
    EXPECT(v.kind == ATC_VERDICT_DROP || v.kind == ATC_VERDICT_REJECT ||
               v.kind == ATC_VERDICT_REQUEST,
           "%s: kind %u for another client", j->name, v.kind);
}

/* RFC 7252 4.2 says that RST and ACK are never answered. */
static void test_never_answers_ack_and_rst(void **state)
{
    static struct bed bed;
    struct rng rng = {9};

    (void)state;
    prepare(&bed);
    (void)send_ours(&bed, &con, NOW);
    for (unsigned run = 0; run < 20000; run++) {
        uint8_t data[12] = {0x60, 0, 0, 0};
        struct atc_pdu pdu;
        struct atc_verdict v;
        const unsigned tkl = rng_below(&rng, 9);

        rng_fill(&rng, data + 1, sizeof data - 1);
        data[0] = (uint8_t)(0x60 | (rng_next(&rng) & 0x10) | tkl);
        data[2] = 0;
        data[3] = (uint8_t)(99 + rng_below(&rng, 3));
        if (atc_pdu_parse(&pdu, data, 4 + tkl) != 0)
            continue;
        v = atc_judge(&bed.ms, SESSION, &server, &pdu, NOW);
        assert_int_not_equal(v.kind, ATC_VERDICT_REJECT);
    }
}

/* A response to a request that went to a group may come from anybody. */
static void test_group(void **state)
{
    static struct bed bed;
    struct atc_pdu pdu;
    uint8_t index;

    (void)state;
    prepare(&bed);
    index = send_ours(&bed, &non, NOW);
    bed.ms.exchange[index].peer = group;
    pdu = read_pdu("5445090001020304");
    assert_int_equal(atc_judge(&bed.ms, SESSION, &other_host, &pdu, NOW).kind,
                     ATC_VERDICT_RESPONSE);
}

/* Of two requests without token the newest is answered. */
static void test_newest_without_token(void **state)
{
    static struct bed bed;
    struct ours first = non, second = non;
    struct atc_pdu pdu;
    uint8_t newest;

    (void)state;
    prepare(&bed);
    first.tkl = second.tkl = 0;
    second.mid = 101;
    (void)send_ours(&bed, &first, NOW);
    newest = send_ours(&bed, &second, NOW);
    pdu = read_pdu("50450900");
    assert_int_equal(atc_judge(&bed.ms, SESSION, &server, &pdu, NOW).index, newest);
}

/* An open request lives EXCHANGE_LIFETIME, an observation for ever. */
static void test_open_requests(void **state)
{
    static struct bed bed;
    struct ours observing = acked;
    const uint64_t lifetime_ms = 247000;
    struct atc_pdu pdu;

    (void)state;
    prepare(&bed);
    (void)send_ours(&bed, &acked, NOW);
    pdu = read_pdu("5445090001020304");
    assert_int_equal(atc_judge(&bed.ms, SESSION, &server, &pdu, NOW + lifetime_ms - 1).kind,
                     ATC_VERDICT_RESPONSE);
    assert_int_equal(atc_judge(&bed.ms, SESSION, &server, &pdu, NOW + lifetime_ms).kind,
                     ATC_VERDICT_DROP);
    observing.observe = true;
    (void)send_ours(&bed, &observing, NOW);
    assert_int_equal(atc_judge(&bed.ms, SESSION, &server, &pdu, NOW + 100 * lifetime_ms).kind,
                     ATC_VERDICT_RESPONSE);
}

/* As long as it waits for its ACK a request is open, however late the clock is. Our own answer has a
 * token, too, but waits for no response. */
static void test_what_is_open(void **state)
{
    static struct bed bed;
    struct ours answer = con;
    struct atc_pdu pdu;

    (void)state;
    prepare(&bed);
    (void)send_ours(&bed, &con, NOW);
    pdu = read_pdu("5445090001020304");
    assert_int_equal(atc_judge(&bed.ms, SESSION, &server, &pdu, NOW + 247000).kind,
                     ATC_VERDICT_RESPONSE);
    prepare(&bed);
    answer.code = ATC_CODE_CONTENT;
    (void)send_ours(&bed, &answer, NOW);
    assert_int_equal(atc_judge(&bed.ms, SESSION, &server, &pdu, NOW).kind, ATC_VERDICT_DROP);
    assert_int_equal(atc_judge(&bed.ms, SESSION, &server, &pdu, NOW).count, ATC_COUNT_DROP_TOKEN);
}

/* --- repeats ---------------------------------------------------------------------------------- */

static uint8_t remember(struct bed *bed, unsigned session, const struct atc_addr *from,
                        const char *hex, uint64_t now_ms)
{
    const struct atc_pdu pdu = read_pdu(hex);
    bool evicted;

    return atc_seen_add(&bed->ms, &bed->pool, &evicted, session, from, &pdu, now_ms);
}

static unsigned judge_from(const struct bed *bed, const struct atc_addr *from, const char *hex,
                           uint64_t now_ms)
{
    const struct atc_pdu pdu = read_pdu(hex);

    return atc_judge(&bed->ms, SESSION, from, &pdu, now_ms).kind;
}

static void test_repeats(void **state)
{
    static struct bed bed;

    (void)state;
    prepare(&bed);
    (void)remember(&bed, SESSION, &server, "40010900", NOW);
    (void)remember(&bed, SESSION, &server, "50010901", NOW);
    (void)send_ours(&bed, &acked, NOW);
    (void)remember(&bed, SESSION, &server, "4445090201020304", NOW);
    /* M35, M36, M22. */
    assert_int_equal(judge_from(&bed, &server, "40010900", NOW + 1), ATC_VERDICT_REPEAT);
    assert_int_equal(judge_from(&bed, &server, "40020900b161ff62", NOW + 1), ATC_VERDICT_REPEAT);
    assert_int_equal(judge_from(&bed, &server, "4445090201020304", NOW + 1), ATC_VERDICT_REPEAT);
    /* M37. */
    assert_int_equal(judge_from(&bed, &other_port, "40010900", NOW + 1), ATC_VERDICT_REQUEST);
    assert_int_equal(judge_from(&bed, &other_host, "40010900", NOW + 1), ATC_VERDICT_REQUEST);
    /* M38, M39. */
    assert_int_equal(judge_from(&bed, &server, "40010900", NOW + 246999), ATC_VERDICT_REPEAT);
    assert_int_equal(judge_from(&bed, &server, "40010900", NOW + 247000), ATC_VERDICT_REQUEST);
    assert_int_equal(judge_from(&bed, &server, "50010901", NOW + 144999), ATC_VERDICT_REPEAT);
    assert_int_equal(judge_from(&bed, &server, "50010901", NOW + 145000), ATC_VERDICT_REQUEST);
}

/* M40: the oldest of the client gives way; one that is past its time is not missed. */
static void test_seen_table_full(void **state)
{
    static struct bed bed;
    struct atc_pdu pdu;
    bool evicted;

    (void)state;
    prepare(&bed);
    for (unsigned i = 0; i < ATC_SEEN_MAX; i++) {
        char hex[16];

        (void)snprintf(hex, sizeof hex, "4001%04x", i);
        (void)remember(&bed, SESSION, &server, hex, NOW + i);
    }
    pdu = read_pdu("4001ffff");
    (void)atc_seen_add(&bed.ms, &bed.pool, &evicted, SESSION, &server, &pdu, NOW + 1000);
    assert_true(evicted);
    assert_int_equal(judge_from(&bed, &server, "40010000", NOW + 1000), ATC_VERDICT_REQUEST);
    assert_int_equal(judge_from(&bed, &server, "40010001", NOW + 1000), ATC_VERDICT_REPEAT);
    pdu = read_pdu("4001fffe");
    (void)atc_seen_add(&bed.ms, &bed.pool, &evicted, SESSION, &server, &pdu, NOW + 300000);
    assert_false(evicted);
}

/* An answer on its way out must not be remembered for the message that got the entry of its request. */
static void test_seen_taken_from_an_answer(void **state)
{
    static struct bed bed;
    const struct ours answer = {ATC_ACK, 0x45, 0, 0x0900, ATC_EXCHANGE_SENDING, false};
    const struct ours other = {ATC_ACK, 0x45, 0, 0x0901, ATC_EXCHANGE_SENDING, false};
    uint8_t index, kept;

    (void)state;
    prepare(&bed);
    index = send_ours(&bed, &answer, NOW);
    kept = send_ours(&bed, &other, NOW);
    bed.ms.exchange[index].seen = remember(&bed, SESSION, &server, "40010900", NOW);
    bed.ms.exchange[kept].seen = remember(&bed, SESSION, &server, "40010901", NOW);
    for (unsigned i = 0; i < ATC_SEEN_MAX - 1u; i++) {
        char hex[16];

        (void)snprintf(hex, sizeof hex, "4001%04x", i);
        (void)remember(&bed, SESSION, &server, hex, NOW + 1);
    }
    assert_int_equal(bed.ms.exchange[index].seen, ATC_NO_ENTRY);
    assert_int_not_equal(bed.ms.exchange[kept].seen, ATC_NO_ENTRY);
}

/* A client without entries takes the oldest of all; ten tables full lose nothing else. */
static void test_seen_table_full_of_another(void **state)
{
    static struct bed bed;
    struct atc_pdu pdu;
    bool evicted;

    (void)state;
    prepare(&bed);
    for (unsigned i = 0; i < 10 * ATC_SEEN_MAX; i++) {
        char hex[16];

        (void)snprintf(hex, sizeof hex, "4001%04x", i);
        (void)remember(&bed, SESSION, &server, hex, NOW + i);
    }
    pdu = read_pdu("40010001");
    (void)atc_seen_add(&bed.ms, &bed.pool, &evicted, OTHER_SESSION, &server, &pdu, NOW + 1000);
    assert_true(evicted);
    assert_int_equal(atc_judge(&bed.ms, OTHER_SESSION, &server, &pdu, NOW + 1000).kind,
                     ATC_VERDICT_REPEAT);
    for (unsigned i = 9 * ATC_SEEN_MAX + 1; i < 10 * ATC_SEEN_MAX; i++) {
        char hex[16];

        (void)snprintf(hex, sizeof hex, "4001%04x", i);
        assert_int_equal(judge_from(&bed, &server, hex, NOW + 1000), ATC_VERDICT_REPEAT);
    }
}

/* Whether the request with the ID is known; it came to session from server. */
static bool is_known(const struct bed *bed, unsigned session, unsigned mid, uint64_t now_ms)
{
    char hex[16];
    struct atc_pdu pdu;

    (void)snprintf(hex, sizeof hex, "4001%04x", mid);
    pdu = read_pdu(hex);
    return atc_judge(&bed->ms, session, &server, &pdu, now_ms).kind == ATC_VERDICT_REPEAT;
}

static void remember_many(struct bed *bed, unsigned session, unsigned first, unsigned count,
                          uint64_t now_ms)
{
    for (unsigned i = 0; i < count; i++) {
        char hex[16];

        (void)snprintf(hex, sizeof hex, "4001%04x", first + i);
        (void)remember(bed, session, &server, hex, now_ms + i);
    }
}

/* A full table: a client's own oldest goes, not that of others; of a client without any the oldest of
 * all goes, and of the same age the one that came first. Wherever in the table it stands. */
static void test_seen_who_gives_way(void **state)
{
    enum { THIRD = 2, HALF = ATC_SEEN_MAX / 2, REST = ATC_SEEN_MAX - HALF };
    static struct bed bed;

    (void)state;
    prepare(&bed);
    remember_many(&bed, OTHER_SESSION, 0, 3, NOW); /* their places are taken again first */
    atc_endpoint_clear(&bed.ms, &bed.pool, OTHER_SESSION);
    remember_many(&bed, SESSION, 100, HALF, NOW + 10);
    remember_many(&bed, OTHER_SESSION, 200, REST, NOW);
    remember_many(&bed, SESSION, 300, 1, NOW + 100);
    assert_false(is_known(&bed, SESSION, 100, NOW + 100));
    for (unsigned i = 1; i < HALF; i++)
        assert_true(is_known(&bed, SESSION, 100 + i, NOW + 100));
    for (unsigned i = 0; i < REST; i++)
        assert_true(is_known(&bed, OTHER_SESSION, 200 + i, NOW + 100));
    remember_many(&bed, THIRD, 400, 1, NOW + 100);
    assert_false(is_known(&bed, OTHER_SESSION, 200, NOW + 100));
    for (unsigned i = 1; i < REST; i++)
        assert_true(is_known(&bed, OTHER_SESSION, 200 + i, NOW + 100));
    for (unsigned i = 1; i < HALF; i++)
        assert_true(is_known(&bed, SESSION, 100 + i, NOW + 100));
    assert_true(is_known(&bed, THIRD, 400, NOW + 100));

    prepare(&bed);
    for (unsigned i = 0; i < ATC_SEEN_MAX; i++)
        remember_many(&bed, SESSION, 100 + i, 1, NOW);
    remember_many(&bed, THIRD, 400, 1, NOW);
    assert_false(is_known(&bed, SESSION, 100, NOW));
    for (unsigned i = 1; i < ATC_SEEN_MAX; i++)
        assert_true(is_known(&bed, SESSION, 100 + i, NOW));
}

/* An entry that is taken again holds nothing of before but the number of its last order, which an
 * order that is still under way must not have. */
static void test_seen_taken_again(void **state)
{
    static struct bed bed;
    const struct atc_pdu pdu = read_pdu("4001ffff");
    bool evicted = true;
    struct atc_seen *s;
    uint8_t index;

    (void)state;
    prepare(&bed);
    index = atc_seen_add(&bed.ms, &bed.pool, &evicted, OTHER_SESSION, &server, &pdu, NOW);
    assert_false(evicted);
    s = &bed.ms.seen[index];
    assert_int_equal(s->session, OTHER_SESSION);
    s->reaction = ATC_REACTION_CODE;
    s->answer = ATC_CODE_CONTENT;
    s->order = 7;
    s->block = atc_pool_take(&bed.pool, 4);
    atc_endpoint_clear(&bed.ms, &bed.pool, OTHER_SESSION);
    assert_int_equal(s->order, 8);
    assert_int_equal(s->block, ATC_NO_BLOCK);
    assert_int_equal(remember(&bed, SESSION, &server, "40010900", NOW), index);
    assert_int_equal(s->reaction, ATC_REACTION_NONE);
    assert_int_equal(s->answer, 0);
    assert_int_equal(s->order, 8);
    assert_int_equal(s->session, SESSION);
    atc_endpoint_clear(&bed.ms, &bed.pool, SESSION);
    for (unsigned i = 0; i < ATC_SEEN_MAX; i++) { /* no place was lost */
        (void)atc_seen_add(&bed.ms, &bed.pool, &evicted, SESSION, &server, &pdu, NOW);
        assert_false(evicted);
    }
    atc_endpoint_clear(&bed.ms, &bed.pool, SESSION);
    for (unsigned i = 0; i < ATC_SEEN_MAX; i++) {
        (void)atc_seen_add(&bed.ms, &bed.pool, &evicted, SESSION, &server, &pdu, NOW);
        assert_false(evicted);
    }
}

/* --- which request an answer belongs to (D-43) ------------------------------------------------- */

static void test_asked(void **state)
{
    static struct bed bed;
    const struct atc_span token = atc_span("\1\2", 2), other = atc_span("\1\3", 2);
    uint8_t first, second;

    (void)state;
    prepare(&bed);
    first = remember(&bed, SESSION, &server, "420109000102", NOW);
    second = remember(&bed, SESSION, &server, "420109010102", NOW);
    /* ACK and RST by ID and peer, CON and NON by token, the newest. */
    assert_int_equal(atc_seen_asked(&bed.ms, SESSION, &server, ATC_ACK, 0x0900, token, NOW), first);
    assert_int_equal(atc_seen_asked(&bed.ms, SESSION, &server, ATC_RST, 0x0901, other, NOW),
                     second);
    assert_int_equal(atc_seen_asked(&bed.ms, SESSION, &server, ATC_NON, 7, token, NOW), second);
    assert_int_equal(atc_seen_asked(&bed.ms, SESSION, &server, ATC_CON, 0x0900, other, NOW),
                     ATC_NO_ENTRY);
    assert_int_equal(atc_seen_asked(&bed.ms, SESSION, &other_port, ATC_ACK, 0x0900, token, NOW),
                     ATC_NO_ENTRY);
    assert_int_equal(atc_seen_asked(&bed.ms, OTHER_SESSION, &server, ATC_ACK, 0x0900, token, NOW),
                     ATC_NO_ENTRY);
    assert_int_equal(
        atc_seen_asked(&bed.ms, SESSION, &server, ATC_ACK, 0x0900, token, NOW + 247000),
        ATC_NO_ENTRY);
    /* One that was answered is not answered again. */
    bed.ms.seen[second].reaction = ATC_REACTION_SEPARATE;
    assert_int_equal(atc_seen_asked(&bed.ms, SESSION, &server, ATC_NON, 7, token, NOW), first);
    bed.ms.seen[first].reaction = ATC_REACTION_ACKED;
    assert_int_equal(atc_seen_asked(&bed.ms, SESSION, &server, ATC_NON, 7, token, NOW), first);
    /* A response of the peer asks nothing. */
    (void)remember(&bed, SESSION, &server, "424509020103", NOW);
    assert_int_equal(atc_seen_asked(&bed.ms, SESSION, &server, ATC_NON, 7, other, NOW),
                     ATC_NO_ENTRY);
    assert_int_equal(atc_seen_asked(&bed.ms, SESSION, &server, ATC_RST, 0x0902, other, NOW),
                     ATC_NO_ENTRY);
}

/* What is known of a request that is not found: for remarks. */
static void test_claim(void **state)
{
    static struct bed bed;
    const struct atc_span token = atc_span("\1\2", 2), other = atc_span("\1\3", 2);
    uint8_t asked;

    (void)state;
    prepare(&bed);
    asked = remember(&bed, SESSION, &server, "420109000102", NOW);
    (void)remember(&bed, SESSION, &server, "424509020102", NOW); /* a response */
#define CLAIM(from, type, mid, token, now) \
    atc_seen_claim(&bed.ms, SESSION, (from), (type), (mid), (token), (now))
    assert_int_equal(CLAIM(&server, ATC_ACK, 0x0901, token, NOW), ATC_CLAIM_UNKNOWN);
    assert_int_equal(CLAIM(&server, ATC_NON, 0x0900, other, NOW), ATC_CLAIM_UNKNOWN);
    assert_int_equal(CLAIM(&server, ATC_RST, 0x0902, token, NOW), ATC_CLAIM_KNOWN);
    assert_int_equal(CLAIM(&server, ATC_RST, 0x0902, token, NOW + 247000), ATC_CLAIM_UNKNOWN);
    assert_int_equal(CLAIM(&other_host, ATC_ACK, 0x0900, other, NOW), ATC_CLAIM_ELSEWHERE);
    assert_int_equal(CLAIM(&other_port, ATC_CON, 0x0903, token, NOW), ATC_CLAIM_ELSEWHERE);
    /* A response of somebody else is no request that waits. */
    assert_int_equal(CLAIM(&other_host, ATC_RST, 0x0902, other, NOW), ATC_CLAIM_UNKNOWN);
    /* Its token was ours to choose: it names no request of the peer. */
    (void)remember(&bed, SESSION, &server, "424509040103", NOW);
    assert_int_equal(CLAIM(&server, ATC_NON, 0x0905, other, NOW), ATC_CLAIM_UNKNOWN);
    bed.ms.seen[asked].reaction = ATC_REACTION_SEPARATE;
    assert_int_equal(CLAIM(&other_host, ATC_ACK, 0x0900, other, NOW), ATC_CLAIM_UNKNOWN);
    bed.ms.seen[asked].reaction = ATC_REACTION_ANSWERED;
    assert_int_equal(CLAIM(&other_host, ATC_ACK, 0x0900, other, NOW), ATC_CLAIM_UNKNOWN);
    assert_int_equal(CLAIM(&server, ATC_NON, 0x0903, token, NOW), ATC_CLAIM_KNOWN);
#undef CLAIM
}

static void test_forget_answers(void **state)
{
    static struct bed bed;
    uint8_t old, young;
    size_t room;

    (void)state;
    prepare(&bed);
    assert_false(atc_seen_forget_answer(&bed.ms, &bed.pool));
    young = remember(&bed, SESSION, &server, "40010901", NOW + 1);
    old = remember(&bed, OTHER_SESSION, &server, "40010900", NOW);
    bed.ms.seen[young].block = atc_pool_take(&bed.pool, 10);
    bed.ms.seen[old].block = atc_pool_take(&bed.pool, 10);
    bed.ms.seen[old].order = 7;
    room = atc_pool_room_without(&bed.pool, bed.ms.seen[old].block);
    assert_true(atc_seen_forget_answer(&bed.ms, &bed.pool));
    assert_int_equal(atc_pool_room_without(&bed.pool, ATC_NO_BLOCK), room);
    assert_int_equal(bed.ms.seen[old].order, 8); /* an order to send it finds nothing */
    assert_int_equal(bed.ms.seen[old].block, ATC_NO_BLOCK);
    assert_int_not_equal(bed.ms.seen[young].block, ATC_NO_BLOCK);
    assert_true(atc_seen_forget_answer(&bed.ms, &bed.pool));
    assert_false(atc_seen_forget_answer(&bed.ms, &bed.pool));
    assert_int_equal(judge_from(&bed, &server, "40010901", NOW + 2), ATC_VERDICT_REPEAT);
}

/* The oldest answer is that of the first client, and the second one's come behind it. */
static void test_forget_answer_of_the_first(void **state)
{
    static struct bed bed;
    uint8_t old, young;

    (void)state;
    prepare(&bed);
    old = remember(&bed, SESSION, &server, "40010900", NOW);
    young = remember(&bed, OTHER_SESSION, &server, "40010901", NOW + 1);
    bed.ms.seen[young].block = atc_pool_take(&bed.pool, 10);
    bed.ms.seen[old].block = atc_pool_take(&bed.pool, 10);
    assert_true(atc_seen_forget_answer(&bed.ms, &bed.pool));
    assert_int_equal(bed.ms.seen[old].block, ATC_NO_BLOCK);
    assert_int_not_equal(bed.ms.seen[young].block, ATC_NO_BLOCK);
}

/* --- our table full --------------------------------------------------------------------------- */

static void test_none_may_give_way(void **state)
{
    static struct bed bed;
    bool evicted;

    (void)state;
    prepare(&bed);
    for (unsigned i = 0; i < ATC_EXCHANGE_MAX; i++)
        (void)send_ours(&bed, i % 2 ? &con : &non_leaving, NOW);
    assert_int_equal(atc_exchange_take(&bed.ms, &bed.pool, &evicted, SESSION, NOW), ATC_NO_ENTRY);
    assert_false(evicted);
    assert_int_equal(bed.ms.endpoint[SESSION].waiting, ATC_EXCHANGE_MAX / 2);
}

/* Those that observe give way last, the oldest of the others first. */
static void test_who_gives_way(void **state)
{
    static struct bed bed;
    struct ours observing = acked;
    uint8_t oldest, index;
    bool evicted;

    (void)state;
    observing.observe = true;
    prepare(&bed);
    (void)send_ours(&bed, &observing, NOW);
    (void)send_ours(&bed, &con, NOW);
    oldest = send_ours(&bed, &non, NOW + 1);
    for (unsigned i = 3; i < ATC_EXCHANGE_MAX; i++)
        (void)send_ours(&bed, &non, NOW + 2);
    index = atc_exchange_take(&bed.ms, &bed.pool, &evicted, OTHER_SESSION, NOW + 3);
    assert_int_equal(index, oldest);
    assert_true(evicted);
    /* Past their time they are not missed. */
    (void)atc_exchange_take(&bed.ms, &bed.pool, &evicted, OTHER_SESSION, NOW + 300000);
    assert_false(evicted);
}

static void test_observers_give_way_last(void **state)
{
    static struct bed bed;
    struct ours observing = acked;
    bool evicted;
    uint8_t oldest;

    (void)state;
    observing.observe = true;
    prepare(&bed);
    oldest = send_ours(&bed, &observing, NOW);
    for (unsigned i = 1; i < ATC_EXCHANGE_MAX; i++)
        (void)send_ours(&bed, &observing, NOW + i);
    assert_int_equal(atc_exchange_take(&bed.ms, &bed.pool, &evicted, SESSION, NOW + 1000), oldest);
    assert_true(evicted);
}

/* Whichever client they belong to. */
static void test_who_gives_way_to_another(void **state)
{
    static struct bed bed;
    uint8_t oldest = ATC_NO_ENTRY;
    bool evicted;

    (void)state;
    prepare(&bed);
    for (unsigned i = 0; i < ATC_EXCHANGE_MAX; i++) {
        const uint8_t index = atc_exchange_take(&bed.ms, &bed.pool, &evicted, OTHER_SESSION, NOW);

        bed.ms.exchange[index].code = ATC_CODE_GET;
        bed.ms.exchange[index].started_ms = NOW + 10 - (i == 5);
        atc_exchange_move(&bed.ms, index, ATC_EXCHANGE_SENDING);
        atc_exchange_move(&bed.ms, index, ATC_EXCHANGE_WAIT_RESPONSE);
        oldest = i == 5 ? index : oldest;
    }
    assert_true(atc_exchange_can_take(&bed.ms));
    assert_int_equal(atc_exchange_take(&bed.ms, &bed.pool, &evicted, SESSION, NOW + 20), oldest);
    assert_true(evicted);
}

/* As test_seen_taken_again(), for a message of ours. */
static void test_exchange_taken_again(void **state)
{
    static struct bed bed;
    struct atc_exchange *x;
    bool evicted = true;
    uint8_t index;

    (void)state;
    prepare(&bed);
    index = atc_exchange_take(&bed.ms, &bed.pool, &evicted, OTHER_SESSION, NOW);
    assert_false(evicted);
    x = &bed.ms.exchange[index];
    assert_int_equal(x->session, OTHER_SESSION);
    assert_int_equal(x->seen, ATC_NO_ENTRY);
    x->retries = 3;
    x->observe = true;
    x->seen = 1;
    x->order = 7;
    x->block = atc_pool_take(&bed.pool, 4);
    atc_exchange_free(&bed.ms, &bed.pool, index);
    assert_int_equal(x->order, 8);
    assert_int_equal(x->block, ATC_NO_BLOCK);
    assert_int_equal(atc_exchange_take(&bed.ms, &bed.pool, &evicted, SESSION, NOW), index);
    assert_int_equal(x->order, 8);
    assert_int_equal(x->retries, 0);
    assert_int_equal(x->observe, false);
    assert_int_equal(x->seen, ATC_NO_ENTRY);
    assert_int_equal(x->session, SESSION);
}

/* A client is cleared: all its blocks are back, the others keep theirs. */
static void test_clear(void **state)
{
    static struct bed bed;
    size_t room;
    uint8_t index;

    (void)state;
    prepare(&bed);
    room = atc_pool_room_without(&bed.pool, ATC_NO_BLOCK);
    (void)remember(&bed, OTHER_SESSION, &server, "40010900", NOW);
    for (unsigned i = 0; i < 5; i++) {
        (void)send_ours(&bed, &con, NOW);
        index = remember(&bed, SESSION, &server, "40010900", NOW);
        bed.ms.seen[index].block = atc_pool_take(&bed.pool, 20);
    }
    atc_endpoint_clear(&bed.ms, &bed.pool, SESSION);
    assert_int_equal(atc_pool_room_without(&bed.pool, ATC_NO_BLOCK), room);
    assert_int_equal(bed.ms.endpoint[SESSION].waiting, 0);
    assert_int_equal(bed.ms.endpoint[SESSION].exchanges, ATC_NO_ENTRY);
    assert_int_equal(judge_from(&bed, &server, "40010900", NOW), ATC_VERDICT_REQUEST);
    assert_int_not_equal(bed.ms.endpoint[OTHER_SESSION].seens, ATC_NO_ENTRY);
}

/* --- message IDs (RFC 7252 4.4, D-18) ---------------------------------------------------------- */

static void test_mid_counts_up(void **state)
{
    static struct bed bed;

    (void)state;
    prepare(&bed);
    assert_int_equal(atc_mid_next(&bed.ms, SESSION, 0xFFFE, NOW), 0xFFFE);
    assert_int_equal(atc_mid_next(&bed.ms, SESSION, 7, NOW), 0xFFFF);
    assert_int_equal(atc_mid_next(&bed.ms, SESSION, 7, NOW), 0);
    assert_int_equal(atc_mid_next(&bed.ms, OTHER_SESSION, 7, NOW), 7);
}

/* An ID of the TE's that is alive is skipped. */
static void test_mid_alive(void **state)
{
    static struct bed bed;

    (void)state;
    prepare(&bed);
    (void)send_ours(&bed, &con, NOW);
    assert_int_equal(atc_mid_next(&bed.ms, SESSION, 99, NOW), 99);
    assert_int_equal(atc_mid_next(&bed.ms, SESSION, 0, NOW), 101);
}

/* An ID that a peer may remember: also of a message that is done with, until its place is taken. */
static void test_mid_was_used(void **state)
{
    static struct bed bed;

    (void)state;
    prepare(&bed);
    assert_false(atc_mid_was_used(&bed.ms, SESSION, &server, 0, NOW));
    (void)send_ours(&bed, &over, NOW);
    assert_true(atc_mid_was_used(&bed.ms, SESSION, &server, 100, NOW));
    assert_true(atc_mid_was_used(&bed.ms, SESSION, &server, 100, NOW + 246999));
    assert_false(atc_mid_was_used(&bed.ms, SESSION, &server, 100, NOW + 247000));
    assert_false(atc_mid_was_used(&bed.ms, SESSION, &server, 101, NOW));
    assert_false(atc_mid_was_used(&bed.ms, SESSION, &other_port, 100, NOW));
    assert_false(atc_mid_was_used(&bed.ms, OTHER_SESSION, &server, 100, NOW));
    atc_endpoint_clear(&bed.ms, &bed.pool, SESSION); /* another socket */
    assert_false(atc_mid_was_used(&bed.ms, SESSION, &server, 100, NOW));
    (void)send_ours(&bed, &non, NOW);
    assert_true(atc_mid_was_used(&bed.ms, SESSION, &server, 100, NOW + 144999));
    assert_false(atc_mid_was_used(&bed.ms, SESSION, &server, 100, NOW + 145000));
    prepare(&bed);
    (void)send_ours(&bed, &our_ack, NOW); /* its ID was the peer's choice */
    assert_false(atc_mid_was_used(&bed.ms, SESSION, &server, 100, NOW));
}

/* M41: at one moment the space runs out before any ID comes twice, and comes back later. */
static void test_mid_exhaustion(void **state)
{
    static const uint16_t firsts[] = {0, 1, 16383, 16384, 40000, 65535};
    static struct bed bed;
    static bool used[65536];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(firsts); i++) {
        unsigned count = 0;
        long mid;

        prepare(&bed);
        memset(used, 0, sizeof used);
        while ((mid = atc_mid_next(&bed.ms, SESSION, firsts[i], NOW)) >= 0) {
            EXPECT(!used[mid], "%ld again, from %u", mid, firsts[i]);
            used[mid] = true;
            count++;
        }
        EXPECT(count >= 49151, "only %u, from %u", count, firsts[i]);
        assert_int_equal(atc_mid_next(&bed.ms, SESSION, 0, NOW + 247000), -1);
        assert_true(atc_mid_next(&bed.ms, SESSION, 0, NOW + 249000) >= 0);
    }
}

/* A clock that starts at 0 does not make the space look unused. */
static void test_mid_exhaustion_at_start(void **state)
{
    static struct bed bed;
    unsigned count = 0;

    (void)state;
    prepare(&bed);
    while (count <= 65536 && atc_mid_next(&bed.ms, SESSION, 0, 0) >= 0)
        count++;
    assert_in_range(count, 49151, 65536);
}

static void note_mid(uint64_t *used_ms, long mid, uint64_t now_ms)
{
    EXPECT(used_ms[mid] == 0 || now_ms - used_ms[mid] >= 247000, "%ld after %u ms", mid,
           (unsigned)(now_ms - used_ms[mid]));
    used_ms[mid] = now_ms;
}

/* At any pace no ID comes twice within EXCHANGE_LIFETIME. */
static void test_mid_never_too_soon(void **state)
{
    static struct bed bed;
    static uint64_t used_ms[65536];
    struct rng rng = {10};
    uint64_t now_ms = NOW;
    unsigned refused = 0;

    (void)state;
    prepare(&bed);
    memset(used_ms, 0, sizeof used_ms);
    for (unsigned run = 0; run < 1000000; run++) {
        const long mid = atc_mid_next(&bed.ms, SESSION, 1234, now_ms);

        if (mid < 0)
            refused++;
        else
            note_mid(used_ms, mid, now_ms);
        now_ms += rng_below(&rng, run / 100000 % 2 ? 12 : 2);
    }
    assert_true(refused > 0);
}

static void test_addresses(void **state)
{
    struct atc_addr six = {.ip = {0xFF, 0x02}, .port = 5683, .family = 6};
    struct atc_addr four = server, other;

    (void)state;
    assert_true(atc_addr_is_multicast(&group));
    assert_true(atc_addr_is_multicast(&six));
    six.ip[0] = 0xFE;
    assert_false(atc_addr_is_multicast(&six));
    assert_false(atc_addr_is_multicast(&server));
    four.ip[0] = 239;
    assert_true(atc_addr_is_multicast(&four));
    four.ip[0] = 240;
    assert_false(atc_addr_is_multicast(&four));
    four.ip[0] = 223;
    assert_false(atc_addr_is_multicast(&four));
    other = group;
    other.family = 0; /* no address at all */
    assert_false(atc_addr_is_multicast(&other));
    assert_true(atc_addr_equal(&server, &server));
    other = server;
    other.ip[4] = 1; /* behind the four bytes of IPv4 */
    assert_true(atc_addr_equal(&server, &other));
    other = server;
    other.family = ATC_FAMILY_IPV6;
    assert_false(atc_addr_equal(&server, &other));
    assert_false(atc_addr_equal(&other, &server));
    assert_false(atc_addr_equal(&server, &other_port));
    assert_false(atc_addr_equal(&server, &other_host));
    assert_false(atc_addr_equal(&server, &six));
}

/* --- any run of events ------------------------------------------------------------------------ */

static unsigned chain_len(const struct atc_messages *ms, unsigned session, unsigned *waiting)
{
    unsigned len = 0;

    *waiting = 0;
    for (uint8_t i = ms->endpoint[session].exchanges; i != ATC_NO_ENTRY; i = ms->exchange[i].next) {
        assert_int_equal(ms->exchange[i].session, session);
        *waiting += ms->exchange[i].state == ATC_EXCHANGE_WAIT_ACK;
        len++;
        assert_in_range(len, 1, ATC_EXCHANGE_MAX);
    }
    return len;
}

static unsigned free_len(const struct atc_messages *ms)
{
    unsigned len = 0;

    for (uint8_t i = ms->free_exchange; i != ATC_NO_ENTRY; i = ms->exchange[i].next) {
        assert_int_equal(ms->exchange[i].state, ATC_EXCHANGE_FREE);
        len++;
    }
    return len;
}

static void check_chains(const struct atc_messages *ms)
{
    unsigned total = free_len(ms);

    for (unsigned session = 0; session < ATC_SESSION_MAX; session++) {
        unsigned waiting;

        total += chain_len(ms, session, &waiting);
        assert_int_equal(ms->endpoint[session].waiting, waiting);
    }
    assert_int_equal(total, ATC_EXCHANGE_MAX);
}

static void test_chains(void **state)
{
    static struct bed bed;
    struct rng rng = {11};

    (void)state;
    prepare(&bed);
    for (unsigned run = 0; run < 50000; run++) {
        const unsigned session = rng_below(&rng, ATC_SESSION_MAX);
        const uint8_t index = (uint8_t)rng_below(&rng, ATC_EXCHANGE_MAX);
        const unsigned state_of = bed.ms.exchange[index].state;
        bool evicted;

        if (rng_once_in(&rng, 2)) {
            const uint8_t taken = atc_exchange_take(&bed.ms, &bed.pool, &evicted, session,
                                                    NOW + run);

            if (taken != ATC_NO_ENTRY)
                atc_exchange_move(&bed.ms, taken,
                                  rng_once_in(&rng, 2) ? ATC_EXCHANGE_WAIT_ACK
                                                       : ATC_EXCHANGE_SENDING);
        } else if (rng_once_in(&rng, 300)) {
            atc_endpoint_clear(&bed.ms, &bed.pool, session);
        } else if (state_of != ATC_EXCHANGE_FREE && rng_once_in(&rng, 2)) {
            atc_exchange_free(&bed.ms, &bed.pool, index);
        } else if (state_of == ATC_EXCHANGE_SENDING || state_of == ATC_EXCHANGE_WAIT_ACK) {
            atc_exchange_move(&bed.ms, index, ATC_EXCHANGE_WAIT_RESPONSE);
        }
        check_chains(&bed.ms);
    }
}

int main(void)
{
    static struct CMUnitTest named[COUNT_OF(judgements)];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_params),
        cmocka_unit_test(test_params_everywhere),
        cmocka_unit_test(test_jitter_range),
        cmocka_unit_test(test_jitter_is_even),
        cmocka_unit_test(test_never_answers_ack_and_rst),
        cmocka_unit_test(test_group),
        cmocka_unit_test(test_newest_without_token),
        cmocka_unit_test(test_open_requests),
        cmocka_unit_test(test_what_is_open),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_seen_table_full),
        cmocka_unit_test(test_seen_taken_from_an_answer),
        cmocka_unit_test(test_seen_table_full_of_another),
        cmocka_unit_test(test_seen_who_gives_way),
        cmocka_unit_test(test_seen_taken_again),
        cmocka_unit_test(test_asked),
        cmocka_unit_test(test_claim),
        cmocka_unit_test(test_forget_answers),
        cmocka_unit_test(test_forget_answer_of_the_first),
        cmocka_unit_test(test_none_may_give_way),
        cmocka_unit_test(test_who_gives_way),
        cmocka_unit_test(test_observers_give_way_last),
        cmocka_unit_test(test_who_gives_way_to_another),
        cmocka_unit_test(test_exchange_taken_again),
        cmocka_unit_test(test_clear),
        cmocka_unit_test(test_mid_counts_up),
        cmocka_unit_test(test_mid_alive),
        cmocka_unit_test(test_mid_was_used),
        cmocka_unit_test(test_mid_exhaustion),
        cmocka_unit_test(test_mid_exhaustion_at_start),
        cmocka_unit_test(test_mid_never_too_soon),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_chains),
    };
    int failed;

    for (size_t i = 0; i < COUNT_OF(judgements); i++) {
        named[i].name = judgements[i].name;
        named[i].test_func = test_judgement;
        named[i].initial_state = (void *)(uintptr_t)&judgements[i];
    }
    failed = cmocka_run_group_tests(named, NULL, NULL);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
