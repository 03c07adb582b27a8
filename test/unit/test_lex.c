/* SPDX-License-Identifier: MIT
 *
 * A line becomes commands and a command its arguments: D-09 to D-12. Each case is a line behind its
 * AT and what is found in it, written in short: every command as name, a sign for its form
 * (? read, =? test, = write, ! execute, # basic, X none) and its arguments.
 */
#include "check.h"
#include "lex.h"
#include "rng.h"

static const char *sign_of(uint8_t form)
{
    switch (form) {
    case ATC_FORM_TEST:
        return "=?";
    case ATC_FORM_READ:
        return "?";
    case ATC_FORM_WRITE:
        return "=";
    case ATC_FORM_EXECUTE:
        return "!";
    case ATC_FORM_BASIC:
        return "#";
    case ATC_FORM_S_READ:
        return "s?";
    case ATC_FORM_S_WRITE:
        return "s=";
    default:
        return "X";
    }
}

/* What is found lies inside the line, and what is not found is empty. */
static void check_words(const struct atc_words *words, struct atc_span line, char first)
{
    const struct atc_span parts[] = {words->name, words->args};

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        assert_true(parts[i].len == 0 || (parts[i].at >= line.at && parts[i].len <= line.len &&
                                          parts[i].at <= line.at + line.len - parts[i].len));
    if (words->form == ATC_FORM_S_READ || (words->form == 0 && first != '+'))
        assert_int_equal(words->args.len, 0);
    if (words->form == 0 && first != '+' && first != 'S')
        assert_int_equal(words->name.len, 0);
}

/* All commands of a line, separated by bars. */
static void describe_line(char *text, size_t size, struct atc_span line, size_t start)
{
    struct atc_words words;
    size_t at = start, len = 0, before = start;

    text[0] = '\0';
    for (memset(&words, 0xEE, sizeof words); atc_lex_command(&words, &at, line);
         memset(&words, 0xEE, sizeof words)) {
        const bool args = (words.form & (ATC_FORM_WRITE | ATC_FORM_BASIC | ATC_FORM_S_WRITE)) != 0;

        while (line.at[before] == ';' || line.at[before] == ' ')
            before++;
        check_words(&words, line, (char)line.at[before]);
        before = at;
        len += (size_t)snprintf(text + len, size - len, "%s%.*s%s%.*s", len > 0 ? "|" : "",
                                words.form != 0 ? (int)words.name.len : 0,
                                words.form != 0 ? (const char *)words.name.at : "",
                                sign_of(words.form), args ? (int)words.args.len : 0,
                                args ? (const char *)words.args.at : "");
        assert_true(len < size);
    }
}

static const struct {
    const char *line;
    const char *expected;
} lines[] = {
    {"", ""},
    {";", ""},
    {";;  ; ", ""},
    {"E", "E#"},
    {"E0", "E#0"},
    {"&F", "&F#"},
    {"&F0", "&F#0"},
    {"S3?", "S3s?"},
    {"s3?", "s3s?"},
    {"S3=13", "S3s=13"},
    {"S3=", "S3s="},
    {"S=1", "Ss=1"},
    {"S3=13E0", "S3s=13|E#0"},
    {"S3?S4?", "S3s?|S4s?"},
    {"S3?+CSQ", "S3s?|CSQ!"},
    {"S3", "X"},
    {"S", "X"},
    {"S3x", "X"},
    {"S3=x", "S3s=|x#"},
    {"E0V1", "E#0|V#1"},
    {"E0;V1", "E#0|V#1"},
    {"E0+CSQ", "E#0|CSQ!"},
    {"E000", "E#000"},
    {"&", "X"},
    {"1", "X"},
    {"?", "X"},
    {"\x01", "X"},
    {"&1", "X"},
    {"E0=1", "E#0|X"},

    {"+CSQ", "CSQ!"},
    {"+CSQ?", "CSQ?"},
    {"+CSQ=?", "CSQ=?"},
    {"+CSQ=", "CSQ="},
    {"+CSQ=1,2", "CSQ=1,2"},
    {"+CSQ ", "CSQ!"},
    {"+CSQ? ", "CSQ?"},
    {"+CSQ=? ", "CSQ=?"},
    {"+CSQ=1 ", "CSQ=1"},
    {"+CSQ=??", "CSQ=??"},
    {"+CSQ=?1", "CSQ=?1"},
    {"+CSQ?1", "X"},
    {"+", "!"},
    {"+=1", "=1"},
    {"+?", "?"},
    /* Blanks up to the sign belong to the name, so that no row has it. */
    {"+CSQ =1", "CSQ =1"},
    {"+ CSQ", " CSQ!"},
    {"+CSQ ?", "CSQ ?"},
    {"+CSQ= ?", "CSQ= ?"},

    {"+A=1;+B?;+C", "A=1|B?|C!"},
    {"+A=1 ; +B", "A=1|B!"},
    {";+A;;+B;", "A!|B!"},
    {"+A=\"x;y\";+B", "A=\"x;y\"|B!"},
    {"+A=\"x;y", "A=\"x;y"},
    {"+A=\"\";+B", "A=\"\"|B!"},
    {"+A=\"\\3B;\";+B", "A=\"\\3B;\"|B!"},
};

static void test_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char text[128];

        describe_line(text, sizeof text, atc_span_text(lines[i].line), 0);
        EXPECT(strcmp(text, lines[i].expected) == 0, "%s gives %s", lines[i].line, text);
    }
}

/* What stands in memory behind a line or an argument, left over from a longer one. */
static const char behind[] = "?=;\"1 ,A";

