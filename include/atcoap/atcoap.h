/* SPDX-License-Identifier: MIT
 *
 * libatcoap: a CoAP modem as a function of three streams: bytes from the host side (the TE),
 * datagrams from the network, and time.
 *
 * CONVENTIONS
 *  - Nothing here allocates, blocks, reads a clock or calls the operating system. A modem lives in
 *    memory of the caller, holds no pointer into itself and needs no destructor: a copy of the
 *    struct is a snapshot that goes on by itself.
 *  - Time is a monotonic count of milliseconds of the caller's choosing. It enters with each call
 *    as now_ms and may not step back (asserted; with asserts off it is held still).
 *  - Data comes as pointer and length, never as a string, unless the comment says so. Memory that a
 *    call gets is only read during the call. Memory that a call returns stays valid until the next
 *    call on the same modem.
 *  - Functions return 0 or a count, or one of the negative ATC_E_ numbers.
 *  - Two modems share nothing and may live in two threads; one modem may not.
 *
 * THE SHELL is the code around a modem that owns serial port, sockets and clock. Its loop never
 * changes:
 *
 *      atc_tick(m, now);
 *      while (p = atc_te_peek(m, &n), n > 0)
 *          atc_te_drop(m, what_the_port_took(p, n));
 *      while (atc_order_next(m, &order))
 *          carry it out, then or later tell atc_event(m, &done, now);
 *      sleep until atc_deadline_ms(m) or input; feed it with atc_te_write() or atc_event().
 */
#ifndef ATCOAP_ATCOAP_H
#define ATCOAP_ATCOAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header. */
#define ATC_VERSION "0.1.0"

/* The moment that never comes. */
#define ATC_NEVER UINT64_MAX

/* Errors of the library. */
enum {
    ATC_E_SIZE = -1,    /* the library was built with other limits in config.h */
    ATC_E_CONFIG = -2,  /* a field of struct atc_config is missing or out of range */
    ATC_E_VERSION = -3, /* datagram: not CoAP version 1; ignore it silently (RFC 7252 3) */
    ATC_E_FORMAT = -4,  /* datagram: message format error (RFC 7252 3 and 4.1) */
    ATC_E_FULL = -5,    /* no room */
    ATC_E_KEY = -6,     /* no setting of that name */
    ATC_E_VALUE = -7    /* the setting does not take that value */
};

/* A modem: memory of the caller, filled by atc_init(). Its content is private. */
struct atc_modem {
    union {
        uint64_t align;
        unsigned char bytes[ATC_MODEM_SIZE];
    } state;
};

/* Which module it imitates. A dialect is a table in a file of its own; these two come with the
 * library. */
struct atc_dialect;
extern const struct atc_dialect atc_dialect_bc95;
extern const struct atc_dialect atc_dialect_bg96;

/* The CoAP commands of each alone (AT+QCOAP..., ATE, AT+CMEE), for a product that has a radio and base
 * commands of its own. There is no model of a network: the module is attached from the start, until
 * ATC_EVENT_NETWORK says otherwise; of that event it reads nothing else. There is nothing to keep
 * (atc_config.keep is ignored), every PDP context is there, and ATC_EVENT_RESET takes no time and says
 * nothing. docs/porting.md tells what that saves. */
extern const struct atc_dialect atc_dialect_bc95_coap;
extern const struct atc_dialect atc_dialect_bg96_coap;

/* An IP address and UDP port. Unused bytes are 0, so that two equal addresses are equal bytes. */
struct atc_addr {
    uint8_t ip[16]; /* network byte order; IPv4 takes the first four */
    uint16_t port;  /* as a number, 1-65535 */
    uint8_t family; /* enum atc_family */
    uint8_t zero;   /* 0 */
    uint32_t
        scope; /* of a link-local IPv6 address the interface, by its number in the shell; else 0 */
};

enum atc_family { ATC_FAMILY_NONE = 0, ATC_FAMILY_IPV4 = 4, ATC_FAMILY_IPV6 = 6 };

