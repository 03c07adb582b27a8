/* SPDX-License-Identifier: MIT
 *
 * Bytes of the TE to lines and payloads: D-01 to D-05 and D-13, in every state. Each case is what is
 * typed and what comes of it, written in short:
 *
 *   {AT+X}   a command line        (xyz)   a payload          <long>   a line too long
 *   <noise>  a line without AT     /xyz/   a piece of raw data   !    cancelled
 *
 * The lines AT>, AT#5 and AT~9 ask for a payload: of any length, of 5 bytes, of 9 raw bytes. At most
 * KEEP bytes of a payload are kept, a raw piece has PIECE bytes.
 */
#include <stdlib.h>

#include "check.h"
#include "line.h"
#include "rng.h"

enum { KEEP = 8, PIECE = 4 };

#define Z   "\x1A"
#define ESC "\x1B"

/* The text of what happened so far. */
struct report {
    char text[256];
    size_t len;
};

static void add(struct report *report, const char *before, struct atc_span span, const char *behind)
{
    const int len = snprintf(report->text + report->len, sizeof report->text - report->len,
                             "%s%.*s%s", before, (int)span.len, (const char *)span.at, behind);

    report->len += (size_t)len;
    assert_true(report->len < sizeof report->text);
}

static void answer_command(struct atc_line *line, struct report *report, bool drop_lf)
{
    const struct atc_span text = atc_line_text(line);
    const char kind = text.len > 2 ? (char)text.at[2] : '\0';
    const unsigned want = text.len > 3 ? (unsigned)(text.at[3] - '0') : 0;

    add(report, "{", text, "}");
    if (kind == '>')
        atc_line_ask(line, ATC_BODY_OPEN, KEEP, drop_lf);
    else if (kind == '#')
        atc_line_ask(line, want, KEEP, drop_lf);
    else if (kind == '~')
        atc_line_ask_raw(line, want, PIECE);
    else
        atc_line_done(line, false);
}

static void type_byte(struct atc_line *line, struct report *report, uint8_t byte)
{
    const struct atc_span none = atc_span("", 0);

    switch (atc_line_feed(line, byte)) {
    case ATC_LINE_NOTHING:
        break;
    case ATC_LINE_COMMAND:
        answer_command(line, report, line->crlf);
        break;
    case ATC_LINE_LONG:
        add(report, "<long>", none, "");
        atc_line_done(line, false);
        break;
    case ATC_LINE_NOISE:
        add(report, "<noise>", none, "");
        break;
    case ATC_LINE_PAYLOAD:
        add(report, "(", atc_line_text(line), ")");
        atc_line_done(line, true);
        break;
    case ATC_LINE_PIECE:
        add(report, "/", atc_line_text(line), "/");
        atc_line_resume(line);
        break;
    case ATC_LINE_CANCEL:
        add(report, "!", none, "");
        atc_line_done(line, true);
        break;
    }
}

static void type(struct atc_line *line, struct report *report, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        type_byte(line, report, (uint8_t)bytes[i]);
}

/* A literal that may hold NULs. */
#define TYPED(text) text, sizeof(text) - 1

