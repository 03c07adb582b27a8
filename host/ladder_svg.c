/* SPDX-License-Identifier: MIT
 *
 * The rows as a picture for paper and screen. Every row has a strip of its own in which its texts
 * stand, so that no two texts can meet; arrows may pass below a text, which keeps a white rim.
 */
#include "ladder.h"

#include <string.h>

enum {
    WIDTH = 1020,
    TIME_X = 78, /* right edge of the times */
    TE_X = 100,
    MODULE_X = 462,
    SERVER_X = 930,
    TOP = 112, /* first row */
    GAP = 20,  /* extra room where time passes */
    LOST_PERCENT = 58,
    SERVER_NAME = 20 /* characters that fit centred above the server's line */
};

/* Time between two rows that is worth room and a note of its own. */
static const uint64_t gap_us = 1000000;

static const char *const colours[] = {"#0b5fa5", "#b8470b", "#00795c", "#8a3b8f",
                                      "#6b5d00", "#a3184f", "#1f6f78", "#5b4bb0"};
enum { COLOUR_COUNT = sizeof colours / sizeof colours[0] };
static const char plain[] = "#333";

static const char *colour_of(const struct ladder_row *row)
{
    return row->exchange < 0 ? plain : colours[row->exchange % COLOUR_COUNT];
}

static void put_marker_name(FILE *out, const struct ladder_row *row)
{
    if (row->exchange < 0)
        (void)fputs("head", out);
    else
        (void)fprintf(out, "head%d", row->exchange % COLOUR_COUNT);
}

static void put_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c == '&')
            (void)fputs("&amp;", out);
        else if (c == '<')
            (void)fputs("&lt;", out);
        else if (c == '>')
            (void)fputs("&gt;", out);
        else
            (void)fputc(c < 0x20 || c == 0x7F ? '?' : c, out);
    }
}

enum anchor { AT_START, AT_MIDDLE, AT_END };

static void put_text(FILE *out, int x, int y, enum anchor anchor, const char *class,
                     const char *colour, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};

    if (text[0] == '\0')
        return;
    (void)fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"%s\"", x, y,
                  anchors[anchor], class);
    if (colour != NULL)
        (void)fprintf(out, " fill=\"%s\"", colour);
    (void)fputs(">", out);
    put_escaped(out, text);
    (void)fputs("</text>\n", out);
}

/* --- layout ------------------------------------------------------------------------------------- */

/* Room a row takes above and below its line. */
static int above(const struct ladder_row *row)
{
    switch (row->shape) {
    case LADDER_ROW_TE:
    case LADDER_ROW_MODULE:
    case LADDER_ROW_BOTH:
        return 20;
    case LADDER_ROW_OUT:
    case LADDER_ROW_ROUND:
        return row->detail[0] != '\0' ? 35 : 21;
    case LADDER_ROW_IN:
        return 9;
    case LADDER_ROW_FAR:
        return 10;
    case LADDER_ROW_NOTE:
    case LADDER_ROW_FOLD:
        return 18;
    }
    return 0;
}

static int below(const struct ladder_row *row)
{
    switch (row->shape) {
    case LADDER_ROW_TE:
    case LADDER_ROW_MODULE:
    case LADDER_ROW_BOTH:
    case LADDER_ROW_OUT:
    case LADDER_ROW_ROUND:
        return row->lost ? 16 : 5;
    case LADDER_ROW_IN:
        return (row->detail[0] != '\0' ? 33 : 19) + (row->lost ? 12 : 0);
    case LADDER_ROW_FAR:
        return 6;
    case LADDER_ROW_NOTE:
    case LADDER_ROW_FOLD:
        return 10;
    }
    return 0;
}

static bool has_gap(const struct ladder *l, size_t i)
{
    return i > 0 && l->rows[i].t_us - l->rows[i - 1].t_us >= gap_us &&
           l->rows[i].t_us > l->rows[i - 1].t_us;
}

/* The line of row i when that of the row before it is at y. */
static int next_y(const struct ladder *l, size_t i, int y)
{
    if (i == 0)
        return TOP + above(&l->rows[0]);
    return y + below(&l->rows[i - 1]) + above(&l->rows[i]) + (has_gap(l, i) ? GAP : 0);
}

