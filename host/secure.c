/* SPDX-License-Identifier: MIT */
#include "secure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The core waits no longer for an OPEN than this, whatever the order says. Source: BG96 3.3.2. */
enum { HANDSHAKE_MAX_S = 75 };

void secure_init(struct secure *secure, struct udp *udp, const struct log *log)
{
    memset(secure, 0, sizeof *secure);
    secure->udp = udp;
    secure->log = log;
    secure->keylog = -1;
    entropy_system(&secure->entropy);
}

int secure_keylog(struct secure *secure, const char *path)
{
    secure->keylog = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC, 0600);
    if (secure->keylog < 0)
        return -1;
    /* One that was there before may be open to others. */
    return fchmod(secure->keylog, 0600);
}

static bool on_random(void *ctx, uint8_t *buf, size_t len)
{
    struct secure *secure = ctx;

    return entropy_fill(&secure->entropy, buf, len);
}

static void on_keylog(void *ctx, const char *line)
{
    struct secure *secure = ctx;

    if (secure->keylog >= 0 && dprintf(secure->keylog, "%s\n", line) < 0)
        log_note("--keylog: %s", strerror(errno));
    if (secure->record_secrets)
        record_secret(secure->record, line);
}

static unsigned number_of(const struct secure *secure, const struct secure_client *client)
{
    return (unsigned)(client - secure->clients);
}

/* What the connection has for its server. */
static void send_out(struct secure *secure, struct secure_client *client)
{
    const uint8_t *data = NULL;
    size_t len = 0;

    while ((data = security_out_peek(client->security, &len)) != NULL) {
        udp_put(secure->udp, number_of(secure, client), &client->peer, data, len);
        security_out_drop(client->security);
    }
}

/* The message that secure_next() has given is no longer needed. */
static void drop_given(struct secure *secure)
{
    if (secure->given != NULL)
        security_in_drop(secure->given->security);
    secure->given = NULL;
}

static void let_go(struct secure *secure, struct secure_client *client)
{
    drop_given(secure);
    security_free(client->security);
    client->security = NULL;
    client->opening = false;
    udp_close(secure->udp, number_of(secure, client));
}

/* The name to ask for, if the TE typed one and not an address. */
static void set_name(struct security_config *config, const struct atc_order *order)
{
    char text[ATC_NAME_MAX + 1] = "";
    struct atc_addr addr;

    if (order->name_len == 0 || order->name_len > ATC_NAME_MAX)
        return;
    memcpy(text, order->name, order->name_len);
    if (addr_parse(&addr, text))
        return;
    config->name = order->name;
    config->name_len = order->name_len;
}

static unsigned handshake_max_s(const struct atc_order *order)
{
    return order->dtls.negotiate_s < HANDSHAKE_MAX_S ? order->dtls.negotiate_s : HANDSHAKE_MAX_S;
}

enum atc_cause secure_open(struct secure *secure, const struct atc_order *order, uint64_t now_ms)
{
    const struct atc_dtls *dtls = &order->dtls;
    struct secure_client *client = &secure->clients[order->session];
    struct security_config config = {.peer = order->peer,
                                     .identity = dtls->identity,
                                     .identity_len = dtls->identity_len,
                                     .key = dtls->key,
                                     .key_len = dtls->key_len,
                                     .suite = dtls->suite,
                                     .version = dtls->version,
                                     .handshake_max_ms = handshake_max_s(order) * 1000u,
                                     .random = on_random,
                                     .ctx = secure};
    const enum atc_cause cause = udp_open(secure->udp, order);

    if (cause != ATC_OK)
        return cause;
    set_name(&config, order);
    if (dtls->resume)
        config.ticket = &client->ticket;
    if (secure->keylog >= 0 || secure->record_secrets)
        config.keylog = on_keylog;
    client->peer = order->peer;
    client->security = security_open(&security_dtls, &config, now_ms);
    if (client->security == NULL) {
        udp_close(secure->udp, order->session);
        return ATC_CAUSE_DTLS;
    }
    client->opening = true;
    client->order = order->id;
    send_out(secure, client);
    return ATC_OK;
}

bool secure_owns(const struct secure *secure, unsigned session)
{
    return session < ATC_SESSION_MAX && secure->clients[session].security != NULL;
}

enum atc_cause secure_send(struct secure *secure, const struct atc_order *order, uint64_t now_ms)
{
    struct secure_client *client = &secure->clients[order->session];
    bool left = false;

    log_inside(secure->log, LOG_OUT, order->session, &order->peer, order->data, order->len);
    record_inside(secure->record, SIM_UP, order->session, order->data, order->len);
    left = security_send(client->security, order->data, order->len, now_ms);
    send_out(secure, client);
    return left ? ATC_OK : ATC_CAUSE_SEND;
}

