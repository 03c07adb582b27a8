/* SPDX-License-Identifier: MIT */
#include "fleet_net.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "addr.h"

enum {
    EVENT_MAX = 256,       /* sockets that one epoll_wait() tells of */
    BATCH_BYTES = 65536,   /* of the datagrams in the batch */
    TRIES = 2,             /* of a datagram in whose place an older one's ICMP error was told */
    BUFFER_LEN = 32 << 20, /* of a shared socket, each way, as far as the system allows */
    DATA_LEN = ATC_MESSAGE_MAX + 1 /* one more: too long is for the modem to tell */
};

_Static_assert(BATCH_BYTES >= ATC_MESSAGE_MAX, "a datagram finds room in an empty batch");
_Static_assert(ATC_SESSION_MAX <= 8, "a client's number has three bits in a key");

/* The socket of a client. */
struct endpoint {
    int32_t socket; /* FLEET_SOCKETS: its descriptor, FLEET_SHARED: which one; NONE: closed */
    bool connected; /* it has one peer */
    bool mapped;    /* both families: IPv4 goes as ::ffff:a.b.c.d */
};

enum { NONE = -1 };

/* A socket of all modems: the first ATC_SESSION_MAX serve the clients of that number that did not
 * choose a port, the others one chosen port each. */
struct shared {
    int fd;         /* NONE: not open */
    uint16_t port;  /* the chosen one */
    uint32_t users; /* clients */
};

enum { SHARED_MAX = ATC_SESSION_MAX + FLEET_CHOSEN_PORT_MAX };

/* One that leaves. */
struct parcel {
    uint64_t key; /* of its socket */
    uint32_t modem, order;
    int fd;
    enum atc_cause cause;
};

/* Control data: the address on our side. */
union control {
    struct cmsghdr align;
    uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

/* A batch of datagrams as the system wants it. */
struct batch {
    struct mmsghdr messages[FLEET_BATCH];
    struct iovec pieces[FLEET_BATCH];
    struct sockaddr_storage names[FLEET_BATCH];
    union control controls[FLEET_BATCH];
};

struct leaving {
    struct batch batch;
    struct parcel parcels[FLEET_BATCH];
    unsigned count; /* in the batch; */
    unsigned done;  /* the system has answered for so many of these, */
    unsigned told;  /* and so many answers were told */
    size_t len;     /* of bytes */
    bool blocked;   /* the socket of parcel done is full */
    uint8_t bytes[BATCH_BYTES];
};

struct coming {
    struct batch batch;
    uint64_t key; /* of the socket it came through */
    unsigned count, next;
    struct epoll_event events[EVENT_MAX];
    unsigned event_count, event_next;
    uint8_t bytes[FLEET_BATCH][DATA_LEN + 63u]; /* not a power of two: these share a cache */
};

struct fleet_net {
    struct fleet_net_config config;
    struct fleet_net_counts counts;
    int epoll;
    struct shared shared[SHARED_MAX];
    struct leaving out;
    struct coming in;
    struct endpoint endpoints[]; /* ATC_SESSION_MAX for each modem */
};

/* --- keys: what epoll says of a socket -------------------------------------------------------- */

static const uint64_t SHARED_KEY = 1ull << 63;

static uint64_t endpoint_key(uint32_t modem, unsigned session)
{
    return (uint64_t)modem << 3 | session;
}

static struct endpoint *endpoint_of(struct fleet_net *net, uint32_t modem, unsigned session)
{
    return &net->endpoints[(size_t)modem * ATC_SESSION_MAX + session];
}

static bool is_shared(const struct fleet_net *net)
{
    return net->config.endpoints == FLEET_SHARED;
}

static int descriptor(const struct fleet_net *net, const struct endpoint *e)
{
    return is_shared(net) ? net->shared[e->socket].fd : e->socket;
}

/* --- addresses -------------------------------------------------------------------------------- */

/* The last four bytes of an address count the modems. */
static uint8_t *tail_of(struct atc_addr *addr)
{
    return addr->ip + (addr->family == ATC_FAMILY_IPV6 ? 12 : 0);
}

static uint32_t load(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void store(uint8_t *p, uint32_t number)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(number >> (24 - 8 * i));
}

static struct atc_addr address_of(const struct fleet_net *net, uint32_t modem)
{
    struct atc_addr addr = net->config.first;
    uint8_t *tail = tail_of(&addr);

