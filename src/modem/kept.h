/* SPDX-License-Identifier: MIT
 *
 * Values that survive a restart, and the end of the program if the shell has a store for them
 * (atc_config.keep). They are loaded once at start and written whenever one has changed, as a text
 * with a line for each that is not what it is from the factory:
 *
 *     baud=115200
 *     bands=8,20,5
 *     pdp=1,1,"internet"
 *
 * What is read back is checked like what the TE types: a line that is unknown, malformed or out of
 * range is ignored and counted (ATC_COUNT_KEPT_IGNORED). A store that fails changes nothing else.
 * Source: D-133.
 */
#ifndef ATC_KEPT_H
#define ATC_KEPT_H

#include "atcoap/atcoap.h"
#include "lex.h"

struct atc_engine;
struct atc_event;
struct atc_call;

/* Bands in AT+NBAND. */
enum { ATC_BAND_MAX = 8 };

/* The echo of a profile. Until AT&W it is what the shell set. */
enum atc_profile_echo { ATC_ECHO_OFF, ATC_ECHO_ON, ATC_ECHO_AS_SET };

/* What AT&W keeps and ATZ brings back. */
struct atc_profile {
    uint8_t echo;           /* enum atc_profile_echo */
    uint8_t quiet, numeric; /* Q, V */
    uint8_t cr, lf, erase;  /* S3, S4, S5 */
    uint8_t level[3];       /* <n> of the dialect's first reports */
};

/* AT+CEDRXS, for each access technology that can have values of its own. */
enum { ATC_EDRX_M1, ATC_EDRX_NB1, ATC_EDRX_COUNT };

struct atc_edrx {
    uint8_t on;
    uint8_t value; /* <Requested_eDRX_value>, 0-15 */
};

struct atc_kept {
    uint32_t baud;
    uint16_t flags;       /* AT+NCONFIG: bit n is its row n */
    uint8_t psm;          /* AT+CPSMS <mode> */
    uint8_t active_time;  /* T3324 as GPRS timer 2 */
    uint8_t periodic_tau; /* T3412 as GPRS timer 3 */
    struct atc_edrx edrx[ATC_EDRX_COUNT];
    uint8_t scan_mode;      /* AT+QCFG="nwscanmode" */
    uint8_t iot_mode;       /* AT+QCFG="iotopmode" */
    uint8_t domain;         /* AT+QCFG="servicedomain" */
    uint8_t roaming;        /* AT+QCFG="roamservice" */
    uint32_t scan_sequence; /* AT+QCFG="nwscanseq" */
    uint32_t gsm_bands[2];  /* AT+QCFG="band", upper and lower half */
    uint32_t m1_bands[2];
    uint32_t nb1_bands[2];
    uint8_t urc_port;  /* AT+QURCCFG="urcport" */
    uint8_t zone_mode; /* AT+CTZU */
    struct atc_profile profile;
    uint8_t band_count; /* of band[] */
    uint8_t band[ATC_BAND_MAX];
    uint8_t register_switch; /* AT+QREGSWT */
    uint8_t cdp_count;       /* of cdp[]: 4, or 0 if none is set */
    uint8_t cdp[4];          /* AT+NCDP: IPv4 address */
    uint16_t cdp_port;
};

/* Bit 0 of flags: the module does not look for the network when it starts. */
enum { ATC_KEPT_STAY_OFF = 1 };

/* One such value: where it stands in struct atc_kept, its range, and what it is from the factory. With
 * count_at it is a list of bytes, its length stands there, and the factory list is a text. */
struct atc_kept_row {
    const char *name;
    uint16_t offset;
    uint8_t size;     /* 1, 2 or 4 bytes; a list: 1 */
    uint8_t capacity; /* of a list; 0: no list */
    uint16_t count_at;
    uint32_t min, max;
    uint32_t initial;
    const char *list;    /* initial, as bytes and NUL */
    const char *command; /* atc_kept_command() reads and writes it by this name; NULL: none */
};

#define ATC_KEPT_NUMBER(field) \
    .offset = offsetof(struct atc_kept, field), .size = sizeof(((struct atc_kept *)0)->field)

#define ATC_KEPT_LIST(field, count)                        \
    .offset = offsetof(struct atc_kept, field), .size = 1, \
    .capacity = sizeof(((struct atc_kept *)0)->field),     \
    .count_at = offsetof(struct atc_kept, count)

/* How loading and writing stand. */
struct atc_keeping {
    uint16_t order; /* sequence of the order that is out */
    uint8_t block;  /* the text that is being written */
    bool loading;
    bool writing;
    bool changed; /* since that text was made */
};

/* Everything as from the factory; then load what was kept, if there is a store. */
void atc_kept_start(struct atc_engine *e);

/* The speed of the serial port at a start: what was kept, or the shell's, or that of the factory. */
uint32_t atc_kept_speed(const struct atc_engine *e);

/* What a value that every dialect keeps is from the factory; offset in struct atc_kept. */
uint32_t atc_kept_factory(const struct atc_engine *e, size_t offset);

/* Read and write forms of the command that a row names. */
uint8_t atc_kept_command(struct atc_engine *e, const struct atc_call *call);

/* A value has changed: write it, now or when the last writing is over. */
void atc_kept_changed(struct atc_engine *e);

/* The store's answer. */
void atc_kept_answer(struct atc_engine *e, const struct atc_event *event);

#endif
