/* SPDX-License-Identifier: MIT
 *
 * Tells when somebody opens a file, such as the terminal of a PTY, whose master
 * side learns nothing of it.
 */
#ifndef ATCOAP_HOST_OPENED_H
#define ATCOAP_HOST_OPENED_H

#include <uv.h>

struct opened {
    uv_poll_t poll;
    int fd; /* -1: not watching */
    void (*call)(void *ctx);
    void *ctx;
};

/* Call once when the file at path is opened from now on. Returns 0, or -1 with
 * errno set. */
int opened_watch(struct opened *opened, uv_loop_t *uv, const char *path, void (*call)(void *ctx),
                 void *ctx);

/* Stop watching, if it still does. */
void opened_stop(struct opened *opened);

#endif