static const struct {
    const char *name;
    const char *typed;
    size_t len;
    const char *expected;
} cases[] = {
    {"D-01 CR", TYPED("AT\r"), "{AT}"},
    {"D-01 CR LF", TYPED("AT\r\n"), "{AT}"},
    {"D-01 LF alone", TYPED("AT\n"), "{AT}"},
    {"D-01 CR CR LF LF", TYPED("AT\r\r\n\n"), "{AT}"},
    {"D-01 LF CR", TYPED("AT\n\rAT\n\r"), "{AT}{AT}"},
    {"D-01 empty lines", TYPED("\r\n\r\n\n\r"), ""},
    {"D-01 three lines", TYPED("AT+A\rAT+B\r\nAT+C\n"), "{AT+A}{AT+B}{AT+C}"},
    {"D-01 LF not directly behind the CR", TYPED("AT+A\rAT\nAT+B\r"), "{AT+A}{AT}{AT+B}"},

    {"D-02 any case", TYPED("at\rAt\raT+x\r"), "{at}{At}{aT+x}"},
    {"D-02 no AT", TYPED("HELLO\r"), "<noise>"},
    {"D-02 the first byte that is no blank", TYPED("!AT\r"), "<noise>"},
    {"D-02 A alone", TYPED("A\r"), "<noise>"},
    {"D-02 AT not in front", TYPED("XAT\r"), "<noise>"},
    {"D-02 blanks in front", TYPED("   AT\r"), "{AT}"},
    {"D-02 control bytes in front",
     TYPED("\0\1\t\x11\x13\x1F"
           "AT\r"),
     "{AT}"},
    {"D-02 high bytes in front",
     TYPED("\x80\xFF\xFE\xC0"
           "AT\r"),
     "{AT}"},
    {"D-02 nothing but those", TYPED(" \x80\t\r"), ""},
    {"D-02 high bytes inside are kept", TYPED("AT\xFF\r"), "{AT\xFF}"},
    {"D-02 backspace", TYPED("AX\x08T\r"), "{AT}"},
    {"D-02 DEL", TYPED("AX\x7FT\r"), "{AT}"},
    {"D-02 backspace at the start",
     TYPED("\x08\x08\x08"
           "AT\r"),
     "{AT}"},
    {"D-02 backspace over the start",
     TYPED("XY\x08\x08\x08\x08"
           "AT\r"),
     "{AT}"},
    {"D-02 a line deleted whole", TYPED("AT\x08\x08\r"), ""},
    {"D-02 blank behind a deletion is in front", TYPED("X\x08 AT\r"), "{AT}"},
    {"A17 A/ is no AT", TYPED("A/\r"), "<noise>"},

    {"D-03 Ctrl+Z in command mode", TYPED("A" Z "T\r" Z ESC "AT\r"), "{AT}{AT}"},
    {"D-03 behind a payload: CR", TYPED("AT>\rxy" Z "\rAT\r"), "{AT>}(xy){AT}"},
    {"D-03 behind a payload: CR LF", TYPED("AT>\rxy" Z "\r\nAT\r"), "{AT>}(xy){AT}"},
    {"D-03 behind a payload: LF", TYPED("AT>\rxy" Z "\nAT\r"), "{AT>}(xy){AT}"},
    {"D-03 another Ctrl+Z", TYPED("AT>\rxy" Z Z "AT+A\r"), "{AT>}(xy){AT+A}"},
    {"D-03 nothing between", TYPED("AT>\rxy" Z "AT+A\r"), "{AT>}(xy){AT+A}"},
    {"D-03 garbage, then a line", TYPED("AT>\rxy" Z "rest\rAT+A\r"), "{AT>}(xy){AT+A}"},
    {"D-03 garbage, then AT+", TYPED("AT>\rxy" Z "restAT+A\r"), "{AT>}(xy){AT+A}"},
    {"D-03 garbage, then AT&", TYPED("AT>\rxy" Z "12AT&F\r"), "{AT>}(xy){AT&F}"},
    {"D-03 garbage, then ATE", TYPED("AT>\rxy" Z "AATE0\r"), "{AT>}(xy){ATE0}"},
    {"D-03 garbage, then AT and CR", TYPED("AT>\rxy" Z "..AT\r"), "{AT>}(xy){AT}"},
    {"D-03 garbage, then at and LF", TYPED("AT>\rxy" Z "..at\n"), "{AT>}(xy){at}"},
    {"D-03 garbage, then a line with a deletion",
     TYPED("AT>\rxy" Z "..AT+X\x08"
           "A\r"),
     "{AT>}(xy){AT+A}"},
    {"D-03 AT and a digit is garbage", TYPED("AT>\rxy" Z "AT1AT+A\r"), "{AT>}(xy){AT+A}"},
    {"D-03 AT and a blank is garbage", TYPED("AT>\rxy" Z "AT AT+A\r"), "{AT>}(xy){AT+A}"},
    {"D-03 garbage is no noise", TYPED("AT>\rxy" Z "HELLO\rHELLO\r"), "{AT>}(xy)<noise>"},
    {"D-03 behind a counted payload", TYPED("AT#2\rxyz" Z "\r\nAT\r"), "{AT#2}(xy){AT}"},
    {"D-03 behind a cancelled one", TYPED("AT>\rxy" ESC "\r\nAT\r"), "{AT>}!{AT}"},

    {"D-04 no line before: dropped", TYPED("AT>\r\nx" Z), "{AT>}(x)"},
    {"D-04 lines end in CR LF: dropped", TYPED("AT\r\nAT>\r\nx" Z), "{AT}{AT>}(x)"},
    {"D-04 lines end in CR: data", TYPED("AT\rAT>\r\nx" Z), "{AT}{AT>}(\nx)"},
    {"D-04 lines end in LF: data", TYPED("AT\nAT>\n\nx" Z), "{AT}{AT>}(\nx)"},
    {"D-04 the line before ended in LF: data", TYPED("AT\nAT>\r\nx" Z), "{AT}{AT>}(\nx)"},
    {"D-04 two LFs: one is data", TYPED("AT\r\nAT>\r\n\nx" Z), "{AT}{AT>}(\nx)"},
    {"D-04 an LF further on is data", TYPED("AT\r\nAT>\rx\n" Z), "{AT}{AT>}(x\n)"},
    {"D-04 counted: dropped", TYPED("AT\r\nAT#3\r\nxyz"), "{AT}{AT#3}(xyz)"},
    {"D-04 counted: data", TYPED("AT\rAT#3\r\nxyz"), "{AT}{AT#3}(\nxy)"},

    {"T02 Ctrl+Z first", TYPED("AT>\r" Z), "{AT>}()"},
    {"T03 ESC first", TYPED("AT>\r" ESC), "{AT>}!"},
    {"T03 ESC behind bytes", TYPED("AT>\rabc" ESC), "{AT>}!"},
    {"T04 both inside a counted payload", TYPED("AT#4\r" Z ESC Z ESC), "{AT#4}(" Z ESC Z ESC ")"},
    {"T05 CR, LF and backspace are data", TYPED("AT>\ra\r\nb\x08\x7F" Z), "{AT>}(a\r\nb\x08\x7F)"},
    {"T06 AT typed as payload", TYPED("AT>\rAT+A\r" Z), "{AT>}(AT+A\r)"},
    {"T01 as many as are kept", TYPED("AT>\r12345678" Z), "{AT>}(12345678)"},
    {"T01 one more", TYPED("AT>\r123456789" Z), "{AT>}(12345678)"},
    {"T01 counted, more than are kept", TYPED("AT#9\r123456789AT\r"), "{AT#9}(12345678){AT}"},
    {"raw data in pieces",
     TYPED("AT~9\r"
           "ab\x1A"
           "d1234xAT\r"),
     "{AT~9}/ab\x1A"
     "d//1234/(x){AT}"},
    {"raw data of one piece", TYPED("AT~4\rabcd"), "{AT~4}(abcd)"},
    {"not raw any more",
     TYPED("AT~4\rabcd"
           "\rAT#9\r123456789"),
     "{AT~4}(abcd){AT#9}(12345678)"},
    {"raw data, the CR LF before it", TYPED("AT~2\r\nab"), "{AT~2}(ab)"},
};

