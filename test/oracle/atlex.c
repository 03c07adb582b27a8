/* SPDX-License-Identifier: MIT */
#include "atlex.h"

#include "dialect.h"

/* --- the machine ------------------------------------------------------------------------------ */

/* Where in the line the last byte has led. */
enum place {
    BETWEEN,   /* commands: separators and blanks */
    AMPERSAND, /* a letter must follow */
    DIGITS,    /* of a basic command */
    S_NUMBER,  /* of an S-parameter */
    S_VALUE,   /* behind its equals sign */
    NAME,      /* behind a plus sign */
    READ,      /* behind NAME? */
    VALUES,    /* behind NAME= */
    BROKEN     /* the rest of the line means nothing */
};

/* And where in an argument. */
enum part {
    LEADING, /* nothing but blanks so far */
    BARE,    /* in a bare word */
    QUOTED,  /* between the quotes */
    CLOSED   /* behind them: only blanks may follow */
};

enum { END = -1 };

struct machine {
    struct atlex_command *commands;
    size_t count;               /* of commands begun */
    struct atlex_command spare; /* those that find no place */
    enum place place;
    enum part part;
    bool in_quotes; /* a semicolon would be text here */
    size_t at;      /* of the byte that is pushed */
};

static struct atlex_command *current(struct machine *m)
{
    return m->count <= ATLEX_COMMAND_MAX ? &m->commands[m->count - 1] : &m->spare;
}

static void begin(struct machine *m, enum atlex_form form, size_t name_from)
{
    struct atlex_command *c;

    m->count++;
    c = current(m);
    c->form = form;
    c->name.from = c->name.to = name_from;
    c->args.from = c->args.to = 0;
    c->split = true;
    c->arg_count = 0;
    m->in_quotes = false;
}

static void give_up(struct machine *m)
{
    current(m)->form = ATLEX_BROKEN;
    m->place = BROKEN;
}

static bool is_digit(int byte)
{
    return byte >= 0 && byte < 128 && byte - '0' >= 0 && byte - '0' <= 9;
}

static int folded(int byte)
{
    return byte >= 'a' && byte <= 'z' ? byte - 'a' + 'A' : byte;
}

static bool is_letter(int byte)
{
    return folded(byte) >= 'A' && folded(byte) <= 'Z';
}

/* --- arguments -------------------------------------------------------------------------------- */

static struct atlex_arg *argument(struct atlex_command *c)
{
    static struct atlex_arg beyond;

    return c->arg_count <= ATLEX_ARG_MAX ? &c->arg[c->arg_count - 1] : &beyond;
}

static void begin_argument(struct machine *m)
{
    struct atlex_command *c = current(m);
    struct atlex_arg *arg;

    c->arg_count++;
    arg = argument(c);
    arg->given = arg->quoted = false;
    arg->text.from = arg->text.to = m->at + 1;
    m->part = LEADING;
}

/* A byte of an argument that is neither a comma that parts nor the end. */
static void push_argument(struct machine *m, int byte)
{
    struct atlex_command *c = current(m);
    struct atlex_arg *arg = argument(c);

    switch (m->part) {
    case LEADING:
        if (byte == ' ')
            return;
        arg->given = true;
        arg->quoted = byte == '"';
        arg->text.from = arg->quoted ? m->at + 1 : m->at;
        arg->text.to = m->at + 1;
        m->part = arg->quoted ? QUOTED : BARE;
        return;
    case BARE:
        c->split = c->split && byte != '"';
        if (byte != ' ') /* blanks in the middle belong to it, those at its end do not */
            arg->text.to = m->at + 1;
        return;
    case QUOTED:
        arg->text.to = byte == '"' ? m->at : m->at + 1;
        if (byte == '"')
            m->part = CLOSED;
        return;
    case CLOSED:
        c->split = c->split && byte == ' ';
        return;
    }
}

static void push_values(struct machine *m, int byte)
{
    struct atlex_command *c = current(m);

    if (byte != ' ')
        c->args.to = m->at + 1;
    if (byte == ',' && m->part != QUOTED)
        begin_argument(m);
    else
        push_argument(m, byte);
}

