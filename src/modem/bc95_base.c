/* SPDX-License-Identifier: MIT
 *
 * The BC95-G and BC68: base commands. Their reply formats come from manuals, logs of modules and the
 * parsers of drivers, D-135 to D-142; "log" and "driver" in a row's source is no more than that.
 */
#include "base.h"
#include "bc95.h"

/* --- identity --------------------------------------------------------------------------------- */

static const char iccid[] = "89860317492039123456";

/* Serial number, IMEI, IMEI and software version, software version. Source: 27.007 5.4. */
static uint8_t handle_cgsn(struct atc_engine *e, const struct atc_call *call)
{
    static const char serial[] = "NB1234567890", version[] = "01";
    const char *imei = atc_base_imei_text(e);
    struct atc_out out;

    if (call->form == ATC_FORM_EXECUTE)
        return atc_base_imei(e, call);
    out = atc_reply_base(e, "CGSN");
    switch (call->args.arg[0].number) {
    case 0:
        atc_put_text(&out, serial);
        break;
    case 1:
        atc_put_text(&out, imei);
        break;
    case 2: /* without the check digit */
        atc_put_bytes(&out, atc_span(imei, atc_span_text(imei).len - 1));
        atc_put_text(&out, version);
        break;
    default:
        atc_put_text(&out, version);
    }
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* Each line has a frame of its own, as no other reply. Source: log, D-135. */
static uint8_t handle_cgmr(struct atc_engine *e, const struct atc_call *call)
{
    static const char *const lines[] = {
        "SSB,V150R100C10B200SP1",        "SECURITY_A,V150R100C20B300SP2",
        "PROTOCOL_A,V150R100C20B300SP2", "APPLICATION_A,V150R100C20B300SP2",
        "SECURITY_B,V150R100C20B300SP2", "RADIO,Hi2115_RF1",
    };

    (void)call;
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        e->run.replied = false;
        atc_reply_text(e, lines[i]);
    }
    return ATC_OK;
}

static uint8_t handle_nccid(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "NCCID");

    (void)call;
    atc_put_text(&out, iccid);
    atc_reply_close(e, &out);
    return ATC_OK;
}

static uint8_t handle_cpin(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "CPIN");

    (void)call;
    atc_put_text(&out, "READY");
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- the time ---------------------------------------------------------------------------------- */

static uint8_t handle_cclk(struct atc_engine *e, const struct atc_call *call)
{
    return atc_base_cclk(e, call, "");
}

/* --- what the module is set to ------------------------------------------------------------------ */

static const uint8_t bands[] = {1, 3, 5, 8, 20, 28};

static bool is_band(uint32_t number)
{
    for (unsigned i = 0; i < sizeof bands; i++) {
        if (bands[i] == number)
            return true;
    }
    return false;
}

static void reply_bands(struct atc_engine *e)
{
    struct atc_out out = atc_reply_base(e, "NBAND");

    for (unsigned i = 0; i < e->kept.band_count; i++) {
        if (i > 0)
            atc_put_byte(&out, ',');
        atc_put_number(&out, e->kept.band[i]);
    }
    atc_reply_close(e, &out);
}

/* The order that was written is the one that is read. Source: log, driver. */
static uint8_t handle_nband(struct atc_engine *e, const struct atc_call *call)
{
    const struct atc_args *args = &call->args;

    if (call->form == ATC_FORM_READ) {
        reply_bands(e);
        return ATC_OK;
    }
    for (unsigned i = 0; i < args->count; i++) {
        if (!args->arg[i].given || !is_band(args->arg[i].number))
            return ATC_CAUSE_PARAMETER;
    }
    if (e->radio.fun != 0)
        return ATC_CAUSE_NOT_ALLOWED;
    for (unsigned i = 0; i < ATC_BAND_MAX; i++) {
        if (atc_given(call, i))
            e->kept.band[i] = (uint8_t)args->arg[i].number;
    }
    e->kept.band_count = args->count;
    atc_kept_changed(e);
    return ATC_OK;
}

/* The switches of AT+NCONFIG and what they are from the factory. Bit n of kept.flags is set if row n is
 * the other way round. Only the first has an effect here. Source: log. */
static const struct {
    const char *name;
    bool on;
} switches[] = {
    {"AUTOCONNECT", true},     {"CR_0354_0338_SCRAMBLING", true},     {"CR_0859_SI_AVOID", true},
    {"COMBINE_ATTACH", false}, {"CELL_RESELECTION", false},           {"ENABLE_BIP", false},
    {"MULTITONE", true},       {"NAS_SIM_POWER_SAVING_ENABLE", true},
};

