/* SPDX-License-Identifier: MIT
 *
 * What a message consists of: resources, header, options, payload; and how it leaves.
 */
#include "verbs.h"

/* --- what the next message carries ------------------------------------------------------------ */

uint8_t atc_verb_resource(struct atc_engine *e, const struct atc_arg *path)
{
    uint8_t bytes[ATC_RESOURCE_LEN_MAX + 1]; /* with its leading slash */
    struct atc_out out = atc_out(bytes, sizeof bytes);
    struct atc_span text = path->text;
    unsigned i;

    if (e->session[0].state != ATC_SESSION_CONNECTED)
        return ATC_CAUSE_NOT_ALLOWED;
    if (text.at[0] != '/') {
        atc_engine_remark(e, 0, ATC_REMARK_RESOURCE_SLASH, 0);
        atc_put_byte(&out, '/');
    }
    while (text.len > 0)
        atc_put_byte(&out, (uint8_t)atc_text_next(&text));
    ATC_ASSERT(!atc_out_failed(&out)); /* the row lets no more pass */
    for (i = 0; i < ATC_RESOURCE_MAX && e->resource[i] != ATC_NO_BLOCK; i++) {
        if (atc_span_equal(atc_pool_span(&e->pool, e->resource[i]), atc_span(bytes, out.len)))
            return ATC_OK;
    }
    if (i == ATC_RESOURCE_MAX)
        return ATC_CAUSE_MEMORY;
    e->resource[i] = atc_net_keep(e, atc_span(bytes, out.len));
    return e->resource[i] == ATC_NO_BLOCK ? ATC_CAUSE_MEMORY : ATC_OK;
}

uint8_t atc_verb_header(struct atc_engine *e, unsigned session, const struct atc_header *header)
{
    e->session[session].header = *header;
    return ATC_OK;
}

/* A slash in the value of one path option. */
static void remark_on_path(struct atc_engine *e, unsigned session, uint32_t number,
                           const struct atc_arg *value)
{
    if (number != ATC_OPT_URI_PATH && number != ATC_OPT_LOCATION_PATH)
        return;
    for (size_t i = 0; i < value->text.len; i++) {
        if (value->text.at[i] == '/') {
            atc_engine_remark(e, session, ATC_REMARK_PATH, 0);
            return;
        }
    }
}

/* Indices of pairs by rising option number, equal numbers in the order typed. */
static void sort_pairs(uint8_t *order, const struct atc_arg *args, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned at = i;

        while (at > 0 && args[2 * order[at - 1]].number > args[2 * i].number) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = (uint8_t)i;
    }
}

static void put_list(const struct atc_engine *e, struct atc_out *out, const uint8_t *order,
                     const struct atc_arg *args, unsigned count)
{
    uint32_t last = 0;

    for (unsigned i = 0; i < count; i++) {
        const struct atc_arg *pair = &args[2 * order[i]];

        atc_value_put(e, out, &last, pair[0].number, &pair[1]);
    }
}

/* The longest run of options that fits into a message: header and one option byte at least. */
static size_t options_max(const struct atc_engine *e)
{
    return e->cfg.settings.message_max - (size_t)ATC_HEADER_LEN;
}

/* Make sure that a block of len bytes can take the place of old. Returns false if it cannot. */
static bool make_room(struct atc_engine *e, uint8_t old, size_t len)
{
    while (atc_pool_room_without(&e->pool, old) < len) {
        if (!atc_seen_forget_answer(&e->messages, &e->pool))
            return false;
        atc_engine_count(e, 0, ATC_COUNT_ANSWER_EVICTED, 0);
    }
    return true;
}

void atc_verb_forget_list(struct atc_engine *e, unsigned session)
{
    struct atc_session *s = &e->session[session];

    atc_pool_free(&e->pool, s->list);
    s->list = ATC_NO_BLOCK;
    s->list_format = -1;
    s->list_observe = -1;
}

