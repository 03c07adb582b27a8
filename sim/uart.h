/* SPDX-License-Identifier: MIT
 *
 * The serial line between a module and its host, and what can go wrong on it: bytes that are lost or
 * changed, bytes that take their time, URCs in places where a host does not look for them, noise when
 * the module starts, a module that restarts by itself. docs/uart.md says what each knob means.
 *
 * It is fed with bytes and time and gives bytes and deadlines; it owns no port and no clock. A shell
 * puts it between its modem and its port, in this order each time something has happened:
 *
 *     while there is something to do:
 *         for all that atc_te_peek() shows: sim_uart_say(), atc_te_drop()
 *         carry out orders; ATC_ORDER_RADIO to restart: sim_uart_boot()
 *         sim_uart_typed(), atc_te_write(), sim_uart_typed_drop()
 *         if sim_uart_reboots(): ATC_EVENT_RESET
 *     sim_uart_settle(), then sim_uart_said() to the port
 *
 * Integers only, and a stream of random numbers for each knob, which takes the same count of them for
 * every byte: what happens to the n-th byte does not depend on the other knobs. With all faults off
 * every byte comes out as it went in, at once. */
#ifndef SIM_UART_H
#define SIM_UART_H

#include "atcoap/atcoap.h"
#include "random.h"

/* Which way a byte goes. */
enum sim_uart_way {
    SIM_UART_OUT, /* to the host */
    SIM_UART_IN   /* to the module */
};

/* Where a URC goes that has come. */
enum sim_urc_order {
    SIM_URC_AFTER,  /* where it comes: behind the OK of the command that causes it */
    SIM_URC_BEFORE, /* before the next final result, which waits for it as long as no time passes */
    SIM_URC_PROMPT, /* between the next prompt and its data */
    SIM_URC_ECHO,   /* into the echo of the next line, behind its first two bytes */
    SIM_URC_SPLIT,  /* where it comes, in two halves with a pause between */
    SIM_URC_MIXED,  /* the dice choose one of those, each time */
    SIM_URC_COUNT
};

/* What a module says when it starts, before its banner. */
enum sim_noise {
    SIM_NOISE_NONE,
    SIM_NOISE_RANDOM, /* 8 to 40 bytes of any value */
    SIM_NOISE_LOADER  /* lines of a boot loader */
};

#define SIM_UART_LIST_MAX 16u /* numbers behind drop= and garble= */

/* Bytes, the first of that way being number 1. */
struct sim_uart_list {
    uint32_t number[SIM_UART_LIST_MAX];
    uint32_t count;
};

struct sim_uart_way_config {
    uint32_t drop_ppm;   /* lost, each for itself, in parts of SIM_PPM */
    uint32_t garble_ppm; /* one bit of it changed */
    struct sim_uart_list drop, garble;
};

/* All 0: nothing happens. */
struct sim_uart_config {
    struct sim_uart_way_config way[2]; /* by enum sim_uart_way */
    uint8_t urc;                       /* enum sim_urc_order */
    uint8_t noise;                     /* enum sim_noise */
    uint32_t hold_ms;                  /* a URC waits for its place so long; 0: a second */
    uint32_t gap_ms;                   /* between the halves of a split URC; 0: 20 */
    uint32_t baud;                     /* bytes to the host take 10 bits each; 0: no time */
    uint32_t seed;                     /* of the dice; 0: that of sim_uart_init() */
    uint32_t reboot_ppm;               /* restarts when a line has ended: the chance, */
    uint32_t reboot_line;              /* or the number of that line, from 1; 0: none */
    uint32_t reboot_at_ms;             /* or so long after the start; 0: never */
};

enum {
    SIM_UART_OUT_MAX = 2 * (ATC_URC_SIZE + ATC_OUT_SIZE), /* bytes on their way to the host */
    SIM_UART_HELD_MAX = ATC_URC_SIZE,                     /* of URCs that wait for their place */
    SIM_UART_IN_MAX = 256,                                /* on their way to the module */
    SIM_UART_RESULT_MAX = 160,                            /* of a final result that waits */
    SIM_UART_PAUSE_MAX = 16                               /* halves that wait */
};

/* The knobs with dice. New ones at the end. */
enum sim_uart_knob {
    SIM_UART_KNOB_DROP,                            /* and one for the other way */
    SIM_UART_KNOB_GARBLE = SIM_UART_KNOB_DROP + 2, /* likewise */
    SIM_UART_KNOB_NOISE = SIM_UART_KNOB_GARBLE + 2,
    SIM_UART_KNOB_REBOOT,
    SIM_UART_KNOB_ORDER,
    SIM_UART_KNOB_COUNT
};

