/* SPDX-License-Identifier: MIT
 *
 * A DTLS 1.2 client with a pre-shared key, AES-128-CCM-8, against the tests' own server, in one
 * process: CPU time of the client alone for a full handshake with a cookie, and for a record there and
 * its echo; heap of an idle session. The client is ours behind the seam of host/security.h, or Mbed TLS
 * bare with the same settings, which can also be parked: mbedtls_ssl_context_save().
 *
 * usage: bench_dtls own|bare HANDSHAKES
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mbedtls/ssl.h>

#include "dtls_server.h"
#include "load.h"

enum { RECORDS = 20, SESSIONS = 32, PARKED_MAX = 1024 };

static const char identity[] = "864508030012428";
static const uint8_t key[] = {0x31, 0x32, 0x33, 0x34, 0x34, 0x46, 0x47, 0x38, 0x39};
static const int suites[] = {SECURITY_PSK_AES_128_CCM_8, 0};
static const struct dtls_server_key keys[] = {{identity, key, sizeof key}};
static const struct dtls_server_config service = {
    .keys = keys, .key_count = 1, .suites = suites, .cookies = true};

static uint64_t dice = 1;
static size_t wire_len; /* bytes of the client's last datagram */

static void fail(const char *what)
{
    (void)fprintf(stderr, "bench_dtls: %s\n", what);
    exit(1);
}

static double now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void draw(uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        buf[i] = (uint8_t)dice;
    }
}

/* --- either client, as the loop below sees it -------------------------------------------------- */

struct client {
    struct security *own; /* NULL: the bare one */
    mbedtls_ssl_context ssl;
    uint8_t out[4][512]; /* datagrams for the server */
    size_t out_len[4];
    unsigned out_first, out_count;
    const uint8_t *in; /* the datagram from the server, NULL: none */
    size_t in_len;
    bool open;
};

static mbedtls_ssl_config bare_config;

static bool random_own(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    draw(buf, len);
    return true;
}

static int random_bare(void *ctx, unsigned char *buf, size_t len)
{
    (void)ctx;
    draw(buf, len);
    return 0;
}

static int write_bare(void *ctx, const unsigned char *data, size_t len)
{
    struct client *c = ctx;

    if (c->out_count == 4 || len > sizeof c->out[0])
        fail("too much at once");
    memcpy(c->out[c->out_count], data, len);
    c->out_len[c->out_count++] = len;
    return (int)len;
}

static int read_bare(void *ctx, unsigned char *buf, size_t len)
{
    struct client *c = ctx;

    if (c->in == NULL || c->in_len > len)
        return MBEDTLS_ERR_SSL_WANT_READ;
    memcpy(buf, c->in, c->in_len);
    c->in = NULL;
    return (int)c->in_len;
}

static void set_timer(void *ctx, uint32_t between_ms, uint32_t last_ms)
{
    (void)ctx;
    (void)between_ms;
    (void)last_ms;
}

static int get_timer(void *ctx)
{
    (void)ctx;
    return 0;
}

