/* SPDX-License-Identifier: MIT
 *
 * A day of one module on a narrow-band network that saves power, and everything that happened in it
 * as one number: the same with every compiler and on every machine. */
#include "check.h"
#include "link_text.h"
#include "world.h"

#include <inttypes.h>
#include <time.h>

enum { MINUTE_MS = 60000, DAY_MINUTES = 24 * 60, LIMIT_MS = 10000 };

#define LINK "nbiot-psm,coverage=2h:5m,nat=30s,loss=5%,dup=1%,reorder=1%"

static const struct atc_addr server = {
    .ip = {192, 0, 2, 1}, .port = 5683, .family = ATC_FAMILY_IPV4};
static struct sim_peer peer;
static struct sim_world world;

/* All that was said and all that was decided, mixed into one number. */
static uint64_t said, decided;
static unsigned acknowledged, verdicts, whys[SIM_WHY_COUNT];

static void mix(uint64_t *digest, uint64_t value)
{
    *digest = (*digest ^ value) * 0x100000001b3u;
}

static void on_te(void *ctx, size_t modem, const uint8_t *data, size_t len)
{
    char text[256] = "";

    (void)ctx;
    (void)modem;
    for (size_t i = 0; i < len; i++)
        mix(&said, data[i]);
    memcpy(text, data, len < sizeof text ? len : sizeof text - 1);
    acknowledged += strstr(text, "+QCOAPACK: 0,0,") != NULL && strstr(text, ",0\r\n") != NULL;
}

static void on_verdict(void *ctx, size_t modem, const struct sim_verdict *v)
{
    (void)ctx;
    (void)modem;
    verdicts++;
    whys[v->why]++;
    mix(&decided, v->number);
    mix(&decided, (uint64_t)v->step << 16 | (uint64_t)v->direction << 8 | v->why);
    mix(&decided, v->now_ms);
}

static void type(const char *text)
{
    assert_int_equal(sim_world_te_write(&world, 0, (const uint8_t *)text, strlen(text)),
                     strlen(text));
}

static void open_world(void)
{
    struct atc_config modem = {.dialect = &atc_dialect_bg96};
    const struct sim_world_config config = {.modem = &modem,
                                            .modem_count = 1,
                                            .peers = &peer,
                                            .peer_count = 1,
                                            .flight_max = 64,
                                            .seed = 7,
                                            .hooks = {.te = on_te, .verdict = on_verdict}};
    struct sim_link_config link = {0};
    char error[SIM_LINK_ERROR_MAX];

    atc_settings_default(&modem.settings);
    modem.settings.echo = ATC_OFF;
    sim_peer_init(&peer, &server, NULL, 7, 0);
    assert_int_equal(sim_world_open(&world, &config), 0);
    assert_true(sim_link_parse(&link, LINK, strlen(LINK), error));
    sim_world_link_config(&world, 0, &link);
}

/* A message a minute for six hours, then one every twenty minutes. */
static void live_a_day(void)
{
    said = decided = 0xcbf29ce484222325u;
    acknowledged = verdicts = 0;
    memset(whys, 0, sizeof whys);
    open_world();
    type("AT+QCOAPOPEN=0,\"192.0.2.1\",5683\rAT+QCOAPOPTION=0,0,0,11,\"hello\"\r");
    for (unsigned minute = 0; minute < DAY_MINUTES; minute++) {
        if (minute < 360 || minute % 20 == 0)
            type("AT+QCOAPSEND=0,0,1,1,0\r");
        sim_world_run(&world, world.now_ms + MINUTE_MS);
    }
    assert_false(world.stuck);
    assert_int_equal(world.flight.overflow, 0);
    sim_world_close(&world);
}

static void test_day(void **state)
{
    const clock_t start = clock();

    (void)state;
    live_a_day();
    const unsigned took_ms = (unsigned)((clock() - start) * 1000 / CLOCKS_PER_SEC);
    print_message("a day took %u ms: %u verdicts, %u acknowledged, lost: %u loss, %u coverage\n",
                  took_ms, verdicts, acknowledged, whys[SIM_WHY_LOSS], whys[SIM_WHY_COVERAGE]);
    assert_in_range(took_ms, 0, LIMIT_MS);
    assert_in_range(acknowledged, 250, 420);
    EXPECT(whys[SIM_WHY_LOSS] > 0 && whys[SIM_WHY_COVERAGE] > 0, "nothing was lost");
}

/* The same twice, and the same as ever. Both numbers depend on what the module says and when it sends
 * again, so they change with it: then put in what this prints. The link's own dice do not change:
 * sim/test_link.c. */
static void test_same_everywhere(void **state)
{
    const uint64_t golden_decided = 0x402d804ab23937d3, golden_said = 0x537a7f621e7fad1a;

    (void)state;
    live_a_day();
    const uint64_t first_said = said, first_decided = decided;
    live_a_day();
    EXPECT(said == first_said && decided == first_decided, "two runs differ");
    EXPECT(decided == golden_decided, "decided 0x%016" PRIx64, decided);
    EXPECT(said == golden_said, "said 0x%016" PRIx64, said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_day),
                                       cmocka_unit_test(test_same_everywhere)};

    return cmocka_run_group_tests_name("a day", tests, NULL, NULL);
}
