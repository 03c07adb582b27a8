/* SPDX-License-Identifier: MIT
 *
 * What a transcript is played against: a modem in a virtual world (script_world.c), or a real one
 * behind a port (script_port.c). Messages are NULL where all is well. */
#ifndef ATCOAP_HOST_SCRIPT_TARGET_H
#define ATCOAP_HOST_SCRIPT_TARGET_H

#include "script_datagram.h"
#include "script_parse.h"

/* One thing the modem did on the network side: a datagram, or an order that is listed. */
struct script_item {
    bool is_order; /* data is its text, as "bind 5683" */
    uint8_t session;
    struct atc_addr addr;
    struct script_buf data;
};

/* Between whom a datagram goes. */
struct script_where {
    bool has_session, has_addr;
    uint8_t session;
    struct atc_addr addr;
};

/* What has come out and was not yet taken by a line. */
struct script_output {
    struct script_buf te;
    size_t te_at; /* bytes of it that were taken */
    struct script_item *items;
    size_t item_count, item_size;
    size_t item_at;
    struct script_where last; /* of the last datagram either way, or of the last OPEN: what a line
                                 means that does not say */
};

struct script_target {
    bool networked; /* false: N lines mean nothing here */
    void *ctx;
    const char *(*start)(void *ctx, const struct script_setup *setup, struct script_output *output);
    /* Stop. Returns what was left undone, if anything was. */
    const char *(*end)(void *ctx);
    /* Bytes from the TE. */
    const char *(*write)(void *ctx, const void *data, size_t len);
    /* Let time pass. */
    const char *(*advance)(void *ctx, uint64_t time_ms);
    /* Wait for more output: for as long as a reply may take if something is expected, else for a
     * moment. Returns whether any came. */
    bool (*more)(void *ctx, bool expected);
    /* A datagram arrives. */
    const char *(*datagram)(void *ctx, const struct script_where *where, const void *data,
                            size_t len);
    /* Any other thing on the network's side: an N! line, or an N< line that answers an order. */
    const char *(*act)(void *ctx, struct script_span text);
};

/* Add to the output. */
struct script_item *script_output_add(struct script_output *output);
void script_output_free(struct script_output *output);

/* Cut "id=1", "192.0.2.1:5683", "[2001:db8::1]:5683" off, both of them optional. */
void script_where_read(struct script_where *where, struct script_span *text);

#endif
