/* SPDX-License-Identifier: MIT */
#include "script_frame.h"

#include <string.h>

/* Lines that are never part of a reply. */
static const char *const urcs[] = {"+QCOAPURC:", "+QCOAPRECV:", "+QCOAPACK:", "+QCOAPIND:"};

/* Lines that end a reply. */
static const char *const finals[] = {"OK", "ERROR", "+CME ERROR:", "+CMS ERROR:", "CONNECT"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define CRLF         "\r\n"
#define CRLF_LEN     2u

static bool starts_with(struct script_span text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct script_span rest = text;
        if (script_span_skip(&rest, list[i]))
            return true;
    }
    return false;
}

static bool is_final(struct script_span text)
{
    return starts_with(text, finals, COUNT(finals));
}

/* "+CSQ" of "+CSQ: 23,99"; nothing of a line that has no name. */
static size_t head_len(struct script_span text)
{
    if (text.len == 0 || *text.text != '+')
        return 0;
    const char *colon = memchr(text.text, ':', text.len);
    return colon != NULL ? (size_t)(colon - text.text) : 0;
}

static bool same_head(const struct script_frame *f, struct script_span text)
{
    const size_t len = head_len(text);
    return strlen(f->head) == len && memcmp(f->head, text.text, len) == 0;
}

/* Whether that line comes with a CR LF before it. */
static bool opens(const struct script_frame *f, struct script_span text)
{
    if (!f->in_reply || !f->has_info || is_final(text) || starts_with(text, urcs, COUNT(urcs)))
        return true;
    /* D-07: each of several commands has a frame of its own. */
    return f->joined && !same_head(f, text);
}

/* The last field of +QCOAPRECV is the length of a payload that follows raw. */
static void note_payload(struct script_frame *f, struct script_span text)
{
    uint64_t len = 0;
    size_t start = text.len;
    while (start > 0 && text.text[start - 1u] != ',')
        start--;
    const struct script_span last = {text.text + start, text.len - start};
    f->payload_due = script_span_skip(&text, "+QCOAPRECV:") &&
                     script_span_number(last, UINT16_MAX, &len) && len > 0;
    f->payload_len = (size_t)len;
}

static void note_line(struct script_frame *f, struct script_span text)
{
    note_payload(f, text);
    if (is_final(text)) {
        f->in_reply = false;
        return;
    }
    if (starts_with(text, urcs, COUNT(urcs)))
        return;
    const size_t len = head_len(text) < sizeof f->head ? head_len(text) : 0;
    f->has_info = true;
    memcpy(f->head, text.text, len);
    f->head[len] = '\0';
}

static bool skip_crlf(struct script_span *data)
{
    return script_span_skip(data, CRLF);
}

void script_frame_start(struct script_frame *frame, const struct atc_dialect *dialect)
{
    memset(frame, 0, sizeof *frame);
    frame->prompt = dialect == &atc_dialect_bc95 ? CRLF ">" : CRLF "> ";
}

static bool has_joined(const char *data, size_t len)
{
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        quoted = quoted != (data[i] == '"');
        if (data[i] == ';' && !quoted)
            return true;
    }
    return false;
}

void script_frame_input(struct script_frame *frame, const void *data, size_t len)
{
    const char *bytes = data;
    const bool complete = len > 0 && (bytes[len - 1u] == '\r' || bytes[len - 1u] == '\n');
    if (!complete)
        return;
    frame->in_reply = true;
    frame->has_info = false;
    frame->joined = has_joined(data, len);
}

void script_frame_event(struct script_frame *frame)
{
    frame->in_reply = false;
}

/* The payload of a +QCOAPRECV: exactly as long as that said. */
static ptrdiff_t take_payload(struct script_frame *f, struct script_span pattern,
                              struct script_vars *vars, struct script_span data)
{
    const size_t len = f->payload_len;
    if (data.len < len + CRLF_LEN || memcmp(data.text + len, CRLF, CRLF_LEN) != 0 ||
        script_match(pattern, 0, vars, data.text, len, NULL) < 0)
        return -1;
    f->payload_due = false;
    return (ptrdiff_t)(len + CRLF_LEN);
}

