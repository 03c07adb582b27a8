/* SPDX-License-Identifier: MIT */
#include "line.h"
#include "text.h"

enum { BACKSPACE = 0x08, LF = 0x0A, CR = 0x0D, DELETE = 0x7F, AT_LEN = 2 };

_Static_assert(ATC_LINE_MAX >= 128 && ATC_LINE_MAX <= 32768, "see config.h");

/* Which states may follow a state, as bits. See line.h. */
static const uint8_t may_follow[ATC_LINE_STATE_COUNT] = {
    [ATC_LINE_IDLE] = 1u << ATC_LINE_TYPING | 1u << ATC_LINE_BUSY,
    [ATC_LINE_TYPING] = 1u << ATC_LINE_IDLE | 1u << ATC_LINE_BUSY,
    [ATC_LINE_BUSY] = 1u << ATC_LINE_PROMPT | 1u << ATC_LINE_BODY | 1u << ATC_LINE_IDLE,
    [ATC_LINE_PROMPT] = 1u << ATC_LINE_BODY | 1u << ATC_LINE_BUSY,
    [ATC_LINE_BODY] = 1u << ATC_LINE_BUSY,
};

/* The one place where the state changes. */
static void move(struct atc_line *line, enum atc_line_state to)
{
    (void)may_follow; /* only the assertion reads it */
    ATC_ASSERT(line->state == to || (may_follow[line->state] >> to & 1) != 0);
    line->state = (uint8_t)to;
}

static bool in_payload(const struct atc_line *line)
{
    return line->state == ATC_LINE_PROMPT || line->state == ATC_LINE_BODY;
}

/* A byte that may start a line: no blank, control byte or byte above 0x7F. */
static bool may_start(uint8_t byte)
{
    return byte > 0x20 && byte < DELETE;
}

static bool begins_with_at(const struct atc_line *line)
{
    return line->len >= 2 && atc_upper(line->buf[0]) == 'A' && atc_upper(line->buf[1]) == 'T';
}

void atc_line_reset(struct atc_line *line)
{
    line->len = 0;
    line->last = 0;
    line->lost = false;
    line->after_cr = false;
    line->crlf = true;
    line->drop_lf = false;
    line->too_long = false;
    line->seek = false;
    line->raw = false;
    line->state = ATC_LINE_IDLE;
}

void atc_line_init(struct atc_line *line)
{
    line->end = CR;
    line->erase = BACKSPACE;
    line->repeats = false;
    line->lf_ends = true;
    atc_line_reset(line);
}

bool atc_line_ends_in_escape(const struct atc_line *line)
{
    return line->raw && in_payload(line) && line->len >= 3 && line->buf[line->len - 1] == '+' &&
           line->buf[line->len - 2] == '+' && line->buf[line->len - 3] == '+';
}

bool atc_line_echoes(const struct atc_line *line, uint8_t byte, bool cr)
{
    if (line->state == ATC_LINE_PROMPT && line->after_cr && line->drop_lf && byte == LF)
        return false;
    if (in_payload(line) && line->raw)
        return false;
    if (in_payload(line))
        return line->want != ATC_BODY_OPEN || (byte != ATC_CTRL_Z && byte != ATC_ESC);
    return byte == line->end ? cr : byte != LF;
}

/* --- command lines ---------------------------------------------------------------------------- */

/* Behind a payload everything is dropped until a line ends, or until AT and a byte that can follow
 * it: hosts send CR, CR LF, another Ctrl+Z or leftovers there. The buffer holds the last two bytes.
 */
static void seek_at(struct atc_line *line, uint8_t byte)
{
    if (line->len == 2 && begins_with_at(line) &&
        (byte == '+' || byte == '&' || atc_is_letter(byte))) {
        line->seek = false;
        line->buf[line->len++] = byte;
        move(line, ATC_LINE_TYPING);
        return;
    }
    if (line->len == 2)
        line->buf[0] = line->buf[1];
    else
        line->len++;
    line->buf[line->len - 1] = byte;
}

