/* SPDX-License-Identifier: MIT
 *
 * The deadlines, the shell's loop for one modem, and the way of a datagram from one end to
 * the other. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#define PORT_FIRST 49152u /* of the ports the system gives out. Source: RFC 6335 6 */

/* Steps without a move of the clock after which the world is stuck, per thing in it. */
#define IDLE_STEPS_MAX 10000u

/* How long a ping takes there and back, the hops it has left, and the bytes it carries. */
enum { PING_MS = 250, PING_TTL = 54, PING_LEN = 32 };

/* One modem and the shell's side of it. */
struct sim_node {
    struct atc_modem modem;
    struct sim_world *world;
    struct sim_random random;
    struct sim_link link;
    uint8_t *te;
    size_t te_len;
    struct atc_network network;     /* as it was told last */
    struct sim_link_state noticed;  /* of the link, likewise */
    uint16_t port[ATC_SESSION_MAX]; /* 0: not open */
    uint8_t fail[SIM_ORDER_COUNT];  /* enum atc_cause of the next such order */
    uint32_t ping_order;
    uint64_t ping_sent_ms, ping_at_ms; /* when it is there, then back; ATC_NEVER: there is none */
    bool ping_is_back;                 /* it was there */
};

/* --- things with a deadline ------------------------------------------------------------------- */

/* A moment that has passed counts as now: the clock never steps back. */
static void set_deadline(struct sim_world *w, size_t thing, uint64_t at_ms)
{
    sim_heap_move(&w->heap, (uint32_t)thing, at_ms > w->now_ms ? at_ms : w->now_ms);
}

static size_t peer_thing(const struct sim_world *w, size_t peer)
{
    return w->config.modem_count + peer;
}

static size_t flight_thing(const struct sim_world *w)
{
    return w->config.modem_count + w->config.peer_count;
}

/* --- orders ----------------------------------------------------------------------------------- */

static void set_address(struct atc_addr *addr, size_t modem, uint16_t port)
{
    memset(addr, 0, sizeof *addr);
    addr->family = ATC_FAMILY_IPV4;
    addr->ip[0] = 10;
    addr->ip[1] = (uint8_t)(modem >> 16);
    addr->ip[2] = (uint8_t)(modem >> 8);
    addr->ip[3] = (uint8_t)modem;
    addr->port = port;
}

/* The port of a client as servers see it: its own, or another one each time its link's address
 * translator has forgotten it. Ports below 1024 stay free. The step is prime, so that clients with
 * neighbouring ports do not meet. */
static uint16_t outer_port(uint16_t port, uint32_t generation)
{
    enum { FREE = 1024, COUNT = 65536 - FREE, STEP = 977 };
    if (generation == 0)
        return port;
    return (uint16_t)(FREE + ((uint32_t)port + (generation % COUNT) * STEP) % COUNT);
}

static void launch(struct sim_world *w, struct sim_parcel *parcel)
{
    (void)sim_carry(&w->carrier, parcel, w->now_ms);
    set_deadline(w, flight_thing(w), sim_flight_deadline_ms(&w->flight));
    set_deadline(w, parcel->owner, w->now_ms); /* the modem may be connected now, or awake */
}

/* A datagram for a client sets out over the modem's link. */
static void launch_down(struct sim_world *w, size_t modem, uint8_t session,
                        const struct atc_addr *from, const uint8_t *data, size_t len)
{
    struct sim_parcel parcel = {.owner = (uint32_t)modem,
                                .direction = SIM_DOWN,
                                .session = session,
                                .from = *from,
                                .data = data,
                                .len = len};
    set_address(&parcel.to, modem, w->nodes[modem].port[session]);
    launch(w, &parcel);
}

