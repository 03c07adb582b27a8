/* SPDX-License-Identifier: MIT */
#include "fleet.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "entropy.h"
#include "heap.h"

enum { NOBODY = UINT32_MAX };

/* A list of modems, first come first served. A modem is in it or not, never twice. */
struct list {
    uint32_t first, last;
};

enum list_kind { DUE, SAYS, LIST_COUNT };

struct member {
    uint32_t next[LIST_COUNT];
    bool listed[LIST_COUNT];
    bool sending; /* it has a datagram in the batch: it is not called before that is answered */
};

struct fleet {
    struct fleet_config config;
    struct list lists[LIST_COUNT];
    struct fleet_net *net;
    struct atc_modem *modems;
    struct member *members;
    struct sim_heap heap; /* item i is modem i; not later than it has to be looked at */
    struct entropy entropy;
    uint64_t now_ms;
    size_t size; /* of the mapping */
};

/* --- lists ------------------------------------------------------------------------------------ */

static void append(struct fleet *f, enum list_kind kind, uint32_t modem)
{
    struct list *list = &f->lists[kind];
    struct member *member = &f->members[modem];

    if (member->listed[kind])
        return;
    member->listed[kind] = true;
    member->next[kind] = NOBODY;
    if (list->first == NOBODY)
        list->first = modem;
    else
        f->members[list->last].next[kind] = modem;
    list->last = modem;
}

static bool take_first(struct fleet *f, enum list_kind kind, uint32_t *modem)
{
    struct list *list = &f->lists[kind];

    *modem = list->first;
    if (list->first == NOBODY)
        return false;
    list->first = f->members[*modem].next[kind];
    f->members[*modem].listed[kind] = false;
    return true;
}

static bool is_empty(const struct fleet *f, enum list_kind kind)
{
    return f->lists[kind].first == NOBODY;
}

/* --- time ------------------------------------------------------------------------------------- */

