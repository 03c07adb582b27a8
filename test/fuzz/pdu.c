/* SPDX-License-Identifier: MIT
 *
 * One datagram: both decoders read it alike, and what the library read, built again, is the same
 * bytes, for a CoAP message can be written in one way only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agree.h"
#include "pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void stop(const char *why)
{
    (void)fprintf(stderr, "%s\n", why);
    abort();
}

static size_t rebuild(uint8_t *buf, size_t max, const struct atc_pdu *pdu)
{
    struct atc_out out = atc_out(buf, max);
    struct atc_walk walk = atc_walk(pdu);
    struct atc_option option;
    uint32_t last = 0;

    atc_put_header(&out, pdu->type, pdu->code, pdu->mid, pdu->token);
    while (atc_walk_next(&walk, &option))
        atc_put_option(&out, &last, option.number, option.value);
    atc_put_payload(&out, pdu->payload);
    return out.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t again[8192];
    const char *difference = agree(data, size);
    struct atc_pdu pdu;

    if (difference != NULL)
        stop(difference);
    if (size > sizeof again || atc_pdu_parse(&pdu, data, size) != 0)
        return 0;
    if (rebuild(again, sizeof again, &pdu) != size || memcmp(again, data, size) != 0)
        stop("built again it is another message");
    return 0;
}
