/* SPDX-License-Identifier: MIT
 *
 * Arguments against a row (D-12): every kind below, at and above its bounds, quoted and bare,
 * missing, empty, one too many; optional ones; groups that repeat.
 */
#include "check.h"
#include "schema.h"

static const struct atc_param integer[] = {{"n", 3, 12, ATC_KIND_INTEGER, 0}};
static const struct atc_param string[] = {{"s", 2, 4, ATC_KIND_STRING, 0}};
static const struct atc_param word[] = {{"w", 2, 4, ATC_KIND_WORD, 0}};
static const struct atc_param hex[] = {{"h", 2, 3, ATC_KIND_HEX, 0}};
static const struct atc_param hex_or_none[] = {{"h", 0, 3, ATC_KIND_HEX, 0}};
static const struct atc_param key[] = {{"k", 0, 0, ATC_KIND_KEY, 0}};
static const struct atc_param value[] = {{"v", 5, 6, ATC_KIND_VALUE, 0}};
static const struct atc_param largest[] = {{"n", 0, UINT32_MAX, ATC_KIND_INTEGER, 0}};
static const struct atc_param optional[] = {
    {"a", 0, 9, ATC_KIND_INTEGER, 0},
    {"b", 0, 9, ATC_KIND_INTEGER, ATC_OPTIONAL},
    {"c", 0, 9, ATC_KIND_INTEGER, ATC_OPTIONAL},
};
static const struct atc_param paired[] = {
    {"a", 0, 9, ATC_KIND_INTEGER, 0},
    {"b", 0, 9, ATC_KIND_INTEGER, ATC_OPTIONAL},
    {"c", 0, 9, ATC_KIND_INTEGER, ATC_OPTIONAL | ATC_PAIRED},
};
static const struct atc_param pair[] = {
    {"a", 0, 9, ATC_KIND_INTEGER, ATC_OPTIONAL},
    {"b", 0, 9, ATC_KIND_INTEGER, ATC_OPTIONAL | ATC_PAIRED},
};
static const struct atc_param threes[] = {
    {"count", 1, 9, ATC_KIND_INTEGER, 0},
    {"a", 0, 3, ATC_KIND_INTEGER, 0},
    {"b", 4, 6, ATC_KIND_INTEGER, 0},
    {"c", 7, 9, ATC_KIND_INTEGER, 0},
};
static const struct atc_param groups[] = {
    {"count", 1, 12, ATC_KIND_INTEGER, 0},
    {"number", 0, 60, ATC_KIND_INTEGER, 0},
    {"value", 0, 9, ATC_KIND_VALUE, 0},
};

#define ROW(params_, repeat)                                                     \
    {                                                                            \
        .name = #params_, .params = (params_), .param_count = COUNT_OF(params_), \
        .repeat_from = (repeat)                                                  \
    }

static const struct atc_command integer_row = ROW(integer, 0), string_row = ROW(string, 0),
                                word_row = ROW(word, 0), hex_row = ROW(hex, 0),
                                hex_or_none_row = ROW(hex_or_none, 0), key_row = ROW(key, 0),
                                value_row = ROW(value, 0), largest_row = ROW(largest, 0),
                                optional_row = ROW(optional, 0), groups_row = ROW(groups, 1),
                                paired_row = ROW(paired, 0), pair_row = ROW(pair, 0),
                                threes_row = ROW(threes, 1), no_row = {.name = "none"};

