/* SPDX-License-Identifier: MIT */
#include "script_seen.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "log.h"

/* The file, opened at the first record. */
static FILE *seen_file(void)
{
    static FILE *file;
    static bool asked;
    const char *path = getenv("ATCOAP_SEEN");
    if (asked)
        return file;
    asked = true;
    if (path == NULL || *path == '\0')
        return NULL;
    file = fopen(path, "w");
    if (file == NULL)
        log_note("%s: %s", path, strerror(errno));
    return file;
}

void script_seen(const struct atc_dialect *dialect, const struct atc_trace *record)
{
    const char *name = dialects_name(dialect);
    FILE *file = seen_file();
    if (file == NULL)
        return;
    if (record->kind == ATC_TRACE_ROW)
        (void)fprintf(file, "row %s %u %u %u\n", name, record->value, record->from, record->to);
    if (record->kind == ATC_TRACE_COMMAND)
        (void)fprintf(file, "final %s %u %u\n", name, record->to, record->mid);
    if (record->kind == ATC_TRACE_URC)
        (void)fprintf(file, "urc %s %u %u %u %u\n", name, record->from, record->to,
                      record->value % 256u, record->value / 256u);
    if (record->kind == ATC_TRACE_REPORT)
        (void)fprintf(file, "report %s %u %u %u\n", name, record->from, record->to, record->value);
}
