/* SPDX-License-Identifier: MIT
 *
 * What a dialect is: tables and named values. A dialect knows how things are spelled; the engine
 * knows how they work. A new module is a new file with one struct atc_dialect.
 */
#ifndef ATC_DIALECT_H
#define ATC_DIALECT_H

#include "atcoap/atcoap.h"
#include "kept.h"
#include "out.h"
#include "pdp.h"
#include "platform.h"
#include "probe.h"
#include "schema.h"

/* What a field of a URC prints. */
enum atc_field {
    ATC_FIELD_CLIENT,         /* <clientID> */
    ATC_FIELD_PEER,           /* <ip_addr>,<port> */
    ATC_FIELD_TYPE,           /* <type> */
    ATC_FIELD_CODE,           /* c.dd */
    ATC_FIELD_CODE_OR_0,      /* c.dd, or 0 for Empty */
    ATC_FIELD_METHOD,         /* 1 for GET ... */
    ATC_FIELD_MID,            /* <msgid> */
    ATC_FIELD_MODE,           /* what follows, as two hex digits, D-41 */
    ATC_FIELD_TOKEN,          /* <tkl>,<token> */
    ATC_FIELD_OPTION_COUNT,   /* how many options */
    ATC_FIELD_OPTIONS_QUOTED, /* number and value of each, every value quoted */
    ATC_FIELD_OPTIONS,        /* number and value of each, strings quoted */
    ATC_FIELD_PAYLOAD,        /* <length>,<data>, text or hex by Content-Format, D-37 */
    ATC_FIELD_PAYLOAD_CUT,    /* the same, at most rsp_max bytes, D-38 */
    ATC_FIELD_PAYLOAD_RAW,    /* <payload_length>, then the bytes on a line of their own */
    ATC_FIELD_RETRIES,        /* <retry_times> */
    ATC_FIELD_RESULT          /* <result> */
};

/* When it is printed. */
enum atc_when {
    ATC_ALWAYS,
    ATC_IF_SHOW_ADDRESS, /* Showra is 1 */
    ATC_IF_SHOW_OPTIONS, /* Showrspopt is 1 */
    ATC_IF_TOKEN,
    ATC_IF_PAYLOAD
};

struct atc_urc_field {
    uint8_t field; /* enum atc_field */
    uint8_t when;  /* enum atc_when */
};

enum atc_urc_kind {
    ATC_URC_RESPONSE, /* a response, an ACK or an RST came */
    ATC_URC_REQUEST,  /* a request came */
    ATC_URC_DELIVERY, /* what became of a message of ours */
    ATC_URC_RETRY,    /* it was sent again */
    ATC_URC_OPENED,   /* what became of an OPEN */
    ATC_URC_CLOSED,   /* what became of a CLOSE */
    ATC_URC_COUNT
};

struct atc_urc {
    const char *head; /* NULL: the dialect does not report this */
    uint8_t field_count;
    const struct atc_urc_field *fields;
    const char *source;
};

/* What a cause is called. */
struct atc_result {
    int16_t cme;   /* <err> of +CME ERROR; 0: plain ERROR */
    int8_t result; /* <result> of a URC */
    int16_t ip;    /* <err> of AT+QIGETERROR; 0: none */
};

/* What happens to requests of a peer. */
enum atc_requests {
    ATC_REQUESTS_RESOURCES, /* registered resources go to the TE, the rest is answered, D-42 */
    ATC_REQUESTS_ALL        /* all go to the TE, D-72 */
};

/* What happens to a payload that is typed too long. */
enum atc_overlong { ATC_OVERLONG_CUT, ATC_OVERLONG_REFUSE };

/* How a typed payload is read. */
enum atc_typed {
    ATC_TYPED_RAW,        /* the bytes as they are */
    ATC_TYPED_HEX_OR_TEXT /* hex digits may stand for bytes, D-33 */
};

/* A +CME ERROR in words, for AT+CMEE=2. */
struct atc_cme_text {
    int16_t cme;
    const char *text;
};