    store(tail, load(tail) + modem);
    return addr;
}

/* Which modem has that address. Returns modem_count if none has. */
static uint32_t modem_at(const struct fleet_net *net, struct atc_addr *addr)
{
    struct atc_addr first = net->config.first;
    uint32_t modem = net->config.modem_count;

    if (addr->family != first.family)
        return modem;
    if (first.family == ATC_FAMILY_IPV6 && memcmp(addr->ip, first.ip, 12) != 0)
        return modem;
    modem = load(tail_of(addr)) - load(tail_of(&first));
    return modem < net->config.modem_count ? modem : net->config.modem_count;
}

/* Write the address that a datagram leaves from. */
static void put_source(struct msghdr *message, union control *control,
                       const struct atc_addr *source)
{
    const bool v4 = source->family == ATC_FAMILY_IPV4;
    struct in_pktinfo info4 = {0};
    struct in6_pktinfo info6 = {.ipi6_ifindex = source->scope};
    const size_t len = v4 ? sizeof info4 : sizeof info6;
    struct cmsghdr *head = &control->align;

    memcpy(&info4.ipi_spec_dst, source->ip, sizeof info4.ipi_spec_dst);
    memcpy(&info6.ipi6_addr, source->ip, sizeof info6.ipi6_addr);
    head->cmsg_level = v4 ? IPPROTO_IP : IPPROTO_IPV6;
    head->cmsg_type = v4 ? IP_PKTINFO : IPV6_PKTINFO;
    head->cmsg_len = CMSG_LEN(len);
    memcpy(CMSG_DATA(head), v4 ? (const void *)&info4 : (const void *)&info6, len);
    message->msg_control = control->bytes;
    message->msg_controllen = CMSG_SPACE(len);
}

/* Read the address that a datagram came to. */
static struct atc_addr get_target(struct msghdr *message)
{
    const struct cmsghdr *head = CMSG_FIRSTHDR(message);
    struct atc_addr target = {.family = ATC_FAMILY_NONE};
    struct in_pktinfo info4;
    struct in6_pktinfo info6;

    if (head == NULL)
        return target;
    if (head->cmsg_level == IPPROTO_IP && head->cmsg_type == IP_PKTINFO) {
        memcpy(&info4, CMSG_DATA(head), sizeof info4);
        memcpy(target.ip, &info4.ipi_addr, sizeof info4.ipi_addr);
        target.family = ATC_FAMILY_IPV4;
    } else if (head->cmsg_level == IPPROTO_IPV6 && head->cmsg_type == IPV6_PKTINFO) {
        memcpy(&info6, CMSG_DATA(head), sizeof info6);
        memcpy(target.ip, &info6.ipi6_addr, sizeof info6.ipi6_addr);
        target.family = ATC_FAMILY_IPV6;
    }
    return target;
}

/* --- sockets ---------------------------------------------------------------------------------- */

static bool set(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof value) == 0;
}

/* A socket at that address, of that device. Returns -1, with errno. */
static int bind_socket(const struct fleet_net *net, const struct atc_addr *local)
{
    struct sockaddr_storage name;
    const socklen_t len = addr_to_sockaddr(&name, local, false);
    const char *device = net->config.device;
    const int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error;

    if (fd < 0)
        return -1;
    if (local->family == ATC_FAMILY_IPV6)
        (void)set(fd, IPPROTO_IPV6, IPV6_V6ONLY, net->config.first.family != ATC_FAMILY_NONE);
    if ((device == NULL ||
         setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device)) == 0) &&
        bind(fd, (struct sockaddr *)&name, len) == 0)
        return fd;
    error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}

