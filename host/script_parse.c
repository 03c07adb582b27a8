/* SPDX-License-Identifier: MIT */
#include "script_parse.h"

#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "dialects.h"
#include "link_text.h"
#include "lint.h"
#include "uart_text.h"

static const char *const bad_line =
    "not a line of a transcript: T> T< T= T{ T} N> N< N! +time, a comment, or before the first of "
    "these dialect, seed, link, uart, set, name, file, kept, lint, imei, imsi";

/* --- the header ------------------------------------------------------------------------------- */

/* Copy a word as a string; false if it is empty or has no room. */
static bool copy_word(char *out, size_t size, struct script_span word)
{
    if (word.len == 0 || word.len >= size)
        return false;
    memcpy(out, word.text, word.len);
    out[word.len] = '\0';
    return true;
}

static const char *set_dialect(struct script_setup *setup, struct script_span value)
{
    char name[16];
    const struct atc_dialect *dialect = copy_word(name, sizeof name, value) ? dialects_find(name)
                                                                            : NULL;
    if (dialect == NULL)
        return "no such dialect: " DIALECTS_KNOWN;
    setup->dialect = dialect;
    setup->model = dialects_model(name);
    return NULL;
}

static const char *set_seed(struct script_setup *setup, struct script_span value)
{
    return script_span_number(value, UINT64_MAX, &setup->seed) ? NULL : "a seed is a number";
}

/* The runner's own key; every other one belongs to the modem. */
static const char *set_orders(struct script_setup *setup, const char *value)
{
    setup->orders = strcmp(value, "on") == 0;
    return setup->orders || strcmp(value, "off") == 0 ? NULL : "orders is on or off";
}

static const char *set_setting(struct script_setup *setup, struct script_span value)
{
    char key[64];
    if (!copy_word(key, sizeof key, value) || strchr(key, '=') == NULL)
        return "set key=value";
    char *text = strchr(key, '=');
    *text++ = '\0';
    if (strcmp(key, "orders") == 0)
        return set_orders(setup, text);
    switch (atc_setting(&setup->settings, key, text)) {
    case 0:
        return NULL;
    case ATC_E_KEY:
        return "no setting of that name; see atcoap help settings";
    default:
        return "the setting does not take that value; see atcoap help settings";
    }
}

static const char *set_name(struct script_setup *setup, struct script_span value)
{
    char address[64];
    if (setup->name_count == SCRIPT_NAME_MAX)
        return "too many names";
    struct script_name *n = &setup->names[setup->name_count];
    const bool named = copy_word(n->name, sizeof n->name, script_span_word(&value));
    if (!named || !copy_word(address, sizeof address, script_span_word(&value)) ||
        !addr_parse(&n->addr, address))
        return "name HOST ADDRESS, the address IPv4 or IPv6 without a port";
    setup->name_count++;
    return NULL;
}

static const char *set_kept(struct script_setup *setup, struct script_span value)
{
    if (setup->kept_count == SCRIPT_KEPT_MAX)
        return "too many kept values";
    setup->kept[setup->kept_count++] = value;
    return NULL;
}

static const char *set_file(struct script_setup *setup, struct script_span value)
{
    if (setup->file_count == SCRIPT_FILE_MAX)
        return "too many files";
    struct script_file *f = &setup->files[setup->file_count];
    const bool named = copy_word(f->name, sizeof f->name, script_span_word(&value));
    const struct script_span format = script_span_word(&value);
    f->hex = script_span_is(format, "hex");
    (void)script_span_skip(&value, " ");
    f->content = value;
    if (!named || (!f->hex && !script_span_is(format, "text")))
        return "file NAME text CONTENT, or file NAME hex DIGITS";
    setup->file_count++;
    return NULL;
}