/* Why a command failed, or how an order ended. 0 is success. A dialect turns causes into its own
 * words. */
enum atc_cause {
    ATC_OK = 0,
    ATC_CAUSE_UNKNOWN,      /* no such command, or it does not have that form */
    ATC_CAUSE_PARAMETER,    /* a parameter is missing, malformed or out of range */
    ATC_CAUSE_NOT_ALLOWED,  /* not in this state */
    ATC_CAUSE_MEMORY,       /* a table or the pool is full */
    ATC_CAUSE_NO_NETWORK,   /* not attached */
    ATC_CAUSE_ABORTED,      /* the TE cancelled the data entry */
    ATC_CAUSE_BUSY,         /* a confirmable message is outstanding */
    ATC_CAUSE_FAILURE,      /* the module itself failed: no random bytes, a counter ran out */
    ATC_CAUSE_UNSUPPORTED,  /* the shell cannot carry out that order */
    ATC_CAUSE_NAME,         /* the name has no address */
    ATC_CAUSE_PDP,          /* the PDP context is undefined or cannot be activated */
    ATC_CAUSE_SOCKET,       /* no socket, or the local port is in use or forbidden */
    ATC_CAUSE_DTLS,         /* the handshake failed, timed out or had no key */
    ATC_CAUSE_OCCUPIED,     /* the client is connected already */
    ATC_CAUSE_IN_PROGRESS,  /* the client is opening */
    ATC_CAUSE_SEND,         /* the message did not leave, or nobody acknowledged it */
    ATC_CAUSE_RESET,        /* the peer answered with RST */
    ATC_CAUSE_FILE_MISSING, /* no file of that name */
    ATC_CAUSE_FILE_EXISTS,  /* a file of that name is there already */
    ATC_CAUSE_FILE_NAME,    /* not a name for a file */
    ATC_CAUSE_FILE_FULL,    /* the store has no room */
    ATC_CAUSE_FILE_TIMEOUT, /* the bytes did not come in time */
    ATC_CAUSE_FILE_STORE,   /* the store failed to read or write */
    ATC_CAUSE_SIM,          /* the SIM is switched off */
    ATC_CAUSE_FILE_HANDLE,  /* no file was opened with that handle */
    ATC_CAUSE_FILE_OPENS,   /* too many files are open */
    ATC_CAUSE_FILE_IN_USE,  /* the file is open */
    ATC_CAUSE_FILE_MODE,    /* the file was opened to be read only */
    ATC_CAUSE_FILE_EMPTY,   /* there is nothing to read */
    ATC_CAUSE_FILE_RANGE,   /* a place beyond the end of the file */
    ATC_CAUSE_COUNT
};

/* The run-time settings of a modem: the places where the notes leave a choice,
 * docs/deviations.md. atc_settings_default() fills in the defaults; atc_setting() sets one by its
 * name. */
enum { ATC_LINE_END_ANY, ATC_LINE_END_CR };
enum { ATC_NOISE_IGNORE, ATC_NOISE_ERROR };
enum { ATC_BODY_LF_AUTO, ATC_BODY_LF_DROP, ATC_BODY_LF_KEEP };
enum { ATC_OFF, ATC_ON };
enum { ATC_COLON_FIELD, ATC_COLON_NOTE };
enum { ATC_TIMING_INSTANT, ATC_TIMING_TYPICAL, ATC_TIMING_MAX };
enum { ATC_LIFE_ONCE, ATC_LIFE_KEEP };
enum { ATC_VALUES_NOTE, ATC_VALUES_ANY };
enum { ATC_ESC_ERROR, ATC_ESC_OK };
enum { ATC_PAYLOAD_AUTO, ATC_PAYLOAD_HEX, ATC_PAYLOAD_TEXT };
enum { ATC_UNMATCHED_404, ATC_UNMATCHED_URC };
enum { ATC_PSK_AUTO, ATC_PSK_HEX, ATC_PSK_TEXT };

