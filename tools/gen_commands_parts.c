/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "decisions.h"
#include "gen_commands.h"

const char *gen_title(const struct atc_dialect *d)
{
    return strcmp(d->name, "bc95") == 0 ? "BC95" : "BG96";
}

void gen_heading(FILE *out, int level, const char *heading)
{
    (void)fprintf(out, "\n%.*s %s\n\n", level, "###", heading);
}

/* The part of a link behind #, as the usual renderers of Markdown make it from a heading. */
static void put_anchor(FILE *out, const char *heading, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)heading[i];

        if (isalnum(c) || c == '-' || c == '_')
            (void)fputc(tolower(c), out);
        else if (c == ' ')
            (void)fputc('-', out);
    }
}

void gen_link(FILE *out, const char *heading)
{
    (void)fprintf(out, "[%s](#", heading);
    put_anchor(out, heading, strlen(heading));
    (void)fputs(")", out);
}

void gen_command_heading(char out[96], const struct atc_dialect *d, const struct atc_command *row)
{
    (void)snprintf(out, 96, "%s%s%s%s%s (%s)", manual_prefix(row), row->name,
                   row->key == NULL ? "" : "=\"", row->key == NULL ? "" : row->key,
                   row->key == NULL ? "" : "\"", gen_title(d));
}

void gen_cell(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|') /* it would end the cell */
            (void)fputs("\\|", out);
        else if (*text == '<') /* it would begin a tag */
            (void)fputs("&lt;", out);
        else
            (void)fputc(*text, out);
    }
}

static void put_decision_link(FILE *out, const struct decision *decision)
{
    const char *heading = decision->entry.at + strlen("### ");

    (void)fprintf(out, "[D-%02u](deviations.md#", decision->number);
    put_anchor(out, heading, strcspn(heading, "\n"));
    (void)fputs(")", out);
}

static void put_decisions(FILE *out, const char *source, const char *name)
{
    struct decision decision = {0};
    bool first = true;

    while (decision_next(&decision)) {
        if (!decision_is_about(&decision, source, name))
            continue;
        (void)fputs(first ? "- Decisions: " : "; ", out);
        put_decision_link(out, &decision);
        (void)fprintf(out, " %.*s", (int)decision.title.len, decision.title.at);
        first = false;
    }
    (void)fputs(first ? "" : "\n", out);
}

void gen_source(FILE *out, const char *source, const char *name)
{
    bool first = true;

    for (const char *item = source; *item != '\0'; item += strspn(item, ", ")) {
        const size_t len = strcspn(item, ",");

        if (strncmp(item, "D-", 2) != 0) {
            (void)fprintf(out, "%s%.*s", first ? "- Source: " : ", ", (int)len, item);
            first = false;
        }
        item += len;
    }
    (void)fputs(first ? "" : "\n", out);
    put_decisions(out, source, name);
}

void gen_decision_links(FILE *out, const char *source)
{
    struct decision decision;

    for (const char *at = strstr(source, "D-"); at != NULL; at = strstr(at + 1, "D-")) {
        if (!decision_find(&decision, (unsigned)strtoul(at + 2, NULL, 10)))
            continue;
        (void)fputs(at == source ? "" : ", ", out);
        put_decision_link(out, &decision);
    }
}