/* --- rows --------------------------------------------------------------------------------------- */

static void put_line(FILE *out, const struct ladder_row *row, int x1, int y1, int x2, int y2,
                     bool both)
{
    (void)fprintf(out,
                  "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\""
                  " stroke-width=\"1.5\"%s",
                  x1, y1, x2, y2, row->lost ? "#c4161c" : colour_of(row),
                  row->copy ? " stroke-dasharray=\"6 3\"" : "");
    if (!row->lost) {
        (void)fputs(" marker-end=\"url(#", out);
        put_marker_name(out, row);
        (void)fputs(")\"", out);
        if (both) {
            (void)fputs(" marker-start=\"url(#", out);
            put_marker_name(out, row);
            (void)fputs(")\"", out);
        }
    }
    (void)fputs("/>\n", out);
}

static void put_cross(FILE *out, int x, int y)
{
    (void)fprintf(
        out, "<path d=\"M%d %dl10 10m0 -10l-10 10\" stroke=\"#c4161c\" stroke-width=\"2.5\"/>\n",
        x - 5, y - 5);
}

/* A number on the module's line for a message that is sent again. */
static void put_repeat(FILE *out, const struct ladder_row *row, int y)
{
    char number[16];

    if (row->repeat == 0)
        return;
    (void)snprintf(number, sizeof number, "%u", (unsigned)row->repeat);
    (void)fprintf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"9\" fill=\"%s\"/>\n", MODULE_X, y,
                  colour_of(row));
    put_text(out, MODULE_X, y + 4, AT_MIDDLE, "number", NULL, number);
}

/* An arrow between module and server; the server's end may be rows away. */
static void put_datagram(FILE *out, const struct ladder_row *row, int y, int far_y)
{
    const bool in = row->shape == LADDER_ROW_IN;
    const int reach = (SERVER_X - MODULE_X) * LOST_PERCENT / 100;

    if (row->lost && in) {
        put_line(out, row, SERVER_X, y, SERVER_X - reach, y + 10, false);
        put_cross(out, SERVER_X - reach, y + 10);
    } else if (row->lost) {
        put_line(out, row, MODULE_X, y, MODULE_X + reach, y + 10, false);
        put_cross(out, MODULE_X + reach, y + 10);
    } else if (in) {
        put_line(out, row, SERVER_X, far_y, MODULE_X, y, false);
    } else {
        put_line(out, row, MODULE_X, y, SERVER_X, far_y, row->shape == LADDER_ROW_ROUND);
    }
}

static void put_datagram_text(FILE *out, const struct ladder_row *row, int y)
{
    const char *colour = colour_of(row);

    put_repeat(out, row, y);
    if (row->shape == LADDER_ROW_IN && row->lost) {
        put_text(out, SERVER_X - 10, y + 27, AT_END, "label", colour, row->label);
        put_text(out, SERVER_X - 10, y + 41, AT_END, "detail", NULL, row->detail);
    } else if (row->shape == LADDER_ROW_IN) {
        put_text(out, MODULE_X + 14, y + 15, AT_START, "label", colour, row->label);
        put_text(out, MODULE_X + 14, y + 29, AT_START, "detail", NULL, row->detail);
    } else {
        const int lift = row->detail[0] != '\0' ? 14 : 0;

        put_text(out, MODULE_X + 14, y - 6 - lift, AT_START, "label", colour, row->label);
        put_text(out, MODULE_X + 14, y - 6, AT_START, "detail", NULL, row->detail);
    }
}

static void put_band(FILE *out, const struct ladder_row *row, int y)
{
    (void)fprintf(out,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"18\" rx=\"4\" fill=\"%s\"/>\n",
                  TE_X - 6, y - 13, SERVER_X - TE_X + 12,
                  row->shape == LADDER_ROW_FOLD ? "#eceff1" : "#fff3cd");
}

