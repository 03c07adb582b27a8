/* SPDX-License-Identifier: MIT */
#include "script_play.h"

#include <string.h>

#include "addr.h"
#include "script_frame.h"

#define SHOWN_MAX 12 /* lines of output that a failure shows */
#define GROUP_MAX 32 /* lines between T{ and T} */

struct play {
    const struct script *script;
    const struct script_target *target;
    struct script_buf *accepted; /* NULL: what is not listed is wrong */
    struct script_buf held;      /* comments, until it is known what stands before them */
    struct script_result *result;
    struct script_output output;
    struct script_vars vars;
    struct script_defaults defaults;
    struct script_frame frame;
    const struct script_line *input; /* what was put in last */
    struct script_buf scratch;
    size_t at; /* the present line */
};

/* --- what has come out ------------------------------------------------------------------------ */

static struct script_span te_left(const struct play *p)
{
    const struct script_buf *te = &p->output.te;
    if (te->len == 0)
        return script_span_of("");
    return (struct script_span){te->data + p->output.te_at, te->len - p->output.te_at};
}

static struct script_item *next_item(const struct play *p)
{
    const struct script_output *o = &p->output;
    return o->item_at < o->item_count ? &o->items[o->item_at] : NULL;
}

static bool is_quiet(const struct play *p)
{
    return te_left(p).len == 0 && next_item(p) == NULL;
}

static bool is_usual_place(const struct play *p, const struct script_item *item)
{
    const struct script_where *last = &p->output.last;
    return (!last->has_session || last->session == item->session) &&
           (!last->has_addr || addr_same(&last->addr, &item->addr));
}

/* An item as an N> line. Fields of the old text that still fit stay as they were. */
static void render_item(struct play *p, const struct script_item *item, struct script_span old,
                        struct script_buf *out)
{
    struct script_where where;
    char addr[ADDR_TEXT_MAX];
    script_buf_text(out, "N> ");
    if (item->is_order) {
        script_buf_span(out, script_span_buf(&item->data));
        return;
    }
    script_where_read(&where, &old);
    if (!is_usual_place(p, item) || where.has_session || where.has_addr) {
        addr_text(addr, &item->addr);
        if (item->session != 0 || where.has_session)
            script_buf_format(out, "id=%u ", item->session);
        script_buf_format(out, "%s ", addr);
    }
    script_datagram_render(out, old, &p->vars, item->data.data, item->data.len);
}

static void take_item(struct play *p)
{
    const struct script_item *item = next_item(p);
    p->output.item_at++;
    if (item->is_order)
        return;
    p->output.last = (struct script_where){true, true, item->session, item->addr};
    script_defaults_note(&p->defaults, item->data.data, item->data.len);
}

/* --- failures --------------------------------------------------------------------------------- */

static void stop(struct play *p, enum script_verdict verdict, const char *why)
{
    p->result->verdict = verdict;
    p->result->line = p->at < p->script->count ? p->script->lines[p->at].number
                                               : (unsigned)p->script->count;
    if (why != NULL)
        script_buf_format(&p->result->message, "    %s\n", why);
}

/* "    came      T< OK", and further lines under it. */
static void show(struct play *p, const char *label, struct script_span line)
{
    script_buf_format(&p->result->message, "    %-9s %.*s\n", label, (int)line.len, line.text);
}

static const char *show_te(struct play *p, const char *label)
{
    struct script_frame frame = p->frame;
    struct script_span rest = te_left(p);
    for (unsigned i = 0; i < SHOWN_MAX && rest.len > 0; i++) {
        p->scratch.len = 0;
        const size_t used = script_frame_render(&frame, rest.text, rest.len, &p->scratch);
        show(p, label, script_span_buf(&p->scratch));
        rest = (struct script_span){rest.text + used, rest.len - used};
        label = "";
    }
    return label;
}

static const char *show_items(struct play *p, const char *label)
{
    const struct script_output *o = &p->output;
    for (size_t i = o->item_at; i < o->item_count && i < o->item_at + SHOWN_MAX; i++) {
        p->scratch.len = 0;
        render_item(p, &o->items[i], script_span_of(""), &p->scratch);
        show(p, label, script_span_buf(&p->scratch));
        label = "";
    }
    return label;
}

/* Say what was expected, NULL for nothing, and what came. */
static void fail(struct play *p, const struct script_line *expected)
{
    const char *label = "came";
    stop(p, SCRIPT_FAILED, NULL);
    if (p->input != NULL)
        show(p, "after", p->input->all);
    show(p, "expected", expected != NULL ? expected->all : script_span_of("nothing more"));
    if (expected != NULL && expected->kind == SCRIPT_NET_OUT) {
        label = show_items(p, label);
        label = show_te(p, label);
    } else {
        label = show_te(p, label);
        label = show_items(p, label);
    }
    if (*label != '\0')
        show(p, label, script_span_of("nothing"));
}

