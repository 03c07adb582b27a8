/* SPDX-License-Identifier: MIT
 *
 * Orders to the shell, and whose business their answers are.
 */
#ifndef ATC_ORDER_H
#define ATC_ORDER_H

#include "engine.h"

/* Hand out the next order that still matters. Returns false if there is none. */
bool atc_order_take(struct atc_engine *e, struct atc_order *order);

/* An order was answered. */
void atc_order_answered(struct atc_engine *e, const struct atc_event *event);

#endif
