/* SPDX-License-Identifier: MIT */
#include "serve.h"

/* /time changes, and tells its observers, so often. */
enum { OBSERVE_MS = 1000 };

void serve_init(struct serve *serve, const struct atc_addr *address, uint64_t seed, uint64_t now_ms)
{
    struct sim_peer_config config;
    sim_peer_config_default(&config);
    config.observe_ms = OBSERVE_MS;
    sim_peer_init(&serve->peer, address, &config, seed, now_ms);
    sim_flight_init(&serve->late, serve->slots, serve->cells, SERVE_LATE_MAX);
    serve->delay_ms = 0;
}

void serve_hear(struct serve *serve, const struct atc_addr *from, const uint8_t *data, size_t len,
                uint64_t now_ms)
{
    /* What is too long for the way there is refused at once. */
    if (serve->delay_ms == 0 || len > SIM_DATAGRAM_MAX) {
        sim_peer_datagram(&serve->peer, from, data, len, now_ms);
        return;
    }
    (void)sim_flight_add(&serve->late, from, &serve->peer.address, data, len,
                         now_ms + serve->delay_ms);
}

void serve_tick(struct serve *serve, uint64_t now_ms)
{
    const struct sim_datagram *d = sim_flight_take(&serve->late, now_ms);
    if (d != NULL)
        sim_peer_datagram(&serve->peer, &d->from, d->data, d->len, now_ms);
    else
        sim_peer_tick(&serve->peer, now_ms);
}

uint64_t serve_deadline_ms(const struct serve *serve)
{
    const uint64_t late_ms = sim_flight_deadline_ms(&serve->late);
    const uint64_t peer_ms = sim_peer_deadline_ms(&serve->peer);
    return late_ms < peer_ms ? late_ms : peer_ms;
}

const struct sim_datagram *serve_take(struct serve *serve)
{
    return sim_peer_take(&serve->peer);
}
