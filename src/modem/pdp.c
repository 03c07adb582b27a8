/* SPDX-License-Identifier: MIT */
#include "pdp.h"
#include "net.h"

/* --- definitions ------------------------------------------------------------------------------ */

static void free_texts(struct atc_engine *e, const struct atc_pdp *pdp)
{
    for (unsigned i = 0; i < ATC_PDP_TEXTS; i++)
        atc_pool_free(&e->pool, pdp->text[i]);
}

uint8_t atc_pdp_define(struct atc_engine *e, unsigned cid, const struct atc_pdp_typed *as)
{
    struct atc_pdp pdp = {.type = as->type, .auth = as->auth};

    ATC_ASSERT(cid < ATC_PDP_MAX && as->type != ATC_PDP_NONE);
    for (unsigned i = 0; i < ATC_PDP_TEXTS; i++) {
        if (as->text[i].len == 0)
            continue;
        pdp.text[i] = atc_net_keep_text(e, as->text[i]);
        if (pdp.text[i] == ATC_NO_BLOCK) {
            free_texts(e, &pdp);
            return ATC_CAUSE_MEMORY;
        }
    }
    atc_pdp_forget(e, cid);
    e->pdp[cid] = pdp;
    e->pdp_defined |= 1u << cid;
    return ATC_OK;
}

uint8_t atc_pdp_set(struct atc_engine *e, unsigned cid, const struct atc_pdp_typed *as)
{
    const uint8_t cause = atc_pdp_define(e, cid, as);

    if (cause == ATC_OK)
        atc_kept_changed(e);
    return cause;
}

void atc_pdp_forget(struct atc_engine *e, unsigned cid)
{
    free_texts(e, &e->pdp[cid]);
    memset(&e->pdp[cid], 0, sizeof e->pdp[cid]);
    e->pdp_defined &= ~(1u << cid);
}

/* --- which are there -------------------------------------------------------------------------- */

bool atc_pdp_defined(const struct atc_engine *e, unsigned cid)
{
    return (e->pdp_defined >> cid & 1u) != 0;
}

static bool is_default(const struct atc_engine *e, unsigned cid)
{
    return e->cfg.dialect->pdp.default_bearer && cid == e->cfg.dialect->pdp.first;
}

bool atc_pdp_active(const struct atc_engine *e, unsigned cid)
{
    return e->radio.attached && (is_default(e, cid) || (e->pdp_active >> cid & 1u) != 0);
}

/* --- lists ------------------------------------------------------------------------------------ */

uint8_t atc_pdp_list(struct atc_engine *e, const struct atc_call *call, uint32_t wanted,
                     void (*put)(const struct atc_engine *e, struct atc_out *out, unsigned cid))
{
    struct atc_out out;

    if (call->step == ATC_PDP_MAX)
        return ATC_OK;
    if (wanted >> call->step & 1u) {
        out = atc_reply_base(e, call->row->name);
        atc_put_number(&out, call->step);
        put(e, &out, call->step);
        atc_reply_close(e, &out);
    }
    return ATC_MORE;
}

void atc_pdp_put_text(const struct atc_engine *e, struct atc_out *out, uint8_t block)
{
    atc_put_text(out, ",\"");
    if (block != ATC_NO_BLOCK)
        atc_put_escaped(out, atc_pool_span(&e->pool, block));
    atc_put_byte(out, '"');
}

static void put_state(const struct atc_engine *e, struct atc_out *out, unsigned cid)
{
    atc_put_next(out, atc_pdp_active(e, cid) ? 1 : 0);
}

uint8_t atc_pdp_states(struct atc_engine *e, const struct atc_call *call)
{
    return atc_pdp_list(e, call, e->pdp_defined, put_state);
}

/* --- AT+CGPADDR ------------------------------------------------------------------------------- */

static void put_address(const struct atc_engine *e, struct atc_out *out, unsigned cid)
{
    if (!atc_pdp_active(e, cid))
        return;
    atc_put_byte(out, ',');
    atc_put_addr(out, &e->radio.addr);
}

/* The contexts that are defined, in parentheses. */
static uint8_t list_defined(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, call->row->name);
    const char *between = "";

    atc_put_byte(&out, '(');
    for (unsigned cid = 0; cid < ATC_PDP_MAX; cid++) {
        if (!atc_pdp_defined(e, cid))
            continue;
        atc_put_text(&out, between);
        atc_put_number(&out, cid);
        between = ",";
    }
    atc_put_byte(&out, ')');
    atc_reply_close(e, &out);
    return ATC_OK;
}

