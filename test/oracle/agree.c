/* SPDX-License-Identifier: MIT */
#include "agree.h"
#include "decoder.h"
#include "pdu.h"

static const char *compare_options(const struct atc_pdu *pdu, const struct decoder_message *msg,
                                   const uint8_t *data)
{
    struct atc_walk walk = atc_walk(pdu);
    struct atc_option option = {{NULL, 0}, 0};
    uint32_t has = 0;

    for (size_t i = 0; i < msg->option_count && i < DECODER_OPTION_MAX; i++) {
        if (!atc_walk_next(&walk, &option))
            return "options end early";
        if (option.number != msg->option[i].number)
            return "option number";
        if (option.value.len != msg->option[i].len ||
            option.value.at != data + msg->option[i].offset)
            return "option value";
        has |= (uint32_t)1 << option.number % 32;
    }
    if (msg->option_count > DECODER_OPTION_MAX)
        return NULL;
    if (atc_walk_next(&walk, &option))
        return "options go on";
    return has == pdu->has ? NULL : "set of options";
}

static const char *compare(const struct atc_pdu *pdu, const struct decoder_message *msg,
                           const uint8_t *data, size_t len)
{
    if (pdu->type != msg->type || pdu->code != msg->code || pdu->mid != msg->mid)
        return "header";
    if (pdu->token.at != data + 4 || pdu->token.len != msg->token_len)
        return "token";
    if (pdu->option_count != msg->option_count)
        return "count of options";
    if (pdu->payload.len != msg->payload_len)
        return "payload length";
    if (pdu->payload.len > 0 && pdu->payload.at != data + len - pdu->payload.len)
        return "payload";
    return compare_options(pdu, msg, data);
}

static const char *compare_peek(const uint8_t *data, size_t len)
{
    uint8_t type = 0;
    uint16_t mid = 0;

    if (atc_pdu_peek(&type, &mid, data, len) != (len >= 4 && (data[0] & 0xC0) == 0x40))
        return "whether there is a header";
    if (len >= 4 && (data[0] & 0xC0) == 0x40 &&
        (type != (data[0] >> 4 & 3) || mid != ((unsigned)data[2] << 8 | data[3])))
        return "header at a glance";
    return NULL;
}

const char *agree(const uint8_t *data, size_t len)
{
    static struct decoder_message msg;
    struct atc_pdu pdu;
    const int result = atc_pdu_parse(&pdu, data, len);
    const char *peek = compare_peek(data, len);

    decoder_read(&msg, data, len);
    if (peek != NULL)
        return peek;
    if ((result == 0) != (msg.verdict == DECODER_ACCEPT))
        return "whether it is a message";
    if ((result == ATC_BAD_VERSION) != (msg.verdict == DECODER_VERSION))
        return "version";
    return result == 0 ? compare(&pdu, &msg, data, len) : NULL;
}
