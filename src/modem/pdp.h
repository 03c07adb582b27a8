/* SPDX-License-Identifier: MIT
 *
 * PDP contexts: how they are defined, which are active, and the commands that say so. What makes one
 * active is the dialect's. Source: 27.007 10.1.
 */
#ifndef ATC_PDP_H
#define ATC_PDP_H

#include "out.h"
#include "span.h"

struct atc_engine;
struct atc_call;

/* A PDP context has a <cid> of 0 to 16. */
enum { ATC_PDP_MAX = 17 };

enum atc_pdp_type { ATC_PDP_NONE, ATC_PDP_IP, ATC_PDP_IPV6, ATC_PDP_IPV4V6, ATC_PDP_NONIP };

enum atc_pdp_text { ATC_PDP_APN, ATC_PDP_USER, ATC_PDP_PASSWORD, ATC_PDP_TEXTS };

/* A PDP context that is defined. Its texts are blocks; ATC_NO_BLOCK is an empty one. */
struct atc_pdp {
    uint8_t type; /* enum atc_pdp_type; ATC_PDP_NONE: not defined */
    uint8_t auth; /* 0 none, 1 PAP, 2 CHAP, 3 either */
    uint8_t text[ATC_PDP_TEXTS];
};

/* A definition as it was typed, escapes included. */
struct atc_pdp_typed {
    uint8_t type;
    uint8_t auth;
    struct atc_span text[ATC_PDP_TEXTS];
};

/* What a dialect says of its contexts. */
struct atc_pdp_traits {
    const char *non_ip; /* its word for ATC_PDP_NONIP */
    const char
        *lost;     /* what is said, with <cid> behind it, when one is lost by a detach; or NULL */
    uint8_t first; /* <cid> of the context that is defined from the factory */
    uint8_t type_default; /* of a definition without <PDP_type>; ATC_PDP_NONE: that is none */
    bool default_bearer;  /* the first is active as long as the module is attached */
    bool shows_addr;      /* AT+CGDCONT? shows the address of each, 0.0.0.0 if it has none */
};

/* Define a context. Returns ATC_OK or ATC_CAUSE_MEMORY; then nothing has changed. */
uint8_t atc_pdp_define(struct atc_engine *e, unsigned cid, const struct atc_pdp_typed *as);

/* The same by a command: it is kept, too. */
uint8_t atc_pdp_set(struct atc_engine *e, unsigned cid, const struct atc_pdp_typed *as);

/* Take a definition back. */
void atc_pdp_forget(struct atc_engine *e, unsigned cid);

bool atc_pdp_defined(const struct atc_engine *e, unsigned cid);
bool atc_pdp_active(const struct atc_engine *e, unsigned cid);

/* A comma and a text of a context in quotes. */
void atc_pdp_put_text(const struct atc_engine *e, struct atc_out *out, uint8_t block);

/* A reply with a line for each context whose bit is set in wanted, one a step: <cid>, and what put()
 * says of it. Handlers return its result. */
uint8_t atc_pdp_list(struct atc_engine *e, const struct atc_call *call, uint32_t wanted,
                     void (*put)(const struct atc_engine *e, struct atc_out *out, unsigned cid));

/* --- handlers --------------------------------------------------------------------------------- */

/* AT+CGDCONT; the test form lists the types. */
uint8_t atc_pdp_cgdcont(struct atc_engine *e, const struct atc_call *call);

/* AT+CGPADDR; the test form lists the contexts. */
uint8_t atc_pdp_cgpaddr(struct atc_engine *e, const struct atc_call *call);

/* AT+CGACT?: which are active. */
uint8_t atc_pdp_states(struct atc_engine *e, const struct atc_call *call);

#endif
