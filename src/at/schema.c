/* SPDX-License-Identifier: MIT */
#include "schema.h"
#include "text.h"

/*@ requires \valid_read(param);
    assigns \nothing;
    ensures \result == true <==> param->min <= value <= param->max; */
static bool in_range(const struct atc_param *param, size_t value)
{
    return value >= param->min && value <= param->max;
}

/*@ requires \valid_read(param) && \valid(arg) && atc_readable(arg->text);
    requires arg->text.len <= PTRDIFF_MAX && \separated(arg, param);
    requires \separated(arg, arg->text.at + (0 .. arg->text.len - 1));
    assigns arg->number;
    ensures \result == true ==> param->min <= arg->number <= param->max && !arg->quoted; */
static bool check_integer(const struct atc_param *param, struct atc_arg *arg)
{
    return !arg->quoted && atc_text_number(&arg->number, arg->text, param->max) &&
           arg->number >= param->min;
}

/*@ requires \valid_read(param) && \valid_read(arg) && atc_readable(arg->text);
    requires arg->text.len <= PTRDIFF_MAX;
    assigns \nothing; */
static bool check_string(const struct atc_param *param, const struct atc_arg *arg)
{
    const long len = atc_text_len(arg->text);

    return len >= 0 && in_range(param, (size_t)len);
}

/*@ requires \valid_read(param) && \valid_read(arg) && atc_readable(arg->text);
    requires arg->text.len <= PTRDIFF_MAX;
    assigns \nothing; */
static bool check_hex(const struct atc_param *param, const struct atc_arg *arg)
{
    return atc_text_is_hex(arg->text) && in_range(param, arg->text.len / 2u);
}

/*@ requires \valid_read(param) && \valid(arg) && atc_readable(arg->text);
    requires arg->text.len <= PTRDIFF_MAX && \separated(arg, param);
    requires \separated(arg, arg->text.at + (0 .. arg->text.len - 1));
    assigns arg->number;
    ensures \result == true && param->kind == ATC_KIND_INTEGER ==>
            param->min <= arg->number <= param->max; */
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
    case ATC_KIND_VALUE: /* what it may be depends on the option */
        break;
    }
    return true;
}

/* The parameter that argument index is for, NULL if there are no more. */
/*@ requires atc_row_ready(row) && index <= ATC_ARG_MAX;
    assigns \nothing;
    ensures none: \result == \null <==> index >= row->param_count && row->repeat_from == 0;
    ensures some: \result != \null ==>
            (\exists integer i; 0 <= i < row->param_count && \result == row->params + i);
    ensures own:  index < row->param_count ==> \result == row->params + index; */
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
/*@ requires atc_row_ready(row) && \valid_read(args);
    assigns \nothing;
    ensures row->repeat_from == 0 ==> \result == true; */
static bool check_groups(const struct atc_command *row, const struct atc_args *args)
{
    const unsigned group = (unsigned)(row->param_count - row->repeat_from);

    if (row->repeat_from == 0)
        return true;
    return args->count == row->repeat_from + group * args->arg[0].number;
}

/*@ requires \valid_read(args) && args->count <= ATC_ARG_MAX;
    assigns \nothing;
    ensures \result == true <==> at < args->count && args->arg[at].given; */
static bool is_given(const struct atc_args *args, unsigned at)
{
    return at < args->count && args->arg[at].given;
}

/*@ requires atc_row_ready(row) && \valid_read(args) && args->count <= ATC_ARG_MAX;
    assigns \nothing; */
static bool check_pairs(const struct atc_command *row, const struct atc_args *args)
{
    /*@ loop invariant 1 <= i;
        loop assigns i;
        loop variant row->param_count - i; */
    for (unsigned i = 1; i < row->param_count; i++) {
        if ((row->params[i].flags & ATC_PAIRED) != 0 && is_given(args, i) != is_given(args, i - 1))
            return false;
    }
    return true;
}

/* An empty place behind the last comma is one argument too many, even if it could be left out. */
/*@ requires \valid_read(args) && args->count <= ATC_ARG_MAX;
    assigns \nothing;
    ensures \result == true <==> args->count > 1 && !args->arg[args->count - 1].given; */
static bool ends_in_comma(const struct atc_args *args)
{
    return args->count > 1 && !args->arg[args->count - 1].given;
}

bool atc_schema_check(const struct atc_command *row, struct atc_args *args)
{
    if (ends_in_comma(args))
        return false;
    /*@ loop invariant i <= args->count && atc_args_ready(args);
        loop invariant row->repeat_from == 0 ==> i <= row->param_count;
        loop assigns i, args->arg[0 .. args->count - 1].number;
        loop variant args->count - i; */
    for (unsigned i = 0; i < args->count; i++) {
        const struct atc_param *param = param_of(row, i);

        if (param == NULL)
            return false;
        if (!args->arg[i].given && (param->flags & ATC_OPTIONAL) == 0)
            return false;
        if (args->arg[i].given && !check_kind(param, &args->arg[i]))
            return false;
    }
    /*@ loop invariant args->count <= i;
        loop assigns i;
        loop variant row->param_count - i; */
    for (unsigned i = args->count; i < row->param_count; i++) {
        if ((row->params[i].flags & ATC_OPTIONAL) == 0)
            return false;
    }
    return check_groups(row, args) && check_pairs(row, args);
}

bool atc_schema_as_shown(const struct atc_command *row, const struct atc_args *args)
{
    /*@ loop invariant i <= args->count;
        loop assigns i;
        loop variant args->count - i; */
    for (unsigned i = 0; i < args->count; i++) {
        const struct atc_arg *arg = &args->arg[i];
        const uint8_t unlike = arg->quoted ? ATC_SHOWN_BARE : ATC_SHOWN_QUOTED;

        if (arg->given && (param_of(row, i)->flags & unlike) != 0)
            return false;
    }
    return true;
}
