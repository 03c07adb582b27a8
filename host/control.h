/* SPDX-License-Identifier: MIT
 *
 * Control of a running module: a Unix socket, a line for each command, "OK" or "KO reason" for each
 * answer, docs/control.md. What most commands do is verb.c's; what the module is made of is loop.c's.
 *
 * Whatever comes on the socket, memory is bounded and the module never waits for it: a client that
 * does not read its answers is dropped.
 */
#ifndef ATCOAP_HOST_CONTROL_H
#define ATCOAP_HOST_CONTROL_H

#include "loop.h"
#include "script_datagram.h"

enum {
    CONTROL_CLIENT_MAX = 8, /* at once; more are told so and dropped */
    CONTROL_LINE_MAX = 4096 /* bytes of a command */
};

struct control;

struct control_client {
    uv_pipe_t pipe;
    struct control *control;
    bool taken;   /* this place holds a client */
    bool skipped; /* the line was too long: the rest of it is not looked at */
    size_t len;
    char line[CONTROL_LINE_MAX];
    char bytes[1024]; /* of the read that is going on */
};

struct control {
    struct loop *loop;
    const char *path; /* NULL: there is none */
    uint64_t device, inode;
    uv_pipe_t listener;
    struct control_client clients[CONTROL_CLIENT_MAX];
    struct script_defaults defaults; /* of what is pushed */
    struct atc_cell cell;
    void (*quit)(void *ctx);
    void *ctx;
};

/* Listen at path, which only this user may open. What lies there is replaced if it is a socket that
 * nobody listens to. quit() is called by the command of that name. Returns the exit status, after
 * saying what is wrong. */
int control_open(struct control *control, const char *path, struct loop *loop,
                 void (*quit)(void *ctx), void *ctx);

/* Behind loop_run(): remove the socket, if it is still ours. */
void control_close(struct control *control);

/* Carry out one command and append what it has to say, lines of its own, to out. Returns NULL or what
 * is wrong. */
const char *control_do(struct control *control, struct script_span line, struct script_buf *out);

/* atcoap ctl. Returns the exit status. */
int control_main(int argc, char **argv);

#endif
