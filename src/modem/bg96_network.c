/* SPDX-License-Identifier: MIT
 *
 * The BG96: commands about the network: registration, operators, signal, sleep.
 */
#include "base.h"
#include "bg96.h"

/* --- reports ---------------------------------------------------------------------------------- */

/* <stat>, from n = 2 on the cell and that it is NB-IoT, from n = 4 on the timers. */
static void put_registration(const struct atc_engine *e, struct atc_out *out, uint8_t level)
{
    atc_put_number(out, e->radio.registration);
    if (level >= 2 && atc_radio_registered(e)) {
        atc_put_text(out, ",\"");
        atc_put_hex_number(out, e->radio.cell.tac, 1);
        atc_put_text(out, "\",\"");
        atc_put_hex_number(out, e->radio.cell.id, 1);
        atc_put_text(out, "\",9");
    }
    if (level == 4 && atc_radio_registered(e))
        atc_base_put_timers(out, e->kept.psm ? e->kept.active_time : 0,
                            e->kept.psm ? e->kept.periodic_tau : 0);
}

static void put_rrc(const struct atc_engine *e, struct atc_out *out, uint8_t level)
{
    (void)level;
    atc_put_byte(out, atc_radio_rrc(e) == ATC_RRC_CONNECTED ? '1' : '0');
}

/* The zone as +32, in quarter hours. */
static void put_zone(const struct atc_engine *e, struct atc_out *out, uint8_t level)
{
    const int zone = e->radio.zone;
    const unsigned size = (unsigned)(zone < 0 ? -zone : zone);

    (void)level;
    atc_put_byte(out, zone < 0 ? '-' : '+');
    atc_put_byte(out, (uint8_t)('0' + size / 10));
    atc_put_byte(out, (uint8_t)('0' + size % 10));
}

const struct atc_report atc_bg96_reports[ATC_BG96_REPORT_COUNT] = {
    {
        .name = "CEREG",
        .changes = ATC_CHANGE_REGISTRATION | ATC_CHANGE_CELL,
        .levels = 0x17, /* 0, 1, 2, 4 */
        .cell_from = 2,
        .saved = true,
        .put = put_registration,
        .source = ATC_DOC("27.007 10.1.22"),
    },
    {
        .name = "CREG",
        .changes = ATC_CHANGE_REGISTRATION | ATC_CHANGE_CELL,
        .levels = 0x7,
        .cell_from = 2,
        .saved = true,
        .put = put_registration,
        .source = ATC_DOC("27.007 7.2"),
    },
    {
        .name = "CGREG",
        .changes = ATC_CHANGE_REGISTRATION | ATC_CHANGE_CELL,
        .levels = 0x7,
        .cell_from = 2,
        .saved = true,
        .put = put_registration,
        .source = ATC_DOC("27.007 10.1.20"),
    },
    {
        .name = "QCSCON",
        .changes = ATC_CHANGE_RRC,
        .levels = 0x3,
        .urc_level = true,
        .put = put_rrc,
        .source = ATC_DOC("BG77 AT manual 6.15"),
    },
    {
        .name = "CTZR",
        .urc = "CTZV",
        .changes = ATC_CHANGE_TIME,
        .levels = 0x3,
        .reads_level = true,
        .put = put_zone,
        .source = ATC_DOC("27.007 8.41"),
    },
};

/* --- operators -------------------------------------------------------------------------------- */

static const struct operator
{
    const char *plmn;
    const char *long_name;
    const char *short_name;
}
operators[] = {
    {"46000", "CHINA MOBILE CMCC", "CMCC"},
    {"46001", "CHN-UNICOM", "UNICOM"},
    {"46011", "CHN-CT", "CT"},
};

/* The operator's name in a format: 0 long, 1 short, 2 numeric. One without a name shows its number. */
static const char *operator_name(const struct atc_engine *e, unsigned format)
{
    const struct atc_span plmn = atc_span_text(e->radio.cell.plmn);

    for (size_t i = 0; i < sizeof operators / sizeof operators[0] && format < 2; i++) {
        if (atc_text_is(plmn, operators[i].plmn))
            return format == 0 ? operators[i].long_name : operators[i].short_name;
    }
    return e->radio.cell.plmn;
}

