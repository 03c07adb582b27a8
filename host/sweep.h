/* SPDX-License-Identifier: MIT
 *
 * A sweep: the same session again and again, each time with something else wrong on the serial line:
 * every order of URCs, a slow line, then the dice of as many seeds as asked for. */
#ifndef ATCOAP_HOST_SWEEP_H
#define ATCOAP_HOST_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SWEEP_SEEDS = 20, SWEEP_SEEDS_MAX = 1000000, SWEEP_TEXT_MAX = 512 };

/* The i-th thing that goes wrong, for --uart, on top of base unless that is NULL. Returns false behind
 * the last, or if there is no room for the text. */
bool sweep_text(char text[SWEEP_TEXT_MAX], size_t i, uint32_t seeds, const char *base);

/* The N of --sweep[=N]. Returns false if it is no number that can be. */
bool sweep_read(uint32_t *seeds, const char *value);

/* atcoap run --exec --sweep: run the program argv[0] is a command of ("run") again and again, without
 * its --sweep. base is its --uart or NULL. Returns the exit status. */
int sweep_run(int argc, char **argv, uint32_t seeds, uint64_t seed, const char *base);

#endif
