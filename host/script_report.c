/* SPDX-License-Identifier: MIT */
#include "script_report.h"

#include <stdio.h>
#include <string.h>

/* Text for an attribute or element. XML 1.0 has no way to write most control characters at all, so
 * they become a question mark; bytes above 0x7F are not known to be UTF-8, and do too. */
static void put_xml(struct script_buf *out, const char *text, size_t len)
{
    static const char special[] = "<>&\"";
    static const char *const names[] = {"&lt;", "&gt;", "&amp;", "&quot;"};
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];
        const char *found = c != 0 ? strchr(special, c) : NULL;
        if (found != NULL)
            script_buf_text(out, names[found - special]);
        else if ((c < 0x20u && c != '\n') || c >= 0x7fu)
            script_buf_byte(out, '?');
        else
            script_buf_byte(out, c);
    }
}

/* "a/b/c.txt" is the case c of the class a/b. */
static void put_names(struct script_buf *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    script_buf_text(out, "classname=\"");
    put_xml(out, path, slash != NULL ? (size_t)(slash - path) : 0);
    script_buf_text(out, "\" name=\"");
    put_xml(out, name, dot != NULL ? (size_t)(dot - name) : strlen(name));
    script_buf_text(out, "\"");
}

static void put_seconds(struct script_buf *out, uint64_t time_us)
{
    script_buf_format(out, " time=\"%llu.%06llu\"", (unsigned long long)(time_us / 1000000u),
                      (unsigned long long)(time_us % 1000000u));
}

static void put_failure(struct script_buf *out, const struct script_result *result)
{
    const char *element = result->verdict == SCRIPT_FAILED ? "failure" : "error";
    script_buf_format(out, ">\n<%s message=\"line %u\">", element, result->line);
    put_xml(out, result->message.data, result->message.len);
    script_buf_format(out, "</%s>\n</testcase>\n", element);
}

void script_report_add(struct script_report *report, const char *path,
                       const struct script_result *result, uint64_t time_us)
{
    report->passed += result->verdict == SCRIPT_PASSED;
    report->failed += result->verdict == SCRIPT_FAILED;
    report->broken += result->verdict == SCRIPT_BROKEN;
    report->time_us += time_us;
    script_buf_text(&report->cases, "<testcase ");
    put_names(&report->cases, path);
    put_seconds(&report->cases, time_us);
    if (result->verdict == SCRIPT_PASSED)
        script_buf_text(&report->cases, "/>\n");
    else
        put_failure(&report->cases, result);
}

bool script_report_junit(const struct script_report *report, const char *path)
{
    struct script_buf out = {NULL, 0, 0};
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    script_buf_text(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"atcoap\"");
    script_buf_format(&out, " tests=\"%u\" failures=\"%u\" errors=\"%u\"",
                      report->passed + report->failed + report->broken, report->failed,
                      report->broken);
    put_seconds(&out, report->time_us);
    script_buf_text(&out, ">\n");
    script_buf_span(&out, script_span_buf(&report->cases));
    script_buf_text(&out, "</testsuite>\n");
    const bool written = fwrite(out.data, 1, out.len, file) == out.len;
    const bool closed = fclose(file) == 0;
    script_buf_free(&out);
    return written && closed;
}

void script_report_free(struct script_report *report)
{
    script_buf_free(&report->cases);
}
