/* SPDX-License-Identifier: MIT */
#include "lex.h"
#include "text.h"

/*@ requires atc_readable(text) && at <= text.len;
    assigns \nothing;
    ensures \result.at == text.at + at && \result.len == text.len - at; */
static struct atc_span from(struct atc_span text, size_t at)
{
    return atc_span(text.at + at, text.len - at);
}

/* text without the blanks around it. */
/*@ requires atc_readable(text) && text.len <= PTRDIFF_MAX;
    assigns \nothing;
    ensures atc_within(\result, text) && atc_readable(\result) && \result.len <= text.len;
    ensures trimmed: \result.len > 0 ==>
            \result.at[0] != ' ' && \result.at[\result.len - 1] != ' ';
    ensures same: text.len > 0 && text.at[0] != ' ' ==> \result.at == text.at && \result.len > 0; */
static struct atc_span trim(struct atc_span text)
{
    /*@ loop invariant text.at == \at(text.at, Pre) + (\at(text.len, Pre) - text.len);
        loop invariant text.len <= \at(text.len, Pre);
        loop invariant \at(text.len, Pre) > 0 && \at(text.at[0], Pre) != ' ' ==>
                       text.len == \at(text.len, Pre);
        loop assigns text;
        loop variant text.len; */
    while (text.len > 0 && text.at[0] == ' ')
        text = from(text, 1);
    /*@ loop invariant text.len <= \at(text.len, LoopEntry);
        loop invariant \at(text.len, LoopEntry) > 0 ==> text.len > 0;
        loop assigns text.len;
        loop variant text.len; */
    while (text.len > 0 && text.at[text.len - 1] == ' ')
        text.len--;
    return text;
}

/* How many bytes come before the first end byte that stands outside quotes. */
/*@ requires atc_readable(text);
    assigns \nothing;
    ensures \result <= text.len;
    ensures found: \result < text.len ==> text.at[\result] == end;
    ensures some:  text.len > 0 && text.at[0] != end ==> \result > 0; */
static size_t length_until(struct atc_span text, uint8_t end)
{
    bool quoted = false;
    size_t at;

    /*@ loop invariant at <= text.len && (at == 0 ==> !quoted);
        loop assigns at, quoted;
        loop variant text.len - at; */
    for (at = 0; at < text.len && (quoted || text.at[at] != end); at++) {
        if (text.at[at] == '"')
            quoted = !quoted;
    }
    return at;
}

/*@ requires atc_readable(text) && at <= text.len;
    assigns \nothing;
    ensures at <= \result <= text.len;
    ensures digits: \forall integer i; at <= i < \result ==> atc_a_digit(text.at[i]);
    ensures end:    \result < text.len ==> !atc_a_digit(text.at[\result]); */
static size_t skip_digits(struct atc_span text, size_t at)
{
    /*@ loop invariant \at(at, Pre) <= at <= text.len;
        loop invariant \forall integer i; \at(at, Pre) <= i < at ==> atc_a_digit(text.at[i]);
        loop assigns at;
        loop variant text.len - at; */
    while (at < text.len && atc_is_digit(text.at[at]))
        at++;
    return at;
}

/* S3? or S3=13: an S-parameter. Returns how long it is. Source: V.250 5.3.2. */
/*@ requires \valid(words) && atc_readable(text) && 0 < text.len <= PTRDIFF_MAX;
    requires \separated(words, text.at + (0 .. text.len - 1));
    assigns *words;
    ensures atc_within(words->name, text) && atc_within(words->args, text);
    ensures length: 0 < \result <= text.len;
    ensures form:   words->form \in {0, 32, 64}; */
static size_t lex_s(struct atc_words *words, struct atc_span text)
{
    const size_t name_len = skip_digits(text, 1);
    size_t at = name_len;

    words->form = 0;
    words->name = atc_span(text.at, name_len);
    words->args = atc_span(text.at, 0);
    if (at < text.len && text.at[at] == '?') {
        words->form = ATC_FORM_S_READ;
        return at + 1;
    }
    if (at == text.len || text.at[at] != '=')
        return text.len;
    at = skip_digits(text, name_len + 1);
    words->form = ATC_FORM_S_WRITE;
    words->args = atc_span(text.at + name_len + 1, at - name_len - 1);
    return at;
}

/* E0, I, &F: a letter, perhaps behind an ampersand, and digits. Returns how long it is. */
/*@ requires \valid(words) && atc_readable(text) && 0 < text.len <= PTRDIFF_MAX;
    requires \separated(words, text.at + (0 .. text.len - 1));
    assigns *words;
    ensures atc_within(words->name, text) && atc_within(words->args, text);
    ensures length: 0 < \result <= text.len;
    ensures form:   words->form \in {0, 16, 32, 64}; */
