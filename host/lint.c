/* SPDX-License-Identifier: MIT */
#include "lint.h"

#include <string.h>

enum { LF = 0x0A, CR = 0x0D, BACKSPACE = 0x08, DELETE = 0x7F, CTRL_Z = 0x1A, ESC = 0x1B };

/* The states of the AT line, by their names: their numbers are the core's own. */
enum { IDLE, TYPING, BUSY, PROMPT, BODY };

static uint8_t state_of(unsigned number)
{
    static const char *const names[] = {"idle", "typing", "busy", "prompt", "body"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(atc_line_state_name(number), names[i]) == 0)
            return (uint8_t)i;
    }
    return IDLE;
}

/* --- findings --------------------------------------------------------------------------------- */

/* Copy a text and show if it was cut; len may be more than there is of it. */
static void copy_text(char *to, const char *from, size_t len)
{
    const size_t kept = len < LINT_TEXT_MAX ? len : LINT_TEXT_MAX;

    memcpy(to, from, kept);
    memcpy(to + kept, "...", 4);
    if (len <= LINT_TEXT_MAX)
        to[kept] = '\0';
}

static void find(struct lint *lint, unsigned kind, bool after)
{
    struct lint_finding *first = &lint->first[kind];
    struct lint_finding finding = {
        .line = lint->lines, .after = after, .kind = (uint8_t)kind, .count = first->count + 1};

    if (!after && first->count > 0 && lint->last_line[kind] == lint->lines)
        return; /* once for each line */
    memcpy(finding.text, lint->line, sizeof finding.text);
    if (first->count == 0) {
        *first = finding;
        lint->order[lint->kinds++] = (uint8_t)kind;
    }
    first->count = finding.count;
    lint->last_line[kind] = after ? 0 : lint->lines;
    lint->findings++;
    if (lint->found != NULL)
        lint->found(lint->ctx, &finding);
}

/* --- requests of peers ------------------------------------------------------------------------ */

static struct lint_request *find_request(struct lint *lint, unsigned session, uint16_t mid)
{
    for (unsigned i = 0; i < lint->request_count; i++) {
        if (lint->requests[i].session == session && lint->requests[i].mid == mid)
            return &lint->requests[i];
    }
    return NULL;
}

static void forget_request(struct lint *lint, struct lint_request *request)
{
    *request = lint->requests[--lint->request_count];
}

static void forget_client(struct lint *lint, unsigned session)
{
    for (unsigned i = lint->request_count; i-- > 0;) {
        if (lint->requests[i].session == session)
            forget_request(lint, &lint->requests[i]);
    }
}

static void take_request(struct lint *lint, const struct atc_trace *record)
{
    struct lint_request *known = find_request(lint, record->session, record->mid);

    if (known != NULL)
        forget_request(lint, known);
    if (record->to != 0 || record->from != 0) /* dealt with, or a NON, which needs no answer */
        return;
    if (lint->request_count == LINT_REQUEST_MAX)
        forget_request(lint, &lint->requests[0]);
    lint->requests[lint->request_count++] = (struct lint_request){
        .at_ms = record->now_ms, .mid = record->mid, .session = record->session};
}

void lint_tick(struct lint *lint, uint64_t now_ms)
{
    for (unsigned i = 0; i < lint->request_count; i++) {
        struct lint_request *r = &lint->requests[i];

        if (r->told || now_ms < r->at_ms + lint->answer_ms)
            continue;
        r->told = true;
        find(lint, LINT_UNANSWERED, true);
    }
}

/* --- what the modem tells --------------------------------------------------------------------- */

/* Bytes that were typed before the AT of a line, or behind data, of which keep belong to the line. */
static void drop_noise(struct lint *lint, size_t keep)
{
    if (lint->typed_len > keep)
        find(lint, lint->after_data ? LINT_GARBAGE : LINT_NOISE, true);
    memcpy(lint->typed, "AT", 2);
    lint->typed_len = keep;
    lint->after_data = false;
}

