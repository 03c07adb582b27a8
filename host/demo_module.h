/* SPDX-License-Identifier: MIT
 *
 * The demonstration's module: a modem with the shell around it, in whatever time the owner keeps
 * and on whatever network it is given. Bytes for it wait here until it takes them. */
#ifndef ATCOAP_HOST_DEMO_MODULE_H
#define ATCOAP_HOST_DEMO_MODULE_H

#include "entropy.h"
#include "lint.h"
#include "record.h"
#include "script_text.h"
#include "sim/store.h"
#include "uart.h"

/* How orders that concern the network are carried out. */
struct demo_network {
    void *ctx;
    /* BIND and OPEN. */
    enum atc_cause (*open)(void *ctx, const struct atc_order *order);
    /* SEND. Returns false if it ends later, with an event. */
    bool (*send)(void *ctx, const struct atc_order *order, enum atc_cause *cause);
    /* RESOLVE. Returns false if there is no answer to wait for. */
    bool (*resolve)(void *ctx, const struct atc_order *order);
    void (*close)(void *ctx, unsigned session);
};

/* What the owner sees; the data is valid during the call. */
struct demo_watch {
    void *ctx;
    void (*output)(void *ctx, const uint8_t *data, size_t len);
    /* Up: from the module. */
    void (*datagram)(void *ctx, bool up, const uint8_t *data, size_t len);
};

struct demo_module {
    struct atc_modem modem;
    struct sim_store store;
    struct entropy entropy;
    struct demo_network network;
    struct demo_watch watch;
    struct sim_uart_config line; /* what is wrong with the serial line, */
    uint64_t seed;               /* and its dice; to be set before the start */
    struct sim_uart uart;
    uint8_t heard[12]; /* the last bytes that came through it */
    size_t heard_len;
    uint64_t now_ms;         /* of the last demo_module_run() */
    struct script_buf input; /* what the module has not taken yet */
    struct lint lint;        /* what the TE does wrong, in all sessions */
    bool wants_data;         /* it has asked for data */
    bool is_busy;            /* it works on a command */
    struct record *record;   /* NULL: nothing is recorded */
    bool hidden;             /* what comes may be the content of a file */
};

/* The settings of a module that people look at. */
void demo_module_settings(struct atc_settings *settings);

/* Switch it on, or another one in its place. entropy, network and watch must be set. */
void demo_module_start(struct demo_module *module, const struct atc_dialect *dialect,
                       uint64_t now_ms);

/* Bytes from the TE. */
void demo_module_type(struct demo_module *module, const void *data, size_t len);

/* Something happened on the network. */
void demo_module_event(struct demo_module *module, const struct atc_event *event, uint64_t now_ms);

/* Do all that can be done now. */
void demo_module_run(struct demo_module *module, uint64_t now_ms);

uint64_t demo_module_deadline_ms(const struct demo_module *module);

#endif
