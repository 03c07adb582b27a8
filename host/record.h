/* SPDX-License-Identifier: MIT
 *
 * Records what happens to one module: the AT port, the datagrams, the steps between. Its owner
 * tells it everything as it happens; it makes at.log, events.jsonl, trace.pcapng and result.json of
 * it, see docs/records.md. It has no loop and no clock of its own.
 *
 * Every function takes NULL for a record and then does nothing, so a caller need not ask. Memory
 * does not grow with the run.
 */
#ifndef ATCOAP_HOST_RECORD_H
#define ATCOAP_HOST_RECORD_H

#include "atcoap/atcoap.h"
#include "lint.h"
#include "record_dir.h"

struct record;

struct record_config {
    const char *path;    /* of the folder */
    const char *dialect; /* by its name */
    const char *link;    /* as the user gave it; NULL: none */
    uint64_t seed;
    bool seeded;
    bool secrets;      /* record_secret() will be called */
    uint64_t epoch_us; /* when the run began, since 1970 */
    const struct atc_settings *settings;
    uint64_t (*clock_us)(void *ctx); /* since the run began */
    void *ctx;
    record_say_call *say;
};

/* A datagram at the module's side. */
struct record_datagram {
    unsigned client;
    struct atc_addr local, peer; /* local: the module's address, as far as it is known */
    const uint8_t *data;
    size_t len;
    bool secured;     /* it is a DTLS record */
    uint32_t number;  /* the link's for it; 0: there is no link */
    uint32_t copy_of; /* number of the datagram that the link has doubled; 0: none */
};

/* SENT: it leaves the server, and IN: the same number reaches the module, unless it is lost. */
enum record_way { RECORD_OUT, RECORD_IN, RECORD_SENT };

/* Begin. The folder is made, and emptied of an earlier run. What config points to must stay.
 * Returns NULL after saying what is wrong. */
struct record *record_open(const struct record_config *config);

/* Bytes for the module, and which of them it has taken, each as soon as it has; hidden: the content of
 * a file. */
void record_te(struct record *r, const uint8_t *data, size_t len, bool hidden);
void record_taken(struct record *r, const uint8_t *data, size_t len);

/* Bytes from the module that the TE has got. */
void record_module(struct record *r, const uint8_t *data, size_t len, bool hidden);

/* The TE has got all that the module has said. */
void record_read(struct record *r);

/* A step inside the module. */
void record_trace(struct record *r, const struct atc_trace *trace);

/* A datagram goes that way. */
void record_datagram(struct record *r, enum record_way way, const struct record_datagram *datagram);

/* What is inside DTLS: of a datagram that will leave next, or of the one that has just come. */
void record_inside(struct record *r, enum record_way way, unsigned client, const uint8_t *data,
                   size_t len);

/* The datagram does not arrive: why. If it is told before anything else, the packet in the trace
 * says so, too. */
void record_lost(struct record *r, uint32_t number, const char *why);

/* A datagram of the module reaches the server. */
void record_arrived(struct record *r, uint32_t number);

/* The network has changed. */
void record_network(struct record *r, const struct atc_network *network);

/* A finding of the lint. */
void record_finding(struct record *r, const struct lint_finding *finding);

/* Anything else worth a line. */
void record_note(struct record *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A secret of a DTLS connection, a line of the NSS key log format without its end. */
void record_secret(struct record *r, const char *line);

/* Why the run ends; the first reason counts. */
void record_reason(struct record *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The program is about to wait: let readers of the files see all that was recorded. */
void record_flush(struct record *r);

/* End: modem gives its counters, lint its report, status is the run's exit status. Frees it. Returns
 * the exit status, STATUS_SYSTEM if the records are not complete and status is not worse. */
int record_close(struct record *r, const struct atc_modem *modem, const struct lint *lint,
                 int status);

#endif
