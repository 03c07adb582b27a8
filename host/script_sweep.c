/* SPDX-License-Identifier: MIT */
#include "script_sweep.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "script_world.h"
#include "status.h"
#include "sweep.h"
#include "uart_text.h"

/* --- what is put in --------------------------------------------------------------------------- */

enum step_kind { STEP_WRITE, STEP_ADVANCE, STEP_DATAGRAM, STEP_ACT };

struct step {
    enum step_kind kind;
    struct script_buf data;
    struct script_where where;
    uint64_t time_ms;
};

/* A target that writes down what it is asked for and hands it on. */
struct tape {
    struct script_target inner;
    struct script_world world;
    struct script_said said;
    struct script_output *output;
    struct script_buf sent; /* datagrams and orders, each with where it went */
    struct step *steps;
    size_t count, size;
};

static struct step *add_step(struct tape *tape, enum step_kind kind, const void *data, size_t len)
{
    if (tape->count == tape->size) {
        tape->size = 2u * tape->size + 16u;
        void *steps = realloc(tape->steps, tape->size * sizeof *tape->steps);
        if (steps == NULL) {
            log_note("out of memory");
            exit(STATUS_SYSTEM);
        }
        tape->steps = steps;
    }
    struct step *step = &tape->steps[tape->count++];
    memset(step, 0, sizeof *step);
    step->kind = kind;
    script_buf_add(&step->data, data, len);
    return step;
}

static void note_sent(struct script_buf *sent, const struct script_output *output)
{
    for (size_t i = 0; i < output->item_count; i++) {
        const struct script_item *item = &output->items[i];
        script_buf_format(sent, "%u %u ", item->is_order, item->session);
        script_buf_add(sent, &item->addr, sizeof item->addr);
        script_buf_span(sent, script_span_buf(&item->data));
        script_buf_text(sent, "\n");
    }
}

static const char *start(void *ctx, const struct script_setup *setup, struct script_output *output)
{
    struct tape *tape = ctx;
    tape->output = output;
    return tape->inner.start(tape->inner.ctx, setup, output);
}

static const char *end(void *ctx)
{
    struct tape *tape = ctx;
    script_world_flush(&tape->world);
    note_sent(&tape->sent, tape->output);
    return tape->inner.end(tape->inner.ctx);
}

static const char *write_te(void *ctx, const void *data, size_t len)
{
    struct tape *tape = ctx;
    (void)add_step(tape, STEP_WRITE, data, len);
    return tape->inner.write(tape->inner.ctx, data, len);
}

static const char *advance(void *ctx, uint64_t time_ms)
{
    struct tape *tape = ctx;
    add_step(tape, STEP_ADVANCE, NULL, 0)->time_ms = time_ms;
    return tape->inner.advance(tape->inner.ctx, time_ms);
}

static bool more(void *ctx, bool expected)
{
    struct tape *tape = ctx;
    return tape->inner.more(tape->inner.ctx, expected);
}

static const char *datagram(void *ctx, const struct script_where *where, const void *data,
                            size_t len)
{
    struct tape *tape = ctx;
    struct step *step = add_step(tape, STEP_DATAGRAM, data, len);
    /* The place that the line means, which depends on what was taken before it. */
    step->where = *where;
    if (!step->where.has_addr && !step->where.has_session)
        step->where = tape->output->last;
    return tape->inner.datagram(tape->inner.ctx, where, data, len);
}

static const char *act(void *ctx, struct script_span text)
{
    struct tape *tape = ctx;
    add_step(tape, STEP_ACT, text.text, text.len)->where = tape->output->last;
    return tape->inner.act(tape->inner.ctx, text);
}

static void tape_free(struct tape *tape)
{
    for (size_t i = 0; i < tape->count; i++)
        script_buf_free(&tape->steps[i].data);
    free(tape->steps);
    script_buf_free(&tape->said.replies);
    script_buf_free(&tape->said.urcs);
    script_buf_free(&tape->said.lengths);
    script_buf_free(&tape->sent);
    script_buf_free(&tape->world.found);
}

static void tape_target(struct tape *tape, struct script_target *target)
{
    memset(tape, 0, sizeof *tape);
    script_world_target(&tape->world, NULL, &tape->inner);
    tape->world.said = &tape->said;
    *target = (struct script_target){.networked = true,
                                     .ctx = tape,
                                     .start = start,
                                     .end = end,
                                     .write = write_te,
                                     .advance = advance,
                                     .more = more,
                                     .datagram = datagram,
                                     .act = act};
}

/* --- the same again --------------------------------------------------------------------------- */

struct rerun {
    struct script_target target;
    struct script_world world;
    struct script_said said;
    struct script_output output;
    struct script_buf sent;
};

