/* SPDX-License-Identifier: MIT */
#include "files.h"
#include "net.h"

enum {
    NAME_MAX = 80,      /* characters of a file name */
    ESCAPE_LEN = 3,     /* +++ ends an upload */
    KEY_MAX = 64,       /* bytes of a pre-shared key, D-74 */
    IDENTITY_MAX = 128, /* bytes of its identity */
    PSK_FILE_MAX = IDENTITY_MAX + 1 + 2 * KEY_MAX + 2
};

_Static_assert(ATC_FILES_READ_MAX <= ATC_REPLY_MAX, "a piece of a download is a step of a reply");

/* --- orders ----------------------------------------------------------------------------------- */

/* The PSK file of a DTLS context. Source: D-74. */
static const char *const psk_names[ATC_SSL_MAX] = {
    "UFS:0_server.psk", "UFS:1_server.psk", "UFS:2_server.psk",
    "UFS:3_server.psk", "UFS:4_server.psk", "UFS:5_server.psk",
};

void atc_files_fill(const struct atc_engine *e, struct atc_order *order,
                    const struct atc_pending *p)
{
    const struct atc_transfer *t = &e->transfer;
    struct atc_span name = atc_span(NULL, 0);

    if (p->giver == ATC_GIVER_SESSION) {
        order->operation = ATC_FILE_READ;
        order->limit = PSK_FILE_MAX;
        name = atc_span_text(psk_names[e->session[p->session].dtls_context]);
    } else {
        order->operation = t->operation;
        order->offset = t->offset;
        order->limit = t->limit;
        if (t->operation == ATC_FILE_BEGIN)
            order->limit = t->size;
        if (t->operation == ATC_FILE_EDIT)
            order->limit = t->keep_rest;
        if (t->opened > 0)
            name = atc_pool_span(&e->pool, e->opened[t->opened - 1].name);
        else if (t->name != ATC_NO_BLOCK)
            name = atc_pool_span(&e->pool, t->name);
    }
    order->name = name.at;
    order->name_len = name.len;
}

uint8_t atc_files_cause(const struct atc_engine *e, const struct atc_event *event)
{
    const struct atc_transfer *t = &e->transfer;
    const bool reads = t->operation == ATC_FILE_READ;
    const bool lists = t->operation == ATC_FILE_LIST;

    if (event->kind == ATC_EVENT_FILE_DONE && event->cause == ATC_OK &&
        ((reads && event->len > t->limit) || (lists && event->len > NAME_MAX)))
        return ATC_CAUSE_FILE_STORE;
    return (uint8_t)event->cause;
}

/* Give a FILE order for the present command, which then waits. The answer's data is there only
 * while it is dealt with: if there was no room for the reply just then, e->answer is NULL by the time
 * there is, and the order is given again. */
uint8_t atc_files_ask(struct atc_engine *e, enum atc_file_operation operation)
{
    e->transfer.operation = (uint8_t)operation;
    (void)atc_engine_order(e, ATC_ORDER_FILE, 0, ATC_GIVER_COMMAND, 0);
    return ATC_WAIT;
}

/* The transfer is over: its name is forgotten. */
uint8_t atc_files_done(struct atc_engine *e, uint8_t result)
{
    atc_pool_free(&e->pool, e->transfer.name);
    memset(&e->transfer, 0, sizeof e->transfer);
    return result;
}

/* Whether a file can have that name: printable, no separators, not a way out of a folder. */
static bool is_name(struct atc_span text)
{
    static const uint8_t forbidden[] = "/\\:*?\"<>|";
    size_t at = 0;

    if (text.len >= 4 && atc_text_is(atc_span(text.at, 4), "UFS:"))
        at = 4;
    if (text.len > NAME_MAX || at == text.len || text.at[at] == '.')
        return false;
    for (; at < text.len; at++) {
        if (text.at[at] <= 0x20 || text.at[at] >= 0x7F)
            return false;
        for (size_t i = 0; i < sizeof forbidden - 1; i++) {
            if (text.at[at] == forbidden[i])
                return false;
        }
    }
    return true;
}

uint8_t atc_files_name(struct atc_engine *e, const struct atc_arg *arg)
{
    if (!is_name(arg->text))
        return ATC_CAUSE_FILE_NAME;
    e->transfer.name = atc_net_keep(e, arg->text);
    return e->transfer.name != ATC_NO_BLOCK ? ATC_OK : ATC_CAUSE_MEMORY;
}

