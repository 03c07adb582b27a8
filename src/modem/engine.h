/* SPDX-License-Identifier: MIT
 *
 * The inside of struct atc_modem, and what its files offer each other.
 *
 * From the bottom up:
 *
 *   state.c    count, trace, random bytes, giving orders
 *   handler.c  what a handler may say to the TE
 *   value.c    option values as text and as bytes
 *   urc.c      URCs
 *   net.c      datagrams in and out, reports
 *   verbs.c    what commands do, in no module's words: clients
 *   message.c  the same: header, options, sending
 *   files.c    the same: files and keys
 *   opened.c   the same: files that are open
 *   v250.c     ATV, ATQ, ATS3 and the profile that AT&W keeps
 *   kept.c     values that survive a restart
 *   probe.c    pings and look-ups of names
 *   radio.c    the network: registration, attach, RRC, clock, reports
 *   restart.c  restarts
 *   module.c   all that around CoAP, as the engine sees it; bare.c: nothing of it
 *   common.c   handlers of base commands; files of each dialect for the rest
 *   command.c  from bytes of the TE to a line's final result
 *   order.c    orders to the shell, and whose business their answers are
 *   engine.c   behind atcoap.h: routes input, runs timers, hands out bytes
 */
#ifndef ATC_ENGINE_H
#define ATC_ENGINE_H

#include "atcoap/atcoap.h"
#include "dialect.h"
#include "line.h"
#include "probe.h"
#include "queue.h"
#include "radio.h"
#include "reply.h"
#include "session.h"
#include "text.h"
#include "timer.h"

/* What a handler returns besides enum atc_cause. */
enum {
    ATC_MORE = 0x80,   /* one line of the reply is out: call again for the next */
    ATC_WAIT = 0x81,   /* an order is out: its answer ends the command */
    ATC_BODY = 0x82,   /* the payload is asked for */
    ATC_SILENT = 0x83, /* the line ends without a final result */
    ATC_LATER = 0x84   /* the engine's own: not yet, the command shall take its time */
};

/* Who gave an order, so that its answer finds its way. */
enum atc_giver {
    ATC_GIVER_NOBODY,  /* an ACK, an RST, an answer of the module's own */
    ATC_GIVER_COMMAND, /* the command that runs, for a client: it waits for the answer */
    ATC_GIVER_SESSION,
    ATC_GIVER_EXCHANGE,
    ATC_GIVER_SEEN,
    ATC_GIVER_KEPT, /* loads or writes the values that survive a restart */
    ATC_GIVER_PROBE /* a ping or a name of the TE's own */
};

/* A message of no more than header and token stands in the order itself. */
enum { ATC_ORDER_BYTES = ATC_HEADER_LEN + ATC_TOKEN_MAX };

struct atc_pending {
    struct atc_addr peer;
    uint16_t sequence;
    uint8_t kind; /* enum atc_order_kind */
    uint8_t session;
    uint8_t giver; /* enum atc_giver */
    uint8_t index; /* of the exchange or seen */
    uint8_t len;   /* of bytes, 0: the giver's block holds the message */
    uint8_t bytes[ATC_ORDER_BYTES];
};

/* The file that is being transferred, one at a time. */
struct atc_transfer {
    uint32_t size;        /* bytes announced by the TE, or in the file */
    uint32_t moved;       /* bytes so far */
    uint32_t offset;      /* of the next FILE order */
    uint32_t total;       /* size of the file in the last answer */
    uint32_t size_before; /* of the file that is written */
    uint16_t limit;       /* of the next FILE order */
    uint16_t checksum;    /* of these bytes */
    uint16_t timeout_s;
    uint8_t operation; /* of the last FILE order, enum atc_file_operation */
    uint8_t name;      /* block: the file's name, if it is not open */
    uint8_t opened;    /* 1 + its place among those that are, 0: it is not */
    bool keep_rest;    /* what lies behind the bytes written stays in the file */
    bool ack;          /* a letter A is due for each piece */
    bool ended;        /* the last byte came, or no more in time */
    bool open;         /* its bytes are on the line now */
};

