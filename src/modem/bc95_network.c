/* SPDX-License-Identifier: MIT
 *
 * The BC95-G and BC68: base commands about the network, its contexts, power saving and the time. Their
 * rows stand in bc95_base.c. Source: 27.007 7, 8 and 10.
 */
#include "bc95.h"

/* --- PDP contexts ----------------------------------------------------------------------------- */

static uint8_t activate(struct atc_engine *e, unsigned cid, bool active)
{
    if (!atc_pdp_defined(e, cid))
        return ATC_CAUSE_PARAMETER;
    if (!e->radio.attached)
        return ATC_CAUSE_NO_NETWORK;
    if (cid == e->cfg.dialect->pdp.first)
        return active ? ATC_OK : ATC_CAUSE_NOT_ALLOWED;
    e->pdp_active = active ? e->pdp_active | 1u << cid : e->pdp_active & ~(1u << cid);
    atc_radio_active(e);
    return ATC_OK;
}

uint8_t atc_bc95_cgact(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_READ)
        return atc_pdp_states(e, call);
    return activate(e, (unsigned)call->args.arg[1].number, call->args.arg[0].number == 1);
}

/* --- the operator ------------------------------------------------------------------------------ */

uint8_t atc_bc95_select(struct atc_engine *e, const struct atc_call *call)
{
    const uint8_t mode = (uint8_t)call->args.arg[0].number;
    const struct atc_span plmn = atc_given(call, 2) ? call->args.arg[2].text : atc_span(NULL, 0);
    uint32_t number;

    if (mode == 1 &&
        (!atc_given(call, 1) || call->args.arg[1].number != 2 || plmn.len < ATC_PLMN_MAX - 1 ||
         plmn.len > ATC_PLMN_MAX || !atc_text_number(&number, plmn, 999999)))
        return ATC_CAUSE_PARAMETER;
    if (mode != 1 && plmn.len > 0)
        return ATC_CAUSE_PARAMETER;
    if (e->radio.fun != 1)
        return ATC_CAUSE_NOT_ALLOWED;
    atc_radio_select(e, mode, plmn);
    return ATC_OK;
}
