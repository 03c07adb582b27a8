/* SPDX-License-Identifier: MIT
 *
 * The model server, in three layers from bottom to top: sending and repeating, resources, and the
 * message layer that sorts what comes in. */
#include "peer.h"

#include <string.h>

#define SEGMENTS_MAX 160     /* bytes of a path with its slashes; a longer one is not found */
#define FACTOR_PPM   500000u /* ACK_RANDOM_FACTOR 1.5. Source: RFC 7252 4.8 */

/* Bytes of /large, and the most that is taken or given behind header, token and options. */
enum { LARGE_DEFAULT = 1024, PAYLOAD_MAX = SIM_DATAGRAM_MAX - 256 };

enum { FORMAT_TEXT = 0, FORMAT_LINK = 40 };
enum { GET = 1, POST = 2, PUT = 3, DELETE = 4, METHOD_MAX = 31 };

/* An answer in the making, with memory for what its options and payload point to. */
struct answer {
    struct sim_coap message;
    uint8_t bytes[SIM_DATAGRAM_MAX];
    size_t used;
    bool separate; /* to be sent later, as a message of its own */
};

struct request {
    const struct atc_addr *from;
    const struct sim_coap *message;
    struct sim_peer_seen *seen; /* where its answer is remembered */
    char path[SEGMENTS_MAX];
};

static bool same_addr(const struct atc_addr *a, const struct atc_addr *b)
{
    return a->family == b->family && a->port == b->port && a->scope == b->scope &&
           memcmp(a->ip, b->ip, 16) == 0;
}

static bool same_token(const uint8_t *a, size_t a_len, const struct sim_coap *m)
{
    return a_len == m->token_len && memcmp(a, m->token, a_len) == 0;
}

/* --- sending ---------------------------------------------------------------------------------- */

static void send_bytes(struct sim_peer *peer, const struct atc_addr *to, const uint8_t *data,
                       size_t len)
{
    if (peer->out_count == SIM_PEER_OUT_MAX) {
        peer->counts.overflow++;
        return;
    }
    struct sim_datagram *d = &peer->out[(peer->out_first + peer->out_count++) % SIM_PEER_OUT_MAX];
    d->from = peer->address;
    d->to = *to;
    d->len = len;
    memcpy(d->data, data, len);
    peer->counts.sent++;
}

static void send_empty(struct sim_peer *peer, const struct atc_addr *to, enum sim_coap_type type,
                       uint16_t mid)
{
    const uint8_t data[4] = {(uint8_t)(0x40u | (unsigned)type << 4), 0, (uint8_t)(mid >> 8),
                             (uint8_t)mid};
    send_bytes(peer, to, data, sizeof data);
    peer->counts.resets += type == SIM_RST;
}

static struct sim_peer_sent *find_free(struct sim_peer *peer)
{
    for (size_t i = 0; i < SIM_PEER_SENT_MAX; i++)
        if (!peer->sent[i].used)
            return &peer->sent[i];
    return NULL;
}

/* Send a message at due_ms: a CON until it is acknowledged, a NON once. Its ID is chosen here.
 * Returns false if there is no room for it. */
static bool send_later(struct sim_peer *peer, const struct atc_addr *to, struct sim_coap *message,
                       uint64_t due_ms)
{
    struct sim_peer_sent *s = find_free(peer);
    if (s == NULL)
        return false;
    message->mid = peer->next_mid++;
    const int len = sim_coap_build(message, s->data, sizeof s->data);
    if (len < 0)
        return false;
    s->used = true;
    s->to = *to;
    s->mid = message->mid;
    s->due_ms = due_ms;
    s->wait_ms = 0;
    s->repeats = 0;
    s->len = (uint16_t)len;
    return true;
}

static bool is_con(const struct sim_peer_sent *s)
{
    return (s->data[0] >> 4 & 3u) == SIM_CON;
}

static void drop_observer(struct sim_peer *peer, const struct atc_addr *from, uint16_t mid)
{
    for (size_t i = 0; i < SIM_PEER_OBSERVER_MAX; i++) {
        struct sim_peer_observer *o = &peer->observers[i];
        if (o->used && o->last_mid == mid && same_addr(&o->to, from))
            o->used = false;
    }
}

