/* SPDX-License-Identifier: MIT
 *
 * Long options from a table: the same rows read the command line and print the
 * help. Leaves what an option means to the function in its row.
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
    /* Set it in target; value is NULL if none was given. Returns 0, or the
     * exit status after saying what is wrong. */
    int (*take)(void *target, const struct option *option, const char *value);
};

struct options {
    const struct option *rows;
    size_t count;
    const char *command; /* "run", for the remedy of an error */
};

/* Read the command line behind argv[0]. Returns 0, or the exit status after
 * saying what is wrong. */
int options_read(const struct options *options, void *target, int argc, char **argv);

/* Print the table. */
void options_help(const struct options *options, FILE *out);

/* Say that the value does not fit and what would. Returns the exit status. */
int options_wrong(const struct option *option, const char *value, const char *allowed);

/* A decimal number without sign. Returns whether text is one up to max. */
bool options_number(uint64_t *out, const char *text, uint64_t max);

/* The name of the list (ending in NULL) most like word, or NULL if none is. */
const char *options_nearest(const char *word, const char *const *names);

#endif