struct atc_settings {
    uint8_t line_end;       /* ATC_LINE_END_   D-01 */
    uint8_t noise;          /* ATC_NOISE_      D-02 */
    uint8_t body_lf;        /* ATC_BODY_LF_    D-04 */
    uint8_t echo;           /* ATC_ON, ATC_OFF D-05: echo at start */
    uint8_t colon;          /* ATC_COLON_      D-08 */
    uint8_t timing;         /* ATC_TIMING_     D-16 */
    uint8_t head;           /* ATC_LIFE_       D-26, D-65 */
    uint8_t option;         /* ATC_LIFE_       D-26 */
    uint8_t content_format; /* ATC_VALUES_     D-29 */
    uint8_t options;        /* ATC_VALUES_     D-29, D-66 */
    uint8_t split_path;     /* ATC_ON, ATC_OFF D-30 */
    uint8_t names;          /* ATC_ON, ATC_OFF D-31: host names in place of an address */
    uint8_t esc;            /* ATC_ESC_        D-32, D-68 */
    uint8_t payload;        /* ATC_PAYLOAD_    D-33 */
    uint8_t unmatched;      /* ATC_UNMATCHED_  D-42 */
    uint8_t psk;            /* ATC_PSK_        D-74 */
    uint8_t nstart;         /* 1-4: confirmable messages outstanding per client, D-69 */
    uint8_t token_len; /* 0-8 bytes of a token the module chooses, D-27, D-65; 255: the dialect's */
    uint8_t max_retransmit;     /* 0-14, D-36; 255: the dialect's */
    uint16_t message_max;       /* bytes, 1280-ATC_MESSAGE_MAX (less if that is less), D-17 */
    uint16_t rsp_max;           /* bytes of a payload in a "rsp" URC, 1-ATC_PAYLOAD_MAX, D-38 */
    uint32_t ack_timeout_ms;    /* 1000-60000, D-36; 0: the dialect's */
    uint32_t auto_ack_ms;       /* an unanswered request is acknowledged after this; 0: off, D-43 */
    uint32_t prompt_timeout_ms; /* data entry is cancelled after this silence; 0: never, D-68 */
};

/* One record of what happens inside, for logs and tests; atc_..._name() below has words for the numbers. */
enum atc_trace_kind {
    ATC_TRACE_LINE,     /* the AT line: from -> to is enum atc_line_state */
    ATC_TRACE_SESSION,  /* a client: from -> to is enum atc_session_state */
    ATC_TRACE_EXCHANGE, /* a message of ours: from -> to is enum atc_exchange_state; mid */
    ATC_TRACE_COUNT,    /* a counter moved: to is enum atc_count; mid if there is one */
    ATC_TRACE_COMMAND, /* a line ended: to is the cause; value the offset of its last command, mid the
                          number of the +CME ERROR that was printed, 0: another result */
    ATC_TRACE_RESULT, /* an order ended badly: from is the order's kind, to the cause */
    ATC_TRACE_ROW,    /* a known command was looked at: from is its form, to the cause (from 128 on:
                         data is asked for, or no result is due); value its row in the dialect's tables */
    ATC_TRACE_URC,    /* a URC of the TE's: from is its kind, to a bit for each field that shows
                         something; mid; value the cause + 256 x type */
    ATC_TRACE_REPORT, /* a change of the network was reported: from is the row of the dialect's
                         reports, to its <n>; value the changes, a bit for each */
    ATC_TRACE_REQUEST, /* a peer's request, its mid, from its type (0 CON, 1 NON): to 0 it was
                          reported and waits for the TE, 1 it waits no more */
    ATC_TRACE_REMARK   /* the TE relied on what no note promises, or will be surprised: to is enum
                          atc_remark; value the command's offset in the line; mid if there is one */
};

struct atc_trace {
    uint64_t now_ms;
    uint32_t value;
    uint16_t mid;
    uint8_t kind;    /* enum atc_trace_kind */
    uint8_t session; /* client, 0-5 */
    uint8_t from, to;
};

