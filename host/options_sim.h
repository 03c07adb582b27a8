/* SPDX-License-Identifier: MIT
 *
 * Options that several commands have: what the world does to a module. Each function reads the value
 * for take() of its row and returns what that returns. */
#ifndef ATCOAP_HOST_OPTIONS_SIM_H
#define ATCOAP_HOST_OPTIONS_SIM_H

#include "link_text.h"
#include "options.h"
#include "uart_text.h"

int options_take_link(struct sim_link_config *link, const struct option *option, const char *value);
int options_take_uart(struct sim_uart_config *uart, const struct option *option, const char *value);
int options_take_seed(uint64_t *seed, const struct option *option, const char *value);

#endif
