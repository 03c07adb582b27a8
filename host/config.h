/* SPDX-License-Identifier: MIT
 *
 * A configuration file: the options of a command as "key = value" lines. Leaves
 * what a key means to options.c.
 */
#ifndef ATCOAP_HOST_CONFIG_H
#define ATCOAP_HOST_CONFIG_H

#include "options.h"

struct config_text;

/* All zero at the start. It holds the values that options point to. */
struct config {
    struct config_text *texts;
};

/* Read the file into target by options_set(). Returns 0, or the exit status
 * after saying what is wrong and in which line. */
int config_read(struct config *config, const struct options *options, void *target,
                const char *path);

/* Let the values go, when nothing points to them any more. */
void config_free(struct config *config);

#endif
