/* SPDX-License-Identifier: MIT
 *
 * The entries of docs/deviations.md, which is part of the program as it stands: number, title, place
 * and evidence of each. Leaves what they say to the reader.
 */
#ifndef ATCOAP_TOOLS_DECISIONS_H
#define ATCOAP_TOOLS_DECISIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Characters of the page. */
struct decision_text {
    const char *at;
    size_t len;
};

struct decision {
    unsigned number;
    struct decision_text title;
    struct decision_text place;
    struct decision_text evidence;
    struct decision_text entry; /* all of it, title first */
};

/* The next entry behind the one in *decision; all zero: the first. Returns false behind the last. */
bool decision_next(struct decision *decision);

/* The entry of that number. Returns false if there is none. */
bool decision_find(struct decision *decision, unsigned number);

/* Whether the entry is about a command or URC: its place names one of the chapters of source
 * ("BG96 5.2, D-60"), its title or place names AT+NAME (name may be NULL), or source names the entry
 * itself. Chapters of examples count for nothing. */
bool decision_is_about(const struct decision *decision, const char *source, const char *name);

/* Print the classes of evidence: "log, guess". */
void decision_put_evidence(const struct decision *decision, FILE *out);

#endif