static void configure_bare(void)
{
    mbedtls_ssl_config_init(&bare_config);
    if (mbedtls_ssl_config_defaults(&bare_config, MBEDTLS_SSL_IS_CLIENT,
                                    MBEDTLS_SSL_TRANSPORT_DATAGRAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT) != 0 ||
        mbedtls_ssl_conf_psk(&bare_config, key, sizeof key, (const unsigned char *)identity,
                             strlen(identity)) != 0)
        fail("no configuration");
    mbedtls_ssl_conf_rng(&bare_config, random_bare, NULL);
    mbedtls_ssl_conf_ciphersuites(&bare_config, suites);
    mbedtls_ssl_conf_session_tickets(&bare_config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
}

static void setup_bare(struct client *c)
{
    mbedtls_ssl_init(&c->ssl);
    if (mbedtls_ssl_setup(&c->ssl, &bare_config) != 0)
        fail("no memory");
    mbedtls_ssl_set_bio(&c->ssl, c, write_bare, read_bare, NULL);
    mbedtls_ssl_set_timer_cb(&c->ssl, NULL, set_timer, get_timer);
}

static void step_bare(struct client *c)
{
    const int ret = mbedtls_ssl_handshake(&c->ssl);

    c->open = ret == 0;
    if (ret != 0 && ret != MBEDTLS_ERR_SSL_WANT_READ)
        fail("no handshake");
}

static void client_open(struct client *c, bool own)
{
    static const struct security_config config = {.identity = (const uint8_t *)identity,
                                                  .identity_len = sizeof identity - 1,
                                                  .key = key,
                                                  .key_len = sizeof key,
                                                  .suite = SECURITY_PSK_AES_128_CCM_8,
                                                  .version = SECURITY_DTLS_1_2,
                                                  .handshake_max_ms = 60000,
                                                  .random = random_own};

    memset(c, 0, sizeof *c);
    if (own) {
        c->own = security_open(&security_dtls, &config, 0);
        return;
    }
    setup_bare(c);
    step_bare(c);
}

static const uint8_t *client_out(struct client *c, size_t *len)
{
    if (c->own != NULL)
        return security_out_peek(c->own, len);
    if (c->out_first == c->out_count) {
        c->out_first = 0;
        c->out_count = 0;
        return NULL;
    }
    *len = c->out_len[c->out_first];
    return c->out[c->out_first];
}

static void client_out_drop(struct client *c)
{
    if (c->own != NULL)
        security_out_drop(c->own);
    else
        c->out_first++;
}

/* A datagram came; returns the bytes of a message in it, 0: none. */
static size_t client_feed(struct client *c, const uint8_t *data, size_t len)
{
    uint8_t message[256];
    size_t message_len = 0;

    if (c->own != NULL) {
        security_feed(c->own, data, len, 0);
        c->open = security_state(c->own) == SECURITY_OPEN;
        if (security_in_peek(c->own, &message_len) != NULL)
            security_in_drop(c->own);
        return message_len;
    }
    c->in = data;
    c->in_len = len;
    if (c->open) {
        const int ret = mbedtls_ssl_read(&c->ssl, message, sizeof message);

        return ret > 0 ? (size_t)ret : 0;
    }
    step_bare(c);
    return 0;
}

static void client_send(struct client *c, const uint8_t *data, size_t len)
{
    if (c->own != NULL ? !security_send(c->own, data, len, 0)
                       : mbedtls_ssl_write(&c->ssl, data, len) != (int)len)
        fail("not sent");
}

static void client_free(struct client *c)
{
    if (c->own != NULL)
        security_free(c->own);
    else
        mbedtls_ssl_free(&c->ssl);
}

/* --- what is measured -------------------------------------------------------------------------- */

/* Carry datagrams both ways until nobody has one left. Adds the client's CPU time to *ns and returns
 * the bytes of messages that it got. */
static size_t carry(struct client *c, struct security *server, double *ns)
{
    size_t got = 0;

    for (bool moved = true; moved;) {
        const uint8_t *data;
        size_t len;

        moved = false;
        for (; (data = client_out(c, &len)) != NULL; moved = true) {
            wire_len = len;
            security_feed(server, data, len, 0);
            client_out_drop(c);
        }
        for (; (data = security_in_peek(server, &len)) != NULL; moved = true) {
            (void)security_send(server, data, len, 0);
            security_in_drop(server);
        }
        for (; (data = security_out_peek(server, &len)) != NULL; moved = true) {
            const double start_ns = now_ns();

            got += client_feed(c, data, len);
            *ns += now_ns() - start_ns;
            security_out_drop(server);
        }
    }
    return got;
}

/* Open a client at a server of its own. Returns the client's CPU time. */
static double shake(struct client *c, struct security *server, bool own)
{
    double ns = now_ns();

    client_open(c, own);
    ns = now_ns() - ns;
    (void)carry(c, server, &ns);
    if (!c->open)
        fail("not open");
    return ns;
}

static double exchange_record(struct client *c, struct security *server)
{
    static const uint8_t token[LOAD_TOKEN_LEN];
    uint8_t request[LOAD_REQUEST_LEN];
    double ns;

    load_request(request, 1, token);
    ns = now_ns();
    client_send(c, request, sizeof request);
    ns = now_ns() - ns;
    if (carry(c, server, &ns) != sizeof request)
        fail("no echo");
    return ns;
}

/* Heap of one open session, the memory of its struct included. */
static double session_bytes(bool own)
{
    static struct client clients[SESSIONS];
    struct security *servers[SESSIONS];
    size_t used;

    for (unsigned i = 0; i < SESSIONS; i++)
        servers[i] = dtls_server_open(&service, 0);
    used = mallinfo2().uordblks;
    for (unsigned i = 0; i < SESSIONS; i++)
        (void)shake(&clients[i], servers[i], own);
    used = mallinfo2().uordblks - used; /* the servers' handshakes gave back what they took */
    for (unsigned i = 0; i < SESSIONS; i++) {
        client_free(&clients[i]);
        security_free(servers[i]);
    }
    return (double)used / SESSIONS + (own ? 0 : sizeof(mbedtls_ssl_context));
}

/* Save a session, load it into a new context, and show that it still speaks. Returns its bytes, 0 if the
 * library does not; *ns: CPU time of loading. */
static size_t park(double *ns)
{
    struct security *server = dtls_server_open(&service, 0);
    static struct client c;
    uint8_t parked[PARKED_MAX];
    size_t len = 0;

    (void)shake(&c, server, false);
    if (mbedtls_ssl_context_save(&c.ssl, parked, sizeof parked, &len) != 0)
        return 0;
    mbedtls_ssl_free(&c.ssl);
    *ns = now_ns();
    setup_bare(&c);
    if (mbedtls_ssl_context_load(&c.ssl, parked, len) != 0)
        return 0;
    *ns = now_ns() - *ns;
    (void)exchange_record(&c, server);
    client_free(&c);
    security_free(server);
    return len;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    const bool own = argc == 3 && strcmp(argv[1], "own") == 0;
    const size_t count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    double *handshakes = calloc(count + 1, sizeof *handshakes), *records, load_ns = 0;
    size_t parked = 0;

    if (count == 0 || handshakes == NULL) {
        (void)fputs("usage: bench_dtls own|bare HANDSHAKES\n", stderr);
        return 2;
    }
    configure_bare();
    records = calloc(count, sizeof *records);
    for (size_t i = 0; i < count; i++) {
        static struct client c;
        struct security *server = dtls_server_open(&service, 0);

        handshakes[i] = shake(&c, server, own);
        for (unsigned n = 0; n < RECORDS; n++)
            records[i] += exchange_record(&c, server) / RECORDS;
        client_free(&c);
        security_free(server);
    }
    qsort(handshakes, count, sizeof *handshakes, compare);
    qsort(records, count, sizeof *records, compare);
    if (!own)
        parked = park(&load_ns);
    (void)printf("{\"handshake_ns\": %.0f, \"record_ns\": %.0f, \"bytes\": %.0f, \"wire\": %zu, "
                 "\"parked\": %zu, \"load_ns\": %.0f}\n",
                 handshakes[count / 2], records[count / 2], session_bytes(own),
                 wire_len - LOAD_REQUEST_LEN, parked, load_ns);
    return 0;
}
