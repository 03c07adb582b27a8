/* SPDX-License-Identifier: MIT
 *
 * Nothing around the CoAP commands: the module is attached from the start, and until the shell says
 * otherwise; a restart takes no time and says nothing.
 */
#include "command.h"
#include "engine.h"
#include "verbs.h"

static void start(struct atc_engine *e)
{
    e->framing = atc_framing_factory;
    e->echo = e->cfg.settings.echo == ATC_ON;
    e->radio.attached = true;
    e->pdp_defined = UINT32_MAX;
}

static void restart(struct atc_engine *e)
{
    atc_engine_cold_start(e);
    atc_command_reset(e);
}

static void take_event(struct atc_engine *e, const struct atc_event *event)
{
    if (event->kind != ATC_EVENT_NETWORK)
        return;
    e->radio.attached = event->network.attached;
    if (e->radio.attached || !e->cfg.dialect->lost_on_detach)
        return;
    for (unsigned i = 0; i < e->cfg.dialect->session_count; i++)
        atc_verb_lost(e, i);
}

static void nothing(struct atc_engine *e)
{
    (void)e;
}

static bool is_awake(const struct atc_engine *e)
{
    (void)e;
    return true;
}

const struct atc_platform atc_platform_bare = {
    .start = start,
    .reset = nothing,
    .restart = restart,
    .event = take_event,
    .answer = NULL,  /* it gives no orders */
    .timeout = NULL, /* it sets no timers */
    .watch = nothing,
    .active = nothing,
    .heard = nothing,
    .awake = is_awake,
};
