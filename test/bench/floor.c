/* SPDX-License-Identifier: MIT
 *
 * What the kernel alone costs: bare clients and a bare server that copy the messages of load.h and look
 * at no more of them than the ID. Three shapes of client:
 *
 *   one      a connected socket, one request at a time
 *   sockets  a connected socket each, with epoll
 *   shared   one socket, a source address each (IP_PKTINFO), sendmmsg and recvmmsg
 *
 * Of so many endpoints a window of them has a request outstanding; whenever one is answered, the next
 * endpoint sends.
 *
 * usage: bench_floor serve PORT
 *        bench_floor one|sockets|shared ENDPOINTS WINDOW SECONDS PORT
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"
#include "score.h"

enum { BATCH = 64, ROOM = 256, BUFFER = 4 << 20 };

/* 127.1.0.0 and so on: every address of 127.0.0.0/8 is this machine's. */
enum { FIRST_SOURCE = 0x7f010000 };

struct batch {
    struct mmsghdr messages[BATCH];
    struct iovec vectors[BATCH];
    struct sockaddr_in names[BATCH];
    uint8_t data[BATCH][ROOM];
    union {
        struct cmsghdr align;
        uint8_t bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    } control[BATCH];
};

static struct batch in, out;

static struct sockaddr_in local(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int open_socket(int flags)
{
    const int size = BUFFER;
    const int fd = socket(AF_INET, SOCK_DGRAM | flags, 0);

    if (fd < 0)
        score_fail("socket");
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return fd;
}

static void point(struct batch *b, bool control)
{
    for (size_t i = 0; i < BATCH; i++) {
        struct msghdr *m = &b->messages[i].msg_hdr;

        b->vectors[i].iov_base = b->data[i];
        b->vectors[i].iov_len = ROOM;
        m->msg_iov = &b->vectors[i];
        m->msg_iovlen = 1;
        m->msg_name = &b->names[i];
        m->msg_namelen = sizeof b->names[i];
        m->msg_control = control ? &b->control[i] : NULL;
        m->msg_controllen = control ? sizeof b->control[i] : 0;
    }
}

/* All of them; a socket that is full waits. */
static void send_all(int fd, unsigned count)
{
    for (unsigned done = 0; done < count;) {
        const int n = sendmmsg(fd, out.messages + done, count - done, 0);

        if (n < 0)
            score_fail("sendmmsg");
        done += (unsigned)n;
    }
}

/* --- the server ------------------------------------------------------------------------------- */

static unsigned answer(unsigned count)
{
    unsigned answers = 0;

    for (unsigned i = 0; i < count; i++) {
        const uint8_t *request = in.data[i];

        if (in.messages[i].msg_len != LOAD_REQUEST_LEN)
            continue;
        load_response(out.data[answers], (uint16_t)(request[2] << 8 | request[3]), request + 4);
        out.names[answers] = in.names[i];
        out.vectors[answers++].iov_len = LOAD_RESPONSE_LEN;
    }
    return answers;
}

static void serve(uint16_t port)
{
    const struct sockaddr_in here = local(port);
    const int fd = open_socket(0);

    if (bind(fd, (const struct sockaddr *)&here, sizeof here) != 0)
        score_fail("bind");
    point(&in, false);
    point(&out, false);
    for (;;) {
        const int n = recvmmsg(fd, in.messages, BATCH, MSG_WAITFORONE, NULL);

        if (n < 0)
            score_fail("recvmmsg");
        send_all(fd, answer((unsigned)n));
    }
}

/* --- clients ---------------------------------------------------------------------------------- */

static uint16_t next_mid;

/* The next request; its token is the endpoint's number. */
static void compose(uint8_t *to, uint32_t endpoint)
{
    uint8_t token[LOAD_TOKEN_LEN];

    memcpy(token, &endpoint, sizeof token);
    load_request(to, next_mid++, token);
}

static void check(const uint8_t *answer, size_t len)
{
    if (len != LOAD_RESPONSE_LEN || answer[0] != (0x60 | LOAD_TOKEN_LEN) ||
        answer[1] != LOAD_CONTENT) {
        (void)fputs("bench_floor: not the answer that was expected\n", stderr);
        exit(1);
    }
}

static int connect_to(uint16_t port, int flags)
{
    const struct sockaddr_in there = local(port);
    const int fd = open_socket(flags);

    if (connect(fd, (const struct sockaddr *)&there, sizeof there) != 0)
        score_fail("connect");
    return fd;
}

static void ask_one(int fd, uint32_t endpoint)
{
    uint8_t request[LOAD_REQUEST_LEN];

    compose(request, endpoint);
    if (send(fd, request, sizeof request, 0) != (ssize_t)sizeof request)
        score_fail("send");
}

static void take_one(int fd)
{
    uint8_t answer[ROOM];
    const ssize_t len = recv(fd, answer, sizeof answer, 0);

    if (len < 0)
        score_fail("recv");
    check(answer, (size_t)len);
}

static void run_one(double seconds, uint16_t port)
{
    const int fd = connect_to(port, 0);

    score_start(seconds);
    do {
        ask_one(fd, 0);
        take_one(fd);
    } while (!score_one());
}

static void run_sockets(uint32_t count, uint32_t window, double seconds, uint16_t port)
{
    int *const fds = calloc(count, sizeof *fds);
    const int poll = epoll_create1(0);
    struct epoll_event ready[BATCH];
    uint32_t next = 0;
    int n;

    for (uint32_t i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};

        fds[i] = connect_to(port, SOCK_NONBLOCK);
        if (epoll_ctl(poll, EPOLL_CTL_ADD, fds[i], &event) != 0)
            score_fail("epoll_ctl");
    }
    score_start(seconds);
    for (; next < window; next++)
        ask_one(fds[next % count], next % count);
    do {
        n = epoll_wait(poll, ready, BATCH, -1);
        for (int i = 0; i < n; i++) {
            take_one(fds[ready[i].data.u32]);
            ask_one(fds[next % count], next % count);
            next++;
        }
    } while (!score_answered((unsigned)n));
    free(fds);
}

