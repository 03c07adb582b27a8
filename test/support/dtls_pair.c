/* SPDX-License-Identifier: MIT */
#include "dtls_pair.h"

#include <stdio.h>
#include <string.h>

#include "dtls_record.h"

enum {
    HEADER_LEN = 13,
    TYPE_CHANGE_CIPHER_SPEC = 20,
    TYPE_HANDSHAKE = 22,
    FLIGHT_MS = 500, /* what comes later is a repetition: time-outs begin at 1 s */
    LATE_MS = 1500,
    LIMIT_MS = 300000
};

static const uint8_t right_key[] = {0x31, 0x32, 0x33, 0x34, 0x34, 0x46, 0x47, 0x38, 0x39};
static const uint8_t other_key[] = {0x6f, 0x74, 0x68, 0x65, 0x72};
static const struct dtls_server_key keys[] = {
    {"864508030012428", right_key, sizeof right_key},
    {"somebody else", other_key, sizeof other_key},
};
static const int both_suites[] = {SECURITY_PSK_AES_128_CCM_8, SECURITY_PSK_AES_128_CBC_SHA256, 0};

static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    struct pair *b = ctx;

    rng_fill(&b->rng, buf, len);
    return true;
}

void pair_init(struct pair *b, uint64_t seed)
{
    memset(b, 0, sizeof *b);
    b->rng.state = seed;
    b->now_ms = 1000;
    b->service.keys = keys;
    b->service.key_count = sizeof keys / sizeof keys[0];
    b->service.suites = both_suites;
    b->service.cookies = true;
    b->service.sessions = true;
    b->service.seed = seed + 1;
    b->config.identity = (const uint8_t *)keys[0].identity;
    b->config.identity_len = strlen(keys[0].identity);
    b->config.key = right_key;
    b->config.key_len = sizeof right_key;
    b->config.suite = SECURITY_SUITE_ALL;
    b->config.version = SECURITY_DTLS_ANY;
    b->config.handshake_max_ms = LIMIT_MS;
    b->config.ticket = &b->ticket;
    b->config.random = fill_random;
    b->config.ctx = b;
    b->echo = true;
}

static void keep_line(void *ctx, const char *line)
{
    struct pair *b = ctx;

    b->log_lines++;
    (void)snprintf(b->log_line, sizeof b->log_line, "%s", line);
}

void pair_log_keys(struct pair *b)
{
    b->config.keylog = keep_line;
}

/* --- the way ---------------------------------------------------------------------------------- */

