/* SPDX-License-Identifier: MIT */
#include "manual.h"

#include <string.h>

const struct atc_dialect *const manual_dialects[] = {&atc_dialect_bc95, &atc_dialect_bg96, NULL};

/* --- words ------------------------------------------------------------------------------------ */

/* Whether a word of a table fits; NULL fits everything. */
static bool fits(const char *word, const char *name)
{
    return word == NULL || strcmp(word, name) == 0;
}

/* Whether an entry for that dialect, name and key is about a row. */
static bool is_about(const char *dialect, const char *name, const char *key,
                     const struct atc_dialect *d, const struct atc_command *row)
{
    if (!fits(dialect, d->name) || strcmp(name, row->name) != 0)
        return false;
    return row->key == NULL ? key == NULL : key != NULL && strcmp(key, row->key) == 0;
}

static bool text_fits(const struct manual_text *text, const struct atc_dialect *d,
                      const struct atc_command *row)
{
    return is_about(text->dialect, text->name, text->key, d, row);
}

const struct manual_text *manual_text(const struct atc_dialect *d, const struct atc_command *row)
{
    for (size_t i = 0; i < manual_text_count; i++) {
        if (text_fits(&manual_texts[i], d, row))
            return &manual_texts[i];
    }
    return NULL;
}

static const struct manual_param_text *param_text(const struct atc_dialect *d,
                                                  const struct atc_command *row, const char *name)
{
    for (size_t i = 0; i < manual_param_text_count; i++) {
        const struct manual_param_text *text = &manual_param_texts[i];

        if (fits(text->dialect, d->name) && fits(text->command, row->name) &&
            strcmp(text->name, name) == 0)
            return text;
    }
    return NULL;
}

const char *manual_param_text(const struct atc_dialect *d, const struct atc_command *row,
                              const char *name)
{
    const struct manual_param_text *text = param_text(d, row, name);

    return text == NULL ? NULL : text->meaning;
}

const struct manual_reply *manual_reply(const struct atc_dialect *d, const struct atc_command *row)
{
    for (size_t i = 0; i < manual_reply_count; i++) {
        const struct manual_reply *reply = &manual_replies[i];

        if (is_about(reply->dialect, reply->name, reply->key, d, row))
            return reply;
    }
    return NULL;
}

/* --- whether there are words for everything, and nothing else -------------------------------- */

/* Say which parameters of a row have no words. Returns how many. */
static unsigned miss_params(const struct atc_dialect *d, const struct atc_command *row)
{
    unsigned missing = 0;

    for (unsigned i = 0; i < row->param_count; i++) {
        const struct atc_param *param = &row->params[i];

        if (param->kind == ATC_KIND_KEY || manual_param_text(d, row, param->name) != NULL)
            continue;
        (void)fprintf(stderr, "tools/manual_text.c: no meaning of <%s> of %s%s (%s)\n", param->name,
                      manual_prefix(row), row->name, d->name);
        missing++;
    }
    return missing;
}

/* Say whether a CoAP command that can be read has no words for what it prints. Returns how many. */
static unsigned miss_reply(const struct atc_dialect *d, const struct atc_command *row)
{
    if (row->base || (row->forms & ATC_FORM_READ) == 0 || manual_reply(d, row) != NULL)
        return 0;
    (void)fprintf(stderr, "tools/manual_text.c: no reply of %s%s? (%s)\n", manual_prefix(row),
                  row->name, d->name);
    return 1;
}

static unsigned miss_rows(const struct atc_dialect *d)
{
    const struct atc_command *row = NULL;
    unsigned missing = 0;

    for (size_t i = 0; (row = atc_dialect_row(d, i)) != NULL; i++) {
        missing += miss_params(d, row) + miss_reply(d, row);
        if (manual_text(d, row) != NULL)
            continue;
        (void)fprintf(stderr, "tools/manual_text.c: no meaning of %s%s%s%s (%s)\n",
                      manual_prefix(row), row->name, row->key == NULL ? "" : " ",
                      row->key == NULL ? "" : row->key, d->name);
        missing++;
    }
    return missing;
}

/* Whether a row of any dialect takes its words from there. */
static bool is_used(const struct manual_text *text)
{
    for (size_t k = 0; manual_dialects[k] != NULL; k++) {
        const struct atc_command *row = NULL;

        for (size_t i = 0; (row = atc_dialect_row(manual_dialects[k], i)) != NULL; i++) {
            if (manual_text(manual_dialects[k], row) == text)
                return true;
        }
    }
    return false;
}

