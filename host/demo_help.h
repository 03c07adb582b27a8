/* SPDX-License-Identifier: MIT
 *
 * What to try at the demonstration's prompt: a hint that goes from one command to the next, and
 * the list behind "help commands". */
#ifndef ATCOAP_HOST_DEMO_HELP_H
#define ATCOAP_HOST_DEMO_HELP_H

#include "atcoap/atcoap.h"
#include "script_text.h"

struct demo_help {
    const struct demo_topic *topics;
    size_t step; /* how far along the path of hints */
    char hint[160];
    struct script_vars vars; /* {host} and {port} of the server */
};

/* Begin with the first hint for a module with that server. */
void demo_help_start(struct demo_help *help, const struct atc_dialect *dialect,
                     const struct atc_addr *server);

/* A line was typed: the hint goes on if it was followed. */
void demo_help_typed(struct demo_help *help, struct script_span line);

/* Append the list of commands to try, and of the keys. */
void demo_help_list(const struct demo_help *help, struct script_buf *out);

void demo_help_free(struct demo_help *help);

#endif
