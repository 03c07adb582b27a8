/* SPDX-License-Identifier: MIT */
#include "option.h"
#include "atcoap/config.h"

/* clang-format off */
static const struct atc_option_row rows[] = {
    /* number                 format              min  max  repeatable */
    {ATC_OPT_IF_MATCH,        ATC_FORMAT_OPAQUE,    0,    8, true,  ATC_DOC("If-Match"),       ATC_DOC("RFC 7252 5.10.8.1")},
    {ATC_OPT_URI_HOST,        ATC_FORMAT_STRING,    1,  255, false, ATC_DOC("Uri-Host"),       ATC_DOC("RFC 7252 5.10.1")},
    {ATC_OPT_ETAG,            ATC_FORMAT_OPAQUE,    1,    8, true,  ATC_DOC("ETag"),           ATC_DOC("RFC 7252 5.10.6")},
    {ATC_OPT_IF_NONE_MATCH,   ATC_FORMAT_EMPTY,     0,    0, false, ATC_DOC("If-None-Match"),  ATC_DOC("RFC 7252 5.10.8.2")},
    {ATC_OPT_OBSERVE,         ATC_FORMAT_UINT,      0,    3, false, ATC_DOC("Observe"),        ATC_DOC("RFC 7641 2")},
    {ATC_OPT_URI_PORT,        ATC_FORMAT_UINT,      0,    2, false, ATC_DOC("Uri-Port"),       ATC_DOC("RFC 7252 5.10.1")},
    {ATC_OPT_LOCATION_PATH,   ATC_FORMAT_STRING,    0,  255, true,  ATC_DOC("Location-Path"),  ATC_DOC("RFC 7252 5.10.7")},
    {ATC_OPT_URI_PATH,        ATC_FORMAT_STRING,    0,  255, true,  ATC_DOC("Uri-Path"),       ATC_DOC("RFC 7252 5.10.1")},
    {ATC_OPT_CONTENT_FORMAT,  ATC_FORMAT_UINT,      0,    2, false, ATC_DOC("Content-Format"), ATC_DOC("RFC 7252 5.10.3")},
    {ATC_OPT_MAX_AGE,         ATC_FORMAT_UINT,      0,    4, false, ATC_DOC("Max-Age"),        ATC_DOC("RFC 7252 5.10.5")},
    {ATC_OPT_URI_QUERY,       ATC_FORMAT_STRING,    0,  255, true,  ATC_DOC("Uri-Query"),      ATC_DOC("RFC 7252 5.10.1")},
    {ATC_OPT_ACCEPT,          ATC_FORMAT_UINT,      0,    2, false, ATC_DOC("Accept"),         ATC_DOC("RFC 7252 5.10.4")},
    {ATC_OPT_LOCATION_QUERY,  ATC_FORMAT_STRING,    0,  255, true,  ATC_DOC("Location-Query"), ATC_DOC("RFC 7252 5.10.7")},
    {ATC_OPT_BLOCK2,          ATC_FORMAT_UINT,      0,    3, false, ATC_DOC("Block2"),         ATC_DOC("RFC 7959 2.1")},
    {ATC_OPT_BLOCK1,          ATC_FORMAT_UINT,      0,    3, false, ATC_DOC("Block1"),         ATC_DOC("RFC 7959 2.1")},
    {ATC_OPT_SIZE2,           ATC_FORMAT_UINT,      0,    4, false, ATC_DOC("Size2"),          ATC_DOC("RFC 7959 4")},
    {ATC_OPT_PROXY_URI,       ATC_FORMAT_STRING,    1, 1034, false, ATC_DOC("Proxy-Uri"),      ATC_DOC("RFC 7252 5.10.2")},
    {ATC_OPT_PROXY_SCHEME,    ATC_FORMAT_STRING,    1,  255, false, ATC_DOC("Proxy-Scheme"),   ATC_DOC("RFC 7252 5.10.2")},
    {ATC_OPT_SIZE1,           ATC_FORMAT_UINT,      0,    4, false, ATC_DOC("Size1"),          ATC_DOC("RFC 7252 5.10.9")},
};
/* clang-format on */

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

const struct atc_option_row *atc_option_row(uint32_t number)
{
    /*@ loop invariant i <= ROW_COUNT;
        loop assigns i;
        loop variant ROW_COUNT - i; */
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].number == number)
            return &rows[i];
    }
    return NULL;
}

const struct atc_option_row *atc_option_at(size_t index)
{
    return index < ROW_COUNT ? &rows[index] : NULL;
}

uint32_t atc_option_uint(struct atc_span value)
{
    uint32_t number = 0;

    /*@ loop invariant i <= value.len;
        loop invariant i == 0 ==> number == 0;
        loop invariant i == 1 ==> number == value.at[0];
        loop invariant i == 2 ==> number == value.at[0] * 256 + value.at[1];
        loop assigns i, number;
        loop variant value.len - i; */
    for (size_t i = 0; i < value.len; i++)
        number = number * 256u + value.at[i];
    return number;
}

size_t atc_option_put_uint(uint8_t buf[4], uint32_t number)
{
    size_t len = 0;

    /*@ loop invariant shift \in {0, 8, 16, 24, 32} && len <= (32 - shift) / 8;
        loop assigns shift, len, buf[0 .. 3];
        loop variant shift; */
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        const uint8_t byte = (uint8_t)(number >> (shift - 8));

        if (byte != 0 || len > 0)
            buf[len++] = byte;
    }
    return len;
}

uint32_t atc_option_bad_critical(const struct atc_pdu *pdu)
{
    struct atc_walk walk = atc_walk(pdu);
    struct atc_option option;
    uint32_t last = 0;

    /*@ loop invariant atc_walk_ready(&walk);
        loop invariant \base_addr(walk.at) == \base_addr(pdu->options.at);
        loop assigns walk, option, last;
        loop variant walk.end - walk.at; */
    while (atc_walk_next(&walk, &option)) {
        const struct atc_option_row *row;
        const bool repeated = option.number == last;

        last = option.number;
        if (!atc_option_is_critical(option.number))
            continue;
        row = atc_option_row(option.number);
        if (row == NULL || option.value.len < row->min || option.value.len > row->max ||
            (repeated && !row->repeatable))
            return option.number;
    }
    return 0;
}

long atc_option_content_format(const struct atc_pdu *pdu)
{
    struct atc_span value;

    if (!atc_pdu_find(pdu, ATC_OPT_CONTENT_FORMAT, &value) || value.len > 2)
        return -1;
    return (long)atc_option_uint(value);
}