struct sim_uart {
    struct sim_uart_config config;
    struct sim_random random[SIM_UART_KNOB_COUNT];
    uint64_t stream;         /* of the seed, that the dice come from */
    uint64_t now_ms;         /* of the last call that told it */
    uint64_t reboot_at_ms;   /* ATC_NEVER: not by the clock */
    uint32_t bytes[2];       /* so far, by enum sim_uart_way */
    uint32_t dropped[2];     /* of these */
    uint32_t garbled[2];     /* likewise */
    uint32_t lines, reboots; /* so far */
    uint32_t moved;          /* URCs that were put elsewhere, or split */
    bool reboot;             /* is due */
    bool in_data;            /* the module has asked for data */
    uint32_t column;         /* bytes of the present line that the module has got */

    uint8_t out[SIM_UART_OUT_MAX];
    uint32_t out_len;
    uint64_t line_ns;                      /* the line to the host is busy until then */
    uint32_t pause_at[SIM_UART_PAUSE_MAX]; /* in out: what stands from here on waits */
    uint32_t pause_count;
    uint64_t paused_ms; /* the first pause ends; ATC_NEVER: its half before has not gone */

    uint8_t held[SIM_UART_HELD_MAX];
    uint32_t held_len;
    uint8_t held_for; /* enum sim_urc_order */
    uint64_t held_until_ms;
    uint8_t result[SIM_UART_RESULT_MAX]; /* a final result that waits for the moment's URCs */
    uint32_t result_len;

    uint8_t in[SIM_UART_IN_MAX];
    uint32_t in_len;
};

/* No faults. The dice come from that stream of the seed. */
void sim_uart_init(struct sim_uart *uart, uint64_t seed, uint64_t stream, uint64_t now_ms);

/* Other faults from now on; reboot_at_ms counts from now. What waits for its place goes out. Numbers of
 * bytes and lines go on, as the dice do, unless the seed is another. */
void sim_uart_config(struct sim_uart *uart, const struct sim_uart_config *config, uint64_t now_ms);

/* Whether there are no faults and nothing waits: a shell may leave it out. */
bool sim_uart_is_plain(const struct sim_uart *uart);

/* Whether nothing is on its way. */
bool sim_uart_is_empty(const struct sim_uart *uart);

/* Whether there is room for so many bytes that the module says. */
bool sim_uart_has_room(const struct sim_uart *uart, size_t len);

/* The module says something: urc tells whether it is one whole URC (atc_te_is_urc()). Returns false if
 * there is no room before the host has read more; then nothing was taken. Else all of it was. */
bool sim_uart_say(struct sim_uart *uart, bool urc, const uint8_t *data, size_t len,
                  uint64_t now_ms);

/* The module has said all that it has to say at this moment. */
void sim_uart_settle(struct sim_uart *uart, uint64_t now_ms);

/* Bytes that the host can read now, *len 0 if none; and the first n of them went. */
const uint8_t *sim_uart_said(struct sim_uart *uart, size_t *len, uint64_t now_ms);
void sim_uart_said_drop(struct sim_uart *uart, size_t n, uint64_t now_ms);

/* The end of a test: everything that is on its way to the host can be read now. */
void sim_uart_flush(struct sim_uart *uart);

/* The host types something. Returns how many bytes were taken. */
size_t sim_uart_type(struct sim_uart *uart, const uint8_t *data, size_t len);

/* Bytes for the module, *len 0 if none: all that it may get before what it says is taken to
 * sim_uart_say(). And the first n of them were taken. */
const uint8_t *sim_uart_typed(struct sim_uart *uart, size_t *len);
void sim_uart_typed_drop(struct sim_uart *uart, size_t n);

/* Whether the module restarts now by itself; true once. What was on its way either way is lost. */
bool sim_uart_reboots(struct sim_uart *uart, uint64_t now_ms);

/* It shall restart, whatever the dice say. */
void sim_uart_reboot(struct sim_uart *uart);

/* The module starts, for whatever reason: the noise. */
void sim_uart_boot(struct sim_uart *uart, uint64_t now_ms);

/* When something is due by itself, or ATC_NEVER. It may have passed: for bytes that nobody reads. */
uint64_t sim_uart_deadline_ms(const struct sim_uart *uart);

/* "after" ... as configurations name it. */
const char *sim_urc_order_name(unsigned order);

#endif