static void begin_line(struct lint *lint)
{
    lint->lines++;
    if (lint->typed_len == 1)
        copy_text(lint->line, "A/", 2); /* the one line of two bytes that needs no end */
    else
        copy_text(lint->line, lint->typed, lint->typed_len);
    lint->with_data = false;
    lint->explained = false;
    lint->trouble = false;
}

static void take_state(struct lint *lint, uint8_t to)
{
    const uint8_t from = lint->state;

    lint->state = to;
    if (to == TYPING && from == IDLE)
        drop_noise(lint, lint->after_data ? 2 : 0);
    if (to == BUSY && from == IDLE) /* behind data, a line AT ends */
        drop_noise(lint, 2);
    if (to == BUSY && (from == IDLE || from == TYPING))
        begin_line(lint);
    if (to == BUSY)
        lint->early = lint->has_rest;
    if (to == PROMPT && lint->early)
        find(lint, LINT_EARLY_DATA, false);
    if (to == PROMPT)
        lint->with_data = true;
    if (to == IDLE && from == BUSY && lint->early)
        find(lint, LINT_EARLY_LINE, false);
    if (to == IDLE && from != TYPING)
        lint->after_data = lint->with_data;
}

static void take_result(struct lint *lint, unsigned cause)
{
    if (cause == ATC_CAUSE_UNKNOWN)
        find(lint, LINT_UNKNOWN, false);
    if (cause == ATC_CAUSE_PARAMETER && !lint->explained)
        find(lint, LINT_PARAMETER, false);
    if (cause == ATC_CAUSE_NOT_ALLOWED && !lint->trouble && lint->lost == 0)
        find(lint, LINT_ORDER, false);
    if (cause == ATC_CAUSE_BUSY)
        find(lint, LINT_BUSY, false);
    if (cause == ATC_CAUSE_MEMORY)
        find(lint, LINT_FULL, false);
}

static void take_count(struct lint *lint, unsigned count)
{
    if (count == ATC_COUNT_LINE_LONG)
        find(lint, LINT_LINE_LONG, false);
    if (count == ATC_COUNT_PAYLOAD_CUT)
        find(lint, LINT_PAYLOAD_LONG, false);
    if (count == ATC_COUNT_LINE_LONG || count == ATC_COUNT_PAYLOAD_CUT)
        lint->explained = true;
    if (count == ATC_COUNT_LINE_NOISE)
        find(lint, LINT_LINE_NOISE, true);
    if (count == ATC_COUNT_URC_OVERFLOW)
        find(lint, LINT_NOT_READ, true);
}

/* Whether what was typed is what a host sends to see whether the module is back. */
static bool is_poll(const struct lint *lint)
{
    return lint->typed_len == 0 ||
           (lint->typed_len >= 2 && lint->typed_len <= 4 &&
            (memcmp(lint->typed, "AT", 2) == 0 || memcmp(lint->typed, "at", 2) == 0));
}

static void take_remark(struct lint *lint, unsigned remark)
{
    if (remark == ATC_REMARK_DEAF) {
        if (!is_poll(lint))
            find(lint, remark, true);
        lint->typed_len = 0;
        return;
    }
    if (remark == ATC_REMARK_TOO_LONG)
        lint->explained = true;
    if (remark < ATC_REMARK_COUNT)
        find(lint, remark, false);
}

/* An order ended badly. A FILE order of an OPEN is for the key. */
static void take_trouble(struct lint *lint, const struct atc_trace *record)
{
    lint->trouble = true;
    if (record->from == ATC_ORDER_FILE &&
        (record->to == ATC_CAUSE_FILE_MISSING || record->to == ATC_CAUSE_PARAMETER))
        find(lint, LINT_KEY, true);
}

static bool is_session_state(unsigned state, const char *name)
{
    return strcmp(atc_session_state_name(state), name) == 0;
}

