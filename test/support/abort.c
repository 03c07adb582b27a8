/* SPDX-License-Identifier: MIT
 *
 * The core's assert hook for tests: the mistake is printed and stops the test
 * where it happened.
 */
#include <stdio.h>
#include <stdlib.h>

_Noreturn void atc_assert_failed(const char *file, int line);

_Noreturn void atc_assert_failed(const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: assertion failed\n", file, line);
    abort();
}
