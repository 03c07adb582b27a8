/* SPDX-License-Identifier: MIT
 *
 * Every table filled and one more (L01, M40, M41, M46), clocks at their edges (V02, V03, M48): the
 * error or the counter that the limit has, and afterwards the module works.
 */
#include "bench.h"
#include "check.h"
#include "pdu.h"
#include "seeds.h"

#define OK "\r\nOK\r\n"

static struct bench b;

static void start(const struct atc_dialect *dialect)
{
    bench_config(&b, dialect, 1);
    b.cfg.settings.nstart = 4;
    bench_start(&b);
    (void)bench_type(&b, "AT+CMEE=1\rAT+QCOAPCREATE=56830\r");
    for (unsigned i = 0; i < 6; i++) {
        char line[64];

        (void)snprintf(line, sizeof line, "AT+QCOAPOPEN=%u,\"192.0.2.1\",5683\r", i);
        (void)bench_type(&b, line);
    }
    (void)bench_said(&b);
}

static const char *say(const char *line)
{
    (void)bench_type(&b, line);
    (void)bench_type(&b, "\r");
    return bench_said(&b);
}

static bool is_ok(const char *said)
{
    return strstr(said, OK) != NULL && strstr(said, "ERROR") == NULL;
}

/* --- tables of the AT side --------------------------------------------------------------------- */

static void check_resources(uint64_t seed)
{
    char line[64];

    (void)seed;
    start(&atc_dialect_bc95);
    for (unsigned i = 0; i < ATC_RESOURCE_MAX; i++) {
        (void)snprintf(line, sizeof line, "AT+QCOAPADDRES=4,\"/r%02u\"", i);
        EXPECT(is_ok(say(line)), "resource %u", i);
    }
    EXPECT(strcmp(say("AT+QCOAPADDRES=4,\"/xyz\""), "\r\n+CME ERROR: 23\r\n") == 0, "one more");
    EXPECT(is_ok(say("AT+QCOAPADDRES=4,\"/r07\"")), "the same again");
    bench_receive(&b, "40010f01b3723139");
    EXPECT(strstr(bench_said(&b), "\"req\"") != NULL, "the last one is there");
    EXPECT(is_ok(say("AT+QCOAPDEL")) && is_ok(say("AT+QCOAPCREATE=56830")), "again");
    EXPECT(is_ok(say("AT+QCOAPADDRES=4,\"/xyz\"")), "there is room again");
}

/* Option slots of all clients, each with the longest value, until the pool is full. What was set
 * before stays, what is freed can be used again. */
static void check_pool(uint64_t seed)
{
    char line[1200];
    unsigned taken = 0, refused = 0;

    (void)seed;
    start(&atc_dialect_bg96);
    for (unsigned i = 0; i < 48; i++) {
        const char *said;
        int len = snprintf(line, sizeof line, "AT+QCOAPOPTION=%u,0,%u,35,\"", i / 8, i % 8);

        memset(line + len, 'x', 1034);
        line[len + 1034] = '"';
        line[len + 1035] = '\0';
        said = say(line);
        taken += is_ok(said);
        refused += strcmp(said, "\r\nERROR\r\n") == 0;
    }
    EXPECT(taken + refused == 48 && taken > 0 && refused > 0, "%u taken, %u refused", taken,
           refused);
    EXPECT(is_ok(say("AT+QCOAPOPTION=0,1,0")), "one is removed");
    EXPECT(is_ok(say("AT+QCOAPOPTION=0,0,0,11,\"a\"")), "another takes its place");
    for (unsigned i = 0; i < 6; i++) {
        (void)snprintf(line, sizeof line, "AT+QCOAPCLOSE=%u", i);
        EXPECT(is_ok(say(line)), "%s", line);
    }
    EXPECT(is_ok(say("AT+QCOAPOPEN=0,\"192.0.2.1\",5683")), "open again");
    (void)say("AT+QCOAPSEND=0,1,2,0,5\rhello");
    EXPECT(b.sent_count > 0, "and send");
}

static bool set_option(unsigned client, unsigned slot, unsigned len)
{
    char line[1200];
    const int head = snprintf(line, sizeof line, "AT+QCOAPOPTION=%u,0,%u,35,\"", client, slot);

    memset(line + head, 'x', len);
    line[(unsigned)head + len] = '"';
    line[(unsigned)head + len + 1] = '\0';
    return is_ok(say(line));
}

