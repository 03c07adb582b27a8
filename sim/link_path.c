/* SPDX-License-Identifier: MIT
 *
 * One direction of a link: dice, queue, order of arrival. */
#include "link.h"

/* A datagram is held back for so long if nothing else is said. */
#define REORDER_MS 1000u

/* The long tail: the inverse distribution of a log-normal with sigma 1, in thousandths of its mean,
 * cut where one in 16,384 is beyond. Each step is a sixteenth of all datagrams, of the last
 * sixteenth a sixteenth again, and once more. Half of all delays are below 0.6 of the mean, one in a
 * hundred is above 6 times, none above 28 times. */
static const uint16_t tail[] = {
    0,     130,   191,   248,   307,   370,   439,   515,   603,   706,   829,  983,
    1184,  1464,  1905,  2797,  2889,  2990,  3101,  3223,  3359,  3511,  3685, 3885,
    4119,  4401,  4749,  5198,  5816,  6766,  8623,  8812,  9017,  9240,  9487, 9759,
    10064, 10409, 10805, 11265, 11815, 12489, 13351, 14525, 16306, 19716, 28114};

/* --- dice ------------------------------------------------------------------------------------- */

/* A number of 0..65535 as a delay: which step, and how far into it. */
static uint32_t tail_delay(uint32_t mean_ms, uint32_t dice)
{
    uint32_t step = 0, shift = 12, rest = dice;
    /* Whoever is in the last sixteenth goes on into the finer steps. */
    while (shift > 4u && rest >> shift == 15u) {
        rest &= (1u << shift) - 1u;
        step += 15u;
        shift -= 4u;
    }
    step += rest >> shift;
    const uint32_t part = rest & ((1u << shift) - 1u);
    const uint64_t thousandths =
        tail[step] + ((uint64_t)(tail[step + 1u] - tail[step]) * (2u * part + 1u) >> (shift + 1u));
    return (uint32_t)(mean_ms * thousandths / 1000u);
}

static uint32_t draw_range(struct sim_random *random, const struct sim_range *range)
{
    const uint32_t width = range->max_ms > range->min_ms ? range->max_ms - range->min_ms : 0;
    return range->min_ms + sim_random_below(random, width + 1u);
}

static bool draw(struct sim_path *path, enum sim_knob knob, uint32_t ppm)
{
    return sim_random_chance(&path->random[knob], ppm);
}

/* The burst begins or ends in front of this datagram. */
static bool draw_burst(struct sim_path *path)
{
    const struct sim_path_config *c = &path->config;
    const bool turns = draw(path, SIM_KNOB_BURST,
                            path->in_burst ? c->burst_end_ppm : c->burst_start_ppm);
    const bool lost = draw(path, SIM_KNOB_BURST_LOSS,
                           c->burst_loss_ppm > 0 ? c->burst_loss_ppm : SIM_PPM);
    path->in_burst = path->in_burst != turns;
    return path->in_burst && lost;
}

static bool is_listed(const struct sim_path *path)
{
    for (uint32_t i = 0; i < path->config.drop_count; i++)
        if (path->config.drop[i] == path->offered)
            return true;
    return false;
}

/* A one-shot action overrules the dice. */
static void apply_once(struct sim_path *path, struct sim_dice *d)
{
    const enum sim_once once = path->once;
    path->once = SIM_ONCE_NONE;
    if (once != SIM_ONCE_NONE)
        d->why = once == SIM_ONCE_DROP ? SIM_WHY_LISTED : SIM_WHY_NONE;
    if (once == SIM_ONCE_DUP)
        d->doubled = true;
    if (once == SIM_ONCE_DELAY)
        d->hold_ms += path->once_ms;
    if (once == SIM_ONCE_REORDER)
        d->hold_ms += path->once_ms > 0 ? path->once_ms : REORDER_MS;
}

