/* SPDX-License-Identifier: MIT
 *
 * The language of transcripts: escapes and placeholders, lines and headers, framing, datagrams.
 *
 * The program is no library, so its files are taken in here as they are. What plays transcripts is
 * shown by the transcripts themselves. */
#define _GNU_SOURCE

#include "../../host/addr.c"
#include "../../host/dialects.c"
#include "../../host/lint_rules.c"
#include "../../host/script_datagram.c"
#include "../../host/script_frame.c"
#include "../../host/script_parse.c"
#include "../../host/script_text.c"

#include "check.h"
#include "random.h"

void log_note(const char *format, ...)
{
    (void)format;
}

/* --- text ------------------------------------------------------------------------------------- */

static struct script_buf scratch;

static const char *expand(const char *text, unsigned reading)
{
    const struct script_vars none = {NULL, 0, 0, false};

    scratch.len = 0;
    return script_expand(script_span_of(text), reading, &none, &scratch);
}

static void test_expand(void **state)
{
    static const struct {
        const char *text;
        unsigned reading;
        const char *bytes; /* NULL: refused */
        size_t len;
    } cases[] = {
        {"", 0, "", 0},
        {"AT+CSQ", 0, "AT+CSQ", 6},
        {"a^Zb^[c^M^J", 0,
         "a\x1a"
         "b\x1b"
         "c\r\n",
         7},
        {"^^^H^?^@", 0, "^\b\x7f\0", 4},
        {"{{}", 0, "{}", 2},
        {"\\x41\\xfF", 0, "A\xff", 2},
        {"\\0D\\r\\", 0, "\\0D\\r\\", 6},
        {"\\r\\n", SCRIPT_EXACT, "\r\n", 2},
        {"{3*ab}", 0, "ababab", 6},
        {"{2*^Z\\x41}", 0,
         "\x1a"
         "A\x1a"
         "A",
         4},
        {"{0*x}", 0, "", 0},
        {"^a", 0, NULL, 0},
        {"^", 0, NULL, 0},
        {"\\x4", 0, NULL, 0},
        {"\\xG0", 0, NULL, 0},
        {"{", 0, NULL, 0},
        {"{}", 0, NULL, 0},
        {"{N}", 0, NULL, 0},
        {"{m:N}", 0, NULL, 0},
        {"{m}", 0, NULL, 0},
        {"{M}", 0, NULL, 0},
        {"{N0x1}", 0, NULL, 0},
        {"{m:X}", 0, NULL, 0},
        {"{*x}", 0, NULL, 0},
        {"{100001*x}", 0, NULL, 0},
        {"{2*{N}}", 0, NULL, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *why = expand(cases[i].text, cases[i].reading);

        EXPECT((why == NULL) == (cases[i].bytes != NULL), "%s: %s", cases[i].text,
               why != NULL ? why : "taken");
        if (cases[i].bytes == NULL)
            continue;
        EXPECT(scratch.len == cases[i].len, "%s: %zu bytes", cases[i].text, scratch.len);
        EXPECT(scratch.len == 0 || memcmp(scratch.data, cases[i].bytes, scratch.len) == 0, "%s",
               cases[i].text);
    }
}

/* Whatever bytes there are: their text stands for them, and hides nothing at its end. */
static void test_escape(void **state)
{
    static const unsigned readings[] = {0, SCRIPT_LINE, SCRIPT_EXACT};
    struct sim_random r;
    struct script_buf text = {NULL, 0, 0};

    (void)state;
    sim_random_seed(&r, 1, 0);
    for (unsigned i = 0; i < 20000; i++) {
        uint8_t bytes[40];
        const struct script_vars none = {NULL, 0, 0, false};
        const size_t len = sim_random_below(&r, sizeof bytes);
        const unsigned reading = readings[i % COUNT_OF(readings)];

        for (size_t j = 0; j < len; j++)
            bytes[j] = sim_random_chance(&r, 500000)
                           ? (uint8_t) "\\xrn^{}M \r\n"[sim_random_below(&r, 11)]
                           : (uint8_t)sim_random_next(&r);
        text.len = 0;
        scratch.len = 0;
        script_escape(&text, bytes, len, reading);
        assert_null(script_expand(script_span_buf(&text), reading, &none, &scratch));
        assert_int_equal(scratch.len, len);
        assert_true(len == 0 || memcmp(scratch.data, bytes, len) == 0);
        assert_true(len == 0 || text.data[text.len - 1] != ' ');
    }
    script_buf_free(&text);
}

static void test_match(void **state)
{
    static const struct {
        const char *pattern;
        const char *data;
        const char *tail;
        int used;
    } cases[] = {
        {"abc", "abc", NULL, 3},
        {"abc", "abcd", NULL, -1},
        {"abc", "abcd", "", 3},
        {"abc", "ab", NULL, -1},
        {"a{N}", "a123", NULL, 4},
        {"a{N}", "a", NULL, -1},
        {"a{N}3", "a123", NULL, 4},
        {"{N3}", "123", NULL, 3},
        {"{N3}", "1234", NULL, -1},
        {"{N3}{N}", "1234", NULL, 4},
        {"{H4}", "aB0f", NULL, 4},
        {"{H}", "0g", NULL, -1},
        {"{R}", "", NULL, 0},
        {"x{R}y", "xyy", NULL, 3},
        {"x{R}", "x\r\n", "\r\n", 1},
        {"x{R}", "xa\rb\r\n", "\r\n", -1}, /* stops at the CR */
        {"{R},{R},{N}", "a,b,c,7", NULL, 7},
        {"{m:N}={m}", "12=12", NULL, 5},
        {"{m:N}={m}", "12=13", NULL, -1},
        {"{3*ab}c", "abababc", NULL, 7},
        {"{a:N}{b:N}{a}", "121", NULL, 3}, /* tries until it fits */
        {"{unknown}", "x", NULL, -1},
        {"{bad", "{bad", NULL, -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct script_vars vars = {NULL, 0, 0, false};
        const ptrdiff_t used = script_match(script_span_of(cases[i].pattern), SCRIPT_LINE, &vars,
                                            cases[i].data, strlen(cases[i].data), cases[i].tail);

        EXPECT(used == cases[i].used, "%s on %s: %d", cases[i].pattern, cases[i].data, (int)used);
        assert_true(used >= 0 || vars.count == 0);
        script_vars_free(&vars);
    }
}

/* A later capture hides an earlier one, and a rewind brings that back. */
static void test_captures(void **state)
{
    struct script_vars vars = {NULL, 0, 0, false};

    (void)state;
    assert_int_equal(script_match(script_span_of("{m:N}"), 0, &vars, "12", 2, NULL), 2);
    const size_t mark = vars.count;
    assert_int_equal(script_match(script_span_of("{m:N}"), 0, &vars, "34", 2, NULL), 2);
    assert_int_equal(script_match(script_span_of("{m}"), 0, &vars, "34", 2, NULL), 2);
    script_vars_rewind(&vars, mark);
    assert_int_equal(script_match(script_span_of("{m}"), 0, &vars, "12", 2, NULL), 2);
    assert_int_equal(script_match(script_span_of("{x}"), 0, &vars, "any", 3, NULL), -1);
    vars.lenient = true;
    assert_int_equal(script_match(script_span_of("{x}"), 0, &vars, "any", 3, NULL), 3);
    script_vars_free(&vars);
}

/* --- lines ------------------------------------------------------------------------------------ */

static void test_time(void **state)
{
    static const struct {
        const char *text;
        uint64_t ms; /* UINT64_MAX: no time */
    } cases[] = {
        {"300ms", 300},      {"2s", 2000},        {"5m", 300000},     {"1h", 3600000},
        {"0s", 0},           {"", UINT64_MAX},    {"5", UINT64_MAX},  {"s", UINT64_MAX},
        {"-1s", UINT64_MAX}, {"1 s", UINT64_MAX}, {"1d", UINT64_MAX}, {"99999999999s", UINT64_MAX},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint64_t ms = 0;
        const bool good = script_time(script_span_of(cases[i].text), &ms);

        EXPECT(good == (cases[i].ms != UINT64_MAX), "%s", cases[i].text);
        EXPECT(!good || ms == cases[i].ms, "%s", cases[i].text);
    }
}

static void test_parse(void **state)
{
    static const char text[] = "# comment\n"
                               "dialect bc68\n"
                               "seed 7\n"
                               "set head=keep\n"
                               "set orders=on\n"
                               "imei 123456789012345\n"
                               "lint 3 quotes\n"
                               "name a.example 192.0.2.9\n"
                               "file k.psk text a&b\n"
                               "\n"
                               "T> AT\n"
                               "T<\n"
                               "T= \\r\n"
                               "N> CON 0.01\n"
                               "N< ACK 2.05\n"
                               "N! dup\n"
                               "+2s\n"
                               "T{\n"
                               "T}";
    static const enum script_kind kinds[] = {
        SCRIPT_BLANK,   SCRIPT_HEADER, SCRIPT_HEADER,    SCRIPT_HEADER,  SCRIPT_HEADER,
        SCRIPT_HEADER,  SCRIPT_HEADER, SCRIPT_HEADER,    SCRIPT_HEADER,  SCRIPT_BLANK,
        SCRIPT_TE_IN,   SCRIPT_TE_OUT, SCRIPT_TE_EXACT,  SCRIPT_NET_OUT, SCRIPT_NET_IN,
        SCRIPT_NET_ACT, SCRIPT_CLOCK,  SCRIPT_ANY_ORDER, SCRIPT_ANY_END};
    struct script script;

    (void)state;
    assert_null(script_parse(&script, script_span_of(text), 1));
    assert_int_equal(script.count, COUNT_OF(kinds));
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        EXPECT(script.lines[i].kind == kinds[i], "line %zu", i + 1);
    assert_ptr_equal(script.setup.dialect, &atc_dialect_bc95);
    assert_true(script.setup.seed == 7);
    assert_true(script.setup.orders);
    assert_int_equal(script.setup.settings.head, ATC_LIFE_KEEP);
    assert_int_equal(script.setup.settings.echo, ATC_OFF);
    assert_string_equal(script.setup.imei, "123456789012345");
    assert_int_equal(script.setup.names[0].addr.ip[3], 9);
    assert_true(script_span_is(script.setup.files[0].content, "a&b"));
    assert_true(script.setup.linted);
    assert_int_equal(script.setup.lint_count, 1);
    assert_true(script.setup.lint[0].line == 3);
    assert_int_equal(script.setup.lint[0].kind, ATC_REMARK_QUOTES);
    assert_true(script_span_is(script.lines[10].text, "AT"));
    assert_int_equal(script.lines[11].text.len, 0);
    script_free(&script);
}

/* Each is refused, and at which line. */
static void test_parse_errors(void **state)
{
    static const struct {
        const char *text;
        unsigned line;
    } cases[] = {
        {"T> AT \n", 1},
        {"T> AT\r\n", 1},
        {"T>AT\n", 1},
        {"\n\nX> AT\n", 3},
        {"T> AT\ndialect bg96\n", 2},
        {"dialect bg95\n", 1},
        {"dialect\n", 1},
        {"seed x\n", 1},
        {"set head\n", 1},
        {"set nosuch=1\n", 1},
        {"set head=never\n", 1},
        {"set orders=maybe\n", 1},
        {"imei 123\n", 1},
        {"imsi 12345678901234x\n", 1},
        {"lint\n", 1},
        {"lint all\n", 1},
        {"lint quotes\n", 1},
        {"lint 1 quote\n", 1},
        {"lint 1 quotes 2\n", 1},
        {"lint x quotes\n", 1},
        {"lint none\nlint none\n", 2},
        {"lint none\nlint 1 quotes\n", 2},
        {"lint 1 quotes\nlint none\n", 2},
        {"name x\n", 1},
        {"name x y\n", 1},
        {"file x\n", 1},
        {"file x yaml a\n", 1},
        {"+2\n", 1},
        {"+ 2s\n", 1},
        {"T{ x\n", 1},
        {"", 1},
        {"\n# nothing but this\ndialect bg96\n", 1},
        {"T> AT\nT< {X}\n", 2},
        {"T> AT\nT< {N\n", 2},
        {"T> AT\nT= \\r\\n{m:Q}\n", 2},
        {"T> AT\nN> CON 0.01 mid={m:}\n", 2},
        {"T> AT\nT< ^\n", 2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct script script;
        const char *why = script_parse(&script, script_span_of(cases[i].text), 1);

        EXPECT(why != NULL, "%s", cases[i].text);
        EXPECT(script.error_line == cases[i].line, "%s: line %u", cases[i].text, script.error_line);
        script_free(&script);
    }
}

/* What is behind a byte 0 would never be looked at. */
static void test_parse_nul(void **state)
{
    static const char text[] = "T> AT\nT< OK\0 and more\n";
    struct script script;

    (void)state;
    assert_non_null(script_parse(&script, (struct script_span){text, sizeof text - 1u}, 1));
    assert_int_equal(script.error_line, 2);
    script_free(&script);
}

/* As many findings as there is room for, and one more. */
static void test_many_findings(void **state)
{
    char text[(SCRIPT_LINT_MAX + 2) * 16] = "";
    size_t len = 0;
    struct script script;

    (void)state;
    for (unsigned i = 0; i <= SCRIPT_LINT_MAX; i++) {
        strcpy(text + len, "T> AT\n");
        assert_null(script_parse(&script, script_span_of(text), 1));
        assert_int_equal(script.setup.lint_count, i);
        script_free(&script);
        strcpy(text + len, "lint 1 quotes\n");
        len = strlen(text);
    }
    assert_non_null(script_parse(&script, script_span_of(text), 1));
    assert_int_equal(script.error_line, SCRIPT_LINT_MAX + 1);
    script_free(&script);
}

/* --- framing ---------------------------------------------------------------------------------- */

/* What the TE typed, what came, and the transcript of that. */
static void test_frames(void **state)
{
    static const struct {
        const char *typed;
        const char *came;
        const char *lines;
    } cases[] = {
        {"AT\r", "\r\nOK\r\n", "T< OK\n"},
        {"AT+A?\r", "\r\n+A: 1\r\n\r\nOK\r\n", "T< +A: 1\nT< OK\n"},
        {"ATI\r", "\r\na\r\nb\r\n\r\nOK\r\n", "T< a\nT< b\nT< OK\n"},
        /* A frame too many, or one too few. */
        {"ATI\r", "\r\na\r\n\r\nb\r\n\r\nOK\r\n", "T< a\nT= \\r\\nb\\r\\n\nT< OK\n"},
        {"AT\r", "OK\r\n", "T= OK\\r\\n\n"},
        {"AT+A?\r", "\r\n+A: 1\r\nOK\r\n", "T< +A: 1\nT= OK\\r\\n\n"},
        /* Several commands have a frame each. */
        {"AT+A?;+B?\r", "\r\n+A: 1\r\n\r\n+B: 2\r\n\r\nOK\r\n", "T< +A: 1\nT< +B: 2\nT< OK\n"},
        {"AT+A?;+B?\r", "\r\n+A: 1\r\n+A: 2\r\n\r\n+B: 2\r\n\r\nERROR\r\n",
         "T< +A: 1\nT< +A: 2\nT< +B: 2\nT< ERROR\n"},
        {"AT+A=\"x;y\"\r", "\r\n+A: 1\r\n+B: 2\r\n\r\nOK\r\n", "T< +A: 1\nT< +B: 2\nT< OK\n"},
        /* URCs are no part of a reply. */
        {"AT+A?\r", "\r\n+A: 1\r\n\r\nOK\r\n\r\n+A: 2\r\n\r\n+A: 3\r\n",
         "T< +A: 1\nT< OK\nT< +A: 2\nT< +A: 3\n"},
        {"AT+A?\r", "\r\n+A: 1\r\n\r\n+QCOAPIND: 0\r\n", "T< +A: 1\nT< +QCOAPIND: 0\n"},
        {"", "\r\n+U: 1\r\n\r\n+U: 2\r\n", "T< +U: 1\nT< +U: 2\n"},
        /* A raw payload, as long as is said, whatever it holds. */
        {"", "\r\n+QCOAPRECV: 0,1,2.05,0,,0,6\r\n\r\nOK\r\n\r\n\r\n+U\r\n",
         "T< +QCOAPRECV: 0,1,2.05,0,,0,6\nT< ^M^JOK^M^J\nT< +U\n"},
        {"", "\r\n+QCOAPRECV: 0,1,2.05,0,,0,0\r\n\r\n+U\r\n",
         "T< +QCOAPRECV: 0,1,2.05,0,,0,0\nT< +U\n"},
        /* Prompts. */
        {"AT+S\r", "\r\n> ", "T< >\n"},
        {"AT+S\r", "\r\n>", "T= \\r\\n>\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct script_frame render, take;
        struct script_vars vars = {NULL, 0, 0, false};
        const char *data = cases[i].came;
        size_t len = strlen(data);

        script_frame_start(&render, &atc_dialect_bg96);
        script_frame_input(&render, cases[i].typed, strlen(cases[i].typed));
        take = render;
        scratch.len = 0;
        while (len > 0) {
            const size_t start = scratch.len;
            const size_t used = script_frame_render(&render, data, len, &scratch);
            struct script_span line = {scratch.data + start, scratch.len - start};

            /* What was rendered as a T< line is taken by it, and by nothing that differs. */
            if (script_span_skip(&line, "T< ")) {
                assert_int_equal(script_frame_take(&take, script_span_of("no"), &vars, data, len),
                                 -1);
                EXPECT(script_frame_take(&take, line, &vars, data, len) == (ptrdiff_t)used,
                       "case %zu", i);
            } else {
                script_frame_exact(&take, data, used);
            }
            script_buf_byte(&scratch, '\n');
            data += used;
            len -= used;
        }
        EXPECT(scratch.len == strlen(cases[i].lines) &&
                   memcmp(scratch.data, cases[i].lines, scratch.len) == 0,
               "case %zu: %.*s", i, (int)scratch.len, scratch.data);
        script_vars_free(&vars);
    }
}

/* The prompt of the other dialect has no blank. */
static void test_prompt(void **state)
{
    struct script_frame frame;
    struct script_vars vars = {NULL, 0, 0, false};

    (void)state;
    script_frame_start(&frame, &atc_dialect_bc95);
    assert_int_equal(script_frame_take(&frame, script_span_of(">"), &vars, "\r\n>", 3), 3);
    assert_int_equal(script_frame_take(&frame, script_span_of(">"), &vars, "\r\n> ", 4), 3);
}

/* --- datagrams -------------------------------------------------------------------------------- */

static const char *build(const char *text, struct script_defaults *defaults)
{
    const struct script_vars none = {NULL, 0, 0, false};

    scratch.len = 0;
    return script_datagram_build(script_span_of(text), &none, defaults, &scratch);
}

static void test_build(void **state)
{
    static const struct {
        const char *text;
        const char *hex; /* NULL: refused */
    } cases[] = {
        {"CON 0.01 mid=4660", "40011234"},
        {"RST 0.00 mid=1", "70000001"},
        {"NON 2.05 mid=1 token=0aFF", "524500010AFF"},
        {"CON 0.02 mid=1 token= uri-path=\"rd\" payload=\"A^M\"", "40020001B27264FF410D"},
        {"CON 0.02 mid=1 content-format=0 content-format=40 payload=hex:00", "40020001C00128FF00"},
        {"CON 0.01 mid=1 if-none-match", "4001000150"},
        {"CON 0.01 mid=1 etag=0102 2049=aa 2050", "40010001420102E106F0AA10"},
        {"CON 0.01 mid=1 content-format=hex:0028", "40010001C20028"},
        {"CON 0.01 mid=1 uri-query=\"a b=\\x22\"", "40010001D5026120623D22"},
        {"ACK 2.05", "60450000"},
        {"hex 00aAff", "00AAFF"},
        {"hex 0", NULL},
        {"hex 0g", NULL},
        {"con 0.01", NULL},
        {"CON", NULL},
        {"CON 1", NULL},
        {"CON 8.00", NULL},
        {"CON 0.32", NULL},
        {"CON 0.01 mid=65536", NULL},
        {"CON 0.01 mid=x", NULL},
        {"CON 0.01 token=010203040506070809", NULL},
        {"CON 0.01 token=0", NULL},
        {"CON 0.01 nosuch=1", NULL},
        {"CON 0.01 uri-path=rd", NULL},
        {"CON 0.01 content-format=x", NULL},
        {"CON 0.01 uri-query=\"b\" uri-path=\"a\"", NULL},
        {"CON 0.01 payload=x", NULL},
        {"CON 0.01 payload=\"x\" uri-path=\"a\"", NULL},
        {"CON 0.01 payload=\"{m}\"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct script_defaults defaults;
        struct script_buf hex = {NULL, 0, 0};

        memset(&defaults, 0, sizeof defaults);
        const char *why = build(cases[i].text, &defaults);
        EXPECT((why == NULL) == (cases[i].hex != NULL), "%s: %s", cases[i].text,
               why != NULL ? why : "taken");
        put_hex(&hex, (const uint8_t *)scratch.data, scratch.len);
        EXPECT(cases[i].hex == NULL || script_span_is(script_span_buf(&hex), cases[i].hex),
               "%s: %.*s", cases[i].text, (int)hex.len, hex.data);
        script_buf_free(&hex);
    }
}

/* What a line need not say: the ID and token of what left last, and IDs that count up. */
static void test_defaults(void **state)
{
    static const uint8_t left[] = {0x42, 1, 0x12, 0x34, 0xca, 0xfe};
    struct script_defaults defaults;
    struct sim_coap m;

    (void)state;
    script_defaults_start(&defaults);
    script_defaults_note(&defaults, left, sizeof left);
    assert_null(build("ACK 2.05", &defaults));
    assert_int_equal(sim_coap_parse(&m, (uint8_t *)scratch.data, scratch.len), 0);
    assert_int_equal(m.mid, 0x1234);
    assert_int_equal(m.token_len, 2);
    assert_null(build("RST 0.00", &defaults));
    assert_int_equal(scratch.len, 4);
    assert_null(build("CON 2.05 token=", &defaults));
    assert_int_equal(sim_coap_parse(&m, (uint8_t *)scratch.data, scratch.len), 0);
    assert_int_equal(m.token_len, 0);
    const uint16_t mid = m.mid;
    assert_null(build("NON 0.01", &defaults));
    assert_int_equal(sim_coap_parse(&m, (uint8_t *)scratch.data, scratch.len), 0);
    assert_int_equal(m.mid, mid + 1);
    assert_int_equal(m.token_len, 0);
}

static void test_datagram_match(void **state)
{
    static const char *const good[] = {
        "CON 0.02 mid=7 token=CAFE uri-path=\"rd\" content-format=40 payload=\"hi\"",
        "CON 0.02 token=cafe uri-path=\"rd\" content-format=40 payload=hex:6869",
        "CON 0.02 payload=\"{R}\" content-format={N} mid={N} token={t:H4}",
        "CON 0.02 token={H} uri-path=\"{R}\" 12=40 payload=\"hi\"",
        "hex 42020007CAFEB27264{H}",
    };
    static const char *const bad[] = {
        "NON 0.02 token={H} uri-path=\"rd\" content-format=40 payload=\"hi\"",
        "CON 0.03 token={H} uri-path=\"rd\" content-format=40 payload=\"hi\"",
        "CON 0.02 mid=8 token={H} uri-path=\"rd\" content-format=40 payload=\"hi\"",
        "CON 0.02 uri-path=\"rd\" content-format=40 payload=\"hi\"",
        "CON 0.02 token={H} content-format=40 payload=\"hi\"",
        "CON 0.02 token={H} uri-path=\"rd\" payload=\"hi\"",
        "CON 0.02 token={H} uri-path=\"rd\" content-format=40",
        "CON 0.02 token={H} uri-path=\"RD\" content-format=40 payload=\"hi\"",
        "CON 0.02 token={H} uri-path=\"rd\" content-format=41 payload=\"hi\"",
        "CON 0.02 token={H} uri-path=\"rd\" uri-path=\"x\" content-format=40 payload=\"hi\"",
        "hex 42020007CAFE",
    };
    struct script_defaults defaults;
    struct script_buf data = {NULL, 0, 0};

    (void)state;
    script_defaults_start(&defaults);
    assert_null(build(good[0], &defaults));
    script_buf_add(&data, scratch.data, scratch.len);
    for (size_t i = 0; i < COUNT_OF(good) + COUNT_OF(bad); i++) {
        const bool expected = i < COUNT_OF(good);
        const char *text = expected ? good[i] : bad[i - COUNT_OF(good)];
        struct script_vars vars = {NULL, 0, 0, false};
        const char *why;
        const bool fits = script_datagram_match(script_span_of(text), &vars, data.data, data.len,
                                                &why);

        EXPECT(i == 2 || (fits == expected && why == NULL), "%s", text);
        assert_true(fits || vars.count == 0);
        script_vars_free(&vars);
    }
    script_buf_free(&data);
}

/* Any datagram: its text builds it again and matches it; and any bytes have a text. */
static void test_datagram_round_trip(void **state)
{
    struct sim_random r;
    struct script_buf text = {NULL, 0, 0};

    (void)state;
    sim_random_seed(&r, 2, 0);
    for (unsigned i = 0; i < 30000; i++) {
        uint8_t data[48];
        struct script_vars vars = {NULL, 0, 0, false};
        struct script_defaults defaults;
        const char *why;
        const size_t len = sim_random_below(&r, sizeof data);

        (void)sim_random_fill(&r, data, sizeof data);
        data[0] = (uint8_t)(0x40u | (data[0] & 0x31u)); /* often a good header */
        for (size_t j = 4; j < len; j++)
            if (sim_random_chance(&r, 400000))
                data[j] = (uint8_t) "\xb1\x11\xc0\x10\"\xff\\a"[sim_random_below(&r, 8)];
        script_defaults_start(&defaults);
        text.len = 0;
        script_datagram_render(&text, script_span_of(""), &vars, data, len);
        scratch.len = 0;
        why = script_datagram_build(script_span_buf(&text), &vars, &defaults, &scratch);
        EXPECT(why == NULL, "%.*s: %s", (int)text.len, text.data, why);
        /* An empty token is not written, and a response without one takes the default: none. */
        EXPECT(script_datagram_match(script_span_buf(&text), &vars, data, len, &why), "%.*s",
               (int)text.len, text.data);
        /* Lengths in a longer form than they need are not kept: only then the bytes differ. */
        EXPECT(scratch.len <= len, "%.*s", (int)text.len, text.data);
        script_vars_free(&vars);
    }
    script_buf_free(&text);
}

/* What is rendered over an old line keeps the fields that still fit. */
static void test_datagram_merge(void **state)
{
    static const uint8_t data[] = {0x42, 2, 0, 7, 0xca, 0xfe, 0xb1, 'a', 0x01, 'b', 0xff, 'x'};
    struct script_vars vars = {NULL, 0, 0, false};

    (void)state;
    scratch.len = 0;
    script_datagram_render(
        &scratch,
        script_span_of(
            "NON 0.02 mid={m:N} token=beef uri-path=\"{R}\" uri-path=\"c\" payload=hex:78"),
        &vars, data, sizeof data);
    assert_true(script_span_is(
        script_span_buf(&scratch),
        "CON 0.02 mid={m:N} token=CAFE uri-path=\"{R}\" uri-path=\"b\" payload=hex:78"));
    assert_int_equal(vars.count, 1);
    script_vars_free(&vars);
}

static int free_scratch(void **state)
{
    (void)state;
    script_buf_free(&scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expand),
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_captures),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_parse_errors),
        cmocka_unit_test(test_many_findings),
        cmocka_unit_test(test_parse_nul),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_prompt),
        cmocka_unit_test(test_build),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_datagram_match),
        cmocka_unit_test(test_datagram_round_trip),
        cmocka_unit_test(test_datagram_merge),
    };

    return cmocka_run_group_tests_name("script", tests, NULL, free_scratch);
}
