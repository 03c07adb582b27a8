/* SPDX-License-Identifier: MIT
 *
 * Any bytes on the AT port, in both dialects: every command line ends exactly once, and afterwards
 * AT is answered.
 */
#include "modem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct fuzz_modem f;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t check[] = {'A', 'T', '\r'};
    unsigned ended;

    if (len == 0)
        return 0;
    fuzz_start(&f, data[0]);
    fuzz_type(&f, data + 1, len - 1);
    fuzz_leave(&f);
    FUZZ_REQUIRE(f.begun == f.ended);
    ended = f.ended;
    check[2] = fuzz_line_end(&f);
    fuzz_type(&f, check, sizeof check);
    FUZZ_REQUIRE(atc_is_off(&f.m) || (f.begun == ended + 1 && f.ended == ended + 1));
    return 0;
}