/* A file that AT+QFOPEN opened. */
struct atc_opened {
    uint32_t position; /* of the next byte read or written */
    uint8_t name;      /* block: its name; ATC_NO_BLOCK: this place is free */
    uint8_t mode;      /* <mode> */
};

/* AT+QSSLCFG for one context. */
struct atc_ssl {
    uint16_t suite;
    uint16_t negotiate_s;
    uint8_t version; /* <dtlsversion> */
    uint8_t session;
    /* What follows is kept and printed, and changes nothing. */
    uint8_t dtls;
    uint8_t ssl_version;
    uint8_t level;
    uint8_t sni, check_host, ignore_time, renegotiation;
    uint8_t ca_cert, client_cert, client_key; /* blocks: names of files */
};

enum { ATC_SSL_MAX = 6 };

/* The command line that is being carried out. */
struct atc_run {
    const struct atc_command *waiting; /* the command that waits: for an order, for its payload */
    uint16_t start;                    /* where in the line the present command starts */
    uint32_t prompt_ms;                /* how long data entry may be silent; 0: for ever */
    uint8_t step;
    uint8_t result; /* enum atc_cause of the order it waited for */
    bool answered;  /* that order is done */
    bool replied;   /* the present command has printed a line */
    bool delayed;   /* its delay (D-16) is over */
    bool body;      /* a payload was taken in */
};

/* The SEND whose payload is being typed, or whose server's address is looked up. */
struct atc_sending {
    struct atc_addr peer;
    uint8_t session;
    uint8_t type;
    uint8_t code;
    uint8_t mask;
};

/* Timers that belong to no exchange. Those of exchanges come first, by their index; then one for
 * each client. */
enum {
    ATC_TIMER_SESSION = ATC_EXCHANGE_MAX,
    ATC_TIMER_OWN = ATC_EXCHANGE_MAX + ATC_SESSION_MAX,
    ATC_TIMER_URC = ATC_TIMER_OWN, /* a URC has waited long enough for a half typed line, D-14 */
    ATC_TIMER_COMMAND,             /* the delay of a command is over, D-16 */
    ATC_TIMER_PROMPT,              /* nothing was typed at a prompt, D-68 */
    ATC_TIMER_BOOT,                /* a restart is done */
    ATC_TIMER_AUTO_ACK,            /* a request waits for its ACK, D-43 */
    ATC_TIMER_SEARCH,              /* the network is found, D-130 */
    ATC_TIMER_SPEED,               /* nothing was heard at a new speed */
    ATC_TIMER_PROBE,               /* a ping or a name was not answered */
    ATC_TIMER_RRC /* the signalling connection or the module may go to sleep, D-131 */
};

