/* SPDX-License-Identifier: MIT
 *
 * The model server, spoken to with datagrams built by hand. */
#include "check.h"
#include "peer.h"

static struct sim_peer peer;
static const struct atc_addr asker = {
    .ip = {10, 0, 0, 1}, .port = 50000, .family = ATC_FAMILY_IPV4};
static const struct atc_addr other = {
    .ip = {10, 0, 0, 2}, .port = 50000, .family = ATC_FAMILY_IPV4};
static uint8_t answer_bytes[SIM_DATAGRAM_MAX];
static struct sim_coap answer;

static int start(void **state)
{
    const struct atc_addr address = {.ip = {192, 0, 2, 1}, .port = 5683, .family = ATC_FAMILY_IPV4};

    (void)state;
    sim_peer_init(&peer, &address, NULL, 1, 0);
    return 0;
}

/* Send a message with these options: number and text in turn, ending in 0. */
static void ask(const struct atc_addr *from, enum sim_coap_type type, uint8_t code, uint16_t mid,
                uint64_t now_ms, const char *path, const char *query)
{
    struct sim_coap m;
    uint8_t data[256];

    memset(&m, 0, sizeof m);
    m.type = (uint8_t)type;
    m.code = code;
    m.mid = mid;
    m.token_len = 2;
    m.token[0] = 0xca;
    m.token[1] = 0xfe;
    if (*path != '\0')
        assert_true(sim_coap_add(&m, SIM_URI_PATH, path, strlen(path)));
    while (query != NULL && *query != '\0') {
        const size_t len = strcspn(query, "&");

        assert_true(sim_coap_add(&m, SIM_URI_QUERY, query, len));
        query += len + (query[len] == '&');
    }
    const int len = sim_coap_build(&m, data, sizeof data);
    assert_true(len > 0);
    sim_peer_datagram(&peer, from, data, (size_t)len, now_ms);
}

/* Take the next datagram into answer. */
static bool take(const struct atc_addr *to)
{
    const struct sim_datagram *d = sim_peer_take(&peer);

    if (d == NULL)
        return false;
    assert_memory_equal(&d->to, to, sizeof *to);
    memcpy(answer_bytes, d->data, d->len);
    assert_int_equal(sim_coap_parse(&answer, answer_bytes, d->len), 0);
    return true;
}

static bool payload_is(const char *text)
{
    const size_t len = strlen(text);

    return answer.payload_len == len && (len == 0 || memcmp(answer.payload, text, len) == 0);
}

static void empty(const struct atc_addr *from, enum sim_coap_type type, uint16_t mid,
                  uint64_t now_ms)
{
    const uint8_t data[] = {(uint8_t)(0x40u | (unsigned)type << 4), 0, (uint8_t)(mid >> 8),
                            (uint8_t)mid};

    sim_peer_datagram(&peer, from, data, sizeof data, now_ms);
}

