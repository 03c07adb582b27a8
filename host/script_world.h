/* SPDX-License-Identifier: MIT
 *
 * A transcript's modem in a virtual world: nothing waits, and the same transcript gives the same
 * bytes. What the module orders is done at once and well, unless the transcript says otherwise. */
#ifndef ATCOAP_HOST_SCRIPT_WORLD_H
#define ATCOAP_HOST_SCRIPT_WORLD_H

#include "lint.h"
#include "record.h"
#include "script_target.h"
#include "uart.h"
#include "world.h"

#define SCRIPT_PENDING_MAX 16

/* An order that waits for an N< line; only with set orders=on. */
struct script_pending {
    bool used;
    enum atc_order_kind kind;
    uint32_t id;
    uint8_t session;
    uint16_t port;
};

/* What a module has said, whenever the TE reads it. */
struct script_said {
    struct script_buf replies; /* echo, prompts, replies */
    struct script_buf urcs;    /* one behind the other */
    struct script_buf lengths; /* of these, a size_t each */
};

struct script_world {
    struct sim_world world;
    struct sim_store store;
    struct sim_name names[SCRIPT_NAME_MAX + 1];
    struct script_output *output;
    const struct atc_dialect *dialect;
    bool orders;
    bool multicast; /* the next datagram came to a group address */
    struct atc_cell cell;
    struct atc_addr peer[ATC_SESSION_MAX]; /* the server of each client */
    struct script_pending pending[SCRIPT_PENDING_MAX];
    struct sim_uart uart;
    struct script_said *said; /* what the module says is noted there; NULL: nowhere */
    struct script_buf input;  /* bytes the modem has not taken yet */
    const char *out;          /* record into this folder; NULL: nothing is recorded */
    struct record *record;    /* of that; the owner ends it with script_world_end_record() */
    struct atc_modem last;    /* the modem as it was at the end, if it was recorded */
    bool hidden;              /* what comes may be the content of a file */
    struct lint lint;
    struct script_buf found; /* what it found, as header lines say it; the owner frees it */
};

/* Connect target to world, and record into the folder out unless it is NULL. */
void script_world_target(struct script_world *world, const char *out, struct script_target *target);

/* The TE has read all that is on its way: the end of a run. */
void script_world_flush(struct script_world *world);

/* End what is recorded; status is how the transcript went. Returns the exit status, a worse one if the
 * records are not complete. */
int script_world_end_record(struct script_world *world, int status);

#endif
