/* SPDX-License-Identifier: MIT
 *
 * Everything that is traced or counted has a name of its own, and no number is without an answer.
 */
#include "check.h"
#include "engine.h"

static const struct {
    const char *what;
    const char *(*name)(unsigned number);
    unsigned count;
} kinds[] = {
    {"counter", atc_count_name, ATC_COUNT_COUNT},
    {"remark", atc_remark_name, ATC_REMARK_COUNT},
    {"cause", atc_cause_name, ATC_CAUSE_COUNT},
    {"order", atc_order_name, ATC_ORDER_UART + 1},
    {"session state", atc_session_state_name, ATC_SESSION_STATE_COUNT},
    {"exchange state", atc_exchange_state_name, ATC_EXCHANGE_STATE_COUNT},
    {"line state", atc_line_state_name, ATC_LINE_STATE_COUNT},
};

static void test_each_has_its_own(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        for (unsigned i = 0; i < kinds[k].count; i++) {
            const char *name = kinds[k].name(i);

            EXPECT(strcmp(name, "?") != 0, "%s %u has no name", kinds[k].what, i);
            for (unsigned j = 0; j < i; j++)
                EXPECT(strcmp(name, kinds[k].name(j)) != 0, "%s %u and %u", kinds[k].what, i, j);
        }
    }
}

static void test_never_null(void **state)
{
    static const unsigned numbers[] = {200, 255, 256, 65535, UINT32_MAX};

    (void)state;
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        for (size_t i = 0; i < COUNT_OF(numbers); i++)
            assert_string_equal(kinds[k].name(numbers[i]), "?");
        assert_string_equal(kinds[k].name(kinds[k].count), "?");
    }
}

/* How a line ends that has no final result. */
static void test_of_no_result(void **state)
{
    (void)state;
    assert_string_equal(atc_cause_name(ATC_SILENT), "restart");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_has_its_own),
        cmocka_unit_test(test_never_null),
        cmocka_unit_test(test_of_no_result),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
