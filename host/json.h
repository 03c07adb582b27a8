/* SPDX-License-Identifier: MIT
 *
 * Writes JSON into a buffer: objects of texts, numbers, booleans and further objects and lists. It
 * puts the commas; that begin and end match is for the caller.
 */
#ifndef ATCOAP_HOST_JSON_H
#define ATCOAP_HOST_JSON_H

#include "script_text.h"

struct json {
    struct script_buf *out;
    bool more; /* a member stands before the next one */
};

/* An object or a list; key is NULL for what stands alone or in a list. */
void json_begin(struct json *json, const char *key, char bracket);
void json_end(struct json *json, char bracket);

/* A text; bytes that are no printable ASCII are taken for Latin-1. */
void json_text(struct json *json, const char *key, const void *text, size_t len);
void json_string(struct json *json, const char *key, const char *text);

/* The same, with the bytes escaped as in at.log first. */
void json_escaped(struct json *json, const char *key, const void *data, size_t len);

/* Bytes as hex digits. */
void json_hex(struct json *json, const char *key, const void *data, size_t len);

void json_number(struct json *json, const char *key, uint64_t number);
void json_bool(struct json *json, const char *key, bool value);

void json_thousandths(struct json *json, const char *key, uint64_t number);

/* Microseconds as seconds with six decimals. */
void json_seconds(struct json *json, const char *key, uint64_t us);

#endif
