/* SPDX-License-Identifier: MIT */
#include "attach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "status.h"

static void on_tcp_ended(void *ctx)
{
    struct attach *attach = ctx;

    log_note("tcp client %s left", attach->tcp.client);
    port_detach(&attach->loop->port);
}

static void on_tcp_free(void *ctx)
{
    struct attach *attach = ctx;

    tcp_next(&attach->tcp);
}

static void on_stdio_ended(void *ctx)
{
    struct attach *attach = ctx;
    const int error = attach->loop->port.error;
    /* A reader or a terminal that has gone has had enough; a full disk is a failure. */
    const bool gone = error == 0 || error == EPIPE || error == ECONNRESET || error == EIO;

    if (!gone)
        log_note("cannot write to standard output: %s", strerror(error));
    attach->ended(attach->ctx, gone ? STATUS_GOOD : STATUS_SYSTEM);
}

/* The terminal's master does not end, unless the system takes it away. */
static void on_pty_ended(void *ctx)
{
    struct attach *attach = ctx;

    log_note("the pseudo terminal failed");
    port_detach(&attach->loop->port);
    attach->ended(attach->ctx, STATUS_SYSTEM);
}

static void on_serial_ended(void *ctx)
{
    struct attach *attach = ctx;

    log_note("the serial line %s is gone", attach->serial.path);
    port_detach(&attach->loop->port);
    attach->ended(attach->ctx, STATUS_SYSTEM);
}

static void on_speed(void *ctx, uint32_t baud)
{
    struct attach *attach = ctx;

    serial_set_speed(&attach->serial, baud);
}

static void on_client(void *ctx)
{
    struct attach *attach = ctx;

    loop_wake(attach->loop);
}

static int watch_port(struct attach *attach, int in_fd, int out_fd)
{
    const int error = port_attach(&attach->loop->port, in_fd, out_fd);

    if (error == 0)
        return STATUS_GOOD;
    log_note("cannot watch the port: %s", uv_strerror(error));
    return STATUS_SYSTEM;
}

/* The master side does not see a client come. Watched before the path is known
 * to anyone. */
static int watch_client(struct attach *attach)
{
    if (!attach->options->wait_client ||
        opened_watch(&attach->opened, &attach->loop->uv, attach->pty.path, on_client, attach) == 0)
        return STATUS_GOOD;
    log_note("--wait-client: cannot watch %s: %s", attach->pty.path, strerror(errno));
    return STATUS_SYSTEM;
}

static int open_pty(struct attach *attach)
{
    int in_fd = -1, out_fd = -1;
    int status = pty_open(&attach->pty, attach->options->pty_link, &in_fd, &out_fd);

    if (status != STATUS_GOOD)
        return status;
    attach->loop->port_ended = on_pty_ended;
    status = watch_port(attach, in_fd, out_fd);
    if (status == STATUS_GOOD)
        status = watch_client(attach);
    if (status != STATUS_GOOD) {
        pty_close(&attach->pty);
        return status;
    }
    attach->place = attach->pty.linked ? attach->pty.link : attach->pty.path;
    if (attach->pty.linked)
        log_note("pty %s link %s", attach->pty.path, attach->pty.link);
    else
        log_note("pty %s", attach->pty.path);
    return STATUS_GOOD;
}

static int open_tcp(struct attach *attach)
{
    struct loop *loop = attach->loop;

    loop->port_ended = on_tcp_ended;
    loop->port_free = on_tcp_free;
    attach->place = attach->tcp.place;
    return tcp_open(&attach->tcp, &loop->port, &loop->uv, attach->options->tcp_where);
}

static int open_serial(struct attach *attach)
{
    int in_fd = -1, out_fd = -1;
    int status = serial_open(&attach->serial, attach->options->serial_where, &in_fd, &out_fd);

    if (status != STATUS_GOOD)
        return status;
    attach->loop->port_ended = on_serial_ended;
    attach->loop->set_speed = on_speed;
    attach->place = attach->serial.path;
    status = watch_port(attach, in_fd, out_fd);
    if (status == STATUS_GOOD)
        log_note("serial %s", attach->serial.path);
    else
        serial_close(&attach->serial);
    return status;
}

static int open_stdio(struct attach *attach)
{
    int in_fd = -1, out_fd = -1;
    const int status = stdport_open(&attach->std, &in_fd, &out_fd);

    if (status != STATUS_GOOD)
        return status;
    attach->loop->port_ended = on_stdio_ended;
    return watch_port(attach, in_fd, out_fd);
}

int attach_open(struct attach *attach, const struct attach_options *options, struct loop *loop,
                void (*ended)(void *ctx, int status), void *ctx)
{
    *attach = (struct attach){.options = options, .loop = loop, .ended = ended, .ctx = ctx};
    attach->opened.fd = -1;
    loop->ctx = attach;
    switch (options->kind) {
    case ATTACH_NONE:
    case ATTACH_PTY:
        return open_pty(attach);
    case ATTACH_TCP:
        return open_tcp(attach);
    case ATTACH_SERIAL:
        return open_serial(attach);
    case ATTACH_STDIO:
        return open_stdio(attach);
    }
    return STATUS_SYSTEM;
}

/* A standard descriptor stays open, on nothing: the next file opened would get
 * its number, and what is printed. */
static void close_ready(int fd)
{
    const int nothing = fd <= STDERR_FILENO ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;

    if (nothing < 0) {
        (void)close(fd);
        return;
    }
    (void)dup2(nothing, fd);
    (void)close(nothing);
}

void attach_tell_ready(const struct attach *attach)
{
    const int fd = attach->options->ready_fd;

    if (fd == ATTACH_READY_NONE || attach->place == NULL)
        return;
    if (dprintf(fd, "%s\n", attach->place) < 0)
        log_note("--ready-fd=%d: %s", fd, strerror(errno));
    close_ready(fd);
}

void attach_close(struct attach *attach)
{
    switch (attach->options->kind) {
    case ATTACH_NONE:
    case ATTACH_PTY:
        pty_close(&attach->pty);
        return;
    case ATTACH_TCP:
        return; /* the loop has closed it */
    case ATTACH_SERIAL:
        serial_close(&attach->serial);
        return;
    case ATTACH_STDIO:
        stdport_close(&attach->std);
        return;
    }
}
