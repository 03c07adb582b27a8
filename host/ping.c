/* SPDX-License-Identifier: MIT */
#include "ping.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"

/* The ICMP header; the system fills in identifier and checksum. */
enum { HEADER_LEN = 8 };

void ping_init(struct ping *ping, uv_loop_t *uv, ping_answer *answer, void *ctx)
{
    memset(ping, 0, sizeof *ping);
    ping->uv = uv;
    ping->answer = answer;
    ping->ctx = ctx;
    ping->fd = -1;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

/* Forget the ping that is under way. Its handle outlives it until the loop has let it go. */
static void stop(struct ping *ping)
{
    if (ping->fd < 0)
        return;
    (void)uv_poll_stop(ping->poll);
    uv_close((uv_handle_t *)ping->poll, on_closed);
    ping->poll = NULL;
    (void)close(ping->fd);
    ping->fd = -1;
}

/* Hops left, as the system tells beside the data; 0: it does not. */
static uint32_t read_ttl(struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        int ttl;

        if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) ||
            (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT)) {
            memcpy(&ttl, CMSG_DATA(c), sizeof ttl);
            return (uint32_t)ttl;
        }
    }
    return 0;
}

/* Whether these bytes answer our request. The system hands over only what bears our identifier. */
static bool is_echo(const struct ping *ping, const uint8_t *data, ssize_t len)
{
    const uint8_t reply = ping->family == ATC_FAMILY_IPV4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;

    return len >= HEADER_LEN && data[0] == reply &&
           data[6] * 256u + data[7] == (unsigned)ping->sequence;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct ping *ping = poll->data;
    uint8_t data[HEADER_LEN + PING_SIZE_MAX];
    uint64_t beside[16];
    struct iovec part = {data, sizeof data};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = beside, .msg_controllen = sizeof beside};
    struct atc_event event = {.kind = ATC_EVENT_DONE, .order = ping->order};
    const ssize_t len = status < 0 ? -1 : recvmsg(ping->fd, &message, 0);

    (void)events;
    if (len < 0 && status == 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (len >= 0 && !is_echo(ping, data, len))
        return;
    event.cause = len < 0 ? ATC_CAUSE_SEND : ATC_OK;
    event.offset = (uint32_t)((uv_hrtime() - ping->sent_ns) / 1000000u);
    event.size = len < 0 ? 0 : read_ttl(&message);
    stop(ping);
    ping->answer(ping->ctx, &event);
}

static int open_socket(uint8_t family)
{
    const int on = 1;
    const bool v4 = family == ATC_FAMILY_IPV4;
    const int fd = socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                          v4 ? (int)IPPROTO_ICMP : (int)IPPROTO_ICMPV6);

    if (fd >= 0 && v4)
        (void)setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof on);
    else if (fd >= 0)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on);
    return fd;
}

static bool watch(struct ping *ping)
{
    ping->poll = malloc(sizeof *ping->poll);
    if (ping->poll == NULL)
        return false;
    if (uv_poll_init(ping->uv, ping->poll, ping->fd) != 0) {
        free(ping->poll);
        return false;
    }
    ping->poll->data = ping;
    (void)uv_poll_start(ping->poll, UV_READABLE, on_readable);
    return true;
}

static bool send_request(const struct ping *ping, const struct atc_order *order)
{
    uint8_t data[HEADER_LEN + PING_SIZE_MAX];
    const size_t len = order->limit < PING_SIZE_MAX ? order->limit : PING_SIZE_MAX;
    struct sockaddr_storage to;
    const socklen_t to_len = (socklen_t)addr_to_sockaddr(&to, &order->peer, false);

    memset(data, 0, sizeof data);
    data[0] = ping->family == ATC_FAMILY_IPV4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
    data[6] = (uint8_t)(ping->sequence >> 8);
    data[7] = (uint8_t)ping->sequence;
    return to_len > 0 && sendto(ping->fd, data, HEADER_LEN + len, 0, (struct sockaddr *)&to,
                                to_len) == (ssize_t)(HEADER_LEN + len);
}

enum atc_cause ping_send(struct ping *ping, const struct atc_order *order)
{
    stop(ping);
    ping->family = order->peer.family;
    ping->order = order->id;
    ping->sequence++;
    ping->fd = open_socket(ping->family);
    if (ping->fd < 0)
        return ATC_CAUSE_UNSUPPORTED;
    if (!watch(ping)) {
        (void)close(ping->fd);
        ping->fd = -1;
        return ATC_CAUSE_SEND;
    }
    ping->sent_ns = uv_hrtime();
    if (send_request(ping, order))
        return ATC_OK;
    stop(ping);
    return ATC_CAUSE_SEND;
}

void ping_close(struct ping *ping)
{
    stop(ping);
}
