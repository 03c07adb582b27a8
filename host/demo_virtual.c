/* SPDX-License-Identifier: MIT
 *
 * The demonstration in virtual time: the server is called, not sent to, over a link, and the clock
 * jumps to the next moment at which something is due. */
#include <stdio.h>
#include <string.h>

#include "carry.h"
#include "demo.h"
#include "log.h"
#include "serve.h"
#include "status.h"

/* A client's datagrams come from this port and the next ones: one for each client, and again for
 * each time the link's address translator has given them others. */
enum { CLIENT_PORT = 50000, FLIGHT_MAX = 64, LINK_STREAM = 1 };

struct network {
    struct serve serve;
    struct demo *demo;
    struct sim_link link;
    struct sim_flight flight;
    struct sim_carrier carrier;
    struct sim_datagram slots[FLIGHT_MAX];
    struct sim_heap_cell cells[FLIGHT_MAX];
    struct sim_link_state noticed;
    struct atc_network told;
    bool open[ATC_SESSION_MAX];
};

static enum atc_cause open_client(void *ctx, const struct atc_order *order)
{
    struct network *network = ctx;
    network->open[order->session] = true;
    return ATC_OK;
}

static void close_client(void *ctx, unsigned session)
{
    struct network *network = ctx;
    network->open[session] = false;
    sim_link_forget(&network->link, (uint8_t)session);
}

/* There is one server. What goes elsewhere is lost. */
static void hear(struct network *network, const struct atc_addr *from, const struct atc_addr *to,
                 uint32_t generation, const uint8_t *data, size_t len)
{
    struct atc_addr seen = *from;
    seen.port = (uint16_t)(seen.port + generation % 1000u * ATC_SESSION_MAX);
    if (memcmp(to, &network->demo->server, sizeof *to) == 0)
        serve_hear(&network->serve, &seen, data, len, network->demo->now_ms);
}

static bool send_datagram(void *ctx, const struct atc_order *order, enum atc_cause *cause)
{
    struct network *network = ctx;
    const uint64_t now_ms = network->demo->now_ms;
    struct sim_parcel parcel = {.direction = SIM_UP,
                                .session = order->session,
                                .from = network->demo->server,
                                .to = order->peer,
                                .data = order->data,
                                .len = order->len,
                                .direct = true};
    parcel.from.port = (uint16_t)(CLIENT_PORT + order->session);
    if (sim_carry(&network->carrier, &parcel, now_ms)) {
        sim_carry_end(&network->carrier, &parcel, SIM_WHY_NONE, now_ms);
        hear(network, &parcel.from, &parcel.to, parcel.generation, parcel.data, parcel.len);
    }
    *cause = ATC_OK;
    return true;
}

static bool resolve_name(void *ctx, const struct atc_order *order)
{
    (void)ctx;
    (void)order;
    return false;
}

/* Something for the module happens. */
static void tell(struct network *network, const struct atc_event *event)
{
    struct demo *demo = network->demo;
    demo_module_event(&demo->module, event, demo->now_ms);
    demo_run(demo, demo->now_ms);
}

static void deliver(struct network *network, uint8_t session, const struct atc_addr *from,
                    const uint8_t *data, size_t len)
{
    const struct atc_event event = {
        .kind = ATC_EVENT_DATAGRAM, .session = session, .peer = *from, .data = data, .len = len};
    if (network->open[session])
        tell(network, &event);
}

/* What the server sends sets out, if it is for a port that still is a client's. */
static void take_from_server(struct network *network)
{
    for (const struct sim_datagram *d; (d = serve_take(&network->serve)) != NULL;) {
        const unsigned port = (unsigned)(d->to.port - CLIENT_PORT);
        const uint8_t session = (uint8_t)(port % ATC_SESSION_MAX);
        struct sim_parcel parcel = {.direction = SIM_DOWN,
                                    .session = session,
                                    .from = d->from,
                                    .to = d->to,
                                    .data = d->data,
                                    .len = d->len,
                                    .direct = true};
        if (port / ATC_SESSION_MAX != network->link.nat[session].generation % 1000u ||
            !network->open[session] ||
            !sim_carry(&network->carrier, &parcel, network->demo->now_ms))
            continue;
        sim_carry_end(&network->carrier, &parcel, SIM_WHY_NONE, network->demo->now_ms);
        deliver(network, session, &d->from, d->data, d->len);
    }
}

