/* SPDX-License-Identifier: MIT
 *
 * The pool: room and handles run out with a stated result, blocks survive being moved together,
 * what is freed leaves no byte behind, and the promise of room is kept; under a long random run
 * against plain memory.
 */
#include <stdlib.h>

#include "check.h"
#include "pool.h"
#include "rng.h"

/* What each block costs beside its bytes: found out by filling the pool. */
static size_t overhead(void)
{
    static struct atc_pool p;

    atc_pool_init(&p);
    return ATC_POOL_SIZE - atc_pool_room_without(&p, ATC_NO_BLOCK);
}

static void test_largest(void **state)
{
    static struct atc_pool p;
    uint8_t block;

    (void)state;
    atc_pool_init(&p);
    assert_int_equal(atc_pool_take(&p, ATC_POOL_SIZE - overhead() + 1), ATC_NO_BLOCK);
    assert_int_equal(atc_pool_take(&p, SIZE_MAX), ATC_NO_BLOCK);
    block = atc_pool_take(&p, ATC_POOL_SIZE - overhead());
    assert_int_not_equal(block, ATC_NO_BLOCK);
    assert_int_equal(atc_pool_take(&p, 0), ATC_NO_BLOCK);
    assert_int_equal(atc_pool_room_without(&p, ATC_NO_BLOCK), 0);
    assert_int_equal(atc_pool_room_without(&p, block), ATC_POOL_SIZE - overhead());
    atc_pool_free(&p, block);
    assert_int_not_equal(atc_pool_take(&p, ATC_POOL_SIZE - overhead()), ATC_NO_BLOCK);
}

static void test_handles_run_out(void **state)
{
    static struct atc_pool p;
    bool used[256] = {false};

    (void)state;
    atc_pool_init(&p);
    for (unsigned i = 0; i < ATC_BLOCK_MAX; i++) {
        const uint8_t block = atc_pool_take(&p, 1);

        assert_int_not_equal(block, ATC_NO_BLOCK);
        assert_false(used[block]);
        used[block] = true;
    }
    assert_int_equal(atc_pool_take(&p, 1), ATC_NO_BLOCK);
    assert_int_equal(atc_pool_room_without(&p, ATC_NO_BLOCK), 0);
    assert_true(atc_pool_room_without(&p, 1) > 0);
    atc_pool_free(&p, 7);
    assert_int_equal(atc_pool_take(&p, 1), 7);
}

static void test_free_nothing(void **state)
{
    static struct atc_pool p;

    (void)state;
    atc_pool_init(&p);
    atc_pool_free(&p, ATC_NO_BLOCK);
    assert_int_not_equal(atc_pool_take(&p, 0), ATC_NO_BLOCK);
}

/* Whether a byte stands anywhere in the pool's memory. */
static bool holds(const struct atc_pool *p, uint8_t byte)
{
    return memchr(p->memory, byte, sizeof p->memory) != NULL;
}

/* A key that was freed is gone, whether its block lay at the end or was left as a gap, and moving
 * blocks leaves no copy. */
static void test_wiping(void **state)
{
    static struct atc_pool p;
    uint8_t low, key, high, big;

    (void)state;
    atc_pool_init(&p);
    low = atc_pool_take(&p, 100);
    key = atc_pool_take(&p, 100);
    high = atc_pool_take(&p, 100);
    memset(atc_pool_at(&p, low), 'l', 100);
    memset(atc_pool_at(&p, key), 'K', 100);
    memset(atc_pool_at(&p, high), 'h', 100);
    atc_pool_free(&p, key);
    assert_false(holds(&p, 'K'));

    key = atc_pool_take(&p, 50);
    memset(atc_pool_at(&p, key), 'K', 50);
    atc_pool_free(&p, low);
    /* No room but for moving everything together. */
    big = atc_pool_take(&p, ATC_POOL_SIZE - 150 - 3 * overhead());
    assert_int_not_equal(big, ATC_NO_BLOCK);
    memset(atc_pool_at(&p, big), 'b', ATC_POOL_SIZE - 150 - 3 * overhead());
    assert_memory_equal(atc_pool_at(&p, high), "hhhh", 4);
    assert_memory_equal(atc_pool_at(&p, key), "KKKK", 4);
    atc_pool_free(&p, key);
    assert_false(holds(&p, 'K'));
    assert_false(holds(&p, 'l'));
}

struct model {
    uint8_t *bytes[256];
    size_t len[256];
    size_t used, count;
};

static void model_take(struct model *model, struct atc_pool *p, struct rng *rng)
{
    const size_t len = rng_below(rng, rng_once_in(rng, 8) ? ATC_POOL_SIZE / 2 : 200);
    const size_t room = atc_pool_room_without(p, ATC_NO_BLOCK);
    const uint8_t block = atc_pool_take(p, len);

    EXPECT((block != ATC_NO_BLOCK) ==
               (len + overhead() <= ATC_POOL_SIZE - model->used && model->count < ATC_BLOCK_MAX),
           "%zu bytes, %zu used by %zu", len, model->used, model->count);
    EXPECT(block == ATC_NO_BLOCK || len <= room, "%zu bytes, %zu promised", len, room);
    EXPECT(block != ATC_NO_BLOCK || len > room || model->count == ATC_BLOCK_MAX || room == 0,
           "%zu bytes, %zu promised", len, room);
    if (block == ATC_NO_BLOCK)
        return;
    assert_null(model->bytes[block]);
    model->bytes[block] = malloc(len + 1);
    assert_non_null(model->bytes[block]);
    rng_fill(rng, model->bytes[block], len);
    memcpy(atc_pool_at(p, block), model->bytes[block], len);
    model->len[block] = len;
    model->used += len + overhead();
    model->count++;
}

static void model_free(struct model *model, struct atc_pool *p, uint8_t block)
{
    const size_t room = atc_pool_room_without(p, block);

    atc_pool_free(p, block);
    assert_int_equal(atc_pool_room_without(p, ATC_NO_BLOCK), room);
    free(model->bytes[block]);
    model->bytes[block] = NULL;
    model->used -= model->len[block] + overhead();
    model->count--;
}

static void compare(const struct model *model, const struct atc_pool *p)
{
    for (unsigned i = 1; i <= ATC_BLOCK_MAX; i++) {
        if (model->bytes[i] == NULL)
            continue;
        assert_int_equal(atc_pool_span(p, (uint8_t)i).len, model->len[i]);
        assert_true(
            atc_span_equal(atc_pool_span(p, (uint8_t)i), atc_span(model->bytes[i], model->len[i])));
    }
}

static void test_like_malloc(void **state)
{
    static struct atc_pool p;
    static struct model model;
    struct rng rng = {4};

    (void)state;
    atc_pool_init(&p);
    for (unsigned run = 0; run < 20000; run++) {
        const uint8_t block = (uint8_t)(1 + rng_below(&rng, ATC_BLOCK_MAX));

        if (model.bytes[block] != NULL && rng_once_in(&rng, 2))
            model_free(&model, &p, block);
        else
            model_take(&model, &p, &rng);
        if (run % 16 == 0)
            compare(&model, &p);
    }
    for (unsigned i = 1; i <= ATC_BLOCK_MAX; i++) {
        if (model.bytes[i] != NULL)
            model_free(&model, &p, (uint8_t)i);
    }
    assert_int_equal(atc_pool_room_without(&p, ATC_NO_BLOCK), ATC_POOL_SIZE - overhead());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_largest),      cmocka_unit_test(test_handles_run_out),
        cmocka_unit_test(test_free_nothing), cmocka_unit_test(test_wiping),
        cmocka_unit_test(test_like_malloc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
