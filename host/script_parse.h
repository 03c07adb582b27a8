/* SPDX-License-Identifier: MIT
 *
 * A transcript's text as lines: what kind each is, and what its header asks for. What a line's own
 * text means is looked at when it is played. */
#ifndef ATCOAP_HOST_SCRIPT_PARSE_H
#define ATCOAP_HOST_SCRIPT_PARSE_H

#include "atcoap/atcoap.h"
#include "link.h"
#include "script_text.h"
#include "uart.h"

enum script_kind {
    SCRIPT_BLANK,     /* nothing, or a comment */
    SCRIPT_HEADER,    /* before the first step: dialect, seed, set, name, file, imei, imsi */
    SCRIPT_TE_IN,     /* T> */
    SCRIPT_TE_OUT,    /* T< */
    SCRIPT_TE_EXACT,  /* T= */
    SCRIPT_NET_OUT,   /* N> */
    SCRIPT_NET_IN,    /* N< */
    SCRIPT_NET_ACT,   /* N! */
    SCRIPT_CLOCK,     /* +2s */
    SCRIPT_ANY_ORDER, /* T{ */
    SCRIPT_ANY_END    /* T} */
};

struct script_line {
    enum script_kind kind;
    unsigned number;         /* from 1 */
    struct script_span all;  /* the line without its LF */
    struct script_span text; /* what follows its mark; SCRIPT_CLOCK: the time without "+" */
};

#define SCRIPT_NAME_MAX 16

/* A name, and the address it has in this transcript. */
struct script_name {
    char name[ATC_NAME_MAX + 1];
    struct atc_addr addr;
};

#define SCRIPT_FILE_MAX 16
#define SCRIPT_KEPT_MAX 32

/* A file that the module has from the start. */
struct script_file {
    char name[ATC_NAME_MAX + 1];
    struct script_span content; /* text, or hex digits */
    bool hex;
};

#define SCRIPT_LINT_MAX 16

/* A case that the lint of the host must find. */
struct script_lint {
    uint64_t line; /* of the host's */
    unsigned kind; /* enum lint_kind */
};

/* What the header asks for. */
struct script_setup {
    const struct atc_dialect *dialect;
    const char *model; /* NULL: the dialect's */
    struct atc_settings settings;
    uint64_t seed;
    bool orders;                 /* set orders=on: binds, opens and names are lines too */
    char imei[16], imsi[16];     /* "": the module's own */
    struct sim_link_config link; /* perfect if the header names none */
    char link_text[256];         /* for records; "" also if it is longer */
    bool has_uart;               /* the header says what goes wrong on the serial line: */
    struct sim_uart_config uart;
    size_t name_count;
    struct script_name names[SCRIPT_NAME_MAX];
    size_t file_count;
    struct script_file files[SCRIPT_FILE_MAX];
    size_t kept_count;
    struct script_span kept[SCRIPT_KEPT_MAX]; /* lines of what the module has kept */
    bool linted;                              /* all that the lint finds is listed: */
    size_t lint_count;
    struct script_lint lint[SCRIPT_LINT_MAX];
};

struct script {
    struct script_line *lines;
    size_t count;
    struct script_setup setup;
    unsigned error_line; /* if script_parse() failed */
};

/* Read a transcript; its lines point into text. seed is used unless the header names one. Returns
 * NULL, or what is wrong with script->error_line. Free the script either way. */
const char *script_parse(struct script *script, struct script_span text, uint64_t seed);
void script_free(struct script *script);

/* "300ms", "2s", "5m", "1h" in milliseconds. */
bool script_time(struct script_span text, uint64_t *time_ms);

#endif
