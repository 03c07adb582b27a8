/* SPDX-License-Identifier: MIT
 *
 * A datagram as text:
 *
 *   CON 0.02 mid=4660 token=0A0B uri-path="rd" uri-query="ep=1" content-format=40 payload="hello"
 *   ACK 0.00 mid=4660
 *   hex 40010001
 *
 * Options are named, or numbered with their value in hex; they stand in wire order. The codec is
 * sim's, so that transcripts do not read datagrams with the code they test. */
#ifndef ATCOAP_HOST_SCRIPT_DATAGRAM_H
#define ATCOAP_HOST_SCRIPT_DATAGRAM_H

#include "coap.h"
#include "flight.h"
#include "script_text.h"

/* What an N< line need not say. */
struct script_defaults {
    uint16_t reply_mid; /* ACK, RST: the ID of the last CON or NON that left */
    uint16_t next_mid;  /* CON, NON: counts up */
    uint8_t token_len;  /* responses: the token of the last request that left */
    uint8_t token[SIM_COAP_TOKEN_MAX];
};

void script_defaults_start(struct script_defaults *defaults);

/* That datagram left the module. */
void script_defaults_note(struct script_defaults *defaults, const void *data, size_t len);

/* Append the datagram a text stands for. Returns NULL, or what is wrong with the text. */
const char *script_datagram_build(struct script_span text, const struct script_vars *vars,
                                  struct script_defaults *defaults, struct script_buf *out);

/* Whether a datagram is as the text says; captures are kept only if it is. A text without mid= does
 * not look at the message ID; token, options and payload that it does not name must not be there.
 * *why is set, to other than NULL, if the text itself is wrong. */
bool script_datagram_match(struct script_span text, struct script_vars *vars, const void *data,
                           size_t len, const char **why);

/* Append the text for a datagram. Where a field of the old text still fits, it stays as it was;
 * old may be empty. */
void script_datagram_render(struct script_buf *out, struct script_span old,
                            struct script_vars *vars, const void *data, size_t len);

/* Append the options of a message, as they stand in its text. */
void script_datagram_options(struct script_buf *out, const struct sim_coap *message);

#endif
