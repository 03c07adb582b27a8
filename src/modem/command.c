/* SPDX-License-Identifier: MIT */
#include "command.h"

/* Room for a prompt, a final result or an echoed byte. */
enum { RESULT_MAX = 64 };

/* Where the first command of a line starts: behind AT. */
enum { LINE_START = 2 };

/* How long a URC waits for a half typed line. Source: D-14. */
enum { URC_HOLD_MS = 1000 };

/* A typical module takes so long for a command. Source: D-16, a guess. */
enum { TYPICAL_MS = 30 };

_Static_assert(ATC_OUT_SIZE >= ATC_REPLY_MAX + 2 * RESULT_MAX, "ATC_OUT_SIZE in config.h");

/* --- replies ---------------------------------------------------------------------------------- */

static const char *cme_text(const struct atc_engine *e, int cme)
{
    const struct atc_cme_text *t = e->cfg.dialect->texts;

    for (; t != NULL && t->cme != 0; t++) {
        if (t->cme == cme)
            return t->text;
    }
    return NULL;
}

/* Returns the number of the +CME ERROR, 0 if it is a plain ERROR. */
static uint16_t put_error(struct atc_engine *e, enum atc_cause cause, uint8_t errors)
{
    const int16_t cme = atc_engine_result(e, cause)->cme;
    struct atc_out out;

    if (errors == ATC_ERRORS_IP)
        e->ip_error = (uint16_t)atc_engine_result(e, cause)->ip;
    if (e->cmee == 0 || cme == 0 || errors != ATC_ERRORS_CME) {
        atc_engine_final(e, ATC_FINAL_ERROR);
        return 0;
    }
    out = atc_queue_room(&e->out_queue, e->out_memory);
    atc_reply_cme(&out, &e->framing, (unsigned)cme, e->cmee == 2 ? cme_text(e, cme) : NULL);
    (void)atc_queue_commit(&e->out_queue, &out);
    return (uint16_t)cme;
}

/* --- URCs and half typed lines ---------------------------------------------------------------- */

void atc_command_watch_urcs(struct atc_engine *e)
{
    const bool begun = atc_line_is_begun(&e->line);
    const bool held = begun && atc_queue_len(&e->urc_queue) > 0;

    if (!begun)
        e->urc_released = false;
    if (held && !e->urc_released && !atc_timer_runs(&e->timers, ATC_TIMER_URC))
        atc_timer_set(&e->timers, ATC_TIMER_URC, e->now_ms + URC_HOLD_MS);
    if (!held)
        atc_timer_stop(&e->timers, ATC_TIMER_URC);
}

/* --- command lines ---------------------------------------------------------------------------- */

/* Whether a row bears the name and can have the key. */
static bool row_fits(const struct atc_command *row, const struct atc_words *words,
                     const struct atc_args *args)
{
    if (!atc_text_is(words->name, row->name))
        return false;
    if (row->key == NULL || words->form != ATC_FORM_WRITE)
        return true;
    ATC_ASSERT(args->count > 0);
    return args->arg[0].quoted && atc_text_is(args->arg[0].text, row->key);
}

/* The row of a command, NULL if no row has its name. *index is where to start looking and moves
 * behind it. */
static const struct atc_command *find_row(const struct atc_engine *e, unsigned *index,
                                          const struct atc_words *words,
                                          const struct atc_args *args)
{
    const struct atc_command *row;

    while ((row = atc_dialect_row(e->cfg.dialect, *index)) != NULL) {
        (*index)++;
        if (row_fits(row, words, args))
            return row;
    }
    return NULL;
}

/* The first row of that name, and its index. All rows of a name have the same kind of errors and of
 * body. */
static const struct atc_command *first_row(const struct atc_engine *e, unsigned *index,
                                           struct atc_span name)
{
    const struct atc_command *row;

    for (*index = 0; (row = atc_dialect_row(e->cfg.dialect, *index)) != NULL; (*index)++) {
        if (atc_text_is(name, row->name))
            break;
    }
    return row;
}

/* Print the ranges of a row. */
static void print_test(struct atc_engine *e, const struct atc_command *row)
{
    struct atc_out out;

    if (row->base) {
        out = atc_reply_base(e, row->name);
    } else {
        out = atc_reply_open(e);
        atc_put_byte(&out, '+');
        atc_put_text(&out, row->name);
        atc_put_text(&out, ": ");
    }
    atc_put_text(&out, row->test_reply);
    atc_reply_close(e, &out);
}

/* The test replies of every row of that name, one a step: all together may be longer than a step may
 * write. Source: D-11. */
static uint8_t reply_test(struct atc_engine *e, const struct atc_words *words)
{
    const struct atc_command *row;
    unsigned index = 0;
    unsigned before = e->run.step;

    while ((row = find_row(e, &index, words, NULL)) != NULL) {
        if (row->test_reply == NULL)
            continue;
        if (before == 0) {
            print_test(e, row);
            return ATC_MORE;
        }
        before--;
    }
    return ATC_OK;
}

