/* SPDX-License-Identifier: MIT
 *
 * The command atcoap ladder: draws a recorded session again.
 */
#include "ladder.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "options.h"
#include "status.h"

struct ladder_options {
    struct ladder_filter filter;
    bool full;
    bool text;
    bool help;
};

/* Seconds, at most three decimals of which count. */
static bool read_seconds(uint64_t *us, const char *text)
{
    char *end = NULL;
    double seconds;

    if (text[0] < '0' || text[0] > '9')
        return false;
    seconds = strtod(text, &end);
    if (*end == 's')
        end++;
    if (*end != '\0' || seconds > 1e12)
        return false;
    *us = (uint64_t)(seconds * 1e6 + 0.5);
    return true;
}

static int take_from(void *target, const struct option *option, const char *value)
{
    struct ladder_options *o = target;

    return read_seconds(&o->filter.from_us, value)
               ? STATUS_GOOD
               : options_wrong(option, value, "give seconds, as in 12.5");
}

static int take_to(void *target, const struct option *option, const char *value)
{
    struct ladder_options *o = target;

    return read_seconds(&o->filter.to_us, value)
               ? STATUS_GOOD
               : options_wrong(option, value, "give seconds, as in 12.5");
}

static int take_client(void *target, const struct option *option, const char *value)
{
    struct ladder_options *o = target;
    uint64_t number = 0;

    if (!options_number(&number, value, 5))
        return options_wrong(option, value, "give a client, 0-5");
    o->filter.client = (long)number;
    return STATUS_GOOD;
}

static int take_mid(void *target, const struct option *option, const char *value)
{
    struct ladder_options *o = target;
    uint64_t number = 0;

    if (!options_number(&number, value, UINT16_MAX))
        return options_wrong(option, value, "give a message ID, 0-65535");
    o->filter.mid = (long)number;
    return STATUS_GOOD;
}

static int take_full(void *target, const struct option *option, const char *value)
{
    struct ladder_options *o = target;

    (void)option;
    (void)value;
    o->full = true;
    return STATUS_GOOD;
}

static int take_text(void *target, const struct option *option, const char *value)
{
    struct ladder_options *o = target;

    (void)option;
    (void)value;
    o->text = true;
    return STATUS_GOOD;
}

static int take_help(void *target, const struct option *option, const char *value)
{
    struct ladder_options *o = target;

    (void)option;
    (void)value;
    o->help = true;
    return STATUS_GOOD;
}

static const struct option rows[] = {
    {.name = "from",
     .takes = OPTION_NEEDED,
     .value = "SECONDS",
     .meaning = "leave out what was before",
     .take = take_from},
    {.name = "to",
     .takes = OPTION_NEEDED,
     .value = "SECONDS",
     .meaning = "leave out what was after",
     .take = take_to},
    {.name = "client",
     .takes = OPTION_NEEDED,
     .value = "N",
     .meaning = "datagrams of that client only",
     .take = take_client},
    {.name = "mid",
     .takes = OPTION_NEEDED,
     .value = "ID",
     .meaning = "the exchanges with that message ID only",
     .take = take_mid},
    {.name = "full", .meaning = "fold nothing, however many rows there are", .take = take_full},
    {.name = "text", .meaning = "the text form on stdout, and no files", .take = take_text},
    {.name = "help", .letter = 'h', .meaning = "this text", .take = take_help},
};

static const struct options table = {rows, sizeof rows / sizeof rows[0], "ladder"};

static void print_help(FILE *out)
{
    (void)fputs("usage: atcoap ladder DIR [options]\n"
                "\n"
                "Draws a session that was recorded with --out=DIR: TE, module and server side by\n"
                "side on one time axis. Writes DIR/ladder.svg and DIR/ladder.txt.\n"
                "\n",
                out);
    options_help(&table, out);
    (void)fputs("\n"
                "Beyond 300 rows, commands and exchanges in which all went well become one row\n"
                "each, and quiet stretches a line; what was lost, repeated or refused stays.\n"
                "\n"
                "Examples\n"
                "  atcoap ladder trial\n"
                "  atcoap ladder trial --text --from=60 --to=90 | less -S\n"
                "  atcoap ladder trial --mid=4660 --full\n"
                "\n"
                "More: docs/records.md\n",
                out);
}

