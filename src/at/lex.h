/* SPDX-License-Identifier: MIT
 *
 * A command line becomes commands, a command becomes name, form and arguments: spans of the line.
 * Source: V.250 5.2 to 5.4, D-09 to D-12.
 */
#ifndef ATC_LEX_H
#define ATC_LEX_H

#include "atcoap/config.h"
#include "span.h"

/* The four forms of Table 1 of both notes, and the commands without a plus sign. */
enum atc_form {
    ATC_FORM_TEST = 1,    /* AT+X=? */
    ATC_FORM_READ = 2,    /* AT+X? */
    ATC_FORM_WRITE = 4,   /* AT+X=... */
    ATC_FORM_EXECUTE = 8, /* AT+X */
    ATC_FORM_BASIC = 16,  /* ATX, ATX0 */
    ATC_FORM_S_READ = 32, /* ATS3? */
    ATC_FORM_S_WRITE = 64 /* ATS3=13 */
};

struct atc_words {
    struct atc_span name; /* without the plus sign; S3 of ATS3 */
    struct atc_span args; /* behind the equals sign, or the digits of a basic command */
    uint8_t form;         /* enum atc_form; 0: not a command */
};

/*@ // One span lies in another.
    predicate atc_within(struct atc_span part, struct atc_span all) =
      part.len == 0 || (\base_addr(part.at) == \base_addr(all.at) &&
      0 <= part.at - all.at && part.at - all.at + part.len <= all.len); */

/* The next command of a line behind its AT; *at is where to start and moves on. Empty members are
 * skipped. Returns false at the end of the line. */
/*@ requires \valid(words) && \valid(at) && atc_readable(line) && *at <= line.len;
    requires \separated(words, at, line.at + (0 .. line.len - 1)) && line.len <= PTRDIFF_MAX;
    assigns *words, *at;
    ensures place:    \old(*at) <= *at <= line.len;
    ensures progress: \result == true ==> *at > \old(*at);
    ensures end:      \result == false ==> *at == line.len;
    ensures name:     \result == true ==> atc_within(words->name, line);
    ensures args:     \result == true ==> atc_within(words->args, line);
    ensures form:     \result == true ==> words->form \in {0, 1, 2, 4, 8, 16, 32, 64}; */
bool atc_lex_command(struct atc_words *words, size_t *at, struct atc_span line);

enum { ATC_ARG_MAX = 1 + 2 * ATC_OPTION_LIST_MAX };

struct atc_arg {
    struct atc_span text; /* without the quotes, escapes as typed */
    uint32_t number;      /* filled in by the schema, for integers */
    bool given;           /* false: its place is empty */
    bool quoted;
};

struct atc_args {
    uint8_t count;
    struct atc_arg arg[ATC_ARG_MAX];
};

/* Split the arguments of a command at its commas.
 * Returns false if there are more than ATC_ARG_MAX, a quote is not closed, or something stands
 * before an opening or behind a closing quote. */
/*@ requires \valid(args) && atc_readable(text) && text.len <= PTRDIFF_MAX;
    requires \separated(args, text.at + (0 .. text.len - 1));
    assigns *args;
    ensures count:  args->count <= ATC_ARG_MAX && (\result == true ==> args->count >= 1);
    ensures inside: \forall integer i; 0 <= i < args->count ==>
            atc_within(args->arg[i].text, text); */
bool atc_lex_args(struct atc_args *args, struct atc_span text);

#endif