static enum atc_cause send_datagram(struct sim_world *w, size_t modem,
                                    const struct atc_order *order)
{
    struct sim_parcel parcel = {.owner = (uint32_t)modem,
                                .direction = SIM_UP,
                                .session = order->session,
                                .to = order->peer,
                                .data = order->data,
                                .len = order->len};
    const uint16_t port = w->nodes[modem].port[order->session];
    if (port == 0)
        return ATC_CAUSE_SOCKET;
    set_address(&parcel.from, modem, port);
    launch(w, &parcel);
    return ATC_OK;
}

static enum atc_cause resolve(const struct sim_world *w, const struct atc_order *order,
                              struct atc_event *event)
{
    for (size_t i = 0; i < w->config.name_count; i++) {
        const struct sim_name *n = &w->config.names[i];
        if (n->name != NULL &&
            (strlen(n->name) != order->len || memcmp(n->name, order->data, order->len) != 0))
            continue;
        event->kind = ATC_EVENT_RESOLVED;
        event->peer = n->addr;
        return ATC_OK;
    }
    return ATC_CAUSE_NAME;
}

/* Any host answers a ping, after the delays of the link and what a narrow-band network adds; without
 * coverage, or if the link loses it, none does. */
static void send_ping(struct sim_world *w, size_t modem, const struct atc_order *order)
{
    struct sim_node *node = &w->nodes[modem];
    const struct sim_offer out = {SIM_UP, SIM_SESSION_NONE, PING_LEN, 0};
    const struct sim_fate fate = sim_link_decide(&node->link, &out, w->now_ms);
    node->ping_order = order->id;
    node->ping_sent_ms = w->now_ms;
    node->ping_is_back = false;
    node->ping_at_ms = fate.count > 0 ? fate.at_ms[0] + PING_MS : ATC_NEVER;
}

/* It is at the host: the answer sets out. */
static void return_ping(struct sim_world *w, struct sim_node *node)
{
    const struct sim_offer back = {SIM_DOWN, SIM_SESSION_NONE, PING_LEN, 0};
    const struct sim_fate fate = sim_link_decide(&node->link, &back, w->now_ms);
    node->ping_is_back = true;
    node->ping_at_ms = fate.count > 0 ? fate.at_ms[0] : ATC_NEVER;
}

static void answer_ping(struct sim_world *w, struct sim_node *node)
{
    struct atc_event event;
    if (node->ping_at_ms <= w->now_ms && !node->ping_is_back)
        return_ping(w, node);
    if (node->ping_at_ms > w->now_ms)
        return;
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_DONE;
    event.order = node->ping_order;
    event.offset = (uint32_t)(w->now_ms - node->ping_sent_ms);
    event.size = PING_TTL;
    node->ping_at_ms = ATC_NEVER;
    atc_event(&node->modem, &event, w->now_ms);
}

/* Do what the order says. Returns the cause that DONE reports. */
static enum atc_cause obey(struct sim_world *w, size_t modem, const struct atc_order *order,
                           struct atc_event *event)
{
    switch (order->kind) {
    case ATC_ORDER_BIND:
        sim_world_listen(w, modem, order->session, order->peer.port);
        return ATC_OK;
    case ATC_ORDER_OPEN:
        sim_world_listen(w, modem, order->session, 0);
        return ATC_OK;
    case ATC_ORDER_SEND:
        return send_datagram(w, modem, order);
    case ATC_ORDER_CLOSE:
        w->nodes[modem].port[order->session] = 0;
        sim_link_forget(&w->nodes[modem].link, order->session);
        return ATC_OK;
    case ATC_ORDER_RESOLVE:
        return resolve(w, order, event);
    case ATC_ORDER_PING:
        send_ping(w, modem, order);
        return ATC_OK;
    case ATC_ORDER_RADIO:
    case ATC_ORDER_UART:
        return ATC_OK;
    case ATC_ORDER_FILE:
        if (w->config.stores == NULL)
            return ATC_CAUSE_UNSUPPORTED;
        sim_store_order(&w->config.stores[modem], order, event);
        return event->cause;
    }
    return ATC_CAUSE_UNSUPPORTED;
}