static size_t get_16(const uint8_t *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* The flight a datagram belongs to, by its first record. */
static enum pair_flight flight_of(const uint8_t *data, size_t len, bool up)
{
    const bool plain = len > HEADER_LEN && get_16(data + 3) == 0;
    const size_t session = HEADER_LEN + 12 + 2 + 32; /* where the session id's length stands */

    if (len <= HEADER_LEN || (data[0] != TYPE_HANDSHAKE && data[0] != TYPE_CHANGE_CIPHER_SPEC))
        return PAIR_NO_FLIGHT;
    if (data[0] == TYPE_CHANGE_CIPHER_SPEC || !plain)
        return up ? PAIR_KEY : PAIR_FINISHED;
    switch (data[HEADER_LEN]) {
    case 1:
        return data[session + 1 + data[session]] == 0 ? PAIR_HELLO : PAIR_HELLO_COOKIE;
    case 3:
        return PAIR_VERIFY;
    case 2:
    case 12:
    case 14:
        return PAIR_SERVER_HELLO;
    default:
        return up ? PAIR_KEY : PAIR_FINISHED;
    }
}

static void put_packet(struct pair *b, bool up, const uint8_t *data, size_t len, uint64_t delay_ms)
{
    struct pair_packet *packet = &b->packets[b->packet_count];

    if (b->packet_count == PAIR_PACKET_MAX || len > sizeof packet->data)
        return;
    packet->at_ms = b->now_ms + PAIR_WAY_MS + delay_ms;
    packet->up = up;
    packet->len = len;
    memcpy(packet->data, data, len);
    b->packet_count++;
}

/* Each record by itself; those behind arrive earlier. */
static void put_swapped(struct pair *b, bool up, const uint8_t *data, size_t len)
{
    uint64_t delay_ms = 10;
    size_t at = 0;

    while (at < len) {
        const size_t record = HEADER_LEN + get_16(data + at + 11);

        put_packet(b, up, data + at, record, delay_ms);
        delay_ms -= delay_ms > 0;
        at += record;
    }
}

static void put_by_dice(struct pair *b, bool up, const uint8_t *data, size_t len)
{
    unsigned copies = 1;

    copies += rng_below(&b->rng, 100) < b->doubled;
    while (copies-- > 0) {
        if (rng_below(&b->rng, 100) >= b->loss)
            put_packet(b, up, data, len, rng_below(&b->rng, b->jitter_ms + 1));
    }
}

static void carry(struct pair *b, bool up, const uint8_t *data, size_t len)
{
    const enum pair_flight flight = flight_of(data, len, up);
    struct pair_packet *last = &b->last[up];

    last->len = len;
    memcpy(last->data, data, len);
    if (flight != PAIR_NO_FLIGHT && b->first_ms[flight] == ATC_NEVER) {
        b->first_ms[flight] = b->now_ms;
        b->flights++;
    }
    if (b->cut)
        return;
    if (flight != b->flight || flight == PAIR_NO_FLIGHT ||
        b->now_ms - b->first_ms[flight] > FLIGHT_MS) {
        put_by_dice(b, up, data, len);
        return;
    }
    switch (b->trouble) {
    case PAIR_LOSE:
        return;
    case PAIR_SWAP:
        put_swapped(b, up, data, len);
        return;
    case PAIR_DOUBLE:
        put_packet(b, up, data, len, 0);
        put_packet(b, up, data, len, 5);
        return;
    case PAIR_LATE:
        put_packet(b, up, data, len, LATE_MS);
        return;
    case PAIR_NO_TROUBLE:
    case PAIR_TROUBLE_COUNT:
        put_packet(b, up, data, len, 0);
    }
}

/* --- both ends -------------------------------------------------------------------------------- */

static void drain_server(struct pair *b)
{
    size_t len = 0;
    const uint8_t *data = b->server != NULL ? security_in_peek(b->server, &len) : NULL;

    while (data != NULL) {
        b->got_up++;
        if (b->echo)
            (void)security_send(b->server, data, len, b->now_ms);
        security_in_drop(b->server);
        data = security_in_peek(b->server, &len);
    }
}

static void drain_client(struct pair *b)
{
    size_t len = 0;
    const uint8_t *data = b->client != NULL ? security_in_peek(b->client, &len) : NULL;

    while (data != NULL) {
        b->got_down++;
        b->message_len = len;
        memcpy(b->message, data, len);
        security_in_drop(b->client);
        data = security_in_peek(b->client, &len);
    }
}

static void drain_out(struct pair *b, struct security *s, bool up)
{
    size_t len = 0;
    const uint8_t *data = s != NULL ? security_out_peek(s, &len) : NULL;

    while (data != NULL) {
        carry(b, up, data, len);
        security_out_drop(s);
        data = security_out_peek(s, &len);
    }
}

static void drain(struct pair *b)
{
    drain_server(b);
    drain_client(b);
    drain_out(b, b->client, true);
    drain_out(b, b->server, false);
}

void pair_open_server(struct pair *b)
{
    b->server = dtls_server_open(&b->service, b->now_ms);
}

void pair_open_client(struct pair *b)
{
    b->flights = 0;
    for (size_t i = 0; i < PAIR_FLIGHT_COUNT; i++)
        b->first_ms[i] = ATC_NEVER;
    b->client = security_open(&security_dtls, &b->config, b->now_ms);
    drain(b);
}

void pair_inject(struct pair *b, bool up, const uint8_t *data, size_t len)
{
    struct security *s = up ? b->server : b->client;

    if (s != NULL)
        security_feed(s, data, len, b->now_ms);
    drain(b);
}

/* The index of the packet that arrives first, of those the one that was sent first. */
static size_t first_packet(const struct pair *b)
{
    size_t first = 0;

    for (size_t i = 1; i < b->packet_count; i++) {
        if (b->packets[i].at_ms < b->packets[first].at_ms)
            first = i;
    }
    return first;
}

static uint64_t next_ms(const struct pair *b)
{
    const size_t first = first_packet(b);
    uint64_t next = b->packet_count > 0 ? b->packets[first].at_ms : ATC_NEVER;
    const uint64_t client = b->client != NULL ? security_deadline_ms(b->client) : ATC_NEVER;
    const uint64_t server = b->server != NULL ? security_deadline_ms(b->server) : ATC_NEVER;

    next = client < next ? client : next;
    return server < next ? server : next;
}

static void step(struct pair *b)
{
    static struct pair_packet packet;
    const size_t first = first_packet(b);

    if (b->client != NULL)
        security_tick(b->client, b->now_ms);
    if (b->server != NULL)
        security_tick(b->server, b->now_ms);
    drain(b);
    if (b->packet_count == 0 || b->packets[first].at_ms > b->now_ms)
        return;
    packet = b->packets[first];
    b->packet_count--;
    memmove(b->packets + first, b->packets + first + 1,
            (b->packet_count - first) * sizeof b->packets[0]);
    pair_inject(b, packet.up, packet.data, packet.len);
}

void pair_run(struct pair *b, uint64_t until_ms)
{
    drain(b);
    while (next_ms(b) <= until_ms) {
        b->now_ms = next_ms(b) > b->now_ms ? next_ms(b) : b->now_ms;
        step(b);
    }
    b->now_ms = until_ms;
}

enum security_state pair_shake(struct pair *b)
{
    while (security_state(b->client) == SECURITY_HANDSHAKE && next_ms(b) != ATC_NEVER) {
        b->now_ms = next_ms(b) > b->now_ms ? next_ms(b) : b->now_ms;
        step(b);
    }
    return security_state(b->client);
}

enum security_state pair_connect(struct pair *b)
{
    pair_open_server(b);
    pair_open_client(b);
    return pair_shake(b);
}

bool pair_ping(struct pair *b, const char *text)
{
    const unsigned before = b->got_down;

    if (!security_send(b->client, (const uint8_t *)text, strlen(text), b->now_ms))
        return false;
    drain(b);
    pair_run(b, b->now_ms + 4 * PAIR_WAY_MS + 2 * b->jitter_ms);
    return b->got_down == before + 1 && b->message_len == strlen(text) &&
           memcmp(b->message, text, b->message_len) == 0;
}

void pair_close_client(struct pair *b)
{
    security_close(b->client, b->now_ms);
    pair_run(b, b->now_ms + 1000);
    security_free(b->client);
    b->client = NULL;
}

void pair_end(struct pair *b)
{
    if (b->client != NULL)
        security_close(b->client, b->now_ms);
    drain(b);
    security_free(b->client);
    security_free(b->server);
    b->client = NULL;
    b->server = NULL;
    security_ticket_wipe(&b->ticket);
}
