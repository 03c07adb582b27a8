/* SPDX-License-Identifier: MIT
 *
 * The lint of the host: every kind has its words, its rule and its transcript; what it does with the
 * bytes of a TE, fed by hand; what the report looks like. What makes each finding, and what does not,
 * is shown by test/transcript/lint.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "check.h"
#include "lint.h"

enum { FILE_MAX = 1 << 20, PATH_LEN_MAX = 512 };

/* A whole file as a string, for the caller to free; NULL if there is none. */
static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;

    if (file == NULL)
        return NULL;
    text = calloc(1, FILE_MAX);
    assert_non_null(text);
    assert_true(fread(text, 1, FILE_MAX - 1, file) < FILE_MAX - 1);
    (void)fclose(file);
    return text;
}

/* --- the table -------------------------------------------------------------------------------- */

static bool ends_in_stop(const char *text)
{
    const size_t len = strlen(text);

    return len > 10 && (text[len - 1] == '.' || strcmp(text + len - 3, "...") == 0);
}

static void test_every_kind_has_its_words(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < LINT_COUNT; kind++) {
        const struct lint_rule *rule = lint_rule(kind);
        const char *name = lint_name(kind);

        EXPECT(name != NULL && strlen(name) > 3 && strchr(name, ' ') == NULL, "%u", kind);
        EXPECT(lint_kind(name, strlen(name)) == kind, "%s is not unique", name);
        EXPECT(rule->source != NULL, "%s has no rule", name);
        EXPECT(rule->what != NULL && ends_in_stop(rule->what), "%s is not explained", name);
        EXPECT(rule->remedy != NULL && ends_in_stop(rule->remedy), "%s has no remedy", name);
    }
    assert_int_equal(lint_kind("nothing", 7), LINT_COUNT);
    assert_int_equal(lint_kind("quote", 5), LINT_COUNT);
}

/* A decision that is named stands in docs/deviations.md. */
static void check_source(const char *page, const char *name, const char *source)
{
    char heading[32];

    for (const char *at = source; *at != '\0'; at += strcspn(at, ",")) {
        at += strspn(at, ", ");
        if (strncmp(at, "D-", 2) != 0) {
            EXPECT(strncmp(at, "BC95 ", 5) == 0 || strncmp(at, "BG96 ", 5) == 0 ||
                       strncmp(at, "RFC ", 4) == 0,
                   "%s: %s", name, at);
            continue;
        }
        (void)snprintf(heading, sizeof heading, "\n### %.*s ", (int)strcspn(at, ","), at);
        EXPECT(strstr(page, heading) != NULL, "%s: there is no %s", name, at);
    }
}

static void test_every_rule_exists(void **state)
{
    char *page = read_text(DOCS_DIR "/deviations.md");

    (void)state;
    assert_non_null(page);
    for (unsigned kind = 0; kind < LINT_COUNT; kind++)
        check_source(page, lint_name(kind), lint_rule(kind)->source);
    free(page);
}

/* A line "lint <number> <name>" of a transcript's header. */
static bool expects(const char *text, const char *name)
{
    for (const char *at = text; (at = strstr(at, "\nlint ")) != NULL; at++) {
        const char *word = at + 6 + strspn(at + 6, "0123456789");

        if (word > at + 6 && *word == ' ' && strncmp(word + 1, name, strlen(name)) == 0 &&
            word[1 + strlen(name)] == '\n')
            return true;
    }
    return false;
}

static void test_every_kind_has_its_transcript(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < LINT_COUNT; kind++) {
        char path[PATH_LEN_MAX];
        char *text;

        (void)snprintf(path, sizeof path, TEST_DIR "/transcript/lint/%s.txt", lint_name(kind));
        text = read_text(path);
        EXPECT(text != NULL, "there is no %s", path);
        EXPECT(text == NULL || expects(text, lint_name(kind)), "%s does not show it", path);
        free(text);
    }
}

/* --- a TE, by hand ---------------------------------------------------------------------------- */

struct table {
    struct bench bench;
    struct lint lint;
    char found[4096]; /* "1 quotes; after 2 ..." */
};

static struct table table;

static void on_found(void *ctx, const struct lint_finding *finding)
{
    struct table *t = ctx;
    const size_t len = strlen(t->found);

    (void)snprintf(t->found + len, sizeof t->found - len, "%s%lu %s;",
                   finding->after ? "after " : "", (unsigned long)finding->line,
                   lint_name(finding->kind));
}

static void on_trace(void *ctx, const struct atc_trace *record)
{
    (void)ctx;
    lint_trace(&table.lint, record);
}

static bool on_random(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    memset(buf, 7, len);
    return true;
}

static void begin(const struct atc_dialect *dialect)
{
    struct atc_config cfg = {.dialect = dialect, .random = on_random, .trace = on_trace};

    memset(&table, 0, sizeof table);
    atc_settings_default(&cfg.settings);
    lint_start(&table.lint);
    table.lint.found = on_found;
    table.lint.ctx = &table;
    assert_int_equal(atc_init(&table.bench.m, &cfg, 0), 0);
}

