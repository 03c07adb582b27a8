/* SPDX-License-Identifier: MIT
 *
 * A module's file store in memory: carries out the FILE orders of a modem.
 *
 * Files lie one behind the other in one fixed piece of memory; what is being uploaded stands behind
 * them and becomes a file with its last byte. Deleted content is wiped.
 */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "atcoap/atcoap.h"

enum { SIM_STORE_FILES = 32, SIM_STORE_BYTES = 65536, SIM_STORE_NAME_MAX = 80 };

/* Room for what a module keeps, and for more than it can have written itself. */
enum { SIM_STORE_KEPT = 4 * ATC_KEPT_MAX };

struct sim_file {
    uint8_t name[SIM_STORE_NAME_MAX];
    size_t name_len;
    size_t offset;
    size_t len;
};

struct sim_store {
    struct sim_file file[SIM_STORE_FILES + 1]; /* the last one behind count is being written */
    size_t count;
    size_t used; /* bytes of complete files */
    size_t total;
    bool writing;
    bool keep_rest; /* of the file that it replaces */
    bool has_kept;
    size_t kept_len; /* of the values that survive a restart, which are no file */
    uint8_t kept[SIM_STORE_KEPT];
    uint8_t memory[SIM_STORE_BYTES];
};

/* An empty store of total bytes, at most SIM_STORE_BYTES. */
void sim_store_init(struct sim_store *store, size_t total);

/* Carry out a FILE order and fill in the event that answers it. The event's data stays valid until
 * the store's next order. */
void sim_store_order(struct sim_store *store, const struct atc_order *order,
                     struct atc_event *event);

/* Let these be the values that survive a restart. Returns false if there is no room. */
bool sim_store_keep(struct sim_store *store, const uint8_t *data, size_t len);

/* Put a file into the store, replacing one of that name. Returns false if there is no room. */
bool sim_store_put(struct sim_store *store, const char *name, const uint8_t *data, size_t len);

#endif
