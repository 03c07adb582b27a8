/* SPDX-License-Identifier: MIT */
#include "demo_screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "serve_text.h"

/* Columns: the screen's, and those between the two. A mark such as "> " or "<- " stands in front of
 * a cell; a cell's further lines are indented below its text. */
enum { COLUMNS_USUAL = 80, COLUMNS_MIN = 48, COLUMNS_MAX = 132, GAP = 3, INDENT = 2 };

static const char gap_text[GAP + 1] = " | ";

enum ink {
    INK_PLAIN,
    INK_TITLE,
    INK_RULE,
    INK_TYPED,
    INK_REPLY,
    INK_RESULT, /* what starts with a plus: information, or unsolicited */
    INK_ERROR,
    INK_UP,
    INK_DOWN,
    INK_COUNT
};

static const char *const inks[INK_COUNT] = {
    [INK_TITLE] = "\033[1;7m", [INK_RULE] = "\033[2m",    [INK_TYPED] = "\033[1m",
    [INK_REPLY] = "\033[32m",  [INK_RESULT] = "\033[36m", [INK_ERROR] = "\033[1;31m",
    [INK_UP] = "\033[33m",     [INK_DOWN] = "\033[35m",
};

void demo_screen_resize(struct demo_screen *screen)
{
    struct winsize size = {0};
    screen->columns = COLUMNS_USUAL;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        screen->columns = size.ws_col;
    if (screen->columns < COLUMNS_MIN)
        screen->columns = COLUMNS_MIN;
    if (screen->columns > COLUMNS_MAX)
        screen->columns = COLUMNS_MAX;
}

void demo_screen_init(struct demo_screen *screen)
{
    const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
    memset(screen, 0, sizeof *screen);
    screen->colour = isatty(STDOUT_FILENO) && (refused == NULL || *refused == '\0') &&
                     terminal != NULL && *terminal != '\0' && strcmp(terminal, "dumb") != 0;
    demo_screen_resize(screen);
}

/* --- pieces ----------------------------------------------------------------------------------- */

static void put_inked(struct demo_screen *screen, enum ink ink, const char *text, size_t len)
{
    const bool inked = screen->colour && inks[ink] != NULL && len > 0;
    if (inked)
        script_buf_text(&screen->out, inks[ink]);
    script_buf_add(&screen->out, text, len);
    if (inked)
        script_buf_text(&screen->out, "\033[0m");
}

static void put_blanks(struct demo_screen *screen, size_t count)
{
    while (count-- > 0)
        script_buf_byte(&screen->out, ' ');
}

/* What is put from now on begins in an empty row. */
static void begin(struct demo_screen *screen)
{
    if (screen->prompt != NULL)
        prompt_erase(screen->prompt, &screen->out);
}

static bool may_break(char before, char c)
{
    return c == ' ' || c == '&' || before == ',';
}

/* How much of the text stands in a line of that room. Prefers to break at a blank or comma, if that does
 * not leave most of the line empty. */
static size_t line_of(const char *text, size_t len, size_t room)
{
    if (len <= room)
        return len;
    for (size_t i = room; i > room / 3u; i--)
        if (may_break(text[i - 1u], text[i]))
            return i;
    return room;
}

struct cell {
    enum ink ink;
    const char *mark;
    const char *text;
    size_t len;
    size_t left, width; /* where it begins, and how wide it is */
};

static void put_left_of(struct demo_screen *screen, const struct cell *cell)
{
    if (cell->left == 0)
        return;
    put_blanks(screen, cell->left - GAP);
    put_inked(screen, INK_RULE, gap_text, GAP);
}

static void put_right_of(struct demo_screen *screen, const struct cell *cell, size_t used)
{
    if (cell->left > 0)
        return;
    put_blanks(screen, cell->width - used);
    put_inked(screen, INK_RULE, gap_text, GAP - 1);
}

static void put_cell(struct demo_screen *screen, const struct cell *cell)
{
    const size_t mark_len = strlen(cell->mark);
    size_t at = 0;
    begin(screen);
    do {
        const size_t indent = mark_len + (at > 0 ? INDENT : 0);
        const size_t n = line_of(cell->text + at, cell->len - at, cell->width - indent);
        put_left_of(screen, cell);
        if (at == 0)
            put_inked(screen, cell->ink, cell->mark, mark_len);
        else
            put_blanks(screen, indent);
        put_inked(screen, cell->ink, cell->text + at, n);
        put_right_of(screen, cell, indent + n);
        script_buf_byte(&screen->out, '\n');
        at += n;
        while (at < cell->len && cell->text[at] == ' ')
            at++;
    } while (at < cell->len);
}