uint8_t atc_verb_option_list(struct atc_engine *e, unsigned session, const struct atc_arg *args,
                             unsigned count)
{
    struct atc_session *s = &e->session[session];
    struct atc_out out = atc_out_measure();
    uint8_t order[ATC_OPTION_LIST_MAX];

    for (unsigned i = 0; i < count; i++) {
        if (!atc_value_check(e, args[2 * i].number, &args[2 * i + 1]))
            return ATC_CAUSE_PARAMETER;
    }
    if (s->state != ATC_SESSION_CONNECTED)
        return ATC_CAUSE_NOT_ALLOWED;
    sort_pairs(order, args, count);
    put_list(e, &out, order, args, count);
    if (out.len > options_max(e) || !make_room(e, s->list, out.len))
        return ATC_CAUSE_MEMORY;
    atc_verb_forget_list(e, session);
    s->list = atc_pool_take(&e->pool, out.len);
    out = atc_out(atc_pool_at(&e->pool, s->list), out.len);
    put_list(e, &out, order, args, count);
    for (unsigned i = 0; i < count; i++) {
        remark_on_path(e, session, args[2 * i].number, &args[2 * i + 1]);
        if (args[2 * i].number == ATC_OPT_CONTENT_FORMAT)
            s->list_format = (int32_t)atc_value_number(&args[2 * i + 1]);
        if (args[2 * i].number == ATC_OPT_OBSERVE)
            s->list_observe = atc_value_number(&args[2 * i + 1]) == 0 ? 0 : 1;
    }
    return ATC_OK;
}

/* Sort the used slots by option number, equal numbers by index. */
static void sort_slots(struct atc_session *s)
{
    unsigned count = 0;

    for (unsigned slot = 0; slot < ATC_OPTION_SLOT_MAX; slot++) {
        unsigned at = count;

        if (((unsigned)s->slot_used >> slot & 1u) == 0)
            continue;
        while (at > 0 && s->slot_number[s->slot_order[at - 1]] > s->slot_number[slot]) {
            s->slot_order[at] = s->slot_order[at - 1];
            at--;
        }
        s->slot_order[at] = (uint8_t)slot;
        count++;
    }
}

uint8_t atc_verb_option_add(struct atc_engine *e, unsigned session, unsigned slot, uint32_t number,
                            const struct atc_arg *value)
{
    struct atc_session *s = &e->session[session];
    struct atc_out out = atc_out_measure();
    uint32_t last = number;

    if (!atc_value_check(e, number, value))
        return ATC_CAUSE_PARAMETER;
    atc_value_put(e, &out, &last, number, value);
    if (out.len > options_max(e) || !make_room(e, s->slot_block[slot], out.len))
        return ATC_CAUSE_MEMORY;
    remark_on_path(e, session, number, value);
    if (((unsigned)s->slot_used >> slot & 1u) != 0)
        atc_engine_remark(e, session, ATC_REMARK_SLOT_USED, 0);
    atc_pool_free(&e->pool, s->slot_block[slot]);
    s->slot_block[slot] = atc_pool_take(&e->pool, out.len);
    /* Written as if an option of the same number came before: the first delta is set on sending. */
    out = atc_out(atc_pool_at(&e->pool, s->slot_block[slot]), out.len);
    last = number;
    atc_value_put(e, &out, &last, number, value);
    s->slot_number[slot] = (uint16_t)number;
    s->slot_used |= (uint8_t)(1u << slot);
    sort_slots(s);
    return ATC_OK;
}

uint8_t atc_verb_option_remove(struct atc_engine *e, unsigned session, unsigned slot)
{
    struct atc_session *s = &e->session[session];

    if (((unsigned)s->slot_used >> slot & 1u) == 0)
        return ATC_CAUSE_NOT_ALLOWED;
    atc_pool_free(&e->pool, s->slot_block[slot]);
    s->slot_block[slot] = ATC_NO_BLOCK;
    s->slot_used &= (uint8_t) ~(1u << slot);
    sort_slots(s);
    return ATC_OK;
}

/* --- sending ---------------------------------------------------------------------------------- */

