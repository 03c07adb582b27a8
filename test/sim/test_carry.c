/* SPDX-License-Identifier: MIT
 *
 * Datagrams over a link: each that sets out ends in exactly one verdict, and what arrives is what
 * was sent. */
#include "carry.h"
#include "check.h"
#include "link_text.h"

enum { SLOTS = 32, NUMBERS_MAX = 100000 };

static struct sim_link link;
static struct sim_flight flight;
static struct sim_datagram slots[SLOTS];
static struct sim_heap_cell cells[SLOTS];

/* What was said of each number. */
static struct {
    unsigned sent, arrived, lost;
    enum sim_why why;
    uint32_t of;
} seen[NUMBERS_MAX];
static uint32_t highest;

static struct sim_link *link_of(void *ctx, uint32_t owner)
{
    (void)ctx;
    assert_int_equal(owner, 3);
    return &link;
}

static void on_verdict(void *ctx, size_t owner, const struct sim_verdict *v)
{
    (void)ctx;
    assert_int_equal(owner, 3);
    assert_in_range(v->number, 1, NUMBERS_MAX - 1);
    assert_int_equal(v->peer.port, 5683);
    highest = v->number > highest ? v->number : highest;
    seen[v->number].sent += v->step == SIM_STEP_SENT;
    seen[v->number].arrived += v->step == SIM_STEP_ARRIVED;
    seen[v->number].lost += v->step == SIM_STEP_LOST;
    seen[v->number].why = v->why;
    seen[v->number].of = v->step == SIM_STEP_SENT ? v->of : seen[v->number].of;
    assert_int_equal(v->step == SIM_STEP_LOST, v->why != SIM_WHY_NONE);
}

static const struct sim_carrier carrier = {&flight, link_of, on_verdict, NULL};

static void start(const char *text)
{
    struct sim_link_config config = {0};
    char error[SIM_LINK_ERROR_MAX];

    EXPECT(sim_link_parse(&config, text, strlen(text), error), "%s: %s", text, error);
    sim_link_init(&link, 1, 0);
    sim_link_config(&link, &config, 0);
    sim_flight_init(&flight, slots, cells, SLOTS);
    memset(seen, 0, sizeof seen);
    highest = 0;
}

static bool send(enum sim_direction direction, const char *text, bool direct, uint64_t now_ms)
{
    const struct atc_addr peer = {.family = ATC_FAMILY_IPV4, .port = 5683}, modem = {.port = 1};
    struct sim_parcel parcel = {.owner = 3,
                                .direction = direction,
                                .from = direction == SIM_UP ? modem : peer,
                                .to = direction == SIM_UP ? peer : modem,
                                .data = (const uint8_t *)text,
                                .len = strlen(text),
                                .direct = direct};
    const bool mine = sim_carry(&carrier, &parcel, now_ms);

    if (mine)
        sim_carry_end(&carrier, &parcel, SIM_WHY_NONE, now_ms);
    return mine;
}

/* Take all that is due; each must be the text. Returns how many. */
static unsigned take(const char *text, uint64_t now_ms)
{
    const struct sim_datagram *d;
    unsigned count = 0;

    for (; (d = sim_carry_take(&carrier, now_ms)) != NULL; count++) {
        assert_int_equal(d->len, strlen(text));
        assert_memory_equal(d->data, text, d->len);
        assert_false(d->kept);
        sim_carry_done(&carrier, d, SIM_WHY_NONE, now_ms);
    }
    return count;
}

static void test_direct(void **state)
{
    (void)state;
    start("perfect");
    assert_true(send(SIM_UP, "a", true, 5));
    assert_false(send(SIM_UP, "a", false, 5));
    assert_int_equal(take("a", 5), 1);
    assert_int_equal(highest, 2);
    for (uint32_t i = 1; i <= 2; i++)
        assert_true(seen[i].sent == 1 && seen[i].arrived == 1 && seen[i].lost == 0);
    start("dup=100%");
    assert_false(send(SIM_UP, "a", true, 5)); /* two arrive */
    assert_int_equal(take("a", 5), 2);
    assert_int_equal(seen[2].of, 1);
}

