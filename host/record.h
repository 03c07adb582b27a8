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
#include "carry.h"
#include "lint.h"
#include "record_dir.h"

struct record;

/* The speed of a clock that is neither fast nor slow. */
enum { RECORD_REAL_TIME = 1000 };

struct record_config {
    const char *path;    /* of the folder */
    const char *dialect; /* by its name */
    const char *link;    /* as the user gave it; NULL: none */
    uint64_t seed;
    bool seeded;
    bool secrets;      /* record_secret() will be called */
    uint32_t speed;    /* of the module's clock, in thousandths of real time */
    uint64_t epoch_us; /* when the run began, since 1970 */
    const struct atc_settings *settings;
    uint64_t (*clock_us)(void *ctx); /* since the run began */
    void *ctx;
    record_say_call *say;
};

/* Begin. The folder is made, and emptied of an earlier run. What config points to must stay.
 * Returns NULL after saying what is wrong. */
struct record *record_open(const struct record_config *config);

/* The module is switched on anew, maybe as another one; a line it worked on has no result. */
void record_restart(struct record *r, const char *dialect);

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

/* What becomes of a datagram, and where it does: the module's end. If its loss is told before anything
 * else, the packet in the trace says so, too. */
struct record_end {
    struct atc_addr local; /* the module's address as that peer sees it, as far as it is known */
    bool secured;          /* the client speaks DTLS */
};
void record_verdict(struct record *r, const struct sim_verdict *verdict,
                    const struct record_end *end);

/* What is inside DTLS: of a datagram that will leave next, or of the one that has just come. */
void record_inside(struct record *r, enum sim_direction direction, unsigned client,
                   const uint8_t *data, size_t len);

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