static size_t lex_basic(struct atc_words *words, struct atc_span text)
{
    size_t at = text.at[0] == '&' ? 1 : 0;
    size_t digits;

    if (atc_upper(text.at[0]) == 'S')
        return lex_s(words, text);
    words->form = 0;
    words->name = atc_span(text.at, 0);
    words->args = atc_span(text.at, 0);
    if (at == text.len || !atc_is_letter(text.at[at]))
        return text.len;
    at++;
    words->form = ATC_FORM_BASIC;
    words->name = atc_span(text.at, at);
    digits = skip_digits(text, at);
    words->args = atc_span(text.at + at, digits - at);
    return digits;
}

/* +NAME, +NAME?, +NAME=? or +NAME=..., blanks around it gone. */
/*@ requires \valid(words) && atc_readable(text) && 0 < text.len <= PTRDIFF_MAX;
    requires \separated(words, text.at + (0 .. text.len - 1));
    assigns *words;
    ensures atc_within(words->name, text) && atc_within(words->args, text);
    ensures form: words->form \in {0, 1, 2, 4, 8}; */
static void lex_extended(struct atc_words *words, struct atc_span text)
{
    size_t at = 1;

    /*@ loop invariant 1 <= at <= text.len;
        loop assigns at;
        loop variant text.len - at; */
    while (at < text.len && text.at[at] != '=' && text.at[at] != '?')
        at++;
    words->name = atc_span(text.at + 1, at - 1);
    words->args = from(text, at);
    if (at == text.len) {
        words->form = ATC_FORM_EXECUTE;
    } else if (text.at[at] == '?') {
        words->form = at + 1 == text.len ? ATC_FORM_READ : 0;
    } else {
        words->args = from(text, at + 1);
        words->form = words->args.len == 1 && words->args.at[0] == '?' ? ATC_FORM_TEST
                                                                       : ATC_FORM_WRITE;
    }
}

bool atc_lex_command(struct atc_words *words, size_t *at, struct atc_span line)
{
    struct atc_span text;
    size_t len;

    /*@ loop invariant \at(*at, Pre) <= *at <= line.len;
        loop assigns *at;
        loop variant line.len - *at; */
    while (*at < line.len && (line.at[*at] == ';' || line.at[*at] == ' '))
        (*at)++;
    if (*at == line.len)
        return false;
    text = from(line, *at);
    if (text.at[0] != '+') {
        *at += lex_basic(words, text);
        return true;
    }
    len = length_until(text, ';');
    *at += len;
    lex_extended(words, trim(atc_span(text.at, len)));
    return true;
}

/* One argument: a bare word, or a string in quotes, or nothing. */
/*@ requires \valid(arg) && atc_readable(text) && text.len <= PTRDIFF_MAX;
    requires \separated(arg, text.at + (0 .. text.len - 1));
    assigns *arg;
    ensures inside: \result == true ==> atc_within(arg->text, text);
    ensures bare:   \result == true ==> (\forall integer i; 0 <= i < arg->text.len ==>
            arg->text.at[i] != '"'); */
static bool lex_arg(struct atc_arg *arg, struct atc_span text)
{
    text = trim(text);
    arg->number = 0;
    arg->given = text.len > 0;
    arg->quoted = text.len > 0 && text.at[0] == '"';
    if (arg->quoted) {
        if (text.len < 2 || text.at[text.len - 1] != '"')
            return false;
        text = atc_span(text.at + 1, text.len - 2);
    }
    arg->text = text;
    /*@ loop invariant i <= text.len;
        loop invariant \forall integer j; 0 <= j < i ==> text.at[j] != '"';
        loop assigns i;
        loop variant text.len - i; */
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            return false;
    }
    return true;
}

bool atc_lex_args(struct atc_args *args, struct atc_span text)
{
    args->count = 0;
    /*@ loop invariant args->count <= ATC_ARG_MAX && text.len <= \at(text.len, Pre);
        loop invariant text.at == \at(text.at, Pre) + (\at(text.len, Pre) - text.len);
        loop invariant \forall integer i; 0 <= i < args->count ==>
                       atc_within(args->arg[i].text, \at(text, Pre));
        loop assigns text, *args;
        loop variant text.len; */
    for (;;) {
        const size_t len = length_until(text, ',');

        if (args->count == ATC_ARG_MAX || !lex_arg(&args->arg[args->count], atc_span(text.at, len)))
            return false;
        args->count++;
        if (len == text.len)
            return true;
        text = from(text, len + 1);
    }
}
