/* SPDX-License-Identifier: MIT
 *
 * The matrix of faults: 7 losses x 3 shares of copies x 4 jitters x 3 delays are 252 networks; on
 * each of them both modules send CON and NON under four settings of the retransmission, in the clear
 * and, where the module has it, under real DTLS.
 *
 * A model beside the modem reads the wire with a decoder of its own and says what the TE must be
 * told; what it is told is compared with that, message by message. How many get through is compared
 * with the share that the losses alone predict.
 *
 * usage: matrix [SENDS [SEED]]     messages in each of the 6048 runs, and the seed of the first; ends
 *                                  with status 1 at the first thing that is not so, and names the run
 */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "check.h"
#include "lab.h"

enum { SENDS_MAX = 60, SENDS_DEFAULT = 6, FREE_PORT = 56830, MS = 1000 };
enum { CON, NON, ACK, RST };
enum { HANDSHAKE_JITTER_MS = 12500 }; /* six ways of it take longer than OPEN waits */
enum { SEPARATE_EACH = 3 }; /* of so many messages one is for /separate, the others for /echo */

static const unsigned losses[] = {0, 1, 5, 10, 20, 40, 70};  /* percent, each way */
static const unsigned copies[] = {0, 10, 50};                /* percent */
static const unsigned jitters_ms[] = {0, 1000, 5000, 20000}; /* further delay, up to */
static const unsigned delays_ms[] = {5, 300, 2500};          /* each way */
static const struct trans {
    unsigned timeout_s, retransmits;
} transes[] = {{2, 4}, {2, 5}, {4, 5}, {60, 8}};

/* One run: a module on one of the networks. */
struct run {
    unsigned loss, copy, jitter_ms, delay_ms;
    const struct trans *trans;
    unsigned trans_index, loss_index;
    bool non, secure, bc95;
    uint64_t seed;
    unsigned sends;
};

/* A message of ours, as the wire shows it. */
struct message {
    uint16_t mid;
    uint8_t token_len;
    uint8_t token[8];
    unsigned connection;
    unsigned times;             /* it left */
    uint64_t first_ms, last_ms; /* when */
    uint64_t wait_ms;           /* from the last one but one to the last */
    bool waits;                 /* for an ACK */
    bool acked, failed;
    bool by_ack;       /* it was an ACK that came */
    bool open;         /* for a response */
    bool answered;     /* one has come: the TE must be told, once */
    bool received;     /* the server has got it */
    bool separate;     /* a CON of the server's has come with the response */
    uint16_t peer_mid; /* its ID */
};

/* What one share of the matrix has come to. */
struct tally {
    unsigned sends, good;
    double expected, variance;
};

static struct lab lab;
static struct run run;
static struct message messages[SENDS_MAX];
static unsigned message_count, connection;
static struct message *sending; /* what the TE has just given; NULL: nothing new may leave */
static unsigned requests_expected;
static uint64_t span_ms, lifetime_ms;

static struct tally tallies[COUNT_OF(losses)][COUNT_OF(transes)][2][2]; /* NON, secure */
static unsigned long long runs, sent, datagrams, repeats, shakes, shakes_failed, timeouts;

static void fail_run(const char *format, ...)
{
    va_list args;

    (void)fprintf(stderr,
                  "not so: loss %u%%, copies %u%%, jitter %u ms, delay %u ms, trans %u,%u, %s, %s, "
                  "%s, seed %llu, message %u, at %llu ms: ",
                  run.loss, run.copy, run.jitter_ms, run.delay_ms, run.trans->timeout_s,
                  run.trans->retransmits, run.non ? "NON" : "CON", run.secure ? "DTLS" : "plain",
                  run.bc95 ? "BC95" : "BG96", (unsigned long long)run.seed, message_count,
                  (unsigned long long)lab.now_ms);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fprintf(stderr, "\n--- the TE got:\n%s\n",
                  lab.text_len > 3000 ? lab.text + lab.text_len - 3000 : lab.text);
    exit(1);
}

#define REQUIRE(condition, ...)    \
    do {                           \
        if (!(condition))          \
            fail_run(__VA_ARGS__); \
    } while (0)

/* --- the wire --------------------------------------------------------------------------------- */

static struct message *find_by_mid(uint16_t mid)
{
    for (unsigned i = message_count; i-- > 0;)
        if (messages[i].times > 0 && messages[i].mid == mid && messages[i].connection == connection)
            return &messages[i];
    return NULL;
}