/* Slightly more than half is for the AT port: what is typed there should not be broken. */
static size_t left_width(const struct demo_screen *screen)
{
    return (screen->columns - GAP) * 9u / 16u;
}

static void put_left(struct demo_screen *screen, enum ink ink, const char *mark, const char *text,
                     size_t len)
{
    put_cell(screen, &(struct cell){ink, mark, text, len, 0, left_width(screen)});
}

static void put_right(struct demo_screen *screen, enum ink ink, const char *mark, const char *text,
                      size_t len)
{
    const size_t left = left_width(screen) + GAP;
    put_cell(screen, &(struct cell){ink, mark, text, len, left, screen->columns - left - 1u});
}

/* Bytes of the AT port as text: control bytes as ^Z, others that do not print as \xHH. */
static void put_visible(struct script_buf *out, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] < 0x20)
            script_buf_format(out, "^%c", data[i] + '@');
        else if (data[i] > 0x7e)
            script_buf_format(out, "\\x%02X", data[i]);
        else
            script_buf_byte(out, data[i]);
    }
}

/* --- public ----------------------------------------------------------------------------------- */

static void put_paragraph(struct demo_screen *screen, enum ink ink, const char *text)
{
    size_t len = strlen(text);
    begin(screen);
    while (len > 0) {
        const size_t n = line_of(text, len, screen->columns - 1u);
        put_inked(screen, ink, text, n);
        script_buf_byte(&screen->out, '\n');
        text += n;
        len -= n;
        while (len > 0 && *text == ' ') {
            text++;
            len--;
        }
    }
}

void demo_screen_title(struct demo_screen *screen, const char *text)
{
    begin(screen);
    script_buf_byte(&screen->out, '\n');
    put_paragraph(screen, INK_TITLE, text);
}

void demo_screen_remark(struct demo_screen *screen, const char *text)
{
    begin(screen);
    script_buf_byte(&screen->out, '\n');
    put_paragraph(screen, INK_PLAIN, text);
}

void demo_screen_text(struct demo_screen *screen, const char *text)
{
    begin(screen);
    script_buf_text(&screen->out, text);
}

void demo_screen_typed(struct demo_screen *screen, const void *data, size_t len, bool hidden)
{
    struct script_buf text = {0};
    if (hidden)
        script_buf_format(&text, "<%zu bytes>", len);
    else
        put_visible(&text, data, len);
    put_left(screen, INK_TYPED, "> ", text.data, text.len);
    script_buf_free(&text);
}

static enum ink ink_of(const char *line, size_t len)
{
    const struct script_span span = {line, len};
    if (script_span_is(span, "ERROR") || (len > 10 && memcmp(line, "+CME ERROR", 10) == 0))
        return INK_ERROR;
    if (script_span_is(span, "OK"))
        return INK_REPLY;
    return len > 0 && line[0] == '+' ? INK_RESULT : INK_PLAIN;
}

void demo_screen_flush_line(struct demo_screen *screen)
{
    struct script_buf *line = &screen->partial;
    struct script_buf text = {0};
    while (line->len > 0 &&
           (line->data[line->len - 1u] == '\r' || line->data[line->len - 1u] == ' '))
        line->len--;
    put_visible(&text, (const uint8_t *)line->data, line->len);
    if (line->len > 0)
        put_left(screen, ink_of(line->data, line->len), "< ", text.data, text.len);
    line->len = 0;
    script_buf_free(&text);
}

void demo_screen_output(struct demo_screen *screen, const uint8_t *data, size_t len,
                        void (*on_line)(void *ctx, const char *line, size_t len), void *ctx)
{
    struct script_buf *line = &screen->partial;
    for (size_t i = 0; i < len; i++) {
        if (data[i] != '\n') {
            script_buf_byte(line, data[i]);
            continue;
        }
        const size_t end = line->len > 0 && line->data[line->len - 1u] == '\r';
        const size_t line_len = line->len - end;
        demo_screen_flush_line(screen);
        on_line(ctx, line->data, line_len); /* the row is put, the bytes are still there */
    }
}

void demo_screen_datagram(struct demo_screen *screen, bool up, const uint8_t *data, size_t len)
{
    struct script_buf text = {0};
    serve_text(&text, data, len);
    put_right(screen, up ? INK_UP : INK_DOWN, up ? "-> " : "<- ", text.data, text.len);
    script_buf_free(&text);
}

bool demo_screen_write(struct demo_screen *screen)
{
    const size_t len = screen->out.len;
    screen->out.len = 0;
    return (len == 0 || fwrite(screen->out.data, 1, len, stdout) == len) && fflush(stdout) == 0;
}

void demo_screen_free(struct demo_screen *screen)
{
    script_buf_free(&screen->partial);
    script_buf_free(&screen->out);
}
