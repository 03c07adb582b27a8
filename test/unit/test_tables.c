/* SPDX-License-Identifier: MIT
 *
 * The tables of both dialects: what every row must have, that what a test command prints agrees with
 * the bounds that are checked, and every line that a host types in the two notes, played on a modem.
 * A line that is not accepted stands here with the number of its slip (D-46, D-60).
 */
#include <stdlib.h>

#include "bench.h"
#include "check.h"
#include "engine.h"
#include "option.h"

static const struct atc_dialect *const dialects[] = {&atc_dialect_bc95, &atc_dialect_bg96};

/* Show every row of both dialects to a check. */
static void for_each_row(void (*check)(const struct atc_dialect *d, const struct atc_command *row))
{
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        const struct atc_command *row;

        for (size_t k = 0; (row = atc_dialect_row(dialects[i], k)) != NULL; k++)
            check(dialects[i], row);
    }
}

/* --- rows ------------------------------------------------------------------------------------- */

static void check_row(const struct atc_dialect *d, const struct atc_command *row)
{
    EXPECT(row->source != NULL && strlen(row->source) > 3, "%s %s", d->name, row->name);
    EXPECT(row->handler != NULL && row->forms != 0, "%s %s", d->name, row->name);
    EXPECT(row->reply_max_ms > 0, "%s %s", d->name, row->name);
    EXPECT((row->body == ATC_BODY_NONE) == (row->payload == NULL), "%s %s", d->name, row->name);
    EXPECT((row->param_count == 0) == (row->params == NULL), "%s %s", d->name, row->name);
    EXPECT(row->repeat_from < row->param_count || row->param_count == 0, "%s %s", d->name,
           row->name);
    EXPECT(row->param_count <= ATC_ARG_MAX, "%s %s", d->name, row->name);
    for (const char *c = row->name; *c != '\0'; c++)
        EXPECT((*c >= 'A' && *c <= 'Z') || (*c == '&' && c == row->name) ||
                   (*c >= '0' && *c <= '9' && c > row->name),
               "%s %s", d->name, row->name);
}

static void test_rows_are_complete(void **state)
{
    (void)state;
    for_each_row(check_row);
}

static void check_params(const struct atc_dialect *d, const struct atc_command *row)
{
    for (unsigned i = 0; i < row->param_count; i++) {
        const struct atc_param *p = &row->params[i];

        EXPECT(p->name != NULL && p->name[0] != '\0', "%s %s %u", d->name, row->name, i);
        EXPECT(p->min <= p->max, "%s %s %s", d->name, row->name, p->name);
        EXPECT((p->kind == ATC_KIND_KEY) == (i == 0 && row->key != NULL), "%s %s %s", d->name,
               row->name, p->name);
    }
}

static void test_params_are_complete(void **state)
{
    (void)state;
    for_each_row(check_params);
}

/* An error before the row is known reads as those of the name's first row. */
static void check_namesakes(const struct atc_dialect *d, const struct atc_command *row)
{
    for (size_t i = 0; atc_dialect_row(d, i) != NULL; i++) {
        const struct atc_command *other = atc_dialect_row(d, i);

        if (strcmp(row->name, other->name) != 0 || row == other)
            continue;
        EXPECT(row->errors == other->errors && row->body == other->body && row->base == other->base,
               "%s %s", d->name, row->name);
        EXPECT(row->key != NULL && other->key != NULL && strcmp(row->key, other->key) != 0,
               "%s %s twice", d->name, row->name);
    }
}

static void test_rows_of_one_name_agree(void **state)
{
    (void)state;
    for_each_row(check_namesakes);
}

/* A field of a test reply: (0-5), (0,1), <1-65535>; behind the brackets of what is optional. Returns
 * the smallest and the largest number in it, or that it names none. */
