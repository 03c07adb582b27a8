/* SPDX-License-Identifier: MIT */
#include "decoder.h"

#include <stdbool.h>

/* The message as a string of bits, the most significant of each byte first. Reading over its end
 * gives zeros and is remembered. */
struct bits {
    const uint8_t *data;
    uint64_t count;
    uint64_t at;
    bool overrun;
};

static uint32_t take(struct bits *bits, unsigned count)
{
    uint32_t value = 0;

    for (; count > 0; count--, bits->at++) {
        const bool there = bits->at < bits->count;
        const unsigned bit = there ? 1u & (unsigned)bits->data[bits->at / 8] >> (7 - bits->at % 8)
                                   : 0;

        bits->overrun = bits->overrun || !there;
        value = value << 1 | bit;
    }
    return value;
}

static void skip(struct bits *bits, uint64_t bytes)
{
    bits->at += 8 * bytes;
    bits->overrun = bits->overrun || bits->at > bits->count;
}

static uint64_t bytes_left(const struct bits *bits)
{
    return bits->at < bits->count ? (bits->count - bits->at) / 8 : 0;
}

/* The two nibbles of figure 8: what each value stands for. */
static const struct {
    unsigned base, more_bits;
    bool reserved;
} nibbles[16] = {
    {0, 0, false},  {1, 0, false},  {2, 0, false},    {3, 0, false}, {4, 0, false},  {5, 0, false},
    {6, 0, false},  {7, 0, false},  {8, 0, false},    {9, 0, false}, {10, 0, false}, {11, 0, false},
    {12, 0, false}, {13, 8, false}, {269, 16, false}, {0, 0, true},
};

/* One option, its first byte already read as two nibbles. Returns whether it breaks a rule. */
static bool read_option(struct decoder_message *msg, struct bits *bits, uint64_t *number,
                        unsigned delta_nibble, unsigned len_nibble)
{
    const uint64_t delta = nibbles[delta_nibble].base + take(bits, nibbles[delta_nibble].more_bits);
    const uint64_t len = nibbles[len_nibble].base + take(bits, nibbles[len_nibble].more_bits);

    *number += delta;
    if (msg->option_count < DECODER_OPTION_MAX) {
        msg->option[msg->option_count].number = (uint32_t)*number;
        msg->option[msg->option_count].len = (size_t)len;
        msg->option[msg->option_count].offset = (size_t)(bits->at / 8);
    }
    msg->option_count++;
    skip(bits, len);
    return nibbles[delta_nibble].reserved || nibbles[len_nibble].reserved || *number > 65535;
}

/* Everything behind the token. Returns whether a rule is broken. */
static bool read_rest(struct decoder_message *msg, struct bits *bits)
{
    uint64_t number = 0;
    bool broken = false;

    while (!broken && !bits->overrun && bytes_left(bits) > 0) {
        const unsigned delta_nibble = take(bits, 4);
        const unsigned len_nibble = take(bits, 4);

        if (delta_nibble == 15 && len_nibble == 15) {
            msg->payload_len = (size_t)bytes_left(bits);
            return msg->payload_len == 0;
        }
        broken = read_option(msg, bits, &number, delta_nibble, len_nibble);
    }
    return broken;
}

void decoder_read(struct decoder_message *msg, const uint8_t *data, size_t len)
{
    struct bits bits = {data, 8 * (uint64_t)len, 0, false};
    const unsigned version = take(&bits, 2);
    bool broken;

    msg->type = take(&bits, 2);
    msg->token_len = take(&bits, 4);
    msg->code = take(&bits, 8);
    msg->mid = take(&bits, 16);
    msg->option_count = 0;
    msg->payload_len = 0;
    if (!bits.overrun && version != 1) {
        msg->verdict = DECODER_VERSION;
        return;
    }
    broken = msg->token_len >= 9 || (msg->code == 0 && len > 4);
    skip(&bits, msg->token_len);
    if (!broken && !bits.overrun)
        broken = read_rest(msg, &bits);
    msg->verdict = broken || bits.overrun ? DECODER_FORMAT : DECODER_ACCEPT;
}
