/* SPDX-License-Identifier: MIT
 *
 * What the program says on stderr: notices that are always shown, and with -v
 * one line for each AT chunk, datagram and step inside the modem. Data for
 * other programs never comes this way.
 */
#ifndef ATCOAP_HOST_LOG_H
#define ATCOAP_HOST_LOG_H

#include "atcoap/atcoap.h"

struct log {
    uint64_t start_ns; /* uv_hrtime() at the start: the zero of the times */
    bool verbose;
};

enum log_way { LOG_IN, LOG_OUT };

/* Make stderr write whole lines. Once, before anything else is printed. */
void log_start(struct log *log, bool verbose);

/* "atcoap: " and the text: a notice or an error of the program. */
void log_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* With -v: the time and the text. */
void log_detail(const struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* With -v: bytes to the module (LOG_IN, ">") or from it ("<"); hidden: only how many. */
void log_te(const struct log *log, enum log_way way, const uint8_t *data, size_t len, bool hidden);

/* With -v: a datagram from peer (LOG_IN) or to it. */
void log_datagram(const struct log *log, enum log_way way, unsigned session,
                  const struct atc_addr *peer, const uint8_t *data, size_t len);

/* The same for a record of DTLS, of which only the length says anything. */
void log_record(const struct log *log, enum log_way way, unsigned session,
                const struct atc_addr *peer, size_t len);

/* The same for a message inside DTLS. */
void log_inside(const struct log *log, enum log_way way, unsigned session,
                const struct atc_addr *peer, const uint8_t *data, size_t len);

/* With -v: a step inside the modem. */
void log_trace(const struct log *log, const struct atc_trace *record);

#endif