static void carry_out(struct sim_world *w, size_t modem, const struct atc_order *order)
{
    const struct sim_hooks *hooks = &w->config.hooks;
    struct sim_node *node = &w->nodes[modem];
    struct atc_event event;
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_DONE;
    event.order = order->id;
    event.cause = (enum atc_cause)node->fail[order->kind];
    node->fail[order->kind] = ATC_OK;
    if (event.cause == ATC_OK && hooks->order != NULL && hooks->order(hooks->ctx, modem, order))
        return;
    if (event.cause == ATC_OK)
        event.cause = obey(w, modem, order, &event);
    if (order->kind == ATC_ORDER_PING && event.cause == ATC_OK)
        return; /* the answer is on its way */
    if (order->kind != ATC_ORDER_CLOSE && order->kind != ATC_ORDER_UART)
        atc_event(&node->modem, &event, w->now_ms);
}

/* --- one modem -------------------------------------------------------------------------------- */

/* Take output as far as there is room. Returns whether any went. */
static bool drain(struct sim_world *w, size_t modem)
{
    const struct sim_hooks *hooks = &w->config.hooks;
    struct sim_node *node = &w->nodes[modem];
    size_t len = 0;
    const uint8_t *data = atc_te_peek(&node->modem, &len);
    if (w->config.te_max > 0 && len > w->config.te_max - node->te_len)
        len = w->config.te_max - node->te_len;
    if (len == 0)
        return false;
    if (hooks->te_room != NULL && !hooks->te_room(hooks->ctx, modem, len))
        return false;
    if (hooks->te != NULL)
        hooks->te(hooks->ctx, modem, data, len);
    if (w->config.te_max > 0) {
        memcpy(node->te + node->te_len, data, len);
        node->te_len += len;
    }
    atc_te_drop(&node->modem, len);
    return true;
}

/* The modem learns what it would notice of its network. Returns whether there was anything. */
static bool tell_network(struct sim_world *w, size_t modem)
{
    struct sim_node *node = &w->nodes[modem];
    struct atc_event event;
    if (!sim_link_notice(&node->link, &node->noticed, &node->network, w->now_ms))
        return false;
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_NETWORK;
    event.network = node->network;
    atc_event(&node->modem, &event, w->now_ms);
    return true;
}

/* When the modem, its link or an echo is due. */
static uint64_t node_deadline_ms(const struct sim_world *w, size_t modem)
{
    const struct sim_node *node = &w->nodes[modem];
    const uint64_t modem_ms = atc_deadline_ms(&node->modem);
    const uint64_t link_ms = sim_link_deadline_ms(&node->link, w->now_ms);
    const uint64_t next_ms = modem_ms < link_ms ? modem_ms : link_ms;
    return next_ms < node->ping_at_ms ? next_ms : node->ping_at_ms;
}

/* The shell's loop until the modem has nothing more to say. */
static void settle(struct sim_world *w, size_t modem)
{
    struct sim_node *node = &w->nodes[modem];
    struct atc_order order;
    for (bool moved = true; moved;) {
        moved = tell_network(w, modem);
        moved = drain(w, modem) || moved;
        while (atc_order_next(&node->modem, &order)) {
            carry_out(w, modem, &order);
            moved = true;
        }
    }
    set_deadline(w, modem, node_deadline_ms(w, modem));
}

/* --- arrival ---------------------------------------------------------------------------------- */

/* Which modem and client an address is. Returns false if it is none. */
static bool find_client(const struct sim_world *w, const struct atc_addr *addr, size_t *modem,
                        uint8_t *session)
{
    if (addr->family != ATC_FAMILY_IPV4 || addr->ip[0] != 10 || addr->port == 0)
        return false;
    *modem = (size_t)addr->ip[1] << 16 | (size_t)addr->ip[2] << 8 | addr->ip[3];
    if (*modem >= w->config.modem_count)
        return false;
    const struct sim_node *node = &w->nodes[*modem];
    for (*session = 0; *session < ATC_SESSION_MAX; ++*session)
        if (node->port[*session] != 0 &&
            outer_port(node->port[*session], node->link.nat[*session].generation) == addr->port)
            return true;
    return false;
}

