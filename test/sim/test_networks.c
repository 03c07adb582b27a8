/* SPDX-License-Identifier: MIT
 *
 * Both modules behind hundreds of bad networks: loss up to one half, copies, overtaking, delays up
 * to three seconds. Every message ends in exactly one of delivered, timed out, reset and refused,
 * and nothing is reported twice. A failure names its seed. */
#include "check.h"
#include "link_text.h"
#include "world.h"

#include <stdlib.h>

enum { SEEDS = 1500, SENDS = 12, FLIGHT_MAX = 256, LOG_MAX = 1 << 16 };

static const struct atc_addr server = {
    .ip = {192, 0, 2, 1}, .port = 5683, .family = ATC_FAMILY_IPV4};
static struct sim_peer peer;
static struct sim_world world;

/* All that the module said. */
static char said[LOG_MAX];
static size_t said_len;
static uint64_t seed;

enum outcome { NONE, DELIVERED, TIMED_OUT, RESET, REFUSED, OUTCOMES };
static unsigned outcomes[2][OUTCOMES]; /* by dialect, of confirmable messages */

static void on_te(void *ctx, size_t modem, const uint8_t *data, size_t len)
{
    (void)ctx;
    (void)modem;
    EXPECT(said_len + len < LOG_MAX, "seed %u", (unsigned)seed);
    memcpy(said + said_len, data, len);
    said_len += len;
    said[said_len] = '\0';
}

static void type(const char *text)
{
    assert_int_equal(sim_world_te_write(&world, 0, (const uint8_t *)text, strlen(text)),
                     strlen(text));
}

/* Type a line. Returns what came of it. */
static const char *command(const char *text)
{
    const size_t before = said_len;

    type(text);
    return said + before;
}

static void open_world(const struct atc_dialect *dialect, const char *link)
{
    struct atc_config modem = {.dialect = dialect};
    struct sim_world_config config = {.modem = &modem,
                                      .modem_count = 1,
                                      .peers = &peer,
                                      .peer_count = 1,
                                      .flight_max = FLIGHT_MAX,
                                      .seed = seed,
                                      .hooks = {.te = on_te}};
    struct sim_link_config bad = {0};
    char error[SIM_LINK_ERROR_MAX];

    atc_settings_default(&modem.settings);
    modem.settings.echo = ATC_OFF;
    sim_peer_init(&peer, &server, NULL, seed, 0);
    said_len = 0;
    assert_int_equal(sim_world_open(&world, &config), 0);
    EXPECT(sim_link_parse(&bad, link, strlen(link), error), "%s: %s", link, error);
    sim_world_link_config(&world, 0, &bad);
}

/* --- the two modules -------------------------------------------------------------------------- */

/* A message: its type, code and path. Pings and the like have none. */
struct message {
    unsigned type, code;
    const char *path;
};

static const struct message messages[] = {
    {0, 1, "hello"}, {0, 2, "echo"},  {0, 1, "separate"}, {0, 1, "nosuch"},
    {0, 0, ""},      {1, 1, "hello"}, {1, 2, "echo"},     {1, 1, "separate"},
    {3, 0, ""},      {0, 1, "large"}, {0, 2, "push"}}; /* the server sends a CON request of its own */

static bool is_ok(const char *reply)
{
    const size_t len = strlen(reply);

    return len >= 6 && strcmp(reply + len - 6, "\r\nOK\r\n") == 0;
}

