/* SPDX-License-Identifier: MIT
 *
 * What came of a run of transcripts: counts, and a JUnit file for those who collect such. */
#ifndef ATCOAP_HOST_SCRIPT_REPORT_H
#define ATCOAP_HOST_SCRIPT_REPORT_H

#include "script_play.h"

struct script_report {
    unsigned passed, failed, broken;
    uint64_t time_us;
    struct script_buf cases; /* the <testcase> elements so far */
};

/* One transcript is through. */
void script_report_add(struct script_report *report, const char *path,
                       const struct script_result *result, uint64_t time_us);

/* Write the JUnit file. Returns false, with errno, if that fails. */
bool script_report_junit(const struct script_report *report, const char *path);

void script_report_free(struct script_report *report);

#endif
