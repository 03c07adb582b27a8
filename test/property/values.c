/* SPDX-License-Identifier: MIT
 *
 * What the notes say of values beyond a range: which option numbers there are and how long their
 * values may be, which codes a message may have with which type, which header fields go with which
 * mode, how long a token is, what every bitmask selects, which addresses and file names are good.
 * All of each is tried. The tables here are copied from the notes and the RFCs, not from src; what is
 * accepted is looked at on the wire too, with the second decoder.
 */
#include <stdlib.h>

#include "bench.h"
#include "check.h"
#include "decoder.h"
#include "dialect.h"
#include "seeds.h"
#include "seen.h"

enum { LINE_MAX = 2600 };

/* --- typing ----------------------------------------------------------------------------------- */

enum outcome { TAKEN, PROMPTED, REFUSED, OTHER };

static struct bench bc95, bg96, b;
static char line[LINE_MAX];

static void prepare(void)
{
    bench_new(&bc95, &atc_dialect_bc95, 1);
    (void)bench_type(&bc95, "AT+CMEE=1;+QCOAPCREATE=56830\r");
    bench_new(&bg96, &atc_dialect_bg96, 1);
    (void)bench_type(&bg96, "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&bg96);
}

static void go_back(const struct bench *start)
{
    memcpy(&b, start, offsetof(struct bench, sent));
    (void)bench_said(&b);
    b.orders.len = 0;
}

/* Type the line and say what came of it. */
static enum outcome type_line(void)
{
    const char *said;

    (void)bench_said(&b);
    (void)bench_type(&b, line);
    (void)bench_type(&b, "\r");
    said = bench_said(&b);
    if (strcmp(said, "\r\nOK\r\n") == 0)
        return TAKEN;
    if (strcmp(said, b.cfg.dialect->prompt) == 0)
        return PROMPTED;
    if (strcmp(said, "\r\n+CME ERROR: 50\r\n") == 0)
        return REFUSED;
    return strcmp(said, "\r\nERROR\r\n") == 0 && b.cfg.dialect == &atc_dialect_bg96 ? REFUSED
                                                                                    : OTHER;
}

static void expect_outcome(enum outcome wanted)
{
    EXPECT(type_line() == wanted, "%s: outcome is not %d", line, wanted);
}

/* The message that went out last. */
static const struct decoder_message *last_sent(const char *what)
{
    static struct decoder_message msg;
    const struct bench_datagram *d = bench_sent(&b, 0);

    EXPECT(d != NULL, "%s: nothing was sent", what);
    decoder_read(&msg, d->data, d->len);
    EXPECT(msg.verdict == DECODER_ACCEPT, "%s: not a message", what);
    return &msg;
}

/* Send a NON POST and return it. */
static const struct decoder_message *send_post(const char *what)
{
    const bool one = b.cfg.dialect == &atc_dialect_bc95;

    b.sent_count = 0;
    (void)bench_type(&b, one ? "AT+QCOAPSEND=1,2,192.0.2.1,5683\r" : "AT+QCOAPSEND=0,1,2,255\r");
    (void)bench_type(&b, "\x1A");
    return last_sent(what);
}

/* --- options ---------------------------------------------------------------------------------- */

struct option {
    unsigned number;
    char format; /* o opaque, s string, e empty, u unsigned integer */
    unsigned min, max;
};

/* BG96 3.3.5 tab.2; 6 is D-66. */
static const struct option bg96_options[] = {
    {1, 'o', 0, 8},    {3, 's', 1, 255},   {4, 'o', 1, 8},    {5, 'e', 0, 0},
    {6, 'u', 0, 3},    {7, 'u', 0, 2},     {8, 's', 0, 255},  {11, 's', 0, 255},
    {12, 'u', 0, 2},   {14, 'u', 0, 4},    {15, 's', 0, 255}, {17, 'u', 0, 2},
    {20, 's', 0, 255}, {35, 's', 1, 1034}, {39, 's', 1, 255}, {60, 'u', 0, 4},
};

/* BC95 2.5: 1-180 bytes of any of these; the formats and shorter limits are those of RFC 7252 5.10,
 * 7641 2 and 7959 2.1, 4; D-28, D-29. */
static const struct option bc95_options[] = {
    {1, 'o', 1, 8},    {3, 's', 1, 180},  {4, 'o', 1, 8},    {5, 'e', 0, 0},  {6, 'u', 0, 3},
    {7, 'u', 0, 2},    {8, 's', 0, 180},  {11, 's', 0, 180}, {12, 'u', 0, 2}, {14, 'u', 0, 4},
    {15, 's', 0, 180}, {17, 'u', 0, 2},   {20, 's', 0, 180}, {23, 'u', 0, 3}, {27, 'u', 0, 3},
    {28, 'u', 0, 4},   {35, 's', 1, 180}, {39, 's', 1, 180}, {60, 'u', 0, 4},
};

/* The lines for one dialect: what comes before number and value. */
struct options {
    const struct bench *start;
    const char *name, *before;
    const struct option *rows;
    size_t count;
    bool closed_formats; /* 12 and 17 take the formats of the note only */
};

static const struct options option_tables[] = {
    {&bc95, "bc95", "AT+QCOAPOPTION=1,", bc95_options, COUNT_OF(bc95_options), true},
    {&bg96, "bg96", "AT+QCOAPOPTION=0,0,0,", bg96_options, COUNT_OF(bg96_options), false},
};

/* Set one option; if it is taken it stands in the next message with so many bytes. */
static void try_option(const struct options *t, unsigned number, const char *value, bool good,
                       size_t len)
{
    const struct decoder_message *msg;

    go_back(t->start);
    (void)snprintf(line, sizeof line, "%s%u,%s", t->before, number, value);
    expect_outcome(good ? TAKEN : REFUSED);
    if (!good)
        return;
    msg = send_post(line);
    EXPECT(msg->option_count == 1 && msg->option[0].number == number && msg->option[0].len == len,
           "%s: %zu options, number %u, %zu bytes", line, msg->option_count, msg->option[0].number,
           msg->option[0].len);
}

/* len bytes, quoted. */
static const char *text_of(size_t len, char byte)
{
    static char text[LINE_MAX];

    text[0] = '"';
    memset(text + 1, byte, len);
    memcpy(text + 1 + len, "\"", 2);
    return text;
}

static void try_number(const struct options *t, unsigned number, unsigned long long value,
                       bool good)
{
    char text[32];
    size_t len = 0;

    for (unsigned long long rest = value; rest > 0; rest /= 256)
        len++;
    (void)snprintf(text, sizeof text, "%llu", value);
    try_option(t, number, text, good, len);
    (void)snprintf(text, sizeof text, "\"%llu\"", value);
    try_option(t, number, text, good, len);
}

static bool is_format(unsigned long long value)
{
    return value == 0 || value == 40 || value == 41 || value == 42 || value == 47 || value == 50;
}

/* Whether a number of the right length is good for that option. */
static bool is_number_good(const struct options *t, unsigned number, unsigned long long value)
{
    if (t->closed_formats && (number == 12 || number == 17))
        return is_format(value);
    if (number == 23 || number == 27)
        return value % 8 != 7; /* SZX 7, RFC 7959 2.2 */
    return true;
}

static void check_uint(const struct options *t, const struct option *o)
{
    const unsigned long long top = (1ull << 8 * o->max) - 1;
    static const char *const never[] = {"x", "\"\"", "-1", "+1", "0x1", "1.0", "\" 1\"", "\"1 \""};

    for (unsigned long long value = 0; value < 300; value++)
        try_number(t, o->number, value, is_number_good(t, o->number, value));
    for (size_t len = 1; len <= o->max; len++) {
        const unsigned long long last = (1ull << 8 * len) - 1;

        try_number(t, o->number, last, is_number_good(t, o->number, last));
        if (last < top)
            try_number(t, o->number, last + 1, is_number_good(t, o->number, last + 1));
    }
    try_number(t, o->number, top + 1, false);
    for (size_t i = 0; i < COUNT_OF(never); i++)
        try_option(t, o->number, never[i], false, 0);
}

/* Lengths min - 1 to max + 1: of all of them for short ones. */
static void check_bytes(const struct options *t, const struct option *o)
{
    const bool hex = o->format == 'o';
    const size_t unit = hex ? 2 : 1;
    const char byte = hex ? '0' : 'a';

    for (size_t len = 0; len <= o->max + 1; len += o->max > 300 && len > 2 && len < 1030 ? 40 : 1)
        try_option(t, o->number, text_of(len * unit, byte), len >= o->min && len <= o->max, len);
    try_option(t, o->number, text_of(o->max * unit, byte), true, o->max);
    try_option(t, o->number, text_of((o->max + 1) * unit, byte), false, 0);
    if (!hex)
        return;
    for (size_t digits = 1; digits < 18; digits += 2)
        try_option(t, o->number, text_of(digits, 'A'), false, 0);
    try_option(t, o->number, "\"0g\"", false, 0);
    try_option(t, o->number, "aF", true, 1);
}

static void check_empty(const struct options *t, const struct option *o)
{
    try_option(t, o->number, "\"\"", true, 0);
    try_option(t, o->number, "\"x\"", false, 0);
    try_option(t, o->number, "0", false, 0);
    try_option(t, o->number, "\"00\"", false, 0);
}

/* Numbers that the note does not list are refused, whatever the value. */
static void check_unlisted(const struct options *t)
{
    static const char *const values[] = {"0", "\"00\"", "\"\""};

    for (unsigned number = 0; number < 66000; number += number < 300 ? 1 : 997) {
        bool listed = false;

        for (size_t i = 0; i < t->count; i++)
            listed = listed || t->rows[i].number == number;
        for (size_t i = 0; !listed && i < COUNT_OF(values); i++)
            try_option(t, number, values[i], false, 0);
    }
    for (size_t i = 0; i < COUNT_OF(values); i++)
        try_option(t, 65535, values[i], false, 0);
}

static void check_options(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t k = 0; k < COUNT_OF(option_tables); k++) {
        const struct options *t = &option_tables[k];

        for (size_t i = 0; i < t->count; i++) {
            const struct option *o = &t->rows[i];

            if (o->format == 'u')
                check_uint(t, o);
            else if (o->format == 'e')
                check_empty(t, o);
            else
                check_bytes(t, o);
            seen("option %s %u", t->name, o->number);
        }
        check_unlisted(t);
    }
}

