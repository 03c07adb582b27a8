/* SPDX-License-Identifier: MIT
 *
 * DTLS 1.2 with pre-shared keys behind security.h, on Mbed TLS 2.28 or 3.x. The library reads from
 * the one datagram that is being fed and writes into the queue; its timer is two moments that are
 * compared with the connection's own clock.
 *
 * Invariant: ssl and conf are alive until end(), which comes the moment the connection closes, and
 * no key, secret or message is in this memory behind it.
 */
#include <stdio.h>
#include <string.h>

#include <mbedtls/entropy.h>
#include <mbedtls/md.h>
#include <mbedtls/ssl_ciphersuites.h>

#include "dtls_compat.h"
#include "dtls_record.h"
#include "dtls_text.h"
#include "security_library.h"

enum {
    FIRST_TIMEOUT_MS = 1000,        /* RFC 6347 4.2.4.1; doubled each time */
    LAST_TIMEOUT_MS = INT32_MAX,    /* the handshake's own limit comes long before */
    HANDSHAKE_MTU = 1200,           /* bytes of our handshake messages, which a ticket or a name can
                                       make long; less than any IPv6 path carries */
    NAME_MAX_LEN = 255,             /* D-63 */
    KEY_LOG_LINE = 14 + 64 + 1 + 96 /* "CLIENT_RANDOM ", two numbers in hex */
};

struct dtls {
    struct security base;
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config conf;
    int suites[3]; /* 0 behind the last; the library keeps the pointer */
    struct security_ticket *ticket;
    uint8_t binding[32];     /* what this connection's ticket is bound to */
    bool ticket_offered;     /* and not yet taken */
    bool key_sent;           /* our ClientKeyExchange left: it is a full handshake */
    const uint8_t *datagram; /* not yet read, or NULL */
    size_t datagram_len;
    bool timer_on;
    uint64_t intermediate_ms, final_ms; /* moments, if timer_on */
    uint32_t timeout_ms;                /* how long the timer was set for */
    bool (*random)(void *ctx, uint8_t *buf, size_t len);
    void (*keylog)(void *ctx, const char *line);
    void *ctx;
    struct dtls_secret_sink secrets;
    uint8_t message[SECURITY_MESSAGE_MAX + 1]; /* one more, so that too long shows */
};

/* --- what the library calls ------------------------------------------------------------------- */

static int on_random(void *ctx, unsigned char *buf, size_t len)
{
    struct dtls *d = ctx;

    return d->random(d->ctx, buf, len) ? 0 : MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
}

static void on_set_timer(void *ctx, uint32_t intermediate_ms, uint32_t final_ms)
{
    struct dtls *d = ctx;

    d->timer_on = final_ms != 0;
    d->timeout_ms = final_ms;
    d->intermediate_ms = d->base.now_ms + intermediate_ms;
    d->final_ms = d->base.now_ms + final_ms;
    d->base.deadline_ms = d->timer_on ? d->final_ms : ATC_NEVER;
}

/* -1 off, 0 neither moment has come, 1 the first, 2 both. */
static int on_get_timer(void *ctx)
{
    const struct dtls *d = ctx;

    if (!d->timer_on)
        return -1;
    if (d->base.now_ms >= d->final_ms)
        return 2;
    return d->base.now_ms >= d->intermediate_ms ? 1 : 0;
}

/* A datagram without room is lost, and the library need not know: that is what UDP would do. */
static int on_write(void *ctx, const unsigned char *data, size_t len)
{
    struct dtls *d = ctx;

    if (dtls_records_look(data, len).key_exchange) {
        d->key_sent = true;
        security_progress(&d->base, "the server does not finish the handshake: is the key right?");
    }
    (void)security_put_out(&d->base, data, len);
    return (int)len;
}

static int on_read(void *ctx, unsigned char *buf, size_t len)
{
    struct dtls *d = ctx;
    const uint8_t *datagram = d->datagram;

    d->datagram = NULL;
    if (datagram == NULL)
        return MBEDTLS_ERR_SSL_WANT_READ;
    if (d->datagram_len > len) {
        d->base.counts.oversize++;
        return MBEDTLS_ERR_SSL_WANT_READ;
    }
    memcpy(buf, datagram, d->datagram_len);
    return (int)d->datagram_len;
}

static char *put_hex(char *at, const unsigned char *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        *at++ = digits[data[i] >> 4];
        *at++ = digits[data[i] & 15];
    }
    return at;
}

