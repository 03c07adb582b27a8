/* SPDX-License-Identifier: MIT */
#include "serve_secure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mbedtls/platform_util.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cookie.h>

#include "addr.h"
#include "dtls_compat.h"
#include "script_text.h"

enum {
    MESSAGE_MAX = 16384, /* bytes of a record */
    FIRST_TIMEOUT_MS = 1000,
    LAST_TIMEOUT_MS = 60000,
    REASON_MAX = 128
};

struct client {
    struct serve_secure *owner;
    bool used;
    bool open; /* the handshake is over */
    struct atc_addr addr;
    uint64_t heard_ms;
    mbedtls_ssl_context ssl;
    bool timer_on;
    uint64_t intermediate_ms, final_ms; /* moments, if timer_on */
};

struct serve_secure {
    struct serve_secure_hooks hooks;
    mbedtls_ssl_config conf;
    mbedtls_ssl_cookie_ctx cookie;
    int suites[3]; /* 0 behind the last; the library keeps the pointer */
    uint64_t now_ms;
    const uint8_t *datagram; /* not yet read, or NULL */
    size_t datagram_len;
    struct client clients[SERVE_CLIENT_MAX];
    uint8_t message[MESSAGE_MAX];
};

/* --- the key ------------------------------------------------------------------------------------ */

const char *serve_key_read(struct serve_key *key, const char *text)
{
    const char *colon = strchr(text, ':');
    const char *secret = colon != NULL ? colon + 1 : "";
    struct script_buf bytes = {NULL, 0, 0};
    const char *fault = NULL;

    if (script_unhex(script_span_of(secret), &bytes) != NULL) {
        bytes.len = 0;
        script_buf_text(&bytes, secret);
    }
    if (colon == NULL || colon == text || bytes.len == 0)
        fault = "give ID:KEY, as in --psk=device1:secret";
    else if ((size_t)(colon - text) > sizeof key->identity)
        fault = "the identity has at most 128 bytes";
    else if (bytes.len > sizeof key->key)
        fault = "the key has at most 64 bytes";
    if (fault == NULL) {
        key->identity_len = (size_t)(colon - text);
        memcpy(key->identity, text, key->identity_len);
        key->key_len = bytes.len;
        memcpy(key->key, bytes.data, bytes.len);
    }
    if (bytes.data != NULL)
        mbedtls_platform_zeroize(bytes.data, bytes.size);
    script_buf_free(&bytes);
    return fault;
}

/* --- what the library calls --------------------------------------------------------------------- */

static int on_random(void *ctx, unsigned char *buf, size_t len)
{
    const struct serve_secure *s = ctx;

    return s->hooks.random(s->hooks.ctx, buf, len) ? 0 : MBEDTLS_ERR_SSL_HW_ACCEL_FAILED;
}

static void on_set_timer(void *ctx, uint32_t intermediate_ms, uint32_t final_ms)
{
    struct client *c = ctx;

    c->timer_on = final_ms != 0;
    c->intermediate_ms = c->owner->now_ms + intermediate_ms;
    c->final_ms = c->owner->now_ms + final_ms;
}

/* -1 off, 0 neither moment has come, 1 the first, 2 both. */
static int on_get_timer(void *ctx)
{
    const struct client *c = ctx;

    if (!c->timer_on)
        return -1;
    if (c->owner->now_ms >= c->final_ms)
        return 2;
    return c->owner->now_ms >= c->intermediate_ms ? 1 : 0;
}

static int on_write(void *ctx, const unsigned char *data, size_t len)
{
    const struct client *c = ctx;

    c->owner->hooks.send(c->owner->hooks.ctx, &c->addr, data, len);
    return (int)len;
}

static int on_read(void *ctx, unsigned char *buf, size_t len)
{
    struct serve_secure *s = ((struct client *)ctx)->owner;
    const uint8_t *datagram = s->datagram;

    s->datagram = NULL;
    if (datagram == NULL || s->datagram_len > len)
        return MBEDTLS_ERR_SSL_WANT_READ;
    memcpy(buf, datagram, s->datagram_len);
    return (int)s->datagram_len;
}