static struct message *find_by_token(const struct sim_coap *m)
{
    for (unsigned i = message_count; i-- > 0;)
        if (messages[i].times > 0 && messages[i].token_len == m->token_len &&
            memcmp(messages[i].token, m->token, m->token_len) == 0)
            return &messages[i];
    return NULL;
}

static void leaves_first(const struct sim_coap *m)
{
    struct message *before = find_by_mid(m->mid);

    REQUIRE(sending != NULL, "a new message %u leaves unasked", m->mid);
    REQUIRE(before == NULL || lab.now_ms - before->first_ms >= lifetime_ms,
            "message ID %u is used again after %llu ms", m->mid,
            (unsigned long long)(lab.now_ms - (before != NULL ? before->first_ms : 0)));
    REQUIRE(find_by_token(m) == NULL, "a token is used again");
    sending->mid = m->mid;
    sending->token_len = m->token_len;
    memcpy(sending->token, m->token, m->token_len);
    sending->connection = connection;
    sending->times = 1;
    sending->first_ms = sending->last_ms = lab.now_ms;
    sending->waits = m->type == CON;
    sending->open = true;
    sending = NULL;
}

/* Source: RFC 7252 4.2, 4.8. */
static void leaves_again(struct message *x, const struct sim_coap *m)
{
    const uint64_t wait_ms = lab.now_ms - x->last_ms;
    const uint64_t timeout_ms = run.trans->timeout_s * (uint64_t)MS;

    REQUIRE(m->type == CON, "NON %u leaves again", m->mid);
    REQUIRE(x->waits, "CON %u leaves again though it is settled", m->mid);
    REQUIRE(lab.now_ms - x->first_ms <= span_ms, "CON %u leaves after MAX_TRANSMIT_SPAN", m->mid);
    REQUIRE(x->times <= run.trans->retransmits, "CON %u leaves too often", m->mid);
    if (x->times == 1)
        REQUIRE(wait_ms >= timeout_ms && wait_ms <= timeout_ms * 3 / 2, "first wait %llu ms",
                (unsigned long long)wait_ms);
    else
        REQUIRE(wait_ms == 2 * x->wait_ms, "a wait of %llu ms behind one of %llu ms",
                (unsigned long long)wait_ms, (unsigned long long)x->wait_ms);
    x->wait_ms = wait_ms;
    x->last_ms = lab.now_ms;
    x->times++;
}

/* A CON of the server's is acknowledged, each time it comes, unless nobody waits for it any more. */
static void answers(const struct sim_coap *m)
{
    for (unsigned i = 0; i < message_count; i++) {
        const struct message *x = &messages[i];

        if (!x->separate || x->peer_mid != m->mid)
            continue;
        REQUIRE(m->type == ACK || x->failed, "a response is reset though it was waited for");
        REQUIRE(m->type == RST || !x->failed, "a response is acknowledged that nobody waits for");
        return;
    }
    fail_run("type %u for %u leaves, and nobody asked", m->type, m->mid);
}

static void leaves(const struct sim_coap *m)
{
    struct message *x;

    datagrams++;
    if (m->type == ACK || m->type == RST) {
        answers(m);
        return;
    }
    x = find_by_mid(m->mid);
    if (x != NULL && sending == NULL)
        leaves_again(x, m);
    else
        leaves_first(m);
}

static void at_peer(const struct sim_coap *m)
{
    struct message *x = find_by_mid(m->mid);

    if (m->type == ACK || m->type == RST)
        return;
    REQUIRE(x != NULL, "%u arrives, which never left", m->mid);
    repeats += x->received;
    requests_expected += !x->received;
    x->received = true;
}

static void acknowledged(struct message *x, bool by_ack)
{
    if (!x->waits)
        return;
    x->waits = false;
    x->acked = true;
    x->by_ack = by_ack;
}

static void at_modem(const struct sim_coap *m)
{
    struct message *x = m->type == ACK ? find_by_mid(m->mid) : find_by_token(m);

    datagrams++;
    if (x != NULL && m->type == CON) {
        x->separate = true;
        x->peer_mid = m->mid;
    }
    if (x == NULL || (m->type == ACK && x->failed))
        return;
    if (m->code == 0) {
        acknowledged(x, true);
        return;
    }
    if (!x->open)
        return; /* told already, or given up */
    acknowledged(x, m->type == ACK);
    x->open = false;
    x->answered = true;
}