/* 1 to 12 options, a count that differs, and the most bytes each. */
static void check_option_count(uint64_t seed)
{
    (void)seed;
    prepare();
    for (unsigned said = 0; said <= 13; said++) {
        for (unsigned given = 0; given <= 13; given++) {
            const bool good = said == given && said >= 1 && said <= 12;
            size_t len = (size_t)snprintf(line, sizeof line, "AT+QCOAPOPTION=%u", said);

            for (unsigned i = 0; i < given; i++)
                len += (size_t)snprintf(line + len, sizeof line - len, ",15,\"q%u\"", i);
            go_back(&bc95);
            expect_outcome(good ? TAKEN : REFUSED);
            if (good)
                EXPECT(send_post(line)->option_count == given, "%s", line);
        }
    }
}

/* --- codes ------------------------------------------------------------------------------------ */

/* BC95 2.6 and 3.1, BG96 tab.3, as class and detail. */
static const uint8_t response_codes[][2] = {
    {2, 1}, {2, 2},  {2, 3},  {2, 4},  {2, 5}, {4, 0}, {4, 1}, {4, 2}, {4, 3}, {4, 4}, {4, 5},
    {4, 6}, {4, 12}, {4, 13}, {4, 15}, {5, 0}, {5, 1}, {5, 2}, {5, 3}, {5, 4}, {5, 5},
};

