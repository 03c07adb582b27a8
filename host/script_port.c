/* SPDX-License-Identifier: MIT */
#include "script_port.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* How long an expected line may take: the longest that a transcript waits without a + line. */
#define REPLY_MS 5000

/* After this much silence the module has said all it had to say. */
#define SILENCE_MS 100

static int64_t clock_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Take in what comes within that time, or the first of it. Returns whether anything came. */
static bool receive(struct script_port *port, int64_t timeout_ms)
{
    char bytes[1024];
    struct pollfd poller = {.fd = port->fd, .events = POLLIN};
    if (poll(&poller, 1, (int)timeout_ms) <= 0)
        return false;
    const ssize_t n = read(port->fd, bytes, sizeof bytes);
    if (n <= 0)
        return false;
    script_buf_add(&port->output->te, bytes, (size_t)n);
    return true;
}

static const char *write_te(void *ctx, const void *data, size_t len)
{
    struct script_port *port = ctx;
    const char *at = data;
    while (len > 0) {
        const ssize_t n = write(port->fd, at, len);
        if (n < 0 && errno != EINTR)
            return "the port cannot be written to";
        if (n < 0)
            continue;
        at += n;
        len -= (size_t)n;
    }
    return NULL;
}

static const char *advance(void *ctx, uint64_t time_ms)
{
    struct script_port *port = ctx;
    const int64_t until_ms = clock_ms() + (int64_t)time_ms;
    for (int64_t left_ms = (int64_t)time_ms; left_ms > 0; left_ms = until_ms - clock_ms())
        (void)receive(port, left_ms);
    return NULL;
}

static bool more(void *ctx, bool expected)
{
    return receive(ctx, expected ? REPLY_MS : SILENCE_MS);
}

static const char *ignore_datagram(void *ctx, const struct script_where *where, const void *data,
                                   size_t len)
{
    (void)ctx;
    (void)where;
    (void)data;
    (void)len;
    return NULL;
}

static const char *ignore_act(void *ctx, struct script_span text)
{
    (void)ctx;
    (void)text;
    return NULL;
}

static bool make_raw(int fd)
{
    struct termios tty;
    if (tcgetattr(fd, &tty) != 0)
        return false;
    cfmakeraw(&tty);
    return tcsetattr(fd, TCSANOW, &tty) == 0;
}

/* A transcript starts after ATE0, whatever the last one left. */
static const char *silence_echo(struct script_port *port)
{
    static const char hush[] = "\rATE0\r";
    const char *why = write_te(port, hush, sizeof hush - 1u);
    const bool answered = why == NULL && receive(port, REPLY_MS);
    while (answered && receive(port, SILENCE_MS)) {
    }
    port->output->te.len = 0;
    return answered || why != NULL ? why : "the module does not answer ATE0";
}

static const char *start(void *ctx, const struct script_setup *setup, struct script_output *output)
{
    struct script_port *port = ctx;
    (void)setup;
    port->output = output;
    port->fd = open(port->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (port->fd < 0 || !make_raw(port->fd))
        return "the port cannot be opened as a terminal";
    return silence_echo(port);
}

static const char *end(void *ctx)
{
    struct script_port *port = ctx;
    if (port->fd >= 0)
        (void)close(port->fd);
    return NULL;
}

void script_port_target(struct script_port *port, const char *path, struct script_target *target)
{
    memset(port, 0, sizeof *port);
    port->path = path;
    port->fd = -1;
    *target = (struct script_target){
        .networked = false,
        .ctx = port,
        .start = start,
        .end = end,
        .write = write_te,
        .advance = advance,
        .more = more,
        .datagram = ignore_datagram,
        .act = ignore_act,
    };
}
