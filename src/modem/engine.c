/* SPDX-License-Identifier: MIT
 *
 * Behind atcoap.h: routes input, runs command lines and timers, hands out orders and bytes.
 *
 * Invariant: between two calls every timer due by input_ms has run, unless the shell has not taken
 * enough orders away.
 */
#include "base.h"
#include "files.h"
#include "verbs.h"

/* A step of the engine gives at most so many orders: a restart closes every client. An input is
 * taken only while there is room for them. */
enum { ORDER_BURST = ATC_SESSION_MAX + 2 };

/* Room for a prompt, a final result or an echoed byte. */
enum { RESULT_MAX = 64 };

/* Where the first command of a line starts: behind AT. */
enum { LINE_START = 2 };

/* How long a URC waits for a half typed line. Source: D-14. */
enum { URC_HOLD_MS = 1000 };

/* How long a restart takes. Source: behaviour.md 4: within 2 s. */
enum { BOOT_MS = 1500 };

/* A typical module takes so long for a command. Source: D-16, a guess. */
enum { TYPICAL_MS = 30 };

_Static_assert(sizeof(struct atc_engine) <= ATC_MODEM_SIZE, "ATC_MODEM_SIZE in config.h");
_Static_assert(ATC_ORDER_MAX >= ORDER_BURST, "ATC_ORDER_MAX in config.h");
_Static_assert(ATC_OUT_SIZE >= ATC_REPLY_MAX + 2 * RESULT_MAX, "ATC_OUT_SIZE in config.h");
_Static_assert(ATC_URC_SIZE <= 65535 && ATC_OUT_SIZE <= 65535, "queue positions have 16 bits");
_Static_assert((int)ATC_E_VERSION == (int)ATC_BAD_VERSION, "one error, one number");
_Static_assert((int)ATC_E_FORMAT == (int)ATC_BAD_FORMAT, "one error, one number");

static struct atc_engine *inside(struct atc_modem *m)
{
    return (struct atc_engine *)(void *)m->state.bytes;
}

static const struct atc_engine *inside_const(const struct atc_modem *m)
{
    return (const struct atc_engine *)(const void *)m->state.bytes;
}

/* --- for the other files ---------------------------------------------------------------------- */

void atc_engine_trace(struct atc_engine *e, enum atc_trace_kind kind, unsigned session,
                      unsigned from, unsigned to, uint16_t mid)
{
    const struct atc_trace record = {
        .now_ms = e->now_ms,
        .value = e->run.start,
        .mid = mid,
        .kind = (uint8_t)kind,
        .session = (uint8_t)session,
        .from = (uint8_t)from,
        .to = (uint8_t)to,
    };

    if (e->cfg.trace != NULL)
        e->cfg.trace(e->cfg.ctx, &record);
}

void atc_engine_count(struct atc_engine *e, unsigned session, enum atc_count count, uint16_t mid)
{
    e->counters[count]++;
    atc_engine_trace(e, ATC_TRACE_COUNT, session, 0, count, mid);
}

bool atc_engine_random(struct atc_engine *e, uint8_t *buf, size_t len)
{
    return len == 0 || e->cfg.random(e->cfg.ctx, buf, len);
}

bool atc_engine_attached(const struct atc_engine *e)
{
    return e->network.attached;
}

const struct atc_result *atc_engine_result(const struct atc_engine *e, unsigned cause)
{
    return &e->cfg.dialect->results[cause];
}

void atc_session_move(struct atc_engine *e, unsigned session, enum atc_session_state to)
{
    struct atc_session *s = &e->session[session];

    if (s->state == to)
        return;
    atc_engine_trace(e, ATC_TRACE_SESSION, session, s->state, to, 0);
    s->state = (uint8_t)to;
}