/* The TE answers a request of the peer's to client 0 with 1,000 bytes. */
static void answer_request(uint8_t id)
{
    const uint8_t request[] = {0x40, 0x01, 0x20, id};
    char line[1200];
    const int head = snprintf(line, sizeof line, "AT+QCOAPHEADER=0,%u,0;+QCOAPSEND=0,2,69,0,1000\r",
                              0x2000u + id);

    bench_datagram(&b, 0, &bench_server, request, sizeof request);
    bench_pump(&b);
    memset(line + head, 'z', 1000);
    line[head + 1000] = '\0';
    EXPECT(is_ok(say(line)), "answer %u", id);
}

/* What a repeat of that request gets: so many messages. */
static unsigned repeat_request(uint8_t id)
{
    const uint8_t request[] = {0x40, 0x01, 0x20, id};
    const unsigned before = b.sent_count;

    bench_datagram(&b, 0, &bench_server, request, sizeof request);
    bench_pump(&b);
    return b.sent_count - before;
}

/* Remembered answers give way to options, and to messages, the oldest first; a repeat of a request whose
 * answer is gone gets nothing. */
static void check_answers_give_way(uint64_t seed)
{
    enum { ANSWERS = 10 };
    unsigned slot = 0;

    (void)seed;
    start(&atc_dialect_bg96);
    for (unsigned i = 0; i < ANSWERS; i++)
        answer_request((uint8_t)i);
    EXPECT(repeat_request(0) == 1 && repeat_request(ANSWERS - 1) == 1, "all are there");
    while (atc_counter(&b.m, ATC_COUNT_ANSWER_EVICTED) == 0 && slot < 48) {
        EXPECT(set_option(slot / 8, slot % 8, 1034), "slot %u", slot);
        slot++;
    }
    EXPECT(atc_counter(&b.m, ATC_COUNT_ANSWER_EVICTED) > 0, "an answer gave way to an option");
    EXPECT(repeat_request(0) == 0 && repeat_request(ANSWERS - 1) == 1, "the oldest");
    for (unsigned i = 0; i < ANSWERS / 2; i++)
        answer_request((uint8_t)(ANSWERS + i));
    EXPECT(atc_counter(&b.m, ATC_COUNT_ANSWER_EVICTED) >= ANSWERS / 2, "and to messages");
    EXPECT(repeat_request(ANSWERS / 2 - 1) == 0, "the next oldest");
    EXPECT(repeat_request(ANSWERS + ANSWERS / 2 - 1) == 1, "the newest is there");
}

/* Send NONs with ever shorter payloads until not even a byte fits. */
static void fill_pool(void)
{
    char payload[1010];

    for (unsigned len = 1000; len > 0; len /= 2) {
        memset(payload, '%', len);
        payload[len] = '\x1A';
        payload[len + 1] = '\0';
        do {
            (void)say("AT+QCOAPSEND=1,1,192.0.2.1,5683");
            (void)bench_type(&b, payload);
        } while (is_ok(bench_said(&b)));
    }
}

/* Messages that the shell never says it has sent fill the pool: then there is no room for the list of
 * resources nor for the name of a server. */