/* The codes both notes list. Source: D-31. */
static bool is_listed_code(uint8_t code)
{
    static const uint8_t last_detail[] = {4, 0, 5, 0, 6, 5};
    const unsigned class = atc_code_class(code);
    const unsigned detail = code % 32u;

    if (code == ATC_CODE(4, 12) || code == ATC_CODE(4, 13) || code == ATC_CODE(4, 15))
        return true;
    if (class == 1 || class == 3 || class > 5)
        return false;
    return detail <= last_detail[class] && (class != 2 || detail > 0);
}

bool atc_verb_may_send(uint8_t type, uint8_t code)
{
    if (!is_listed_code(code))
        return false;
    switch ((enum atc_type)type) {
    case ATC_CON:
        return true;
    case ATC_NON:
        return code != ATC_CODE_EMPTY;
    case ATC_ACK:
        return !atc_code_is_request(code);
    case ATC_RST:
        break;
    }
    return code == ATC_CODE_EMPTY;
}

uint8_t atc_verb_send(struct atc_engine *e, unsigned session, const struct atc_addr *peer,
                      uint8_t type, uint8_t code, uint8_t mask)
{
    const struct atc_sending sending = {
        .peer = *peer, .session = (uint8_t)session, .type = type, .code = code, .mask = mask};

    /* Nobody could acknowledge it for all (RFC 7252 8.1). */
    if (type != ATC_NON && atc_addr_is_multicast(peer))
        return ATC_CAUSE_PARAMETER;
    if (e->session[session].state != ATC_SESSION_CONNECTED)
        return ATC_CAUSE_NOT_ALLOWED;
    if (!atc_engine_attached(e))
        return ATC_CAUSE_NO_NETWORK;
    if (type <= ATC_NON && e->messages.endpoint[session].waiting >= e->cfg.settings.nstart)
        return ATC_CAUSE_BUSY;
    if (type <= ATC_NON && e->session[session].status_unread) {
        atc_engine_remark(e, session, ATC_REMARK_STATUS_UNREAD, 0);
        e->session[session].status_unread = false;
    }
    if ((mask & ~(unsigned)e->session[session].slot_used) != 0)
        atc_engine_remark(e, session, ATC_REMARK_SLOT_EMPTY, 0);
    e->sending = sending;
    return ATC_OK;
}

/* What a message consists of, before it is one. */
struct message {
    struct atc_span token;
    struct atc_span payload;
    uint8_t token_bytes[ATC_TOKEN_MAX];
    uint32_t random; /* for its first time-out */
    uint16_t mid;
    uint8_t type;
    uint8_t code;
    uint8_t mask;
    uint8_t seen;   /* the request it answers */
    int8_t observe; /* what the Observe option of a GET asks for: 0 register, 1 deregister, -1
                       neither; RFC 7641 2 */
};

static bool is_text_format(int32_t format)
{
    return format == 0 || format == 41 || format == 50;
}

/* Whether hex digits are more likely a number or a word: short, decimal without a leading zero or
 * letters alone, and not the hex of printable text. Both 1234 and face are; 0102 and 3132, which is
 * "12" in hex, are not. Source: D-33. */
static bool looks_like_text(struct atc_span typed)
{
    enum { NUMBER_MAX = 8 };
    bool digits = typed.len > 0 && typed.at[0] != '0';
    bool letters = true;
    bool printable = true;

    for (size_t i = 0; i < typed.len; i++) {
        const bool digit = atc_is_digit(typed.at[i]);

        digits = digits && digit;
        letters = letters && !digit;
        /* The first digit of 20 to 7E. */
        if (i % 2u == 0)
            printable = printable && typed.at[i] >= '2' && typed.at[i] <= '7';
    }
    return typed.len > 0 && typed.len <= NUMBER_MAX && (letters || (digits && !printable));
}

/* What the TE typed as payload: bytes, or hex that stands for them (D-33).
 * Returns false if it cannot be sent so: too long for a dialect that does not cut, or not hex where
 * hex is due. */