/* --- clients ------------------------------------------------------------------------------------ */

static void release(struct client *c)
{
    if (!c->used)
        return;
    mbedtls_ssl_free(&c->ssl);
    memset(c, 0, sizeof *c);
}

static struct client *find(struct serve_secure *s, const struct atc_addr *addr)
{
    for (size_t i = 0; i < SERVE_CLIENT_MAX; i++) {
        if (s->clients[i].used && addr_same(&s->clients[i].addr, addr))
            return &s->clients[i];
    }
    return NULL;
}

/* Bind the cookie to the address, which must be done anew after each reset. */
static int name_client(struct client *c)
{
    char text[ADDR_TEXT_MAX];

    addr_text(text, &c->addr);
    return mbedtls_ssl_set_client_transport_id(&c->ssl, (const unsigned char *)text, strlen(text));
}

static struct client *add(struct serve_secure *s, const struct atc_addr *addr)
{
    struct client *c = &s->clients[0];

    for (size_t i = 0; i < SERVE_CLIENT_MAX && c->used; i++) {
        if (!s->clients[i].used || s->clients[i].heard_ms < c->heard_ms)
            c = &s->clients[i];
    }
    release(c);
    c->owner = s;
    c->used = true;
    c->addr = *addr;
    mbedtls_ssl_init(&c->ssl);
    if (mbedtls_ssl_setup(&c->ssl, &s->conf) != 0 || name_client(c) != 0) {
        release(c);
        return NULL;
    }
    mbedtls_ssl_set_bio(&c->ssl, c, on_write, on_read, NULL);
    mbedtls_ssl_set_timer_cb(&c->ssl, c, on_set_timer, on_get_timer);
    return c;
}

static int step(struct client *c)
{
    struct serve_secure *s = c->owner;
    int ret;

    if (!c->open) {
        ret = mbedtls_ssl_handshake(&c->ssl);
        c->open = ret == 0;
        if (c->open)
            s->hooks.tell(s->hooks.ctx, &c->addr, "connected");
        return ret;
    }
    ret = mbedtls_ssl_read(&c->ssl, s->message, sizeof s->message);
    if (ret > 0)
        s->hooks.hear(s->hooks.ctx, &c->addr, s->message, (size_t)ret);
    return ret > 0 ? 0 : ret;
}

/* Why a client is gone, for people. */
static void put_reason(char *out, size_t size, const struct client *c, int error)
{
    switch (error) {
    case MBEDTLS_ERR_SSL_INVALID_MAC:
        (void)snprintf(out, size, "refused: it has another key");
        return;
    case MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY:
        (void)snprintf(out, size, "refused: it has another identity");
        return;
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        (void)snprintf(out, size, "gone, with alert %u", dtls_alert_of(&c->ssl));
        return;
    case MBEDTLS_ERR_SSL_TIMEOUT:
        (void)snprintf(out, size, "gone: it fell silent in the handshake");
        return;
    default:
        (void)snprintf(out, size, "refused, with Mbed TLS error -0x%04X", (unsigned)-error);
    }
}

/* Whoever has not shown yet that the address is right, or is gone, leaves nothing behind. */
static void end(struct client *c, int error)
{
    const struct serve_secure *s = c->owner;
    char reason[REASON_MAX];

    if (error == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
        (void)mbedtls_ssl_close_notify(&c->ssl);
        s->hooks.tell(s->hooks.ctx, &c->addr, "closed");
    } else if (error != MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) {
        put_reason(reason, sizeof reason, c, error);
        s->hooks.tell(s->hooks.ctx, &c->addr, reason);
    }
    release(c);
}

static void advance(struct client *c)
{
    int ret = 0;

    while (ret == 0) {
        ret = step(c);
        if (ret == MBEDTLS_ERR_SSL_CLIENT_RECONNECT) { /* it has lost what was agreed on */
            c->open = false;
            ret = 0;
        }
    }
    if (ret != MBEDTLS_ERR_SSL_WANT_READ)
        end(c, ret);
}

