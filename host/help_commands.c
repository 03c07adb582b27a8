/* SPDX-License-Identifier: MIT */
#include "help_commands.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "decisions.h"
#include "help_text.h"
#include "log.h"
#include "manual.h"
#include "options.h"
#include "status.h"

enum { LIST_COLUMN = 29, PARAM_COLUMN = 21, FACT_COLUMN = 13, NAME_COUNT_MAX = 128, NAME_LEN = 64 };

/* --- the list --------------------------------------------------------------------------------- */

static void full_name(char out[NAME_LEN], const struct atc_command *row)
{
    (void)snprintf(out, NAME_LEN, "%s%s%s%s%s", manual_prefix(row), row->name,
                   row->key == NULL ? "" : "=\"", row->key == NULL ? "" : row->key,
                   row->key == NULL ? "" : "\"");
}

static void list_dialect(FILE *out, const struct atc_dialect *d)
{
    const struct atc_command *row = NULL;

    (void)fprintf(out, "\nWith --dialect=%s:\n", d->name);
    for (size_t i = 0; (row = atc_dialect_row(d, i)) != NULL; i++) {
        const struct manual_text *text = manual_text(d, row);
        char name[NAME_LEN];

        full_name(name, row);
        if (text != NULL)
            help_row(out, name, LIST_COLUMN, text->meaning, strlen(text->meaning));
    }
}

static void list_commands(FILE *out)
{
    (void)fputs("The AT commands of the module. More about one: atcoap help commands NAME\n", out);
    for (size_t i = 0; manual_dialects[i] != NULL; i++)
        list_dialect(out, manual_dialects[i]);
}

/* --- one command ------------------------------------------------------------------------------ */

/* A text that is printed into memory; free() it. NULL if there is none. */
struct draft {
    char *text;
    size_t len;
    FILE *out;
};

static bool draft_open(struct draft *draft)
{
    draft->text = NULL;
    draft->len = 0;
    draft->out = open_memstream(&draft->text, &draft->len);
    return draft->out != NULL;
}

static void draft_row(struct draft *draft, FILE *out, const char *name, int column)
{
    if (fclose(draft->out) == 0 && draft->len > 0)
        help_row(out, name, column, draft->text, draft->len);
    free(draft->text);
}

static void print_param(FILE *out, const struct atc_dialect *d, const struct atc_command *row,
                        const struct atc_param *param)
{
    const char *meaning = manual_param_text(d, row, param->name);
    struct draft draft;
    char name[NAME_LEN];

    if (param->kind == ATC_KIND_KEY || !draft_open(&draft))
        return;
    (void)snprintf(name, sizeof name, "<%s>", param->name);
    (void)fprintf(draft.out, "%s, ", manual_kind(param));
    manual_put_range(draft.out, param);
    (void)fprintf(draft.out, "%s\n%s", (param->flags & ATC_OPTIONAL) != 0 ? ", optional" : "",
                  meaning == NULL ? "" : meaning);
    draft_row(&draft, out, name, PARAM_COLUMN);
}

static void print_decisions(FILE *out, const struct atc_command *row)
{
    struct decision decision = {0};
    struct draft draft;
    bool first = true;

    if (!draft_open(&draft))
        return;
    while (decision_next(&decision)) {
        if (!decision_is_about(&decision, row->source, row->name))
            continue;
        (void)fprintf(draft.out, "%sD-%02u", first ? "" : ", ", decision.number);
        first = false;
    }
    if (!first)
        (void)fputs(" (atcoap help D-nn)", draft.out);
    draft_row(&draft, out, "decisions", FACT_COLUMN);
}

static void print_fact(FILE *out, const char *name, const char *text)
{
    if (text != NULL)
        help_row(out, name, FACT_COLUMN, text, strlen(text));
}

static void print_reply(FILE *out, const struct atc_dialect *d, const struct atc_command *row)
{
    const struct manual_reply *reply = manual_reply(d, row);
    struct draft draft;

    if (reply == NULL || !draft_open(&draft))
        return;
    (void)fprintf(draft.out, "%s\n%s", reply->reply, reply->meaning == NULL ? "" : reply->meaning);
    draft_row(&draft, out, "reply", FACT_COLUMN);
}

static void print_facts(FILE *out, const struct atc_dialect *d, const struct atc_command *row)
{
    struct draft draft;

    if ((row->forms & ATC_FORM_TEST) != 0 && draft_open(&draft)) {
        (void)manual_put_test_reply(draft.out, d, row);
        draft_row(&draft, out, "=? prints", FACT_COLUMN);
    }
    print_reply(out, d, row);
    print_fact(out, "data", manual_body(d, row));
    print_fact(out, "errors", manual_errors(d, row));
    if (draft_open(&draft)) {
        manual_put_time(draft.out, row->reply_max_ms);
        draft_row(&draft, out, "at most", FACT_COLUMN);
    }
    print_fact(out, "source", row->source);
    print_decisions(out, row);
}

