/* SPDX-License-Identifier: MIT */
#include "script_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "status.h"

/* --- buffers and spans ------------------------------------------------------------------------ */

static void *grow(void *old, size_t size)
{
    void *memory = realloc(old, size);
    if (memory == NULL) {
        log_note("out of memory");
        exit(STATUS_SYSTEM);
    }
    return memory;
}

static void reserve(struct script_buf *buf, size_t len)
{
    if (len <= buf->size - buf->len)
        return;
    buf->size = 2u * (buf->len + len);
    buf->data = grow(buf->data, buf->size);
}

void script_buf_add(struct script_buf *buf, const void *data, size_t len)
{
    reserve(buf, len);
    if (len > 0)
        memcpy(buf->data + buf->len, data, len);
    buf->len += len;
}

void script_buf_text(struct script_buf *buf, const char *text)
{
    script_buf_add(buf, text, strlen(text));
}

void script_buf_span(struct script_buf *buf, struct script_span span)
{
    script_buf_add(buf, span.text, span.len);
}

void script_buf_byte(struct script_buf *buf, uint8_t byte)
{
    script_buf_add(buf, &byte, 1);
}

void script_buf_format(struct script_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        return;
    reserve(buf, (size_t)len + 1u);
    va_start(args, format);
    (void)vsnprintf(buf->data + buf->len, (size_t)len + 1u, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

void script_buf_free(struct script_buf *buf)
{
    free(buf->data);
    memset(buf, 0, sizeof *buf);
}

struct script_span script_span_of(const char *text)
{
    return (struct script_span){text, strlen(text)};
}

struct script_span script_span_buf(const struct script_buf *buf)
{
    return (struct script_span){buf->data, buf->len};
}

bool script_span_is(struct script_span span, const char *text)
{
    return span.len == strlen(text) && memcmp(span.text, text, span.len) == 0;
}

bool script_span_skip(struct script_span *span, const char *text)
{
    const size_t len = strlen(text);
    if (span->len < len || memcmp(span->text, text, len) != 0)
        return false;
    span->text += len;
    span->len -= len;
    return true;
}

struct script_span script_span_word(struct script_span *span)
{
    while (span->len > 0 && *span->text == ' ')
        (void)script_span_skip(span, " ");
    struct script_span word = {span->text, 0};
    bool quoted = false;
    while (word.len < span->len && (quoted || word.text[word.len] != ' ')) {
        quoted = quoted != (word.text[word.len] == '"');
        word.len++;
    }
    span->text += word.len;
    span->len -= word.len;
    return word;
}

bool script_span_number(struct script_span span, uint64_t max, uint64_t *value)
{
    uint64_t number = 0;
    for (size_t i = 0; i < span.len; i++) {
        if (span.text[i] < '0' || span.text[i] > '9')
            return false;
        const uint64_t digit = (uint64_t)(span.text[i] - '0');
        if (digit > max || number > (max - digit) / 10u)
            return false;
        number = number * 10u + digit;
    }
    *value = number;
    return span.len > 0;
}

/* --- captures --------------------------------------------------------------------------------- */

void script_vars_rewind(struct script_vars *vars, size_t count)
{
    while (vars->count > count)
        free(vars->items[--vars->count].value);
}

void script_vars_free(struct script_vars *vars)
{
    script_vars_rewind(vars, 0);
    free(vars->items);
    memset(vars, 0, sizeof *vars);
}

static void capture(struct script_vars *vars, struct script_span name, const uint8_t *data,
                    size_t len)
{
    if (vars->count == vars->size) {
        vars->size = 2u * vars->size + 8u;
        vars->items = grow(vars->items, vars->size * sizeof *vars->items);
    }
    struct script_var *v = &vars->items[vars->count++];
    v->name = name;
    v->len = len;
    v->value = grow(NULL, len + 1u);
    memcpy(v->value, data, len);
}

static const struct script_var *find_var(const struct script_vars *vars, struct script_span name)
{
    for (size_t i = vars->count; i-- > 0;) {
        const struct script_var *v = &vars->items[i];
        if (v->name.len == name.len && memcmp(v->name.text, name.text, name.len) == 0)
            return v;
    }
    return NULL;
}

/* --- reading a text --------------------------------------------------------------------------- */

enum kind {
    BYTE,   /* byte */
    REPEAT, /* count times what */
    CLASS,  /* a run of N, H or R; count of them if not 0; captured as what if that is not empty */
    REFER,  /* what was captured as what */
    WRONG
};

struct element {
    enum kind kind;
    uint8_t byte; /* CLASS: its letter */
    uint64_t count;
    struct script_span what;
};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "N", "H12": a class, and how many if it matters. */
static bool read_class(struct script_span text, struct element *e)
{
    if (text.len == 0 || (*text.text != 'N' && *text.text != 'H' && *text.text != 'R'))
        return false;
    const struct script_span digits = {text.text + 1, text.len - 1u};
    e->kind = CLASS;
    e->byte = (uint8_t)*text.text;
    e->count = 0;
    return digits.len == 0 || script_span_number(digits, 65535, &e->count);
}

static size_t find_char(struct script_span text, char c)
{
    size_t i = 0;
    while (i < text.len && text.text[i] != c)
        i++;
    return i;
}

/* What stands between braces. */
static bool read_braces(struct script_span text, struct element *e)
{
    const size_t star = find_char(text, '*');
    const size_t colon = find_char(text, ':');
    e->what.len = 0;
    if (read_class(text, e))
        return true;
    if (star < text.len) {
        e->kind = REPEAT;
        e->what = (struct script_span){text.text + star + 1, text.len - star - 1u};
        return script_span_number((struct script_span){text.text, star}, 100000, &e->count);
    }
    e->kind = REFER;
    e->what = (struct script_span){text.text, colon};
    if (colon == 0 || *text.text < 'a' || *text.text > 'z')
        return false;
    const struct script_span class = {text.text + colon, text.len - colon};
    return class.len == 0 || read_class((struct script_span){class.text + 1, class.len - 1u}, e);
}

static void cut(struct script_span *text, size_t len)
{
    text->text += len;
    text->len -= len;
}

/* ^Z and the like. Any control byte can be written so. */
static size_t read_caret(struct script_span text, struct element *e)
{
    if (text.len < 2u)
        return 0;
    const char c = text.text[1];
    e->byte = c == '^' ? (uint8_t)'^' : (uint8_t)((unsigned char)c ^ 0x40u);
    return c == '^' || c == '?' || (c >= '@' && c <= '_') ? 2u : 0;
}

static size_t read_backslash(struct script_span text, unsigned reading, struct element *e)
{
    const char c = text.len > 1u ? text.text[1] : '\0';
    if (c == 'x' && text.len > 3u && hex_value(text.text[2]) >= 0 && hex_value(text.text[3]) >= 0) {
        e->byte = (uint8_t)(hex_value(text.text[2]) * 16 + hex_value(text.text[3]));
        return 4;
    }
    if (c == 'x')
        return 0;
    if ((reading & SCRIPT_EXACT) != 0 && (c == 'r' || c == 'n')) {
        e->byte = c == 'r' ? '\r' : '\n';
        return 2;
    }
    return 1;
}

/* The length of the next element, 0 if it is wrong. */
static size_t read_element(struct script_span text, unsigned reading, struct element *e)
{
    e->kind = BYTE;
    e->byte = (uint8_t)*text.text;
    if (*text.text == '^')
        return read_caret(text, e);
    if (*text.text == '\\')
        return read_backslash(text, reading, e);
    if (*text.text != '{')
        return 1;
    if (text.len > 1u && text.text[1] == '{')
        return 2;
    const size_t close = find_char(text, '}');
    if (close == text.len || !read_braces((struct script_span){text.text + 1, close - 1u}, e))
        return 0;
    return close + 1u;
}

/* Cut the first element off; text is not empty. */
static struct element next_element(struct script_span *text, unsigned reading)
{
    struct element e = {WRONG, 0, 0, {NULL, 0}};
    const size_t len = read_element(*text, reading, &e);
    if (len == 0)
        e.kind = WRONG;
    cut(text, len == 0 ? text->len : len);
    return e;
}

/* --- matching --------------------------------------------------------------------------------- */

struct match {
    unsigned reading;
    struct script_vars *vars;
    const uint8_t *data;
    size_t len;
    const char *tail;
};

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20u) : c;
}