static void on_secret(void *ctx, const unsigned char master[48],
                      const unsigned char client_random[32])
{
    static const char label[] = "CLIENT_RANDOM ";
    struct dtls *d = ctx;
    char line[KEY_LOG_LINE + 1];
    char *at = line + sizeof label - 1;

    memcpy(line, label, sizeof label);
    at = put_hex(at, client_random, 32);
    *at++ = ' ';
    at = put_hex(at, master, 48);
    *at = '\0';
    d->keylog(d->ctx, line);
    security_wipe(line, sizeof line);
}

/* --- tickets ---------------------------------------------------------------------------------- */

static int hash_part(mbedtls_md_context_t *md, const void *data, size_t len)
{
    const uint8_t prefix[2] = {(uint8_t)(len >> 8), (uint8_t)len};
    const int ret = mbedtls_md_update(md, prefix, sizeof prefix);

    return ret != 0 || len == 0 ? ret : mbedtls_md_update(md, data, len);
}

static int hash_config(mbedtls_md_context_t *md, const struct security_config *config)
{
    const struct atc_addr *peer = &config->peer;
    const uint8_t numbers[] = {(uint8_t)(peer->port >> 8), (uint8_t)peer->port, peer->family,
                               (uint8_t)(config->suite >> 8), (uint8_t)config->suite};
    int ret = mbedtls_md_starts(md);

    ret = ret != 0 ? ret : hash_part(md, numbers, sizeof numbers);
    ret = ret != 0 ? ret : hash_part(md, peer->ip, sizeof peer->ip);
    ret = ret != 0 ? ret : hash_part(md, config->name, config->name_len);
    ret = ret != 0 ? ret : hash_part(md, config->identity, config->identity_len);
    return ret != 0 ? ret : hash_part(md, config->key, config->key_len);
}

/* Bind a ticket to all that made it: else a client that was given another key would still get in
 * with what the old one had agreed on. */
static int bind_ticket(struct dtls *d, const struct security_config *config)
{
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    mbedtls_md_context_t md;
    int ret = 0;

    mbedtls_md_init(&md);
    ret = mbedtls_md_setup(&md, sha256, 0);
    ret = ret != 0 ? ret : hash_config(&md, config);
    ret = ret != 0 ? ret : mbedtls_md_finish(&md, d->binding);
    mbedtls_md_free(&md);
    return ret;
}

/* A ticket that does not fit, or is not of this library, costs a full handshake and is no error. */
static void offer_ticket(struct dtls *d)
{
    struct security_ticket *ticket = d->ticket;
    mbedtls_ssl_session session;

    if (ticket == NULL || ticket->len == 0 ||
        memcmp(ticket->binding, d->binding, sizeof d->binding) != 0)
        return;
    mbedtls_ssl_session_init(&session);
    d->ticket_offered = mbedtls_ssl_session_load(&session, ticket->bytes, ticket->len) == 0 &&
                        mbedtls_ssl_set_session(&d->ssl, &session) == 0;
    mbedtls_ssl_session_free(&session);
}

static void keep_ticket(struct dtls *d)
{
    struct security_ticket *ticket = d->ticket;
    mbedtls_ssl_session session;
    size_t len = 0;

    if (ticket == NULL)
        return;
    security_ticket_wipe(ticket);
    mbedtls_ssl_session_init(&session);
    if (mbedtls_ssl_get_session(&d->ssl, &session) == 0 &&
        mbedtls_ssl_session_save(&session, ticket->bytes, sizeof ticket->bytes, &len) == 0) {
        ticket->len = (uint16_t)len;
        memcpy(ticket->binding, d->binding, sizeof d->binding);
    }
    mbedtls_ssl_session_free(&session);
}

/* --- the connection --------------------------------------------------------------------------- */