/* "lint none", "lint 4 path-in-one-value" */
static const char *set_lint(struct script_setup *setup, struct script_span value)
{
    struct script_lint *found = &setup->lint[setup->lint_count];
    const bool first = !setup->linted;
    if (setup->lint_count == SCRIPT_LINT_MAX)
        return "too many findings";
    setup->linted = true;
    if (script_span_is(value, "none"))
        return first ? NULL : "lint none stands alone";
    if (!first && setup->lint_count == 0)
        return "lint none stands alone";
    const bool numbered = script_span_number(script_span_word(&value), UINT32_MAX, &found->line);
    const struct script_span name = script_span_word(&value);
    found->kind = lint_kind(name.text, name.len);
    if (!numbered || value.len > 0 || found->kind == LINT_COUNT)
        return "lint none, or lint, the host's line and a finding: docs/lint.md";
    setup->lint_count++;
    return NULL;
}

static const char *set_identity(char out[16], struct script_span value)
{
    uint64_t number;
    const bool digits = value.len == 15u && script_span_number(value, UINT64_MAX, &number);
    return digits && copy_word(out, 16, value) ? NULL : "give 15 digits";
}

static const char *set_imei(struct script_setup *setup, struct script_span value)
{
    return set_identity(setup->imei, value);
}

static const char *set_imsi(struct script_setup *setup, struct script_span value)
{
    return set_identity(setup->imsi, value);
}

static const char *set_link(struct script_setup *setup, struct script_span value)
{
    static char error[SIM_LINK_ERROR_MAX]; /* kept until the next transcript */
    memset(&setup->link, 0, sizeof setup->link);
    (void)copy_word(setup->link_text, sizeof setup->link_text, value);
    return sim_link_parse(&setup->link, value.text, value.len, error) ? NULL : error;
}

static const char *set_uart(struct script_setup *setup, struct script_span value)
{
    static char error[SIM_UART_ERROR_MAX]; /* kept until the next transcript */
    setup->has_uart = true;
    memset(&setup->uart, 0, sizeof setup->uart);
    return sim_uart_parse(&setup->uart, value.text, value.len, error) ? NULL : error;
}

static const struct {
    const char *mark;
    const char *(*set)(struct script_setup *setup, struct script_span value);
} headers[] = {
    {"dialect ", set_dialect}, {"seed ", set_seed}, {"set ", set_setting}, {"name ", set_name},
    {"kept ", set_kept},       {"file ", set_file}, {"imei ", set_imei},   {"imsi ", set_imsi},
    {"lint ", set_lint},       {"link ", set_link}, {"uart ", set_uart},
};

/* --- lines ------------------------------------------------------------------------------------ */

static const struct {
    const char *mark;
    enum script_kind kind;
    bool empty; /* nothing may follow the mark; else a blank parts it from the text */
} marks[] = {
    {"T>", SCRIPT_TE_IN, false},    {"T<", SCRIPT_TE_OUT, false}, {"T=", SCRIPT_TE_EXACT, false},
    {"N>", SCRIPT_NET_OUT, false},  {"N<", SCRIPT_NET_IN, false}, {"N!", SCRIPT_NET_ACT, false},
    {"T{", SCRIPT_ANY_ORDER, true}, {"T}", SCRIPT_ANY_END, true},
};

bool script_time(struct script_span text, uint64_t *time_ms)
{
    static const struct {
        const char *unit;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    size_t digits = 0;
    while (digits < text.len && text.text[digits] >= '0' && text.text[digits] <= '9')
        digits++;
    const struct script_span unit = {text.text + digits, text.len - digits};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (!script_span_is(unit, units[i].unit))
            continue;
        const bool good = script_span_number((struct script_span){text.text, digits}, UINT32_MAX,
                                             time_ms);
        *time_ms *= units[i].ms;
        return good;
    }
    return false;
}

static const char *read_header(struct script *script, struct script_line *line)
{
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        line->text = line->all;
        if (!script_span_skip(&line->text, headers[i].mark))
            continue;
        line->kind = SCRIPT_HEADER;
        return headers[i].set(&script->setup, line->text);
    }
    return bad_line;
}

