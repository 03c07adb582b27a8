/* SPDX-License-Identifier: MIT
 *
 * The parts of the BG96: bg96.c has the CoAP commands of its note and puts the dialect together,
 * bg96_ssl.c has AT+QSSLCFG, bg96_network.c registration, signal and sleep, bg96_packet.c contexts,
 * pings and names, bg96_qcfg.c AT+QCFG, bg96_base.c the other base commands and those of files.
 */
#ifndef ATC_BG96_H
#define ATC_BG96_H

#include "engine.h"

extern const struct atc_table atc_bg96_ssl;
extern const struct atc_table atc_bg96_base;
extern const struct atc_table atc_bg96_network;
extern const struct atc_table atc_bg96_packet;
extern const struct atc_table atc_bg96_qcfg;

/* What base commands say: errors in words, restarts, registration. Members of struct atc_dialect. */
extern const char atc_bg96_revision[];
extern const char *const atc_bg96_boot[];
extern const char *const atc_bg96_ready[];
extern const struct atc_report atc_bg96_reports[];
void atc_bg96_probed(struct atc_engine *e, const struct atc_probe *probe, enum atc_probe_news news);
enum { ATC_BG96_REPORT_COUNT = 5 };

/* Values from the factory: T3412 and T3324 of AT+CPSMS, and of AT+CEDRXS. */
enum { ATC_BG96_TAU = 0x2C, ATC_BG96_ACTIVE = 0x0A, ATC_BG96_EDRX = 2 };

#endif
