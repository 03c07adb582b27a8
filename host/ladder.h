/* SPDX-License-Identifier: MIT
 *
 * Ladder diagrams of recorded sessions: TE, module and server side by side on one time axis.
 *
 * events.jsonl (docs/records.md) is read into events, events become rows, rows are drawn as SVG or
 * as text. Reading and drawing know nothing of each other; the rows stand between them.
 */
#ifndef ATCOAP_HOST_LADDER_H
#define ATCOAP_HOST_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    LADDER_EVENT_MAX = 50000, /* events held; of a longer session the last ones */
    LADDER_ROW_MAX = 300      /* rows drawn one by one; beyond it quiet stretches are folded */
};

enum ladder_kind {
    LADDER_TE,      /* bytes to the module */
    LADDER_MODULE,  /* bytes from it */
    LADDER_OUT,     /* a datagram leaves the module */
    LADDER_IN,      /* one reaches it */
    LADDER_ARRIVED, /* one reaches the server */
    LADDER_SENT,    /* one leaves the server */
    LADDER_LOST,    /* one is lost on the way */
    LADDER_COMMAND, /* a command line got its result; not drawn, it numbers the line */
    LADDER_NOTE     /* anything else worth a line */
};

/* One line of events.jsonl. Texts are never NULL; they point into memory. */
struct ladder_event {
    char *memory;
    uint64_t t_us;
    enum ladder_kind kind;
    uint32_t d;  /* number of the datagram */
    uint32_t of; /* the datagram it is a copy of */
    uint32_t len, payload, line, repeat, client;
    long mid;     /* -1: it is no CoAP */
    int exchange; /* which one it belongs to, -1: none */
    bool dtls;
    bool is_copy;
    const char *text, *peer, *type, *code, *token, *options, *why;
};

/* What is left out. */
struct ladder_filter {
    uint64_t from_us, to_us;
    long client; /* -1: all */
    long mid;    /* -1: all */
};

enum ladder_shape {
    LADDER_ROW_TE,     /* TE to module */
    LADDER_ROW_MODULE, /* module to TE */
    LADDER_ROW_BOTH,   /* a command and its result in one row */
    LADDER_ROW_OUT,    /* the module's end of a datagram it sent */
    LADDER_ROW_IN,     /* the module's end of a datagram it got */
    LADDER_ROW_ROUND,  /* a request and its answer in one row */
    LADDER_ROW_FAR,    /* the server's end of either */
    LADDER_ROW_NOTE,   /* a text over all columns */
    LADDER_ROW_FOLD    /* what is not drawn here */
};

struct ladder_row {
    enum ladder_shape shape;
    uint64_t t_us;
    uint32_t d;
    uint32_t line;   /* number of the command line, 0: none */
    uint32_t repeat; /* which repetition it is, 0: none */
    int exchange;    /* rows of one exchange have one colour, -1: none */
    int far;         /* the row of the server's end, -1: there is none */
    bool lost;       /* it never arrives */
    bool copy;       /* a duplicate made on the way */
    bool eventful;   /* never folded away */
    char label[96];  /* what it is */
    char detail[224];
    char full[512]; /* label and detail in full, for a tooltip */
};

struct ladder {
    struct ladder_event *events;
    size_t event_count, event_capacity;
    size_t skipped; /* events that found no place */
    size_t bad;     /* lines that are no event */
    char title[160];
    char subtitle[320];
    char servers[96]; /* the peer, or how many */
    struct ladder_row *rows;
    size_t row_count;
    unsigned sent, received, lost, repeats;
    uint64_t end_us;
};

/* --- ladder_read.c ---------------------------------------------------------------------------- */

void ladder_init(struct ladder *l);
void ladder_free(struct ladder *l);

/* Take one line of events.jsonl, without its line end. What is no event is counted. Returns false if
 * there is no memory. */
bool ladder_add(struct ladder *l, const char *line, size_t len);

/* Take a whole file. Returns false if there is no memory or it cannot be read (errno). */
bool ladder_read(struct ladder *l, FILE *file);

/* --- ladder_rows.c ---------------------------------------------------------------------------- */

/* Make rows of the events that pass the filter. With full nothing is folded. Returns false if there
 * is no memory. */
bool ladder_arrange(struct ladder *l, const struct ladder_filter *filter, bool full);

/* --- ladder_svg.c, ladder_text.c --------------------------------------------------------------- */

/* Draw the rows. Write errors stay in the stream: see ferror(). */
void ladder_draw_svg(const struct ladder *l, FILE *out);
void ladder_draw_text(const struct ladder *l, FILE *out);

/* --- ladder_main.c ---------------------------------------------------------------------------- */

/* Read DIR/events.jsonl and write DIR/ladder.svg and DIR/ladder.txt. Returns the exit status after
 * saying on stderr what is wrong, if anything. */
int ladder_write(const char *dir, const struct ladder_filter *filter, bool full);

/* atcoap ladder. Returns the exit status. */
int ladder_main(int argc, char **argv);

#endif