/* What a number typed as <method/rspcode> or <code_value> means on the wire; -1: nothing. */
static int code_of(bool decimal, unsigned typed)
{
    if (typed <= 4)
        return (int)typed;
    for (size_t i = 0; i < COUNT_OF(response_codes); i++) {
        const unsigned class = response_codes[i][0], detail = response_codes[i][1];

        if (typed == (decimal ? class * 100 + detail : class * 32 + detail))
            return (int)(class * 32 + detail);
    }
    return -1;
}

/* RFC 7252 4.3 table 1, without what only a receiver may see. */
static bool goes_with(unsigned type, int code)
{
    const bool empty = code == 0, request = code >= 1 && code <= 31;
    static const char *const may[] = {"ers", "rs", "es", "e"};

    return strchr(may[type], empty ? 'e' : request ? 'r' : 's') != NULL;
}

static void try_code(const struct bench *start, unsigned type, unsigned typed)
{
    const bool one = start == &bc95;
    const int code = code_of(one, typed);
    const bool good = code >= 0 && goes_with(type, code);
    const struct decoder_message *msg;

    go_back(start);
    if (one)
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=%u,%u,192.0.2.1,5683", type, typed);
    else
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,%u,%u,0", type, typed);
    expect_outcome(good ? PROMPTED : REFUSED);
    if (!good)
        return;
    b.sent_count = 0;
    (void)bench_type(&b, "\x1A");
    msg = last_sent(line);
    EXPECT(msg->type == type && msg->code == (unsigned)code, "%s: type %u, code %u", line,
           msg->type, msg->code);
    seen("sent %s %u %d", one ? "bc95" : "bg96", type, code);
}