static bool same_byte(const struct match *m, uint8_t a, uint8_t b)
{
    return (m->reading & SCRIPT_ANY_CASE) != 0 ? lower(a) == lower(b) : a == b;
}

static bool in_class(const struct match *m, uint8_t class, uint8_t byte)
{
    if (class == 'N')
        return byte >= '0' && byte <= '9';
    if (class == 'H')
        return hex_value((char)byte) >= 0;
    return (m->reading & SCRIPT_LINE) == 0 || (byte != '\r' && byte != '\n');
}

/* Bytes of what at data[at..), or -1. */
static ptrdiff_t match_bytes(const struct match *m, const char *what, size_t len, size_t at)
{
    if (len > m->len - at)
        return -1;
    for (size_t i = 0; i < len; i++)
        if (!same_byte(m, m->data[at + i], (uint8_t)what[i]))
            return -1;
    return (ptrdiff_t)len;
}

/* What a repetition stands for. It holds bytes and escapes, no placeholders. */
static const char *expand_repeat(const struct element *e, unsigned reading, struct script_buf *out)
{
    const struct script_vars none = {NULL, 0, 0, false};
    struct script_buf once = {NULL, 0, 0};
    const char *why = script_expand(e->what, reading, &none, &once);
    for (uint64_t i = 0; i < e->count && why == NULL; i++)
        script_buf_span(out, script_span_buf(&once));
    script_buf_free(&once);
    return why;
}