/* A/ where a module knows it (D-88): the line before, without waiting for a CR. */
static const struct {
    const char *name;
    const char *typed;
    size_t len;
    const char *expected;
} repeats[] = {
    {"the line before", TYPED("AT+A\rA/"), "{AT+A}{AT+A}"},
    {"and again", TYPED("AT+A\ra/A/"), "{AT+A}{AT+A}{AT+A}"},
    {"a CR behind it is an empty line", TYPED("AT+A\rA/\rAT\r"), "{AT+A}{AT+A}{AT}"},
    {"blanks before it", TYPED("AT+A\r  A/"), "{AT+A}{AT+A}"},
    {"there is none yet", TYPED("A/"), "{AT}"},
    {"AT alone", TYPED("AT+ABC\rAT\rA/"), "{AT+ABC}{AT}{AT}"},
    {"the last one counts", TYPED("AT+ABC\rAT+D\rA/"), "{AT+ABC}{AT+D}{AT+D}"},
    {"not behind other letters", TYPED("AT+A\rAT/\rB/\r"), "{AT+A}{AT/}<noise>"},
    {"a deleted letter was over AT",
     TYPED("AT+A\rxy\x08\x08"
           "A/"),
     "{AT+A}{AT+A}"},
    {"overwritten by noise", TYPED("AT+A\rxyz\rA/"), "{AT+A}<noise>{AT/}"},
    {"not in what is left of a payload", TYPED("AT>\rxy" Z "A/\rAT\r"), "{AT>}(xy){AT}"},
    {"overwritten by a payload", TYPED("AT>\rxy" Z "\rA/"), "{AT>}(xy){AT/}"},
    {"a line that was typed anew", TYPED("AT>\rxy" Z "\rAT+B\rA/"), "{AT>}(xy){AT+B}{AT+B}"},
};