static uint32_t delay_ms(const struct atc_engine *e, const struct atc_command *row)
{
    switch (e->cfg.settings.timing) {
    case ATC_TIMING_TYPICAL:
        return row->reply_max_ms < TYPICAL_MS ? row->reply_max_ms : TYPICAL_MS;
    case ATC_TIMING_MAX:
        return row->reply_max_ms;
    default:
        return 0;
    }
}

/* Whether a command must still wait, to take as long as a real module. */
static bool must_wait(struct atc_engine *e, const struct atc_command *row)
{
    const uint32_t ms = delay_ms(e, row);

    if (e->run.delayed || ms == 0)
        return false;
    atc_timer_set(&e->timers, ATC_TIMER_COMMAND, e->now_ms + ms);
    return true;
}

/* Split the arguments of a command. A basic command without digits has none. */
static bool split_args(struct atc_args *args, const struct atc_words *words)
{
    args->count = 0;
    args->arg[0].quoted = false; /* looked at even if there is none */
    if (words->form == ATC_FORM_WRITE || words->form == ATC_FORM_S_WRITE ||
        (words->form == ATC_FORM_BASIC && words->args.len > 0))
        return atc_lex_args(args, words->args);
    return true;
}

/* Find a command's row and check its arguments against it.
 * Returns enum atc_cause; *errors says how an error reads. */
static uint8_t prepare(const struct atc_engine *e, struct atc_call *call,
                       const struct atc_words *words, uint8_t *errors)
{
    unsigned index;
    const struct atc_command *named = first_row(e, &index, words->name);

    if (words->form == 0 || named == NULL)
        return ATC_CAUSE_UNKNOWN;
    *errors = named->errors;
    if (!split_args(&call->args, words))
        return ATC_CAUSE_PARAMETER;
    call->row = find_row(e, &index, words, &call->args);
    if (call->row == NULL) /* the key is unknown, or there is none */
        return call->args.arg[0].quoted ? ATC_CAUSE_UNKNOWN : ATC_CAUSE_PARAMETER;
    if ((call->row->forms & words->form) == 0)
        return ATC_CAUSE_UNKNOWN;
    if ((words->form & (ATC_FORM_WRITE | ATC_FORM_BASIC | ATC_FORM_S_WRITE)) != 0 &&
        !atc_schema_check(call->row, &call->args))
        return ATC_CAUSE_PARAMETER;
    call->form = words->form;
    call->step = e->run.step;
    return ATC_OK;
}

/* What is accepted although no note shows it so. */
static void remark_on_args(struct atc_engine *e, const struct atc_call *call)
{
    const struct atc_command *row = call->row;

    if (row->key != NULL && !atc_span_equal(call->args.arg[0].text, atc_span_text(row->key)))
        atc_engine_remark(e, 0, ATC_REMARK_KEY_CASE, 0);
    if (!atc_schema_as_shown(row, &call->args))
        atc_engine_remark(e, 0, ATC_REMARK_QUOTES, 0);
}

/* Carry out one step of a command that was found good. Returns what its handler returns. */
static uint8_t carry_out(struct atc_engine *e, const struct atc_call *call,
                         const struct atc_words *words)
{
    uint8_t result;

    if (must_wait(e, call->row))
        return ATC_LATER;
    if (words->form == ATC_FORM_TEST && !call->row->tests)
        return reply_test(e, words);
    result = call->row->handler(e, call);
    if (words->form == ATC_FORM_WRITE && call->step == 0 &&
        (result == ATC_OK || result >= ATC_MORE))
        remark_on_args(e, call);
    if (result == ATC_WAIT) {
        e->run.waiting = call->row;
        e->run.answered = false;
    }
    return result;
}

static void trace_row(struct atc_engine *e, const struct atc_command *row, uint8_t form,
                      uint8_t result)
{
    struct atc_trace record = {.kind = ATC_TRACE_ROW, .from = form, .to = result};

    if (e->cfg.trace == NULL || row == NULL)
        return;
    while (atc_dialect_row(e->cfg.dialect, record.value) != row)
        record.value++;
    atc_engine_emit(e, record);
}

/* Carry out one step of a command. Returns enum atc_cause, or what its handler returns. */
static uint8_t step(struct atc_engine *e, const struct atc_words *words, uint8_t *errors)
{
    struct atc_call call;
    uint8_t result;

    call.row = NULL;
    result = prepare(e, &call, words, errors);
    if (result == ATC_OK)
        result = carry_out(e, &call, words);
    if (result != ATC_MORE && result != ATC_WAIT && result != ATC_LATER)
        trace_row(e, call.row, words->form, result);
    return result;
}

