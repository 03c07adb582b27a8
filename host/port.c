/* SPDX-License-Identifier: MIT */
#include "port.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool is_temporary(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/* Read once, if everything read before has been taken. */
static void fill(struct port *port)
{
    ssize_t got = 0;

    if (port->len != 0 || port->ended)
        return;
    got = read(port->in.fd, port->bytes, sizeof port->bytes);
    if (got > 0) {
        port->at = 0;
        port->len = (size_t)got;
    } else if (got == 0 || !is_temporary(errno)) {
        port->ended = true;
    }
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct port *port = poll->data;

    (void)events;
    if (status < 0) {
        /* libuv has stopped the watch: a connection was reset. */
        port->in.on = false;
        port->broken = true;
        port->ended = true;
    }
    fill(port);
    port->wake(port->ctx);
}

static void on_writable(uv_poll_t *poll, int status, int events)
{
    struct port *port = poll->data;

    (void)events;
    port->blocked = false;
    if (status < 0) {
        port->out.on = false;
        port->broken = true;
    }
    port->wake(port->ctx);
}

static void on_idle(uv_idle_t *idle)
{
    struct port *port = idle->data;

    fill(port);
    port->wake(port->ctx);
}

void port_init(struct port *port, uv_loop_t *uv, void (*wake)(void *ctx), void *ctx)
{
    memset(port, 0, sizeof *port);
    port->in.fd = -1;
    port->out.fd = -1;
    port->wake = wake;
    port->ctx = ctx;
    (void)uv_idle_init(uv, &port->idle);
    port->idle.data = port;
}

/* uv_poll_init() makes the descriptor non-blocking. epoll refuses regular files
 * and the like: they never make anyone wait. */
static int open_watch(struct port_watch *watch, struct port *port, int fd)
{
    const int error = uv_poll_init(port->idle.loop, &watch->poll, fd);

    watch->on = false;
    watch->regular = error == UV_EPERM;
    if (error != 0 && !watch->regular)
        return error;
    watch->fd = fd;
    watch->poll.data = port;
    return 0;
}

static void finish_detach(struct port *port)
{
    port->len = 0;
    port->ended = false;
    port->broken = false;
    port->error = 0;
    port->blocked = false;
    if (port->detached != NULL)
        port->detached(port->ctx);
}

static void on_watch_closed(uv_handle_t *handle)
{
    struct port *port = handle->data;

    if (--port->closing == 0)
        finish_detach(port);
}

static void close_watch(struct port *port, struct port_watch *watch)
{
    if (watch->fd < 0)
        return;
    if (!watch->regular) {
        port->closing++;
        uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
    }
    (void)close(watch->fd);
    watch->fd = -1;
    watch->on = false;
}

int port_attach(struct port *port, int in_fd, int out_fd)
{
    int error = open_watch(&port->in, port, in_fd);

    if (error == 0)
        error = open_watch(&port->out, port, out_fd);
    if (error != 0) {
        if (port->in.fd < 0)
            (void)close(in_fd);
        (void)close(out_fd);
        port_detach(port);
        return error;
    }
    port_rearm(port);
    return 0;
}

void port_detach(struct port *port)
{
    (void)uv_idle_stop(&port->idle);
    close_watch(port, &port->in);
    close_watch(port, &port->out);
    if (port->closing == 0)
        finish_detach(port);
}

const uint8_t *port_peek(const struct port *port, size_t *len)
{
    *len = port->len;
    return port->bytes + port->at;
}

void port_drop(struct port *port, size_t n)
{
    port->at += n;
    port->len -= n;
}

size_t port_write(struct port *port, const uint8_t *data, size_t len)
{
    ssize_t sent = 0;

    if (port->out.fd < 0 || port->broken || port->blocked)
        return 0;
    sent = write(port->out.fd, data, len);
    if (sent >= 0)
        return (size_t)sent;
    if (is_temporary(errno)) {
        port->blocked = true;
    } else {
        port->error = errno;
        port->broken = true;
    }
    return 0;
}

static void rearm_watch(struct port_watch *watch, bool wanted, int events, uv_poll_cb call)
{
    if (watch->fd < 0 || watch->regular || watch->on == wanted)
        return;
    if (wanted)
        (void)uv_poll_start(&watch->poll, events, call);
    else
        (void)uv_poll_stop(&watch->poll);
    watch->on = wanted;
}

void port_rearm(struct port *port)
{
    const bool reading = port->len == 0 && !port->ended;

    rearm_watch(&port->in, reading, UV_READABLE, on_readable);
    rearm_watch(&port->out, port->blocked && !port->broken, UV_WRITABLE, on_writable);
    if (port->in.regular && port->in.fd >= 0 && reading)
        (void)uv_idle_start(&port->idle, on_idle);
    else
        (void)uv_idle_stop(&port->idle);
}
