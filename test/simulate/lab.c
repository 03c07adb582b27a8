/* SPDX-License-Identifier: MIT */
#include "lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link_text.h"

static const struct atc_addr server_addr = {
    .ip = {192, 0, 2, 1}, .port = 5683, .family = ATC_FAMILY_IPV4};

static const uint8_t key[] = {0x31, 0x32, 0x33, 0x34, 0x34, 0x46, 0x47, 0x38, 0x39};
static const char key_file[] = "lab&313233343446473839";
static const struct dtls_server_key keys[] = {{"lab", key, sizeof key}};
static const int suites[] = {SECURITY_PSK_AES_128_CCM_8, 0};

enum { HOUR_MS = 3600000 };

static void give_up(const struct lab *lab, const char *why)
{
    (void)fprintf(stderr, "lab, seed %llu, at %llu ms: %s\n", (unsigned long long)lab->config.seed,
                  (unsigned long long)lab->now_ms, why);
    exit(3);
}

static bool fails(const struct lab *lab, enum lab_use use)
{
    return lab->config.fails != NULL && lab->config.fails(use);
}

static void show(struct lab *lab, enum lab_place place, const uint8_t *data, size_t len)
{
    if (lab->config.message != NULL)
        lab->config.message(lab->config.ctx, place, data, len);
}

/* --- the way ---------------------------------------------------------------------------------- */

static struct atc_addr modem_addr(const struct lab *lab)
{
    return (struct atc_addr){.ip = {10, 0, 0, 1}, .port = lab->port, .family = ATC_FAMILY_IPV4};
}

static void launch(struct lab *lab, enum sim_direction direction, const uint8_t *data, size_t len)
{
    struct sim_parcel parcel = {.direction = direction, .data = data, .len = len};

    parcel.from = direction == SIM_UP ? modem_addr(lab) : server_addr;
    parcel.to = direction == SIM_UP ? server_addr : modem_addr(lab);
    (void)sim_carry(&lab->carrier, &parcel, lab->now_ms);
    if (lab->flight.overflow > 0)
        give_up(lab, "too many datagrams on their way");
}

static struct sim_link *link_of(void *ctx, uint32_t owner)
{
    struct lab *lab = ctx;

    (void)owner;
    return &lab->link;
}

/* --- the server ------------------------------------------------------------------------------- */

static void hand_to_peer(struct lab *lab, const uint8_t *data, size_t len)
{
    const struct atc_addr from = modem_addr(lab);

    show(lab, LAB_AT_PEER, data, len);
    sim_peer_datagram(&lab->peer, &from, data, len, lab->now_ms);
}

/* What the server says to a socket that is closed goes nowhere. */
static bool drain_peer(struct lab *lab)
{
    const struct sim_datagram *d = sim_peer_take(&lab->peer);

    if (d == NULL)
        return false;
    if (d->to.port != lab->port)
        lab->strays++;
    else if (lab->server != NULL)
        (void)security_send(lab->server, d->data, d->len, lab->now_ms);
    else
        launch(lab, SIM_DOWN, d->data, d->len);
    return true;
}

static bool drain_server(struct lab *lab)
{
    bool any = false;
    size_t len = 0;
    const uint8_t *data;

    if (lab->server == NULL)
        return false;
    while ((data = security_in_peek(lab->server, &len)) != NULL) {
        hand_to_peer(lab, data, len);
        security_in_drop(lab->server);
        any = true;
    }
    while ((data = security_out_peek(lab->server, &len)) != NULL) {
        launch(lab, SIM_DOWN, data, len);
        security_out_drop(lab->server);
        any = true;
    }
    return any;
}

/* --- the modem's end -------------------------------------------------------------------------- */

static void hand_to_modem(struct lab *lab, const uint8_t *data, size_t len)
{
    const struct atc_event event = {
        .kind = ATC_EVENT_DATAGRAM, .peer = server_addr, .data = data, .len = len};

    if (fails(lab, LAB_RECEIVE))
        return;
    show(lab, LAB_AT_MODEM, data, len);
    atc_event(&lab->modem, &event, lab->now_ms);
}

