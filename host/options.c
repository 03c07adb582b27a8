/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <string.h>

#include "log.h"
#include "status.h"

/* Names and values of the help stand in a column of this width. */
enum { HELP_COLUMN = 26, NAME_MAX_LEN = 32, NAMES_MAX = 64 };

/* How many letters to change, add or leave out to make one word the other
 * (Levenshtein); both at most NAME_MAX_LEN long. */
static size_t distance(const char *a, const char *b)
{
    const size_t a_len = strlen(a), b_len = strlen(b);
    size_t row[NAME_MAX_LEN + 1];

    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);

            if (best > row[j] + 1)
                best = row[j] + 1;
            if (best > row[j - 1] + 1)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b_len];
}

const char *options_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t least = 0;

    if (strlen(word) > NAME_MAX_LEN)
        return NULL;
    for (size_t i = 0; names[i] != NULL; i++) {
        const size_t far = distance(word, names[i]);

        if (nearest == NULL || far < least) {
            nearest = names[i];
            least = far;
        }
    }
    return nearest != NULL && least <= 1 + strlen(word) / 3 ? nearest : NULL;
}

static int reject_unknown(const struct options *options, const char *arg, const char *word)
{
    const char *names[NAMES_MAX] = {NULL};
    const char *nearest = NULL;
    size_t count = 0;

    for (size_t i = 0; i < options->count && count < NAMES_MAX - 1; i++) {
        if (options->rows[i].name != NULL)
            names[count++] = options->rows[i].name;
    }
    nearest = options_nearest(word, names);
    if (nearest != NULL)
        log_note("no option %s; did you mean --%s? See: atcoap help %s", arg, nearest,
                 options->command);
    else
        log_note("no option %s. See: atcoap help %s", arg, options->command);
    return STATUS_USAGE;
}

static const struct option *find_row(const struct options *options, const char *name, size_t len)
{
    for (size_t i = 0; i < options->count; i++) {
        const struct option *row = &options->rows[i];

        if (row->name != NULL && strlen(row->name) == len && memcmp(row->name, name, len) == 0)
            return row;
    }
    return NULL;
}

static const struct option *find_letter(const struct options *options, char letter)
{
    for (size_t i = 0; i < options->count; i++) {
        if (options->rows[i].letter == letter && letter != '\0')
            return &options->rows[i];
    }
    return NULL;
}

/* The row of --name, --name=value or -v, and where the value starts. */
static const struct option *find_argument(const struct options *options, const char *arg,
                                          const char **value)
{
    const char *equals = strchr(arg, '=');

    *value = equals == NULL ? NULL : equals + 1;
    if (arg[0] != '-')
        return NULL;
    if (arg[1] != '-')
        return arg[1] != '\0' && arg[2] == '\0' ? find_letter(options, arg[1]) : NULL;
    return find_row(options, arg + 2,
                    equals == NULL ? strlen(arg + 2) : (size_t)(equals - arg - 2));
}

static int reject(const struct options *options, const char *arg)
{
    char word[NAME_MAX_LEN + 1] = "";
    const char *start = arg + strspn(arg, "-");
    const size_t len = strcspn(start, "=");

    if (arg[0] != '-') {
        log_note("%s takes no argument %s; options start with --. See: atcoap "
                 "help %s",
                 options->command, arg, options->command);
        return STATUS_USAGE;
    }
    if (len < sizeof word)
        memcpy(word, start, len);
    return reject_unknown(options, arg, word);
}

int options_read(const struct options *options, void *target, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        const struct option *row = find_argument(options, argv[i], &value);
        int status = STATUS_GOOD;

        if (row == NULL)
            return reject(options, argv[i]);
        if (row->takes == OPTION_NONE && value != NULL)
            return options_wrong(row, value, "it takes no value");
        if (row->takes == OPTION_NEEDED && value == NULL) {
            if (i + 1 == argc)
                return options_wrong(row, NULL, "it needs a value");
            value = argv[++i];
        }
        status = row->take(target, row, value);
        if (status != STATUS_GOOD)
            return status;
    }
    return STATUS_GOOD;
}

static const char *opening(enum option_value takes)
{
    switch (takes) {
    case OPTION_NONE:
        return "";
    case OPTION_NEEDED:
        return "=";
    case OPTION_OPTIONAL:
        return "[=";
    }
    return "";
}

static int print_name(const struct option *row, FILE *out)
{
    int width = fprintf(out, "  ");

    if (row->letter != '\0')
        width += fprintf(out, "-%c, ", row->letter);
    width += fprintf(out, "--%s%s%s%s", row->name, opening(row->takes),
                     row->takes == OPTION_NONE ? "" : row->value,
                     row->takes == OPTION_OPTIONAL ? "]" : "");
    return width;
}

/* The lines of the meaning, each in the second column. */
static void print_meaning(const char *text, int width, FILE *out)
{
    if (width >= HELP_COLUMN) {
        (void)fputc('\n', out);
        width = 0;
    }
    while (*text != '\0') {
        const int len = (int)strcspn(text, "\n");

        (void)fprintf(out, "%*s%.*s\n", HELP_COLUMN - width, "", len, text);
        text += len + (text[len] == '\n');
        width = 0;
    }
}

void options_help(const struct options *options, FILE *out)
{
    for (size_t i = 0; i < options->count; i++) {
        const struct option *row = &options->rows[i];

        if (row->name == NULL)
            (void)fprintf(out, "\n%s\n", row->meaning);
        else
            print_meaning(row->meaning, print_name(row, out), out);
    }
}

int options_wrong(const struct option *option, const char *value, const char *allowed)
{
    log_note("--%s%s%s: %s", option->name, value == NULL ? "" : "=", value == NULL ? "" : value,
             allowed);
    return STATUS_USAGE;
}

bool options_number(uint64_t *out, const char *text, uint64_t max)
{
    uint64_t number = 0;

    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        const unsigned digit = (unsigned)(*text - '0');

        if (*text < '0' || *text > '9' || digit > max || number > (max - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return true;
}