/* The first time-out is random so that many askers do not answer in step; then it doubles. */
static void run_sent(struct sim_peer *peer, struct sim_peer_sent *s)
{
    if (s->wait_ms != 0 && s->repeats == peer->config.max_retransmit) {
        peer->counts.given_up++;
        drop_observer(peer, &s->to, s->mid);
        s->used = false;
        return;
    }
    send_bytes(peer, &s->to, s->data, s->len);
    if (!is_con(s)) {
        s->used = false;
        return;
    }
    if (s->wait_ms == 0) {
        const uint32_t t = peer->config.ack_timeout_ms;
        const uint32_t jitter_ms = (uint32_t)((uint64_t)t * FACTOR_PPM / SIM_PPM);
        s->wait_ms = t + sim_random_below(&peer->random, jitter_ms + 1u);
    } else {
        s->wait_ms *= 2u;
        s->repeats++;
        peer->counts.retransmitted++;
    }
    s->due_ms = peer->now_ms + s->wait_ms;
}

/* --- resources -------------------------------------------------------------------------------- */

static void add_bytes(struct answer *a, const void *data, size_t len)
{
    if (len == 0 || len > sizeof a->bytes - a->used)
        return;
    memcpy(a->bytes + a->used, data, len);
    a->used += len;
}

static void add_text(struct answer *a, const char *text)
{
    add_bytes(a, text, strlen(text));
}

static void add_number(struct answer *a, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10u);
        value /= 10u;
    } while (value > 0);
    add_bytes(a, digits + at, sizeof digits - at);
}

/* Everything added since start becomes an option. */
static void end_option(struct answer *a, size_t start, uint16_t number)
{
    (void)sim_coap_add(&a->message, number, a->bytes + start, a->used - start);
}

static void add_uint_option(struct answer *a, uint16_t number, uint64_t value)
{
    const size_t start = a->used;
    uint8_t bytes[8];
    add_bytes(a, bytes, sim_coap_put_uint(bytes, value));
    end_option(a, start, number);
}

/* Everything added since start becomes the payload. */
static void end_payload(struct answer *a, size_t start)
{
    a->message.payload = a->bytes + start;
    a->message.payload_len = a->used - start;
}

static void answer_text(struct answer *a, const char *text)
{
    a->message.code = SIM_CODE(2, 5);
    add_uint_option(a, SIM_CONTENT_FORMAT, FORMAT_TEXT);
    const size_t start = a->used;
    add_text(a, text);
    end_payload(a, start);
}

/* The value of the query name=value, or NULL. */
static const uint8_t *query(const struct request *r, const char *name, size_t *len)
{
    const size_t name_len = strlen(name);
    for (size_t i = 0; i < r->message->option_count; i++) {
        const struct sim_coap_option *o = &r->message->options[i];
        if (o->number != SIM_URI_QUERY || o->len <= name_len || o->value[name_len] != '=' ||
            memcmp(o->value, name, name_len) != 0)
            continue;
        *len = o->len - name_len - 1u;
        return o->value + name_len + 1;
    }
    *len = 0;
    return NULL;
}

static bool query_is(const struct request *r, const char *name, const char *value)
{
    size_t len = 0;
    const uint8_t *found = query(r, name, &len);
    return found != NULL && len == strlen(value) && memcmp(found, value, len) == 0;
}

static void serve_root(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    (void)peer;
    (void)r;
    answer_text(a, "atcoap model server");
}

static void serve_hello(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    size_t len = 0;
    const uint8_t *name = query(r, "name", &len);
    (void)peer;
    if (name == NULL) {
        answer_text(a, "hello word from server");
        return;
    }
    answer_text(a, "hello ");
    add_bytes(a, name, len);
    a->message.payload_len = (size_t)(a->bytes + a->used - a->message.payload);
}

