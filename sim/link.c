/* SPDX-License-Identifier: MIT
 *
 * What both directions share: coverage, idle mode, power saving, address translation; and the
 * decision about a datagram, which asks them and the direction's own part in turn. */
#include "link.h"

#include <string.h>

/* --- schedule --------------------------------------------------------------------------------- */

static enum sim_coverage phase_coverage(const struct sim_link *link)
{
    if (link->config.phase_count == 0)
        return SIM_COVERAGE_IN;
    return (enum sim_coverage)link->config.phase[link->phase].coverage;
}

static void enter_phase(struct sim_link *link, uint32_t phase, uint64_t at_ms)
{
    const struct sim_link_config *c = &link->config;
    link->phase = phase < c->phase_count ? phase : 0;
    const uint32_t for_ms = c->phase_count > 0 ? c->phase[link->phase].for_ms : 0;
    link->phase_end_ms = for_ms > 0 ? at_ms + for_ms : ATC_NEVER;
}

static bool is_attached(const struct sim_link *link)
{
    return !link->detached && phase_coverage(link) != SIM_COVERAGE_DETACH;
}

static bool is_covered(const struct sim_link *link)
{
    return !link->out && phase_coverage(link) != SIM_COVERAGE_OUT;
}

/* --- idle mode and power saving --------------------------------------------------------------- */

static bool has_idle(const struct sim_link *link)
{
    return link->config.rrc_idle_ms > 0 || link->config.psm;
}

static uint64_t sleep_ms(const struct sim_link *link)
{
    return link->config.psm ? link->idle_ms + link->config.psm_active_ms : ATC_NEVER;
}

static uint64_t wake_ms(const struct sim_link *link)
{
    return link->config.psm ? link->idle_ms + link->config.psm_period_ms : ATC_NEVER;
}

/* It wakes by itself at wake_ms(), which sim_link_tick() sees to. */
static bool is_asleep(const struct sim_link *link, uint64_t now_ms)
{
    return sleep_ms(link) <= now_ms && now_ms < wake_ms(link);
}

/* Connect, unless that has been done, and stay so for a while. Returns when bits can be sent. */
static uint64_t get_connected(struct sim_link *link, uint32_t takes_ms, uint64_t now_ms)
{
    if (!has_idle(link))
        return now_ms;
    link->woke = link->woke || is_asleep(link, now_ms);
    if (now_ms >= link->idle_ms)
        link->ready_ms = now_ms + takes_ms;
    const uint64_t start_ms = link->ready_ms > now_ms ? link->ready_ms : now_ms;
    link->idle_ms = start_ms + link->config.rrc_idle_ms;
    return start_ms;
}

/* The last bit left then: from there on it is silent. */
static void stay_connected(struct sim_link *link, uint64_t left_ms)
{
    const uint64_t idle_ms = left_ms + link->config.rrc_idle_ms;
    if (has_idle(link) && idle_ms > link->idle_ms)
        link->idle_ms = idle_ms;
}

/* --- address translation ---------------------------------------------------------------------- */

static bool is_mapped(const struct sim_link *link, const struct sim_mapping *m, uint64_t now_ms)
{
    if (link->config.nat_ms == 0)
        return m->open || !m->known;
    return m->open && (now_ms < m->used_ms || now_ms - m->used_ms <= link->config.nat_ms);
}

static void use_mapping(struct sim_mapping *m, uint64_t at_ms)
{
    m->open = true;
    m->known = true;
    m->used_ms = at_ms > m->used_ms ? at_ms : m->used_ms;
}

/* A datagram of the modem comes through; if it finds no entry it gets another port. */
static uint32_t map(const struct sim_link *link, struct sim_mapping *m, uint64_t at_ms)
{
    m->generation += m->known && !is_mapped(link, m, at_ms);
    use_mapping(m, at_ms);
    return m->generation;
}

/* --- the decision ----------------------------------------------------------------------------- */

/* Why it does not even get to the radio. */
static enum sim_why stop_early(struct sim_link *link, const struct sim_offer *offer,
                               uint64_t now_ms)
{
    const uint32_t mtu = link->path[offer->direction].config.mtu;
    struct sim_mapping *m = &link->nat[offer->session];
    const bool first = offer->number == 0;
    if (mtu > 0 && offer->len + SIM_HEADERS_LEN > mtu)
        return SIM_WHY_MTU;
    if (offer->direction == SIM_DOWN && first && !is_mapped(link, m, now_ms))
        return SIM_WHY_NAT;
    if (offer->direction == SIM_DOWN && first)
        use_mapping(m, now_ms);
    return SIM_WHY_NONE;
}