static bool read_payload(struct atc_engine *e, struct atc_span *payload, struct atc_span typed)
{
    const uint8_t how = e->cfg.settings.payload;
    const bool text = is_text_format(e->session[e->sending.session].list_format);
    const bool may_be_hex = e->cfg.dialect->typed == ATC_TYPED_HEX_OR_TEXT &&
                            (how == ATC_PAYLOAD_HEX || (how == ATC_PAYLOAD_AUTO && !text));
    const bool cut = e->line.typed > typed.len;

    *payload = typed;
    if (may_be_hex && e->line.typed % 2u == 0 && e->line.rest_hex && atc_text_is_hex(typed)) {
        if (how == ATC_PAYLOAD_AUTO && looks_like_text(typed))
            atc_engine_remark(e, e->sending.session, ATC_REMARK_HEX, 0);
        *payload = atc_span(e->line.buf, atc_text_unhex(e->line.buf, typed));
    } else if (may_be_hex && how == ATC_PAYLOAD_HEX)
        return false;
    if (!cut && payload->len <= ATC_PAYLOAD_MAX)
        return true;
    atc_engine_count(e, e->sending.session, ATC_COUNT_PAYLOAD_CUT, 0);
    if (payload->len > ATC_PAYLOAD_MAX)
        payload->len = ATC_PAYLOAD_MAX;
    return e->cfg.dialect->overlong == ATC_OVERLONG_CUT;
}

/* Write the selected slots, each with the delta from the one before. */
static void put_slots(struct atc_engine *e, struct atc_out *out, const struct atc_session *s,
                      uint8_t mask)
{
    uint32_t last = 0;
    unsigned used = 0;

    for (unsigned bits = s->slot_used; bits != 0; bits &= bits - 1u)
        used++;
    for (unsigned i = 0; i < used; i++) {
        const unsigned slot = s->slot_order[i];

        if (((unsigned)mask >> slot & 1u) != 0)
            atc_put_ready(out, &last, s->slot_number[slot],
                          atc_pool_span(&e->pool, s->slot_block[slot]));
    }
}

static void put_message(struct atc_engine *e, struct atc_out *out, const struct message *msg)
{
    const struct atc_session *s = &e->session[e->sending.session];

    atc_put_header(out, msg->type, msg->code, msg->mid, msg->token);
    if (msg->code == ATC_CODE_EMPTY)
        return;
    if (s->list != ATC_NO_BLOCK)
        atc_put_bytes(out, atc_pool_span(&e->pool, s->list));
    if (msg->mask != 0)
        put_slots(e, out, s, msg->mask);
    atc_put_payload(out, msg->payload);
}

/* How many bytes of token the message carries, and whether they are still to be drawn. */
static bool plan_token(const struct atc_engine *e, struct message *msg)
{
    const struct atc_settings *set = &e->cfg.settings;
    const struct atc_header *h = &e->session[e->sending.session].header;
    const bool automatic = h->given ? h->token_mode == ATC_TOKEN_AUTO
                                    : e->cfg.dialect->token_by_default;

    msg->token = atc_span(msg->token_bytes, 0);
    if (msg->code == ATC_CODE_EMPTY)
        return false;
    if (automatic) {
        msg->token.len = set->token_len != 255 ? set->token_len : e->cfg.dialect->token_len;
    } else if (h->given && h->token_mode == ATC_TOKEN_GIVEN) {
        msg->token.len = h->tkl;
        memcpy(msg->token_bytes, h->token, sizeof msg->token_bytes);
    }
    return automatic;
}

/* Draw a token of our own: not that of an open request, which it would take the place of (D-90). The
 * shorter tokens are the likelier that is; so many tries fail only if nearly all are in use.
 * Source: RFC 7252 5.3.1. */
static bool draw_token(struct atc_engine *e, struct message *msg)
{
    enum { TRIES = 8 };

    for (unsigned i = 0; i < TRIES; i++) {
        if (!atc_engine_random(e, msg->token_bytes, msg->token.len))
            return false;
        if (!atc_token_is_open(&e->messages, e->sending.session, &e->sending.peer, msg->token,
                               e->now_ms))
            break;
    }
    return true;
}