/* Every order goes well. */
static void drain(void)
{
    struct atc_order order;
    size_t len;

    while (atc_order_next(&table.bench.m, &order)) {
        const struct atc_event done = {.kind = order.kind == ATC_ORDER_FILE ? ATC_EVENT_FILE_DONE
                                                                            : ATC_EVENT_DONE,
                                       .order = order.id,
                                       .session = order.session};

        atc_event(&table.bench.m, &done, 0);
    }
    while (atc_te_peek(&table.bench.m, &len), len > 0)
        atc_te_drop(&table.bench.m, len);
}

static size_t write_modem(void *ctx, const uint8_t *data, size_t len)
{
    const size_t n = atc_te_write(&table.bench.m, data, len, 0);

    (void)ctx;
    drain();
    return n;
}

/* Type text at once. */
static void type_bytes(const void *text, size_t len)
{
    assert_int_equal(lint_type(&table.lint, text, len, len, write_modem, NULL), len);
}

static void type(const char *text)
{
    type_bytes(text, strlen(text));
}

static const char *report(void)
{
    static char text[1 << 16];
    FILE *out = fmemopen(text, sizeof text, "w");

    assert_non_null(out);
    lint_write(&table.lint, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void test_nothing_to_say(void **state)
{
    (void)state;
    begin(&atc_dialect_bg96);
    assert_string_equal(report(), "no findings in 0 command lines\n");
    type("AT\r");
    assert_string_equal(report(), "no findings in 1 command line\n");
    assert_false(lint_tell(&table.lint));
}

static void test_report(void **state)
{
    (void)state;
    begin(&atc_dialect_bc95);
    type("AT\r");
    type("AT+NOSUCH\r");
    type("AT+QCOAPCFG=\"showra\",1\r");
    type("AT+NOSUCH2\r");
    type("hello\r");
    assert_string_equal(
        report(),
        "4 findings in 4 command lines\n"
        "\n"
        "line 2: AT+NOSUCH\n"
        "    unknown-command (D-11), 2 times; this is the first\n"
        "    The module has no such command, no such key of it, or not in this form (test, read, "
        "write,\n"
        "    execute).\n"
        "    Remedy: atcoap help commands lists what there is; AT+<name>=? asks the module.\n"
        "\n"
        "line 3: AT+QCOAPCFG=\"showra\",1\n"
        "    key-case (D-06)\n"
        "    A key in quotes is spelled with other capitals than in the note. This module accepts "
        "it;\n"
        "    whether the real one does is not written.\n"
        "    Remedy: Write the key as the note prints it, e.g. \"Showra\" or \"pdpcid\".\n"
        "\n"
        "after line 4: AT+NOSUCH2\n"
        "    line-without-at (D-02)\n"
        "    A line that does not begin with AT was ignored. Often it is a payload whose SEND was\n"
        "    refused, or the module's own output sent back to it. It is not shown, for it may be "
        "the\n"
        "    content of a file.\n"
        "    Remedy: Send a payload only after the prompt, and nothing else without AT.\n");
}

/* What is no command may be a key: it is nowhere in what the lint keeps. */
static void test_keeps_no_secret(void **state)
{
    static const char secret[] = "identity&313233343435";
    const unsigned char *at = (const unsigned char *)&table.lint;

    (void)state;
    begin(&atc_dialect_bg96);
    type("AT+QFUPL=\"0_server.psk\",21\r");
    type(secret);
    type("AT\r");
    type(secret);
    type("\r");
    for (size_t i = 0; i + 8 <= sizeof table.lint; i++)
        assert_true(memcmp(at + i, "identity", 8) != 0);
}

/* A line that is too long to show ends in "...", whatever its length. */
static void test_long_lines_are_cut(void **state)
{
    static const size_t lengths[] = {
        LINT_TEXT_MAX - 4, LINT_TEXT_MAX - 3, LINT_TEXT_MAX + 1, 2000, 2557, 4000};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        char line[4100] = "AT+";
        const size_t len = lengths[i] + 3;

        begin(&atc_dialect_bg96);
        memset(line + 3, 'X', lengths[i]);
        line[len] = '\r';
        type(line);
        assert_int_equal(table.lint.findings, 1);
        assert_int_equal(strlen(table.lint.first[table.lint.order[0]].text),
                         len <= LINT_TEXT_MAX ? len : LINT_TEXT_MAX + 3);
    }
}

/* In one write or in many makes no difference but for what is about that. */
static void test_chunks(void **state)
{
    static const char session[] = "\x01"
                                  "AT+CSQ\n  at+csq\rx\rAT+QCOAPCFG=\"PDPCID\",0\rAT+NO\r";
    static char whole[1 << 16];

    (void)state;
    begin(&atc_dialect_bg96);
    for (size_t i = 0; session[i] != '\0'; i++)
        type_bytes(session + i, 1);
    assert_string_equal(table.found, "after 0 bytes-before-at;1 line-feed-ends-line;"
                                     "after 1 bytes-before-at;after 2 line-without-at;3 key-case;"
                                     "4 unknown-command;");
    (void)snprintf(whole, sizeof whole, "%s", report());
    begin(&atc_dialect_bg96);
    type("\x01"
         "AT+CSQ\n");
    type("  at+csq\r");
    type("x\r");
    type("AT+QCOAPCFG=\"PDPCID\",0\r");
    type("AT+NO\r");
    assert_string_equal(report(), whole);
}

/* Whatever is typed: nothing breaks, and the report can be written. */
static void test_any_bytes(void **state)
{
    static const char *const pieces[] = {"AT",
                                         "+QCOAPOPEN=0,\"192.0.2.1\",5683",
                                         "+QCOAPSEND=0,1,2,255",
                                         "+QFUPL=\"a\",9",
                                         "\r",
                                         "\n",
                                         "\r\n",
                                         "\x1a",
                                         "\x1b",
                                         "\x08",
                                         ";",
                                         "A/",
                                         "?",
                                         "=",
                                         "\"",
                                         "a/b",
                                         "+NRB",
                                         "+QCOAPCLOSE=0",
                                         "+QCOAPOPTION=0,0,0,11,\"a/b\"",
                                         "\xff"};
    uint32_t dice = 1;

    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        begin(round % 2u == 0 ? &atc_dialect_bg96 : &atc_dialect_bc95);
        for (unsigned i = 0; i < 500; i++) {
            const char *piece;

            dice = dice * 1664525u + 1013904223u;
            piece = pieces[(dice >> 16) % COUNT_OF(pieces)];
            (void)lint_type(&table.lint, (const uint8_t *)piece, strlen(piece), strlen(piece),
                            write_modem, NULL);
            assert_true(table.lint.kinds <= LINT_COUNT);
            assert_true(strlen(table.lint.line) <= LINT_TEXT_MAX + 3);
        }
        assert_true(strlen(report()) > 20);
    }
    /* What comes first is told without a line. */
    begin(&atc_dialect_bg96);
    type("\x01"
         "AT\r");
    assert_non_null(strstr(report(), "\nbefore the first line\n    bytes-before-at (D-02)\n"));
}