struct atc_engine {
    struct atc_config cfg;
    uint64_t now_ms;   /* the moment that is being dealt with */
    uint64_t input_ms; /* the moment of the call: not before now_ms */
    struct atc_radio radio;
    struct atc_kept kept;
    struct atc_keeping keeping;
    struct atc_pdp pdp[ATC_PDP_MAX];
    struct atc_probe probe;
    struct atc_run run;
    struct atc_sending sending;
    struct atc_queue out_queue;
    struct atc_queue urc_queue;
    struct atc_transfer transfer;
    struct atc_opened opened[ATC_OPEN_MAX];
    struct atc_ssl ssl[ATC_SSL_MAX];
    const struct atc_event
        *answer;            /* to the order a command waited for; only while it is dealt with */
    uint16_t command_order; /* sequence of the order the present command waits for */
    uint16_t urc_left;      /* bytes of the URC record whose start the TE has got */
    uint64_t answers_at_ms; /* when the second began in which answers are counted */
    uint16_t answers;       /* of the module's own in it */
    uint16_t secret_left;   /* bytes of replies up to the end of a file's content */
    uint16_t sequence;      /* of the last order */
    uint8_t order_head, order_count;
    struct atc_framing framing; /* ATV, ATQ, ATS3, ATS4 */
    bool echo;
    bool urc_released; /* ATC_TIMER_URC ran out during this line */
    bool deaf;         /* restarting: input is thrown away */
    bool off;          /* AT+QPOWD */
    bool uploads;      /* the last line asked for the content of a file, with success or not */
    bool show_address; /* Showra */
    bool show_options; /* Showrspopt */
    uint8_t cmee;
    uint32_t baud;        /* the speed of the port now */
    uint32_t baud_before; /* it becomes this again when ATC_TIMER_SPEED runs out */
    bool baud_store;      /* AT+NATSPEED: keep it once a line has come */
    uint16_t ip_error;    /* of the last command that failed: AT+QIGETERROR */
    uint32_t pdp_active;  /* bit n: context <cid> n */
    uint32_t pdp_defined;
    uint32_t counters[ATC_COUNT_COUNT];
    struct atc_timers timers;
    struct atc_session session[ATC_SESSION_MAX];
    uint8_t resource[ATC_RESOURCE_MAX]; /* blocks: paths with their leading slash, in their order */
    struct atc_pending order[ATC_ORDER_MAX];
    struct atc_messages messages;
    struct atc_pool pool;
    struct atc_line line;
    uint8_t out_memory[ATC_OUT_SIZE];
    uint8_t urc_memory[ATC_URC_SIZE];
};

/* --- state.c --------------------------------------------------------------------------------- */

void atc_engine_count(struct atc_engine *e, unsigned session, enum atc_count count, uint16_t mid);
void atc_engine_trace(struct atc_engine *e, enum atc_trace_kind kind, unsigned session,
                      unsigned from, unsigned to, uint16_t mid);

/* The same of any record; the time is filled in. */
void atc_engine_emit(struct atc_engine *e, struct atc_trace record);

/* Say what the TE did; the command that runs is where. mid: of the message, or 0. */
void atc_engine_remark(struct atc_engine *e, unsigned session, enum atc_remark remark,
                       uint16_t mid);

/* len random bytes. Returns false if there are none. */
bool atc_engine_random(struct atc_engine *e, uint8_t *buf, size_t len);

/* Whether there is room for the orders that one step of the engine can give. */
bool atc_order_has_room(const struct atc_engine *e);

/* Give an order. There is room: an input is only taken while atc_order_has_room(). */
struct atc_pending *atc_engine_order(struct atc_engine *e, enum atc_order_kind kind,
                                     unsigned session, enum atc_giver giver, uint8_t index);

/* The one place where a client's state changes. */
void atc_session_move(struct atc_engine *e, unsigned session, enum atc_session_state to);

/* The serial port shall run at so many bits per second from now on: once what was said before is out. */
void atc_engine_speed(struct atc_engine *e, uint32_t baud);

/* Tell the shell's radio, if it has one, what to do. A command that gives the order waits for it. */
void atc_engine_radio(struct atc_engine *e, enum atc_radio_state state, enum atc_giver giver);

/* Whether the module is on the network. */
bool atc_engine_attached(const struct atc_engine *e);

/* The dialect's word for a cause. */
const struct atc_result *atc_engine_result(const struct atc_engine *e, unsigned cause);

/* --- handler.c ------------------------------------------------------------------------------ */

/* A writer for a line of the present command's reply, and its end. */
struct atc_out atc_reply_open(struct atc_engine *e);
void atc_reply_close(struct atc_engine *e, struct atc_out *out);

/* The name of a base command, its colon, and the dialect's blank. */
void atc_put_base(const struct atc_engine *e, struct atc_out *out, const char *name);

/* A comma and a number: the next field of a reply. */
void atc_put_next(struct atc_out *out, uint32_t number);

