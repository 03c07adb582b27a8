/* SPDX-License-Identifier: MIT
 *
 * The whole module around the CoAP commands: values that survive, the profile of V.250, the network,
 * restarts, pings and names of the TE's own.
 */
#include "base.h"
#include "command.h"

static void start(struct atc_engine *e)
{
    atc_kept_start(e);
    atc_v250_init(e);
    atc_radio_start(e);
}

static void reset(struct atc_engine *e)
{
    atc_radio_reset(e);
    atc_probe_reset(e);
}

/* Source: D-220. */
static void restart(struct atc_engine *e)
{
    atc_engine_reboot(e);
    atc_command_reset(e);
    e->off = false;
}

static void take_event(struct atc_engine *e, const struct atc_event *event)
{
    if (event->kind == ATC_EVENT_NETWORK)
        atc_radio_network(e, &event->network);
    else
        atc_radio_wall_clock(e, event->offset, event->zone);
}

static void take_answer(struct atc_engine *e, unsigned giver, const struct atc_event *event)
{
    if (giver == ATC_GIVER_KEPT)
        atc_kept_answer(e, event);
    else
        atc_probe_answer(e, event);
}

static void take_timeout(struct atc_engine *e, unsigned timer)
{
    if (timer == ATC_TIMER_BOOT)
        atc_engine_boot_done(e);
    else if (timer == ATC_TIMER_SEARCH)
        atc_radio_found(e);
    else if (timer == ATC_TIMER_SPEED)
        atc_engine_speed(e, e->baud_before);
    else if (timer == ATC_TIMER_PROBE)
        atc_probe_timeout(e);
    else
        atc_radio_watch(e);
}

static bool is_awake(const struct atc_engine *e)
{
    return atc_radio_rrc(e) != ATC_RRC_ASLEEP;
}

const struct atc_platform atc_platform_module = {
    .start = start,
    .reset = reset,
    .restart = restart,
    .event = take_event,
    .answer = take_answer,
    .timeout = take_timeout,
    .watch = atc_radio_watch,
    .active = atc_radio_active,
    .heard = atc_base_speed_heard,
    .awake = is_awake,
};
