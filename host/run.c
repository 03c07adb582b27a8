/* SPDX-License-Identifier: MIT
 *
 * Puts the parts of atcoap run together and lets the loop run. Leaves the options
 * to run_options.c, the port to attach.c and the command beside it to child.c.
 */
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "child.h"
#include "control.h"
#include "dialects.h"
#include "ladder.h"
#include "run_options.h"
#include "status.h"
#include "sweep.h"

struct run {
    struct run_options options;
    struct config config;
    struct loop loop;
    struct attach attach;
    struct child child;
    struct store store;
    struct record_config record;
    struct control control;
    int status;
};

/* The higher one is the worse. */
static void note_status(struct run *run, int status)
{
    if (status > run->status)
        run->status = status;
}

static void on_child_ended(void *ctx, int status)
{
    struct run *run = ctx;

    record_reason(run->loop.record, "the command of --exec has ended with status %d", status);
    note_status(run, status);
    loop_stop(&run->loop);
}

/* Whoever runs a command ends with it. */
static void end(struct run *run, int number)
{
    if (!child_signal(&run->child, number))
        loop_stop(&run->loop);
}

static void on_port_ended(void *ctx, int status)
{
    struct run *run = ctx;

    record_reason(run->loop.record, "the TE has gone");
    note_status(run, status);
    end(run, SIGTERM);
}

static void on_signal(void *owner, int number)
{
    struct run *run = owner;

    record_reason(run->loop.record, "SIG%s", sigabbrev_np(number));
    end(run, number);
}

static void on_quit(void *ctx)
{
    struct run *run = ctx;

    record_reason(run->loop.record, "atcoap ctl quit");
    end(run, SIGTERM);
}

static int open_control(struct run *run)
{
    const char *path = run->options.control;

    return path == NULL ? STATUS_GOOD : control_open(&run->control, path, &run->loop, on_quit, run);
}

static int open_files(struct run *run)
{
    const char *path = run->options.files;

    if (path == NULL)
        return STATUS_GOOD;
    if (store_open(&run->store, path) != 0) {
        if (errno == EWOULDBLOCK)
            log_note("--files=%s: another module keeps its files there; choose another folder",
                     path);
        else
            log_note("--files=%s: %s; give a folder, or one to make in a folder that exists", path,
                     strerror(errno));
        return STATUS_SYSTEM;
    }
    run->loop.folder = &run->store;
    return STATUS_GOOD;
}

static int open_keylog(struct run *run)
{
    const char *path = run->options.keylog;

    if (path == NULL || secure_keylog(&run->loop.secure, path) == 0)
        return STATUS_GOOD;
    log_note("--keylog=%s: %s; give a file that can be written", path, strerror(errno));
    return STATUS_SYSTEM;
}

static uint64_t record_clock_us(void *ctx)
{
    const struct run *run = ctx;

    return (uv_hrtime() - run->loop.log.start_ns) / 1000u;
}