struct sim_dice sim_path_throw(struct sim_path *path, const struct sim_range *rrc)
{
    const struct sim_path_config *c = &path->config;
    struct sim_dice d = {.why = SIM_WHY_NONE};
    path->offered++;
    if (draw(path, SIM_KNOB_LOSS, c->loss_ppm))
        d.why = SIM_WHY_LOSS;
    if (draw_burst(path))
        d.why = SIM_WHY_BURST;
    if (is_listed(path))
        d.why = SIM_WHY_LISTED;
    d.doubled = draw(path, SIM_KNOB_DUP, c->dup_ppm);
    if (draw(path, SIM_KNOB_REORDER, c->reorder_ppm))
        d.hold_ms = c->reorder_ms > 0 ? c->reorder_ms : REORDER_MS;
    for (unsigned i = 0; i < SIM_COPIES_MAX; i++) {
        d.delay_ms[i] = draw_range(&path->random[SIM_KNOB_DELAY], &c->delay);
        d.delay_ms[i] += tail_delay(
            c->tail_ms, (uint32_t)(sim_random_next(&path->random[SIM_KNOB_TAIL]) >> 48));
    }
    d.rrc_ms = draw_range(&path->random[SIM_KNOB_RRC], rrc);
    apply_once(path, &d);
    return d;
}

/* --- queue ------------------------------------------------------------------------------------ */

static void forget_left(struct sim_path *path, uint64_t at_us)
{
    while (path->leaves_count > 0 && path->leaves_us[path->leaves_first] <= at_us) {
        path->leaves_first = (path->leaves_first + 1u) % (SIM_QUEUE_MAX + 1u);
        path->leaves_count--;
    }
}

static void remember_leaving(struct sim_path *path, uint64_t left_us)
{
    if (path->leaves_count > SIM_QUEUE_MAX)
        return; /* no queue_count is that large */
    path->leaves_us[(path->leaves_first + path->leaves_count++) % (SIM_QUEUE_MAX + 1u)] = left_us;
}

/* Bytes that have not left at that moment. */
static uint64_t backlog(const struct sim_path *path, uint64_t at_us)
{
    const uint64_t wait_us = path->busy_us > at_us ? path->busy_us - at_us : 0;
    return (wait_us * path->config.rate + 7999999u) / 8000000u;
}

static bool has_room(const struct sim_path *path, uint64_t wire_len, uint64_t at_us)
{
    const struct sim_path_config *c = &path->config;
    if (c->queue_count > 0 && path->leaves_count >= c->queue_count)
        return false;
    return c->queue_bytes == 0 || backlog(path, at_us) + wire_len <= c->queue_bytes;
}

bool sim_path_queue(struct sim_path *path, uint64_t *left_ms, size_t len, uint64_t at_ms)
{
    const uint64_t wire_len = len + SIM_HEADERS_LEN;
    const uint64_t at_us = at_ms * 1000u;
    const uint32_t rate = path->config.rate;
    *left_ms = at_ms;
    if (rate == 0)
        return true;
    forget_left(path, at_us);
    if (!has_room(path, wire_len, at_us))
        return false;
    const uint64_t start_us = path->busy_us > at_us ? path->busy_us : at_us;
    path->busy_us = start_us + (wire_len * 8000000u + rate - 1u) / rate;
    remember_leaving(path, path->busy_us);
    *left_ms = (path->busy_us + 999u) / 1000u;
    return true;
}

/* --- arrival ---------------------------------------------------------------------------------- */

void sim_path_arrive(struct sim_path *path, struct sim_fate *fate, const struct sim_dice *dice,
                     uint64_t left_ms)
{
    fate->count = dice->doubled ? 2u : 1u;
    for (unsigned i = 0; i < fate->count; i++) {
        uint64_t at_ms = left_ms + dice->delay_ms[i];
        /* Whoever took less time does not overtake; only who is held back is overtaken. D-205. */
        at_ms = at_ms > path->last_ms ? at_ms : path->last_ms;
        if (dice->hold_ms == 0)
            path->last_ms = at_ms;
        fate->at_ms[i] = at_ms + dice->hold_ms;
    }
}
