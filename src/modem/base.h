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
uint8_t atc_base_cgdcont(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_base_cgpaddr(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_base_cgact(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_base_cpsms(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_base_cedrxs(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_base_cclk(struct atc_engine *e, const struct atc_call *call);

/* The write form of AT+COPS: <mode> 0 to 2, with <format> 2 and <oper> if it is 1. */
uint8_t atc_base_select(struct atc_engine *e, const struct atc_call *call);

uint8_t atc_base_imei(struct atc_engine *e, const struct atc_call *call);

/* Print "+NAME: number" as the reply of a base command. */
void atc_base_number(struct atc_engine *e, const char *name, uint32_t number);

/* The name servers that arguments from index on name: one or two addresses. */
uint8_t atc_base_set_dns(struct atc_engine *e, const struct atc_call *call, unsigned index);

/* Change the speed of the serial port. If timeout_s is not 0 and no command line comes in that time it
 * becomes what it was; store: it outlives a restart, once such a line has come. */
void atc_base_speed(struct atc_engine *e, uint32_t baud, uint32_t timeout_s, bool store);

/* A command line has come at the present speed. */
void atc_base_speed_heard(struct atc_engine *e);

/* Whether a PDP context is active: by a command, or as the default bearer. */
bool atc_base_is_active(const struct atc_engine *e, unsigned cid);

/* So many bits as text, 8 at most; false if that is not what text is. And back. */
bool atc_base_bits(uint8_t *bits, unsigned count, struct atc_span text);
void atc_put_bits(struct atc_out *out, uint8_t bits, unsigned count);

/* The module's IMEI. */
const char *atc_base_imei_text(const struct atc_engine *e);

#endif
