/* SPDX-License-Identifier: MIT
 *
 * The network comes and goes, and so does the module: registration, restart.
 */
#include "files.h"
#include "verbs.h"

/* How long a restart takes. A guess; hosts wait longer. */
enum { BOOT_MS = 1500 };

static void report_registration(struct atc_engine *e)
{
    struct atc_out out;

    if (e->cereg == 0 || e->deaf)
        return;
    out = atc_urc_open(e);
    atc_reply_begin(&out, true);
    atc_put_base(e, &out, "CEREG");
    e->cfg.dialect->put_registration(e, &out);
    atc_reply_end(&out);
    atc_urc_close(e, &out, 0);
}

void atc_engine_network(struct atc_engine *e, const struct atc_network *network)
{
    const uint8_t before = e->network.registration;

    e->network = *network;
    if (!network->attached && e->cfg.dialect->lost_on_detach) {
        for (unsigned i = 0; i < e->cfg.dialect->session_count; i++)
            atc_verb_lost(e, i);
        e->pdp_active = 0;
    }
    if (network->registration != before)
        report_registration(e);
}

void atc_engine_cold_start(struct atc_engine *e)
{
    const struct atc_dialect *d = e->cfg.dialect;

    atc_verb_reset_all(e);
    atc_files_reset(e);
    e->command_order++;
    e->cmee = d->cmee_default;
    e->cereg = 0;
    e->cfun = 1;
    e->pdp_defined = 1;
    e->pdp_active = 0;
    e->urc_left = 0;
    e->urc_queue.head = e->urc_queue.tail = 0;
}

void atc_engine_reboot(struct atc_engine *e)
{
    atc_engine_cold_start(e);
    e->deaf = true;
    e->network.attached = false;
    e->network.registration = ATC_REG_OFF;
    atc_timer_set(&e->timers, ATC_TIMER_BOOT, e->now_ms + BOOT_MS);
}

void atc_engine_boot_done(struct atc_engine *e)
{
    e->deaf = false;
    e->network.attached = true;
    e->network.registration = ATC_REG_HOME;
    for (const char *const *line = e->cfg.dialect->boot; *line != NULL; line++)
        atc_urc_text(e, *line);
}