static struct sim_peer_observer *find_observer(struct sim_peer *peer, const struct request *r)
{
    for (size_t i = 0; i < SIM_PEER_OBSERVER_MAX; i++) {
        struct sim_peer_observer *o = &peer->observers[i];
        if (o->used && same_addr(&o->to, r->from) && same_token(o->token, o->token_len, r->message))
            return o;
    }
    return NULL;
}

static struct sim_peer_observer *add_observer(struct sim_peer *peer, const struct request *r)
{
    bool first = true;
    struct sim_peer_observer *chosen = find_observer(peer, r);
    for (size_t i = SIM_PEER_OBSERVER_MAX; i-- > 0;) {
        first = first && !peer->observers[i].used;
        chosen = chosen == NULL && !peer->observers[i].used ? &peer->observers[i] : chosen;
    }
    if (chosen == NULL)
        return NULL;
    if (first)
        peer->observe_due_ms = peer->now_ms + peer->config.observe_ms;
    memset(chosen, 0, sizeof *chosen);
    chosen->used = true;
    chosen->to = *r->from;
    chosen->token_len = r->message->token_len;
    memcpy(chosen->token, r->message->token, sizeof chosen->token);
    return chosen;
}

static void put_time(struct sim_peer *peer, struct answer *a)
{
    a->message.code = SIM_CODE(2, 5);
    add_uint_option(a, SIM_CONTENT_FORMAT, FORMAT_TEXT);
    const size_t start = a->used;
    add_number(a, (peer->now_ms - peer->start_ms) / 1000u);
    end_payload(a, start);
}

static void serve_time(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    const struct sim_coap_option *observe = sim_coap_find(r->message, SIM_OBSERVE);
    if (observe != NULL && sim_coap_uint(observe) == 0) {
        struct sim_peer_observer *o = add_observer(peer, r);
        if (o != NULL)
            add_uint_option(a, SIM_OBSERVE, ++o->sequence);
    } else if (observe != NULL && find_observer(peer, r) != NULL) {
        find_observer(peer, r)->used = false;
    }
    put_time(peer, a);
}

static void serve_echo(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    static const uint8_t codes[] = {
        [GET] = SIM_CODE(2, 5),
        [POST] = SIM_CODE(2, 4),
        [PUT] = SIM_CODE(2, 4),
        [DELETE] = SIM_CODE(2, 2),
    };
    const struct sim_coap_option *format = sim_coap_find(r->message, SIM_CONTENT_FORMAT);
    (void)peer;
    a->message.code = codes[r->message->code];
    if (format != NULL)
        add_uint_option(a, SIM_CONTENT_FORMAT, sim_coap_uint(format));
    const size_t start = a->used;
    add_bytes(a, r->message->payload, r->message->payload_len);
    end_payload(a, start);
}

static void serve_rd(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    (void)r;
    a->message.code = SIM_CODE(2, 1);
    size_t start = a->used;
    add_text(a, "rd");
    end_option(a, start, SIM_LOCATION_PATH);
    start = a->used;
    add_number(a, peer->next_rd++);
    end_option(a, start, SIM_LOCATION_PATH);
}

static void serve_rd_entry(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    (void)peer;
    a->message.code = r->message->code == DELETE ? SIM_CODE(2, 2) : SIM_CODE(2, 4);
}

static void serve_separate(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    (void)peer;
    (void)r;
    answer_text(a, "took a while");
    a->separate = true;
}

/* The number that the query name=number gives. Returns false if it is none of 0..max; without
 * that query *value stays. */
static bool take_number(const struct request *r, const char *name, size_t max, size_t *value)
{
    size_t len = 0, number = 0;
    const uint8_t *digits = query(r, name, &len);
    if (digits == NULL)
        return true;
    for (size_t i = 0; i < len; i++) {
        if (digits[i] < '0' || digits[i] > '9' || number > max)
            return false;
        number = number * 10u + (size_t)(digits[i] - '0');
    }
    *value = number;
    return len > 0 && number <= max;
}

