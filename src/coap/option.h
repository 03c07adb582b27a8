/* SPDX-License-Identifier: MIT
 *
 * What the options are: the table of RFC 7252 5.10 with those of RFC 7641 and RFC 7959, and the
 * checks that follow from it.
 */
#ifndef ATC_OPTION_H
#define ATC_OPTION_H

#include "pdu.h"

enum {
    ATC_OPT_IF_MATCH = 1,
    ATC_OPT_URI_HOST = 3,
    ATC_OPT_ETAG = 4,
    ATC_OPT_IF_NONE_MATCH = 5,
    ATC_OPT_OBSERVE = 6,
    ATC_OPT_URI_PORT = 7,
    ATC_OPT_LOCATION_PATH = 8,
    ATC_OPT_URI_PATH = 11,
    ATC_OPT_CONTENT_FORMAT = 12,
    ATC_OPT_MAX_AGE = 14,
    ATC_OPT_URI_QUERY = 15,
    ATC_OPT_ACCEPT = 17,
    ATC_OPT_LOCATION_QUERY = 20,
    ATC_OPT_BLOCK2 = 23,
    ATC_OPT_BLOCK1 = 27,
    ATC_OPT_SIZE2 = 28,
    ATC_OPT_PROXY_URI = 35,
    ATC_OPT_PROXY_SCHEME = 39,
    ATC_OPT_SIZE1 = 60
};

enum atc_format { ATC_FORMAT_EMPTY, ATC_FORMAT_OPAQUE, ATC_FORMAT_UINT, ATC_FORMAT_STRING };

struct atc_option_row {
    uint8_t number;
    uint8_t format; /* enum atc_format */
    uint8_t min;    /* bytes of a value */
    uint16_t max;
    bool repeatable;
    const char *name;
    const char *source;
};

/* The row of a number, NULL if the table has none. */
/*@ assigns \nothing;
    ensures row: \result != \null ==> \valid_read(\result) && \result->number == number; */
const struct atc_option_row *atc_option_row(uint32_t number);

/* The rows one by one, for tests and documents. NULL behind the last. */
/*@ assigns \nothing;
    ensures row: \result != \null ==> \valid_read(\result);
    ensures end: index >= 19 ==> \result == \null; */
const struct atc_option_row *atc_option_at(size_t index);

/* A receiver that does not know the option must reject the message. Source: RFC 7252 5.4.6. */
/*@ assigns \nothing;
    ensures \result == true <==> number % 2 == 1; */
static inline bool atc_option_is_critical(uint32_t number)
{
    return number % 2u == 1u;
}

/* The number of an uint option's value: big-endian, any leading zeros; at most four bytes count.
 * Source: RFC 7252 3.2. */
/*@ requires atc_readable(value);
    assigns \nothing;
    ensures none: value.len == 0 ==> \result == 0;
    ensures one:  value.len == 1 ==> \result == value.at[0];
    ensures two:  value.len == 2 ==> \result == value.at[0] * 256 + value.at[1]; */
uint32_t atc_option_uint(struct atc_span value);

/* Write a number as such a value, shortest form, 0 as nothing, into buf[0..4). Returns its bytes. */
/*@ requires \valid(buf + (0 .. 3));
    assigns buf[0 .. 3];
    ensures \result <= 4; */
size_t atc_option_put_uint(uint8_t buf[4], uint32_t number);

/* Find a critical option in a request that is unknown, of a wrong length or one too many.
 * Returns its number, or 0 if there is none. Source: RFC 7252 5.4.1, 5.4.3 and 5.4.5. */
/*@ requires atc_parsed(pdu);
    assigns \nothing;
    ensures \result <= 65535 && (\result == 0 || \result % 2 == 1); */
uint32_t atc_option_bad_critical(const struct atc_pdu *pdu);

/* The number of the first Content-Format of a message, or -1. */
/*@ requires atc_parsed(pdu);
    assigns \nothing;
    ensures -1 <= \result <= 65535; */
long atc_option_content_format(const struct atc_pdu *pdu);

#endif
