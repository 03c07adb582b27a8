/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "coap.h"
#include "escape.h"
#include "json.h"
#include "pcapng.h"
#include "record_cause.h"
#include "record_line.h"
#include "record_result.h"
#include "script_datagram.h"
#include "status.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

enum { NOTE_MAX = 256 };

/* A datagram that was told of, and what else is told of it before anything else happens. */
struct packet {
    bool pending;
    enum record_way way;
    uint64_t at_us;
    uint32_t number, copy_of;
    unsigned client;
    struct atc_addr peer;
    struct record_end end;
    struct script_buf bytes;
    bool has_inside;
    struct script_buf inside; /* of DTLS */
    enum sim_why why;         /* it is lost, if not SIM_WHY_NONE */
};

struct record {
    struct record_config config;
    struct record_dir dir;
    uint64_t events;
    struct script_buf line, text; /* scratch */
    struct json json;             /* the event being written, in line */
    struct packet packet;
    bool has_inside; /* of a datagram that will leave */
    unsigned inside_client;
    struct script_buf inside;
    struct record_line at;
    struct record_causes out, in;
    struct record_cause opened[ATC_SESSION_MAX]; /* the line that opened each client */
    struct record_result result;
};

static uint64_t now_us(const struct record *r)
{
    return r->config.clock_us(r->config.ctx);
}

/* --- events ----------------------------------------------------------------------------------- */

static struct json *begin_event_at(struct record *r, uint64_t at_us, const char *name)
{
    r->line.len = 0;
    r->json = (struct json){.out = &r->line};
    json_begin(&r->json, NULL, '{');
    json_number(&r->json, "n", r->events++);
    json_seconds(&r->json, "t", at_us);
    json_string(&r->json, "event", name);
    return &r->json;
}

static struct json *begin_event(struct record *r, const char *name)
{
    return begin_event_at(r, now_us(r), name);
}

static void end_event(struct record *r)
{
    json_end(&r->json, '}');
    script_buf_byte(&r->line, '\n');
    record_dir_put(&r->dir, RECORD_EVENTS, r->line.data, r->line.len);
}

/* --- datagrams -------------------------------------------------------------------------------- */

/* The CoAP message of a packet, if there is one. */
static bool parse(const struct packet *p, struct sim_coap *message)
{
    const struct script_buf *bytes = p->has_inside ? &p->inside : &p->bytes;

    if (p->end.secured && !p->has_inside)
        return false;
    return sim_coap_parse(message, (const uint8_t *)bytes->data, bytes->len) == 0;
}

/* What is known of it: the line that made it, and how often it has gone. A handshake is the OPEN's.
 * Source: D-217. */
static const struct record_cause *look_up(struct record *r, const struct packet *p)
{
    const struct script_buf *bytes = p->has_inside ? &p->inside : &p->bytes;
    const unsigned client = p->client;

    if (p->copy_of != 0 || p->way == RECORD_SENT)
        return NULL;
    if (p->end.secured && !p->has_inside)
        return p->way == RECORD_OUT && client < ATC_SESSION_MAX ? &r->opened[client] : NULL;
    return record_cause_seen(p->way == RECORD_OUT ? &r->out : &r->in, client,
                             (const uint8_t *)bytes->data, bytes->len, p->at_us);
}

static void put_message(struct record *r, const struct sim_coap *m)
{
    static const char *const types[] = {"CON", "NON", "ACK", "RST"};
    struct json *json = &r->json;
    char code[8];

    (void)snprintf(code, sizeof code, "%u.%02u", m->code >> 5, m->code & 31u);
    json_string(json, "type", types[m->type]);
    json_string(json, "code", code);
    json_number(json, "mid", m->mid);
    json_hex(json, "token", m->token, m->token_len);
    r->text.len = 0;
    script_datagram_options(&r->text, m);
    json_text(json, "options", r->text.data, r->text.len);
    json_number(json, "payload", m->payload_len);
}