static void serve_large(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    size_t len = LARGE_DEFAULT;
    (void)peer;
    if (!take_number(r, "n", PAYLOAD_MAX, &len)) {
        a->message.code = SIM_CODE(4, 0);
        return;
    }
    answer_text(a, "");
    for (size_t i = 0; i < len; i++)
        add_bytes(a, &"0123456789abcdef"[i % 16u], 1);
    a->message.payload_len = len;
}

static uint8_t method_of(const struct request *r)
{
    static const char *const names[] = {[POST] = "post", [PUT] = "put", [DELETE] = "delete"};
    for (unsigned code = POST; code <= DELETE; code++)
        if (query_is(r, "method", names[code]))
            return (uint8_t)code;
    return GET;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20u;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* token=0102...; what is not hex ends it. */
static void take_token(struct sim_coap *m, const struct request *r)
{
    size_t len = 0;
    const uint8_t *hex = query(r, "token", &len);
    for (size_t i = 0; i + 1u < len && m->token_len < SIM_COAP_TOKEN_MAX; i += 2) {
        const int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);
        if (high < 0 || low < 0)
            return;
        m->token[m->token_len++] = (uint8_t)(high * 16 + low);
    }
}

static void take_path(struct sim_coap *m, const struct request *r)
{
    size_t len = 0, start = 0;
    const uint8_t *path = query(r, "path", &len);
    for (size_t i = 0; i <= len && path != NULL; i++) {
        if (i < len && path[i] != '/')
            continue;
        if (i > start)
            (void)sim_coap_add(m, SIM_URI_PATH, path + start, i - start);
        start = i + 1u;
    }
}

static void remember_asked(struct sim_peer *peer, const struct atc_addr *to,
                           const struct sim_coap *m)
{
    struct sim_peer_asked *oldest = &peer->asked[0];
    for (size_t i = 0; i < SIM_PEER_SENT_MAX && oldest->used; i++) {
        struct sim_peer_asked *candidate = &peer->asked[i];
        if (!candidate->used || candidate->at_ms < oldest->at_ms)
            oldest = candidate;
    }
    oldest->used = true;
    oldest->to = *to;
    oldest->at_ms = peer->now_ms;
    oldest->token_len = m->token_len;
    memcpy(oldest->token, m->token, sizeof oldest->token);
}

static void serve_push(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    struct sim_coap m;
    memset(&m, 0, sizeof m);
    m.type = query_is(r, "type", "non") ? SIM_NON : SIM_CON;
    m.code = method_of(r);
    take_token(&m, r);
    take_path(&m, r);
    const struct sim_coap_option *format = sim_coap_find(r->message, SIM_CONTENT_FORMAT);
    if (format != NULL && r->message->payload_len > 0)
        (void)sim_coap_add(&m, SIM_CONTENT_FORMAT, format->value, format->len);
    m.payload = r->message->payload;
    m.payload_len = r->message->payload_len;
    const bool sent = send_later(peer, r->from, &m, peer->now_ms);
    if (sent)
        remember_asked(peer, r->from, &m);
    a->message.code = sent ? SIM_CODE(2, 4) : SIM_CODE(5, 3);
}

static void serve_core(struct sim_peer *peer, const struct request *r, struct answer *a);

#define ALLOW(method) (1u << (method))
#define ALLOW_ALL     (ALLOW(GET) | ALLOW(POST) | ALLOW(PUT) | ALLOW(DELETE))

struct resource {
    const char *path; /* one that ends in a slash stands for everything below it */
    const char *link; /* what the list says of it, NULL: not listed */
    unsigned methods;
    void (*serve)(struct sim_peer *peer, const struct request *r, struct answer *a);
};

static const struct resource resources[] = {
    {"", "</>", ALLOW(GET), serve_root},
    {"hello", "</hello>", ALLOW(GET), serve_hello},
    {"time", "</time>;obs", ALLOW(GET), serve_time},
    {"echo", "</echo>", ALLOW_ALL, serve_echo},
    {"rd", "</rd>;rt=\"core.rd\"", ALLOW(POST), serve_rd},
    {"rd/", NULL, ALLOW(POST) | ALLOW(PUT) | ALLOW(DELETE), serve_rd_entry},
    {"separate", "</separate>", ALLOW(GET), serve_separate},
    {"large", "</large>", ALLOW(GET), serve_large},
    {"push", "</push>", ALLOW(POST), serve_push},
    {".well-known/core", NULL, ALLOW(GET), serve_core},
};