static bool read_range(const char *field, size_t len, unsigned long *low, unsigned long *high)
{
    bool any = false;

    if (len == 0 || (field[0] != '(' && !(field[0] == '<' && field[1] >= '0' && field[1] <= '9')))
        return false;
    for (size_t i = 1; i < len;) {
        char *end;
        unsigned long number;

        if (field[i] < '0' || field[i] > '9' || field[i - 1] == 'X') {
            i++;
            continue;
        }
        number = strtoul(field + i, &end, 10);
        if (!any)
            *low = number;
        *high = number;
        any = true;
        i = (size_t)(end - field);
    }
    return any;
}

/* The next field of a test reply, at commas outside of parentheses and angle brackets. */
static const char *next_field(const char **rest, size_t *len)
{
    const char *start = *rest;
    int depth = 0;

    while (*start == '[' || *start == ',')
        start++;
    for (*len = 0; start[*len] != '\0'; (*len)++) {
        const char c = start[*len];

        depth += (c == '(' || c == '<') - (c == ')' || c == '>');
        if (depth == 0 && (c == ',' || c == '[' || c == ']'))
            break;
    }
    *rest = start + *len;
    return *len > 0 ? start : NULL;
}

static void check_test_reply(const struct atc_dialect *d, const struct atc_command *row)
{
    const char *rest = row->test_reply;
    const char *field;
    size_t len;

    if (rest == NULL)
        return;
    for (unsigned i = 0; i < row->param_count && (field = next_field(&rest, &len)) != NULL; i++) {
        const struct atc_param *p = &row->params[i];
        unsigned long low, high;

        if (p->kind != ATC_KIND_INTEGER || !read_range(field, len, &low, &high))
            continue;
        EXPECT(low == p->min, "%s %s %s: %lu and %u", d->name, row->name, p->name, low, p->min);
        if (memchr(field, '<', len) == NULL || field[0] == '<')
            EXPECT(high == p->max, "%s %s %s: %lu and %u", d->name, row->name, p->name, high,
                   p->max);
    }
}

static void test_ranges_in_test_replies(void **state)
{
    (void)state;
    for_each_row(check_test_reply);
}

static void expect_field(const char **rest, const char *text)
{
    size_t len;
    const char *field = next_field(rest, &len);

    assert_int_equal(len, strlen(text));
    assert_memory_equal(field, text, len);
}

/* The reader of test replies itself. */
/* Room for a line of a reply is ATC_REPLY_MAX, whatever ATC_OUT_SIZE is. */
static void test_replies_fit(void **state)
{
    static struct bench b;
    const struct atc_command *row;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        for (size_t k = 0; (row = atc_dialect_row(dialects[i], k)) != NULL; k++) {
            char line[80];

            if (row->test_reply == NULL)
                continue;
            EXPECT(strlen(row->name) + strlen(row->test_reply) + 9 <= ATC_REPLY_MAX, "AT+%s=?",
                   row->name);
            (void)snprintf(line, sizeof line, "AT+%s=?;+%s=?\r", row->name, row->name);
            bench_new(&b, dialects[i], 1);
            (void)bench_type(&b, line);
            bench_run(&b, 1000);
            EXPECT(b.finals == 1 && b.silent == 0, "AT+%s=?", row->name);
        }
    }
}

static void test_reading_ranges(void **state)
{
    unsigned long low = 0, high = 0;
    const char *rest = "\"k\",(0-5),<x>[,(2-60)[,(4,8)]]";

    (void)state;
    expect_field(&rest, "\"k\"");
    expect_field(&rest, "(0-5)");
    expect_field(&rest, "<x>");
    expect_field(&rest, "(2-60)");
    expect_field(&rest, "(4,8)");
    assert_true(read_range("(0-2,4)", 7, &low, &high));
    assert_true(low == 0 && high == 4);
    assert_true(read_range("<1-65535>", 9, &low, &high));
    assert_true(low == 1 && high == 65535);
    assert_false(read_range("<token>", 7, &low, &high));
    assert_false(read_range("\"dtls\"", 6, &low, &high));
}

/* --- what the notes say ----------------------------------------------------------------------- */

/* Every parameter of the CoAP commands, copied from the notes: BC95 2.1 to 2.8, BG96 3.3.1 to 3.3.6.
 * What has no numbers there is bounded by its encoding: an option number has two bytes. */