static void test_repeats(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(repeats); i++) {
        static struct atc_line line;
        struct report report = {"", 0};

        atc_line_init(&line);
        line.repeats = true;
        type(&line, &report, repeats[i].typed, repeats[i].len);
        EXPECT(strcmp(report.text, repeats[i].expected) == 0, "A/, %s: got %s", repeats[i].name,
               report.text);
    }
}

/* A line that was too long is not there any more. */
static void test_repeat_of_a_long_line(void **state)
{
    static struct atc_line line;
    struct report report = {"", 0};

    (void)state;
    atc_line_init(&line);
    line.repeats = true;
    type(&line, &report, TYPED("AT"));
    for (size_t i = 0; i < ATC_LINE_MAX; i++)
        type_byte(&line, &report, 'x');
    type(&line, &report, TYPED("\rA/"));
    assert_string_equal(report.text, "<long>{AT/}");
}

/* ATS3 and ATS5: other characters end a line and remove a byte; DEL does so still. */
static void test_other_characters(void **state)
{
    static struct atc_line line;
    struct report report = {"", 0};

    (void)state;
    atc_line_init(&line);
    line.end = 0x1E;
    line.erase = '#';
    assert_true(atc_line_echoes(&line, '\r', false));
    assert_false(atc_line_echoes(&line, 0x1E, false));
    type(&line, &report, TYPED("AT+A\x1E\nATXY#\x7F\x1E"));
    assert_string_equal(report.text, "{AT+A}{AT}");
    line.end = '\n'; /* then an LF ends an empty line, too, and has its echo */
    line.drop_lf = true;
    type(&line, &report, TYPED("AT\n"));
    assert_true(atc_line_echoes(&line, '\n', true));
    assert_false(atc_line_echoes(&line, '\n', false));
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        static struct atc_line line;
        struct report report = {"", 0};

        atc_line_init(&line);
        type(&line, &report, cases[i].typed, cases[i].len);
        EXPECT(strcmp(report.text, cases[i].expected) == 0, "%s: got %s", cases[i].name,
               report.text);
    }
}

/* With line-end=cr an LF is nothing at all. */
static void test_lf_does_not_end(void **state)
{
    static struct atc_line line;
    struct report report = {"", 0};

    (void)state;
    atc_line_init(&line);
    line.lf_ends = false;
    type(&line, &report, TYPED("AT\n\nA\rAT\r\n"));
    assert_string_equal(report.text, "{ATA}{AT}");
}

/* --- D-13: long lines ------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *start;
    size_t len; /* of the line */
    const char *expected;
} long_lines[] = {
    {"one less than the most", "AT", ATC_LINE_MAX - 1, "{}"},
    {"the most", "AT", ATC_LINE_MAX, "{}"},
    {"one more", "AT", ATC_LINE_MAX + 1, "<long>"},
    {"ten times", "AT", 10 * ATC_LINE_MAX, "<long>"},
    {"ten times, no AT", "XX", 10 * ATC_LINE_MAX, "<noise>"},
    {"the most, no AT", "XX", ATC_LINE_MAX, "<noise>"},
};

static void test_long_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(long_lines); i++) {
        static struct atc_line line;
        enum atc_line_event event = ATC_LINE_NOTHING;
        const char *expected = long_lines[i].expected;

        atc_line_init(&line);
        for (size_t n = 0; n < long_lines[i].len; n++) {
            const char byte = n < 2 ? long_lines[i].start[n] : 'x';

            assert_int_equal(atc_line_feed(&line, (uint8_t)byte), ATC_LINE_NOTHING);
        }
        event = atc_line_feed(&line, '\r');
        EXPECT((event == ATC_LINE_COMMAND) == (expected[0] == '{'), "%s", long_lines[i].name);
        EXPECT((event == ATC_LINE_LONG) == (expected[1] == 'l'), "%s", long_lines[i].name);
        if (event == ATC_LINE_COMMAND)
            assert_int_equal(atc_line_text(&line).len, long_lines[i].len);
        if (event != ATC_LINE_NOISE)
            atc_line_done(&line, false);
        assert_int_equal(line.state, ATC_LINE_IDLE);
        assert_int_equal(line.len, 0);
    }
}

/* The next line after one that was too long is good again, whatever ended it. */
static void test_behind_a_long_line(void **state)
{
    static struct atc_line line;
    struct report report = {"", 0};

    (void)state;
    atc_line_init(&line);
    type(&line, &report, TYPED("AT"));
    for (size_t i = 0; i < 2 * ATC_LINE_MAX; i++)
        type_byte(&line, &report, 'x');
    /* Backspaces do not make it a good line. */
    for (size_t i = 0; i < 3 * ATC_LINE_MAX / 2; i++)
        type_byte(&line, &report, 0x08);
    type(&line, &report, TYPED("AT\rAT+A\r"));
    assert_string_equal(report.text, "<long>{AT+A}");
}

