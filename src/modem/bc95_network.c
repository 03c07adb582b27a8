/* SPDX-License-Identifier: MIT
 *
 * The BC95-G and BC68: base commands about the network: reports, operators, contexts, statistics. Their
 * rows stand in bc95_base.c. Source: 27.007 7, 8 and 10.
 */
#include "base.h"
#include "bc95.h"

/* --- reports ---------------------------------------------------------------------------------- */

/* Why the network said no: cause 11, PLMN not allowed, of EMM. Source: 24.301 9.9.3.9. */
static const char denied[] = ",,,,0,11";

/* <stat>; from n = 2 on the cell; with 3 and 5 the cause of a denial; from 4 on the timers of a sleep
 * that was granted. */
static void put_registration(const struct atc_engine *e, struct atc_out *out, uint8_t level)
{
    const bool cell = level >= 2 && atc_radio_registered(e);

    atc_put_number(out, e->radio.registration);
    if (cell) {
        atc_put_byte(out, ',');
        atc_put_hex_number(out, e->radio.cell.tac, 4);
        atc_put_byte(out, ',');
        atc_put_hex_number(out, e->radio.cell.id, 8);
        atc_put_text(out, ",9");
    }
    if ((level == 3 || level == 5) && e->radio.registration == ATC_REG_DENIED)
        atc_put_text(out, denied);
    else if (level >= 4 && cell && e->kept.psm == 0)
        atc_put_text(out, ",,,,");
    if (level >= 4 && cell && e->kept.psm == 1) {
        atc_put_text(out, ",,,");
        atc_base_put_bits(out, e->kept.active_time, 8);
        atc_put_byte(out, ',');
        atc_base_put_bits(out, e->kept.periodic_tau, 8);
    }
}

/* <mode>; with n = 2 <state>, E-UTRAN connected, with n = 3 <access>, E-UTRAN FDD, too. */
static void put_connection(const struct atc_engine *e, struct atc_out *out, uint8_t level)
{
    const bool connected = atc_radio_rrc(e) == ATC_RRC_CONNECTED;

    atc_put_byte(out, connected ? '1' : '0');
    if (connected && level >= 2)
        atc_put_text(out, ",7");
    if (connected && level >= 3)
        atc_put_text(out, ",4");
}

static void put_sleep(const struct atc_engine *e, struct atc_out *out, uint8_t level)
{
    (void)level;
    atc_put_byte(out, atc_radio_rrc(e) == ATC_RRC_ASLEEP ? '1' : '0');
}

const struct atc_report atc_bc95_reports[ATC_BC95_REPORT_COUNT] = {
    {
        .name = "CEREG",
        .changes = ATC_CHANGE_REGISTRATION | ATC_CHANGE_CELL,
        .levels = 0x3F,
        .cell_from = 2,
        .put = put_registration,
        .source = ATC_DOC("27.007 10.1.22, log, driver"),
    },
    {
        .name = "CSCON",
        .changes = ATC_CHANGE_RRC,
        .levels = 0x0F,
        .put = put_connection,
        .source = ATC_DOC("27.007 7.30, manual, driver"),
    },
    {
        .name = "NPSMR",
        .changes = ATC_CHANGE_PSM,
        .levels = 0x03,
        .put = put_sleep,
        .source = ATC_DOC("a module of the same commands"),
    },
    /* Messages and downlink data that this module does not have: the levels are kept and shown. */
    {.name = "NSONMI", .levels = 0x0F, .source = ATC_DOC("driver")},
    {.name = "NNMI", .levels = 0x07, .source = ATC_DOC("driver")},
    {.name = "NSMI", .levels = 0x03, .source = ATC_DOC("driver")},
};

/* --- the operator ------------------------------------------------------------------------------ */