/* Name and meaning: on one line if they fit. */
static void print_title(FILE *out, const struct atc_dialect *d, const struct atc_command *row,
                        const char *meaning)
{
    char name[NAME_LEN];
    size_t len;

    full_name(name, row);
    len = (size_t)fprintf(out, "%s (%s):", name, d->name);
    if (len + 1 + strlen(meaning) <= HELP_WIDTH) {
        (void)fprintf(out, " %s\n\n", meaning);
        return;
    }
    (void)fputc('\n', out);
    help_row(out, "", 4, meaning, strlen(meaning));
    (void)fputc('\n', out);
}

static int print_command(FILE *out, const struct atc_dialect *d, const struct atc_command *row)
{
    const struct manual_text *text = manual_text(d, row);

    print_title(out, d, row, text == NULL ? "" : text->meaning);
    for (unsigned form = ATC_FORM_TEST; form <= ATC_FORM_S_WRITE; form *= 2) {
        struct draft draft;

        if ((row->forms & form) == 0 || !draft_open(&draft))
            continue;
        manual_put_line(draft.out, row, (enum atc_form)form);
        draft_row(&draft, out, manual_form_name((enum atc_form)form), FACT_COLUMN);
    }
    if (row->param_count > 0)
        (void)fputc('\n', out);
    for (unsigned i = 0; i < row->param_count; i++)
        print_param(out, d, row, &row->params[i]);
    (void)fputc('\n', out);
    print_facts(out, d, row);
    if (text == NULL)
        return STATUS_GOOD;
    (void)fputs("\n  Example\n", out);
    return manual_play(out, d, text->example, "    ") ? STATUS_GOOD : STATUS_SYSTEM;
}

/* Print every row of that name. Returns how many, or -1 if there is no memory. */
static int print_named(FILE *out, const char *name)
{
    int count = 0;

    for (size_t k = 0; manual_dialects[k] != NULL; k++) {
        const struct atc_command *row = NULL;

        for (size_t i = 0; (row = atc_dialect_row(manual_dialects[k], i)) != NULL; i++) {
            if (strcasecmp(row->name, name) != 0)
                continue;
            (void)fputs(count++ > 0 ? "\n" : "", out);
            if (print_command(out, manual_dialects[k], row) != STATUS_GOOD)
                return -1;
        }
    }
    return count;
}

/* "at+qcoapopen" is "qcoapopen", and "ati" is "i". What stands behind the name of a whole line, as in
 * 'AT+QCOAPCFG="Showra"' or "AT+CSQ?", is left out. False if the name has no room. */
static bool bare_name(char out[NAME_LEN], const char *name)
{
    size_t len = 0;

    if (strncasecmp(name, "AT", 2) == 0)
        name += 2;
    name += *name == '+';
    len = strcspn(name, "=?");
    if (len >= NAME_LEN)
        return false;
    memcpy(out, name, len);
    out[len] = '\0';
    return true;
}

static int reject(const char *name)
{
    const char *names[NAME_COUNT_MAX + 1] = {NULL};
    char upper[NAME_LEN] = "";
    const char *nearest = NULL;
    size_t count = 0;

    for (size_t k = 0; manual_dialects[k] != NULL; k++) {
        const struct atc_command *row = NULL;

        for (size_t i = 0; (row = atc_dialect_row(manual_dialects[k], i)) != NULL; i++) {
            if (count < NAME_COUNT_MAX && row->name[1] != '\0')
                names[count++] = row->name;
        }
    }
    for (size_t i = 0; i + 1 < sizeof upper && name[i] != '\0'; i++)
        upper[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 'a' + 'A') : name[i];
    nearest = options_nearest(upper, names);
    if (nearest != NULL)
        log_note("no AT command %s; did you mean AT+%s? See: atcoap help commands", name, nearest);
    else
        log_note("no AT command %s. See: atcoap help commands", name);
    return STATUS_USAGE;
}

int help_commands(FILE *out, const char *name)
{
    char bare[NAME_LEN] = "";
    int count = 0;

    if (name == NULL || strcasecmp(name, "AT") == 0) {
        list_commands(out);
        return STATUS_GOOD;
    }
    if (!bare_name(bare, name))
        return reject(name);
    count = print_named(out, bare);
    if (count < 0) {
        log_note("out of memory");
        return STATUS_SYSTEM;
    }
    return count > 0 ? STATUS_GOOD : reject(bare);
}
