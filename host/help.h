/* SPDX-License-Identifier: MIT
 *
 * The topics of atcoap help that are no commands of the program: AT commands, settings and
 * decisions, from the tables of the core and from docs/deviations.md.
 */
#ifndef ATCOAP_HOST_HELP_H
#define ATCOAP_HOST_HELP_H

#include <stdbool.h>

/* Whether the word is such a topic: "commands", "settings" or "D-26", in any case of letters. */
bool help_is_topic(const char *word);

/* Print it. name is what follows the topic, or NULL; for "commands" an AT command, with or without
 * its AT+. Returns the exit status, after saying what is wrong. */
int help_topic(const char *word, const char *name);

#endif
