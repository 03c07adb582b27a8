/* SPDX-License-Identifier: MIT
 *
 * A million datagrams from a hundred thousand sources, two a millisecond, at a module that works on:
 * its host types commands over a port of 115,200 bit/s and sends messages to its own server. Forged
 * answers to those messages are among the flood, and a source of its own now and then is the server.
 *
 * Checked: each command has its final result within 300 ms; each message to the server is delivered;
 * nobody gets more than three times the bytes that came from him, but for the list of resources,
 * which is counted with all others together; there are at most ATC_ANSWER_RATE answers a second; every datagram is accounted for; afterwards the module
 * holds no more than before.
 *
 * And one by one: what is forged changes nothing but a counter.
 *
 * usage: flood [DATAGRAMS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "rng.h"

enum { SOURCES = 100000, DATAGRAMS = 1000000, PER_MS = 2, ANSWER_MS = 300, FACTOR = 3 };
enum { CON, NON, ACK, RST };

/* Bytes that the port takes in a millisecond, in tenths: 115,200 bit/s, ten bits a byte. */
enum { PORT_TENTHS = 115 };

static const struct atc_addr server = {
    .ip = {192, 0, 2, 1}, .port = 5683, .family = ATC_FAMILY_IPV4};

/* One source, and what went to and fro. */
static struct {
    unsigned in, out, listed;
} books[SOURCES];

static struct atc_modem modem;
static const struct atc_dialect *dialect;
static struct rng dice, draws;
static uint64_t now_ms;
static unsigned long long fed, bytes_in, bytes_out, answers;

/* The message to the server that is outstanding, as it left. */
static uint8_t message[64];
static size_t message_len;

static void stop(const char *why, uint64_t number)
{
    (void)fprintf(stderr, "not so: %s, %llu; %s, datagram %llu, at %llu ms\n", why,
                  (unsigned long long)number, dialect == &atc_dialect_bc95 ? "BC95" : "BG96", fed,
                  (unsigned long long)now_ms);
    exit(1);
}

static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    rng_fill(&draws, buf, len);
    return true;
}

static const struct atc_engine *inside(void)
{
    return (const void *)&modem;
}

/* --- the port --------------------------------------------------------------------------------- */

static const char *typing; /* what the port has not taken yet */
static uint64_t typed_ms;  /* when the command was typed; 0: none runs */
static unsigned commands, worst_ms;
static unsigned port_credit; /* tenths of bytes */
static char tail[8];         /* the last bytes that the host got */

static bool ends_with(const char *text)
{
    const size_t len = strlen(text);

    return memcmp(tail + sizeof tail - len, text, len) == 0;
}

static void host_gets(uint8_t byte)
{
    memmove(tail, tail + 1, sizeof tail - 1);
    tail[sizeof tail - 1] = (char)byte;
    if (typed_ms == 0 || !ends_with("OK\r\n"))
        return;
    if (now_ms - typed_ms > worst_ms)
        worst_ms = (unsigned)(now_ms - typed_ms);
    commands++;
    typed_ms = 0;
}

static void drain_port(void)
{
    port_credit += PORT_TENTHS;
    while (port_credit >= 10) {
        size_t len;
        const uint8_t *data = atc_te_peek(&modem, &len);

        if (len == 0) {
            port_credit = 0;
            return;
        }
        host_gets(data[0]);
        atc_te_drop(&modem, 1);
        port_credit -= 10;
    }
}

static void drain_typing(void)
{
    if (typing == NULL || *typing == '\0')
        return;
    typing += atc_te_write(&modem, (const uint8_t *)typing, strlen(typing), now_ms);
}

static void type_command(const char *line)
{
    if (typed_ms != 0)
        stop("a command has no end after ms", now_ms - typed_ms);
    typing = line;
    typed_ms = now_ms;
    drain_typing();
}

/* --- orders ----------------------------------------------------------------------------------- */