/* Draw what is still open: token, time-out, message ID. Returns false if that fails. */
static bool draw(struct atc_engine *e, struct message *msg, bool token)
{
    const struct atc_header *h = &e->session[e->sending.session].header;
    long mid = h->mid;
    uint8_t random[4] = {0};

    if (msg->type == ATC_CON && !atc_engine_random(e, random, sizeof random))
        return false;
    msg->random = atc_option_uint(atc_span(random, sizeof random));
    if (token && !draw_token(e, msg))
        return false;
    if (!h->given || !h->mid_given)
        mid = atc_net_mid(e, e->sending.session);
    msg->mid = (uint16_t)mid;
    return mid >= 0;
}

/* Find the request that this message answers, and send what has to go before it. Source: D-43,
 * D-72. */
static bool find_asked(struct atc_engine *e, struct message *msg)
{
    const unsigned session = e->sending.session;
    const struct atc_seen *s;

    msg->seen = ATC_NO_ENTRY;
    if (msg->type <= ATC_NON && !atc_code_is_response(msg->code))
        return true;
    msg->seen = atc_seen_asked(&e->messages, session, &e->sending.peer, msg->type, msg->mid,
                               msg->token, e->now_ms);
    if (msg->seen == ATC_NO_ENTRY)
        return true;
    s = &e->messages.seen[msg->seen];
    if (msg->type == ATC_ACK && s->type == ATC_NON)
        atc_engine_remark(e, session, ATC_REMARK_ACK_FOR_NON, s->mid);
    if (msg->type == ATC_ACK && s->type == ATC_NON && e->cfg.dialect->non_answers_non &&
        msg->code != ATC_CODE_EMPTY) {
        const long mid = atc_net_mid(e, session);

        msg->type = ATC_NON;
        msg->mid = (uint16_t)mid;
        return mid >= 0;
    }
    return true;
}

/* Note how the request it answers was dealt with; a separate answer acknowledges it first. */
static void settle_asked(struct atc_engine *e, const struct message *msg)
{
    struct atc_seen *s;

    if (msg->seen == ATC_NO_ENTRY)
        return;
    s = &e->messages.seen[msg->seen];
    atc_engine_trace(e, ATC_TRACE_REQUEST, s->session, s->type, 1, s->mid);
    if (msg->type == ATC_RST) {
        s->reaction = ATC_REACTION_RESET;
    } else if (msg->type == ATC_ACK) {
        s->reaction = msg->code == ATC_CODE_EMPTY ? ATC_REACTION_ACKED : ATC_REACTION_ANSWERED;
    } else {
        if (s->type == ATC_CON && s->reaction == ATC_REACTION_NONE)
            atc_net_send_bare(e, s->session, &s->peer, ATC_ACK, ATC_CODE_EMPTY, s->mid,
                              atc_span(NULL, 0));
        s->reaction = ATC_REACTION_SEPARATE;
    }
}

/* A request with the token of an older one takes its place: RFC 7252 5.3.1 wants tokens unique, and
 * a deregistration repeats the token of its observation, even an empty one. */
static void supersede(struct atc_engine *e, const struct message *msg)
{
    const struct atc_endpoint *endpoint = &e->messages.endpoint[e->sending.session];
    uint8_t index = atc_code_is_request(msg->code) ? endpoint->exchanges : ATC_NO_ENTRY;

    while (index != ATC_NO_ENTRY) {
        const struct atc_exchange *x = &e->messages.exchange[index];
        const uint8_t next = x->next;

        if (x->state == ATC_EXCHANGE_WAIT_RESPONSE &&
            (msg->token.len > 0 || (msg->observe == 1 && x->observe)) &&
            atc_span_equal(atc_span(x->token, x->tkl), msg->token) &&
            atc_addr_equal(&x->peer, &e->sending.peer)) {
            if (!(msg->observe >= 0 && x->observe))
                atc_engine_remark(e, x->session, ATC_REMARK_TOKEN_OPEN, msg->mid);
            atc_net_exchange_move(e, index, ATC_EXCHANGE_FREE);
        }
        index = next;
    }
}