static void on_message(void *ctx, enum lab_place place, const uint8_t *data, size_t len)
{
    struct sim_coap m;

    (void)ctx;
    REQUIRE(sim_coap_parse(&m, data, len) == 0, "what is on the wire is no CoAP");
    switch (place) {
    case LAB_LEFT:
        leaves(&m);
        break;
    case LAB_AT_PEER:
        at_peer(&m);
        break;
    case LAB_AT_MODEM:
        at_modem(&m);
        break;
    }
}

/* --- the TE ----------------------------------------------------------------------------------- */

/* How often the text stands in what the TE got. */
static unsigned count(const char *text)
{
    unsigned times = 0;

    for (const char *at = lab.text; (at = strstr(at, text)) != NULL; at++)
        times++;
    return times;
}

/* A line that succeeds, with exactly one final result. */
static const char *command(const char *format, ...)
{
    char line[160];
    va_list args;
    const unsigned before = lab.finals;
    const char *reply;

    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    reply = lab_type(&lab, line);
    REQUIRE(lab.finals == before + 1, "%u final results behind %s", lab.finals - before, line);
    REQUIRE(strstr(reply, "\r\nOK\r\n") != NULL && strstr(reply, "ERROR") == NULL, "%s: %s", line,
            reply);
    return reply;
}

static bool is_separate(unsigned index)
{
    return index % SEPARATE_EACH == SEPARATE_EACH - 1;
}

static void send_message(unsigned index)
{
    const bool separate = is_separate(index);
    const unsigned type = run.non ? NON : CON, code = separate ? 1 : 2;
    char payload[16], line[96];
    const char *reply;
    unsigned before;

    (void)snprintf(payload, sizeof payload, "m%u\x1a", index);
    if (run.bc95) {
        (void)command("AT+QCOAPHEAD=2,4,%08X\r", 0xC0DE0000u + index);
        (void)command("AT+QCOAPOPTION=1,11,\"%s\"\r", separate ? "separate" : "echo");
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=%u,%u,192.0.2.1,5683\r", type, code);
    } else {
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,%u,%u,%u\r", type, code,
                       separate ? 2u : 1u);
    }
    before = lab.finals;
    message_count++;
    memset(&messages[index], 0, sizeof messages[index]);
    reply = lab_type(&lab, line);
    REQUIRE(strchr(reply, '>') != NULL, "no prompt: %s", reply);
    sending = &messages[index];
    reply = lab_type(&lab, separate ? "\x1a" : payload);
    REQUIRE(lab.finals == before + 1 && strstr(reply, "\r\nOK\r\n") != NULL, "SEND: %s", reply);
    REQUIRE(messages[index].times == 1, "SEND said OK, and nothing left");
    sent++;
}

/* --- the end of a message --------------------------------------------------------------------- */

enum outcome { PENDING = 1, LOST_LOCALLY, TIMED_OUT, DELIVERED, RESET };

static enum outcome outcome_bg96(const struct message *x)
{
    char head[40];
    const char *line;

    (void)snprintf(head, sizeof head, "+QCOAPACK: 0,%u,%u,", run.non ? NON : CON, x->mid);
    line = strstr(lab.text, head);
    if (line == NULL)
        return PENDING;
    REQUIRE(count(head) == 1, "%s comes twice", head);
    line += strlen(head);
    return *line == '0' ? DELIVERED : strncmp(line, "-11", 3) == 0 ? TIMED_OUT : RESET;
}

/* A status that was read is taken out of the TE's text, so that it stays readable. */
static enum outcome outcome_bc95(const struct message *x)
{
    const size_t before = lab.text_len;
    const char *status;
    enum outcome outcome;

    (void)x;
    if (run.non)
        return DELIVERED;
    status = strstr(command("AT+QCOAPDATASTATUS?\r"), "STATUS: ");
    REQUIRE(status != NULL, "no status");
    outcome = (enum outcome)(status[8] - '0');
    lab.text_len = before;
    lab.text[before] = '\0';
    return outcome;
}

static enum outcome outcome_of(const struct message *x)
{
    return run.bc95 ? outcome_bc95(x) : outcome_bg96(x);
}

/* The retransmissions that the TE was told of. */
static void check_indications(const struct message *x)
{
    char head[40];

    (void)snprintf(head, sizeof head, "+QCOAPIND: 0,0,%u,", x->mid);
    if (!run.bc95)
        REQUIRE(count(head) == x->times - 1, "%u retransmissions, but %u of %s", x->times - 1,
                count(head), head);
}

