/* SPDX-License-Identifier: MIT
 *
 * The link's decisions and the datagrams in flight. */
#include "check.h"
#include "link.h"

enum { DATAGRAMS = 20000 };

static void test_perfect(void **state)
{
    struct sim_link link;

    (void)state;
    sim_link_init(&link, 1, 0);
    for (unsigned i = 0; i < 1000; i++) {
        const struct sim_fate fate = sim_link_decide(&link, SIM_UP, i);

        assert_int_equal(fate.count, 1);
        assert_true(fate.at_ms[0] == i);
    }
}

/* Loss, duplication and delay come as often as they are told to; each direction for itself. */
static void test_rates(void **state)
{
    const struct sim_path_config bad = {
        .loss_ppm = 200000, .dup_ppm = 100000, .delay_min_ms = 50, .delay_max_ms = 149};
    struct sim_link link;
    unsigned lost = 0, doubled = 0;
    uint64_t delay_ms = 0, copies = 0;

    (void)state;
    sim_link_init(&link, 2, 0);
    sim_link_config(&link, SIM_DOWN, &bad);
    for (unsigned i = 0; i < DATAGRAMS; i++) {
        const struct sim_fate fate = sim_link_decide(&link, SIM_DOWN, 1000);

        assert_int_equal(sim_link_decide(&link, SIM_UP, 1000).count, 1);
        lost += fate.count == 0;
        doubled += fate.count == 2;
        for (unsigned c = 0; c < fate.count; c++, copies++) {
            assert_true(fate.at_ms[c] >= 1050 && fate.at_ms[c] <= 1149);
            delay_ms += fate.at_ms[c] - 1000;
        }
    }
    EXPECT(lost > DATAGRAMS * 19 / 100 && lost < DATAGRAMS * 21 / 100, "%u lost", lost);
    EXPECT(doubled > DATAGRAMS * 7 / 100 && doubled < DATAGRAMS * 9 / 100, "%u doubled", doubled);
    EXPECT(delay_ms / copies >= 98 && delay_ms / copies <= 101, "mean delay %u",
           (unsigned)(delay_ms / copies));
    assert_int_equal(link.path[SIM_DOWN].offered, DATAGRAMS);
    assert_int_equal(link.path[SIM_DOWN].lost, lost);
    assert_int_equal(link.path[SIM_DOWN].duplicated, doubled);
}

/* The same seed loses the same datagrams, whatever else the link does to them. */
static void test_losses_stay(void **state)
{
    const struct sim_path_config plain = {.loss_ppm = 300000};
    const struct sim_path_config more = {
        .loss_ppm = 300000, .dup_ppm = 500000, .delay_min_ms = 10, .delay_max_ms = 5000};
    struct sim_link a, b;

    (void)state;
    sim_link_init(&a, 3, 8);
    sim_link_init(&b, 3, 8);
    sim_link_config(&a, SIM_UP, &plain);
    sim_link_config(&b, SIM_UP, &more);
    for (unsigned i = 0; i < DATAGRAMS; i++)
        assert_int_equal(sim_link_decide(&a, SIM_UP, 0).count == 0,
                         sim_link_decide(&b, SIM_UP, 0).count == 0);
}

static void test_once(void **state)
{
    const struct sim_path_config always = {.loss_ppm = SIM_PPM};
    struct sim_link link;

    (void)state;
    sim_link_init(&link, 4, 0);
    sim_link_once(&link, SIM_UP, SIM_ONCE_DROP, 0);
    assert_int_equal(sim_link_decide(&link, SIM_DOWN, 0).count, 1);
    assert_int_equal(sim_link_decide(&link, SIM_UP, 0).count, 0);
    assert_int_equal(sim_link_decide(&link, SIM_UP, 0).count, 1);
    sim_link_once(&link, SIM_UP, SIM_ONCE_DELAY, 700);
    assert_true(sim_link_decide(&link, SIM_UP, 5).at_ms[0] == 705);
    assert_true(sim_link_decide(&link, SIM_UP, 5).at_ms[0] == 5);
    /* It overrules the dice. */
    sim_link_config(&link, SIM_UP, &always);
    sim_link_once(&link, SIM_UP, SIM_ONCE_DUP, 0);
    assert_int_equal(sim_link_decide(&link, SIM_UP, 0).count, 2);
    assert_int_equal(sim_link_decide(&link, SIM_UP, 0).count, 0);
}