/* A session whose connection failed is not to be resumed. Source: RFC 5246 7.2.2. */
static void fail(struct dtls *d, int error)
{
    char reason[SECURITY_REASON_MAX];

    if (error == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        (void)mbedtls_ssl_close_notify(&d->ssl);
    else if (d->ticket != NULL)
        security_ticket_wipe(d->ticket);
    if (error == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY && d->base.state == SECURITY_HANDSHAKE)
        (void)snprintf(reason, sizeof reason, "the server ended the handshake%s",
                       d->key_sent ? ": is the key right?" : "");
    else
        dtls_text_error(reason, sizeof reason, error, dtls_alert_of(&d->ssl));
    security_fail(&d->base, reason);
}

/* One step of the handshake. Returns 0 if there may be more to read. */
static int step_handshake(struct dtls *d)
{
    const int ret = mbedtls_ssl_handshake(&d->ssl);

    if (ret != 0)
        return ret;
    d->base.resumed = d->ticket_offered && !d->key_sent;
    d->ticket_offered = false;
    keep_ticket(d);
    dtls_forget_key(&d->conf);
    mbedtls_ssl_set_mtu(&d->ssl, 0); /* the size of a message is the core's business */
    security_opened(&d->base);
    return 0;
}

/* Take one message, if there is one, from what has been fed. Returns 0 if there may be more. */
static int step_open(struct dtls *d)
{
    int ret = mbedtls_ssl_read(&d->ssl, d->message, sizeof d->message);
    size_t used = 0; /* bytes of the buffer that held something */

    if (ret <= 0)
        return ret != 0 ? ret : MBEDTLS_ERR_SSL_WANT_READ;
    if ((size_t)ret <= SECURITY_MESSAGE_MAX)
        (void)security_put_in(&d->base, d->message, (size_t)ret);
    else
        d->base.counts.oversize++;
    while (ret > 0) {
        used = (size_t)ret > used ? (size_t)ret : used;
        ret = mbedtls_ssl_get_bytes_avail(&d->ssl) == 0
                  ? 0
                  : mbedtls_ssl_read(&d->ssl, d->message, sizeof d->message);
    }
    security_wipe(d->message, used);
    return 0;
}

static void advance(struct dtls *d)
{
    int ret = 0;

    while (ret == 0)
        ret = d->base.state == SECURITY_HANDSHAKE ? step_handshake(d) : step_open(d);
    if (ret != MBEDTLS_ERR_SSL_WANT_READ)
        fail(d, ret);
}

/* What to say if nothing more comes. */
static void note_progress(struct dtls *d, bool is_dtls)
{
    const struct security_counts *counts = &d->base.counts;

    if (d->base.state != SECURITY_HANDSHAKE || d->key_sent)
        return;
    if (is_dtls)
        security_progress(&d->base, "the server began the handshake and fell silent");
    else if (counts->rejected == counts->received)
        security_progress(&d->base, "what answers there is no DTLS");
}

static void feed(struct security *base, const uint8_t *datagram, size_t len)
{
    struct dtls *d = (struct dtls *)base;
    struct security_counts *counts = &base->counts;
    const struct dtls_records seen = dtls_records_look(datagram, len);
    const uint32_t used = counts->delivered + counts->oversize + counts->overflow;
    const bool was_open = base->state == SECURITY_OPEN;
    const uint32_t expected = was_open ? seen.count : seen.application;
    uint32_t taken = 0;

    /* The library takes a few bytes behind the last whole record for a mistake of its own and
     * closes; anybody who can forge an address could send them. */
    if (seen.whole == 0) {
        counts->rejected++;
        note_progress(d, false);
        return;
    }
    note_progress(d, true);
    d->datagram = datagram;
    d->datagram_len = seen.whole;
    advance(d);
    d->datagram = NULL;
    taken = counts->delivered + counts->oversize + counts->overflow - used;
    if (base->state == SECURITY_HANDSHAKE)
        counts->early += seen.application;
    else if (base->state == SECURITY_OPEN && expected > taken)
        counts->rejected += expected - taken;
}

/* Overflow of the queue shows in its count alone, see on_write(). */
static bool send_message(struct security *base, const uint8_t *data, size_t len)
{
    struct dtls *d = (struct dtls *)base;
    const uint32_t lost = base->counts.overflow;
    const int ret = mbedtls_ssl_write(&d->ssl, data, len);

    return ret == (int)len && base->counts.overflow == lost;
}

/* The handshake's timer has run out: the library sends its flight again. From the second time on it
 * would also shrink its datagrams to 508 bytes, and after a resumed handshake keep to that for
 * messages, until the first one has come from the server; a longer one would not leave. It does so
 * when its time-out is no longer the first, so it is told that it is. */
static void expire(struct security *base)
{
    struct dtls *d = (struct dtls *)base;

    base->counts.repeated++;
    mbedtls_ssl_conf_handshake_timeout(&d->conf, d->timeout_ms, LAST_TIMEOUT_MS);
    advance(d);
    mbedtls_ssl_conf_handshake_timeout(&d->conf, FIRST_TIMEOUT_MS, LAST_TIMEOUT_MS);
}

static void say_goodbye(struct security *base)
{
    struct dtls *d = (struct dtls *)base;

    (void)mbedtls_ssl_close_notify(&d->ssl);
}

/* A ticket that led to no connection is not tried again. */
static void end(struct security *base)
{
    struct dtls *d = (struct dtls *)base;

    if (d->ticket_offered)
        security_ticket_wipe(d->ticket);
    mbedtls_ssl_free(&d->ssl);
    mbedtls_ssl_config_free(&d->conf);
    security_wipe(d->binding, sizeof d->binding);
    security_wipe(d->message, sizeof d->message);
}

/* --- starting --------------------------------------------------------------------------------- */

/* Why this configuration cannot work, or NULL. */
static const char *find_fault(const struct security_config *config)
{
    const bool known = config->suite == SECURITY_SUITE_ALL ||
                       config->suite == SECURITY_PSK_AES_128_CCM_8 ||
                       config->suite == SECURITY_PSK_AES_128_CBC_SHA256;

    if (config->version == SECURITY_DTLS_1_0)
        return "DTLS 1.0 alone was asked for, which is not spoken here";
    if (!known)
        return "that cipher suite is none with a pre-shared key known here";
    if (config->identity_len == 0 || config->key_len == 0)
        return "no identity or no key";
    return config->name_len > NAME_MAX_LEN ? "the server's name is too long" : NULL;
}

static void choose_suites(struct dtls *d, uint16_t suite)
{
    const bool all = suite == SECURITY_SUITE_ALL;

    d->suites[0] = all ? SECURITY_PSK_AES_128_CCM_8 : suite;
    d->suites[1] = all ? SECURITY_PSK_AES_128_CBC_SHA256 : 0;
    mbedtls_ssl_conf_ciphersuites(&d->conf, d->suites);
}

static int configure(struct dtls *d, const struct security_config *config)
{
    int ret = mbedtls_ssl_config_defaults(&d->conf, MBEDTLS_SSL_IS_CLIENT,
                                          MBEDTLS_SSL_TRANSPORT_DATAGRAM,
                                          MBEDTLS_SSL_PRESET_DEFAULT);

    if (ret != 0)
        return ret;
    dtls_only_1_2(&d->conf);
    choose_suites(d, config->suite);
    mbedtls_ssl_conf_rng(&d->conf, on_random, d);
    mbedtls_ssl_conf_dtls_anti_replay(&d->conf, MBEDTLS_SSL_ANTI_REPLAY_ENABLED);
    mbedtls_ssl_conf_handshake_timeout(&d->conf, FIRST_TIMEOUT_MS, LAST_TIMEOUT_MS);
    mbedtls_ssl_conf_session_tickets(&d->conf, d->ticket != NULL
                                                   ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED
                                                   : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
    return mbedtls_ssl_conf_psk(&d->conf, config->key, config->key_len, config->identity,
                                config->identity_len);
}

static int name_server(struct dtls *d, const struct security_config *config)
{
    char name[NAME_MAX_LEN + 1] = {0};

    if (config->name_len == 0)
        return 0;
    memcpy(name, config->name, config->name_len);
    return mbedtls_ssl_set_hostname(&d->ssl, name);
}

static int start(struct dtls *d, const struct security_config *config)
{
    int ret = dtls_start_library();

    ret = ret != 0 ? ret : configure(d, config);
    ret = ret != 0 ? ret : mbedtls_ssl_setup(&d->ssl, &d->conf);
    ret = ret != 0 ? ret : name_server(d, config);
    ret = ret != 0 ? ret : bind_ticket(d, config);
    if (ret != 0)
        return ret;
    if (d->keylog != NULL)
        dtls_export_secrets(&d->ssl, &d->conf, &d->secrets);
    mbedtls_ssl_set_bio(&d->ssl, d, on_write, on_read, NULL);
    mbedtls_ssl_set_timer_cb(&d->ssl, d, on_set_timer, on_get_timer);
    mbedtls_ssl_set_mtu(&d->ssl, HANDSHAKE_MTU);
    offer_ticket(d);
    return 0;
}

static void open_connection(struct security *base, const struct security_config *config)
{
    struct dtls *d = (struct dtls *)base;
    const char *fault = find_fault(config);
    char reason[SECURITY_REASON_MAX];
    int ret = 0;

    mbedtls_ssl_init(&d->ssl);
    mbedtls_ssl_config_init(&d->conf);
    d->ticket = config->ticket;
    d->random = config->random;
    d->keylog = config->keylog;
    d->ctx = config->ctx;
    d->secrets.call = on_secret;
    d->secrets.ctx = d;
    if (fault != NULL) {
        security_fail(base, fault);
        return;
    }
    if (config->key_len > MBEDTLS_PSK_MAX_LEN) {
        (void)snprintf(reason, sizeof reason, "this Mbed TLS takes keys of up to %d bytes",
                       MBEDTLS_PSK_MAX_LEN);
        security_fail(base, reason);
        return;
    }
    ret = start(d, config);
    if (ret == 0) {
        advance(d);
        return;
    }
    dtls_text_error(reason, sizeof reason, ret, 0);
    security_fail(base, reason);
}

const struct security_library security_dtls = {
    .name = "Mbed TLS " MBEDTLS_VERSION_STRING,
    .size = sizeof(struct dtls),
    .open = open_connection,
    .feed = feed,
    .send = send_message,
    .expire = expire,
    .close = say_goodbye,
    .end = end,
};