/* A connection that was lost is not the TE's fault, nor is what it does before it knows. */
static void take_session(struct lint *lint, const struct atc_trace *record)
{
    const uint8_t bit = (uint8_t)(1u << record->session);

    if (is_session_state(record->from, "connected"))
        forget_client(lint, record->session);
    if (is_session_state(record->to, "lost"))
        lint->lost |= bit;
    else
        lint->lost &= (uint8_t)~bit;
}

void lint_trace(struct lint *lint, const struct atc_trace *record)
{
    lint_tick(lint, record->now_ms);
    switch ((enum atc_trace_kind)record->kind) {
    case ATC_TRACE_LINE:
        take_state(lint, state_of(record->to));
        break;
    case ATC_TRACE_SESSION:
        take_session(lint, record);
        break;
    case ATC_TRACE_COUNT:
        take_count(lint, record->to);
        break;
    case ATC_TRACE_COMMAND:
        take_result(lint, record->to);
        break;
    case ATC_TRACE_RESULT:
        take_trouble(lint, record);
        break;
    case ATC_TRACE_REQUEST:
        take_request(lint, record);
        break;
    case ATC_TRACE_REMARK:
        take_remark(lint, record->to);
        break;
    case ATC_TRACE_EXCHANGE:
    case ATC_TRACE_ROW:
    case ATC_TRACE_URC:
    case ATC_TRACE_REPORT:
        break;
    }
}

/* --- what the TE types ------------------------------------------------------------------------ */

/* The line ended. What it was may be no command but a key: it goes. */
static void forget_typed(struct lint *lint)
{
    memset(lint->typed, 0, sizeof lint->typed);
    lint->typed_len = 0;
}

static void add_typed(struct lint *lint, uint8_t byte)
{
    if (lint->typed_len < LINT_TEXT_MAX)
        lint->typed[lint->typed_len] = (char)(byte >= 0x20 && byte < DELETE ? byte : '?');
    lint->typed_len++;
}

/* A byte that the modem took outside data, in state before and after so many lines. */
static void take_command_byte(struct lint *lint, uint8_t byte, uint8_t before, uint32_t lines)
{
    const bool ended = lint->lines != lines || (before == TYPING && lint->state != TYPING);

    if (byte == LF && before == TYPING)
        find(lint, LINT_LF, !ended);
    if (ended) {
        forget_typed(lint);
    } else if (byte == BACKSPACE || byte == DELETE) {
        lint->typed_len -= lint->typed_len > 0;
    } else if (byte != CR && byte != LF) {
        add_typed(lint, byte);
    } else if (before == IDLE) { /* an empty line, or one of bytes that were dropped */
        if (lint->typed_len > 0)
            find(lint, lint->after_data ? LINT_GARBAGE : LINT_NOISE, true);
        forget_typed(lint);
        lint->after_data = false;
    }
}

static void take_byte(struct lint *lint, uint8_t byte, uint8_t before, uint32_t lines)
{
    if (before == PROMPT && byte == LF)
        find(lint, LINT_SEND_LF, false);
    if (before == IDLE || before == TYPING)
        take_command_byte(lint, byte, before, lines);
}

/* Where the last byte is that is neither a line end nor a superfluous end of data; from 1, 0: there
 * is none. */
static size_t last_real(const uint8_t *data, size_t len)
{
    while (len > 0 && (data[len - 1] == CR || data[len - 1] == LF || data[len - 1] == CTRL_Z ||
                       data[len - 1] == ESC))
        len--;
    return len;
}

/* Where the last AT starts, likewise. Behind data only that starts a line. */
static size_t last_at(const uint8_t *data, size_t len)
{
    for (size_t i = len; i-- > 1;) {
        if ((data[i] | 0x20) == 't' && (data[i - 1] | 0x20) == 'a')
            return i;
    }
    return 0;
}

