/* SPDX-License-Identifier: MIT
 *
 * As much of cmocka as the tests of the core use, for machines that have none: it stands in its
 * place where script/builds compiles for another architecture. A test that fails ends its program.
 */
#ifndef BARE_CMOCKA_H
#define BARE_CMOCKA_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*test_func)(void **state);
    int (*setup_func)(void **state);
    int (*teardown_func)(void **state);
    void *initial_state;
};

/* clang-format off: it takes these braces for a block. */
#define cmocka_unit_test(function)            \
    {                                         \
#function, function, NULL, NULL, NULL \
    }
#define cmocka_unit_test_setup(function, start) \
    {                                           \
#function, function, start, NULL, NULL  \
    }
/* clang-format on */

#define print_message(...) ((void)printf(__VA_ARGS__))
#define print_error(...)   ((void)fprintf(stderr, __VA_ARGS__))

static inline void bare_check(int good, const char *what, const char *file, int line)
{
    if (good)
        return;
    print_error("%s:%d: error: not so: %s\n", file, line, what);
    exit(1);
}

/* A function, for a compiler warns of a comparison with 0. */
static inline int bare_within(uintmax_t value, uintmax_t least, uintmax_t most)
{
    return least <= value && value <= most;
}

static inline void bare_check_equal(uintmax_t a, uintmax_t b, int wanted, const char *what,
                                    const char *file, int line)
{
    if ((a == b) == wanted)
        return;
    print_error("0x%" PRIxMAX " and 0x%" PRIxMAX "\n", a, b);
    bare_check(0, what, file, line);
}

#define BARE(good, what) bare_check((good), what, __FILE__, __LINE__)
#define BARE_EQUAL(a, b, wanted) \
    bare_check_equal((uintmax_t)(a), (uintmax_t)(b), wanted, #a ", " #b, __FILE__, __LINE__)

#define fail()                           BARE(0, "fail()")
#define assert_true(c)                   BARE((c) ? 1 : 0, #c)
#define assert_false(c)                  BARE((c) ? 0 : 1, "not " #c)
#define assert_null(p)                   BARE((p) == NULL, #p " is NULL")
#define assert_non_null(p)               BARE((p) != NULL, #p " is not NULL")
#define assert_ptr_equal(a, b)           BARE((const void *)(a) == (const void *)(b), #a ", " #b)
#define assert_int_equal(a, b)           BARE_EQUAL(a, b, 1)
#define assert_int_not_equal(a, b)       BARE_EQUAL(a, b, 0)
#define assert_string_equal(a, b)        BARE(strcmp((a), (b)) == 0, #a ", " #b)
#define assert_memory_equal(a, b, n)     BARE(memcmp((a), (b), (n)) == 0, #a ", " #b)
#define assert_memory_not_equal(a, b, n) BARE(memcmp((a), (b), (n)) != 0, #a ", " #b)
#define assert_in_range(v, least, most) \
    BARE(bare_within((uintmax_t)(v), (uintmax_t)(least), (uintmax_t)(most)), #v)

typedef int (*CMFixtureFunction)(void **state);

static inline int _cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests,
                                          size_t count, CMFixtureFunction setup,
                                          CMFixtureFunction teardown)
{
    void *shared = NULL;

    if (setup != NULL)
        bare_check(setup(&shared) == 0, group, __FILE__, __LINE__);
    for (size_t i = 0; i < count; i++) {
        void *state = tests[i].initial_state != NULL ? tests[i].initial_state : shared;

        print_message("%s\n", tests[i].name);
        (void)fflush(stdout);
        if (tests[i].setup_func != NULL)
            BARE(tests[i].setup_func(&state) == 0, "setup");
        tests[i].test_func(&state);
    }
    return teardown != NULL ? teardown(&shared) : 0;
}

#define cmocka_run_group_tests_name(name, tests, setup, teardown) \
    _cmocka_run_group_tests(name, tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)
#define cmocka_run_group_tests(tests, setup, teardown) \
    cmocka_run_group_tests_name(#tests, tests, setup, teardown)

#endif
