/* SPDX-License-Identifier: MIT */
#include "radio.h"
#include "verbs.h"

/* How long a search for the network takes. A guess; D-130. */
enum { SEARCH_MS = 2000 };

/* RRC is idle after so much silence. A guess, as networks are set; D-131. */
enum { RRC_INACTIVITY_MS = 20000 };

/* How far the power of one cell's reference signals is below that of all there is, in 1/10 dB. */
enum { RSRP_BELOW_RSSI = 58 };

const struct atc_cell atc_cell_default = {
    .id = 0x0318886E,
    .earfcn = 2509,
    .tac = 0x213D,
    .pci = 226,
    .rsrq = -108,
    .snr = 234,
    .power = 230,
    .band = 5,
    .plmn = "46000",
};

/* --- what is so now --------------------------------------------------------------------------- */

static bool is_service(uint8_t registration)
{
    return registration == ATC_REG_HOME || registration == ATC_REG_ROAMING;
}

bool atc_radio_registered(const struct atc_engine *e)
{
    return is_service(e->radio.registration);
}

/* GPRS timer 2: a unit in three bits, five bits of how many. Returns ATC_NEVER if it is deactivated.
 * Source: 24.008 10.5.7.4. */
static uint64_t timer_ms(uint8_t coded)
{
    static const uint32_t unit_ms[8] = {2000, 60000, 360000, 60000, 60000, 60000, 60000, 0};
    const uint32_t unit = unit_ms[coded >> 5];

    return unit == 0 ? ATC_NEVER : (uint64_t)unit * (coded & 31u);
}

/* When the module falls asleep if nothing happens, or ATC_NEVER. */
static uint64_t sleep_at_ms(const struct atc_engine *e)
{
    const uint64_t active_ms = timer_ms(e->kept.active_time);

    return e->kept.psm == 1 && active_ms != ATC_NEVER ? e->radio.idle_at_ms + active_ms : ATC_NEVER;
}

enum atc_rrc atc_radio_rrc(const struct atc_engine *e)
{
    const struct atc_radio *r = &e->radio;

    if (!r->attached)
        return ATC_RRC_IDLE;
    if (r->told_rrc != ATC_RRC_AUTO)
        return (enum atc_rrc)r->told_rrc;
    if (e->now_ms < r->idle_at_ms)
        return ATC_RRC_CONNECTED;
    return e->now_ms < sleep_at_ms(e) ? ATC_RRC_IDLE : ATC_RRC_ASLEEP;
}

int atc_radio_rssi(const struct atc_engine *e)
{
    return -1130 + 20 * (e->radio.rssi == 99 ? 0 : e->radio.rssi);
}

int atc_radio_rsrp(const struct atc_engine *e)
{
    const int16_t rsrp = e->radio.cell.rsrp;

    return rsrp != 0 ? rsrp : atc_radio_rssi(e) - RSRP_BELOW_RSSI;
}

/* --- reports ---------------------------------------------------------------------------------- */

static void report(struct atc_engine *e, const struct atc_report *row, uint8_t level)
{
    struct atc_out out = atc_urc_base(e, row->urc != NULL ? row->urc : row->name);

    if (row->urc_level) {
        atc_put_number(&out, level);
        atc_put_byte(&out, ',');
    }
    row->put(e, &out, level);
    atc_urc_end(e, &out);
}

/* Whether a row that is set to level tells of these changes. */
static bool tells(const struct atc_report *row, uint8_t level, unsigned changes)
{
    if (level < row->cell_from || row->cell_from == 0)
        changes &= ~(unsigned)ATC_CHANGE_CELL;
    return level > 0 && (row->changes & changes) != 0;
}

static void trace_report(struct atc_engine *e, unsigned index, unsigned changes)
{
    const struct atc_trace record = {
        .kind = ATC_TRACE_REPORT,
        .from = (uint8_t)index,
        .to = e->radio.level[index],
        .value = changes & e->cfg.dialect->reports[index].changes,
    };

    atc_engine_emit(e, record);
}

static void report_all(struct atc_engine *e, unsigned changes)
{
    const struct atc_dialect *d = e->cfg.dialect;

    for (unsigned i = 0; i < d->report_count && !e->deaf && !e->off; i++) {
        if (!tells(&d->reports[i], e->radio.level[i], changes))
            continue;
        report(e, &d->reports[i], e->radio.level[i]);
        trace_report(e, i, changes);
    }
}

/* Whether a change of RRC or sleep is to be reported. */
static bool is_watched(const struct atc_engine *e)
{
    const struct atc_dialect *d = e->cfg.dialect;

    for (unsigned i = 0; i < d->report_count; i++) {
        if (tells(&d->reports[i], e->radio.level[i], ATC_CHANGE_RRC | ATC_CHANGE_PSM))
            return true;
    }
    return false;
}

