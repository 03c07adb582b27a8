/* SPDX-License-Identifier: MIT
 *
 * The option table against the one of RFC 7252 5.10, RFC 7641 and RFC 7959 as written down here once
 * more: each row at one byte below, at and above its lengths, once and twice; unknown options;
 * numbers as option values.
 */
#include "check.h"
#include "option.h"
#include "rng.h"

struct expected {
    uint32_t number;
    const char *name;
    char format; /* e: empty, o: opaque, u: uint, s: string */
    size_t min, max;
    bool repeatable;
};

static const struct expected table[] = {
    {1, "If-Match", 'o', 0, 8, true},
    {3, "Uri-Host", 's', 1, 255, false},
    {4, "ETag", 'o', 1, 8, true},
    {5, "If-None-Match", 'e', 0, 0, false},
    {6, "Observe", 'u', 0, 3, false},
    {7, "Uri-Port", 'u', 0, 2, false},
    {8, "Location-Path", 's', 0, 255, true},
    {11, "Uri-Path", 's', 0, 255, true},
    {12, "Content-Format", 'u', 0, 2, false},
    {14, "Max-Age", 'u', 0, 4, false},
    {15, "Uri-Query", 's', 0, 255, true},
    {17, "Accept", 'u', 0, 2, false},
    {20, "Location-Query", 's', 0, 255, true},
    {23, "Block2", 'u', 0, 3, false},
    {27, "Block1", 'u', 0, 3, false},
    {28, "Size2", 'u', 0, 4, false},
    {35, "Proxy-Uri", 's', 1, 1034, false},
    {39, "Proxy-Scheme", 's', 1, 255, false},
    {60, "Size1", 'u', 0, 4, false},
};

static const struct expected *find(uint32_t number)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (table[i].number == number)
            return &table[i];
    }
    return NULL;
}

static void test_rows(void **state)
{
    static const char formats[] = {[ATC_FORMAT_EMPTY] = 'e',
                                   [ATC_FORMAT_OPAQUE] = 'o',
                                   [ATC_FORMAT_UINT] = 'u',
                                   [ATC_FORMAT_STRING] = 's'};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        const struct atc_option_row *row = atc_option_at(i);

        assert_non_null(row);
        assert_ptr_equal(row, atc_option_row(table[i].number));
        assert_int_equal(row->number, table[i].number);
        assert_string_equal(row->name, table[i].name);
        EXPECT(formats[row->format] == table[i].format, "%s", row->name);
        EXPECT(row->min == table[i].min && row->max == table[i].max, "%s", row->name);
        EXPECT(row->repeatable == table[i].repeatable, "%s", row->name);
        EXPECT(row->source != NULL && row->source[0] != '\0', "%s has no source", row->name);
    }
    assert_null(atc_option_at(COUNT_OF(table)));
    for (uint32_t number = 0; number <= 65536; number++)
        EXPECT((atc_option_row(number) != NULL) == (find(number) != NULL), "option %u", number);
}

/* A request with that option count times, its value of len bytes. Returns what is found bad. */
static uint32_t bad_in_request(uint32_t number, size_t len, unsigned count)
{
    static uint8_t data[4096], value[1100];
    struct atc_out out = atc_out(data, sizeof data);
    struct atc_pdu pdu;
    uint32_t last = 0;

    atc_put_header(&out, ATC_CON, ATC_CODE_GET, 1, atc_span(NULL, 0));
    for (unsigned i = 0; i < count; i++)
        atc_put_option(&out, &last, number, atc_span(value, len));
    assert_int_equal(atc_pdu_parse(&pdu, data, out.len), 0);
    return atc_option_bad_critical(&pdu);
}

/* Source: RFC 7252 5.4.3 and 5.4.5: what is too short, too long or one too many counts as
 * unrecognised, and only critical options matter then. */
static void test_lengths_and_repeats(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        const struct expected *row = &table[i];
        const uint32_t bad = row->number % 2 == 1 ? row->number : 0;

        if (row->min > 0)
            EXPECT(bad_in_request(row->number, row->min - 1, 1) == bad, "%s short", row->name);
        EXPECT(bad_in_request(row->number, row->min, 1) == 0, "%s shortest", row->name);
        EXPECT(bad_in_request(row->number, row->max, 1) == 0, "%s longest", row->name);
        EXPECT(bad_in_request(row->number, row->max + 1, 1) == bad, "%s long", row->name);
        EXPECT(bad_in_request(row->number, row->min, 2) == (row->repeatable ? 0 : bad), "%s twice",
               row->name);
    }
}