static void close_client(struct lab *lab)
{
    security_free(lab->client);
    lab->client = NULL;
}

/* The handshake has ended, or the connection. */
static bool tell_state(struct lab *lab)
{
    const enum security_state state = security_state(lab->client);
    struct atc_event event = {.cause = state == SECURITY_OPEN ? ATC_OK : ATC_CAUSE_DTLS};

    if (state == SECURITY_HANDSHAKE || (state == SECURITY_OPEN && lab->opening == 0))
        return false;
    event.kind = lab->opening != 0 ? ATC_EVENT_DONE : ATC_EVENT_CLOSED;
    event.order = lab->opening;
    lab->opening = 0;
    if (state == SECURITY_CLOSED)
        close_client(lab);
    atc_event(&lab->modem, &event, lab->now_ms);
    return true;
}

static bool drain_client(struct lab *lab)
{
    bool any = false;
    size_t len = 0;
    const uint8_t *data;

    while (lab->client != NULL && (data = security_out_peek(lab->client, &len)) != NULL) {
        launch(lab, SIM_UP, data, len);
        security_out_drop(lab->client);
        any = true;
    }
    while (lab->client != NULL && lab->opening == 0 &&
           (data = security_in_peek(lab->client, &len)) != NULL) {
        hand_to_modem(lab, data, len);
        security_in_drop(lab->client);
        any = true;
    }
    return (lab->client != NULL && tell_state(lab)) || any;
}

static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    struct lab *lab = ctx;

    return !fails(lab, LAB_RANDOM) && sim_random_fill(&lab->random, buf, len);
}

/* A server of its own for each connection: what the last one left on the way reaches nobody. */
static void open_secure(struct lab *lab, const struct atc_order *order)
{
    const struct security_config config = {.peer = server_addr,
                                           .identity = order->dtls.identity,
                                           .identity_len = order->dtls.identity_len,
                                           .key = order->dtls.key,
                                           .key_len = order->dtls.key_len,
                                           .suite = SECURITY_PSK_AES_128_CCM_8,
                                           .version = SECURITY_DTLS_1_2,
                                           .handshake_max_ms = order->dtls.negotiate_s * 1000u,
                                           .random = fill_random,
                                           .ctx = lab};

    lab->service = (struct dtls_server_config){.keys = keys,
                                               .key_count = 1,
                                               .suites = suites,
                                               .cookies = true,
                                               .seed = lab->config.seed + lab->port};
    lab->server = dtls_server_open(&lab->service, lab->now_ms);
    lab->client = security_open(&security_dtls, &config, lab->now_ms);
    lab->opening = order->id;
    if (lab->server == NULL || lab->client == NULL)
        give_up(lab, "no memory for DTLS");
}

static enum atc_cause send_message(struct lab *lab, const struct atc_order *order)
{
    if (lab->port == 0)
        return ATC_CAUSE_SOCKET;
    if (fails(lab, LAB_SEND))
        return ATC_CAUSE_SEND;
    show(lab, LAB_LEFT, order->data, order->len);
    if (lab->client == NULL)
        launch(lab, SIM_UP, order->data, order->len);
    else if (!security_send(lab->client, order->data, order->len, lab->now_ms))
        return ATC_CAUSE_SEND;
    return ATC_OK;
}

static void close_socket(struct lab *lab)
{
    if (lab->client != NULL) {
        security_close(lab->client, lab->now_ms);
        close_client(lab);
    }
    lab->opening = 0;
    lab->port = 0;
}

static void carry_out_file(struct lab *lab, const struct atc_order *order, struct atc_event *event)
{
    if (fails(lab, LAB_FILE)) {
        event->kind = ATC_EVENT_FILE_DONE;
        event->cause = ATC_CAUSE_FILE_STORE;
        return;
    }
    sim_store_order(&lab->store, order, event);
}

