/* SPDX-License-Identifier: MIT
 *
 * The BG96: commands about packet data (PDP) contexts, and pings and names that go through them.
 */
#include "base.h"
#include "bg96.h"
#include "verbs.h"

/* --- contexts --------------------------------------------------------------------------------- */

static uint8_t activate(struct atc_engine *e, unsigned cid)
{
    if (!atc_pdp_defined(e, cid))
        return ATC_CAUSE_PDP;
    if (!atc_engine_attached(e) || !atc_radio_registered(e))
        return ATC_CAUSE_NO_NETWORK;
    e->pdp_active |= 1u << cid;
    atc_radio_active(e);
    return ATC_OK;
}

static void deactivate(struct atc_engine *e, unsigned cid)
{
    if (!atc_pdp_active(e, cid))
        return;
    e->pdp_active &= ~(1u << cid);
    for (unsigned i = 0; i < e->cfg.dialect->session_count; i++) {
        if (e->session[i].pdp == cid)
            atc_verb_lost(e, i);
    }
}

/* Without <cid>: every context that is defined. */
static uint8_t handle_cgact(struct atc_engine *e, const struct atc_call *call)
{
    const bool on = call->form == ATC_FORM_WRITE && call->args.arg[0].number == 1;
    const unsigned first = call->form == ATC_FORM_WRITE && atc_given(call, 1)
                               ? (unsigned)call->args.arg[1].number
                               : 0;

    if (call->form == ATC_FORM_READ)
        return atc_pdp_states(e, call);
    if (first != 0 && !atc_pdp_defined(e, first))
        return ATC_CAUSE_PARAMETER;
    for (unsigned cid = first; cid <= (first != 0 ? first : (unsigned)ATC_PDP_MAX - 1); cid++) {
        uint8_t cause = ATC_OK;

        if (!on)
            deactivate(e, cid);
        else if (atc_pdp_defined(e, cid))
            cause = activate(e, cid);
        if (cause != ATC_OK)
            return cause;
    }
    return ATC_OK;
}

/* Active, IPv4 or IPv6, the address. */
static void put_active(const struct atc_engine *e, struct atc_out *out, unsigned cid)
{
    (void)cid;
    atc_put_text(out, e->radio.addr.family == ATC_FAMILY_IPV6 ? ",1,2,\"" : ",1,1,\"");
    atc_put_addr(out, &e->radio.addr);
    atc_put_byte(out, '"');
}

static uint8_t handle_qiact(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_READ)
        return atc_pdp_list(e, call, e->pdp_active, put_active);
    if (atc_pdp_active(e, call->args.arg[0].number))
        return ATC_CAUSE_NOT_ALLOWED;
    return activate(e, call->args.arg[0].number);
}

/* A context that is not active is as good as deactivated: hosts do so first of all. */
static uint8_t handle_qideact(struct atc_engine *e, const struct atc_call *call)
{
    deactivate(e, call->args.arg[0].number);
    return ATC_OK;
}

static uint8_t reply_qicsgp(struct atc_engine *e, unsigned cid)
{
    const struct atc_pdp *pdp = &e->pdp[cid];
    struct atc_out out = atc_reply_base(e, "QICSGP");

    atc_put_byte(&out, pdp->type == ATC_PDP_IPV6 ? '2' : '1');
    for (unsigned i = 0; i < ATC_PDP_TEXTS; i++)
        atc_pdp_put_text(e, &out, pdp->text[i]);
    atc_put_next(&out, pdp->auth);
    atc_reply_close(e, &out);
    return ATC_OK;
}

static uint8_t handle_qicsgp(struct atc_engine *e, const struct atc_call *call)
{
    const unsigned cid = (unsigned)call->args.arg[0].number;
    struct atc_pdp_typed pdp = {.type = ATC_PDP_IP};

    if (call->args.count == 1)
        return reply_qicsgp(e, cid);
    if (!atc_given(call, 1) || !atc_given(call, 2) || atc_given(call, 3) != atc_given(call, 4))
        return ATC_CAUSE_PARAMETER;
    if (call->args.arg[1].number == 2)
        pdp.type = ATC_PDP_IPV6;
    if (atc_given(call, 5))
        pdp.auth = (uint8_t)call->args.arg[5].number;
    for (unsigned i = 0; i < ATC_PDP_TEXTS; i++) {
        if (atc_given(call, 2 + i))
            pdp.text[i] = call->args.arg[2 + i].text;
    }
    return atc_pdp_set(e, cid, &pdp);
}

/* --- hosts ------------------------------------------------------------------------------------ */

/* Pings and look-ups go through a context that is active. */
static uint8_t check_context(const struct atc_engine *e, const struct atc_call *call)
{
    return atc_pdp_active(e, call->args.arg[0].number) ? (uint8_t)ATC_OK : (uint8_t)ATC_CAUSE_PDP;
}