static const struct {
    const struct atc_command *row;
    const char *typed;
    bool good;
} cases[] = {
    {&paired_row, "1", true},
    {&paired_row, "1,2,3", true},
    {&paired_row, "1,2", false},
    {&paired_row, "1,,3", false},
    {&pair_row, "", true},
    {&pair_row, "1", false},
    {&pair_row, "1,2", true},
    {&pair_row, ",2", false},
    {&integer_row, "2", false},
    {&integer_row, "3", true},
    {&integer_row, "12", true},
    {&integer_row, "13", false},
    {&integer_row, "012", true},
    {&integer_row, "", false},
    {&integer_row, " ", false},
    {&integer_row, "\"5\"", false},
    {&integer_row, "+5", false},
    {&integer_row, "-5", false},
    {&integer_row, "5 5", false},
    {&integer_row, "5.", false},
    {&integer_row, "0x5", false},
    {&integer_row, "5e0", false},
    {&integer_row, "4294967301", false},
    {&integer_row, "18446744073709551621", false},
    {&integer_row, "5,", false},
    {&integer_row, "5,6", false},
    {&integer_row, ",5", false},
    {&largest_row, "4294967295", true},
    {&largest_row, "4294967296", false},

    {&string_row, "\"a\"", false},
    {&string_row, "\"ab\"", true},
    {&string_row, "\"abcd\"", true},
    {&string_row, "\"abcde\"", false},
    {&string_row, "abc", false},
    {&string_row, "\"\"", false},
    {&string_row, "\"\\41\"", false},
    {&string_row, "\"\\41\\42\\43\\44\"", true},
    {&string_row, "\"a\\4\"", false},

    {&word_row, "a", false},
    {&word_row, "ab", true},
    {&word_row, "\"abcd\"", true},
    {&word_row, "abcde", false},

    {&hex_row, "ab", false},
    {&hex_row, "abcd", true},
    {&hex_row, "\"ABCDEF\"", true},
    {&hex_row, "abcdef00", false},
    {&hex_row, "abc", false},
    {&hex_row, "abcg", false},
    {&hex_row, "", false},
    {&hex_or_none_row, "\"\"", true},

    {&key_row, "\"k\"", true},
    {&key_row, "k", false},
    {&value_row, "x", true},
    {&value_row, "\"\"", true},
    {&value_row, "", false},

    {&optional_row, "1", true},
    {&optional_row, "1,2", true},
    {&optional_row, "1,2,3", true},
    {&optional_row, "1,,3", true},
    {&optional_row, ",2,3", false},
    {&optional_row, "1,2,", false},
    {&optional_row, "1,", false},
    {&optional_row, "1,,", false},
    {&optional_row, "1,2,3,4", false},
    {&optional_row, "1,2,10", false},

    {&groups_row, "1,11,\"a\"", true},
    {&groups_row, "2,11,\"a\",12,40", true},
    {&groups_row, "1,11,\"a\",12,40", false},
    {&groups_row, "2,11,\"a\"", false},
    {&groups_row, "1,11", false},
    {&groups_row, "1", false},
    {&groups_row, "0", false},
    {&groups_row, "0,11,\"a\"", false},
    {&groups_row, "2,11,\"a\",61,40", false},
    {&groups_row, "2,11,\"a\",,40", false},
    {&groups_row, "2,11,\"a\",12,", false},
    {&groups_row, "12,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a", true},
    {&groups_row, "11,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a,1,a", false},

    {&threes_row, "2,3,6,9,1,4,7", true},
    {&threes_row, "2,3,6,9,7,4,1", false},
    {&threes_row, "2,3,6,9,4,7,1", false},
    {&threes_row, "2,3,6,9,1,4", false},

    {&no_row, "1", false},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct atc_args args;

        assert_true(atc_lex_args(&args, atc_span_text(cases[i].typed)));
        EXPECT(atc_schema_check(cases[i].row, &args) == cases[i].good, "%s=%s", cases[i].row->name,
               cases[i].typed);
    }
}

/* Whether quotes stand where a note shows them; groups repeat what is shown. */
static void test_as_shown(void **state)
{
    static const struct atc_param shown[] = {
        {"n", 1, 3, ATC_KIND_INTEGER, 0},
        {"bare", 0, 9, ATC_KIND_WORD, ATC_SHOWN_BARE},
        {"quoted", 0, 9, ATC_KIND_VALUE, ATC_SHOWN_QUOTED | ATC_OPTIONAL},
    };
    static const struct atc_command row = {
        .name = "SHOWN", .param_count = 3, .repeat_from = 1, .params = shown};
    static const struct {
        const char *typed;
        bool good;
    } rows[] = {
        {"1,a,\"b\"", true},
        {"1,\"a\",\"b\"", false},
        {"1,a,b", false},
        {"1,a,", true},
        {"2,a,\"b\",c,\"d\"", true},
        {"2,a,\"b\",c,d", false},
        {"2,a,\"b\",\"c\",\"d\"", false},
        {"\"1\",a,\"b\"", true},
    };

    static const struct atc_param name[] = {{"s", 0, 9, ATC_KIND_WORD, ATC_SHOWN_QUOTED}};
    static const struct atc_command first = {.name = "FIRST", .param_count = 1, .params = name};
    struct atc_args one;

    (void)state;
    assert_true(atc_lex_args(&one, atc_span_text("\"a\"")));
    assert_true(atc_schema_as_shown(&first, &one));
    assert_true(atc_lex_args(&one, atc_span_text("a")));
    assert_false(atc_schema_as_shown(&first, &one));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct atc_args args;

        assert_true(atc_lex_args(&args, atc_span_text(rows[i].typed)));
        EXPECT(atc_schema_as_shown(&row, &args) == rows[i].good, "%s", rows[i].typed);
    }
}

/* The numbers of integers are filled in, those of the groups too. */
static void test_numbers(void **state)
{
    struct atc_args args;

    (void)state;
    assert_true(atc_lex_args(&args, atc_span_text("2,11,\"a\",60,7")));
    assert_true(atc_schema_check(&groups_row, &args));
    assert_int_equal(args.arg[0].number, 2);
    assert_int_equal(args.arg[1].number, 11);
    assert_int_equal(args.arg[3].number, 60);
    assert_int_equal(args.arg[4].number, 0); /* a value is judged by its handler */
}

/* A command without arguments, as its handler sees it. */
static void test_given(void **state)
{
    struct atc_call call = {0};

    (void)state;
    assert_true(atc_lex_args(&call.args, atc_span_text("1,,3")));
    assert_true(atc_given(&call, 0));
    assert_false(atc_given(&call, 1));
    assert_true(atc_given(&call, 2));
    assert_false(atc_given(&call, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_as_shown),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_given),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