static uint64_t wall_clock_us(void)
{
    uv_timeval64_t now;

    return uv_gettimeofday(&now) == 0 ? (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_usec : 0;
}

/* Whether anything follows from the seed. */
static bool has_seed(const struct run_options *o)
{
    return o->seeded || o->link_text != NULL || o->uart_text != NULL;
}

/* Before the module starts, so that nothing is missed. */
static int open_record(struct run *run)
{
    const struct run_options *o = &run->options;
    struct loop *loop = &run->loop;

    if (o->out == NULL)
        return STATUS_GOOD;
    run->record = (struct record_config){.path = o->out,
                                         .dialect = dialects_name(o->config.dialect),
                                         .link = o->link_text,
                                         .seed = o->seed,
                                         .seeded = has_seed(o),
                                         .secrets = o->secrets || o->keylog != NULL,
                                         .speed = o->speed,
                                         .epoch_us = wall_clock_us(),
                                         .settings = &o->config.settings,
                                         .clock_us = record_clock_us,
                                         .ctx = run,
                                         .say = log_note};
    loop->record = record_open(&run->record);
    if (o->uart_text != NULL)
        record_note(loop->record, "uart %s", o->uart_text);
    loop->udp.record = loop->record;
    loop->secure.record = loop->record;
    loop->secure.record_secrets = loop->record != NULL && run->record.secrets;
    return loop->record != NULL ? STATUS_GOOD : STATUS_SYSTEM;
}

/* Also of a run that did not start. Of records that are not complete no picture is made: what is
 * wrong was said already. */
static void close_record(struct run *run)
{
    const struct ladder_filter all = {.to_us = UINT64_MAX, .client = -1, .mid = -1};
    const int status = run->status;

    if (run->loop.record == NULL)
        return;
    run->status = record_close(run->loop.record, &run->loop.modem, &run->loop.lint, status);
    run->loop.record = NULL;
    if (run->status == status)
        note_status(run, ladder_write(run->options.out, &all, false));
}

static void close_files(struct run *run)
{
    if (run->loop.folder != NULL)
        store_close(run->loop.folder);
}

/* Whoever sees a failure wants to see it again. Without --seed, --link and --uart nothing follows
 * from it. */
static void say_seed(const struct run *run)
{
    const struct run_options *o = &run->options;

    if (has_seed(o))
        log_note("seed %llu", (unsigned long long)o->seed);
    if (o->link_text != NULL)
        log_detail(&run->loop.log, "link %s", o->link_text);
    if (o->uart_text != NULL)
        log_detail(&run->loop.log, "uart %s", o->uart_text);
}

static void apply(struct run *run)
{
    const struct run_options *o = &run->options;
    struct loop *loop = &run->loop;

    loop->owner = run;
    loop->signalled = on_signal;
    loop->udp.bind = o->bind;
    loop->udp.local_port = o->local_port;
    loop->resolve.family = o->bind.family;
    loop->link = o->link;
    loop->line = o->uart;
    loop_pace(loop, o->speed, o->seed);
    if (o->seeded)
        entropy_seeded(&loop->entropy, o->seed);
    say_seed(run);
}

static int start_loop(struct run *run)
{
    struct run_options *o = &run->options;
    int error = loop_init(&run->loop, o->verbose);

    if (error != 0) {
        log_note("no event loop: %s", uv_strerror(error));
        return STATUS_SYSTEM;
    }
    apply(run);
    if (open_record(run) != STATUS_GOOD)
        return STATUS_SYSTEM;
    error = loop_start(&run->loop, &o->config, o->attach.wait_client);
    if (error == 0)
        return STATUS_GOOD;
    log_note("the module does not start: error %d", error);
    return STATUS_SYSTEM;
}

/* The port can be opened: tell whoever wants to. */
static int announce(struct run *run)
{
    attach_tell_ready(&run->attach);
    if (run->options.exec == NULL)
        return STATUS_GOOD;
    return child_start(&run->child, &run->loop.uv, run->options.exec, run->attach.place,
                       on_child_ended, run);
}

static int start(struct run *run)
{
    int status = start_loop(run);

    if (status == STATUS_GOOD)
        status = open_files(run);
    if (status == STATUS_GOOD)
        status = open_keylog(run);
    if (status == STATUS_GOOD)
        status = open_control(run);
    if (status != STATUS_GOOD)
        return status;
    status = attach_open(&run->attach, &run->options.attach, &run->loop, on_port_ended, run);
    if (status != STATUS_GOOD)
        return status;
    status = announce(run);
    if (status != STATUS_GOOD)
        attach_close(&run->attach);
    return status;
}

/* What the TE did wrong. */
static void tell_findings(struct run *run)
{
    if (lint_tell(&run->loop.lint) && run->options.strict)
        note_status(run, STATUS_EXPECTATION);
}

int run_main(int argc, char **argv)
{
    static struct run run; /* too large for some stacks */

    run.status = run_options_read(&run.options, &run.config, argc, argv);
    if (run.status == STATUS_GOOD && run.options.help) {
        run_help(stdout);
        return STATUS_GOOD;
    }
    if (run.status == STATUS_GOOD && run.options.sweep)
        return sweep_run(argc, argv, run.options.sweep_seeds, run.options.seed,
                         run.options.uart_text);
    if (run.status == STATUS_GOOD)
        run.status = start(&run);
    if (run.status != STATUS_GOOD) {
        record_reason(run.loop.record, "it did not start");
        control_close(&run.control);
        close_record(&run);
        return run.status;
    }
    loop_run(&run.loop);
    attach_close(&run.attach);
    control_close(&run.control);
    tell_findings(&run);
    close_record(&run);
    close_files(&run);
    config_free(&run.config);
    /* libuv would wait at exit for a resolver that may take half a minute. */
    if (loop_is_resolving(&run.loop))
        _exit(run.status);
    return run.status;
}
