/* SPDX-License-Identifier: MIT
 *
 * What a handler may say to the TE: lines of its reply, a prompt for data.
 */
#include "engine.h"

/* How long nothing must follow +++ for it to end a transfer. */
enum { ESCAPE_MS = 1000 };

struct atc_out atc_reply_open(struct atc_engine *e)
{
    struct atc_out out = atc_queue_room(&e->out_queue, e->out_memory);

    atc_reply_begin(&out, &e->framing, !e->run.replied);
    e->run.replied = true;
    return out;
}

void atc_reply_close(struct atc_engine *e, struct atc_out *out)
{
    atc_reply_end(out, &e->framing);
    ATC_ASSERT(!atc_out_failed(out)); /* a line over ATC_REPLY_MAX */
    (void)atc_queue_commit(&e->out_queue, out);
}

void atc_put_base(const struct atc_engine *e, struct atc_out *out, const char *name)
{
    const bool tight = e->cfg.dialect->tight_colon && e->cfg.settings.colon == ATC_COLON_FIELD;

    atc_put_byte(out, '+');
    atc_put_text(out, name);
    atc_put_text(out, tight ? ":" : ": ");
}

void atc_put_next(struct atc_out *out, uint32_t number)
{
    atc_put_byte(out, ',');
    atc_put_number(out, number);
}

void atc_put_quoted(struct atc_out *out, const char *text)
{
    atc_put_byte(out, '"');
    atc_put_text(out, text);
    atc_put_byte(out, '"');
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

void atc_engine_final(struct atc_engine *e, enum atc_final final)
{
    struct atc_out out = atc_queue_room(&e->out_queue, e->out_memory);

    atc_reply_final(&out, &e->framing, final);
    (void)atc_queue_commit(&e->out_queue, &out);
}

void atc_engine_watch_prompt(struct atc_engine *e)
{
    uint32_t ms = e->run.prompt_ms;

    if (atc_line_ends_in_escape(&e->line) && ms > ESCAPE_MS)
        ms = ESCAPE_MS;
    if (ms > 0)
        atc_timer_set(&e->timers, ATC_TIMER_PROMPT, e->now_ms + ms);
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
    atc_engine_trace(e, ATC_TRACE_LINE, 0, ATC_LINE_BUSY, e->line.state, 0);
    atc_engine_watch_prompt(e);
    return ATC_BODY;
}

uint8_t atc_engine_ask_raw(struct atc_engine *e, const struct atc_call *call, uint32_t want,
                           size_t piece, uint32_t timeout_ms)
{
    atc_engine_final(e, ATC_FINAL_CONNECT);
    e->run.waiting = call->row;
    e->run.body = true;
    e->run.answered = false;
    e->run.prompt_ms = timeout_ms;
    atc_line_ask_raw(&e->line, want, piece);
    atc_engine_trace(e, ATC_TRACE_LINE, 0, ATC_LINE_BUSY, e->line.state, 0);
    atc_engine_watch_prompt(e);
    return ATC_BODY;
}
