/* SPDX-License-Identifier: MIT
 *
 * The options of atcoap run: the table, what it fills in, and the help. Leaves
 * what they do to run.c.
 */
#ifndef ATCOAP_HOST_RUN_OPTIONS_H
#define ATCOAP_HOST_RUN_OPTIONS_H

#include "attach.h"
#include "clock.h"
#include "config.h"
#include "link.h"
#include "options.h"

struct run_options {
    struct attach_options attach;
    bool attach_from_file; /* attach.kind stands in the configuration file */
    const char *exec;
    const char *config_path;
    struct atc_config config;
    const char *files;
    const char *keylog;
    const char *control; /* a socket at this path; NULL: none */
    const char *out;     /* record into this folder */
    bool secrets;        /* the secrets of DTLS connections, too */
    struct atc_addr bind;
    enum udp_local_port local_port;
    const char *link_text; /* NULL: perfect */
    struct sim_link_config link;
    bool sweep;
    uint32_t sweep_seeds;
    const char *uart_text; /* NULL: no faults */
    struct sim_uart_config uart;
    uint32_t speed; /* CLOCK_REAL and so on */
    uint64_t seed;  /* of link and serial line; if seeded of the module, too */
    bool seeded;
    bool strict;
    bool verbose;
    bool help;
};

extern const struct options run_options_table;

/* Read the configuration file and the command line, which wins; config keeps the
 * file's texts. Returns 0, or the exit status after saying what is wrong. */
int run_options_read(struct run_options *o, struct config *config, int argc, char **argv);

#endif