/* When RRC or sleep will change by itself next. */
static uint64_t next_change_ms(const struct atc_engine *e)
{
    if (e->radio.told_rrc != ATC_RRC_AUTO || !e->radio.attached)
        return ATC_NEVER;
    if (e->now_ms < e->radio.idle_at_ms)
        return e->radio.idle_at_ms;
    return e->now_ms < sleep_at_ms(e) ? sleep_at_ms(e) : ATC_NEVER;
}

void atc_radio_watch(struct atc_engine *e)
{
    const unsigned was = e->radio.shown_rrc;
    const unsigned is = atc_radio_rrc(e);
    const uint64_t next_ms = is_watched(e) ? next_change_ms(e) : ATC_NEVER;
    unsigned changes = 0;

    if ((was == ATC_RRC_CONNECTED) != (is == ATC_RRC_CONNECTED))
        changes |= ATC_CHANGE_RRC;
    if ((was == ATC_RRC_ASLEEP) != (is == ATC_RRC_ASLEEP))
        changes |= ATC_CHANGE_PSM;
    e->radio.shown_rrc = (uint8_t)is;
    if (changes != 0)
        report_all(e, changes);
    if (next_ms != ATC_NEVER)
        atc_timer_set(&e->timers, ATC_TIMER_RRC, next_ms);
    else
        atc_timer_stop(&e->timers, ATC_TIMER_RRC);
}

void atc_radio_active(struct atc_engine *e)
{
    e->radio.idle_at_ms = e->now_ms + RRC_INACTIVITY_MS;
}

static unsigned find_report(const struct atc_engine *e, const char *name)
{
    unsigned i = 0;

    while (!atc_text_is(atc_span_text(e->cfg.dialect->reports[i].name), name))
        i++;
    ATC_ASSERT(i < e->cfg.dialect->report_count && i < ATC_REPORT_MAX);
    return i;
}

