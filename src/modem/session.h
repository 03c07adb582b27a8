/* SPDX-License-Identifier: MIT
 *
 * One CoAP client of the modem: connection, next header, configured options.
 */
#ifndef ATC_SESSION_H
#define ATC_SESSION_H

#include "exchange.h"

/* The <status> values of AT+QCOAPOPEN? (D-76), in their order, and LOST, which reads as 0.
 *
 *   IDLE       -> OPENING     OPEN: the key is being read, the name resolved
 *   IDLE       -> CONNECTING  OPEN with an address, CREATE
 *   OPENING    -> CONNECTING  the address is known
 *   CONNECTING -> CONNECTED   socket, and handshake if any, are there
 *   CONNECTED  -> LOST        the connection went away by itself
 *   LOST       -> OPENING, CONNECTING   OPEN again
 *   any        -> IDLE        it failed, or is closed
 *
 * CLOSING is only a number of the note: a close is done as soon as it is ordered. */
enum atc_session_state {
    ATC_SESSION_IDLE,
    ATC_SESSION_OPENING,
    ATC_SESSION_CONNECTING,
    ATC_SESSION_CONNECTED,
    ATC_SESSION_CLOSING,
    ATC_SESSION_LOST,
    ATC_SESSION_STATE_COUNT
};

/* <status> of AT+QCOAPDATASTATUS?. Source: D-35. */
enum atc_status {
    ATC_STATUS_NONE,
    ATC_STATUS_WAITING,
    ATC_STATUS_FAILED,
    ATC_STATUS_TIMEOUT,
    ATC_STATUS_SUCCESS,
    ATC_STATUS_RESET
};

enum atc_token_mode { ATC_TOKEN_NONE, ATC_TOKEN_AUTO, ATC_TOKEN_GIVEN };

/* The header of the next message. */
struct atc_header {
    bool given;     /* HEAD or HEADER was set and not used up */
    bool mid_given; /* the message ID is the TE's */
    uint8_t token_mode;
    uint8_t tkl;
    uint16_t mid;
    uint8_t token[ATC_TOKEN_MAX];
};

struct atc_session {
    struct atc_addr peer;
    struct atc_header header;
    uint16_t order; /* sequence of the order it waits for */
    uint16_t port;  /* the server's, or our own */
    uint8_t state;  /* enum atc_session_state */
    uint8_t status; /* enum atc_status, of the CON sent last */
    uint8_t con;    /* its exchange; once it is settled, perhaps that of another message */
    uint8_t name;   /* block: the server as the TE typed it */
    uint8_t pdp;    /* <PDP_cid> */
    uint8_t key;    /* block: identity, then key, until the handshake is over */
    uint8_t identity_len;
    bool list_used;     /* an option list went out with a request and is forgotten */
    bool status_unread; /* a CON got lost, and only DATASTATUS would tell */
    bool secure;        /* it is, or is being, connected with DTLS */
    bool dtls;          /* <DTLS_enable>: for the next OPEN */
    uint8_t dtls_context;
    int8_t list_observe;                       /* Observe of the option list: 0, 1, -1: none */
    int32_t list_format;                       /* Content-Format of the option list, -1: none */
    uint8_t list;                              /* block: the option list, as on the wire; or none */
    uint8_t slot_used;                         /* bit n: slot n holds an option */
    uint8_t slot_order[ATC_OPTION_SLOT_MAX];   /* used slots by rising option number */
    uint16_t slot_number[ATC_OPTION_SLOT_MAX]; /* option numbers */
    uint8_t slot_block[ATC_OPTION_SLOT_MAX];   /* blocks: values, as on the wire */
};

#endif
