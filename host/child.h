/* SPDX-License-Identifier: MIT
 *
 * The command of --exec: started by the shell with the port's path, passed the
 * signals that we get, and waited for.
 */
#ifndef ATCOAP_HOST_CHILD_H
#define ATCOAP_HOST_CHILD_H

#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

struct child {
    uv_signal_t news;
    pid_t pid;      /* 0: none runs */
    bool own_group; /* of processes */
    void (*ended)(void *ctx, int status);
    void *ctx;
};

/* Run the command by /bin/sh -c, each {} in it replaced by place. ended() gets
 * the exit status, of a signal 128 + its number. Returns 0, or the exit status
 * after saying what is wrong. */
int child_start(struct child *child, uv_loop_t *uv, const char *command, const char *place,
                void (*ended)(void *ctx, int status), void *ctx);

/* Pass a signal on, unless the terminal has sent it to both. Returns whether a
 * child runs. */
bool child_signal(const struct child *child, int number);

#endif