static const struct range {
    const struct atc_dialect *dialect;
    const char *command, *param;
    uint32_t min, max;
} note_ranges[] = {
    {&atc_dialect_bc95, "QCOAPCREATE", "local_port", 1, 65535},
    {&atc_dialect_bc95, "QCOAPADDRES", "length", 1, 50},
    {&atc_dialect_bc95, "QCOAPADDRES", "resource", 1, 50},
    {&atc_dialect_bc95, "QCOAPHEAD", "mode", 1, 5},
    {&atc_dialect_bc95, "QCOAPHEAD", "msgid", 0, 65535},
    {&atc_dialect_bc95, "QCOAPHEAD", "tkl", 1, 8},
    {&atc_dialect_bc95, "QCOAPHEAD", "token", 1, 8},
    {&atc_dialect_bc95, "QCOAPOPTION", "opt_count", 1, 12},
    {&atc_dialect_bc95, "QCOAPOPTION", "opt_name", 0, 65535},
    {&atc_dialect_bc95, "QCOAPOPTION", "opt_value", 0, 180},
    {&atc_dialect_bc95, "QCOAPSEND", "type", 0, 3},
    {&atc_dialect_bc95, "QCOAPSEND", "method/rspcode", 0, 505},
    {&atc_dialect_bc95, "QCOAPSEND", "ip_addr", 1, 255},
    {&atc_dialect_bc95, "QCOAPSEND", "port", 1, 65535},
    {&atc_dialect_bc95, "QCOAPCFG", "Showra", 0, 1},
    {&atc_dialect_bc95, "QCOAPCFG", "Showrspopt", 0, 1},
    {&atc_dialect_bg96, NULL, "clientID", 0, 5},
    {&atc_dialect_bg96, "QCOAPCFG", "PDP_cid", 1, 16},
    {&atc_dialect_bg96, "QCOAPCFG", "DTLS_enable", 0, 1},
    {&atc_dialect_bg96, "QCOAPCFG", "DTLS_contextID", 0, 5},
    {&atc_dialect_bg96, "QCOAPCFG", "timeout", 2, 60},
    {&atc_dialect_bg96, "QCOAPCFG", "retry_count", 4, 8},
    {&atc_dialect_bg96, "QCOAPOPEN", "CoAP_server", 1, 255},
    {&atc_dialect_bg96, "QCOAPOPEN", "port", 1, 65535},
    {&atc_dialect_bg96, "QCOAPHEADER", "msgID", 0, 65535},
    {&atc_dialect_bg96, "QCOAPHEADER", "mode", 0, 1},
    {&atc_dialect_bg96, "QCOAPHEADER", "TKL", 0, 8},
    {&atc_dialect_bg96, "QCOAPHEADER", "token", 0, 8},
    {&atc_dialect_bg96, "QCOAPOPTION", "mode", 0, 1},
    {&atc_dialect_bg96, "QCOAPOPTION", "opt_index", 0, 7},
    {&atc_dialect_bg96, "QCOAPOPTION", "opt_number", 0, 65535},
    {&atc_dialect_bg96, "QCOAPOPTION", "opt_value", 0, 1034},
    {&atc_dialect_bg96, "QCOAPSEND", "type", 0, 3},
    {&atc_dialect_bg96, "QCOAPSEND", "code_value", 0, 165},
    {&atc_dialect_bg96, "QCOAPSEND", "opt_bitmask", 0, 255},
    {&atc_dialect_bg96, "QCOAPSEND", "payload_length", 0, 1024},
};

static const struct range *range_of(const struct atc_dialect *d, const struct atc_command *row,
                                    const struct atc_param *param)
{
    for (size_t i = 0; i < COUNT_OF(note_ranges); i++) {
        const struct range *r = &note_ranges[i];

        if (r->dialect == d && strcmp(r->param, param->name) == 0 &&
            (r->command == NULL || strcmp(r->command, row->name) == 0))
            return r;
    }
    return NULL;
}

