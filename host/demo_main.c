/* SPDX-License-Identifier: MIT
 *
 * The command atcoap demo: its options, and which kind of time it runs in. */
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "demo.h"
#include "dialects.h"
#include "ladder.h"
#include "link_text.h"
#include "log.h"
#include "options_sim.h"
#include "status.h"
#include "uart_text.h"

enum { DEFAULT_SEED = 1 };

struct demo_options {
    const struct atc_dialect *dialect;
    struct sim_link_config link;
    bool linked;
    uint64_t seed;
    bool seeded;
    bool is_virtual;
    const char *out;
    const char *link_text;
    const char *uart_text;
    struct sim_uart_config uart;
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
    o->linked = true;
    o->link_text = value;
    return options_take_link(&o->link, option, value);
}

static int take_uart(void *target, const struct option *option, const char *value)
{
    struct demo_options *o = target;
    o->uart_text = value;
    return options_take_uart(&o->uart, option, value);
}

static int take_seed(void *target, const struct option *option, const char *value)
{
    struct demo_options *o = target;
    o->seeded = true;
    return options_take_seed(&o->seed, option, value);
}

static int take_out(void *target, const struct option *option, const char *value)
{
    struct demo_options *o = target;
    o->out = value;
    return *value != '\0' ? STATUS_GOOD : options_wrong(option, value, "give a folder");
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
    {.name = "uart",
     .takes = OPTION_NEEDED,
     .value = "KEY=VALUE,...",
     .meaning =
         "what goes wrong on the serial line, as in urc=before.\nAll of it: atcoap help uart",
     .take = take_uart},
    {.name = "seed",
     .takes = OPTION_NEEDED,
     .value = "N",
     .meaning = "other losses, and with --time=virtual other message\n"
                "IDs and tokens; virtual time begins with 1",
     .take = take_seed},
    {.name = "out",
     .takes = OPTION_NEEDED,
     .value = "DIR",
     .meaning = "record what happens, as atcoap run --out:\ndocs/records.md",
     .take = take_out},
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

/* --- records ---------------------------------------------------------------------------------- */

/* Whose time the record has. */
struct record_time {
    const struct demo *demo;
    bool is_virtual;
    uint64_t start_ns;
};

static uint64_t record_clock_us(void *ctx)
{
    const struct record_time *time = ctx;
    return time->is_virtual ? time->demo->now_ms * 1000u : (uv_hrtime() - time->start_ns) / 1000u;
}

static uint64_t wall_clock_us(void)
{
    uv_timeval64_t now;
    return uv_gettimeofday(&now) == 0 ? (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_usec : 0;
}

static int open_record(struct demo *demo, const struct demo_options *o)
{
    static struct record_time time;
    static struct atc_settings settings;
    const struct record_config config = {
        .path = o->out,
        .dialect = o->dialect != NULL ? dialects_name(o->dialect) : "both",
        .link = o->link_text,
        .seed = demo->seed,
        .seeded = o->is_virtual || o->linked || o->uart_text != NULL,
        .speed = RECORD_REAL_TIME,
        .epoch_us = o->is_virtual ? 0 : wall_clock_us(),
        .settings = &settings,
        .clock_us = record_clock_us,
        .ctx = &time,
        .say = log_note};
    if (o->out == NULL)
        return STATUS_GOOD;
    time = (struct record_time){demo, o->is_virtual, uv_hrtime()};
    demo_module_settings(&settings);
    demo->module.record = record_open(&config);
    return demo->module.record != NULL ? STATUS_GOOD : STATUS_SYSTEM;
}

static int close_record(struct demo *demo, const struct demo_options *o, int status)
{
    const struct ladder_filter all = {.to_us = UINT64_MAX, .client = -1, .mid = -1};
    int after;
    if (demo->module.record == NULL)
        return status;
    record_reason(demo->module.record,
                  demo->failed ? "a session did not go as it should" : "the demonstration is over");
    after = record_close(demo->module.record, &demo->module.modem, &demo->module.lint, status);
    if (after != status)
        return after;
    after = ladder_write(o->out, &all, false);
    return after > status ? after : status;
}

static void on_found(void *ctx, const struct lint_finding *finding)
{
    struct demo *demo = ctx;
    record_finding(demo->module.record, finding);
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
    demo.module.line = options.uart;
    demo.module.seed = demo.seed;
    if (options.linked || options.uart_text != NULL)
        log_note("seed %llu", (unsigned long long)demo.seed);
    lint_start(&demo.module.lint);
    demo.module.lint.answer_ms = DEMO_ACK_TIMEOUT_MS;
    demo.module.lint.found = on_found;
    demo.module.lint.ctx = &demo;
    if (open_record(&demo, &options) != STATUS_GOOD)
        return STATUS_SYSTEM;
    demo_screen_init(&demo.screen);
    demo.server = (struct atc_addr){.family = ATC_FAMILY_IPV4, .ip = {127, 0, 0, 1}, .port = 5683};
    status = options.is_virtual ? demo_virtual_run(&demo) : demo_live_run(&demo);
    if (demo.failed) {
        log_note("a session did not go as it should; %s",
                 options.uart_text == NULL ? "please report it with what was shown"
                                           : "its host is not made for every fault of --uart");
        status = STATUS_SYSTEM;
    }
    (void)lint_tell(&demo.module.lint);
    status = close_record(&demo, &options, status);
    demo_free(&demo);
    return status;
}
