/* SPDX-License-Identifier: MIT */
#include "seeds.h"

#include <signal.h>
#include <stdlib.h>

#include "check.h"

enum { PROPERTY_MAX = 32 };

static const struct property *running;
static uint64_t seed;
static uint64_t only;
static uint64_t factor = PROPERTY_FACTOR;

static void tell(void)
{
    if (running != NULL)
        (void)fprintf(stderr, "%s: seed %llu\n", running->name, (unsigned long long)seed);
}

/* An assertion of the core, or a finding of a sanitizer. */
static void on_abort(int number)
{
    (void)number;
    tell();
    _Exit(3);
}

/* What the sanitizers ask for, if there are any: to end by abort(), so that the seed is told. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
    return "abort_on_error=1";
}

const char *__ubsan_default_options(void)
{
    return "abort_on_error=1";
}

static void run_all(void **state)
{
    const struct property *p = *state;
    const uint64_t first = only != 0 ? only : 1;
    const uint64_t last = only != 0 ? only : p->seeds > 1 ? p->seeds * factor : 1;

    running = p;
    for (seed = first; seed <= last; seed++)
        p->check(seed);
    running = NULL;
}

static int after(void **state)
{
    (void)state;
    tell();
    running = NULL;
    return 0;
}

int run_properties(const struct property *properties, size_t count, int argc, char **argv)
{
    struct CMUnitTest tests[PROPERTY_MAX] = {{0}};

    if (argc > 1 && argv[1][0] == 'x')
        factor = strtoull(argv[1] + 1, NULL, 10);
    else if (argc > 1)
        only = strtoull(argv[1], NULL, 10);
    (void)signal(SIGABRT, on_abort);
    for (size_t i = 0; i < count && i < PROPERTY_MAX; i++) {
        tests[i].name = properties[i].name;
        tests[i].test_func = run_all;
        tests[i].teardown_func = after;
        tests[i].initial_state = (void *)(uintptr_t)&properties[i];
    }
    return _cmocka_run_group_tests("properties", tests, count, NULL, NULL);
}
