/* SPDX-License-Identifier: MIT
 *
 * The parts of docs/commands.md.
 */
#ifndef ATCOAP_TOOLS_GEN_COMMANDS_H
#define ATCOAP_TOOLS_GEN_COMMANDS_H

#include <stdio.h>

#include "manual.h"

/* How a dialect is called in headings. */
const char *gen_title(const struct atc_dialect *d);

/* Print a heading and end it; in the contents, a link to it. Headings carry their dialect, so that no
 * two are alike. */
void gen_heading(FILE *out, int level, const char *heading);
void gen_link(FILE *out, const char *heading);

/* What a row's heading says. */
void gen_command_heading(char out[96], const struct atc_dialect *d, const struct atc_command *row);

/* "Source: BG96 3.3.2" and "Decisions: ..." as items of a list; name may be NULL. */
void gen_source(FILE *out, const char *source, const char *name);

/* "[D-26](deviations.md#...), [D-65](...)" for such a list. */
void gen_decision_links(FILE *out, const char *source);

/* A text in a cell of a table. */
void gen_cell(FILE *out, const char *text);

/* The rows of a dialect, base commands or the others. Returns false if there is no memory. */
bool gen_commands(FILE *out, const struct atc_dialect *d, bool base);

void gen_urcs(FILE *out, const struct atc_dialect *d);
void gen_results(FILE *out, const struct atc_dialect *d);
void gen_options(FILE *out, const struct atc_dialect *d);
void gen_traits(FILE *out, const struct atc_dialect *d);
void gen_settings(FILE *out);

#endif
