/* SPDX-License-Identifier: MIT
 *
 * Names to addresses, without blocking the loop.
 */
#ifndef ATCOAP_HOST_RESOLVE_H
#define ATCOAP_HOST_RESOLVE_H

#include <uv.h>

#include "addr.h"

/* Questions in flight; a resolver may take many seconds over each. */
enum { RESOLVE_MAX = 16 };

typedef void resolve_answer(void *ctx, const struct atc_event *event);

struct resolve_question {
    uv_getaddrinfo_t request;
    struct resolve *resolve;
    uint32_t order;
    bool open; /* this question is not answered yet */
};

struct resolve {
    uv_loop_t *uv;
    uint8_t family; /* the only one that is of use, or ATC_FAMILY_NONE */
    resolve_answer *answer;
    void *ctx;
    struct resolve_question questions[RESOLVE_MAX];
};

void resolve_init(struct resolve *resolve, uv_loop_t *uv, resolve_answer *answer, void *ctx);

/* Carry out ATC_ORDER_RESOLVE. Returns whether the question was asked: then
 * answer() gets RESOLVED (an IPv4 address if there is one, else IPv6) or DONE
 * with ATC_CAUSE_NAME later, never from within this call. */
bool resolve_ask(struct resolve *resolve, const struct atc_order *order);

/* Whether a question is still open. */
bool resolve_is_busy(const struct resolve *resolve);

#endif
