/* SPDX-License-Identifier: MIT
 *
 * The module goes and comes back.
 */
#include "command.h"
#include "files.h"
#include "verbs.h"

/* How long a restart takes. A guess; hosts wait longer. */
enum { BOOT_MS = 1500 };

void atc_engine_cold_start(struct atc_engine *e)
{
    const struct atc_dialect *d = e->cfg.dialect;

    atc_verb_reset_all(e);
    atc_files_reset(e);
    d->platform->reset(e);
    e->command_order++;
    e->cmee = d->cmee_default;
    e->pdp_active = 0;
    e->urc_left = 0;
    e->urc_queue.head = e->urc_queue.tail = 0;
}

void atc_engine_reboot(struct atc_engine *e)
{
    atc_engine_cold_start(e);
    e->deaf = true;
    atc_timer_stop(&e->timers, ATC_TIMER_SPEED);
    if (e->baud != atc_kept_speed(e))
        atc_engine_speed(e, atc_kept_speed(e));
    atc_engine_radio(e, ATC_RADIO_RESTART, ATC_GIVER_NOBODY);
    atc_timer_set(&e->timers, ATC_TIMER_BOOT, e->now_ms + BOOT_MS);
}

void atc_engine_boot_done(struct atc_engine *e)
{
    e->deaf = false;
    atc_v250_restart(e);
    atc_radio_join(e);
    for (const char *const *line = e->cfg.dialect->boot; *line != NULL; line++)
        atc_urc_text(e, *line);
}
