/* SPDX-License-Identifier: MIT
 *
 * What people read about the commands, from the tables of the dialects: docs/commands.md and
 * atcoap help commands print the same facts. What no table says, a meaning and an example for each
 * command and a meaning for each parameter, stands in manual_text.c; manual_check() finds what is
 * missing there.
 */
#ifndef ATCOAP_TOOLS_MANUAL_H
#define ATCOAP_TOOLS_MANUAL_H

#include <stdio.h>

#include "dialect.h"

/* Words for a row. */
struct manual_text {
    const char *dialect; /* NULL: all of them */
    const char *name;
    const char *key;     /* as in the row */
    const char *meaning; /* half a sentence, for a list */
    const char *example; /* what is typed; see manual_play() */
};

/* Words for a parameter. */
struct manual_param_text {
    const char *dialect; /* NULL: all of them */
    const char *command; /* NULL: all of them */
    const char *name;
    const char *meaning;
};

/* What the read form, or a write form without its value, prints in front of its OK. */
struct manual_reply {
    const char *dialect; /* NULL: all of them */
    const char *name;
    const char *key;     /* as in the row */
    const char *reply;   /* one line */
    const char *meaning; /* of what stands in it and nowhere else; or NULL */
};

extern const struct manual_text manual_texts[];
extern const size_t manual_text_count;
extern const struct manual_param_text manual_param_texts[];
extern const size_t manual_param_text_count;
extern const struct manual_reply manual_replies[];
extern const size_t manual_reply_count;

/* The dialects; NULL behind the last. */
extern const struct atc_dialect *const manual_dialects[];

/* The words for a row, a parameter or a reply; the first that fit. NULL: there are none. */
const struct manual_text *manual_text(const struct atc_dialect *d, const struct atc_command *row);
const char *manual_param_text(const struct atc_dialect *d, const struct atc_command *row,
                              const char *name);
const struct manual_reply *manual_reply(const struct atc_dialect *d, const struct atc_command *row);

/* Say on stderr which rows, parameters and read forms of CoAP commands have no words, and which words
 * have no row. Returns whether all is well. */
bool manual_check(void);

/* "AT+", or "AT" for a command of one letter and S3. */
const char *manual_prefix(const struct atc_command *row);

/* The line that is typed: AT+QCOAPCLOSE=<clientID>. */
void manual_put_line(FILE *out, const struct atc_command *row, enum atc_form form);
const char *manual_form_name(enum atc_form form);

/* What the test form prints in front of its OK. Returns false, having printed nothing, if it is
 * nothing. */
bool manual_put_test_reply(FILE *out, const struct atc_dialect *d, const struct atc_command *row);

/* "<port>", but "trans" for a key. */
void manual_put_name(FILE *out, const struct atc_param *param);

/* "integer", and "1-65535". */
const char *manual_kind(const struct atc_param *param);
void manual_put_range(FILE *out, const struct atc_param *param);

/* What follows the line: half a sentence, or NULL for nothing. */
const char *manual_body(const struct atc_dialect *d, const struct atc_command *row);

/* How errors read. */
const char *manual_errors(const struct atc_dialect *d, const struct atc_command *row);

/* "300 ms", "15 s". */
void manual_put_time(FILE *out, uint32_t time_ms);

/* Type an example on a module of that dialect in a world of its own, with the model server of sim
 * at 192.0.2.1, and print what a terminal shows, each line behind indent. The example is a text of
 * lines; one that begins with ">" is data that Ctrl+Z ends, one that begins with "=" is data as it
 * stands; {mid} is the message ID of the last request that was reported. Returns false if there is
 * no memory. */
bool manual_play(FILE *out, const struct atc_dialect *d, const char *example, const char *indent);

#endif
