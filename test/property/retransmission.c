/* SPDX-License-Identifier: MIT
 *
 * A CON that nobody acknowledges (RFC 7252 4.2): sent again the same, byte for byte, MAX_RETRANSMIT
 * times; the first wait between ACK_TIMEOUT and one and a half of it, each further one twice the one
 * before; then the host is told. For every setting of "trans", and with a shell that sleeps too
 * long: then no two are closer than ACK_TIMEOUT, and none goes out behind MAX_TRANSMIT_SPAN. An ACK,
 * an RST, a response at any point ends it.
 */
#include <stdlib.h>

#include "bench.h"
#include "check.h"
#include "seeds.h"

enum { SENDS_MAX = 16 };

static struct bench b;

/* When the datagrams of the order log were sent, and that they are all the same. Returns how many. */
static unsigned read_sends(uint64_t *at_ms)
{
    const char *line = b.orders.text;
    char first[256] = "";
    unsigned count = 0;

    for (; line != NULL && *line != '\0'; line = strchr(line, '\n') + 1) {
        const char *data = strstr(line, " data ");
        const size_t len = (size_t)(strchr(line, '\n') - data);

        if (strncmp(strchr(line, ' '), " send ", 6) != 0)
            continue;
        assert_true(count < SENDS_MAX && len < sizeof first);
        if (count == 0)
            memcpy(first, data, len);
        EXPECT(memcmp(first, data, len) == 0, "%.*s is not %s", (int)len, data, first);
        at_ms[count++] = strtoull(line, NULL, 10);
    }
    return count;
}

/* A BG96 with those settings of "trans" that has just sent a CON GET. */
static void send_con(uint64_t seed, unsigned timeout_s, unsigned retries)
{
    char line[64];

    bench_new(&b, &atc_dialect_bg96, seed);
    (void)snprintf(line, sizeof line, "AT+QCOAPCFG=\"trans\",0,%u,%u\r", timeout_s, retries);
    (void)bench_type(&b, line);
    (void)bench_type(&b, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&b);
    b.orders.len = 0;
    (void)bench_type(&b, "AT+QCOAPSEND=0,0,1,0,0\r");
}

static unsigned count_of(const char *text, const char *what)
{
    unsigned count = 0;

    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        count++;
    return count;
}

static void check_undisturbed(uint64_t seed)
{
    struct rng rng = {seed};
    const unsigned timeout_s = 2 + rng_below(&rng, 59), retries = 4 + rng_below(&rng, 5);
    uint64_t at_ms[SENDS_MAX], wait_ms;

    send_con(seed, timeout_s, retries);
    wait_ms = atc_deadline_ms(&b.m) - b.now_ms;
    EXPECT(wait_ms >= 1000 * timeout_s && wait_ms <= 1500 * timeout_s, "first wait %u ms",
           (unsigned)wait_ms);
    bench_run(&b, (wait_ms << (retries + 1)) - wait_ms - 1);
    EXPECT(read_sends(at_ms) == retries + 1, "%u sends", read_sends(at_ms));
    for (unsigned i = 0; i < retries; i++)
        EXPECT(at_ms[i + 1] - at_ms[i] == wait_ms << i, "wait %u", i);
    EXPECT(count_of(b.te.text, "+QCOAPIND: 0,0,") == retries, "%s", b.te.text);
    EXPECT(count_of(b.te.text, "+QCOAPACK: ") == 0, "told too early: %s", b.te.text);
    bench_run(&b, 1);
    EXPECT(count_of(b.te.text, ",-11\r\n") == 1, "told at last: %s", b.te.text);
    bench_run(&b, 100000000);
    EXPECT(read_sends(at_ms) == retries + 1, "silence behind it");
}

/* The shell wakes up when it likes. */
static void check_D_102_asleep(uint64_t seed)
{
    struct rng rng = {seed};
    const unsigned timeout_s = 2 + rng_below(&rng, 10), retries = 4 + rng_below(&rng, 5);
    const uint64_t span_ms = 1500 * timeout_s * ((1u << retries) - 1u);
    uint64_t at_ms[SENDS_MAX];
    unsigned count;

    send_con(seed, timeout_s, retries);
    for (unsigned i = 0; i < 3000 && count_of(b.te.text, ",-11\r\n") == 0; i++) {
        b.now_ms += rng_once_in(&rng, 4) ? rng_below(&rng, 1000000) : rng_below(&rng, 20000);
        bench_pump(&b);
    }
    EXPECT(count_of(b.te.text, ",-11\r\n") == 1, "told: %s", b.te.text);
    count = read_sends(at_ms);
    EXPECT(count <= retries + 1, "%u sends", count);
    for (unsigned i = 1; i < count; i++) {
        EXPECT(at_ms[i] - at_ms[i - 1] >= 1000 * timeout_s, "only %u ms apart",
               (unsigned)(at_ms[i] - at_ms[i - 1]));
        EXPECT(at_ms[i] - at_ms[0] <= span_ms, "%u ms behind the first",
               (unsigned)(at_ms[i] - at_ms[0]));
    }
}