/* --- accepting -------------------------------------------------------------------------------- */

static void flush_held(struct play *p)
{
    script_buf_span(p->accepted, script_span_buf(&p->held));
    p->held.len = 0;
}

static void accept_line(struct play *p, struct script_span line)
{
    if (p->accepted == NULL)
        return;
    flush_held(p);
    script_buf_span(p->accepted, line);
    script_buf_byte(p->accepted, '\n');
}

static struct script_span cut_field(struct script_span *text)
{
    const char *comma = text->len > 0 ? memchr(text->text, ',', text->len) : NULL;
    const struct script_span field = {text->text,
                                      comma != NULL ? (size_t)(comma - text->text) : text->len};
    const size_t used = field.len + (comma != NULL ? 1u : 0u);
    *text = (struct script_span){text->text + used, text->len - used};
    return field;
}

static size_t count_fields(struct script_span text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.text[i] == ',';
    return count;
}

static bool field_fits(struct play *p, struct script_span old, struct script_span new)
{
    struct script_buf bytes = {NULL, 0, 0};
    const bool fits = script_expand(new, SCRIPT_LINE, &p->vars, &bytes) == NULL &&
                      script_match(old, SCRIPT_LINE, &p->vars, bytes.data, bytes.len, NULL) >= 0;
    script_buf_free(&bytes);
    return fits;
}

/* A new T< line, with those of the old line's fields that still fit: their placeholders stay. */
static void merge_te(struct play *p, struct script_span old, struct script_span new,
                     struct script_buf *out)
{
    const bool alike = script_span_skip(&old, "T< ") && script_span_skip(&new, "T< ");
    if (!alike || count_fields(old) != count_fields(new)) {
        script_buf_text(out, alike ? "T< " : "");
        script_buf_span(out, new);
        return;
    }
    script_buf_text(out, "T< ");
    for (size_t left = count_fields(new); left > 0; left--) { /* the last ones may be empty */
        const struct script_span before = cut_field(&old), after = cut_field(&new);
        script_buf_span(out, field_fits(p, before, after) ? before : after);
        script_buf_text(out, left > 1 ? "," : "");
    }
}

/* Replace an expected T line by what the TE got in its place: nothing, if there is nothing. */
static void replace_te(struct play *p, const struct script_line *line)
{
    struct script_buf merged = {NULL, 0, 0};
    const struct script_span left = te_left(p);
    if (left.len == 0)
        return;
    p->scratch.len = 0;
    p->output.te_at += script_frame_render(&p->frame, left.text, left.len, &p->scratch);
    merge_te(p, line != NULL ? line->all : script_span_of(""), script_span_buf(&p->scratch),
             &merged);
    accept_line(p, script_span_buf(&merged));
    script_buf_free(&merged);
}

static void replace_item(struct play *p, const struct script_line *line)
{
    if (next_item(p) == NULL)
        return;
    p->scratch.len = 0;
    render_item(p, next_item(p), line != NULL ? line->text : script_span_of(""), &p->scratch);
    take_item(p);
    accept_line(p, script_span_buf(&p->scratch));
}

/* --- expected lines --------------------------------------------------------------------------- */

/* Take the line from the output. Returns false if it is not there. */
static bool take_te(struct play *p, const struct script_line *line)
{
    const struct script_span left = te_left(p);
    ptrdiff_t used;
    if (line->kind == SCRIPT_TE_OUT) {
        used = script_frame_take(&p->frame, line->text, &p->vars, left.text, left.len);
    } else {
        used = script_match(line->text, SCRIPT_EXACT, &p->vars, left.text, left.len, "");
        if (used >= 0)
            script_frame_exact(&p->frame, left.text, (size_t)used);
    }
    if (used < 0)
        return false;
    p->output.te_at += (size_t)used;
    return true;
}

static bool await_te(struct play *p, const struct script_line *line)
{
    while (!take_te(p, line))
        if (!p->target->more(p->target->ctx, true))
            return false;
    return true;
}

static void expect_te(struct play *p, const struct script_line *line)
{
    if (await_te(p, line))
        accept_line(p, line->all);
    else if (p->accepted != NULL)
        replace_te(p, line);
    else
        fail(p, line);
}