/* What the core counts: every datagram and every limit is accounted for. */
enum atc_count {
    ATC_COUNT_RECEIVED,      /* datagrams that came in */
    ATC_COUNT_SENT,          /* datagrams ordered out */
    ATC_COUNT_RETRANSMITTED, /* of these, repeated for want of an ACK */
    ATC_COUNT_DELIVERED,     /* datagrams reported to the TE */
    ATC_COUNT_ANSWERED,      /* requests the module answered by itself */
    ATC_COUNT_DUPLICATE,     /* repeats, answered as before and not reported */
    ATC_COUNT_DROP_CLOSED,   /* dropped: the client is not connected */
    ATC_COUNT_DROP_VERSION,  /* dropped: not CoAP version 1 */
    ATC_COUNT_DROP_FORMAT,   /* dropped or reset: message format error */
    ATC_COUNT_DROP_LONG,     /* dropped: longer than message_max */
    ATC_COUNT_DROP_STRANGER, /* dropped: not from the server of that client */
    ATC_COUNT_DROP_CODE,     /* dropped or reset: a code of a reserved class, or not of that type */
    ATC_COUNT_DROP_EMPTY,    /* dropped: an Empty NON */
    ATC_COUNT_DROP_MID,      /* dropped: ACK or RST for no message of ours */
    ATC_COUNT_DROP_TOKEN,    /* dropped or reset: a response to no request of ours */
    ATC_COUNT_DROP_OPTION,   /* dropped: NON request with an unknown critical option */
    ATC_COUNT_DROP_MULTICAST,   /* dropped: came by multicast */
    ATC_COUNT_DROP_UNREACHABLE, /* dropped: the module is not attached, or asleep */
    ATC_COUNT_DROP_BUSY,        /* dropped: the shell does not take orders away */
    ATC_COUNT_DROP_RATE,        /* dropped: ATC_ANSWER_RATE answers went out this second */
    ATC_COUNT_PING,             /* pings, answered with RST */
    ATC_COUNT_NON_RESET,        /* RST for a NON of ours */
    ATC_COUNT_URC_OVERFLOW,     /* a URC found no room in ATC_URC_SIZE */
    ATC_COUNT_URC_CUT,          /* a payload was cut to rsp_max */
    ATC_COUNT_LINE_LONG,        /* a line over ATC_LINE_MAX was swallowed */
    ATC_COUNT_LINE_NOISE,       /* a line did not begin with AT */
    ATC_COUNT_PAYLOAD_CUT,      /* bytes typed beyond the largest payload were dropped */
    ATC_COUNT_EXCHANGE_EVICTED, /* an open request gave way to a newer one */
    ATC_COUNT_SEEN_EVICTED,     /* a remembered message of a peer gave way before its time */
    ATC_COUNT_ANSWER_EVICTED,   /* a remembered answer gave way */
    ATC_COUNT_POOL_FULL,        /* the pool had no room for an answer of the module's own */
    ATC_COUNT_STALE,            /* an event answered no order */
    ATC_COUNT_MID_EXHAUSTED,    /* no message ID was free */
    ATC_COUNT_MODE_OPTIONS,     /* a request had more options than <mode> can say */
    ATC_COUNT_KEPT_IGNORED, /* a kept value was unknown, malformed, out of range; or all too long */
    ATC_COUNT_COUNT
};

/* What only the engine sees a host do. Nothing fails for it; the text behind each, with a remedy, is
 * in docs/lint.md. */
