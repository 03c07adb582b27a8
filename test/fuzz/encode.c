/* SPDX-License-Identifier: MIT
 *
 * A message is composed, written by the library and read by both decoders: it is what was composed.
 * A writer without room counts the same bytes, and one with too little room fails and writes no byte
 * beyond it.
 */
#include <string.h>

#include "agree.h"
#include "decoder.h"
#include "input.h"
#include "pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { OPTION_MAX = 24, VALUE_MAX = 70000, MESSAGE_MAX = 262144, GUARD = 0xA5 };

struct message {
    uint8_t type, code;
    uint16_t mid;
    struct atc_span token, payload;
    struct atc_option option[OPTION_MAX];
    unsigned option_count;
};

/* The steps at which the extended forms begin and end, and any other, up to the largest that a writer
 * is asked for. Source: RFC 7252 3.1. */
static size_t choose_size(struct input *in)
{
    static const uint32_t edges[] = {0,   1,   2,   12,  13,   14,   15,
                                     267, 268, 269, 270, 1034, 4096, 65535};
    const unsigned choice = next(in);
    const size_t size = choice < 128
                            ? choice % 40u
                            : edges[choice % (sizeof edges / sizeof edges[0])] + next(in) % 2u;

    return size < 65535 ? size : 65535;
}

/* A stretch of bytes: from the input, made longer if it is to be. */
static struct atc_span choose_bytes(struct input *in, size_t want, uint8_t *room)
{
    size_t len = want;
    const uint8_t *bytes = next_bytes(in, &len);

    memset(room, (int)want, want);
    if (len > 0)
        memcpy(room, bytes, len);
    return atc_span(room, want);
}

static void compose(struct message *m, struct input *in)
{
    static uint8_t token[8], payload[VALUE_MAX], values[OPTION_MAX][VALUE_MAX];
    const unsigned first = next(in);
    uint32_t number = 0;

    m->type = first & 3u;
    m->code = (uint8_t)next(in);
    m->mid = (uint16_t)next_16(in);
    m->token = choose_bytes(in, (first >> 2) % 9u, token);
    m->payload = choose_bytes(in, next(in) % 4u == 0 ? choose_size(in) : next(in) % 32u, payload);
    m->option_count = 0;
    for (unsigned count = next(in) % (OPTION_MAX + 1); count > 0; count--) {
        number += (uint32_t)choose_size(in);
        if (number > ATC_OPTION_NUMBER_MAX)
            return;
        m->option[m->option_count].number = number;
        m->option[m->option_count].value = choose_bytes(in, choose_size(in),
                                                        values[m->option_count]);
        m->option_count++;
    }
}

static size_t put(struct atc_out out, const struct message *m)
{
    uint32_t last = 0;

    atc_put_header(&out, m->type, m->code, m->mid, m->token);
    for (unsigned i = 0; i < m->option_count; i++)
        atc_put_option(&out, &last, m->option[i].number, m->option[i].value);
    atc_put_payload(&out, m->payload);
    FUZZ_REQUIRE(atc_out_failed(&out) == (out.len > out.cap));
    return out.len;
}

static void require_same(const struct message *m, const uint8_t *data, size_t len)
{
    static struct decoder_message read;
    struct atc_pdu pdu;
    struct atc_walk walk;
    struct atc_option option;

    decoder_read(&read, data, len);
    FUZZ_REQUIRE(agree(data, len) == NULL);
    if (m->code == ATC_CODE_EMPTY && len > ATC_HEADER_LEN) {
        FUZZ_REQUIRE(read.verdict == DECODER_FORMAT);
        return;
    }
    FUZZ_REQUIRE(read.verdict == DECODER_ACCEPT && atc_pdu_parse(&pdu, data, len) == 0);
    FUZZ_REQUIRE(pdu.type == m->type && pdu.code == m->code && pdu.mid == m->mid);
    FUZZ_REQUIRE(atc_span_equal(pdu.token, m->token));
    FUZZ_REQUIRE(atc_span_equal(pdu.payload, m->payload));
    walk = atc_walk(&pdu);
    for (unsigned i = 0; i < m->option_count; i++) {
        FUZZ_REQUIRE(atc_walk_next(&walk, &option));
        FUZZ_REQUIRE(option.number == m->option[i].number);
        FUZZ_REQUIRE(atc_span_equal(option.value, m->option[i].value));
    }
    FUZZ_REQUIRE(!atc_walk_next(&walk, &option));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t whole[MESSAGE_MAX];
    struct input in = {data, len};
    static struct message m;
    size_t size, room;
    uint8_t *part;

    compose(&m, &in);
    size = put(atc_out_measure(), &m);
    if (size > sizeof whole)
        return 0;
    FUZZ_REQUIRE(put(atc_out(whole, size), &m) == size);
    require_same(&m, whole, size);
    room = next_16(&in) % size;
    part = malloc(room + 1);
    FUZZ_REQUIRE(part != NULL);
    part[room] = GUARD;
    FUZZ_REQUIRE(put(atc_out(part, room), &m) == size && part[room] == GUARD);
    free(part);
    return 0;
}