static void add_byte(struct atc_line *line, uint8_t byte)
{
    if (byte == ATC_CTRL_Z || byte == ATC_ESC)
        return;
    if (byte == line->erase || byte == DELETE) {
        if (line->len > 0)
            line->len--;
        if (line->len == 0)
            move(line, ATC_LINE_IDLE);
        return;
    }
    if (line->len == 0 && !may_start(byte))
        return;
    if (line->len == ATC_LINE_MAX) {
        line->too_long = true;
        return;
    }
    line->lost = line->lost || line->len >= AT_LEN;
    line->buf[line->len++] = byte;
    move(line, ATC_LINE_TYPING);
}

/* A/: the line before once more. It is still there but for the AT that A/ was written over. None
 * yet: AT alone. Source: V.250 5.2.4, D-88. */
static enum atc_line_event repeat_line(struct atc_line *line)
{
    line->buf[0] = 'A';
    line->buf[1] = 'T';
    line->len = line->last > AT_LEN ? line->last : AT_LEN;
    if (line->lost) {
        line->buf[AT_LEN] = '/'; /* no command */
        line->len = AT_LEN + 1;
    }
    move(line, ATC_LINE_BUSY);
    return ATC_LINE_COMMAND;
}

static bool is_repeat(const struct atc_line *line, uint8_t byte)
{
    return line->repeats && byte == '/' && line->len == 1 && !line->seek &&
           atc_upper(line->buf[0]) == 'A';
}

static enum atc_line_event end_line(struct atc_line *line)
{
    const bool too_long = line->too_long;
    const bool empty = line->len == 0 || line->seek;

    line->too_long = false;
    line->seek = false;
    if (begins_with_at(line)) {
        line->last = line->len;
        line->lost = too_long;
        move(line, ATC_LINE_BUSY);
        return too_long ? ATC_LINE_LONG : ATC_LINE_COMMAND;
    }
    line->len = 0;
    move(line, ATC_LINE_IDLE);
    return empty ? ATC_LINE_NOTHING : ATC_LINE_NOISE;
}

static enum atc_line_event feed_command(struct atc_line *line, uint8_t byte)
{
    const bool after_cr = line->after_cr;

    line->after_cr = false;
    if (byte == LF && after_cr) {
        line->crlf = true;
        return ATC_LINE_NOTHING;
    }
    if (after_cr)
        line->crlf = false;
    if (byte == line->end) {
        line->after_cr = true;
        return end_line(line);
    }
    if (byte == LF) {
        line->crlf = false;
        return line->lf_ends ? end_line(line) : ATC_LINE_NOTHING;
    }
    if (is_repeat(line, byte))
        return repeat_line(line);
    if (line->seek)
        seek_at(line, byte);
    else
        add_byte(line, byte);
    return ATC_LINE_NOTHING;
}

/* How many bytes of AT are there already; more than AT_LEN if there is something else. */
static size_t matched(const struct atc_line *line)
{
    if (begins_with_at(line))
        return AT_LEN;
    if (line->len > 0 && line->seek) /* its last byte */
        return atc_upper(line->buf[line->len - 1]) == 'A' ? 1 : 0;
    if (line->len == 1 && atc_upper(line->buf[0]) == 'A')
        return 1;
    return line->len == 0 ? 0 : AT_LEN + 1;
}

bool atc_line_is_command(const struct atc_line *line, struct atc_span bytes)
{
    static const uint8_t at[AT_LEN] = {'A', 'T'};
    size_t n = matched(line);

    for (size_t i = 0; i < bytes.len && n < AT_LEN; i++) {
        if (atc_upper(bytes.at[i]) == at[n])
            n++;
        else if (n > 0 || may_start(bytes.at[i]))
            return false;
    }
    return n <= AT_LEN;
}

/* --- payloads --------------------------------------------------------------------------------- */

static enum atc_line_event end_payload(struct atc_line *line, enum atc_line_event event)
{
    move(line, ATC_LINE_BUSY);
    return event;
}

static enum atc_line_event feed_payload(struct atc_line *line, uint8_t byte)
{
    const bool after_cr = line->after_cr;

    line->after_cr = false;
    if (byte == LF && after_cr && line->drop_lf)
        return ATC_LINE_NOTHING;
    if (line->want == ATC_BODY_OPEN && byte == ATC_CTRL_Z)
        return end_payload(line, ATC_LINE_PAYLOAD);
    if (line->want == ATC_BODY_OPEN && byte == ATC_ESC)
        return end_payload(line, ATC_LINE_CANCEL);
    if (line->len < line->keep)
        line->buf[line->len++] = byte;
    else
        line->rest_hex = line->rest_hex && atc_is_hex_digit(byte);
    line->typed++;
    if (line->typed == line->want && line->want != ATC_BODY_OPEN)
        return end_payload(line, ATC_LINE_PAYLOAD);
    if (line->raw && line->len == line->keep)
        return end_payload(line, ATC_LINE_PIECE);
    move(line, ATC_LINE_BODY);
    return ATC_LINE_NOTHING;
}

