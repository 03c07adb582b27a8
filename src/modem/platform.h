/* SPDX-License-Identifier: MIT
 *
 * What a module is besides its CoAP commands: it registers with a network, sleeps, keeps values, starts
 * anew. The engine knows no more of that than these functions, and a dialect says which it has:
 *
 *   atc_platform_module  all of it, for the base commands (module.c)
 *   atc_platform_bare    none of it, for a product that has a radio and base commands of its own and
 *                        wants the CoAP commands alone; what it does not use the linker leaves out
 *                        (bare.c)
 */
#ifndef ATC_PLATFORM_H
#define ATC_PLATFORM_H

#include "atcoap/atcoap.h"

struct atc_engine;

struct atc_platform {
    /* The program starts; a start from cold begins: forget; the reset line was pulled. */
    void (*start)(struct atc_engine *e);
    void (*reset)(struct atc_engine *e);
    void (*restart)(struct atc_engine *e);

    /* ATC_EVENT_NETWORK and ATC_EVENT_WALL_CLOCK; the answer to an order of its own; a timer of its
     * own. */
    void (*event)(struct atc_engine *e, const struct atc_event *event);
    void (*answer)(struct atc_engine *e, unsigned giver, const struct atc_event *event);
    void (*timeout)(struct atc_engine *e, unsigned timer);

    /* Something may have changed; a datagram went or came; a command line came. */
    void (*watch)(struct atc_engine *e);
    void (*active)(struct atc_engine *e);
    void (*heard)(struct atc_engine *e);

    /* Whether the module hears the network. */
    bool (*awake)(const struct atc_engine *e);
};

extern const struct atc_platform atc_platform_module;
extern const struct atc_platform atc_platform_bare;

#endif
