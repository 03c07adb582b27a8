/* SPDX-License-Identifier: MIT
 *
 * Every code with every type, in both dialects and both roles: a datagram that comes out of the blue,
 * and one that bears the ID or the token of a request that is outstanding. What is sent back and whether
 * the TE is told follow from RFC 7252 4.2, 4.3, 5.2 and 12.1 and from D-42, D-45 and D-72; they are
 * written down here once more.
 */
#include "bench.h"
#include "check.h"
#include "decoder.h"
#include "seeds.h"

enum { CON, NON, ACK, RST };
enum { OWN_MID = 258, PEER_MID = 0x7788, TOKEN = 0xAB };

/* What goes out at once. */
enum answer { NOTHING, EMPTY_ACK, RESET, METHOD_IN_ACK, METHOD_IN_NON };

struct rule {
    enum answer answer;
    bool told;
};

static const char *const names[] = {"nothing", "an empty ACK", "RST", "4.05 in an ACK",
                                    "4.05 in a NON"};

/* --- the rules -------------------------------------------------------------------------------- */

static bool is_request(unsigned code)
{
    return code >= 1 && code <= 31;
}

/* Classes 1, 6 and 7 are reserved; 3 stands among the responses. Source: RFC 7252 12.1. */
static bool is_reserved(unsigned code)
{
    return code / 32 == 1 || code / 32 >= 6;
}

/* GET, POST, PUT, DELETE; others a BC95 answers itself (RFC 7252 12.1.1, D-42), while a BG96 leaves
 * all requests to the TE (D-72). */
static struct rule rule_for_request(bool leaves_all, unsigned type, unsigned code)
{
    if (code <= 4 || leaves_all)
        return (struct rule){NOTHING, true};
    return (struct rule){type == CON ? METHOD_IN_ACK : METHOD_IN_NON, false};
}

/* outstanding: a CON request of ours waits, and what comes has its ID if it is ACK or RST, its token
 * else. */
static struct rule rule_for(bool leaves_all, bool outstanding, unsigned type, unsigned code)
{
    const struct rule ignored = {NOTHING, false};

    switch (type) {
    case RST: /* none but an empty one is any good */
        return (struct rule){NOTHING, outstanding && code == 0};
    case ACK: /* empty, or with a response */
        return (struct rule){NOTHING, outstanding && !is_request(code) && !is_reserved(code)};
    case CON:
        if (code == 0 || is_reserved(code)) /* a ping; RFC 7252 4.2: rejected */
            return (struct rule){RESET, false};
        if (is_request(code))
            return rule_for_request(leaves_all, type, code);
        return (struct rule){outstanding ? EMPTY_ACK : RESET, outstanding};
    default: /* NON: what cannot be processed is ignored, RFC 7252 4.3 */
        if (code == 0 || is_reserved(code))
            return ignored;
        if (is_request(code))
            return rule_for_request(leaves_all, type, code);
        return (struct rule){NOTHING, outstanding};
    }
}

/* --- what the module does --------------------------------------------------------------------- */

static struct bench fresh, b;

static void prepare(const struct atc_dialect *dialect, bool outstanding)
{
    bench_new(&fresh, dialect, 1);
    if (dialect == &atc_dialect_bc95)
        (void)bench_type(&fresh, "AT+QCOAPCREATE=56830;+QCOAPADDRES=4,\"/t/d\"\r");
    else
        (void)bench_type(&fresh, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    if (outstanding && dialect == &atc_dialect_bc95)
        (void)bench_type(&fresh, "AT+QCOAPHEAD=5,258,1,AB\rAT+QCOAPSEND=0,1,192.0.2.1,5683\r\x1A");
    else if (outstanding)
        (void)bench_type(&fresh, "AT+QCOAPHEADER=0,258,0,1,AB\rAT+QCOAPSEND=0,0,1,0,0\r");
    (void)bench_said(&fresh);
}

static size_t compose(uint8_t *data, bool outstanding, unsigned type, unsigned code)
{
    static const uint8_t path[] = {0xB1, 't', 0x01, 'd'};
    const unsigned mid = outstanding && type >= ACK ? OWN_MID : PEER_MID;
    size_t len = 4;

    data[0] = (uint8_t)(0x40 + 16 * type + (code != 0));
    data[1] = (uint8_t)code;
    data[2] = (uint8_t)(mid >> 8);
    data[3] = (uint8_t)mid;
    if (code == 0)
        return len;
    data[len++] = TOKEN;
    if (is_request(code)) {
        memcpy(data + len, path, sizeof path);
        len += sizeof path;
    }
    return len;
}

/* The datagram that went out, as one of the answers; anything else fails. */
static enum answer answer_sent(unsigned before)
{
    const struct bench_datagram *d = bench_sent(&b, 0);
    static struct decoder_message m;

    if (b.sent_count == before)
        return NOTHING;
    EXPECT(b.sent_count == before + 1, "%u datagrams", b.sent_count - before);
    decoder_read(&m, d->data, d->len);
    assert_int_equal(m.verdict, DECODER_ACCEPT);
    if (m.code == 0 && m.type == ACK && m.mid == PEER_MID)
        return EMPTY_ACK;
    if (m.code == 0 && m.type == RST && m.mid == PEER_MID)
        return RESET;
    EXPECT(m.code == 4 * 32 + 5 && m.token_len == 1 && d->data[4] == TOKEN, "code %u", m.code);
    if (m.type == ACK && m.mid == PEER_MID)
        return METHOD_IN_ACK;
    EXPECT(m.type == NON, "type %u", m.type);
    return METHOD_IN_NON;
}

static void check(const char *who, bool outstanding, unsigned type, unsigned code)
{
    static const char *const types[] = {"CON", "NON", "ACK", "RST"};
    const struct rule rule = rule_for(fresh.cfg.dialect == &atc_dialect_bg96, outstanding, type,
                                      code);
    uint8_t data[16];
    enum answer answer;
    bool told;

    b = fresh;
    bench_datagram(&b, 0, &bench_server, data, compose(data, outstanding, type, code));
    bench_pump(&b);
    answer = answer_sent(fresh.sent_count);
    told = bench_said(&b)[0] != '\0';
    EXPECT(answer == rule.answer, "%s, %s %u.%02u%s: %s goes out, not %s", who, types[type],
           code / 32, code % 32, outstanding ? ", outstanding" : "", names[answer],
           names[rule.answer]);
    EXPECT(told == rule.told, "%s, %s %u.%02u%s: the TE is%s told", who, types[type], code / 32,
           code % 32, outstanding ? ", outstanding" : "", told ? "" : " not");
}

static void check_all(const char *who, const struct atc_dialect *dialect)
{
    for (unsigned role = 0; role < 2; role++) {
        prepare(dialect, role == 1);
        for (unsigned type = CON; type <= RST; type++)
            for (unsigned code = 0; code < 256; code++)
                check(who, role == 1, type, code);
    }
}

static void check_bc95(uint64_t seed)
{
    (void)seed;
    check_all("BC95", &atc_dialect_bc95);
}

static void check_bg96(uint64_t seed)
{
    (void)seed;
    check_all("BG96", &atc_dialect_bg96);
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"every code with every type, BC95", check_bc95, 1},
        {"every code with every type, BG96", check_bg96, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