/* The end of a command that has values. */
static void end_values(struct machine *m, const uint8_t *line)
{
    struct atlex_command *c = current(m);

    c->split = c->split && m->part != QUOTED;
    if (c->args.to - c->args.from == 1 && line[c->args.from] == '?')
        c->form = ATLEX_TEST;
}

/* --- commands --------------------------------------------------------------------------------- */

/* The first byte of what should be a command. */
static void push_first(struct machine *m, int byte)
{
    if (byte == END || byte == ';' || byte == ' ') {
        m->place = BETWEEN;
        return;
    }
    begin(m, byte == '+' ? ATLEX_EXECUTE : ATLEX_BASIC, byte == '+' ? m->at + 1 : m->at);
    current(m)->name.to = m->at + 1;
    if (byte == '+')
        m->place = NAME;
    else if (byte == '&')
        m->place = AMPERSAND;
    else if (folded(byte) == 'S')
        m->place = S_NUMBER;
    else if (is_letter(byte))
        m->place = DIGITS;
    else
        give_up(m);
    current(m)->args.from = current(m)->args.to = m->at + 1;
}

/* A byte that may belong to a basic command, which ends in front of the first one that does not. */
static void push_basic(struct machine *m, int byte)
{
    struct atlex_command *c = current(m);

    switch (m->place) {
    case AMPERSAND:
        if (!is_letter(byte)) {
            give_up(m);
            return;
        }
        m->place = DIGITS;
        c->name.to = c->args.from = c->args.to = m->at + 1;
        return;
    case S_NUMBER:
        if (is_digit(byte)) {
            c->name.to = m->at + 1;
        } else if (byte == '?') {
            c->form = ATLEX_S_READ;
            m->place = BETWEEN;
        } else if (byte == '=') {
            c->form = ATLEX_S_WRITE;
            c->args.from = c->args.to = m->at + 1;
            m->place = S_VALUE;
        } else {
            give_up(m);
        }
        return;
    default:
        if (is_digit(byte))
            c->args.to = m->at + 1;
        else
            push_first(m, byte);
        return;
    }
}

/* A byte behind a plus sign; the command goes on up to a separator. */
static void push_extended(struct machine *m, const uint8_t *line, int byte)
{
    struct atlex_command *c = current(m);

    if (byte == END || (byte == ';' && !m->in_quotes)) {
        if (m->place == VALUES)
            end_values(m, line);
        m->place = BETWEEN;
        return;
    }
    if (m->place == NAME && byte == '=') {
        c->form = ATLEX_WRITE;
        c->name.to = m->at;
        c->args.from = c->args.to = m->at + 1;
        m->place = VALUES;
        begin_argument(m);
    } else if (m->place == NAME && byte == '?') {
        c->form = ATLEX_READ;
        c->name.to = m->at;
        m->place = READ;
    } else if (m->place == NAME) {
        if (byte != ' ')
            c->name.to = m->at + 1;
    } else if (m->place == READ) {
        if (byte != ' ')
            give_up(m);
    } else {
        push_values(m, byte);
    }
    if (byte == '"')
        m->in_quotes = !m->in_quotes;
}

static void push(struct machine *m, const uint8_t *line, int byte)
{
    switch (m->place) {
    case BETWEEN:
        push_first(m, byte);
        break;
    case AMPERSAND:
    case DIGITS:
    case S_NUMBER:
    case S_VALUE:
        push_basic(m, byte);
        break;
    case NAME:
    case READ:
    case VALUES:
        push_extended(m, line, byte);
        break;
    case BROKEN:
        break;
    }
}

size_t atlex_read(struct atlex_command *commands, const uint8_t *line, size_t len)
{
    struct machine m = {.commands = commands, .place = BETWEEN};

    for (m.at = 0; m.at < len; m.at++)
        push(&m, line, line[m.at]);
    push(&m, line, END);
    return m.count;
}

/* --- arguments against a row ------------------------------------------------------------------ */

static size_t length(struct atlex_place place)
{
    return place.to - place.from;
}

static bool reads_as_hex(int byte)
{
    return is_digit(byte) || (folded(byte) >= 'A' && folded(byte) <= 'F');
}