static bool is_prompt(struct script_span pattern)
{
    return script_span_is(pattern, ">");
}

ptrdiff_t script_frame_take(struct script_frame *frame, struct script_span pattern,
                            struct script_vars *vars, const void *data, size_t len)
{
    struct script_span rest = {data, len};
    const size_t mark = vars->count;
    if (frame->payload_due)
        return take_payload(frame, pattern, vars, rest);
    if (is_prompt(pattern)) {
        frame->in_reply = false;
        return script_span_skip(&rest, frame->prompt) ? (ptrdiff_t)(len - rest.len) : -1;
    }
    const bool opened = skip_crlf(&rest);
    const ptrdiff_t used = script_match(pattern, SCRIPT_LINE, vars, rest.text, rest.len, CRLF);
    const struct script_span line = {rest.text, used > 0 ? (size_t)used : 0};
    if (used < 0 || opens(frame, line) != opened) {
        script_vars_rewind(vars, mark);
        return -1;
    }
    note_line(frame, line);
    return (ptrdiff_t)((opened ? CRLF_LEN : 0) + line.len + CRLF_LEN);
}

void script_frame_exact(struct script_frame *frame, const void *data, size_t len)
{
    struct script_span rest = {data, len};
    frame->payload_due = false;
    (void)skip_crlf(&rest);
    const size_t end = CRLF_LEN;
    if (rest.len <= end || memcmp(rest.text + rest.len - end, CRLF, end) != 0)
        return;
    rest.len -= end;
    /* Only its last line matters to what follows. */
    for (size_t i = rest.len; i > 0; i--)
        if (rest.text[i - 1u] == '\n') {
            rest = (struct script_span){rest.text + i, rest.len - i};
            break;
        }
    note_line(frame, rest);
}

static size_t find_crlf(struct script_span data)
{
    for (size_t i = 0; i + 1u < data.len; i++)
        if (data.text[i] == '\r' && data.text[i + 1u] == '\n')
            return i;
    return data.len;
}

static size_t render_exact(struct script_frame *f, const void *data, size_t len,
                           struct script_buf *out)
{
    script_buf_text(out, "T= ");
    script_escape(out, data, len, SCRIPT_EXACT);
    script_frame_exact(f, data, len);
    return len;
}

static void render_line(struct script_span text, struct script_buf *out)
{
    script_buf_text(out, "T< ");
    script_escape(out, text.text, text.len, SCRIPT_LINE);
}

static size_t render_payload(struct script_frame *f, struct script_span data,
                             struct script_buf *out)
{
    const size_t len = f->payload_len;
    f->payload_due = false;
    if (data.len < len + CRLF_LEN || memcmp(data.text + len, CRLF, CRLF_LEN) != 0)
        return render_exact(f, data.text, data.len, out);
    data.len = len;
    render_line(data, out);
    return len + CRLF_LEN;
}

size_t script_frame_render(struct script_frame *frame, const void *data, size_t len,
                           struct script_buf *out)
{
    struct script_span rest = {data, len};
    if (frame->payload_due)
        return render_payload(frame, rest, out);
    if (script_span_skip(&rest, frame->prompt)) {
        frame->in_reply = false;
        script_buf_text(out, "T< >");
        return len - rest.len;
    }
    const bool opened = skip_crlf(&rest);
    const size_t end = find_crlf(rest);
    const size_t used = (opened ? CRLF_LEN : 0) + end + CRLF_LEN;
    const struct script_span line = {rest.text, end};
    if (end == rest.len)
        return render_exact(frame, data, len, out);
    if (end == 0 || opens(frame, line) != opened)
        return render_exact(frame, data, used, out);
    render_line(line, out);
    note_line(frame, line);
    return used;
}
