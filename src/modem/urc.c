/* SPDX-License-Identifier: MIT
 *
 * Prints unsolicited results: a row of fields, each with its condition. A record is its length in
 * two bytes and its text, so that the engine can hand it out in one piece. Source: D-14.
 */
#include "engine.h"

/* The length in front of a record. */
enum { RECORD_HEAD = 2 };

/* <mode> counts options in six bits. Source: D-41. */
enum { MODE_OPTION_MAX = 63 };

/* A writer for a record; the caller puts the text, atc_urc_close() the length. */
struct atc_out atc_urc_open(struct atc_engine *e)
{
    struct atc_out out = atc_queue_room(&e->urc_queue, e->urc_memory);

    atc_put_text(&out, "  ");
    return out;
}

void atc_urc_close(struct atc_engine *e, struct atc_out *out, unsigned session)
{
    const size_t len = out->len - RECORD_HEAD;

    if (!atc_queue_commit(&e->urc_queue, out)) {
        atc_engine_count(e, session, ATC_COUNT_URC_OVERFLOW, 0);
        return;
    }
    out->buf[0] = (uint8_t)(len / 256u);
    out->buf[1] = (uint8_t)(len % 256u);
}

void atc_urc_text(struct atc_engine *e, const char *text)
{
    struct atc_out out = atc_urc_open(e);

    atc_reply_line(&out, &e->framing, text);
    atc_urc_close(e, &out, 0);
}

void atc_urc_number(struct atc_engine *e, const char *text, uint32_t number)
{
    struct atc_out out;

    if (text == NULL)
        return;
    out = atc_urc_open(e);
    atc_reply_begin(&out, &e->framing, true);
    atc_put_text(&out, text);
    atc_put_number(&out, number);
    atc_reply_end(&out, &e->framing);
    atc_urc_close(e, &out, 0);
}

struct atc_out atc_urc_base(struct atc_engine *e, const char *name)
{
    struct atc_out out = atc_urc_open(e);

    atc_reply_begin(&out, &e->framing, true);
    atc_put_base(e, &out, name);
    return out;
}

void atc_urc_end(struct atc_engine *e, struct atc_out *out)
{
    atc_reply_end(out, &e->framing);
    atc_urc_close(e, out, 0);
}

static bool applies(const struct atc_engine *e, const struct atc_urc_facts *facts, uint8_t when)
{
    switch ((enum atc_when)when) {
    case ATC_ALWAYS:
        return true;
    case ATC_IF_SHOW_ADDRESS:
        return e->show_address;
    case ATC_IF_SHOW_OPTIONS:
        return e->show_options;
    case ATC_IF_TOKEN:
        return facts->pdu->token.len > 0;
    case ATC_IF_PAYLOAD:
        break;
    }
    return facts->pdu->payload.len > 0;
}

static void put_mode(struct atc_engine *e, struct atc_out *out, const struct atc_urc_facts *facts)
{
    unsigned options = facts->pdu->option_count;
    uint8_t mode;

    if (options > MODE_OPTION_MAX) {
        options = MODE_OPTION_MAX;
        atc_engine_count(e, facts->session, ATC_COUNT_MODE_OPTIONS, facts->pdu->mid);
    }
    mode = (uint8_t)((facts->pdu->token.len > 0 ? 1u : 0u) + 2u * options +
                     (facts->pdu->payload.len > 0 ? 128u : 0u));
    atc_put_hex(out, atc_span(&mode, 1));
}

static void put_options(struct atc_out *out, const struct atc_pdu *pdu, bool quoted)
{
    struct atc_walk walk = atc_walk(pdu);
    struct atc_option option;

    while (atc_walk_next(&walk, &option)) {
        atc_put_byte(out, ',');
        atc_put_number(out, option.number);
        atc_put_byte(out, ',');
        atc_value_print(out, &option, quoted);
    }
}

/* Whether a payload of that Content-Format is text: plain, XML, JSON. Source: D-37. */
static bool is_text(long format)
{
    return format == 0 || format == 41 || format == 50;
}

static void put_payload(struct atc_out *out, const struct atc_pdu *pdu, size_t max)
{
    const struct atc_span shown = atc_span(pdu->payload.at,
                                           pdu->payload.len < max ? pdu->payload.len : max);

    atc_put_number(out, (uint32_t)shown.len);
    atc_put_byte(out, ',');
    if (is_text(atc_option_content_format(pdu)))
        atc_put_bytes(out, shown);
    else
        atc_put_hex(out, shown);
}

/* At most max bytes of a payload; a cut is counted. */
static void put_payload_cut(struct atc_engine *e, struct atc_out *out,
                            const struct atc_urc_facts *facts, size_t max)
{
    if (facts->pdu->payload.len > max)
        atc_engine_count(e, facts->session, ATC_COUNT_URC_CUT, facts->pdu->mid);
    put_payload(out, facts->pdu, max);
}

