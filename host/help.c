/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "atcoap/atcoap.h"
#include "decisions.h"
#include "help_commands.h"
#include "help_link.h"
#include "help_text.h"
#include "help_uart.h"
#include "lint.h"
#include "log.h"
#include "status.h"

/* --- settings --------------------------------------------------------------------------------- */

enum { SETTING_COLUMN = 6, ITEM_MAX = 2048 };

/* Print what a setting is if it is not set, the first of its values; nothing if its meaning says. */
static void print_default(FILE *out, const struct atc_setting_info *info)
{
    const size_t len = strcspn(info->values, "|.");

    if (strstr(info->meaning, "default") == NULL)
        (void)fprintf(out, "; default %.*s", (int)len, info->values);
}

/* "D-26 (note), D-65 (note, guess)". */
static void print_evidence(FILE *out, const char *source)
{
    struct decision decision;

    for (const char *at = strstr(source, "D-"); at != NULL; at = strstr(at + 1, "D-")) {
        const unsigned number = (unsigned)strtoul(at + 2, NULL, 10);

        (void)fprintf(out, "%sD-%02u", at == source ? "" : ", ", number);
        if (!decision_find(&decision, number))
            continue;
        (void)fputs(" (", out);
        decision_put_evidence(&decision, out);
        (void)fputc(')', out);
    }
}

static int print_setting(const struct atc_setting_info *info)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (out == NULL)
        return STATUS_SYSTEM;
    (void)fprintf(out, "%s", info->meaning);
    print_default(out, info);
    (void)fputc('\n', out);
    print_evidence(out, info->source);
    if (fclose(out) != 0)
        return STATUS_SYSTEM;
    (void)printf("  %s=%s\n", info->key, info->values);
    help_row(stdout, "", SETTING_COLUMN, text, len);
    free(text);
    return STATUS_GOOD;
}

static int help_settings(void)
{
    const struct atc_setting_info *info = NULL;
    int status = STATUS_GOOD;

    (void)fputs(
        "Settings for atcoap run --set KEY=VALUE: where the sources leave a choice.\n"
        "D-nn is the decision, in brackets on what evidence; atcoap help D-nn prints it.\n\n",
        stdout);
    for (size_t i = 0; (info = atc_setting_info(i)) != NULL && status == STATUS_GOOD; i++)
        status = print_setting(info);
    return status;
}

/* --- decisions -------------------------------------------------------------------------------- */

/* The number of "D-26" or "d26". Returns false for anything else. */
static bool read_number(unsigned *number, const char *word)
{
    if (tolower((unsigned char)word[0]) != 'd')
        return false;
    word += word[1] == '-' ? 2 : 1;
    if (*word == '\0' || strlen(word) > 4 || strspn(word, "0123456789") != strlen(word))
        return false;
    *number = (unsigned)strtoul(word, NULL, 10);
    return true;
}

/* An item of an entry, its lines joined. Returns where the next one begins, NULL behind the last. */
static const char *print_item(const char *item, const char *end)
{
    char text[ITEM_MAX] = "";
    size_t len = 0;
    const char *at = item;

    while (at < end && !(at[0] == '\n' && (at + 1 == end || at[1] == '-' || at[1] == '\n'))) {
        if (len < sizeof text && !(*at == ' ' && len > 0 && text[len - 1] == ' '))
            text[len++] = *at == '\n' ? ' ' : *at;
        at++;
    }
    help_row(stdout, "-", 4, text, len);
    while (at < end && (*at == '\n' || *at == ' '))
        at++;
    return at < end ? at : NULL;
}

static int help_decision(unsigned number)
{
    struct decision decision;
    const char *end = NULL, *item = NULL;

    if (!decision_find(&decision, number)) {
        log_note("no decision D-%02u. See: atcoap help settings, docs/deviations.md", number);
        return STATUS_USAGE;
    }
    (void)printf("D-%02u %.*s\n", number, (int)decision.title.len, decision.title.at);
    end = decision.entry.at + decision.entry.len;
    item = strstr(decision.entry.at, "\n- ");
    item = item != NULL && item < end ? item + 1 : NULL;
    while (item != NULL)
        item = print_item(item + strlen("- "), end);
    return STATUS_GOOD;
}

static int help_lint(void)
{
    (void)fputs("What the lint of the host finds: what your program does wrong, or relies on "
                "although no note\npromises it. atcoap run says so at the end; --strict makes it "
                "exit status 1.\n",
                stdout);
    lint_explain(stdout);
    return STATUS_GOOD;
}

/* --- topics ----------------------------------------------------------------------------------- */

/* An AT command stands for its own topic: atcoap help AT+CSQ. */
static bool is_at(const char *word)
{
    return strncasecmp(word, "AT", 2) == 0;
}

bool help_is_topic(const char *word)
{
    unsigned number = 0;

    return strcasecmp(word, "commands") == 0 || strcasecmp(word, "settings") == 0 ||
           strcasecmp(word, "lint") == 0 || strcasecmp(word, "link") == 0 ||
           strcasecmp(word, "uart") == 0 || read_number(&number, word) || is_at(word);
}

int help_topic(const char *word, const char *name)
{
    unsigned number = 0;

    if (strcasecmp(word, "commands") == 0)
        return help_commands(stdout, name);
    if (is_at(word))
        return help_commands(stdout, word);
    if (strcasecmp(word, "lint") == 0)
        return help_lint();
    if (strcasecmp(word, "link") == 0)
        return help_link();
    if (strcasecmp(word, "uart") == 0)
        return help_uart();
    if (read_number(&number, word))
        return help_decision(number);
    return help_settings();
}