enum { SWITCH_COUNT = sizeof switches / sizeof switches[0] };

static uint8_t show_switch(struct atc_engine *e, unsigned i)
{
    struct atc_out out;

    if (i == SWITCH_COUNT)
        return ATC_OK;
    out = atc_reply_base(e, "NCONFIG");
    atc_put_text(&out, switches[i].name);
    atc_put_text(&out,
                 switches[i].on != (((unsigned)e->kept.flags >> i & 1u) != 0) ? ",TRUE" : ",FALSE");
    atc_reply_close(e, &out);
    return ATC_MORE;
}

static uint8_t handle_nconfig(struct atc_engine *e, const struct atc_call *call)
{
    bool on;

    if (call->form == ATC_FORM_READ)
        return show_switch(e, call->step);
    on = atc_text_is(call->args.arg[1].text, "TRUE");
    if (!on && !atc_text_is(call->args.arg[1].text, "FALSE"))
        return ATC_CAUSE_PARAMETER;
    for (unsigned i = 0; i < SWITCH_COUNT; i++) {
        const unsigned bit = 1u << i;

        if (!atc_text_is(call->args.arg[0].text, switches[i].name))
            continue;
        e->kept.flags = (uint16_t)(switches[i].on != on ? e->kept.flags | bit
                                                        : e->kept.flags & ~bit);
        atc_kept_changed(e);
        return ATC_OK;
    }
    return ATC_CAUSE_PARAMETER;
}

static uint8_t handle_nrb(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    atc_reply_text(e, "REBOOTING");
    atc_engine_reboot(e);
    return ATC_SILENT;
}

static bool is_speed(uint32_t baud)
{
    static const uint32_t speeds[] = {2400, 4800, 9600, 57600, 115200, 230400, 460800, 921600};

    for (unsigned i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        if (speeds[i] == baud)
            return true;
    }
    return false;
}

/* <baud>[,<timeout>[,<store>[,<sync>[,<stop bits>[,<parity>[,<xonxoff>]]]]]]; what comes behind <store>
 * is for a wire that is not here. */
static uint8_t handle_natspeed(struct atc_engine *e, const struct atc_call *call)
{
    enum { TIMEOUT_S = 3 };
    const struct atc_args *args = &call->args;
    struct atc_out out;

    if (call->form == ATC_FORM_READ) {
        out = atc_reply_base(e, "NATSPEED");
        atc_put_number(&out, e->baud);
        atc_reply_close(e, &out);
        return ATC_OK;
    }
    if (!is_speed(args->arg[0].number))
        return ATC_CAUSE_PARAMETER;
    atc_base_speed(e, args->arg[0].number, atc_given(call, 1) ? args->arg[1].number : TIMEOUT_S,
                   atc_given(call, 2) && args->arg[2].number == 1);
    return ATC_OK;
}

/* --- hosts ------------------------------------------------------------------------------------ */

/* Server of another protocol, which this module does not speak: kept and shown. */
static uint8_t handle_ncdp(struct atc_engine *e, const struct atc_call *call)
{
    enum { LWM2M_PORT = 5683 };
    struct atc_addr addr = {.port = e->kept.cdp_port, .family = ATC_FAMILY_IPV4};
    struct atc_out out;

    if (call->form == ATC_FORM_WRITE) {
        if (!atc_text_addr(&addr, call->args.arg[0].text) || addr.family != ATC_FAMILY_IPV4)
            return ATC_CAUSE_PARAMETER;
        memcpy(e->kept.cdp, addr.ip, sizeof e->kept.cdp);
        e->kept.cdp_count = sizeof e->kept.cdp;
        e->kept.cdp_port = atc_given(call, 1) ? (uint16_t)call->args.arg[1].number : LWM2M_PORT;
        atc_kept_changed(e);
        return ATC_OK;
    }
    if (e->kept.cdp_count != sizeof e->kept.cdp)
        return ATC_OK;
    memcpy(addr.ip, e->kept.cdp, sizeof e->kept.cdp);
    out = atc_reply_base(e, "NCDP");
    atc_put_addr(&out, &addr);
    atc_put_byte(&out, ',');
    atc_put_number(&out, addr.port);
    atc_reply_close(e, &out);
    return ATC_OK;
}

static uint8_t handle_nping(struct atc_engine *e, const struct atc_call *call)
{
    enum { SIZE = 12, TIMEOUT_MS = 10000 };
    struct atc_addr addr;
    const struct atc_args *args = &call->args;

    memset(&addr, 0, sizeof addr);
    if (!atc_text_addr(&addr, args->arg[0].text))
        return ATC_CAUSE_PARAMETER;
    return atc_probe_ping(e, args->arg[0].text, 1,
                          atc_given(call, 1) ? (uint16_t)args->arg[1].number : SIZE,
                          atc_given(call, 2) ? args->arg[2].number : TIMEOUT_MS);
}