enum atc_remark {
    ATC_REMARK_DEAF,            /* a line was typed at a module that restarts or is off; D-98 */
    ATC_REMARK_KEY_CASE,        /* a quoted key in other letters than the note's; D-06 */
    ATC_REMARK_KEY_SLIP,        /* a key that only an example's slip spells so; D-60 */
    ATC_REMARK_QUOTES,          /* quoted where the note shows it bare, or the other way; D-12 */
    ATC_REMARK_RESOURCE_SLASH,  /* a resource without its first slash; D-24 */
    ATC_REMARK_PATH,            /* a slash in the value of one path option; D-30 */
    ATC_REMARK_OPTION_UNLISTED, /* an option that the note's table omits; D-66 */
    ATC_REMARK_SLOT_USED,       /* an option was put into a slot that held one; D-66 */
    ATC_REMARK_SLOT_EMPTY,      /* a bit of an empty slot is set in the bitmask; D-67 */
    ATC_REMARK_HEX,             /* a payload that looks like text was taken for hex; D-33 */
    ATC_REMARK_TOO_LONG,        /* header, options and payload exceed the largest message; D-17 */
    ATC_REMARK_MID_ALIVE,       /* the ID the TE set was used shortly before; D-18 */
    ATC_REMARK_TOKEN_OPEN,      /* the token of a request that still waits; D-90 */
    ATC_REMARK_UNASKED,         /* an answer to no request that is known; D-31 */
    ATC_REMARK_ELSEWHERE,       /* an answer to another address than the asker's; D-43 */
    ATC_REMARK_ACK_FOR_NON,     /* a NON request was answered by an ACK; D-72 */
    ATC_REMARK_STATUS_UNREAD,   /* a CON got lost, and the next SEND came without a look; D-35 */
    ATC_REMARK_OPTIONS_GONE,    /* a request without options, those before were used up; D-26 */
    ATC_REMARK_DTLS_UNSET,      /* DTLS in a context for which AT+QSSLCFG did not set it; D-116 */
    ATC_REMARK_CFG_LATE,        /* the form of URCs was changed while one was due; BC95 2.8 */
    ATC_REMARK_OPEN_TWICE,      /* OPEN for a client that is open or opening; D-63 */
    ATC_REMARK_OPTION_TWICE,    /* a message has an option more often than it may; D-246 */
    ATC_REMARK_UPLOAD_SHORT,    /* fewer bytes of a file came than were announced; D-117 */
    ATC_REMARK_COUNT
};

struct atc_config {
    const struct atc_dialect *dialect;

    /* Fill buf with len unpredictable bytes; return false if there are none (the command then
     * fails). Required. Must not call back into the modem. Tokens need the quality RFC 7252 5.3.1
     * asks for. */
    bool (*random)(void *ctx, uint8_t *buf, size_t len);

    /* May be NULL. Must not call back into the modem. */
    void (*trace)(void *ctx, const struct atc_trace *record);

    void *ctx; /* handed to both */

    /* 15 digits and NUL each, memory of the caller that outlives the modem. NULL: a default. */
    const char *imei;
    const char *imsi;

    /* What AT+CGMM and ATI say, NUL at its end, memory of the caller that outlives the modem. NULL: the
     * dialect's; several modules may speak one dialect. */
    const char *model;

    /* Bits per second that the serial port runs at when the modem starts, unless it has kept another
     * speed; 0: the dialect's. */
    uint32_t baud;

    struct atc_settings settings;

    /* The shell has a store that outlives the modem: values that survive a restart are loaded from it
     * at start and kept in it, D-133. Without it they last as long as the modem. */
    bool keep;
};

/* What the shell shall do. Each order but CLOSE and UART is answered by exactly one event that
 * carries its id: DONE (or RESOLVED, FILE_DONE where named), at once or later. A shell that does
 * not know an order answers DONE with ATC_CAUSE_UNSUPPORTED. */