static const char *play_step(struct rerun *r, const struct step *step)
{
    const struct script_target *t = &r->target;
    switch (step->kind) {
    case STEP_WRITE:
        return t->write(t->ctx, step->data.data, step->data.len);
    case STEP_ADVANCE:
        return t->advance(t->ctx, step->time_ms);
    case STEP_DATAGRAM:
        return t->datagram(t->ctx, &step->where, step->data.data, step->data.len);
    case STEP_ACT:
        r->output.last = step->where;
        return t->act(t->ctx, script_span_buf(&step->data));
    }
    return NULL;
}

static const char *play_again(struct rerun *r, const struct tape *tape,
                              const struct script_setup *setup)
{
    memset(r, 0, sizeof *r);
    script_world_target(&r->world, NULL, &r->target);
    r->world.said = &r->said;
    const char *why = r->target.start(r->target.ctx, setup, &r->output);
    for (size_t i = 0; i < tape->count && why == NULL; i++)
        why = play_step(r, &tape->steps[i]);
    script_world_flush(&r->world);
    note_sent(&r->sent, &r->output);
    const char *left = r->target.end(r->target.ctx);
    return why != NULL ? why : left;
}

static void rerun_free(struct rerun *r)
{
    script_output_free(&r->output);
    script_buf_free(&r->said.replies);
    script_buf_free(&r->said.urcs);
    script_buf_free(&r->said.lengths);
    script_buf_free(&r->sent);
    script_buf_free(&r->world.found);
}

static bool same(const struct script_buf *a, const struct script_buf *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* One more URC: row[n] tells whether what the TE has read can begin with the URCs so far and n bytes of
 * replies, mixed in some way; te is where the bytes behind the URCs so far begin. */
static void add_urc(bool *row, const struct rerun *r, size_t te, const char *urc, size_t len)
{
    const struct script_buf *replies = &r->said.replies;
    const char *heard = r->output.te.data + te;
    for (size_t n = 0; n <= replies->len; n++) {
        const bool here = row[n] && memcmp(heard + n, urc, len) == 0;
        const bool on = n > 0 && row[n - 1u] && heard[len + n - 1u] == replies->data[n - 1u];
        row[n] = here || on;
    }
}

/* Whether what the TE has read is all that the module has said: replies byte for byte, URCs each in one
 * piece, both in their order. A URC may look like a reply, so every way to mix them is tried. */
static bool is_mixed(bool *row, const struct rerun *r)
{
    const struct script_buf *lengths = &r->said.lengths, *replies = &r->said.replies;
    size_t te = 0;
    if (r->output.te.len != replies->len + r->said.urcs.len)
        return false;
    for (size_t n = 0; n <= replies->len; n++)
        row[n] = n == 0 || (row[n - 1u] && r->output.te.data[n - 1u] == replies->data[n - 1u]);
    for (size_t i = 0; i < lengths->len; i += sizeof(size_t)) {
        size_t len;
        memcpy(&len, lengths->data + i, sizeof len);
        add_urc(row, r, te, r->said.urcs.data + te, len);
        te += len;
    }
    return row[replies->len];
}

static const char *compare_heard(const struct rerun *r)
{
    bool *row = calloc(r->said.replies.len + 1u, sizeof *row);
    const bool good = row != NULL && is_mixed(row, r);
    free(row);
    return good ? NULL : "the host does not read what the module says";
}

static const char *compare(const struct tape *tape, const struct rerun *r)
{
    if (!same(&tape->said.replies, &r->said.replies))
        return "the module gives other replies";
    if (!same(&tape->said.urcs, &r->said.urcs) || !same(&tape->said.lengths, &r->said.lengths))
        return "the module gives other URCs";
    if (!same(&tape->sent, &r->sent))
        return "other datagrams leave";
    return compare_heard(r);
}

static const char *try_text(const struct tape *tape, struct script_setup *setup,
                            const struct sim_uart_config *uart, const char *text)
{
    static char error[SIM_UART_ERROR_MAX];
    struct rerun r;
    setup->uart = *uart;
    if (!sim_uart_parse(&setup->uart, text, strlen(text), error))
        return error;
    setup->uart.noise = SIM_NOISE_NONE; /* no transcript could be the same with it */
    const char *why = play_again(&r, tape, setup);
    if (why == NULL)
        why = compare(tape, &r);
    rerun_free(&r);
    return why;
}

size_t script_sweep(const struct script *script, const struct sim_uart_config *uart,
                    const char *base, uint32_t seeds, struct script_result *result)
{
    char text[SWEEP_TEXT_MAX], shown[SWEEP_TEXT_MAX];
    struct tape tape;
    struct script_target target;
    struct script_setup setup = script->setup;
    size_t i = 0;
    tape_target(&tape, &target);
    script_play(script, &target, NULL, result);
    while (result->verdict == SCRIPT_PASSED && sweep_text(text, i, seeds, NULL)) {
        const char *why = try_text(&tape, &setup, uart, text);
        (void)sweep_text(shown, i++, seeds, base);
        if (why == NULL)
            continue;
        result->verdict = SCRIPT_FAILED;
        result->line = (unsigned)script->count;
        script_buf_format(&result->message, "    with --uart=%s %s\n", shown, why);
    }
    tape_free(&tape);
    return i;
}
