/* SPDX-License-Identifier: MIT
 *
 * What can happen around a module, a word and what belongs to it: "drop", "coverage off", "link
 * loss=20%". The one table for N! lines of transcripts and for atcoap ctl. Whose link, serial line and
 * module they are the target says. */
#ifndef ATCOAP_HOST_VERB_H
#define ATCOAP_HOST_VERB_H

#include "link.h"
#include "script_text.h"
#include "uart.h"

/* Messages are NULL where all is well, else they last until the next call. */
struct verb_target {
    void *ctx;
    struct sim_link *link;
    struct sim_uart *uart;
    struct atc_network network; /* as the module was told last */
    struct atc_cell *cell;      /* likewise */
    uint8_t session;            /* the client that is meant if none is named */
    /* Something happened to the module. */
    const char *(*event)(void *ctx, const struct atc_event *event);
    /* Another link, or with NULL one that was changed with the functions of link.h. */
    const char *(*set_link)(void *ctx, const struct sim_link_config *config);
    /* The same of the serial line. */
    const char *(*set_uart)(void *ctx, const struct sim_uart_config *config);
    /* The next order of that kind fails. */
    void (*fail_next)(void *ctx, enum atc_order_kind kind, enum atc_cause cause);
};

/* Do what the text says. Returns what is wrong with it, or NULL. */
const char *verb_act(struct verb_target *target, struct script_span text);

/* The i-th verb and what stands behind it, for a help; NULL behind the last. */
const char *verb_help(size_t i, const char **form);

/* Whether there is a verb of that name. */
bool verb_is(struct script_span word);

/* An order, as verbs name it. Returns false if there is none of that name. */
bool verb_order(struct script_span word, enum atc_order_kind *kind);

/* A cause, as verbs name it; usual for no word. Returns false if there is none of that name. */
bool verb_cause(struct script_span word, enum atc_cause usual, enum atc_cause *cause);

#endif