static struct atc_addr source_addr(unsigned source)
{
    return (struct atc_addr){.ip = {203, (uint8_t)(source >> 16), (uint8_t)(source >> 8), 7},
                             .port = (uint16_t)(1024 + source % 256u),
                             .family = ATC_FAMILY_IPV4};
}

static unsigned source_of(const struct atc_addr *addr)
{
    return (unsigned)addr->ip[1] << 16 | (unsigned)addr->ip[2] << 8 | (unsigned)(addr->port - 1024);
}

static void feed(const struct atc_addr *from, const uint8_t *data, size_t len)
{
    const struct atc_event event = {
        .kind = ATC_EVENT_DATAGRAM, .peer = *from, .data = data, .len = len};

    atc_event(&modem, &event, now_ms);
}

/* What goes to the server's host is no answer to a source; the CON among it is kept. */
static void carry_out(const struct atc_order *order)
{
    const struct atc_event done = {.kind = ATC_EVENT_DONE, .order = order->id};

    if (order->kind == ATC_ORDER_SEND && order->peer.ip[0] != server.ip[0]) {
        const unsigned source = source_of(&order->peer);

        bytes_out += order->len;
        answers++;
        if (order->len > 2 && order->data[1] == 69) /* 2.05: the list */
            books[source].listed += (unsigned)order->len;
        else
            books[source].out += (unsigned)order->len;
    } else if (order->kind == ATC_ORDER_SEND && (order->data[0] >> 4 & 3) == CON &&
               order->len <= sizeof message) {
        memcpy(message, order->data, order->len);
        message_len = order->len;
    }
    if (order->kind != ATC_ORDER_CLOSE && order->kind != ATC_ORDER_UART)
        atc_event(&modem, &done, now_ms);
}

static void drain_orders(void)
{
    struct atc_order order;

    while (atc_order_next(&modem, &order))
        carry_out(&order);
}

static void pass_ms(unsigned ms)
{
    while (ms-- > 0) {
        now_ms++;
        atc_tick(&modem, now_ms);
        drain_orders();
        drain_typing();
        drain_port();
        drain_orders();
    }
}

/* --- the flood -------------------------------------------------------------------------------- */

static size_t put_header(uint8_t *data, unsigned type, unsigned code, unsigned mid, unsigned tkl)
{
    data[0] = (uint8_t)(0x40 | type << 4 | tkl);
    data[1] = (uint8_t)code;
    data[2] = (uint8_t)(mid >> 8);
    data[3] = (uint8_t)mid;
    rng_fill(&dice, data + 4, tkl);
    return 4 + tkl;
}

static size_t put_bytes(uint8_t *data, size_t at, const void *bytes, size_t len)
{
    memcpy(data + at, bytes, len);
    return at + len;
}

/* A request for a path of one segment, with a payload of so many bytes. */
static size_t put_request(uint8_t *data, unsigned type, unsigned mid, const char *path,
                          size_t payload_len)
{
    const size_t len = strlen(path);
    size_t at = put_header(data, type, 2, mid, rng_below(&dice, 9));

    data[at++] = (uint8_t)(0xb0 | len);
    at = put_bytes(data, at, path, len);
    if (payload_len == 0)
        return at;
    data[at++] = 0xff;
    memset(data + at, 'x', payload_len);
    return at + payload_len;
}

static size_t put_list(uint8_t *data, unsigned mid)
{
    size_t at = put_header(data, CON, 1, mid, 0);

    data[at++] = 0xbb;
    at = put_bytes(data, at, ".well-known", 11);
    data[at++] = 0x04;
    return put_bytes(data, at, "core", 4);
}

