/* SPDX-License-Identifier: MIT
 *
 * The datagrams in flight. */
#include "check.h"
#include "flight.h"

enum { SLOTS = 64 };

struct flight {
    struct sim_flight flight;
    struct sim_datagram slots[SLOTS];
    struct sim_heap_cell cells[SLOTS];
};

static bool add(struct flight *f, uint32_t number, uint64_t at_ms)
{
    const struct atc_addr from = {.port = 1}, to = {.port = 2};

    return sim_flight_add(&f->flight, &from, &to, (const uint8_t *)&number, sizeof number, at_ms) !=
           NULL;
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
    assert_null(sim_flight_add(&f.flight, &nobody, &nobody, large, sizeof large, 0));
    assert_non_null(sim_flight_add(&f.flight, &nobody, &nobody, large, sizeof large - 1, 0));
    for (uint32_t i = 1; i < SLOTS; i++)
        assert_true(add(&f, i, i));
    assert_false(add(&f, 0, 0));
    assert_int_equal(f.flight.overflow, 2);
    assert_non_null(sim_flight_take(&f.flight, 0));
    assert_true(add(&f, 99, 99));
}

/* What is kept stays until it is released, and only the owner's. */
static void test_release(void **state)
{
    static struct flight f;
    const struct atc_addr nobody = {0};

    (void)state;
    sim_flight_init(&f.flight, f.slots, f.cells, SLOTS);
    for (uint32_t i = 0; i < 8; i++) {
        struct sim_datagram *d = sim_flight_add(&f.flight, &nobody, &nobody, (const uint8_t *)"x",
                                                1, ATC_NEVER);

        assert_non_null(d);
        d->number = i;
        d->owner = i % 2;
        d->kept = true;
    }
    assert_true(add(&f, 99, 50));
    assert_true(sim_flight_deadline_ms(&f.flight) == 50);
    sim_flight_release(&f.flight, 1, 40);
    for (uint32_t i = 1; i < 8; i += 2) {
        const struct sim_datagram *d = sim_flight_take(&f.flight, 40);

        assert_non_null(d);
        assert_int_equal(d->number, i);
        assert_true(d->kept);
    }
    assert_null(sim_flight_take(&f.flight, 49));
    assert_non_null(sim_flight_take(&f.flight, 50));
    assert_null(sim_flight_take(&f.flight, 1000000));
    sim_flight_release(&f.flight, 0, 60);
    assert_int_equal(sim_flight_take(&f.flight, 60)->number, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flight_order),
        cmocka_unit_test(test_flight_full),
        cmocka_unit_test(test_release),
    };

    return cmocka_run_group_tests_name("sim flight", tests, NULL, NULL);
}