static uint8_t handle_qdns(struct atc_engine *e, const struct atc_call *call)
{
    enum { TIMEOUT_MS = 60000 };

    return atc_probe_lookup(e, call->args.arg[1].text, TIMEOUT_MS);
}

static void report_echo(struct atc_engine *e, const struct atc_probe *probe)
{
    const bool good = probe->cause == ATC_OK;
    struct atc_out out = atc_urc_base(e, good ? "NPING" : "NPINGERR");

    if (good) {
        atc_put_addr(&out, &probe->peer);
        atc_put_byte(&out, ',');
        atc_put_number(&out, probe->ttl);
        atc_put_byte(&out, ',');
        atc_put_number(&out, probe->round_ms);
    } else {
        atc_put_number(&out, probe->cause == ATC_CAUSE_SEND ? 1 : 2);
    }
    atc_urc_end(e, &out);
}

static void report_name(struct atc_engine *e, const struct atc_probe *probe)
{
    struct atc_out out = atc_urc_base(e, "QDNS");

    if (probe->cause == ATC_OK)
        atc_put_addr(&out, &probe->peer);
    else
        atc_put_text(&out, "FAIL");
    atc_urc_end(e, &out);
}

void atc_bc95_probed(struct atc_engine *e, const struct atc_probe *probe, enum atc_probe_news news)
{
    if (news == ATC_PROBE_ECHO)
        report_echo(e, probe);
    else if (news == ATC_PROBE_FOUND)
        report_name(e, probe);
}

static void show_server(struct atc_engine *e, const char *label, const struct atc_addr *addr)
{
    struct atc_out out = atc_reply_open(e);

    atc_put_text(&out, label);
    atc_put_addr(&out, addr);
    atc_reply_close(e, &out);
}

static uint8_t handle_qidnscfg(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_WRITE)
        return atc_base_set_dns(e, call, 0);
    show_server(e, "PrimaryDns: ", &e->radio.dns[0]);
    show_server(e, "SecondaryDns: ", &e->radio.dns[1]);
    return ATC_OK;
}

/* --- what is kept ------------------------------------------------------------------------------ */

const struct atc_kept_row atc_bc95_kept[ATC_BC95_KEPT_COUNT] = {
    {.name = "baud", ATC_KEPT_NUMBER(baud), .min = 2400, .max = 921600, .initial = 9600},
    {.name = "psm", ATC_KEPT_NUMBER(psm), .max = 1},
    {.name = "active-time", ATC_KEPT_NUMBER(active_time), .max = 255, .initial = 0x01},
    {.name = "periodic-tau", ATC_KEPT_NUMBER(periodic_tau), .max = 255, .initial = 0x01},
    {.name = "edrx", ATC_KEPT_NUMBER(edrx[ATC_EDRX_NB1].on), .max = 1},
    {.name = "edrx-value", ATC_KEPT_NUMBER(edrx[ATC_EDRX_NB1].value), .max = 15, .initial = 2},
    {.name = "bands",
     ATC_KEPT_LIST(band, band_count),
     .min = 1,
     .max = 28,
     .list = "\5\10\3\34\24\1"},
    {.name = "config", ATC_KEPT_NUMBER(flags), .max = (1u << SWITCH_COUNT) - 1},
    {.name = "register-switch",
     .command = "QREGSWT",
     ATC_KEPT_NUMBER(register_switch),
     .max = 2,
     .initial = 1},
    {.name = "cdp", ATC_KEPT_LIST(cdp, cdp_count), .max = 255, .list = ""},
    {.name = "cdp-port", ATC_KEPT_NUMBER(cdp_port), .max = 65535, .initial = 5683},
};

/* --- tables ----------------------------------------------------------------------------------- */

