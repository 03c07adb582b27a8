/* SPDX-License-Identifier: MIT
 *
 * The codec, held against a second decoder: the vectors C01 to C63, every cut-short message, the
 * boundaries of deltas and lengths both ways, sizes, codes and types. Messages lie in memory of
 * their exact size, so that the sanitizer sees a byte read too many.
 */
#include <stdlib.h>

#include "agree.h"
#include "check.h"
#include "decoder.h"
#include "pdu.h"
#include "vectors.h"

/* --- the vectors ------------------------------------------------------------------------------ */

enum { ACCEPT = 0, REJECT = ATC_BAD_FORMAT, IGNORE = ATC_BAD_VERSION };

/* Parse a copy of exact size and hold the two decoders against each other. */
static int parse(const uint8_t *data, size_t len, const char *name)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    struct atc_pdu pdu;
    const char *difference;
    int result;

    assert_non_null(copy);
    memcpy(copy, data, len);
    result = atc_pdu_parse(&pdu, len > 0 ? copy : copy + 1, len);
    difference = agree(len > 0 ? copy : copy + 1, len);
    EXPECT(difference == NULL, "%s, %zu bytes: the decoders differ in: %s", name, len, difference);
    free(copy);
    return result;
}

static void test_vector(void **state)
{
    static const int results[] = {
        [VECTOR_ACCEPT] = ACCEPT, [VECTOR_REJECT] = REJECT, [VECTOR_IGNORE] = IGNORE};
    const struct vector *v = *state;
    uint8_t data[VECTOR_LEN_MAX];
    const size_t len = vector_bytes(data, v->hex);

    EXPECT(parse(data, len, v->name) == results[v->result], "%s", v->name);
}

/* --- cut short -------------------------------------------------------------------------------- */

/* Valid messages of many shapes, and after how many bytes a prefix is a message too. */
static const struct {
    const char *hex;
    const char *good; /* lengths of prefixes that are valid, ended by 0 */
} whole[] = {
    {"40010001", "\x04"},
    {"480100010102030405060708", "\x0c"},
    {"40010001b161", "\x04\x06"},
    {"40010001b161ff6263", "\x04\x06\x08\x09"},
    {"41450001aab3616263412aff01", "\x05\x09\x0b\x0d"},
    {"40010001d100ff", "\x04\x07"},
    {"40010001e1000061", "\x04\x08"},
    {"400100010d0061626364656667686970717273", "\x04\x13"},
};

static void test_prefixes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        uint8_t data[64];
        const size_t len = vector_bytes(data, whole[i].hex);

        for (size_t cut = 0; cut <= len; cut++) {
            const bool good = cut > 0 && strchr(whole[i].good, (int)cut) != NULL;

            EXPECT((parse(data, cut, whole[i].hex) == 0) == good, "%s cut to %zu", whole[i].hex,
                   cut);
        }
    }
}

/* Two more bytes behind a header, all there are; and one. */
static void test_all_short_messages(void **state)
{
    uint8_t data[6] = {0x40, 0x01, 0x00, 0x01};

    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        data[4] = (uint8_t)first;
        EXPECT(agree(data, 5) == NULL, "400100%02x", first);
        for (unsigned second = 0; second < 256; second++) {
            data[5] = (uint8_t)second;
            EXPECT(agree(data, 6) == NULL, "40010001%02x%02x", first, second);
        }
    }
}

static void test_all_headers(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned code = 0; code < 256; code++) {
            const uint8_t data[4] = {(uint8_t)first, (uint8_t)code, 0xAB, 0xCD};

            (void)parse(data, sizeof data, "a header");
        }
    }
}

/* --- boundaries of delta and length ----------------------------------------------------------- */

static const struct {
    uint32_t value;
    unsigned nibble;
    unsigned more; /* bytes */
    uint32_t rest;
} extensions[] = {
    {0, 0, 0, 0},          {1, 1, 0, 0},          {12, 12, 0, 0},    {13, 13, 1, 0},
    {14, 13, 1, 1},        {267, 13, 1, 254},     {268, 13, 1, 255}, {269, 14, 2, 0},
    {270, 14, 2, 1},       {524, 14, 2, 255},     {525, 14, 2, 256}, {1034, 14, 2, 765},
    {65534, 14, 2, 65265}, {65535, 14, 2, 65266},
};

