/* SPDX-License-Identifier: MIT
 *
 * A pseudo terminal as the module's serial port, and the link that gives it a
 * name of the user's choosing. Leaves the bytes to port.c.
 */
#ifndef ATCOAP_HOST_PTY_H
#define ATCOAP_HOST_PTY_H

#include <stdbool.h>

struct pty {
    const char *link; /* NULL: none is wanted */
    bool linked;
    int slave; /* ours, kept open: see pty.c */
    char path[64];
};

/* Open a pair, make the slave raw and, if link is given, point it there: it
 * must be free, a dangling link, or a link to this very slave. Fills two
 * descriptors of the master side, for the caller to own. Returns 0, or the
 * exit status after saying what is wrong. */
int pty_open(struct pty *pty, const char *link, int *in_fd, int *out_fd);

/* Remove the link if it is still ours, and let the slave go. */
void pty_close(struct pty *pty);

#endif
