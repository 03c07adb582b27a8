/* SPDX-License-Identifier: MIT
 *
 * The modes of the terminal at standard input: key by key while the demonstration runs, and as they
 * were found afterwards, however the program ends. */
#ifndef ATCOAP_HOST_DEMO_TERMINAL_H
#define ATCOAP_HOST_DEMO_TERMINAL_H

#include <stdbool.h>

/* Whether somebody can type and read. */
bool demo_terminal_is_there(void);

/* Key by key, without echo and signals. Returns false if the terminal does not do that. */
bool demo_terminal_take(void);

/* As it was found. May be called at any time. */
void demo_terminal_give_back(void);

#endif
