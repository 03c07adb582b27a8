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
uint8_t atc_base_manufacturer(struct atc_engine *e, const struct atc_call *call);

uint8_t atc_base_imei(struct atc_engine *e, const struct atc_call *call);

/* Print "+NAME: number" as the reply of a base command. */
void atc_base_number(struct atc_engine *e, const char *name, uint32_t number);

/* Change the speed of the serial port. If timeout_s is not 0 and no command line comes in that time it
 * becomes what it was; store: it outlives a restart, once such a line has come. */
void atc_base_speed(struct atc_engine *e, uint32_t baud, uint32_t timeout_s, bool store);

/* A command line has come at the present speed. */
void atc_base_speed_heard(struct atc_engine *e);

/* The module's model. */
const char *atc_base_model_text(const struct atc_engine *e);

/* The module's IMEI. */
const char *atc_base_imei_text(const struct atc_engine *e);

#endif
