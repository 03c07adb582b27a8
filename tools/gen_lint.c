/* SPDX-License-Identifier: MIT
 *
 * Writes docs/lint.md: what the lint of the host finds, from the table in host/lint_rules.c. With
 * --check nothing is written; the status says whether the file is what would be.
 *
 * usage: gen_lint [--check] FILE
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint.h"

enum { WIDTH = 106 };

static const char introduction[] =
    "<!-- Made by tools/gen_lint from the table in host/lint_rules.c: do not edit. -->\n"
    "\n"
    "# Lint of the host\n"
    "\n"
    "A virtual module forgives: it takes lines that end in LF, splits `a/b` into two options, "
    "drops what comes\n"
    "behind Ctrl+Z. A real one need not, and a driver that was only tried against atcoap would "
    "not know. So the\n"
    "module remarks on what the host, the program at its AT port, did wrong or relied on although "
    "no note\n"
    "promises it.\n"
    "\n"
    "- At the end of `atcoap run` and `atcoap demo`, on stderr, if there is anything: each kind "
    "of finding with\n"
    "  the command line of the first case, how often it came, the decision (`D-nn` in "
    "[deviations.md](deviations.md),\n"
    "  also `atcoap help D-30`) or the note's chapter, and a remedy.\n"
    "- With `-v` each case as it happens.\n"
    "- With `--strict` findings make the exit status 1. With `--exec` it is the status of the "
    "command unless ours\n"
    "  is higher.\n"
    "- A transcript says in its header what it expects: `lint 4 path-in-one-value` for each case, "
    "with the number\n"
    "  of the host's command line, in the order in which they come, or `lint none`. "
    "`atcoap test --strict` takes\n"
    "  `lint none` for granted where no `lint` line stands. Against a real port there is no lint.\n"
    "- `atcoap help lint` prints this list.\n"
    "\n"
    "A command line is what begins with AT and ends; they are counted from 1. A finding \"after\" "
    "a line came\n"
    "behind it, not with it. Payloads and lines without AT are not shown, for they may be keys. "
    "Of one kind\n"
    "there is one finding for each line at most.\n"
    "\n"
    "Findings are about the host. What the network does is none: timeouts, RST, a lost connection "
    "and the SEND\n"
    "that runs into it. Nor is an `ERROR` with another cause than those below, such as a missing "
    "file. The\n"
    "examples of both notes have no finding, but for one: BG96 5.2 spells a key as no other place "
    "does\n"
    "(`key-slip`).\n"
    "\n"
    "What was typed too early is only seen if the module had not yet answered when it came. "
    "`--timing=typical`\n"
    "lets commands take their time, so that more of it shows.\n";

/* A paragraph in lines of WIDTH. */
static void put_paragraph(FILE *out, const char *lead, const char *text)
{
    size_t column = strlen(lead);

    (void)fputs(lead, out);
    for (;;) {
        const size_t word = strcspn(text, " ");

        (void)fwrite(text, 1, word, out);
        column += word;
        text += word;
        if (*text == '\0')
            break;
        text++;
        if (column + 1 + strcspn(text, " ") > WIDTH) {
            (void)fputc('\n', out);
            column = 0;
        } else {
            (void)fputc(' ', out);
            column++;
        }
    }
    (void)fputc('\n', out);
}

/* A pair of angle brackets would be taken for HTML. */
static void put_escaped(FILE *out, const char *lead, const char *text)
{
    char escaped[1024];
    size_t len = 0;

    for (; *text != '\0' && len + 2 < sizeof escaped; text++) {
        if (strchr("<>*_", *text) != NULL)
            escaped[len++] = '\\';
        escaped[len++] = *text;
    }
    escaped[len] = '\0';
    put_paragraph(out, lead, escaped);
}

static void put_kind(FILE *out, unsigned kind)
{
    const struct lint_rule *rule = lint_rule(kind);

    (void)fprintf(out, "\n### %s\n\nRule: %s\n\n", lint_name(kind), rule->source);
    put_escaped(out, "", rule->what);
    (void)fputc('\n', out);
    put_escaped(out, "Remedy: ", rule->remedy);
}

static void put_page(FILE *out)
{
    (void)fputs(introduction, out);
    (void)fputs("\n## Lines, bytes and results\n", out);
    for (unsigned kind = ATC_REMARK_COUNT; kind < LINT_COUNT; kind++)
        put_kind(out, kind);
    (void)fputs("\n## What commands say\n", out);
    for (unsigned kind = 0; kind < ATC_REMARK_COUNT; kind++)
        put_kind(out, kind);
}

static int write_page(const char *path, const char *page, size_t len)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(page, 1, len, file) != len || fclose(file) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

static int check_page(const char *path, const char *page, size_t len)
{
    FILE *file = fopen(path, "rb");
    size_t same = 0;
    int c;

    if (file == NULL) {
        perror(path);
        return 1;
    }
    while ((c = fgetc(file)) != EOF && same < len && (unsigned char)page[same] == c)
        same++;
    (void)fclose(file);
    if (c == EOF && same == len)
        return 0;
    (void)fprintf(stderr, "%s: not what host/lint_rules.c says; build the target lint_page\n",
                  path);
    return 1;
}

int main(int argc, char **argv)
{
    const bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
    char *page = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&page, &len);
    int status = 1;

    if (out == NULL || (argc != 2 && !check)) {
        (void)fputs("usage: gen_lint [--check] FILE\n", stderr);
        return 2;
    }
    put_page(out);
    if (fclose(out) == 0)
        status = check ? check_page(argv[2], page, len) : write_page(argv[1], page, len);
    free(page);
    return status;
}
