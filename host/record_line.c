/* SPDX-License-Identifier: MIT */
#include "record_line.h"

#include <string.h>

void record_line_init(struct record_line *line, record_result_call *on_result, void *ctx)
{
    memset(line, 0, sizeof *line);
    line->on_result = on_result;
    line->ctx = ctx;
}

/* Data is typed while a line runs. */
void record_line_typed(struct record_line *line, uint8_t byte)
{
    struct record_command *command = &line->command;

    if (!line->running && command->len < sizeof command->text)
        command->text[command->len++] = (char)byte;
}

/* Behind a payload a line begins at its AT, whatever stands before. Source: D-03. */
static void cut_head(struct record_command *command)
{
    for (size_t i = 0; i + 1 < command->len; i++) {
        if ((command->text[i] | 0x20) != 'a' || (command->text[i + 1] | 0x20) != 't')
            continue;
        command->len -= i;
        memmove(command->text, command->text + i, command->len);
        return;
    }
    /* The one line without AT, and without an end: its last byte is still being taken. V.250 5.2.4 */
    memcpy(command->text, "A/", 2);
    command->len = 2;
}

static void start_line(struct record_line *line)
{
    line->running = true;
    line->command.silent = false;
    line->command.number = ++line->count;
    cut_head(&line->command);
}

static void take_out(struct record_line *line, const char *result, size_t len)
{
    line->on_result(line->ctx, &line->waiting[0], result, len);
    line->waiting_count--;
    memmove(&line->waiting[0], &line->waiting[1], line->waiting_count * sizeof line->waiting[0]);
}

/* Those that end in silence have no result to wait for. */
static void tell_silent(struct record_line *line)
{
    while (line->waiting_count > 0 && line->waiting[0].silent)
        take_out(line, "", 0);
}

static void tell(struct record_line *line, const char *result, size_t len)
{
    take_out(line, result, len);
    tell_silent(line);
}

/* The result is on its way to the TE, who may not read it soon. */
static void end_line(struct record_line *line)
{
    line->running = false;
    if (line->waiting_count == RECORD_LINES_WAITING)
        tell(line, "", 0);
    line->waiting[line->waiting_count++] = line->command;
    line->command.len = 0;
    tell_silent(line);
}

void record_line_restart(struct record_line *line)
{
    line->command.silent = true;
    if (line->running)
        end_line(line);
    while (line->waiting_count > 0)
        tell(line, "", 0);
    line->command.len = 0;
    line->said_len = 0;
}

static bool is_state(unsigned state, const char *name)
{
    return strcmp(atc_line_state_name(state), name) == 0;
}

void record_line_trace(struct record_line *line, const struct atc_trace *trace)
{
    if (trace->kind == ATC_TRACE_COMMAND)
        line->command.silent = trace->to >= ATC_CAUSE_COUNT;
    if (trace->kind != ATC_TRACE_LINE)
        return;
    if (is_state(trace->to, "busy") && !line->running)
        start_line(line);
    else if (is_state(trace->to, "idle") && line->running)
        end_line(line);
    else if (is_state(trace->to, "idle"))
        line->command.len = 0; /* it was no line of the module's */
}

/* Source: V.250 5.7.1, 3GPP TS 27.007 9.1. */
static bool is_final(const char *text, size_t len)
{
    static const char *const heads[] = {"OK", "ERROR", "+CME ERROR: ", "+CMS ERROR: "};

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        const size_t head_len = strlen(heads[i]);

        if (len >= head_len && memcmp(text, heads[i], head_len) == 0 && (i > 1 || len == head_len))
            return true;
    }
    return false;
}

static void end_said(struct record_line *line)
{
    size_t len = line->said_len;

    if (len > 0 && line->said[len - 1] == '\r')
        len--;
    if (line->waiting_count > 0 && line->said_len < RECORD_RESULT_MAX && is_final(line->said, len))
        tell(line, line->said, len);
    line->said_len = 0;
}

void record_line_said(struct record_line *line, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '\n')
            end_said(line);
        else if (line->said_len < RECORD_RESULT_MAX)
            line->said[line->said_len++] = (char)data[i];
    }
}

/* What was said behind the last LF, if it is a number: a result after ATV0. */
static size_t number_len(const struct record_line *line)
{
    size_t len = 0;

    while (len < line->said_len && line->said[len] >= '0' && line->said[len] <= '9')
        len++;
    return line->said_len == len + 1 ? len : 0; /* a CR stands behind it, or what S3 is */
}

void record_line_read(struct record_line *line)
{
    const size_t len = line->waiting_count > 0 ? number_len(line) : 0;

    while (line->waiting_count > 1)
        tell(line, "", 0);
    if (line->waiting_count == 1)
        tell(line, line->said, len);
    if (len > 0)
        line->said_len = 0;
}

const struct record_command *record_line_running(const struct record_line *line)
{
    return line->running ? &line->command : NULL;
}