uint8_t atc_radio_report(struct atc_engine *e, const struct atc_call *call)
{
    const unsigned index = find_report(e, call->row->name);
    const struct atc_report *row = &e->cfg.dialect->reports[index];
    uint8_t *level = &e->radio.level[index];
    struct atc_out out;

    if (call->form == ATC_FORM_WRITE) {
        const uint32_t wanted = call->args.arg[0].number;

        if (((unsigned)row->levels >> wanted & 1u) == 0)
            return ATC_CAUSE_PARAMETER;
        atc_radio_watch(e); /* what is so now is no change */
        *level = (uint8_t)wanted;
        return ATC_OK;
    }
    out = atc_reply_base(e, row->name);
    atc_put_number(&out, *level);
    if (row->put != NULL && !row->reads_level) {
        atc_put_byte(&out, ',');
        row->put(e, &out, *level);
    }
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- registration and attach ------------------------------------------------------------------ */

static uint8_t find_registration(const struct atc_engine *e)
{
    const struct atc_radio *r = &e->radio;

    if (r->fun != 1 || r->deregistered)
        return ATC_REG_OFF;
    return atc_timer_runs(&e->timers, ATC_TIMER_SEARCH) ? (uint8_t)ATC_REG_SEARCHING : r->offered;
}

/* An attach outlives the loss of coverage, but is not made without. */
static bool find_attached(const struct atc_radio *r)
{
    if (r->detached || r->registration == ATC_REG_OFF || r->registration == ATC_REG_DENIED)
        return false;
    return r->attached || is_service(r->registration);
}

static void lose_connections(struct atc_engine *e)
{
    for (unsigned i = 0; i < e->cfg.dialect->session_count; i++)
        atc_verb_lost(e, i);
    for (unsigned cid = 0; cid < ATC_PDP_MAX; cid++) {
        if (e->pdp_active >> cid & 1u)
            atc_urc_number(e, e->cfg.dialect->pdp.lost, cid);
    }
    e->pdp_active = 0;
}

/* The network tells the time whenever the module registers. */
static void take_time(struct atc_engine *e)
{
    struct atc_radio *r = &e->radio;

    r->clock_s = r->told_s;
    r->clock_at_ms = r->told_at_ms;
    r->zone = r->told_zone;
    report_all(e, ATC_CHANGE_TIME);
}

/* Let what has been told and wanted take effect; changes: what else has changed. */
static void update(struct atc_engine *e, unsigned changes)
{
    struct atc_radio *r = &e->radio;
    const uint8_t registration = r->registration;
    const bool attached = r->attached;

    r->registration = find_registration(e);
    r->attached = find_attached(r);
    if (r->attached && !attached)
        atc_radio_active(e);
    if (!r->attached && attached && e->cfg.dialect->lost_on_detach)
        lose_connections(e);
    if (!is_service(r->registration))
        changes &= ~(unsigned)ATC_CHANGE_CELL;
    if (r->registration != registration)
        changes |= ATC_CHANGE_REGISTRATION;
    if (changes != 0)
        report_all(e, changes);
    if (is_service(r->registration) && !is_service(registration) && r->told_time)
        take_time(e);
    atc_radio_watch(e);
}

static bool same_cell(const struct atc_cell *a, const struct atc_cell *b)
{
    return a->id == b->id && a->tac == b->tac;
}

void atc_radio_network(struct atc_engine *e, const struct atc_network *network)
{
    struct atc_radio *r = &e->radio;
    unsigned changes = 0;

    if (network->attached != r->told_attached)
        r->detached = !network->attached;
    r->told_attached = network->attached;
    r->offered = network->registration;
    r->rssi = network->rssi;
    r->told_rrc = network->rrc;
    if (network->addr.family != ATC_FAMILY_NONE)
        r->addr = network->addr;
    if (network->cell != NULL) {
        changes = same_cell(&r->cell, network->cell) ? 0 : ATC_CHANGE_CELL;
        r->cell = *network->cell;
        r->cell.plmn[ATC_PLMN_MAX] = '\0';
    }
    update(e, changes);
}

static void search(struct atc_engine *e)
{
    atc_timer_set(&e->timers, ATC_TIMER_SEARCH, e->now_ms + SEARCH_MS);
}

void atc_radio_found(struct atc_engine *e)
{
    update(e, 0);
}

void atc_radio_set_fun(struct atc_engine *e, uint8_t fun)
{
    ATC_ASSERT(fun != e->radio.fun);
    e->radio.fun = fun;
    if (fun == 1) {
        search(e);
        for (const char *const *line = e->cfg.dialect->ready; *line != NULL; line++)
            atc_urc_text(e, *line);
    }
    update(e, 0);
}

void atc_radio_attach(struct atc_engine *e, bool attach)
{
    e->radio.detached = !attach;
    update(e, 0);
}

void atc_radio_select(struct atc_engine *e, uint8_t mode, struct atc_span plmn)
{
    struct atc_radio *r = &e->radio;
    const bool was_off = r->deregistered;

    r->cops_mode = mode;
    r->deregistered = mode == 2;
    ATC_ASSERT(plmn.len <= ATC_PLMN_MAX);
    if (plmn.len > 0) {
        memset(r->cell.plmn, 0, sizeof r->cell.plmn);
        memcpy(r->cell.plmn, plmn.at, plmn.len);
    }
    if (was_off && !r->deregistered)
        search(e);
    update(e, 0);
}

void atc_radio_update(struct atc_engine *e)
{
    if (e->radio.attached)
        atc_radio_active(e);
}

void atc_radio_reset(struct atc_engine *e)
{
    struct atc_radio *r = &e->radio;

    memset(r->level, 0, sizeof r->level);
    atc_timer_stop(&e->timers, ATC_TIMER_SEARCH);
    atc_timer_stop(&e->timers, ATC_TIMER_RRC);
    r->fun = (e->kept.flags & ATC_KEPT_STAY_OFF) != 0 ? 0 : 1;
    r->cops_mode = 0;
    r->cops_format = 0;
    r->detached = false;
    r->deregistered = false;
    r->attached = false;
    r->registration = ATC_REG_OFF;
    r->clock_at_ms = e->now_ms;
    r->clock_s = e->cfg.dialect->clock_start_s;
    r->zone = 0;
    r->shown_rrc = ATC_RRC_IDLE;
}

void atc_radio_join(struct atc_engine *e)
{
    update(e, 0);
}

void atc_radio_start(struct atc_engine *e)
{
    static const struct atc_addr addr = {.ip = {10, 0, 0, 2}, .family = ATC_FAMILY_IPV4};
    static const struct atc_addr dns[2] = {
        {.ip = {8, 8, 8, 8}, .family = ATC_FAMILY_IPV4},
        {.ip = {8, 8, 4, 4}, .family = ATC_FAMILY_IPV4},
    };
    struct atc_radio *r = &e->radio;

    r->cell = atc_cell_default;
    r->addr = addr;
    memcpy(r->dns, dns, sizeof r->dns);
    r->offered = ATC_REG_HOME;
    r->told_attached = true;
    r->rssi = 23;
    update(e, 0);
    r->idle_at_ms = e->now_ms;
    r->shown_rrc = ATC_RRC_IDLE;
}

/* --- the time --------------------------------------------------------------------------------- */

enum { MINUTE_S = 60, QUARTER_S = 15 * 60, HOUR_S = 3600, DAY_S = 86400 };

enum { ZONE_MIN = -48, ZONE_MAX = 56 };

void atc_radio_set_clock(struct atc_engine *e, uint32_t seconds, int8_t zone)
{
    struct atc_radio *r = &e->radio;

    r->clock_s = seconds;
    r->clock_at_ms = e->now_ms;
    r->zone = zone;
}

void atc_radio_wall_clock(struct atc_engine *e, uint32_t seconds, int8_t zone)
{
    struct atc_radio *r = &e->radio;

    r->told_s = seconds;
    r->told_at_ms = e->now_ms;
    r->told_zone = zone < ZONE_MIN ? ZONE_MIN : zone > ZONE_MAX ? ZONE_MAX : zone;
    r->told_time = true;
    if (atc_radio_registered(e))
        take_time(e);
}

uint32_t atc_radio_local_s(const struct atc_engine *e)
{
    const struct atc_radio *r = &e->radio;

    return r->clock_s + (uint32_t)((e->now_ms - r->clock_at_ms) / 1000u) +
           (uint32_t)(r->zone * QUARTER_S);
}

static void put_two(struct atc_out *out, unsigned number)
{
    atc_put_byte(out, (uint8_t)('0' + number / 10u % 10u));
    atc_put_byte(out, (uint8_t)('0' + number % 10u));
}

static unsigned days_of_year(unsigned year)
{
    return year % 4u == 0 && (year % 100u != 0 || year % 400u == 0) ? 366 : 365;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 1 && days_of_year(year) == 366 ? 29 : days[month];
}

void atc_put_time(const struct atc_engine *e, struct atc_out *out)
{
    const uint32_t local_s = atc_radio_local_s(e);
    const int zone = e->radio.zone;
    unsigned days = local_s / DAY_S, of_day = local_s % DAY_S, year = 1970, month = 0;

    for (; days >= days_of_year(year); year++)
        days -= days_of_year(year);
    for (; days >= days_of_month(year, month); month++)
        days -= days_of_month(year, month);
    put_two(out, year);
    atc_put_byte(out, '/');
    put_two(out, month + 1);
    atc_put_byte(out, '/');
    put_two(out, days + 1);
    atc_put_byte(out, ',');
    put_two(out, of_day / HOUR_S);
    atc_put_byte(out, ':');
    put_two(out, of_day / MINUTE_S % 60u);
    atc_put_byte(out, ':');
    put_two(out, of_day % 60u);
    atc_put_byte(out, zone < 0 ? '-' : '+');
    put_two(out, (unsigned)(zone < 0 ? -zone : zone));
}

/* Two digits at text[at], at most max. */
static bool read_two(unsigned *number, struct atc_span text, size_t at, unsigned max)
{
    uint32_t value = 0;

    if (!atc_text_number(&value, atc_span(text.at + at, 2), max))
        return false;
    *number = value;
    return true;
}

/* The years of two digits from 70 on are those of the last century. */
static uint32_t seconds_of(unsigned year, unsigned month, unsigned day)
{
    unsigned days = day - 1;

    year += year < 70 ? 2000 : 1900;
    for (unsigned m = 0; m + 1 < month; m++)
        days += days_of_month(year, m);
    while (year > 1970)
        days += days_of_year(--year);
    return (uint32_t)days * DAY_S;
}

bool atc_text_time(uint32_t *seconds, int8_t *zone, struct atc_span text)
{
    static const uint8_t form[] = "00/00/00,00:00:00";
    enum { FORM_LEN = sizeof form - 1 };
    unsigned year, month, day, hour, minute, second, quarters = 0;
    bool west = false;

    if (text.len != FORM_LEN && text.len != FORM_LEN + 3)
        return false;
    for (size_t i = 0; i < FORM_LEN; i++) {
        if (form[i] != '0' && text.at[i] != form[i])
            return false;
    }
    if (text.len > FORM_LEN) {
        west = text.at[FORM_LEN] == '-';
        if ((!west && text.at[FORM_LEN] != '+') ||
            !read_two(&quarters, text, FORM_LEN + 1, west ? -ZONE_MIN : ZONE_MAX))
            return false;
    }
    if (!read_two(&year, text, 0, 99) || !read_two(&month, text, 3, 12) || month == 0 ||
        !read_two(&day, text, 6, 31) || day == 0 || !read_two(&hour, text, 9, 23) ||
        !read_two(&minute, text, 12, 59) || !read_two(&second, text, 15, 59))
        return false;
    if (day > days_of_month(year < 70 ? year + 2000 : year + 1900, month - 1))
        return false;
    *zone = (int8_t)(west ? -(int)quarters : (int)quarters);
    *seconds = seconds_of(year, month, day) + hour * HOUR_S + minute * MINUTE_S + second -
               (uint32_t)(*zone * QUARTER_S);
    return true;
}
