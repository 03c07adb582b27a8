/* SPDX-License-Identifier: MIT
 *
 * The deadlines: earliest first, the lower number first among equals; and a long random run of sets,
 * stops and takes against a list that is searched from end to end.
 */
#include "check.h"
#include "rng.h"
#include "timer.h"

static void test_none(void **state)
{
    struct atc_timers t;

    (void)state;
    atc_timers_init(&t);
    assert_true(atc_timers_next_ms(&t) == UINT64_MAX);
    assert_int_equal(atc_timers_take(&t, UINT64_MAX), -1);
    atc_timer_stop(&t, 0);
    assert_false(atc_timer_runs(&t, ATC_TIMER_MAX - 1));
}

static void test_equal_moments(void **state)
{
    struct atc_timers t;

    (void)state;
    atc_timers_init(&t);
    for (unsigned i = ATC_TIMER_MAX; i > 0; i--)
        atc_timer_set(&t, i - 1, 50);
    assert_int_equal(atc_timers_take(&t, 49), -1);
    for (unsigned i = 0; i < ATC_TIMER_MAX; i++)
        assert_int_equal(atc_timers_take(&t, 50), (int)i);
    assert_int_equal(atc_timers_take(&t, 50), -1);
}

/* A timer that is set again has one deadline, the last. Large moments do not wrap. */
static void test_set_again(void **state)
{
    const uint64_t late = (uint64_t)1 << 40;
    struct atc_timers t;

    (void)state;
    atc_timers_init(&t);
    atc_timer_set(&t, 3, late);
    atc_timer_set(&t, 5, late - 1);
    atc_timer_set(&t, 3, 10);
    assert_true(atc_timers_next_ms(&t) == 10);
    atc_timer_set(&t, 3, late + 1);
    assert_int_equal(atc_timers_take(&t, UINT64_MAX), 5);
    assert_int_equal(atc_timers_take(&t, late), -1);
    assert_int_equal(atc_timers_take(&t, late + 1), 3);
    assert_true(atc_timers_next_ms(&t) == UINT64_MAX);
}

struct model {
    uint64_t at_ms[ATC_TIMER_MAX];
    bool runs[ATC_TIMER_MAX];
};

static int earliest(const struct model *model)
{
    int found = -1;

    for (int i = 0; i < ATC_TIMER_MAX; i++) {
        if (model->runs[i] && (found < 0 || model->at_ms[i] < model->at_ms[found]))
            found = i;
    }
    return found;
}

static void compare(const struct atc_timers *t, const struct model *model)
{
    const int first = earliest(model);

    assert_true(atc_timers_next_ms(t) == (first < 0 ? UINT64_MAX : model->at_ms[first]));
    for (unsigned i = 0; i < ATC_TIMER_MAX; i++)
        assert_int_equal(atc_timer_runs(t, i), model->runs[i]);
}

static void take(struct atc_timers *t, struct model *model, uint64_t now_ms)
{
    const int first = earliest(model);
    const int due = first >= 0 && model->at_ms[first] <= now_ms ? first : -1;

    assert_int_equal(atc_timers_take(t, now_ms), due);
    if (due >= 0)
        model->runs[due] = false;
}

static void test_like_a_list(void **state)
{
    struct atc_timers t;
    struct model model = {{0}, {false}};
    struct rng rng = {3};

    (void)state;
    atc_timers_init(&t);
    for (unsigned run = 0; run < 100000; run++) {
        const unsigned timer = rng_below(&rng, ATC_TIMER_MAX);
        const uint64_t at_ms = rng_below(&rng, 100);
        const unsigned what = rng_below(&rng, 8);

        if (what < 4) {
            atc_timer_set(&t, timer, at_ms);
            model.at_ms[timer] = at_ms;
            model.runs[timer] = true;
        } else if (what < 6) {
            atc_timer_stop(&t, timer);
            model.runs[timer] = false;
        } else {
            take(&t, &model, at_ms);
        }
        compare(&t, &model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_equal_moments),
        cmocka_unit_test(test_set_again),
        cmocka_unit_test(test_like_a_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
