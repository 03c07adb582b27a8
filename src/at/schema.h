/* SPDX-License-Identifier: MIT
 *
 * What a command looks like, as a table row, and whether arguments fit it.
 *
 * Rows stand in the order of the note they come from, so page and file can be read side by side.
 */
#ifndef ATC_SCHEMA_H
#define ATC_SCHEMA_H

#include "lex.h"

enum atc_kind {
    ATC_KIND_INTEGER, /* bare decimal, min-max */
    ATC_KIND_STRING,  /* quoted, min-max bytes */
    ATC_KIND_WORD,    /* quoted or bare, min-max bytes */
    ATC_KIND_HEX,     /* hex digits, quoted or bare, min-max bytes; min 0: may be empty */
    ATC_KIND_KEY,     /* quoted, the row's key */
    ATC_KIND_VALUE    /* an option's value: quoted or bare, judged by the handler */
};

/* Whether a parameter may be left out; ATC_PAIRED: only together with the one before it. What a note
 * shows of one that may be quoted or bare. Source: D-12. */
enum { ATC_OPTIONAL = 1, ATC_SHOWN_BARE = 2, ATC_SHOWN_QUOTED = 4, ATC_PAIRED = 8 };

struct atc_param {
    const char *name; /* as in the note; for documents */
    uint32_t min, max;
    uint8_t kind;  /* enum atc_kind */
    uint8_t flags; /* ATC_OPTIONAL and the others */
};

/* What a command takes in behind its line. */
enum atc_body {
    ATC_BODY_NONE,
    ATC_BODY_PROMPT,  /* a prompt, then up to Ctrl+Z */
    ATC_BODY_COUNTED, /* a prompt, then so many bytes, or up to Ctrl+Z if the count is left out */
    ATC_BODY_CONNECT  /* CONNECT, then so many bytes */
};

/* How a command's errors read. */
enum atc_errors {
    ATC_ERRORS_CME,   /* ERROR or +CME ERROR: <err>, as AT+CMEE says */
    ATC_ERRORS_PLAIN, /* ERROR, whatever AT+CMEE says */
    ATC_ERRORS_IP     /* the same; AT+QIGETERROR tells which error it was */
};

struct atc_engine;
struct atc_call;

struct atc_command {
    const char *name;
    const char *key;       /* the first argument that selects this row among those of its name */
    uint8_t forms;         /* of enum atc_form, added up */
    uint8_t param_count;   /* the key counts */
    uint8_t repeat_from;   /* where the group that repeats starts, 0: none; the first argument is
                              how often it comes */
    uint8_t body;          /* enum atc_body */
    uint8_t errors;        /* enum atc_errors */
    bool base;             /* a base command: its colon is the dialect's, D-08 */
    bool tests;            /* the handler answers the test form, too */
    uint32_t reply_max_ms; /* the note's maximum response time */
    const struct atc_param *params;
    const char *test_reply; /* behind the name and colon, as the note prints it; NULL: nothing */
    /* Carry it out; the result is enum atc_cause or one of the engine's ATC_MORE ... */
    uint8_t (*handler)(struct atc_engine *e, const struct atc_call *call);
    /* Take in its payload. */
    uint8_t (*payload)(struct atc_engine *e, struct atc_span typed);
    const char *source;
};

/* One command, ready for its handler. */
struct atc_call {
    const struct atc_command *row;
    struct atc_args args;
    uint8_t form;
    uint8_t step; /* how often the handler asked to be called again */
};

/*@ // What every row of a dialect is: test/unit/test_tables.c looks at each of them.
    predicate atc_row_ready(struct atc_command *row) =
      \valid_read(row) && \valid_read(row->params + (0 .. row->param_count - 1)) &&
      (row->repeat_from > 0 ==> row->repeat_from < row->param_count);

    // Arguments as atc_lex_args() leaves them.
    predicate atc_args_ready(struct atc_args *args) =
      \valid(args) && args->count <= ATC_ARG_MAX &&
      (\forall integer i; 0 <= i < args->count ==> atc_readable(args->arg[i].text) &&
       args->arg[i].text.len <= PTRDIFF_MAX &&
       \separated(args, args->arg[i].text.at + (0 .. args->arg[i].text.len - 1))); */

/* Whether the arguments fit the row: how many, of which kind, in range, and counts that agree.
 * Fills in the numbers of integers. Source: D-12. */
/*@ requires atc_row_ready(row) && atc_args_ready(args);
    requires \separated(args, row) && \separated(args, row->params + (0 .. row->param_count - 1));
    assigns args->arg[0 .. args->count - 1].number;
    ensures few:  \result == true && row->repeat_from == 0 ==> args->count <= row->param_count;
    ensures last: \result == true && args->count > 1 ==> args->arg[args->count - 1].given; */
bool atc_schema_check(const struct atc_command *row, struct atc_args *args);

/* Whether what may be quoted or bare is as the note shows it. */
/*@ requires atc_row_ready(row) && atc_args_ready(args);
    requires few: row->repeat_from == 0 ==> args->count <= row->param_count;
    assigns \nothing; */
bool atc_schema_as_shown(const struct atc_command *row, const struct atc_args *args);

/* Whether argument index is there. */
/*@ requires \valid_read(call) && call->args.count <= ATC_ARG_MAX;
    assigns \nothing;
    ensures \result == true <==> index < call->args.count && call->args.arg[index].given; */
static inline bool atc_given(const struct atc_call *call, unsigned index)
{
    return index < call->args.count && call->args.arg[index].given;
}

/* The number of argument index, otherwise if it is not there. */
/*@ requires \valid_read(call) && call->args.count <= ATC_ARG_MAX;
    assigns \nothing;
    ensures \result == (index < call->args.count && call->args.arg[index].given
                        ? call->args.arg[index].number : otherwise); */
static inline uint32_t atc_number_or(const struct atc_call *call, unsigned index,
                                     uint32_t otherwise)
{
    return atc_given(call, index) ? call->args.arg[index].number : otherwise;
}

#endif
