/* SPDX-License-Identifier: MIT */
#include "schema.h"
#include "text.h"

static bool in_range(const struct atc_param *param, size_t value)
{
    return value >= param->min && value <= param->max;
}

static bool check_integer(const struct atc_param *param, struct atc_arg *arg)
{
    return !arg->quoted && atc_text_number(&arg->number, arg->text, param->max) &&
           arg->number >= param->min;
}

static bool check_string(const struct atc_param *param, const struct atc_arg *arg)
{
    const long len = atc_text_len(arg->text);

    return len >= 0 && in_range(param, (size_t)len);
}

static bool check_hex(const struct atc_param *param, const struct atc_arg *arg)
{
    return atc_text_is_hex(arg->text) && in_range(param, arg->text.len / 2u);
}

static bool check_kind(const struct atc_param *param, struct atc_arg *arg)
{
    switch ((enum atc_kind)param->kind) {
    case ATC_KIND_INTEGER:
        return check_integer(param, arg);
    case ATC_KIND_STRING:
        return arg->quoted && check_string(param, arg);
    case ATC_KIND_WORD:
        return check_string(param, arg);
    case ATC_KIND_HEX:
        return check_hex(param, arg);
    case ATC_KIND_KEY:
        return arg->quoted;
    case ATC_KIND_VALUE:
        return true;
    }
    return false;
}

/* The parameter that argument index is for, NULL if there are no more. */
static const struct atc_param *param_of(const struct atc_command *row, unsigned index)
{
    const unsigned group = (unsigned)(row->param_count - row->repeat_from);

    if (index < row->param_count)
        return &row->params[index];
    if (row->repeat_from == 0)
        return NULL;
    return &row->params[row->repeat_from + (index - row->repeat_from) % group];
}

/* Whether so many arguments are right for a row whose last parameters repeat. */
static bool check_groups(const struct atc_command *row, const struct atc_args *args)
{
    const unsigned group = (unsigned)(row->param_count - row->repeat_from);

    if (row->repeat_from == 0)
        return true;
    return args->count == row->repeat_from + group * args->arg[0].number;
}

static bool is_given(const struct atc_args *args, unsigned at)
{
    return at < args->count && args->arg[at].given;
}

static bool check_pairs(const struct atc_command *row, const struct atc_args *args)
{
    for (unsigned i = 1; i < row->param_count; i++) {
        if ((row->params[i].flags & ATC_PAIRED) != 0 && is_given(args, i) != is_given(args, i - 1))
            return false;
    }
    return true;
}

/* An empty place behind the last comma is one argument too many, even if it could be left out. */
static bool ends_in_comma(const struct atc_args *args)
{
    return args->count > 1 && !args->arg[args->count - 1].given;
}

bool atc_schema_check(const struct atc_command *row, struct atc_args *args)
{
    if (ends_in_comma(args))
        return false;
    for (unsigned i = 0; i < args->count; i++) {
        const struct atc_param *param = param_of(row, i);

        if (param == NULL)
            return false;
        if (!args->arg[i].given && (param->flags & ATC_OPTIONAL) == 0)
            return false;
        if (args->arg[i].given && !check_kind(param, &args->arg[i]))
            return false;
    }
    for (unsigned i = args->count; i < row->param_count; i++) {
        if ((row->params[i].flags & ATC_OPTIONAL) == 0)
            return false;
    }
    return check_groups(row, args) && check_pairs(row, args);
}

bool atc_schema_as_shown(const struct atc_command *row, const struct atc_args *args)
{
    for (unsigned i = 0; i < args->count; i++) {
        const struct atc_arg *arg = &args->arg[i];
        const uint8_t unlike = arg->quoted ? ATC_SHOWN_BARE : ATC_SHOWN_QUOTED;

        if (arg->given && (param_of(row, i)->flags & unlike) != 0)
            return false;
    }
    return true;
}
