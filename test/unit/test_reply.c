/* SPDX-License-Identifier: MIT
 *
 * The framing of D-07: one frame a reply, its lines joined by one CR LF, a blank line before the
 * final result only.
 */
#include "check.h"
#include "reply.h"

static void expect(const struct atc_out *out, const char *text)
{
    assert_int_equal(out->len, strlen(text));
    assert_memory_equal(out->buf, text, out->len);
}

static void put_line(struct atc_out *out, bool first, const char *text)
{
    atc_reply_begin(out, first);
    atc_put_text(out, text);
    atc_reply_end(out);
}

static void test_final(void **state)
{
    uint8_t memory[64];
    struct atc_out out = atc_out(memory, sizeof memory);

    (void)state;
    atc_reply_line(&out, "OK");
    expect(&out, "\r\nOK\r\n");
}

static void test_one_line(void **state)
{
    uint8_t memory[64];
    struct atc_out out = atc_out(memory, sizeof memory);

    (void)state;
    put_line(&out, true, "+CSQ: 28,99");
    atc_reply_line(&out, "OK");
    expect(&out, "\r\n+CSQ: 28,99\r\n\r\nOK\r\n");
}

static void test_three_lines(void **state)
{
    uint8_t memory[64];
    struct atc_out out = atc_out(memory, sizeof memory);

    (void)state;
    put_line(&out, true, "Quectel");
    put_line(&out, false, "BG96");
    put_line(&out, false, "Revision: 1");
    atc_reply_line(&out, "OK");
    expect(&out, "\r\nQuectel\r\nBG96\r\nRevision: 1\r\n\r\nOK\r\n");
}

static void test_errors(void **state)
{
    uint8_t memory[64];
    struct atc_out out = atc_out(memory, sizeof memory);

    (void)state;
    atc_reply_cme(&out, 50);
    atc_reply_cme(&out, 159);
    expect(&out, "\r\n+CME ERROR: 50\r\n\r\n+CME ERROR: 159\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_final),
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_three_lines),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
