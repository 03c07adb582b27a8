/* SPDX-License-Identifier: MIT
 *
 * The sockets of a fleet: whose datagram goes where and comes from where, and what becomes of a batch
 * that the system takes in part. The peer is a socket of the test on 127.0.0.1.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "fleet_net.h"

/* --- sendmmsg(), played ----------------------------------------------------------------------- */

/* What the next calls do: take so many messages, or fail with that error (negative). Behind the last, and
 * for 0, the system does it. */
static int script[16];
static unsigned script_at, calls;

static void play(const int *steps, size_t count)
{
    memset(script, 0, sizeof script);
    for (size_t i = 0; i < count; i++)
        script[i] = steps[i];
    script_at = 0;
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    const int step = script_at < COUNT_OF(script) ? script[script_at++] : 0;

    calls++;
    if (step < 0) {
        errno = -step;
        return -1;
    }
    if (step > 0 && (unsigned)step < count)
        count = (unsigned)step;
    return (int)syscall(SYS_sendmmsg, fd, messages, count, flags);
}

/* --- a fleet's network and its peer ----------------------------------------------------------- */

static void *memory;
static struct fleet_net *net;
static int peer_fd;
static struct atc_addr peer;

static const struct atc_addr first = {.ip = {127, 1, 0, 250}, .family = ATC_FAMILY_IPV4};

static bool start(enum fleet_endpoints endpoints, uint32_t count, const struct atc_addr *from)
{
    const struct fleet_net_config config = {
        .endpoints = endpoints, .modem_count = count, .first = *from, .device = "lo"};

    memory = malloc(fleet_net_size(&config));
    assert_non_null(memory);
    net = fleet_net_start(memory, &config);
    return net != NULL;
}

static int set_up(void **state)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof name;

    (void)state;
    peer_fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(peer_fd, (struct sockaddr *)&name, len), 0);
    assert_int_equal(getsockname(peer_fd, (struct sockaddr *)&name, &len), 0);
    peer = (struct atc_addr){
        .ip = {127, 0, 0, 1}, .port = ntohs(name.sin_port), .family = ATC_FAMILY_IPV4};
    play(NULL, 0);
    calls = 0;
    memory = net = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (net != NULL)
        fleet_net_stop(net);
    free(memory);
    (void)close(peer_fd);
    return 0;
}

static enum atc_cause put(uint32_t modem, uint8_t session, uint32_t id, const char *text)
{
    const struct atc_order order = {.kind = ATC_ORDER_SEND,
                                    .id = id,
                                    .session = session,
                                    .peer = peer,
                                    .data = (const uint8_t *)text,
                                    .len = strlen(text)};

    return fleet_net_put(net, modem, &order);
}

/* The next answer for the batch is that. */
static void expect_sent(uint32_t modem, uint32_t id, enum atc_cause cause)
{
    struct fleet_sent sent;

    assert_true(fleet_net_sent(net, &sent));
    assert_int_equal(sent.modem, modem);
    assert_int_equal(sent.order, id);
    assert_int_equal(sent.cause, cause);
}

static void expect_no_more_sent(void)
{
    struct fleet_sent sent;

    assert_false(fleet_net_sent(net, &sent));
}

/* What the peer got, from whom. Returns false if nothing. */
static bool peer_gets(char *text, size_t size, struct sockaddr_in *from)
{
    socklen_t len = sizeof *from;
    const ssize_t got = recvfrom(peer_fd, text, size - 1, 0, (struct sockaddr *)from, &len);

    text[got > 0 ? got : 0] = '\0';
    return got >= 0;
}

static void expect_peer_gets(const char *text, uint32_t ip, struct sockaddr_in *from)
{
    char got[100];

    assert_true(peer_gets(got, sizeof got, from));
    assert_string_equal(got, text);
    EXPECT(ntohl(from->sin_addr.s_addr) == ip, "%s from %08x", text, ntohl(from->sin_addr.s_addr));
}

static void answer(const struct sockaddr_in *to, const char *text)
{
    assert_int_equal(
        sendto(peer_fd, text, strlen(text), 0, (const struct sockaddr *)to, sizeof *to),
        strlen(text));
}

static void expect_comes(uint32_t modem, uint8_t session, const char *text)
{
    struct fleet_datagram d;

    assert_true(fleet_net_next(net, &d));
    EXPECT(d.modem == modem && d.session == session, "%s came to %u, client %u", text, d.modem,
           d.session);
    assert_int_equal(d.len, strlen(text));
    assert_memory_equal(d.data, text, d.len);
    assert_memory_equal(&d.peer, &peer, sizeof peer);
}

