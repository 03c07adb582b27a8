/* SPDX-License-Identifier: MIT */
#include "opened.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct opened *opened = poll->data;

    (void)status;
    (void)events;
    opened_stop(opened);
    opened->call(opened->ctx);
}

static int fail(struct opened *opened)
{
    const int error = errno;

    (void)close(opened->fd);
    opened->fd = -1;
    errno = error;
    return -1;
}

int opened_watch(struct opened *opened, uv_loop_t *uv, const char *path, void (*call)(void *ctx),
                 void *ctx)
{
    opened->call = call;
    opened->ctx = ctx;
    opened->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (opened->fd < 0)
        return -1;
    if (inotify_add_watch(opened->fd, path, IN_OPEN) < 0)
        return fail(opened);
    (void)uv_poll_init(uv, &opened->poll, opened->fd);
    opened->poll.data = opened;
    (void)uv_poll_start(&opened->poll, UV_READABLE, on_readable);
    return 0;
}

void opened_stop(struct opened *opened)
{
    if (opened->fd < 0)
        return;
    uv_close((uv_handle_t *)&opened->poll, NULL);
    (void)close(opened->fd);
    opened->fd = -1;
}