enum atc_order_kind {
    ATC_ORDER_BIND,    /* session, peer.port: a UDP socket on that local port, for all peers */
    ATC_ORDER_OPEN,    /* session, peer, security, data (the PSK): a UDP socket on any port */
    ATC_ORDER_SEND,    /* session, peer, data: one datagram */
    ATC_ORDER_CLOSE,   /* session: close its socket; not answered */
    ATC_ORDER_RESOLVE, /* session, data (the name): RESOLVED, or DONE with ATC_CAUSE_NAME */
    ATC_ORDER_FILE,    /* operation, name, data, offset: FILE_DONE, see below */
    ATC_ORDER_RADIO, /* offset: enum atc_radio_state. AT+CFUN waits for DONE; ATC_CAUSE_UNSUPPORTED
                          is as good as ATC_OK */
    ATC_ORDER_PING, /* peer: an ICMP echo of limit bytes; offset: how many ms the core waits for it.
                          DONE with offset: the round trip in ms, size: the answer's TTL;
                          ATC_CAUSE_SEND: it did not leave, or no answer came */
    ATC_ORDER_UART  /* offset: the baud rate from now on; not answered */
};

enum atc_radio_state { ATC_RADIO_OFF, ATC_RADIO_ON, ATC_RADIO_RESTART };

enum atc_security { ATC_SECURITY_NONE, ATC_SECURITY_DTLS_PSK };

/* What an OPEN with ATC_SECURITY_DTLS_PSK shall do, as AT+QSSLCFG set it. The handshake's failure is
 * ATC_CAUSE_DTLS. identity and key lie in the modem and are wiped once the order is answered. */
struct atc_dtls {
    const uint8_t *identity;
    size_t identity_len;
    const uint8_t *key;
    size_t key_len;
    uint16_t suite;       /* the one cipher suite to offer, 0xFFFF: all there are */
    uint16_t negotiate_s; /* how long the handshake may take */
    uint8_t version;      /* <dtlsversion>: 0 DTLS 1.0, 1 DTLS 1.2, 2 either */
    bool resume;          /* an earlier session with that server may be resumed */
};

/* What a FILE order asks of the store, a set of files by name. A name comes with or without "UFS:"
 * in front, which makes no difference for finding a file; a listing shows it as it was given. One
 * file is written at a time. The content may be a key: it never goes into a log. */
enum atc_file_operation {
    ATC_FILE_LIST, /* offset: which file, from 0. Answer: its name as data, its size; or
                        ATC_CAUSE_FILE_MISSING behind the last. A name over 80 bytes counts as
                        ATC_CAUSE_FILE_STORE, and so do too many bytes of READ */
    ATC_FILE_READ, /* name, offset, limit. Answer: at most limit bytes from there, the whole size */
    ATC_FILE_BEGIN, /* name, limit: how many bytes are announced. Fails if the name is taken or there
                        is no room. What was begun before is forgotten */
    ATC_FILE_EDIT,  /* name, offset, limit. Begin with the first offset bytes of a file that may be
                        there already, at most its size, ATC_CAUSE_FILE_RANGE if it is shorter. With
                        a limit of 1 what lies behind the bytes that are written stays in it, with 0
                        it does not. Answer: the size it had, 0 if it was not there */
    ATC_FILE_APPEND, /* data, to what was begun; if that fails it is forgotten */
    ATC_FILE_COMMIT, /* what was begun becomes the file, at once and whole */
    ATC_FILE_ABORT,  /* what was begun is forgotten */
    ATC_FILE_DELETE, /* name */
    ATC_FILE_SPACE,  /* Answer: size: free bytes, total: of so many, offset: files there are */
    ATC_FILE_RECALL, /* limit. Answer: the text of the last KEEP, its size; ATC_CAUSE_FILE_MISSING if
                        there was none. Only with atc_config.keep */
    ATC_FILE_KEEP    /* data: up to ATC_KEPT_MAX bytes that take the place of the last ones, at once
                        and whole. They are no file: not listed, not counted, not deleted by name */
};

struct atc_order {
    enum atc_order_kind kind;
    uint32_t id;
    uint8_t session;
    uint8_t security;  /* OPEN: enum atc_security */
    uint8_t operation; /* FILE: enum atc_file_operation */
    struct atc_addr peer;
    const uint8_t *name; /* FILE: the file's; OPEN: the server as the TE typed it */
    size_t name_len;
    const uint8_t *data;
    size_t len;
    uint32_t offset;
    uint32_t limit;
    struct atc_dtls dtls; /* OPEN with ATC_SECURITY_DTLS_PSK */
};