static void check_note_ranges(const struct atc_dialect *d, const struct atc_command *row)
{
    if (strncmp(row->name, "QCOAP", 5) != 0)
        return;
    for (unsigned i = 0; i < row->param_count; i++) {
        const struct atc_param *param = &row->params[i];
        const struct range *range = range_of(d, row, param);

        if (param->kind == ATC_KIND_KEY)
            continue;
        EXPECT(range != NULL, "%s AT+%s <%s> has no range here", d->name, row->name, param->name);
        EXPECT(param->min == range->min && param->max == range->max,
               "%s AT+%s <%s> is %u-%u, not %u-%u", d->name, row->name, param->name, param->min,
               param->max, range->min, range->max);
    }
}

static void test_ranges_of_notes(void **state)
{
    (void)state;
    for_each_row(check_note_ranges);
}

/* --- the other tables ------------------------------------------------------------------------- */

static void test_urcs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        for (unsigned kind = 0; kind < ATC_URC_COUNT; kind++) {
            const struct atc_urc *urc = &dialects[i]->urcs[kind];

            if (urc->head == NULL)
                continue;
            EXPECT(urc->source != NULL && strlen(urc->source) > 3, "%s", urc->head);
            EXPECT(urc->head[0] == '+' && urc->field_count > 0, "%s", urc->head);
        }
    }
}

/* Table 4 of the BG96 note: each result number that a cause leads to. */
static void test_bg96_results(void **state)
{
    static const struct {
        enum atc_cause cause;
        int result;
    } cases[] = {
        {ATC_OK, 0},
        {ATC_CAUSE_PARAMETER, -1},
        {ATC_CAUSE_IN_PROGRESS, -2},
        {ATC_CAUSE_NOT_ALLOWED, -3},
        {ATC_CAUSE_NO_NETWORK, -4},
        {ATC_CAUSE_NAME, -5},
        {ATC_CAUSE_PDP, -6},
        {ATC_CAUSE_SOCKET, -7},
        {ATC_CAUSE_MEMORY, -8},
        {ATC_CAUSE_DTLS, -9},
        {ATC_CAUSE_OCCUPIED, -10},
        {ATC_CAUSE_SEND, -11},
        {ATC_CAUSE_RESET, -3},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        EXPECT(atc_dialect_bg96.results[cases[i].cause].result == cases[i].result, "%s",
               atc_cause_name(cases[i].cause));
}

/* D-20. */
static void test_bc95_results(void **state)
{
    static const struct {
        enum atc_cause cause;
        int cme;
    } cases[] = {
        {ATC_OK, 0},
        {ATC_CAUSE_UNKNOWN, 0},
        {ATC_CAUSE_PARAMETER, 50},
        {ATC_CAUSE_NOT_ALLOWED, 3},
        {ATC_CAUSE_MEMORY, 23},
        {ATC_CAUSE_NO_NETWORK, 30},
        {ATC_CAUSE_ABORTED, 52},
        {ATC_CAUSE_BUSY, 159},
    };
    static const int listed[] = {0,   3,   4,   23,  30,  50,  51,  52,  159, 300, 301,
                                 302, 303, 304, 305, 310, 311, 312, 313, 314, 315, 316,
                                 317, 318, 320, 321, 322, 330, 331, 332, 340, 500};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        EXPECT(atc_dialect_bc95.results[cases[i].cause].cme == cases[i].cme, "%s",
               atc_cause_name(cases[i].cause));
    for (unsigned cause = 0; cause < ATC_CAUSE_COUNT; cause++) {
        bool found = false;

        for (size_t i = 0; i < COUNT_OF(listed); i++)
            found = found || listed[i] == atc_dialect_bc95.results[cause].cme;
        EXPECT(found, "%s", atc_cause_name(cause));
    }
}

/* Every option a note lists is one the option table knows; in ascending order, as it prints them. */
static void test_listed_options(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        const struct atc_dialect *d = dialects[i];

        for (unsigned k = 0; k < d->option_count; k++) {
            EXPECT(atc_option_row(d->options[k]) != NULL, "%s option %u", d->name, d->options[k]);
            EXPECT(k == 0 || d->options[k] > d->options[k - 1], "%s option %u", d->name,
                   d->options[k]);
        }
    }
    assert_int_equal(atc_dialect_bc95.option_count, 19);
    assert_int_equal(atc_dialect_bg96.option_count, 16);
}

