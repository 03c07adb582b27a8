/* SPDX-License-Identifier: MIT
 *
 * The demonstration: a module and a server in one program. It plays sessions, each with a module
 * fresh from its box; on a terminal the module is the user's afterwards (demo_live.c). This file
 * joins module, screen and player; who owns a struct demo keeps the time and the network. */
#ifndef ATCOAP_HOST_DEMO_H
#define ATCOAP_HOST_DEMO_H

#include "demo_module.h"
#include "demo_play.h"
#include "demo_screen.h"
#include "link.h"
#include "serve.h"

/* The way to the embedded server takes so long, as through the air, and it waits so long for an
 * ACK: people type slowly. */
enum { DEMO_DELAY_MS = 600, DEMO_ACK_TIMEOUT_MS = 4000 };

struct demo {
    struct demo_module module;
    struct demo_screen screen;
    struct demo_play play;
    struct atc_addr server;
    struct sim_link_config link;       /* the way to the server, */
    bool linked;                       /* if one was asked for */
    uint64_t seed;                     /* in real time the link's alone */
    const struct atc_dialect *dialect; /* sessions of that one alone; NULL: all */
    size_t session;                    /* the one being played */
    bool has_keys;                     /* somebody may cut the sessions short */
    bool playing;
    bool failed; /* a session did not go as it must */
    bool asked;  /* the module has asked for data, and that was noticed */
    uint64_t now_ms;
};

/* Make a server, just started, as slow as that. */
void demo_slow_down(struct serve *serve);

/* Show what is to come, and begin the first session. The screen, and what the module needs, must be
 * set; module.watch is set here. */
void demo_start(struct demo *demo, uint64_t now_ms);

/* Do all that can be done now. */
void demo_run(struct demo *demo, uint64_t now_ms);

/* Play no more; the module starts anew. */
void demo_stop_playing(struct demo *demo);

/* When demo_run() is needed next, or ATC_NEVER. */
uint64_t demo_deadline_ms(const struct demo *demo);

/* The module's dialect once the sessions are over, and its name. */
const struct atc_dialect *demo_dialect(const struct demo *demo);
const char *demo_dialect_name(const struct demo *demo);

void demo_free(struct demo *demo);

/* Play in virtual time; nothing waits, and every run prints the same. Returns the exit status. */
int demo_virtual_run(struct demo *demo);

/* Play in real time, on real sockets, and hand over to the user if there is a terminal. Returns the
 * exit status. */
int demo_live_run(struct demo *demo);

int demo_main(int argc, char **argv);

#endif
