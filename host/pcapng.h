/* SPDX-License-Identifier: MIT
 *
 * Writes a capture in the pcapng format, a block at a time, into a buffer: datagrams with IP and
 * UDP headers in front, a comment on each, and the secrets of DTLS connections. Pure: no file, no
 * clock.
 *
 * Source: draft-ietf-opsawg-pcapng. Blocks are little endian on every machine.
 */
#ifndef ATCOAP_HOST_PCAPNG_H
#define ATCOAP_HOST_PCAPNG_H

#include "atcoap/atcoap.h"
#include "script_text.h"

struct pcapng_packet {
    uint64_t us; /* since 1970 */
    struct atc_addr from, to;
    bool inbound;        /* it came to the module */
    const uint8_t *data; /* of the datagram, without headers */
    size_t len;
    struct script_span comment; /* empty: none */
};

/* Longer datagrams do not fit into an IP packet; what is longer is cut, and the packet says so. */
#define PCAPNG_DATAGRAM_MAX 65507u

/* Append what a capture begins with: application wrote it. */
void pcapng_start(struct script_buf *out, const char *application);

/* Append a datagram. If its ends are of two families, or one has none, it is written as IPv6, IPv4
 * mapped into it. */
void pcapng_packet(struct script_buf *out, const struct pcapng_packet *packet);

/* Append secrets, lines of the NSS key log format. They must stand before the packets that they
 * open. */
void pcapng_secrets(struct script_buf *out, struct script_span lines);

#endif
