/* SPDX-License-Identifier: MIT
 *
 * Data entry in both dialects: payloads of every length that matters, what ends them, ESC at every
 * point, bytes that look like something else, and hosts that are slow (T01 to T13). Each ends in the
 * result the decisions name, in the datagram they name, and the next command works.
 */
#include "bench.h"
#include "check.h"
#include "seeds.h"

#define OK    "\r\nOK\r\n"
#define ERROR "\r\nERROR\r\n"

enum { BC95, BG96 };

static struct bench fresh[2], b;

static void prepare(void)
{
    bench_new(&fresh[BC95], &atc_dialect_bc95, 1);
    (void)bench_type(&fresh[BC95], "AT+CMEE=1\rAT+QCOAPCREATE=56830\r");
    bench_new(&fresh[BG96], &atc_dialect_bg96, 1);
    (void)bench_type(&fresh[BG96], "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
    (void)bench_said(&fresh[BC95]);
    (void)bench_said(&fresh[BG96]);
}

/* A NON POST; the line for a payload of announced bytes, -1: of any length. */
static void start_send(int dialect, long announced)
{
    char line[64] = "AT+QCOAPSEND=1,2,192.0.2.1,5683\r";

    b = fresh[dialect];
    if (dialect == BG96 && announced < 0)
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,1,2,0\r");
    else if (dialect == BG96)
        (void)snprintf(line, sizeof line, "AT+QCOAPSEND=0,1,2,0,%ld\r", announced);
    (void)bench_type(&b, line);
}

static void expect_prompt(int dialect)
{
    EXPECT(strcmp(bench_said(&b), dialect == BC95 ? "\r\n>" : "\r\n> ") == 0, "a prompt");
}

/* Where the payload of the message sent starts, its length. */
static const uint8_t *sent_payload(size_t *len)
{
    const struct bench_datagram *d = bench_sent(&b, 0);
    size_t at = 4;

    assert_non_null(d);
    at += d->data[0] & 15u;
    *len = d->len > at ? d->len - at - 1 : 0;
    assert_true(d->len == at || d->data[at] == 0xFF);
    return d->data + at + 1;
}

static void check_next(const char *name)
{
    (void)bench_said(&b);
    (void)bench_type(&b, "AT+CSQ\r");
    EXPECT(strstr(bench_said(&b), OK) != NULL, "%s: the next command", name);
}

static bool begins(const char *said, const char *text)
{
    return strncmp(said, text, strlen(text)) == 0;
}

/* --- lengths ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int dialect;
    long announced; /* -1: ended by Ctrl+Z */
    size_t typed;
    char first;       /* what is typed: this, then letters z; or only hex digits if it is one */
    long sent;        /* bytes of payload in the message, -1: none goes out */
    const char *said; /* first of all */
} lengths[] = {
    {"nothing", BC95, -1, 0, 'z', 0, OK},
    {"one byte", BC95, -1, 1, 'z', 1, OK},
    {"1,023 bytes", BC95, -1, 1023, 'z', 1023, OK},
    {"1,024 bytes", BC95, -1, 1024, 'z', 1024, OK},
    {"1,025 bytes: the rest is dropped", BC95, -1, 1025, 'z', 1024, OK},
    {"2,049 bytes", BC95, -1, 2049, 'z', 1024, OK},
    {"100,000 bytes", BC95, -1, 100000, 'z', 1024, OK},
    {"2 hex digits", BC95, -1, 2, 'a', 1, OK},
    {"3 hex digits are text", BC95, -1, 3, 'a', 3, OK},
    {"2,046 hex digits", BC95, -1, 2046, 'a', 1023, OK},
    {"2,048 hex digits", BC95, -1, 2048, 'a', 1024, OK},
    {"2,047 hex digits are text", BC95, -1, 2047, 'a', 1024, OK},
    {"2,050 hex digits: the rest is dropped", BC95, -1, 2050, 'a', 1024, OK},

    {"nothing", BG96, -1, 0, 'z', 0, OK},
    {"one byte", BG96, -1, 1, 'z', 1, OK},
    {"1,023 bytes", BG96, -1, 1023, 'z', 1023, OK},
    {"1,024 bytes", BG96, -1, 1024, 'z', 1024, OK},
    {"1,025 bytes", BG96, -1, 1025, 'z', -1, ERROR},
    {"100,000 bytes", BG96, -1, 100000, 'z', -1, ERROR},
    {"hex digits are bytes like others", BG96, -1, 2, 'a', 2, OK},
    {"0 announced", BG96, 0, 0, 'z', 0, OK},
    {"1 announced", BG96, 1, 1, 'z', 1, OK},
    {"1,024 announced", BG96, 1024, 1024, 'z', 1024, OK},
};

