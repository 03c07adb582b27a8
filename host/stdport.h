/* SPDX-License-Identifier: MIT
 *
 * Standard input and output as the module's serial port. Leaves the bytes to
 * port.c. (The header is not called stdio.h, which is taken.)
 */
#ifndef ATCOAP_HOST_STDPORT_H
#define ATCOAP_HOST_STDPORT_H

struct stdport {
    int in_flags, out_flags; /* of what was inherited, to be restored */
};

/* Fills two descriptors for the caller to own. Returns 0, or the exit status
 * after saying what is wrong. */
int stdport_open(struct stdport *std, int *in_fd, int *out_fd);

/* Leave standard input and output as they were found. */
void stdport_close(struct stdport *std);

#endif
