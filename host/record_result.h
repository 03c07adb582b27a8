/* SPDX-License-Identifier: MIT
 *
 * What result.json says of a run, and what a run was started with.
 */
#ifndef ATCOAP_HOST_RECORD_RESULT_H
#define ATCOAP_HOST_RECORD_RESULT_H

#include "json.h"
#include "record.h"

/* SENT: it leaves the server, and IN, with the same number, reaches the module, unless it is lost. */
enum record_way { RECORD_OUT, RECORD_IN, RECORD_SENT };

enum { RECORD_REASON_MAX = 96 };

struct record_result {
    int status; /* the exit status */
    char reason[RECORD_REASON_MAX];
    bool complete; /* every file holds all that was recorded */
    uint64_t us;   /* how long it took */
    uint32_t lines;
    uint64_t te_bytes, module_bytes;
    uint64_t datagrams[RECORD_SENT + 1], repeats[RECORD_SENT + 1]; /* by enum record_way */
    uint64_t lost;
};

/* Put version, dialect, seed, link and settings into the object that is open. */
void record_result_head(struct json *json, const struct record_config *config);

/* Append the file. */
void record_result_put(struct script_buf *out, const struct record_result *result,
                       const struct record_config *config, const struct atc_modem *modem,
                       const struct lint *lint);

#endif