/* clang-format off */
static const struct atc_param cereg_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 5, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param level_1_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param level_2_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param level_3_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cfun_params[] = {
    {.name = ATC_DOC("fun"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cgsn_params[] = {
    {.name = ATC_DOC("snt"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cops_params[] = {
    {.name = ATC_DOC("mode"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("format"), .min = 2, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("oper"), .min = 5, .max = 6, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
};

static const struct atc_param cgdcont_params[] = {
    {.name = ATC_DOC("cid"), .min = 0, .max = 10, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("PDP_type"), .min = 2, .max = 6, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("APN"), .min = 0, .max = 100, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("PDP_addr"), .min = 0, .max = 39, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("d_comp"), .min = 0, .max = 0, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("h_comp"), .min = 0, .max = 0, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param cid_params[] = {
    {.name = ATC_DOC("cid"), .min = 0, .max = 10, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cgact_params[] = {
    {.name = ATC_DOC("state"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("cid"), .min = 0, .max = 10, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cpsms_params[] = {
    {.name = ATC_DOC("mode"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("Requested_Periodic-RAU"), .min = 0, .max = 0, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL | ATC_SHOWN_BARE},
    {.name = ATC_DOC("Requested_GPRS-READY-timer"), .min = 0, .max = 0, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL | ATC_SHOWN_BARE},
    {.name = ATC_DOC("Requested_Periodic-TAU"), .min = 8, .max = 8, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL | ATC_SHOWN_BARE},
    {.name = ATC_DOC("Requested_Active-Time"), .min = 8, .max = 8, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL | ATC_SHOWN_BARE},
};

static const struct atc_param cedrxs_params[] = {
    {.name = ATC_DOC("mode"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("AcT-type"), .min = 5, .max = 5, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("Requested_eDRX_value"), .min = 4, .max = 4, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL | ATC_SHOWN_QUOTED},
};

static const struct atc_param cclk_params[] = {
    {.name = ATC_DOC("time"), .min = 17, .max = 20, .kind = ATC_KIND_STRING},
};

static const struct atc_param nuestats_params[] = {
    {.name = ATC_DOC("type"), .min = 3, .max = 7, .kind = ATC_KIND_WORD, .flags = ATC_SHOWN_BARE},
};

#define BAND {.name = ATC_DOC("band"), .min = 1, .max = 28, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL}
static const struct atc_param nband_params[ATC_BAND_MAX] = {
    {.name = ATC_DOC("band"), .min = 1, .max = 28, .kind = ATC_KIND_INTEGER},
    BAND, BAND, BAND, BAND, BAND, BAND, BAND,
};

static const struct atc_param nconfig_params[] = {
    {.name = ATC_DOC("function"), .min = 1, .max = 32, .kind = ATC_KIND_WORD, .flags = ATC_SHOWN_BARE},
    {.name = ATC_DOC("value"), .min = 4, .max = 5, .kind = ATC_KIND_WORD, .flags = ATC_SHOWN_BARE},
};

static const struct atc_param natspeed_params[] = {
    {.name = ATC_DOC("baud_rate"), .min = 2400, .max = 921600, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("timeout"), .min = 0, .max = 30, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("store"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("sync_mode"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("stopbits"), .min = 1, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("parity"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("xonxoff"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param nping_params[] = {
    {.name = ATC_DOC("remote_address"), .min = 2, .max = 39, .kind = ATC_KIND_WORD, .flags = ATC_SHOWN_BARE},
    {.name = ATC_DOC("p_size"), .min = 8, .max = 1460, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("timeout"), .min = 10, .max = 600000, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param qdns_params[] = {
    {.name = ATC_DOC("mode"), .min = 0, .max = 0, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("hostname"), .min = 1, .max = 100, .kind = ATC_KIND_WORD, .flags = ATC_SHOWN_BARE},
};

static const struct atc_param qidnscfg_params[] = {
    {.name = ATC_DOC("pridns"), .min = 2, .max = 39, .kind = ATC_KIND_WORD, .flags = ATC_SHOWN_BARE},
    {.name = ATC_DOC("secdns"), .min = 2, .max = 39, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL | ATC_SHOWN_BARE},
};

static const struct atc_param ncdp_params[] = {
    {.name = ATC_DOC("ip_addr"), .min = 2, .max = 39, .kind = ATC_KIND_WORD, .flags = ATC_SHOWN_BARE},
    {.name = ATC_DOC("port"), .min = 1, .max = 65535, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

/* A row: its parameters, or none. */
#define PARAMS(array) .params = array, .param_count = sizeof array / sizeof array[0]
#define NO_PARAMS .params = NULL, .param_count = 0
#define ROW(word, which, parameters, test, ms, function, from) \
    {.name = word, .forms = ATC_FORM_TEST | (which), parameters, .test_reply = test, .base = true, .reply_max_ms = ms, .handler = function, .source = ATC_DOC(from)}

enum { READ = ATC_FORM_READ, WRITE = ATC_FORM_WRITE, EXECUTE = ATC_FORM_EXECUTE };

static const struct atc_command commands[] = {
    ROW("CGMI", EXECUTE, NO_PARAMS, NULL, 300, atc_base_manufacturer, "27.007 5.1, log"),
    ROW("CGMR", EXECUTE, NO_PARAMS, NULL, 300, handle_cgmr, "27.007 5.3, log, D-135"),
    ROW("CGSN", WRITE | EXECUTE, PARAMS(cgsn_params), NULL, 300, handle_cgsn, "27.007 5.4, log"),
    ROW("NCCID", READ | EXECUTE, NO_PARAMS, NULL, 300, handle_nccid, "log, D-135"),
    ROW("CPIN", READ, NO_PARAMS, NULL, 5000, handle_cpin, "27.007 8.3, driver"),
    ROW("CFUN", READ | WRITE, PARAMS(cfun_params), "(0,1)", 300, atc_base_cfun, "27.007 8.2"),
    ROW("CEREG", READ | WRITE, PARAMS(cereg_params), "(0-5)", 300, atc_radio_report, "27.007 10.1.22"),
    ROW("CSCON", READ | WRITE, PARAMS(level_3_params), "(0-3)", 300, atc_radio_report, "27.007 7.30"),
    ROW("NPSMR", READ | WRITE, PARAMS(level_1_params), "(0,1)", 300, atc_radio_report, "D-136"),
    ROW("COPS", READ | WRITE, PARAMS(cops_params), "(0-2),(2),<oper>", 1000, atc_bc95_cops, "27.007 7.3, log, D-137"),
    ROW("CGDCONT", READ | WRITE, PARAMS(cgdcont_params), "(0-10),(\"IP\",\"IPV6\",\"IPV4V6\",\"NONIP\"),<APN>", 300, atc_pdp_cgdcont, "27.007 10.1.1, driver, D-138"),
    ROW("CGPADDR", EXECUTE | WRITE, PARAMS(cid_params), NULL, 300, atc_pdp_cgpaddr, "27.007 10.1.14, driver"),
    ROW("CGACT", READ | WRITE, PARAMS(cgact_params), "(0,1)", 300, atc_bc95_cgact, "27.007 10.1.10, D-138"),
    ROW("NUESTATS", EXECUTE | WRITE, PARAMS(nuestats_params), NULL, 300, atc_bc95_nuestats, "log, driver, D-139"),
    ROW("NBAND", READ | WRITE, PARAMS(nband_params), "(1,3,5,8,20,28)", 300, handle_nband, "log, driver"),
    ROW("NCONFIG", READ | WRITE, PARAMS(nconfig_params), NULL, 300, handle_nconfig, "log, driver, D-140"),
    ROW("NRB", EXECUTE, NO_PARAMS, NULL, 300, handle_nrb, "log of a BC95"),
    ROW("NATSPEED", READ | WRITE, PARAMS(natspeed_params), "(2400,4800,9600,57600,115200,230400,460800,921600),(0-30),(0,1),(0-3),(1,2),(0-2),(0,1)", 300, handle_natspeed, "driver, D-141"),
    ROW("CPSMS", READ | WRITE, PARAMS(cpsms_params), "(0,1),,,(00000000-11111111),(00000000-11111111)", 300, atc_base_cpsms, "27.007 7.38, driver, D-136"),
    ROW("CEDRXS", READ | WRITE, PARAMS(cedrxs_params), "(0-3),(5),(\"0000\"-\"1111\")", 300, atc_base_cedrxs, "27.007 7.40, D-136"),
    ROW("CCLK", READ | WRITE, PARAMS(cclk_params), NULL, 300, handle_cclk, "27.007 8.15, driver, D-132"),
    ROW("NPING", WRITE, PARAMS(nping_params), NULL, 300, handle_nping, "driver, D-134"),
    ROW("QDNS", WRITE, PARAMS(qdns_params), NULL, 300, handle_qdns, "driver, D-134"),
    ROW("QIDNSCFG", READ | WRITE, PARAMS(qidnscfg_params), NULL, 300, handle_qidnscfg, "driver"),
    ROW("QREGSWT", READ | WRITE, PARAMS(level_2_params), "(0-2)", 300, atc_kept_command, "driver, D-142"),
    ROW("NSONMI", READ | WRITE, PARAMS(level_3_params), "(0-3)", 300, atc_radio_report, "driver, D-142"),
    ROW("NNMI", READ | WRITE, PARAMS(level_2_params), "(0-2)", 300, atc_radio_report, "driver, D-142"),
    ROW("NSMI", READ | WRITE, PARAMS(level_1_params), "(0,1)", 300, atc_radio_report, "driver, D-142"),
    ROW("NCDP", READ | WRITE, PARAMS(ncdp_params), NULL, 300, handle_ncdp, "driver, D-142"),
};
/* clang-format on */

const struct atc_table atc_bc95_base = {commands, sizeof commands / sizeof commands[0]};