/* The operators there are: the one of the cell. */
static uint8_t list_operators(struct atc_engine *e)
{
    struct atc_out out = atc_reply_base(e, "COPS");

    if (e->radio.offered == ATC_REG_HOME || e->radio.offered == ATC_REG_ROAMING ||
        e->radio.offered == ATC_REG_DENIED) {
        atc_put_byte(&out, '(');
        atc_put_number(&out, atc_radio_registered(e)              ? 2
                             : e->radio.offered == ATC_REG_DENIED ? 3
                                                                  : 1);
        for (unsigned format = 0; format < 3; format++) {
            atc_put_byte(&out, ',');
            atc_put_quoted(&out, operator_name(e, format));
        }
        atc_put_text(&out, ",9),");
    }
    atc_put_text(&out, ",(0,1,2,3,4),(0,1,2)");
    atc_reply_close(e, &out);
    return ATC_OK;
}

static void reply_cops(struct atc_engine *e)
{
    struct atc_out out = atc_reply_base(e, "COPS");

    atc_put_number(&out, e->radio.fun == 1 ? e->radio.cops_mode : 2);
    if (atc_radio_registered(e)) {
        atc_put_next(&out, e->radio.cops_format);
        atc_put_byte(&out, ',');
        atc_put_quoted(&out, operator_name(e, e->radio.cops_format));
        atc_put_text(&out, ",9");
    }
    atc_reply_close(e, &out);
}

/* Whether the text names the cell's operator in one of these formats. */
static bool is_operator(const struct atc_engine *e, unsigned first, unsigned last,
                        struct atc_span text)
{
    while (first <= last && !atc_text_is(text, operator_name(e, first)))
        first++;
    return first <= last;
}

/* <mode> 1 and 4 name an operator. There is only the cell's: 1 fails with another, 4 falls back on it.
 * Source: 27.007 7.3, D-153. */
static uint8_t select_operator(struct atc_engine *e, const struct atc_call *call)
{
    const uint8_t mode = (uint8_t)call->args.arg[0].number;
    const bool named = atc_given(call, 2);
    const bool formatted = atc_given(call, 1);
    const unsigned format = formatted ? (unsigned)call->args.arg[1].number : 0;

    if ((mode == 1 || mode == 4) != named || (mode == 3 && !formatted))
        return ATC_CAUSE_PARAMETER;
    if (mode == 3) {
        e->radio.cops_format = (uint8_t)format;
        return ATC_OK;
    }
    if (e->radio.fun != 1)
        return ATC_CAUSE_NOT_ALLOWED;
    if (mode == 1 && !is_operator(e, format, formatted ? format : 2, call->args.arg[2].text))
        return ATC_CAUSE_NO_NETWORK;
    if (formatted)
        e->radio.cops_format = (uint8_t)format;
    atc_radio_select(e, mode == 4 ? 0 : mode, atc_span(NULL, 0));
    return ATC_OK;
}

static uint8_t handle_cops(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_TEST)
        return list_operators(e);
    if (call->form == ATC_FORM_WRITE)
        return select_operator(e, call);
    reply_cops(e);
    return ATC_OK;
}

/* --- signal ----------------------------------------------------------------------------------- */

/* Whole units of a number in tenths, rounded. */
static int tenths(int number)
{
    return (number < 0 ? number - 5 : number + 5) / 10;
}

/* Signal to noise as 0 to 250, in steps of 0.2 dB from -20 dB on. */
static unsigned sinr_of(int snr)
{
    const int sinr = (snr + 200) / 2;

    return (unsigned)(sinr < 0 ? 0 : sinr > 250 ? 250 : sinr);
}