static void put_payload_raw(const struct atc_engine *e, struct atc_out *out,
                            const struct atc_pdu *pdu)
{
    atc_put_number(out, (uint32_t)pdu->payload.len);
    if (pdu->payload.len == 0)
        return;
    atc_reply_end(out, &e->framing);
    atc_put_bytes(out, pdu->payload);
}

static void put_field(struct atc_engine *e, struct atc_out *out, const struct atc_urc_facts *facts,
                      uint8_t field)
{
    switch ((enum atc_field)field) {
    case ATC_FIELD_CLIENT:
        atc_put_number(out, facts->session);
        break;
    case ATC_FIELD_PEER:
        atc_put_addr(out, facts->peer);
        atc_put_byte(out, ',');
        atc_put_number(out, facts->peer->port);
        break;
    case ATC_FIELD_TYPE:
        atc_put_number(out, facts->type);
        break;
    case ATC_FIELD_CODE:
        atc_put_code(out, facts->pdu->code);
        break;
    case ATC_FIELD_CODE_OR_0:
        if (facts->pdu->code == ATC_CODE_EMPTY)
            atc_put_byte(out, '0');
        else
            atc_put_code(out, facts->pdu->code);
        break;
    case ATC_FIELD_METHOD:
        atc_put_number(out, facts->pdu->code);
        break;
    case ATC_FIELD_MID:
        atc_put_number(out, facts->mid);
        break;
    case ATC_FIELD_MODE:
        put_mode(e, out, facts);
        break;
    case ATC_FIELD_TOKEN:
        atc_put_number(out, (uint32_t)facts->pdu->token.len);
        atc_put_byte(out, ',');
        atc_put_hex(out, facts->pdu->token);
        break;
    case ATC_FIELD_OPTION_COUNT:
        atc_put_number(out, facts->pdu->option_count);
        break;
    case ATC_FIELD_OPTIONS_QUOTED:
        put_options(out, facts->pdu, true);
        break;
    case ATC_FIELD_OPTIONS:
        put_options(out, facts->pdu, false);
        break;
    case ATC_FIELD_PAYLOAD:
        put_payload_cut(e, out, facts, ATC_PAYLOAD_MAX);
        break;
    case ATC_FIELD_PAYLOAD_CUT:
        put_payload_cut(e, out, facts, e->cfg.settings.rsp_max);
        break;
    case ATC_FIELD_PAYLOAD_RAW:
        put_payload_raw(e, out, facts->pdu);
        break;
    case ATC_FIELD_RETRIES:
        atc_put_number(out, facts->retries);
        break;
    case ATC_FIELD_RESULT:
        atc_put_signed(out, atc_engine_result(e, facts->cause)->result);
        break;
    }
}

/* Options come as a list of any length, each with a comma of its own. */
static bool brings_comma(uint8_t field)
{
    return field == ATC_FIELD_OPTIONS || field == ATC_FIELD_OPTIONS_QUOTED;
}

/* Whether a field that is printed says anything: an empty token or payload has a place, too. */
static bool says_something(const struct atc_urc_facts *facts, uint8_t field)
{
    switch (field) {
    case ATC_FIELD_TOKEN:
        return facts->pdu->token.len > 0;
    case ATC_FIELD_OPTIONS:
    case ATC_FIELD_OPTIONS_QUOTED:
        return facts->pdu->option_count > 0;
    case ATC_FIELD_PAYLOAD:
    case ATC_FIELD_PAYLOAD_CUT:
    case ATC_FIELD_PAYLOAD_RAW:
        return facts->pdu->payload.len > 0;
    default:
        return true;
    }
}

/* shown: bit n for field n of the row. */
static void trace_urc(struct atc_engine *e, enum atc_urc_kind kind,
                      const struct atc_urc_facts *facts, unsigned shown)
{
    const struct atc_trace record = {
        .kind = ATC_TRACE_URC,
        .session = facts->session,
        .from = (uint8_t)kind,
        .to = (uint8_t)shown,
        .mid = facts->mid,
        .value = facts->cause + 256u * facts->type,
    };

    atc_engine_emit(e, record);
}

void atc_urc_print(struct atc_engine *e, enum atc_urc_kind kind, const struct atc_urc_facts *facts)
{
    const struct atc_urc *urc = &e->cfg.dialect->urcs[kind];
    struct atc_out out;
    bool first = true;
    unsigned shown = 0;

    if (urc->head == NULL)
        return;
    out = atc_urc_open(e);
    atc_reply_begin(&out, &e->framing, true);
    atc_put_text(&out, urc->head);
    for (unsigned i = 0; i < urc->field_count; i++) {
        if (!applies(e, facts, urc->fields[i].when))
            continue;
        if (!first && !brings_comma(urc->fields[i].field))
            atc_put_byte(&out, ',');
        first = false;
        put_field(e, &out, facts, urc->fields[i].field);
        if (says_something(facts, urc->fields[i].field))
            shown |= 1u << i;
    }
    atc_reply_end(&out, &e->framing);
    atc_urc_close(e, &out, facts->session);
    trace_urc(e, kind, facts, shown);
}
