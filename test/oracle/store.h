/* SPDX-License-Identifier: MIT
 *
 * A few files in memory: what answers FILE orders in tests. A plain value that may be copied.
 */
#ifndef STORE_H
#define STORE_H

#include "atcoap/atcoap.h"

enum { STORE_FILES = 4, STORE_NAME_MAX = 96, STORE_SIZE_MAX = 4096 };

struct store_file {
    bool used;
    size_t name_len, len;
    uint8_t name[STORE_NAME_MAX];
    uint8_t data[STORE_SIZE_MAX];
};

struct store {
    struct store_file file[STORE_FILES];
    struct store_file begun; /* the one that is being written */
    bool keep_rest;          /* of the one that it replaces */
    size_t kept_len;
    uint8_t kept[ATC_KEPT_MAX + 1];
};

/* Carry out a FILE order; the answer's data lies in the store. */
void store_answer(struct store *store, struct atc_event *event, const struct atc_order *order);

/* Put a file there. */
void store_put(struct store *store, const char *name, const char *content);

#endif
