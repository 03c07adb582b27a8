/* SPDX-License-Identifier: MIT
 *
 * A sweep of a transcript: what it puts in is put in again, at the same moments, with other faults on the
 * serial line each time. It breaks if the module says or sends anything else then, or if the host cannot
 * read all that it says. Source: D-224. */
#ifndef ATCOAP_HOST_SCRIPT_SWEEP_H
#define ATCOAP_HOST_SCRIPT_SWEEP_H

#include "script_play.h"

/* Sweep a transcript that passes as it is: faults on top of uart, base being its text or NULL. The first
 * that breaks makes result SCRIPT_FAILED. Returns how many were tried. */
size_t script_sweep(const struct script *script, const struct sim_uart_config *uart,
                    const char *base, uint32_t seeds, struct script_result *result);

#endif