static struct sim_peer *find_peer(const struct sim_world *w, const struct atc_addr *addr,
                                  size_t *index)
{
    for (*index = 0; *index < w->config.peer_count; ++*index) {
        const struct atc_addr *a = &w->config.peers[*index].address;
        if (a->port == addr->port && a->family == addr->family && a->scope == addr->scope &&
            memcmp(a->ip, addr->ip, 16) == 0)
            return &w->config.peers[*index];
    }
    return NULL;
}

/* What a peer has to say sets out, over the link of the modem it is for. */
static void settle_peer(struct sim_world *w, size_t index)
{
    struct sim_peer *peer = &w->config.peers[index];
    const struct sim_datagram *d;
    size_t modem;
    uint8_t session;
    while ((d = sim_peer_take(peer)) != NULL) {
        if (find_client(w, &d->to, &modem, &session))
            launch_down(w, modem, session, &d->from, d->data, d->len);
        else
            w->unreachable++;
    }
    set_deadline(w, peer_thing(w, index), sim_peer_deadline_ms(peer));
}

static void deliver_down(struct sim_world *w, const struct sim_datagram *d)
{
    struct atc_event event;
    const bool open = w->nodes[d->owner].port[d->session] == d->to.port;
    sim_carry_done(&w->carrier, d, open ? SIM_WHY_NONE : SIM_WHY_LOCAL, w->now_ms);
    if (!open) {
        w->unreachable++;
        return;
    }
    memset(&event, 0, sizeof event);
    event.kind = ATC_EVENT_DATAGRAM;
    event.session = d->session;
    event.peer = d->from;
    event.data = d->data;
    event.len = d->len;
    sim_world_event(w, d->owner, &event);
}

static void deliver_up(struct sim_world *w, const struct sim_datagram *d)
{
    size_t index;
    struct atc_addr from = d->from;
    struct sim_peer *peer = find_peer(w, &d->to, &index);
    from.port = outer_port(from.port, d->generation);
    sim_carry_done(&w->carrier, d, SIM_WHY_NONE, w->now_ms);
    if (peer == NULL) {
        w->unreachable++;
        return;
    }
    sim_peer_datagram(peer, &from, d->data, d->len, w->now_ms);
    settle_peer(w, index);
}

static void deliver(struct sim_world *w, const struct sim_datagram *d)
{
    if (d->direction == SIM_DOWN)
        deliver_down(w, d);
    else
        deliver_up(w, d);
}

static void run_thing(struct sim_world *w, size_t thing)
{
    if (thing < w->config.modem_count) {
        atc_tick(&w->nodes[thing].modem, w->now_ms);
        answer_ping(w, &w->nodes[thing]);
        sim_world_link_changed(w, thing);
    } else if (thing < flight_thing(w)) {
        sim_peer_tick(&w->config.peers[thing - w->config.modem_count], w->now_ms);
        settle_peer(w, thing - w->config.modem_count);
    } else {
        const struct sim_datagram *d = sim_carry_take(&w->carrier, w->now_ms);
        if (d != NULL)
            deliver(w, d);
        set_deadline(w, thing, sim_flight_deadline_ms(&w->flight));
    }
}

/* --- public ----------------------------------------------------------------------------------- */

static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    struct sim_node *node = ctx;
    return sim_random_fill(&node->random, buf, len);
}

static void pass_trace(void *ctx, const struct atc_trace *record)
{
    const struct sim_node *node = ctx;
    const struct sim_hooks *hooks = &node->world->config.hooks;
    hooks->trace(hooks->ctx, (size_t)(node - node->world->nodes), record);
}

