/* SPDX-License-Identifier: MIT
 *
 * Playing a transcript: its lines one after the other, against whatever target there is.
 *
 * T lines and N lines are two streams: within each the order is checked, between them it is not,
 * for a serial line and a radio have none. Everything that comes out must be listed before the next
 * line that puts something in or moves the clock. */
#ifndef ATCOAP_HOST_SCRIPT_PLAY_H
#define ATCOAP_HOST_SCRIPT_PLAY_H

#include "script_parse.h"
#include "script_target.h"

enum script_verdict {
    SCRIPT_PASSED,
    SCRIPT_FAILED, /* something else came than is listed */
    SCRIPT_BROKEN  /* the transcript itself is wrong */
};

struct script_result {
    enum script_verdict verdict;
    unsigned line;             /* where it went wrong */
    struct script_buf message; /* what is wrong, as lines */
};

/* Play it. With accepted, nothing that comes out is wrong: the transcript as it should have been is
 * appended there. The result's message is the caller's to free. */
void script_play(const struct script *script, const struct script_target *target,
                 struct script_buf *accepted, struct script_result *result);

#endif