static void check_lengths(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        static char typed[100000];
        const unsigned sent_before = fresh[lengths[i].dialect].sent_count;
        size_t len = 0;

        memset(typed, lengths[i].first, sizeof typed);
        start_send(lengths[i].dialect, lengths[i].announced);
        if (lengths[i].announced != 0)
            expect_prompt(lengths[i].dialect);
        (void)bench_write(&b, typed, lengths[i].typed);
        (void)bench_type(&b, lengths[i].announced < 0 ? "\x1A" : "");
        EXPECT(strstr(b.te.text, lengths[i].said) != NULL, "%s: %s", lengths[i].name, b.te.text);
        EXPECT((b.sent_count > sent_before) == (lengths[i].sent >= 0), "%s", lengths[i].name);
        if (lengths[i].sent >= 0) {
            (void)sent_payload(&len);
            EXPECT(len == (size_t)lengths[i].sent, "%s: %zu bytes", lengths[i].name, len);
        }
        check_next(lengths[i].name);
    }
}

/* --- ESC -------------------------------------------------------------------------------------- */

static void check_escape(uint64_t seed)
{
    static const char text[] = "Hello, CoAP Message!";

    (void)seed;
    prepare();
    for (int dialect = BC95; dialect <= BG96; dialect++) {
        for (size_t at = 0; at <= sizeof text - 1; at++) {
            start_send(dialect, -1);
            expect_prompt(dialect);
            (void)bench_write(&b, text, at);
            EXPECT(b.te.len == 0, "%s", b.te.text);
            (void)bench_type(&b, "\x1B");
            EXPECT(strcmp(b.te.text, dialect == BC95 ? "\r\n+CME ERROR: 52\r\n" : ERROR) == 0,
                   "ESC behind %zu bytes: %s", at, b.te.text);
            EXPECT(b.sent_count == 0, "ESC behind %zu bytes", at);
            check_next("ESC");
        }
    }
}

/* With a length given everything is data, ESC and Ctrl+Z too, wherever they stand. */
static void check_counted_controls(uint64_t seed)
{
    (void)seed;
    prepare();
    for (size_t at = 0; at < 20; at++) {
        char typed[20];
        const uint8_t *payload;
        size_t len;

        memset(typed, 'x', sizeof typed);
        typed[at] = at % 2 ? '\x1A' : '\x1B';
        start_send(BG96, 20);
        expect_prompt(BG96);
        (void)bench_write(&b, typed, sizeof typed);
        EXPECT(begins(b.te.text, OK), "%s", b.te.text);
        payload = sent_payload(&len);
        EXPECT(len == 20 && memcmp(payload, typed, 20) == 0, "control byte at %zu", at);
        check_next("a control byte");
    }
}

/* --- bytes that look like something ------------------------------------------------------------ */

static const struct {
    const char *name, *typed;
    size_t len;
} contents[] = {
    {"CR, LF and CR LF", "a\rb\nc\r\nd", 8}, {"NUL", "a\0b", 3},
    {"backspace and DEL", "ab\x08\x7F", 4},  {"a command", "AT+CSQ\r", 7},
    {"a final result", "\r\nOK\r\n", 6},     {"high bytes", "\x80\xFF\xC3\xA4", 4},
    {"quotes and commas", "\",\",\"", 5},    {"+++", "+++", 3},
};

