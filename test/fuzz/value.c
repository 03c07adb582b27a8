/* SPDX-License-Identifier: MIT
 *
 * Option values between text and wire. Typed: what is accepted is as long as the tables of the RFCs
 * say, a number is the one that was typed in the fewest bytes, and what is printed of it, typed again,
 * gives the same bytes. Received: whatever a peer sends prints as one argument of a line, without a
 * byte that ends it, and if its length and value are those of the option it can be typed back.
 */
#include <string.h>

#include "engine.h"
#include "input.h"
#include "option.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct atc_engine e;

/* --- what a value must be, by the RFCs alone -------------------------------------------------- */

/* Source: RFC 7252 5.10 table 4, RFC 7641 2, RFC 7959 2.1 and 4. */
static const struct {
    uint32_t number;
    char format; /* empty, opaque, uint, string */
    size_t min, max;
} table[] = {
    {1, 'o', 0, 8},    {3, 's', 1, 255},   {4, 'o', 1, 8},    {5, 'e', 0, 0},  {6, 'u', 0, 3},
    {7, 'u', 0, 2},    {8, 's', 0, 255},   {11, 's', 0, 255}, {12, 'u', 0, 2}, {14, 'u', 0, 4},
    {15, 's', 0, 255}, {17, 'u', 0, 2},    {20, 's', 0, 255}, {23, 'u', 0, 3}, {27, 'u', 0, 3},
    {28, 'u', 0, 4},   {35, 's', 1, 1034}, {39, 's', 1, 255}, {60, 'u', 0, 4},
};

enum { KNOWN = sizeof table / sizeof table[0] };

static size_t find(uint32_t number)
{
    size_t i = 0;

    while (i < KNOWN && table[i].number != number)
        i++;
    return i;
}

static uint64_t to_number(struct atc_span value)
{
    uint64_t number = 0;

    for (size_t i = 0; i < value.len; i++)
        number = number * 256 + value.at[i];
    return number;
}

/* The number typed, which may have zeros in front. */
static uint64_t typed_number(struct atc_span text)
{
    uint64_t number = 0;

    for (size_t i = 0; i < text.len; i++)
        number = number * 10 + (uint64_t)(text.at[i] - '0');
    return number;
}

static bool has_slash(struct atc_span value)
{
    return value.len > 0 && memchr(value.at, '/', value.len) != NULL;
}

static bool is_path(uint32_t number)
{
    return number == 8 || number == 11;
}

/* Of a path a segment may not be one of these. Source: RFC 7252 5.10.1. */
static bool is_dots(struct atc_span value)
{
    return (value.len == 1 && value.at[0] == '.') ||
           (value.len == 2 && value.at[0] == '.' && value.at[1] == '.');
}

/* --- printing and typing back ----------------------------------------------------------------- */

static struct atc_span print(const struct atc_option *option, bool quoted)
{
    static uint8_t text[16384];
    struct atc_out out = atc_out(text, sizeof text);

    atc_value_print(&out, option, quoted);
    FUZZ_REQUIRE(!atc_out_failed(&out));
    return atc_span(text, out.len);
}

/* What is printed is one argument, and no byte of it ends a line. */
static struct atc_arg read_back(struct atc_span text)
{
    struct atc_args args;

    for (size_t i = 0; i < text.len; i++)
        FUZZ_REQUIRE(text.at[i] >= 0x20 && text.at[i] != 0x7F);
    FUZZ_REQUIRE(atc_lex_args(&args, text) && args.count == 1);
    return args.arg[0];
}

static size_t put(uint8_t *wire, size_t room, uint32_t number, const struct atc_arg *arg)
{
    struct atc_out out = atc_out(wire, room);
    uint32_t last = 0;

    atc_value_put(&e, &out, &last, number, arg);
    FUZZ_REQUIRE(!atc_out_failed(&out) && last == number);
    return out.len;
}

/* One option as it is printed gives, typed, the same number and value: byte for byte, but for zeros
 * in front of a number. */