#define RESOURCE_COUNT (sizeof resources / sizeof resources[0])

static void serve_core(struct sim_peer *peer, const struct request *r, struct answer *a)
{
    (void)peer;
    (void)r;
    a->message.code = SIM_CODE(2, 5);
    add_uint_option(a, SIM_CONTENT_FORMAT, FORMAT_LINK);
    const size_t start = a->used;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        if (resources[i].link == NULL)
            continue;
        add_text(a, a->used > start ? "," : "");
        add_text(a, resources[i].link);
    }
    end_payload(a, start);
}

static bool path_matches(const char *pattern, const char *path)
{
    const size_t len = strlen(pattern);
    if (len > 0 && pattern[len - 1u] == '/')
        return strncmp(pattern, path, len) == 0 && path[len] != '\0';
    return strcmp(pattern, path) == 0;
}

static const struct resource *find_resource(const char *path)
{
    for (size_t i = 0; i < RESOURCE_COUNT; i++)
        if (path_matches(resources[i].path, path))
            return &resources[i];
    return NULL;
}

/* The Uri-Path with slashes between; "?" for one that cannot be ours. */
static void join_path(char *path, const struct sim_coap *m)
{
    size_t used = 0;
    for (size_t i = 0; i < m->option_count; i++) {
        const struct sim_coap_option *o = &m->options[i];
        if (o->number != SIM_URI_PATH)
            continue;
        if (o->len + 2u > SEGMENTS_MAX - used || memchr(o->value, 0, o->len) != NULL) {
            memcpy(path, "?", 2);
            return;
        }
        if (used > 0)
            path[used++] = '/';
        memcpy(path + used, o->value, o->len);
        used += o->len;
    }
    path[used] = '\0';
}

/* --- the message layer ------------------------------------------------------------------------ */

/* Critical options are odd; these are the ones we act on or may ignore. RFC 7252 5.4.1. */
static bool is_understood(uint16_t number)
{
    switch (number) {
    case SIM_IF_MATCH:
    case SIM_URI_HOST:
    case SIM_IF_NONE_MATCH:
    case SIM_URI_PORT:
    case SIM_URI_PATH:
    case SIM_URI_QUERY:
    case SIM_ACCEPT:
        return true;
    default:
        return number % 2u == 0;
    }
}

/* An error says in words what it is, for people. RFC 7252 5.5.2. */
static void add_diagnosis(struct answer *a)
{
    static const struct {
        uint8_t code;
        const char *text;
    } texts[] = {
        {SIM_CODE(4, 0), "Bad Request"},    {SIM_CODE(4, 2), "Bad Option"},
        {SIM_CODE(4, 4), "Not Found"},      {SIM_CODE(4, 5), "Method Not Allowed"},
        {SIM_CODE(4, 6), "Not Acceptable"}, {SIM_CODE(4, 13), "Request Entity Too Large"},
    };
    const size_t start = a->used;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].code == a->message.code)
            add_text(a, texts[i].text);
    if (a->used > start)
        end_payload(a, start);
}

/* The error that its options alone earn a request; 0 if none. RFC 7252 5.4.1, 5.10.2. */
static uint8_t check_options(const struct sim_coap *m)
{
    if (sim_coap_find(m, SIM_PROXY_URI) != NULL || sim_coap_find(m, SIM_PROXY_SCHEME) != NULL)
        return SIM_CODE(5, 5);
    for (size_t i = 0; i < m->option_count; i++)
        if (!is_understood(m->options[i].number))
            return SIM_CODE(4, 2);
    return 0;
}

static bool refuses_format(const struct sim_coap *request, const struct sim_coap *answer)
{
    const struct sim_coap_option *wanted = sim_coap_find(request, SIM_ACCEPT);
    const struct sim_coap_option *given = sim_coap_find(answer, SIM_CONTENT_FORMAT);
    return wanted != NULL && given != NULL && sim_coap_uint(wanted) != sim_coap_uint(given);
}