struct atc_pending *atc_engine_order(struct atc_engine *e, enum atc_order_kind kind,
                                     unsigned session, enum atc_giver giver, uint8_t index)
{
    struct atc_pending *order = &e->order[(e->order_head + e->order_count) % ATC_ORDER_MAX];

    ATC_ASSERT(e->order_count < ATC_ORDER_MAX);
    e->order_count++;
    memset(order, 0, sizeof *order);
    order->kind = (uint8_t)kind;
    order->session = (uint8_t)session;
    order->giver = (uint8_t)giver;
    order->index = index;
    if (giver == ATC_GIVER_SESSION)
        order->sequence = e->session[session].order = ++e->sequence;
    if (giver == ATC_GIVER_COMMAND)
        order->sequence = ++e->command_order;
    if (giver == ATC_GIVER_EXCHANGE)
        order->sequence = e->messages.exchange[index].order;
    if (giver == ATC_GIVER_SEEN)
        order->sequence = e->messages.seen[index].order;
    if (kind == ATC_ORDER_SEND)
        atc_engine_count(e, session, ATC_COUNT_SENT, 0);
    return order;
}

/* --- replies ---------------------------------------------------------------------------------- */

struct atc_out atc_reply_open(struct atc_engine *e)
{
    struct atc_out out = atc_queue_room(&e->out_queue, e->out_memory);

    atc_reply_begin(&out, !e->run.replied);
    e->run.replied = true;
    return out;
}

void atc_reply_close(struct atc_engine *e, struct atc_out *out)
{
    atc_reply_end(out);
    if (!atc_queue_commit(&e->out_queue, out))
        ATC_ASSERT(false); /* a line over ATC_REPLY_MAX */
}

void atc_put_base(const struct atc_engine *e, struct atc_out *out, const char *name)
{
    const bool tight = e->cfg.dialect->tight_colon && e->cfg.settings.colon == ATC_COLON_FIELD;

    atc_put_byte(out, '+');
    atc_put_text(out, name);
    atc_put_text(out, tight ? ":" : ": ");
}

struct atc_out atc_reply_base(struct atc_engine *e, const char *name)
{
    struct atc_out out = atc_reply_open(e);

    atc_put_base(e, &out, name);
    return out;
}

void atc_reply_text(struct atc_engine *e, const char *text)
{
    struct atc_out out = atc_reply_open(e);

    atc_put_text(&out, text);
    atc_reply_close(e, &out);
}

void atc_engine_line(struct atc_engine *e, const char *text)
{
    struct atc_out out = atc_queue_room(&e->out_queue, e->out_memory);

    atc_reply_line(&out, text);
    (void)atc_queue_commit(&e->out_queue, &out);
}

static const char *cme_text(const struct atc_engine *e, int cme)
{
    const struct atc_cme_text *t = e->cfg.dialect->texts;

    for (; t != NULL && t->cme != 0; t++) {
        if (t->cme == cme)
            return t->text;
    }
    return NULL;
}

static void put_error(struct atc_engine *e, enum atc_cause cause, uint8_t errors)
{
    const int16_t cme = atc_engine_result(e, cause)->cme;
    const char *text = cme_text(e, cme);
    struct atc_out out;

    if (e->cmee == 0 || cme == 0 || errors == ATC_ERRORS_PLAIN) {
        atc_engine_line(e, "ERROR");
        return;
    }
    out = atc_queue_room(&e->out_queue, e->out_memory);
    if (e->cmee == 2 && text != NULL) {
        atc_put_text(&out, "\r\n+CME ERROR: ");
        atc_put_text(&out, text);
        atc_reply_end(&out);
    } else {
        atc_reply_cme(&out, (unsigned)cme);
    }
    (void)atc_queue_commit(&e->out_queue, &out);
}

/* --- URCs and half typed lines ---------------------------------------------------------------- */

/* Whether the TE may get the next URC now. Source: D-14. */
static bool may_report(const struct atc_engine *e)
{
    return e->line.state == ATC_LINE_IDLE || (e->line.state == ATC_LINE_TYPING && e->urc_released);
}