/* The network holds it for a modem that sleeps, if it has room. */
static void keep(struct sim_link *link, struct sim_fate *fate)
{
    fate->kept = link->kept < link->config.psm_buffer;
    if (fate->kept)
        link->kept++;
    else
        fate->why = SIM_WHY_PSM;
}

static enum sim_why find_gap(const struct sim_link *link)
{
    if (!is_attached(link))
        return SIM_WHY_DETACHED;
    return is_covered(link) ? SIM_WHY_NONE : SIM_WHY_COVERAGE;
}

/* Through the air. Returns why not. */
static enum sim_why pass(struct sim_link *link, const struct sim_offer *offer,
                         const struct sim_dice *dice, struct sim_fate *fate, uint64_t now_ms)
{
    struct sim_path *path = &link->path[offer->direction];
    uint64_t left_ms;
    const enum sim_why why = find_gap(link);
    if (why != SIM_WHY_NONE)
        return why;
    if (!sim_path_queue(path, &left_ms, offer->len, get_connected(link, dice->rrc_ms, now_ms)))
        return SIM_WHY_QUEUE;
    stay_connected(link, left_ms);
    if (dice->why != SIM_WHY_NONE)
        return dice->why;
    sim_path_arrive(path, fate, dice, left_ms);
    if (offer->direction == SIM_UP)
        fate->generation = map(link, &link->nat[offer->session], fate->at_ms[0]);
    return SIM_WHY_NONE;
}

static void count(struct sim_link *link, const struct sim_offer *offer, struct sim_fate *fate)
{
    struct sim_path *path = &link->path[offer->direction];
    path->lost += fate->why != SIM_WHY_NONE;
    path->duplicated += fate->count > 1u;
    fate->number[0] = offer->number != 0 ? offer->number : ++link->numbers;
    if (fate->count > 1u)
        fate->number[1] = ++link->numbers;
}

void sim_link_unkeep(struct sim_link *link)
{
    link->kept -= link->kept > 0;
}

struct sim_fate sim_link_decide(struct sim_link *link, const struct sim_offer *offer,
                                uint64_t now_ms)
{
    struct sim_fate fate;
    memset(&fate, 0, sizeof fate);
    sim_link_tick(link, now_ms);
    if (offer->number != 0)
        sim_link_unkeep(link);
    fate.why = stop_early(link, offer, now_ms);
    if (fate.why == SIM_WHY_NONE && offer->direction == SIM_DOWN && is_asleep(link, now_ms))
        keep(link, &fate);
    if (!fate.kept) {
        /* Thrown in any case, so that the dice of the next one do not depend on this one's luck. */
        const struct sim_dice dice = sim_path_throw(&link->path[offer->direction],
                                                    &link->config.rrc);
        if (fate.why == SIM_WHY_NONE)
            fate.why = pass(link, offer, &dice, &fate, now_ms);
    }
    count(link, offer, &fate);
    return fate;
}

/* --- public ----------------------------------------------------------------------------------- */

void sim_link_init(struct sim_link *link, uint64_t seed, uint64_t stream)
{
    static const struct sim_link_config perfect;
    struct sim_random own;
    memset(link, 0, sizeof *link);
    sim_random_seed(&own, seed, stream);
    const uint64_t root = sim_random_next(&own);
    for (unsigned i = 0; i < 2u * SIM_KNOB_COUNT; i++)
        sim_random_seed(&link->path[i % 2u].random[i / 2u], root, i);
    sim_link_config(link, &perfect, 0);
}

void sim_link_config(struct sim_link *link, const struct sim_link_config *config, uint64_t now_ms)
{
    link->config = *config;
    for (unsigned i = 0; i < 2u; i++)
        link->path[i].config = config->path[i];
    enter_phase(link, 0, now_ms);
    link->ready_ms = now_ms;
    link->idle_ms = now_ms + config->rrc_idle_ms;
}

void sim_link_once(struct sim_link *link, enum sim_direction direction, enum sim_once once,
                   uint32_t time_ms)
{
    struct sim_path *path = &link->path[direction];
    path->once = once;
    path->once_ms = time_ms > 0 || once != SIM_ONCE_REORDER ? time_ms : path->config.reorder_ms;
}

void sim_link_cover(struct sim_link *link, bool covered)
{
    link->out = !covered;
}

void sim_link_attach(struct sim_link *link, bool attached)
{
    link->detached = !attached;
}

