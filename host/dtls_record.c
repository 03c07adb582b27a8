/* SPDX-License-Identifier: MIT */
#include "dtls_record.h"

/* Source: RFC 6347 4.1, RFC 5246 6.2.1 and 7.4. */
enum {
    HEADER_LEN = 13, /* type, version, epoch, sequence number, length */
    TYPE_FIRST = 20,
    TYPE_HANDSHAKE = 22,
    TYPE_APPLICATION = 23,
    HANDSHAKE_CLIENT_KEY_EXCHANGE = 16,
    VERSION_MAJOR = 254
};

static size_t get_16(const uint8_t *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* Bytes of the record at the beginning of data[0..len), 0 if there is no whole one. */
static size_t record_len(const uint8_t *data, size_t len)
{
    if (len < HEADER_LEN || data[0] < TYPE_FIRST || data[0] > TYPE_APPLICATION)
        return 0;
    if (data[1] != VERSION_MAJOR || get_16(data + 11) > len - HEADER_LEN)
        return 0;
    return HEADER_LEN + get_16(data + 11);
}

static bool is_key_exchange(const uint8_t *record, size_t len)
{
    const bool plain = get_16(record + 3) == 0;

    return record[0] == TYPE_HANDSHAKE && plain && len > HEADER_LEN &&
           record[HEADER_LEN] == HANDSHAKE_CLIENT_KEY_EXCHANGE;
}

struct dtls_records dtls_records_look(const uint8_t *datagram, size_t len)
{
    struct dtls_records seen = {0};
    size_t next = record_len(datagram, len);

    while (next != 0) {
        const uint8_t *record = datagram + seen.whole;

        seen.count++;
        seen.application += record[0] == TYPE_APPLICATION;
        seen.key_exchange = seen.key_exchange || is_key_exchange(record, next);
        seen.whole += next;
        next = record_len(datagram + seen.whole, len - seen.whole);
    }
    return seen;
}
