/* SPDX-License-Identifier: MIT
 *
 * What the host (the TE) does wrong, or relies on although no note promises it: collected while a
 * module runs, told at the end. It is fed with the TE's bytes and the modem's trace, in whatever
 * time and on whatever port, and keeps no more than the first case of each kind and its count. The
 * rules and their words are in lint_rules.c. Leaves where the report goes to its owner.
 *
 * Lines are counted from 1: what begins with AT and ends. A payload is no line. The content of files
 * and what no command is are never kept or shown. */
#ifndef ATCOAP_HOST_LINT_H
#define ATCOAP_HOST_LINT_H

#include <stdio.h>

#include "atcoap/atcoap.h"

/* Kinds of findings: first enum atc_remark, what only the engine sees; then those that follow from
 * results, counters and the bytes on the port. */
enum lint_kind {
    LINT_UNKNOWN = ATC_REMARK_COUNT, /* no such command, key or form */
    LINT_PARAMETER,                  /* parameters that do not fit */
    LINT_ORDER,                      /* not allowed in this state */
    LINT_BUSY,                       /* a SEND while a CON is outstanding */
    LINT_FULL,                       /* more than the module has room for */
    LINT_LINE_LONG,                  /* a line over the limit */
    LINT_LINE_NOISE,                 /* a line that does not begin with AT */
    LINT_NOISE,                      /* bytes before AT */
    LINT_LF,                         /* LF alone at the end of a line */
    LINT_SEND_LF,                    /* LF behind the CR of a line that asks for data */
    LINT_GARBAGE,                    /* bytes behind data entry */
    LINT_EARLY_LINE,                 /* typed before the final result of the last line */
    LINT_EARLY_DATA,                 /* typed before the prompt */
    LINT_PAYLOAD_LONG,               /* more than the largest payload was typed */
    LINT_NOT_READ,                   /* URCs got lost, for nobody read the port */
    LINT_UNANSWERED,                 /* a peer's request waited for 2 s */
    LINT_KEY,                        /* DTLS without a good key file */
    LINT_COUNT
};

struct lint_rule {
    const char *name;   /* NULL for a remark: the core has it */
    const char *source; /* a decision or a chapter of a note: "D-30", "BC95 2.6" */
    const char *what;   /* what happened and what comes of it, a sentence or two */
    const char *remedy; /* what to do instead */
};

/* What is known of a kind below LINT_COUNT. Its name is one word: "path-in-one-value". */
const char *lint_name(unsigned kind);
const struct lint_rule *lint_rule(unsigned kind);

/* The kind of that name, LINT_COUNT if there is none. */
unsigned lint_kind(const char *name, size_t len);

/* LINT_ANSWER_MS: how long a server waits for an answer before it asks again. Source: D-43. */
enum { LINT_TEXT_MAX = 120, LINT_REQUEST_MAX = 24, LINT_ANSWER_MS = 2000 };

struct lint_finding {
    uint32_t count; /* how often so far; 0: never */
    uint32_t line;  /* of the case this is about; 0: before any */
    bool after;     /* it came behind that line, not with it */
    uint8_t kind;
    char text[LINT_TEXT_MAX + 4]; /* of that line, cut with "..." */
};

/* A request of a peer that the TE has not dealt with. */
struct lint_request {
    uint64_t at_ms;
    uint16_t mid;
    uint8_t session;
    bool told;
};

struct lint {
    struct lint_finding first[LINT_COUNT]; /* by kind */
    uint8_t order[LINT_COUNT];             /* kinds found, in the order in which they came */
    uint32_t last_line[LINT_COUNT];        /* where a kind was found last */
    unsigned kinds;
    uint32_t findings; /* of all kinds together */
    uint32_t lines;    /* command lines so far */

    /* Told each case as it comes; may be NULL. */
    void (*found)(void *ctx, const struct lint_finding *finding);
    void *ctx;

    uint32_t answer_ms; /* a request may wait so long; LINT_ANSWER_MS at start */
    uint8_t state;      /* of the AT line */
    char line[LINT_TEXT_MAX + 4];
    char typed[LINT_TEXT_MAX + 4]; /* the start of what was typed since the last line end */
    size_t typed_len;              /* of all of it */
    uint8_t lost;                  /* bit n: client n has lost its connection */
    bool has_rest;   /* more than line ends was typed together with this byte, behind it */
    bool early;      /* something was typed while this line is carried out */
    bool with_data;  /* this line took data */
    bool after_data; /* nothing but data has come since the last line */
    bool explained;  /* the error of this line was found already */
    bool trouble;    /* an order of this line ended badly, which is not the TE's fault */
    struct lint_request requests[LINT_REQUEST_MAX];
    unsigned request_count;
};

/* Begin; found, ctx and answer_ms may be set then. */
void lint_start(struct lint *lint);

/* The module was switched on anew: findings stay, what it was doing does not matter any more. */
void lint_restart(struct lint *lint);

/* Type to the modem: data[0..len), of waiting bytes that have come from the TE by now (at least
 * len), through write, which passes on what the modem takes. Returns how many it took. */
size_t lint_type(struct lint *lint, const uint8_t *data, size_t len, size_t waiting,
                 size_t (*write)(void *ctx, const uint8_t *data, size_t len), void *ctx);

/* A record of the modem's trace. */
void lint_trace(struct lint *lint, const struct atc_trace *record);

/* It is now_ms, of the modem's clock. */
void lint_tick(struct lint *lint, uint64_t now_ms);

/* Write the report, one line if there is nothing to say. */
void lint_write(const struct lint *lint, FILE *out);

/* Write all rules. */
void lint_explain(FILE *out);

/* The report on stderr at the end of a run, if there is something to say. Returns whether there is. */
bool lint_tell(const struct lint *lint);

#endif