/* Wait for the end that the TE is told, and compare it with the wire at each step. */
static void await_end(struct message *x)
{
    const uint64_t limit_ms = lab.now_ms + 3 * span_ms;
    enum outcome outcome = outcome_of(x);

    while (outcome == PENDING) {
        REQUIRE(x->waits, "the wire has settled it, the TE is not told");
        REQUIRE(lab_step(&lab, limit_ms), "message %u has no end", x->mid);
        outcome = outcome_of(x);
    }
    if (run.non) {
        REQUIRE(outcome == DELIVERED, "NON %u has not left", x->mid);
        return;
    }
    REQUIRE(outcome == DELIVERED || outcome == TIMED_OUT, "outcome %u", outcome);
    REQUIRE((outcome == DELIVERED) == x->acked, "the TE is told %u, the wire says %u", outcome,
            x->acked);
    if (outcome == TIMED_OUT) {
        REQUIRE(x->times == run.trans->retransmits + 1, "given up after %u times", x->times);
        REQUIRE(lab.now_ms - x->last_ms == 2 * x->wait_ms, "given up too early or late");
        x->waits = x->open = false;
        x->failed = true;
        timeouts++;
    }
    check_indications(x);
}

/* --- the whole run ---------------------------------------------------------------------------- */

/* BG96 names the token in its report; BC95 the message ID of what bears the response. */
static unsigned responses_of(const struct message *x)
{
    unsigned times = 0;
    char token[17] = "", mark[24];

    for (unsigned i = 0; i < x->token_len; i++)
        (void)snprintf(token + 2 * i, 3, "%02X", x->token[i]);
    (void)snprintf(mark, sizeof mark, ",%s,", token);
    for (const char *at = lab.text; (at = strstr(at, "+QCOAPRECV: ")) != NULL; at++) {
        const char *end = strchr(at + 1, '\n'), *found = strstr(at, mark);
        times += found != NULL && end != NULL && found < end;
    }
    return times;
}

/* Lines of "rsp" that bear a response: those of empty ACKs show the code 0. */
static unsigned responses_bc95(void)
{
    unsigned times = 0;

    for (const char *at = lab.text; (at = strstr(at, "\"rsp\",")) != NULL; at++)
        times += strncmp(at + strlen("\"rsp\",2"), ",0,", 3) != 0;
    return times;
}

/* ACKs that BC95 tells of, one line each: as many as have settled a message. */
static void check_acks_bc95(void)
{
    unsigned expected = 0;

    for (unsigned i = 0; i < message_count; i++) {
        char empty[32];

        expected += messages[i].by_ack;
        (void)snprintf(empty, sizeof empty, "\"rsp\",2,0,%u\r", messages[i].mid);
        REQUIRE(count(empty) <= 1, "%s twice", empty);
    }
    REQUIRE(count("\"rsp\",2,") == expected, "%u ACKs told of, %u came", count("\"rsp\",2,"),
            expected);
}

static void check_responses(void)
{
    unsigned expected = 0;

    for (unsigned i = 0; i < message_count; i++) {
        const struct message *x = &messages[i];

        expected += x->answered;
        if (!run.bc95)
            REQUIRE(responses_of(x) == x->answered, "message %u: %u responses told of, came: %u",
                    x->mid, responses_of(x), x->answered);
    }
    if (run.bc95) {
        REQUIRE(responses_bc95() == expected, "%u responses told of, %u came", responses_bc95(),
                expected);
        check_acks_bc95();
    }
    REQUIRE(lab.peer.counts.requests == requests_expected, "the server acted %u times, not %u",
            lab.peer.counts.requests, requests_expected);
    REQUIRE(lab.peer.counts.overflow == 0 && lab.peer.counts.malformed == 0, "the server's tables");
}

static void bad_link(void)
{
    char text[160];
    const unsigned half_ms = run.jitter_ms / 2;

    (void)snprintf(text, sizeof text, "loss=%u%%,dup=%u%%,delay=%u:%u", run.loss, run.copy,
                   run.delay_ms, run.delay_ms + half_ms);
    if (half_ms > 0) /* half of the jitter keeps the order, the other half does not */
        (void)snprintf(text + strlen(text), sizeof text - strlen(text),
                       ",reorder=50%%,reorder-by=%u", half_ms);
    lab_link(&lab, text);
}

