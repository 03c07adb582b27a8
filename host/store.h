/* SPDX-License-Identifier: MIT
 *
 * A module's file store in a folder: carries out the FILE orders of a modem.
 *
 * A file appears whole or not at all: it is written under another name, synced and renamed. Nothing
 * outside the folder is touched, whatever a name says, and links in it are not followed. Content
 * never shows in a message.
 */
#ifndef HOST_STORE_H
#define HOST_STORE_H

#include "atcoap/atcoap.h"

/* What the whole store takes, as its answer to AT+QFLDS says. */
enum { STORE_BYTES_MAX = 1024 * 1024, STORE_NAME_MAX = 80, STORE_READ_MAX = 4096 };

struct store {
    int dir;                       /* the folder */
    int file;                      /* what is being written, -1: nothing */
    char name[STORE_NAME_MAX + 5]; /* what it will be called */
    size_t written;
    bool keep_rest;                 /* of the file that it replaces */
    uint8_t answer[STORE_READ_MAX]; /* the data of the last answer */
};

/* Use the folder at path, made if only its last component is missing.
 * Returns 0, or -1 with errno set. */
int store_open(struct store *store, const char *path);

/* Close the folder; what is being written is forgotten. */
void store_close(struct store *store);

/* Carry out a FILE order and fill in the event that answers it. The event's data stays valid until
 * the store's next order. */
void store_order(struct store *store, const struct atc_order *order, struct atc_event *event);

#endif