static bool is_there(const struct play *p, const struct script_item *item,
                     const struct script_where *where)
{
    if (!where->has_session && !where->has_addr)
        return is_usual_place(p, item);
    return (!where->has_session || where->session == item->session) &&
           (!where->has_addr || addr_same(&where->addr, &item->addr));
}

static bool take_net(struct play *p, const struct script_line *line, const char **why)
{
    struct script_where where;
    const struct script_item *item = next_item(p);
    struct script_span text = line->text;
    if (item == NULL)
        return false;
    const struct script_span data = script_span_buf(&item->data);
    bool good;
    if (item->is_order) {
        good = script_match(text, 0, &p->vars, data.text, data.len, NULL) >= 0;
    } else {
        script_where_read(&where, &text);
        good = script_datagram_match(text, &p->vars, data.text, data.len, why) &&
               is_there(p, item, &where);
    }
    if (good)
        take_item(p);
    return good;
}

static void expect_net(struct play *p, const struct script_line *line)
{
    const char *why = NULL;
    if (take_net(p, line, &why))
        accept_line(p, line->all);
    else if (why != NULL)
        stop(p, SCRIPT_BROKEN, why);
    else if (p->accepted != NULL)
        replace_item(p, line);
    else
        fail(p, line);
}

/* The lines between T{ and T}. Returns how many, or 0 if that is not what stands there. */
static size_t group_size(const struct play *p)
{
    size_t size = 0;
    const struct script_line *line = &p->script->lines[p->at + 1u];
    while (p->at + 1u + size < p->script->count && line[size].kind == SCRIPT_TE_OUT)
        size++;
    const bool ended = p->at + 1u + size < p->script->count && line[size].kind == SCRIPT_ANY_END;
    return ended && size <= GROUP_MAX ? size : 0;
}

/* Take any line of the group that fits, and the payload that it may bring. */
static bool take_any(struct play *p, const struct script_line *lines, size_t size, bool *taken)
{
    for (size_t i = 0; i < size; i++) {
        if (taken[i] || !take_te(p, &lines[i]))
            continue;
        taken[i] = true;
        if (!p->frame.payload_due || i + 1u == size)
            return true;
        taken[i + 1u] = await_te(p, &lines[i + 1u]);
        return taken[i + 1u];
    }
    return false;
}

static bool all_taken(const bool *taken, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += taken[i];
    return count == size;
}

static void expect_group(struct play *p)
{
    bool taken[GROUP_MAX] = {false};
    const struct script_line *lines = &p->script->lines[p->at + 1u];
    const size_t size = group_size(p);
    size_t done = 0;
    if (size == 0) {
        stop(p, SCRIPT_BROKEN, "T{ is followed by T< lines and T}");
        return;
    }
    while (!all_taken(taken, size) &&
           (take_any(p, lines, size, taken) || p->target->more(p->target->ctx, true))) {
    }
    accept_line(p, p->script->lines[p->at].all);
    while (done < size && p->result->verdict == SCRIPT_PASSED) {
        const struct script_line *line = &lines[done++];
        if (taken[done - 1u])
            accept_line(p, line->all);
        else if (p->accepted != NULL)
            replace_te(p, line);
        else
            fail(p, line);
    }
    accept_line(p, lines[size].all);
    p->at += size + 1u;
}

/* Nothing may be left when something is put in. */
static void expect_quiet(struct play *p)
{
    while (p->target->more(p->target->ctx, false)) {
    }
    if (is_quiet(p))
        return;
    if (p->accepted == NULL) {
        fail(p, NULL);
        return;
    }
    /* What is added stands before the comments of the line to come. */
    struct script_buf held = p->held;
    memset(&p->held, 0, sizeof p->held);
    while (next_item(p) != NULL)
        replace_item(p, NULL);
    while (te_left(p).len > 0)
        replace_te(p, NULL);
    script_buf_free(&p->held);
    p->held = held;
}

/* --- lines that put something in -------------------------------------------------------------- */

/* Whether the text ends in ^. and not in ^^ and a dot; then that is cut off. */
static bool cut_no_cr(struct script_span *text)
{
    size_t carets = 0;
    if (text->len == 0 || text->text[text->len - 1u] != '.')
        return false;
    while (carets + 1u < text->len && text->text[text->len - 2u - carets] == '^')
        carets++;
    if (carets % 2u == 0)
        return false;
    text->len -= 2u;
    return true;
}