static bool open_bg96(void)
{
    const char *reply = command("AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");

    for (const char *at; (at = strstr(reply, "+QCOAPOPEN: 0,")) == NULL;)
        if (!lab_step(&lab, lab.now_ms + 400 * MS))
            break;
    REQUIRE(strstr(reply, "+QCOAPOPEN: 0,") != NULL, "OPEN has no end");
    return strstr(reply, "+QCOAPOPEN: 0,0") != NULL;
}

/* The handshake has to cope with the bad network too. What it cannot do there is done on a good one,
 * for the messages are to be seen in each cell. */
static void connect_bg96(void)
{
    bool open;

    connection++;
    bad_link();
    open = open_bg96();
    shakes += run.secure;
    if (!open) {
        REQUIRE(run.secure && (run.loss > 0 || run.jitter_ms >= HANDSHAKE_JITTER_MS), "OPEN fails");
        shakes_failed++;
        lab_link(&lab, "perfect");
        REQUIRE(open_bg96(), "OPEN fails on a good network");
        bad_link();
    }
    (void)command("AT+QCOAPOPTION=0,0,0,11,\"echo\"\r");
    (void)command("AT+QCOAPOPTION=0,0,1,11,\"separate\"\r");
}

static void start_run(void)
{
    struct atc_settings settings;
    struct sim_peer_config peer;
    struct lab_config config = {.dialect = run.bc95 ? &atc_dialect_bc95 : &atc_dialect_bg96,
                                .settings = &settings,
                                .peer = &peer,
                                .seed = run.seed,
                                .now_ms = 1000,
                                .secure = run.secure,
                                .message = on_message};

    span_ms = run.trans->timeout_s * (uint64_t)MS * ((1u << run.trans->retransmits) - 1u) * 3 / 2;
    lifetime_ms = span_ms + 200 * MS + run.trans->timeout_s * (uint64_t)MS;
    atc_settings_default(&settings);
    if (run.bc95) {
        settings.ack_timeout_ms = run.trans->timeout_s * MS;
        settings.max_retransmit = (uint8_t)run.trans->retransmits;
    }
    sim_peer_config_default(&peer);
    peer.exchange_lifetime_ms = (uint32_t)lifetime_ms;
    message_count = connection = requests_expected = 0;
    sending = NULL;
    lab_open(&lab, &config);
    if (run.bc95) {
        bad_link();
        (void)command("AT+QCOAPCREATE=%u\r", FREE_PORT);
        connection = 1;
        return;
    }
    (void)command("AT+QCOAPCFG=\"trans\",0,%u,%u\r", run.trans->timeout_s, run.trans->retransmits);
    if (run.secure)
        (void)command("AT+QCOAPCFG=\"dtls\",0,1,0\r");
    connect_bg96();
}

/* A message and the time that it may take; then a further moment, so that the next one meets what is
 * still on its way. */
static void run_message(unsigned index, struct sim_random *dice)
{
    const uint64_t trip_ms = 2u * (run.delay_ms + run.jitter_ms);
    struct message *x = &messages[index];

    send_message(index);
    await_end(x);
    if (x->failed && run.secure) {
        REQUIRE(strstr(lab_type(&lab, "AT+QCOAPSEND=0,0,1,0\r"), "ERROR") != NULL,
                "a SEND without a connection");
        connect_bg96();
        return;
    }
    lab_run(&lab, lab.now_ms + (run.non ? trip_ms + 2 * MS : sim_random_below(dice, 2 * MS)));
}

/* The chance that one attempt of a CON is acknowledged. In the clear a copy that comes through makes
 * the server acknowledge twice; below DTLS it is recognised as a repeated record. */
static double chance_of_try(void)
{
    const double loss = run.loss / 100.0, copy = run.secure ? 0 : run.copy / 100.0;
    const double once = 1 - loss, twice = 1 - loss * loss;

    return (1 - loss) * ((1 - copy) * once + copy * twice);
}

/* CON: some attempt is acknowledged. NON: it comes through, and so does its answer; the server
 * answers a copy of it no second time. */
static double chance(void)
{
    const double loss = run.loss / 100.0;

    if (run.non)
        return (1 - loss) * (1 - loss);
    return 1 - pow(1 - chance_of_try(), run.trans->retransmits + 1);
}

/* Whether the losses alone say how many are delivered. Not if the ACK of the last attempt may come
 * after the modem has given up, nor where the server repeats a response that stands for the ACK. */