enum atc_line_event atc_line_feed(struct atc_line *line, uint8_t byte)
{
    ATC_ASSERT(line->state != ATC_LINE_BUSY);
    return in_payload(line) ? feed_payload(line, byte) : feed_command(line, byte);
}

/* How many bytes are kept for certain, whatever they are, before one may complete something. */
static size_t plain_room(const struct atc_line *line)
{
    if (line->state == ATC_LINE_TYPING && line->len >= AT_LEN)
        return (size_t)(ATC_LINE_MAX - line->len);
    if (line->state == ATC_LINE_BODY && !line->raw && line->len < line->keep) {
        const size_t left = (size_t)(line->keep - line->len);
        const uint32_t wanted = line->want - line->typed - 1;

        return wanted < left ? wanted : left;
    }
    return 0;
}

/* A byte of a command line that is kept and does nothing else. */
static bool is_plain(const struct atc_line *line, uint8_t byte)
{
    return byte >= 0x20 && byte != DELETE && byte != line->end && byte != line->erase;
}

/* How many bytes, from the first on, are kept and do nothing else. */
static size_t plain_len(const struct atc_line *line, struct atc_span bytes)
{
    size_t n = 0;

    if (line->state == ATC_LINE_TYPING) {
        while (n < bytes.len && is_plain(line, bytes.at[n]))
            n++;
        return n;
    }
    if (line->want != ATC_BODY_OPEN)
        return bytes.len;
    while (n < bytes.len && bytes.at[n] != ATC_CTRL_Z && bytes.at[n] != ATC_ESC)
        n++;
    return n;
}

size_t atc_line_take(struct atc_line *line, struct atc_span bytes)
{
    const size_t room = plain_room(line);
    const size_t n = plain_len(line, atc_span(bytes.at, bytes.len < room ? bytes.len : room));

    if (n == 0)
        return 0;
    memcpy(line->buf + line->len, bytes.at, n);
    line->len = (uint16_t)(line->len + n);
    if (line->state == ATC_LINE_BODY)
        line->typed += (uint32_t)n;
    else
        line->lost = true;
    return n;
}

bool atc_line_is_begun(const struct atc_line *line)
{
    if (line->state != ATC_LINE_IDLE || !line->seek || line->len == 0)
        return line->state == ATC_LINE_TYPING;
    return begins_with_at(line) || atc_upper(line->buf[line->len - 1]) == 'A';
}

struct atc_span atc_line_text(const struct atc_line *line)
{
    return atc_span(line->buf, line->len);
}

void atc_line_ask(struct atc_line *line, uint32_t want, size_t keep, bool drop_lf)
{
    ATC_ASSERT(line->state == ATC_LINE_BUSY);
    line->want = want;
    line->typed = 0;
    line->len = 0;
    line->lost = true;
    line->keep = (uint16_t)(keep < ATC_LINE_MAX ? keep : ATC_LINE_MAX);
    line->drop_lf = drop_lf;
    line->rest_hex = true;
    line->raw = false;
    move(line, ATC_LINE_PROMPT);
}

void atc_line_ask_raw(struct atc_line *line, uint32_t want, size_t piece)
{
    atc_line_ask(line, want, piece, line->crlf);
    line->raw = true;
}

void atc_line_resume(struct atc_line *line)
{
    ATC_ASSERT(line->state == ATC_LINE_BUSY && line->raw);
    line->len = 0;
    move(line, ATC_LINE_BODY);
}

void atc_line_abandon(struct atc_line *line)
{
    ATC_ASSERT(in_payload(line));
    move(line, ATC_LINE_BUSY);
}

void atc_line_done(struct atc_line *line, bool body)
{
    ATC_ASSERT(line->state == ATC_LINE_BUSY);
    line->len = 0;
    line->seek = body;
    if (body)
        line->after_cr = false;
    move(line, ATC_LINE_IDLE);
}