/* A URC and a half typed line: one of the two has just come. Also when one of them has gone. */
static void watch_urcs(struct atc_engine *e)
{
    const bool held = e->line.state == ATC_LINE_TYPING && atc_queue_len(&e->urc_queue) > 0;

    if (e->line.state != ATC_LINE_TYPING)
        e->urc_released = false;
    if (held && !e->urc_released && !atc_timer_runs(&e->timers, ATC_TIMER_URC))
        atc_timer_set(&e->timers, ATC_TIMER_URC, e->now_ms + URC_HOLD_MS);
    if (!held)
        atc_timer_stop(&e->timers, ATC_TIMER_URC);
}

/* --- command lines ---------------------------------------------------------------------------- */

static const struct atc_command *row_at(const struct atc_engine *e, unsigned index)
{
    const struct atc_dialect *d = e->cfg.dialect;

    if (index < d->command_count)
        return &d->commands[index];
    index -= d->command_count;
    return index < atc_common_command_count ? &atc_common_commands[index] : NULL;
}

/* Whether a row bears the name and can have the key. */
static bool row_fits(const struct atc_command *row, const struct atc_words *words,
                     const struct atc_args *args)
{
    if (!atc_text_same(words->name, atc_span_text(row->name)))
        return false;
    if (row->key == NULL || words->form != ATC_FORM_WRITE)
        return true;
    return args->count > 0 && args->arg[0].quoted &&
           atc_text_same(args->arg[0].text, atc_span_text(row->key));
}

/* The row of a command, NULL if no row has its name. *index is where to start looking and moves
 * behind it. */
static const struct atc_command *find_row(const struct atc_engine *e, unsigned *index,
                                          const struct atc_words *words,
                                          const struct atc_args *args)
{
    const struct atc_command *row;

    while ((row = row_at(e, *index)) != NULL) {
        (*index)++;
        if (row_fits(row, words, args))
            return row;
    }
    return NULL;
}

/* The first row of that name. All rows of a name have the same kind of errors and of body. */
static const struct atc_command *first_row(const struct atc_engine *e, struct atc_span name)
{
    const struct atc_command *row;
    unsigned index = 0;

    while ((row = row_at(e, index++)) != NULL) {
        if (atc_text_same(name, atc_span_text(row->name)))
            break;
    }
    return row;
}

