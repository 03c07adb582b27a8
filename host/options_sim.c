/* SPDX-License-Identifier: MIT */
#include "options_sim.h"

#include <string.h>

#include "status.h"

int options_take_link(struct sim_link_config *link, const struct option *option, const char *value)
{
    char error[SIM_LINK_ERROR_MAX];

    memset(link, 0, sizeof *link);
    return sim_link_parse(link, value, strlen(value), error) ? STATUS_GOOD
                                                             : options_wrong(option, value, error);
}

int options_take_uart(struct sim_uart_config *uart, const struct option *option, const char *value)
{
    char error[SIM_UART_ERROR_MAX];

    memset(uart, 0, sizeof *uart);
    return sim_uart_parse(uart, value, strlen(value), error) ? STATUS_GOOD
                                                             : options_wrong(option, value, error);
}

int options_take_seed(uint64_t *seed, const struct option *option, const char *value)
{
    return options_number(seed, value, UINT64_MAX)
               ? STATUS_GOOD
               : options_wrong(option, value, "give a number from 0 to 18446744073709551615");
}