/* A shell that is always late, by less than a second: every retransmission goes out, and lateness
 * does not add up. */
static void check_D_102_late(uint64_t seed)
{
    struct rng rng = {seed};
    const unsigned timeout_s = 2 + rng_below(&rng, 10), retries = 4 + rng_below(&rng, 5);
    const uint64_t span_ms = 1500 * timeout_s * ((1u << retries) - 1u);
    uint64_t at_ms[SENDS_MAX], due_ms, wait_ms;
    unsigned count;

    send_con(seed, timeout_s, retries);
    wait_ms = atc_deadline_ms(&b.m) - b.now_ms;
    due_ms = b.now_ms;
    while (count_of(b.te.text, "+QCOAPACK: ") == 0) {
        b.now_ms += rng_below(&rng, 1000);
        bench_pump(&b);
    }
    count = read_sends(at_ms);
    for (unsigned i = 1; i < count; i++) {
        due_ms += wait_ms << (i - 1);
        EXPECT(at_ms[i] >= due_ms && at_ms[i] < due_ms + 1000, "retransmission %u", i);
    }
    /* The last may be left out if it is so late that the span is over. */
    due_ms += wait_ms << (count - 1);
    EXPECT(count == retries + 1 || (count == retries && due_ms + 1000 > at_ms[0] + span_ms),
           "%u sends", count);
}

/* What ends a CON: an empty ACK, an RST, a response in an ACK, in a CON, in a NON. */
static void answer(unsigned how)
{
    static const uint8_t types[] = {0x60, 0x70, 0x60, 0x40, 0x50};
    const struct bench_datagram *d = bench_sent(&b, 0);
    const size_t tkl = how < 2 ? 0 : d->data[0] & 15u;
    uint8_t data[12];

    memcpy(data, d->data, 4 + tkl);
    data[0] = (uint8_t)(types[how] | tkl);
    data[1] = how < 2 ? 0 : 69;
    data[2] = (uint8_t)(data[2] ^ (how < 3 ? 0 : 0x55));
    bench_datagram(&b, 0, &bench_server, data, 4 + tkl);
    bench_pump(&b);
}

/* Any of them, at any time, even at the very moment of the next retransmission. */
static void check_answered(uint64_t seed)
{
    struct rng rng = {seed};
    const unsigned how = rng_below(&rng, 5);
    uint64_t at_ms[SENDS_MAX];
    unsigned sends, resends;

    send_con(seed, 2, 5);
    bench_run(&b, rng_below(&rng, 60000));
    if (rng_once_in(&rng, 3))
        b.now_ms = atc_deadline_ms(&b.m);
    answer(how);
    resends = atc_counter(&b.m, ATC_COUNT_RETRANSMITTED);
    EXPECT(count_of(b.te.text, "+QCOAPACK: 0,0,") == 1, "%u: %s", how, b.te.text);
    EXPECT(count_of(b.te.text, how == 1 ? ",-3\r\n" : ",0\r\n") >= 1, "%u: %s", how, b.te.text);
    EXPECT(count_of(b.te.text, "+QCOAPRECV: ") == (how >= 2), "%u: %s", how, b.te.text);
    bench_run(&b, 1000000);
    EXPECT(atc_counter(&b.m, ATC_COUNT_RETRANSMITTED) == resends, "sent again");
    EXPECT(count_of(b.te.text, "+QCOAPACK: ") == 1, "told twice: %s", b.te.text);
    if (how != 3) {
        sends = read_sends(at_ms);
        /* One that was due at this moment need not have left. */
        EXPECT(sends == resends + 1 || sends == resends, "%u sends, %u again", sends, resends);
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"a CON nobody acknowledges", check_undisturbed, 200},
        {"a CON and a shell that sleeps", check_D_102_asleep, 300},
        {"a CON and a shell that is late", check_D_102_late, 200},
        {"a CON answered at any time", check_answered, 500},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