static ptrdiff_t match_repeat(const struct match *m, const struct element *e, size_t at)
{
    struct script_buf bytes = {NULL, 0, 0};
    ptrdiff_t used = -1;
    if (expand_repeat(e, m->reading, &bytes) == NULL)
        used = match_bytes(m, bytes.data, bytes.len, at);
    script_buf_free(&bytes);
    return used;
}

/* An element whose length is settled. */
static ptrdiff_t match_fixed(const struct match *m, const struct element *e, size_t at)
{
    if (e->kind == BYTE)
        return match_bytes(m, (const char *)&e->byte, 1, at);
    if (e->kind == REPEAT)
        return match_repeat(m, e, at);
    const struct script_var *v = e->kind == REFER ? find_var(m->vars, e->what) : NULL;
    return v != NULL ? match_bytes(m, v->value, v->len, at) : -1;
}

static bool at_end(const struct match *m, size_t at)
{
    if (m->tail == NULL)
        return at == m->len;
    const size_t len = strlen(m->tail);
    return len <= m->len - at && memcmp(m->data + at, m->tail, len) == 0;
}

static bool is_open(const struct match *m, struct element *e)
{
    if (e->kind == REFER && m->vars->lenient && find_var(m->vars, e->what) == NULL) {
        e->kind = CLASS;
        e->byte = 'R';
        e->what.len = 0;
    }
    return e->kind == CLASS;
}

static ptrdiff_t match_from(const struct match *m, struct script_span pattern, size_t at);

/* A run of a class: digits as many as they are, anything as little as will do. */
static ptrdiff_t match_class(const struct match *m, const struct element *e,
                             struct script_span rest, size_t at)
{
    size_t most = 0;
    while (at + most < m->len && in_class(m, e->byte, m->data[at + most]))
        most++;
    if (e->count > most)
        return -1;
    const bool lazy = e->byte == 'R';
    const size_t least = e->count > 0 ? (size_t)e->count : lazy ? 0u : 1u;
    const size_t last = e->count > 0 ? least : most;
    for (size_t i = 0; least + i <= last; i++) {
        const size_t len = lazy ? least + i : last - i;
        const size_t mark = m->vars->count;
        if (e->what.len > 0)
            capture(m->vars, e->what, m->data + at, len);
        const ptrdiff_t end = match_from(m, rest, at + len);
        if (end >= 0)
            return end;
        script_vars_rewind(m->vars, mark);
    }
    return -1;
}

