/* SPDX-License-Identifier: MIT
 *
 * Which command line the module works on, as seen from outside: it counts the lines, keeps their
 * text and finds the final result of each in what the module says.
 */
#ifndef ATCOAP_HOST_RECORD_LINE_H
#define ATCOAP_HOST_RECORD_LINE_H

#include "atcoap/atcoap.h"

/* Bytes kept of a line; lines whose final result the TE has not read yet; bytes of a result. */
enum { RECORD_LINE_MAX = ATC_LINE_MAX, RECORD_LINES_WAITING = 4, RECORD_RESULT_MAX = 64 };

struct record_command {
    uint32_t number; /* from 1 */
    bool silent;     /* it ends without a result */
    size_t len;
    char text[RECORD_LINE_MAX]; /* as typed, without its end */
};

/* A line has got its final result, a number after ATV0; an empty one if it gets none. */
typedef void record_result_call(void *ctx, const struct record_command *command, const char *result,
                                size_t len);

struct record_line {
    record_result_call *on_result;
    void *ctx;
    uint32_t count;                /* lines so far */
    bool running;                  /* the module works on a line, or waits for its data */
    struct record_command command; /* that line, or the one being typed */
    size_t waiting_count;          /* lines that are through, their result not read yet, */
    struct record_command waiting[RECORD_LINES_WAITING]; /* oldest first */
    size_t said_len;
    char said[RECORD_RESULT_MAX]; /* the line that the module is saying; RECORD_RESULT_MAX: longer
                                     than any result */
};

void record_line_init(struct record_line *line, record_result_call *on_result, void *ctx);

/* The module starts anew: the line it worked on is over, without a result. */
void record_line_restart(struct record_line *line);

/* The module has taken a byte from the TE. */
void record_line_typed(struct record_line *line, uint8_t byte);

/* A step inside the module. */
void record_line_trace(struct record_line *line, const struct atc_trace *trace);

/* The TE has got bytes from the module. */
void record_line_said(struct record_line *line, const uint8_t *data, size_t len);

/* The TE has got all that the module has said: what has no result by now gets none in words. */
void record_line_read(struct record_line *line);

/* The line the module works on, or NULL. */
const struct record_command *record_line_running(const struct record_line *line);

#endif
