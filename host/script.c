/* SPDX-License-Identifier: MIT
 *
 * Finds the transcripts, plays each against a modem of its own, and tells. */
#include "script.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "ladder.h"
#include "log.h"
#include "options_sim.h"
#include "script_ladder.h"
#include "script_play.h"
#include "script_port.h"
#include "script_report.h"
#include "script_sweep.h"
#include "script_world.h"
#include "status.h"
#include "sweep.h"
#include "uart_text.h"

#define DEFAULT_SEED 1

struct test {
    const char *port;
    const char *junit;
    const char *out; /* record into this folder; NULL: nowhere */
    uint64_t seed;
    bool sweep;
    uint32_t seeds;              /* of a sweep */
    const char *uart_text;       /* of --uart; NULL: none */
    struct sim_uart_config uart; /* of transcripts that name none */
    bool accept;
    bool strict;
    bool verbose;
    bool help;
    struct script_report report;
    int status; /* the worst so far */
};

/* By verdict. */
static const int statuses[] = {STATUS_GOOD, STATUS_EXPECTATION, STATUS_USAGE};

/* --- options ---------------------------------------------------------------------------------- */

static int take_port(void *target, const struct option *option, const char *value)
{
    (void)option;
    ((struct test *)target)->port = value;
    return STATUS_GOOD;
}

static int take_junit(void *target, const struct option *option, const char *value)
{
    (void)option;
    ((struct test *)target)->junit = value;
    return STATUS_GOOD;
}

static int take_out(void *target, const struct option *option, const char *value)
{
    ((struct test *)target)->out = value;
    return *value != '\0' ? STATUS_GOOD : options_wrong(option, value, "give a folder");
}

static int take_seed(void *target, const struct option *option, const char *value)
{
    struct test *test = target;
    return options_number(&test->seed, value, UINT64_MAX)
               ? STATUS_GOOD
               : options_wrong(option, value, "give a number");
}

static int take_uart(void *target, const struct option *option, const char *value)
{
    struct test *test = target;
    test->uart_text = value;
    return options_take_uart(&test->uart, option, value);
}

static int take_sweep(void *target, const struct option *option, const char *value)
{
    struct test *test = target;
    test->sweep = true;
    return sweep_read(&test->seeds, value) ? STATUS_GOOD
                                           : options_wrong(option, value, "give a number");
}

static int take_accept(void *target, const struct option *option, const char *value)
{
    (void)option;
    (void)value;
    ((struct test *)target)->accept = true;
    return STATUS_GOOD;
}

static int take_strict(void *target, const struct option *option, const char *value)
{
    (void)option;
    (void)value;
    ((struct test *)target)->strict = true;
    return STATUS_GOOD;
}

static int take_verbose(void *target, const struct option *option, const char *value)
{
    (void)option;
    (void)value;
    ((struct test *)target)->verbose = true;
    return STATUS_GOOD;
}

static int take_help(void *target, const struct option *option, const char *value)
{
    (void)option;
    (void)value;
    ((struct test *)target)->help = true;
    return STATUS_GOOD;
}

static const struct option rows[] = {
    {.name = "accept",
     .takes = OPTION_NONE,
     .meaning = "rewrite the expected lines to what comes",
     .take = take_accept},
    {.name = "junit",
     .takes = OPTION_NEEDED,
     .value = "FILE",
     .meaning = "write the results as JUnit XML too",
     .take = take_junit},
    {.name = "out",
     .takes = OPTION_NEEDED,
     .value = "DIR",
     .meaning = "record what one transcript does, as atcoap run --out:\ndocs/records.md",
     .take = take_out},
    {.name = "port",
     .takes = OPTION_NEEDED,
     .value = "TTY",
     .meaning = "play against a module on that port, in real time;\nN lines are skipped",
     .take = take_port},
    {.name = "seed",
     .takes = OPTION_NEEDED,
     .value = "N",
     .meaning = "for transcripts that name no seed (default 1)",
     .take = take_seed},
    {.name = "strict",
     .takes = OPTION_NONE,
     .meaning = "a transcript fails if its host does something wrong,\nunless its header says so: "
                "docs/lint.md",
     .take = take_strict},
    {.name = "sweep",
     .takes = OPTION_OPTIONAL,
     .value = "N",
     .meaning = "play each that passes again with every order of URCs\nand the faults of N seeds "
                "(20) on the serial line",
     .take = take_sweep},
    {.name = "uart",
     .takes = OPTION_NEEDED,
     .value = "KEY=VALUE,...",
     .meaning = "what goes wrong on the serial line, for transcripts\nthat do not say: atcoap help "
                "uart",
     .take = take_uart},
    {.name = "verbose",
     .letter = 'v',
     .takes = OPTION_NONE,
     .meaning = "name the transcripts that pass, too",
     .take = take_verbose},
    {.name = "help",
     .letter = 'h',
     .takes = OPTION_NONE,
     .meaning = "print this",
     .take = take_help},
};