static void test_coverage(void **state)
{
    struct sim_link link;

    (void)state;
    sim_link_init(&link, 5, 0);
    sim_link_cover(&link, false);
    assert_int_equal(sim_link_decide(&link, SIM_UP, 0).count, 0);
    assert_int_equal(sim_link_decide(&link, SIM_DOWN, 0).count, 0);
    sim_link_cover(&link, true);
    assert_int_equal(sim_link_decide(&link, SIM_UP, 0).count, 1);
}

enum { SLOTS = 64 };

struct flight {
    struct sim_flight flight;
    struct sim_datagram slots[SLOTS];
    struct sim_heap_cell cells[SLOTS];
};

static bool add(struct flight *f, uint32_t number, uint64_t at_ms)
{
    const struct atc_addr from = {.port = 1}, to = {.port = 2};

    return sim_flight_add(&f->flight, &from, &to, (const uint8_t *)&number, sizeof number, at_ms);
}

/* Random adds and takes: out come the due ones, earliest first, those of one moment in the order
 * they were sent; nothing is lost and nothing invented. */
static void test_flight_order(void **state)
{
    static struct flight f;
    struct sim_random r;
    uint64_t now_ms = 0, at_ms[5000];
    uint32_t sent = 0, taken = 0;

    (void)state;
    sim_random_seed(&r, 6, 0);
    sim_flight_init(&f.flight, f.slots, f.cells, SLOTS);
    while (taken < COUNT_OF(at_ms)) {
        uint64_t last_at_ms = 0;
        int64_t last = -1;
        const struct sim_datagram *d;

        while (sent < COUNT_OF(at_ms) && sim_random_chance(&r, 600000)) {
            at_ms[sent] = now_ms + sim_random_below(&r, 30);
            if (!add(&f, sent, at_ms[sent]))
                break;
            sent++;
        }
        now_ms += sim_random_below(&r, 8);
        for (; (d = sim_flight_take(&f.flight, now_ms)) != NULL; taken++) {
            uint32_t number;

            assert_int_equal(d->len, sizeof number);
            assert_int_equal(d->to.port, 2);
            memcpy(&number, d->data, sizeof number);
            assert_true(number < sent && at_ms[number] <= now_ms);
            assert_true(at_ms[number] > last_at_ms ||
                        (at_ms[number] == last_at_ms && number > last));
            last_at_ms = at_ms[number];
            last = number;
            at_ms[number] = UINT64_MAX; /* not a second time */
        }
        assert_true(sim_flight_deadline_ms(&f.flight) > now_ms);
    }
    assert_true(sim_flight_deadline_ms(&f.flight) == ATC_NEVER);
}

static void test_flight_full(void **state)
{
    static struct flight f;
    uint8_t large[SIM_DATAGRAM_MAX + 1] = {0};
    const struct atc_addr nobody = {0};

    (void)state;
    sim_flight_init(&f.flight, f.slots, f.cells, SLOTS);
    assert_false(sim_flight_add(&f.flight, &nobody, &nobody, large, sizeof large, 0));
    assert_true(sim_flight_add(&f.flight, &nobody, &nobody, large, sizeof large - 1, 0));
    for (uint32_t i = 1; i < SLOTS; i++)
        assert_true(add(&f, i, i));
    assert_false(add(&f, 0, 0));
    assert_int_equal(f.flight.overflow, 2);
    assert_non_null(sim_flight_take(&f.flight, 0));
    assert_true(add(&f, 99, 99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_perfect),     cmocka_unit_test(test_rates),
        cmocka_unit_test(test_losses_stay), cmocka_unit_test(test_once),
        cmocka_unit_test(test_coverage),    cmocka_unit_test(test_flight_order),
        cmocka_unit_test(test_flight_full),
    };

    return cmocka_run_group_tests_name("sim link", tests, NULL, NULL);
}
