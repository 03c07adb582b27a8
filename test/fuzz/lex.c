/* SPDX-License-Identifier: MIT
 *
 * One command line behind its AT: both lexers find the same commands, forms and arguments, and every
 * row of both dialects judges them alike.
 */
#include <stdio.h>
#include <stdlib.h>

#include "atlex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const char *difference = atlex_agree(data, len);

    if (difference != NULL) {
        (void)fprintf(stderr, "the lexers differ in: %s\n", difference);
        abort();
    }
    return 0;
}
