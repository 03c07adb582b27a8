/* SPDX-License-Identifier: MIT */
#include "air.h"

#include <string.h>

/* The stream of the seed that belongs to the link; the module's is 0. */
enum { STREAM = 1 };

static uint64_t now_ms(const struct air *air)
{
    return clock_now_ms(air->clock);
}

static struct sim_link *link_of(void *ctx, uint32_t owner)
{
    struct air *air = ctx;

    (void)owner;
    return &air->link;
}

/* What -v says of it. */
static void log_verdict(const struct air *air, const struct sim_verdict *v)
{
    const char *way = v->direction == SIM_UP ? "up" : "down";

    if (v->step == SIM_STEP_LOST)
        log_detail(air->log, "link: datagram %u %s is lost: %s", v->number, way,
                   sim_why_name(v->why));
    else if (v->of != 0)
        log_detail(air->log, "link: datagram %u %s is a copy of %u", v->number, way, v->of);
    else
        log_detail(air->log, "link: datagram %u %s %s", v->number, way,
                   v->step == SIM_STEP_SENT ? "sets out" : "arrives");
}

static void on_verdict(void *ctx, size_t owner, const struct sim_verdict *verdict)
{
    struct air *air = ctx;

    (void)owner;
    if (!air->perfect)
        log_verdict(air, verdict);
    air->verdict(air->ctx, verdict);
}

static bool has_news(const struct air *air)
{
    return sim_link_has_news(&air->link, &air->noticed, now_ms(air));
}

static void on_timer(uv_timer_t *timer);

/* One timer, for whatever is due next. */
static void set_timer(struct air *air)
{
    const uint64_t link_ms = sim_link_deadline_ms(&air->link, now_ms(air));
    const uint64_t flight_ms = sim_flight_deadline_ms(&air->flight);
    const uint64_t due_ms = link_ms < flight_ms ? link_ms : flight_ms;

    if (due_ms == ATC_NEVER && !has_news(air)) {
        (void)uv_timer_stop(&air->timer);
        return;
    }
    uv_update_time(air->timer.loop);
    (void)uv_timer_start(&air->timer, on_timer,
                         has_news(air) ? 0 : clock_wait_ms(air->clock, due_ms), 0);
}

static void tell_network(struct air *air)
{
    static const char *const modes[] = {"connected", "idle", "connected", "asleep"};
    struct atc_event event = {.kind = ATC_EVENT_NETWORK};

    if (!sim_link_notice(&air->link, &air->noticed, &air->network, now_ms(air)))
        return;
    log_detail(air->log, "link: %s, %s, %s",
               air->noticed.covered ? "in coverage" : "out of coverage",
               air->noticed.attached ? "attached" : "detached", modes[air->noticed.rrc]);
    event.network = air->network;
    air->tell(air->ctx, &event);
}

static void hand_on(struct air *air, const struct sim_datagram *taken)
{
    const struct sim_datagram d = *taken; /* the slot may be taken again meanwhile */
    const bool good = d.direction == SIM_UP ? air->leave(air->ctx, &d)
                                            : air->has_client(air->ctx, d.session);

    sim_carry_done(&air->carrier, &d, good ? SIM_WHY_NONE : SIM_WHY_LOCAL, now_ms(air));
    if (good && d.direction == SIM_DOWN)
        air->arrive(air->ctx, &d);
}

static void on_timer(uv_timer_t *timer)
{
    struct air *air = timer->data;
    const struct sim_datagram *d = NULL;

    sim_carry_tick(&air->carrier, 0, now_ms(air));
    tell_network(air);
    while ((d = sim_carry_take(&air->carrier, now_ms(air))) != NULL)
        hand_on(air, d);
    set_timer(air);
}

void air_init(struct air *air, uv_loop_t *uv, const struct clock *clock, const struct log *log)
{
    memset(air, 0, sizeof *air);
    (void)uv_timer_init(uv, &air->timer);
    air->timer.data = air;
    air->clock = clock;
    air->log = log;
    air->carrier = (struct sim_carrier){&air->flight, link_of, on_verdict, air};
    air->network = (struct atc_network){
        .attached = true, .registration = ATC_REG_HOME, .rssi = 23, .rrc = ATC_RRC_AUTO};
    sim_flight_init(&air->flight, air->slots, air->cells, AIR_MAX);
    air->perfect = true;
    air_seed(air, 0);
}

void air_seed(struct air *air, uint64_t seed)
{
    sim_link_init(&air->link, seed, STREAM);
    air->noticed = sim_link_state(&air->link, now_ms(air));
}

void air_config(struct air *air, const struct sim_link_config *config)
{
    static const struct sim_link_config perfect;

    /* Padding that differs makes it no perfect link, which behaves the same. */
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
    air->perfect = memcmp(config, &perfect, sizeof perfect) == 0;
    sim_link_config(&air->link, config, now_ms(air));
    set_timer(air);
}

bool air_carry(struct air *air, struct sim_parcel *parcel)
{
    bool direct = false;

    parcel->direct = true;
    direct = sim_carry(&air->carrier, parcel, now_ms(air));
    set_timer(air);
    return direct;
}

void air_end(struct air *air, const struct sim_parcel *parcel, bool good)
{
    sim_carry_end(&air->carrier, parcel, good ? SIM_WHY_NONE : SIM_WHY_LOCAL, now_ms(air));
}

void air_close(struct air *air, unsigned session)
{
    const struct sim_datagram *d = NULL;

    while ((d = sim_flight_take_of(&air->flight, 0, (uint8_t)session)) != NULL) {
        const bool left = d->direction == SIM_UP && air->leave(air->ctx, d);

        if (d->kept)
            sim_link_unkeep(&air->link);
        sim_carry_done(&air->carrier, d, left ? SIM_WHY_NONE : SIM_WHY_LOCAL, now_ms(air));
    }
    sim_link_forget(&air->link, (uint8_t)session);
    set_timer(air);
}

void air_changed(struct air *air)
{
    sim_carry_tick(&air->carrier, 0, now_ms(air));
    set_timer(air);
}

bool air_is_deaf(const struct air *air)
{
    return sim_link_is_deaf(&air->link, now_ms(air));
}
