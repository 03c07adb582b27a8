/* SPDX-License-Identifier: MIT */
#include "help_uart.h"

#include <stdio.h>
#include <string.h>

#include "help_text.h"
#include "status.h"
#include "uart_text.h"

enum { KEY_COLUMN = 20 };

int help_uart(void)
{
    const struct sim_uart_key *key = NULL;
    char name[64];

    (void)fputs(
        "What goes wrong on the serial line, for atcoap run --uart, atcoap test --uart\n"
        "and the line \"uart\" of a transcript: KEY=VALUE, or several with commas between;\n"
        "what stands later wins, and \"off\" in front takes all faults away. Times are ms,\n"
        "or have ms, s, m or h behind them. The page docs/uart.md says more.\n\n",
        stdout);
    for (size_t i = 0; (key = sim_uart_key(i)) != NULL; i++) {
        (void)snprintf(name, sizeof name, "%s=%s", key->name, key->form);
        help_row(stdout, name, KEY_COLUMN, key->meaning, strlen(key->meaning));
    }
    (void)fputs("\nin.drop=, out.drop=, in.garble= and out.garble= are for one way: in, to the\n"
                "module; out, to your program.\n",
                stdout);
    return STATUS_GOOD;
}
