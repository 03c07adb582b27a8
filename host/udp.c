/* SPDX-License-Identifier: MIT */
#include "udp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29 /* linux/in6.h */
#endif

struct udp_socket {
    uv_udp_t handle;
    struct udp *udp;
    uint8_t session;
    uint32_t generation;              /* see struct sim_datagram */
    bool mapped;                      /* both families: IPv4 goes as ::ffff:a.b.c.d */
    bool secured;                     /* it carries DTLS */
    struct atc_addr local, local_for; /* what that peer sees as our address; for records */
};

/* The address the system sends from to reach peer, without sending: *local is left as it is if it
 * does not say. */
static void find_source(struct atc_addr *local, const struct atc_addr *peer)
{
    struct sockaddr_storage name;
    socklen_t len = addr_to_sockaddr(&name, peer, false);
    const int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return;
    if (connect(fd, (struct sockaddr *)&name, len) == 0) {
        len = sizeof name;
        if (getsockname(fd, (struct sockaddr *)&name, &len) == 0)
            addr_from_sockaddr(local, (struct sockaddr *)&name);
    }
    (void)close(fd);
}

/* What that peer sees as this socket's address, as far as this machine knows. A socket for any
 * address has one for each peer; the last one is remembered. */
static const struct atc_addr *local_of(struct udp_socket *socket, const struct atc_addr *peer)
{
    struct sockaddr_storage name;
    int len = sizeof name;
    uint16_t port = 0;

    if (memcmp(&socket->local_for, peer, sizeof *peer) == 0)
        return &socket->local;
    socket->local_for = *peer;
    memset(&socket->local, 0, sizeof socket->local);
    if (uv_udp_getsockname(&socket->handle, (struct sockaddr *)&name, &len) == 0)
        addr_from_sockaddr(&socket->local, (struct sockaddr *)&name);
    port = socket->local.port;
    if (socket->udp->bind.family == ATC_FAMILY_NONE)
        find_source(&socket->local, peer);
    socket->local.port = port;
    return &socket->local;
}

/* What the link has done with a datagram. */
static void on_verdict(void *ctx, const struct sim_verdict *v)
{
    const struct udp *udp = ctx;
    struct udp_socket *socket = udp->sockets[v->session];
    struct record_end end = {.secured = socket != NULL && socket->secured};

    if (udp->record == NULL)
        return;
    if (socket != NULL)
        end.local = *local_of(socket, &v->peer);
    record_verdict(udp->record, v, &end);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    const struct udp_socket *socket = handle->data;

    (void)suggested;
    *buf = uv_buf_init(socket->udp->buffer, sizeof socket->udp->buffer);
}

static void log_arrival(const struct udp *udp, const struct udp_socket *socket,
                        const struct atc_event *event)
{
    if (socket->secured)
        log_record(udp->log, LOG_IN, event->session, &event->peer, event->len);
    else
        log_datagram(udp->log, LOG_IN, event->session, &event->peer, event->data, event->len);
}

/* Over the link, if there is one. */
static void bring_in(struct udp *udp, const struct atc_event *event)
{
    struct sim_parcel parcel = {.direction = SIM_DOWN,
                                .session = event->session,
                                .from = event->peer,
                                .data = event->data,
                                .len = event->len};

    if (!air_carry(udp->air, &parcel))
        return;
    air_end(udp->air, &parcel, true);
    udp->on_event(udp->ctx, event);
}

static void on_datagram(uv_udp_t *handle, ssize_t len, const uv_buf_t *buf,
                        const struct sockaddr *from, unsigned flags)
{
    struct udp_socket *socket = handle->data;
    struct udp *udp = socket->udp;
    struct atc_event event = {.kind = ATC_EVENT_DATAGRAM};

    (void)flags;
    if (len < 0) {
        log_detail(udp->log, "client %u: %s", socket->session, uv_strerror((int)len));
        return;
    }
    if (from == NULL)
        return; /* nothing more to read */
    event.session = socket->session;
    event.data = (const uint8_t *)buf->base;
    event.len = (size_t)len;
    addr_from_sockaddr(&event.peer, from);
    log_arrival(udp, socket, &event);
    bring_in(udp, &event);
}

/* The kernel hands a group's datagrams to sockets that never joined it, unless
 * told not to. Without them no datagram here was sent to a group, and the
 * core's multicast flag stays false. */
