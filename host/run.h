/* SPDX-License-Identifier: MIT
 *
 * atcoap run: one virtual module in real time.
 */
#ifndef ATCOAP_HOST_RUN_H
#define ATCOAP_HOST_RUN_H

#include <stdio.h>

/* Returns the exit status. */
int run_main(int argc, char **argv);

void run_help(FILE *out);

#endif
