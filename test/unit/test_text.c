/* SPDX-License-Identifier: MIT
 *
 * Text to numbers and bytes: strict decimal (D-12), hex, strings with escapes (D-29), and that what
 * the writer escapes is read back as it was.
 */
#include "check.h"
#include "rng.h"
#include "text.h"

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        uint32_t max;
        bool good;
        uint32_t number;
    } cases[] = {
        {"0", 0, true, 0},
        {"1", 0, false, 0},
        {"00", 9, true, 0},
        {"007", 9, true, 7},
        {"9", 9, true, 9},
        {"10", 9, false, 0},
        {"65535", 65535, true, 65535},
        {"65536", 65535, false, 0},
        {"4294967295", UINT32_MAX, true, UINT32_MAX},
        {"4294967296", UINT32_MAX, false, 0},
        {"18446744073709551616", UINT32_MAX, false, 0},
        {"0000000000000000000000000000000000000005", 5, true, 5},
        {"1111111111111111111111111111111111111111", UINT32_MAX, false, 0},
        {"", 9, false, 0},
        {" 1", 9, false, 0},
        {"1 ", 9, false, 0},
        {"-1", 9, false, 0},
        {"+1", 9, false, 0},
        {"1.0", 99, false, 0},
        {"1e3", 9999, false, 0},
        {"0x10", 99, false, 0},
        {"\xB2", 9, false, 0},
        {":", 99, false, 0},
        {"/", 99, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint32_t number = 4711;
        const bool good = atc_text_number(&number, atc_span_text(cases[i].text), cases[i].max);

        EXPECT(good == cases[i].good, "\"%s\" up to %u", cases[i].text, cases[i].max);
        EXPECT(number == (good ? cases[i].number : 4711), "\"%s\" gives %u", cases[i].text, number);
    }
}

/* Every number up to 70000 against every third bound. */
static void test_number_bounds(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 70000; n += 7) {
        char text[12];
        uint32_t number;

        (void)snprintf(text, sizeof text, "%u", n);
        for (uint32_t max = n < 3 ? 0 : n - 3; max < n + 3; max++)
            EXPECT(atc_text_number(&number, atc_span_text(text), max) == (n <= max), "%u up to %u",
                   n, max);
    }
}

static void test_hex(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"", true},     {"0", false},
        {"00", true},   {"0g", false},
        {"G0", false},  {"aF", true},
        {"0 ", false},  {"0x", false},
        {"abc", false}, {"0123456789abcdefABCDEF", true},
        {"@0", false},  {"`0", false},
        {"/0", false},  {":0", false},
        {"[0", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        EXPECT(atc_text_is_hex(atc_span_text(cases[i].text)) == cases[i].good, "%s", cases[i].text);
}

static void test_unhex(void **state)
{
    uint8_t text[] = "00ff7Ea0";
    uint8_t bytes[4];

    (void)state;
    assert_int_equal(atc_text_unhex(bytes, atc_span(text, 8)), 4);
    assert_memory_equal(bytes, "\x00\xFF\x7E\xA0", 4);
    /* In place. */
    assert_int_equal(atc_text_unhex(text, atc_span(text, 8)), 4);
    assert_memory_equal(text, "\x00\xFF\x7E\xA0", 4);
    assert_int_equal(atc_text_unhex(bytes, atc_span(NULL, 0)), 0);
}

static void test_escapes(void **state)
{
    static const struct {
        const char *text;
        long len;
        const char *bytes;
    } cases[] = {
        {"", 0, ""},           {"abc", 3, "abc"},   {"\\41", 1, "A"},   {"a\\0Db", 3, "a\rb"},
        {"\\5C5C", 3, "\\5C"}, {"\\ff", 1, "\xFF"}, {"\\", -1, NULL},   {"\\4", -1, NULL},
        {"\\4g", -1, NULL},    {"\\g4", -1, NULL},  {"ok\\", -1, NULL}, {"\\\\41", -1, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct atc_span text = atc_span_text(cases[i].text);

        EXPECT(atc_text_len(text) == cases[i].len, "%s", cases[i].text);
        for (long at = 0; at < cases[i].len; at++)
            EXPECT(atc_text_next(&text) == (uint8_t)cases[i].bytes[at], "%s", cases[i].text);
        if (cases[i].len >= 0)
            EXPECT(atc_text_next(&text) == -1, "%s", cases[i].text);
    }
}

/* Whatever bytes a string has: escaped and read back they are the same, and the escaped form can
 * stand in quotes on one line. */
static void test_escapes_round_trip(void **state)
{
    struct rng rng = {1};

    (void)state;
    for (unsigned run = 0; run < 2000; run++) {
        uint8_t bytes[64], text[3 * 64];
        struct atc_out out = atc_out(text, sizeof text);
        const size_t len = rng_below(&rng, sizeof bytes + 1);
        struct atc_span read;

        rng_fill(&rng, bytes, len);
        atc_put_escaped(&out, atc_span(bytes, len));
        assert_false(atc_out_failed(&out));
        for (size_t i = 0; i < out.len; i++)
            assert_true(text[i] >= 0x20 && text[i] != '"' && text[i] != 0x7F);
        read = atc_span(text, out.len);
        assert_int_equal(atc_text_len(read), len);
        for (size_t i = 0; i < len; i++)
            assert_int_equal(atc_text_next(&read), bytes[i]);
    }
}

static void test_bytes(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        const bool small = byte >= 'a' && byte <= 'z';
        const bool big = byte >= 'A' && byte <= 'Z';

        assert_int_equal(atc_is_letter((uint8_t)byte), small || big);
        assert_int_equal(atc_is_digit((uint8_t)byte), byte >= '0' && byte <= '9');
        assert_int_equal(atc_upper((uint8_t)byte), small ? byte - 32 : byte);
    }
}

static void test_same(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"", "", true},          {"a", "A", true},       {"ShowRA", "showra", true},
        {"ab", "a", false},      {"a", "ab", false},     {"[", "{", false},
        {"\xE4", "\xC4", false}, {"AT+1", "at+1", true}, {"@", "`", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        EXPECT(atc_text_same(atc_span_text(cases[i].a), atc_span_text(cases[i].b)) == cases[i].same,
               "%s %s", cases[i].a, cases[i].b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_number_bounds),
        cmocka_unit_test(test_hex),     cmocka_unit_test(test_unhex),
        cmocka_unit_test(test_escapes), cmocka_unit_test(test_escapes_round_trip),
        cmocka_unit_test(test_bytes),   cmocka_unit_test(test_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