static const struct options options = {rows, sizeof rows / sizeof rows[0], "test"};

/* Options may stand anywhere; the rest are paths, moved to the front of argv. */
static int read_options(struct test *test, int argc, char **argv, int *path_count)
{
    for (int i = 1; i < argc; i++) {
        char *pair[] = {argv[0], argv[i], NULL};
        if (argv[i][0] != '-') {
            argv[(*path_count)++] = argv[i];
            continue;
        }
        const int status = options_read(&options, test, 2, pair);
        if (status != STATUS_GOOD)
            return status;
    }
    return STATUS_GOOD;
}

static void print_help(void)
{
    (void)fputs("usage: atcoap test FILE|DIR... [options]\n"
                "\n"
                "Plays transcripts, each against a modem of its own; of a folder every *.txt.\n"
                "Status 0: all passed; 1: one failed; 2: one cannot be played.\n"
                "\n",
                stdout);
    options_help(&options, stdout);
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Records are of one transcript, in a world of ours. */
static int check_out(const struct test *test, int path_count, char **paths)
{
    if (test->sweep && (test->accept || test->port != NULL)) {
        log_note("--sweep is for a world of ours, and goes with neither --port nor --accept");
        return STATUS_USAGE;
    }
    if (test->out == NULL)
        return STATUS_GOOD;
    if (path_count == 1 && !is_folder(paths[0]) && test->port == NULL)
        return STATUS_GOOD;
    log_note("--out records one transcript: give one FILE, and no --port");
    return STATUS_USAGE;
}

/* --- one transcript --------------------------------------------------------------------------- */

static bool read_file(const char *path, struct script_buf *text)
{
    char part[4096];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    // NOLINTNEXTLINE(clang-analyzer-unix.Stream): at the end of the file it returns 0
    while ((n = fread(part, 1, sizeof part, file)) > 0)
        script_buf_add(text, part, n);
    const bool good = ferror(file) == 0;
    (void)fclose(file);
    return good;
}

static bool write_file(const char *path, const struct script_buf *text)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    const bool written = fwrite(text->data, 1, text->len, file) == text->len;
    return fclose(file) == 0 && written;
}

static void put_expected(struct script_buf *out, const struct script_setup *setup)
{
    for (size_t i = 0; i < setup->lint_count; i++)
        script_buf_format(out, "lint %u %s\n", (unsigned)setup->lint[i].line,
                          lint_name(setup->lint[i].kind));
}

static void put_report(struct script_buf *out, const struct lint *lint)
{
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);
    if (file == NULL)
        return;
    lint_write(lint, file);
    (void)fclose(file);
    script_buf_add(out, text, len);
    free(text);
}

/* What the lint found must be what the header says; with --strict, nothing if that says nothing. */
static void check_lint(const struct test *test, const struct script_setup *setup,
                       const struct script_world *world, unsigned line_count,
                       struct script_result *result)
{
    struct script_buf expected = {NULL, 0, 0};
    if (result->verdict != SCRIPT_PASSED || (!test->strict && !setup->linted))
        return;
    put_expected(&expected, setup);
    if (expected.len != world->found.len ||
        (expected.len > 0 && memcmp(expected.data, world->found.data, expected.len) != 0)) {
        result->verdict = SCRIPT_FAILED;
        result->line = line_count;
        script_buf_text(&result->message, "    lint expected\n");
        script_buf_add(&result->message, expected.data, expected.len);
        script_buf_text(&result->message, "    lint found\n");
        script_buf_add(&result->message, world->found.data, world->found.len);
        put_report(&result->message, &world->lint);
    }
    script_buf_free(&expected);
}