/* What is drawn of a row before all texts. */
static void put_lines(FILE *out, const struct ladder_row *row, int y, int far_y)
{
    switch (row->shape) {
    case LADDER_ROW_TE:
    case LADDER_ROW_BOTH:
        put_line(out, row, TE_X, y, MODULE_X, y, row->shape == LADDER_ROW_BOTH);
        break;
    case LADDER_ROW_MODULE:
        put_line(out, row, MODULE_X, y, TE_X, y, false);
        break;
    case LADDER_ROW_OUT:
    case LADDER_ROW_IN:
    case LADDER_ROW_ROUND:
        put_datagram(out, row, y, far_y);
        break;
    case LADDER_ROW_FAR:
        (void)fprintf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"2.5\" fill=\"#777\"/>\n", SERVER_X, y);
        break;
    case LADDER_ROW_NOTE:
    case LADDER_ROW_FOLD:
        put_band(out, row, y);
        break;
    }
}

static void put_texts(FILE *out, const struct ladder_row *row, int y)
{
    (void)fputs("<g>", out);
    if (row->full[0] != '\0') {
        (void)fputs("<title>", out);
        put_escaped(out, row->full);
        (void)fputs("</title>", out);
    }
    (void)fputs("\n", out);
    switch (row->shape) {
    case LADDER_ROW_TE:
    case LADDER_ROW_BOTH:
        put_text(out, TE_X + 10, y - 6, AT_START, "at", colour_of(row), row->label);
        break;
    case LADDER_ROW_MODULE:
        put_text(out, TE_X + 18, y - 6, AT_START, "at", row->eventful ? "#c4161c" : "#111",
                 row->label);
        break;
    case LADDER_ROW_OUT:
    case LADDER_ROW_IN:
    case LADDER_ROW_ROUND:
        put_datagram_text(out, row, y);
        break;
    case LADDER_ROW_FAR:
        break;
    case LADDER_ROW_NOTE:
    case LADDER_ROW_FOLD:
        put_text(out, (TE_X + SERVER_X) / 2, y, AT_MIDDLE, "note", NULL, row->label);
        break;
    }
    (void)fputs("</g>\n", out);
}

static void put_time(FILE *out, const struct ladder_row *row, const struct ladder_row *before,
                     int y)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%llu.%03u", (unsigned long long)(row->t_us / 1000000),
                   (unsigned)(row->t_us / 1000 % 1000));
    if (row->shape == LADDER_ROW_FAR) {
        put_text(out, SERVER_X + 10, y + 4, AT_START, "time", NULL, text);
    } else if (before == NULL || before->shape == LADDER_ROW_FAR || before->t_us != row->t_us) {
        put_text(out, TIME_X, y + 4, AT_END, "time", NULL, text);
    }
}

static void put_gap_line(FILE *out, int y)
{
    (void)fprintf(out,
                  "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#d0d4d8\""
                  " stroke-dasharray=\"2 5\"/>\n",
                  TE_X, y - 4, SERVER_X, y - 4);
}

static void put_gap(FILE *out, uint64_t us, int y)
{
    char text[32];

    (void)snprintf(text, sizeof text, "+%llu.%01u s", (unsigned long long)(us / 1000000),
                   (unsigned)(us / 100000 % 10));
    put_text(out, TIME_X, y, AT_END, "gap", NULL, text);
}

/* --- the frame ---------------------------------------------------------------------------------- */

static void put_style(FILE *out)
{
    (void)fputs(
        "<style>\n"
        "text{font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;font-size:12px;"
        "white-space:pre;paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}\n"
        ".head{font-size:14px;font-weight:bold}\n"
        ".title{font-size:14px;font-weight:bold;fill:#111}\n"
        ".small{font-size:11px;fill:#555}\n"
        ".at{font-size:12px}\n"
        ".label{font-weight:bold}\n"
        ".detail{font-size:11px;fill:#555}\n"
        ".time{font-size:11px;fill:#666}\n"
        ".gap{font-size:11px;fill:#999}\n"
        ".note{font-size:11px;fill:#444;stroke:none}\n"
        ".number{font-size:11px;font-weight:bold;fill:#fff;stroke:none}\n"
        "</style>\n",
        out);
}

static void put_marker(FILE *out, const char *name, const char *colour)
{
    (void)fprintf(
        out,
        "<marker id=\"%s\" viewBox=\"0 0 10 10\" refX=\"9.5\" refY=\"5\" markerWidth=\"7\""
        " markerHeight=\"7\" orient=\"auto-start-reverse\">"
        "<path d=\"M0 0.8L10 5L0 9.2z\" fill=\"%s\"/></marker>\n",
        name, colour);
}

