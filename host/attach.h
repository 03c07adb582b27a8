/* SPDX-License-Identifier: MIT
 *
 * The module's port of whatever kind, from what the options say until the end.
 * Leaves each kind to its own file, and the bytes to loop.c.
 */
#ifndef ATCOAP_HOST_ATTACH_H
#define ATCOAP_HOST_ATTACH_H

#include "loop.h"
#include "opened.h"
#include "pty.h"
#include "serial.h"
#include "stdport.h"
#include "tcp.h"

enum attach_kind { ATTACH_NONE, ATTACH_PTY, ATTACH_TCP, ATTACH_SERIAL, ATTACH_STDIO };

enum { ATTACH_READY_NONE = -1 };

struct attach_options {
    enum attach_kind kind;
    const char *pty_link;
    const char *tcp_where;
    const char *serial_where;
    int ready_fd; /* or ATTACH_READY_NONE */
    bool wait_client;
};

struct attach {
    const struct attach_options *options;
    struct loop *loop;
    struct pty pty;
    struct tcp tcp;
    struct serial serial;
    struct stdport std;
    struct opened opened;
    const char *place; /* what a client opens: a path or HOST:PORT; NULL for stdio */
    void (*ended)(void *ctx, int status);
    void *ctx;
};

/* Open the port, say on stderr where it is, and attach it to the loop, which lets
 * the module start. ended() is called if the port is gone for good, with the exit
 * status. Returns 0, or the exit status after saying what is wrong. */
int attach_open(struct attach *attach, const struct attach_options *options, struct loop *loop,
                void (*ended)(void *ctx, int status), void *ctx);

/* Tell --ready-fd the place, and close it. */
void attach_tell_ready(const struct attach *attach);

/* Behind loop_run(), which has closed the descriptors: remove the link, leave
 * everything as it was found. */
void attach_close(struct attach *attach);

#endif