static void put_datagram(struct record *r, const struct packet *p, const struct record_cause *cause)
{
    static const char *const names[] = {
        [RECORD_OUT] = "out", [RECORD_IN] = "in", [RECORD_SENT] = "sent"};
    struct json *json = begin_event_at(r, p->at_us, names[p->way]);
    char peer[ADDR_TEXT_MAX];
    struct sim_coap message;

    addr_text(peer, &p->peer);
    json_number(json, "d", p->number);
    json_number(json, "client", p->client);
    json_string(json, "peer", peer);
    json_number(json, "len", p->bytes.len);
    json_hex(json, "hex", p->bytes.data, p->bytes.len);
    if (p->copy_of != 0)
        json_number(json, "of", p->copy_of);
    if (p->end.secured)
        json_bool(json, "dtls", true);
    if (parse(p, &message))
        put_message(r, &message);
    if (cause != NULL && cause->count > 1)
        json_number(json, "repeat", cause->count - 1);
    if (cause != NULL && cause->line != 0)
        json_number(json, "line", cause->line);
    end_event(r);
}

static void put_comment(struct script_buf *out, const struct packet *p,
                        const struct record_cause *cause)
{
    if (p->why != SIM_WHY_NONE)
        script_buf_format(out, "lost: %s; ", sim_why_name(p->why));
    if (cause != NULL && cause->count > 1)
        script_buf_format(out, "repeat %u; ", (unsigned)cause->count - 1);
    if (cause != NULL && cause->line != 0)
        script_buf_format(out, "line %u: %s; ", (unsigned)cause->line, cause->text);
    if (out->len > 0)
        out->len -= 2;
}

static void put_packet(struct record *r, const struct packet *p, const struct record_cause *cause)
{
    const bool inbound = p->way == RECORD_IN;
    struct pcapng_packet packet = {.us = r->config.epoch_us + p->at_us,
                                   .from = inbound ? p->peer : p->end.local,
                                   .to = inbound ? p->end.local : p->peer,
                                   .inbound = inbound,
                                   .data = (const uint8_t *)p->bytes.data,
                                   .len = p->bytes.len};

    r->text.len = 0;
    put_comment(&r->text, p, cause);
    packet.comment = script_span_buf(&r->text);
    r->line.len = 0;
    pcapng_packet(&r->line, &packet);
    record_dir_put(&r->dir, RECORD_TRACE, r->line.data, r->line.len);
}

static void put_lost(struct record *r, uint64_t at_us, uint32_t number, enum sim_why why)
{
    struct json *json = begin_event_at(r, at_us, "lost");

    json_number(json, "d", number);
    json_string(json, "why", sim_why_name(why));
    end_event(r);
    r->result.lost++;
}

/* With a perfect link a datagram is at both ends at once, and once is enough to say. */
static bool has_link(const struct record *r)
{
    return r->config.link != NULL;
}

/* Servers send without the module's knowing, and copies of its own datagrams come about behind it. */
static bool is_at_module(const struct packet *p)
{
    return p->way == RECORD_IN || (p->way == RECORD_OUT && p->copy_of == 0);
}

/* Nothing more is told of the last datagram: write it. */
static void settle(struct record *r)
{
    struct packet *p = &r->packet;
    const struct record_cause *cause = NULL;

    if (!p->pending)
        return;
    p->pending = false;
    if (p->way == RECORD_SENT && !has_link(r) && p->why == SIM_WHY_NONE)
        return; /* the module gets it at this very moment, and that is what is recorded */
    cause = look_up(r, p);
    if (cause != NULL && cause->count > 1)
        r->result.repeats[p->way]++;
    put_datagram(r, p, cause);
    if (is_at_module(p))
        put_packet(r, p, cause);
    if (p->why != SIM_WHY_NONE)
        put_lost(r, p->at_us, p->number, p->why);
}

static void keep(struct script_buf *buf, const void *data, size_t len)
{
    buf->len = 0;
    script_buf_add(buf, data, len);
}

