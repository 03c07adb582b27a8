/* SPDX-License-Identifier: MIT */
#include "plain_security.h"

#include <string.h>

#include "security_library.h"

enum { KIND_HELLO = 'H', KIND_MESSAGE = 'M', KIND_GOODBYE = 'G' };
enum { REPEAT_MS = 1000 };

struct plain {
    struct security base;
    uint8_t key; /* one byte of it, so that there is something to wipe */
};

static void put(struct plain *p, uint8_t kind, const uint8_t *data, size_t len)
{
    uint8_t datagram[1 + SECURITY_MESSAGE_MAX];

    datagram[0] = kind;
    if (len > 0)
        memcpy(datagram + 1, data, len);
    (void)security_put_out(&p->base, datagram, 1 + len);
}

static void expire(struct security *base)
{
    put((struct plain *)base, KIND_HELLO, NULL, 0);
    base->deadline_ms = base->now_ms + REPEAT_MS;
}

static void open_connection(struct security *base, const struct security_config *config)
{
    struct plain *p = (struct plain *)base;

    if (config->key_len == 0) {
        security_fail(base, "no key");
        return;
    }
    p->key = config->key[0];
    expire(base);
}

static void feed(struct security *base, const uint8_t *datagram, size_t len)
{
    if (base->state == SECURITY_HANDSHAKE && datagram[0] == KIND_HELLO) {
        base->deadline_ms = ATC_NEVER;
        security_opened(base);
    } else if (base->state == SECURITY_OPEN && datagram[0] == KIND_MESSAGE) {
        (void)security_put_in(base, datagram + 1, len - 1);
    } else if (datagram[0] == KIND_GOODBYE) {
        security_fail(base, "the server closed the connection");
    } else {
        base->counts.rejected++;
    }
}

static bool send_message(struct security *base, const uint8_t *data, size_t len)
{
    put((struct plain *)base, KIND_MESSAGE, data, len);
    return true;
}

static void say_goodbye(struct security *base)
{
    put((struct plain *)base, KIND_GOODBYE, NULL, 0);
}

static void end(struct security *base)
{
    struct plain *p = (struct plain *)base;

    p->key = 0;
}

const struct security_library plain_security = {
    .name = "no security at all",
    .size = sizeof(struct plain),
    .open = open_connection,
    .feed = feed,
    .send = send_message,
    .expire = expire,
    .close = say_goodbye,
    .end = end,
};
