/* SPDX-License-Identifier: MIT
 *
 * A fleet on a clock of the test's own: what is due comes in its order and at its time, what a socket
 * says reaches the right modem in its own words, and what one modem meets disturbs no other.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "fleet.h"

/* --- the clock, waiting and sending, played --------------------------------------------------- */

static uint64_t clock_ms;
static unsigned waits; /* calls of epoll_wait() */
static int failing;    /* how sendmmsg() fails with the message whose payload is no! */

int clock_gettime(clockid_t id, struct timespec *now)
{
    (void)id;
    now->tv_sec = (time_t)(clock_ms / 1000u);
    now->tv_nsec = (long)(clock_ms % 1000u) * 1000000;
    return 0;
}

/* If nothing is there, the time passes at once. */
int epoll_wait(int fd, struct epoll_event *events, int max, int timeout_ms)
{
    const int got = (int)syscall(SYS_epoll_pwait, fd, events, max, 0, NULL, 8);

    waits++;
    assert_true(timeout_ms >= 0 || got > 0); /* else it would be for ever */
    if (got == 0)
        clock_ms += (uint64_t)timeout_ms;
    return got;
}

static bool is_doomed(const struct mmsghdr *message)
{
    const struct iovec *piece = message->msg_hdr.msg_iov;

    return failing != 0 && memmem(piece->iov_base, piece->iov_len, "no!", 3) != NULL;
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    unsigned good = 0;

    while (good < count && !is_doomed(&messages[good]))
        good++;
    if (good == 0) {
        errno = failing;
        failing = failing == EAGAIN ? 0 : failing; /* it has room the next time */
        return -1;
    }
    return (int)syscall(SYS_sendmmsg, fd, messages, good, flags);
}

/* --- a fleet and its peer --------------------------------------------------------------------- */

enum { MODEMS = 8, SAID_MAX = 4000 };

static struct fleet *fleet;
static char said[MODEMS][SAID_MAX]; /* by each modem, since it was last asked */
static uint32_t order_of[100];      /* in which they spoke */
static unsigned spoken;
static int peer_fd;
static unsigned peer_port;
static struct atc_config modem_config;
static struct fleet_config config;

static int set_up(void **state)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof name;

    (void)state;
    peer_fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(peer_fd, (struct sockaddr *)&name, len), 0);
    assert_int_equal(getsockname(peer_fd, (struct sockaddr *)&name, &len), 0);
    peer_port = ntohs(name.sin_port);
    memset(&modem_config, 0, sizeof modem_config);
    modem_config.dialect = &atc_dialect_bg96;
    atc_settings_default(&modem_config.settings);
    modem_config.settings.echo = ATC_OFF;
    config = (struct fleet_config){.modem = &modem_config, .seeded = true, .seed = 1};
    config.net.modem_count = MODEMS;
    config.net.endpoints = FLEET_SHARED;
    config.net.first = (struct atc_addr){.ip = {127, 1, 0, 1}, .family = ATC_FAMILY_IPV4};
    config.net.device = "lo";
    clock_ms = 1000000;
    failing = 0;
    memset(said, 0, sizeof said);
    spoken = 0;
    fleet = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (fleet != NULL)
        fleet_close(fleet);
    (void)close(peer_fd);
    return 0;
}

static void collect(void)
{
    uint32_t modem = 0;

    while (fleet_next(fleet, &modem)) {
        size_t len = 0;
        const uint8_t *bytes = NULL;

        while (bytes = fleet_te_peek(fleet, modem, &len), len > 0) {
            assert_true(strlen(said[modem]) + len < SAID_MAX);
            strncat(said[modem], (const char *)bytes, len);
            fleet_te_drop(fleet, modem, len);
        }
        if (spoken < COUNT_OF(order_of))
            order_of[spoken++] = modem;
    }
}

/* So many turns, without waiting. */
static void turn(unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        fleet_turn(fleet, 0);
        collect();
    }
}

/* Until that much time has passed. */
static void run_ms(uint64_t ms)
{
    const uint64_t until_ms = clock_ms + ms;

    while (clock_ms < until_ms) {
        fleet_turn(fleet, (int)(until_ms - clock_ms));
        collect();
    }
}

static void type(uint32_t modem, const char *text)
{
    assert_int_equal(fleet_te_write(fleet, modem, (const uint8_t *)text, strlen(text)),
                     strlen(text));
}