/* Where the match ends, or -1. */
static ptrdiff_t match_from(const struct match *m, struct script_span pattern, size_t at)
{
    while (pattern.len > 0) {
        struct element e = next_element(&pattern, m->reading);
        if (is_open(m, &e))
            return match_class(m, &e, pattern, at);
        const ptrdiff_t used = match_fixed(m, &e, at);
        if (used < 0)
            return -1;
        at += (size_t)used;
    }
    return at_end(m, at) ? (ptrdiff_t)at : -1;
}

ptrdiff_t script_match(struct script_span pattern, unsigned reading, struct script_vars *vars,
                       const void *data, size_t len, const char *tail)
{
    const struct match m = {reading, vars, data, len, tail};
    return match_from(&m, pattern, 0);
}

/* --- both ways -------------------------------------------------------------------------------- */

static const char *const malformed =
    "an escape or placeholder is malformed; ^^ and {{ stand for ^ and {";

static const char *const unknown = "a name in braces was not captured before";

static bool has_name(const struct script_names *names, struct script_span name)
{
    if (names->count > SCRIPT_NAMES_MAX)
        return true;
    for (size_t i = 0; i < names->count; i++) {
        if (names->name[i].len == name.len && memcmp(names->name[i].text, name.text, name.len) == 0)
            return true;
    }
    return false;
}

static void add_name(struct script_names *names, struct script_span name)
{
    if (has_name(names, name))
        return;
    if (names->count < SCRIPT_NAMES_MAX)
        names->name[names->count] = name;
    names->count++;
}

const char *script_check(struct script_span text, unsigned reading, struct script_names *names)
{
    while (text.len > 0) {
        const struct element e = next_element(&text, reading);
        if (e.kind == WRONG)
            return malformed;
        if (e.kind == REFER && !has_name(names, e.what))
            return unknown;
        if (e.kind == CLASS && e.what.len > 0)
            add_name(names, e.what);
    }
    return NULL;
}

const char *script_expand(struct script_span text, unsigned reading, const struct script_vars *vars,
                          struct script_buf *out)
{
    while (text.len > 0) {
        const struct element e = next_element(&text, reading);
        const struct script_var *v = e.kind == REFER ? find_var(vars, e.what) : NULL;
        if (e.kind == WRONG)
            return malformed;
        if (e.kind == CLASS)
            return "a placeholder like {N} only stands in lines that are expected";
        if (e.kind == REFER && v == NULL)
            return unknown;
        if (e.kind == REPEAT) {
            const char *why = expand_repeat(&e, reading, out);
            if (why != NULL)
                return why;
        }
        if (e.kind == BYTE)
            script_buf_byte(out, e.byte);
        if (v != NULL)
            script_buf_add(out, v->value, v->len);
    }
    return NULL;
}

const char *script_unhex(struct script_span digits, struct script_buf *out)
{
    if (digits.len % 2u != 0)
        return "an odd number of hex digits";
    for (size_t i = 0; i < digits.len; i += 2) {
        const int high = hex_value(digits.text[i]), low = hex_value(digits.text[i + 1u]);
        if (high < 0 || low < 0)
            return "not a hex digit";
        script_buf_byte(out, (uint8_t)(high * 16 + low));
    }
    return NULL;
}

static bool needs_hex(const uint8_t *data, size_t len, size_t i)
{
    const uint8_t c = data[i];
    const bool blank_at_end = c == ' ' && i + 1u == len;
    const uint8_t next = i + 1u < len ? data[i + 1u] : 'x';
    const bool looks_escaped = c == '\\' && (next == 'x' || next == 'r' || next == 'n');
    const bool looks_doubled = c == 0x1eu; /* would be ^^ */
    return c >= 0x7fu || blank_at_end || looks_escaped || looks_doubled;
}

void script_escape(struct script_buf *out, const void *data, size_t len, unsigned reading)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < len; i++) {
        const uint8_t c = bytes[i];
        if ((reading & SCRIPT_EXACT) != 0 && (c == '\r' || c == '\n'))
            script_buf_text(out, c == '\r' ? "\\r" : "\\n");
        else if (needs_hex(bytes, len, i))
            script_buf_format(out, "\\x%02X", c);
        else if (c < 0x20u)
            script_buf_format(out, "^%c", c + 0x40);
        else if (c == '^' || c == '{')
            script_buf_format(out, "%c%c", c, c);
        else
            script_buf_byte(out, c);
    }
}