/* Tell epoll of a socket, which is closed if that fails. */
static int watch(struct fleet_net *net, int fd, uint64_t key)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = key};

    if (fd < 0 || epoll_ctl(net->epoll, EPOLL_CTL_ADD, fd, &event) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* The address "any" of a family. */
static struct atc_addr any_address(uint8_t family, uint16_t port)
{
    const struct atc_addr any = {.family = family, .port = port};

    return any;
}

/* Say with each datagram where it came to; keep many until they are read. */
static bool prepare_shared(int fd, uint8_t family)
{
    (void)set(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_LEN);
    (void)set(fd, SOL_SOCKET, SO_SNDBUF, BUFFER_LEN);
    return family == ATC_FAMILY_IPV4 ? set(fd, IPPROTO_IP, IP_PKTINFO, 1)
                                     : set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

static bool open_shared(struct fleet_net *net, unsigned index, uint16_t port)
{
    const uint8_t family = net->config.first.family;
    const struct atc_addr any = any_address(family, port);
    const int fd = bind_socket(net, &any);

    if (fd >= 0 && !prepare_shared(fd, family)) {
        (void)close(fd);
        return false;
    }
    net->shared[index].fd = watch(net, fd, SHARED_KEY | index);
    net->shared[index].port = port;
    return net->shared[index].fd >= 0;
}

/* The shared socket for a client, opened if need be. Returns NONE if there is none. */
static int32_t find_shared(struct fleet_net *net, uint8_t session, uint16_t port)
{
    int32_t unused = NONE;

    if (port == 0)
        return net->shared[session].fd >= 0 || open_shared(net, session, 0) ? session : NONE;
    for (int32_t i = ATC_SESSION_MAX; i < SHARED_MAX; i++) {
        if (net->shared[i].fd < 0)
            unused = i;
        else if (net->shared[i].port == port)
            return i;
    }
    return unused != NONE && open_shared(net, (unsigned)unused, port) ? unused : NONE;
}

static enum atc_cause join_shared(struct fleet_net *net, struct endpoint *e, uint8_t session,
                                  uint16_t port, const struct atc_addr *peer)
{
    if (peer != NULL && peer->family != net->config.first.family)
        return ATC_CAUSE_SOCKET;
    e->socket = find_shared(net, session, port);
    if (e->socket == NONE)
        return ATC_CAUSE_SOCKET;
    net->shared[e->socket].users++;
    return ATC_OK;
}

/* A port that was chosen is given back with its last user. */
static void leave_shared(struct fleet_net *net, struct endpoint *e)
{
    struct shared *shared = &net->shared[e->socket];

    shared->users--;
    if (e->socket < ATC_SESSION_MAX || shared->users > 0)
        return;
    (void)close(shared->fd);
    shared->fd = NONE;
}

/* The address for a socket of one's own. */
static struct atc_addr local_address(const struct fleet_net *net, uint32_t modem, uint16_t port,
                                     const struct atc_addr *peer)
{
    struct atc_addr local;

    if (net->config.first.family == ATC_FAMILY_NONE)
        return any_address(peer != NULL ? peer->family : ATC_FAMILY_IPV6, port);
    local = address_of(net, modem);
    local.port = port;
    return local;
}

static bool connect_to(int fd, const struct atc_addr *peer)
{
    struct sockaddr_storage name;
    const socklen_t len = addr_to_sockaddr(&name, peer, false);

    return connect(fd, (struct sockaddr *)&name, len) == 0;
}

static bool is_multicast(const struct atc_addr *addr)
{
    return addr->family == ATC_FAMILY_IPV4 ? (addr->ip[0] & 0xF0u) == 0xE0u : addr->ip[0] == 0xFFu;
}

/* A socket of a modem's own. Without an address of its own, and for peers that are not known yet, it is
 * one of both families, where the system has them. */
static int own_socket(const struct fleet_net *net, struct endpoint *e, uint32_t modem,
                      uint16_t port, const struct atc_addr *peer)
{
    struct atc_addr local = local_address(net, modem, port, peer);
    int fd = -1;

    if (peer != NULL && peer->family != local.family)
        return -1;
    fd = bind_socket(net, &local);
    e->mapped = fd >= 0 && peer == NULL && net->config.first.family == ATC_FAMILY_NONE;
    if (fd < 0 && errno == EAFNOSUPPORT && peer == NULL) {
        local.family = ATC_FAMILY_IPV4;
        fd = bind_socket(net, &local);
    }
    return fd;
}

/* A connected socket spares the system the search for a way with each datagram; a group's members
 * answer from addresses of their own. */
static enum atc_cause open_own(struct fleet_net *net, struct endpoint *e, uint64_t key, int fd,
                               const struct atc_addr *peer)
{
    e->connected = peer != NULL && !is_multicast(peer);
    if (fd >= 0 && e->connected && !connect_to(fd, peer)) {
        (void)close(fd);
        return ATC_CAUSE_SOCKET;
    }
    e->socket = watch(net, fd, key);
    return e->socket >= 0 ? ATC_OK : ATC_CAUSE_SOCKET;
}

enum atc_cause fleet_net_open(struct fleet_net *net, uint32_t modem, uint8_t session, uint16_t port,
                              const struct atc_addr *peer)
{
    struct endpoint *e = endpoint_of(net, modem, session);

    fleet_net_close(net, modem, session);
    *e = (struct endpoint){.socket = NONE};
    if (is_shared(net))
        return join_shared(net, e, session, port, peer);
    return open_own(net, e, endpoint_key(modem, session), own_socket(net, e, modem, port, peer),
                    peer);
}

void fleet_net_close(struct fleet_net *net, uint32_t modem, uint8_t session)
{
    struct endpoint *e = endpoint_of(net, modem, session);

    if (e->socket == NONE)
        return;
    if (is_shared(net))
        leave_shared(net, e);
    else
        (void)close(e->socket);
    e->socket = NONE;
}

bool fleet_net_address(const struct fleet_net *net, uint32_t modem, uint8_t session,
                       struct atc_addr *addr)
{
    const struct endpoint *e = &net->endpoints[(size_t)modem * ATC_SESSION_MAX + session];
    struct sockaddr_storage name;
    socklen_t len = sizeof name;
    uint16_t port = 0;

    if (e->socket == NONE || getsockname(descriptor(net, e), (struct sockaddr *)&name, &len) != 0)
        return false;
    addr_from_sockaddr(addr, (struct sockaddr *)&name);
    port = addr->port;
    if (is_shared(net))
        *addr = address_of(net, modem);
    addr->port = port;
    return true;
}

/* --- out -------------------------------------------------------------------------------------- */

bool fleet_net_has_room(const struct fleet_net *net)
{
    const struct leaving *out = &net->out;

    return out->count < FLEET_BATCH && sizeof out->bytes - out->len >= ATC_MESSAGE_MAX;
}

/* Address a message of the batch. */
static void address_message(const struct fleet_net *net, struct leaving *out, unsigned index,
                            uint32_t modem, const struct endpoint *e, const struct atc_addr *peer)
{
    struct msghdr *message = &out->batch.messages[index].msg_hdr;

    *message = (struct msghdr){.msg_iov = &out->batch.pieces[index], .msg_iovlen = 1};
    if (e->connected)
        return;
    message->msg_name = &out->batch.names[index];
    message->msg_namelen = addr_to_sockaddr(&out->batch.names[index], peer, e->mapped);
    if (is_shared(net)) {
        const struct atc_addr source = address_of(net, modem);

        put_source(message, &out->batch.controls[index], &source);
    }
}

enum atc_cause fleet_net_put(struct fleet_net *net, uint32_t modem, const struct atc_order *order)
{
    const struct endpoint *e = endpoint_of(net, modem, order->session);
    struct leaving *out = &net->out;
    const unsigned index = out->count;

    if (e->socket == NONE)
        return ATC_CAUSE_SOCKET;
    if (is_shared(net) && order->peer.family != net->config.first.family)
        return ATC_CAUSE_SEND;
    address_message(net, out, index, modem, e, &order->peer);
    memcpy(out->bytes + out->len, order->data, order->len);
    out->batch.pieces[index].iov_base = out->bytes + out->len;
    out->batch.pieces[index].iov_len = order->len;
    out->len += order->len;
    out->parcels[index] = (struct parcel){
        .key = is_shared(net) ? SHARED_KEY | (uint64_t)e->socket
                              : endpoint_key(modem, order->session),
        .modem = modem,
        .order = order->id,
        .fd = descriptor(net, e),
    };
    out->count++;
    return ATC_OK;
}

/* Whether to be told of room in the socket that the batch waits for. */
static void watch_room(struct fleet_net *net, bool blocked)
{
    const struct parcel *p = &net->out.parcels[net->out.done];
    struct epoll_event event = {.events = blocked ? EPOLLIN | EPOLLOUT : EPOLLIN,
                                .data.u64 = p->key};

    (void)epoll_ctl(net->epoll, EPOLL_CTL_MOD, p->fd, &event);
    net->out.blocked = blocked;
    net->counts.waits += blocked;
}

/* How many from done on leave through one socket. */
static unsigned run_length(const struct leaving *out)
{
    unsigned n = 1;

    while (out->done + n < out->count &&
           out->parcels[out->done + n].fd == out->parcels[out->done].fd)
        n++;
    return n;
}

/* Send the next ones of one socket. Returns how many left, or -1. A connected socket tells of an ICMP
 * error in place of sending, and once. */
static int send_run(struct leaving *out)
{
    const unsigned len = run_length(out);
    int sent = -1;

    for (unsigned tries = 0; sent < 0 && tries < TRIES; tries++) {
        do {
            sent = sendmmsg(out->parcels[out->done].fd, out->batch.messages + out->done, len, 0);
        } while (sent < 0 && errno == EINTR);
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
    }
    return sent;
}

/* Of messages that the system refuses the first one fails, and the others have another try. */
void fleet_net_flush(struct fleet_net *net)
{
    struct leaving *out = &net->out;

    while (!out->blocked && out->done < out->count) {
        const int sent = send_run(out);

        if (sent > 0) {
            out->done += (unsigned)sent;
            net->counts.sent += (unsigned)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            watch_room(net, true);
        } else {
            out->parcels[out->done].cause = ATC_CAUSE_SEND;
            out->done++;
            net->counts.failed++;
        }
    }
}

bool fleet_net_sent(struct fleet_net *net, struct fleet_sent *sent)
{
    struct leaving *out = &net->out;

    if (out->told == out->done) {
        if (out->told == out->count)
            out->count = out->done = out->told = 0, out->len = 0;
        return false;
    }
    sent->modem = out->parcels[out->told].modem;
    sent->order = out->parcels[out->told].order;
    sent->cause = out->parcels[out->told].cause;
    out->told++;
    return true;
}

/* --- in --------------------------------------------------------------------------------------- */

void fleet_net_wait(struct fleet_net *net, int timeout_ms)
{
    struct coming *in = &net->in;
    const int count = epoll_wait(net->epoll, in->events, EVENT_MAX, timeout_ms);

    in->event_count = count > 0 ? (unsigned)count : 0;
    in->event_next = 0;
}

/* Make a message of the batch ready to be received into. */
static void empty_message(struct fleet_net *net, unsigned index)
{
    struct coming *in = &net->in;
    struct msghdr *message = &in->batch.messages[index].msg_hdr;

    in->batch.pieces[index].iov_base = in->bytes[index];
    in->batch.pieces[index].iov_len = DATA_LEN;
    *message = (struct msghdr){.msg_iov = &in->batch.pieces[index], .msg_iovlen = 1};
    message->msg_name = &in->batch.names[index];
    message->msg_namelen = sizeof in->batch.names[index];
    if (is_shared(net)) {
        message->msg_control = in->batch.controls[index].bytes;
        message->msg_controllen = sizeof in->batch.controls[index].bytes;
    }
}

/* Receive up to max datagrams from one socket. What more it has it says again. */
static void receive(struct fleet_net *net, int fd, unsigned max)
{
    struct coming *in = &net->in;
    int got = -1;

    do {
        got = recvmmsg(fd, in->batch.messages, max, MSG_DONTWAIT, NULL);
    } while (got < 0 && errno == EINTR);
    in->count = got > 0 ? (unsigned)got : 0;
    in->next = 0;
    net->counts.received += in->count;
}

/* Receive from a socket that has something, or room. */
static void serve(struct fleet_net *net, const struct epoll_event *event)
{
    const uint64_t key = event->data.u64;
    const struct endpoint *e = NULL;

    if ((event->events & EPOLLOUT) != 0 && net->out.blocked)
        watch_room(net, false);
    net->in.key = key;
    if ((key & SHARED_KEY) != 0) {
        receive(net, net->shared[key & ~SHARED_KEY].fd, FLEET_BATCH);
        return;
    }
    e = &net->endpoints[(key >> 3) * ATC_SESSION_MAX + (key & 7u)];
    if (e->socket != NONE)
        receive(net, e->socket, 1);
}

/* The client that a datagram is for. Returns false if there is none. */
static bool find_client(struct fleet_net *net, struct fleet_datagram *d, struct msghdr *message)
{
    const int32_t socket = (int32_t)(net->in.key & ~SHARED_KEY);
    struct atc_addr target;

    if (!is_shared(net)) {
        d->modem = (uint32_t)(net->in.key >> 3);
        d->session = net->in.key & 7u;
        return true;
    }
    target = get_target(message);
    d->modem = modem_at(net, &target);
    if (d->modem == net->config.modem_count)
        return false;
    for (d->session = 0; d->session < ATC_SESSION_MAX; d->session++) {
        if (endpoint_of(net, d->modem, d->session)->socket == socket)
            return true;
    }
    return false;
}

/* Read the next datagram of the batch. Returns false if it is for nobody. */
static bool take(struct fleet_net *net, struct fleet_datagram *d)
{
    struct coming *in = &net->in;
    const unsigned index = in->next++;
    struct mmsghdr *message = &in->batch.messages[index];
    const bool known = find_client(net, d, &message->msg_hdr);

    d->data = in->bytes[index];
    d->len = message->msg_len;
    addr_from_sockaddr(&d->peer, message->msg_hdr.msg_name);
    empty_message(net, index);
    net->counts.strays += !known;
    return known;
}

bool fleet_net_next(struct fleet_net *net, struct fleet_datagram *datagram)
{
    struct coming *in = &net->in;

    for (;;) {
        while (in->next < in->count) {
            if (take(net, datagram))
                return true;
        }
        if (in->event_next == in->event_count)
            return false;
        serve(net, &in->events[in->event_next++]);
    }
}

const struct fleet_net_counts *fleet_net_counts(const struct fleet_net *net)
{
    return &net->counts;
}

/* --- start ------------------------------------------------------------------------------------ */

size_t fleet_net_size(const struct fleet_net_config *config)
{
    return offsetof(struct fleet_net, endpoints) +
           (size_t)config->modem_count * ATC_SESSION_MAX * sizeof(struct endpoint);
}

/* Whether sockets of this machine can have a modem's address. */
static bool can_bind(const struct fleet_net *net, uint32_t modem)
{
    const struct atc_addr local = local_address(net, modem, 0, NULL);
    const int fd = bind_socket(net, &local);

    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

/* Whether the addresses are all of the family, which is asked for where it is needed. */
static bool has_addresses(const struct fleet_net_config *config)
{
    struct atc_addr first = config->first;

    if (first.family == ATC_FAMILY_NONE)
        return config->endpoints == FLEET_SOCKETS;
    return load(tail_of(&first)) <= UINT32_MAX - config->modem_count;
}

struct fleet_net *fleet_net_start(void *memory, const struct fleet_net_config *config)
{
    struct fleet_net *net = memory;

    errno = EINVAL;
    if (config->modem_count == 0 || !has_addresses(config))
        return NULL;
    memset(net, 0, offsetof(struct fleet_net, endpoints));
    net->config = *config;
    net->config.first.port = 0;
    for (size_t i = 0; i < (size_t)config->modem_count * ATC_SESSION_MAX; i++)
        net->endpoints[i] = (struct endpoint){.socket = NONE};
    for (unsigned i = 0; i < SHARED_MAX; i++)
        net->shared[i].fd = NONE;
    for (unsigned i = 0; i < FLEET_BATCH; i++)
        empty_message(net, i);
    if (config->first.family != ATC_FAMILY_NONE &&
        (!can_bind(net, 0) || !can_bind(net, config->modem_count - 1u)))
        return NULL;
    net->epoll = epoll_create1(EPOLL_CLOEXEC);
    return net->epoll >= 0 ? net : NULL;
}

void fleet_net_stop(struct fleet_net *net)
{
    for (uint32_t modem = 0; modem < net->config.modem_count; modem++) {
        for (uint8_t session = 0; session < ATC_SESSION_MAX; session++)
            fleet_net_close(net, modem, session);
    }
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++) {
        if (net->shared[i].fd != NONE)
            (void)close(net->shared[i].fd);
    }
    (void)close(net->epoll);
}