/* A finding counts once for each line. */
static void test_once_for_each_line(void **state)
{
    (void)state;
    begin(&atc_dialect_bg96);
    type("AT+QCOAPCFG=\"PDPCID\",0;+QCOAPCFG=\"TRANS\",0\r");
    type("AT+QCOAPCFG=\"PDPCID\",0\r");
    assert_string_equal(table.found, "1 key-case;2 key-case;");
    assert_int_equal(table.lint.findings, 2);
}

/* A module that is switched on anew goes on with the lines; what was half typed is gone. */
static void test_restart(void **state)
{
    struct atc_config cfg = {.dialect = &atc_dialect_bg96, .random = on_random, .trace = on_trace};

    (void)state;
    atc_settings_default(&cfg.settings);
    begin(&atc_dialect_bg96);
    type("AT+NO\r");
    type("AT+XYZ");
    lint_restart(&table.lint);
    assert_int_equal(atc_init(&table.bench.m, &cfg, 0), 0);
    type("AT+NO\r");
    assert_string_equal(table.found, "1 unknown-command;2 unknown-command;");
    assert_string_equal(table.lint.line, "AT+NO");
}

/* Requests: more than are kept, and those of a client that closed, do no harm. */
static void test_many_requests(void **state)
{
    struct atc_trace record = {.kind = ATC_TRACE_REQUEST};

    (void)state;
    begin(&atc_dialect_bg96);
    for (unsigned i = 0; i < 3 * LINT_REQUEST_MAX; i++) {
        record.mid = (uint16_t)i;
        record.session = (uint8_t)(i % 2u);
        lint_trace(&table.lint, &record);
    }
    assert_int_equal(table.lint.request_count, LINT_REQUEST_MAX);
    lint_tick(&table.lint, LINT_ANSWER_MS - 1);
    assert_int_equal(table.lint.findings, 0);
    lint_tick(&table.lint, LINT_ANSWER_MS);
    assert_int_equal(table.lint.findings, LINT_REQUEST_MAX);
    lint_tick(&table.lint, 10 * LINT_ANSWER_MS);
    assert_int_equal(table.lint.findings, LINT_REQUEST_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_has_its_words),
        cmocka_unit_test(test_every_rule_exists),
        cmocka_unit_test(test_every_kind_has_its_transcript),
        cmocka_unit_test(test_nothing_to_say),
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_keeps_no_secret),
        cmocka_unit_test(test_long_lines_are_cut),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_once_for_each_line),
        cmocka_unit_test(test_restart),
        cmocka_unit_test(test_many_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