static void read_clock(struct fleet *f)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    f->now_ms = (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* See that a modem is looked at when it has to be. A time-out that was set and stopped again leaves a
 * moment in the heap that is too early: then it is looked at once for nothing, which is cheaper than to
 * move it with every message. */
static void note_deadline(struct fleet *f, uint32_t modem, uint64_t at_ms)
{
    if (at_ms < sim_heap_at_ms(&f->heap, modem))
        sim_heap_move(&f->heap, modem, at_ms);
}

static void wake_due(struct fleet *f)
{
    for (;;) {
        const uint32_t modem = sim_heap_first(&f->heap);

        if (sim_heap_at_ms(&f->heap, modem) > f->now_ms)
            return;
        sim_heap_move(&f->heap, modem, ATC_NEVER);
        append(f, DUE, modem);
    }
}

/* How long to wait: until the next deadline, at most timeout_ms (-1: for ever). */
static int wait_ms(const struct fleet *f, int timeout_ms)
{
    const uint64_t at_ms = sim_heap_at_ms(&f->heap, sim_heap_first(&f->heap));
    const uint64_t left_ms = at_ms > f->now_ms ? at_ms - f->now_ms : 0;

    if (!is_empty(f, SAYS))
        return 0;
    if (timeout_ms >= 0 && left_ms > (uint64_t)timeout_ms)
        return timeout_ms;
    if (at_ms == ATC_NEVER)
        return -1;
    return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

/* --- orders ----------------------------------------------------------------------------------- */

static void answer(struct fleet *f, uint32_t modem, uint32_t order, enum atc_cause cause)
{
    const struct atc_event done = {.kind = ATC_EVENT_DONE, .order = order, .cause = cause};

    atc_event(&f->modems[modem], &done, f->now_ms);
}

/* Whether somebody else carries it out. Some orders are not answered, whoever does. */
static bool hand_over(struct fleet *f, uint32_t modem, const struct atc_order *order)
{
    if (f->config.order != NULL && f->config.order(f->config.ctx, modem, order))
        return true;
    return order->kind == ATC_ORDER_UART;
}

/* Carry out an order. Returns whether it is done, with its cause; else it is answered later, or never. */
static bool carry_out(struct fleet *f, uint32_t modem, const struct atc_order *order,
                      enum atc_cause *cause)
{
    *cause = ATC_CAUSE_UNSUPPORTED;
    switch (order->kind) {
    case ATC_ORDER_BIND:
        *cause = fleet_net_open(f->net, modem, order->session, order->peer.port, NULL);
        return true;
    case ATC_ORDER_OPEN:
        if (order->security != ATC_SECURITY_NONE)
            return true;
        *cause = fleet_net_open(f->net, modem, order->session, 0, &order->peer);
        return true;
    case ATC_ORDER_SEND:
        *cause = fleet_net_put(f->net, modem, order);
        f->members[modem].sending = *cause == ATC_OK;
        return *cause != ATC_OK;
    case ATC_ORDER_CLOSE:
        fleet_net_close(f->net, modem, order->session);
        return false;
    case ATC_ORDER_RADIO:
        return true;
    case ATC_ORDER_RESOLVE:
    case ATC_ORDER_FILE:
    case ATC_ORDER_PING:
    case ATC_ORDER_UART:
        break;
    }
    return !hand_over(f, modem, order);
}

/* Do what a modem wants, up to a datagram: what comes behind that waits until it has left. */
static void settle(struct fleet *f, uint32_t modem)
{
    struct atc_modem *m = &f->modems[modem];
    struct member *member = &f->members[modem];
    struct atc_order order;
    enum atc_cause cause = ATC_OK;
    size_t len = 0;

    if (atc_deadline_ms(m) <= f->now_ms)
        atc_tick(m, f->now_ms);
    while (!member->sending && atc_order_next(m, &order)) {
        const uint32_t id = order.id; /* order is gone after the next call */

        if (carry_out(f, modem, &order, &cause))
            answer(f, modem, id, cause);
    }
    if (member->sending)
        return;
    note_deadline(f, modem, atc_deadline_ms(m));
    (void)atc_te_peek(m, &len);
    if (len > 0)
        append(f, SAYS, modem);
}

/* Send the batch and tell the modems what came of it. */
static void send_batch(struct fleet *f)
{
    struct fleet_sent sent;

    fleet_net_flush(f->net);
    while (fleet_net_sent(f->net, &sent)) {
        f->members[sent.modem].sending = false;
        answer(f, sent.modem, sent.order, sent.cause);
        append(f, DUE, sent.modem);
    }
}

/* Until nothing is to be done, or a socket is full. */
static void work(struct fleet *f)
{
    uint32_t modem = NOBODY;

    do {
        while (fleet_net_has_room(f->net) && take_first(f, DUE, &modem)) {
            if (!f->members[modem].sending)
                settle(f, modem);
        }
        send_batch(f);
    } while (!is_empty(f, DUE) && fleet_net_has_room(f->net));
}

/* --- datagrams -------------------------------------------------------------------------------- */

static void receive(struct fleet *f)
{
    struct atc_event event = {.kind = ATC_EVENT_DATAGRAM};
    struct fleet_datagram datagram;

    while (fleet_net_next(f->net, &datagram)) {
        event.session = datagram.session;
        event.peer = datagram.peer;
        event.data = datagram.data;
        event.len = datagram.len;
        atc_event(&f->modems[datagram.modem], &event, f->now_ms);
        append(f, DUE, datagram.modem);
    }
}

/* --- fleet.h ---------------------------------------------------------------------------------- */

void fleet_turn(struct fleet *f, int timeout_ms)
{
    read_clock(f);
    wake_due(f);
    work(f);
    fleet_net_wait(f->net, wait_ms(f, timeout_ms));
    read_clock(f);
    wake_due(f);
    receive(f);
    work(f);
}

bool fleet_next(struct fleet *f, uint32_t *modem)
{
    return take_first(f, SAYS, modem);
}

const uint8_t *fleet_te_peek(const struct fleet *f, uint32_t modem, size_t *len)
{
    return atc_te_peek(&f->modems[modem], len);
}

void fleet_te_drop(struct fleet *f, uint32_t modem, size_t n)
{
    atc_te_drop(&f->modems[modem], n);
    if (atc_deadline_ms(&f->modems[modem]) <= f->now_ms) /* it goes on, now that there is room */
        append(f, DUE, modem);
}

size_t fleet_te_write(struct fleet *f, uint32_t modem, const uint8_t *data, size_t len)
{
    const size_t taken = atc_te_write(&f->modems[modem], data, len, f->now_ms);

    append(f, DUE, modem);
    return taken;
}

void fleet_event(struct fleet *f, uint32_t modem, const struct atc_event *event)
{
    atc_event(&f->modems[modem], event, f->now_ms);
    append(f, DUE, modem);
}

const struct atc_modem *fleet_modem(const struct fleet *f, uint32_t modem)
{
    return &f->modems[modem];
}

uint64_t fleet_now_ms(const struct fleet *f)
{
    return f->now_ms;
}

bool fleet_address(const struct fleet *f, uint32_t modem, uint8_t session, struct atc_addr *addr)
{
    return fleet_net_address(f->net, modem, session, addr);
}

const struct fleet_net_counts *fleet_counts(const struct fleet *f)
{
    return fleet_net_counts(f->net);
}

/* --- start ------------------------------------------------------------------------------------ */

/* Where the parts of the mapping begin, each on a page of the processor's cache. */
struct layout {
    size_t modems, members, cells, net, end;
};

static size_t behind(size_t at, size_t len)
{
    enum { LINE = 64 };

    return (at + len + LINE - 1u) / LINE * LINE;
}

static struct layout lay_out(const struct fleet_net_config *config)
{
    const size_t count = config->modem_count;
    struct layout at;

    at.modems = behind(0, sizeof(struct fleet));
    at.members = behind(at.modems, count * sizeof(struct atc_modem));
    at.cells = behind(at.members, count * sizeof(struct member));
    at.net = behind(at.cells, count * sizeof(struct sim_heap_cell));
    at.end = behind(at.net, fleet_net_size(config));
    return at;
}

/* Returns NULL if the system refuses it; errno says why. */
static struct fleet *map(const struct layout *at)
{
    struct fleet *f = mmap(NULL, at->end, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                           0);

    if (f == MAP_FAILED)
        return NULL;
    /* A message touches a modem here and there: the fewer pages, the fewer look-ups of addresses. */
    (void)madvise(f, at->end, MADV_HUGEPAGE);
    f->size = at->end;
    f->modems = (void *)((char *)f + at->modems);
    f->members = (void *)((char *)f + at->members);
    return f;
}

static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    struct fleet *f = ctx;

    return entropy_fill(&f->entropy, buf, len);
}

static int start_modem(struct fleet *f, uint32_t modem)
{
    struct atc_config config = *f->config.modem;
    int status = 0;

    if (f->config.prepare != NULL)
        f->config.prepare(f->config.ctx, modem, &config);
    config.random = fill_random;
    config.trace = NULL;
    config.ctx = f;
    status = atc_init(&f->modems[modem], &config, f->now_ms);
    (void)sim_heap_add(&f->heap, ATC_NEVER, modem);
    append(f, DUE, modem);
    return status;
}

/* Fill the mapping. */
static int start(struct fleet *f, const struct fleet_config *config, const struct layout *at)
{
    int status = 0;

    f->config = *config;
    for (unsigned i = 0; i < LIST_COUNT; i++)
        f->lists[i].first = NOBODY;
    if (config->seeded)
        entropy_seeded(&f->entropy, config->seed);
    else
        entropy_system(&f->entropy);
    read_clock(f);
    sim_heap_init(&f->heap, (void *)((char *)f + at->cells), config->net.modem_count);
    for (uint32_t i = 0; i < config->net.modem_count && status == 0; i++)
        status = start_modem(f, i);
    if (status != 0)
        return status;
    f->net = fleet_net_start((char *)f + at->net, &config->net);
    return f->net != NULL ? 0 : FLEET_E_SYSTEM;
}

static void unmap(struct fleet *f)
{
    const int why = errno;

    (void)munmap(f, f->size);
    errno = why;
}

int fleet_open(struct fleet **fleet, const struct fleet_config *config)
{
    struct layout at;
    struct fleet *f = NULL;
    int status = 0;

    *fleet = NULL;
    if (config->net.modem_count == 0 || config->net.modem_count >= FLEET_MODEM_LIMIT)
        return ATC_E_CONFIG;
    at = lay_out(&config->net);
    f = map(&at);
    if (f == NULL)
        return FLEET_E_SYSTEM;
    status = start(f, config, &at);
    if (status != 0)
        unmap(f);
    else
        *fleet = f;
    return status;
}

void fleet_close(struct fleet *f)
{
    fleet_net_stop(f->net);
    unmap(f);
}
