/* SPDX-License-Identifier: MIT
 *
 * Faults of a serial line as text, "urc=before,out.drop=0.1%,baud=9600": the one place that knows the
 * words. The same table reads them and explains them (atcoap help uart, docs/uart.md). */
#ifndef SIM_UART_TEXT_H
#define SIM_UART_TEXT_H

#include "uart.h"

/* Room for what sim_uart_parse() says is wrong, NUL included. */
#define SIM_UART_ERROR_MAX 240u

/* Read text[0..len) on top of *config, left to right: what comes later wins; "off", which stands
 * first, takes all faults away. Returns false, and says what is wrong and what would do; config is
 * then unchanged. */
bool sim_uart_parse(struct sim_uart_config *config, const char *text, size_t len,
                    char error[SIM_UART_ERROR_MAX]);

/* A key of the language. */
struct sim_uart_key {
    const char *name;
    const char *form;    /* what stands behind the = */
    const char *meaning; /* with units */
    bool per_way;        /* also in.NAME and out.NAME */
};

/* The i-th key, or NULL behind the last. */
const struct sim_uart_key *sim_uart_key(size_t i);

#endif