/* What can change by itself and be reported: bits. */
enum atc_change {
    ATC_CHANGE_REGISTRATION = 1, /* <stat> */
    ATC_CHANGE_CELL = 2,         /* while registered */
    ATC_CHANGE_RRC = 4,          /* the signalling connection came or went */
    ATC_CHANGE_PSM = 8,          /* the module fell asleep or woke up */
    ATC_CHANGE_TIME = 16         /* the network told the time */
};

/* A command whose <n> says whether and how much of a change is reported, such as AT+CEREG. It is read
 * as "+NAME: <n>,..." and reported as "+URC: ...", what stands there being put()'s to say. */
struct atc_report {
    const char *name;
    const char *urc;   /* NULL: as name */
    uint8_t changes;   /* of enum atc_change, added up */
    uint8_t levels;    /* bit n: <n> may be n */
    uint8_t cell_from; /* a change of the cell is reported from this <n> on */
    bool urc_level;    /* the URC begins with <n>, too */
    bool reads_level;  /* the read form shows <n> alone */
    bool saved;        /* AT&W keeps <n> */
    /* NULL: there is nothing but <n> */
    void (*put)(const struct atc_engine *e, struct atc_out *out, uint8_t level);
    const char *source;
};

/* Reports of one dialect at most. */
enum { ATC_REPORT_MAX = 8 };

/* Rows of commands that stand in one file. */
struct atc_table {
    const struct atc_command *rows;
    uint8_t count;
};

struct atc_dialect {
    const char *name;
    const char *manufacturer;
    const char *model;
    const char *revision;
    const char *prompt;
    const char *const *boot;  /* what a restart says, line by line; NULL behind the last */
    const char *const *ready; /* what AT+CFUN=1 says */

    /* Tell the TE what came of AT+NPING and the like. */
    void (*probed)(struct atc_engine *e, const struct atc_probe *probe, enum atc_probe_news news);

    const struct atc_platform *platform; /* what there is besides CoAP */
    const struct atc_report *reports;
    const struct atc_kept_row *kept; /* its values that survive a restart */

    const struct atc_table *const *tables; /* its commands; NULL behind the last */
    const struct atc_urc *urcs;            /* ATC_URC_COUNT of them */
    const struct atc_result *results;      /* ATC_CAUSE_COUNT of them */
    const struct atc_cme_text *texts;      /* cme 0 behind the last; NULL: none */
    const uint8_t *options;                /* the option numbers its note lists */

    struct atc_pdp_traits pdp;

    uint32_t clock_start_s; /* what the clock shows at start: seconds since 1970 */
    uint8_t report_count;
    uint8_t kept_count;
    uint8_t option_count;
    uint8_t value_min;  /* bytes of an opaque option's value as typed, D-28 */
    uint16_t value_max; /* of any option's value */
    uint8_t session_count;
    uint8_t cmee_default; /* AT+CMEE at start, D-15 */
    uint8_t cmee_max;
    uint8_t token_len;      /* bytes of a token the module chooses, D-27, D-65 */
    bool token_by_default;  /* without a header, a token is chosen */
    bool echo_cr;           /* D-05 */
    bool repeats_line;      /* A/, D-88 */
    bool tight_colon;       /* no blank behind the colon of base commands, D-08 */
    bool closed_formats;    /* only the Content-Formats its note lists, D-29 */
    bool lost_on_detach;    /* a detach ends the connections, D-76 */
    uint8_t line_errors;    /* enum atc_errors of a line without a command */
    bool one_server;        /* a client talks to one server only, D-72 */
    bool reports_empty;     /* an Empty ACK or RST is reported like a response, D-37 */
    uint8_t requests;       /* enum atc_requests */
    uint8_t overlong;       /* enum atc_overlong */
    uint8_t typed;          /* enum atc_typed */
    bool non_answers_non;   /* an ACK that answers a NON request goes as NON, D-72 */
    uint8_t max_retransmit; /* D-36, D-62 */
    uint32_t ack_timeout_ms;
};

/* The commands of V.250 that a dialect may have. */
extern const struct atc_table atc_v250;

/* The echo, and the other commands that every dialect has. */
extern const struct atc_table atc_echo;
extern const struct atc_table atc_common;

/* Row index of a dialect's tables, one behind the other; NULL behind the last. */
const struct atc_command *atc_dialect_row(const struct atc_dialect *d, size_t index);

#endif
