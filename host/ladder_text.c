/* SPDX-License-Identifier: MIT
 *
 * The rows as lines of text: the same three columns, for terminals, mails and diffs.
 */
#include "ladder.h"

#include <string.h>

enum { TE_COLUMNS = 52, NET_COLUMNS = 66, TIME_COLUMNS = 12 };

static void put_many(FILE *out, char c, size_t count)
{
    while (count-- > 0)
        (void)fputc(c, out);
}

static void put_time(FILE *out, const struct ladder_row *row, const struct ladder_row *before)
{
    if (before != NULL && before->t_us == row->t_us)
        put_many(out, ' ', TIME_COLUMNS);
    else
        (void)fprintf(out, "%7llu.%03u ", (unsigned long long)(row->t_us / 1000000),
                      (unsigned)(row->t_us / 1000 % 1000));
}

/* A text and an arrow of so many columns: "text ----->", "<----- text", "<---- text --->". */
static void put_arrow(FILE *out, const char *text, bool left, bool right, bool lost, size_t columns)
{
    const size_t len = strlen(text);
    const size_t rest = columns > len + 4 ? columns - len - 4 : 0;

    if (left)
        (void)fprintf(out, "%c", lost ? 'x' : '<');
    else
        (void)fputc(' ', out);
    if (left && !right) {
        put_many(out, '-', rest + 1);
        (void)fprintf(out, " %s ", text);
        return;
    }
    (void)fprintf(out, "%s ", text);
    put_many(out, '-', rest + 1);
    (void)fputc(lost ? 'x' : '>', out);
}

static void put_detail(FILE *out, const struct ladder_row *row)
{
    if (row->detail[0] == '\0')
        return;
    put_many(out, ' ', TIME_COLUMNS);
    (void)fputc('|', out);
    put_many(out, ' ', TE_COLUMNS);
    (void)fprintf(out, "|   %-*.*s|\n", NET_COLUMNS - 3, NET_COLUMNS - 3, row->detail);
}

static void put_at(FILE *out, const struct ladder_row *row)
{
    const bool from_module = row->shape == LADDER_ROW_MODULE;

    (void)fputc('|', out);
    put_arrow(out, row->label, from_module || row->shape == LADDER_ROW_BOTH, !from_module, false,
              TE_COLUMNS);
    (void)fputc('|', out);
    put_many(out, ' ', NET_COLUMNS);
    (void)fputs("|\n", out);
}

static void put_datagram(FILE *out, const struct ladder_row *row)
{
    const bool in = row->shape == LADDER_ROW_IN;

    (void)fputc('|', out);
    put_many(out, ' ', TE_COLUMNS);
    (void)fputc('|', out);
    put_arrow(out, row->label, in || row->shape == LADDER_ROW_ROUND, !in, row->lost, NET_COLUMNS);
    (void)fputs("|\n", out);
    put_detail(out, row);
}

static void put_far(const struct ladder *l, FILE *out, size_t i)
{
    bool arrives = false;

    for (size_t k = 0; k < i; k++)
        arrives = arrives || l->rows[k].far == (int)i;
    (void)fputc('|', out);
    put_many(out, ' ', TE_COLUMNS);
    (void)fputc('|', out);
    put_many(out, ' ', NET_COLUMNS - 14);
    (void)fputs(arrives ? "  ...arrives >|\n" : "< sends...    |\n", out);
}

void ladder_draw_text(const struct ladder *l, FILE *out)
{
    (void)fprintf(out, "%s\n%s\n\n", l->title, l->subtitle);
    (void)fprintf(out, "%*s%-*s%-*s%s\n", TIME_COLUMNS, "seconds ", TE_COLUMNS + 1, "TE",
                  NET_COLUMNS - 4, "module", l->servers);
    for (size_t i = 0; i < l->row_count; i++) {
        const struct ladder_row *row = &l->rows[i];

        put_time(out, row, i > 0 ? &l->rows[i - 1] : NULL);
        switch (row->shape) {
        case LADDER_ROW_TE:
        case LADDER_ROW_MODULE:
        case LADDER_ROW_BOTH:
            put_at(out, row);
            break;
        case LADDER_ROW_OUT:
        case LADDER_ROW_IN:
        case LADDER_ROW_ROUND:
            put_datagram(out, row);
            break;
        case LADDER_ROW_FAR:
            put_far(l, out, i);
            break;
        case LADDER_ROW_NOTE:
        case LADDER_ROW_FOLD:
            (void)fprintf(out, "%s %s\n", row->shape == LADDER_ROW_FOLD ? "..." : "*", row->label);
            break;
        }
    }
}