static void expect_nothing_comes(void)
{
    struct fleet_datagram d;

    assert_false(fleet_net_next(net, &d));
}

/* --- tests ------------------------------------------------------------------------------------ */

/* Modem 5 has the address 127.1.0.255, modem 6 the one behind that. */
static void round_trip(enum fleet_endpoints endpoints)
{
    struct sockaddr_in from[3];

    assert_true(start(endpoints, 1000, &first));
    assert_int_equal(fleet_net_open(net, 5, 0, 0, &peer), ATC_OK);
    assert_int_equal(fleet_net_open(net, 6, 0, 0, &peer), ATC_OK);
    assert_int_equal(fleet_net_open(net, 6, 5, 0, &peer), ATC_OK);
    assert_int_equal(put(5, 0, 50, "five"), ATC_OK);
    assert_int_equal(put(6, 0, 60, "six"), ATC_OK);
    assert_int_equal(put(6, 5, 65, "six, client five"), ATC_OK);
    expect_no_more_sent();
    fleet_net_flush(net);
    expect_sent(5, 50, ATC_OK);
    expect_sent(6, 60, ATC_OK);
    expect_sent(6, 65, ATC_OK);
    expect_no_more_sent();
    expect_peer_gets("five", 0x7f0100ffu, &from[0]);
    expect_peer_gets("six", 0x7f010100u, &from[1]);
    expect_peer_gets("six, client five", 0x7f010100u, &from[2]);
    assert_int_not_equal(from[1].sin_port, from[2].sin_port);
    for (unsigned i = 0; i < 3; i++) {
        static const struct {
            uint32_t modem;
            uint8_t session;
        } whose[] = {{6, 5}, {5, 0}, {6, 0}};

        answer(&from[(i + 2) % 3], "to you");
        fleet_net_wait(net, 1000);
        expect_comes(whose[i].modem, whose[i].session, "to you");
        expect_nothing_comes();
    }
}

static void test_shared_sockets_tell_modems_by_address(void **state)
{
    (void)state;
    round_trip(FLEET_SHARED);
    assert_int_equal(calls, 2); /* client 0 of both at once, client 5 has a port of its own */
}

static void test_sockets_of_their_own_have_their_addresses(void **state)
{
    (void)state;
    round_trip(FLEET_SOCKETS);
    assert_int_equal(calls, 3);
}

static void test_addresses_are_told(void **state)
{
    struct atc_addr a, b;

    (void)state;
    assert_true(start(FLEET_SHARED, 1000, &first));
    assert_false(fleet_net_address(net, 6, 0, &a));
    assert_int_equal(fleet_net_open(net, 6, 0, 0, &peer), ATC_OK);
    assert_int_equal(fleet_net_open(net, 999, 0, 0, &peer), ATC_OK);
    assert_true(fleet_net_address(net, 6, 0, &a));
    assert_true(fleet_net_address(net, 999, 0, &b));
    assert_memory_equal(a.ip, ((uint8_t[]){127, 1, 1, 0}), 4);
    assert_memory_equal(b.ip, ((uint8_t[]){127, 1, 4, 225}), 4);
    assert_int_equal(a.port, b.port);
    assert_int_not_equal(a.port, 0);
}

/* A system-chosen address: sockets of both families where nobody is named yet. */
static void test_without_addresses_the_system_chooses(void **state)
{
    const struct atc_addr none = {.family = ATC_FAMILY_NONE};
    struct sockaddr_in from;

    (void)state;
    assert_true(start(FLEET_SOCKETS, 2, &none));
    assert_int_equal(fleet_net_open(net, 0, 0, 0, &peer), ATC_OK);
    assert_int_equal(fleet_net_open(net, 1, 0, 0, NULL), ATC_OK);
    assert_int_equal(put(0, 0, 1, "one peer"), ATC_OK);
    assert_int_equal(put(1, 0, 2, "any peer"), ATC_OK);
    fleet_net_flush(net);
    expect_peer_gets("one peer", INADDR_LOOPBACK, &from);
    expect_peer_gets("any peer", INADDR_LOOPBACK, &from);
    answer(&from, "back");
    fleet_net_wait(net, 1000);
    expect_comes(1, 0, "back");
}

