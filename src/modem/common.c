/* SPDX-License-Identifier: MIT
 *
 * The base commands that every dialect has, and handlers for those that differ only in a range.
 * Source: base AT commands of 3GPP TS 27.007 and V.250, reply formats as in D-07 and D-08.
 */
#include "base.h"

static const char default_imei[] = "867725030002525";
static const char default_imsi[] = "460041850403693";

const char *atc_base_imei_text(const struct atc_engine *e)
{
    return e->cfg.imei != NULL ? e->cfg.imei : default_imei;
}

const char *atc_base_model_text(const struct atc_engine *e)
{
    return e->cfg.model != NULL ? e->cfg.model : e->cfg.dialect->model;
}

void atc_base_number(struct atc_engine *e, const char *name, uint32_t number)
{
    struct atc_out out = atc_reply_base(e, name);

    atc_put_number(&out, number);
    atc_reply_close(e, &out);
}

uint8_t atc_base_imei(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    atc_reply_text(e, atc_base_imei_text(e));
    return ATC_OK;
}

uint8_t atc_base_cmee(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_READ)
        atc_base_number(e, "CMEE", e->cmee);
    else
        e->cmee = (uint8_t)call->args.arg[0].number;
    return ATC_OK;
}

/* A shell with a radio switches it; one without need not know how. */
static uint8_t set_functionality(struct atc_engine *e, const struct atc_call *call)
{
    const uint8_t fun = (uint8_t)call->args.arg[0].number;

    if (fun == e->radio.fun)
        return ATC_OK;
    if (call->step == 0) {
        atc_engine_radio(e, fun == 1 ? ATC_RADIO_ON : ATC_RADIO_OFF, ATC_GIVER_COMMAND);
        return ATC_WAIT;
    }
    if (e->run.result != ATC_OK && e->run.result != ATC_CAUSE_UNSUPPORTED)
        return ATC_CAUSE_FAILURE;
    atc_radio_set_fun(e, fun);
    return ATC_OK;
}

uint8_t atc_base_cfun(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_READ) {
        atc_base_number(e, "CFUN", e->radio.fun);
        return ATC_OK;
    }
    if (!atc_given(call, 1) || call->args.arg[1].number != 1)
        return set_functionality(e, call);
    atc_engine_reboot(e);
    return ATC_OK;
}

static void keep_speed(struct atc_engine *e)
{
    e->kept.baud = e->baud;
    atc_kept_changed(e);
}

void atc_base_speed(struct atc_engine *e, uint32_t baud, uint32_t timeout_s, bool store)
{
    if (!atc_timer_runs(&e->timers, ATC_TIMER_SPEED))
        e->baud_before = e->baud;
    atc_timer_stop(&e->timers, ATC_TIMER_SPEED);
    if (baud != e->baud)
        atc_engine_speed(e, baud);
    e->baud_store = store && timeout_s > 0;
    if (timeout_s > 0)
        atc_timer_set(&e->timers, ATC_TIMER_SPEED, e->now_ms + timeout_s * 1000u);
    else if (store)
        keep_speed(e);
}

void atc_base_speed_heard(struct atc_engine *e)
{
    if (!atc_timer_runs(&e->timers, ATC_TIMER_SPEED))
        return;
    atc_timer_stop(&e->timers, ATC_TIMER_SPEED);
    if (e->baud_store)
        keep_speed(e);
}

static uint8_t handle_echo(struct atc_engine *e, const struct atc_call *call)
{
    e->echo = atc_given(call, 0) && call->args.arg[0].number == 1;
    return ATC_OK;
}

static uint8_t handle_identify(struct atc_engine *e, const struct atc_call *call)
{
    const struct atc_dialect *d = e->cfg.dialect;

    (void)call;
    atc_reply_text(e, d->manufacturer);
    atc_reply_text(e, atc_base_model_text(e));
    atc_reply_text(e, d->revision);
    return ATC_OK;
}

