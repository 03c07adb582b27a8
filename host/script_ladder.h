/* SPDX-License-Identifier: MIT
 *
 * The picture of the moment at which a transcript failed: it is played once more, which on virtual
 * time gives the same again, and recorded; the end of its ladder is what one wants to see. */
#ifndef ATCOAP_HOST_SCRIPT_LADDER_H
#define ATCOAP_HOST_SCRIPT_LADDER_H

#include "script_text.h"

/* Play again, recording into a folder; returns the exit status. */
typedef int script_ladder_play(void *ctx, const char *folder);

/* Add the last rows of the ladder to out. What cannot be recorded gives nothing. */
void script_ladder_add(struct script_buf *out, script_ladder_play *play, void *ctx);

#endif