static void put_markers(FILE *out)
{
    (void)fputs("<defs>\n", out);
    put_marker(out, "head", plain);
    for (unsigned i = 0; i < COLOUR_COUNT; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "head%u", i);
        put_marker(out, name, colours[i]);
    }
    (void)fputs("</defs>\n", out);
}

static void put_column(FILE *out, int x, int bottom, const char *name)
{
    put_text(out, x, TOP - 22, AT_MIDDLE, "head", "#111", name);
    (void)fprintf(out,
                  "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#9aa0a6\""
                  " stroke-width=\"1.5\"/>\n",
                  x, TOP - 12, x, bottom);
}

/* The subtitle, in as many lines as it needs: there is room for two. */
static void put_subtitle(FILE *out, const char *text)
{
    enum { COLUMNS = 148 };
    char line[COLUMNS + 1];
    size_t len = strlen(text);

    if (len <= COLUMNS) {
        put_text(out, 14, 44, AT_START, "small", NULL, text);
        return;
    }
    len = COLUMNS;
    while (len > 1 && text[len] != ' ')
        len--;
    (void)snprintf(line, sizeof line, "%.*s", (int)len, text);
    put_text(out, 14, 44, AT_START, "small", NULL, line);
    (void)snprintf(line, sizeof line, "%.148s", text + len + 1);
    put_text(out, 14, 58, AT_START, "small", NULL, line);
}

static int height_of(const struct ladder *l)
{
    int y = TOP;

    for (size_t i = 0; i < l->row_count; i++)
        y = next_y(l, i, y);
    return y + (l->row_count > 0 ? below(&l->rows[l->row_count - 1]) : 0) + 24;
}

/* The y of a later row, or an earlier one, from row i at y on. */
static int y_of(const struct ladder *l, size_t i, int y, size_t wanted)
{
    while (i < wanted) {
        i++;
        y = next_y(l, i, y);
    }
    while (i > wanted) {
        y -= next_y(l, i, 0);
        i--;
    }
    return y;
}

/* All lines first: a text that an arrow passes stays readable on top of it. */
static void put_all_lines(const struct ladder *l, FILE *out)
{
    int y = TOP;

    for (size_t i = 0; i < l->row_count; i++) {
        const struct ladder_row *row = &l->rows[i];

        y = next_y(l, i, y);
        if (has_gap(l, i))
            put_gap_line(out, y - above(row) - 4);
        put_lines(out, row, y, row->far >= 0 ? y_of(l, i, y, (size_t)row->far) : y);
    }
}

static void put_all_texts(const struct ladder *l, FILE *out)
{
    int y = TOP;

    for (size_t i = 0; i < l->row_count; i++) {
        const struct ladder_row *row = &l->rows[i];

        y = next_y(l, i, y);
        if (has_gap(l, i))
            put_gap(out, row->t_us - l->rows[i - 1].t_us, y - above(row) - 4);
        put_texts(out, row, y);
        put_time(out, row, i > 0 ? &l->rows[i - 1] : NULL, y);
    }
}

void ladder_draw_svg(const struct ladder *l, FILE *out)
{
    const int height = height_of(l);

    (void)fprintf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                  " height=\"%d\" style=\"max-width:100%%;height:auto\">\n",
                  WIDTH, height, WIDTH, height);
    put_style(out);
    put_markers(out);
    (void)fprintf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
    put_text(out, 14, 26, AT_START, "title", NULL, l->title);
    put_subtitle(out, l->subtitle);
    put_text(out, TIME_X, TOP - 22, AT_END, "time", NULL, "seconds");
    put_column(out, TE_X, height - 14, "TE");
    put_column(out, MODULE_X, height - 14, "module");
    put_column(out, SERVER_X, height - 14, strlen(l->servers) <= SERVER_NAME ? l->servers : "");
    if (strlen(l->servers) > SERVER_NAME) /* an IPv6 address in full would run off the page */
        put_text(out, WIDTH - 8, TOP - 22, AT_END, "head", "#111", l->servers);
    put_all_lines(l, out);
    put_all_texts(l, out);
    (void)fputs("</svg>\n", out);
}