static uint8_t handle_qping(struct atc_engine *e, const struct atc_call *call)
{
    enum { TIMEOUT_S = 4, TIMES = 4, SIZE = 32 };
    const uint8_t cause = check_context(e, call);

    if (cause != ATC_OK)
        return cause;
    return atc_probe_ping(e, call->args.arg[1].text, atc_number_or(call, 3, TIMES), SIZE,
                          atc_number_or(call, 2, TIMEOUT_S) * 1000u);
}

static uint8_t handle_qidnsgip(struct atc_engine *e, const struct atc_call *call)
{
    enum { TIMEOUT_MS = 60000 };
    const uint8_t cause = check_context(e, call);

    return cause != ATC_OK ? cause : atc_probe_lookup(e, call->args.arg[1].text, TIMEOUT_MS);
}

/* What AT+QIGETERROR and the URCs call a cause. An echo that did not come back is a time-out. */
static uint16_t remember_error(struct atc_engine *e, uint8_t cause)
{
    enum { TIMEOUT = 569 };

    e->ip_error = cause == ATC_CAUSE_SEND ? (uint16_t)TIMEOUT
                                          : (uint16_t)atc_engine_result(e, cause)->ip;
    return e->ip_error;
}

static void report_echo(struct atc_engine *e, const struct atc_probe *probe)
{
    struct atc_out out = atc_urc_base(e, "QPING");

    if (probe->cause == ATC_OK) {
        atc_put_text(&out, "0,\"");
        atc_put_addr(&out, &probe->peer);
        atc_put_byte(&out, '"');
        atc_put_next(&out, probe->size);
        atc_put_next(&out, probe->round_ms);
        atc_put_next(&out, probe->ttl);
    } else {
        atc_put_number(&out, remember_error(e, probe->cause));
    }
    atc_urc_end(e, &out);
}

/* How many were sent, came back and were lost; the shortest, longest and mean round trip. */
static void report_echoes(struct atc_engine *e, const struct atc_probe *probe)
{
    struct atc_out out = atc_urc_base(e, "QPING");

    atc_put_byte(&out, '0');
    atc_put_next(&out, probe->sent);
    atc_put_next(&out, probe->received);
    atc_put_next(&out, (uint32_t)(probe->sent - probe->received));
    atc_put_next(&out, probe->min_ms);
    atc_put_next(&out, probe->max_ms);
    atc_put_next(&out, probe->received > 0 ? probe->sum_ms / probe->received : 0);
    atc_urc_end(e, &out);
}

/* How many addresses and for how long they are good, then each. */
static void report_name(struct atc_engine *e, const struct atc_probe *probe)
{
    enum { TTL_S = 600 };
    struct atc_out out = atc_urc_base(e, "QIURC");

    atc_put_text(&out, "\"dnsgip\",");
    if (probe->cause != ATC_OK) {
        atc_put_number(&out, remember_error(e, probe->cause));
        atc_urc_end(e, &out);
        return;
    }
    atc_put_text(&out, "0,1");
    atc_put_next(&out, TTL_S);
    atc_urc_end(e, &out);
    out = atc_urc_base(e, "QIURC");
    atc_put_text(&out, "\"dnsgip\",\"");
    atc_put_addr(&out, &probe->peer);
    atc_put_byte(&out, '"');
    atc_urc_end(e, &out);
}

void atc_bg96_probed(struct atc_engine *e, const struct atc_probe *probe, enum atc_probe_news news)
{
    switch (news) {
    case ATC_PROBE_ECHO:
        report_echo(e, probe);
        break;
    case ATC_PROBE_ENDED:
        report_echoes(e, probe);
        break;
    case ATC_PROBE_FOUND:
        report_name(e, probe);
        break;
    }
}

