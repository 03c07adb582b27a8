/* SPDX-License-Identifier: MIT
 *
 * One modem on the bench: the shell of the tests, on a clock of their own. It types, drains, carries
 * out orders in memory and keeps what came of it: every byte the TE got and a line of text for every
 * order. A bench is a plain value: a copy goes on by itself.
 */
#ifndef BENCH_H
#define BENCH_H

#include "atcoap/atcoap.h"
#include "rng.h"
#include "store.h"

enum { BENCH_LOG_MAX = 1 << 18, BENCH_SENT_MAX = 16, BENCH_DATAGRAM_MAX = 4400 };

/* Bytes in the order in which they came. */
struct bench_log {
    size_t len;
    bool full;                    /* more came than fits */
    char text[BENCH_LOG_MAX + 1]; /* ended by a NUL for printing */
};

struct bench_datagram {
    struct atc_addr peer;
    uint8_t session;
    size_t len;
    uint8_t data[BENCH_DATAGRAM_MAX];
};

/* How orders are answered. */
enum bench_manner {
    BENCH_GOOD,   /* at once, with success */
    BENCH_BAD,    /* at once, with a failure */
    BENCH_NEVER,  /* taken away, not answered */
    BENCH_RANDOM, /* with success, a failure, or later, then perhaps twice */
    BENCH_LEAVE   /* not even taken away */
};

enum { BENCH_LATE_MAX = 32 };

struct bench {
    struct atc_modem m;
    struct atc_config cfg;
    struct rng random; /* what the modem draws from */
    struct rng dice;   /* how orders are answered if BENCH_RANDOM */
    uint64_t now_ms;
    enum bench_manner manner;
    bool te_closed;      /* the TE reads nothing */
    bool random_fails;   /* the modem gets no random bytes */
    bool server_answers; /* a CON gets an ACK, a request in it 2.05, at once */
    unsigned drain_max;  /* bytes the TE reads at once; 0: all there are */
    unsigned finals;     /* command lines that ended */
    unsigned silent;     /* of these, without a final result */
    unsigned sent_count;
    struct atc_event late[BENCH_LATE_MAX]; /* answers that are still to come */
    unsigned late_count;
    unsigned never_answered; /* orders that were, or had no room to be kept for later */
    struct store store;
    struct bench_datagram sent[BENCH_SENT_MAX]; /* the last ones, sent_count modulo this the next */
    struct bench_log te;
    struct bench_log orders;
};

/* The server of most tests. */
extern const struct atc_addr bench_server;

/* Fill in a configuration; settings may be changed before bench_start(). */
void bench_config(struct bench *b, const struct atc_dialect *dialect, uint64_t seed);

/* Switch the modem on, echo off, and forget what it said. */
void bench_start(struct bench *b);

/* bench_config() and bench_start(). */
void bench_new(struct bench *b, const struct atc_dialect *dialect, uint64_t seed);

/* A test that calls the modem itself says so first: its hooks then belong to this bench. */
void bench_enter(struct bench *b);

/* Type bytes, as fast as the modem takes them. Returns how many it took: fewer than len only if it
 * waits for an answer that does not come. */
size_t bench_write(struct bench *b, const void *data, size_t len);
size_t bench_type(struct bench *b, const char *text);

/* Let the modem say and do what it can at this moment. */
void bench_pump(struct bench *b);

/* Let time pass, with a tick at every deadline. */
void bench_run(struct bench *b, uint64_t ms);

/* Let time pass, with a tick every step_ms. */
void bench_run_in_steps(struct bench *b, uint64_t ms, uint64_t step_ms);

void bench_event(struct bench *b, const struct atc_event *event);
void bench_datagram(struct bench *b, unsigned session, const struct atc_addr *from,
                    const uint8_t *data, size_t len);

/* A datagram as hex digits from bench_server to client 0. */
void bench_receive(struct bench *b, const char *hex);

/* Answers that are still to come, come now. */
void bench_answer_late(struct bench *b);

/* The datagram sent last, or so many before it; NULL if there is none. */
const struct bench_datagram *bench_sent(const struct bench *b, unsigned ago);

/* What the TE got since the last call of this; a NUL shows as a question mark. */
const char *bench_said(struct bench *b);

/* Whether the two logs of two benches are equal from these places on. */
bool bench_same(const struct bench_log *a, size_t a_from, const struct bench_log *b, size_t b_from);

#endif
