/* SPDX-License-Identifier: MIT
 *
 * What a host may type: random turns from a grammar of each dialect's commands, with good and bad
 * values, payloads, and noise. And a second reading of D-01 and D-02: what a line is.
 */
#ifndef HOST_H
#define HOST_H

#include "atcoap/atcoap.h"
#include "rng.h"

enum { HOST_TURN_MAX = 6000 };

/* One turn: a command line without its end, and the payload to type if it is asked for. */
struct host_turn {
    size_t line_len;
    size_t payload_len; /* with what ends it */
    uint8_t line[HOST_TURN_MAX];
    uint8_t payload[HOST_TURN_MAX];
};

enum host_style {
    HOST_SANE, /* commands, some with bad values */
    HOST_NOISY /* bytes are added, changed and left out here and there; also no command at all */
};

void host_turn(struct host_turn *turn, struct rng *rng, const struct atc_dialect *dialect,
               enum host_style style);

/* Whether a line as typed, without its end, is a command line. */
bool host_is_command(const uint8_t *line, size_t len);

/* Whether noise may have made it one that changes how results look: ATV, ATQ, ATZ, AT&F, A/. */
bool host_may_reframe(const uint8_t *line, size_t len);

#endif
