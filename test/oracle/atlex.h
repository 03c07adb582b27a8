/* SPDX-License-Identifier: MIT
 *
 * A second reading of an AT command line, to hold against src/at/lex.c and schema.c: written from V.250
 * 5.2 to 5.4 and D-09 to D-12, in another style, sharing no code with them. It is a machine that is
 * pushed one byte at a time and never looks back or ahead; what it found are places in the line.
 */
#ifndef ATLEX_H
#define ATLEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema.h"

enum { ATLEX_ARG_MAX = 32, ATLEX_COMMAND_MAX = 400 };

enum atlex_form {
    ATLEX_BROKEN, /* no command; what comes behind it is not looked at */
    ATLEX_BASIC,
    ATLEX_S_READ,
    ATLEX_S_WRITE,
    ATLEX_EXECUTE,
    ATLEX_READ,
    ATLEX_TEST,
    ATLEX_WRITE
};

struct atlex_place {
    size_t from, to; /* [from, to) of the line */
};

struct atlex_arg {
    struct atlex_place text; /* without its quotes */
    bool given, quoted;
};

struct atlex_command {
    enum atlex_form form;
    struct atlex_place name; /* without the plus sign */
    struct atlex_place args; /* of those forms that have them */
    bool split;              /* they could be split; only for ATLEX_WRITE */
    size_t arg_count;        /* of all; the first ATLEX_ARG_MAX are listed */
    struct atlex_arg arg[ATLEX_ARG_MAX];
};

/* The commands of line[0..len), which stands behind its AT. Returns how many there are; the first
 * ATLEX_COMMAND_MAX are filled in. A broken one is the last. */
size_t atlex_read(struct atlex_command *commands, const uint8_t *line, size_t len);

/* Whether a command's arguments fit a row, and then the values of its integers. */
bool atlex_fits(const struct atlex_command *command, const uint8_t *line,
                const struct atc_command *row, uint32_t numbers[ATLEX_ARG_MAX]);

/* Hold the library against this reading: commands, arguments, and every row of both dialects. NULL if
 * they agree, else what they differ in. */
const char *atlex_agree(const uint8_t *line, size_t len);

#endif
