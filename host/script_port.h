/* SPDX-License-Identifier: MIT
 *
 * A transcript's modem behind a serial port, in real time. What its network does is not ours to
 * see, so N lines mean nothing, and a name that only such a line captures matches anything. */
#ifndef ATCOAP_HOST_SCRIPT_PORT_H
#define ATCOAP_HOST_SCRIPT_PORT_H

#include "script_target.h"

struct script_port {
    const char *path;
    int fd;
    struct script_output *output;
};

/* Connect target to the port at path, which is opened when the transcript starts. */
void script_port_target(struct script_port *port, const char *path, struct script_target *target);

#endif