/* One of all kinds. Few message IDs, so that there are repeats. */
static size_t put_any(uint8_t *data)
{
    static const uint8_t codes[] = {0, 1, 2, 31, 65, 69, 132, 163, 192, 255};
    const unsigned mid = rng_below(&dice, 500), kind = rng_below(&dice, 20);
    const unsigned payload_len = rng_once_in(&dice, 50) ? rng_below(&dice, 1000) : 8;
    size_t len;

    switch (kind) {
    case 0:
    case 1:
        return put_request(data, CON, mid, "nosuch", payload_len);
    case 2:
    case 3:
        return put_request(data, CON, mid, "t", payload_len);
    case 4:
        return put_request(data, NON, mid, "t", payload_len);
    case 5:
        return put_request(data, NON, mid, "nosuch", payload_len);
    case 6:
        return put_list(data, mid);
    case 7:
        return put_header(data, CON, 0, mid, 0);
    case 8:
        return put_header(data, RST, 0, mid, 0);
    case 9:
        return put_header(data, ACK, 0, mid, 0);
    case 10: /* an option nobody knows, and a critical one */
        len = put_header(data, CON, 1, mid, 2);
        data[len++] = 0xd0;
        data[len++] = (uint8_t)(rng_below(&dice, 100) * 2 + 90);
        return len;
    case 11:
        rng_fill(&dice, data, 40);
        return rng_below(&dice, 41);
    default:
        return put_header(data, rng_below(&dice, 4), codes[rng_below(&dice, sizeof codes)], mid,
                          rng_below(&dice, 9));
    }
}

/* An answer to the message that is outstanding, but for one thing. */
static size_t put_forged(uint8_t *data, struct atc_addr *from)
{
    const unsigned type = rng_below(&dice, 4), what = rng_below(&dice, 3);
    const size_t tkl = message[0] & 15;

    memcpy(data, message, 4 + tkl);
    data[0] = (uint8_t)(0x40 | type << 4 | (type == RST ? 0 : tkl));
    data[1] = type == RST ? 0 : 69;
    if (what == 0)
        from->port = (uint16_t)(from->port + 1);
    else if (type == RST || (type == ACK && what == 1))
        data[3] ^= 1; /* the ID */
    else if (tkl > 0)
        data[4] ^= 1; /* the token */
    return type == RST ? 4 : 4 + tkl;
}

static void flood_one(void)
{
    uint8_t data[2048];
    const unsigned source = rng_below(&dice, SOURCES);
    struct atc_addr from = source_addr(source);
    size_t len;

    if (message_len > 0 && (message[0] & 15) > 0 && rng_once_in(&dice, 10)) {
        from = server;
        len = put_forged(data, &from);
    } else {
        len = put_any(data);
        if (rng_once_in(&dice, 10))
            from = server;
        else
            books[source].in += (unsigned)len;
    }
    bytes_in += len;
    feed(&from, data, len);
    drain_orders();
}

/* --- the work meanwhile ----------------------------------------------------------------------- */

static unsigned delivered;

/* The server's answer, in the ACK. */
static void answer_message(void)
{
    uint8_t data[16];
    const size_t tkl = message[0] & 15;

    memcpy(data, message, 4 + tkl);
    data[0] = (uint8_t)(0x60 | tkl);
    data[1] = 69;
    feed(&server, data, 4 + tkl);
    message_len = 0;
    drain_orders();
}

static void begin_message(void)
{
    const bool bc95 = dialect == &atc_dialect_bc95;

    /* Header, command and payload in one go, as a host does that does not wait for the prompt. */
    type_command(bc95 ? "AT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1a" : "AT+QCOAPSEND=0,0,1,0,0\r");
}

static void end_message(void)
{
    if (message_len == 0)
        stop("SEND, and nothing left", 0);
    if (inside()->session[0].status != ATC_STATUS_WAITING)
        stop("a forged answer counts: status", inside()->session[0].status);
    answer_message();
    if (inside()->session[0].status != ATC_STATUS_SUCCESS)
        stop("the server's answer does not count: status", inside()->session[0].status);
    delivered++;
}

/* In each second: a command, a command, the message, its answer. */
static void work(uint64_t ms)
{
    const bool bc95 = dialect == &atc_dialect_bc95;

    if (ms % 4000 == 0)
        type_command(bc95 ? "AT+QCOAPHEAD=1\r" : "AT+CSQ\r");
    if (ms % 4000 == 1000)
        type_command("AT+CGATT?\r");
    if (ms % 4000 == 2000)
        begin_message();
    if (ms % 4000 == 3000)
        end_message();
}