static void type(struct play *p, struct script_span text)
{
    struct script_buf bytes = {NULL, 0, 0};
    const bool bare = cut_no_cr(&text);
    const char *why = script_expand(text, 0, &p->vars, &bytes);
    if (why != NULL) {
        stop(p, SCRIPT_BROKEN, why);
    } else {
        script_buf_text(&bytes, bare ? "" : "\r");
        script_frame_input(&p->frame, bytes.data, bytes.len);
        why = p->target->write(p->target->ctx, bytes.data, bytes.len);
        if (why != NULL)
            stop(p, SCRIPT_FAILED, why);
    }
    script_buf_free(&bytes);
}

static void advance(struct play *p, struct script_span text)
{
    uint64_t time_ms = 0;
    (void)script_time(text, &time_ms);
    const char *why = p->target->advance(p->target->ctx, time_ms);
    if (why != NULL)
        stop(p, SCRIPT_FAILED, why);
}

static void act(struct play *p, struct script_span text)
{
    struct script_buf filled = {NULL, 0, 0};
    const char *why = script_expand(text, 0, &p->vars, &filled);
    script_frame_event(&p->frame);
    if (why == NULL)
        why = p->target->act(p->target->ctx, script_span_buf(&filled));
    if (why != NULL)
        stop(p, SCRIPT_BROKEN, why);
    script_buf_free(&filled);
}

static bool answers_order(struct script_span text)
{
    return script_span_skip(&text, "done ") || script_span_skip(&text, "resolved ");
}

static void arrive(struct play *p, struct script_span text)
{
    struct script_buf data = {NULL, 0, 0};
    struct script_where where;
    if (answers_order(text)) {
        act(p, text);
        return;
    }
    script_where_read(&where, &text);
    const char *why = script_datagram_build(text, &p->vars, &p->defaults, &data);
    script_frame_event(&p->frame);
    if (why == NULL)
        why = p->target->datagram(p->target->ctx, &where, data.data, data.len);
    if (why != NULL)
        stop(p, SCRIPT_BROKEN, why);
    script_buf_free(&data);
}

static void put_in(struct play *p, const struct script_line *line)
{
    expect_quiet(p);
    accept_line(p, line->all);
    if (p->result->verdict != SCRIPT_PASSED)
        return;
    p->input = line;
    if (line->kind == SCRIPT_TE_IN)
        type(p, line->text);
    else if (line->kind == SCRIPT_CLOCK)
        advance(p, line->text);
    else if (line->kind == SCRIPT_NET_ACT)
        act(p, line->text);
    else
        arrive(p, line->text);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void play_line(struct play *p, const struct script_line *line)
{
    const bool networked = p->target->networked;
    switch (line->kind) {
    case SCRIPT_BLANK:
    case SCRIPT_HEADER:
        script_buf_span(&p->held, line->all);
        script_buf_byte(&p->held, '\n');
        return;
    case SCRIPT_TE_OUT:
    case SCRIPT_TE_EXACT:
        expect_te(p, line);
        return;
    case SCRIPT_NET_OUT:
        if (networked)
            expect_net(p, line);
        return;
    case SCRIPT_ANY_ORDER:
        expect_group(p);
        return;
    case SCRIPT_ANY_END:
        stop(p, SCRIPT_BROKEN, "T} without T{");
        return;
    case SCRIPT_NET_IN:
    case SCRIPT_NET_ACT:
        if (networked)
            put_in(p, line);
        return;
    case SCRIPT_TE_IN:
    case SCRIPT_CLOCK:
        put_in(p, line);
        return;
    }
}

static void play_lines(struct play *p)
{
    for (p->at = 0; p->at < p->script->count && p->result->verdict == SCRIPT_PASSED; p->at++)
        play_line(p, &p->script->lines[p->at]);
    if (p->result->verdict == SCRIPT_PASSED)
        expect_quiet(p);
    if (p->accepted != NULL)
        flush_held(p);
}

void script_play(const struct script *script, const struct script_target *target,
                 struct script_buf *accepted, struct script_result *result)
{
    struct play p;
    memset(&p, 0, sizeof p);
    memset(result, 0, sizeof *result);
    p.script = script;
    p.target = target;
    p.accepted = accepted;
    p.result = result;
    p.vars.lenient = !target->networked;
    script_defaults_start(&p.defaults);
    script_frame_start(&p.frame, script->setup.dialect);
    const char *why = target->start(target->ctx, &script->setup, &p.output);
    if (why != NULL)
        stop(&p, SCRIPT_BROKEN, why);
    else
        play_lines(&p);
    const char *left = target->end(target->ctx);
    if (left != NULL && result->verdict == SCRIPT_PASSED)
        stop(&p, SCRIPT_FAILED, left);
    script_output_free(&p.output);
    script_vars_free(&p.vars);
    script_buf_free(&p.scratch);
    script_buf_free(&p.held);
}