/* Only what may begin a handshake makes a client. */
static bool is_handshake(const uint8_t *data, size_t len)
{
    return len > 13 && data[0] == MBEDTLS_SSL_MSG_HANDSHAKE;
}

void serve_secure_feed(struct serve_secure *s, const struct atc_addr *from, const uint8_t *data,
                       size_t len, uint64_t now_ms)
{
    struct client *c = find(s, from);

    s->now_ms = now_ms;
    if (c == NULL && is_handshake(data, len))
        c = add(s, from);
    if (c == NULL)
        return;
    c->heard_ms = now_ms;
    s->datagram = data;
    s->datagram_len = len;
    advance(c);
    s->datagram = NULL;
}

void serve_secure_send(struct serve_secure *s, const struct atc_addr *to, const uint8_t *data,
                       size_t len)
{
    struct client *c = find(s, to);

    if (c != NULL && c->open)
        (void)mbedtls_ssl_write(&c->ssl, data, len);
}

void serve_secure_tick(struct serve_secure *s, uint64_t now_ms)
{
    s->now_ms = now_ms;
    for (size_t i = 0; i < SERVE_CLIENT_MAX; i++) {
        struct client *c = &s->clients[i];

        if (c->used && c->timer_on && c->final_ms <= now_ms)
            advance(c);
    }
}

uint64_t serve_secure_deadline_ms(const struct serve_secure *s)
{
    uint64_t first_ms = ATC_NEVER;

    for (size_t i = 0; i < SERVE_CLIENT_MAX; i++) {
        const struct client *c = &s->clients[i];

        if (c->used && c->timer_on && c->final_ms < first_ms)
            first_ms = c->final_ms;
    }
    return first_ms;
}

/* --- start and end ------------------------------------------------------------------------------ */

static int configure(struct serve_secure *s, const struct serve_key *key)
{
    mbedtls_ssl_config *conf = &s->conf;
    int ret = mbedtls_ssl_config_defaults(
        conf, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT);

    s->suites[0] = 0xC0A8; /* TLS_PSK_WITH_AES_128_CCM_8, RFC 7252 9.1.3.1 */
    s->suites[1] = 0x00AE; /* TLS_PSK_WITH_AES_128_CBC_SHA256 */
    dtls_only_1_2(conf);
    mbedtls_ssl_conf_ciphersuites(conf, s->suites);
    mbedtls_ssl_conf_rng(conf, on_random, s);
    mbedtls_ssl_conf_handshake_timeout(conf, FIRST_TIMEOUT_MS, LAST_TIMEOUT_MS);
    ret = ret != 0 ? ret : mbedtls_ssl_cookie_setup(&s->cookie, on_random, s);
    mbedtls_ssl_conf_dtls_cookies(conf, mbedtls_ssl_cookie_write, mbedtls_ssl_cookie_check,
                                  &s->cookie);
    return ret != 0 ? ret
                    : mbedtls_ssl_conf_psk(conf, key->key, key->key_len, key->identity,
                                           key->identity_len);
}

struct serve_secure *serve_secure_open(const struct serve_key *key,
                                       const struct serve_secure_hooks *hooks)
{
    struct serve_secure *s = calloc(1, sizeof *s);

    if (s == NULL)
        return NULL;
    s->hooks = *hooks;
    mbedtls_ssl_config_init(&s->conf);
    mbedtls_ssl_cookie_init(&s->cookie);
    if (dtls_start_library() == 0 && configure(s, key) == 0)
        return s;
    serve_secure_close(s);
    return NULL;
}

void serve_secure_close(struct serve_secure *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < SERVE_CLIENT_MAX; i++) {
        if (s->clients[i].open)
            (void)mbedtls_ssl_close_notify(&s->clients[i].ssl);
        release(&s->clients[i]);
    }
    mbedtls_ssl_config_free(&s->conf);
    mbedtls_ssl_cookie_free(&s->cookie);
    mbedtls_platform_zeroize(s, sizeof *s);
    free(s);
}