/* Returns the exit status as far as it is about the records. */
static int end_record(const struct test *test, struct script_world *world,
                      const struct script_result *result)
{
    const struct ladder_filter all = {.to_us = UINT64_MAX, .client = -1, .mid = -1};
    const int status = statuses[result->verdict];
    if (world->record == NULL)
        return STATUS_GOOD;
    if (script_world_end_record(world, status) != status)
        return STATUS_SYSTEM; /* that is said already */
    return ladder_write(test->out, &all, false);
}

static int play(const struct test *test, const struct script *script, struct script_buf *accepted,
                struct script_result *result)
{
    struct script_target target;
    struct script_world world;
    struct script_port port;
    if (test->port != NULL)
        script_port_target(&port, test->port, &target);
    else
        script_world_target(&world, test->out, &target);
    script_play(script, &target, accepted, result);
    if (test->port != NULL)
        return STATUS_GOOD;
    check_lint(test, &script->setup, &world, (unsigned)script->count, result);
    script_buf_free(&world.found);
    return end_record(test, &world, result);
}

/* If it passed, and that is asked for. */
static void sweep(const struct test *test, const struct script *script,
                  struct script_result *result)
{
    if (!test->sweep || result->verdict != SCRIPT_PASSED)
        return;
    script_buf_free(&result->message);
    (void)script_sweep(script, script->setup.has_uart ? &script->setup.uart : &test->uart,
                       script->setup.has_uart ? NULL : test->uart_text, test->seeds, result);
}

/* As above. */
static int play_text(const struct test *test, const struct script_buf *text,
                     struct script_buf *accepted, struct script_result *result)
{
    struct script script;
    int status = STATUS_GOOD;
    const char *why = script_parse(&script, script_span_buf(text), test->seed);
    memset(result, 0, sizeof *result);
    if (!script.setup.has_uart && !test->sweep)
        script.setup.uart = test->uart;
    if (why == NULL) {
        status = play(test, &script, test->accept ? accepted : NULL, result);
        sweep(test, &script, result);
    } else {
        result->verdict = SCRIPT_BROKEN;
        result->line = script.error_line;
        script_buf_format(&result->message, "    %s\n", why);
    }
    script_free(&script);
    return status;
}

/* A transcript that failed, to be played again. */
struct again {
    struct test test;
    const struct script_buf *text;
};

static int play_again(void *ctx, const char *folder)
{
    struct again *again = ctx;
    struct script_buf none = {NULL, 0, 0};
    struct script_result result;
    int status;
    again->test.out = folder;
    status = play_text(&again->test, again->text, &none, &result);
    script_buf_free(&result.message);
    return status;
}

/* Show what led to a failure, where that can be seen again. */
static void add_picture(const struct test *test, const struct script_buf *text,
                        struct script_result *result)
{
    struct again again = {.test = *test, .text = text};
    if (result->verdict != SCRIPT_FAILED || test->port != NULL || test->out != NULL || test->sweep)
        return;
    script_ladder_add(&result->message, play_again, &again);
}

/* Put what was accepted in the transcript's place. */
static int accept(const char *path, const struct script_buf *old, const struct script_buf *accepted)
{
    const bool same = old->len == accepted->len &&
                      (old->len == 0 || memcmp(old->data, accepted->data, old->len) == 0);
    if (same)
        return STATUS_GOOD;
    if (!write_file(path, accepted)) {
        log_note("%s: %s", path, strerror(errno));
        return STATUS_SYSTEM;
    }
    (void)fprintf(stderr, "%s: rewritten\n", path);
    return STATUS_GOOD;
}