/* An option's bytes as the RFC draws them. Returns how many. */
static size_t draw_option(uint8_t *at, size_t delta_row, size_t len_row)
{
    const size_t row[2] = {delta_row, len_row};
    size_t len = 1;

    at[0] = (uint8_t)(extensions[delta_row].nibble << 4 | extensions[len_row].nibble);
    for (unsigned i = 0; i < 2; i++) {
        if (extensions[row[i]].more == 2)
            at[len++] = (uint8_t)(extensions[row[i]].rest >> 8);
        if (extensions[row[i]].more >= 1)
            at[len++] = (uint8_t)extensions[row[i]].rest;
    }
    return len;
}

enum { BIG = 4 + 5 + 65535 + 16 };

static void check_boundary(uint8_t *drawn, uint8_t *built, size_t d, size_t l)
{
    const uint32_t delta = extensions[d].value;
    const size_t value_len = extensions[l].value;
    struct atc_out out = atc_out(built, BIG);
    uint32_t last = 0;
    size_t head;

    memset(drawn, 0xFF, BIG);
    memcpy(drawn, "\x40\x01\x00\x01", 4);
    head = 4 + draw_option(drawn + 4, d, l);
    atc_put_header(&out, ATC_CON, ATC_CODE_GET, 1, atc_span(NULL, 0));
    atc_put_option(&out, &last, delta, atc_span(drawn + head, value_len));
    EXPECT(last == delta && out.len == head + value_len, "delta %u length %zu", delta, value_len);
    EXPECT(memcmp(drawn, built, out.len) == 0, "delta %u length %zu as built", delta, value_len);
    EXPECT(parse(built, out.len, "a boundary") == 0, "delta %u length %zu", delta, value_len);
    if (value_len > 0)
        EXPECT(parse(built, out.len - 1, "a boundary, cut") < 0, "delta %u length %zu, cut", delta,
               value_len);
}

static void test_boundaries(void **state)
{
    uint8_t *drawn = malloc(BIG);
    uint8_t *built = malloc(BIG);

    (void)state;
    assert_true(drawn != NULL && built != NULL);
    for (size_t d = 0; d < COUNT_OF(extensions); d++) {
        for (size_t l = 0; l < COUNT_OF(extensions); l++)
            check_boundary(drawn, built, d, l);
    }
    free(drawn);
    free(built);
}

/* The longest length that can be claimed is 65804: more than any datagram has. */
static void test_claimed_lengths(void **state)
{
    static uint8_t data[65507] = {0x40, 0x01, 0x00, 0x01, 0x1E, 0xFF, 0xFF};

    (void)state;
    assert_int_equal(parse(data, sizeof data, "65804 claimed"), REJECT);
    data[5] = (uint8_t)((65507 - 7 - 269) >> 8);
    data[6] = (uint8_t)(65507 - 7 - 269);
    assert_int_equal(parse(data, sizeof data, "all of the datagram"), ACCEPT);
    data[6]++;
    assert_int_equal(parse(data, sizeof data, "one byte more"), REJECT);
}

/* --- sizes ------------------------------------------------------------------------------------ */

static void test_sizes(void **state)
{
    static const size_t sizes[] = {4, 6, 127, 1151, 1152, 1153, 1280, 1472, 4096, 65507};
    static uint8_t data[65507];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct atc_out out = atc_out(data, sizeof data);
        static uint8_t payload[65507];
        struct atc_pdu pdu;
        const size_t payload_len = sizes[i] > 4 ? sizes[i] - 5 : 0;

        memset(payload, 'p', sizeof payload);
        atc_put_header(&out, ATC_NON, ATC_CODE_CONTENT, 65535, atc_span(NULL, 0));
        atc_put_payload(&out, atc_span(payload, payload_len));
        EXPECT(out.len == sizes[i], "%zu bytes", sizes[i]);
        EXPECT(parse(data, out.len, "a size") == 0, "%zu bytes", sizes[i]);
        assert_int_equal(atc_pdu_parse(&pdu, data, out.len), 0);
        EXPECT(pdu.payload.len == payload_len, "%zu bytes", sizes[i]);
    }
}

static void test_many_options(void **state)
{
    uint8_t data[4 + 4 * 256];
    struct atc_out out = atc_out(data, sizeof data);
    struct atc_span found;
    struct atc_pdu pdu;
    uint32_t last = 0;

    (void)state;
    atc_put_header(&out, ATC_CON, ATC_CODE_GET, 0, atc_span(NULL, 0));
    for (unsigned i = 0; i < 256; i++)
        atc_put_option(&out, &last, 11 + i / 8, atc_span("xyz", i % 4));
    assert_false(atc_out_failed(&out));
    assert_int_equal(parse(data, out.len, "256 options"), ACCEPT);
    assert_int_equal(atc_pdu_parse(&pdu, data, out.len), 0);
    assert_int_equal(pdu.option_count, 256);
    assert_int_equal(pdu.has, 0xFFFFFFFFu); /* 11 to 42, modulo 32 */
    assert_true(atc_pdu_find(&pdu, 11, &found));
    assert_int_equal(found.len, 0);
    assert_true(atc_pdu_find(&pdu, 42, &found));
    assert_false(atc_pdu_find(&pdu, 43, &found));
    assert_false(atc_pdu_find(&pdu, 10, &found));
}

