/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <uv.h>

#include "addr.h"
#include "escape.h"

void log_start(struct log *log, bool verbose)
{
    /* A line at a time, so that lines of several modems and of the shell's
     * other programs do not mix, and a chunk is not a system call a byte. */
    (void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
    log->verbose = verbose;
    log->start_ns = uv_hrtime();
}

void log_note(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    (void)fputs("atcoap: ", stderr);
    (void)vfprintf(stderr, format, list);
    (void)fputc('\n', stderr);
    va_end(list);
}

static void put_time(const struct log *log)
{
    const uint64_t us = (uv_hrtime() - log->start_ns) / 1000u;

    (void)fprintf(stderr, "%llu.%06llu ", (unsigned long long)(us / 1000000u),
                  (unsigned long long)(us % 1000000u));
}

void log_detail(const struct log *log, const char *format, ...)
{
    va_list list;

    if (!log->verbose)
        return;
    va_start(list, format);
    put_time(log);
    (void)vfprintf(stderr, format, list);
    (void)fputc('\n', stderr);
    va_end(list);
}

void log_te(const struct log *log, enum log_way way, const uint8_t *data, size_t len, bool hidden)
{
    if (!log->verbose || len == 0)
        return;
    put_time(log);
    (void)fputs(way == LOG_IN ? "> " : "< ", stderr);
    if (hidden)
        (void)fprintf(stderr, "<%zu bytes>", len);
    for (size_t i = 0; i < len && !hidden; i++) {
        char text[ESCAPE_MAX];

        (void)escape_byte(text, data[i]);
        (void)fputs(text, stderr);
    }
    (void)fputc('\n', stderr);
}

static void put_peer(const struct log *log, enum log_way way, unsigned session,
                     const struct atc_addr *peer, size_t len)
{
    char text[ADDR_TEXT_MAX];

    addr_text(text, peer);
    put_time(log);
    (void)fprintf(stderr, "client %u %s %s, %zu bytes ", session, way == LOG_IN ? "from" : "to",
                  text, len);
}

static void put_hex(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        (void)fprintf(stderr, "%02x", data[i]);
    (void)fputc('\n', stderr);
}

void log_datagram(const struct log *log, enum log_way way, unsigned session,
                  const struct atc_addr *peer, const uint8_t *data, size_t len)
{
    if (!log->verbose)
        return;
    put_peer(log, way, session, peer, len);
    put_hex(data, len);
}

void log_record(const struct log *log, enum log_way way, unsigned session,
                const struct atc_addr *peer, size_t len)
{
    if (!log->verbose)
        return;
    put_peer(log, way, session, peer, len);
    (void)fputs("of DTLS\n", stderr);
}

void log_inside(const struct log *log, enum log_way way, unsigned session,
                const struct atc_addr *peer, const uint8_t *data, size_t len)
{
    if (!log->verbose)
        return;
    put_peer(log, way, session, peer, len);
    (void)fputs("inside DTLS ", stderr);
    put_hex(data, len);
}

static void put_step(const char *what, const char *from, const char *to)
{
    (void)fprintf(stderr, "%s: %s -> %s\n", what, from, to);
}

void log_trace(const struct log *log, const struct atc_trace *record)
{
    char what[48];

    if (!log->verbose || record->kind == ATC_TRACE_ROW || record->kind == ATC_TRACE_URC ||
        record->kind == ATC_TRACE_REPORT)
        return; /* the TE's bytes are in the log and tell people more */
    put_time(log);
    switch ((enum atc_trace_kind)record->kind) {
    case ATC_TRACE_LINE:
        put_step("line", atc_line_state_name(record->from), atc_line_state_name(record->to));
        return;
    case ATC_TRACE_SESSION:
        (void)snprintf(what, sizeof what, "client %u", record->session);
        put_step(what, atc_session_state_name(record->from), atc_session_state_name(record->to));
        return;
    case ATC_TRACE_EXCHANGE:
        (void)snprintf(what, sizeof what, "client %u message %u", record->session, record->mid);
        put_step(what, atc_exchange_state_name(record->from), atc_exchange_state_name(record->to));
        return;
    case ATC_TRACE_COUNT:
        (void)fprintf(stderr, "client %u message %u: %s\n", record->session, record->mid,
                      atc_count_name(record->to));
        return;
    case ATC_TRACE_COMMAND:
        (void)fprintf(stderr, "command at column %lu: %s\n", (unsigned long)record->value + 1,
                      atc_cause_name(record->to));
        return;
    case ATC_TRACE_ROW:
    case ATC_TRACE_URC:
    case ATC_TRACE_REPORT:
        break;
    case ATC_TRACE_RESULT:
        (void)fprintf(stderr, "client %u order %s: %s\n", record->session,
                      atc_order_name(record->from), atc_cause_name(record->to));
        return;
    case ATC_TRACE_REQUEST:
        (void)fprintf(stderr, "client %u request %u: %s\n", record->session, record->mid,
                      record->to == 0 ? "waits for the TE" : "dealt with");
        return;
    case ATC_TRACE_REMARK:
        (void)fprintf(stderr, "client %u remark: %s\n", record->session,
                      atc_remark_name(record->to));
        return;
    }
    (void)fprintf(stderr, "trace %u\n", record->kind);
}