static void serve(struct sim_peer *peer, struct request *r, struct answer *a)
{
    const uint8_t error = check_options(r->message);
    join_path(r->path, r->message);
    const struct resource *resource = find_resource(r->path);
    if (error != 0)
        a->message.code = error;
    else if (resource == NULL)
        a->message.code = SIM_CODE(4, 4);
    else if (r->message->code > DELETE || (resource->methods & ALLOW(r->message->code)) == 0)
        a->message.code = SIM_CODE(4, 5);
    else if (r->message->payload_len > PAYLOAD_MAX)
        a->message.code = SIM_CODE(4, 13);
    else
        resource->serve(peer, r, a);
    if (refuses_format(r->message, &a->message)) {
        a->message.code = SIM_CODE(4, 6);
        a->message.option_count = 0;
        a->message.payload_len = 0;
    }
    add_diagnosis(a);
}

static struct sim_peer_seen *find_seen(struct sim_peer *peer, const struct atc_addr *from,
                                       uint16_t mid)
{
    for (size_t i = 0; i < SIM_PEER_SEEN_MAX; i++) {
        struct sim_peer_seen *s = &peer->seen[i];
        if (s->used && s->mid == mid && same_addr(&s->from, from) &&
            peer->now_ms - s->at_ms < peer->config.exchange_lifetime_ms)
            return s;
    }
    return NULL;
}

static struct sim_peer_seen *add_seen(struct sim_peer *peer, const struct atc_addr *from,
                                      uint16_t mid)
{
    struct sim_peer_seen *oldest = &peer->seen[0];
    for (size_t i = 0; i < SIM_PEER_SEEN_MAX && oldest->used; i++) {
        struct sim_peer_seen *candidate = &peer->seen[i];
        if (!candidate->used || candidate->at_ms < oldest->at_ms)
            oldest = candidate;
    }
    oldest->used = true;
    oldest->from = *from;
    oldest->mid = mid;
    oldest->at_ms = peer->now_ms;
    oldest->answer_len = 0;
    return oldest;
}

/* Answer a CON in its ACK, and remember that for repeats. */
static void send_ack(struct sim_peer *peer, const struct request *r, struct sim_coap *message)
{
    struct sim_peer_seen *seen = r->seen;
    message->type = SIM_ACK;
    message->mid = r->message->mid;
    const int len = sim_coap_build(message, seen->answer, sizeof seen->answer);
    if (len < 0) {
        peer->counts.overflow++;
        return;
    }
    seen->answer_len = (uint16_t)len;
    send_bytes(peer, r->from, seen->answer, seen->answer_len);
}

static void take_request(struct sim_peer *peer, const struct atc_addr *from,
                         const struct sim_coap *m, struct sim_peer_seen *seen)
{
    const bool con = m->type == SIM_CON;
    struct sim_coap empty;
    struct answer a;
    struct request r = {from, m, seen, ""};
    if (!con && check_options(m) == SIM_CODE(4, 2))
        return;
    memset(&empty, 0, sizeof empty);
    memset(&a.message, 0, sizeof a.message);
    a.used = 0;
    a.separate = false;
    a.message.token_len = m->token_len;
    memcpy(a.message.token, m->token, sizeof a.message.token);
    peer->counts.requests++;
    serve(peer, &r, &a);
    if (con && !a.separate) {
        send_ack(peer, &r, &a.message);
        return;
    }
    if (con)
        send_ack(peer, &r, &empty);
    /* RFC 7252 5.2.3: a NON is answered by a NON. */
    a.message.type = con ? SIM_CON : SIM_NON;
    const uint64_t due_ms = peer->now_ms + (a.separate ? peer->config.separate_ms : 0);
    if (!send_later(peer, from, &a.message, due_ms))
        peer->counts.overflow++;
}

static void take_repeat(struct sim_peer *peer, const struct sim_peer_seen *seen)
{
    peer->counts.repeats++;
    if (seen->answer_len > 0)
        send_bytes(peer, &seen->from, seen->answer, seen->answer_len);
}