/* What the Observe option says: 0, 1 for anything else, -1: there is none. */
static int8_t read_observe(struct atc_engine *e, const struct message *msg)
{
    const struct atc_session *s = &e->session[e->sending.session];

    if (s->list != ATC_NO_BLOCK)
        return s->list_observe;
    for (unsigned slot = 0; slot < ATC_OPTION_SLOT_MAX; slot++) {
        /* As on the wire, with a delta of 0: 00 is an empty value, 01 01 is 1. */
        if ((unsigned)(msg->mask & s->slot_used) >> slot & 1u &&
            s->slot_number[slot] == ATC_OPT_OBSERVE)
            return atc_pool_span(&e->pool, s->slot_block[slot]).len == 1 ? 0 : 1;
    }
    return -1;
}

/* Write the message into its block and put an exchange around it. There is one. */
static uint8_t build(struct atc_engine *e, const struct message *msg, uint8_t block)
{
    const unsigned session = e->sending.session;
    struct atc_out out = atc_out(atc_pool_at(&e->pool, block), atc_pool_span(&e->pool, block).len);
    struct atc_exchange *x;
    bool evicted;
    uint8_t index;

    put_message(e, &out, msg);
    index = atc_exchange_take(&e->messages, &e->pool, &evicted, session, e->now_ms);
    if (evicted)
        atc_engine_count(e, session, ATC_COUNT_EXCHANGE_EVICTED, msg->mid);
    x = &e->messages.exchange[index];
    x->peer = e->sending.peer;
    x->mid = msg->mid;
    x->type = msg->type;
    x->code = msg->code;
    x->tkl = (uint8_t)msg->token.len;
    memcpy(x->token, msg->token_bytes, sizeof x->token);
    x->block = block;
    x->seen = msg->seen;
    x->observe = msg->observe == 0;
    return index;
}

/* HEAD and OPTION are used up by a message that went out. Source: D-26, D-65. */
static void use_up(struct atc_engine *e, const struct message *msg)
{
    struct atc_session *s = &e->session[e->sending.session];

    if (e->cfg.settings.head == ATC_LIFE_ONCE)
        memset(&s->header, 0, sizeof s->header);
    if (e->cfg.settings.option != ATC_LIFE_ONCE || msg->code == ATC_CODE_EMPTY)
        return;
    if (atc_code_is_request(msg->code))
        s->list_used = s->list != ATC_NO_BLOCK;
    atc_verb_forget_list(e, e->sending.session);
}

/* Whether the message is an answer, a notification excepted: those come as often as they like. */
static bool is_answer(struct atc_engine *e, const struct message *msg)
{
    if (msg->type >= ATC_ACK)
        return true;
    return atc_code_is_response(msg->code) && read_observe(e, msg) < 0;
}

/* An answer that nobody waits for. An RST may also refuse what was no request. */
static void remark_on_answer(struct atc_engine *e, const struct message *msg)
{
    const unsigned session = e->sending.session;
    enum atc_claim claim;

    if (e->cfg.trace == NULL || msg->seen != ATC_NO_ENTRY || !is_answer(e, msg))
        return;
    claim = atc_seen_claim(&e->messages, session, &e->sending.peer, msg->type, msg->mid, msg->token,
                           e->now_ms);
    if (claim == ATC_CLAIM_ELSEWHERE)
        atc_engine_remark(e, session, ATC_REMARK_ELSEWHERE, msg->mid);
    else if (claim == ATC_CLAIM_UNKNOWN || msg->type == ATC_ACK)
        atc_engine_remark(e, session, ATC_REMARK_UNASKED, msg->mid);
}

