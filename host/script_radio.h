/* SPDX-License-Identifier: MIT
 *
 * What N! lines say about the radio: a cell, a moment of the network's clock. */
#ifndef ATCOAP_HOST_SCRIPT_RADIO_H
#define ATCOAP_HOST_SCRIPT_RADIO_H

#include "atcoap/atcoap.h"
#include "script_text.h"

/* "tac=213D": one field of a cell. Returns false, cell unchanged, if it is none. */
bool script_cell_read(struct atc_cell *cell, struct script_span word);

/* "2026-11-21T08:00:00", UTC, or with a zone behind it like "+08:00" or "Z", a local time there: seconds
 * since 1970 in UTC, and the zone in quarter hours. Returns false if it is no such moment. */
bool script_time_of_day(struct script_span text, uint32_t *seconds, int8_t *zone);

#endif