/* The XOR of the content as 16-bit words, high byte first, an odd byte in the high half. */
static void add_to_checksum(struct atc_transfer *t, struct atc_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        const unsigned shift = (t->moved + i) % 2u == 0 ? 8 : 0;

        t->checksum ^= (uint16_t)(bytes.at[i] << shift);
    }
    t->moved += (uint32_t)bytes.len;
}

static void put_lower_hex(struct atc_out *out, uint16_t number)
{
    bool leading = true;

    for (unsigned shift = 16; shift > 0; shift -= 4) {
        const unsigned digit = (unsigned)number >> (shift - 4) & 15u;

        leading = leading && digit == 0 && shift > 4;
        if (!leading)
            atc_put_byte(out, (uint8_t)(digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
}

/* +QFUPL: <bytes>,<checksum> and the like. */
static void reply_sum(struct atc_engine *e, const char *name)
{
    struct atc_out out;

    e->run.replied = false; /* data stood before it: a frame of its own */
    out = atc_reply_base(e, name);
    atc_put_number(&out, e->transfer.moved);
    atc_put_byte(&out, ',');
    put_lower_hex(&out, e->transfer.checksum);
    atc_reply_close(e, &out);
}

/* --- upload ----------------------------------------------------------------------------------- */

uint8_t atc_files_upload(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_transfer *t = &e->transfer;

    if (call->step == 0) {
        const uint8_t cause = atc_files_name(e, &call->args.arg[0]);

        if (cause != ATC_OK)
            return cause;
        t->size = atc_number_or(call, 1, ATC_FILES_SIZE_DEFAULT);
        t->timeout_s = (uint16_t)atc_number_or(call, 2, ATC_FILES_TIMEOUT_DEFAULT_S);
        t->ack = atc_number_or(call, 3, 0) == 1;
        return atc_files_ask(e, ATC_FILE_BEGIN);
    }
    if (e->run.result != ATC_OK)
        return atc_files_done(e, e->run.result);
    t->open = true;
    return atc_engine_ask_raw(e, call, t->size, ATC_FILES_PIECE_MAX, t->timeout_s * 1000u);
}

/* A piece of the content came, or the last one, or none came in time. */
static uint8_t store_piece(struct atc_engine *e, struct atc_span typed)
{
    static const uint8_t escape[ESCAPE_LEN] = {'+', '+', '+'};
    struct atc_transfer *t = &e->transfer;

    if (t->ended && e->line.typed < t->size && typed.len >= ESCAPE_LEN &&
        memcmp(typed.at + typed.len - ESCAPE_LEN, escape, ESCAPE_LEN) == 0)
        typed.len -= ESCAPE_LEN;
    if (typed.len == 0)
        return atc_files_ask(e, t->moved > 0 ? ATC_FILE_COMMIT : ATC_FILE_ABORT);
    e->line.len = (uint16_t)typed.len;
    add_to_checksum(t, typed);
    return atc_files_ask(e, ATC_FILE_APPEND);
}

/* The store has answered. */
static uint8_t stored(struct atc_engine *e)
{
    struct atc_transfer *t = &e->transfer;

    if (t->operation == ATC_FILE_ABORT)
        return atc_files_done(e, e->run.result != ATC_OK ? e->run.result
                                                         : (uint8_t)ATC_CAUSE_FILE_TIMEOUT);
    if (t->operation == ATC_FILE_COMMIT) {
        if (e->run.result == ATC_OK && t->opened > 0)
            atc_opened_written(e);
        else if (e->run.result == ATC_OK)
            reply_sum(e, "QFUPL");
        return atc_files_done(e, e->run.result);
    }
    memset(e->line.buf, 0, e->line.len); /* it may have been a key */
    if (e->run.result != ATC_OK)
        return atc_files_done(e, e->run.result); /* the store has forgotten what was begun */
    if (t->ack && t->moved % ATC_FILES_PIECE_MAX == 0) {
        static const uint8_t ack = 'A';

        atc_queue_push(&e->out_queue, e->out_memory, ack);
    }
    return t->ended ? atc_files_ask(e, ATC_FILE_COMMIT) : (uint8_t)ATC_BODY;
}

uint8_t atc_files_piece(struct atc_engine *e, struct atc_span typed)
{
    const uint8_t result = e->run.answered ? stored(e) : store_piece(e, typed);

    if (e->transfer.ended)
        e->transfer.open = false;
    return result;
}

/* --- download, list, delete, space ------------------------------------------------------------ */

void atc_files_print(struct atc_engine *e, struct atc_span content)
{
    struct atc_out out = atc_queue_room(&e->out_queue, e->out_memory);

    atc_put_bytes(&out, content);
    (void)atc_queue_commit(&e->out_queue, &out);
    e->secret_left = (uint16_t)atc_queue_len(&e->out_queue);
}

uint8_t atc_files_download(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_transfer *t = &e->transfer;
    struct atc_span piece;

    if (call->step == 0) {
        const uint8_t cause = atc_files_name(e, &call->args.arg[0]);

        if (cause != ATC_OK)
            return cause;
        t->limit = ATC_FILES_READ_MAX;
        return atc_files_ask(e, ATC_FILE_READ);
    }
    if (e->run.result != ATC_OK)
        return atc_files_done(e, e->run.result);
    if (e->answer == NULL)
        return atc_files_ask(e, ATC_FILE_READ);
    piece = atc_span(e->answer->data, e->answer->len);
    if (t->moved == 0) {
        atc_engine_final(e, ATC_FINAL_CONNECT);
        t->open = true;
        t->size = e->answer->size;
    }
    atc_files_print(e, piece);
    add_to_checksum(t, piece);
    t->offset = t->moved;
    if (t->moved < t->size && piece.len > 0)
        return atc_files_ask(e, ATC_FILE_READ);
    reply_sum(e, "QFDWL");
    return atc_files_done(e, ATC_OK);
}

/* Whether a file belongs to what AT+QFLST asks for. */
static bool is_wanted(const struct atc_call *call, struct atc_span name)
{
    struct atc_span pattern;

    if (!atc_given(call, 0))
        return true;
    pattern = call->args.arg[0].text;
    return atc_text_is(pattern, "*") || atc_text_is(pattern, "UFS:*") ||
           atc_text_is(pattern, "UFS") || atc_span_equal(pattern, name);
}

static void reply_file(struct atc_engine *e, struct atc_span name, uint32_t size)
{
    struct atc_out out = atc_reply_base(e, "QFLST");

    atc_put_byte(&out, '"');
    atc_put_escaped(&out, name);
    atc_put_text(&out, "\",");
    atc_put_number(&out, size);
    atc_reply_close(e, &out);
}

uint8_t atc_files_list(struct atc_engine *e, const struct atc_call *call)
{
    if (call->step > 0) {
        if (e->run.result == ATC_CAUSE_FILE_MISSING)
            return atc_files_done(e, ATC_OK);
        if (e->run.result != ATC_OK)
            return atc_files_done(e, e->run.result);
        if (e->answer == NULL)
            return atc_files_ask(e, ATC_FILE_LIST);
        if (is_wanted(call, atc_span(e->answer->data, e->answer->len)))
            reply_file(e, atc_span(e->answer->data, e->answer->len), e->answer->size);
        e->transfer.offset++;
    }
    return atc_files_ask(e, ATC_FILE_LIST);
}

/* All files: delete the first until there is none. */
static uint8_t delete_all(struct atc_engine *e)
{
    struct atc_transfer *t = &e->transfer;

    if (e->run.result == ATC_CAUSE_FILE_MISSING)
        return atc_files_done(e, ATC_OK);
    if (e->run.result != ATC_OK)
        return atc_files_done(e, e->run.result);
    if (t->operation == ATC_FILE_DELETE) {
        atc_pool_free(&e->pool, t->name);
        t->name = ATC_NO_BLOCK;
        return atc_files_ask(e, ATC_FILE_LIST);
    }
    if (e->answer == NULL)
        return atc_files_ask(e, ATC_FILE_LIST);
    if (e->answer->len == 0)
        return atc_files_done(e, ATC_CAUSE_FILE_STORE);
    t->name = atc_net_keep(e, atc_span(e->answer->data, e->answer->len));
    if (t->name == ATC_NO_BLOCK)
        return atc_files_done(e, ATC_CAUSE_MEMORY);
    return atc_files_ask(e, ATC_FILE_DELETE);
}

uint8_t atc_files_delete(struct atc_engine *e, const struct atc_call *call)
{
    const bool all = atc_text_is(call->args.arg[0].text, "*");
    uint8_t cause;

    if (call->step == 0 && atc_opened_has(e, call->args.arg[0].text))
        return ATC_CAUSE_FILE_IN_USE;
    if (call->step > 0)
        return all ? delete_all(e) : atc_files_done(e, e->run.result);
    if (all)
        return atc_files_ask(e, ATC_FILE_LIST);
    cause = atc_files_name(e, &call->args.arg[0]);
    return cause != ATC_OK ? cause : atc_files_ask(e, ATC_FILE_DELETE);
}

uint8_t atc_files_space(struct atc_engine *e, const struct atc_call *call)
{
    const bool named = call->form == ATC_FORM_WRITE;
    struct atc_out out;

    if (named && !atc_text_is(call->args.arg[0].text, "UFS"))
        return ATC_CAUSE_PARAMETER;
    if (call->step > 0 && e->run.result != ATC_OK)
        return atc_files_done(e, e->run.result);
    if (e->answer == NULL)
        return atc_files_ask(e, ATC_FILE_SPACE);
    out = atc_reply_base(e, "QFLDS");
    atc_put_number(&out, named ? e->answer->size : e->answer->total - e->answer->size);
    atc_put_byte(&out, ',');
    atc_put_number(&out, named ? e->answer->total : e->answer->offset);
    atc_reply_close(e, &out);
    return atc_files_done(e, ATC_OK);
}

void atc_files_reset(struct atc_engine *e)
{
    const struct atc_ssl ssl = {.suite = 0xFFFF,
                                .negotiate_s = 300,
                                .version = 2,
                                .session = 1,
                                .ssl_version = 4,
                                .ignore_time = 1};

    (void)atc_files_done(e, ATC_OK);
    atc_opened_reset(e);
    for (unsigned i = 0; i < ATC_SSL_MAX; i++) {
        atc_pool_free(&e->pool, e->ssl[i].ca_cert);
        atc_pool_free(&e->pool, e->ssl[i].client_cert);
        atc_pool_free(&e->pool, e->ssl[i].client_key);
        e->ssl[i] = ssl;
    }
}

/* --- keys ------------------------------------------------------------------------------------- */

/* Whether a key as written in its file is hex. Source: D-74. */
static bool is_hex_key(const struct atc_engine *e, struct atc_span key)
{
    return e->cfg.settings.psk != ATC_PSK_TEXT && key.len > 0 && atc_text_is_hex(key);
}

static size_t find_ampersand(struct atc_span content)
{
    size_t at = 0;

    while (at < content.len && content.at[at] != '&')
        at++;
    return at;
}

/* content without one CR LF, CR or LF at its end. */
static struct atc_span without_line_end(struct atc_span content)
{
    if (content.len > 0 && content.at[content.len - 1] == '\n')
        content.len--;
    if (content.len > 0 && content.at[content.len - 1] == '\r')
        content.len--;
    return content;
}

bool atc_files_keep_key(struct atc_engine *e, struct atc_session *s, struct atc_span content)
{
    struct atc_span key;
    size_t identity_len, key_len;
    bool hex;
    uint8_t *at;

    content = without_line_end(content);
    identity_len = find_ampersand(content);
    if (identity_len == 0 || identity_len > IDENTITY_MAX || identity_len == content.len)
        return false;
    key = atc_span(content.at + identity_len + 1, content.len - identity_len - 1);
    hex = is_hex_key(e, key);
    key_len = hex ? key.len / 2u : key.len;
    if (key_len == 0 || key_len > KEY_MAX || (!hex && e->cfg.settings.psk == ATC_PSK_HEX))
        return false;
    s->key = atc_net_block(e, identity_len + key_len);
    if (s->key == ATC_NO_BLOCK)
        return false;
    s->identity_len = (uint8_t)identity_len;
    at = atc_pool_at(&e->pool, s->key);
    memcpy(at, content.at, identity_len);
    if (hex)
        (void)atc_text_unhex(at + identity_len, key);
    else
        memcpy(at + identity_len, key.at, key_len);
    return true;
}

void atc_files_fill_dtls(const struct atc_engine *e, struct atc_dtls *dtls,
                         const struct atc_session *s)
{
    const struct atc_ssl *ssl = &e->ssl[s->dtls_context];
    const struct atc_span both = atc_pool_span(&e->pool, s->key);

    dtls->identity = both.at;
    dtls->identity_len = s->identity_len;
    dtls->key = both.at + s->identity_len;
    dtls->key_len = both.len - s->identity_len;
    dtls->suite = ssl->suite;
    dtls->negotiate_s = ssl->negotiate_s;
    dtls->version = ssl->version;
    dtls->resume = ssl->session == 1;
}