static void put_source(unsigned i, uint32_t endpoint)
{
    struct msghdr *m = &out.messages[i].msg_hdr;
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(FIRST_SOURCE + endpoint)};
    struct cmsghdr *c = CMSG_FIRSTHDR(m);

    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(c), &info, sizeof info);
}

/* The endpoint that a datagram came for. */
static uint32_t destination(unsigned i)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(&in.messages[i].msg_hdr);
    struct in_pktinfo info;

    if (c == NULL || c->cmsg_type != IP_PKTINFO)
        score_fail("no destination");
    memcpy(&info, CMSG_DATA(c), sizeof info);
    return ntohl(info.ipi_addr.s_addr) - FIRST_SOURCE;
}

static void ask_shared(int fd, uint32_t *next, uint32_t count, unsigned wanted, uint16_t port)
{
    for (unsigned i = 0; i < wanted; i++) {
        const uint32_t endpoint = (*next)++ % count;

        compose(out.data[i], endpoint);
        out.vectors[i].iov_len = LOAD_REQUEST_LEN;
        out.names[i] = local(port);
        put_source(i, endpoint);
    }
    send_all(fd, wanted);
}

static void take_shared(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint32_t token;

        check(in.data[i], in.messages[i].msg_len);
        memcpy(&token, in.data[i] + 4, sizeof token);
        if (token != destination(i))
            score_fail("an answer went astray");
        in.messages[i].msg_hdr.msg_controllen = sizeof in.control[i];
    }
}

static void run_shared(uint32_t count, uint32_t window, double seconds, uint16_t port)
{
    const int fd = open_socket(0), on = 1;
    uint32_t next = 0;
    int n;

    if (setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) != 0)
        score_fail("IP_PKTINFO");
    point(&in, true);
    point(&out, true);
    score_start(seconds);
    for (unsigned asked = 0; asked < window; asked += BATCH)
        ask_shared(fd, &next, count, window - asked < BATCH ? window - asked : BATCH, port);
    do {
        n = recvmmsg(fd, in.messages, BATCH, MSG_WAITFORONE, NULL);
        if (n < 0)
            score_fail("recvmmsg");
        take_shared((unsigned)n);
        ask_shared(fd, &next, count, (unsigned)n, port);
    } while (!score_answered((unsigned)n));
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "serve") == 0)
        serve((uint16_t)atoi(argv[2]));
    if (argc == 6) {
        const uint32_t count = (uint32_t)atoi(argv[2]), window = (uint32_t)atoi(argv[3]);
        const double seconds = atof(argv[4]);
        const uint16_t port = (uint16_t)atoi(argv[5]);

        if (strcmp(argv[1], "one") == 0)
            run_one(seconds, port);
        else if (strcmp(argv[1], "sockets") == 0)
            run_sockets(count, window, seconds, port);
        else
            run_shared(count, window, seconds, port);
        score_print();
        return 0;
    }
    (void)fputs("usage: bench_floor serve PORT\n"
                "       bench_floor one|sockets|shared ENDPOINTS WINDOW SECONDS PORT\n",
                stderr);
    return 2;
}
