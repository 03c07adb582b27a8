/* SPDX-License-Identifier: MIT
 *
 * What atcoap help uart prints. */
#ifndef ATCOAP_HOST_HELP_UART_H
#define ATCOAP_HOST_HELP_UART_H

/* Print the keys of --uart. Returns the exit status. */
int help_uart(void);

#endif
