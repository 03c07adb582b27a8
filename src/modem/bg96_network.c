/* SPDX-License-Identifier: MIT
 *
 * The BG96: commands about the network and its packet data (PDP) contexts.
 */
#include "base.h"
#include "bg96.h"
#include "verbs.h"

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
        if (atc_span_equal(plmn, atc_span_text(operators[i].plmn)))
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
    while (first <= last && !atc_text_same(text, atc_span_text(operator_name(e, first))))
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

/* --- AT+QCFG ---------------------------------------------------------------------------------- */

/* The word of a query's reply: "key". */
static struct atc_out open_qcfg(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "QCFG");

    atc_put_quoted(&out, call->row->key);
    return out;
}

/* Query or set a number that fits a byte. <effect>, now or after a restart, makes no difference:
 * there is one radio. */
static uint8_t configure(struct atc_engine *e, const struct atc_call *call, uint8_t *value)
{
    struct atc_out out;

    if (atc_given(call, 1)) {
        *value = (uint8_t)call->args.arg[1].number;
        atc_kept_changed(e);
        return ATC_OK;
    }
    if (call->args.count > 1)
        return ATC_CAUSE_PARAMETER;
    out = open_qcfg(e, call);
    atc_put_next(&out, *value);
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* 0 automatic, 1 GSM, 3 LTE. */
static uint8_t handle_scan_mode(struct atc_engine *e, const struct atc_call *call)
{
    if (atc_given(call, 1) && call->args.arg[1].number == 2)
        return ATC_CAUSE_PARAMETER;
    return configure(e, call, &e->kept.scan_mode);
}

static uint8_t handle_iot_mode(struct atc_engine *e, const struct atc_call *call)
{
    return configure(e, call, &e->kept.iot_mode);
}

static uint8_t handle_domain(struct atc_engine *e, const struct atc_call *call)
{
    return configure(e, call, &e->kept.domain);
}

/* 1 no, 2 yes, 255 as the SIM says. */
static uint8_t handle_roaming(struct atc_engine *e, const struct atc_call *call)
{
    if (atc_given(call, 1) && call->args.arg[1].number > 2 && call->args.arg[1].number < 255)
        return ATC_CAUSE_PARAMETER;
    return configure(e, call, &e->kept.roaming);
}

/* Up to three of 00 automatic, 01 GSM, 02 LTE Cat M1, 03 NB-IoT, as a number: 020301. */
static bool is_scan_sequence(struct atc_span text)
{
    if (text.len == 0 || text.len > 6 || text.len % 2 != 0)
        return false;
    for (size_t i = 0; i < text.len; i += 2) {
        if (text.at[i] != '0' || text.at[i + 1] < '0' || text.at[i + 1] > '3')
            return false;
    }
    return true;
}

static uint8_t handle_scan_sequence(struct atc_engine *e, const struct atc_call *call)
{
    uint32_t rest = e->kept.scan_sequence;
    struct atc_out out;

    if (atc_given(call, 1)) {
        if (!is_scan_sequence(call->args.arg[1].text))
            return ATC_CAUSE_PARAMETER;
        (void)atc_text_number(&e->kept.scan_sequence, call->args.arg[1].text, UINT32_MAX);
        atc_kept_changed(e);
        return ATC_OK;
    }
    if (call->args.count > 1)
        return ATC_CAUSE_PARAMETER;
    out = open_qcfg(e, call);
    atc_put_byte(&out, ',');
    for (uint32_t unit = rest >= 10000 ? 10000 : rest >= 100 ? 100 : 1; unit > 0; unit /= 100) {
        atc_put_byte(&out, '0');
        atc_put_number(&out, rest / unit % 100u);
    }
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* A mask of bands: hex with or without 0x, at most limit_high and limit_low. */
static bool read_mask(uint32_t mask[2], struct atc_span text, const uint32_t limit[2])
{
    uint32_t high = 0, low = 0;
    size_t at = text.len > 2 && text.at[0] == '0' && atc_upper(text.at[1]) == 'X' ? 2 : 0;

    if (text.len - at == 0 || text.len - at > 16)
        return false;
    for (; at < text.len; at++) {
        const uint8_t digit = atc_upper(text.at[at]);

        if (!atc_is_hex_digit(digit))
            return false;
        high = high << 4 | low >> 28;
        low = low << 4 | (uint32_t)(digit <= '9' ? digit - '0' : digit - 'A' + 10);
    }
    if ((high & ~limit[0]) != 0 || (low & ~limit[1]) != 0)
        return false;
    mask[0] = high;
    mask[1] = low;
    return true;
}

static void put_mask(struct atc_out *out, const uint32_t mask[2])
{
    bool leading = true;

    atc_put_text(out, ",0x");
    for (unsigned i = 0; i < 16; i++) {
        const unsigned digit = mask[i / 8] >> (28 - 4 * (i % 8)) & 15u;

        leading = leading && digit == 0 && i < 15;
        if (!leading)
            atc_put_byte(out, (uint8_t)(digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
}

/* <gsm>, <m1>, <nb1>; 0 leaves that one as it is. */
static uint8_t handle_bands(struct atc_engine *e, const struct atc_call *call)
{
    uint32_t *const masks[3] = {e->kept.gsm_bands, e->kept.m1_bands, e->kept.nb1_bands};
    uint32_t mask[3][2];
    struct atc_out out;

    if (call->args.count == 1) {
        out = open_qcfg(e, call);
        for (unsigned i = 0; i < 3; i++)
            put_mask(&out, masks[i]);
        atc_reply_close(e, &out);
        return ATC_OK;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (!atc_given(call, i + 1) ||
            !read_mask(mask[i], call->args.arg[i + 1].text, atc_bg96_bands[i]))
            return ATC_CAUSE_PARAMETER;
    }
    for (unsigned i = 0; i < 3; i++) {
        if ((mask[i][0] | mask[i][1]) != 0)
            memcpy(masks[i], mask[i], sizeof mask[i]);
    }
    atc_kept_changed(e);
    return ATC_OK;
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

/* Source: T96 4. */
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

static const struct atc_param scan_mode_params[] = {
    {.name = ATC_DOC("\"nwscanmode\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("scanmode"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param scan_sequence_params[] = {
    {.name = ATC_DOC("\"nwscanseq\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("scanseq"), .min = 2, .max = 6, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param iot_mode_params[] = {
    {.name = ATC_DOC("\"iotopmode\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("mode"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param domain_params[] = {
    {.name = ATC_DOC("\"servicedomain\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("service"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param roaming_params[] = {
    {.name = ATC_DOC("\"roamservice\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("roammode"), .min = 1, .max = 255, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param bands_params[] = {
    {.name = ATC_DOC("\"band\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("GSM_bands"), .min = 1, .max = 18, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("M1_bands"), .min = 1, .max = 18, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("NB1_bands"), .min = 1, .max = 18, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
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
    {
        .name = "QCFG",
        .key = "nwscanmode",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = scan_mode_params,
        .test_reply = "\"nwscanmode\",(0,1,3),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_scan_mode,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "nwscanseq",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = scan_sequence_params,
        .test_reply = "\"nwscanseq\",(00-03),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_scan_sequence,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "iotopmode",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = iot_mode_params,
        .test_reply = "\"iotopmode\",(0-2),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_iot_mode,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "servicedomain",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = domain_params,
        .test_reply = "\"servicedomain\",(0-2),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_domain,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "roamservice",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = roaming_params,
        .test_reply = "\"roamservice\",(1,2,255),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_roaming,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "band",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 5,
        .params = bands_params,
        .test_reply = "\"band\",(0-f),(0-400a0e189f),(0-a0e189f),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_bands,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
};

const struct atc_table atc_bg96_network = {commands, sizeof commands / sizeof commands[0]};