/* An order that opens something fails. */
static bool does_not_open(struct lab *lab, const struct atc_order *order, struct atc_event *event)
{
    const bool opens = order->kind == ATC_ORDER_BIND || order->kind == ATC_ORDER_OPEN ||
                       order->kind == ATC_ORDER_RESOLVE;

    if (!opens || !fails(lab, LAB_OPEN))
        return false;
    event->cause = order->kind == ATC_ORDER_RESOLVE ? ATC_CAUSE_NAME : ATC_CAUSE_SOCKET;
    atc_event(&lab->modem, event, lab->now_ms);
    return true;
}

static void carry_out(struct lab *lab, const struct atc_order *order)
{
    struct atc_event event = {.kind = ATC_EVENT_DONE, .order = order->id};

    if (does_not_open(lab, order, &event))
        return;
    switch (order->kind) {
    case ATC_ORDER_BIND:
        lab->port = order->peer.port;
        break;
    case ATC_ORDER_OPEN:
        lab->port = lab->next_port++;
        security_free(lab->server);
        lab->server = NULL;
        if (order->security == ATC_SECURITY_DTLS_PSK) {
            open_secure(lab, order);
            return;
        }
        break;
    case ATC_ORDER_SEND:
        event.cause = send_message(lab, order);
        break;
    case ATC_ORDER_FILE:
        carry_out_file(lab, order, &event);
        break;
    case ATC_ORDER_CLOSE:
        close_socket(lab);
        return;
    case ATC_ORDER_UART:
        return;
    case ATC_ORDER_RESOLVE:
        event.kind = ATC_EVENT_RESOLVED;
        event.peer = server_addr;
        break;
    case ATC_ORDER_RADIO:
    case ATC_ORDER_PING:
        event.cause = ATC_CAUSE_UNSUPPORTED;
        break;
    }
    atc_event(&lab->modem, &event, lab->now_ms);
}

static bool drain_te(struct lab *lab)
{
    size_t len = 0;
    const uint8_t *data = atc_te_peek(&lab->modem, &len);

    if (len == 0)
        return false;
    if (len >= LAB_TEXT_MAX - lab->text_len)
        give_up(lab, "the TE got more than there is room for");
    memcpy(lab->text + lab->text_len, data, len);
    lab->text_len += len;
    lab->text[lab->text_len] = '\0';
    atc_te_drop(&lab->modem, len);
    return true;
}

static bool drain_orders(struct lab *lab)
{
    struct atc_order order;
    bool any = false;

    while (atc_order_next(&lab->modem, &order)) {
        carry_out(lab, &order);
        any = true;
    }
    return any;
}

static void settle(struct lab *lab)
{
    bool any = true;

    for (unsigned rounds = 0; any; rounds++) {
        any = drain_te(lab);
        any = drain_orders(lab) || any;
        any = drain_client(lab) || any;
        any = drain_peer(lab) || any;
        any = drain_server(lab) || any;
        if (rounds > 10000)
            give_up(lab, "it does not come to rest");
    }
}

/* --- time ------------------------------------------------------------------------------------- */