static void test_lines_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        const size_t len = strlen(lines[i].line);
        char line[64], text[128];

        for (const char *next = behind; *next != '\0'; next++) {
            memcpy(line, lines[i].line, len);
            line[len] = *next;
            describe_line(text, sizeof text, atc_span(line, len), 0);
            EXPECT(strcmp(text, lines[i].expected) == 0, "%s and %c behind it gives %s",
                   lines[i].line, *next, text);
        }
    }
}

/* A hundred commands; and a start behind the AT. */
static void test_long_chain(void **state)
{
    char line[600] = "AT";
    struct atc_words words;
    size_t at = 2, len = 2;
    unsigned count = 0;

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "+C%02u;", i);
    while (atc_lex_command(&words, &at, atc_span(line, len))) {
        assert_int_equal(words.form, ATC_FORM_EXECUTE);
        assert_int_equal(words.name.at[2], '0' + count % 10);
        count++;
    }
    assert_int_equal(count, 100);
    assert_int_equal(at, len);
}

/* All arguments: quoted ones in quotes, missing ones as a dash. */
static void describe_args(char *text, size_t size, struct atc_span typed)
{
    struct atc_args args;
    size_t len = 0;

    text[0] = '\0';
    if (!atc_lex_args(&args, typed)) {
        (void)snprintf(text, size, "bad");
        return;
    }
    for (unsigned i = 0; i < args.count; i++) {
        const struct atc_arg *arg = &args.arg[i];

        len += (size_t)snprintf(text + len, size - len, "%s%s%.*s%s", i > 0 ? "|" : "",
                                !arg->given   ? "-"
                                : arg->quoted ? "\""
                                              : "",
                                (int)arg->text.len, (const char *)arg->text.at,
                                arg->quoted ? "\"" : "");
        assert_true(len < size);
    }
}

static const struct {
    const char *typed;
    const char *expected;
} arguments[] = {
    {"", "-"},
    {"1", "1"},
    {"1,2", "1|2"},
    {"1,,2", "1|-|2"},
    {",", "-|-"},
    {"1,", "1|-"},
    {" 1 , 2 ", "1|2"},
    {"0,2, 139.196.187.107,5683", "0|2|139.196.187.107|5683"},
    {"1 2", "1 2"},
    {" ", "-"},
    {"\"\"", "\"\""},
    {"\"a\"", "\"a\""},
    {" \"a\" ", "\"a\""},
    {"\" a \"", "\" a \""},
    {"\"a,b\",c", "\"a,b\"|c"},
    {"\"a;b\"", "\"a;b\""},
    {"\"", "bad"},
    {"\"a", "bad"},
    {"a\"", "bad"},
    {"\"a,b", "bad"},
    {"\"a\"b", "bad"},
    {"b\"a\"", "bad"},
    {"\"a\" b", "bad"},
    {"\"a\"\"b\"", "bad"},
    {"\"a\"b\"", "bad"},
    {"1,\"a", "bad"},
    {"\"\"\"", "bad"},
    {"\"\"a\"", "bad"},
    {"\"\\22\"", "\"\\22\""},
    {"%s%n%x", "%s%n%x"},
};

static void test_arguments(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(arguments); i++) {
        char text[128];

        describe_args(text, sizeof text, atc_span_text(arguments[i].typed));
        EXPECT(strcmp(text, arguments[i].expected) == 0, "%s gives %s", arguments[i].typed, text);
    }
}

static void test_arguments_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(arguments); i++) {
        const size_t len = strlen(arguments[i].typed);
        char typed[64], text[128];

        for (const char *next = behind; *next != '\0'; next++) {
            memcpy(typed, arguments[i].typed, len);
            typed[len] = *next;
            describe_args(text, sizeof text, atc_span(typed, len));
            EXPECT(strcmp(text, arguments[i].expected) == 0, "%s and %c behind it gives %s",
                   arguments[i].typed, *next, text);
        }
    }
}

static void test_argument_count(void **state)
{
    char typed[2 * ATC_ARG_MAX + 2] = "";
    struct atc_args args;

    (void)state;
    for (unsigned i = 1; i < ATC_ARG_MAX; i++)
        strcat(typed, "1,");
    strcat(typed, "1");
    assert_true(atc_lex_args(&args, atc_span_text(typed)));
    assert_int_equal(args.count, ATC_ARG_MAX);
    strcat(typed, ",");
    assert_false(atc_lex_args(&args, atc_span_text(typed)));
}

/* Whatever a line holds: the walk ends, goes forward, and its words lie inside the line. */
static void test_noise(void **state)
{
    static const char alphabet[] = "+&AZaz09=?,;\" \\\x01\xFF";
    struct rng rng = {6};

    (void)state;
    for (unsigned run = 0; run < 20000; run++) {
        uint8_t line[24];
        const size_t len = rng_below(&rng, sizeof line + 1);
        struct atc_words words;
        struct atc_args args;
        size_t at = 0, before = 0;

        for (size_t i = 0; i < len; i++)
            line[i] = (uint8_t)alphabet[rng_below(&rng, sizeof alphabet - 1)];
        while (atc_lex_command(&words, &at, atc_span(line, len))) {
            assert_true(at > before && at <= len);
            before = at;
            if (words.form == ATC_FORM_WRITE && atc_lex_args(&args, words.args))
                assert_in_range(args.count, 1, ATC_ARG_MAX);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),         cmocka_unit_test(test_long_chain),
        cmocka_unit_test(test_arguments),     cmocka_unit_test(test_argument_count),
        cmocka_unit_test(test_noise),         cmocka_unit_test(test_lines_end),
        cmocka_unit_test(test_arguments_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
