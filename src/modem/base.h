/* SPDX-License-Identifier: MIT
 *
 * Base commands: handlers that dialects share. Where only ranges or spellings differ, a dialect has
 * a row of its own with one of these.
 */
#ifndef ATC_BASE_H
#define ATC_BASE_H

#include "engine.h"

uint8_t atc_base_cmee(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_base_cfun(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_base_imei(struct atc_engine *e, const struct atc_call *call);

/* Print "+NAME: number" as the reply of a base command. */
void atc_base_number(struct atc_engine *e, const char *name, uint32_t number);

/* The module's IMEI. */
const char *atc_base_imei_text(const struct atc_engine *e);

#endif