static void expect_said(uint32_t modem, const char *words)
{
    EXPECT(strstr(said[modem], words) != NULL, "modem %u has not said %s but %s", modem, words,
           said[modem]);
    said[modem][0] = '\0';
}

static void open_fleet(void)
{
    assert_int_equal(fleet_open(&fleet, &config), 0);
}

static void connect_modem(uint32_t modem, unsigned port)
{
    char text[60];

    (void)snprintf(text, sizeof text, "AT+QCOAPOPEN=0,\"127.0.0.1\",%u\r", port);
    type(modem, text);
    turn(2);
    expect_said(modem, "+QCOAPOPEN: 0,0\r\n");
}

static void connect_all(void)
{
    open_fleet();
    for (uint32_t i = 0; i < MODEMS; i++)
        connect_modem(i, peer_port);
    spoken = 0;
}

/* A CON POST with that payload. */
static void post(uint32_t modem, const char *payload)
{
    char text[100];

    (void)snprintf(text, sizeof text, "AT+QCOAPSEND=0,0,2,0\r%s\x1a", payload);
    type(modem, text);
}

/* What the peer has got. Returns its length, 0 if nothing. */
static size_t peer_gets(uint8_t *datagram, size_t size, struct sockaddr_in *from)
{
    socklen_t len = sizeof *from;
    const ssize_t got = recvfrom(peer_fd, datagram, size, 0, (struct sockaddr *)from, &len);

    return got > 0 ? (size_t)got : 0;
}

/* The peer answers all it has got with 2.05 and the last byte of the asker's address as payload. Returns
 * how many. */
static unsigned peer_answers(void)
{
    uint8_t m[200];
    struct sockaddr_in from;
    unsigned count = 0;
    size_t len = 0;

    while (len = peer_gets(m, sizeof m, &from), len > 0) {
        const size_t tkl = m[0] & 0xFu;

        m[0] = (uint8_t)(0x60u | tkl);
        m[1] = 0x45;
        m[4 + tkl] = 0xFF;
        m[5 + tkl] = (uint8_t)('0' + (ntohl(from.sin_addr.s_addr) & 0xFFu));
        assert_int_equal(sendto(peer_fd, m, 6 + tkl, 0, (struct sockaddr *)&from, sizeof from),
                         6 + tkl);
        count++;
    }
    return count;
}

/* --- tests ------------------------------------------------------------------------------------ */

static void test_answers_reach_their_askers(void **state)
{
    (void)state;
    connect_all();
    for (uint32_t i = 0; i < MODEMS; i++)
        post(i, "x");
    turn(1);
    assert_int_equal(peer_answers(), MODEMS);
    turn(1);
    for (uint32_t i = 0; i < MODEMS; i++) {
        const char payload[] = {'1', '\r', '\n', (char)('1' + i), '\r', '\n', '\0'};

        EXPECT(strstr(said[i], "OK") < strstr(said[i], "+QCOAPACK: 0,0,"), "modem %u", i);
        expect_said(i, payload);
    }
}

/* Modems that have something to do are served in the order in which they got it. */
static void test_first_come_first_served(void **state)
{
    static const uint32_t order[] = {5, 2, 7, 0};

    (void)state;
    open_fleet();
    turn(1);
    spoken = 0;
    for (unsigned i = 0; i < COUNT_OF(order); i++) {
        type(order[i], "AT\r");
        type(order[0], "AT\r"); /* twice in the list it is not */
    }
    turn(1);
    assert_int_equal(spoken, COUNT_OF(order));
    for (unsigned i = 0; i < COUNT_OF(order); i++)
        assert_int_equal(order_of[i], order[i]);
}

/* Requests that nobody answers: each is sent again at its own time, and the fleet sleeps in between. */
static void test_what_is_due_comes_in_its_order(void **state)
{
    static const uint32_t order[] = {3, 1, 6};
    uint8_t datagram[200];
    struct sockaddr_in from;

    (void)state;
    modem_config.settings.ack_timeout_ms = 1000;
    modem_config.settings.max_retransmit = 1;
    connect_all();
    for (unsigned i = 0; i < COUNT_OF(order); i++) {
        post(order[i], "x");
        run_ms(600); /* more than a time-out may differ: ACK_RANDOM_FACTOR is 1.5 */
        while (peer_gets(datagram, sizeof datagram, &from) > 0) {
        }
    }
    waits = 0;
    spoken = 0;
    run_ms(10000);
    expect_said(3, ",-11\r\n");
    expect_said(1, ",-11\r\n");
    expect_said(6, ",-11\r\n");
    assert_in_range(waits, 6, 20);
    for (unsigned i = 0; i < COUNT_OF(order); i++)
        assert_int_equal(order_of[spoken - COUNT_OF(order) + i], order[i]);
    for (uint32_t i = 0; i < MODEMS; i++)
        assert_int_equal(atc_counter(fleet_modem(fleet, i), ATC_COUNT_RETRANSMITTED),
                         i == 3 || i == 1 || i == 6);
}