static void check_codes(uint64_t seed)
{
    (void)seed;
    prepare();
    for (unsigned type = 0; type < 4; type++) {
        for (unsigned typed = 0; typed < 1000; typed++)
            try_code(&bc95, type, typed);
        for (unsigned typed = 0; typed < 300; typed++)
            try_code(&bg96, type, typed);
    }
}

/* --- headers ---------------------------------------------------------------------------------- */

/* <tkl> and hex digits of the token, both dialects: 1-8 and twice as many, or 0 and none. */
static void try_token(const struct bench *start, unsigned tkl, size_t digits)
{
    const bool one = start == &bc95;
    const bool good = digits == 2 * (size_t)tkl && tkl <= 8 && (tkl > 0 || !one);

    go_back(start);
    (void)snprintf(line, sizeof line,
                   one ? "AT+QCOAPHEAD=5,77,%u,%s" : "AT+QCOAPHEADER=0,77,0,%u,%s", tkl,
                   text_of(digits, 'C'));
    expect_outcome(good ? TAKEN : REFUSED);
    if (good)
        EXPECT(send_post(line)->token_len == tkl && last_sent(line)->mid == 77, "%s", line);
}

static void check_tokens(uint64_t seed)
{
    (void)seed;
    prepare();
    for (unsigned tkl = 0; tkl <= 10; tkl++) {
        for (size_t digits = 0; digits <= 20; digits++) {
            try_token(&bc95, tkl, digits);
            try_token(&bg96, tkl, digits);
        }
    }
}

/* What may stand behind <mode> of AT+QCOAPHEAD. */
static const char *const head_args[] = {"", "2", "0102", "\"0102\"", "0", "65535", "65536", "9"};

static bool is_mid(const char *arg)
{
    return *arg != '\0' && *arg != '"' && strtoul(arg, NULL, 10) <= 65535;
}

/* Two arguments that are <tkl> and <token>. */
static bool is_token(const char *tkl, const char *token)
{
    return strcmp(tkl, "2") == 0 && (strcmp(token, "0102") == 0 || strcmp(token, "\"0102\"") == 0);
}

/* BC95 2.4 and D-25. */
static bool is_head(unsigned mode, unsigned count, const char *const *arg)
{
    switch (mode) {
    case 1:
        return count == 0;
    case 2:
        return (count == 2 && is_token(arg[0], arg[1])) ||
               (count == 3 && *arg[0] == '\0' && is_token(arg[1], arg[2]));
    case 3:
    case 4:
        return count == 1 && is_mid(arg[0]);
    case 5:
        return count == 3 && is_mid(arg[0]) && is_token(arg[1], arg[2]);
    default:
        return false;
    }
}

/* How long the token of the next message is. */
static size_t head_token_len(unsigned mode)
{
    return mode == 3 ? 0 : mode == 1 || mode == 4 ? 8 : 2;
}

static void try_head(unsigned mode, unsigned count, const char *const *arg)
{
    const bool good = is_head(mode, count, arg);
    size_t len = (size_t)snprintf(line, sizeof line, "AT+QCOAPHEAD=%u", mode);

    for (unsigned i = 0; i < count; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, ",%s", arg[i]);
    go_back(&bc95);
    expect_outcome(good ? TAKEN : REFUSED);
    if (!good)
        return;
    EXPECT(send_post(line)->token_len == head_token_len(mode), "%s", line);
    if (mode >= 3)
        EXPECT(last_sent(line)->mid == strtoul(arg[0], NULL, 10), "%s", line);
}

