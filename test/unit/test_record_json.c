/* SPDX-License-Identifier: MIT
 *
 * The text of bytes in logs, and JSON: every byte, against literal text.
 */
#include "check.h"
#include "escape.h"
#include "json.h"

static void test_every_byte_has_a_text(void **state)
{
    static const struct {
        uint8_t byte;
        const char *text;
    } cases[] = {
        {0, "\\x00"}, {'\r', "\\r"},   {'\n', "\\n"},   {0x1A, "\\x1A"}, {0x1B, "\\x1B"},
        {' ', " "},   {'"', "\""},     {'<', "<"},      {'A', "A"},      {'\\', "\\\\"},
        {'~', "~"},   {0x7F, "\\x7F"}, {0x80, "\\x80"}, {0xFF, "\\xFF"}, {'\t', "\\x09"},
    };
    char text[ESCAPE_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(escape_byte(text, cases[i].byte), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
    }
    for (unsigned byte = 0; byte < 256; byte++) { /* no text is the start of another's */
        char other[ESCAPE_MAX];
        const size_t len = escape_byte(text, (uint8_t)byte);

        for (unsigned b = 0; b < 256; b++) {
            const size_t other_len = escape_byte(other, (uint8_t)b);

            EXPECT(b == byte || other_len < len || memcmp(text, other, len) != 0, "%u and %u", byte,
                   b);
        }
    }
}

static void expect(struct script_buf *buf, const char *text)
{
    script_buf_byte(buf, '\0');
    assert_string_equal(buf->data, text);
    buf->len = 0;
}

static void test_values(void **state)
{
    struct script_buf buf = {0};
    struct json json = {.out = &buf};

    (void)state;
    json_begin(&json, NULL, '{');
    json_number(&json, "a", UINT64_MAX);
    json_bool(&json, "b", true);
    json_bool(&json, "c", false);
    json_seconds(&json, "d", 0);
    json_seconds(&json, "e", 86400000001u);
    json_hex(&json, "f", "\x00\xFF", 2);
    json_hex(&json, "g", "", 0);
    json_end(&json, '}');
    expect(&buf, "{\"a\":18446744073709551615,\"b\":true,\"c\":false,\"d\":0.000000,"
                 "\"e\":86400.000001,\"f\":\"00ff\",\"g\":\"\"}");
    script_buf_free(&buf);
}

static void test_texts(void **state)
{
    static const char every[] = "a\"b\\c\r\n\x1A/\x7F\xE9";
    struct script_buf buf = {0};
    struct json json = {.out = &buf};

    (void)state;
    json_text(&json, NULL, every, sizeof every - 1);
    expect(&buf, "\"a\\\"b\\\\c\\u000d\\u000a\\u001a/\\u007f\\u00e9\"");
    json = (struct json){.out = &buf};
    json_escaped(&json, NULL, every, sizeof every - 1);
    expect(&buf, "\"a\\\"b\\\\\\\\c\\\\r\\\\n\\\\x1A/\\\\x7F\\\\xE9\"");
    script_buf_free(&buf);
}

static void test_commas(void **state)
{
    struct script_buf buf = {0};
    struct json json = {.out = &buf};

    (void)state;
    json_begin(&json, NULL, '{');
    json_begin(&json, "a", '{');
    json_end(&json, '}');
    json_begin(&json, "b", '[');
    json_string(&json, NULL, "x");
    json_begin(&json, NULL, '{');
    json_number(&json, "n", 1);
    json_end(&json, '}');
    json_end(&json, ']');
    json_number(&json, "c", 2);
    json_end(&json, '}');
    expect(&buf, "{\"a\":{},\"b\":[\"x\",{\"n\":1}],\"c\":2}");
    script_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte_has_a_text),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_commas),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