/* Print the test replies of every row of that name: ranges. Source: D-11. */
static void reply_test(struct atc_engine *e, const struct atc_words *words)
{
    const struct atc_command *row;
    unsigned index = 0;

    while ((row = find_row(e, &index, words, NULL)) != NULL) {
        struct atc_out out;

        if (row->test_reply == NULL)
            continue;
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
    if (words->form == ATC_FORM_WRITE || (words->form == ATC_FORM_BASIC && words->args.len > 0))
        return atc_lex_args(args, words->args);
    return true;
}

/* Find a command's row and check its arguments against it.
 * Returns enum atc_cause; *errors says how an error reads. */
static uint8_t prepare(const struct atc_engine *e, struct atc_call *call,
                       const struct atc_words *words, uint8_t *errors)
{
    const struct atc_command *named = first_row(e, words->name);
    unsigned index = 0;

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
    if ((words->form == ATC_FORM_WRITE || words->form == ATC_FORM_BASIC) &&
        !atc_schema_check(call->row, &call->args))
        return ATC_CAUSE_PARAMETER;
    call->form = words->form;
    call->step = e->run.step;
    return ATC_OK;
}

/* Carry out one step of a command. Returns what its handler returns. */
static uint8_t step(struct atc_engine *e, const struct atc_words *words, uint8_t *errors)
{
    struct atc_call call;
    uint8_t result = prepare(e, &call, words, errors);

    if (result != ATC_OK)
        return result;
    if (must_wait(e, call.row))
        return ATC_LATER;
    if (words->form == ATC_FORM_TEST) {
        reply_test(e, words);
        return ATC_OK;
    }
    result = call.row->handler(e, &call);
    if (result == ATC_WAIT) {
        e->run.waiting = call.row;
        e->run.answered = false;
    }
    return result;
}

/* Whether a command that asks for data stands before another one. Source: D-09. */
static bool asks_too_early(const struct atc_engine *e, struct atc_span line, uint8_t *errors)
{
    struct atc_words words;
    size_t at = LINE_START;
    bool asks = false;

    while (atc_lex_command(&words, &at, line)) {
        const struct atc_command *row = first_row(e, words.name);

        if (asks)
            return true;
        asks = row != NULL && row->body != ATC_BODY_NONE && words.form == ATC_FORM_WRITE;
        if (asks)
            *errors = row->errors;
    }
    return false;
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

    atc_engine_trace(e, ATC_TRACE_COMMAND, 0, 0, cause, 0);
    if (cause == ATC_OK)
        atc_engine_line(e, "OK");
    else if (cause != ATC_SILENT)
        put_error(e, (enum atc_cause)cause, errors);
    atc_line_done(&e->line, e->run.body);
    trace_line(e, from);
    watch_urcs(e);
}

static void set_prompt_timer(struct atc_engine *e)
{
    if (e->run.prompt_ms > 0)
        atc_timer_set(&e->timers, ATC_TIMER_PROMPT, e->now_ms + e->run.prompt_ms);
}

static bool has_room(const struct atc_engine *e)
{
    return atc_queue_free(&e->out_queue) >= ATC_REPLY_MAX + RESULT_MAX &&
           ATC_ORDER_MAX - e->order_count >= ORDER_BURST;
}

/* Whether the line can go on by itself: it waits for nothing but room. */
static bool is_runnable(const struct atc_engine *e)
{
    return e->line.state == ATC_LINE_BUSY && (e->run.waiting == NULL || e->run.answered) &&
           !atc_timer_runs(&e->timers, ATC_TIMER_COMMAND);
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
        set_prompt_timer(e);
        return;
    }
    e->run.waiting = NULL;
    finish(e, result, row->errors);
}