/* What the link has kept, and is due. */
static void take_from_link(struct network *network)
{
    const uint64_t now_ms = network->demo->now_ms;
    for (const struct sim_datagram *d; (d = sim_carry_take(&network->carrier, now_ms)) != NULL;) {
        const struct sim_datagram due = *d;
        sim_carry_done(&network->carrier, &due, SIM_WHY_NONE, now_ms);
        if (due.direction == SIM_UP)
            hear(network, &due.from, &due.to, due.generation, due.data, due.len);
        else
            deliver(network, due.session, &due.from, due.data, due.len);
    }
}

static void notice_network(struct network *network)
{
    struct atc_event event = {.kind = ATC_EVENT_NETWORK};
    const uint64_t now_ms = network->demo->now_ms;
    sim_carry_tick(&network->carrier, 0, now_ms);
    if (!sim_link_notice(&network->link, &network->noticed, &network->told, now_ms))
        return;
    event.network = network->told;
    tell(network, &event);
}

static void on_verdict(void *ctx, size_t owner, const struct sim_verdict *verdict)
{
    const struct network *network = ctx;
    struct record_end end = {.local = network->demo->server};
    (void)owner;
    end.local.port = (uint16_t)(CLIENT_PORT + verdict->session);
    record_verdict(network->demo->module.record, verdict, &end);
}

static struct sim_link *link_of(void *ctx, uint32_t owner)
{
    struct network *network = ctx;
    (void)owner;
    return &network->link;
}

static void start(struct network *network, struct demo *demo)
{
    network->demo = demo;
    serve_init(&network->serve, &demo->server, demo->seed, 0);
    demo_slow_down(&network->serve);
    sim_link_init(&network->link, demo->seed, LINK_STREAM);
    sim_flight_init(&network->flight, network->slots, network->cells, FLIGHT_MAX);
    network->carrier = (struct sim_carrier){&network->flight, link_of, on_verdict, network};
    network->noticed = sim_link_state(&network->link, 0);
    sim_link_config(&network->link, &demo->link, 0);
    network->told = (struct atc_network){
        .attached = true, .registration = ATC_REG_HOME, .rssi = 23, .rrc = ATC_RRC_AUTO};
    demo->module.network = (struct demo_network){network, open_client, send_datagram, resolve_name,
                                                 close_client};
    entropy_seeded(&demo->module.entropy, demo->seed);
    demo_start(demo, 0);
}

static uint64_t deadline_ms(const struct network *network)
{
    const uint64_t moments_ms[] = {demo_deadline_ms(network->demo),
                                   serve_deadline_ms(&network->serve),
                                   sim_flight_deadline_ms(&network->flight),
                                   sim_link_deadline_ms(&network->link, network->demo->now_ms)};
    uint64_t next_ms = ATC_NEVER;
    for (size_t i = 0; i < sizeof moments_ms / sizeof moments_ms[0]; i++)
        next_ms = moments_ms[i] < next_ms ? moments_ms[i] : next_ms;
    return next_ms;
}

int demo_virtual_run(struct demo *demo)
{
    static struct network network;
    uint64_t now_ms = 0;
    start(&network, demo);
    while (demo->playing && now_ms != ATC_NEVER) {
        demo->now_ms = now_ms;
        notice_network(&network);
        take_from_link(&network);
        serve_tick(&network.serve, now_ms);
        take_from_server(&network);
        demo_run(demo, now_ms);
        const uint64_t next_ms = deadline_ms(&network);
        now_ms = next_ms > now_ms ? next_ms : now_ms;
    }
    return demo_screen_write(&demo->screen) ? STATUS_GOOD : STATUS_SYSTEM;
}
