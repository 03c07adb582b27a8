/* SPDX-License-Identifier: MIT
 *
 * The parts of the BG96: bg96.c has the CoAP commands of its note and puts the dialect together,
 * bg96_ssl.c has AT+QSSLCFG, bg96_base.c the base and file commands.
 */
#ifndef ATC_BG96_H
#define ATC_BG96_H

#include "engine.h"

extern const struct atc_table atc_bg96_ssl;
extern const struct atc_table atc_bg96_base;

/* What base commands say: errors in words, restarts, registration. Members of struct atc_dialect. */
extern const struct atc_cme_text atc_bg96_texts[];
extern const char *const atc_bg96_boot[];
extern const char *const atc_bg96_ready[];
extern const struct atc_report atc_bg96_reports[];
enum { ATC_BG96_REPORT_COUNT = 1 };

#endif
