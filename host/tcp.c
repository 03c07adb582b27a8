/* SPDX-License-Identifier: MIT */
#include "tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "options.h"
#include "status.h"

enum { BACKLOG = 8 };

struct place {
    char host[256];
    char port[8];
};

/* "PORT", ":PORT", "HOST:PORT" or "[IPv6]:PORT". Returns whether it is one. */
static bool split_place(struct place *out, const char *where)
{
    const char *colon = strrchr(where, ':');
    const char *port = colon == NULL ? where : colon + 1;
    const char *host = where;
    size_t len = colon == NULL ? 0 : (size_t)(colon - where);
    uint64_t number = 0;

    if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
        host++;
        len -= 2;
    } else if (memchr(host, ':', len) != NULL) {
        return false; /* an IPv6 address without brackets */
    }
    if (len >= sizeof out->host || !options_number(&number, port, UINT16_MAX))
        return false;
    (void)snprintf(out->host, sizeof out->host, "%.*s", (int)(len == 0 ? 9 : len),
                   len == 0 ? "127.0.0.1" : host);
    (void)snprintf(out->port, sizeof out->port, "%u", (unsigned)number);
    return true;
}

static int listen_on(const struct addrinfo *info)
{
    const int on = 1;
    const int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static int open_listener(const struct place *place, const char *where)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *info = NULL;
    const int error = getaddrinfo(place->host, place->port, &wanted, &info);
    int fd = -1;

    if (error != 0) {
        log_note("--tcp=%s: %s", where, gai_strerror(error));
        return -1;
    }
    fd = listen_on(info);
    if (fd < 0)
        log_note("--tcp=%s: %s; %s", where, strerror(errno),
                 errno == EADDRNOTAVAIL ? "give an address of this machine"
                                        : "--tcp=0 picks a free port");
    freeaddrinfo(info);
    return fd;
}

static void say_where(struct tcp *tcp)
{
    struct sockaddr_storage name = {0};
    socklen_t len = sizeof name;
    struct atc_addr addr;

    (void)getsockname(tcp->fd, (struct sockaddr *)&name, &len);
    addr_from_sockaddr(&addr, (const struct sockaddr *)&name);
    addr_text(tcp->place, &addr);
    log_note("tcp %s", tcp->place);
}

/* Let fd be the port's two descriptors. */
static void attach(struct tcp *tcp, int fd)
{
    const int on = 1;
    const int twin = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    int error = 0;

    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    if (twin < 0) {
        log_note("tcp client %s: %s", tcp->client, strerror(errno));
        (void)close(fd);
        tcp_next(tcp);
        return;
    }
    error = port_attach(tcp->port, fd, twin);
    if (error != 0) {
        log_note("tcp client %s: %s", tcp->client, uv_strerror(error));
        return;
    }
    log_note("tcp client %s", tcp->client);
    tcp->port->wake(tcp->port->ctx);
}

static void on_client(uv_poll_t *poll, int status, int events)
{
    struct tcp *tcp = poll->data;
    struct sockaddr_storage name = {0};
    socklen_t len = sizeof name;
    struct atc_addr addr;
    int fd = -1;

    (void)status;
    (void)events;
    fd = accept4(tcp->fd, (struct sockaddr *)&name, &len, SOCK_CLOEXEC);
    if (fd < 0)
        return; /* it gave up while it waited */
    (void)uv_poll_stop(&tcp->poll);
    tcp->waiting = false;
    addr_from_sockaddr(&addr, (const struct sockaddr *)&name);
    addr_text(tcp->client, &addr);
    attach(tcp, fd);
}

int tcp_open(struct tcp *tcp, struct port *port, uv_loop_t *uv, const char *where)
{
    struct place place;

    memset(tcp, 0, sizeof *tcp);
    tcp->fd = -1;
    tcp->port = port;
    if (!split_place(&place, where)) {
        log_note("--tcp=%s: give [HOST:]PORT, as in 7000, localhost:7000 or "
                 "[::1]:7000",
                 where);
        return STATUS_USAGE;
    }
    tcp->fd = open_listener(&place, where);
    if (tcp->fd < 0)
        return STATUS_SYSTEM;
    say_where(tcp);
    (void)uv_poll_init(uv, &tcp->poll, tcp->fd);
    tcp->poll.data = tcp;
    tcp_next(tcp);
    return STATUS_GOOD;
}

void tcp_next(struct tcp *tcp)
{
    if (tcp->fd < 0 || tcp->waiting)
        return;
    tcp->waiting = uv_poll_start(&tcp->poll, UV_READABLE, on_client) == 0;
}

void tcp_close(struct tcp *tcp)
{
    if (tcp->fd < 0)
        return;
    uv_close((uv_handle_t *)&tcp->poll, NULL);
    (void)close(tcp->fd);
    tcp->fd = -1;
}