/* What the datagram that has just come held; the queue was empty before. */
static void record_message(const struct secure *secure, const struct secure_client *client)
{
    size_t len = 0;
    const uint8_t *data = security_in_peek(client->security, &len);

    if (data != NULL)
        record_inside(secure->record, SIM_DOWN, number_of(secure, client), data, len);
}

/* Only the server may speak; a connection is no business of others. */
void secure_feed(struct secure *secure, const struct atc_event *datagram, uint64_t now_ms)
{
    struct secure_client *client = &secure->clients[datagram->session];

    if (memcmp(&datagram->peer, &client->peer, sizeof client->peer) != 0)
        return;
    security_feed(client->security, datagram->data, datagram->len, now_ms);
    record_message(secure, client);
    send_out(secure, client);
}

/* One line that says who failed, and why. */
static void say_failure(const struct secure *secure, const struct secure_client *client)
{
    char text[ADDR_TEXT_MAX];

    addr_text(text, &client->peer);
    log_note("client %u: no DTLS with %s: %s", number_of(secure, client), text,
             security_reason(client->security));
}

void secure_close(struct secure *secure, unsigned session, uint64_t now_ms)
{
    struct secure_client *client = &secure->clients[session];

    drop_given(secure);
    if (client->opening)
        say_failure(secure, client);
    security_close(client->security, now_ms);
    send_out(secure, client);
    let_go(secure, client);
}

void secure_tick(struct secure *secure, uint64_t now_ms)
{
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++) {
        if (secure_owns(secure, i)) {
            security_tick(secure->clients[i].security, now_ms);
            send_out(secure, &secure->clients[i]);
        }
    }
}

uint64_t secure_deadline_ms(const struct secure *secure)
{
    uint64_t earliest_ms = ATC_NEVER;

    for (unsigned i = 0; i < ATC_SESSION_MAX; i++) {
        const uint64_t at_ms = secure_owns(secure, i)
                                   ? security_deadline_ms(secure->clients[i].security)
                                   : ATC_NEVER;

        if (at_ms < earliest_ms)
            earliest_ms = at_ms;
    }
    return earliest_ms;
}

static void answer_open(struct secure_client *client, struct atc_event *event, enum atc_cause cause)
{
    event->kind = ATC_EVENT_DONE;
    event->order = client->order;
    event->cause = cause;
    client->opening = false;
}

static void tell_opened(const struct secure *secure, const struct secure_client *client)
{
    char text[ADDR_TEXT_MAX];

    addr_text(text, &client->peer);
    log_detail(secure->log, "client %u: DTLS with %s, %s handshake", number_of(secure, client),
               text, security_is_resumed(client->security) ? "resumed by a short" : "a full");
}

/* What was delivered before the end is told before it. */
static bool next_message(struct secure *secure, struct secure_client *client,
                         struct atc_event *event)
{
    const uint8_t *data = security_in_peek(client->security, &event->len);

    if (data == NULL)
        return false;
    event->kind = ATC_EVENT_DATAGRAM;
    event->peer = client->peer;
    event->data = data;
    secure->given = client;
    log_inside(secure->log, LOG_IN, event->session, &client->peer, data, event->len);
    return true;
}

static void tell_closed(struct secure *secure, struct secure_client *client,
                        struct atc_event *event)
{
    if (client->opening) {
        say_failure(secure, client);
        answer_open(client, event, ATC_CAUSE_DTLS);
    } else {
        log_detail(secure->log, "client %u: DTLS lost: %s", event->session,
                   security_reason(client->security));
        event->kind = ATC_EVENT_CLOSED;
        event->cause = ATC_CAUSE_DTLS;
    }
    let_go(secure, client);
}

static bool next_of(struct secure *secure, struct secure_client *client, struct atc_event *event)
{
    const enum security_state state = security_state(client->security);

    if (state == SECURITY_OPEN && client->opening) {
        tell_opened(secure, client);
        answer_open(client, event, ATC_OK);
        return true;
    }
    if (next_message(secure, client, event))
        return true;
    if (state != SECURITY_CLOSED)
        return false;
    tell_closed(secure, client, event);
    return true;
}

bool secure_next(struct secure *secure, struct atc_event *event)
{
    drop_given(secure);
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++) {
        if (!secure_owns(secure, i))
            continue;
        *event = (struct atc_event){.session = (uint8_t)i};
        if (next_of(secure, &secure->clients[i], event))
            return true;
    }
    return false;
}

void secure_end(struct secure *secure, uint64_t now_ms)
{
    for (unsigned i = 0; i < ATC_SESSION_MAX; i++) {
        if (secure_owns(secure, i))
            secure_close(secure, i, now_ms);
        security_ticket_wipe(&secure->clients[i].ticket);
    }
    if (secure->keylog >= 0)
        (void)close(secure->keylog);
    secure->keylog = -1;
}
