/* SPDX-License-Identifier: MIT
 *
 * A datagram in one line for people: "CON GET /hello?name=x mid=4660 token=0A0B". Who needs every
 * option by its name and in wire order uses script_datagram.h. */
#ifndef ATCOAP_HOST_SERVE_TEXT_H
#define ATCOAP_HOST_SERVE_TEXT_H

#include "script_text.h"

/* Append the line, words parted by single blanks. A long payload is cut and its length named;
 * whatever came, the line has printable ASCII characters only. */
void serve_text(struct script_buf *out, const void *data, size_t len);

#endif
