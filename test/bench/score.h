/* SPDX-License-Identifier: MIT
 *
 * How the clients of this folder count: requests answered, time and CPU time of the process meanwhile,
 * and at a window of one the time of each. Printed as one line of JSON.
 */
#ifndef BENCH_SCORE_H
#define BENCH_SCORE_H

#include <stdbool.h>
#include <stdint.h>

/* Start to count, for so many seconds. What was before, such as opening sockets, does not count. */
void score_start(double seconds);

/* So many more were answered. Returns whether the time is up; the clock is read each time. */
bool score_answered(unsigned count);

/* The same at a window of one, where the time since the last call is that of the request. It is over
 * after so many, too, as a modem has message IDs. */
bool score_one(void);

/* Stop and print. */
void score_print(void);

/* Print what went wrong and the system's reason, and end. */
_Noreturn void score_fail(const char *what);

#endif
