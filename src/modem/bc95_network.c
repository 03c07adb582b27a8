/* SPDX-License-Identifier: MIT
 *
 * The BC95-G and BC68: base commands about the network, its contexts, power saving and the time. Their
 * rows stand in bc95_base.c. Source: 27.007 7, 8 and 10.
 */
#include "bc95.h"

/* --- bits, as timers are written --------------------------------------------------------------- */

static bool read_bits(uint8_t *bits, unsigned count, struct atc_span text)
{
    unsigned value = 0;

    if (text.len != count)
        return false;
    for (unsigned i = 0; i < count; i++) {
        if (text.at[i] != '0' && text.at[i] != '1')
            return false;
        value = 2 * value + (text.at[i] - (unsigned)'0');
    }
    *bits = (uint8_t)value;
    return true;
}

void atc_bc95_put_bits(struct atc_out *out, uint8_t bits, unsigned count)
{
    while (count > 0) {
        count--;
        atc_put_byte(out, (uint8_t)('0' + ((unsigned)bits >> count & 1u)));
    }
}

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

/* --- power saving ------------------------------------------------------------------------------ */

static void reply_psm(struct atc_engine *e)
{
    struct atc_out out = atc_reply_base(e, "CPSMS");

    atc_put_number(&out, e->kept.psm);
    atc_put_text(&out, ",,,\"");
    atc_bc95_put_bits(&out, e->kept.periodic_tau, 8);
    atc_put_text(&out, "\",\"");
    atc_bc95_put_bits(&out, e->kept.active_time, 8);
    atc_put_byte(&out, '"');
    atc_reply_close(e, &out);
}

uint8_t atc_bc95_cpsms(struct atc_engine *e, const struct atc_call *call)
{
    uint8_t tau = e->kept.periodic_tau, active = e->kept.active_time;

    if (call->form == ATC_FORM_READ) {
        reply_psm(e);
        return ATC_OK;
    }
    if ((atc_given(call, 3) && !read_bits(&tau, 8, call->args.arg[3].text)) ||
        (atc_given(call, 4) && !read_bits(&active, 8, call->args.arg[4].text)))
        return ATC_CAUSE_PARAMETER;
    e->kept.psm = (uint8_t)call->args.arg[0].number;
    e->kept.periodic_tau = tau;
    e->kept.active_time = active;
    atc_radio_update(e);
    atc_kept_changed(e);
    return ATC_OK;
}

static void reply_edrx(struct atc_engine *e)
{
    struct atc_out out = atc_reply_base(e, "CEDRXS");

    if (e->kept.edrx == 0) {
        atc_put_byte(&out, '0');
    } else {
        atc_put_text(&out, "5,\"");
        atc_bc95_put_bits(&out, e->kept.edrx_value, 4);
        atc_put_byte(&out, '"');
    }
    atc_reply_close(e, &out);
}

/* <mode>: 0 off, 1 on, 2 on and reported, 3 off and as from the factory. */
uint8_t atc_bc95_cedrxs(struct atc_engine *e, const struct atc_call *call)
{
    enum { FACTORY_VALUE = 2 };
    uint8_t value = e->kept.edrx_value;
    uint32_t mode;

    if (call->form == ATC_FORM_READ) {
        reply_edrx(e);
        return ATC_OK;
    }
    if (atc_given(call, 2) && !read_bits(&value, 4, call->args.arg[2].text))
        return ATC_CAUSE_PARAMETER;
    mode = call->args.arg[0].number;
    e->kept.edrx = mode == 1 || mode == 2;
    e->kept.edrx_value = mode == 3 ? FACTORY_VALUE : value;
    atc_radio_update(e);
    atc_kept_changed(e);
    return ATC_OK;
}

/* --- the time ---------------------------------------------------------------------------------- */

uint8_t atc_bc95_cclk(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out;
    uint32_t seconds;
    int8_t zone;

    if (call->form == ATC_FORM_WRITE) {
        if (!atc_text_time(&seconds, &zone, call->args.arg[0].text))
            return ATC_CAUSE_PARAMETER;
        atc_radio_set_clock(e, seconds, zone);
        return ATC_OK;
    }
    out = atc_reply_base(e, "CCLK");
    atc_put_time(e, &out);
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- name servers ------------------------------------------------------------------------------ */

uint8_t atc_bc95_set_dns(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_addr dns[2];

    memcpy(dns, e->radio.dns, sizeof dns);
    for (unsigned i = 0; i < 2 && atc_given(call, i); i++) {
        memset(&dns[i], 0, sizeof dns[i]);
        if (!atc_text_addr(&dns[i], call->args.arg[i].text))
            return ATC_CAUSE_PARAMETER;
    }
    memcpy(e->radio.dns, dns, sizeof dns);
    return ATC_OK;
}