/* The modem gets a byte at a time: so its trace speaks of the bytes before it. */
size_t lint_type(struct lint *lint, const uint8_t *data, size_t len, size_t waiting,
                 size_t (*write)(void *ctx, const uint8_t *data, size_t len), void *ctx)
{
    const size_t real = last_real(data, waiting);
    const size_t at = last_at(data, waiting);
    size_t n;

    if (lint->state == BUSY && real > 0)
        lint->early = true;
    for (n = 0; n < len; n++) {
        const uint8_t before = lint->state;
        const uint32_t lines = lint->lines;

        lint->has_rest = n + 1 < (before == PROMPT || before == BODY ? at : real);
        if (write(ctx, data + n, 1) == 0)
            break;
        take_byte(lint, data[n], before, lines);
    }
    lint->has_rest = false;
    return n;
}

void lint_start(struct lint *lint)
{
    memset(lint, 0, sizeof *lint);
    lint->answer_ms = LINT_ANSWER_MS;
}

void lint_restart(struct lint *lint)
{
    lint->state = IDLE;
    lint->typed_len = 0;
    lint->after_data = false;
    lint->request_count = 0;
    lint->lost = 0;
}

/* --- the report ------------------------------------------------------------------------------- */

enum { WIDTH = 96, INDENT = 4 };

/* A paragraph, broken between words. */
static void write_paragraph(FILE *out, const char *lead, const char *text)
{
    size_t column = INDENT + strlen(lead);

    (void)fprintf(out, "%*s%s", INDENT, "", lead);
    for (;;) {
        const size_t word = strcspn(text, " ");

        (void)fwrite(text, 1, word, out);
        column += word;
        text += word;
        if (*text == '\0')
            break;
        text++;
        if (column + 1 + strcspn(text, " ") > WIDTH) {
            (void)fprintf(out, "\n%*s", INDENT, "");
            column = INDENT;
        } else {
            (void)fputc(' ', out);
            column++;
        }
    }
    (void)fputc('\n', out);
}

static void write_place(FILE *out, const struct lint_finding *finding)
{
    if (finding->line == 0)
        (void)fputs("before the first line", out);
    else
        (void)fprintf(out, "%sline %lu: %s", finding->after ? "after " : "",
                      (unsigned long)finding->line, finding->text);
    (void)fputc('\n', out);
}

static void write_finding(FILE *out, const struct lint_finding *finding)
{
    const struct lint_rule *rule = lint_rule(finding->kind);

    write_place(out, finding);
    (void)fprintf(out, "%*s%s (%s)", INDENT, "", lint_name(finding->kind), rule->source);
    if (finding->count > 1)
        (void)fprintf(out, ", %lu times; this is the first", (unsigned long)finding->count);
    (void)fputc('\n', out);
    write_paragraph(out, "", rule->what);
    write_paragraph(out, "Remedy: ", rule->remedy);
}

void lint_explain(FILE *out)
{
    for (unsigned kind = 0; kind < LINT_COUNT; kind++) {
        (void)fprintf(out, "\n%s (%s)\n", lint_name(kind), lint_rule(kind)->source);
        write_paragraph(out, "", lint_rule(kind)->what);
        write_paragraph(out, "Remedy: ", lint_rule(kind)->remedy);
    }
}

void lint_write(const struct lint *lint, FILE *out)
{
    const char *lines = lint->lines == 1 ? "" : "s";

    if (lint->kinds == 0) {
        (void)fprintf(out, "no findings in %lu command line%s\n", (unsigned long)lint->lines,
                      lines);
        return;
    }
    (void)fprintf(out, "%lu finding%s in %lu command line%s\n", (unsigned long)lint->findings,
                  lint->findings == 1 ? "" : "s", (unsigned long)lint->lines, lines);
    for (unsigned i = 0; i < lint->kinds; i++) {
        (void)fputc('\n', out);
        write_finding(out, &lint->first[lint->order[i]]);
    }
}

bool lint_tell(const struct lint *lint)
{
    if (lint->kinds == 0)
        return false;
    (void)fputs("atcoap: lint: ", stderr);
    lint_write(lint, stderr);
    return true;
}