static void require_writable(const struct atc_option *option, bool quoted)
{
    static uint8_t wire[4096];
    const struct atc_arg arg = read_back(print(option, quoted));
    const size_t row = find(option->number);
    struct atc_walk walk = {wire, wire, 0};
    struct atc_option again;

    FUZZ_REQUIRE(atc_value_check(&e, option->number, &arg));
    walk.end = wire + put(wire, sizeof wire, option->number, &arg);
    FUZZ_REQUIRE(atc_walk_next(&walk, &again) && walk.at == walk.end);
    FUZZ_REQUIRE(again.number == option->number);
    if (row < KNOWN && table[row].format == 'u')
        FUZZ_REQUIRE(to_number(again.value) == to_number(option->value));
    else
        FUZZ_REQUIRE(atc_span_equal(again.value, option->value));
}

/* --- both ways -------------------------------------------------------------------------------- */

static void require_legal(const struct atc_option *option, const struct atc_arg *typed)
{
    const size_t row = find(option->number);

    if (row == KNOWN)
        return;
    FUZZ_REQUIRE(option->value.len >= table[row].min && option->value.len <= table[row].max);
    if (table[row].format != 'u')
        return;
    FUZZ_REQUIRE(option->value.len == 0 || option->value.at[0] != 0);
    FUZZ_REQUIRE(to_number(option->value) == typed_number(typed->text));
    if (option->number == 23 || option->number == 27)
        FUZZ_REQUIRE(to_number(option->value) % 8 != 7);
}

static void type(uint32_t number, struct atc_span text, bool always_quoted)
{
    static uint8_t wire[8192];
    struct atc_walk walk = {wire, wire, 0};
    struct atc_option option;
    struct atc_args args;

    if (!atc_lex_args(&args, text) || args.count != 1 || !atc_value_check(&e, number, &args.arg[0]))
        return;
    walk.end = wire + put(wire, sizeof wire, number, &args.arg[0]);
    FUZZ_REQUIRE(walk.end > wire);
    while (walk.at != walk.end) {
        FUZZ_REQUIRE(atc_walk_next(&walk, &option));
        FUZZ_REQUIRE(option.number == number);
        require_legal(&option, &args.arg[0]);
        /* A slash that was typed as \2F prints as a slash. */
        if ((!is_path(number) || !has_slash(option.value)) &&
            (always_quoted || option.value.len > 0))
            require_writable(&option, always_quoted);
    }
}

static void receive(uint32_t number, struct atc_span value, bool always_quoted)
{
    const struct atc_option option = {value, number};
    const struct atc_arg arg = read_back(print(&option, always_quoted));
    const size_t row = find(number);

    FUZZ_REQUIRE(arg.quoted || !always_quoted);
    if (!arg.given) /* without quotes an empty value is no argument */
        return;
    if (atc_text_len(arg.text) > e.cfg.dialect->value_max)
        return;
    if (row < KNOWN && (value.len < table[row].min || value.len > table[row].max))
        return;
    if (is_path(number) && (has_slash(value) || is_dots(value)))
        return;
    if ((number == 23 || number == 27) && to_number(value) % 8 == 7)
        return;
    if (row < KNOWN && table[row].format == 'o' && value.len < e.cfg.dialect->value_min)
        return;
    require_writable(&option, always_quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct input in = {data, len};
    const unsigned choice = next(&in);
    const unsigned which = next(&in);
    const uint32_t number = which < 200 ? table[which % KNOWN].number : which * 7u;

    atc_settings_default(&e.cfg.settings);
    e.cfg.dialect = (choice & 1u) == 0 ? &atc_dialect_bc95 : &atc_dialect_bg96;
    e.cfg.settings.split_path = (choice & 2u) == 0 ? ATC_ON : ATC_OFF;
    e.cfg.settings.options = ATC_VALUES_ANY;
    e.cfg.settings.content_format = ATC_VALUES_ANY;
    if (in.left > 1400)
        in.left = 1400;
    if ((choice & 4u) == 0)
        type(number, atc_span(in.at, in.left), (choice & 8u) != 0);
    else
        receive(number, atc_span(in.at, in.left), (choice & 8u) != 0);
    return 0;
}