static void test_strays_are_counted(void **state)
{
    struct sockaddr_in from;

    (void)state;
    assert_true(start(FLEET_SHARED, 10, &first));
    assert_int_equal(fleet_net_open(net, 3, 0, 0, &peer), ATC_OK);
    assert_int_equal(put(3, 0, 1, "x"), ATC_OK);
    fleet_net_flush(net);
    expect_sent(3, 1, ATC_OK);
    expect_peer_gets("x", 0x7f0100fdu, &from);
    from.sin_addr.s_addr = htonl(0x7f0100fcu); /* modem 2, which is not open */
    answer(&from, "closed");
    from.sin_addr.s_addr = htonl(0x7f010104u); /* behind the last */
    answer(&from, "behind");
    from.sin_addr.s_addr = htonl(0x7f0100f9u); /* in front of the first */
    answer(&from, "before");
    from.sin_addr.s_addr = htonl(0x7f0100fdu);
    answer(&from, "yours");
    fleet_net_wait(net, 1000);
    expect_comes(3, 0, "yours");
    expect_nothing_comes();
    assert_int_equal(fleet_net_counts(net)->strays, 3);
    assert_int_equal(fleet_net_counts(net)->received, 4);
    fleet_net_close(net, 3, 0);
    answer(&from, "late");
    fleet_net_wait(net, 1000);
    expect_nothing_comes();
    assert_int_equal(fleet_net_counts(net)->strays, 4);
}

/* AT+QCOAPCREATE names a port; every modem can have the same one, each at its own address. */
static void test_chosen_ports(void **state)
{
    struct atc_addr a;
    struct sockaddr_in from;

    (void)state;
    assert_true(start(FLEET_SHARED, 40, &first));
    assert_int_equal(fleet_net_open(net, 0, 0, 21000, NULL), ATC_OK);
    assert_int_equal(fleet_net_open(net, 1, 0, 21000, NULL), ATC_OK);
    for (uint32_t i = 1; i < FLEET_CHOSEN_PORT_MAX; i++)
        assert_int_equal(fleet_net_open(net, 1 + i, 0, (uint16_t)(21000 + i), NULL), ATC_OK);
    assert_int_equal(fleet_net_open(net, 39, 0, 21100, NULL), ATC_CAUSE_SOCKET);
    assert_int_equal(put(39, 0, 1, "x"), ATC_CAUSE_SOCKET);
    fleet_net_close(net, 2, 0); /* the last user of 21001 */
    assert_int_equal(fleet_net_open(net, 39, 0, 21100, NULL), ATC_OK);
    fleet_net_close(net, 0, 0); /* not the last of 21000 */
    assert_true(fleet_net_address(net, 1, 0, &a));
    assert_int_equal(a.port, 21000);
    assert_int_equal(put(1, 0, 2, "from 21000"), ATC_OK);
    fleet_net_flush(net);
    expect_peer_gets("from 21000", 0x7f0100fbu, &from);
    assert_int_equal(ntohs(from.sin_port), 21000);
}

static void test_a_batch_has_an_end(void **state)
{
    (void)state;
    assert_true(start(FLEET_SHARED, FLEET_BATCH + 1, &first));
    for (uint32_t i = 0; i < FLEET_BATCH; i++) {
        assert_int_equal(fleet_net_open(net, i, 0, 0, &peer), ATC_OK);
        assert_true(fleet_net_has_room(net));
        assert_int_equal(put(i, 0, 1000 + i, "full"), ATC_OK);
    }
    assert_false(fleet_net_has_room(net));
    fleet_net_flush(net);
    assert_int_equal(calls, 1);
    for (uint32_t i = 0; i < FLEET_BATCH; i++)
        expect_sent(i, 1000 + i, ATC_OK);
    expect_no_more_sent();
    assert_true(fleet_net_has_room(net));
}

