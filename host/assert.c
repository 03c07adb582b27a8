/* SPDX-License-Identifier: MIT
 *
 * The core's assert hook: a mistake of ours, never of the input.
 */
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "status.h"

_Noreturn void atc_assert_failed(const char *file, int line);

_Noreturn void atc_assert_failed(const char *file, int line)
{
    log_note("internal error at %s:%d; please report it with what led to it", file, line);
    exit(STATUS_SYSTEM);
}