uint8_t atc_pdp_cgpaddr(struct atc_engine *e, const struct atc_call *call)
{
    uint32_t wanted = e->pdp_defined;

    if (call->form == ATC_FORM_TEST)
        return list_defined(e, call);
    if (call->form == ATC_FORM_WRITE) {
        wanted &= 1u << call->args.arg[0].number;
        if (wanted == 0)
            return ATC_CAUSE_PARAMETER;
    }
    return atc_pdp_list(e, call, wanted, put_address);
}

/* --- AT+CGDCONT ------------------------------------------------------------------------------- */

/* The word for a type. */
static const char *word_of(const struct atc_engine *e, unsigned type)
{
    static const char *const words[ATC_PDP_NONIP] = {
        [ATC_PDP_IP] = "IP", [ATC_PDP_IPV6] = "IPV6", [ATC_PDP_IPV4V6] = "IPV4V6"};

    return type == ATC_PDP_NONIP ? e->cfg.dialect->pdp.non_ip : words[type];
}

/* The type that a text names, ATC_PDP_NONE if it is none. */
static uint8_t read_type(const struct atc_engine *e, struct atc_span text)
{
    uint8_t type = ATC_PDP_NONIP;

    while (type > ATC_PDP_NONE && !atc_text_is(text, word_of(e, type)))
        type--;
    return type;
}

static void put_definition(const struct atc_engine *e, struct atc_out *out, unsigned cid)
{
    atc_put_byte(out, ',');
    atc_put_quoted(out, word_of(e, e->pdp[cid].type));
    atc_pdp_put_text(e, out, e->pdp[cid].text[ATC_PDP_APN]);
    atc_put_byte(out, ',');
    if (e->cfg.dialect->pdp.shows_addr) {
        atc_put_byte(out, '"');
        if (atc_pdp_active(e, cid))
            atc_put_addr(out, &e->radio.addr);
        else
            atc_put_text(out, "0.0.0.0");
        atc_put_byte(out, '"');
    }
    atc_put_text(out, ",0,0");
}

/* A line for each type. */
static uint8_t list_types(struct atc_engine *e, const struct atc_call *call)
{
    const unsigned type = call->step + 1;
    struct atc_out out = atc_reply_base(e, call->row->name);

    atc_put_byte(&out, '(');
    atc_put_number(&out, call->row->params[0].min);
    atc_put_byte(&out, '-');
    atc_put_number(&out, call->row->params[0].max);
    atc_put_text(&out, "),");
    atc_put_quoted(&out, word_of(e, type));
    atc_put_text(&out, ",,,(0-2),(0-4)");
    atc_reply_close(e, &out);
    return type < ATC_PDP_NONIP ? ATC_MORE : ATC_OK;
}

/* <cid>[,<type>[,<apn>[,<address>[,<d_comp>[,<h_comp>]]]]]; <cid> alone takes the definition back. */
static uint8_t define(struct atc_engine *e, const struct atc_call *call)
{
    const unsigned cid = (unsigned)call->args.arg[0].number;
    const bool forget = call->args.count == 1;
    struct atc_pdp_typed pdp = {.type = e->cfg.dialect->pdp.type_default};

    if (atc_given(call, 1))
        pdp.type = read_type(e, call->args.arg[1].text);
    if (!forget && pdp.type == ATC_PDP_NONE)
        return ATC_CAUSE_PARAMETER;
    if ((e->pdp_active >> cid & 1u) != 0)
        return ATC_CAUSE_NOT_ALLOWED;
    if (!forget) {
        if (atc_given(call, 2))
            pdp.text[ATC_PDP_APN] = call->args.arg[2].text;
        return atc_pdp_set(e, cid, &pdp);
    }
    atc_pdp_forget(e, cid);
    atc_kept_changed(e);
    return ATC_OK;
}

uint8_t atc_pdp_cgdcont(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_TEST)
        return list_types(e, call);
    return call->form == ATC_FORM_READ ? atc_pdp_list(e, call, e->pdp_defined, put_definition)
                                       : define(e, call);
}
