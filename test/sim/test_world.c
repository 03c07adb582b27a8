/* SPDX-License-Identifier: MIT
 *
 * Modems, links and the model server on one clock. */
#include "check.h"
#include "link_text.h"
#include "world.h"

enum { TE_MAX = 4096, FLIGHT_MAX = 256 };

static const struct atc_addr server = {
    .ip = {192, 0, 2, 1}, .port = 5683, .family = ATC_FAMILY_IPV4};
static struct sim_peer peer;
static struct sim_world world;

static void open_world(size_t modem_count, uint64_t seed, const struct sim_hooks *hooks)
{
    struct atc_config modem;
    struct sim_world_config config;

    memset(&modem, 0, sizeof modem);
    memset(&config, 0, sizeof config);
    modem.dialect = &atc_dialect_bg96;
    atc_settings_default(&modem.settings);
    modem.settings.echo = ATC_OFF;
    sim_peer_init(&peer, &server, NULL, seed, 0);
    config.modem = &modem;
    config.modem_count = modem_count;
    config.peers = &peer;
    config.peer_count = 1;
    config.flight_max = FLIGHT_MAX;
    config.te_max = TE_MAX;
    config.seed = seed;
    if (hooks != NULL)
        config.hooks = *hooks;
    assert_int_equal(sim_world_open(&world, &config), 0);
}

static void type(size_t modem, const char *text)
{
    assert_int_equal(sim_world_te_write(&world, modem, (const uint8_t *)text, strlen(text)),
                     strlen(text));
}

/* Take what a modem said, as a string. */
static const char *said(size_t modem)
{
    static char text[TE_MAX + 1];
    size_t len = 0;
    const uint8_t *te = sim_world_te(&world, modem, &len);

    memcpy(text, te, len);
    text[len] = '\0';
    sim_world_te_drop(&world, modem, len);
    return text;
}

