/* SPDX-License-Identifier: MIT
 *
 * From bytes of the TE to command lines, from a line to its one final result.
 */
#ifndef ATC_COMMAND_H
#define ATC_COMMAND_H

#include "engine.h"

/* At least one byte from the TE. There is room for what one can lead to, and no line is being carried
 * out. Returns how many were taken: one, or more that lead to nothing. */
size_t atc_command_feed(struct atc_engine *e, struct atc_span bytes);

/* Carry out the command line as far as it goes: to its final result, to an order, to a delay. */
void atc_command_run(struct atc_engine *e);

/* Whether it would get any further now. */
bool atc_command_can_run(const struct atc_engine *e);

/* Whether there is room for a step of a command: its replies and its orders. */
bool atc_command_has_room(const struct atc_engine *e);

/* Nothing was typed for too long: a payload is cancelled, raw data ends there. */
void atc_command_prompt_timeout(struct atc_engine *e);

/* A URC and a half typed line: one of the two may have come or gone. Source: D-14. */
void atc_command_watch_urcs(struct atc_engine *e);

/* The module is reset: the line, what it printed and what it waits for are forgotten. */
void atc_command_reset(struct atc_engine *e);

#endif
