/* SPDX-License-Identifier: MIT
 *
 * atcoap help commands [NAME].
 */
#ifndef ATCOAP_HOST_HELP_COMMANDS_H
#define ATCOAP_HOST_HELP_COMMANDS_H

#include <stdio.h>

/* Print the list of all AT commands, or everything about those of that name, in any case of letters,
 * with or without AT+. Returns the exit status, after saying what is wrong. */
int help_commands(FILE *out, const char *name);

#endif