/* What happened outside. */
enum atc_event_kind {
    ATC_EVENT_DONE,      /* order, cause */
    ATC_EVENT_RESOLVED,  /* order, peer (its port is ignored) */
    ATC_EVENT_DATAGRAM,  /* session, peer (the source), data; multicast if it was sent to a group */
    ATC_EVENT_CLOSED,    /* session, cause: the connection was lost */
    ATC_EVENT_FILE_DONE, /* order, cause, data, offset, size, total */
    ATC_EVENT_NETWORK,   /* network */
    ATC_EVENT_WALL_CLOCK, /* offset: seconds since 1970 (UTC), zone */
    ATC_EVENT_RESET /* the module restarts by itself, as at a reset pin: what it was saying is lost.
                       Carry out orders first: ignored as long as there is no room for its own */
};

/* 3GPP 27.007 10.1.22 <stat> of +CEREG. */
enum atc_registration {
    ATC_REG_OFF = 0,
    ATC_REG_HOME = 1,
    ATC_REG_SEARCHING = 2,
    ATC_REG_DENIED = 3,
    ATC_REG_ROAMING = 5
};

/* The signalling connection (RRC), as +CSCON shows it, and the sleep behind it, as +NPSMR does. */
enum atc_rrc {
    ATC_RRC_AUTO = 0, /* the core works it out: connected with every datagram and attach, idle some
                         time after the last, asleep after the active time of AT+CPSMS */
    ATC_RRC_IDLE,
    ATC_RRC_CONNECTED,
    ATC_RRC_ASLEEP
};

enum { ATC_PLMN_MAX = 6 };

/* The cell that a module is in. */
struct atc_cell {
    uint32_t id;     /* 28 bits */
    uint32_t earfcn; /* of the downlink */
    uint16_t tac;    /* tracking area code */
    uint16_t pci;    /* physical cell identity, 0-503 */
    int16_t rsrp;    /* 1/10 dBm; 0: it goes with the RSSI */
    int16_t rsrq;    /* 1/10 dB */
    int16_t snr;     /* 1/10 dB */
    int16_t power;   /* last transmitted, 1/10 dBm */
    uint8_t band;
    uint8_t ecl;                 /* coverage enhancement level, 0-2 */
    char plmn[ATC_PLMN_MAX + 1]; /* the operator: 5 or 6 digits and NUL */
};

/* The cell a module is in until it is told of another. */
extern const struct atc_cell atc_cell_default;

/* What the network offers; what the module makes of it depends on AT+CFUN, AT+COPS and AT+CGATT.
 * Zero in a field behind rssi leaves what it stands for as it is. */
struct atc_network {
    bool attached; /* false: the network ends the packet service, until it is true again or
                             the TE attaches */
    uint8_t
        registration; /* enum atc_registration; SEARCHING is also the loss of coverage: an attach
                             outlives it */
    uint8_t rssi;     /* 0-31, 99 unknown, as in +CSQ */
    uint8_t rrc;      /* enum atc_rrc: stays so until told otherwise */
    const struct atc_cell *cell; /* NULL: the same as before */
    struct atc_addr addr;        /* the module's; ATC_FAMILY_NONE: the same as before */
};

struct atc_event {
    enum atc_event_kind kind;
    uint32_t order;
    uint8_t session;
    bool multicast;
    enum atc_cause cause;
    struct atc_addr peer;
    const uint8_t *data;
    size_t len;
    uint32_t offset;
    uint32_t size;
    uint32_t total;
    struct atc_network network;
    int8_t zone; /* WALL_CLOCK: quarter hours to the east of Greenwich, -48 to 56 */
};

/* Fill in the defaults of every setting. */
void atc_settings_default(struct atc_settings *settings);

/* Set one setting by its name, both as text, e.g. "head", "keep". Returns 0, ATC_E_KEY or
 * ATC_E_VALUE; then nothing has changed. */
