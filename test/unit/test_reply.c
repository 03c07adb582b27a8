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
    atc_reply_begin(out, &atc_framing_factory, first);
    atc_put_text(out, text);
    atc_reply_end(out, &atc_framing_factory);
}

static void test_final(void **state)
{
    uint8_t memory[64];
    struct atc_out out = atc_out(memory, sizeof memory);

    (void)state;
    atc_reply_final(&out, &atc_framing_factory, ATC_FINAL_OK);
    expect(&out, "\r\nOK\r\n");
}

static void test_one_line(void **state)
{
    uint8_t memory[64];
    struct atc_out out = atc_out(memory, sizeof memory);

    (void)state;
    put_line(&out, true, "+CSQ: 28,99");
    atc_reply_final(&out, &atc_framing_factory, ATC_FINAL_OK);
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
    atc_reply_final(&out, &atc_framing_factory, ATC_FINAL_OK);
    expect(&out, "\r\nQuectel\r\nBG96\r\nRevision: 1\r\n\r\nOK\r\n");
}

static void test_errors(void **state)
{
    uint8_t memory[64];
    struct atc_out out = atc_out(memory, sizeof memory);

    (void)state;
    atc_reply_cme(&out, &atc_framing_factory, 50, NULL);
    atc_reply_cme(&out, &atc_framing_factory, 159, NULL);
    expect(&out, "\r\n+CME ERROR: 50\r\n\r\n+CME ERROR: 159\r\n");
}

/* ATV0, ATQ1, ATS3, ATS4. Source: V.250 6.2, D-150. */
static void test_framings(void **state)
{
    static const struct {
        struct atc_framing framing;
        const char *expected;
    } cases[] = {
        {{'\r', '\n', false, false},
         "\r\nx\r\ny\r\n\r\nOK\r\n\r\nCONNECT\r\n\r\nERROR\r\n\r\n+CME ERROR: 3\r\n"},
        {{'\r', '\n', true, false}, "x\r\ny\r\n0\r1\r4\r+CME ERROR: 3\r"},
        {{'\r', '\n', false, true}, "\r\nx\r\ny\r\n"},
        {{'\r', '\n', true, true}, "x\r\ny\r\n"},
        {{';', '!', false, false}, ";!x;!y;!;!OK;!;!CONNECT;!;!ERROR;!;!+CME ERROR: 3;!"},
        {{';', '!', true, false}, "x;!y;!0;1;4;+CME ERROR: 3;"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct atc_framing *framing = &cases[i].framing;
        uint8_t memory[128];
        struct atc_out out = atc_out(memory, sizeof memory);

        atc_reply_begin(&out, framing, true);
        atc_put_text(&out, "x");
        atc_reply_end(&out, framing);
        atc_reply_begin(&out, framing, false);
        atc_put_text(&out, "y");
        atc_reply_end(&out, framing);
        atc_reply_final(&out, framing, ATC_FINAL_OK);
        atc_reply_final(&out, framing, ATC_FINAL_CONNECT);
        atc_reply_final(&out, framing, ATC_FINAL_ERROR);
        atc_reply_cme(&out, framing, 3, NULL);
        expect(&out, cases[i].expected);
    }
}

static void test_words(void **state)
{
    uint8_t memory[64];
    struct atc_out out = atc_out(memory, sizeof memory);

    (void)state;
    atc_reply_cme(&out, &atc_framing_factory, 10, "SIM not inserted");
    expect(&out, "\r\n+CME ERROR: SIM not inserted\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_final),       cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_three_lines), cmocka_unit_test(test_errors),
        cmocka_unit_test(test_framings),    cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