/* Cut one allocation into the arrays, those with the widest members first. */
static bool allocate(struct sim_world *w)
{
    const struct sim_world_config *c = &w->config;
    const size_t things = c->modem_count + c->peer_count + 1u, slots = c->flight_max;
    const size_t nodes_len = c->modem_count * sizeof *w->nodes;
    const size_t slots_len = slots * sizeof(struct sim_datagram);
    const size_t cells_len = (things + slots) * sizeof(struct sim_heap_cell);
    unsigned char *at = calloc(1, nodes_len + slots_len + cells_len + c->modem_count * c->te_max);
    if (at == NULL)
        return false;
    w->nodes = (void *)at;
    struct sim_datagram *datagrams = (void *)(at + nodes_len);
    struct sim_heap_cell *cells = (void *)(at + nodes_len + slots_len);
    sim_heap_init(&w->heap, cells, (uint32_t)things);
    sim_flight_init(&w->flight, datagrams, cells + things, c->flight_max);
    for (size_t i = 0; i < c->modem_count; i++)
        w->nodes[i].te = at + nodes_len + slots_len + cells_len + i * c->te_max;
    for (size_t i = 0; i < things; i++)
        (void)sim_heap_add(&w->heap, ATC_NEVER, i);
    return true;
}

static int start_modem(struct sim_world *w, size_t modem)
{
    struct sim_node *node = &w->nodes[modem];
    struct atc_config c = *w->config.modem;
    node->world = w;
    node->ping_at_ms = ATC_NEVER;
    /* Three streams a modem: its own numbers, its link's, and one in reserve. */
    sim_random_seed(&node->random, w->config.seed, 3u * modem);
    sim_link_init(&node->link, w->config.seed, 3u * modem + 1u);
    node->network = (struct atc_network){
        .attached = true, .registration = ATC_REG_HOME, .rssi = 23, .rrc = ATC_RRC_AUTO};
    node->noticed = sim_link_state(&node->link, w->now_ms);
    c.random = fill_random;
    c.trace = w->config.hooks.trace != NULL ? pass_trace : NULL;
    c.ctx = node;
    return atc_init(&node->modem, &c, w->now_ms);
}

static struct sim_link *link_of(void *ctx, uint32_t owner)
{
    struct sim_world *w = ctx;
    return &w->nodes[owner].link;
}

static void pass_verdict(void *ctx, size_t owner, const struct sim_verdict *verdict)
{
    const struct sim_world *w = ctx;
    if (w->config.hooks.verdict != NULL)
        w->config.hooks.verdict(w->config.hooks.ctx, owner, verdict);
}

int sim_world_open(struct sim_world *world, const struct sim_world_config *config)
{
    memset(world, 0, sizeof *world);
    if (config->modem_count == 0 || config->modem_count > SIM_MODEM_COUNT_MAX)
        return ATC_E_CONFIG;
    world->config = *config;
    world->now_ms = config->now_ms;
    if (!allocate(world))
        return ATC_E_FULL;
    world->carrier = (struct sim_carrier){&world->flight, link_of, pass_verdict, world};
    for (size_t i = 0; i < config->modem_count; i++) {
        const int status = start_modem(world, i);
        if (status != 0) {
            sim_world_close(world);
            return status;
        }
        settle(world, i);
    }
    for (size_t i = 0; i < config->peer_count; i++)
        settle_peer(world, i);
    world->config.modem = NULL; /* it was the caller's, for this call */
    return 0;
}

void sim_world_close(struct sim_world *world)
{
    free(world->nodes);
    world->nodes = NULL;
}

uint64_t sim_world_deadline_ms(const struct sim_world *world)
{
    return sim_heap_at_ms(&world->heap, sim_heap_first(&world->heap));
}