static void test_many_backspaces(void **state)
{
    static struct atc_line line;
    struct report report = {"", 0};

    (void)state;
    atc_line_init(&line);
    for (size_t i = 0; i < 1000; i++)
        type_byte(&line, &report, i % 2 ? 0x08 : 0x7F);
    type(&line, &report, TYPED("AT+A\r"));
    assert_string_equal(report.text, "{AT+A}");
}

/* --- D-05: echo ------------------------------------------------------------------------------- */

static struct atc_line line_in(enum atc_line_state target, uint32_t want, bool raw)
{
    struct atc_line line;

    atc_line_init(&line);
    if (target == ATC_LINE_IDLE)
        return line;
    (void)atc_line_feed(&line, 'A');
    (void)atc_line_feed(&line, 'T');
    if (target == ATC_LINE_TYPING)
        return line;
    (void)atc_line_feed(&line, '\r');
    if (raw)
        atc_line_ask_raw(&line, want, PIECE);
    else
        atc_line_ask(&line, want, KEEP, true);
    if (target == ATC_LINE_BODY)
        (void)atc_line_feed(&line, 'x');
    assert_int_equal(line.state, target);
    return line;
}

static void test_echo(void **state)
{
    enum { OPEN = 0, COUNTED = 5 };
    static const struct {
        const char *name;
        enum atc_line_state in;
        uint32_t want;
        bool raw;
        uint8_t byte;
        bool echoed;
    } table[] = {
        {"a letter", ATC_LINE_IDLE, 0, false, 'A', true},
        {"a byte that is dropped", ATC_LINE_IDLE, 0, false, 0x80, true},
        {"a stray Ctrl+Z", ATC_LINE_IDLE, 0, false, ATC_CTRL_Z, true},
        {"a backspace", ATC_LINE_TYPING, 0, false, 0x08, true},
        {"a lone LF", ATC_LINE_IDLE, 0, false, '\n', false},
        {"an LF that ends a line", ATC_LINE_TYPING, 0, false, '\n', false},
        {"payload", ATC_LINE_BODY, ATC_BODY_OPEN, false, 'x', true},
        {"CR in a payload", ATC_LINE_BODY, ATC_BODY_OPEN, false, '\r', true},
        {"LF in a payload", ATC_LINE_BODY, ATC_BODY_OPEN, false, '\n', true},
        {"Ctrl+Z that ends one", ATC_LINE_BODY, ATC_BODY_OPEN, false, ATC_CTRL_Z, false},
        {"ESC that cancels one", ATC_LINE_PROMPT, ATC_BODY_OPEN, false, ATC_ESC, false},
        {"Ctrl+Z that is data", ATC_LINE_PROMPT, COUNTED, false, ATC_CTRL_Z, true},
        {"the LF of the line before", ATC_LINE_PROMPT, COUNTED, false, '\n', false},
        {"raw data", ATC_LINE_BODY, COUNTED, true, 'x', false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        const struct atc_line line = line_in(table[i].in, table[i].want, table[i].raw);

        EXPECT(atc_line_echoes(&line, table[i].byte, true) == table[i].echoed, "%s", table[i].name);
        EXPECT(atc_line_echoes(&line, table[i].byte, false) == table[i].echoed ||
                   table[i].byte == '\r',
               "%s", table[i].name);
    }
}

/* The CR of a line: as the dialect says; the CR of a payload: always. */
static void test_echo_of_cr(void **state)
{
    const struct atc_line typing = line_in(ATC_LINE_TYPING, 0, false);
    const struct atc_line body = line_in(ATC_LINE_BODY, ATC_BODY_OPEN, false);

    (void)state;
    assert_true(atc_line_echoes(&typing, '\r', true));
    assert_false(atc_line_echoes(&typing, '\r', false));
    assert_true(atc_line_echoes(&body, '\r', false));
}

/* The LF behind a line is dropped as the first byte of a payload only if a CR ended the line and the
 * TE ends lines so: else it is data, with an echo. */
static void test_echo_of_lf(void **state)
{
    static const struct {
        char end;
        bool drop_lf, echoed;
    } table[] = {{'\r', true, false}, {'\r', false, true}, {'\n', true, true}, {'\n', false, true}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        static struct atc_line line;

        line = line_in(ATC_LINE_TYPING, 0, false);
        assert_int_equal(atc_line_feed(&line, (uint8_t)table[i].end), ATC_LINE_COMMAND);
        atc_line_ask(&line, ATC_BODY_OPEN, KEEP, table[i].drop_lf);
        EXPECT(atc_line_echoes(&line, '\n', true) == table[i].echoed, "row %zu", i);
    }
}

/* --- what others ask -------------------------------------------------------------------------- */

/* +++ ends raw data, and nothing else. */
static void test_escape(void **state)
{
    static const struct {
        const char *typed;
        bool raw, ends;
    } table[] = {
        {"", true, false},    {"+", true, false},    {"++", true, false},  {"+++", true, true},
        {"a++", true, false}, {"+a+", true, false},  {"++a", true, false}, {"a+++", true, true},
        {"++++", true, true}, {"+++", false, false},
    };
    static struct atc_line line;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        line = line_in(ATC_LINE_PROMPT, 100, table[i].raw);
        line.keep = 10;
        for (const char *c = table[i].typed; *c != '\0'; c++)
            (void)atc_line_feed(&line, (uint8_t)*c);
        EXPECT(atc_line_ends_in_escape(&line) == table[i].ends, "\"%s\"", table[i].typed);
    }
    line = line_in(ATC_LINE_PROMPT, 3, true);
    for (unsigned i = 0; i < 3; i++)
        (void)atc_line_feed(&line, '+');
    assert_int_equal(line.state, ATC_LINE_BUSY); /* these were all */
    assert_false(atc_line_ends_in_escape(&line));
}

