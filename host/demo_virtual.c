/* SPDX-License-Identifier: MIT
 *
 * The demonstration in virtual time: the server is called, not sent to, and the clock jumps to the
 * next moment at which something is due. */
#include <stdio.h>
#include <string.h>

#include "demo.h"
#include "log.h"
#include "serve.h"
#include "status.h"

/* A client's datagrams come from this port and the next ones. */
enum { CLIENT_PORT = 50000, SEED = 1 };

struct network {
    struct serve serve;
    const struct demo *demo;
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
}

/* There is one server. What goes elsewhere is lost. */
static bool send_datagram(void *ctx, const struct atc_order *order, enum atc_cause *cause)
{
    struct network *network = ctx;
    struct atc_addr from = network->demo->server;
    from.port = (uint16_t)(CLIENT_PORT + order->session);
    if (memcmp(&order->peer, &network->demo->server, sizeof from) == 0)
        serve_hear(&network->serve, &from, order->data, order->len, network->demo->now_ms);
    *cause = ATC_OK;
    return true;
}

static bool resolve_name(void *ctx, const struct atc_order *order)
{
    (void)ctx;
    (void)order;
    return false;
}

/* Hand what the server sends to the module. */
static void deliver(struct network *network, struct demo *demo)
{
    for (const struct sim_datagram *d; (d = serve_take(&network->serve)) != NULL;) {
        const unsigned session = (unsigned)(d->to.port - CLIENT_PORT);
        const struct atc_event event = {.kind = ATC_EVENT_DATAGRAM,
                                        .session = (uint8_t)session,
                                        .peer = d->from,
                                        .data = d->data,
                                        .len = d->len};
        if (!network->open[session])
            continue;
        demo_module_event(&demo->module, &event, demo->now_ms);
        demo_run(demo, demo->now_ms);
    }
}

int demo_virtual_run(struct demo *demo)
{
    static struct network network;
    uint64_t now_ms = 0;
    network.demo = demo;
    serve_init(&network.serve, &demo->server, SEED, now_ms);
    demo_slow_down(&network.serve);
    demo->module.network = (struct demo_network){&network, open_client, send_datagram, resolve_name,
                                                 close_client};
    entropy_seeded(&demo->module.entropy, SEED);
    demo_start(demo, now_ms);
    while (demo->playing && now_ms != ATC_NEVER) {
        serve_tick(&network.serve, now_ms);
        deliver(&network, demo);
        demo_run(demo, now_ms);
        const uint64_t demo_ms = demo_deadline_ms(demo),
                       serve_ms = serve_deadline_ms(&network.serve);
        const uint64_t next_ms = demo_ms < serve_ms ? demo_ms : serve_ms;
        now_ms = next_ms > now_ms ? next_ms : now_ms;
    }
    return demo_screen_write(&demo->screen) ? STATUS_GOOD : STATUS_SYSTEM;
}
