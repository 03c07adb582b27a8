/* SPDX-License-Identifier: MIT
 *
 * Text in columns that fits a terminal.
 */
#ifndef ATCOAP_HOST_HELP_TEXT_H
#define ATCOAP_HOST_HELP_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Columns of a terminal that every line fits. */
enum { HELP_WIDTH = 79 };

/* Print name at an indent of two, and the text from that column on, wrapped at blanks. A name that
 * reaches the column gets a line of its own. */
void help_row(FILE *out, const char *name, int column, const char *text, size_t len);

#endif
