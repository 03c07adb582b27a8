/* SPDX-License-Identifier: MIT
 *
 * The network as the module sees it. There is no radio here: the shell tells what the network offers
 * (ATC_EVENT_NETWORK, ATC_EVENT_WALL_CLOCK), commands tell what the module wants of it, and both
 * together give registration, attach, signalling connection (RRC), sleep (PSM) and the time.
 *
 *   registration  off:       AT+CFUN is not 1, or AT+COPS=2
 *                 searching: for SEARCH_MS after that has ended; no coverage
 *                 else:      what the network says: home, roaming, denied
 *   attached      home and roaming, unless AT+CGATT=0 or the network ended it; coverage may be lost
 *   RRC           connected from a datagram or attach on until RRC_INACTIVITY_MS of silence
 *   asleep        AT+CPSMS=1, and the active time has passed since RRC became idle
 *
 * RRC and sleep are worked out when they are looked at; a timer runs only if a change is to be
 * reported. Source: D-130 to D-132.
 */
#ifndef ATC_RADIO_H
#define ATC_RADIO_H

#include "atcoap/atcoap.h"
#include "dialect.h"

struct atc_call;

struct atc_radio {
    uint64_t idle_at_ms;  /* RRC is idle from then on */
    uint64_t told_at_ms;  /* when the network told the time last */
    uint32_t told_s;      /* and what it said */
    uint64_t clock_at_ms; /* when the time was told, or the module was started */
    uint32_t clock_s;     /* and what it was: seconds since 1970, UTC */
    struct atc_cell cell;
    struct atc_addr addr;
    struct atc_addr dns[2]; /* AT+QIDNSCFG: shown; names are the shell's to find */
    int8_t zone;            /* quarter hours */
    int8_t told_zone;
    bool told_time;
    uint8_t registration; /* enum atc_registration, as the module sees it */
    uint8_t rssi;
    bool attached;
    uint8_t offered;               /* enum atc_registration: what the network says */
    uint8_t told_rrc;              /* enum atc_rrc: what the shell says */
    uint8_t shown_rrc;             /* enum atc_rrc: what was reported last */
    bool told_attached;            /* what the network said last */
    bool detached;                 /* AT+CGATT=0, or the network ended the packet service */
    bool deregistered;             /* AT+COPS=2 */
    uint8_t fun;                   /* AT+CFUN */
    uint8_t cops_mode;             /* AT+COPS <mode>: 0 automatic, 1 manual, 2 deregistered */
    uint8_t cops_format;           /* 0 long, 1 short, 2 numeric */
    uint8_t level[ATC_REPORT_MAX]; /* <n> of each report of the dialect */
};

/* At the start of the program: registered, attached, idle, a signal of 23. */
void atc_radio_start(struct atc_engine *e);

/* What a restart forgets; then the module is off the network until atc_radio_join(). */
void atc_radio_reset(struct atc_engine *e);

/* Registered and attached at once, as far as the network lets it. */
void atc_radio_join(struct atc_engine *e);

/* The network, the time: events. */
void atc_radio_network(struct atc_engine *e, const struct atc_network *network);
void atc_radio_wall_clock(struct atc_engine *e, uint32_t seconds, int8_t zone);

/* The TE sets the time: nothing is reported. */
void atc_radio_set_clock(struct atc_engine *e, uint32_t seconds, int8_t zone);

/* AT+CFUN, AT+CGATT, AT+COPS: changes that take effect at once or when the network is found. plmn is
 * the operator of <mode> 1 or empty. */
void atc_radio_set_fun(struct atc_engine *e, uint8_t fun);
void atc_radio_attach(struct atc_engine *e, bool attach);
void atc_radio_select(struct atc_engine *e, uint8_t mode, struct atc_span plmn);

/* What the module asks of the network has changed (AT+CPSMS, AT+CEDRXS): telling it takes a
 * connection. */
void atc_radio_update(struct atc_engine *e);

/* Registered at home or roaming. */
bool atc_radio_registered(const struct atc_engine *e);

/* How RRC is now. */
enum atc_rrc atc_radio_rrc(const struct atc_engine *e);

/* Signal power of the cell (RSRP) and total power (RSSI) in 1/10 dBm. */
int atc_radio_rsrp(const struct atc_engine *e);
int atc_radio_rssi(const struct atc_engine *e);

/* A datagram went or came: RRC is connected. */
void atc_radio_active(struct atc_engine *e);

/* Report what has changed with RRC, and let a timer run if something will. */
void atc_radio_watch(struct atc_engine *e);

/* ATC_TIMER_SEARCH ran out. */
void atc_radio_found(struct atc_engine *e);

/* Read and write forms of the commands in the dialect's reports. */
uint8_t atc_radio_report(struct atc_engine *e, const struct atc_call *call);

/* The local time in seconds since 1970, as AT+CCLK shows it. */
uint32_t atc_radio_local_s(const struct atc_engine *e);

/* It as yy/MM/dd,hh:mm:ss+zz, zz quarter hours; and back to UTC and zone, false if that is no time. */
void atc_put_time(const struct atc_engine *e, struct atc_out *out);
bool atc_text_time(uint32_t *seconds, int8_t *zone, struct atc_span text);

#endif