static void tell(const struct test *test, const char *path, const struct script_result *result)
{
    if (result->verdict == SCRIPT_PASSED) {
        if (test->verbose)
            (void)fprintf(stderr, "%s: passed\n", path);
        return;
    }
    (void)fprintf(stderr, "%s:%u: %s\n", path, result->line,
                  result->verdict == SCRIPT_FAILED ? "failed" : "cannot be played");
    (void)fwrite(result->message.data, 1, result->message.len, stderr);
}

static uint64_t clock_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static void worsen(struct test *test, int status)
{
    test->status = status > test->status ? status : test->status;
}

static void test_file(struct test *test, const char *path)
{
    struct script_buf text = {NULL, 0, 0}, accepted = {NULL, 0, 0};
    struct script_result result;
    const uint64_t start_us = clock_us();
    if (!read_file(path, &text)) {
        log_note("%s: %s", path, strerror(errno));
        worsen(test, STATUS_USAGE);
        return;
    }
    worsen(test, play_text(test, &text, &accepted, &result));
    add_picture(test, &text, &result);
    script_report_add(&test->report, path, &result, clock_us() - start_us);
    tell(test, path, &result);
    worsen(test, statuses[result.verdict]);
    if (test->accept && result.verdict == SCRIPT_PASSED)
        worsen(test, accept(path, &text, &accepted));
    script_buf_free(&result.message);
    script_buf_free(&accepted);
    script_buf_free(&text);
}

/* --- many ------------------------------------------------------------------------------------- */

static void test_path(struct test *test, const char *path);

static int is_listed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool is_transcript(const char *name)
{
    const size_t len = strlen(name);
    return len > 4u && strcmp(name + len - 4u, ".txt") == 0;
}

/* Order by bytes: the same in every locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void test_folder(struct test *test, const char *path)
{
    struct dirent **entries;
    const int count = scandir(path, &entries, is_listed, by_name);
    if (count < 0) {
        log_note("%s: %s", path, strerror(errno));
        worsen(test, STATUS_USAGE);
        return;
    }
    for (int i = 0; i < count; i++) {
        struct script_buf inner = {NULL, 0, 0};
        const char *slash = path[strlen(path) - 1u] == '/' ? "" : "/";
        script_buf_format(&inner, "%s%s%s", path, slash, entries[i]->d_name);
        script_buf_byte(&inner, '\0');
        if (is_folder(inner.data) || is_transcript(inner.data))
            test_path(test, inner.data);
        script_buf_free(&inner);
        free(entries[i]);
    }
    free(entries);
}

static void test_path(struct test *test, const char *path)
{
    if (is_folder(path))
        test_folder(test, path);
    else
        test_file(test, path);
}

static void finish(struct test *test)
{
    const struct script_report *report = &test->report;
    const unsigned failed = report->failed + report->broken;
    if (report->passed + failed == 0) {
        log_note("no transcript found: give files, or folders with *.txt in them");
        worsen(test, STATUS_USAGE);
    }
    if (test->junit != NULL && !script_report_junit(report, test->junit)) {
        log_note("%s: %s", test->junit, strerror(errno));
        worsen(test, STATUS_SYSTEM);
    }
    (void)fprintf(stderr, "%u passed, %u failed\n", report->passed, failed);
}

int script_main(int argc, char **argv)
{
    struct test test;
    int path_count = 0;
    memset(&test, 0, sizeof test);
    test.seed = DEFAULT_SEED;
    const int status = read_options(&test, argc, argv, &path_count);
    if (status != STATUS_GOOD)
        return status;
    if (test.help) {
        print_help();
        return STATUS_GOOD;
    }
    if (path_count == 0) {
        log_note("give a transcript or a folder of them. See: atcoap help test");
        return STATUS_USAGE;
    }
    if (check_out(&test, path_count, argv) != STATUS_GOOD)
        return STATUS_USAGE;
    for (int i = 0; i < path_count; i++)
        test_path(&test, argv[i]);
    finish(&test);
    script_report_free(&test.report);
    return test.status;
}
