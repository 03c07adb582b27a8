/* SPDX-License-Identifier: MIT
 *
 * What the demonstration shows: the AT port in the left column, datagrams in the right one, in the
 * order in which they happen; between them remarks across both. On a terminal a line being typed
 * may stand in the last row; everything else appears above it.
 *
 * Bytes that are not printable ASCII are shown escaped, so that nobody's server can write to the
 * terminal. */
#ifndef ATCOAP_HOST_DEMO_SCREEN_H
#define ATCOAP_HOST_DEMO_SCREEN_H

#include "prompt.h"

struct demo_screen {
    bool colour;
    size_t columns;
    struct script_buf partial; /* output of the module whose line has not ended yet */
    struct script_buf out;     /* what is not written yet */
    struct prompt *prompt;     /* the line being typed; NULL: there is none */
};

/* Find out what standard output is: colours only on a terminal that has them and if NO_COLOR is
 * not set. */
void demo_screen_init(struct demo_screen *screen);

/* The terminal may have another size now. */
void demo_screen_resize(struct demo_screen *screen);

/* A heading, and a remark; each a paragraph of its own width. */
void demo_screen_title(struct demo_screen *screen, const char *text);
void demo_screen_remark(struct demo_screen *screen, const char *text);

/* Text as it is, in lines. */
void demo_screen_text(struct demo_screen *screen, const char *text);

/* Bytes typed by the TE, a row; hidden: only how many. */
void demo_screen_typed(struct demo_screen *screen, const void *data, size_t len, bool hidden);

/* Bytes from the module: a row as soon as a line is complete, which is handed to on_line, without
 * its end. */
void demo_screen_output(struct demo_screen *screen, const uint8_t *data, size_t len,
                        void (*on_line)(void *ctx, const char *line, size_t len), void *ctx);

/* The module waits behind what it has said so far: it is a row. */
void demo_screen_flush_line(struct demo_screen *screen);

void demo_screen_datagram(struct demo_screen *screen, bool up, const uint8_t *data, size_t len);

/* Write everything to standard output. Returns false if that failed. */
bool demo_screen_write(struct demo_screen *screen);

void demo_screen_free(struct demo_screen *screen);

#endif
