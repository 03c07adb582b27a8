/* SPDX-License-Identifier: MIT
 *
 * A serial line as the module's port: a UART, a USB adaptor, or one end of a
 * pair of pseudo terminals. Leaves the bytes to port.c.
 */
#ifndef ATCOAP_HOST_SERIAL_H
#define ATCOAP_HOST_SERIAL_H

#include <stdint.h>
#include <termios.h>

enum { SERIAL_PATH_MAX = 256 };

struct serial {
    int fd;              /* ours, beside the port's; -1: none */
    struct termios mode; /* as it was found */
    char path[SERIAL_PATH_MAX];
};

/* Open where, "DEV[,BAUD]", raw, 8N1, without flow control, 115200 Bd if none is
 * given, for nobody else to open. Fills two descriptors for the caller to own.
 * Returns 0, or the exit status after saying what is wrong. */
int serial_open(struct serial *serial, const char *where, int *in_fd, int *out_fd);

/* The speed that where asks for; 0 if it is none. */
uint32_t serial_speed(const char *where);

/* Change the speed once all is sent. A speed that the line does not know changes
 * nothing, and is said. */
void serial_set_speed(struct serial *serial, uint32_t baud);

/* Leave the line as it was found. */
void serial_close(struct serial *serial);

#endif