static bool row_uses(const struct atc_dialect *d, const struct atc_command *row,
                     const struct manual_param_text *text)
{
    for (unsigned i = 0; i < row->param_count; i++) {
        if (param_text(d, row, row->params[i].name) == text)
            return true;
    }
    return false;
}

static bool is_param_used(const struct manual_param_text *text)
{
    for (size_t k = 0; manual_dialects[k] != NULL; k++) {
        const struct atc_command *row = NULL;

        for (size_t i = 0; (row = atc_dialect_row(manual_dialects[k], i)) != NULL; i++) {
            if (row_uses(manual_dialects[k], row, text))
                return true;
        }
    }
    return false;
}

static bool is_reply_used(const struct manual_reply *reply)
{
    for (size_t k = 0; manual_dialects[k] != NULL; k++) {
        const struct atc_command *row = NULL;

        for (size_t i = 0; (row = atc_dialect_row(manual_dialects[k], i)) != NULL; i++) {
            if (manual_reply(manual_dialects[k], row) == reply)
                return true;
        }
    }
    return false;
}

static unsigned left_over(void)
{
    unsigned unused = 0;

    for (size_t i = 0; i < manual_reply_count; i++) {
        if (is_reply_used(&manual_replies[i]))
            continue;
        (void)fprintf(stderr, "tools/manual_text.c: no row for the reply %s\n",
                      manual_replies[i].reply);
        unused++;
    }

    for (size_t i = 0; i < manual_text_count; i++) {
        if (is_used(&manual_texts[i]))
            continue;
        (void)fprintf(stderr, "tools/manual_text.c: no row for %s\n", manual_texts[i].name);
        unused++;
    }
    for (size_t i = 0; i < manual_param_text_count; i++) {
        if (is_param_used(&manual_param_texts[i]))
            continue;
        (void)fprintf(stderr, "tools/manual_text.c: no parameter <%s>\n",
                      manual_param_texts[i].name);
        unused++;
    }
    return unused;
}

bool manual_check(void)
{
    unsigned wrong = left_over();

    for (size_t i = 0; manual_dialects[i] != NULL; i++)
        wrong += miss_rows(manual_dialects[i]);
    return wrong == 0;
}

/* --- lines ------------------------------------------------------------------------------------ */

const char *manual_prefix(const struct atc_command *row)
{
    const unsigned basic = ATC_FORM_BASIC | ATC_FORM_S_READ | ATC_FORM_S_WRITE;

    return (row->forms & basic) != 0 ? "AT" : "AT+";
}

void manual_put_name(FILE *out, const struct atc_param *param)
{
    if (param->kind == ATC_KIND_KEY)
        (void)fputs(param->name, out);
    else
        (void)fprintf(out, "<%s>", param->name);
}

static void put_param(FILE *out, const struct atc_param *param)
{
    const bool quoted = param->kind == ATC_KIND_STRING;

    (void)fputs(quoted ? "\"" : "", out);
    manual_put_name(out, param);
    (void)fputs(quoted ? "\"" : "", out);
}

static bool is_optional(const struct atc_param *param)
{
    return (param->flags & ATC_OPTIONAL) != 0;
}

/* The parameters, what may be left out in brackets, the group that repeats twice. */
static void put_params(FILE *out, const struct atc_command *row)
{
    unsigned open = 0;

    for (unsigned i = 0; i < row->param_count; i++) {
        if (is_optional(&row->params[i]) && (row->params[i].flags & ATC_PAIRED) == 0) {
            (void)fputs("[", out);
            open++;
        }
        (void)fputs(i > 0 ? "," : "", out);
        put_param(out, &row->params[i]);
    }
    if (row->repeat_from > 0) {
        (void)fputs("[", out);
        for (unsigned i = row->repeat_from; i < row->param_count; i++) {
            (void)fputs(",", out);
            put_param(out, &row->params[i]);
        }
        (void)fputs("...]", out);
    }
    while (open-- > 0)
        (void)fputs("]", out);
}