/* An ACK or RST ends the repeats of a CON of ours; an RST also the observation it refuses. */
static void take_verdict(struct sim_peer *peer, const struct atc_addr *from,
                         const struct sim_coap *m)
{
    for (size_t i = 0; i < SIM_PEER_SENT_MAX; i++) {
        struct sim_peer_sent *s = &peer->sent[i];
        if (s->used && s->mid == m->mid && s->wait_ms > 0 && same_addr(&s->to, from))
            s->used = false;
    }
    if (m->type == SIM_RST)
        drop_observer(peer, from, m->mid);
}

static bool take_asked(struct sim_peer *peer, const struct atc_addr *from, const struct sim_coap *m)
{
    for (size_t i = 0; i < SIM_PEER_SENT_MAX; i++) {
        struct sim_peer_asked *q = &peer->asked[i];
        if (!q->used || !same_addr(&q->to, from) || !same_token(q->token, q->token_len, m) ||
            peer->now_ms - q->at_ms >= peer->config.exchange_lifetime_ms)
            continue;
        q->used = false;
        return true;
    }
    return false;
}

/* The request whose response has come needs no more repeats. RFC 7252 5.2.2. */
static void stop_request(struct sim_peer *peer, const struct atc_addr *from,
                         const struct sim_coap *m)
{
    struct sim_coap sent;
    for (size_t i = 0; i < SIM_PEER_SENT_MAX; i++) {
        struct sim_peer_sent *s = &peer->sent[i];
        if (!s->used || !same_addr(&s->to, from) || sim_coap_parse(&sent, s->data, s->len) != 0)
            continue;
        if (sent.code <= METHOD_MAX && same_token(sent.token, sent.token_len, m))
            s->used = false;
    }
}

static void take_response(struct sim_peer *peer, const struct atc_addr *from,
                          const struct sim_coap *m)
{
    const bool repeated = find_seen(peer, from, m->mid) != NULL && m->type != SIM_ACK;
    const bool expected = repeated || take_asked(peer, from, m);
    if (expected) {
        peer->counts.answers += !repeated;
        stop_request(peer, from, m);
    } else {
        peer->counts.unexpected++;
    }
    if (m->type == SIM_ACK)
        return;
    if (expected && !repeated)
        (void)add_seen(peer, from, m->mid);
    if (m->type == SIM_CON)
        send_empty(peer, from, expected ? SIM_ACK : SIM_RST, m->mid);
}

/* What is left when versions, broken messages, ACK and RST are sorted out: a CON or NON. */
static void take_message(struct sim_peer *peer, const struct atc_addr *from,
                         const struct sim_coap *m)
{
    const unsigned class = m->code >> 5;
    if (m->code != 0 && class != 1u && class < 6u) {
        const struct sim_peer_seen *seen = find_seen(peer, from, m->mid);
        if (class >= 2u) {
            take_response(peer, from, m);
        } else if (seen != NULL) {
            take_repeat(peer, seen);
        } else {
            take_request(peer, from, m, add_seen(peer, from, m->mid));
        }
        return;
    }
    /* A ping, or a reserved class: RFC 7252 4.2 and 4.3. */
    if (m->type == SIM_CON)
        send_empty(peer, from, SIM_RST, m->mid);
}

/* --- public ----------------------------------------------------------------------------------- */

void sim_peer_config_default(struct sim_peer_config *config)
{
    config->ack_timeout_ms = 2000;
    config->max_retransmit = 4;
    config->separate_ms = 1000;
    config->observe_ms = 5000;
    config->confirm_every = 5;
    config->exchange_lifetime_ms = 247000;
}

void sim_peer_init(struct sim_peer *peer, const struct atc_addr *address,
                   const struct sim_peer_config *config, uint64_t seed, uint64_t now_ms)
{
    memset(peer, 0, sizeof *peer);
    peer->address = *address;
    sim_peer_config_default(&peer->config);
    if (config != NULL)
        peer->config = *config;
    sim_random_seed(&peer->random, seed, 0);
    peer->next_mid = (uint16_t)sim_random_below(&peer->random, 65536u);
    peer->next_rd = 1;
    peer->now_ms = now_ms;
    peer->start_ms = now_ms;
}

