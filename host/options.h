/* SPDX-License-Identifier: MIT
 *
 * Long options from a table: the same rows read the command line, name the keys
 * of a configuration file and print the help. Leaves what an option means to the
 * function in its row, and the file to config.c.
 */
#ifndef ATCOAP_HOST_OPTIONS_H
#define ATCOAP_HOST_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_value {
    OPTION_NONE,    /* --name */
    OPTION_NEEDED,  /* --name=VALUE or --name VALUE */
    OPTION_OPTIONAL /* --name or --name=VALUE */
};

struct option {
    const char *name; /* without dashes; NULL: meaning is a heading */
    char letter;      /* -v; 0: none */
    enum option_value takes;
    const char *value;   /* what the help calls the value */
    const char *meaning; /* one or more lines */
    bool early;          /* read before all others, and not from a file */
    bool keyed;          /* a file may also say "name.KEY = VALUE" for KEY=VALUE; take() does not
                            keep the text */
    const char *origin;  /* set while take() runs for a file: its name and line */
    /* Set it in target; value is NULL if none was given. Returns 0, or the
     * exit status after saying what is wrong. */
    int (*take)(void *target, const struct option *option, const char *value);
};

struct options {
    const struct option *rows;
    size_t count;
    const char *command; /* "run", for the remedy of an error */
};

/* Take the early options of the command line behind argv[0], as far as it can be
 * understood. Returns 0, or the exit status after saying what is wrong. */
int options_read_early(const struct options *options, void *target, int argc, char **argv);

/* Take all others. Returns 0, or the exit status after saying what is wrong. */
int options_read(const struct options *options, void *target, int argc, char **argv);

/* Take "key = value" of a file, origin being "modem.ini:3". An option without a
 * value takes yes or no; an empty value is none. Returns as above. */
int options_set(const struct options *options, void *target, const char *origin, const char *key,
                const char *value);

/* Print the table. */
void options_help(const struct options *options, FILE *out);

/* Say that the value does not fit and what would. Returns the exit status. */
int options_wrong(const struct option *option, const char *value, const char *allowed);

/* A decimal number without sign. Returns whether text is one up to max. */
bool options_number(uint64_t *out, const char *text, uint64_t max);

/* The name of the list (ending in NULL) most like word, or NULL if none is. */
const char *options_nearest(const char *word, const char *const *names);

#endif