static uint8_t select_operator(struct atc_engine *e, const struct atc_call *call)
{
    const uint8_t mode = (uint8_t)call->args.arg[0].number;
    const struct atc_span plmn = atc_given(call, 2) ? call->args.arg[2].text : atc_span(NULL, 0);
    uint32_t number;

    if (mode == 1 && (!atc_given(call, 1) || plmn.len < ATC_PLMN_MAX - 1 ||
                      plmn.len > ATC_PLMN_MAX || !atc_text_number(&number, plmn, 999999)))
        return ATC_CAUSE_PARAMETER;
    if (mode != 1 && plmn.len > 0)
        return ATC_CAUSE_PARAMETER;
    if (e->radio.fun != 1)
        return ATC_CAUSE_NOT_ALLOWED;
    atc_radio_select(e, mode, plmn);
    return ATC_OK;
}

uint8_t atc_bc95_cops(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out;

    if (call->form == ATC_FORM_WRITE)
        return select_operator(e, call);
    out = atc_reply_base(e, "COPS");
    atc_put_number(&out, e->radio.cops_mode);
    if (atc_radio_registered(e)) {
        atc_put_text(&out, ",2,");
        atc_put_quoted(&out, e->radio.cell.plmn);
    }
    atc_reply_close(e, &out);
    return ATC_OK;
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

/* --- statistics of the radio ------------------------------------------------------------------- */

/* How long a datagram keeps transmitter and receiver busy; there is no radio to measure. */
enum { TX_MS = 120, RX_MS = 180 };

/* Without service a number is unknown. Source: log. */
enum { UNKNOWN_POWER = -32768 };

enum stat {
    STAT_SIGNAL,
    STAT_TOTAL,
    STAT_TX_POWER,
    STAT_TX_TIME,
    STAT_RX_TIME,
    STAT_CELL,
    STAT_ECL,
    STAT_SNR,
    STAT_EARFCN,
    STAT_PCI,
    STAT_RSRQ,
    STAT_MODE,
    STAT_BAND,
    STAT_NEIGHBOUR, /* the whole line of CELL */
    STAT_SENT,
    STAT_RECEIVED,
    STAT_NOTHING /* counted by nobody here */
};

/* The lines of AT+NUESTATS, in their order; without <type> it shows the first kind. */
static const struct {
    const char *type;
    const char *label; /* with what stands between it and the number */
    uint8_t stat;
} stats[] = {
    {"RADIO", "Signal power:", STAT_SIGNAL},
    {"RADIO", "Total power:", STAT_TOTAL},
    {"RADIO", "TX power:", STAT_TX_POWER},
    {"RADIO", "TX time:", STAT_TX_TIME},
    {"RADIO", "RX time:", STAT_RX_TIME},
    {"RADIO", "Cell ID:", STAT_CELL},
    {"RADIO", "ECL:", STAT_ECL},
    {"RADIO", "SNR:", STAT_SNR},
    {"RADIO", "EARFCN:", STAT_EARFCN},
    {"RADIO", "PCI:", STAT_PCI},
    {"RADIO", "RSRQ:", STAT_RSRQ},
    {"RADIO", "OPERATOR MODE:", STAT_MODE},
    {"RADIO", "CURRENT BAND:", STAT_BAND},
    {"CELL", "", STAT_NEIGHBOUR},
    {"BLER", "RLC UL BLER,", STAT_NOTHING},
    {"BLER", "RLC DL BLER,", STAT_NOTHING},
    {"BLER", "MAC UL BLER,", STAT_NOTHING},
    {"BLER", "MAC DL BLER,", STAT_NOTHING},
    {"BLER", "Total TX blocks,", STAT_SENT},
    {"BLER", "Total RX blocks,", STAT_RECEIVED},
    {"BLER", "Total RTX blocks,", STAT_NOTHING},
    {"THP", "RLC UL,", STAT_NOTHING},
    {"THP", "RLC DL,", STAT_NOTHING},
    {"THP", "MAC UL,", STAT_NOTHING},
    {"THP", "MAC DL,", STAT_NOTHING},
    {"APPSMEM", "Current Allocated:", STAT_NOTHING},
    {"APPSMEM", "Total Free:", STAT_NOTHING},
    {"APPSMEM", "Max Free:", STAT_NOTHING},
    {"APPSMEM", "Num Allocs:", STAT_NOTHING},
    {"APPSMEM", "Num Frees:", STAT_NOTHING},
};

enum { STAT_COUNT = sizeof stats / sizeof stats[0] };

static void put_cell(const struct atc_engine *e, struct atc_out *out)
{
    const struct atc_cell *c = &e->radio.cell;

    atc_put_number(out, c->earfcn);
    atc_put_byte(out, ',');
    atc_put_number(out, c->pci);
    atc_put_text(out, ",1,");
    atc_put_signed(out, atc_radio_rsrp(e));
    atc_put_byte(out, ',');
    atc_put_signed(out, c->rsrq);
    atc_put_byte(out, ',');
    atc_put_signed(out, atc_radio_rssi(e));
    atc_put_byte(out, ',');
    atc_put_signed(out, c->snr);
}

static void put_power(const struct atc_engine *e, struct atc_out *out, int power)
{
    atc_put_signed(out, atc_radio_registered(e) ? power : UNKNOWN_POWER);
}

static void put_count(const struct atc_engine *e, struct atc_out *out, uint32_t number,
                      uint32_t unknown)
{
    atc_put_number(out, atc_radio_registered(e) ? number : unknown);
}

static void put_stat(const struct atc_engine *e, struct atc_out *out, uint8_t stat)
{
    const struct atc_cell *c = &e->radio.cell;

    switch ((enum stat)stat) {
    case STAT_SIGNAL:
        put_power(e, out, atc_radio_rsrp(e));
        break;
    case STAT_TOTAL:
        put_power(e, out, atc_radio_rssi(e));
        break;
    case STAT_TX_POWER:
        put_power(e, out, c->power);
        break;
    case STAT_TX_TIME:
        atc_put_number(out, e->counters[ATC_COUNT_SENT] * TX_MS);
        break;
    case STAT_RX_TIME:
        atc_put_number(out, e->counters[ATC_COUNT_RECEIVED] * RX_MS);
        break;
    case STAT_CELL:
        put_count(e, out, c->id, UINT32_MAX);
        break;
    case STAT_ECL:
        put_count(e, out, c->ecl, UINT8_MAX);
        break;
    case STAT_SNR:
        put_power(e, out, c->snr);
        break;
    case STAT_EARFCN:
        put_count(e, out, c->earfcn, UINT32_MAX);
        break;
    case STAT_PCI:
        put_count(e, out, c->pci, UINT16_MAX);
        break;
    case STAT_RSRQ:
        put_power(e, out, c->rsrq);
        break;
    case STAT_MODE:
        atc_put_text(out, "4");
        break;
    case STAT_BAND:
        put_count(e, out, c->band, 0);
        break;
    case STAT_NEIGHBOUR:
        put_cell(e, out);
        break;
    case STAT_SENT:
        atc_put_number(out, e->counters[ATC_COUNT_SENT]);
        break;
    case STAT_RECEIVED:
        atc_put_number(out, e->counters[ATC_COUNT_RECEIVED]);
        break;
    case STAT_NOTHING:
        atc_put_byte(out, '0');
        break;
    }
}

static bool is_known_type(struct atc_span text)
{
    bool known = atc_text_is(text, "ALL");

    for (unsigned i = 0; i < STAT_COUNT; i++)
        known = known || atc_text_is(text, stats[i].type);
    return known;
}

/* One line a step. */
uint8_t atc_bc95_nuestats(struct atc_engine *e, const struct atc_call *call)
{
    const bool typed = atc_given(call, 0);
    const struct atc_span type = typed ? call->args.arg[0].text : atc_span_text("RADIO");
    const unsigned i = call->step;
    struct atc_out out;

    if (!is_known_type(type))
        return ATC_CAUSE_PARAMETER;
    if (i == STAT_COUNT)
        return ATC_OK;
    if (!atc_text_is(type, "ALL") && !atc_text_is(type, stats[i].type))
        return ATC_MORE;
    if (stats[i].stat == STAT_NEIGHBOUR && !atc_radio_registered(e))
        return ATC_MORE;
    out = atc_reply_open(e);
    if (typed) {
        atc_put_text(&out, "NUESTATS:");
        atc_put_text(&out, stats[i].type);
        atc_put_byte(&out, ',');
    }
    atc_put_text(&out, stats[i].label);
    put_stat(e, &out, stats[i].stat);
    atc_reply_close(e, &out);
    return ATC_MORE;
}