static void check_contents(uint64_t seed)
{
    (void)seed;
    prepare();
    for (int dialect = BC95; dialect <= BG96; dialect++) {
        for (size_t i = 0; i < COUNT_OF(contents); i++) {
            const uint8_t *payload;
            size_t len;

            start_send(dialect, dialect == BG96 && i % 2 ? (long)contents[i].len : -1);
            expect_prompt(dialect);
            (void)bench_write(&b, contents[i].typed, contents[i].len);
            (void)bench_type(&b, "\x1A");
            EXPECT(begins(b.te.text, OK), "%s: %s", contents[i].name, b.te.text);
            payload = sent_payload(&len);
            EXPECT(len == contents[i].len && memcmp(payload, contents[i].typed, len) == 0, "%s",
                   contents[i].name);
            check_next(contents[i].name);
        }
    }
}

/* --- what comes behind (D-03) ------------------------------------------------------------------ */

static void check_behind(uint64_t seed)
{
    static const char *const behind[] = {
        "", "\r", "\n", "\r\n", "\x1A", "\x1A\x1A\r\n", "\x1B", "rubbish\r\n", "rest of it",
    };

    (void)seed;
    prepare();
    for (int dialect = BC95; dialect <= BG96; dialect++) {
        for (size_t i = 0; i < COUNT_OF(behind); i++) {
            start_send(dialect, -1);
            (void)bench_type(&b, "xyz\x1A");
            (void)bench_said(&b);
            (void)bench_type(&b, behind[i]);
            EXPECT(b.te.len == 0, "%s: %s", behind[i], b.te.text);
            (void)bench_type(&b, "AT+CGATT?\r");
            EXPECT(strstr(bench_said(&b), OK) != NULL, "%s", behind[i]);
        }
    }
}

/* --- slow hosts ------------------------------------------------------------------------------- */

/* Nothing is typed for an hour: it still waits, holds its reports back, and then goes on. */
static void check_silence(uint64_t seed)
{
    (void)seed;
    prepare();
    for (int dialect = BC95; dialect <= BG96; dialect++) {
        b = fresh[dialect];
        (void)bench_type(&b, dialect == BC95 ? "AT+QCOAPADDRES=4,\"/t/d\"\r" : "");
        fresh[dialect] = b;
        (void)bench_said(&fresh[dialect]);
        start_send(dialect, -1);
        expect_prompt(dialect);
        bench_receive(&b, "50010f01b1740164");
        bench_run(&b, 3600000);
        EXPECT(b.te.len == 0, "%s", b.te.text);
        (void)bench_type(&b, "late\x1A");
        EXPECT(begins(b.te.text, OK) && strstr(b.te.text, dialect == BC95 ? "\"req\"" : "RECV"),
               "%s", b.te.text);
        check_next("silence");
    }
}

/* With prompt-timeout it gives up, counted from the last byte. */
static void check_prompt_timeout(uint64_t seed)
{
    (void)seed;
    for (int dialect = BC95; dialect <= BG96; dialect++) {
        bench_config(&b, dialect == BC95 ? &atc_dialect_bc95 : &atc_dialect_bg96, 1);
        b.cfg.settings.prompt_timeout_ms = 60000;
        bench_start(&b);
        (void)bench_type(&b, "AT+CMEE=1\rAT+QCOAPCREATE=56830\r"
                             "AT+QCOAPOPEN=0,\"192.0.2.1\",5683\r");
        fresh[dialect] = b;
        (void)bench_said(&fresh[dialect]);
        start_send(dialect, -1);
        expect_prompt(dialect);
        bench_run(&b, 59000);
        (void)bench_type(&b, "x");
        bench_run(&b, 59999);
        EXPECT(b.te.len == 0, "%s", b.te.text);
        bench_run(&b, 1);
        EXPECT(strcmp(b.te.text, dialect == BC95 ? "\r\n+CME ERROR: 52\r\n" : ERROR) == 0, "%s",
               b.te.text);
        check_next("a time-out");
    }
}

int main(int argc, char **argv)
{
    static const struct property properties[] = {
        {"payloads of every length", check_lengths, 1},
        {"ESC at every point", check_escape, 1},
        {"control bytes in a counted payload", check_counted_controls, 1},
        {"bytes that look like something", check_contents, 1},
        {"what comes behind a payload", check_behind, 1},
        {"an hour of silence", check_silence, 1},
        {"prompt-timeout", check_prompt_timeout, 1},
    };

    return run_properties(properties, COUNT_OF(properties), argc, argv);
}