/* A decimal number up to max, of any count of digits. */
static bool reads_as_number(uint64_t *number, const uint8_t *line, struct atlex_place text,
                            uint64_t max)
{
    uint64_t sum = 0;

    for (size_t at = text.from; at < text.to; at++) {
        if (!is_digit(line[at]))
            return false;
        sum = 10 * sum + (uint64_t)(line[at] - '0');
        if (sum > UINT32_MAX)
            sum = (uint64_t)UINT32_MAX + 1; /* too large whatever follows */
    }
    *number = sum;
    return text.to > text.from && sum <= max;
}

/* How many bytes a string stands for in which a backslash and two hex digits are one byte; -1 if a
 * backslash has no two behind it. */
static long count_bytes(const uint8_t *line, struct atlex_place text)
{
    long count = 0;
    int due = 0; /* hex digits */

    for (size_t at = text.from; at < text.to; at++) {
        if (due > 0 && !reads_as_hex(line[at]))
            return -1;
        if (due > 0)
            due--;
        else if (line[at] == '\\')
            due = 2;
        count += due == 0;
    }
    return due == 0 ? count : -1;
}

static bool is_all_hex(const uint8_t *line, struct atlex_place text)
{
    for (size_t at = text.from; at < text.to; at++)
        if (!reads_as_hex(line[at]))
            return false;
    return length(text) % 2 == 0;
}

static bool is_between(long value, const struct atc_param *param)
{
    return value >= (long)param->min && value <= (long)param->max;
}

static bool fits(const struct atlex_arg *arg, const uint8_t *line, const struct atc_param *param,
                 uint32_t *number)
{
    uint64_t value = 0;

    switch ((enum atc_kind)param->kind) {
    case ATC_KIND_INTEGER:
        if (arg->quoted || !reads_as_number(&value, line, arg->text, param->max))
            return false;
        *number = (uint32_t)value;
        return value >= param->min;
    case ATC_KIND_STRING:
        return arg->quoted && is_between(count_bytes(line, arg->text), param);
    case ATC_KIND_WORD:
        return is_between(count_bytes(line, arg->text), param);
    case ATC_KIND_HEX:
        return is_all_hex(line, arg->text) && is_between((long)length(arg->text) / 2, param);
    case ATC_KIND_KEY:
        return arg->quoted;
    case ATC_KIND_VALUE:
        return true;
    }
    return false;
}

/* Which parameter the argument at index is for; -1: none. Those of a group come again and again. */
static int parameter_of(const struct atc_command *row, size_t index)
{
    size_t at = index;

    while (row->repeat_from > 0 && at >= row->param_count)
        at -= (size_t)(row->param_count - row->repeat_from);
    return at < row->param_count ? (int)at : -1;
}

/* How many arguments a row wants when its last ones come so many times: at least and at most. */
static void counts(const struct atc_command *row, uint64_t times, uint64_t *least, uint64_t *most)
{
    *most = row->param_count;
    *least = 0;
    for (unsigned i = 0; i < row->param_count; i++)
        if ((row->params[i].flags & ATC_OPTIONAL) == 0)
            *least = i + 1u;
    if (row->repeat_from > 0)
        *least = *most = row->repeat_from + times * (uint64_t)(row->param_count - row->repeat_from);
}

bool atlex_fits(const struct atlex_command *command, const uint8_t *line,
                const struct atc_command *row, uint32_t numbers[ATLEX_ARG_MAX])
{
    const size_t count = command->arg_count;
    bool given[ATLEX_ARG_MAX + 256] = {false};
    uint64_t least, most;

    for (size_t i = 0; i < count; i++) {
        const struct atlex_arg *arg = &command->arg[i];
        const int at = parameter_of(row, i);

        if (at < 0)
            return false;
        numbers[i] = 0;
        given[i] = arg->given;
        if (arg->given ? !fits(arg, line, &row->params[at], &numbers[i])
                       : (row->params[at].flags & ATC_OPTIONAL) == 0)
            return false;
    }
    for (size_t i = 1; i < row->param_count; i++)
        if ((row->params[i].flags & ATC_PAIRED) != 0 && given[i] != given[i - 1])
            return false;
    counts(row, numbers[0], &least, &most);
    /* An empty place at the end is one too many, but for a lone one: there AT+X= has none. */
    return count >= least && (count <= most || (count == 1 && !given[0])) &&
           (count < 2 || given[count - 1]);
}

/* --- both readings ---------------------------------------------------------------------------- */