void manual_put_line(FILE *out, const struct atc_command *row, enum atc_form form)
{
    (void)fprintf(out, "%s%s", manual_prefix(row), row->name);
    switch (form) {
    case ATC_FORM_TEST:
        (void)fputs("=?", out);
        break;
    case ATC_FORM_READ:
        (void)fputs("?", out);
        break;
    case ATC_FORM_WRITE:
        (void)fputs("=", out);
        put_params(out, row);
        break;
    case ATC_FORM_BASIC:
        put_params(out, row);
        break;
    case ATC_FORM_S_READ:
        (void)fputs("?", out);
        break;
    case ATC_FORM_S_WRITE:
        (void)fputs("=", out);
        put_params(out, row);
        break;
    case ATC_FORM_EXECUTE:
        break;
    }
}

const char *manual_form_name(enum atc_form form)
{
    switch (form) {
    case ATC_FORM_TEST:
        return "test";
    case ATC_FORM_READ:
        return "read";
    case ATC_FORM_WRITE:
        return "write";
    case ATC_FORM_EXECUTE:
        return "execute";
    case ATC_FORM_BASIC:
        return "basic";
    case ATC_FORM_S_READ:
        return "read";
    case ATC_FORM_S_WRITE:
        return "write";
    }
    return "";
}

bool manual_put_test_reply(FILE *out, const struct atc_dialect *d, const struct atc_command *row)
{
    if (row->test_reply == NULL)
        return false;
    (void)fprintf(out, "+%s:%s%s", row->name, row->base && d->tight_colon ? "" : " ",
                  row->test_reply);
    return true;
}

/* --- cells ------------------------------------------------------------------------------------ */

const char *manual_kind(const struct atc_param *param)
{
    switch ((enum atc_kind)param->kind) {
    case ATC_KIND_INTEGER:
        return "integer";
    case ATC_KIND_STRING:
        return "quoted string";
    case ATC_KIND_WORD:
        return "string, quoted or bare";
    case ATC_KIND_HEX:
        return "hex digits, quoted or bare";
    case ATC_KIND_KEY:
        return "quoted word";
    case ATC_KIND_VALUE:
        return "value";
    }
    return "";
}

static bool counts_bytes(const struct atc_param *param)
{
    return param->kind == ATC_KIND_STRING || param->kind == ATC_KIND_WORD ||
           param->kind == ATC_KIND_HEX;
}

void manual_put_range(FILE *out, const struct atc_param *param)
{
    if (param->kind == ATC_KIND_KEY)
        return;
    if (param->min == param->max)
        (void)fprintf(out, "%lu", (unsigned long)param->min);
    else
        (void)fprintf(out, "%lu-%lu", (unsigned long)param->min, (unsigned long)param->max);
    if (counts_bytes(param))
        (void)fputs(" bytes", out);
}

const char *manual_body(const struct atc_dialect *d, const struct atc_command *row)
{
    switch ((enum atc_body)row->body) {
    case ATC_BODY_NONE:
        return NULL;
    case ATC_BODY_PROMPT:
        return d->overlong == ATC_OVERLONG_CUT
                   ? "behind the prompt data up to Ctrl+Z, ESC cancels; what is beyond 1,024 bytes "
                     "(2,048 hex digits) is dropped"
                   : "behind the prompt data up to Ctrl+Z; ESC cancels";
    case ATC_BODY_COUNTED:
        return d->overlong == ATC_OVERLONG_REFUSE
                   ? "behind the prompt as many bytes as the length says; without a length data up "
                     "to Ctrl+Z, ESC cancels, and too much of it is an error"
                   : "behind the prompt as many bytes as the length says; without a length data up "
                     "to Ctrl+Z, ESC cancels";
    case ATC_BODY_CONNECT:
        return "behind CONNECT as many bytes as the size says";
    }
    return NULL;
}

const char *manual_errors(const struct atc_dialect *d, const struct atc_command *row)
{
    if (row->errors == ATC_ERRORS_PLAIN)
        return "ERROR, whatever AT+CMEE says";
    if (row->errors == ATC_ERRORS_IP)
        return "ERROR, whatever AT+CMEE says; AT+QIGETERROR tells why";
    return d->texts != NULL ? "ERROR, +CME ERROR: <err> or the error in words, as AT+CMEE says"
                            : "ERROR or +CME ERROR: <err>, as AT+CMEE says";
}

void manual_put_time(FILE *out, uint32_t time_ms)
{
    if (time_ms >= 1000 && time_ms % 1000 == 0)
        (void)fprintf(out, "%lu s", (unsigned long)time_ms / 1000);
    else
        (void)fprintf(out, "%lu ms", (unsigned long)time_ms);
}