static void test_traits(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        const struct atc_dialect *d = dialects[i];

        assert_true(d->session_count >= 1 && d->session_count <= ATC_SESSION_MAX);
        assert_true(d->token_len <= ATC_TOKEN_MAX);
        assert_true(d->ack_timeout_ms >= 1000);
        assert_non_null(d->boot);
        assert_non_null(d->ready);
        assert_true(d->report_count <= ATC_REPORT_MAX);
    }
}

/* --- every line of the notes ------------------------------------------------------------------ */

enum outcome { OK, PROMPT, CONNECT, ERROR };

struct line {
    const char *typed;
    enum outcome outcome;
    const char *slip; /* the decision about a line that is not accepted */
};

enum { LINES_MAX = 40 };

/* The lines of one place of a note, typed into one modem in that order. */
struct chapter {
    const char *name;
    const struct atc_dialect *dialect;
    const char *before; /* typed first, what the place takes for granted */
    struct line lines[LINES_MAX];
};

/* clang-format off */
static const struct chapter chapters[] = {
    {"BC95 2.1", &atc_dialect_bc95, "", {
        {"AT+QCOAPCRETAE=?", ERROR, "D-46"},
        {"AT+QCOAPCREATE=?", OK, NULL},
        {"AT+QCOAPCREATE=56830", OK, NULL},
    }},
    {"BC95 2.2", &atc_dialect_bc95, "", {
        {"AT+QCOAPCREATE=56830", OK, NULL},
        {"AT+QCOAPDEL", OK, NULL},
    }},
    {"BC95 2.3", &atc_dialect_bc95, "AT+QCOAPCREATE=56830\r", {
        {"AT+QCOAPADDRES=?", OK, NULL},
        {"AT+QCOAPADDRES=4,\"/t/d\"", OK, NULL},
    }},
    {"BC95 2.4", &atc_dialect_bc95, "AT+QCOAPCREATE=56830\r", {
        {"AT+QCOAPHEAD=?", OK, NULL},
        {"AT+QCOAPHEAD=1", OK, NULL},
        {"AT+QCOAPHEAD=2,8,0102030405060708", OK, NULL},
        {"AT+QCOAPHEAD=2,,8,0102030405060708", OK, NULL},
        {"AT+QCOAPHEAD=3,13940", OK, NULL},
        {"AT+QCOAPHEAD=4,13940", OK, NULL},
        {"AT+QCOAPHEAD=5,13940,4,02040608", OK, NULL},
    }},
    {"BC95 2.5", &atc_dialect_bc95, "AT+QCOAPCREATE=56830\r", {
        {"AT+QCOAPOPTION=?", OK, NULL},
        {"AT+QCOAPOPTION=1,11,\"rd\"", OK, NULL},
        {"AT+QCOAPOPTION=2,11,\"rd\",15,\"ep=86370303\"", OK, NULL},
        {"AT+QCOAPOPTION=2,11,\".well-know\",11,\"core\"", OK, NULL},
    }},
    {"BC95 2.6", &atc_dialect_bc95, "AT+QCOAPCREATE=56830\r", {
        {"AT+QCOAPSEND=?", OK, NULL},
        {"AT+QCOAPSEND=1,1,139.196.41.136,5683", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPSEND=0,2,139.196.41.136,5683", PROMPT, NULL},
        {"0102\x1A", OK, NULL},
    }},
    {"BC95 2.7", &atc_dialect_bc95, "AT+QCOAPCREATE=56830\r", {
        {"AT+QCOAPSEND=0,1,139.196.41.136,5683", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPDATASTATUS?", OK, NULL},
    }},
    {"BC95 2.8", &atc_dialect_bc95, "", {
        {"AT+QCOAPCFG=?", OK, NULL},
        {"AT+QCOAPCFG?", OK, NULL},
        {"AT+QCOAPCFG=\"Showra\",1", OK, NULL},
        {"AT+QCOAPCFG=\"Showra\"", OK, NULL},
        {"AT+QCOAPCFG=\"Showrspopt\",1", OK, NULL},
        {"AT+QCOAPCFG=\"Showrspopt\"", OK, NULL},
    }},
    {"BC95 5.1", &atc_dialect_bc95, "", {
        {"AT+CGATT?", OK, NULL},
        {"AT+QCOAPCREATE=56830", OK, NULL},
        {"AT+QCOAPSEND=0,1,5.39.83.206,5683", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPDATASTATUS?", OK, NULL},
        {"AT+QCOAPHEAD=3,5566", OK, NULL},
        {"AT+QCOAPSEND=0,1,139.196.187.107,5683", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPOPTION=1,11,\"rd\"", OK, NULL},
        {"AT+QCOAPSEND=0,1,139.196.187.107,5683", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPHEAD=5,6677,4,30323436", OK, NULL},
        {"AT+QCOAPOPTION=1,11,\"hello\"", OK, NULL},
        {"AT+QCOAPSEND=0,1,139.196.187.107,5683", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPCFG=\"Showra\",1", OK, NULL},
        {"AT+QCOAPADDRES=4,\"/t/d\"", OK, NULL},
        {"AT+QCOAPOPTION=3,11,\"t\",11,\"r\",15,\"ep=863703030822519\"", OK, NULL},
        {"AT+QCOAPSEND=0,2, 139.196.187.107,5683", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPHEAD=5,50670,8,1A84BFE989C01C08", OK, NULL},
        {"AT+QCOAPSEND=1,205,139.196.187.107,5683", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPDEL", OK, NULL},
    }},
    {"BC95 5.2", &atc_dialect_bc95, "", {
        {"AT+QCOAPCREATE=56830", OK, NULL},
        {"AT+QCOAPHEAD=1", OK, NULL},
        {"AT+QCOAPOPTION=6,11,\"rd\",12,\"42\",15,\"lwm2m=1.0\",15,\"ep=867725030002525;460041850403693\",15,\"b=U\",15,\"lt=86400\"", OK, NULL},
        {"AT+QCOAPADDRES=6,\"/4/0/2\"", OK, NULL},
        {"AT+QCOAPADDRES=6,\"/4/0/3\"", OK, NULL},
        {"AT+QCOAPADDRES=6,\"/4/0/8\"", OK, NULL},
        {"AT+QCOAPADDRES=6,\"/3/0/9\"", OK, NULL},
        {"AT+QCOAPADDRES=6,\"/3/0/7\"", OK, NULL},
        {"AT+QCOAPADDRES=7,\"/19/0/0\"", OK, NULL},
        {"AT+QCOAPADDRES=7,\"/19/1/0\"", OK, NULL},
        {"AT+QCOAPSEND=0,2,180.101.147.115,5683", PROMPT, NULL},
        {"3c2f3e3b72743d226f6d612e6c776d326d222c3c2f312f303e2c3c2f332f303e2c3c2f342f303e2c3c2f352f303e2c3c2f32302f303e2c3c2f31392f303e\x1A", OK, NULL},
        {"AT+QCOAPHEAD=5,62084,8,1A98EB114F501C07", OK, NULL},
        {"AT+QCOAPSEND=2,205,180.101.147.115, 5683", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPDEL", OK, NULL},
    }},
    {"BC95 5.3", &atc_dialect_bc95, "", {
        {"AT+QCOAPCREATE=56830", OK, NULL},
        {"AT+QCOAPCFG=\"Showrspopt\",1", OK, NULL},
        {"AT+QCOAPOPTION=5,11,\"rd\",12,\"40\",15,\"ep=I@#@G7pjZBAQUoVav0yXQcQ6v4Ad1nFGXcKhnTWYJt3AE0TpZSj3xDrYMOm6NmohixF@#@M100000089\",15,\"b=U\",15,\"lt=2700\"", OK, NULL},
        {"AT+QCOAPSEND=0,2,220.180.239.212,8063", PROMPT, NULL},
        {"3c2f3e3b72743d226f6d612e6c776d326d222c3c2f30\x1A", OK, NULL},
        {"AT+QCOAPDATASTATUS?", OK, NULL},
        {"AT+QCOAPCFG=\"Showra\",1", OK, NULL},
        {"AT+QCOAPOPTION=5,11,\"rd\",12,\"40\",15,\"ep=l@#@G7pjZBAQUoVav0yXQcQ6v4Ad1nFGXcKhnTWYJt3AE0TpZSj3xDrYMOm6NmohixF@#@M100000089\",15,\"b=U\",15,\"lt=2700\"", OK, NULL},
        {"AT+QCOAPSEND=0,2,220.180.239.212,8063", PROMPT, NULL},
        {"3c2f3e3b72743d226f6d612e6c776d326d222c3c2f30\x1A", OK, NULL},
        {"AT+QCOAPCFG=\"Showrspopt\",0", OK, NULL},
        {"AT+QCOAPCFG=\"Showra\",0", OK, NULL},
        {"AT+QCOAPOPTION=2,11,\"hello\",15,\"name=aaaa\"", OK, NULL},
        {"AT+QCOAPSEND=0,1,220.180.239.212,8098", PROMPT, NULL},
        {"\x1A", OK, NULL},
        {"AT+QCOAPDEL", OK, NULL},
    }},

    {"BG96 3.3.1", &atc_dialect_bg96, "", {
        {"AT+QCOAPCFG=?", OK, NULL},
        {"AT+QCOAPCFG=\"pdpcid\",0", OK, NULL},
        {"AT+QCOAPCFG=\"dtls\",0", OK, NULL},
        {"AT+QCOAPCFG=\"trans\",0", OK, NULL},
    }},
    {"BG96 3.3.2 to 3.3.6", &atc_dialect_bg96, "", {
        {"AT+QCOAPOPEN=?", OK, NULL},
        {"AT+QCOAPOPEN?", OK, NULL},
        {"AT+QCOAPCLOSE=?", OK, NULL},
        {"AT+QCOAPHEADER=?", OK, NULL},
        {"AT+QCOAPOPTION=?", OK, NULL},
        {"AT+QCOAPSEND=?", OK, NULL},
    }},
    {"BG96 5.1", &atc_dialect_bg96, "", {
        {"AT+QCOAPCFG=\"pdpcid\",0,1", OK, NULL},
        {"AT+QCOAPCFG=\"trans\",0,4,5", OK, NULL},
        {"AT+QCOAPOPEN=0,\"220.180.239.212\",8028", OK, NULL},
        {"AT+QCOAPOPEN?", OK, NULL},
        {"AT+QCOAPHEADER=0,1234,1", OK, NULL},
        {"AT+QCOAPOPTION=0,0,11,\"19\"", ERROR, "D-60"},
        {"AT+QCOAPOPTION=0,0,1,12,40", OK, NULL},
        {"AT+QCOAPSEND=0,1,2,1,20", PROMPT, NULL},
        {"Hello, CoAP Message!", OK, NULL},
        {"AT+QCOAPCLOSE=0", OK, NULL},
    }},
    {"BG96 5.2", &atc_dialect_bg96, "", {
        {"AT+QCOAPCFG=\"pdpctxid\",0,1", OK, NULL},
        {"AT+QCOAPCFG=\"trans\",0,4,5", OK, NULL},
        {"AT+QCOAPCFG=\"dtls\",0,1,0", OK, NULL},
        {"AT+QSSLCFG=\"dtls\",0,1", OK, NULL},
        {"AT+QSSLCFG=\"dtlsversion\",0,1", OK, NULL},
        {"AT+QFUPL=\"UFS:0_server.psk\",34", CONNECT, NULL},
        {"864508030012428&313233343446473839", OK, NULL},
        {"AT+QCOAPOPEN=0,\"leshan.eclipseprojects.io\",5684", OK, NULL},
        {"AT+QCOAPHEADER=0,1234,1", OK, NULL},
        {"AT+QCOAPOPTION=0,0,0,11,\"19\"", OK, NULL},
        {"AT+QCOAPOPTION=0,0,1,12,40", OK, NULL},
        {"AT+QCOAPSEND=0,1,2,1,20", PROMPT, NULL},
        {"Hello, CoAP Message!", OK, NULL},
        {"AT+QCOAPCLOSE=0", OK, NULL},
    }},
};
/* clang-format on */

/* Whether what the TE got is what a line shall lead to: one result, first of all. */
static bool is_outcome(const struct atc_dialect *d, const char *said, enum outcome outcome)
{
    switch (outcome) {
    case OK:
        return strstr(said, "\r\nOK\r\n") != NULL && strstr(said, "ERROR") == NULL;
    case PROMPT:
        return strcmp(said, d->prompt) == 0;
    case CONNECT:
        return strcmp(said, "\r\nCONNECT\r\n") == 0;
    case ERROR:
        return strcmp(said, "\r\nERROR\r\n") == 0;
    }
    return false;
}

static void play(struct bench *b, const struct chapter *chapter)
{
    for (const struct line *line = chapter->lines; line->typed != NULL; line++) {
        const bool command = strncmp(line->typed, "AT", 2) == 0;
        const char *said;

        (void)bench_type(b, line->typed);
        if (command)
            (void)bench_type(b, "\r");
        said = bench_said(b);
        EXPECT(is_outcome(chapter->dialect, said, line->outcome), "%s: %s gives %s", chapter->name,
               line->typed, said);
        EXPECT((line->outcome == ERROR) == (line->slip != NULL), "%s: %s", chapter->name,
               line->typed);
    }
}

static void test_chapter(void **state)
{
    const struct chapter *chapter = *state;
    struct bench *b = malloc(sizeof *b);

    assert_non_null(b);
    bench_new(b, chapter->dialect, 1);
    b->server_answers = true;
    (void)bench_type(b, chapter->before);
    (void)bench_said(b);
    play(b, chapter);
    free(b);
}

/* What the lines of chapter 5 of the BG96 note end in, byte for byte: the checksum is that of the
 * content it shows (D-60). */
static void test_upload_checksum(void **state)
{
    struct bench *b = malloc(sizeof *b);

    (void)state;
    assert_non_null(b);
    bench_new(b, &atc_dialect_bg96, 1);
    (void)bench_type(b, "AT+QFUPL=\"UFS:0_server.psk\",34\r");
    (void)bench_said(b);
    (void)bench_type(b, "864508030012428&313233343446473839");
    assert_string_equal(bench_said(b), "\r\n+QFUPL: 34,322e\r\n\r\nOK\r\n");
    free(b);
}

int main(void)
{
    static struct CMUnitTest named[COUNT_OF(chapters)];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_complete),
        cmocka_unit_test(test_params_are_complete),
        cmocka_unit_test(test_rows_of_one_name_agree),
        cmocka_unit_test(test_ranges_in_test_replies),
        cmocka_unit_test(test_replies_fit),
        cmocka_unit_test(test_reading_ranges),
        cmocka_unit_test(test_ranges_of_notes),
        cmocka_unit_test(test_urcs),
        cmocka_unit_test(test_bg96_results),
        cmocka_unit_test(test_bc95_results),
        cmocka_unit_test(test_listed_options),
        cmocka_unit_test(test_traits),
        cmocka_unit_test(test_upload_checksum),
    };
    int failed;

    for (size_t i = 0; i < COUNT_OF(chapters); i++) {
        named[i].name = chapters[i].name;
        named[i].test_func = test_chapter;
        named[i].initial_state = (void *)(uintptr_t)&chapters[i];
    }
    failed = cmocka_run_group_tests(named, NULL, NULL);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