static bool same_place(struct atc_span span, struct atlex_place place, const uint8_t *line)
{
    return span.len == length(place) && (span.len == 0 || span.at == line + place.from);
}

static const char *compare_args(const struct atlex_command *c, const struct atc_args *args,
                                const uint8_t *line)
{
    if (args->count != c->arg_count)
        return "count of arguments";
    for (unsigned i = 0; i < args->count; i++) {
        if (args->arg[i].given != c->arg[i].given)
            return "whether an argument is given";
        if (args->arg[i].quoted != c->arg[i].quoted)
            return "whether an argument is quoted";
        if (c->arg[i].given && !same_place(args->arg[i].text, c->arg[i].text, line))
            return "text of an argument";
    }
    return NULL;
}

static const char *compare_row(const struct atlex_command *c, const struct atc_args *args,
                               const uint8_t *line, const struct atc_command *row)
{
    struct atc_args checked = *args;
    uint32_t numbers[ATLEX_ARG_MAX] = {0};
    const bool good = atc_schema_check(row, &checked);

    if (good != atlex_fits(c, line, row, numbers))
        return row->name;
    for (unsigned i = 0; good && i < checked.count; i++) {
        const int at = parameter_of(row, i);

        if (row->params[at].kind == ATC_KIND_INTEGER && checked.arg[i].number != numbers[i])
            return "a number";
    }
    return NULL;
}

static const char *compare_rows(const struct atlex_command *c, const struct atc_args *args,
                                const uint8_t *line)
{
    static const struct atc_dialect *const dialects[] = {&atc_dialect_bc95, &atc_dialect_bg96};

    for (unsigned d = 0; d < 2; d++) {
        const struct atc_command *row;

        for (size_t i = 0; (row = atc_dialect_row(dialects[d], i)) != NULL; i++) {
            const char *difference = compare_row(c, args, line, row);

            if (difference != NULL)
                return difference;
        }
    }
    return NULL;
}

static const char *compare_command(const struct atlex_command *c, const struct atc_words *words,
                                   const uint8_t *line)
{
    static const uint8_t forms[] = {
        [ATLEX_BROKEN] = 0,
        [ATLEX_BASIC] = ATC_FORM_BASIC,
        [ATLEX_S_READ] = ATC_FORM_S_READ,
        [ATLEX_S_WRITE] = ATC_FORM_S_WRITE,
        [ATLEX_EXECUTE] = ATC_FORM_EXECUTE,
        [ATLEX_READ] = ATC_FORM_READ,
        [ATLEX_TEST] = ATC_FORM_TEST,
        [ATLEX_WRITE] = ATC_FORM_WRITE,
    };
    struct atc_args args;
    bool split;

    if (words->form != forms[c->form])
        return "form";
    if (c->form == ATLEX_BROKEN)
        return NULL;
    if (!same_place(words->name, c->name, line))
        return "name";
    if ((c->form == ATLEX_BASIC || c->form == ATLEX_S_WRITE || c->form == ATLEX_WRITE) &&
        !same_place(words->args, c->args, line))
        return "arguments";
    if (c->form != ATLEX_WRITE)
        return NULL;
    split = atc_lex_args(&args, words->args);
    if (split != (c->split && c->arg_count <= ATC_ARG_MAX))
        return "whether arguments can be split";
    if (!split)
        return NULL;
    return compare_args(c, &args, line) != NULL ? compare_args(c, &args, line)
                                                : compare_rows(c, &args, line);
}

const char *atlex_agree(const uint8_t *line, size_t len)
{
    static struct atlex_command commands[ATLEX_COMMAND_MAX];
    const size_t count = atlex_read(commands, line, len);
    struct atc_words words;
    size_t at = 0;

    for (size_t i = 0; i < count && i < ATLEX_COMMAND_MAX; i++) {
        const char *difference;

        if (!atc_lex_command(&words, &at, atc_span(line, len)))
            return "commands end early";
        difference = compare_command(&commands[i], &words, line);
        if (difference != NULL)
            return difference;
        if (commands[i].form == ATLEX_BROKEN)
            return NULL;
    }
    if (count <= ATLEX_COMMAND_MAX && atc_lex_command(&words, &at, atc_span(line, len)))
        return "commands go on";
    return NULL;
}