/* A copy has inside what the last packet had. */
static void take_inside(struct record *r, enum record_way way, const struct sim_verdict *v)
{
    struct packet *p = &r->packet;

    if (way == RECORD_OUT && v->of != 0 && v->of == p->number)
        return;
    p->has_inside = way == RECORD_OUT && r->has_inside && r->inside_client == v->session;
    if (!p->has_inside)
        return;
    keep(&p->inside, r->inside.data, r->inside.len);
    r->has_inside = false;
}

/* A datagram leaves the module or the server, or reaches the module. */
static void take_packet(struct record *r, enum record_way way, const struct sim_verdict *v,
                        const struct record_end *end)
{
    struct packet *p = &r->packet;

    settle(r);
    take_inside(r, way, v);
    p->pending = true;
    p->way = way;
    p->at_us = now_us(r);
    p->number = v->number;
    p->copy_of = v->of;
    p->client = v->session;
    p->peer = v->peer;
    p->end = *end;
    keep(&p->bytes, v->data, v->len);
    p->why = SIM_WHY_NONE;
    if (is_at_module(p))
        r->result.datagrams[way]++;
}

static void take_arrival(struct record *r, const struct sim_verdict *v,
                         const struct record_end *end)
{
    if (v->direction == SIM_DOWN) {
        take_packet(r, RECORD_IN, v, end);
        return;
    }
    if (!has_link(r))
        return;
    settle(r);
    json_number(begin_event(r, "arrived"), "d", v->number);
    end_event(r);
}

static void take_loss(struct record *r, const struct sim_verdict *v, const struct record_end *end)
{
    if (v->direction == SIM_DOWN && !has_link(r))
        take_packet(r, RECORD_SENT, v, end); /* else nobody would know what it was */
    if (r->packet.pending && r->packet.number == v->number) {
        r->packet.why = v->why;
        return;
    }
    settle(r);
    put_lost(r, now_us(r), v->number, v->why);
}

void record_verdict(struct record *r, const struct sim_verdict *v, const struct record_end *end)
{
    if (r == NULL)
        return;
    switch (v->step) {
    case SIM_STEP_SENT:
        take_packet(r, v->direction == SIM_UP ? RECORD_OUT : RECORD_SENT, v, end);
        return;
    case SIM_STEP_ARRIVED:
        take_arrival(r, v, end);
        return;
    case SIM_STEP_LOST:
        take_loss(r, v, end);
        return;
    }
}

void record_inside(struct record *r, enum sim_direction direction, unsigned client,
                   const uint8_t *data, size_t len)
{
    struct packet *p = NULL;

    if (r == NULL)
        return;
    p = &r->packet;
    if (direction == SIM_UP) {
        settle(r);
        r->has_inside = true;
        r->inside_client = client;
        keep(&r->inside, data, len);
    } else if (p->pending && p->way == RECORD_IN && p->client == client) {
        p->has_inside = true;
        keep(&p->inside, data, len);
    }
}

/* --- the AT port ------------------------------------------------------------------------------ */

static void put_escaped(struct script_buf *out, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char text[ESCAPE_MAX];

        script_buf_add(out, text, escape_byte(text, data[i]));
    }
}

/* One chunk, as text. A chunk that begins with "<" is told from a hidden one by its first byte.
 * Source: D-215. */
static void put_chunk(struct script_buf *out, const uint8_t *data, size_t len, bool hidden)
{
    if (hidden) {
        script_buf_format(out, "<%zu bytes>", len);
    } else if (data[0] == '<') {
        script_buf_text(out, "\\x3C");
        put_escaped(out, data + 1, len - 1);
    } else {
        put_escaped(out, data, len);
    }
}