static const char *read_step(struct script_line *line)
{
    uint64_t time_ms;
    line->text = line->all;
    if (script_span_skip(&line->text, "+")) {
        line->kind = SCRIPT_CLOCK;
        return script_time(line->text, &time_ms) ? NULL : "a time is +300ms, +2s, +5m or +1h";
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        line->text = line->all;
        if (!script_span_skip(&line->text, marks[i].mark))
            continue;
        line->kind = marks[i].kind;
        const bool parted = script_span_skip(&line->text, " ");
        return line->text.len == 0 || (parted && !marks[i].empty) ? NULL : bad_line;
    }
    return bad_line;
}

/* What is wrong with a line that is expected. A line that is put in is read when its turn comes. */
static const char *check_expected(const struct script_line *line, struct script_names *names)
{
    switch (line->kind) {
    case SCRIPT_TE_OUT:
        return script_check(line->text, SCRIPT_LINE, names);
    case SCRIPT_TE_EXACT:
        return script_check(line->text, SCRIPT_EXACT, names);
    case SCRIPT_NET_OUT:
        return script_check(line->text, 0, names);
    case SCRIPT_BLANK:
    case SCRIPT_HEADER:
    case SCRIPT_TE_IN:
    case SCRIPT_NET_IN:
    case SCRIPT_NET_ACT:
    case SCRIPT_ANY_ORDER:
    case SCRIPT_ANY_END:
    case SCRIPT_CLOCK:
        break;
    }
    return NULL;
}

/* A header line behind the first step has a remedy of its own. */
static const char *reject_step(const struct script_line *line)
{
    struct script_span text = line->all;

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        if (script_span_skip(&text, headers[i].mark))
            return "a header line stands before the first step; move it up";
    }
    return bad_line;
}

static const char *read_line(struct script *script, struct script_line *line, bool *started,
                             struct script_names *names)
{
    line->kind = SCRIPT_BLANK;
    if (memchr(line->all.text, '\0', line->all.len) != NULL)
        return "there is a byte 0 in the line; write ^@";
    if (line->all.len == 0 || *line->all.text == '#')
        return NULL;
    if (line->all.text[line->all.len - 1u] == ' ' || line->all.text[line->all.len - 1u] == '\r')
        return "the line ends in a blank or CR that cannot be seen; write \\x20 or ^M, and end "
               "lines "
               "with LF alone";
    const char *why = read_step(line);
    if (why != bad_line) {
        *started = true;
        return why != NULL ? why : check_expected(line, names);
    }
    return *started ? reject_step(line) : read_header(script, line);
}

static size_t count_lines(struct script_span text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.text[i] == '\n';
    return count;
}

const char *script_parse(struct script *script, struct script_span text, uint64_t seed)
{
    bool started = false;
    struct script_names names = {.count = 0};
    memset(script, 0, sizeof *script);
    script->setup.dialect = &atc_dialect_bg96;
    script->setup.seed = seed;
    atc_settings_default(&script->setup.settings);
    script->setup.settings.echo = ATC_OFF;
    script->lines = calloc(count_lines(text), sizeof *script->lines);
    if (script->lines == NULL)
        return "out of memory";
    while (text.len > 0) {
        const char *end = memchr(text.text, '\n', text.len);
        const size_t len = end != NULL ? (size_t)(end - text.text) : text.len;
        struct script_line *line = &script->lines[script->count++];
        line->number = (unsigned)script->count;
        line->all = (struct script_span){text.text, len};
        const size_t used = end != NULL ? len + 1u : len;
        text = (struct script_span){text.text + used, text.len - used};
        const char *why = read_line(script, line, &started, &names);
        script->error_line = line->number;
        if (why != NULL)
            return why;
    }
    script->error_line = started ? 0 : 1;
    return started ? NULL : "there is no step in it: T> types a line, T< expects one";
}

void script_free(struct script *script)
{
    free(script->lines);
    memset(script, 0, sizeof *script);
}