/* Every mode with nought to four arguments, each of them anything. */
static void check_heads(uint64_t seed)
{
    enum { KINDS = COUNT_OF(head_args) };

    (void)seed;
    prepare();
    for (unsigned mode = 0; mode <= 6; mode++) {
        unsigned choices = 1;

        for (unsigned count = 0; count <= 4; count++, choices *= KINDS) {
            for (unsigned choice = 0; choice < choices; choice++) {
                const char *arg[4] = {NULL};
                unsigned rest = choice;

                for (unsigned i = 0; i < count; i++, rest /= KINDS)
                    arg[i] = head_args[rest % KINDS];
                try_head(mode, count, arg);
            }
        }
    }
}

/* BG96 3.3.4, D-65, D-109: what may stand behind <mode> of AT+QCOAPHEADER. */
static bool is_header(unsigned mode, unsigned count, const char *const *arg)
{
    const bool token_given = count == 2 && strcmp(arg[1], "\"\"") != 0;

    if (count == 0)
        return true;
    if (mode == 1 || *arg[count - 1] == '\0')
        return false;
    if (*arg[0] == '\0' || strcmp(arg[0], "0") == 0)
        return !token_given;
    return count == 2 && is_token(arg[0], arg[1]);
}

/* Both modes with nought to two arguments, each of them anything. */
static void check_headers(uint64_t seed)
{
    static const char *const args[] = {"", "0", "2", "9", "0102", "\"0102\"", "\"\"", "010", "x"};
    enum { KINDS = COUNT_OF(args) };

    (void)seed;
    prepare();
    for (unsigned mode = 0; mode < 2; mode++) {
        for (unsigned choice = 0; choice < 1 + KINDS + KINDS * KINDS; choice++) {
            const unsigned count = choice == 0 ? 0 : choice <= KINDS ? 1 : 2;
            const char *const arg[2] = {args[(choice - (count > 0)) % KINDS],
                                        args[(choice - 1) / KINDS % KINDS]};
            bool good = is_header(mode, count, arg);

            go_back(&bg96);
            (void)snprintf(line, sizeof line, "AT+QCOAPHEADER=0,77,%u%s%s%s%s", mode,
                           count > 0 ? "," : "", count > 0 ? arg[0] : "", count > 1 ? "," : "",
                           count > 1 ? arg[1] : "");
            expect_outcome(good ? TAKEN : REFUSED);
            if (good)
                EXPECT(send_post(line)->token_len == (mode == 1                      ? 6
                                                      : count == 2 && *arg[0] == '2' ? 2
                                                                                     : 0),
                       "%s", line);
        }
    }
}

/* --- bitmasks --------------------------------------------------------------------------------- */

/* In slots 0 to 7: the numbers fall, so that they must be sorted on sending. */
static const unsigned slot_numbers[8] = {60, 39, 35, 20, 15, 12, 11, 4};
static const char *const slot_values[8] = {"1",     "\"s\"", "\"u\"", "\"l\"",
                                           "\"q\"", "40",    "\"p\"", "01"};