static void put_te(struct record *r, const char *event, char mark, const uint8_t *data, size_t len,
                   bool hidden)
{
    const uint64_t at_us = now_us(r);

    r->text.len = 0;
    put_chunk(&r->text, data, len, hidden);
    json_text(begin_event_at(r, at_us, event), "text", r->text.data, r->text.len);
    end_event(r);
    r->line.len = 0;
    script_buf_format(&r->line, "%llu.%06llu %c ", (unsigned long long)(at_us / 1000000u),
                      (unsigned long long)(at_us % 1000000u), mark);
    script_buf_add(&r->line, r->text.data, r->text.len);
    script_buf_byte(&r->line, '\n');
    record_dir_put(&r->dir, RECORD_AT, r->line.data, r->line.len);
}

void record_note(struct record *r, const char *format, ...)
{
    char text[NOTE_MAX];
    va_list args;

    if (r == NULL)
        return;
    settle(r);
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    json_string(begin_event(r, "note"), "text", text);
    end_event(r);
}

void record_restart(struct record *r, const char *dialect)
{
    if (r == NULL)
        return;
    record_line_restart(&r->at);
    record_note(r, "a module is switched on: %s", dialect);
}

void record_te(struct record *r, const uint8_t *data, size_t len, bool hidden)
{
    if (r == NULL || len == 0)
        return;
    settle(r);
    put_te(r, "te", '>', data, len, hidden);
    r->result.te_bytes += len;
}

void record_taken(struct record *r, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len && r != NULL; i++)
        record_line_typed(&r->at, data[i]);
}

void record_module(struct record *r, const uint8_t *data, size_t len, bool hidden)
{
    if (r == NULL || len == 0)
        return;
    settle(r);
    put_te(r, "module", '<', data, len, hidden);
    r->result.module_bytes += len;
    record_line_said(&r->at, data, len);
}

void record_read(struct record *r)
{
    if (r != NULL)
        record_line_read(&r->at);
}

static void on_result(void *ctx, const struct record_command *command, const char *result,
                      size_t len)
{
    struct record *r = ctx;
    struct json *json = begin_event(r, "command");

    json_number(json, "line", command->number);
    json_escaped(json, "text", command->text, command->len);
    json_text(json, "result", result, len);
    end_event(r);
}

/* --- steps ------------------------------------------------------------------------------------ */

static void note_exchange(struct record *r, const struct atc_trace *trace)
{
    const struct record_command *command = record_line_running(&r->at);

    if (strcmp(atc_exchange_state_name(trace->to), "free") == 0)
        record_cause_end(&r->out, trace->session, trace->mid);
    else if (command != NULL && strcmp(atc_exchange_state_name(trace->from), "free") == 0)
        record_cause_start(&r->out, trace->session, trace->mid, command->number, command->text,
                           command->len, now_us(r));
}

static void note_session(struct record *r, const struct atc_trace *trace)
{
    const struct record_command *command = record_line_running(&r->at);
    struct json *json = NULL;

    settle(r);
    json = begin_event(r, "client");
    json_number(json, "client", trace->session);
    json_string(json, "state", atc_session_state_name(trace->to));
    end_event(r);
    if (command != NULL && trace->session < ATC_SESSION_MAX)
        record_cause_set(&r->opened[trace->session], command->number, command->text, command->len);
}

void record_trace(struct record *r, const struct atc_trace *trace)
{
    if (r == NULL)
        return;
    record_line_trace(&r->at, trace);
    if (trace->kind == ATC_TRACE_EXCHANGE)
        note_exchange(r, trace);
    if (trace->kind == ATC_TRACE_SESSION)
        note_session(r, trace);
    if (trace->kind == ATC_TRACE_RESULT)
        record_note(r, "client %u: %s failed: %s", trace->session, atc_order_name(trace->from),
                    atc_cause_name(trace->to));
}

void record_network(struct record *r, const struct atc_network *network)
{
    static const char *const modes[] = {[ATC_RRC_AUTO] = "auto",
                                        [ATC_RRC_IDLE] = "idle",
                                        [ATC_RRC_CONNECTED] = "connected",
                                        [ATC_RRC_ASLEEP] = "asleep"};
    struct json *json = NULL;

    if (r == NULL)
        return;
    settle(r);
    json = begin_event(r, "network");
    json_number(json, "registration", network->registration);
    json_bool(json, "attached", network->attached);
    json_number(json, "rssi", network->rssi);
    json_string(json, "rrc", network->rrc < COUNT_OF(modes) ? modes[network->rrc] : "?");
    end_event(r);
}