/* An ID that the server may take for that of a message it has. */
static void remark_on_mid(struct atc_engine *e, const struct message *msg)
{
    const unsigned session = e->sending.session;
    const struct atc_header *h = &e->session[session].header;

    if (e->cfg.trace != NULL && msg->type <= ATC_NON && h->given && h->mid_given &&
        atc_mid_was_used(&e->messages, session, &e->sending.peer, msg->mid, e->now_ms))
        atc_engine_remark(e, session, ATC_REMARK_MID_ALIVE, msg->mid);
}

/* A request for / where those before asked for something. */
static void remark_on_options(struct atc_engine *e, const struct message *msg)
{
    const struct atc_session *s = &e->session[e->sending.session];

    if (atc_code_is_request(msg->code) && s->list == ATC_NO_BLOCK && s->list_used)
        atc_engine_remark(e, e->sending.session, ATC_REMARK_OPTIONS_GONE, msg->mid);
}

/* An option that may stand once stands twice; the message is on its way in a block. Source: D-246. */
static void remark_on_repeats(struct atc_engine *e, uint8_t block, uint16_t mid)
{
    const struct atc_span bytes = atc_pool_span(&e->pool, block);
    struct atc_option option;
    struct atc_walk walk;
    struct atc_pdu pdu;
    uint32_t last = 0;

    if (e->cfg.trace == NULL)
        return;
    (void)atc_pdu_parse(&pdu, bytes.at, bytes.len); /* it is ours, so it can be read */
    walk = atc_walk(&pdu);
    while (atc_walk_next(&walk, &option)) {
        const struct atc_option_row *row = atc_option_row(option.number);

        if (option.number == last && row != NULL && !row->repeatable) {
            atc_engine_remark(e, e->sending.session, ATC_REMARK_OPTION_TWICE, mid);
            return;
        }
        last = option.number;
    }
}

/* Everything that can fail comes first: a message that is refused uses up nothing, not even an ID. */
static uint8_t send_message(struct atc_engine *e, struct message *msg)
{
    const bool token = plan_token(e, msg);
    struct atc_out size = atc_out_measure();
    uint8_t block, index;

    put_message(e, &size, msg);
    if (size.len > e->cfg.settings.message_max) {
        atc_engine_remark(e, e->sending.session, ATC_REMARK_TOO_LONG, 0);
        return ATC_CAUSE_PARAMETER;
    }
    if (!atc_exchange_can_take(&e->messages))
        return ATC_CAUSE_MEMORY;
    block = atc_net_block(e, size.len);
    if (block == ATC_NO_BLOCK)
        return ATC_CAUSE_MEMORY;
    if (!draw(e, msg, token) || !find_asked(e, msg)) {
        atc_pool_free(&e->pool, block);
        return ATC_CAUSE_FAILURE;
    }
    remark_on_mid(e, msg);
    remark_on_answer(e, msg);
    remark_on_options(e, msg);
    index = build(e, msg, block);
    remark_on_repeats(e, block, msg->mid);
    supersede(e, msg);
    settle_asked(e, msg);
    atc_net_start(e, index, msg->random);
    if (msg->type == ATC_CON) {
        e->session[e->sending.session].status = ATC_STATUS_WAITING;
        e->session[e->sending.session].con = index;
    }
    use_up(e, msg);
    return ATC_OK;
}

uint8_t atc_verb_payload(struct atc_engine *e, struct atc_span typed)
{
    struct message msg = {
        .type = e->sending.type, .code = e->sending.code, .mask = e->sending.mask};

    if (!read_payload(e, &msg.payload, typed))
        return ATC_CAUSE_PARAMETER;
    if (msg.code == ATC_CODE_EMPTY && msg.payload.len > 0)
        return ATC_CAUSE_PARAMETER;
    if (e->session[e->sending.session].state != ATC_SESSION_CONNECTED)
        return ATC_CAUSE_NOT_ALLOWED;
    if (!atc_engine_attached(e))
        return ATC_CAUSE_NO_NETWORK;
    msg.observe = msg.code == ATC_CODE_GET ? read_observe(e, &msg) : -1;
    return send_message(e, &msg);
}