static void try_mask(const struct bench *start, unsigned used, unsigned mask)
{
    const struct decoder_message *msg;
    size_t at = 0;

    go_back(start);
    (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,1,2,%u", mask);
    expect_outcome(PROMPTED);
    b.sent_count = 0;
    (void)bench_type(&b, "\x1A");
    msg = last_sent(line);
    for (unsigned slot = 8; slot-- > 0;) {
        if ((used & mask & 1u << slot) == 0)
            continue;
        EXPECT(at < msg->option_count && msg->option[at].number == slot_numbers[slot],
               "%s, slots %02x: slot %u is not option %zu", line, used, slot, at);
        at++;
    }
    EXPECT(at == msg->option_count, "%s, slots %02x: %zu options", line, used, msg->option_count);
}

/* All values of <opt_bitmask>, with all sets of slots in use. */
static void check_masks(uint64_t seed)
{
    static struct bench start;

    (void)seed;
    prepare();
    for (unsigned used = 0; used < 256; used++) {
        start = bg96;
        b = start;
        for (unsigned slot = 0; slot < 8; slot++) {
            if ((used >> slot & 1u) == 0)
                continue;
            (void)snprintf(line, sizeof line, "AT+QCOAPOPTION=0,0,%u,%u,%s", slot,
                           slot_numbers[slot], slot_values[slot]);
            expect_outcome(TAKEN);
        }
        start = b;
        for (unsigned mask = 0; mask < 256; mask++)
            try_mask(&start, used, mask);
    }
}

/* --- addresses, names, resources -------------------------------------------------------------- */

/* Where AT+QCOAPSEND of BC95 takes it: n never, a always, g with NON alone (a group). */
static const struct address {
    const char *text;
    char where;
} addresses[] = {
    {"192.0.2.1", 'a'},
    {"\"192.0.2.1\"", 'a'},
    {"1.1.1.1", 'a'},
    {"255.255.255.254", 'a'},
    {"127.0.0.1", 'a'},
    {"2001:db8::1", 'a'},
    {"\"2001:db8::1\"", 'a'},
    {"2001:DB8:0:0:0:0:0:1", 'a'},
    {"::1", 'a'},
    {"::ffff:192.0.2.1", 'a'},
    {"fe80::1", 'a'},
    {"64:ff9b::192.0.2.33", 'a'},
    {"224.0.1.187", 'g'},
    {"239.255.255.255", 'g'},
    {"ff02::fd", 'g'},
    {"0.0.0.0", 'n'},
    {"255.255.255.255", 'n'},
    {"::", 'n'},
    {"::ffff:0.0.0.0", 'n'},
    {"192.0.2", 'n'},
    {"192.0.2.1.1", 'n'},
    {"192.0.2.256", 'n'},
    {"192.0.2.01", 'n'},
    {"192.0.2.", 'n'},
    {".192.0.2", 'n'},
    {"192.0.2.1 ", 'a'}, /* a blank behind a value is none of it (D-10) */
    {"192.0 .2.1", 'n'},
    {"3221225985", 'n'},
    {"0xC0.0.2.1", 'n'},
    {"2001:db8::1::2", 'n'},
    {"2001:db8:::1", 'n'},
    {"2001:db8", 'n'},
    {"1:2:3:4:5:6:7:8:9", 'n'},
    {"1:2:3:4:5:6:7:12345", 'n'},
    {"[2001:db8::1]", 'n'},
    {"fe80::1%eth0", 'n'},
    {"localhost", 'n'},
    {"example.com", 'n'},
    {"\"\"", 'n'},
};

static void check_addresses(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        const struct address *a = &addresses[i];

        for (unsigned type = 0; type < 2; type++) {
            go_back(&bc95);
            (void)snprintf(line, sizeof line, "AT+QCOAPSEND=%u,1,%s,5683", type, a->text);
            expect_outcome(a->where == 'a' || (a->where == 'g' && type == 1) ? PROMPTED : REFUSED);
        }
    }
}

/* BG96: a literal is connected to at once, whatever else is printable is looked up (D-63, D-106). */
static void try_server(const char *text, bool literal, bool good)
{
    const size_t from = bg96.orders.len;

    b = bg96;
    (void)snprintf(line, sizeof line, "AT+QCOAPOPEN=1,%s,5683", text);
    (void)bench_said(&b);
    (void)bench_type(&b, line);
    (void)bench_type(&b, "\r");
    if (!good) {
        EXPECT(strcmp(b.te.text, "\r\nERROR\r\n") == 0 && b.orders.len == from, "%s: %s", line,
               b.te.text);
        return;
    }
    EXPECT(strcmp(b.te.text, "\r\nOK\r\n\r\n+QCOAPOPEN: 1,0\r\n") == 0, "%s: %s", line, b.te.text);
    EXPECT((strstr(b.orders.text + from, "resolve") == NULL) == literal, "%s: %s", line,
           b.orders.text + from);
}

