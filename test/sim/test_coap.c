/* SPDX-License-Identifier: MIT
 *
 * The codec of the virtual world, which judges the library's: accepted and refused datagrams one by
 * one, and a round trip over every boundary of option deltas and lengths. */
#include <stdlib.h>

#include "check.h"
#include "coap.h"

static size_t unhex(uint8_t *out, const char *hex)
{
    size_t len = 0;

    for (; hex[2 * len] != '\0'; len++) {
        unsigned byte = 0;

        assert_int_equal(sscanf(hex + 2 * len, "%2x", &byte), 1);
        out[len] = (uint8_t)byte;
    }
    return len;
}

/* Source: RFC 7252 3, 3.1, 4.1. */
static const struct {
    const char *hex;
    int status;
} vectors[] = {
    {"", SIM_COAP_FORMAT},
    {"40", SIM_COAP_FORMAT},
    {"400112", SIM_COAP_FORMAT},
    {"40000001", 0},
    {"70000001", 0},
    {"60000001", 0},
    {"00010001", SIM_COAP_VERSION},
    {"80010001", SIM_COAP_VERSION},
    {"c0010001", SIM_COAP_VERSION},
    {"41010001", SIM_COAP_FORMAT},
    {"4801000101020304050607", SIM_COAP_FORMAT},
    {"480100010102030405060708", 0},
    {"49010001010203040506070809", SIM_COAP_FORMAT},
    {"4f0100010102030405060708090a0b0c0d0e0f", SIM_COAP_FORMAT},
    {"4100000161", SIM_COAP_FORMAT},
    {"40000001ff", SIM_COAP_FORMAT},
    {"40000001ff61", SIM_COAP_FORMAT},
    {"4000000100", SIM_COAP_FORMAT},
    {"40010001ff", SIM_COAP_FORMAT},
    {"40010001ff00", 0},
    {"40010001ffff", 0},
    {"40010001f0", SIM_COAP_FORMAT},
    {"400100010f", SIM_COAP_FORMAT},
    {"400100011f", SIM_COAP_FORMAT},
    {"40010001d0", SIM_COAP_FORMAT},
    {"40010001d000", 0},
    {"40010001e0", SIM_COAP_FORMAT},
    {"40010001e000", SIM_COAP_FORMAT},
    {"40010001e00000", 0},
    {"400100010d", SIM_COAP_FORMAT},
    {"400100010d00", SIM_COAP_FORMAT},
    {"400100010e0000", SIM_COAP_FORMAT},
    {"40010001bc6162", SIM_COAP_FORMAT},
    {"40010001b161", 0},
    {"40010001b1", SIM_COAP_FORMAT},
    {"40010001e0fef2", 0},
    {"40010001e0fef3", SIM_COAP_FORMAT},
    {"40010001e0ffff", SIM_COAP_FORMAT},
    {"40010001e0fef210", SIM_COAP_FORMAT},
    {"40010001e0fef200", 0},
    {"40010001b16101", SIM_COAP_FORMAT},
    {"40010001b161ff", SIM_COAP_FORMAT},
    {"40010001b161ff62", 0},
    {"40010001b2ff61", 0},
    {"40010001b1ffff62", 0},
    {"4001000100", 0},
    {"60450001ff61", 0},
    {"40e10001", 0},
};

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct sim_coap message;
        uint8_t data[64];
        const size_t len = unhex(data, vectors[i].hex);
        const int status = sim_coap_parse(&message, data, len);

        EXPECT(status == vectors[i].status, "%s gives %d", vectors[i].hex, status);
    }
}

/* What is cut short is refused, or is another good message: never read beyond. */
static void test_cut_short(void **state)
{
    static const char whole[] = "48020001010203040506070811c16401ff02ff";
    uint8_t data[64];
    const size_t len = unhex(data, whole);

    (void)state;
    for (size_t cut = 0; cut < len; cut++) {
        struct sim_coap message;
        uint8_t *exact = malloc(cut + 1); /* so that a sanitizer sees one byte too many */

        memcpy(exact, data, cut);
        (void)sim_coap_parse(&message, exact, cut);
        for (size_t i = 0; i < message.option_count; i++)
            assert_true(message.options[i].value + message.options[i].len <= exact + cut);
        free(exact);
    }
}

static void test_boundaries(void **state)
{
    static const uint16_t steps[] = {0, 1, 12, 13, 14, 268, 269, 270, 65535};
    static uint8_t value[70000];
    static uint8_t data[80000];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        for (size_t j = 0; j < COUNT_OF(steps); j++) {
            struct sim_coap in, out;

            memset(&in, 0, sizeof in);
            in.type = SIM_NON;
            in.code = SIM_CODE(0, 2);
            in.mid = 0xabcd;
            assert_true(sim_coap_add(&in, steps[i], value, steps[j]));
            in.payload = value;
            in.payload_len = 3;
            const int len = sim_coap_build(&in, data, sizeof data);
            assert_true(len > 0);
            assert_int_equal(sim_coap_parse(&out, data, (size_t)len), 0);
            assert_int_equal(out.mid, 0xabcd);
            assert_int_equal(out.option_count, 1);
            assert_int_equal(out.options[0].number, steps[i]);
            assert_int_equal(out.options[0].len, steps[j]);
            assert_int_equal(out.payload_len, 3);
            /* Every size that is too small is said to be. */
            assert_int_equal(sim_coap_build(&in, data, (size_t)len - 1), SIM_COAP_FULL);
        }
}

static void test_order(void **state)
{
    struct sim_coap message;
    uint8_t data[32];

    (void)state;
    memset(&message, 0, sizeof message);
    assert_true(sim_coap_add(&message, 11, "a", 1));
    assert_true(sim_coap_add(&message, 11, "b", 1));
    assert_true(sim_coap_build(&message, data, sizeof data) > 0);
    assert_true(sim_coap_add(&message, 3, "c", 1));
    assert_int_equal(sim_coap_build(&message, data, sizeof data), SIM_COAP_FORMAT);
}

static void test_options_full(void **state)
{
    struct sim_coap message;
    uint8_t data[4 + SIM_COAP_OPTION_MAX + 1] = {0x40, 1, 0, 1};

    (void)state;
    assert_int_equal(sim_coap_parse(&message, data, sizeof data - 1), 0);
    assert_int_equal(message.option_count, SIM_COAP_OPTION_MAX);
    assert_int_equal(sim_coap_parse(&message, data, sizeof data), SIM_COAP_FULL);
}

static void test_uint(void **state)
{
    static const struct {
        uint64_t value;
        size_t len;
    } cases[] = {{0, 0}, {1, 1}, {255, 1}, {256, 2}, {0xffffffff, 4}, {UINT64_MAX, 8}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint8_t bytes[8];
        const size_t len = sim_coap_put_uint(bytes, cases[i].value);
        const struct sim_coap_option option = {12, (uint16_t)len, bytes};

        assert_int_equal(len, cases[i].len);
        assert_true(sim_coap_uint(&option) == cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),      cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_boundaries),   cmocka_unit_test(test_order),
        cmocka_unit_test(test_options_full), cmocka_unit_test(test_uint),
    };

    return cmocka_run_group_tests_name("sim coap", tests, NULL, NULL);
}
