/* SPDX-License-Identifier: MIT
 *
 * The byte queue: records composed in place, single bytes, partial reads; and a long random run
 * against a plain array that shows the same bytes in the same order.
 */
#include "check.h"
#include "queue.h"
#include "rng.h"

enum { CAP = 37 };

static void test_record_that_does_not_fit(void **state)
{
    uint8_t memory[8];
    struct atc_queue q = {0, 0, sizeof memory};
    struct atc_out out = atc_queue_room(&q, memory);

    (void)state;
    atc_put_text(&out, "123456789");
    assert_false(atc_queue_commit(&q, &out));
    assert_int_equal(atc_queue_len(&q), 0);
    out = atc_queue_room(&q, memory);
    atc_put_text(&out, "12345678");
    assert_true(atc_queue_commit(&q, &out));
    assert_int_equal(atc_queue_free(&q), 0);
}

/* Written but not committed: it does not wait. */
static void test_uncommitted(void **state)
{
    uint8_t memory[8];
    struct atc_queue q = {0, 0, sizeof memory};
    struct atc_out out = atc_queue_room(&q, memory);

    (void)state;
    atc_put_text(&out, "ab");
    assert_int_equal(atc_queue_len(&q), 0);
    out = atc_queue_room(&q, memory);
    atc_put_text(&out, "c");
    assert_true(atc_queue_commit(&q, &out));
    assert_memory_equal(memory + q.head, "c", 1);
}

/* A byte pushed at the end of the memory finds the room in front. */
static void test_push_wraps(void **state)
{
    uint8_t memory[6] = "......";
    struct atc_queue q = {0, 0, 4};

    (void)state;
    for (unsigned i = 0; i < 4; i++)
        atc_queue_push(&q, memory, (uint8_t)('a' + i));
    atc_queue_drop(&q, 2);
    atc_queue_push(&q, memory, 'e');
    atc_queue_push(&q, memory, 'f');
    assert_int_equal(atc_queue_free(&q), 0);
    assert_memory_equal(memory, "cdef..", 6); /* nothing behind its memory */
    assert_int_equal(q.head, 0);
}

struct model {
    uint8_t bytes[CAP];
    size_t len;
};

static void model_add(struct model *model, const uint8_t *bytes, size_t len)
{
    memcpy(model->bytes + model->len, bytes, len);
    model->len += len;
}

static void model_drop(struct model *model, size_t n)
{
    memmove(model->bytes, model->bytes + n, model->len - n);
    model->len -= n;
}

static void add_record(struct rng *rng, struct atc_queue *q, uint8_t *memory, struct model *model)
{
    uint8_t bytes[CAP + 4];
    const size_t len = rng_below(rng, sizeof bytes);
    struct atc_out out = atc_queue_room(q, memory);

    rng_fill(rng, bytes, len);
    atc_put_bytes(&out, atc_span(bytes, len));
    assert_int_equal(atc_queue_commit(q, &out), len <= CAP - model->len);
    if (len <= CAP - model->len)
        model_add(model, bytes, len);
}

static void test_like_an_array(void **state)
{
    uint8_t memory[CAP];
    struct atc_queue q = {0, 0, CAP};
    struct model model = {{0}, 0};
    struct rng rng = {2};

    (void)state;
    for (unsigned run = 0; run < 200000; run++) {
        const unsigned what = rng_below(&rng, 4);
        const uint8_t byte = (uint8_t)run;

        if (what == 0) {
            add_record(&rng, &q, memory, &model);
        } else if (what == 1 && model.len < CAP) {
            atc_queue_push(&q, memory, byte);
            model_add(&model, &byte, 1);
        } else {
            const size_t n = rng_below(&rng, (unsigned)model.len + 1);

            atc_queue_drop(&q, n);
            model_drop(&model, n);
        }
        assert_int_equal(atc_queue_len(&q), model.len);
        assert_int_equal(atc_queue_free(&q), CAP - model.len);
        assert_memory_equal(memory + q.head, model.bytes, model.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record_that_does_not_fit),
        cmocka_unit_test(test_uncommitted),
        cmocka_unit_test(test_push_wraps),
        cmocka_unit_test(test_like_an_array),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