static void check_pool_full(uint64_t seed)
{
    static const char get_core[] = "40010f01bb2e77656c6c2d6b6e6f776e04636f7265";
    char line[2500] = "AT+QCOAPOPTION=12";

    (void)seed;
    bench_config(&b, &atc_dialect_bc95, 1);
    b.cfg.settings.option = ATC_LIFE_KEEP;
    b.cfg.settings.message_max = 4096;
    EXPECT(atc_setting(&b.cfg.settings, "names", "on") == 0, "names=on");
    bench_start(&b);
    (void)bench_type(&b, "AT+CMEE=1;+QCOAPCREATE=56830\r");
    for (unsigned i = 0; i < ATC_OPTION_LIST_MAX; i++) {
        const size_t len = strlen(line);

        (void)snprintf(line + len, sizeof line - len, ",15,\"%0180u\"", i);
    }
    EXPECT(is_ok(say(line)), "a long list");
    for (unsigned i = 0; i < ATC_RESOURCE_MAX; i++) {
        (void)snprintf(line, sizeof line, "AT+QCOAPADDRES=20,\"/a-long-resource-%03u\"", i);
        EXPECT(is_ok(say(line)), "resource %u", i);
    }
    b.manner = BENCH_NEVER;
    fill_pool();
    EXPECT(is_ok(say("AT+QCOAPOPTION=1,11,\"a\"")), "a short list");
    fill_pool();
    EXPECT(b.never_answered < ATC_EXCHANGE_MAX, "it is not the exchanges that ran out");
    bench_receive(&b, get_core);
    EXPECT(atc_counter(&b.m, ATC_COUNT_POOL_FULL) == 1, "no list");
    EXPECT(strstr(say("AT+QCOAPSEND=0,1,a-name.that.is.rather.long.example,5683"), "ERROR") != NULL,
           "no name");
    EXPECT(b.orders.len > 0 && strstr(b.orders.text, "resolve") == NULL, "nobody was asked");
}

/* --- messages of ours -------------------------------------------------------------------------- */

/* Requests without an answer: the oldest gives way, the newest is still answered. */
static void check_open_requests(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bg96);
    for (unsigned i = 0; i < ATC_EXCHANGE_MAX + 5; i++) {
        (void)bench_type(&b, "AT+QCOAPSEND=0,1,1,0\r\x1A");
        EXPECT(strstr(bench_said(&b), ",0\r\n") != NULL, "request %u", i);
    }
    EXPECT(atc_counter(&b.m, ATC_COUNT_EXCHANGE_EVICTED) == 5, "gave way");
    for (unsigned ago = 0; ago < 2; ago++) {
        const struct bench_datagram d = *bench_sent(&b, ago);
        uint8_t response[10];

        memcpy(response, d.data, sizeof response);
        response[0] = 0x56;
        response[1] = 69;
        bench_datagram(&b, 0, &bench_server, response, sizeof response);
        bench_pump(&b);
        EXPECT(strstr(bench_said(&b), "+QCOAPRECV: 0,") != NULL, "answered, %u ago", ago);
    }
}

/* All entries wait for an ACK: nothing gives way, a further message is refused. */
static void check_waiting(uint64_t seed)
{
    unsigned sent = 0;

    (void)seed;
    start(&atc_dialect_bg96);
    for (unsigned i = 0; i < 24; i++) {
        char line[64];

        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=%u,0,1,0,0", i / 4);
        sent += is_ok(say(line));
    }
    EXPECT(sent == 24 || sent == ATC_EXCHANGE_MAX, "%u sent", sent);
    EXPECT(strcmp(say("AT+QCOAPSEND=0,0,1,0,0"), "\r\nERROR\r\n") == 0, "busy");
    if (sent == ATC_EXCHANGE_MAX)
        EXPECT(strcmp(say("AT+QCOAPSEND=0,3,0,0,0"), "\r\n> \r\nERROR\r\n") == 0, "full");
    bench_run(&b, 1000000);
    (void)bench_said(&b);
    EXPECT(strstr(say("AT+QCOAPSEND=0,0,1,0,0"), OK) != NULL, "free again");
}

/* M41: more messages within their lifetime than there are IDs. */
static void check_D_101_ids(uint64_t seed)
{
    unsigned sent = 0;

    (void)seed;
    start(&atc_dialect_bc95);
    for (unsigned i = 0; i < 65537; i++) {
        const char *said;

        (void)bench_type(&b, "AT+QCOAPSEND=1,2,192.0.2.1,5683\r\x1A");
        said = bench_said(&b);
        sent += strcmp(said, "\r\n>" OK) == 0;
        b.orders.len = 0;
    }
    EXPECT(sent >= 49151 && sent <= 65536, "%u sent", sent);
    EXPECT(atc_counter(&b.m, ATC_COUNT_MID_EXHAUSTED) == 65537 - sent, "refused");
    EXPECT(is_ok(say("AT+QCOAPHEAD=3,7")), "an ID of the host's");
    EXPECT(strstr(say("AT+QCOAPSEND=1,2,192.0.2.1,5683\r\x1A"), OK) != NULL, "still goes");
    bench_run(&b, 260000);
    EXPECT(strstr(say("AT+QCOAPSEND=1,2,192.0.2.1,5683\r\x1A"), OK) != NULL, "free again");
}