static bool is_predicted(unsigned index)
{
    const uint64_t last_wait_ms = (uint64_t)run.trans->timeout_s * MS << run.trans->retransmits;

    return run.non || (!is_separate(index) && 2u * (run.delay_ms + run.jitter_ms) < last_wait_ms);
}

static void add_up(void)
{
    struct tally *t = &tallies[run.loss_index][run.trans_index][run.non][run.secure];
    const double p = chance();

    for (unsigned i = 0; i < message_count; i++) {
        if (!is_predicted(i))
            continue;
        t->sends++;
        t->good += run.non ? messages[i].answered : messages[i].acked;
        t->expected += p;
        t->variance += p * (1 - p);
    }
}

static void play(void)
{
    struct sim_random dice;

    sim_random_seed(&dice, run.seed, 77);
    start_run();
    for (unsigned i = 0; i < run.sends; i++)
        run_message(i, &dice);
    lab_run(&lab, lab.now_ms + 200 * MS);
    check_responses();
    add_up();
    lab_close(&lab);
    runs++;
}

/* --- the matrix ------------------------------------------------------------------------------- */

static void play_ways(void)
{
    for (unsigned way = 0; way < 6; way++) {
        run.non = way % 2 == 1;
        run.bc95 = way / 2 == 0; /* it knows no DTLS */
        run.secure = way / 2 == 2;
        run.seed++;
        play();
    }
}

static void play_networks(void)
{
    for (unsigned c = 0; c < COUNT_OF(copies); c++)
        for (unsigned j = 0; j < COUNT_OF(jitters_ms); j++)
            for (unsigned d = 0; d < COUNT_OF(delays_ms); d++) {
                run.copy = copies[c];
                run.jitter_ms = jitters_ms[j];
                run.delay_ms = delays_ms[d];
                play_ways();
            }
}

/* The measured count is within three sigma of what was predicted, and one: a count is whole. */
static bool is_as_predicted(const struct tally *t)
{
    return fabs(t->good - t->expected) <= 3 * sqrt(t->variance) + 1;
}

static unsigned print_tally(const struct tally *t)
{
    const double n = t->sends > 0 ? t->sends : 1;
    const bool good = is_as_predicted(t);

    (void)printf(" | %6u %6.2f %6.2f %c", t->sends, 100 * t->good / n, 100 * t->expected / n,
                 good ? ' ' : '!');
    return !good;
}

static unsigned print_table(void)
{
    unsigned wrong = 0;

    (void)printf("             |     CON, plain       |     CON, DTLS        |     NON, plain     "
                 "  |     NON, DTLS\nloss  trans  |");
    for (unsigned i = 0; i < 4; i++)
        (void)printf("  sends  got %%  due %%  %s", i < 3 ? "|" : "\n");
    for (unsigned l = 0; l < COUNT_OF(losses); l++)
        for (unsigned t = 0; t < COUNT_OF(transes); t++) {
            (void)printf("%3u%%  %2u,%u  ", losses[l], transes[t].timeout_s,
                         transes[t].retransmits);
            for (unsigned non = 0; non < 2; non++)
                for (unsigned secure = 0; secure < 2; secure++)
                    wrong += print_tally(&tallies[l][t][non][secure]);
            (void)printf("\n");
        }
    return wrong;
}

int main(int argc, char **argv)
{
    const unsigned long asked = argc > 1 ? strtoul(argv[1], NULL, 10) : SENDS_DEFAULT;
    unsigned wrong;

    if (asked == 0 || asked > SENDS_MAX) {
        (void)fprintf(stderr, "usage: matrix [SENDS [SEED]]     SENDS: 1-%u\n", SENDS_MAX);
        return 2;
    }
    run.sends = (unsigned)asked;
    run.seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    for (unsigned l = 0; l < COUNT_OF(losses); l++)
        for (unsigned t = 0; t < COUNT_OF(transes); t++) {
            run.loss = losses[l];
            run.loss_index = l;
            run.trans = &transes[t];
            run.trans_index = t;
            play_networks();
        }
    wrong = print_table();
    (void)printf(
        "%llu runs on %zu networks, %llu messages, %llu datagrams, %llu repeats at the "
        "server, %llu given up; %llu handshakes, %llu of them not done on the bad network; "
        "%u shares not as predicted\n",
        runs, COUNT_OF(losses) * COUNT_OF(copies) * COUNT_OF(jitters_ms) * COUNT_OF(delays_ms),
        sent, datagrams, repeats, timeouts, shakes, shakes_failed, wrong);
    return wrong > 0;
}