/* Whether a URC would fall into a line that is being typed. */
static void test_is_begun(void **state)
{
    static const struct {
        const char *typed;
        bool seek, begun;
    } table[] = {
        {"", false, false},      {"A", false, true},        {"X", false, true},
        {"AT+X", false, true},   {"A\x08", false, false},   {"ATX\x08", false, true},
        {"AT\x08", false, true}, {"HELLO\r", false, false}, {"AT\r", false, false},
        {"", true, false},       {"x", true, false},        {"A", true, true},
        {"xA", true, true},      {"xAT", true, true},       {"AT\x1A", true, false},
        {"xATE", true, true},    {"x\r", true, false},
    };
    static struct atc_line line;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        memset(&line, 'A', sizeof line);
        atc_line_init(&line);
        line.seek = table[i].seek;
        for (const char *c = table[i].typed; *c != '\0'; c++)
            (void)atc_line_feed(&line, (uint8_t)*c);
        EXPECT(atc_line_is_begun(&line) == table[i].begun, "\"%s\"", table[i].typed);
    }
    line = line_in(ATC_LINE_PROMPT, ATC_BODY_OPEN, false);
    assert_false(atc_line_is_begun(&line));
}

/* A line that was deleted whole is none; one that was deleted in part still is. */
static void test_deleted_line(void **state)
{
    static struct atc_line line;

    (void)state;
    line = line_in(ATC_LINE_TYPING, 0, false);
    (void)atc_line_feed(&line, 0x08);
    assert_int_equal(line.state, ATC_LINE_TYPING);
    (void)atc_line_feed(&line, 0x08);
    assert_int_equal(line.state, ATC_LINE_IDLE);
}

/* Bytes beyond those that are kept: whether all of them were hex digits. */
static void test_rest_hex(void **state)
{
    static const struct {
        const char *typed;
        bool hex;
    } table[] = {{"12345678", true},     {"12345678aF0", true},  {"xyz45678aF0", true},
                 {"12345678g12", false}, {"123456781g2", false}, {"1234567812g", false}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        static struct atc_line line;

        line = line_in(ATC_LINE_PROMPT, ATC_BODY_OPEN, false);
        for (const char *c = table[i].typed; *c != '\0'; c++)
            (void)atc_line_feed(&line, (uint8_t)*c);
        EXPECT(line.rest_hex == table[i].hex, "%s", table[i].typed);
    }
}