void sim_world_run(struct sim_world *world, uint64_t until_ms)
{
    while (!world->stuck && sim_world_deadline_ms(world) <= until_ms) {
        const uint64_t at_ms = sim_world_deadline_ms(world);
        world->idle_steps = at_ms > world->now_ms ? 0 : world->idle_steps + 1u;
        world->stuck = world->idle_steps / IDLE_STEPS_MAX > world->heap.count;
        world->now_ms = at_ms;
        run_thing(world, sim_heap_first(&world->heap));
    }
    if (world->stuck || until_ms <= world->now_ms)
        return;
    world->now_ms = until_ms;
    world->idle_steps = 0;
}

size_t sim_world_te_write(struct sim_world *world, size_t modem, const uint8_t *data, size_t len)
{
    size_t taken = 0;
    if (sim_link_is_deaf(&world->nodes[modem].link, world->now_ms))
        return len;
    for (size_t n = 1; n > 0 && taken < len; taken += n) {
        n = atc_te_write(&world->nodes[modem].modem, data + taken, len - taken, world->now_ms);
        settle(world, modem);
    }
    return taken;
}

const uint8_t *sim_world_te(const struct sim_world *world, size_t modem, size_t *len)
{
    *len = world->nodes[modem].te_len;
    return world->nodes[modem].te;
}

void sim_world_te_drop(struct sim_world *world, size_t modem, size_t n)
{
    struct sim_node *node = &world->nodes[modem];
    n = n < node->te_len ? n : node->te_len;
    node->te_len -= n;
    memmove(node->te, node->te + n, node->te_len);
    settle(world, modem);
}

/* A cell is the caller's, and told once. */
static void remember(struct sim_node *node, const struct atc_network *network)
{
    node->network = *network;
    node->network.cell = NULL;
}

void sim_world_event(struct sim_world *world, size_t modem, const struct atc_event *event)
{
    if (event->kind == ATC_EVENT_NETWORK)
        remember(&world->nodes[modem], &event->network);
    atc_event(&world->nodes[modem].modem, event, world->now_ms);
    settle(world, modem);
}

void sim_world_datagram(struct sim_world *world, size_t modem, uint8_t session,
                        const struct atc_addr *from, const uint8_t *data, size_t len)
{
    if (session < ATC_SESSION_MAX && world->nodes[modem].port[session] != 0)
        launch_down(world, modem, session, from, data, len);
    else
        world->unreachable++;
}

void sim_world_fail_next(struct sim_world *world, size_t modem, enum atc_order_kind kind,
                         enum atc_cause cause)
{
    world->nodes[modem].fail[kind] = (uint8_t)cause;
}

void sim_world_listen(struct sim_world *world, size_t modem, uint8_t session, uint16_t port)
{
    world->nodes[modem].port[session] = port != 0 ? port : (uint16_t)(PORT_FIRST + session);
}

bool sim_world_address(const struct sim_world *world, size_t modem, uint8_t session,
                       struct atc_addr *addr)
{
    const struct sim_node *node = &world->nodes[modem];
    if (session >= ATC_SESSION_MAX || node->port[session] == 0)
        return false;
    set_address(addr, modem, outer_port(node->port[session], node->link.nat[session].generation));
    return true;
}

struct sim_link *sim_world_link(struct sim_world *world, size_t modem)
{
    return &world->nodes[modem].link;
}

void sim_world_link_config(struct sim_world *world, size_t modem,
                           const struct sim_link_config *config)
{
    sim_link_config(&world->nodes[modem].link, config, world->now_ms);
    sim_world_link_changed(world, modem);
}

void sim_world_link_changed(struct sim_world *world, size_t modem)
{
    sim_carry_tick(&world->carrier, (uint32_t)modem, world->now_ms);
    set_deadline(world, flight_thing(world), sim_flight_deadline_ms(&world->flight));
    settle(world, modem);
}

const struct atc_network *sim_world_network(const struct sim_world *world, size_t modem)
{
    return &world->nodes[modem].network;
}

const struct atc_modem *sim_world_modem(const struct sim_world *world, size_t modem)
{
    return &world->nodes[modem].modem;
}
