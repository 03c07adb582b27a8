/* SPDX-License-Identifier: MIT */
#include "dtls_server.h"

#include <stdlib.h>
#include <string.h>

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_ciphersuites.h>
#include <mbedtls/ssl_cookie.h>

#include "dtls_compat.h"
#include "rng.h"
#include "security_library.h"

struct server {
    struct security base;
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config conf;
    mbedtls_ssl_cookie_ctx cookie;
    mbedtls_ssl_cache_context cache;
    const struct dtls_server_key *keys;
    size_t key_count;
    struct rng rng;
    const uint8_t *datagram;
    size_t datagram_len;
    bool timer_on;
    uint64_t intermediate_ms, final_ms;
    char name[256];
};

static int on_random(void *ctx, unsigned char *buf, size_t len)
{
    struct server *v = ctx;

    for (size_t i = 0; i < len; i++)
        buf[i] = (unsigned char)rng_next(&v->rng);
    return 0;
}

static void on_set_timer(void *ctx, uint32_t intermediate_ms, uint32_t final_ms)
{
    struct server *v = ctx;

    v->timer_on = final_ms != 0;
    v->intermediate_ms = v->base.now_ms + intermediate_ms;
    v->final_ms = v->base.now_ms + final_ms;
    v->base.deadline_ms = v->timer_on ? v->final_ms : ATC_NEVER;
}

static int on_get_timer(void *ctx)
{
    const struct server *v = ctx;

    if (!v->timer_on)
        return -1;
    if (v->base.now_ms >= v->final_ms)
        return 2;
    return v->base.now_ms >= v->intermediate_ms ? 1 : 0;
}

static int on_write(void *ctx, const unsigned char *data, size_t len)
{
    struct server *v = ctx;

    (void)security_put_out(&v->base, data, len);
    return (int)len;
}

static int on_read(void *ctx, unsigned char *buf, size_t len)
{
    struct server *v = ctx;

    if (v->datagram == NULL || v->datagram_len > len)
        return MBEDTLS_ERR_SSL_WANT_READ;
    memcpy(buf, v->datagram, v->datagram_len);
    v->datagram = NULL;
    return (int)v->datagram_len;
}

static int on_identity(void *ctx, mbedtls_ssl_context *ssl, const unsigned char *identity,
                       size_t len)
{
    const struct server *v = ctx;

    for (size_t i = 0; i < v->key_count; i++) {
        const struct dtls_server_key *row = &v->keys[i];

        if (strlen(row->identity) == len && memcmp(row->identity, identity, len) == 0)
            return mbedtls_ssl_set_hs_psk(ssl, row->key, row->key_len);
    }
    return MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY;
}

static int on_name(void *ctx, mbedtls_ssl_context *ssl, const unsigned char *name, size_t len)
{
    struct server *v = ctx;

    (void)ssl;
    if (len >= sizeof v->name)
        return -1;
    memcpy(v->name, name, len);
    v->name[len] = '\0';
    return 0;
}

/* Forget the client and wait for the next. Its address is always the same one. */
static void listen_again(struct server *v)
{
    static const unsigned char client[] = "the client";

    (void)mbedtls_ssl_session_reset(&v->ssl);
    (void)mbedtls_ssl_set_client_transport_id(&v->ssl, client, sizeof client);
    v->base.state = SECURITY_HANDSHAKE;
    v->timer_on = false;
    v->base.deadline_ms = ATC_NEVER;
}

static int step_open(struct server *v)
{
    uint8_t message[SECURITY_MESSAGE_MAX];
    const int ret = mbedtls_ssl_read(&v->ssl, message, sizeof message);

    if (ret > 0)
        (void)security_put_in(&v->base, message, (size_t)ret);
    security_wipe(message, sizeof message);
    return ret > 0 ? 0 : ret;
}

static int step(struct server *v)
{
    int ret = 0;

    if (v->base.state == SECURITY_OPEN)
        return step_open(v);
    ret = mbedtls_ssl_handshake(&v->ssl);
    if (ret == 0)
        security_opened(&v->base);
    return ret;
}

