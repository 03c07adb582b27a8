/* SPDX-License-Identifier: MIT
 *
 * Spans: length of a text, equality that never reads a NUL or an empty pointer.
 */
#include "check.h"
#include "span.h"

static void test_text(void **state)
{
    (void)state;
    assert_int_equal(atc_span_text("").len, 0);
    assert_int_equal(atc_span_text("abc").len, 3);
    assert_int_equal(atc_span_text("ab\0c").len, 2);
}

static void test_equal(void **state)
{
    static const struct {
        struct atc_span a, b;
        bool equal;
    } cases[] = {
        {{(const uint8_t *)"a", 1}, {(const uint8_t *)"a", 1}, true},
        {{(const uint8_t *)"a", 1}, {(const uint8_t *)"b", 1}, false},
        {{(const uint8_t *)"ab", 2}, {(const uint8_t *)"ab", 1}, false},
        {{(const uint8_t *)"a\0b", 3}, {(const uint8_t *)"a\0c", 3}, false},
        {{NULL, 0}, {NULL, 0}, true},
        {{NULL, 0}, {(const uint8_t *)"x", 0}, true},
        {{NULL, 0}, {(const uint8_t *)"x", 1}, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        EXPECT(atc_span_equal(cases[i].a, cases[i].b) == cases[i].equal, "case %zu", i);
        EXPECT(atc_span_equal(cases[i].b, cases[i].a) == cases[i].equal, "case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_equal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
