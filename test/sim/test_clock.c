/* SPDX-License-Identifier: MIT
 *
 * The program's clock: module time from real time, at any speed. Its file is part of the test. */
#define _GNU_SOURCE

#include "../../host/clock.c"

#include "check.h"

static struct clock at_speed(const char *text)
{
    struct clock clock = {.start_us = 5000000};

    assert_true(clock_read_speed(&clock.speed, text));
    return clock;
}

static void test_speeds(void **state)
{
    const struct clock real = at_speed("1"), fast = at_speed("1000"), slow = at_speed("0.1");

    (void)state;
    assert_true(clock_at_ms(&real, 5000000) == 5000);
    assert_true(clock_at_ms(&real, 5001500) == 5001);
    assert_true(clock_at_ms(&fast, 5001500) == 6500);
    assert_true(clock_at_ms(&slow, 5020000) == 5002);
    /* A day at the highest speed. */
    assert_true(clock_at_ms(&fast, 5000000 + UINT64_C(86400000000)) ==
                5000 + UINT64_C(86400000000));
}

/* To sleep so long and not to be early, at any speed. */
static void test_waiting(void **state)
{
    static const char *const speeds[] = {"0.1", "0.333", "1", "1.5", "20", "999.999", "1000"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(speeds); i++) {
        const struct clock clock = at_speed(speeds[i]);

        for (uint64_t now_us = 5000000; now_us < 9000000; now_us += 1234567) {
            const uint64_t at_ms = clock_at_ms(&clock, now_us) + 777;
            const uint64_t wait_ms = clock_wait_at_ms(&clock, at_ms, now_us);

            const uint64_t woken_ms = clock_at_ms(&clock, now_us + wait_ms * 1000);

            assert_true(woken_ms >= at_ms);
            assert_true(woken_ms <= at_ms + 1 + clock.speed / 1000); /* a real millisecond late */
        }
        assert_true(clock_wait_at_ms(&clock, 1, 5000000) == 1);
    }
}

static void test_words(void **state)
{
    static const char *const bad[] = {"",    "0",      "0.09",          "1000.001", "1001",
                                      ".5",  "1.",     "1,5",           "1.2.3",    "-1",
                                      "1e3", "1.2345", "99999999999999"};
    uint32_t speed = 0;

    (void)state;
    assert_true(clock_read_speed(&speed, "0.1") && speed == 100);
    assert_true(clock_read_speed(&speed, "1000") && speed == 1000000);
    assert_true(clock_read_speed(&speed, "1000.000") && speed == 1000000);
    assert_true(clock_read_speed(&speed, "12.345") && speed == 12345);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        EXPECT(!clock_read_speed(&speed, bad[i]), "%s", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_speeds),
        cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
