/* SPDX-License-Identifier: MIT
 *
 * The command atcoap demo: its options, and which kind of time it runs in. */
#include <stdio.h>
#include <string.h>

#include "demo.h"
#include "dialects.h"
#include "link_text.h"
#include "log.h"
#include "options.h"
#include "status.h"

enum { DEFAULT_SEED = 1 };

struct demo_options {
    const struct atc_dialect *dialect;
    struct sim_link_config link;
    bool linked;
    uint64_t seed;
    bool seeded;
    bool is_virtual;
    bool help;
};

static int take_dialect(void *target, const struct option *option, const char *value)
{
    struct demo_options *o = target;
    o->dialect = dialects_find(value);
    return o->dialect != NULL ? STATUS_GOOD : options_wrong(option, value, "give " DIALECTS_KNOWN);
}

static int take_time(void *target, const struct option *option, const char *value)
{
    struct demo_options *o = target;
    o->is_virtual = strcmp(value, "virtual") == 0;
    return o->is_virtual || strcmp(value, "real") == 0
               ? STATUS_GOOD
               : options_wrong(option, value, "give real or virtual");
}

static int take_link(void *target, const struct option *option, const char *value)
{
    struct demo_options *o = target;
    char error[SIM_LINK_ERROR_MAX];
    memset(&o->link, 0, sizeof o->link);
    o->linked = true;
    return sim_link_parse(&o->link, value, strlen(value), error)
               ? STATUS_GOOD
               : options_wrong(option, value, error);
}

static int take_seed(void *target, const struct option *option, const char *value)
{
    struct demo_options *o = target;
    o->seeded = true;
    return options_number(&o->seed, value, UINT64_MAX)
               ? STATUS_GOOD
               : options_wrong(option, value, "give a number from 0 to 18446744073709551615");
}

static int take_help(void *target, const struct option *option, const char *value)
{
    struct demo_options *o = target;
    (void)option;
    (void)value;
    o->help = true;
    return STATUS_GOOD;
}

static const struct option rows[] = {
    {.name = "dialect",
     .takes = OPTION_NEEDED,
     .value = "NAME",
     .meaning = DIALECTS_KNOWN ";\nboth play without it, and bg96 is yours at the end",
     .take = take_dialect},
    {.name = "time",
     .takes = OPTION_NEEDED,
     .value = "real|virtual",
     .meaning = "virtual: nothing waits, every run prints the same,\n"
                "and there is no prompt; real without it",
     .take = take_time},
    {.name = "link",
     .takes = OPTION_NEEDED,
     .value = "PRESET|KEY=VALUE,...",
     .meaning = "a bad network on the way to the server, as in\n"
                "nbiot-ce1,loss=5%. All of it: atcoap help link",
     .take = take_link},
    {.name = "seed",
     .takes = OPTION_NEEDED,
     .value = "N",
     .meaning = "other losses, and with --time=virtual other message\n"
                "IDs and tokens; virtual time begins with 1",
     .take = take_seed},
    {.name = "help", .letter = 'h', .meaning = "this text", .take = take_help},
};

static const struct options table = {rows, sizeof rows / sizeof rows[0], "demo"};

static void print_help(FILE *out)
{
    (void)fputs("usage: atcoap demo [options]\n"
                "\n"
                "A module and a CoAP server in one program. Sessions play, AT port on the left\n"
                "and datagrams on the right; then, on a terminal, the module is yours.\n"
                "Colours stay away if NO_COLOR is set.\n"
                "\n",
                out);
    options_help(&table, out);
    (void)fputs("\n"
                "Examples\n"
                "  atcoap demo\n"
                "  atcoap demo --dialect=bc95\n"
                "  atcoap demo --time=virtual | less\n"
                "  atcoap demo --time=virtual --link=nbiot-ce2\n"
                "\n"
                "More: atcoap help run (a module on a serial port), docs/server.md (the server)\n",
                out);
}

int demo_main(int argc, char **argv)
{
    static struct demo demo;
    struct demo_options options = {0};
    int status = options_read(&table, &options, argc, argv);
    if (status != STATUS_GOOD)
        return status;
    if (options.help) {
        print_help(stdout);
        return STATUS_GOOD;
    }
    demo.dialect = options.dialect;
    demo.link = options.link;
    demo.linked = options.linked;
    demo.seed = options.seeded ? options.seed : DEFAULT_SEED;
    if (options.linked)
        log_note("seed %llu", (unsigned long long)demo.seed);
    lint_start(&demo.module.lint);
    demo.module.lint.answer_ms = DEMO_ACK_TIMEOUT_MS;
    demo_screen_init(&demo.screen);
    demo.server = (struct atc_addr){.family = ATC_FAMILY_IPV4, .ip = {127, 0, 0, 1}, .port = 5683};
    status = options.is_virtual ? demo_virtual_run(&demo) : demo_live_run(&demo);
    if (demo.failed) {
        log_note("a session did not go as it should; please report it with what was shown");
        status = STATUS_SYSTEM;
    }
    (void)lint_tell(&demo.module.lint);
    demo_free(&demo);
    return status;
}