/* Source: RFC 7252 5.4.1 and 5.4.6. */
static void test_unknown(void **state)
{
    (void)state;
    for (uint32_t number = 0; number <= 65535; number++) {
        const bool critical = number % 2 == 1;

        assert_int_equal(atc_option_is_critical(number), critical);
        if (find(number) == NULL && (number < 300 || number > 65500))
            EXPECT(bad_in_request(number, 1, 1) == (critical ? number : 0), "option %u", number);
    }
}

/* The first that is bad is named, among good ones and elective ones. */
static void test_among_others(void **state)
{
    uint8_t data[64];
    struct atc_out out = atc_out(data, sizeof data);
    struct atc_pdu pdu;
    uint32_t last = 0;

    (void)state;
    atc_put_header(&out, ATC_CON, ATC_CODE_GET, 1, atc_span(NULL, 0));
    atc_put_option(&out, &last, 4, atc_span("123456789", 9));
    atc_put_option(&out, &last, 11, atc_span("a", 1));
    atc_put_option(&out, &last, 11, atc_span("b", 1));
    atc_put_option(&out, &last, 12, atc_span("\0\0\0", 3));
    atc_put_option(&out, &last, 17, atc_span("\0\0\0", 3));
    atc_put_option(&out, &last, 2049, atc_span("", 0));
    assert_int_equal(atc_pdu_parse(&pdu, data, out.len), 0);
    assert_int_equal(atc_option_bad_critical(&pdu), 17);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static void test_uint(void **state)
{
    static const struct {
        uint32_t number;
        const char *bytes;
        size_t len;
    } cases[] = {
        {0, "", 0},
        {1, "\x01", 1},
        {255, "\xFF", 1},
        {256, "\x01\x00", 2},
        {65535, "\xFF\xFF", 2},
        {65536, "\x01\x00\x00", 3},
        {0xFFFFFF, "\xFF\xFF\xFF", 3},
        {0x1000000, "\x01\x00\x00\x00", 4},
        {UINT32_MAX, "\xFF\xFF\xFF\xFF", 4},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint8_t buf[4];

        EXPECT(atc_option_put_uint(buf, cases[i].number) == cases[i].len, "%u", cases[i].number);
        EXPECT(memcmp(buf, cases[i].bytes, cases[i].len) == 0, "%u", cases[i].number);
        EXPECT(atc_option_uint(atc_span(cases[i].bytes, cases[i].len)) == cases[i].number, "%u",
               cases[i].number);
    }
}

/* Leading zeros are allowed in what is received. Source: RFC 7252 3.2. */
static void test_uint_leading_zeros(void **state)
{
    (void)state;
    assert_int_equal(atc_option_uint(atc_span("\0\0\0\1", 4)), 1);
    assert_int_equal(atc_option_uint(atc_span("\0", 1)), 0);
    assert_int_equal(atc_option_uint(atc_span("\0\0\0\0\0\1\2", 7)), 0x102);
}

static void test_uint_round_trip(void **state)
{
    struct rng rng = {7};

    (void)state;
    for (unsigned run = 0; run < 100000; run++) {
        const uint32_t number = (uint32_t)rng_next(&rng) >> rng_below(&rng, 32);
        uint8_t buf[4];
        const size_t len = atc_option_put_uint(buf, number);

        assert_true(len == 0 || buf[0] != 0);
        assert_int_equal(atc_option_uint(atc_span(buf, len)), number);
    }
}

static void test_content_format(void **state)
{
    static const struct {
        const char *name;
        const char *bytes;
        size_t len;
        long format;
    } cases[] = {
        {"none", "\x40\x01\0\0", 4, -1},
        {"empty", "\x40\x01\0\0\xC0", 5, 0},
        {"50", "\x40\x01\0\0\xC1\x32", 6, 50},
        {"65535", "\x40\x01\0\0\xC2\xFF\xFF", 7, 65535},
        {"with leading zeros", "\x40\x01\0\0\xC2\0\x32", 7, 50},
        {"too long", "\x40\x01\0\0\xC3\0\0\x32", 8, -1},
        {"two, the first counts", "\x40\x01\0\0\xC1\x29\x01\x32", 8, 41},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct atc_pdu pdu;

        assert_int_equal(atc_pdu_parse(&pdu, (const uint8_t *)cases[i].bytes, cases[i].len), 0);
        EXPECT(atc_option_content_format(&pdu) == cases[i].format, "%s", cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_lengths_and_repeats),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_among_others),
        cmocka_unit_test(test_uint),
        cmocka_unit_test(test_uint_leading_zeros),
        cmocka_unit_test(test_uint_round_trip),
        cmocka_unit_test(test_content_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
