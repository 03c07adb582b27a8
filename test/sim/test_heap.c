/* SPDX-License-Identifier: MIT
 *
 * The heap of moments against a list that is searched from end to end. */
#include "check.h"
#include "heap.h"
#include "random.h"

enum { ITEMS = 40 };

struct model {
    uint64_t at_ms[ITEMS], tie[ITEMS];
    bool used[ITEMS];
};

static uint32_t first_of(const struct model *m)
{
    uint32_t first = ITEMS;

    for (uint32_t i = 0; i < ITEMS; i++)
        if (m->used[i] && (first == ITEMS || m->at_ms[i] < m->at_ms[first] ||
                           (m->at_ms[i] == m->at_ms[first] && m->tie[i] < m->tie[first])))
            first = i;
    return first;
}

static void test_random_run(void **state)
{
    struct sim_heap_cell cells[ITEMS];
    struct sim_heap heap;
    struct model model;
    struct sim_random r;

    (void)state;
    sim_random_seed(&r, 1, 0);
    memset(&model, 0, sizeof model);
    sim_heap_init(&heap, cells, ITEMS);
    for (unsigned i = 0; i < 200000; i++) {
        const uint64_t at_ms = sim_random_below(&r, 50);
        const uint32_t what = sim_random_below(&r, 3);

        if (what == 0 && heap.count < ITEMS) {
            const uint32_t item = sim_heap_add(&heap, at_ms, i);

            assert_true(item < ITEMS && !model.used[item]);
            model.at_ms[item] = at_ms;
            model.tie[item] = i;
            model.used[item] = true;
        } else if (what == 1 && heap.count > 0) {
            const uint32_t item = sim_heap_first(&heap);

            sim_heap_remove_first(&heap);
            model.used[item] = false;
        } else if (what == 2) {
            const uint32_t item = sim_random_below(&r, ITEMS);

            if (model.used[item]) {
                sim_heap_move(&heap, item, at_ms);
                model.at_ms[item] = at_ms;
            }
        }
        if (heap.count > 0) {
            assert_int_equal(sim_heap_first(&heap), first_of(&model));
            assert_true(sim_heap_at_ms(&heap, sim_heap_first(&heap)) ==
                        model.at_ms[first_of(&model)]);
        } else {
            assert_int_equal(first_of(&model), ITEMS);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_run)};

    return cmocka_run_group_tests_name("sim heap", tests, NULL, NULL);
}