/* --- messages of the peers --------------------------------------------------------------------- */

/* A thousand requests a second, none answered by the host: all counted, none lost before its time
 * without a word, and a repeat of the newest is still known. */
static void check_flood(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bc95);
    (void)bench_type(&b, "AT+QCOAPADDRES=4,\"/t/d\"\r");
    for (unsigned i = 0; i < 1000; i++) {
        const uint8_t request[] = {0x40, 0x01, (uint8_t)(i >> 8), (uint8_t)i, 0xB1, 't', 1, 'd'};

        b.now_ms++;
        bench_datagram(&b, 0, &bench_server, request, sizeof request);
        bench_pump(&b);
    }
    EXPECT(atc_counter(&b.m, ATC_COUNT_DELIVERED) == 1000, "delivered");
    EXPECT(atc_counter(&b.m, ATC_COUNT_SEEN_EVICTED) == 1000 - ATC_SEEN_MAX, "gave way");
    bench_receive(&b, "400103e7b1740164");
    EXPECT(atc_counter(&b.m, ATC_COUNT_DUPLICATE) == 1, "a repeat");
    (void)bench_said(&b);
    EXPECT(is_ok(say("AT")), "the next command");
}

/* Answers are remembered until room is needed: then the oldest gives way. */
static void check_answers(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bc95);
    (void)bench_type(&b, "AT+QCOAPADDRES=4,\"/t/d\"\r");
    for (unsigned i = 1; i <= 200; i++) {
        const uint8_t request[] = {0x40, 0x01, 0, (uint8_t)i, 0xB1, 't', 1, 'd'};
        char line[1200];
        const int len = snprintf(line, sizeof line,
                                 "AT+QCOAPHEAD=3,%u\rAT+QCOAPSEND=2,205,192.0.2.1,5683\r", i);

        bench_datagram(&b, 0, &bench_server, request, sizeof request);
        bench_pump(&b);
        memset(line + len, 'z', 1000);
        line[len + 1000] = '\x1A';
        line[len + 1001] = '\0';
        (void)bench_said(&b);
        (void)bench_type(&b, line);
        EXPECT(is_ok(bench_said(&b)), "answer %u", i);
        bench_datagram(&b, 0, &bench_server, request, sizeof request);
        bench_pump(&b);
        EXPECT(bench_sent(&b, 0)->len > 1000 && bench_sent(&b, 0)->data[3] == i, "repeat %u", i);
        bench_run(&b, 20); /* fewer than ATC_ANSWER_RATE repeats in a second */
    }
    EXPECT(b.sent_count == 400, "%u sent", b.sent_count);
}

/* A shell that takes no orders away: datagrams are dropped and counted, and later it goes on. */
static void check_orders(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bc95);
    b.manner = BENCH_LEAVE;
    for (unsigned i = 0; i < 100; i++) {
        const uint8_t ping[] = {0x40, 0x00, 0, (uint8_t)i};

        bench_datagram(&b, 0, &bench_server, ping, sizeof ping);
    }
    EXPECT(atc_counter(&b.m, ATC_COUNT_PING) + atc_counter(&b.m, ATC_COUNT_DROP_BUSY) == 100 &&
               atc_counter(&b.m, ATC_COUNT_PING) > 0,
           "%u dropped", atc_counter(&b.m, ATC_COUNT_DROP_BUSY));
    EXPECT(b.sent_count == 0, "nothing is sent");
    b.manner = BENCH_GOOD;
    bench_pump(&b);
    EXPECT(b.sent_count == atc_counter(&b.m, ATC_COUNT_PING), "%u sent", b.sent_count);
    EXPECT(is_ok(say("AT")), "the next command");
}

/* --- more answers than fit --------------------------------------------------------------------- */

/* No random bytes: the command fails, nothing else does. */
static void check_D_101_no_random(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bc95);
    b.random_fails = true;
    EXPECT(strstr(say("AT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1A"), "+CME ERROR: 300") != NULL, "300");
    bench_receive(&b, "50010f01b178");
    EXPECT(is_ok(say("AT+CSQ")), "the next command");
    b.random_fails = false;
    EXPECT(strstr(say("AT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1A"), OK) != NULL, "again");
}