int atc_setting(struct atc_settings *settings, const char *key, const char *value);

/* The longest text of a setting's value, and NUL. */
#define ATC_SETTING_TEXT_MAX 16

/* Write the value of one setting as text, as atc_setting() takes it, NUL behind it; "module" for a
 * default that depends on the dialect. Returns 0, ATC_E_KEY, or ATC_E_FULL if size is too small. */
int atc_setting_text(const struct atc_settings *settings, const char *key, char *text, size_t size);

/* What atc_setting() knows, for help texts: name, values as text ("once|keep", "1..4"), the
 * decision's number and what it means. Returns NULL behind the last. */
struct atc_setting_info {
    const char *key;
    const char *values; /* the first is the default */
    const char *source; /* "D-26" */
    const char *meaning;
};
const struct atc_setting_info *atc_setting_info(size_t index);

/* Use atc_init(). */
int atc_init_sized(struct atc_modem *m, size_t size, const struct atc_config *cfg, uint64_t now_ms);

/* Start a modem: registered, attached, echo on, no client open. cfg is copied. Returns 0,
 * ATC_E_SIZE (the library was built with other limits) or ATC_E_CONFIG. */
static inline int atc_init(struct atc_modem *m, const struct atc_config *cfg, uint64_t now_ms)
{
    return atc_init_sized(m, sizeof *m, cfg, now_ms);
}

/* Bytes from the TE. Returns how many were taken, 0..len. Fewer than len: drain output and carry
 * out orders first, then offer the rest again. */
size_t atc_te_write(struct atc_modem *m, const uint8_t *data, size_t len, uint64_t now_ms);

/* Bytes for the TE: where they stand and how many, *len 0 if none. Nothing changes. */
const uint8_t *atc_te_peek(const struct atc_modem *m, size_t *len);

/* Whether those bytes are a URC, or the rest of one, and no echo or reply. If none of it went out
 * yet, all of one URC stands there, and nothing else. */
bool atc_te_is_urc(const struct atc_modem *m);

/* The first n of the bytes last seen by atc_te_peek() went out. */
void atc_te_drop(struct atc_modem *m, size_t n);

/* The next thing to do outside. Returns false if there is none. */
bool atc_order_next(struct atc_modem *m, struct atc_order *order);

/* Something happened outside. */
void atc_event(struct atc_modem *m, const struct atc_event *event, uint64_t now_ms);

/* Run whatever is due by now_ms, each thing at its own time. */
void atc_tick(struct atc_modem *m, uint64_t now_ms);

/* When atc_tick() is needed next: a moment of the caller's clock (it may be past), or ATC_NEVER. */
uint64_t atc_deadline_ms(const struct atc_modem *m);

/* One of the counters. */
uint32_t atc_counter(const struct atc_modem *m, enum atc_count which);

/* Whether the module is switched off (AT+QPOWD): it will say nothing more. */
bool atc_is_off(const struct atc_modem *m);

/* Whether what the TE is about to read is, or stands among, the content of a file: not for logs. */
bool atc_is_secret(const struct atc_modem *m);

/* Whether bytes that the TE types now may be the content of a file, and so their echo. It is asked
 * before they are handed to atc_te_write(). data is at most a line: it changes behind a control byte,
 * which ends a line, or behind A/. So too behind an upload that was refused or is over, for not every
 * host waits for CONNECT: up to the next line that begins with AT. Source: D-215, D-250. */
bool atc_is_secret_input(const struct atc_modem *m, const uint8_t *data, size_t len);

/* Names for people: "wait ack", "duplicate". Never NULL. Only logs need them. */
const char *atc_count_name(unsigned count);
const char *atc_remark_name(unsigned remark);
const char *atc_cause_name(unsigned cause);
const char *atc_order_name(unsigned kind);
const char *atc_session_state_name(unsigned state);
const char *atc_exchange_state_name(unsigned state);
const char *atc_line_state_name(unsigned state);

#ifdef __cplusplus
}
#endif

#endif