/* --- before and after ------------------------------------------------------------------------- */

static void say(const char *line)
{
    type_command(line);
    for (unsigned i = 0; i < 1000 && typed_ms != 0; i++)
        pass_ms(1);
    if (typed_ms != 0)
        stop("a command has no end", 0);
}

/* A list as long as it gets: a kilobyte for a request of 21 bytes. */
static void add_resources(void)
{
    char line[96];

    for (unsigned i = 1; i < ATC_RESOURCE_MAX; i++) {
        (void)snprintf(line, sizeof line, "AT+QCOAPADDRES=50,\"telemetry/%040u\"\r", i);
        say(line);
    }
}

static void start(const struct atc_dialect *which)
{
    struct atc_config config = {.dialect = which, .random = fill_random};

    dialect = which;
    memset(books, 0, sizeof books);
    dice.state = 1;
    draws.state = 2;
    now_ms = 1000;
    fed = bytes_in = bytes_out = answers = 0;
    typing = NULL;
    typed_ms = 0;
    message_len = 0;
    commands = worst_ms = delivered = 0;
    atc_settings_default(&config.settings);
    config.settings.echo = ATC_OFF;
    if (atc_init(&modem, &config, now_ms) != 0)
        stop("atc_init()", 0);
    if (dialect == &atc_dialect_bc95) {
        say("AT+QCOAPCREATE=56830\r");
        say("AT+QCOAPADDRES=1,\"t\"\r");
        add_resources();
    } else {
        say("AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    }
}

static unsigned pool_bytes(void)
{
    return (unsigned)(inside()->pool.end - inside()->pool.gaps);
}

/* How every datagram ended: reported, answered, or counted with a reason. */
static uint32_t accounted(void)
{
    uint32_t sum = atc_counter(&modem, ATC_COUNT_DELIVERED) +
                   atc_counter(&modem, ATC_COUNT_ANSWERED) +
                   atc_counter(&modem, ATC_COUNT_DUPLICATE) + atc_counter(&modem, ATC_COUNT_PING) +
                   atc_counter(&modem, ATC_COUNT_NON_RESET) +
                   atc_counter(&modem, ATC_COUNT_POOL_FULL);

    for (unsigned i = ATC_COUNT_DROP_CLOSED; i <= ATC_COUNT_DROP_RATE; i++)
        sum += atc_counter(&modem, (enum atc_count)i);
    return sum;
}

static double worst_factor(void)
{
    double worst = 0;

    for (unsigned i = 0; i < SOURCES; i++)
        if (books[i].out > 0) {
            const double factor = (double)books[i].out / books[i].in;

            worst = factor > worst ? factor : worst;
        }
    return worst;
}

static void run_flood(const struct atc_dialect *which, unsigned long long datagrams)
{
    unsigned before, most = 0;

    start(which);
    before = pool_bytes();
    for (uint64_t ms = 0; fed < datagrams; ms++) {
        work(ms);
        for (unsigned i = 0; i < PER_MS; i++, fed++)
            flood_one();
        pass_ms(1);
        most = pool_bytes() > most ? pool_bytes() : most;
    }
    (void)printf("%s: %llu datagrams, %llu bytes in, %llu out, worst factor of a source %.2f; %u "
                 "commands, the slowest took %u ms; %u messages delivered\n",
                 which == &atc_dialect_bc95 ? "BC95" : "BG96", fed, bytes_in, bytes_out,
                 worst_factor(), commands, worst_ms, delivered);
    for (unsigned i = 0; i < ATC_COUNT_COUNT; i++)
        if (atc_counter(&modem, (enum atc_count)i) > 0)
            (void)printf("  %s %u\n", atc_count_name(i), atc_counter(&modem, (enum atc_count)i));
    if (worst_ms > ANSWER_MS)
        stop("the slowest command took ms", worst_ms);
    if (worst_factor() > (double)FACTOR || bytes_out > FACTOR * bytes_in)
        stop("too much is sent: bytes", bytes_out);
    if (answers > ATC_ANSWER_RATE * (fed / PER_MS / 1000 + 2))
        stop("more answers than a second may have", answers);
    if (accounted() != atc_counter(&modem, ATC_COUNT_RECEIVED))
        stop("datagrams accounted for", accounted());
    if (which == &atc_dialect_bc95 && atc_counter(&modem, ATC_COUNT_ANSWERED) < 1000)
        stop("hardly anything was answered", atc_counter(&modem, ATC_COUNT_ANSWERED));
    if (which == &atc_dialect_bc95 && bytes_out < FACTOR * bytes_in / 100)
        stop("hardly anything was sent: bytes", bytes_out);
    pass_ms(30000);
    say(which == &atc_dialect_bc95 ? "AT+QCOAPDEL\r" : "AT+QCOAPCLOSE=0\r");
    if (pool_bytes() > before)
        stop("bytes of the pool are still in use", pool_bytes());
    (void)printf("  at most %u bytes of the pool in use\n", most);
}

/* --- one by one ------------------------------------------------------------------------------- */

static bool same_but_counters(const struct atc_engine *a, const struct atc_engine *b)
{
    return memcmp(&a->messages, &b->messages, sizeof a->messages) == 0 &&
           memcmp(a->session, b->session, sizeof a->session) == 0 &&
           memcmp(&a->pool, &b->pool, sizeof a->pool) == 0 &&
           memcmp(&a->timers, &b->timers, sizeof a->timers) == 0 &&
           memcmp(&a->line, &b->line, sizeof a->line) == 0 &&
           memcmp(&a->out_queue, &b->out_queue, sizeof a->out_queue) == 0 &&
           memcmp(&a->urc_queue, &b->urc_queue, sizeof a->urc_queue) == 0 &&
           memcmp(a->resource, b->resource, sizeof a->resource) == 0;
}

/* Every kind of forged answer to an outstanding CON, against a snapshot. A CON that is forged may be
 * answered by an RST, which leaves no trace. */
static unsigned check_forged(const struct atc_dialect *which)
{
    static struct atc_modem before;
    unsigned checked = 0;

    start(which);
    say(which == &atc_dialect_bc95 ? "AT+QCOAPHEAD=1\r" : "AT\r");
    begin_message();
    pass_ms(100);
    if (message_len == 0 || (message[0] & 15) == 0)
        stop("nothing left", 0);
    for (unsigned i = 0; i < 1000; i++) {
        struct atc_addr from = server;
        uint8_t data[64];
        const size_t len = put_forged(data, &from);
        const uint32_t sum = accounted();

        memcpy(&before, &modem, sizeof before);
        feed(&from, data, len);
        drain_orders();
        if (!same_but_counters(inside(), (const void *)&before))
            stop("a forged message changes something: type", data[0] >> 4 & 3);
        if (accounted() != sum + 1)
            stop("a forged message is not counted: type", data[0] >> 4 & 3);
        if (i % 20 == 0)
            pass_ms(700); /* few enough a second for the RSTs, and through all retransmissions */
        checked++;
        if (inside()->messages.endpoint[0].waiting == 0)
            break;
    }
    return checked;
}

int main(int argc, char **argv)
{
    const unsigned long long datagrams = argc > 1 ? strtoull(argv[1], NULL, 10) : DATAGRAMS;

    if (datagrams < 10000) {
        (void)fprintf(stderr, "usage: flood [DATAGRAMS]     at least 10000\n");
        return 2;
    }
    (void)printf("%u forged answers, one by one, change nothing\n",
                 check_forged(&atc_dialect_bc95) + check_forged(&atc_dialect_bg96));
    run_flood(&atc_dialect_bc95, datagrams);
    run_flood(&atc_dialect_bg96, datagrams);
    return 0;
}