/* The command of a line that asks for data, NULL if none does. *last tells whether it is the line's
 * last one. Source: D-09. */
static const struct atc_command *find_asking(const struct atc_engine *e, struct atc_span line,
                                             bool *last)
{
    const struct atc_command *asking = NULL;
    struct atc_words words;
    size_t at = LINE_START;

    *last = true;
    while (atc_lex_command(&words, &at, line)) {
        unsigned index;
        const struct atc_command *row = first_row(e, &index, words.name);

        *last = asking == NULL;
        if (asking != NULL)
            break;
        if (row != NULL && row->body != ATC_BODY_NONE && words.form == ATC_FORM_WRITE)
            asking = row;
    }
    return asking;
}

static void trace_line(struct atc_engine *e, unsigned from)
{
    if (e->line.state != from)
        atc_engine_trace(e, ATC_TRACE_LINE, 0, from, e->line.state, 0);
}

/* The line is done: its one final result, and the next may come. */
static void finish(struct atc_engine *e, uint8_t cause, uint8_t errors)
{
    const unsigned from = e->line.state;
    uint16_t cme = 0;

    if (cause == ATC_OK)
        atc_engine_final(e, ATC_FINAL_OK);
    else if (cause != ATC_SILENT)
        cme = put_error(e, (enum atc_cause)cause, errors);
    atc_engine_trace(e, ATC_TRACE_COMMAND, 0, 0, cause, cme);
    atc_line_done(&e->line, e->run.body);
    trace_line(e, from);
    atc_command_watch_urcs(e);
}

void atc_command_reset(struct atc_engine *e)
{
    const unsigned from = e->line.state;

    atc_timer_stop(&e->timers, ATC_TIMER_COMMAND);
    atc_timer_stop(&e->timers, ATC_TIMER_PROMPT);
    memset(&e->run, 0, sizeof e->run);
    atc_line_reset(&e->line);
    atc_queue_drop(&e->out_queue, atc_queue_len(&e->out_queue));
    e->secret_left = 0;
    trace_line(e, from);
}

bool atc_command_has_room(const struct atc_engine *e)
{
    return atc_queue_free(&e->out_queue) >= ATC_REPLY_MAX + RESULT_MAX && atc_order_has_room(e);
}

/* Whether the line can go on by itself: it waits for nothing but room. */
static bool is_runnable(const struct atc_engine *e)
{
    return e->line.state == ATC_LINE_BUSY && (e->run.waiting == NULL || e->run.answered) &&
           !atc_timer_runs(&e->timers, ATC_TIMER_COMMAND);
}

bool atc_command_can_run(const struct atc_engine *e)
{
    return is_runnable(e) && atc_command_has_room(e);
}

/* A payload, a piece of one, or the answer to an order that a piece led to: the command goes on. */
static void take_payload(struct atc_engine *e, struct atc_span typed)
{
    const struct atc_command *row = e->run.waiting;
    const uint8_t result = row->payload(e, typed);

    e->run.answered = false;
    if (result == ATC_WAIT)
        return;
    if (result == ATC_BODY) {
        atc_line_resume(&e->line);
        trace_line(e, ATC_LINE_BUSY);
        atc_engine_watch_prompt(e);
        return;
    }
    e->run.waiting = NULL;
    finish(e, result, row->errors);
}

static void end_payload(struct atc_engine *e)
{
    atc_timer_stop(&e->timers, ATC_TIMER_PROMPT);
    e->transfer.ended = true;
    take_payload(e, atc_line_text(&e->line));
}

void atc_command_run(struct atc_engine *e)
{
    while (atc_command_can_run(e)) {
        struct atc_words words;
        size_t at = e->run.start;
        uint8_t errors = ATC_ERRORS_CME;
        uint8_t result;

        if (e->run.body) {
            take_payload(e, atc_span(NULL, 0));
            continue;
        }
        if (!atc_lex_command(&words, &at, atc_line_text(&e->line))) {
            finish(e, ATC_OK, errors);
            return;
        }
        e->run.waiting = NULL;
        result = step(e, &words, &errors);
        if (result == ATC_BODY && e->line.want == 0) { /* nothing to wait for */
            atc_line_abandon(&e->line);
            end_payload(e);
            continue;
        }
        if ((result == ATC_MORE || result == ATC_WAIT) && e->run.step < UINT8_MAX)
            e->run.step++;
        if (result == ATC_MORE || result == ATC_WAIT || result == ATC_BODY || result == ATC_LATER)
            continue;
        if (result != ATC_OK) {
            finish(e, result, errors);
            return;
        }
        e->run.start = (uint16_t)at;
        e->run.step = 0;
        e->run.replied = false;
        e->run.delayed = false;
    }
}

/* A blank between AT and the first command is part of its name, and no name has one; in front of a
 * semicolon there is no name. Source: D-10, D-85. */