static uint8_t handle_qcsq(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "QCSQ");

    (void)call;
    if (atc_radio_registered(e)) {
        atc_put_text(&out, "\"CAT-NB1\",");
        atc_put_signed(&out, tenths(atc_radio_rssi(e)));
        atc_put_byte(&out, ',');
        atc_put_signed(&out, tenths(atc_radio_rsrp(e)));
        atc_put_next(&out, sinr_of(e->radio.cell.snr));
        atc_put_byte(&out, ',');
        atc_put_signed(&out, tenths(e->radio.cell.rsrq));
    } else {
        atc_put_text(&out, "\"NOSERVICE\"");
    }
    atc_reply_close(e, &out);
    return ATC_OK;
}

static uint8_t handle_qnwinfo(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "QNWINFO");

    (void)call;
    if (atc_radio_registered(e)) {
        atc_put_text(&out, "\"CAT-NB1\",");
        atc_put_quoted(&out, e->radio.cell.plmn);
        atc_put_text(&out, ",\"LTE BAND ");
        atc_put_number(&out, e->radio.cell.band);
        atc_put_byte(&out, '"');
        atc_put_next(&out, e->radio.cell.earfcn);
    } else {
        atc_put_text(&out, "No Service");
    }
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- tables ----------------------------------------------------------------------------------- */

/* clang-format off */
static const struct atc_param level2_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param level4_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 4, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param switch_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cops_params[] = {
    {.name = ATC_DOC("mode"), .min = 0, .max = 4, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("format"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("oper"), .min = 1, .max = 32, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("AcT"), .min = 0, .max = 9, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param cpsms_params[] = {
    {.name = ATC_DOC("mode"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("Requested_Periodic-RAU"), .min = 8, .max = 8, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("Requested_GPRS-READY-timer"), .min = 8, .max = 8, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("Requested_Periodic-TAU"), .min = 8, .max = 8, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("Requested_Active-Time"), .min = 8, .max = 8, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
};

static const struct atc_param cedrxs_params[] = {
    {.name = ATC_DOC("mode"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("AcT-type"), .min = 1, .max = 5, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("Requested_eDRX_value"), .min = 4, .max = 4, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
};
/* clang-format on */

static const struct atc_command commands[] = {
    {
        .name = "CREG",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = level2_params,
        .test_reply = "(0-2)",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_radio_report,
        .source = ATC_DOC("27.007 7.2"),
    },
    {
        .name = "CGREG",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = level2_params,
        .test_reply = "(0-2)",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_radio_report,
        .source = ATC_DOC("27.007 10.1.20"),
    },
    {
        .name = "CEREG",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = level4_params,
        .test_reply = "(0-2,4)",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_radio_report,
        .source = ATC_DOC("27.007 10.1.22"),
    },
    {
        .name = "COPS",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 4,
        .params = cops_params,
        .base = true,
        .tests = true,
        .reply_max_ms = 180000,
        .handler = handle_cops,
        .source = ATC_DOC("27.007 7.3, D-153"),
    },
    {
        .name = "QCSQ",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .test_reply = "(\"NOSERVICE\",\"GSM\",\"CAT-M1\",\"CAT-NB1\")",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_qcsq,
        .source = ATC_DOC("BG96 AT manual 6.4"),
    },
    {
        .name = "QNWINFO",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_qnwinfo,
        .source = ATC_DOC("BG96 AT manual 6.12"),
    },
    {
        .name = "QCSCON",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = switch_params,
        .test_reply = "(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_radio_report,
        .source = ATC_DOC("BG77 AT manual 6.15"),
    },
    {
        .name = "CTZR",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = switch_params,
        .test_reply = "(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_radio_report,
        .source = ATC_DOC("27.007 8.41"),
    },
    {
        .name = "CPSMS",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 5,
        .params = cpsms_params,
        .test_reply = "(0-2),,,(\"00000000\"-\"11111111\"),(\"00000000\"-\"11111111\")",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_base_cpsms,
        .source = ATC_DOC("27.007 7.38"),
    },
    {
        .name = "CEDRXS",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 3,
        .params = cedrxs_params,
        .test_reply = "(0-3),(1,5),(\"0000\"-\"1111\")",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_base_cedrxs,
        .source = ATC_DOC("27.007 7.40"),
    },
};

const struct atc_table atc_bg96_network = {commands, sizeof commands / sizeof commands[0]};