/* The system takes two, refuses the third, takes one, is full; then it has room again. */
static void test_a_batch_is_taken_in_part(void **state)
{
    static const int steps[] = {2, -EMSGSIZE, -EMSGSIZE, 1, -EAGAIN};
    struct sockaddr_in from;

    (void)state;
    assert_true(start(FLEET_SHARED, 10, &first));
    for (uint32_t i = 0; i < 6; i++) {
        const char text[] = {(char)('a' + i), '\0'};

        assert_int_equal(fleet_net_open(net, i, 0, 0, &peer), ATC_OK);
        assert_int_equal(put(i, 0, i, text), ATC_OK);
    }
    play(steps, COUNT_OF(steps));
    fleet_net_flush(net);
    assert_int_equal(calls, COUNT_OF(steps));
    expect_sent(0, 0, ATC_OK);
    expect_sent(1, 1, ATC_OK);
    expect_sent(2, 2, ATC_CAUSE_SEND);
    expect_sent(3, 3, ATC_OK);
    expect_no_more_sent();
    fleet_net_flush(net); /* nobody has said that there is room */
    assert_int_equal(calls, COUNT_OF(steps));
    expect_no_more_sent();
    fleet_net_wait(net, 1000);
    expect_nothing_comes();
    fleet_net_flush(net);
    expect_sent(4, 4, ATC_OK);
    expect_sent(5, 5, ATC_OK);
    expect_no_more_sent();
    expect_peer_gets("a", 0x7f0100fau, &from);
    expect_peer_gets("b", 0x7f0100fbu, &from);
    expect_peer_gets("d", 0x7f0100fdu, &from);
    expect_peer_gets("e", 0x7f0100feu, &from);
    expect_peer_gets("f", 0x7f0100ffu, &from);
    assert_int_equal(fleet_net_counts(net)->failed, 1);
    assert_int_equal(fleet_net_counts(net)->waits, 1);
    assert_int_equal(fleet_net_counts(net)->sent, 5);
}

/* No buffers, no way, forbidden: each fails for itself. An interruption is none. */
static void test_errors_of_the_system(void **state)
{
    static const int steps[] = {-EINTR,       -ENOBUFS, -ENOBUFS, -ENETUNREACH,
                                -ENETUNREACH, -EPERM,   -EPERM,   -EINTR};

    (void)state;
    assert_true(start(FLEET_SHARED, 4, &first));
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(fleet_net_open(net, i, 0, 0, &peer), ATC_OK);
        assert_int_equal(put(i, 0, i, "x"), ATC_OK);
    }
    play(steps, COUNT_OF(steps));
    fleet_net_flush(net);
    for (uint32_t i = 0; i < 3; i++)
        expect_sent(i, i, ATC_CAUSE_SEND);
    expect_sent(3, 3, ATC_OK);
}

/* The peer of modem 0 is a closed port. Its ICMP error is told at its next datagram, which leaves all the
 * same, and disturbs nobody else. */
static void icmp(enum fleet_endpoints endpoints)
{
    struct atc_addr there = peer;
    struct sockaddr_in from;

    assert_true(start(endpoints, 2, &first));
    assert_int_equal(fleet_net_open(net, 1, 0, 0, &there), ATC_OK);
    peer.port = 9; /* nobody listens there */
    assert_int_equal(fleet_net_open(net, 0, 0, 0, &peer), ATC_OK);
    for (uint32_t i = 0; i < 3; i++) {
        peer.port = 9;
        assert_int_equal(put(0, 0, i, "refused"), ATC_OK);
        peer = there;
        assert_int_equal(put(1, 0, i, "welcome"), ATC_OK);
        fleet_net_flush(net);
        expect_sent(0, i, ATC_OK);
        expect_sent(1, i, ATC_OK);
        expect_peer_gets("welcome", 0x7f0100fbu, &from);
    }
    fleet_net_wait(net, 0);
    expect_nothing_comes();
    fleet_net_wait(net, 0);
    expect_nothing_comes();
    answer(&from, "back");
    fleet_net_wait(net, 1000);
    expect_comes(1, 0, "back");
}

static void test_icmp_errors_with_shared_sockets(void **state)
{
    (void)state;
    icmp(FLEET_SHARED);
}

static void test_icmp_errors_with_sockets_of_their_own(void **state)
{
    (void)state;
    icmp(FLEET_SOCKETS);
}

static void test_what_is_too_long_comes_as_one_byte_too_long(void **state)
{
    static uint8_t big[3 * ATC_MESSAGE_MAX];
    struct fleet_datagram d;
    struct sockaddr_in from;

    (void)state;
    assert_true(start(FLEET_SHARED, 1, &first));
    assert_int_equal(fleet_net_open(net, 0, 0, 0, &peer), ATC_OK);
    assert_int_equal(put(0, 0, 1, "x"), ATC_OK);
    fleet_net_flush(net);
    expect_peer_gets("x", 0x7f0100fau, &from);
    assert_int_equal(sendto(peer_fd, big, sizeof big, 0, (struct sockaddr *)&from, sizeof from),
                     sizeof big);
    fleet_net_wait(net, 1000);
    assert_true(fleet_net_next(net, &d));
    assert_int_equal(d.len, ATC_MESSAGE_MAX + 1);
}

