/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <string.h>

#define CTRL(letter) ((letter) - '@')

enum { ESC = 0x1b, DEL = 0x7f, ARROW_LEN_MAX = 8 };

/* --- the line --------------------------------------------------------------------------------- */

/* A byte of a UTF-8 character that is not its first. */
static bool is_tail(char c)
{
    return ((unsigned char)c & 0xc0u) == 0x80u;
}

static size_t step_back(const struct prompt *p, size_t at)
{
    if (at > 0)
        at--;
    while (at > 0 && is_tail(p->line[at]))
        at--;
    return at;
}

static size_t step_on(const struct prompt *p, size_t at)
{
    if (at < p->len)
        at++;
    while (at < p->len && is_tail(p->line[at]))
        at++;
    return at;
}

static void insert(struct prompt *p, const char *text, size_t len)
{
    if (len > sizeof p->line - p->len)
        return;
    memmove(p->line + p->at + len, p->line + p->at, p->len - p->at);
    memcpy(p->line + p->at, text, len);
    p->len += len;
    p->at += len;
}

/* Take out line[from..to), and leave the cursor there. */
static void cut(struct prompt *p, size_t from, size_t to)
{
    memmove(p->line + from, p->line + to, p->len - to);
    p->len -= to - from;
    p->at = from;
}

static void cut_word(struct prompt *p)
{
    size_t from = p->at;
    while (from > 0 && p->line[from - 1u] == ' ')
        from--;
    while (from > 0 && p->line[from - 1u] != ' ')
        from--;
    cut(p, from, p->at);
}

static void take_hint(struct prompt *p)
{
    if (p->len > 0 || p->data || p->hint == NULL)
        return;
    const char *end = strstr(p->hint, "  ");
    insert(p, p->hint, end != NULL ? (size_t)(end - p->hint) : strlen(p->hint));
}

/* --- history ---------------------------------------------------------------------------------- */

static void show(struct prompt *p, const struct script_buf *text)
{
    p->len = text->len;
    p->at = text->len;
    if (text->len > 0)
        memcpy(p->line, text->data, text->len);
}

static void keep(struct script_buf *buf, const struct prompt *p)
{
    buf->len = 0;
    script_buf_add(buf, p->line, p->len);
}

/* Show the line so many entries back. */
static void go_back(struct prompt *p, size_t back)
{
    if (p->data || back > p->history_count)
        return;
    if (p->back == 0)
        keep(&p->draft, p);
    p->back = back;
    show(p, back == 0 ? &p->draft : &p->history[p->history_count - back]);
}