/* A time-out that was stopped costs one look, not more. */
static void test_a_stopped_time_out_is_looked_at_once(void **state)
{
    (void)state;
    connect_all();
    for (unsigned i = 0; i < 20; i++) {
        post(4, "x");
        turn(1);
        assert_int_equal(peer_answers(), 1);
        turn(1);
    }
    waits = 0;
    run_ms(100000);
    assert_in_range(waits, 1, 3);
}

/* One of the batch is refused by the system: it alone fails, at once, with the cause of a SEND. */
static void test_a_refused_datagram_fails_its_own_modem(void **state)
{
    static const int errors[] = {EMSGSIZE, ENOBUFS, ENETUNREACH};

    (void)state;
    connect_all();
    for (unsigned e = 0; e < COUNT_OF(errors); e++) {
        failing = errors[e];
        for (uint32_t i = 0; i < MODEMS; i++)
            post(i, i == 2 ? "no!" : "x");
        turn(1);
        assert_int_equal(peer_answers(), MODEMS - 1);
        turn(1);
        EXPECT(strstr(said[2], "+QCOAPRECV") == NULL, "%s", said[2]);
        expect_said(2, ",-11\r\n");
        for (uint32_t i = 0; i < MODEMS; i++) {
            if (i != 2)
                expect_said(i, "+QCOAPRECV: 0,");
        }
    }
}

/* The socket is full in the middle: nothing is lost, and the order stays. */
static void test_a_full_socket_is_waited_for(void **state)
{
    (void)state;
    connect_all();
    failing = EAGAIN;
    for (uint32_t i = 0; i < MODEMS; i++)
        post(i, i == 2 ? "no!" : "x");
    turn(1); /* the second half of it finds that there is room */
    type(2, "AT\r");
    turn(1);
    assert_int_equal(peer_answers(), MODEMS);
    turn(2);
    for (uint32_t i = 0; i < MODEMS; i++)
        expect_said(i, "+QCOAPRECV: 0,");
    assert_int_equal(fleet_counts(fleet)->waits, 1);
}

/* An ICMP error changes nothing (RFC 7252 4.2): the CON goes on by its timers, the others are well. */
static void icmp(void)
{
    open_fleet();
    for (uint32_t i = 0; i < MODEMS; i++)
        connect_modem(i, i == 2 ? 9 : peer_port); /* nobody listens at port 9 */
    for (unsigned round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MODEMS; i++) {
            if (i != 2 || round == 0)
                post(i, "x");
        }
        turn(1);
        assert_int_equal(peer_answers(), MODEMS - 1);
        turn(2);
        for (uint32_t i = 0; i < MODEMS; i++) {
            if (i != 2)
                expect_said(i, "+QCOAPRECV: 0,");
        }
    }
    EXPECT(strstr(said[2], ",-11") == NULL, "%s", said[2]);
    run_ms(200000);
    assert_int_equal(atc_counter(fleet_modem(fleet, 2), ATC_COUNT_RETRANSMITTED), 5);
    expect_said(2, ",-11\r\n");
}

static void test_icmp_errors_with_a_shared_socket(void **state)
{
    (void)state;
    icmp();
}

static void test_icmp_errors_with_a_socket_each(void **state)
{
    (void)state;
    config.net.endpoints = FLEET_SOCKETS;
    icmp();
}

/* --- the hooks -------------------------------------------------------------------------------- */

static uint32_t asked_modem, asked_order;
static bool at_once;

static void resolve(uint32_t order)
{
    struct atc_event event = {.kind = ATC_EVENT_RESOLVED, .order = order};

    event.peer = (struct atc_addr){.ip = {127, 0, 0, 1}, .family = ATC_FAMILY_IPV4};
    fleet_event(fleet, asked_modem, &event);
}

