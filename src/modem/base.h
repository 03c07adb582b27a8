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

/* AT+CPSMS. The timers of 2G, <...RAU> and <...READY-timer>, are checked and forgotten. <mode> 2: off,
 * timers as from the factory. Source: 27.007 7.38. */
uint8_t atc_base_cpsms(struct atc_engine *e, const struct atc_call *call);

/* AT+CEDRXS: <mode> 0 off, 1 on, 2 like 1, 3 off and as from the factory. <AcT> 1 is LTE Cat M1, 5 is
 * NB-IoT; without it all that the row's range begins with. Source: 27.007 7.40. */
uint8_t atc_base_cedrxs(struct atc_engine *e, const struct atc_call *call);

/* AT+CCLK; the time is printed between these. Source: 27.007 8.15. */
uint8_t atc_base_cclk(struct atc_engine *e, const struct atc_call *call, const char *quote);

/* One or two name servers, from argument first on; nothing changes if one is no address. */
uint8_t atc_base_set_dns(struct atc_engine *e, const struct atc_call *call, unsigned first);

/* So many bits as text; and two timers of 8 bits as AT+CPSMS and AT+CEREG print them, behind the commas
 * of what is left out. */
void atc_base_put_bits(struct atc_out *out, unsigned value, unsigned count);
void atc_base_put_timers(struct atc_out *out, unsigned first, unsigned second);

/* The module's model. */
const char *atc_base_model_text(const struct atc_engine *e);

/* The module's IMEI. */
const char *atc_base_imei_text(const struct atc_engine *e);

#endif
