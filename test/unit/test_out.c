/* SPDX-License-Identifier: MIT
 *
 * The bounded writer: what each put writes, and that every put at every size either fits whole or
 * leaves a writer that stays failed, has not written past its end and knows the room it lacked.
 */
#include "check.h"
#include "out.h"

static void put_byte(struct atc_out *out)
{
    atc_put_byte(out, 'x');
}

static void put_bytes(struct atc_out *out)
{
    atc_put_bytes(out, atc_span("a\0b", 3));
}

static void put_nothing(struct atc_out *out)
{
    atc_put_bytes(out, atc_span(NULL, 0));
}

static void put_text(struct atc_out *out)
{
    atc_put_text(out, "hello");
}

static void put_number_0(struct atc_out *out)
{
    atc_put_number(out, 0);
}

static void put_number_10(struct atc_out *out)
{
    atc_put_number(out, 10);
}

static void put_number_max(struct atc_out *out)
{
    atc_put_number(out, UINT32_MAX);
}

static void put_signed_below(struct atc_out *out)
{
    atc_put_signed(out, -113);
}

static void put_signed_lowest(struct atc_out *out)
{
    atc_put_signed(out, INT32_MIN);
}

static void put_signed_above(struct atc_out *out)
{
    atc_put_signed(out, 7);
}

static void put_hex(struct atc_out *out)
{
    atc_put_hex(out, atc_span("\x00\x09\x0A\xAF\xFF", 5));
}

static void put_escaped(struct atc_out *out)
{
    atc_put_escaped(out, atc_span("a\"\\\r\n\x1F\x20\x7E\x7F\x80\xFF\0", 12));
}

static void put_code_zero(struct atc_out *out)
{
    atc_put_code(out, 0);
}

static void put_code_max(struct atc_out *out)
{
    atc_put_code(out, 255);
}

static void put_several(struct atc_out *out)
{
    atc_put_text(out, "ab");
    atc_put_number(out, 7);
    atc_put_byte(out, '!');
}

static const struct {
    const char *name;
    void (*put)(struct atc_out *out);
    const char *text;
    size_t len;
} puts_of[] = {
    {"byte", put_byte, "x", 1},
    {"bytes with a NUL", put_bytes, "a\0b", 3},
    {"no bytes", put_nothing, "", 0},
    {"text", put_text, "hello", 5},
    {"number 0", put_number_0, "0", 1},
    {"signed, below 0", put_signed_below, "-113", 4},
    {"signed, the lowest", put_signed_lowest, "-2147483648", 11},
    {"signed, above 0", put_signed_above, "7", 1},
    {"number 10", put_number_10, "10", 2},
    {"largest number", put_number_max, "4294967295", 10},
    {"hex", put_hex, "00090AAFFF", 10},
    {"escaped", put_escaped, "a\\22\\5C\\0D\\0A\\1F ~\\7F\x80\xFF\\00", 26},
    {"code 0.00", put_code_zero, "0.00", 4},
    {"code 7.31", put_code_max, "7.31", 4},
    {"several", put_several, "ab7!", 4},
};

static void check_put(size_t row, size_t cap)
{
    uint8_t memory[40];
    struct atc_out out = atc_out(memory, cap);

    memset(memory, '#', sizeof memory);
    puts_of[row].put(&out);
    EXPECT(out.len == puts_of[row].len, "%s, room %zu: len %zu", puts_of[row].name, cap, out.len);
    EXPECT(atc_out_failed(&out) == (puts_of[row].len > cap), "%s, room %zu", puts_of[row].name,
           cap);
    if (!atc_out_failed(&out))
        EXPECT(memcmp(memory, puts_of[row].text, out.len) == 0, "%s", puts_of[row].name);
    for (size_t i = cap; i < sizeof memory; i++)
        EXPECT(memory[i] == '#', "%s, room %zu: byte %zu was written", puts_of[row].name, cap, i);
}

static void test_every_put_at_every_size(void **state)
{
    (void)state;
    for (size_t row = 0; row < COUNT_OF(puts_of); row++) {
        for (size_t cap = 0; cap < 32; cap++)
            check_put(row, cap);
    }
}

/* What fits behind something that did not fit is not written either. */
static void test_stays_failed(void **state)
{
    uint8_t memory[4] = "....";
    struct atc_out out = atc_out(memory, sizeof memory);

    (void)state;
    atc_put_text(&out, "ab");
    atc_put_text(&out, "too long");
    atc_put_text(&out, "c");
    atc_put_byte(&out, 'd');
    atc_put_text(&out, "");
    assert_true(atc_out_failed(&out));
    assert_int_equal(out.len, 12);
    assert_memory_equal(memory, "ab..", 4);
}

static void test_measure(void **state)
{
    struct atc_out out = atc_out_measure();

    (void)state;
    put_several(&out);
    put_escaped(&out);
    assert_int_equal(out.len, 30);
    assert_true(atc_out_failed(&out));
}

static void test_all_codes(void **state)
{
    (void)state;
    for (unsigned code = 0; code < 256; code++) {
        uint8_t memory[8] = {0};
        char expected[8];
        struct atc_out out = atc_out(memory, sizeof memory);

        atc_put_code(&out, (uint8_t)code);
        (void)snprintf(expected, sizeof expected, "%u.%02u", code >> 5, code & 31);
        assert_string_equal((const char *)memory, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_put_at_every_size),
        cmocka_unit_test(test_stays_failed),
        cmocka_unit_test(test_measure),
        cmocka_unit_test(test_all_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