static bool name_has_blank(struct atc_span line)
{
    for (size_t i = LINE_START; i < line.len; i++) {
        if (line.at[i] != ' ')
            return i > LINE_START && line.at[i] != ';';
    }
    return false;
}

static void start_line(struct atc_engine *e)
{
    const struct atc_span line = atc_line_text(&e->line);
    bool last;
    const struct atc_command *asking = find_asking(e, line, &last);

    memset(&e->run, 0, sizeof e->run);
    e->run.start = LINE_START;
    e->uploads = asking != NULL && asking->body == ATC_BODY_CONNECT;
    e->cfg.dialect->platform->heard(e);
    if (name_has_blank(line))
        finish(e, ATC_CAUSE_UNKNOWN, e->cfg.dialect->line_errors);
    else if (!last)
        /* Only behind something that asks there is more. NOLINTNEXTLINE(clang-analyzer-core.*) */
        finish(e, ATC_CAUSE_PARAMETER, asking->errors);
    else
        atc_command_run(e);
}

static void cancel_payload(struct atc_engine *e)
{
    const uint8_t errors = e->run.waiting->errors;

    atc_timer_stop(&e->timers, ATC_TIMER_PROMPT);
    e->run.waiting = NULL;
    finish(e, e->cfg.settings.esc == ATC_ESC_OK ? ATC_OK : ATC_CAUSE_ABORTED, errors);
}

void atc_command_prompt_timeout(struct atc_engine *e)
{
    const bool raw = e->line.raw;

    if (raw && !atc_line_ends_in_escape(&e->line))
        atc_engine_remark(e, 0, ATC_REMARK_UPLOAD_SHORT, 0);
    atc_line_abandon(&e->line);
    if (raw)
        end_payload(e);
    else
        cancel_payload(e);
}

/* --- bytes from the TE ------------------------------------------------------------------------ */

static void act_on_line(struct atc_engine *e, enum atc_line_event event)
{
    switch (event) {
    case ATC_LINE_NOTHING:
        break;
    case ATC_LINE_COMMAND:
        start_line(e);
        break;
    case ATC_LINE_LONG:
        atc_engine_count(e, 0, ATC_COUNT_LINE_LONG, 0);
        memset(&e->run, 0, sizeof e->run);
        finish(e, ATC_CAUSE_PARAMETER, e->cfg.dialect->line_errors);
        break;
    case ATC_LINE_NOISE:
        atc_engine_count(e, 0, ATC_COUNT_LINE_NOISE, 0);
        if (e->cfg.settings.noise == ATC_NOISE_ERROR)
            atc_engine_final(e, ATC_FINAL_ERROR);
        break;
    case ATC_LINE_PAYLOAD:
        end_payload(e);
        break;
    case ATC_LINE_PIECE:
        atc_timer_stop(&e->timers, ATC_TIMER_PROMPT);
        take_payload(e, atc_line_text(&e->line));
        break;
    case ATC_LINE_CANCEL:
        cancel_payload(e);
        break;
    }
}

/* Bytes in the middle of a line or a payload, as many as their echo has room for. */
static size_t take_plain(struct atc_engine *e, struct atc_span bytes)
{
    const size_t room = atc_queue_free(&e->out_queue) - (ATC_REPLY_MAX + RESULT_MAX) + 1;
    struct atc_out out;
    size_t n;

    if (e->echo && bytes.len > room)
        bytes.len = room;
    n = atc_line_take(&e->line, bytes);
    if (n > 0 && e->echo) {
        out = atc_queue_room(&e->out_queue, e->out_memory);
        atc_put_bytes(&out, atc_span(bytes.at, n));
        (void)atc_queue_commit(&e->out_queue, &out);
    }
    if (n > 0 && atc_timer_runs(&e->timers, ATC_TIMER_PROMPT))
        atc_engine_watch_prompt(e);
    return n;
}

static void feed_byte(struct atc_engine *e, uint8_t byte)
{
    const unsigned from = e->line.state;
    const bool begun = atc_line_is_begun(&e->line);
    enum atc_line_event event;

    if (e->echo && atc_line_echoes(&e->line, byte, e->cfg.dialect->echo_cr))
        atc_queue_push(&e->out_queue, e->out_memory, byte);
    event = atc_line_feed(&e->line, byte);
    trace_line(e, from);
    if (atc_line_is_begun(&e->line) != begun)
        atc_command_watch_urcs(e);
    if (atc_timer_runs(&e->timers, ATC_TIMER_PROMPT))
        atc_engine_watch_prompt(e);
    act_on_line(e, event);
}

size_t atc_command_feed(struct atc_engine *e, struct atc_span bytes)
{
    const size_t taken = take_plain(e, bytes);

    if (taken > 0)
        return taken;
    feed_byte(e, bytes.at[0]);
    return 1;
}
