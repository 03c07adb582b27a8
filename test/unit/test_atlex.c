/* SPDX-License-Identifier: MIT
 *
 * The lexer and the schema against a second reading of V.250 and D-09 to D-12 (test/oracle/atlex.c):
 * every short line of the bytes that mean something, random lines of a host, and damaged ones. Before
 * that the second reading itself, by hand. Lines lie in memory of their exact size.
 */
#include <stdlib.h>

#include "atlex.h"
#include "check.h"
#include "host.h"

/* --- the second reading ----------------------------------------------------------------------- */

/* What is found, in short: for each command a letter for its form, its name, and its arguments in
 * brackets, a dash for one that is not given. */
static const struct {
    const char *line;
    const char *found;
} readings[] = {
    {"", ""},
    {" ; ;", ""},
    {"E0V1", "bE bV"},
    {"&F0;S3?S4=13", "b&F rS3 wS4"},
    {"S3", "!"},
    {"E0=1", "bE !"},
    {"+CSQ", "XCSQ"},
    {"+CSQ? ; +CSQ=? ", "RCSQ TCSQ"},
    {"+CSQ?1", "!"},
    {"+A= ?", "WA[?]"},
    {"+A=", "WA[-]"},
    {"+A=1,,\"b,;c\" , d e ;+B", "WA[1][-][\"b,;c\"][d e] XB"},
    {"+A=\"x", "WA(bad)"},
    {"+A=\"x\"y", "WA(bad)"},
    {"+A=x\"y\"", "WA(bad)"},
    {"+A=\"\"", "WA[\"\"]"},
};

static void describe(char *text, size_t size, const char *line)
{
    static struct atlex_command commands[ATLEX_COMMAND_MAX];
    const size_t count = atlex_read(commands, (const uint8_t *)line, strlen(line));
    size_t len = 0;

#define SAY(...) len += (size_t)snprintf(text + len, size - len, __VA_ARGS__)
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const struct atlex_command *c = &commands[i];

        SAY("%s%c", i > 0 ? " " : "", "!brwXRTW"[c->form]);
        if (c->form == ATLEX_BROKEN)
            continue;
        SAY("%.*s", (int)(c->name.to - c->name.from), line + c->name.from);
        if (!c->split)
            SAY("(bad)");
        for (size_t k = 0; c->form == ATLEX_WRITE && c->split && k < c->arg_count; k++) {
            const struct atlex_arg *arg = &c->arg[k];
            const char *quote = arg->given && arg->quoted ? "\"" : "";

            if (arg->given)
                SAY("[%s%.*s%s]", quote, (int)(arg->text.to - arg->text.from),
                    line + arg->text.from, quote);
            else
                SAY("[-]");
        }
        assert_true(len < size);
    }
#undef SAY
}

static void test_readings(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(readings); i++) {
        char text[200];

        describe(text, sizeof text, readings[i].line);
        EXPECT(strcmp(text, readings[i].found) == 0, "%s gives %s", readings[i].line, text);
    }
}

/* --- against the library ---------------------------------------------------------------------- */

static void agree_on(const uint8_t *line, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    const char *difference;

    assert_non_null(copy);
    memcpy(copy, line, len);
    difference = atlex_agree(copy, len);
    EXPECT(difference == NULL, "%.*s: the lexers differ in: %s", (int)len, (const char *)line,
           difference);
    free(copy);
}

/* Every line of up to five of these, alone and as the arguments of a command. */
static void test_short_lines(void **state)
{
    static const char bytes[] = "+A&s3=?,;\" \\";
    const size_t base = sizeof bytes - 1;
    uint8_t line[9] = "+X=";

    (void)state;
    for (size_t len = 0, all = 1; len <= 5; len++, all *= base) {
        for (size_t n = 0; n < all; n++) {
            size_t rest = n;

            for (size_t i = 0; i < len; i++, rest /= base)
                line[3 + i] = (uint8_t)bytes[rest % base];
            agree_on(line + 3, len);
            if (len <= 4)
                agree_on(line, 3 + len);
        }
    }
}

static void agree_on_hosts(enum host_style style, uint64_t seed, unsigned count)
{
    static struct host_turn turn;
    static const struct atc_dialect *const dialects[] = {&atc_dialect_bc95, &atc_dialect_bg96};
    struct rng rng = {seed};

    for (unsigned i = 0; i < count; i++) {
        host_turn(&turn, &rng, dialects[i % 2], style);
        if (turn.line_len >= 2)
            agree_on(turn.line + 2, turn.line_len - 2);
    }
}

static void test_hosts(void **state)
{
    (void)state;
    agree_on_hosts(HOST_SANE, 1, 10000);
    agree_on_hosts(HOST_NOISY, 2, 10000);
}

/* The largest and the smallest number of arguments, of commands, of a line. */
static void test_limits(void **state)
{
    static uint8_t line[ATC_LINE_MAX];

    (void)state;
    for (unsigned commas = 0; commas < 2 * ATC_ARG_MAX; commas++) {
        size_t len = (size_t)snprintf((char *)line, sizeof line, "+QCOAPOPTION=%u", commas / 2);

        for (unsigned i = 0; i < commas; i++)
            len += (size_t)snprintf((char *)line + len, sizeof line - len, ",%u",
                                    i % 2 == 0 ? 11 : 1);
        agree_on(line, len);
    }
    for (size_t len = 0; len <= sizeof line; len += 97) {
        memset(line, 'E', len);
        agree_on(line, len < ATLEX_COMMAND_MAX ? len : 0);
        memset(line, '"', len);
        agree_on(line, len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readings),
        cmocka_unit_test(test_short_lines),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests_name("atlex", tests, NULL, NULL);
}
