/* SPDX-License-Identifier: MIT
 *
 * What transcripts made the modem do: command rows, results and URCs, for the count of what is
 * tested (tools/coverage_report). Written only if the environment names a file in ATCOAP_SEEN. */
#ifndef ATCOAP_HOST_SCRIPT_SEEN_H
#define ATCOAP_HOST_SCRIPT_SEEN_H

#include "atcoap/atcoap.h"

/* Add a line to the file if the record is one of those; without a file, nothing. A file that cannot
 * be written is told once on stderr. */
void script_seen(const struct atc_dialect *dialect, const struct atc_trace *record);

#endif