static void check_D_105_multicast(uint64_t seed)
{
    static const uint8_t request[] = {0x50, 0x01, 0, 7, 0xB1, 'x'};
    const struct atc_event event = {.kind = ATC_EVENT_DATAGRAM,
                                    .peer = bench_server,
                                    .multicast = true,
                                    .data = request,
                                    .len = sizeof request};

    (void)seed;
    start(&atc_dialect_bc95);
    bench_event(&b, &event);
    bench_pump(&b);
    EXPECT(b.sent_count == 0 && atc_counter(&b.m, ATC_COUNT_DROP_MULTICAST) == 1, "dropped");
}

/* A request with more options than <mode> can say. */
static void check_D_41_many_options(uint64_t seed)
{
    uint8_t data[200] = {0x50, 0x01, 0, 7, 0xB1, 't', 0x01, 'd'};

    (void)seed;
    start(&atc_dialect_bc95);
    (void)bench_type(&b, "AT+QCOAPADDRES=4,\"/t/d\"\r");
    (void)bench_said(&b);
    data[8] = 0x40; /* Uri-Query, empty, then again and again */
    bench_datagram(&b, 0, &bench_server, data, 8 + 61);
    bench_pump(&b);
    EXPECT(strncmp(bench_said(&b), "\r\n+QCOAPURC: \"req\",1,1,7,7E,11,\"t\"", 34) == 0, "63");
    data[3]++;
    bench_datagram(&b, 0, &bench_server, data, 8 + 62);
    bench_pump(&b);
    EXPECT(strncmp(bench_said(&b), "\r\n+QCOAPURC: \"req\",1,1,8,7E,11,\"t\"", 34) == 0, "64");
    EXPECT(atc_counter(&b.m, ATC_COUNT_MODE_OPTIONS) == 1, "counted");
}

/* --- clocks ------------------------------------------------------------------------------------ */

/* A CON that is sent shortly before the clock passes a power of two keeps its times. */
static void check_clock_edges(uint64_t seed)
{
    static const unsigned bits[] = {16, 31, 32, 33, 48, 62};

    (void)seed;
    for (size_t i = 0; i < COUNT_OF(bits); i++) {
        bench_config(&b, &atc_dialect_bg96, 1);
        b.now_ms = ((uint64_t)1 << bits[i]) - 5000;
        bench_start(&b);
        (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\rAT+QCOAPSEND=0,0,1,0,0\r");
        bench_run(&b, 400000);
        EXPECT(b.sent_count == 6, "bit %u: %u sent", bits[i], b.sent_count);
        EXPECT(strstr(b.te.text, "+QCOAPACK: 0,0,") != NULL, "bit %u: %s", bits[i], b.te.text);
    }
}

/* The clock jumps an hour: the CON is over, once; a hundred days later it is as new. */
static void check_clock_jumps(uint64_t seed)
{
    (void)seed;
    start(&atc_dialect_bc95);
    (void)say("AT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1A");
    b.now_ms += 3600000;
    bench_pump(&b);
    EXPECT(strstr(say("AT+QCOAPDATASTATUS?"), ": 3\r\n") != NULL, "timed out");
    EXPECT(b.sent_count == 1, "nothing is sent so late");
    b.now_ms += (uint64_t)100 * 86400000;
    EXPECT(strstr(say("AT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1A"), OK) != NULL, "again");
    bench_run(&b, 2000);
    bench_run(&b, 1000);
    EXPECT(b.sent_count == 3, "%u sent", b.sent_count);
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"resources", check_resources, 1},
        {"the pool", check_pool, 1},
        {"answers that give way", check_answers_give_way, 1},
        {"the pool full", check_pool_full, 1},
        {"open requests", check_open_requests, 1},
        {"messages that wait", check_waiting, 1},
        {"message IDs", check_D_101_ids, 1},
        {"a flood of requests", check_flood, 1},
        {"remembered answers", check_answers, 1},
        {"orders", check_orders, 1},
        {"no random bytes", check_D_101_no_random, 1},
        {"multicast", check_D_105_multicast, 1},
        {"many options", check_D_41_many_options, 1},
        {"clocks at their edges", check_clock_edges, 1},
        {"clocks that jump", check_clock_jumps, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
