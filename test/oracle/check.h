/* SPDX-License-Identifier: MIT
 *
 * What every test program starts with: cmocka, and expectations that name the case they stand in.
 */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

/* Fail with a message of its own: which case, which input. */
#define EXPECT(condition, ...)                                                  \
    do {                                                                        \
        if (!(condition)) {                                                     \
            print_error("%s:%d: not so: %s: ", __FILE__, __LINE__, #condition); \
            print_error(__VA_ARGS__);                                           \
            print_error("\n");                                                  \
            fail();                                                             \
        }                                                                       \
    } while (0)

#endif
