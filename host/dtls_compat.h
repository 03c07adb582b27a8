/* SPDX-License-Identifier: MIT
 *
 * The places where Mbed TLS 2.28 and 3.x are spelled differently, and nothing else. All #if about
 * the library's version stand here.
 */
#ifndef ATCOAP_HOST_DTLS_COMPAT_H
#define ATCOAP_HOST_DTLS_COMPAT_H

#include <mbedtls/ssl.h>
#include <mbedtls/version.h>

#ifndef MBEDTLS_PRIVATE
#define MBEDTLS_PRIVATE(member) member
#endif

/* Takes the master secret of a handshake and the client's random number that names it. */
typedef void dtls_secret_call(void *ctx, const unsigned char master[48],
                              const unsigned char client_random[32]);

/* Where a connection's secrets go; the memory outlives the connection. */
struct dtls_secret_sink {
    dtls_secret_call *call;
    void *ctx;
};

#if MBEDTLS_VERSION_NUMBER >= 0x03000000

#if defined(MBEDTLS_PSA_CRYPTO_C)
#include <psa/crypto.h>
#endif

static inline int dtls_start_library(void)
{
#if defined(MBEDTLS_PSA_CRYPTO_C)
    return psa_crypto_init() == PSA_SUCCESS ? 0 : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
#else
    return 0;
#endif
}

static inline void dtls_only_1_2(mbedtls_ssl_config *conf)
{
    mbedtls_ssl_conf_min_tls_version(conf, MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_max_tls_version(conf, MBEDTLS_SSL_VERSION_TLS1_2);
}

static inline void dtls_take_secret(void *ctx, mbedtls_ssl_key_export_type type,
                                    const unsigned char *secret, size_t secret_len,
                                    const unsigned char client_random[32],
                                    const unsigned char server_random[32],
                                    mbedtls_tls_prf_types prf)
{
    const struct dtls_secret_sink *sink = ctx;

    (void)server_random;
    (void)prf;
    if (type == MBEDTLS_SSL_KEY_EXPORT_TLS12_MASTER_SECRET && secret_len == 48)
        sink->call(sink->ctx, secret, client_random);
}

static inline void dtls_export_secrets(mbedtls_ssl_context *ssl, mbedtls_ssl_config *conf,
                                       struct dtls_secret_sink *sink)
{
    (void)conf;
    mbedtls_ssl_set_export_keys_cb(ssl, dtls_take_secret, sink);
}

/* 3.x takes one key in the life of a configuration, and wipes it when that is freed. */
static inline void dtls_forget_key(mbedtls_ssl_config *conf)
{
    (void)conf;
}

#else

static inline int dtls_start_library(void)
{
    return 0;
}

static inline void dtls_only_1_2(mbedtls_ssl_config *conf)
{
    mbedtls_ssl_conf_min_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_max_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
}

static inline int dtls_take_secret(void *ctx, const unsigned char *master,
                                   const unsigned char *key_block, size_t mac_len, size_t key_len,
                                   size_t iv_len, const unsigned char client_random[32],
                                   const unsigned char server_random[32], mbedtls_tls_prf_types prf)
{
    const struct dtls_secret_sink *sink = ctx;

    (void)key_block;
    (void)mac_len;
    (void)key_len;
    (void)iv_len;
    (void)server_random;
    (void)prf;
    sink->call(sink->ctx, master, client_random);
    return 0;
}

static inline void dtls_export_secrets(mbedtls_ssl_context *ssl, mbedtls_ssl_config *conf,
                                       struct dtls_secret_sink *sink)
{
    (void)ssl;
    mbedtls_ssl_conf_export_keys_ext_cb(conf, dtls_take_secret, sink);
}

/* The key has done its work once the handshake is over; a new one wipes the old one. */
static inline void dtls_forget_key(mbedtls_ssl_config *conf)
{
    const unsigned char nothing = 0;

    (void)mbedtls_ssl_conf_psk(conf, &nothing, sizeof nothing, &nothing, sizeof nothing);
}

#endif

/* The description of the alert that MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE was returned for. */
static inline unsigned dtls_alert_of(const mbedtls_ssl_context *ssl)
{
    return ssl->MBEDTLS_PRIVATE(in_msg)[1];
}

#endif
