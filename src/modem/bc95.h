/* SPDX-License-Identifier: MIT
 *
 * The parts of the BC95-G: bc95.c has the CoAP commands of its note and puts the dialect together,
 * bc95_base.c has the base commands, with what they do in bc95_network.c where that is more.
 */
#ifndef ATC_BC95_H
#define ATC_BC95_H

#include "engine.h"

extern const struct atc_table atc_bc95_base;

/* What base commands report and keep. Members of struct atc_dialect. */
enum { ATC_BC95_REPORT_COUNT = 6, ATC_BC95_KEPT_COUNT = 11 };
extern const struct atc_report atc_bc95_reports[ATC_BC95_REPORT_COUNT];
extern const struct atc_kept_row atc_bc95_kept[ATC_BC95_KEPT_COUNT];
void atc_bc95_probed(struct atc_engine *e, const struct atc_probe *probe, enum atc_probe_news news);

/* --- bc95_network.c: handlers ------------------------------------------------------------------- */

uint8_t atc_bc95_cgact(struct atc_engine *e, const struct atc_call *call);

uint8_t atc_bc95_nuestats(struct atc_engine *e, const struct atc_call *call);
uint8_t atc_bc95_cops(struct atc_engine *e, const struct atc_call *call);

#endif
