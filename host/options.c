/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <string.h>

#include "log.h"
#include "nearest.h"
#include "status.h"

/* Names and values of the help stand in a column of this width. */
enum { HELP_COLUMN = 26, NAME_MAX_LEN = 32, NAMES_MAX = 64, PAIR_MAX = 128 };

const char *options_nearest(const char *word, const char *const *names)
{
    return sim_nearest(word, names);
}

/* The option whose name is most like the word, or NULL if none is. */
static const char *nearest_name(const struct options *options, const char *word, bool early)
{
    const char *names[NAMES_MAX] = {NULL};
    size_t count = 0;

    for (size_t i = 0; i < options->count && count < NAMES_MAX - 1; i++) {
        if (options->rows[i].name != NULL && (early || !options->rows[i].early))
            names[count++] = options->rows[i].name;
    }
    return options_nearest(word, names);
}

static int reject_unknown(const struct options *options, const char *arg, const char *word)
{
    const char *nearest = nearest_name(options, word, true);

    if (nearest != NULL)
        log_note("no option %s; did you mean --%s? See: atcoap help %s", arg, nearest,
                 options->command);
    else
        log_note("no option %s. See: atcoap help %s", arg, options->command);
    return STATUS_USAGE;
}

static int reject_key(const struct options *options, const char *origin, const char *key)
{
    const char *nearest = nearest_name(options, key, false);

    if (nearest != NULL)
        log_note("%s: no key %s; did you mean %s? See: atcoap help %s", origin, key, nearest,
                 options->command);
    else
        log_note("%s: no key %s. See: atcoap help %s", origin, key, options->command);
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

/* The row and value of argv[*at], which moves on if the value stands in the next
 * one. Returns the exit status; with quiet set nothing is said. */
static int read_argument(const struct options *options, int argc, char **argv, int *at,
                         const struct option **row, const char **value, bool quiet)
{
    const char *wrong = NULL;

    *row = find_argument(options, argv[*at], value);
    if (*row == NULL)
        return quiet ? STATUS_USAGE : reject(options, argv[*at]);
    if ((*row)->takes == OPTION_NONE && *value != NULL)
        wrong = "it takes no value";
    else if ((*row)->takes == OPTION_NEEDED && *value == NULL && *at + 1 == argc)
        wrong = "it needs a value";
    else if ((*row)->takes == OPTION_NEEDED && *value == NULL)
        *value = argv[++*at];
    if (wrong == NULL)
        return STATUS_GOOD;
    return quiet ? STATUS_USAGE : options_wrong(*row, *value, wrong);
}

static int read_all(const struct options *options, void *target, int argc, char **argv, bool early)
{
    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        const struct option *row = NULL;
        int status = read_argument(options, argc, argv, &i, &row, &value, early);

        if (status != STATUS_GOOD)
            return early ? STATUS_GOOD : status;
        if (row->early == early)
            status = row->take(target, row, value);
        if (status != STATUS_GOOD)
            return status;
    }
    return STATUS_GOOD;
}

int options_read_early(const struct options *options, void *target, int argc, char **argv)
{
    return read_all(options, target, argc, argv, true);
}

int options_read(const struct options *options, void *target, int argc, char **argv)
{
    return read_all(options, target, argc, argv, false);
}

/* "set.head" and "keep" are "set" and "head=keep". */
static int set_keyed(const struct option *row, void *target, const char *key, const char *value)
{
    char pair[PAIR_MAX];
    const int len = snprintf(pair, sizeof pair, "%s=%s", key, value);

    if (len < 0 || (size_t)len >= sizeof pair)
        return options_wrong(row, value, "too long");
    return row->take(target, row, pair);
}

/* An option that takes no value is switched by yes and no. */
static int set_switch(const struct option *row, void *target, const char *value)
{
    if (strcmp(value, "no") == 0)
        return STATUS_GOOD;
    if (strcmp(value, "yes") == 0)
        return row->take(target, row, NULL);
    return options_wrong(row, value, "give yes or no");
}

int options_set(const struct options *options, void *target, const char *origin, const char *key,
                const char *value)
{
    const size_t len = strcspn(key, ".");
    const struct option *found = find_row(options, key, len);
    struct option row;

    if (found == NULL || found->early || (key[len] == '.' && !found->keyed))
        return reject_key(options, origin, key);
    row = *found;
    row.origin = origin;
    if (key[len] == '.')
        return set_keyed(&row, target, key + len + 1, value);
    if (row.takes == OPTION_NONE)
        return set_switch(&row, target, value);
    if (*value == '\0' && row.takes == OPTION_NEEDED)
        return options_wrong(&row, NULL, "it needs a value");
    return row.take(target, &row, *value == '\0' ? NULL : value);
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
    const bool given = value != NULL;

    if (option->origin != NULL)
        log_note("%s: %s%s%s: %s", option->origin, option->name, given ? " = " : "",
                 given ? value : "", allowed);
    else
        log_note("--%s%s%s: %s", option->name, given ? "=" : "", given ? value : "", allowed);
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