/* Returns whether the module took it. */
static bool send_bg96(const struct message *m, unsigned mid)
{
    char line[80];

    (void)snprintf(line, sizeof line, "AT+QCOAPOPTION=0,0,0,11,\"%s\"\r", m->path);
    assert_true(is_ok(command(line)));
    (void)snprintf(line, sizeof line, "AT+QCOAPHEADER=0,%u,0,%u,%s\r", mid, m->code != 0 ? 4 : 0,
                   m->code != 0 ? "" : "\"\"");
    if (m->code != 0)
        (void)snprintf(line, sizeof line, "AT+QCOAPHEADER=0,%u,0,4,%08X\r", mid, mid);
    assert_true(is_ok(command(line)));
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,%u,%u,%u\r", m->type, m->code,
                   m->code == 0                   ? 0u
                   : strcmp(m->path, "push") == 0 ? 7u
                                                  : 1u);
    const char *reply = command(line);
    if (strstr(reply, "> ") == NULL)
        return false;
    (void)command(m->code == 2 ? "ping\x1a" : "\x1a");
    return strstr(reply, "ERROR") == NULL;
}

static bool send_bc95(const struct message *m, unsigned mid)
{
    char line[80];

    (void)snprintf(line, sizeof line, "AT+QCOAPHEAD=5,%u,4,%08X\r", mid, mid);
    if (m->code == 0)
        (void)snprintf(line, sizeof line, "AT+QCOAPHEAD=3,%u\r", mid);
    assert_true(is_ok(command(line)));
    (void)snprintf(line, sizeof line, "AT+QCOAPOPTION=1,11,\"%s\"\r", m->path);
    if (strcmp(m->path, "push") == 0)
        (void)snprintf(line, sizeof line,
                       "AT+QCOAPOPTION=3,11,\"push\",15,\"path=/t\",15,\"type=con\"\r");
    if (m->code != 0)
        assert_true(is_ok(command(line)));
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=%u,%u,192.0.2.1,5683\r", m->type, m->code);
    const char *reply = command(line);
    if (strstr(reply, ">") == NULL)
        return false;
    (void)command(m->code == 2 ? "ping\x1a" : "\x1a");
    return strstr(reply, "ERROR") == NULL;
}

/* How often the text stands in what was said. */
static unsigned count(const char *text)
{
    unsigned times = 0;

    for (const char *at = said; (at = strstr(at, text)) != NULL; at++)
        times++;
    return times;
}

/* +QCOAPACK: <client>,<type>,<mid>,<result>: once, or not yet. */
static enum outcome outcome_bg96(const struct message *m, unsigned mid)
{
    char head[48];

    (void)snprintf(head, sizeof head, "+QCOAPACK: 0,%u,%u,", m->type, mid);
    EXPECT(count(head) <= 1, "seed %u: %s", (unsigned)seed, said);
    const char *line = strstr(said, head);
    if (line == NULL)
        return NONE;
    switch (atoi(line + strlen(head))) {
    case 0:
        return DELIVERED;
    case -11:
        return TIMED_OUT;
    case -3:
        return RESET;
    default:
        EXPECT(false, "seed %u: %s", (unsigned)seed, line);
        return NONE;
    }
}

/* AT+QCOAPDATASTATUS?: 1 while it waits, then one of the others. A NON has none: it has left. */
static enum outcome outcome_bc95(const struct message *m, unsigned mid)
{
    static const enum outcome meanings[] = {NONE, NONE, REFUSED, TIMED_OUT, DELIVERED, RESET};

    (void)mid;
    if (m->type != 0)
        return DELIVERED;
    const char *reply = strstr(command("AT+QCOAPDATASTATUS?\r"), "STATUS: ");
    assert_non_null(reply);
    return meanings[reply[8] - '0'];
}

/* --- checks ----------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each line has an ID or a token in it: no two are the same. */
static void expect_nothing_twice(void)
{
    static char *lines[LOG_MAX / 4];
    size_t lines_count = 0;

    for (char *line = strtok(said, "\r\n"); line != NULL; line = strtok(NULL, "\r\n"))
        if (strncmp(line, "+QCOAP", 6) == 0 && strstr(line, "STATUS") == NULL)
            lines[lines_count++] = line;
    qsort(lines, lines_count, sizeof *lines, by_text);
    for (size_t i = 1; i < lines_count; i++)
        EXPECT(strcmp(lines[i - 1], lines[i]) != 0, "seed %u: %s", (unsigned)seed, lines[i]);
}

