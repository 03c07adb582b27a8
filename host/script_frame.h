/* SPDX-License-Identifier: MIT
 *
 * How lines stand in the module's output: which of them has a CR LF before it, and where a prompt
 * or a raw payload breaks the rule. It turns a T< line into the one sequence of bytes that is right
 * in its place, and bytes back into T< and T= lines.
 *
 *   results, URCs, the first line of a reply    CR LF line CR LF
 *   the further lines of a reply                line CR LF
 *   a prompt                                    CR LF >          (BG96: and a blank)
 *   the payload of +QCOAPRECV                   as many bytes as it says, CR LF */
#ifndef ATCOAP_HOST_SCRIPT_FRAME_H
#define ATCOAP_HOST_SCRIPT_FRAME_H

#include "atcoap/atcoap.h"
#include "script_text.h"

struct script_frame {
    const char *prompt;
    bool in_reply;    /* a command line was typed, and its final result is still to come */
    bool has_info;    /* a line of that reply has come */
    bool joined;      /* the command line held several commands */
    char head[32];    /* of the last such line: its name up to the colon, or "" */
    bool payload_due; /* a +QCOAPRECV has come; these bytes are its payload */
    size_t payload_len;
};

void script_frame_start(struct script_frame *frame, const struct atc_dialect *dialect);

/* The TE wrote that. */
void script_frame_input(struct script_frame *frame, const void *data, size_t len);

/* The network did something: what comes now is no reply. */
void script_frame_event(struct script_frame *frame);

/* If data begins with the line that pattern describes, framed as it has to be, take note of it and
 * return its bytes; else -1. */
ptrdiff_t script_frame_take(struct script_frame *frame, struct script_span pattern,
                            struct script_vars *vars, const void *data, size_t len);

/* Note that exact bytes were taken. */
void script_frame_exact(struct script_frame *frame, const void *data, size_t len);

/* Append the transcript line ("T< OK") for what data begins with, and return the bytes it stands
 * for: at least 1. */
size_t script_frame_render(struct script_frame *frame, const void *data, size_t len,
                           struct script_buf *out);

#endif
