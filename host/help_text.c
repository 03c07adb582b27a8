/* SPDX-License-Identifier: MIT */
#include "help_text.h"

#include <string.h>

/* How much of the text goes on a line of width characters: up to a line end or the last blank. */
static size_t line_len(const char *text, size_t len, size_t width)
{
    size_t end = 0;

    while (end < len && text[end] != '\n')
        end++;
    if (end <= width)
        return end;
    for (end = width; end > 0 && text[end] != ' ';)
        end--;
    return end > 0 ? end : width;
}

void help_row(FILE *out, const char *name, int column, const char *text, size_t len)
{
    int at = fprintf(out, "  %s", name);

    if (at >= column) {
        (void)fputc('\n', out);
        at = 0;
    }
    do {
        const size_t part = line_len(text, len, (size_t)(HELP_WIDTH - column));

        (void)fprintf(out, "%*s%.*s\n", part > 0 ? column - at : 0, "", (int)part, text);
        at = 0;
        text += part;
        len -= part;
        while (len > 0 && (*text == ' ' || *text == '\n')) {
            text++;
            len--;
        }
    } while (len > 0);
}