/* Every resource and method, as CON: type ACK, the ID, the token, the code. */
static void test_resources(void **state)
{
    static const struct {
        const char *path;
        uint8_t method;
        uint8_t code;
        const char *payload;
    } cases[] = {
        {"", 1, SIM_CODE(2, 5), "atcoap model server"},
        {"", 2, SIM_CODE(4, 5), "Method Not Allowed"},
        {"hello", 1, SIM_CODE(2, 5), "hello word from server"},
        {"hello", 4, SIM_CODE(4, 5), "Method Not Allowed"},
        {"time", 1, SIM_CODE(2, 5), "0"},
        {"echo", 1, SIM_CODE(2, 5), ""},
        {"echo", 2, SIM_CODE(2, 4), ""},
        {"echo", 3, SIM_CODE(2, 4), ""},
        {"echo", 4, SIM_CODE(2, 2), ""},
        {"echo", 5, SIM_CODE(4, 5), "Method Not Allowed"},
        {"rd", 1, SIM_CODE(4, 5), "Method Not Allowed"},
        {"nosuch", 1, SIM_CODE(4, 4), "Not Found"},
        {"hell", 1, SIM_CODE(4, 4), "Not Found"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ask(&asker, SIM_CON, cases[i].method, (uint16_t)(100 + i), 0, cases[i].path, NULL);
        assert_true(take(&asker));
        assert_int_equal(answer.type, SIM_ACK);
        assert_int_equal(answer.mid, 100 + i);
        assert_int_equal(answer.token_len, 2);
        EXPECT(answer.code == cases[i].code, "case %zu: code %u", i, answer.code);
        EXPECT(payload_is(cases[i].payload), "case %zu: payload", i);
        assert_false(take(&asker));
    }
}

static void test_queries(void **state)
{
    (void)state;
    ask(&asker, SIM_CON, 1, 1, 0, "hello", "x=1&name=Ada&name=Bob");
    assert_true(take(&asker));
    assert_true(payload_is("hello Ada"));
}

static void test_register(void **state)
{
    (void)state;
    for (uint16_t i = 1; i <= 2; i++) {
        ask(&asker, SIM_CON, 2, i, 0, "rd", "ep=1");
        assert_true(take(&asker));
        assert_int_equal(answer.code, SIM_CODE(2, 1));
        assert_int_equal(answer.option_count, 2);
        assert_int_equal(answer.options[0].number, SIM_LOCATION_PATH);
        assert_memory_equal(answer.options[0].value, "rd", 2);
        assert_int_equal(answer.options[1].value[0], '0' + i);
    }
}

static void test_large(void **state)
{
    (void)state;
    ask(&asker, SIM_CON, 1, 1, 0, "large", NULL);
    assert_true(take(&asker));
    assert_int_equal(answer.payload_len, 1024);
    assert_memory_equal(answer.payload + 1008, "0123456789abcdef", 16);
    ask(&asker, SIM_CON, 1, 2, 0, "large", "n=17");
    assert_true(take(&asker));
    assert_true(payload_is("0123456789abcdef0"));
    ask(&asker, SIM_CON, 1, 3, 0, "large", "n=100000000000000000000");
    assert_true(take(&asker));
    assert_int_equal(answer.code, SIM_CODE(4, 0));
}

static void test_core(void **state)
{
    /* Two segments. */
    static const uint8_t get[] = "\x40\x01\x00\x01\xbb.well-known\x04"
                                 "core";

    (void)state;
    sim_peer_datagram(&peer, &asker, get, sizeof get - 1, 0);
    assert_true(take(&asker));
    assert_int_equal(answer.code, SIM_CODE(2, 5));
    assert_int_equal(sim_coap_uint(sim_coap_find(&answer, SIM_CONTENT_FORMAT)), 40);
    assert_memory_equal(answer.payload, "</>,</hello>,</time>;obs,", 25);
}

/* A NON is answered by a NON with an ID of the server's own. */
static void test_non(void **state)
{
    (void)state;
    ask(&asker, SIM_NON, 1, 7, 0, "hello", NULL);
    assert_true(take(&asker));
    assert_int_equal(answer.type, SIM_NON);
    assert_int_equal(answer.code, SIM_CODE(2, 5));
    assert_false(take(&asker));
    assert_true(sim_peer_deadline_ms(&peer) == ATC_NEVER);
}

/* A repeat is served once and answered the same; another asker, or another time, is no repeat. */
static void test_repeats(void **state)
{
    (void)state;
    ask(&asker, SIM_CON, 2, 7, 0, "rd", NULL);
    assert_true(take(&asker));
    assert_int_equal(answer.options[1].value[0], '1');
    ask(&asker, SIM_CON, 2, 7, 246999, "rd", NULL);
    assert_true(take(&asker));
    assert_int_equal(answer.options[1].value[0], '1');
    assert_int_equal(peer.counts.repeats, 1);
    ask(&other, SIM_CON, 2, 7, 246999, "rd", NULL);
    assert_true(take(&other));
    assert_int_equal(answer.options[1].value[0], '2');
    ask(&asker, SIM_CON, 2, 7, 247000, "rd", NULL);
    assert_true(take(&asker));
    assert_int_equal(answer.options[1].value[0], '3');
    ask(&asker, SIM_NON, 1, 8, 247000, "hello", NULL);
    assert_true(take(&asker));
    ask(&asker, SIM_NON, 1, 8, 247000, "hello", NULL);
    assert_false(take(&asker));
}

/* More askers than it remembers: the oldest is forgotten, and nothing else. */
static void test_many_askers(void **state)
{
    (void)state;
    for (uint16_t i = 0; i <= SIM_PEER_SEEN_MAX; i++) {
        ask(&asker, SIM_CON, 2, i, i, "rd", NULL);
        assert_true(take(&asker));
    }
    ask(&asker, SIM_CON, 2, 1, 100, "rd", NULL);
    assert_true(take(&asker));
    assert_int_equal(peer.counts.repeats, 1);
    ask(&asker, SIM_CON, 2, 0, 100, "rd", NULL);
    assert_true(take(&asker));
    assert_int_equal(peer.counts.repeats, 1);
}

/* An empty ACK, after a second a CON, again after 2 to 3, 6 to 9, 14 to 21 and 30 to 45 seconds. */
static void test_separate(void **state)
{
    static const uint64_t windows_ms[][2] = {
        {2000, 3000}, {6000, 9000}, {14000, 21000}, {30000, 45000}};
    uint64_t at_ms = 0;

    (void)state;
    ask(&asker, SIM_CON, 1, 7, 0, "separate", NULL);
    assert_true(take(&asker));
    assert_int_equal(answer.type, SIM_ACK);
    assert_int_equal(answer.code, 0);
    assert_int_equal(answer.mid, 7);
    assert_false(take(&asker));
    assert_true(sim_peer_deadline_ms(&peer) == 1000);
    sim_peer_tick(&peer, 1000);
    assert_true(take(&asker));
    assert_int_equal(answer.type, SIM_CON);
    assert_int_equal(answer.token_len, 2);
    const uint16_t mid = answer.mid;
    for (size_t i = 0; i < COUNT_OF(windows_ms); i++) {
        at_ms = sim_peer_deadline_ms(&peer);
        EXPECT(at_ms - 1000 >= windows_ms[i][0] && at_ms - 1000 <= windows_ms[i][1],
               "repeat %zu at %u ms", i, (unsigned)at_ms);
        sim_peer_tick(&peer, at_ms);
        assert_true(take(&asker));
        assert_int_equal(answer.mid, mid);
    }
    sim_peer_tick(&peer, sim_peer_deadline_ms(&peer));
    assert_false(take(&asker));
    assert_int_equal(peer.counts.given_up, 1);
    assert_true(sim_peer_deadline_ms(&peer) == ATC_NEVER);
}

static void test_separate_acknowledged(void **state)
{
    (void)state;
    ask(&asker, SIM_CON, 1, 7, 0, "separate", NULL);
    assert_true(take(&asker));
    sim_peer_tick(&peer, 1000);
    assert_true(take(&asker));
    /* Not from there, and not that ID. */
    empty(&other, SIM_ACK, answer.mid, 1000);
    empty(&asker, SIM_ACK, (uint16_t)(answer.mid + 1), 1000);
    assert_true(sim_peer_deadline_ms(&peer) != ATC_NEVER);
    empty(&asker, SIM_ACK, answer.mid, 1000);
    assert_true(sim_peer_deadline_ms(&peer) == ATC_NEVER);
}

static void observe(uint16_t mid, uint8_t value, uint64_t now_ms)
{
    const uint8_t data[] = {
        0x42, 1,  (uint8_t)(mid >> 8), (uint8_t)mid, 0xca, 0xfe, 0x61, value, 0x54, 't', 'i',
        'm',  'e'};

    sim_peer_datagram(&peer, &asker, data, sizeof data, now_ms);
}

/* Notifications every five seconds, every fifth of them a CON, until Observe 1. */
static void test_observe(void **state)
{
    unsigned confirmable = 0;
    uint64_t last = 1;

    (void)state;
    observe(7, 0, 0);
    assert_true(take(&asker));
    assert_int_equal(sim_coap_uint(sim_coap_find(&answer, SIM_OBSERVE)), 1);
    for (uint64_t at_ms = 5000; at_ms <= 50000; at_ms += 5000) {
        assert_true(sim_peer_deadline_ms(&peer) == at_ms);
        sim_peer_tick(&peer, at_ms);
        assert_true(take(&asker));
        assert_int_equal(answer.token_len, 2);
        assert_true(sim_coap_uint(sim_coap_find(&answer, SIM_OBSERVE)) == ++last);
        confirmable += answer.type == SIM_CON;
        if (answer.type == SIM_CON)
            empty(&asker, SIM_ACK, answer.mid, at_ms);
    }
    assert_int_equal(confirmable, 2);
    observe(8, 1, 50000);
    assert_true(take(&asker));
    assert_null(sim_coap_find(&answer, SIM_OBSERVE));
    assert_true(sim_peer_deadline_ms(&peer) == ATC_NEVER);
}

/* An RST to a notification, CON or NON, ends the observation; so does silence to a CON. */
static void test_observe_refused(void **state)
{
    (void)state;
    observe(7, 0, 0);
    assert_true(take(&asker));
    sim_peer_tick(&peer, 5000);
    assert_true(take(&asker));
    empty(&asker, SIM_RST, answer.mid, 5000);
    assert_true(sim_peer_deadline_ms(&peer) == ATC_NEVER);
}

static void test_observe_given_up(void **state)
{
    uint64_t at_ms = 0;

    (void)state;
    observe(7, 0, 0);
    while (sim_peer_deadline_ms(&peer) != ATC_NEVER) {
        while (sim_peer_take(&peer) != NULL) {
        }
        at_ms = sim_peer_deadline_ms(&peer);
        sim_peer_tick(&peer, at_ms);
    }
    assert_int_equal(peer.counts.given_up, 1);
    assert_true(at_ms < 200000);
}

/* The server asks back: the POST is answered, then comes its request; the answer is acknowledged. */
static void test_push(void **state)
{
    static const uint8_t response[] = {0x42, 0x45, 0x12, 0x34, 0x01, 0x02};

    (void)state;
    ask(&asker, SIM_CON, 2, 7, 0, "push", "path=/t/d&method=put&type=con&token=0102");
    assert_true(take(&asker));
    assert_int_equal(answer.type, SIM_ACK);
    assert_int_equal(answer.code, SIM_CODE(2, 4));
    assert_true(take(&asker));
    assert_int_equal(answer.type, SIM_CON);
    assert_int_equal(answer.code, 3);
    assert_int_equal(answer.token_len, 2);
    assert_int_equal(answer.option_count, 2);
    assert_memory_equal(answer.options[0].value, "t", 1);
    assert_memory_equal(answer.options[1].value, "d", 1);
    /* A CON response ends the repeats, and is acknowledged; its repeat too, and counted once. */
    sim_peer_datagram(&peer, &asker, response, sizeof response, 10);
    sim_peer_datagram(&peer, &asker, response, sizeof response, 20);
    assert_true(take(&asker));
    assert_int_equal(answer.type, SIM_ACK);
    assert_int_equal(answer.mid, 0x1234);
    assert_true(take(&asker));
    assert_int_equal(answer.type, SIM_ACK);
    assert_int_equal(peer.counts.answers, 1);
    assert_true(sim_peer_deadline_ms(&peer) == ATC_NEVER);
}

static void test_push_piggybacked(void **state)
{
    uint8_t response[] = {0x62, 0x45, 0, 0, 0x01, 0x02};

    (void)state;
    ask(&asker, SIM_CON, 2, 7, 0, "push", "path=/t&token=0102");
    assert_true(take(&asker));
    assert_true(take(&asker));
    response[2] = (uint8_t)(answer.mid >> 8);
    response[3] = (uint8_t)answer.mid;
    sim_peer_datagram(&peer, &asker, response, sizeof response, 10);
    assert_int_equal(peer.counts.answers, 1);
    assert_false(take(&asker));
    assert_true(sim_peer_deadline_ms(&peer) == ATC_NEVER);
}

/* RFC 7252 4.2, 4.3, 5.4.1: what is refused, and how. Type, or -1 for silence. */
static void test_refused(void **state)
{
    static const struct {
        uint8_t data[12];
        size_t len;
        int type;
        uint8_t code;
    } cases[] = {
        {{0x40, 0, 0, 1}, 4, SIM_RST, 0},                              /* ping */
        {{0x50, 0, 0, 2}, 4, -1, 0},                                   /* Empty NON */
        {{0x80, 1, 0, 3}, 4, -1, 0},                                   /* version 2 */
        {{0x40, 1, 0, 4, 0xff}, 5, SIM_RST, 0},                        /* marker, no payload */
        {{0x50, 1, 0, 5, 0xff}, 5, -1, 0},                             /* the same, NON */
        {{0x40, 0x21, 0, 6}, 4, SIM_RST, 0},                           /* reserved class */
        {{0x50, 0xe1, 0, 7}, 4, -1, 0},                                /* the same, NON */
        {{0x40, 0x45, 0, 8}, 4, SIM_RST, 0},                           /* response to nothing */
        {{0x50, 0x45, 0, 9}, 4, -1, 0},                                /* the same, NON */
        {{0x60, 0x45, 0, 10}, 4, -1, 0},                               /* the same, ACK */
        {{0x60, 0, 0, 11}, 4, -1, 0},                                  /* ACK to nothing */
        {{0x70, 0, 0, 12}, 4, -1, 0},                                  /* RST to nothing */
        {{0x40, 1, 0, 13, 0xd0, 0}, 6, SIM_ACK, SIM_CODE(4, 2)},       /* option 13 */
        {{0x50, 1, 0, 14, 0xd0, 0}, 6, -1, 0},                         /* the same, NON */
        {{0x40, 1, 0, 15, 0xd1, 22, 'x'}, 7, SIM_ACK, SIM_CODE(5, 5)}, /* Proxy-Uri */
        {{0x40, 1, 0, 16, 0xd1, 4, 50}, 7, SIM_ACK, SIM_CODE(4, 6)},   /* Accept 50 of / */
        {{0x40, 1, 0}, 3, -1, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        sim_peer_datagram(&peer, &asker, cases[i].data, cases[i].len, 0);
        const bool answered = take(&asker);

        EXPECT(answered == (cases[i].type >= 0), "case %zu: answered %d", i, answered);
        if (!answered)
            continue;
        EXPECT(answer.type == cases[i].type, "case %zu: type %u", i, answer.type);
        EXPECT(answer.code == cases[i].code, "case %zu: code %u", i, answer.code);
        assert_int_equal(answer.mid, cases[i].data[3]);
    }
}

/* Any bytes at all, many times: it stays within its bounds. */
static void test_noise(void **state)
{
    struct sim_random r;

    (void)state;
    sim_random_seed(&r, 9, 0);
    for (uint64_t i = 0; i < 200000; i++) {
        uint8_t data[40];
        const size_t len = sim_random_below(&r, sizeof data);

        (void)sim_random_fill(&r, data, len);
        data[0] = (uint8_t)(0x40u | (data[0] & 0x33u));
        sim_peer_datagram(&peer, &asker, data, len, i);
        if (i % 3 == 0)
            while (sim_peer_take(&peer) != NULL) {
            }
    }
    assert_int_equal(peer.counts.received, 200000);
}

#define TEST(function) cmocka_unit_test_setup(function, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_resources),
        TEST(test_queries),
        TEST(test_register),
        TEST(test_large),
        TEST(test_core),
        TEST(test_non),
        TEST(test_repeats),
        TEST(test_many_askers),
        TEST(test_separate),
        TEST(test_separate_acknowledged),
        TEST(test_observe),
        TEST(test_observe_refused),
        TEST(test_observe_given_up),
        TEST(test_push),
        TEST(test_push_piggybacked),
        TEST(test_refused),
        TEST(test_noise),
    };

    return cmocka_run_group_tests_name("sim peer", tests, NULL, NULL);
}
