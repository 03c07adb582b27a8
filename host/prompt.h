/* SPDX-License-Identifier: MIT
 *
 * A line being typed on a terminal: keys go in, completed lines come out, and the last row of the
 * screen shows it. Leaves the terminal's modes, reading and writing to the owner.
 *
 * It has two uses: a command line with history, and data for a module that has asked for some
 * (prompt->data), where Ctrl+Z and ESC end it. It draws with CR and blanks alone, so a terminal
 * needs to know no escape sequence. */
#ifndef ATCOAP_HOST_PROMPT_H
#define ATCOAP_HOST_PROMPT_H

#include "script_text.h"

enum { PROMPT_LINE_MAX = 4096, PROMPT_HISTORY_MAX = 64 };

enum prompt_event {
    PROMPT_NONE,   /* everything was taken, nothing is complete */
    PROMPT_ENTER,  /* the line is complete */
    PROMPT_SEND,   /* data: Ctrl+Z, or as many bytes as were wanted */
    PROMPT_CANCEL, /* data: ESC */
    PROMPT_LEAVE   /* Ctrl+C or Ctrl+D */
};

/* What to put around parts of the row; empty strings on a terminal without colours. */
struct prompt_style {
    const char *label, *hint, *end;
};

struct prompt {
    char line[PROMPT_LINE_MAX];
    size_t len, at;   /* bytes typed, and those before the cursor */
    bool data;        /* the line is data for the module */
    size_t want;      /* data: so many bytes complete it; 0: Ctrl+Z does */
    bool ended;       /* data: PROMPT_SEND came of Ctrl+Z */
    const char *hint; /* shown while nothing is typed; Tab takes the part of it before two blanks */
    struct script_buf history[PROMPT_HISTORY_MAX]; /* oldest first */
    size_t history_count;
    size_t back;             /* the line came from so many entries back; 0: it is new */
    struct script_buf draft; /* the new line, while older ones are shown */
    size_t drawn;            /* columns of the row that are in use */
    struct prompt_style style;
};

/* Take keys, up to the one that completes something; *used says how many bytes that were. What an
 * escape sequence consists of must come in one piece. */
enum prompt_event prompt_keys(struct prompt *prompt, const uint8_t *keys, size_t len, size_t *used);

/* Begin a new line. */
void prompt_clear(struct prompt *prompt);

/* Put the line into the history. */
void prompt_remember(struct prompt *prompt);

/* Append what draws the row, at most columns - 1 wide, with the cursor in its place. */
void prompt_draw(struct prompt *prompt, const char *label, size_t columns, struct script_buf *out);

/* Append what blanks the row, if it was drawn. */
void prompt_erase(struct prompt *prompt, struct script_buf *out);

void prompt_free(struct prompt *prompt);

#endif
