/* SPDX-License-Identifier: MIT
 *
 * The core in a small shell: a BG96 on standard input and output, UDP over IPv4 behind it. The loop
 * is always the same: settle what the modem wants, sleep until its deadline or input, feed it.
 *
 *     cc shell.c $(pkg-config --cflags --libs atcoap) -o shell && ./shell
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <atcoap/atcoap.h>

static struct atc_modem modem;
static struct pollfd fds[1 + ATC_SESSION_MAX]; /* the TE, then a socket for each client */
static struct atc_addr peers[ATC_SESSION_MAX];

_Noreturn void atc_assert_failed(const char *file, int line);

_Noreturn void atc_assert_failed(const char *file, int line)
{
    (void)file;
    (void)line;
    abort();
}

static uint64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    return getrandom(buf, len, 0) == (ssize_t)len;
}

static int open_socket(const struct atc_addr *peer)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(peer->port)};
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

    memcpy(&to.sin_addr, peer->ip, sizeof to.sin_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* OPEN, SEND and CLOSE are enough for plain CoAP to an IPv4 address. */
static void carry_out(const struct atc_order *order)
{
    struct atc_event done = {.kind = ATC_EVENT_DONE, .order = order->id};
    int *fd = &fds[1 + order->session].fd;

    if (order->kind == ATC_ORDER_OPEN || order->kind == ATC_ORDER_CLOSE) {
        (void)close(*fd);
        *fd = -1;
    }
    if (order->kind == ATC_ORDER_CLOSE)
        return; /* the one order here that is not answered */
    if (order->kind == ATC_ORDER_OPEN && order->security == ATC_SECURITY_NONE &&
        order->peer.family == ATC_FAMILY_IPV4) {
        peers[order->session] = order->peer;
        *fd = open_socket(&order->peer);
        done.cause = *fd < 0 ? ATC_CAUSE_SOCKET : ATC_OK;
    } else if (order->kind == ATC_ORDER_SEND) {
        done.cause = send(*fd, order->data, order->len, 0) < 0 ? ATC_CAUSE_SEND : ATC_OK;
    } else {
        done.cause = ATC_CAUSE_UNSUPPORTED;
    }
    atc_event(&modem, &done, now_ms());
}

/* Until the modem has nothing more to say and to do. */
static void settle(void)
{
    struct atc_order order;
    bool moved = true;

    while (moved) {
        size_t len = 0;
        const uint8_t *said = NULL;

        atc_tick(&modem, now_ms());
        said = atc_te_peek(&modem, &len);
        if (len > 0 && write(STDOUT_FILENO, said, len) != (ssize_t)len)
            exit(1);
        atc_te_drop(&modem, len);
        moved = len > 0;
        for (; atc_order_next(&modem, &order); moved = true)
            carry_out(&order);
    }
}

static void receive(unsigned session)
{
    static uint8_t data[ATC_MESSAGE_MAX + 1]; /* one more: too long is for the modem to tell */
    const ssize_t len = recv(fds[1 + session].fd, data, sizeof data, 0);
    const struct atc_event event = {.kind = ATC_EVENT_DATAGRAM,
                                    .session = (uint8_t)session,
                                    .peer = peers[session],
                                    .data = data,
                                    .len = (size_t)len};

    if (len >= 0)
        atc_event(&modem, &event, now_ms());
}

/* Returns false at the end of the input. */
static bool type(void)
{
    uint8_t typed[256];
    const ssize_t len = read(STDIN_FILENO, typed, sizeof typed);

    for (ssize_t at = 0; at < len; settle())
        at += (ssize_t)atc_te_write(&modem, typed + at, (size_t)(len - at), now_ms());
    return len > 0;
}

static int wait_ms(void)
{
    const uint64_t now = now_ms(), deadline = atc_deadline_ms(&modem);

    return deadline <= now ? 0 : deadline - now > 60000 ? 60000 : (int)(deadline - now);
}

int main(void)
{
    struct atc_config config = {.dialect = &atc_dialect_bg96, .random = fill_random};

    atc_settings_default(&config.settings);
    config.settings.echo = ATC_OFF; /* the terminal has its own */
    if (atc_init(&modem, &config, now_ms()) != 0)
        return 1;
    for (unsigned i = 0; i <= ATC_SESSION_MAX; i++)
        fds[i] = (struct pollfd){.fd = i == 0 ? STDIN_FILENO : -1, .events = POLLIN};
    for (settle(); !atc_is_off(&modem); settle()) {
        (void)poll(fds, 1 + ATC_SESSION_MAX, wait_ms());
        for (unsigned i = 0; i < ATC_SESSION_MAX; i++)
            if (fds[1 + i].revents != 0)
                receive(i);
        if (fds[0].revents != 0 && !type())
            break;
    }
    return 0;
}