static void run_seed(unsigned dialect)
{
    struct sim_random dice;
    char link[160];
    enum outcome ends[SENDS];
    const struct message *sent[SENDS];

    sim_random_seed(&dice, seed, 99);
    (void)snprintf(
        link, sizeof link, "loss=%u%%,dup=%u%%,reorder=%u%%,reorder-by=%u,delay=%u:%u,tail=%u",
        sim_random_below(&dice, 51), sim_random_below(&dice, 51), sim_random_below(&dice, 51),
        sim_random_below(&dice, 5000), sim_random_below(&dice, 500),
        500 + sim_random_below(&dice, 2500), sim_random_below(&dice, 300));
    open_world(dialect == 0 ? &atc_dialect_bg96 : &atc_dialect_bc95, link);
    (void)command(dialect == 0 ? "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r"
                                 "AT+QCOAPOPTION=0,0,1,15,\"path=/t\"\r"
                                 "AT+QCOAPOPTION=0,0,2,15,\"type=con\"\r"
                               : "AT+QCOAPCREATE=56830\rAT+QCOAPADDRES=1,\"t\"\r");
    for (unsigned i = 0; i < SENDS; i++) {
        const unsigned mid = 100 + i;
        sent[i] = &messages[sim_random_below(&dice, COUNT_OF(messages))];
        const bool taken = dialect == 0 ? send_bg96(sent[i], mid) : send_bc95(sent[i], mid);
        ends[i] = taken ? NONE : REFUSED;
        if (!taken) /* because of the one before; the next one has better luck */
            sim_world_run(&world, world.now_ms + 30000);
        /* Sometimes the next one comes before this one is through, and may be refused. */
        const bool hurries = sim_random_chance(&dice, 300000);
        for (unsigned second = 0; second < 400 && ends[i] == NONE; second++) {
            if (dialect == 0)
                ends[i] = outcome_bg96(sent[i], mid);
            else
                ends[i] = outcome_bc95(sent[i], mid);
            if (hurries && second == 1)
                break;
            if (ends[i] == NONE)
                sim_world_run(&world, world.now_ms + 1000);
        }
    }
    sim_world_run(&world, world.now_ms + 400000);
    for (unsigned i = 0; i < SENDS; i++) {
        if (dialect == 0 && ends[i] != REFUSED)
            ends[i] = outcome_bg96(sent[i], 100 + i);
        if (dialect == 0 && ends[i] == REFUSED)
            assert_int_equal(outcome_bg96(sent[i], 100 + i), NONE);
        if (dialect == 1 && ends[i] == NONE) /* its status has been overwritten, or can be read */
            ends[i] = i + 1 == SENDS ? outcome_bc95(sent[i], 100 + i) : DELIVERED;
        EXPECT(ends[i] != NONE, "seed %u: message %u has no end: %s", (unsigned)seed, 100 + i,
               said);
        if (sent[i]->type == 0)
            outcomes[dialect][ends[i]]++;
    }
    EXPECT(world.flight.overflow == 0 && !world.stuck, "seed %u", (unsigned)seed);
    expect_nothing_twice();
    sim_world_close(&world);
}

static void run_all(unsigned dialect)
{
    for (seed = 1; seed <= SEEDS; seed++)
        run_seed(dialect);
    print_message("delivered %u, timed out %u, reset %u, refused %u\n",
                  outcomes[dialect][DELIVERED], outcomes[dialect][TIMED_OUT],
                  outcomes[dialect][RESET], outcomes[dialect][REFUSED]);
    for (unsigned i = DELIVERED; i < OUTCOMES; i++)
        EXPECT(outcomes[dialect][i] > 10, "outcome %u hardly occurs", i);
}

static void test_bg96(void **state)
{
    (void)state;
    run_all(0);
}

static void test_bc95(void **state)
{
    (void)state;
    run_all(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bg96), cmocka_unit_test(test_bc95)};

    return cmocka_run_group_tests_name("bad networks", tests, NULL, NULL);
}