static void advance(struct server *v)
{
    int ret = 0;

    while (ret == 0) {
        ret = step(v);
        if (ret == MBEDTLS_ERR_SSL_CLIENT_RECONNECT) {
            v->base.state = SECURITY_HANDSHAKE;
            ret = 0;
        }
    }
    if (ret == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        (void)mbedtls_ssl_close_notify(&v->ssl);
    if (ret != MBEDTLS_ERR_SSL_WANT_READ)
        listen_again(v);
}

/* The library would give up an open connection for any ClientHello with a good cookie, such as one
 * that was delayed. Source: RFC 6347 4.2.8 asks for the opposite. */
static bool is_old_hello(const struct server *v, const uint8_t *datagram, size_t len)
{
    const bool plain = len > 13 && datagram[3] == 0 && datagram[4] == 0;

    return v->base.state == SECURITY_OPEN && plain && datagram[0] == MBEDTLS_SSL_MSG_HANDSHAKE &&
           datagram[13] == MBEDTLS_SSL_HS_CLIENT_HELLO;
}

static void feed(struct security *base, const uint8_t *datagram, size_t len)
{
    struct server *v = (struct server *)base;

    if (is_old_hello(v, datagram, len))
        return;
    v->datagram = datagram;
    v->datagram_len = len;
    advance(v);
    v->datagram = NULL;
}

static bool send_message(struct security *base, const uint8_t *data, size_t len)
{
    return mbedtls_ssl_write(&((struct server *)base)->ssl, data, len) == (int)len;
}

static void expire(struct security *base)
{
    advance((struct server *)base);
}

static void say_goodbye(struct security *base)
{
    (void)mbedtls_ssl_close_notify(&((struct server *)base)->ssl);
}

static void end(struct security *base)
{
    struct server *v = (struct server *)base;

    mbedtls_ssl_free(&v->ssl);
    mbedtls_ssl_config_free(&v->conf);
    mbedtls_ssl_cookie_free(&v->cookie);
    mbedtls_ssl_cache_free(&v->cache);
}

static int configure(struct server *v, const struct dtls_server_config *config)
{
    mbedtls_ssl_config *conf = &v->conf;
    int ret = mbedtls_ssl_config_defaults(
        conf, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT);

    dtls_only_1_2(conf);
    mbedtls_ssl_conf_ciphersuites(conf, config->suites);
    mbedtls_ssl_conf_rng(conf, on_random, v);
    mbedtls_ssl_conf_psk_cb(conf, on_identity, v);
    mbedtls_ssl_conf_sni(conf, on_name, v);
    mbedtls_ssl_conf_handshake_timeout(conf, 1000, 60000);
    if (config->cookies) {
        ret = ret != 0 ? ret : mbedtls_ssl_cookie_setup(&v->cookie, on_random, v);
        mbedtls_ssl_conf_dtls_cookies(conf, mbedtls_ssl_cookie_write, mbedtls_ssl_cookie_check,
                                      &v->cookie);
    } else {
        mbedtls_ssl_conf_dtls_cookies(conf, NULL, NULL, NULL);
    }
    if (config->sessions)
        mbedtls_ssl_conf_session_cache(conf, &v->cache, mbedtls_ssl_cache_get,
                                       mbedtls_ssl_cache_set);
    return ret;
}

/* The wall clock has no say here: cookies and sessions do not age. */
static void open_server(struct security *base, const struct security_config *seam)
{
    struct server *v = (struct server *)base;
    const struct dtls_server_config *config = seam->ctx;

    base->limit_ms = ATC_NEVER;
    v->keys = config->keys;
    v->key_count = config->key_count;
    v->rng.state = config->seed;
    mbedtls_ssl_init(&v->ssl);
    mbedtls_ssl_config_init(&v->conf);
    mbedtls_ssl_cookie_init(&v->cookie);
    mbedtls_ssl_cookie_set_timeout(&v->cookie, 0);
    mbedtls_ssl_cache_init(&v->cache);
    mbedtls_ssl_cache_set_timeout(&v->cache, 0);
    if (dtls_start_library() != 0 || configure(v, config) != 0 ||
        mbedtls_ssl_setup(&v->ssl, &v->conf) != 0) {
        security_fail(base, "the server does not start");
        return;
    }
    mbedtls_ssl_set_bio(&v->ssl, v, on_write, on_read, NULL);
    mbedtls_ssl_set_mtu(&v->ssl, config->mtu);
    mbedtls_ssl_set_timer_cb(&v->ssl, v, on_set_timer, on_get_timer);
    listen_again(v);
}

static const struct security_library server_library = {
    .name = "DTLS server",
    .size = sizeof(struct server),
    .open = open_server,
    .feed = feed,
    .send = send_message,
    .expire = expire,
    .close = say_goodbye,
    .end = end,
};

struct security *dtls_server_open(const struct dtls_server_config *config, uint64_t now_ms)
{
    struct dtls_server_config copy = *config;
    const struct security_config seam = {.ctx = &copy};

    return security_open(&server_library, &seam, now_ms);
}

void dtls_server_alert(struct security *s, uint8_t description)
{
    struct server *v = (struct server *)s;

    (void)mbedtls_ssl_send_alert_message(&v->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, description);
    listen_again(v);
}

void dtls_server_send_long(struct security *s, const uint8_t *data, size_t len)
{
    (void)mbedtls_ssl_write(&((struct server *)s)->ssl, data, len);
}

void dtls_server_renegotiate(struct security *s)
{
    struct server *v = (struct server *)s;

    mbedtls_ssl_conf_renegotiation(&v->conf, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
    (void)mbedtls_ssl_renegotiate(&v->ssl);
}

const char *dtls_server_name(const struct security *s)
{
    return ((const struct server *)s)->name;
}

int dtls_server_suite(const struct security *s)
{
    const struct server *v = (const struct server *)s;
    const char *name = mbedtls_ssl_get_ciphersuite(&v->ssl);

    return s->state == SECURITY_OPEN ? mbedtls_ssl_get_ciphersuite_id(name) : 0;
}