static void refuse_groups(int fd, bool v6)
{
    const int off = 0;

    (void)setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off);
    if (v6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, &off, sizeof off);
}

/* A bound descriptor, or a negative errno. */
static int bind_fd(const struct atc_addr *local, bool both)
{
    const bool v6 = local->family == ATC_FAMILY_IPV6;
    const int only = both ? 0 : 1;
    struct sockaddr_storage name;
    const socklen_t len = addr_to_sockaddr(&name, local, false);
    const int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int error = 0;

    if (fd < 0)
        return -errno;
    refuse_groups(fd, v6);
    if ((!v6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) == 0) &&
        bind(fd, (const struct sockaddr *)&name, len) == 0)
        return fd;
    error = errno;
    (void)close(fd);
    return -error;
}

bool udp_can_bind(const struct atc_addr *address)
{
    struct atc_addr local = *address;
    int fd;

    local.port = 0;
    fd = bind_fd(&local, false);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

/* Both families in one socket where the system has IPv6, else IPv4 alone. */
static int bind_any(uint16_t port, bool *mapped)
{
    const struct atc_addr any6 = {.family = ATC_FAMILY_IPV6, .port = port};
    const struct atc_addr any4 = {.family = ATC_FAMILY_IPV4, .port = port};
    const int fd = bind_fd(&any6, true);

    *mapped = fd >= 0;
    if (fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL || fd == -EPROTONOSUPPORT)
        return bind_fd(&any4, false);
    return fd;
}

static int bind_port(const struct udp *udp, uint16_t port, bool *mapped)
{
    struct atc_addr local = udp->bind;

    if (local.family == ATC_FAMILY_NONE)
        return bind_any(port, mapped);
    *mapped = false;
    local.port = port;
    return bind_fd(&local, false);
}

static void say_why(const struct udp *udp, uint16_t port, int error)
{
    char text[ADDR_TEXT_MAX];

    if (port == 0) {
        addr_text(text, &udp->bind);
        log_note("no UDP socket on %s: %s",
                 udp->bind.family == ATC_FAMILY_NONE ? "any address" : text, strerror(error));
        return;
    }
    log_note("local UDP port %u: %s; --local-port=any takes a free port "
             "instead, which the AT side does not see",
             (unsigned)port, strerror(error));
}

static void free_socket(uv_handle_t *handle)
{
    free(handle->data);
}

/* A socket that receives on fd, which is closed on failure. */
static struct udp_socket *start_socket(struct udp *udp, int fd)
{
    struct udp_socket *socket = calloc(1, sizeof *socket);
    bool opened = false;

    if (socket == NULL || uv_udp_init(udp->uv, &socket->handle) != 0) {
        free(socket);
        (void)close(fd);
        return NULL;
    }
    socket->udp = udp;
    socket->handle.data = socket;
    opened = uv_udp_open(&socket->handle, fd) == 0;
    if (opened && uv_udp_recv_start(&socket->handle, on_room, on_datagram) == 0)
        return socket;
    if (!opened)
        (void)close(fd);
    uv_close((uv_handle_t *)&socket->handle, free_socket);
    return NULL;
}

/* A socket for a client, at that local port or 0. Returns NULL after saying why. */
static struct udp_socket *open_socket(struct udp *udp, uint8_t session, uint16_t port)
{
    struct udp_socket *socket = NULL;
    bool mapped = false;
    const int fd = bind_port(udp, port, &mapped);

    if (fd < 0) {
        say_why(udp, port, -fd);
        return NULL;
    }
    socket = start_socket(udp, fd);
    if (socket == NULL)
        return NULL;
    socket->session = session;
    socket->mapped = mapped;
    return socket;
}

enum atc_cause udp_open(struct udp *udp, const struct atc_order *order)
{
    const bool exact = order->kind == ATC_ORDER_BIND && udp->local_port == UDP_PORT_EXACT;
    struct udp_socket *socket = NULL;

    if (order->session >= ATC_SESSION_MAX)
        return ATC_CAUSE_SOCKET;
    udp_close(udp, order->session);
    socket = open_socket(udp, order->session, exact ? order->peer.port : 0);
    if (socket == NULL)
        return ATC_CAUSE_SOCKET;
    socket->secured = order->kind == ATC_ORDER_OPEN && order->security != ATC_SECURITY_NONE;
    udp->sockets[order->session] = socket;
    return ATC_OK;
}

static void close_socket(struct udp_socket **socket)
{
    if (*socket != NULL)
        uv_close((uv_handle_t *)&(*socket)->handle, free_socket);
    *socket = NULL;
}

/* The link's address translator has given the client another port: so does this. The old port stays
 * open, for closing it would answer the server with an ICMP error, and no translator does. */
static void renew(struct udp *udp, unsigned session, uint32_t generation)
{
    struct udp_socket *old = udp->sockets[session];
    struct udp_socket *socket = open_socket(udp, (uint8_t)session, 0);

    old->generation = generation;
    if (socket == NULL)
        return; /* then the old port must do */
    socket->generation = generation;
    socket->secured = old->secured;
    close_socket(&udp->retired[session]);
    (void)uv_udp_recv_stop(&old->handle);
    udp->retired[session] = old;
    udp->sockets[session] = socket;
    log_detail(udp->log, "client %u: the link's address translator has given it another port",
               session);
}

/* The socket of a client, in its latest shape, or NULL. */
static struct udp_socket *find_socket(struct udp *udp, unsigned session, uint32_t generation)
{
    if (session >= ATC_SESSION_MAX || udp->sockets[session] == NULL)
        return NULL;
    if (udp->sockets[session]->generation < generation)
        renew(udp, session, generation);
    return udp->sockets[session];
}

static struct udp_waiting *free_place(struct udp *udp)
{
    for (size_t i = 0; i < UDP_QUEUE_MAX; i++) {
        if (!udp->waiting[i].taken)
            return &udp->waiting[i];
    }
    return NULL;
}

/* Also called with UV_ECANCELED when the socket closes first. */
static void on_sent(uv_udp_send_t *request, int status)
{
    struct udp_waiting *place = request->data;
    const struct atc_event done = {.kind = ATC_EVENT_DONE,
                                   .order = place->order,
                                   .cause = status == 0 ? ATC_OK : ATC_CAUSE_SEND};

    place->taken = false;
    place->udp->on_event(place->udp->ctx, &done);
}

/* The socket's buffer is full: keep the datagram until there is room. */
static bool wait_for_room(struct udp *udp, struct udp_socket *socket, const struct atc_order *order,
                          const struct sockaddr *to)
{
    struct udp_waiting *place = free_place(udp);
    uv_buf_t buf;

    if (place == NULL || order->len > sizeof place->data)
        return false;
    memcpy(place->data, order->data, order->len);
    buf = uv_buf_init((char *)place->data, (unsigned)order->len);
    place->udp = udp;
    place->request.data = place;
    if (uv_udp_send(&place->request, &socket->handle, &buf, 1, to, on_sent) != 0)
        return false;
    place->order = order->id;
    place->taken = true;
    return true;
}

/* Returns what uv_udp_try_send() returns. */
static int try_send(struct udp_socket *socket, const struct sockaddr_storage *to,
                    const uint8_t *data, size_t len)
{
    uv_buf_t buf = uv_buf_init((char *)(uintptr_t)data, (unsigned)len);
    const int sent = uv_udp_try_send(&socket->handle, &buf, 1, (const struct sockaddr *)to);

    if (sent < 0 && sent != UV_EAGAIN)
        log_detail(socket->udp->log, "client %u: not sent: %s", socket->session, uv_strerror(sent));
    return sent;
}

/* Ask the link, if there is one. Returns whether the datagram leaves now. */
static bool passes(struct udp *udp, struct sim_parcel *parcel, unsigned session,
                   const struct atc_addr *peer, const uint8_t *data, size_t len)
{
    *parcel = (struct sim_parcel){
        .direction = SIM_UP, .session = (uint8_t)session, .to = *peer, .data = data, .len = len};
    return air_carry(udp->air, parcel);
}

/* A datagram that the link has let through, or one of no order: it finds room now or is lost. */
static bool send_now(struct udp *udp, unsigned session, uint32_t generation,
                     const struct atc_addr *peer, const uint8_t *data, size_t len)
{
    struct udp_socket *socket = find_socket(udp, session, generation);
    struct sockaddr_storage to;

    if (socket == NULL || addr_to_sockaddr(&to, peer, socket->mapped) == 0)
        return false;
    return try_send(socket, &to, data, len) >= 0;
}

/* Returns as udp_send() does. */
static bool send_order(struct udp *udp, const struct atc_order *order, uint32_t generation,
                       enum atc_cause *cause)
{
    struct udp_socket *socket = find_socket(udp, order->session, generation);
    struct sockaddr_storage to;
    int sent = 0;

    (void)addr_to_sockaddr(&to, &order->peer, socket->mapped);
    sent = try_send(socket, &to, order->data, order->len);
    *cause = sent >= 0 ? ATC_OK : ATC_CAUSE_SEND;
    return sent != UV_EAGAIN || !wait_for_room(udp, socket, order, (const struct sockaddr *)&to);
}

bool udp_send(struct udp *udp, const struct atc_order *order, enum atc_cause *cause)
{
    struct udp_socket *socket = find_socket(udp, order->session, 0);
    struct sim_parcel parcel;
    struct sockaddr_storage to;
    bool done = true;

    *cause = ATC_CAUSE_SOCKET;
    if (socket == NULL)
        return true;
    *cause = ATC_CAUSE_SEND;
    if (addr_to_sockaddr(&to, &order->peer, socket->mapped) == 0)
        return true;
    log_datagram(udp->log, LOG_OUT, order->session, &order->peer, order->data, order->len);
    *cause = ATC_OK; /* what the link keeps or loses has left the module */
    if (!passes(udp, &parcel, order->session, &order->peer, order->data, order->len))
        return true;
    done = send_order(udp, order, parcel.generation, cause);
    air_end(udp->air, &parcel, !done || *cause == ATC_OK);
    return done;
}

void udp_put(struct udp *udp, unsigned session, const struct atc_addr *peer, const uint8_t *data,
             size_t len)
{
    struct sim_parcel parcel;

    if (find_socket(udp, session, 0) == NULL)
        return;
    log_record(udp->log, LOG_OUT, session, peer, len);
    if (passes(udp, &parcel, session, peer, data, len))
        air_end(udp->air, &parcel, send_now(udp, session, parcel.generation, peer, data, len));
}

void udp_inject(struct udp *udp, unsigned session, const struct atc_addr *peer, const uint8_t *data,
                size_t len)
{
    const struct atc_event event = {.kind = ATC_EVENT_DATAGRAM,
                                    .session = (uint8_t)session,
                                    .peer = *peer,
                                    .data = data,
                                    .len = len};

    log_arrival(udp, udp->sockets[session], &event);
    bring_in(udp, &event);
}

void udp_close(struct udp *udp, unsigned session)
{
    if (session >= ATC_SESSION_MAX || udp->sockets[session] == NULL)
        return;
    air_close(udp->air, session);
    close_socket(&udp->sockets[session]);
    close_socket(&udp->retired[session]);
}

/* --- what the link has kept ------------------------------------------------------------------- */

static bool on_leave(void *ctx, const struct sim_datagram *d)
{
    return send_now(ctx, d->session, d->generation, &d->to, d->data, d->len);
}

static bool has_client(void *ctx, unsigned session)
{
    const struct udp *udp = ctx;

    return udp->sockets[session] != NULL;
}

static void on_arrive(void *ctx, const struct sim_datagram *d)
{
    struct udp *udp = ctx;
    const struct atc_event event = {.kind = ATC_EVENT_DATAGRAM,
                                    .session = d->session,
                                    .peer = d->from,
                                    .data = d->data,
                                    .len = d->len};

    udp->on_event(udp->ctx, &event);
}

static void on_news(void *ctx, const struct atc_event *event)
{
    struct udp *udp = ctx;

    udp->on_event(udp->ctx, event);
}

/* --- start ------------------------------------------------------------------------------------ */

void udp_init(struct udp *udp, uv_loop_t *uv, struct air *air, const struct log *log,
              udp_event_call *on_event, void *ctx)
{
    memset(udp, 0, sizeof *udp);
    udp->uv = uv;
    udp->log = log;
    udp->on_event = on_event;
    udp->ctx = ctx;
    udp->air = air;
    air->leave = on_leave;
    air->has_client = has_client;
    air->arrive = on_arrive;
    air->tell = on_news;
    air->verdict = on_verdict;
    air->ctx = udp;
}