static uint64_t earlier(uint64_t a_ms, uint64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

static uint64_t deadline_ms(const struct lab *lab)
{
    uint64_t next_ms = atc_deadline_ms(&lab->modem);

    next_ms = earlier(next_ms, sim_flight_deadline_ms(&lab->flight));
    next_ms = earlier(next_ms, sim_peer_deadline_ms(&lab->peer));
    if (lab->client != NULL)
        next_ms = earlier(next_ms, security_deadline_ms(lab->client));
    if (lab->server != NULL)
        next_ms = earlier(next_ms, security_deadline_ms(lab->server));
    return next_ms;
}

static void deliver(struct lab *lab, const struct sim_datagram *d)
{
    const bool up = d->direction == SIM_UP;

    if ((up ? d->from.port : d->to.port) != lab->port)
        lab->strays++;
    else if (up && lab->server != NULL)
        security_feed(lab->server, d->data, d->len, lab->now_ms);
    else if (up)
        hand_to_peer(lab, d->data, d->len);
    else if (lab->client != NULL)
        security_feed(lab->client, d->data, d->len, lab->now_ms);
    else if (lab->server == NULL)
        hand_to_modem(lab, d->data, d->len);
}

bool lab_step(struct lab *lab, uint64_t until_ms)
{
    const uint64_t next_ms = deadline_ms(lab);
    const struct sim_datagram *d;

    if (next_ms > until_ms) {
        lab->now_ms = until_ms > lab->now_ms ? until_ms : lab->now_ms;
        return false;
    }
    lab->now_ms = next_ms > lab->now_ms ? next_ms : lab->now_ms;
    if (atc_deadline_ms(&lab->modem) <= lab->now_ms && fails(lab, LAB_TIMER))
        lab->now_ms += HOUR_MS;
    atc_tick(&lab->modem, lab->now_ms);
    sim_peer_tick(&lab->peer, lab->now_ms);
    if (lab->client != NULL)
        security_tick(lab->client, lab->now_ms);
    if (lab->server != NULL)
        security_tick(lab->server, lab->now_ms);
    settle(lab);
    d = sim_carry_take(&lab->carrier, lab->now_ms);
    if (d != NULL) {
        deliver(lab, d);
        settle(lab);
    }
    return true;
}

void lab_run(struct lab *lab, uint64_t until_ms)
{
    while (lab_step(lab, until_ms))
        continue;
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void watch(void *ctx, const struct atc_trace *record)
{
    struct lab *lab = ctx;

    lab->finals += record->kind == ATC_TRACE_COMMAND;
}

void lab_open(struct lab *lab, const struct lab_config *config)
{
    struct atc_config modem = {
        .dialect = config->dialect, .random = fill_random, .trace = watch, .ctx = lab};

    memset(lab, 0, offsetof(struct lab, text));
    lab->text[0] = '\0';
    lab->config = *config;
    lab->now_ms = config->now_ms;
    lab->next_port = 49152;
    sim_random_seed(&lab->random, config->seed, 0);
    sim_link_init(&lab->link, config->seed, 1);
    sim_peer_init(&lab->peer, &server_addr, config->peer, config->seed, config->now_ms);
    sim_flight_init(&lab->flight, lab->slots, lab->cells, LAB_FLIGHT_MAX);
    lab->carrier = (struct sim_carrier){.flight = &lab->flight, .link = link_of, .ctx = lab};
    sim_store_init(&lab->store, SIM_STORE_BYTES);
    if (config->secure &&
        !sim_store_put(&lab->store, "0_server.psk", (const uint8_t *)key_file, strlen(key_file)))
        give_up(lab, "no room for the key");
    atc_settings_default(&modem.settings);
    if (config->settings != NULL)
        modem.settings = *config->settings;
    modem.settings.echo = ATC_OFF;
    modem.keep = config->keep;
    if (atc_init(&lab->modem, &modem, lab->now_ms) != 0)
        give_up(lab, "atc_init() failed");
    settle(lab);
    lab->text_len = 0;
}

void lab_close(struct lab *lab)
{
    security_free(lab->client);
    security_free(lab->server);
    lab->client = lab->server = NULL;
}

const char *lab_type(struct lab *lab, const char *text)
{
    const size_t before = lab->text_len, len = strlen(text);
    size_t done = 0;

    for (size_t n = 1; n > 0 && done < len; done += n) {
        n = atc_te_write(&lab->modem, (const uint8_t *)text + done, len - done, lab->now_ms);
        settle(lab);
    }
    if (done < len)
        give_up(lab, "the modem does not take what is typed");
    return lab->text + before;
}

void lab_link(struct lab *lab, const char *text)
{
    struct sim_link_config config = {0};
    char error[SIM_LINK_ERROR_MAX];

    if (!sim_link_parse(&config, text, strlen(text), error))
        give_up(lab, error);
    sim_link_config(&lab->link, &config, lab->now_ms);
}