static uint8_t handle_cgatt(struct atc_engine *e, const struct atc_call *call)
{
    const bool attach = call->form == ATC_FORM_WRITE && call->args.arg[0].number == 1;

    if (call->form == ATC_FORM_READ) {
        atc_base_number(e, "CGATT", e->radio.attached ? 1 : 0);
        return ATC_OK;
    }
    if (attach && e->radio.fun != 1)
        return ATC_CAUSE_NOT_ALLOWED;
    atc_radio_attach(e, attach);
    return ATC_OK;
}

uint8_t atc_base_manufacturer(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    atc_reply_text(e, e->cfg.dialect->manufacturer);
    return ATC_OK;
}

static uint8_t handle_cgmm(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    atc_reply_text(e, atc_base_model_text(e));
    return ATC_OK;
}

static uint8_t handle_cimi(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    atc_reply_text(e, e->cfg.imsi != NULL ? e->cfg.imsi : default_imsi);
    return ATC_OK;
}

static uint8_t handle_csq(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "CSQ");

    (void)call;
    atc_put_number(&out, e->radio.fun == 1 ? e->radio.rssi : 99);
    atc_put_text(&out, ",99");
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- sleep ------------------------------------------------------------------------------------ */

/* As many bits as the text is long, 8 at most; false if it has other characters. */
static bool read_bits(uint8_t *value, struct atc_span text)
{
    unsigned bits = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '0' && text.at[i] != '1')
            return false;
        bits = bits * 2u + (text.at[i] == '1' ? 1u : 0u);
    }
    *value = (uint8_t)bits;
    return true;
}

void atc_base_put_bits(struct atc_out *out, unsigned value, unsigned count)
{
    while (count-- > 0)
        atc_put_byte(out, value >> count & 1u ? '1' : '0');
}

void atc_base_put_timers(struct atc_out *out, unsigned first, unsigned second)
{
    atc_put_text(out, ",,,\"");
    atc_base_put_bits(out, first, 8);
    atc_put_text(out, "\",\"");
    atc_base_put_bits(out, second, 8);
    atc_put_byte(out, '"');
}

static uint8_t reply_cpsms(struct atc_engine *e)
{
    struct atc_out out = atc_reply_base(e, "CPSMS");

    atc_put_number(&out, e->kept.psm);
    atc_base_put_timers(&out, e->kept.periodic_tau, e->kept.active_time);
    atc_reply_close(e, &out);
    return ATC_OK;
}

#define FACTORY(e, field) atc_kept_factory(e, offsetof(struct atc_kept, field))

uint8_t atc_base_cpsms(struct atc_engine *e, const struct atc_call *call)
{
    const uint32_t mode = call->args.arg[0].number;
    uint8_t timer[] = {0, 0, 0, e->kept.periodic_tau, e->kept.active_time};

    if (call->form == ATC_FORM_READ)
        return reply_cpsms(e);
    if (mode == 2) {
        timer[3] = (uint8_t)FACTORY(e, periodic_tau);
        timer[4] = (uint8_t)FACTORY(e, active_time);
    }
    for (unsigned i = 1; i < sizeof timer; i++) {
        if (atc_given(call, i) && !read_bits(&timer[i], call->args.arg[i].text))
            return ATC_CAUSE_PARAMETER;
    }
    e->kept.psm = mode == 1;
    e->kept.periodic_tau = timer[3];
    e->kept.active_time = timer[4];
    atc_radio_update(e);
    atc_kept_changed(e);
    return ATC_OK;
}

/* <AcT> of each kept.edrx[]. */
static const uint8_t access[ATC_EDRX_COUNT] = {1, 5};

static uint8_t reply_cedrxs(struct atc_engine *e)
{
    bool any = false;

    for (unsigned i = 0; i < ATC_EDRX_COUNT; i++) {
        struct atc_out out;

        if (!e->kept.edrx[i].on)
            continue;
        out = atc_reply_base(e, "CEDRXS");
        atc_put_number(&out, access[i]);
        atc_put_text(&out, ",\"");
        atc_base_put_bits(&out, e->kept.edrx[i].value, 4);
        atc_put_byte(&out, '"');
        atc_reply_close(e, &out);
        any = true;
    }
    if (!any)
        atc_base_number(e, "CEDRXS", 0);
    return ATC_OK;
}