static void test_exchange(void **state)
{
    (void)state;
    open_world(1, 1, NULL);
    type(0, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    assert_string_equal(said(0), "\r\nOK\r\n\r\n+QCOAPOPEN: 0,0\r\n");
    type(0, "AT+QCOAPOPTION=0,0,0,11,\"hello\"\rAT+QCOAPHEADER=0,7,0\r");
    assert_string_equal(said(0), "\r\nOK\r\n\r\nOK\r\n");
    type(0, "AT+QCOAPSEND=0,0,1,1,0\r");
    assert_string_equal(said(0), "\r\n> \r\nOK\r\n");
    sim_world_run(&world, 0);
    assert_string_equal(said(0), "\r\n+QCOAPACK: 0,0,7,0\r\n\r\n+QCOAPRECV: 0,7,2.05,0,,1,12,0,22"
                                 "\r\nhello word from server\r\n");
    assert_int_equal(peer.counts.requests, 1);
    sim_world_close(&world);
}

/* The clock goes to each deadline and no further than asked. */
static void test_clock(void **state)
{
    (void)state;
    open_world(1, 2, NULL);
    sim_world_run(&world, 5000);
    assert_true(world.now_ms == 5000);
    type(0, "AT+QCOAPOPEN=0,\"192.0.2.9\",5683\r");
    type(0, "AT+QCOAPSEND=0,0,1,0,0\r");
    (void)said(0);
    const uint64_t first_ms = sim_world_deadline_ms(&world);
    /* The datagram to nobody is due at once. */
    assert_true(first_ms == 5000);
    sim_world_run(&world, 6999);
    assert_int_equal(world.unreachable, 1);
    assert_string_equal(said(0), "");
    assert_true(sim_world_deadline_ms(&world) >= 7000 && sim_world_deadline_ms(&world) <= 8000);
    sim_world_run(&world, 8000);
    assert_memory_equal(said(0), "\r\n+QCOAPIND: 0,0,", 16);
    assert_true(world.now_ms == 8000);
    sim_world_close(&world);
}

static void test_failures(void **state)
{
    (void)state;
    open_world(1, 3, NULL);
    sim_world_fail_next(&world, 0, ATC_ORDER_OPEN, ATC_CAUSE_SOCKET);
    type(0, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    assert_string_equal(said(0), "\r\nOK\r\n\r\n+QCOAPOPEN: 0,-7\r\n");
    type(0, "AT+QCOAPOPEN=0,\"nosuch.example\",5683\r");
    assert_string_equal(said(0), "\r\nOK\r\n\r\n+QCOAPOPEN: 0,-5\r\n");
    type(0, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    assert_string_equal(said(0), "\r\nOK\r\n\r\n+QCOAPOPEN: 0,0\r\n");
    sim_world_fail_next(&world, 0, ATC_ORDER_SEND, ATC_CAUSE_SEND);
    type(0, "AT+QCOAPHEADER=0,7,0\rAT+QCOAPSEND=0,1,1,0,0\r");
    assert_string_equal(said(0), "\r\nOK\r\n\r\n> \r\nOK\r\n\r\n+QCOAPACK: 0,1,7,-11\r\n");
    sim_world_close(&world);
}

/* A TE that does not read: nothing is lost, and everything comes when it does. */
static void test_full_te(void **state)
{
    size_t total = 0, taken = 0, count = 0;
    const char line[] = "ATI\r";

    (void)state;
    open_world(1, 4, NULL);
    do {
        taken = sim_world_te_write(&world, 0, (const uint8_t *)line, sizeof line - 1);
        count++;
    } while (taken == sizeof line - 1);
    for (size_t len = TE_MAX; len > 0; total += len)
        len = strlen(said(0));
    assert_true(total > TE_MAX);
    type(0, line + taken);
    for (size_t len = TE_MAX; len > 0; total += len)
        len = strlen(said(0));
    assert_int_equal(total % count, 0); /* every ATI got the same answer */
    sim_world_close(&world);
}

static bool holds_open;
static uint32_t held_id;

static bool on_order(void *ctx, size_t modem, const struct atc_order *order)
{
    (void)ctx;
    (void)modem;
    if (order->kind != ATC_ORDER_OPEN || !holds_open)
        return false;
    held_id = order->id;
    return true;
}

/* An order that a hook takes over is answered when the owner likes. */
static void test_hook(void **state)
{
    const struct sim_hooks hooks = {.order = on_order};
    struct atc_event done;
    struct atc_addr addr;

    (void)state;
    holds_open = true;
    open_world(1, 5, &hooks);
    type(0, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    assert_string_equal(said(0), "\r\nOK\r\n");
    sim_world_run(&world, 1000);
    assert_false(sim_world_address(&world, 0, 0, &addr));
    memset(&done, 0, sizeof done);
    done.kind = ATC_EVENT_DONE;
    done.order = held_id;
    sim_world_listen(&world, 0, 0, 0);
    sim_world_event(&world, 0, &done);
    assert_string_equal(said(0), "\r\n+QCOAPOPEN: 0,0\r\n");
    assert_true(sim_world_address(&world, 0, 0, &addr));
    assert_int_equal(addr.ip[0], 10);
    sim_world_close(&world);
}

static bool has_room;
static size_t heard_len;

static bool on_room(void *ctx, size_t modem, size_t len)
{
    (void)ctx;
    (void)modem;
    (void)len;
    return has_room;
}

static void on_heard(void *ctx, size_t modem, const uint8_t *data, size_t len)
{
    (void)ctx;
    (void)modem;
    (void)data;
    heard_len += len;
}

/* Without room for it a modem keeps what it says, and it comes once there is. */
static void test_no_room(void **state)
{
    const struct sim_hooks hooks = {.te = on_heard, .te_room = on_room};

    (void)state;
    has_room = false;
    heard_len = 0;
    open_world(1, 5, &hooks);
    type(0, "AT\r");
    sim_world_run(&world, 5000);
    assert_int_equal(heard_len, 0);
    has_room = true;
    sim_world_te_drop(&world, 0, 0);
    assert_int_equal(heard_len, strlen("\r\nOK\r\n"));
    sim_world_close(&world);
}

/* What all modems said, mixed into one number. */
static uint64_t digest;

static void on_te(void *ctx, size_t modem, const uint8_t *data, size_t len)
{
    (void)ctx;
    digest = (digest ^ modem) * 0x100000001b3u;
    for (size_t i = 0; i < len; i++)
        digest = (digest ^ data[i]) * 0x100000001b3u;
}

#define TEXT "loss=20%,dup=5%,reorder=5%,delay=20:900"

/* Many modems behind bad links ask for something every second; every CON comes to its end. */
static uint64_t run_fleet(size_t modem_count, uint64_t seed)
{
    const struct sim_hooks hooks = {.te = on_te};
    struct sim_link_config bad = {0};
    char error[SIM_LINK_ERROR_MAX];

    assert_true(sim_link_parse(&bad, TEXT, strlen(TEXT), error));
    digest = 1;
    open_world(modem_count, seed, &hooks);
    for (size_t i = 0; i < modem_count; i++) {
        sim_world_link_config(&world, i, &bad);
        type(i, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\rAT+QCOAPOPTION=0,0,0,11,\"echo\"\r");
        (void)said(i);
    }
    for (unsigned second = 0; second < 20; second++) {
        for (size_t i = 0; i < modem_count; i++) {
            type(i, "AT+QCOAPSEND=0,0,2,1,4\r");
            const char *text = said(i);
            const size_t len = strlen(text);

            /* A prompt, or ERROR while a CON is outstanding. */
            if (len > 2 && strcmp(text + len - 2, "> ") == 0)
                type(i, "ping");
        }
        sim_world_run(&world, world.now_ms + 1000);
    }
    /* The last time-out of a CON with five repeats is after 189 s at the latest. */
    for (unsigned i = 0; i < 200; i++) {
        sim_world_run(&world, world.now_ms + 1000);
        for (size_t m = 0; m < modem_count; m++)
            (void)said(m);
    }
    assert_false(world.stuck);
    assert_int_equal(world.flight.overflow, 0);
    for (size_t i = 0; i < modem_count; i++) {
        assert_true(atc_counter(sim_world_modem(&world, i), ATC_COUNT_SENT) > 0);
        type(i, "AT\r");
        assert_string_equal(said(i), "\r\nOK\r\n");
    }
    sim_world_close(&world);
    return digest;
}

/* The same seed gives the same bytes, another seed others. */
static void test_repeatable(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        const uint64_t first = run_fleet(3, seed);

        EXPECT(first == run_fleet(3, seed), "seed %u", (unsigned)seed);
        EXPECT(first != run_fleet(3, seed + 100), "seed %u", (unsigned)seed);
    }
}

static void test_fleet(void **state)
{
    (void)state;
    (void)run_fleet(100, 1);
    assert_true(peer.counts.requests > 100);
}

/* The server asks a modem, over the link. */
static void test_push(void **state)
{
    (void)state;
    open_world(1, 6, NULL);
    type(0, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\rAT+QCOAPHEADER=0,7,0\r"
            "AT+QCOAPOPTION=0,0,0,11,\"push\"\rAT+QCOAPOPTION=0,0,1,15,\"path=/t\"\r"
            "AT+QCOAPOPTION=0,0,2,15,\"token=0A\"\r");
    (void)said(0);
    type(0, "AT+QCOAPSEND=0,0,2,7,0\r");
    sim_world_run(&world, 0);
    EXPECT(strstr(said(0), ",0.01,1,0A,1,11,\"t\",0\r\n") != NULL, "no request came");
    sim_world_close(&world);
}

static void test_bad_config(void **state)
{
    struct sim_world_config config;
    struct atc_config modem;

    (void)state;
    memset(&config, 0, sizeof config);
    memset(&modem, 0, sizeof modem);
    config.modem = &modem;
    assert_int_equal(sim_world_open(&world, &config), ATC_E_CONFIG);
    config.modem_count = SIM_MODEM_COUNT_MAX + 1u;
    assert_int_equal(sim_world_open(&world, &config), ATC_E_CONFIG);
    config.modem_count = 1;
    assert_int_equal(sim_world_open(&world, &config), ATC_E_CONFIG); /* no dialect */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchange),   cmocka_unit_test(test_clock),
        cmocka_unit_test(test_failures),   cmocka_unit_test(test_full_te),
        cmocka_unit_test(test_hook),       cmocka_unit_test(test_repeatable),
        cmocka_unit_test(test_fleet),      cmocka_unit_test(test_push),
        cmocka_unit_test(test_bad_config), cmocka_unit_test(test_no_room),
    };

    return cmocka_run_group_tests_name("sim world", tests, NULL, NULL);
}