void prompt_remember(struct prompt *prompt)
{
    const size_t count = prompt->history_count;
    const struct script_buf *last = count > 0 ? &prompt->history[count - 1u] : NULL;
    if (last != NULL && last->len == prompt->len &&
        memcmp(last->data, prompt->line, prompt->len) == 0)
        return;
    if (count < PROMPT_HISTORY_MAX) {
        prompt->history_count++;
    } else {
        struct script_buf oldest = prompt->history[0];
        memmove(prompt->history, prompt->history + 1,
                (PROMPT_HISTORY_MAX - 1u) * sizeof prompt->history[0]);
        prompt->history[PROMPT_HISTORY_MAX - 1] = oldest;
    }
    keep(&prompt->history[prompt->history_count - 1u], prompt);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void move_by_key(struct prompt *p, uint8_t key)
{
    switch (key) {
    case 'A':
        go_back(p, p->back + 1u);
        return;
    case 'B':
        if (p->back > 0)
            go_back(p, p->back - 1u);
        return;
    case 'C':
        p->at = step_on(p, p->at);
        return;
    case 'D':
        p->at = step_back(p, p->at);
        return;
    case 'H':
    case '1':
    case '7':
        p->at = 0;
        return;
    case 'F':
    case '4':
    case '8':
        p->at = p->len;
        return;
    case '3':
        cut(p, p->at, step_on(p, p->at));
        return;
    default:
        return; /* a key that has no meaning here */
    }
}

/* ESC [ A, ESC O A, ESC [ 3 ~. Returns how many bytes of keys that is; 0: no such sequence. */
static size_t take_sequence(struct prompt *p, const uint8_t *keys, size_t len)
{
    if (len < 3 || (keys[1] != '[' && keys[1] != 'O'))
        return 0;
    size_t end = 2;
    while (end < len && end < ARROW_LEN_MAX && keys[end] >= 0x20 && keys[end] < 0x40)
        end++;
    if (end == len || keys[end] < 0x40)
        return end;
    if (end == 2)
        move_by_key(p, keys[end]);
    else if (keys[end] == '~' && end == 3)
        move_by_key(p, keys[2]);
    return end + 1u;
}

static void edit(struct prompt *p, uint8_t key)
{
    const char c = (char)key;
    switch (key) {
    case CTRL('A'):
        p->at = 0;
        return;
    case CTRL('E'):
        p->at = p->len;
        return;
    case CTRL('B'):
        p->at = step_back(p, p->at);
        return;
    case CTRL('F'):
        p->at = step_on(p, p->at);
        return;
    case CTRL('P'):
        move_by_key(p, 'A');
        return;
    case CTRL('N'):
        move_by_key(p, 'B');
        return;
    case CTRL('D'):
        cut(p, p->at, step_on(p, p->at));
        return;
    case CTRL('H'):
    case DEL:
        cut(p, step_back(p, p->at), p->at);
        return;
    case CTRL('K'):
        cut(p, p->at, p->len);
        return;
    case CTRL('U'):
        cut(p, 0, p->len);
        return;
    case CTRL('W'):
        cut_word(p);
        return;
    case CTRL('I'):
        take_hint(p);
        return;
    default:
        if (key >= 0x20)
            insert(p, &c, 1);
    }
}

/* Take one key, or one escape sequence. */
static enum prompt_event take_key(struct prompt *p, const uint8_t *keys, size_t len, size_t *used)
{
    const uint8_t key = keys[0];
    const size_t sequence = key == ESC ? take_sequence(p, keys, len) : 0;
    *used += sequence > 0 ? sequence : 1u;
    if (sequence > 0)
        return PROMPT_NONE;
    if (key == '\r' || key == '\n')
        return PROMPT_ENTER;
    if (key == CTRL('C') && p->len > 0 && !p->data) {
        prompt_clear(p);
        return PROMPT_NONE;
    }
    if (key == CTRL('C') || (key == CTRL('D') && p->len == 0))
        return PROMPT_LEAVE;
    p->ended = p->data && key == CTRL('Z');
    if (p->ended)
        return PROMPT_SEND;
    if (key == ESC)
        return p->data ? PROMPT_CANCEL : PROMPT_NONE;
    edit(p, key);
    return p->data && p->want > 0 && p->len >= p->want ? PROMPT_SEND : PROMPT_NONE;
}

enum prompt_event prompt_keys(struct prompt *prompt, const uint8_t *keys, size_t len, size_t *used)
{
    enum prompt_event event = PROMPT_NONE;
    *used = 0;
    while (event == PROMPT_NONE && *used < len)
        event = take_key(prompt, keys + *used, len - *used, used);
    return event;
}

void prompt_clear(struct prompt *prompt)
{
    prompt->len = 0;
    prompt->at = 0;
    prompt->back = 0;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static size_t columns_of(const char *text, size_t len)
{
    size_t columns = 0;
    for (size_t i = 0; i < len; i++)
        columns += !is_tail(text[i]);
    return columns;
}

static void put_blanks(struct script_buf *out, size_t count)
{
    while (count-- > 0)
        script_buf_byte(out, ' ');
}

static void put_label(const struct prompt *p, const char *label, struct script_buf *out)
{
    script_buf_byte(out, '\r');
    script_buf_text(out, p->style.label);
    script_buf_text(out, label);
    script_buf_text(out, p->style.end);
}

/* The first byte of the part of the line that is shown: the cursor must be in it. */
static size_t first_shown(const struct prompt *p, size_t room)
{
    size_t first = 0;
    while (columns_of(p->line + first, p->at - first) > room)
        first = step_on(p, first);
    return first;
}

static void put_hint(const struct prompt *p, size_t room, struct script_buf *out)
{
    const size_t len = strlen(p->hint);
    script_buf_text(out, p->style.hint);
    script_buf_add(out, p->hint, len < room ? len : room);
    script_buf_text(out, p->style.end);
}

void prompt_draw(struct prompt *prompt, const char *label, size_t columns, struct script_buf *out)
{
    const size_t label_len = strlen(label);
    const size_t room = columns > label_len + 2u ? columns - label_len - 1u : 1u;
    const bool hinted = prompt->len == 0 && prompt->hint != NULL;
    const size_t first = first_shown(prompt, room);
    size_t end = first;
    while (end < prompt->len && columns_of(prompt->line + first, end - first) < room)
        end = step_on(prompt, end);
    size_t width = label_len + columns_of(prompt->line + first, end - first);
    put_label(prompt, label, out);
    if (hinted) {
        const size_t len = strlen(prompt->hint);
        put_hint(prompt, room, out);
        width += len < room ? len : room;
    }
    script_buf_add(out, prompt->line + first, end - first);
    put_blanks(out, prompt->drawn > width ? prompt->drawn - width : 0);
    put_label(prompt, label, out);
    script_buf_add(out, prompt->line + first, prompt->at - first);
    prompt->drawn = width;
}

void prompt_erase(struct prompt *prompt, struct script_buf *out)
{
    if (prompt->drawn == 0)
        return;
    script_buf_byte(out, '\r');
    put_blanks(out, prompt->drawn);
    script_buf_byte(out, '\r');
    prompt->drawn = 0;
}

void prompt_free(struct prompt *prompt)
{
    for (size_t i = 0; i < PROMPT_HISTORY_MAX; i++)
        script_buf_free(&prompt->history[i]);
    script_buf_free(&prompt->draft);
}
