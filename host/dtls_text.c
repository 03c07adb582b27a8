/* SPDX-License-Identifier: MIT */
#include "dtls_text.h"

#include <stdio.h>

#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

struct phrase {
    int number;
    const char *text;
};

/* Names from RFC 5246 7.2 and RFC 4279 6; behind them what a user can do about it. */
static const struct phrase alerts[] = {
    {10, "unexpected message"},
    {20, "bad record MAC: is the key right?"},
    {22, "record overflow"},
    {40, "handshake failure: no cipher suite in common, or an unknown identity"},
    {47, "illegal parameter"},
    {49, "access denied"},
    {50, "decode error"},
    {51, "decrypt error: is the key right?"},
    {70, "protocol version: it does not speak DTLS 1.2"},
    {71, "insufficient security: no cipher suite it would take"},
    {80, "internal error"},
    {90, "user canceled"},
    {112, "unrecognized name: it is another server than the name says"},
    {115, "unknown PSK identity"},
};

static const struct phrase errors[] = {
    {MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY, "the server closed the connection"},
    {MBEDTLS_ERR_SSL_INVALID_MAC, "the server's Finished does not fit: is the key right?"},
    {MBEDTLS_ERR_SSL_ALLOC_FAILED, "no memory"},
    {MBEDTLS_ERR_ENTROPY_SOURCE_FAILED, "no random bytes"},
};

static const char *find(const struct phrase *table, size_t count, int number)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].number == number)
            return table[i].text;
    }
    return NULL;
}

void dtls_text_error(char *out, size_t max, int error, unsigned alert)
{
    const char *text = NULL;

    if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
        text = find(alerts, COUNT_OF(alerts), (int)alert);
        (void)snprintf(out, max, "the server sent alert %u, %s", alert,
                       text != NULL ? text : "which has no name here");
        return;
    }
    text = find(errors, COUNT_OF(errors), error);
    if (text != NULL)
        (void)snprintf(out, max, "%s", text);
    else
        (void)snprintf(out, max, "the server's messages make no sense (Mbed TLS error -0x%04X)",
                       (unsigned)-error);
}