/* Read DIR/events.jsonl and arrange it. Returns the exit status after saying what is wrong. */
static int load(struct ladder *l, const char *dir, const struct ladder_filter *filter, bool full)
{
    char path[PATH_MAX];
    FILE *file;
    bool good;

    (void)snprintf(path, sizeof path, "%s/events.jsonl", dir);
    file = fopen(path, "re");
    if (file == NULL) {
        log_note("cannot read %s: %s; record a session with --out=DIR first", path,
                 strerror(errno));
        return STATUS_USAGE;
    }
    good = ladder_read(l, file);
    if (!good)
        log_note("cannot read %s: %s", path, strerror(errno));
    (void)fclose(file);
    if (!good)
        return STATUS_SYSTEM;
    if (l->bad > 0)
        log_note("%s: %zu lines are no events and were left out", path, l->bad);
    if (l->event_count == 0 && l->title[0] == '\0') {
        log_note("%s holds no recorded session", path);
        return STATUS_USAGE;
    }
    if (!ladder_arrange(l, filter, full)) {
        log_note("no memory for %zu events; --from and --to draw a part", l->event_count);
        return STATUS_SYSTEM;
    }
    if (l->row_count == 0 && l->event_count > 0) {
        log_note("%s: nothing is left to draw; ask for more with --from, --to, --client or --mid",
                 path);
        return STATUS_USAGE;
    }
    return STATUS_GOOD;
}

/* Write one picture; a file that was there stays until the new one is whole. */
static int write_one(const struct ladder *l, const char *dir, const char *name,
                     void (*draw)(const struct ladder *l, FILE *out))
{
    char path[PATH_MAX];
    char part[PATH_MAX + 8];
    FILE *file;
    bool good;

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    (void)snprintf(part, sizeof part, "%s.part", path);
    file = fopen(part, "we");
    if (file == NULL) {
        log_note("cannot write %s: %s", path, strerror(errno));
        return STATUS_SYSTEM;
    }
    draw(l, file);
    good = ferror(file) == 0;
    good = fclose(file) == 0 && good && rename(part, path) == 0;
    if (!good) {
        log_note("cannot write %s: %s", path, strerror(errno));
        (void)remove(part);
        return STATUS_SYSTEM;
    }
    return STATUS_GOOD;
}

int ladder_write(const char *dir, const struct ladder_filter *filter, bool full)
{
    struct ladder l;
    int status;

    ladder_init(&l);
    status = load(&l, dir, filter, full);
    if (status == STATUS_GOOD)
        status = write_one(&l, dir, "ladder.svg", ladder_draw_svg);
    if (status == STATUS_GOOD)
        status = write_one(&l, dir, "ladder.txt", ladder_draw_text);
    ladder_free(&l);
    return status;
}

static int print_text(const char *dir, const struct ladder_options *o)
{
    struct ladder l;
    int status;

    ladder_init(&l);
    status = load(&l, dir, &o->filter, o->full);
    if (status == STATUS_GOOD)
        ladder_draw_text(&l, stdout);
    ladder_free(&l);
    return status;
}

int ladder_main(int argc, char **argv)
{
    struct ladder_options o = {.filter = {.to_us = UINT64_MAX, .client = -1, .mid = -1}};
    const char *dir = argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;
    const int skip = dir != NULL ? 1 : 0;
    int status = options_read(&table, &o, argc - skip, argv + skip);

    if (status != STATUS_GOOD)
        return status;
    if (o.help) {
        print_help(stdout);
        return STATUS_GOOD;
    }
    if (dir == NULL) {
        log_note("which session? atcoap ladder DIR, DIR being the folder of --out");
        return STATUS_USAGE;
    }
    if (o.text)
        return print_text(dir, &o);
    status = ladder_write(dir, &o.filter, o.full);
    if (status == STATUS_GOOD)
        log_note("wrote %s/ladder.svg and %s/ladder.txt", dir, dir);
    return status;
}