void sim_link_nat_expire(struct sim_link *link)
{
    for (unsigned i = 0; i <= SIM_SESSION_NONE; i++) {
        link->nat[i].open = false;
        link->nat[i].known = true;
    }
}

void sim_link_forget(struct sim_link *link, uint8_t session)
{
    memset(&link->nat[session], 0, sizeof link->nat[session]);
}

void sim_link_tick(struct sim_link *link, uint64_t now_ms)
{
    while (link->phase_end_ms <= now_ms)
        enter_phase(link, link->phase + 1u, link->phase_end_ms);
    while (wake_ms(link) <= now_ms) {
        link->woke = true;
        link->ready_ms = wake_ms(link);
        link->idle_ms = link->ready_ms + link->config.rrc_idle_ms;
    }
}

uint64_t sim_link_deadline_ms(const struct sim_link *link, uint64_t now_ms)
{
    const uint64_t moments_ms[] = {link->phase_end_ms, has_idle(link) ? link->ready_ms : ATC_NEVER,
                                   has_idle(link) ? link->idle_ms : ATC_NEVER, sleep_ms(link),
                                   wake_ms(link)};
    uint64_t next_ms = ATC_NEVER;
    for (unsigned i = 0; i < sizeof moments_ms / sizeof moments_ms[0]; i++)
        if (moments_ms[i] > now_ms && moments_ms[i] < next_ms)
            next_ms = moments_ms[i];
    return next_ms;
}

static enum atc_rrc rrc_state(const struct sim_link *link, uint64_t now_ms)
{
    if (!has_idle(link))
        return ATC_RRC_AUTO;
    if (is_asleep(link, now_ms))
        return ATC_RRC_ASLEEP;
    return link->ready_ms <= now_ms && now_ms < link->idle_ms ? ATC_RRC_CONNECTED : ATC_RRC_IDLE;
}

struct sim_link_state sim_link_state(const struct sim_link *link, uint64_t now_ms)
{
    return (struct sim_link_state){is_covered(link), is_attached(link),
                                   (uint8_t)rrc_state(link, now_ms), ATC_REG_HOME};
}

bool sim_link_has_news(const struct sim_link *link, const struct sim_link_state *noticed,
                       uint64_t now_ms)
{
    const struct sim_link_state now = sim_link_state(link, now_ms);
    return now.covered != noticed->covered || now.attached != noticed->attached ||
           now.rrc != noticed->rrc;
}

/* Coverage has come or gone: after the gap the module is where it was before. */
static void notice_coverage(struct sim_link_state *noticed, struct atc_network *network,
                            bool covered)
{
    const bool found = network->registration == ATC_REG_HOME ||
                       network->registration == ATC_REG_ROAMING;
    if (covered) {
        network->registration = noticed->registration;
        return;
    }
    noticed->registration = found ? network->registration : ATC_REG_HOME;
    network->registration = ATC_REG_SEARCHING;
}

bool sim_link_notice(const struct sim_link *link, struct sim_link_state *noticed,
                     struct atc_network *network, uint64_t now_ms)
{
    const struct sim_link_state now = sim_link_state(link, now_ms);
    if (!sim_link_has_news(link, noticed, now_ms))
        return false;
    if (now.covered != noticed->covered)
        notice_coverage(noticed, network, now.covered);
    if (now.attached != noticed->attached)
        network->attached = now.attached;
    if (now.rrc != noticed->rrc)
        network->rrc = now.rrc;
    noticed->covered = now.covered;
    noticed->attached = now.attached;
    noticed->rrc = now.rrc;
    return true;
}

bool sim_link_woke(struct sim_link *link)
{
    const bool woke = link->woke;
    link->woke = false;
    return woke;
}

bool sim_link_is_deaf(const struct sim_link *link, uint64_t now_ms)
{
    return link->config.psm_deaf && is_asleep(link, now_ms);
}

const char *sim_why_name(enum sim_why why)
{
    static const char *const names[SIM_WHY_COUNT] = {
        [SIM_WHY_NONE] = "",
        [SIM_WHY_LOSS] = "loss",
        [SIM_WHY_BURST] = "burst",
        [SIM_WHY_LISTED] = "listed",
        [SIM_WHY_COVERAGE] = "coverage",
        [SIM_WHY_DETACHED] = "detached",
        [SIM_WHY_QUEUE] = "queue",
        [SIM_WHY_MTU] = "mtu",
        [SIM_WHY_NAT] = "nat",
        [SIM_WHY_PSM] = "psm",
        [SIM_WHY_LOCAL] = "local",
    };
    return names[why];
}