static void test_addresses_that_cannot_be(void **state)
{
    static const struct {
        struct atc_addr first;
        uint32_t count;
        enum fleet_endpoints endpoints;
        int error;
    } cases[] = {
        {{.family = ATC_FAMILY_NONE}, 1, FLEET_SHARED, EINVAL},
        {{.ip = {127, 0, 0, 1}, .family = ATC_FAMILY_IPV4}, 0, FLEET_SHARED, EINVAL},
        {{.ip = {255, 255, 255, 250}, .family = ATC_FAMILY_IPV4}, 100, FLEET_SHARED, EINVAL},
        {{.ip = {192, 0, 2, 1}, .family = ATC_FAMILY_IPV4}, 1, FLEET_SHARED, EADDRNOTAVAIL},
        {{.ip = {192, 0, 2, 1}, .family = ATC_FAMILY_IPV4}, 1, FLEET_SOCKETS, EADDRNOTAVAIL},
        {{.ip = {127, 255, 255, 250}, .family = ATC_FAMILY_IPV4}, 100, FLEET_SHARED, EADDRNOTAVAIL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        EXPECT(!start(cases[i].endpoints, cases[i].count, &cases[i].first), "case %zu", i);
        EXPECT(errno == cases[i].error, "case %zu: %s", i, strerror(errno));
        free(memory);
        memory = NULL;
    }
}

static void test_peers_of_another_family(void **state)
{
    (void)state;
    assert_true(start(FLEET_SHARED, 2, &first));
    assert_int_equal(fleet_net_open(net, 0, 0, 0, &peer), ATC_OK);
    peer = (struct atc_addr){.ip = {[15] = 1}, .port = 5683, .family = ATC_FAMILY_IPV6};
    assert_int_equal(fleet_net_open(net, 1, 0, 0, &peer), ATC_CAUSE_SOCKET);
    assert_int_equal(put(0, 0, 1, "x"), ATC_CAUSE_SEND);
}

/* Without a descriptor left a client does not open, and one that is closed gives its own back. */
static void test_descriptors_run_out(void **state)
{
    struct rlimit before, low;
    uint32_t open = 0;

    (void)state;
    assert_true(start(FLEET_SOCKETS, 100, &first));
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    low = before;
    low.rlim_cur = 32;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    while (open < 100 && fleet_net_open(net, open, 0, 0, &peer) == ATC_OK)
        open++;
    assert_in_range(open, 1, 31);
    fleet_net_close(net, 0, 0);
    assert_int_equal(fleet_net_open(net, open, 0, 0, &peer), ATC_OK);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void test_ipv6(void **state)
{
    const struct atc_addr here = {.ip = {[15] = 1}, .family = ATC_FAMILY_IPV6};
    struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback}, from;
    socklen_t len = sizeof name;
    char text[10];

    (void)state;
    (void)close(peer_fd);
    peer_fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (peer_fd < 0 || bind(peer_fd, (struct sockaddr *)&name, len) != 0)
        skip(); /* this machine has none */
    assert_int_equal(getsockname(peer_fd, (struct sockaddr *)&name, &len), 0);
    peer = here;
    peer.port = ntohs(name.sin6_port);
    assert_true(start(FLEET_SHARED, 1, &here));
    assert_int_equal(fleet_net_open(net, 0, 0, 0, &peer), ATC_OK);
    assert_int_equal(put(0, 0, 1, "six"), ATC_OK);
    fleet_net_flush(net);
    expect_sent(0, 1, ATC_OK);
    assert_int_equal(recvfrom(peer_fd, text, sizeof text, 0, (struct sockaddr *)&from, &len), 3);
    assert_memory_equal(&from.sin6_addr, &in6addr_loopback, sizeof in6addr_loopback);
    assert_int_equal(sendto(peer_fd, "back", 4, 0, (struct sockaddr *)&from, sizeof from), 4);
    fleet_net_wait(net, 1000);
    expect_comes(0, 0, "back");
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(shared_sockets_tell_modems_by_address),
        TEST(sockets_of_their_own_have_their_addresses),
        TEST(addresses_are_told),
        TEST(without_addresses_the_system_chooses),
        TEST(strays_are_counted),
        TEST(chosen_ports),
        TEST(a_batch_has_an_end),
        TEST(a_batch_is_taken_in_part),
        TEST(errors_of_the_system),
        TEST(icmp_errors_with_shared_sockets),
        TEST(icmp_errors_with_sockets_of_their_own),
        TEST(what_is_too_long_comes_as_one_byte_too_long),
        TEST(addresses_that_cannot_be),
        TEST(peers_of_another_family),
        TEST(descriptors_run_out),
        TEST(ipv6),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