/* --- building --------------------------------------------------------------------------------- */

static void test_codes_and_types(void **state)
{
    (void)state;
    for (unsigned code = 0; code < 256; code++) {
        for (unsigned type = 0; type < 4; type++) {
            uint8_t data[12];
            struct atc_out out = atc_out(data, sizeof data);
            struct atc_pdu pdu;

            atc_put_header(&out, (uint8_t)type, (uint8_t)code, 0xA5C3,
                           atc_span("12345678", code == 0 ? 0 : 8));
            assert_int_equal(parse(data, out.len, "a code"), ACCEPT);
            assert_int_equal(atc_pdu_parse(&pdu, data, out.len), 0);
            EXPECT(pdu.type == type && pdu.code == code && pdu.mid == 0xA5C3, "%u %u", type, code);
        }
    }
}

/* What a code is, by its class. Source: RFC 7252 12.1. */
static void test_code_classes(void **state)
{
    static const char class_is[8] = {'q', '-', 'r', 'r', 'r', 'r', '-', '-'};

    (void)state;
    for (unsigned code = 0; code < 256; code++) {
        const char expected = code == 0 ? 'e' : class_is[code / 32];

        EXPECT(atc_code_is_request((uint8_t)code) == (expected == 'q'), "code %u", code);
        EXPECT(atc_code_is_response((uint8_t)code) == (expected == 'r'), "code %u", code);
    }
    assert_int_equal(ATC_CODE_CONTENT, 69);
    assert_int_equal(ATC_CODE_PROXYING, 165);
}

static void test_token_lengths(void **state)
{
    (void)state;
    for (size_t tkl = 0; tkl <= 8; tkl++) {
        uint8_t data[12];
        struct atc_out out = atc_out(data, sizeof data);
        struct atc_pdu pdu;

        atc_put_header(&out, ATC_CON, ATC_CODE_GET, 7, atc_span("\1\2\3\4\5\6\7\10", tkl));
        assert_int_equal(out.len, 4 + tkl);
        assert_int_equal(parse(data, out.len, "a token"), ACCEPT);
        assert_int_equal(atc_pdu_parse(&pdu, data, out.len), 0);
        assert_true(atc_span_equal(pdu.token, atc_span("\1\2\3\4\5\6\7\10", tkl)));
    }
}

/* A payload of nothing has no marker; a writer without room stays failed. */
static void test_payload(void **state)
{
    uint8_t data[6];
    struct atc_out out = atc_out(data, sizeof data);

    (void)state;
    atc_put_header(&out, ATC_CON, ATC_CODE_GET, 7, atc_span(NULL, 0));
    atc_put_payload(&out, atc_span(NULL, 0));
    assert_int_equal(out.len, 4);
    atc_put_payload(&out, atc_span("xy", 2));
    assert_true(atc_out_failed(&out));
    assert_int_equal(out.len, 7);
}