void record_finding(struct record *r, const struct lint_finding *finding)
{
    struct json *json = NULL;

    if (r == NULL)
        return;
    settle(r);
    json = begin_event(r, "lint");
    json_string(json, "rule", lint_rule(finding->kind)->source);
    json_string(json, "name", lint_name(finding->kind));
    json_number(json, "line", finding->line);
    json_string(json, "text", lint_rule(finding->kind)->what);
    end_event(r);
}

void record_secret(struct record *r, const char *line)
{
    if (r == NULL)
        return;
    settle(r);
    r->text.len = 0;
    script_buf_format(&r->text, "%s\n", line);
    r->line.len = 0;
    pcapng_secrets(&r->line, script_span_buf(&r->text));
    record_dir_put(&r->dir, RECORD_TRACE, r->line.data, r->line.len);
}

/* --- start and end ---------------------------------------------------------------------------- */

static void put_start(struct record *r)
{
    struct json *json = begin_event_at(r, 0, "start");

    record_result_head(json, &r->config);
    end_event(r);
    r->line.len = 0;
    pcapng_start(&r->line, "atcoap " ATC_VERSION);
    record_dir_put(&r->dir, RECORD_TRACE, r->line.data, r->line.len);
}

static void free_record(struct record *r)
{
    script_buf_free(&r->line);
    script_buf_free(&r->text);
    script_buf_free(&r->packet.bytes);
    script_buf_free(&r->packet.inside);
    script_buf_free(&r->inside);
    free(r);
}

struct record *record_open(const struct record_config *config)
{
    struct record *r = calloc(1, sizeof *r);

    if (r == NULL) {
        config->say("--out=%s: out of memory", config->path);
        return NULL;
    }
    r->config = *config;
    record_line_init(&r->at, on_result, r);
    if (record_dir_open(&r->dir, config->path, config->secrets, config->say) != 0) {
        free_record(r);
        return NULL;
    }
    put_start(r);
    record_flush(r);
    return r;
}

void record_reason(struct record *r, const char *format, ...)
{
    va_list args;

    if (r == NULL || r->result.reason[0] != '\0')
        return;
    va_start(args, format);
    (void)vsnprintf(r->result.reason, sizeof r->result.reason, format, args);
    va_end(args);
}

void record_flush(struct record *r)
{
    if (r == NULL)
        return;
    settle(r);
    record_dir_flush(&r->dir);
}

static void put_end(struct record *r, int status)
{
    struct json *json = begin_event(r, "end");

    json_number(json, "status", (uint64_t)status);
    json_string(json, "reason", r->result.reason);
    end_event(r);
    record_dir_flush(&r->dir);
}

static void write_lint(struct record *r, const struct lint *lint)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);

    if (memory == NULL)
        return;
    lint_write(lint, memory);
    if (fclose(memory) == 0)
        record_dir_write(&r->dir, "lint.txt", text, len);
    free(text);
}

int record_close(struct record *r, const struct atc_modem *modem, const struct lint *lint,
                 int status)
{
    bool complete = true;

    if (r == NULL)
        return status;
    settle(r);
    put_end(r, status);
    write_lint(r, lint);
    r->result.complete = !r->dir.broken;
    if (r->dir.broken && status < STATUS_SYSTEM)
        status = STATUS_SYSTEM;
    r->result.status = status;
    r->result.lines = r->at.count;
    r->result.us = now_us(r);
    r->line.len = 0;
    record_result_put(&r->line, &r->result, &r->config, modem, lint);
    record_dir_write(&r->dir, "result.json", r->line.data, r->line.len);
    complete = record_dir_close(&r->dir);
    free_record(r);
    return !complete && status < STATUS_SYSTEM ? STATUS_SYSTEM : status;
}