/* A bad link with a small flight: all that sets out arrives once or is lost once. */
static void test_each_has_one_end(void **state)
{
    unsigned whys[SIM_WHY_COUNT] = {0}, arrived = 0, taken = 0;

    (void)state;
    start("loss=20%,burst-start=5%,burst-end=50%,dup=30%,reorder=10%,delay=0:300,rate=20k,queue=9,"
          "mtu=60,drop=7,nat=1500,coverage=900:100,rrc-idle=100,psm=50:3s,psm-buffer=2");
    for (uint64_t now_ms = 0; now_ms < 200000; now_ms++) {
        if (now_ms % 10000 < 7000 && now_ms % 7 == 0)
            (void)send(SIM_UP,
                       now_ms % 5 == 0 ? "a text that is a little long for that link" : "a text",
                       now_ms % 3 == 0, now_ms);
        /* Silence of one second lets the module sleep, of two the translator forget. */
        const uint64_t part_ms = now_ms % 20000;
        if (now_ms % 11 == 0 && !(part_ms >= 7000 && part_ms < 8000) &&
            !(part_ms >= 17000 && part_ms < 19000))
            (void)send(SIM_DOWN, "a text", false, now_ms);
        sim_carry_tick(&carrier, 3, now_ms);
        for (const struct sim_datagram *d; (d = sim_carry_take(&carrier, now_ms)) != NULL; taken++)
            sim_carry_done(&carrier, d, SIM_WHY_NONE, now_ms);
    }
    for (uint32_t i = 1; i <= highest; i++) {
        assert_int_equal(seen[i].sent, 1);
        EXPECT(seen[i].arrived + seen[i].lost <= 1, "number %u", i);
        arrived += seen[i].arrived;
        whys[seen[i].lost ? seen[i].why : 0]++;
    }
    EXPECT(arrived >= taken && arrived > 1000, "%u arrived", arrived);
    for (unsigned i = SIM_WHY_LOSS; i < SIM_WHY_COUNT; i++)
        EXPECT(whys[i] > 0 || i == SIM_WHY_DETACHED || i == SIM_WHY_LOCAL, "%s never happens",
               sim_why_name(i));
    EXPECT(whys[0] - arrived <= SLOTS, "%u have no end", whys[0] - arrived);
}

static void test_full_flight(void **state)
{
    (void)state;
    start("delay=100");
    for (unsigned i = 0; i <= SLOTS; i++)
        (void)send(SIM_UP, "a", false, 0);
    assert_int_equal(seen[SLOTS].lost, 0);
    assert_int_equal(seen[SLOTS + 1].why, SIM_WHY_LOCAL);
    assert_int_equal(take("a", 99), 0);
    assert_int_equal(take("a", 100), SLOTS);
}

/* What is kept for a module asleep comes when it wakes, under its old number; if there is no place
 * for it it is lost, and the network has room for another. */
static void test_keeping(void **state)
{
    (void)state;
    start("psm=0:1h,psm-buffer=40");
    for (unsigned i = 0; i <= SLOTS; i++)
        (void)send(SIM_DOWN, "b", false, 10);
    assert_int_equal(seen[SLOTS + 1].why, SIM_WHY_LOCAL);
    assert_int_equal(link.kept, SLOTS);
    assert_int_equal(take("b", 1000000), 0);
    assert_true(send(SIM_UP, "b", true, 2000000)); /* and asleep again at once */
    assert_int_equal(link.kept, SLOTS);
    start("psm=5s:1h,psm-buffer=40");
    for (unsigned i = 0; i < 5; i++)
        (void)send(SIM_DOWN, "b", false, 6000);
    assert_true(send(SIM_UP, "b", true, 2000000));
    assert_int_equal(take("b", 2000000), 5);
    assert_int_equal(link.kept, 0);
    for (uint32_t i = 1; i <= 5; i++)
        assert_true(seen[i].sent == 1 && seen[i].arrived == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_direct),
        cmocka_unit_test(test_each_has_one_end),
        cmocka_unit_test(test_full_flight),
        cmocka_unit_test(test_keeping),
    };

    return cmocka_run_group_tests_name("sim carry", tests, NULL, NULL);
}