/* Whatever was going on: behind a reset the line is as new, but for the characters that ATS set. */
static void test_reset(void **state)
{
    static struct atc_line line;

    (void)state;
    memset(&line, 0x01, sizeof line);
    line.state = ATC_LINE_BODY;
    line.end = 0x1E;
    line.erase = '#';
    line.crlf = false;
    atc_line_reset(&line);
    assert_int_equal(line.state, ATC_LINE_IDLE);
    assert_int_equal(line.len + line.last, 0);
    assert_false(line.lost || line.after_cr || line.drop_lf || line.too_long || line.seek ||
                 line.raw);
    assert_true(line.crlf && line.repeats && line.lf_ends);
    assert_int_equal(line.end, 0x1E);
    assert_int_equal(line.erase, '#');
    atc_line_init(&line);
    assert_int_equal(line.end, '\r');
    assert_int_equal(line.erase, 0x08);
    assert_true(line.lf_ends && !line.repeats);
}

/* --- ending from this side -------------------------------------------------------------------- */

static void test_abandon(void **state)
{
    static struct atc_line line;
    struct report report = {"", 0};

    (void)state;
    line = line_in(ATC_LINE_BODY, ATC_BODY_OPEN, false);
    atc_line_abandon(&line);
    assert_int_equal(line.state, ATC_LINE_BUSY);
    atc_line_done(&line, true);
    type(&line, &report, TYPED("junk" Z "AT+A\r"));
    assert_string_equal(report.text, "{AT+A}");
}

/* A payload of no bytes: the line waits to be gone on with. */
static void test_payload_of_nothing(void **state)
{
    static struct atc_line line;

    (void)state;
    line = line_in(ATC_LINE_PROMPT, 0, false);
    atc_line_abandon(&line);
    assert_int_equal(atc_line_text(&line).len, 0);
    atc_line_done(&line, true);
    assert_false(line.after_cr); /* an LF is not the second half of anything */
}

/* A payload longer than a counter of 16 bits. */
static void test_endless_payload(void **state)
{
    static struct atc_line line;

    (void)state;
    line = line_in(ATC_LINE_PROMPT, ATC_BODY_OPEN, false);
    for (unsigned i = 0; i < 100000; i++)
        assert_int_equal(atc_line_feed(&line, 'x'), ATC_LINE_NOTHING);
    assert_int_equal(line.typed, 100000);
    line.typed = UINT32_MAX - 2; /* nor does one of 4 GiB end by itself */
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(atc_line_feed(&line, 'x'), ATC_LINE_NOTHING);
    assert_int_equal(atc_line_feed(&line, ATC_CTRL_Z), ATC_LINE_PAYLOAD);
    assert_int_equal(atc_line_text(&line).len, KEEP);
}

/* No more is kept than there is room for, however much is asked for. */
static void test_keep_more_than_a_line(void **state)
{
    static struct atc_line line;

    (void)state;
    line = line_in(ATC_LINE_TYPING, 0, false);
    assert_int_equal(atc_line_feed(&line, '\r'), ATC_LINE_COMMAND);
    atc_line_ask(&line, ATC_BODY_OPEN, ATC_LINE_MAX + 1, false);
    for (unsigned i = 0; i < ATC_LINE_MAX + 2; i++)
        assert_int_equal(atc_line_feed(&line, 'x'), ATC_LINE_NOTHING);
    assert_int_equal(line.typed, ATC_LINE_MAX + 2);
    assert_int_equal(atc_line_feed(&line, ATC_CTRL_Z), ATC_LINE_PAYLOAD);
    assert_int_equal(atc_line_text(&line).len, ATC_LINE_MAX);
}