/* A text in quotes. */
void atc_put_quoted(struct atc_out *out, const char *text);

/* A line of a base command's reply, begun with that. */
struct atc_out atc_reply_base(struct atc_engine *e, const char *name);

/* A line with no more than a text. */
void atc_reply_text(struct atc_engine *e, const char *text);

/* Ask for the payload of the present command; handlers return its result. */
uint8_t atc_engine_ask(struct atc_engine *e, const struct atc_call *call, uint32_t want,
                       size_t keep);

/* The same for raw data behind CONNECT; it ends after timeout_ms without a byte. */
uint8_t atc_engine_ask_raw(struct atc_engine *e, const struct atc_call *call, uint32_t want,
                           size_t piece, uint32_t timeout_ms);

/* Print a result. */
void atc_engine_final(struct atc_engine *e, enum atc_final final);

/* Data entry may be silent for so long from now on. */
void atc_engine_watch_prompt(struct atc_engine *e);

/* --- v250.c --------------------------------------------------------------------------------- */

/* The settings of V.250 at start; the echo as the shell set it. Nothing is saved. */
void atc_v250_init(struct atc_engine *e);

/* The values that survive were loaded: the profile is among them. */
void atc_v250_loaded(struct atc_engine *e);

/* A restart: what AT&W kept comes back, but for the echo. Source: D-05. */
void atc_v250_restart(struct atc_engine *e);

/* --- restart.c ------------------------------------------------------------------------------ */

/* Bring everything but the echo to what it is at start. */
void atc_engine_cold_start(struct atc_engine *e);

/* Restart: deaf for a while, then the banner. */
void atc_engine_reboot(struct atc_engine *e);
void atc_engine_boot_done(struct atc_engine *e);

/* --- urc.c ------------------------------------------------------------------------------------ */

/* What the fields of a URC are taken from; what a row does not print may be missing. */
struct atc_urc_facts {
    const struct atc_pdu *pdu;
    const struct atc_addr *peer;
    uint16_t mid;
    uint8_t session;
    uint8_t type;
    uint8_t retries;
    uint8_t cause; /* enum atc_cause */
};

/* A URC of another kind: the writer for it, and its end. Fields lists are not needed for those that
 * are a text and a number. */
struct atc_out atc_urc_open(struct atc_engine *e);
void atc_urc_close(struct atc_engine *e, struct atc_out *out, unsigned session);
/* The URC of a base command: its name and colon, and its end. */
struct atc_out atc_urc_base(struct atc_engine *e, const char *name);
void atc_urc_end(struct atc_engine *e, struct atc_out *out);

void atc_urc_text(struct atc_engine *e, const char *text);

/* A text and a number behind it; nothing if text is NULL. */
void atc_urc_number(struct atc_engine *e, const char *text, uint32_t number);

void atc_urc_print(struct atc_engine *e, enum atc_urc_kind kind, const struct atc_urc_facts *facts);

/* --- value.c ---------------------------------------------------------------------------------- */

/* Whether an option value as typed is valid for that number in this dialect. */
bool atc_value_check(const struct atc_engine *e, uint32_t number, const struct atc_arg *arg);

/* Write a checked value as options: one, or one for each path segment. *last as in
 * atc_put_option(). */
void atc_value_put(const struct atc_engine *e, struct atc_out *out, uint32_t *last, uint32_t number,
                   const struct atc_arg *arg);

/* The number that a checked uint value stands for. */
uint32_t atc_value_number(const struct atc_arg *arg);

/* Print a received value: quoted and escaped text, decimal, hex. */
void atc_value_print(struct atc_out *out, const struct atc_option *option, bool always_quoted);

/* An address as text, and text as an address (its port untouched); behind a link-local one % and the
 * number of its interface. Source: D-184. */
void atc_put_addr(struct atc_out *out, const struct atc_addr *addr);
bool atc_text_addr(struct atc_addr *addr, struct atc_span text);

#endif