/* Carry out the command line as far as it goes. */
static void run_line(struct atc_engine *e)
{
    while (is_runnable(e) && has_room(e)) {
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

/* A blank between AT and the first command is part of its name, and no name has one. Source: BC95
 * 1.2, D-10. */
static bool name_has_blank(struct atc_span line)
{
    for (size_t i = LINE_START; i < line.len; i++) {
        if (line.at[i] != ' ')
            return i > LINE_START;
    }
    return false;
}

static void start_line(struct atc_engine *e)
{
    const struct atc_span line = atc_line_text(&e->line);
    uint8_t errors = e->cfg.dialect->line_errors;

    memset(&e->run, 0, sizeof e->run);
    e->run.start = LINE_START;
    if (name_has_blank(line))
        finish(e, ATC_CAUSE_UNKNOWN, errors);
    else if (asks_too_early(e, line, &errors))
        finish(e, ATC_CAUSE_PARAMETER, errors);
    else
        run_line(e);
}

uint8_t atc_engine_ask(struct atc_engine *e, const struct atc_call *call, uint32_t want,
                       size_t keep)
{
    const uint8_t policy = e->cfg.settings.body_lf;
    const bool drop_lf = policy == ATC_BODY_LF_DROP || (policy == ATC_BODY_LF_AUTO && e->line.crlf);
    struct atc_out out = atc_queue_room(&e->out_queue, e->out_memory);

    atc_put_text(&out, e->cfg.dialect->prompt);
    (void)atc_queue_commit(&e->out_queue, &out);
    e->run.waiting = call->row;
    e->run.body = true;
    e->run.prompt_ms = e->cfg.settings.prompt_timeout_ms;
    atc_line_ask(&e->line, want, keep, drop_lf);
    set_prompt_timer(e);
    return ATC_BODY;
}

uint8_t atc_engine_ask_raw(struct atc_engine *e, const struct atc_call *call, uint32_t want,
                           size_t piece, uint32_t timeout_ms)
{
    atc_engine_line(e, "CONNECT");
    e->run.waiting = call->row;
    e->run.body = true;
    e->run.answered = false;
    e->run.prompt_ms = timeout_ms;
    atc_line_ask_raw(&e->line, want, piece);
    set_prompt_timer(e);
    return ATC_BODY;
}

static void end_payload(struct atc_engine *e)
{
    atc_timer_stop(&e->timers, ATC_TIMER_PROMPT);
    e->transfer.ended = true;
    take_payload(e, atc_line_text(&e->line));
}

static void cancel_payload(struct atc_engine *e)
{
    const uint8_t errors = e->run.waiting->errors;

    atc_timer_stop(&e->timers, ATC_TIMER_PROMPT);
    e->run.waiting = NULL;
    finish(e, e->cfg.settings.esc == ATC_ESC_OK ? ATC_OK : ATC_CAUSE_ABORTED, errors);
}

/* Nothing was typed for too long: a payload is cancelled, raw data ends there. */
static void prompt_timeout(struct atc_engine *e)
{
    const bool raw = e->line.raw;

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
            atc_engine_line(e, "ERROR");
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

static void feed(struct atc_engine *e, uint8_t byte)
{
    const unsigned from = e->line.state;
    enum atc_line_event event;

    if (e->echo && atc_line_echoes(&e->line, byte, e->cfg.dialect->echo_cr))
        atc_queue_push(&e->out_queue, e->out_memory, byte);
    event = atc_line_feed(&e->line, byte);
    if (e->line.state != from) {
        trace_line(e, from);
        watch_urcs(e);
    }
    if (atc_timer_runs(&e->timers, ATC_TIMER_PROMPT))
        set_prompt_timer(e);
    act_on_line(e, event);
    if (e->line.state == ATC_LINE_PROMPT && e->line.want == 0) {
        atc_line_abandon(&e->line); /* a payload of no bytes is complete at once */
        end_payload(e);
    }
}

/* --- time ------------------------------------------------------------------------------------- */

static void boot_done(struct atc_engine *e)
{
    e->deaf = false;
    e->network.attached = true;
    e->network.registration = ATC_REG_HOME;
    for (const char *const *line = e->cfg.dialect->boot; *line != NULL; line++)
        atc_urc_text(e, *line);
}

static void fire(struct atc_engine *e, unsigned timer)
{
    if (timer < ATC_EXCHANGE_MAX) {
        atc_net_timeout(e, (uint8_t)timer);
    } else if (timer < ATC_TIMER_OWN) {
        atc_verb_open_timeout(e, timer - ATC_TIMER_SESSION);
    } else if (timer == ATC_TIMER_URC) {
        e->urc_released = true;
    } else if (timer == ATC_TIMER_COMMAND) {
        e->run.delayed = true;
    } else if (timer == ATC_TIMER_PROMPT) {
        prompt_timeout(e);
    } else if (timer == ATC_TIMER_BOOT) {
        boot_done(e);
    } else {
        atc_net_auto_ack(e);
    }
}

static bool may_fire(const struct atc_engine *e)
{
    return atc_timers_next_ms(&e->timers) <= e->input_ms &&
           ATC_ORDER_MAX - e->order_count >= ORDER_BURST;
}

/* Let time come to now_ms: what is due runs, each thing at its own moment. */
static void advance(struct atc_engine *e, uint64_t now_ms)
{
    ATC_ASSERT(now_ms >= e->input_ms);
    if (now_ms > e->input_ms)
        e->input_ms = now_ms;
    run_line(e);
    while (may_fire(e)) {
        const uint64_t due_ms = atc_timers_next_ms(&e->timers);

        if (due_ms > e->now_ms)
            e->now_ms = due_ms;
        fire(e, (unsigned)atc_timers_take(&e->timers, due_ms));
        run_line(e);
    }
    e->now_ms = e->input_ms;
    watch_urcs(e);
}

/* --- restarts --------------------------------------------------------------------------------- */

static void cold_start(struct atc_engine *e)
{
    const struct atc_dialect *d = e->cfg.dialect;

    atc_verb_reset_all(e);
    atc_files_reset(e);
    e->command_order++;
    e->cmee = d->cmee_default;
    e->cereg = 0;
    e->cfun = 1;
    e->pdp_defined = 1;
    e->pdp_active = 0;
    e->urc_left = 0;
    e->urc_queue.head = e->urc_queue.tail = 0;
}

void atc_engine_reboot(struct atc_engine *e)
{
    cold_start(e);
    e->deaf = true;
    e->network.attached = false;
    e->network.registration = ATC_REG_OFF;
    atc_timer_set(&e->timers, ATC_TIMER_BOOT, e->now_ms + BOOT_MS);
}

/* --- orders and events ------------------------------------------------------------------------ */

/* An order's id: who gave it, and its sequence. */
static uint32_t order_id(const struct atc_pending *p)
{
    return (uint32_t)p->giver << 24 | (uint32_t)p->index << 16 | p->sequence;
}

/* Whether whoever gave an order still waits for it. */
static bool is_current(const struct atc_engine *e, unsigned giver, unsigned index,
                       uint16_t sequence)
{
    switch (giver) {
    case ATC_GIVER_NOBODY:
        return true;
    case ATC_GIVER_COMMAND:
        return e->command_order == sequence;
    case ATC_GIVER_SESSION:
        return index < ATC_SESSION_MAX && e->session[index].order == sequence;
    case ATC_GIVER_EXCHANGE:
        return index < ATC_EXCHANGE_MAX && e->messages.exchange[index].order == sequence &&
               e->messages.exchange[index].state != ATC_EXCHANGE_FREE;
    case ATC_GIVER_SEEN:
        return index < ATC_SEEN_MAX && e->messages.seen[index].order == sequence;
    default:
        return false;
    }
}

/* The bytes an order carries. */
static struct atc_span order_data(const struct atc_engine *e, const struct atc_pending *p)
{
    uint8_t block = ATC_NO_BLOCK;

    if (p->kind == ATC_ORDER_FILE)
        return p->giver == ATC_GIVER_COMMAND && e->transfer.operation == ATC_FILE_APPEND
                   ? atc_line_text(&e->line)
                   : atc_span(NULL, 0);
    if (p->kind == ATC_ORDER_RESOLVE)
        block = e->session[p->session].name;
    else if (p->giver == ATC_GIVER_EXCHANGE)
        block = e->messages.exchange[p->index].block;
    else if (p->giver == ATC_GIVER_SEEN)
        block = e->messages.seen[p->index].block;
    return block == ATC_NO_BLOCK ? atc_span(p->bytes, p->len) : atc_pool_span(&e->pool, block);
}

static void fill_open(const struct atc_engine *e, struct atc_order *order,
                      const struct atc_session *s)
{
    const struct atc_span name = atc_pool_span(&e->pool, s->name);

    order->name = name.at;
    order->name_len = name.len;
    order->security = s->secure ? ATC_SECURITY_DTLS_PSK : ATC_SECURITY_NONE;
    if (s->secure)
        atc_files_fill_dtls(e, &order->dtls, s);
}

static void fill_order(const struct atc_engine *e, struct atc_order *order,
                       const struct atc_pending *p)
{
    const struct atc_session *s = &e->session[p->session];
    const struct atc_span data = order_data(e, p);

    memset(order, 0, sizeof *order);
    order->kind = (enum atc_order_kind)p->kind;
    order->id = order_id(p);
    order->session = p->session;
    order->peer = p->peer;
    order->data = data.at;
    order->len = data.len;
    if (p->kind == ATC_ORDER_OPEN)
        fill_open(e, order, s);
    if (p->kind == ATC_ORDER_FILE)
        atc_files_fill(e, order, p);
}

static void session_answer(struct atc_engine *e, unsigned session, const struct atc_event *event)
{
    if (event->kind == ATC_EVENT_FILE_DONE)
        atc_verb_key(e, session, event->cause, atc_span(event->data, event->len), event->size);
    else if (event->kind == ATC_EVENT_RESOLVED)
        atc_verb_resolved(e, session, event->cause, &event->peer);
    else if (e->session[session].state == ATC_SESSION_OPENING)
        atc_verb_resolved(e, session, ATC_CAUSE_NAME, NULL);
    else
        atc_verb_opened(e, session, event->cause);
}

static void order_done(struct atc_engine *e, const struct atc_event *event)
{
    const unsigned giver = event->order >> 24;
    const unsigned index = event->order >> 16 & 0xFFu;

    if (!is_current(e, giver, index, (uint16_t)event->order)) {
        atc_engine_count(e, event->session, ATC_COUNT_STALE, 0);
        return;
    }
    if (event->cause != ATC_OK)
        atc_engine_trace(e, ATC_TRACE_RESULT, event->session, giver, event->cause, 0);
    if (giver == ATC_GIVER_COMMAND) {
        e->run.result = (uint8_t)event->cause;
        e->run.answered = true;
        e->answer = event;
    } else if (giver == ATC_GIVER_SESSION) {
        session_answer(e, index, event);
    } else if (giver == ATC_GIVER_EXCHANGE) {
        atc_net_sent(e, (uint8_t)index, event->cause);
    }
}

void atc_engine_network(struct atc_engine *e, const struct atc_network *network)
{
    const uint8_t before = e->network.registration;

    e->network = *network;
    if (!network->attached && e->cfg.dialect->lost_on_detach) {
        for (unsigned i = 0; i < e->cfg.dialect->session_count; i++)
            atc_verb_lost(e, i);
        e->pdp_active = 0;
    }
    if (network->registration != before)
        atc_base_registered(e);
}

static void take_event(struct atc_engine *e, const struct atc_event *event)
{
    switch (event->kind) {
    case ATC_EVENT_DONE:
    case ATC_EVENT_RESOLVED:
    case ATC_EVENT_FILE_DONE:
        order_done(e, event);
        break;
    case ATC_EVENT_DATAGRAM:
        if (ATC_ORDER_MAX - e->order_count >= ORDER_BURST)
            atc_net_datagram(e, event);
        else
            atc_engine_count(e, event->session, ATC_COUNT_DROP_BUSY, 0);
        break;
    case ATC_EVENT_CLOSED:
        atc_verb_lost(e, event->session);
        break;
    case ATC_EVENT_NETWORK:
        atc_engine_network(e, &event->network);
        break;
    case ATC_EVENT_WALL_CLOCK:
        break;
    }
}

/* --- atcoap.h --------------------------------------------------------------------------------- */

static bool is_valid(const struct atc_config *cfg)
{
    const struct atc_settings *s = &cfg->settings;

    return cfg->dialect != NULL && cfg->random != NULL &&
           cfg->dialect->session_count <= ATC_SESSION_MAX && s->nstart >= 1 && s->nstart <= 4 &&
           (s->token_len <= ATC_TOKEN_MAX || s->token_len == 255) &&
           (s->max_retransmit <= 20 || s->max_retransmit == 255) && s->message_max >= 64 &&
           s->message_max <= ATC_MESSAGE_MAX && s->rsp_max >= 1 && s->rsp_max <= ATC_PAYLOAD_MAX &&
           (s->ack_timeout_ms == 0 || (s->ack_timeout_ms >= 1000 && s->ack_timeout_ms <= 60000));
}

int atc_init_sized(struct atc_modem *m, size_t size, const struct atc_config *cfg, uint64_t now_ms)
{
    struct atc_engine *e = inside(m);

    if (size != sizeof *m)
        return ATC_E_SIZE;
    if (!is_valid(cfg))
        return ATC_E_CONFIG;
    memset(m, 0, sizeof *m);
    e->cfg = *cfg;
    e->now_ms = e->input_ms = now_ms;
    e->echo = cfg->settings.echo == ATC_ON;
    e->network.attached = true;
    e->network.registration = ATC_REG_HOME;
    e->network.rssi = 23;
    e->out_queue.cap = ATC_OUT_SIZE;
    e->urc_queue.cap = ATC_URC_SIZE;
    atc_timers_init(&e->timers);
    atc_pool_init(&e->pool);
    atc_messages_init(&e->messages);
    atc_line_init(&e->line);
    e->line.lf_ends = cfg->settings.line_end == ATC_LINE_END_ANY;
    cold_start(e);
    return 0;
}

size_t atc_te_write(struct atc_modem *m, const uint8_t *data, size_t len, uint64_t now_ms)
{
    struct atc_engine *e = inside(m);
    size_t n = 0;

    advance(e, now_ms);
    while (n < len && (e->deaf || e->off || (e->line.state != ATC_LINE_BUSY && has_room(e)))) {
        if (!e->deaf && !e->off)
            feed(e, data[n]);
        n++;
    }
    return n;
}

/* The URC record that starts at the head of the queue. */
static size_t record_len(const struct atc_engine *e)
{
    const uint8_t *head = e->urc_memory + e->urc_queue.head;

    return head[0] * 256u + head[1];
}

const uint8_t *atc_te_peek(const struct atc_modem *m, size_t *len)
{
    const struct atc_engine *e = inside_const(m);
    const uint8_t *urc = e->urc_memory + e->urc_queue.head;

    *len = e->urc_left;
    if (e->urc_left > 0)
        return urc;
    *len = atc_queue_len(&e->out_queue);
    if (*len > 0)
        return e->out_memory + e->out_queue.head;
    if (atc_queue_len(&e->urc_queue) == 0 || !may_report(e))
        return NULL;
    *len = record_len(e);
    return urc + 2;
}

void atc_te_drop(struct atc_modem *m, size_t n)
{
    struct atc_engine *e = inside(m);

    if (n == 0)
        return;
    if (e->urc_left == 0 && atc_queue_len(&e->out_queue) > 0) {
        atc_queue_drop(&e->out_queue, n);
        return;
    }
    if (e->urc_left == 0) {
        e->urc_left = (uint16_t)record_len(e);
        atc_queue_drop(&e->urc_queue, 2);
    }
    ATC_ASSERT(n <= e->urc_left);
    e->urc_left = (uint16_t)(e->urc_left - n);
    atc_queue_drop(&e->urc_queue, n);
}

bool atc_order_next(struct atc_modem *m, struct atc_order *order)
{
    struct atc_engine *e = inside(m);

    while (e->order_count > 0) {
        const struct atc_pending *p = &e->order[e->order_head];

        e->order_head = (uint8_t)((e->order_head + 1) % ATC_ORDER_MAX);
        e->order_count--;
        if (!is_current(e, p->giver, p->index, p->sequence))
            continue;
        fill_order(e, order, p);
        return true;
    }
    return false;
}

void atc_event(struct atc_modem *m, const struct atc_event *event, uint64_t now_ms)
{
    struct atc_engine *e = inside(m);

    advance(e, now_ms);
    if (event->session < e->cfg.dialect->session_count)
        take_event(e, event);
    else
        atc_engine_count(e, 0, ATC_COUNT_STALE, 0);
    run_line(e);
    e->answer = NULL;
    watch_urcs(e);
}

void atc_tick(struct atc_modem *m, uint64_t now_ms)
{
    advance(inside(m), now_ms);
}

uint64_t atc_deadline_ms(const struct atc_modem *m)
{
    const struct atc_engine *e = inside_const(m);

    if (is_runnable(e) && has_room(e))
        return e->now_ms;
    return atc_timers_next_ms(&e->timers);
}

uint32_t atc_counter(const struct atc_modem *m, enum atc_count which)
{
    return inside_const(m)->counters[which];
}

bool atc_is_secret(const struct atc_modem *m)
{
    return inside_const(m)->transfer.open;
}

bool atc_is_off(const struct atc_modem *m)
{
    return inside_const(m)->off;
}