/* What may be the content of a file that the module did not want, and what is a command. */
static void test_D_250_is_command(void **state)
{
    static const struct {
        const char *before; /* typed already */
        bool seek;          /* behind a payload */
        const char *next;
        bool command;
    } table[] = {
        {"", false, "AT+X\r", true},
        {"", false, "\n at+x", true},
        {"", false, "A", true},
        {"", false, "\r\n", true},
        {"", false, "key&AT+X\r", false},
        {"", false, "AB", false},
        {"", false, "A/", false},
        {"", false,
         "\xFF"
         "AT",
         true},
        {"A", false, "T", true},
        {"A", false, "\n", false},
        {"AT", false, "+X", true},
        {"AT+X", false, "key", true},
        {"k", false, "AT+X", false},
        {"k", false, "T", false},
        {"AX", false, "T+X", false},
        {"", false,
         "\x7F"
         "AT",
         true},
        {"kA", false, "T", false},
        {"", true, "AT+X", true},
        {"", true, "89\r", false},
        {"", true, "\x1A\r", true},
        {"8", true, "AT", true},
        {"8A", true, "T+X", true},
        {"89A", true, "T+X", true},
        {"89AT", true, "+X", true},
        {"8A", true, "9", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct atc_line line;

        atc_line_init(&line);
        line.seek = table[i].seek;
        for (const char *c = table[i].before; *c != '\0'; c++)
            (void)atc_line_feed(&line, (uint8_t)*c);
        EXPECT(atc_line_is_command(&line, atc_span_text(table[i].next)) == table[i].command,
               "\"%s\" behind \"%s\"", table[i].next, table[i].before);
    }
}

/* Any bytes: it never writes over its end (the sanitizer looks on) and always takes a line again. */
static void test_noise(void **state)
{
    struct rng rng = {5};

    (void)state;
    for (unsigned run = 0; run < 2000; run++) {
        static struct atc_line line;
        struct report report = {"", 0};

        atc_line_init(&line);
        for (unsigned i = 0; i < 200; i++) {
            const uint8_t byte = (uint8_t)rng_next(&rng);
            enum atc_line_event event;

            event = atc_line_feed(&line, byte);
            if (line.state == ATC_LINE_BUSY)
                atc_line_done(&line, rng_once_in(&rng, 2));
            assert_true(event != ATC_LINE_PAYLOAD && event != ATC_LINE_CANCEL);
        }
        type(&line, &report, TYPED("\r"));
        report.len = 0;
        type(&line, &report, TYPED("AT+GOOD\r"));
        assert_string_equal(report.text, "{AT+GOOD}");
    }
}

/* A line that asked for a payload of some kind. */
static void ask_for_payload(struct atc_line *line, struct rng *rng)
{
    line->state = ATC_LINE_BUSY;
    if (rng_once_in(rng, 3))
        atc_line_ask_raw(line, 1 + rng_below(rng, 12), PIECE);
    else
        atc_line_ask(line, rng_once_in(rng, 2) ? ATC_BODY_OPEN : 1 + rng_below(rng, 12), KEEP,
                     true);
}

/* What is taken at once leaves the line as it is when the same bytes are fed one by one, and all of it
 * is echoed. */
static void test_take(void **state)
{
    static const uint8_t often[] = "ATat+,/\b\r\n\x1a\x1b\x7f\x80 5";
    static struct atc_line one, other;
    struct rng rng = {6};
    unsigned long taken = 0;

    (void)state;
    for (unsigned run = 0; run < 20000; run++) {
        uint8_t bytes[24];
        size_t n;

        if (one.state <= ATC_LINE_TYPING || one.state == ATC_LINE_BUSY) {
            atc_line_init(&one);
            for (size_t i = rng_below(&rng, 4); i > 0; i--)
                (void)atc_line_feed(&one, (uint8_t) "+TA"[i - 1]);
        }
        one.repeats = rng_once_in(&rng, 2);
        one.erase = rng_once_in(&rng, 8) ? 't' : 0x08;
        if (rng_once_in(&rng, 20))
            one.len = one.state == ATC_LINE_TYPING ? ATC_LINE_MAX - 3 : one.len;
        one.end = rng_once_in(&rng, 8) ? 'a' : '\r';
        if (rng_once_in(&rng, 10))
            ask_for_payload(&one, &rng);
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = often[rng_below(&rng, sizeof often - 1)];
        other = one;
        n = atc_line_take(&one, atc_span(bytes, 1 + rng_below(&rng, sizeof bytes)));
        for (size_t i = 0; i < n; i++) {
            assert_true(atc_line_echoes(&other, bytes[i], false));
            assert_int_equal(atc_line_feed(&other, bytes[i]), ATC_LINE_NOTHING);
        }
        assert_memory_equal(&one, &other, sizeof one);
        taken += n;
        (void)atc_line_feed(&one, bytes[n % sizeof bytes]);
    }
    assert_true(taken > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_repeat_of_a_long_line),
        cmocka_unit_test(test_other_characters),
        cmocka_unit_test(test_lf_does_not_end),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_behind_a_long_line),
        cmocka_unit_test(test_many_backspaces),
        cmocka_unit_test(test_echo),
        cmocka_unit_test(test_echo_of_cr),
        cmocka_unit_test(test_echo_of_lf),
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_is_begun),
        cmocka_unit_test(test_deleted_line),
        cmocka_unit_test(test_rest_hex),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_abandon),
        cmocka_unit_test(test_payload_of_nothing),
        cmocka_unit_test(test_endless_payload),
        cmocka_unit_test(test_keep_more_than_a_line),
        cmocka_unit_test(test_D_250_is_command),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_take),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
