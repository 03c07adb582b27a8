/* SPDX-License-Identifier: MIT
 *
 * Two decoders, written apart, must read every datagram alike.
 */
#include <stdio.h>
#include <stdlib.h>

#include "agree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const char *why = agree(data, len);

    if (why != NULL) {
        fprintf(stderr, "the decoders differ: %s\n", why);
        abort();
    }
    return 0;
}
