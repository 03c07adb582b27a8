/* SPDX-License-Identifier: MIT
 *
 * The seeded numbers: the same for the same seed, wherever this runs; streams of their own; even
 * enough for a simulation. */
#include "check.h"
#include "random.h"

/* Numbers of seed 1, stream 0, as a few lines of Python give them. */
static void test_fixed(void **state)
{
    static const uint64_t expected[] = {0xb18a02f46d8d86c3u, 0xf8c5b62c83f707e8u,
                                        0x6d339d1740130eddu};
    struct sim_random r;

    (void)state;
    sim_random_seed(&r, 1, 0);
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const uint64_t number = sim_random_next(&r);

        EXPECT(number == expected[i], "number %zu is %llx", i, (unsigned long long)number);
    }
}

static void test_fill_is_next(void **state)
{
    struct sim_random a, b;
    uint8_t bytes[20];

    (void)state;
    sim_random_seed(&a, 7, 3);
    b = a;
    assert_true(sim_random_fill(&a, bytes, sizeof bytes));
    for (size_t i = 0; i < sizeof bytes; i += 8) {
        uint64_t number = sim_random_next(&b);

        for (size_t j = i; j < i + 8 && j < sizeof bytes; j++, number >>= 8)
            assert_int_equal(bytes[j], (uint8_t)number);
    }
}

static void test_streams_differ(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct sim_random r[4];

        sim_random_seed(&r[0], seed, 0);
        sim_random_seed(&r[1], seed, 1);
        sim_random_seed(&r[2], seed + 1, 0);
        sim_random_seed(&r[3], seed + 1, 1);
        for (size_t i = 0; i < COUNT_OF(r); i++)
            for (size_t j = 0; j < i; j++)
                assert_true(r[i].state != r[j].state);
    }
}

static void test_below(void **state)
{
    enum { BOUND = 10, DRAWS = 100000 };
    unsigned hits[BOUND] = {0};
    struct sim_random r;

    (void)state;
    sim_random_seed(&r, 5, 0);
    for (unsigned i = 0; i < DRAWS; i++) {
        const uint32_t n = sim_random_below(&r, BOUND);

        assert_true(n < BOUND);
        hits[n]++;
    }
    for (unsigned i = 0; i < BOUND; i++)
        EXPECT(hits[i] > DRAWS / BOUND * 95 / 100 && hits[i] < DRAWS / BOUND * 105 / 100,
               "%u came %u times", i, hits[i]);
    assert_int_equal(sim_random_below(&r, 0), 0);
    assert_int_equal(sim_random_below(&r, 1), 0);
}

static void test_chance(void **state)
{
    enum { DRAWS = 100000 };
    unsigned hits = 0;
    struct sim_random r;

    (void)state;
    sim_random_seed(&r, 6, 0);
    for (unsigned i = 0; i < DRAWS; i++) {
        hits += sim_random_chance(&r, SIM_PPM / 10);
        assert_false(sim_random_chance(&r, 0));
        assert_true(sim_random_chance(&r, SIM_PPM));
    }
    EXPECT(hits > 9500 && hits < 10500, "%u of %u", hits, (unsigned)DRAWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed),          cmocka_unit_test(test_fill_is_next),
        cmocka_unit_test(test_streams_differ), cmocka_unit_test(test_below),
        cmocka_unit_test(test_chance),
    };

    return cmocka_run_group_tests_name("sim random", tests, NULL, NULL);
}
