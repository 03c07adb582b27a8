/* SPDX-License-Identifier: MIT
 *
 * Bytes from the TE become command lines and payloads.
 *
 * It owns the one buffer of the AT side. Which command asks for a payload, and what lines and
 * payloads mean, is for others. Source: V.250 5.2, D-01 to D-05, D-13.
 */
#ifndef ATC_LINE_H
#define ATC_LINE_H

#include "atcoap/config.h"
#include "span.h"

/* IDLE   -> TYPING   the first byte of a line
 * TYPING -> IDLE     the line was deleted again, or ended and was not for us
 * TYPING -> BUSY     the line ended, or is A/
 * IDLE   -> BUSY     the line after a payload ended
 * BUSY   -> PROMPT   the command asks for a payload
 * BUSY   -> IDLE     the final result was given
 * PROMPT -> BODY     the first byte of the payload
 * PROMPT -> BUSY     the payload ended empty, or was cancelled
 * BODY   -> BUSY     the payload ended, was cancelled, or a piece of it is there
 * BUSY   -> BODY     that piece was dealt with
 * any    -> IDLE     the module is reset */
enum atc_line_state {
    ATC_LINE_IDLE,
    ATC_LINE_TYPING,
    ATC_LINE_BUSY,
    ATC_LINE_PROMPT,
    ATC_LINE_BODY,
    ATC_LINE_STATE_COUNT
};

/* What a byte completed. */
enum atc_line_event {
    ATC_LINE_NOTHING,
    ATC_LINE_COMMAND, /* a command line that begins with AT; the state is BUSY */
    ATC_LINE_LONG,    /* a command line that is too long; the state is BUSY */
    ATC_LINE_NOISE,   /* a line that does not begin with AT */
    ATC_LINE_PAYLOAD, /* a payload, or its last piece; the state is BUSY */
    ATC_LINE_PIECE,   /* a piece of raw data, more is to come; the state is BUSY */
    ATC_LINE_CANCEL   /* ESC instead; the state is BUSY */
};

enum { ATC_CTRL_Z = 0x1A, ATC_ESC = 0x1B };

/* A payload of any length, ended by Ctrl+Z. */
#define ATC_BODY_OPEN UINT32_MAX

struct atc_line {
    uint32_t want;  /* bytes of a counted payload, or ATC_BODY_OPEN */
    uint32_t typed; /* bytes of this payload so far, dropped ones too */
    uint16_t len;   /* bytes of the line or payload that are kept */
    uint16_t keep;  /* how many bytes of a payload are kept */
    uint16_t last;  /* bytes of the line before that are still there but for its AT */
    uint8_t end;    /* S3: what ends a line */
    uint8_t erase;  /* S5: what removes the last byte typed; DEL does so too */
    uint8_t state;  /* enum atc_line_state */
    bool lf_ends;   /* a lone LF ends a line, D-01 */
    bool repeats;   /* A/ is the line before once more, D-88 */
    bool lost;      /* that line was overwritten */
    bool after_cr;  /* the last byte was the CR of a line */
    bool crlf;      /* the TE's last line ended in CR LF, or there was none, D-04 */
    bool drop_lf;   /* an LF as the first byte of the payload is not data, D-04 */
    bool too_long;  /* the line is being swallowed */
    bool raw;       /* the payload is raw data: no echo, handed on in pieces of keep bytes */
    bool rest_hex;  /* all bytes of the payload that were not kept are hex digits, D-33 */
    bool seek;      /* behind a payload: only AT and what follows is a line, D-03 */
    uint8_t buf[ATC_LINE_MAX];
};

void atc_line_init(struct atc_line *line);

/* The module restarts: what was typed is forgotten, whatever the state. What ends a line and the
 * like stays. */
void atc_line_reset(struct atc_line *line);

/* Whether byte, if fed next, shall be echoed; cr: whether a CR is. Source: D-05. */
bool atc_line_echoes(const struct atc_line *line, uint8_t byte, bool cr);

/* Whether bytes, if fed next, begin or go on with a line that begins with AT. Also if nothing of them
 * would be part of a line. Control bytes behind the first byte of a line are not looked at. */
bool atc_line_is_command(const struct atc_line *line, struct atc_span bytes);

/* One byte from the TE. Not to be called in state BUSY. */
enum atc_line_event atc_line_feed(struct atc_line *line, uint8_t byte);

/* Keep those of the bytes, from the first on, that only go on with the line or payload that is being
 * typed, as if they were fed one by one: no event, and every one of them is echoed. Returns how many,
 * 0 in a state in which each byte has to be looked at. */
size_t atc_line_take(struct atc_line *line, struct atc_span bytes);

/* Whether a line is half typed, so that a URC has to wait; behind a payload, where all is dropped that
 * does not become AT: whether the last bytes may still become it. Source: D-14. */
bool atc_line_is_begun(const struct atc_line *line);

/* The command line, AT included, or the payload: memory of the line, until it goes on. */
struct atc_span atc_line_text(const struct atc_line *line);

/* Ask for a payload: of want bytes, or ATC_BODY_OPEN; keep at most keep of them. A want of 0 needs
 * no byte: the caller goes on at once. Only in state BUSY. */
void atc_line_ask(struct atc_line *line, uint32_t want, size_t keep, bool drop_lf);

/* The same for raw data: want bytes in pieces of at most piece, without echo. */
void atc_line_ask_raw(struct atc_line *line, uint32_t want, size_t piece);

/* A piece of raw data was dealt with: the next may come. */
void atc_line_resume(struct atc_line *line);

/* Whether the last bytes of raw data are +++, which ends it if nothing follows for a while. */
bool atc_line_ends_in_escape(const struct atc_line *line);

/* End the data entry from this side: a time-out. The state is BUSY. */
void atc_line_abandon(struct atc_line *line);

/* The final result was given: the next line may come. body tells whether a payload came before it.
 */
void atc_line_done(struct atc_line *line, bool body);

#endif