static void check_servers(uint64_t seed)
{
    static const char *const names[] = {"localhost", "example.com", "[2001:db8::1]", "192.0.2.256",
                                        "192.0.2",   "2001:db8",    "a b",           "\"a,b\""};
    static const char *const never[] = {"\"\"", "\"a\\22\"", "\"a\\0D\"", "\"\x80\"", "\"a"};

    (void)seed;
    prepare();
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        if (addresses[i].where != 'n')
            try_server(addresses[i].text, true, true);
    }
    try_server("0.0.0.0", true, true);
    try_server("255.255.255.255", true, true);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        try_server(names[i], false, true);
    for (size_t i = 0; i < COUNT_OF(never); i++)
        try_server(never[i], false, false);
    for (size_t len = 1; len <= 260; len++)
        try_server(text_of(len, 'n'), false, len <= 255);
}

/* Every number of two bytes as a cipher suite of DTLS. */
static void check_suites(uint64_t seed)
{
    (void)seed;
    prepare();
    go_back(&bg96);
    for (unsigned suite = 0; suite <= 0xFFFF; suite++) {
        const bool good = suite == 0xC0A8 || suite == 0x00AE || suite == 0xFFFF;

        (void)snprintf(line, sizeof line, "AT+QSSLCFG=\"ciphersuite\",0,0X%04X", suite);
        expect_outcome(good ? TAKEN : REFUSED);
    }
    (void)snprintf(line, sizeof line, "AT+QSSLCFG=\"ciphersuite\",0,0xc0a8");
    expect_outcome(TAKEN);
}

/* Whether a byte may stand within a file's name. Source: D-117. */
static bool is_name_byte(unsigned byte)
{
    return byte > 0x20 && byte < 0x7F && strchr("/\\:*?\"<>|", (int)byte) == NULL;
}

/* Bytes that the AT line keeps for itself. */
static bool is_line_byte(unsigned byte)
{
    return byte == 0 || byte == '\b' || byte == '\r' || byte == '\n' || byte == 0x1A ||
           byte == 0x1B || byte == 0x7F || byte == '"';
}

/* A backslash that begins no escape is a wrong string before it is a wrong name (D-82). */
static void try_name(const char *name, bool good)
{
    const char *wrong = strchr(name, '\\') != NULL ? "\r\n+CME ERROR: 50\r\n"
                                                   : "\r\n+CME ERROR: 406\r\n";
    const char *said;

    go_back(&bg96);
    (void)snprintf(line, sizeof line, "AT+QFUPL=\"%s\",1\r", name);
    (void)bench_type(&b, line);
    said = bench_said(&b);
    EXPECT(strcmp(said, good ? "\r\nCONNECT\r\n" : wrong) == 0, "%s: %s", line, said);
}

static void check_file_names(uint64_t seed)
{
    char name[128];

    (void)seed;
    prepare();
    for (unsigned byte = 0; byte < 256; byte++) {
        if (is_line_byte(byte))
            continue;
        (void)snprintf(name, sizeof name, "a%cb", (char)byte);
        try_name(name, is_name_byte(byte));
        (void)snprintf(name, sizeof name, "%cb", (char)byte);
        try_name(name, is_name_byte(byte) && byte != '.');
    }
    for (size_t len = 1; len <= 82; len++) {
        memset(name, 'a', len);
        name[len] = '\0';
        try_name(name, len <= 80);
        (void)memcpy(name, "UFS:", len < 4 ? len : 4);
        if (len >= 4)
            try_name(name, len > 4 && len <= 80);
    }
}

/* <length> counts what stands between the quotes: 1-50 (D-24). */
static void check_resources(uint64_t seed)
{
    (void)seed;
    prepare();
    for (unsigned len = 0; len <= 52; len++) {
        for (unsigned said = 0; said <= 52; said++) {
            go_back(&bc95);
            (void)snprintf(line, sizeof line, "AT+QCOAPADDRES=%u,%s", said, text_of(len, 'r'));
            expect_outcome(len == said && len >= 1 && len <= 50 ? TAKEN : REFUSED);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"every option number with every length", check_options, 1},
        {"counts of options", check_option_count, 1},
        {"every code with every type", check_codes, 1},
        {"lengths of tokens", check_tokens, 1},
        {"modes of AT+QCOAPHEAD", check_heads, 1},
        {"modes of AT+QCOAPHEADER", check_headers, 1},
        {"every bitmask with every set of slots", check_masks, 1},
        {"addresses", check_addresses, 1},
        {"servers", check_servers, 1},
        {"cipher suites", check_suites, 1},
        {"names of files", check_file_names, 1},
        {"lengths of resources", check_resources, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
