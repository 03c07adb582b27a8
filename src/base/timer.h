/* SPDX-License-Identifier: MIT
 *
 * A fixed set of deadlines, the earliest first: a binary heap of timer numbers.
 *
 * Setting, stopping and taking a timer cost a logarithm of those that run; nothing is scanned. Of
 * two timers due at the same moment the lower number comes first, so that runs repeat.
 */
#ifndef ATC_TIMER_H
#define ATC_TIMER_H

#include "atcoap/config.h"
#include "span.h"

struct atc_timers {
    uint64_t at_ms[ATC_TIMER_MAX];
    uint8_t heap[ATC_TIMER_MAX];  /* numbers of the timers that run */
    uint8_t place[ATC_TIMER_MAX]; /* where in heap, plus 1; 0: not running */
    uint8_t count;
};

void atc_timers_init(struct atc_timers *t);

/* Let timer run out at at_ms, whether or not it runs already. */
void atc_timer_set(struct atc_timers *t, unsigned timer, uint64_t at_ms);

/* Stop timer; nothing happens if it does not run. */
void atc_timer_stop(struct atc_timers *t, unsigned timer);

bool atc_timer_runs(const struct atc_timers *t, unsigned timer);

/* When the earliest timer runs out, UINT64_MAX if none runs. */
uint64_t atc_timers_next_ms(const struct atc_timers *t);

/* Take the earliest timer if it runs out by now_ms: it stops. Returns its number or -1. */
int atc_timers_take(struct atc_timers *t, uint64_t now_ms);

#endif