/* Bit i: <AcT> says kept.edrx[i], or nothing, and the row has it. */
static unsigned read_access(const struct atc_call *call)
{
    const uint32_t first = call->row->params[1].min;
    unsigned bits = 0;

    for (unsigned i = 0; i < ATC_EDRX_COUNT; i++) {
        if (atc_number_or(call, 1, access[i]) == access[i] && access[i] >= first)
            bits |= 1u << i;
    }
    return bits;
}

uint8_t atc_base_cedrxs(struct atc_engine *e, const struct atc_call *call)
{
    const uint32_t mode = call->args.arg[0].number;
    const unsigned bits = read_access(call);
    const uint8_t factory = (uint8_t)FACTORY(e, edrx[ATC_EDRX_NB1].value);
    uint8_t typed = 0;

    if (call->form == ATC_FORM_READ)
        return reply_cedrxs(e);
    if (bits == 0 || (atc_given(call, 2) && !read_bits(&typed, call->args.arg[2].text)))
        return ATC_CAUSE_PARAMETER;
    for (unsigned i = 0; i < ATC_EDRX_COUNT; i++) {
        struct atc_edrx *edrx = &e->kept.edrx[i];

        if ((bits >> i & 1u) == 0)
            continue;
        edrx->on = mode == 1 || mode == 2;
        if (mode == 3)
            edrx->value = factory;
        else if (atc_given(call, 2))
            edrx->value = typed;
    }
    atc_radio_update(e);
    atc_kept_changed(e);
    return ATC_OK;
}

/* --- the time and names ----------------------------------------------------------------------- */

uint8_t atc_base_cclk(struct atc_engine *e, const struct atc_call *call, const char *quote)
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
    atc_put_text(&out, quote);
    atc_put_time(e, &out);
    atc_put_text(&out, quote);
    atc_reply_close(e, &out);
    return ATC_OK;
}

uint8_t atc_base_set_dns(struct atc_engine *e, const struct atc_call *call, unsigned first)
{
    struct atc_addr dns[2];

    memcpy(dns, e->radio.dns, sizeof dns);
    for (unsigned i = 0; i < 2 && atc_given(call, first + i); i++) {
        memset(&dns[i], 0, sizeof dns[i]);
        if (!atc_text_addr(&dns[i], call->args.arg[first + i].text))
            return ATC_CAUSE_PARAMETER;
    }
    memcpy(e->radio.dns, dns, sizeof dns);
    return ATC_OK;
}

/* --- table ------------------------------------------------------------------------------------ */

static const struct atc_param switch_params[] = {
    {.name = ATC_DOC("value"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param basic_params[] = {
    {.name = ATC_DOC("value"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_command echo[] = {
    {
        .name = "E",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = basic_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_echo,
        .source = ATC_DOC("V.250 6.2.4, D-05"),
    },
};

const struct atc_table atc_echo = {echo, sizeof echo / sizeof echo[0]};

static const struct atc_command commands[] = {
    {
        .name = "I",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = basic_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_identify,
        .source = ATC_DOC("V.250 6.1.3"),
    },
    {
        .name = "CGATT",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = switch_params,
        .test_reply = "(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_cgatt,
        .source = ATC_DOC("27.007 10.1.9"),
    },
    {
        .name = "CGMM",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_cgmm,
        .source = ATC_DOC("27.007 5.2"),
    },
    {
        .name = "CIMI",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_cimi,
        .source = ATC_DOC("27.007 5.6"),
    },
    {
        .name = "CSQ",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .test_reply = "(0-31,99),(0-7,99)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_csq,
        .source = ATC_DOC("27.007 8.5"),
    },
};

const struct atc_table atc_common = {commands, sizeof commands / sizeof commands[0]};