void sim_peer_datagram(struct sim_peer *peer, const struct atc_addr *from, const uint8_t *data,
                       size_t len, uint64_t now_ms)
{
    struct sim_coap m;
    sim_peer_tick(peer, now_ms);
    peer->counts.received++;
    const int status = sim_coap_parse(&m, data, len);
    if (status != 0) {
        peer->counts.malformed++;
        if (status != SIM_COAP_VERSION && len >= 4u && m.type == SIM_CON)
            send_empty(peer, from, SIM_RST, m.mid);
        return;
    }
    if (m.type == SIM_ACK || m.type == SIM_RST)
        take_verdict(peer, from, &m);
    if (m.type == SIM_ACK && m.code >> 5 >= 2u)
        take_response(peer, from, &m);
    if (m.type == SIM_CON || m.type == SIM_NON)
        take_message(peer, from, &m);
    sim_peer_tick(peer, now_ms);
}

static bool has_observer(const struct sim_peer *peer)
{
    for (size_t i = 0; i < SIM_PEER_OBSERVER_MAX; i++)
        if (peer->observers[i].used)
            return true;
    return false;
}

/* While a CON notification is out, the observer gets no further one. RFC 7641 4.5.1. */
static bool is_waiting(const struct sim_peer *peer, const struct sim_peer_observer *o)
{
    for (size_t i = 0; i < SIM_PEER_SENT_MAX; i++) {
        const struct sim_peer_sent *s = &peer->sent[i];
        if (s->used && s->mid == o->last_mid && same_addr(&s->to, &o->to))
            return true;
    }
    return false;
}

static void notify(struct sim_peer *peer, struct sim_peer_observer *o)
{
    struct answer a;
    const uint32_t every = peer->config.confirm_every;
    memset(&a.message, 0, sizeof a.message);
    a.used = 0;
    a.message.type = every > 0 && o->sequence % every == 0 ? SIM_CON : SIM_NON;
    a.message.token_len = o->token_len;
    memcpy(a.message.token, o->token, sizeof o->token);
    add_uint_option(&a, SIM_OBSERVE, ++o->sequence & 0xffffffu);
    put_time(peer, &a);
    if (send_later(peer, &o->to, &a.message, peer->now_ms))
        o->last_mid = a.message.mid;
}

void sim_peer_tick(struct sim_peer *peer, uint64_t now_ms)
{
    peer->now_ms = now_ms > peer->now_ms ? now_ms : peer->now_ms;
    if (has_observer(peer) && peer->observe_due_ms <= peer->now_ms) {
        peer->observe_due_ms = peer->now_ms + peer->config.observe_ms;
        for (size_t i = 0; i < SIM_PEER_OBSERVER_MAX; i++)
            if (peer->observers[i].used && !is_waiting(peer, &peer->observers[i]))
                notify(peer, &peer->observers[i]);
    }
    for (size_t i = 0; i < SIM_PEER_SENT_MAX; i++)
        if (peer->sent[i].used && peer->sent[i].due_ms <= peer->now_ms)
            run_sent(peer, &peer->sent[i]);
}

uint64_t sim_peer_deadline_ms(const struct sim_peer *peer)
{
    uint64_t first = has_observer(peer) ? peer->observe_due_ms : ATC_NEVER;
    for (size_t i = 0; i < SIM_PEER_SENT_MAX; i++)
        if (peer->sent[i].used && peer->sent[i].due_ms < first)
            first = peer->sent[i].due_ms;
    return first;
}

const struct sim_datagram *sim_peer_take(struct sim_peer *peer)
{
    if (peer->out_count == 0)
        return NULL;
    const struct sim_datagram *d = &peer->out[peer->out_first];
    peer->out_first = (peer->out_first + 1u) % SIM_PEER_OUT_MAX;
    peer->out_count--;
    return d;
}