/* A header is seen although what follows is broken: a CON then gets its RST. */
static void test_peek(void **state)
{
    static const struct {
        const char *hex;
        bool seen;
        uint8_t type;
        uint16_t mid;
    } cases[] = {
        {"", false, 0, 0},
        {"400112", false, 0, 0},
        {"00010001", false, 0, 0},
        {"80010001", false, 0, 0},
        {"40011234", true, ATC_CON, 0x1234},
        {"50011234ff", true, ATC_NON, 0x1234},
        {"6f01fffff0f0f0", true, ATC_ACK, 0xFFFF},
        {"7900000061", true, ATC_RST, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint8_t data[16];
        const size_t len = vector_bytes(data, cases[i].hex);
        uint8_t type = 0;
        uint16_t mid = 0;

        EXPECT(atc_pdu_peek(&type, &mid, data, len) == cases[i].seen, "%s", cases[i].hex);
        EXPECT(type == cases[i].type && mid == cases[i].mid, "%s", cases[i].hex);
    }
}

/* Numbers that are the same modulo 32 are not taken for each other. */
static void test_find(void **state)
{
    static const uint8_t bytes[] = {0x40, 0x01, 0x00, 0x01, 0xC1, 0x2A, 0xD1, 0x13, 0x07};
    struct atc_span value = {NULL, 0};
    struct atc_pdu pdu;

    (void)state;
    assert_int_equal(atc_pdu_parse(&pdu, bytes, sizeof bytes), 0); /* 12 and 12 + 32 */
    assert_true(atc_pdu_find(&pdu, 44, &value));
    assert_ptr_equal(value.at, bytes + 8);
    assert_false(atc_pdu_find(&pdu, 76, &value));
    assert_false(atc_pdu_find(&pdu, 13, &value));
    assert_true(atc_pdu_find(&pdu, 12, &value));
    assert_ptr_equal(value.at, bytes + 5);
    assert_int_equal(atc_pdu_parse(&pdu, bytes, 6), 0);
    assert_false(atc_pdu_find(&pdu, 44, &value));
}

/* Options that are encoded before their delta is known are what they would be at once. */
static void test_put_ready(void **state)
{
    static const uint32_t deltas[] = {0, 1, 12, 13, 14, 268, 269, 270, 525, 65000};
    static const size_t lens[] = {0, 1, 12, 13, 268, 269, 600};
    static uint8_t value[600], ready[1300], expected[1300], got[1300];

    (void)state;
    memset(value, 0xA5, sizeof value);
    for (size_t i = 0; i < COUNT_OF(deltas); i++) {
        for (size_t k = 0; k < COUNT_OF(lens); k++) {
            struct atc_out early = atc_out(ready, sizeof ready);
            struct atc_out at_once = atc_out(expected, sizeof expected);
            struct atc_out out = atc_out(got, sizeof got);
            struct atc_out size = atc_out_measure();
            const uint32_t number = 500 + deltas[i];
            uint32_t last = number;

            atc_put_option(&early, &last, number, atc_span(value, lens[k]));
            atc_put_option(&early, &last, number, atc_span(value, lens[k]));
            last = 500;
            atc_put_option(&at_once, &last, number, atc_span(value, lens[k]));
            atc_put_option(&at_once, &last, number, atc_span(value, lens[k]));
            last = 500;
            atc_put_ready(&out, &last, number, atc_span(ready, early.len));
            assert_int_equal(last, number);
            assert_int_equal(out.len, at_once.len);
            assert_memory_equal(got, expected, out.len);
            last = 500;
            atc_put_ready(&size, &last, number, atc_span(ready, early.len));
            assert_int_equal(size.len, out.len);
        }
    }
}

/* Every number is found, those that the summary of a message has room for and those beyond. */
static void test_find_at_the_edge(void **state)
{
    (void)state;
    for (uint32_t number = 30; number <= 34; number++) {
        uint8_t data[16];
        struct atc_out out = atc_out(data, sizeof data);
        struct atc_span value;
        struct atc_pdu pdu;
        uint32_t last = 0;

        atc_put_header(&out, ATC_CON, ATC_CODE_GET, 1, atc_span(NULL, 0));
        atc_put_option(&out, &last, number, atc_span("x", 1));
        assert_int_equal(atc_pdu_parse(&pdu, data, out.len), 0);
        for (uint32_t other = 29; other <= 35; other++)
            EXPECT(atc_pdu_find(&pdu, other, &value) == (other == number), "%u, %u", number, other);
    }
}

/* An option that fits exactly leaves what stands behind it alone. */
static void test_option_fits_exactly(void **state)
{
    uint8_t data[6];
    struct atc_out out = atc_out(data, 4);
    uint32_t last = 0;

    (void)state;
    memset(data, 0xEE, sizeof data);
    atc_put_option(&out, &last, 11, atc_span("abcd", 3));
    assert_false(atc_out_failed(&out));
    assert_memory_equal(data,
                        "\xB3"
                        "abc\xEE\xEE",
                        6);
}

int main(void)
{
    static struct CMUnitTest named[VECTOR_COUNT];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_all_short_messages),
        cmocka_unit_test(test_all_headers),
        cmocka_unit_test(test_boundaries),
        cmocka_unit_test(test_claimed_lengths),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_many_options),
        cmocka_unit_test(test_codes_and_types),
        cmocka_unit_test(test_code_classes),
        cmocka_unit_test(test_token_lengths),
        cmocka_unit_test(test_payload),
        cmocka_unit_test(test_peek),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_put_ready),
        cmocka_unit_test(test_find_at_the_edge),
        cmocka_unit_test(test_option_fits_exactly),
    };
    int failed;

    for (size_t i = 0; i < VECTOR_COUNT; i++) {
        named[i].name = vectors[i].name;
        named[i].test_func = test_vector;
        named[i].initial_state = (void *)(uintptr_t)&vectors[i];
    }
    failed = cmocka_run_group_tests(named, NULL, NULL);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