static bool take_order(void *ctx, uint32_t modem, const struct atc_order *order)
{
    assert_ptr_equal(ctx, &asked_order);
    if (order->kind != ATC_ORDER_RESOLVE)
        return false;
    assert_memory_equal(order->data, "coap.example", order->len);
    asked_modem = modem;
    asked_order = order->id;
    if (at_once)
        resolve(order->id);
    return true;
}

static void test_the_hook_answers_at_once_or_later(void **state)
{
    (void)state;
    config.order = take_order;
    config.ctx = &asked_order;
    open_fleet();
    for (unsigned i = 0; i < 2; i++) {
        at_once = i == 0;
        asked_order = 0;
        type(3 + i, "AT+QCOAPOPEN=0,\"coap.example\",5683\r");
        turn(2);
        assert_int_equal(asked_modem, 3 + i);
        if (!at_once) {
            EXPECT(strstr(said[4], "+QCOAPOPEN: 0,") == NULL, "%s", said[4]);
            resolve(asked_order);
            turn(2);
        }
        expect_said(3 + i, "+QCOAPOPEN: 0,0\r\n");
    }
}

static void test_without_the_hook_orders_fail(void **state)
{
    (void)state;
    open_fleet();
    type(1, "AT+QCOAPOPEN=0,\"coap.example\",5683\r");
    turn(2);
    expect_said(1, "+QCOAPOPEN: 0,-");
    type(1, "AT+QFLST\r");
    turn(2);
    expect_said(1, "ERROR");
    type(1, "AT+IPR=9600\r"); /* an order that nobody answers */
    turn(1);
    type(1, "AT\r");
    turn(1);
    expect_said(1, "OK\r\n\r\nOK\r\n");
}

static char imeis[MODEMS][16];

static void number_modem(void *ctx, uint32_t modem, struct atc_config *c)
{
    (void)ctx;
    (void)snprintf(imeis[modem], sizeof imeis[modem], "86370303000%04u", modem);
    c->imei = imeis[modem];
}

static void test_modems_may_differ(void **state)
{
    (void)state;
    config.prepare = number_modem;
    open_fleet();
    type(0, "AT+CGSN\r");
    type(7, "AT+CGSN\r");
    turn(1);
    expect_said(0, "863703030000000");
    expect_said(7, "863703030000007");
}

/* --- start ------------------------------------------------------------------------------------ */

/* The first datagram of modem 0, its token being drawn. */
static size_t first_datagram(uint8_t *datagram, size_t size)
{
    struct sockaddr_in from;

    connect_all();
    post(0, "x");
    turn(1);
    fleet_close(fleet);
    fleet = NULL;
    return peer_gets(datagram, size, &from);
}

static void test_a_seed_repeats_and_none_does_not(void **state)
{
    uint8_t a[100], b[100], c[100];
    const size_t len = first_datagram(a, sizeof a);

    (void)state;
    assert_in_range(len, 6, 30);
    assert_int_equal(first_datagram(b, sizeof b), len);
    assert_memory_equal(a, b, len);
    config.seeded = false;
    (void)first_datagram(c, sizeof c);
    assert_memory_not_equal(a, c, len);
}

static void test_what_cannot_start(void **state)
{
    (void)state;
    config.net.modem_count = 0;
    assert_int_equal(fleet_open(&fleet, &config), ATC_E_CONFIG);
    config.net.modem_count = FLEET_MODEM_LIMIT;
    assert_int_equal(fleet_open(&fleet, &config), ATC_E_CONFIG);
    config.net.modem_count = MODEMS;
    modem_config.settings.nstart = 0;
    assert_int_equal(fleet_open(&fleet, &config), ATC_E_CONFIG);
    modem_config.settings.nstart = 1;
    config.net.first.ip[0] = 192; /* 192.1.0.1, of which this machine has none */
    assert_int_equal(fleet_open(&fleet, &config), FLEET_E_SYSTEM);
    assert_int_equal(errno, EADDRNOTAVAIL);
    assert_null(fleet);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_reach_their_askers),
        TEST(first_come_first_served),
        TEST(what_is_due_comes_in_its_order),
        TEST(a_stopped_time_out_is_looked_at_once),
        TEST(a_refused_datagram_fails_its_own_modem),
        TEST(a_full_socket_is_waited_for),
        TEST(icmp_errors_with_a_shared_socket),
        TEST(icmp_errors_with_a_socket_each),
        TEST(the_hook_answers_at_once_or_later),
        TEST(without_the_hook_orders_fail),
        TEST(modems_may_differ),
        TEST(a_seed_repeats_and_none_does_not),
        TEST(what_cannot_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
