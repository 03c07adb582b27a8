/* SPDX-License-Identifier: MIT
 *
 * The least shell there can be: one modem, one connected socket, and the TE in the same program, which
 * types a SEND, waits for the response and types the next. Two system calls a request: send and recv,
 * which gives up after a tick so that time passes for the modem.
 *
 * usage: bench_shell bc95|bg96 SECONDS PORT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "desk.h"
#include "score.h"

enum { TICK_US = 50000 }; /* how late a retransmission may be */

static struct desk desk;
static struct atc_addr server = {.ip = {127, 0, 0, 1}, .family = ATC_FAMILY_IPV4};
static int fd;

static uint64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

static void send_order(void *ctx, const struct atc_order *order)
{
    (void)ctx;
    if (send(fd, order->data, order->len, 0) != (ssize_t)order->len)
        score_fail("send");
}

static void open_socket(void)
{
    const struct sockaddr_in there = {.sin_family = AF_INET,
                                      .sin_port = htons(server.port),
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval tick = {.tv_usec = TICK_US};

    fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&there, sizeof there) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick) != 0)
        score_fail("socket");
}

/* Until something came, or a tick passed. */
static void wait_for_datagram(void)
{
    uint8_t data[ATC_MESSAGE_MAX + 1];
    const ssize_t len = recv(fd, data, sizeof data, 0);

    desk.now_ms = now_ms();
    atc_tick(&desk.modem, desk.now_ms);
    if (len >= 0)
        desk_receive(&desk, &server, data, (size_t)len);
    else if (errno != EAGAIN)
        score_fail("recv");
    desk_settle(&desk);
}

static void exchange(const struct desk_send *one)
{
    desk.now_ms = now_ms();
    desk_type(&desk, one->line, one->line_len);
    desk_type(&desk, one->payload, one->payload_len);
    while (strstr(desk.said, "2.05") == NULL) {
        if (strstr(desk.said, "ERROR") != NULL)
            score_fail("the modem says ERROR");
        wait_for_datagram();
    }
}

int main(int argc, char **argv)
{
    struct desk_send one;

    if (argc != 4) {
        (void)fputs("usage: bench_shell bc95|bg96 SECONDS PORT\n", stderr);
        return 2;
    }
    server.port = (uint16_t)atoi(argv[3]);
    open_socket();
    desk_open(&desk, strcmp(argv[1], "bc95") == 0 ? &atc_dialect_bc95 : &atc_dialect_bg96,
              now_ms());
    desk.send = send_order;
    desk_configure(&desk, &one, server.port);
    score_start(atof(argv[2]));
    do
        exchange(&one);
    while (!score_one());
    score_print();
    return 0;
}