static uint8_t handle_qidnscfg(struct atc_engine *e, const struct atc_call *call)
{
    const uint8_t cause = check_context(e, call);
    struct atc_out out;

    if (cause != ATC_OK)
        return cause;
    if (call->args.count > 1)
        return atc_base_set_dns(e, call, 1);
    out = atc_reply_base(e, "QIDNSCFG");
    atc_put_number(&out, call->args.arg[0].number);
    for (unsigned i = 0; i < 2; i++) {
        atc_put_text(&out, ",\"");
        atc_put_addr(&out, &e->radio.dns[i]);
        atc_put_byte(&out, '"');
    }
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- AT+QIGETERROR ---------------------------------------------------------------------------- */

/* Source: BG96 TCP/IP manual 4. */
static const struct {
    uint16_t error;
    const char *text;
} ip_errors[] = {
    {0, "operate successfully"},    {550, "unknown error"},
    {552, "invalid parameters"},    {553, "memory not enough"},
    {554, "create socket failed"},  {555, "operation not supported"},
    {558, "socket write failed"},   {561, "open PDP context failed"},
    {565, "DNS parse failed"},      {568, "operation busy"},
    {569, "operation timeout"},     {571, "cancel send"},
    {572, "operation not allowed"},
};

static uint8_t handle_qigeterror(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "QIGETERROR");

    (void)call;
    atc_put_number(&out, e->ip_error);
    for (size_t i = 0; i < sizeof ip_errors / sizeof ip_errors[0]; i++) {
        if (ip_errors[i].error == e->ip_error) {
            atc_put_byte(&out, ',');
            atc_put_text(&out, ip_errors[i].text);
        }
    }
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- tables ----------------------------------------------------------------------------------- */

/* clang-format off */
static const struct atc_param cgact_params[] = {
    {.name = ATC_DOC("state"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("cid"), .min = 1, .max = 16, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param cid_params[] = {
    {.name = ATC_DOC("cid"), .min = 1, .max = 16, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cgdcont_params[] = {
    {.name = ATC_DOC("cid"), .min = 1, .max = 16, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("PDP_type"), .min = 1, .max = 6, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("APN"), .min = 0, .max = 99, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("PDP_addr"), .min = 0, .max = 64, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("d_comp"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("h_comp"), .min = 0, .max = 4, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param qicsgp_params[] = {
    {.name = ATC_DOC("cid"), .min = 1, .max = 16, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("context_type"), .min = 1, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("APN"), .min = 0, .max = 99, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("username"), .min = 0, .max = 64, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("password"), .min = 0, .max = 64, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("authentication"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param qping_params[] = {
    {.name = ATC_DOC("cid"), .min = 1, .max = 16, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("host"), .min = 1, .max = 255, .kind = ATC_KIND_STRING},
    {.name = ATC_DOC("timeout"), .min = 1, .max = 255, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("pingnum"), .min = 1, .max = 10, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param qidnsgip_params[] = {
    {.name = ATC_DOC("cid"), .min = 1, .max = 16, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("host"), .min = 1, .max = 255, .kind = ATC_KIND_STRING},
};

static const struct atc_param qidnscfg_params[] = {
    {.name = ATC_DOC("cid"), .min = 1, .max = 16, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("pridnsaddr"), .min = 2, .max = 39, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("secdnsaddr"), .min = 2, .max = 39, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
};
/* clang-format on */

static const struct atc_command commands[] = {
    {
        .name = "CGACT",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 2,
        .params = cgact_params,
        .test_reply = "(0,1)",
        .base = true,
        .reply_max_ms = 150000,
        .handler = handle_cgact,
        .source = ATC_DOC("27.007 10.1.10"),
    },
    {
        .name = "CGPADDR",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE | ATC_FORM_EXECUTE,
        .param_count = 1,
        .params = cid_params,
        .base = true,
        .tests = true,
        .reply_max_ms = 300,
        .handler = atc_pdp_cgpaddr,
        .source = ATC_DOC("27.007 10.1.14"),
    },
    {
        .name = "QIACT",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .errors = ATC_ERRORS_IP,
        .params = cid_params,
        .test_reply = "(1-16)",
        .base = true,
        .reply_max_ms = 150000,
        .handler = handle_qiact,
        .source = ATC_DOC("BG96 TCP/IP manual 2.1.2"),
    },
    {
        .name = "QIDEACT",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 1,
        .errors = ATC_ERRORS_IP,
        .params = cid_params,
        .test_reply = "(1-16)",
        .base = true,
        .reply_max_ms = 40000,
        .handler = handle_qideact,
        .source = ATC_DOC("BG96 TCP/IP manual 2.1.3"),
    },
    {
        .name = "QIDNSCFG",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .errors = ATC_ERRORS_IP,
        .params = qidnscfg_params,
        .test_reply = "(1-16),<pridnsaddr>,<secdnsaddr>",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_qidnscfg,
        .source = ATC_DOC("BG96 TCP/IP manual 2.1.13"),
    },
    {
        .name = "QIDNSGIP",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 2,
        .errors = ATC_ERRORS_IP,
        .params = qidnsgip_params,
        .test_reply = "(1-16),<hostname>",
        .base = true,
        .reply_max_ms = 60000,
        .handler = handle_qidnsgip,
        .source = ATC_DOC("BG96 TCP/IP manual 2.1.14"),
    },
    {
        .name = "QPING",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 4,
        .errors = ATC_ERRORS_IP,
        .params = qping_params,
        .test_reply = "(1-16),<host>,(1-255),(1-10)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_qping,
        .source = ATC_DOC("BG96 TCP/IP manual 2.1.11"),
    },
    {
        .name = "QIGETERROR",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_qigeterror,
        .source = ATC_DOC("BG96 TCP/IP manual 3.9"),
    },
    {
        .name = "CGDCONT",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 6,
        .params = cgdcont_params,
        .base = true,
        .tests = true,
        .reply_max_ms = 300,
        .handler = atc_pdp_cgdcont,
        .source = ATC_DOC("27.007 10.1.1"),
    },
    {
        .name = "QICSGP",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 6,
        .errors = ATC_ERRORS_IP,
        .params = qicsgp_params,
        .test_reply = "(1-16),(1,2),<APN>,<username>,<password>,(0-3)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_qicsgp,
        .source = ATC_DOC("BG96 TCP/IP manual 2.1.1"),
    },
};

const struct atc_table atc_bg96_packet = {commands, sizeof commands / sizeof commands[0]};
